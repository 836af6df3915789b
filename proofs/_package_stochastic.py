"""Stochastic rounding of `precise`: with which random bits it rounds away. The cases depend on a seed: not a proof."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from precise.claims import Mutant, Statement, Step
from precise.formats import paper_float
from precise.rounding import Rounding, round_to
from precise.stochastic import random_bits
from proofs._float_evidence import Outcome, Row, agreement, sampled
from proofs._package_rounding import seen
from proofs._rounding_by_search import paper_members

SEED = 11


def stochastic_rows(bits: int, draws: int, shift: int) -> Iterator[Row]:
    """Yield stochastic results: up in magnitude iff the random integer is below the fraction times 2^bits."""
    mode, fmt, members = Rounding("SR", SEED, bits), paper_float(3), paper_members(3)
    for v, w in zip(members.values[1:40:3], members.values[2:41:3], strict=True):
        for part in range(2 ** (bits + 1)):
            rest = Fraction(part, 2 ** (bits + 1))
            for index in range(draws):
                up = random_bits(SEED, 0, index + shift, bits) < rest * 2**bits
                for sign in (1, -1):
                    x = sign * members.fraction(v * rest.denominator + (w - v) * rest.numerator, rest.denominator)
                    found = round_to(x, format=fmt, rounding=mode, index=index)
                    yield (
                        "stochastic",
                        f"{mode} {x}, element {index}",
                        seen(found),
                        sign * members.fraction(w if up else v),
                    )


def stochastic_agrees(shift: int = 0) -> Outcome:
    """Compare stochastic rounding with its rule."""
    rows = stochastic_rows(3, 8, shift)
    return sampled(agreement(rows, 13 * 16 * 8 * 2, (), "F_3, 3 random bits, elements 0 to 7"), seed=SEED)


STOCHASTIC = Statement(
    label="def:round@stochastic",
    of_code=True,
    title="The package's stochastic rounding",
    mark="D",
    tex=(
        r"With $b$ random bits $U$, uniform in $0,\dots,2^b-1$, the package rounds away from 0 iff $U$ is below $2^b$ "
        r"times the discarded part of the gap."
    ),
    uses=("def:round",),
    steps=(
        Step(
            id="stochastic-rounding-follows-its-bits",
            says="Stochastic rounding moves up iff its random integer lies below the discarded part.",
            formal="for F_3, 13 gaps, 16 places, seed 11, 8 elements, both signs: up iff U < fraction 2^bits",
            check=stochastic_agrees,
            cells=("stochastic",),
            mutants=(Mutant("the bits of the next element", lambda: stochastic_agrees(1)),),
        ),
    ),
)
