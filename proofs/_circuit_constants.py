"""The constants of the papers' depth formulas, measured: the depth of a family of circuits for each operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from precise.circuits import OPERATIONS
from precise.claims import Further, Mutant, Statement, Step, Tier
from precise.studies.networks import CONSTANTS
from proofs._circuit_lemmas import member
from proofs._circuits import Instance, all_equal
from proofs._float_evidence import Outcome

NAMES: Final = {
    "s": "d_{std}",
    "P": r"d_\oplus",
    "T": r"d_\otimes",
    "E": "d_{exp}",
    "R": "d_{sqrt}",
    "△": r"d_\triangle",
}
FAMILIES: Final = ("less_equal", "add", "multiply", "divide", "sum", "prod", "exp", "sqrt", "sin", "cos")
BUILT: Final[Mapping[str, tuple[int, ...]]] = {
    **dict.fromkeys(FAMILIES, (5, 6)),
    "exp": (2, 3),
    "sin": (2,),
    "cos": (2,),
}
"""The p of the members that the quick tier builds; from p = 5 on every family has its depth."""
MORE: Final[Mapping[str, tuple[int, ...]]] = {
    **dict.fromkeys(FAMILIES, (5, 6, 7, 8, 11)),
    "prod": (5, 6, 8),
    "exp": (2, 3, 4, 5, 6, 8),
    "sin": (2, 3, 4, 5, 6),
    "cos": (2, 3, 4, 5, 6),
}


def depth_of(name: str, p: int) -> int:
    """Return the depth of a built circuit; of three operands where their number is free."""
    operands = OPERATIONS[name].operands
    return member(name, p, operands if isinstance(operands, int) else 3).depth


def measured(sizes: Mapping[str, tuple[int, ...]], change: int = 0) -> Outcome:
    """Check the depth of members of every family."""

    def rows() -> Iterator[Instance]:
        for name, precisions in sizes.items():
            for p in precisions:
                yield f"{name}, p = {p}: levels", depth_of(name, p), OPERATIONS[name].depth + change

    listed = sorted({p for precisions in sizes.values() for p in precisions})
    places = sum(map(len, sizes.values()))
    return all_equal(rows(), places, "each operation at its listed p, sums and products of three", precisions=listed)


STATEMENT = Statement(
    label="lem:basic-ops@constants",
    of_code=True,
    title="The constants of the depth formulas",
    mark="D",
    tex=f"${', '.join(f'{text}={CONSTANTS[name]}' for name, text in NAMES.items())}$",
    uses=(
        "lem:basic-ops",
        "lem:iterated-sum@circuit",
        "lem:iterated-product@circuit",
        "lem:exp@circuit",
        "lem:sqrt@circuit",
        "lem:sincos@circuit",
    ),
    steps=(
        Step(
            id="constants-are-measured",
            says="At the listed precisions the circuits of each operation have the depth of their family, a constant.",
            formal="; ".join(f"{name}, p in {BUILT[name]}: depth = {OPERATIONS[name].depth}" for name in FAMILIES),
            check=lambda: measured(BUILT),
            mutants=(
                Mutant("one level less", lambda: measured(BUILT, -1)),
                Mutant("one level more", lambda: measured(BUILT, 1)),
            ),
            further=(
                Further(
                    tier=Tier.FULL,
                    check=lambda: measured(MORE),
                    mutants=(Mutant("one level less", lambda: measured(MORE, -1)),),
                ),
            ),
        ),
    ),
)
