"""Statements about sums of any length, in the words of the Coq kernel, for all p, with what refutes their mutants."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from precise.claims import Scope
from proofs._exp import exp_bounds
from proofs._float_evidence import Outcome
from proofs._kernel import Theorem
from proofs._oracle import members
from proofs._weights import (
    Instance,
    Term,
    all_within,
    entry_instances,
    one_unit,
    output_instances,
    relative_to_output,
)

PRECISIONS = (2, 3)
ENTRIES = Scope.listed_p(PRECISIONS, "N = 2, scores in multiples of 1/2 up to 3")
OUTPUTS = Scope.listed_p(PRECISIONS, "N = 2, 24 score vectors, values in [1, 2)")

MATMUL_ERROR = Theorem(
    module="sums",
    name="matmul_entry_error",
    statement=(
        "forall (p : Z) (rnd : R -> R) (l : list (R * R)), (2 <= p)%Z -> rounds p rnd ->\n"
        "(forall a b, In (a, b) l -> in_range p (a * b)) ->\n"
        "in_range p (total (map (fun t => rnd (fst t * snd t)) l)) ->\n"
        "Rabs (rnd (total (map (fun t => rnd (fst t * snd t)) l)) - total (map (fun t => fst t * snd t) l))\n"
        "<= ((1 + u p / (1 + u p)) ^ 2 - 1) * total (map (fun t => Rabs (fst t) * Rabs (snd t)) l)"
    ),
    sharpness="within 1 - v: two terms attain 2v - v**2 where 2**p + 1 is a product of two floats, as at p = 11",
)
SOFTMAX_ERROR = Theorem(
    module="sums",
    name="softmax_entry_error",
    statement=(
        "forall (p : Z) (rnd : R -> R) (l : list term) (t : term) (c : R), (2 <= p)%Z -> rounds p rnd -> In t l ->\n"
        "(forall s, In s l -> paper_float p (weight s) /\\ Rabs (weight s - exp (score s)) <= c * exp (score s)) ->\n"
        "total (map weight l) <= largest p -> in_range p (weight t / rnd (total (map weight l))) ->\n"
        "let exact := exp (score t) / total (map (fun s => exp (score s)) l) in\n"
        "let error := Rabs (rnd (weight t / rnd (total (map weight l))) - exact) in\n"
        "(c = u p -> error <= (4 * u p + 2 * u p ^ 2) / (1 - u p) * exact) /\\\n"
        "(c = u p / (1 + u p) -> error <= (4 * u p + 4 * u p ^ 2) * exact)"
    ),
    sharpness="sharpness unknown",
)
ATTENTION_ERROR = Theorem(
    module="sums",
    name="attention_output_error",
    statement=(
        "forall (p : Z) (rnd : R -> R) (l : list term), (2 <= p)%Z -> rounds p rnd -> l <> nil ->\n"
        "(forall s, In s l -> paper_float p (weight s) /\\ Rabs (weight s - exp (score s)) <= u p * exp (score s)) ->\n"
        "total (map weight l) <= largest p -> (forall s, In s l -> in_range p (weight s * value s)) ->\n"
        "let products := total (map (fun s => rnd (weight s * value s)) l) in\n"
        "let computed := rnd products / rnd (total (map weight l)) in\n"
        "in_range p products -> in_range p computed ->\n"
        "let exact_weight s := exp (score s) / total (map (fun s => exp (score s)) l) in\n"
        "Rabs (rnd computed - total (map (fun s => exact_weight s * value s) l))\n"
        "<= ((1 + u p) ^ 4 / (1 - u p) ^ 2 - 1) * total (map (fun s => exact_weight s * Rabs (value s)) l)"
    ),
    sharpness="sharpness unknown",
)


def third_of_the_entry_bound(p: int, value: Term, scale: Term) -> Fraction:
    """Return (4u + 4u^2)/3 times the entry, from above."""
    u = Fraction(1, 2**p)
    return (4 * u + 4 * u * u) / 3 * scale[1]


def tenth_of_the_output_bound(p: int, value: Term, scale: Term) -> Fraction:
    """Return a tenth of (1+u)^4/(1-u)^2 - 1 times the weighted magnitudes, from above."""
    u = Fraction(1, 2**p)
    return ((1 + u) ** 4 / (1 - u) ** 2 - 1) / 10 * scale[1]


def sums_in_range(instances: Iterator[Instance]) -> Iterator[Instance]:
    """Yield the instances whose sum of exponentials is in range with room for their roundings."""
    for instance in instances:
        p, z, *_ = instance
        if sum((exp_bounds(x)[1] for x in z), Fraction(0)) * (1 + Fraction(1, 2**p)) <= members(p)[-1]:
            yield instance


def entry_above_one_unit() -> Outcome:
    """Search an entry that is off by more than u."""
    return all_within(sums_in_range(entry_instances(PRECISIONS, (2,))), one_unit, ENTRIES, refute=True)


def entry_above_a_third() -> Outcome:
    """Search an entry that is off by more than a third of the bound for a correctly rounded exp."""
    return all_within(sums_in_range(entry_instances(PRECISIONS, (2,))), third_of_the_entry_bound, ENTRIES, refute=True)


def output_above_itself() -> Outcome:
    """Search an output that is off by more than the constant times itself."""
    return all_within(sums_in_range(output_instances(PRECISIONS, (2,))), relative_to_output, OUTPUTS, refute=True)


def output_above_a_tenth() -> Outcome:
    """Search an output that is off by more than a tenth of the bound."""
    return all_within(
        sums_in_range(output_instances(PRECISIONS, (2,))), tenth_of_the_output_bound, OUTPUTS, refute=True
    )


SOFTMAX_MUTANTS = (
    SOFTMAX_ERROR.mutant(
        "one unit", "<= (4 * u p + 2 * u p ^ 2) / (1 - u p) * exact", "<= u p * exact", entry_above_one_unit
    ),
    SOFTMAX_ERROR.mutant(
        "a third of the bound",
        "<= (4 * u p + 4 * u p ^ 2) * exact",
        "<= (4 * u p + 4 * u p ^ 2) / 3 * exact",
        entry_above_a_third,
    ),
)
ATTENTION_MUTANTS = (
    ATTENTION_ERROR.mutant(
        "relative to the output",
        "exact_weight s * Rabs (value s)",
        "exact_weight s * value s",
        output_above_itself,
    ),
    ATTENTION_ERROR.mutant(
        "a tenth of the bound",
        "((1 + u p) ^ 4 / (1 - u p) ^ 2 - 1) *",
        "((1 + u p) ^ 4 / (1 - u p) ^ 2 - 1) / 10 *",
        output_above_a_tenth,
    ),
)
