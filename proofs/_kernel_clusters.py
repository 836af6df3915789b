"""Statements about sums by clusters, in the words of the Coq kernel, for all p and n, with their mutants."""

from __future__ import annotations

from proofs._clusters import least_failure, short_gap
from proofs._kernel import Theorem
from proofs._kernel_searches import largest_below, without_sign

ALL_BELOW = Theorem(
    module="clusters",
    name="all_below_is_tiny",
    statement=(
        "forall (p q : Z) (n : nat) (l : list R), (1 <= p)%Z -> (1 <= n)%nat -> (length l <= n)%nat ->\n"
        "(forall x, In x l -> Rabs x <= IZR (2 ^ p - 1) * bpow radix2 (q - gap p n - 1)) ->\n"
        "Rabs (total l) < bpow radix2 (q - p - 4)"
    ),
)
CLUSTERS = Theorem(
    module="clusters",
    name="clusters_decide_the_rounding",
    statement=(
        "forall (p q q' A B : Z) (n : nat) (before lead between next tail : list R) (x : R), (2 <= p)%Z ->\n"
        "(length (before ++ lead ++ between ++ next ++ tail) <= n)%nat ->\n"
        "total before = 0 -> total lead = IZR A * bpow radix2 q -> (A <> 0)%Z ->\n"
        "total between = 0 -> total next = IZR B * bpow radix2 q' -> (B <> 0)%Z ->\n"
        "(forall t, In t (between ++ next ++ tail) ->\n"
        "Rabs t <= IZR (2 ^ p - 1) * bpow radix2 (q - gap p n - 1)) ->\n"
        "(forall t, In t tail -> Rabs t <= IZR (2 ^ p - 1) * bpow radix2 (q' - gap p n - 1)) ->\n"
        "in_range p (total (before ++ lead ++ between ++ next ++ tail)) ->\n"
        "(paper_round p (IZR A * bpow radix2 q + IZR (Z.sgn B) * bpow radix2 (q - p - 4)) x <->\n"
        "paper_round p (total (before ++ lead ++ between ++ next ++ tail)) x)"
    ),
)
ALL_BELOW_IN_KERNEL = ALL_BELOW.further(
    ALL_BELOW.mutant(
        "half of it", "< bpow radix2 (q - p - 4)", "< bpow radix2 (q - p - 5)", lambda: largest_below(4, 2, 5)
    ),
)
CLUSTERS_IN_KERNEL = CLUSTERS.further(
    CLUSTERS.mutant("no sign of the rest", " + IZR (Z.sgn B) * bpow radix2 (q - p - 4)", "", without_sign),
    CLUSTERS.mutant(
        "the gap p + ceil(log2 n)",
        "(q - gap p n - 1)",
        "(q - (p + Z.log2_up (Z.of_nat n)) - 1)",
        lambda: least_failure(short_gap, ((2, 2, 8), (2, 3, 8), (2, 4, 6))),
    ),
)
