"""Rotations: over the reals products of rotations add angles; in p-bit floats they do not."""

from collections.abc import Iterable
from typing import Any

from precise import paper_float, rounded
from precise.claims import (
    Control,
    Counterexample,
    Evidence,
    Hypothesis,
    Kind,
    Mutant,
    Scope,
    Statement,
    Step,
    Tier,
    chain,
    decide_identity,
)
from precise.nn import rotation_matrix
from precise.semantics.symbolic import symbolic
from proofs._bodies import Pair, Pairs, body_step
from proofs._kernel_rotation import DIFFERENCES, DIFFERENCES_MUTANTS, ORTHOGONAL, ORTHOGONAL_MUTANTS
from proofs._layers_formulas import rotation
from proofs._loops import matrix, product, transpose
from proofs._normal import compare, entries
from proofs._oracle import fractions_of
from proofs._rotation_angles import COMPUTED, PRINTED

POSITIONS = range(-2, 3)


def at(xp: Any, t: int, theta: Any) -> Any:
    """Return the body's R_t."""
    return rotation_matrix(xp.asarray(t), theta)


def pairs(sign: int = 1, planes: tuple[int, ...] = (1, 2)) -> Pairs:
    """Return the comparison of the body with the block matrix, for one and two planes."""

    def generate(xp: Any) -> Iterable[Pair]:
        for count in planes:
            theta = xp.symbols("theta", (count,))
            for t in POSITIONS:
                formula = rotation(sign * t, list(theta.elements()))
                yield f"d = {2 * count}, t = {t}", at(xp, t, theta), formula

    return generate


def differences_of_positions(transposed: bool = True) -> Evidence | Counterexample:
    """Return evidence that the bodies satisfy R_a^T R_b = R_{b-a} for small a, b."""

    def cases() -> Any:
        xp = symbolic()
        theta = xp.symbols("theta", (2,))
        for a in POSITIONS:
            for b in POSITIONS:
                first = matrix(at(xp, a, theta))
                left = product(transpose(first) if transposed else first, matrix(at(xp, b, theta)))
                yield from entries(f"a = {a}, b = {b}", left, matrix(at(xp, b - a, theta)))

    scope = Scope.without_p("d = 4, a and b in -2..2")
    return compare(cases(), expected=25 * 16, cells=("symbols",), scope=scope)


def addition_theorem(sign: str = "-") -> Evidence | Counterexample:
    """Return certificates of the two entries of a block of R_a^T R_b, for all real angles.

    With z = exp(i alpha) and w = exp(i beta): cos alpha = (z + 1/z)/2, i sin alpha = (z - 1/z)/2. The entries are
    cos alpha cos beta + sin alpha sin beta and i (cos alpha sin beta - sin alpha cos beta).
    """
    scope = Scope.without_p()
    parts = (
        decide_identity(f"(z + 1/z)*(w + 1/w)/4 {sign} (z - 1/z)*(w - 1/w)/4 == (w/z + z/w)/2", scope=scope),
        decide_identity(f"(z + 1/z)*(w - 1/w)/4 {sign} (z - 1/z)*(w + 1/w)/4 == (w/z - z/w)/2", scope=scope),
    )
    refuted = [x for x in parts if isinstance(x, Counterexample)]
    return refuted[0] if refuted else chain(*(x for x in parts if isinstance(x, Evidence)))


def in_floats(least: int, largest: int) -> Evidence | Counterexample:
    """Return the least a, b >= `least` at which R_a^T R_b = R_{b-a} fails in F_2 with theta = 1."""
    xp = rounded(paper_float(2))
    theta, cases = xp.asarray([1]), 0
    places = [(a, b) for a in range(largest + 1) for b in range(least, largest + 1)]
    for a, b in sorted(places, key=lambda t: (sum(t), t)):
        cases += 1
        left = fractions_of(xp.matmul(xp.matrix_transpose(at(xp, a, theta)), at(xp, b, theta)))
        right = fractions_of(at(xp, b - a, theta))
        if (left != right).any():
            cos, sin = (fractions_of(at(xp, a, theta))[k, 0] for k in (0, 1))
            return Counterexample(
                values={"p": 2, "a": a, "b": b, "left": left[0, 0], "right": right[0, 0]},
                refutes="left != right",
                lines=(
                    f"theta = 1, a = {a}, b = {b}: cos {a} rounds to {cos}, sin {a} to {sin}",
                    f"R_{a}^T R_{b} has {left[0, 0]} at (1, 1); R_{b - a} has {right[0, 0]}",
                ),
                order="p = 2, theta = 1, least a + b, then least a",
                cases=cases,
            )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.listed_p([2], "theta = 1"),
        cases=cases,
        expected=(largest + 1) * (largest + 1 - least),
        producer="precise-pbit",
    )


