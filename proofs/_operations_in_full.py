"""The operations checked further, in the full tier: all pairs of F_6, all significands up to p = 11, two solvers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from precise.claims import Further, Mutant, Tier
from proofs import _all_pairs as pairs
from proofs import _bit_evidence as solvers
from proofs import _significand_pairs as significands
from proofs._float_evidence import Outcome
from proofs._slash_rules import canonical, every_exponent, integer_floor, no_sticky, one_guard, search_floor, sticky
from proofs.def_ops import as_printed

SIX = (6,)
SIGNIFICANDS = (7, 8, 11)
WRONG = ("no sticky bit", "one guard bit")


def wrong_rules(check: Callable[[str], Outcome], rules: tuple[str, ...] = WRONG) -> tuple[Mutant, ...]:
    """Return the mutants that are the same check of a wrong rule."""

    def mutant(rule: str) -> Mutant:
        return Mutant(rule, lambda: check(rule))

    return tuple(map(mutant, rules))


def lowest(p: int) -> int:
    """Return the exponent of the one zero."""
    return -(1 << p)


SUMS = (
    Further(
        tier=Tier.FULL,
        check=lambda: pairs.additions(pairs.sticky_slash, lowest, SIX),
        mutants=(
            Mutant("no sticky bit", lambda: pairs.additions(pairs.slash_without_sticky, lowest, SIX)),
            Mutant("one guard bit", lambda: pairs.additions(pairs.slash_with_one_guard, lowest, SIX)),
        ),
    ),
    Further(
        tier=Tier.FULL,
        check=lambda: significands.sums("sticky", SIGNIFICANDS),
        mutants=wrong_rules(lambda rule: significands.sums(rule, (7,))),
    ),
    Further(
        tier=Tier.FULL,
        check=lambda: solvers.sums("sticky", (*range(2, 9), 11)),
        mutants=wrong_rules(lambda rule: solvers.sums(rule, (8,)), (*WRONG, "literal")),
    ),
)

PRODUCTS = (
    Further(
        tier=Tier.FULL,
        check=lambda: pairs.multiplications(pairs.whole_product, SIX),
        mutants=(
            Mutant("one bit of the product dropped", lambda: pairs.multiplications(pairs.short_product, SIX)),
            Mutant(
                "exponent of y dropped",
                lambda: pairs.multiplications(lambda m, n, e, f: np.asarray(np.ldexp(1.0 * m * n, e)), SIX),
            ),
        ),
    ),
    Further(
        tier=Tier.FULL,
        check=lambda: solvers.products(tuple(range(2, 12))),
        mutants=(Mutant("bits cut off", lambda: solvers.products((8,), "bits cut off")),),
    ),
)

QUOTIENTS = (
    Further(
        tier=Tier.FULL,
        check=lambda: pairs.divisions(sticky, SIX),
        mutants=(
            Mutant("no sticky bit", lambda: pairs.divisions(no_sticky, SIX)),
            Mutant("one guard bit", lambda: pairs.divisions(one_guard, SIX)),
        ),
    ),
    Further(
        tier=Tier.FULL,
        check=lambda: significands.quotients("sticky", SIGNIFICANDS),
        mutants=wrong_rules(lambda rule: significands.quotients(rule, (7,))),
    ),
    Further(
        tier=Tier.FULL,
        check=lambda: solvers.quotients("sticky", tuple(range(2, 9))),
        mutants=wrong_rules(lambda rule: solvers.quotients(rule, (7,))),
    ),
)

ORDERS = (
    Further(
        tier=Tier.FULL,
        check=lambda: pairs.comparisons(pairs.sticky_slash, every_exponent, SIX),
        mutants=(
            Mutant("no sticky bit", lambda: pairs.comparisons(pairs.slash_without_sticky, every_exponent, SIX)),
            Mutant("gap ignored", lambda: pairs.comparisons(lambda m, gap: m.astype(float), canonical, SIX)),
        ),
    ),
    Further(
        tier=Tier.FULL,
        check=lambda: solvers.comparisons("sticky", (*range(2, 12), 24, 53)),
        mutants=wrong_rules(lambda rule: solvers.comparisons(rule, (8,)), (WRONG[0], "literal")),
    ),
)

FLOORS = (
    Further(
        tier=Tier.FULL,
        check=lambda: search_floor(integer_floor, (6, 7)),
        mutants=(Mutant("the argument itself", lambda: search_floor(as_printed, (6,))),),
    ),
    Further(
        tier=Tier.FULL,
        check=lambda: solvers.floors((*range(2, 12), 24, 53)),
        mutants=(Mutant("towards zero", lambda: solvers.floors((8,), towards_zero=True)),),
    ),
)
