"""What is simulated: the circuit or the real function, and which exp; instances that tell the readings apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from precise import RNE, RTZ, exact, paper_float, rounded
from precise.claims import Control, Mutant, Scope, Statement, Step, decide_inequality
from precise.nn import affine
from proofs._exp import exp_bounds, exp_rounded
from proofs._oracle import fractions_of, in_range, members
from proofs._words_evidence import Outcome, counted, differs, each_alone

PRECISIONS = (2, 3)
Exp = Callable[[int, Fraction], Fraction]


def near_one(p: int) -> list[Fraction]:
    """Return the floats from 1/2 to below 2 with both signs, by magnitude, positive first."""
    found = [x for x in members(p) if Fraction(1, 2) <= abs(x) < 2]
    return sorted(found, key=lambda x: (abs(x), x < 0))


Row = tuple[Fraction, Fraction, Fraction, Fraction, Fraction]
"""Input, weight, bias, output in F_p, output over the rationals."""


def outputs(p: int) -> Iterator[Row]:
    """Yield the outputs of the affine model in both readings for floats near 1, x positive."""
    near = near_one(p)
    inputs, maps = [x for x in near if x > 0], [(w, b) for w in near for b in near]
    results = [
        fractions_of(
            affine(
                xp.asarray([[x] for x in inputs]), xp.asarray([[w] for w, _ in maps]), xp.asarray([b for _, b in maps])
            )
        )
        for xp in (rounded(paper_float(p)), exact())
    ]
    for i, x in enumerate(inputs):
        for j, (w, b) in enumerate(maps):
            yield x, w, b, results[0][i, j], results[1][i, j]


def readings_decide_alike(margin: Callable[[int], Fraction], precisions: tuple[int, ...] = PRECISIONS) -> Outcome:
    """Search for x, w, b at which x w + b is positive in one reading and not in the other, beyond a margin."""
    cases, expected = 0, 0
    for p in precisions:
        expected += 4 * 2 ** (p - 1) * (2 * 2 * 2 ** (p - 1)) ** 2 // 2
        for x, w, b, circuit, real in outputs(p):
            cases += 1
            if (circuit > 0) != (real > 0) and abs(real) > margin(p) * (abs(x * w) + abs(b)):
                return differs(
                    "least p, then |x|, |w|, |b|, positive first",
                    (
                        f"p = {p}: x = {x}, w = {w}, b = {b}; over the reals x w + b = {real}",
                        f"in F_{p} the product {x * w} is rounded, and the output is {circuit}",
                        f"accept if positive: the real model {'accepts' if real > 0 else 'rejects'}, the circuit "
                        f"{'accepts' if circuit > 0 else 'rejects'}",
                    ),
                    got=int(circuit > 0),
                    right=int(real > 0),
                    cases=cases,
                    p=p,
                    x=x,
                    w=w,
                    b=b,
                )
    return counted(cases, expected, "p in 2, 3; x, w, b in F_p of magnitude in [1/2, 2)")


def margin_decides(share: str) -> Outcome:
    """Certify that an output y beyond the margin m and within an error of m of y' has the sign of y'.

    y = m + a + g with g >= 1 in units of the gap, y' = y - (m - c).
    """
    lower = {"m": 0, "a": 0, "c": 0, "g": 1}
    return decide_inequality(f"(m + a + g) - {share}*(m - c) > 0", lower, scope=Scope.without_p())


def affine_margin(share: str) -> Outcome:
    """Certify that y = x w + b with |y| > u |x w| keeps its sign when x w is rounded: y = u m + a + g, error u m - c.

    Rounding the sum itself keeps its sign, as long as it does not underflow.
    """
    lower = {"u": 0, "m": 0, "a": 0, "c": 0, "g": 1}
    return decide_inequality(f"(u*m + a + g) - {share}*(u*m - c) > 0", lower, scope=Scope.all_p(2))


def correctly_rounded(p: int, x: Fraction) -> Fraction:
    """Return exp(x) rounded to nearest, by the package."""
    xp: Any = rounded(paper_float(p), RNE)
    result: Fraction = fractions_of(xp.exp(xp.asarray([x])))[0]
    return result


def cut_where_allowed(p: int, x: Fraction) -> Fraction:
    """Return exp(x) cut to p bits where that is within 2^-p of exp(x), else rounded to nearest: as good a circuit."""
    xp: Any = rounded(paper_float(p), RTZ)
    cut: Fraction = fractions_of(xp.exp(xp.asarray([x])))[0]
    return cut if within(p, x, cut) else correctly_rounded(p, x)


def within(p: int, x: Fraction, y: Fraction) -> bool:
    """Return whether y is within 2^-p of exp(x), relative, by both ends of an enclosure."""
    return all(abs(y - end) * 2**p <= end for end in exp_bounds(x))


def accepts(p: int, value: Fraction, limit: Fraction) -> bool:
    """Return whether the rounded difference of an exponential and a limit is positive, by the package."""
    xp: Any = rounded(paper_float(p))
    difference: Fraction = fractions_of(xp.subtract(xp.asarray([value]), xp.asarray([limit])))[0]
    return difference > 0


def arguments(p: int) -> list[Fraction]:
    """Return the floats of magnitude at most 1 and at least 1/4 with exp in range, by magnitude, positive first."""
    found = [x for x in members(p) if Fraction(1, 4) <= abs(x) <= 1 and in_range(exp_bounds(x)[1], p)]
    return sorted(found, key=lambda x: (abs(x), x < 0))


def bound_fixes_the_language(one: Exp, other: Exp, precisions: tuple[int, ...] = PRECISIONS) -> Outcome:
    """Search for x and a limit c such that "accept if exp(x) - c > 0" differs between two circuits within the bound."""
    cases, expected = 0, 0
    for p in precisions:
        limits = [c for c in members(p) if Fraction(1, 4) <= c <= 4]
        expected += len(arguments(p)) * len(limits)
        for x in arguments(p):
            first, second = one(p, x), other(p, x)
            for c in limits:
                cases += 1
                got, right = accepts(p, first, c), accepts(p, second, c)
                if got != right and within(p, x, first) and within(p, x, second):
                    low, high = exp_bounds(x)
                    return differs(
                        "least p, then |x|, positive first, then c",
                        (
                            f"p = {p}: exp({x}) is between {int(low * 10000)}/10000 and {int(high * 10000) + 1}/10000",
                            f"{first} and {second} are both within 2^-{p} of it, relative",
                            f"accept if exp(x) - {c} > 0: one circuit {'accepts' if got else 'rejects'}, the other "
                            f"{'accepts' if right else 'rejects'}",
                        ),
                        got=int(got),
                        right=int(right),
                        cases=cases,
                        p=p,
                        x=x,
                        c=c,
                        one=first,
                        other=second,
                    )
    return counted(cases, expected, "p in 2, 3; x of magnitude in [1/4, 1], c in [1/4, 4]")


STATEMENTS = (
    Statement(
        label="conv:simulates@unsaid",
        title="What is simulated, left unsaid",
        mark="D",
        suspects=("S26", "X4"),
        tex=(
            "the language of a model does not depend on whether it is the p-bit circuit or the real function, nor "
            "on which exp within $2^{-p}$ the circuit uses"
        ),
        steps=(
            Step(
                id="circuit-and-real-function-agree",
                says="The affine model of one token accepts the same inputs in both readings.",
                formal="for all p >= 2, x, w, b in F_p: rounded x w + b > 0 iff x w + b > 0",
                expects="refuted",
                check=lambda: readings_decide_alike(lambda p: Fraction(0)),
                mutants=(
                    Control("beyond a margin of 2^-p", lambda: readings_decide_alike(lambda p: Fraction(1, 2**p))),
                ),
            ),
            Step(
                id="any-exp-within-the-bound-will-do",
                says="Two circuits for exp with relative error at most $2^{-p}$ give the same language.",
                formal="for all p >= 2, two exp within 2^-p, x, c in F_p: exp_1(x) - c > 0 iff exp_2(x) - c > 0",
                expects="refuted",
                check=lambda: bound_fixes_the_language(correctly_rounded, cut_where_allowed),
                mutants=(
                    Control(
                        "one function for both, computed in two ways",
                        lambda: bound_fixes_the_language(correctly_rounded, lambda p, x: exp_rounded(x, p)),
                    ),
                ),
            ),
        ),
    ),
    Statement(
        label="conv:simulates",
        title="What is simulated",
        mark="D",
        repairs="conv:simulates@unsaid",
        suspects=("S26", "X4"),
        tex=(
            "two readings, named in every theorem: `model-is-circuit`, with one fixed function for exp; "
            "`model-is-real`, with a margin at the output that exceeds the error of the circuit"
        ),
        steps=(
            Step(
                id="margin-decides",
                says=(
                    "If the real output exceeds the margin and the error of the circuit does not, both have the "
                    "same sign."
                ),
                formal="for all m, a, c >= 0, g >= 1: (m + a + g) - (m - c) > 0",
                check=lambda: margin_decides("1"),
                mutants=(Mutant("an error of twice the margin", lambda: margin_decides("2")),),
            ),
            Step(
                id="margin-of-the-affine-model",
                says="For the affine model a margin of $2^{-p}(|xw|+|b|)$ is enough, and a quarter of it is not.",
                formal="for all p >= 2, x, w, b in F_p, no underflow: |x w + b| > 2^-p |x w| implies the same answer",
                check=lambda: each_alone(affine_margin("1"), readings_decide_alike(lambda p: Fraction(1, 2**p))),
                mutants=(
                    Mutant("an error of twice the margin", lambda: affine_margin("2")),
                    Mutant("a quarter of the margin", lambda: readings_decide_alike(lambda p: Fraction(1, 4 * 2**p))),
                    Mutant("no margin", lambda: readings_decide_alike(lambda p: Fraction(0))),
                ),
            ),
            Step(
                id="one-function-one-language",
                says="With exp fixed as the correctly rounded one, two computations of it give the same answers.",
                formal="p in 2, 3; x, c in F_p: exp of the package and exp rounded by search answer alike",
                check=lambda: bound_fixes_the_language(correctly_rounded, lambda p, x: exp_rounded(x, p)),
                mutants=(
                    Mutant(
                        "another function within the bound",
                        lambda: bound_fixes_the_language(correctly_rounded, cut_where_allowed),
                    ),
                ),
            ),
        ),
    ),
)
