"""The column-wise product does not pass through a product on the right."""

from fractions import Fraction

from precise import exact
from precise.claims import Control, Statement, Step
from precise.nn import khatri_rao, namespace_of
from proofs._identities import Identity, search

IDENTITY = Identity(
    {"a1": ("n", "d"), "a2": ("k", "d"), "w": ("d", "e")},
    lambda a1, a2, w: namespace_of(a1).matmul(khatri_rao(a1, a2), w),
    lambda a1, a2, w: khatri_rao(namespace_of(a1).matmul(a1, w), namespace_of(a1).matmul(a2, w)),
    ("nk", "e"),
)
INTEGERS = tuple(map(Fraction, (0, 1, -1, 2, -2)))
IDEMPOTENT = tuple(map(Fraction, (0, 1)))

STATEMENT = Statement(
    label="fact:khatri-rao-right-false",
    title="Column-wise product times a matrix",
    mark="D",
    tex=r"$(A_1\oslash A_2)W=(A_1W)\oslash(A_2W)$",
    steps=(
        Step(
            id="right-factor-distributes",
            says="The product with $W$ on the right may be taken factor by factor.",
            formal="for all integers of magnitude at most 2, all shapes with at most 5 entries: left = right",
            check=lambda: search(IDENTITY, exact(), INTEGERS, 2, 5),
            expects="refuted",
            mutants=(
                Control(
                    "1 x 1 matrices over 0 and 1, where $w^2 = w$",
                    lambda: search(IDENTITY, exact(), IDEMPOTENT, 1, 5),
                ),
            ),
        ),
    ),
)