STATEMENTS = (
    PRINTED,
    Statement(
        label="def:rotation",
        title="Rotation of the planes of a row",
        mark="M, V",
        tex=r"$R_t=diag(R(t\theta_1),\dots,R(t\theta_{d/2}))$, $R_a^\top R_b=R_{b-a}$ over $\mathbb R$",
        suspects=("S19", "S20"),
        repairs="def:rotation@floats",
        hypotheses=(Hypothesis("d is even", lambda w: w["d"] in (2, 4, 6)),),
        witness={"d": 4},
        steps=(
            Step(
                id="angles-subtract",
                says="A block of the product is the block of the difference, for all real angles.",
                formal="for all alpha, beta: R(alpha)^T R(beta) = R(beta - alpha)",
                check=addition_theorem,
                mutants=(Mutant("the other sign", lambda: addition_theorem("+")),),
            ),
            Step(
                id="law-for-every-size",
                says="The law holds for every even size, all integer positions and all real angles.",
                formal="for all even d, angles theta_k, integers a, b, entries: R_a^T R_b = R_{b-a}",
                check=DIFFERENCES.proved,
                tier=Tier.KERNEL,
                mutants=DIFFERENCES_MUTANTS,
            ),
            Step(
                id="orthogonal-for-every-size",
                says="So every rotation is orthogonal.",
                formal="for all even d, angles theta_k, integers a, entries: R_a^T R_a = 1",
                check=ORTHOGONAL.proved,
                tier=Tier.KERNEL,
                mutants=ORTHOGONAL_MUTANTS,
            ),
        ),
    ),
    Statement(
        label="def:rotation@bodies",
        of_code=True,
        title="Rotation of the planes of a row, in the package",
        mark="D",
        tex=r"$R_t=diag(R(t\theta_1),\dots,R(t\theta_{d/2}))$",
        uses=("def:rotation",),
        hypotheses=(Hypothesis("d is even", lambda w: w["d"] in (2, 4, 6)),),
        witness={"d": 4},
        steps=(
            body_step(
                "The body is the block matrix of the definition.",
                pairs(),
                5 * (4 + 16),
                "d = 2 and 4, t in -2..2",
                {"angle of the other sign": pairs(sign=-1)},
            ),
            Step(
                id="differences-of-positions",
                says="The bodies satisfy the law for small positions, as Laurent polynomials in exp of the angles.",
                formal="for d = 4, for all a, b in -2..2, for all entries: R_a^T R_b = R_{b-a}",
                check=differences_of_positions,
                cells=("symbols",),
                mutants=(Mutant("no transpose", lambda: differences_of_positions(transposed=False)),),
            ),
        ),
    ),
    Statement(
        label="def:rotation@floats",
        title="Rotations, claimed for p-bit floats",
        mark="D",
        tex=r"$R_a^\top R_b=R_{b-a}$ in $\mathbb F_p$",
        suspects=("S20",),
        steps=(
            Step(
                id="angles-subtract-in-2-bits",
                says=r"The law holds in $\mathbb F_2$.",
                formal="for theta = 1, for all a, b in 0..3: R_a^T R_b = R_{b-a} in F_2",
                check=lambda: in_floats(0, 3),
                expects="refuted",
                mutants=(Control("a = b = 0 only, where the matrix is the identity", lambda: in_floats(0, 0)),),
            ),
        ),
    ),
    COMPUTED,
)
