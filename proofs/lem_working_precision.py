"""Inner accuracy 2^(-2p-2) gives a final relative error of 2^-p; a constant number of guard bits does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from precise.claims import Control, Counterexample, Mutant, Statement, Step, Tier
from proofs._float_evidence import Outcome, all_of, both, exhausted, together
from proofs._kernel_floats import LARGEST_ACCURACY, WORKING_PRECISION
from proofs._rounding_by_search import Members, paper_members
from proofs._worst_total import STATEMENT as WORST_TOTAL

Accuracy = Callable[[int], Fraction]
PARTS = 16


def repaired(p: int) -> Fraction:
    """Return 2^(-2p-2)."""
    return Fraction(1, 4 ** (p + 1))


def sharp(p: int) -> Fraction:
    """Return 1/(t(t + 2)) with t = 2^p, the largest accuracy that suffices."""
    return Fraction(1, 2**p * (2**p + 2))


def guard_bits(c: int) -> Accuracy:
    """Return the accuracy 2^(-p-c)."""
    return lambda p: Fraction(1, 2 ** (p + c))


def critical_points(members: Members, delta: Fraction) -> Iterator[Fraction]:
    """Yield floats, sixteenths of their gaps, and points that delta moves onto a midpoint or just beyond it."""
    for low, high in zip(members.values[1:-1], members.values[2:-1], strict=False):
        for part in range(PARTS):
            yield members.fraction(PARTS * low + part * (high - low), PARTS)
        middle = members.fraction(low + high, 2)
        for moved in (middle / (1 + delta), middle / (1 - delta)):
            for nudge in (Fraction(0), Fraction(1, 2**40), Fraction(-1, 2**40)):
                yield moved * (1 + nudge)
    yield members.fraction(members.largest)


def total_error(accuracy: Accuracy, precisions: tuple[int, ...], share: Fraction = Fraction(1)) -> Outcome:
    """Look for y and an error within the accuracy such that the rounded value is off by more than a share of 2^-p."""
    cases = 0
    for p in precisions:
        members, delta = paper_members(p), accuracy(p)
        for y in critical_points(members, delta):
            for error in (delta, -delta):  # rounding is monotone, so the ends of [-delta, delta] decide
                cases += 1
                got = members.nearest(y * (1 + error))
                if abs(got - y) > share * y / 2**p:
                    return Counterexample(
                        values={"p": p, "y": y, "error": error, "got": got, "accuracy": delta, "share": share},
                        refutes="abs(got - y) > share*y/2**p and abs(error) <= accuracy",
                        lines=(
                            f"p = {p}: y = {y}, approximated as {y * (1 + error)}, off by {delta} of it",
                            f"that rounds to {got}, off by {abs(got - y) / y}; 2**-p is {Fraction(1, 2**p)}",
                        ),
                        order="least p, then y on the grid",
                        cases=cases,
                    )
    expected = sum(2 * ((PARTS + 6) * (4**p - 1) + 1) for p in precisions)
    return exhausted(cases, expected, precisions)


def least_failing(least: Callable[[int], int]) -> Outcome:
    """Find for c = 0..4 guard bits the least p at which they do not suffice, and compare it with `least`."""
    found: dict[int, int] = {}
    for c in range(5):
        found[c] = next(p for p in range(1, 6) if isinstance(total_error(guard_bits(c), (p,)), Counterexample))
        if found[c] != least(c):
            return Counterexample(values={"c": c, "found": found[c], "said": least(c)}, refutes="found != said")
    note = "; ".join(f"c = {c}: p = {p}" for c, p in found.items())
    return exhausted(5, 5, (1, 2, 3, 4), note=f"least p at which c guard bits fail: {note}", where="c <= 4")


def inner_part(share: str) -> Outcome:
    """Certify that an error of 2^(-2p-2) of M = m <= t = m + b is at most a share of 2^-p units."""
    return all_of((f"m/(4*(m + b)**2) <= {share}/(m + b)", {"m": 1, "b": 0}), least=1)


def low_part(gap: str) -> Outcome:
    """Certify that for M < t/2 + 1/2 - 1/(4t) the value stays below the tie, and below t/2 by less than 1/4."""
    return all_of(
        (f"t/2 + 1/2 - {gap} + 1/(4*t) <= t/2 + 1/2", {"t": 2}),
        ("1/(4*t) <= 1/8", {"t": 2}),
        ("1/2 <= (t/2 + y)/t", {"t": 2, "y": 0}),
        least=1,
    )


def high_part(total: str) -> Outcome:
    """Certify M/t >= 1/2 + 1/(4t) for M = t/2 + 1/2 - 1/(4t) + b."""
    return all_of((f"(t/2 + 1/2 - 1/(4*t) + b)/t >= {total}", {"t": 2, "b": 0}), least=1)


def ends(weight: str) -> Outcome:
    """Certify that where the approximation crosses the float z, which it rounds to, z is nearer to y than it is."""
    return all_of(
        (f"{weight}*d >= d - c", {"d": 1, "c": 0}),
        ("(y + d - c) - y <= d", {"y": 1, "d": 0, "c": 0}),
        least=1,
    )


def all_parts() -> Outcome:
    """Certify all inequalities of the steps."""
    return together(inner_part("1/4"), low_part("1/(4*t)"), high_part("1/2 + 1/(4*t)"), ends("1"))


def sharp_constant(delta: str) -> Outcome:
    """Certify the critical point M = (t/2 + 1/2)/(1 + d), sent up to t/2 + 1: its error is at most M/t up to d."""
    point = f"((t + 1)/2)/(1 + {delta})"
    return all_of((f"(t/2 + 1) - {point} <= {point}/t", {"t": 2}), least=1, sharpness="sharp: 1/(t*(t + 2))")


def fails_at_equal_guard_bits(delta: str) -> Outcome:
    """Certify that the critical point is off by more than M/t when d = 1/t^2, that is c = p guard bits."""
    point = f"((t + 1)/2)/(1 + {delta})"
    return all_of((f"(t/2 + 1) - {point} > {point}/t", {"t": 2}), least=1)


PRINTED = Statement(
    label="lem:working-precision@printed",
    title="Series to 2^-p, then rounded",
    mark="R, D",
    as_printed=True,
    suspects=("S13",),
    tex=(
        r"For $y\ne0$ in range and $|\delta|\le2^{-p}$ (or $2^{-p-1}$, "
        r"$2^{-p-2}$): $|round_p(y(1+\delta))-y|\le2^{-p}|y|$. "
        r"The proofs for exp, sqrt, sin and cos use it silently."
    ),
    uses=("def:round",),
    steps=tuple(
        Step(
            id=f"inner-accuracy-with-{c}-guard-bits",
            says=rf"An inner accuracy of $2^{{-p-{c}}}$ gives a total of $2^{{-p}}$."
            if c
            else "$2^{-p}$ gives $2^{-p}$.",
            formal=f"for all p >= 2, y in range, |d| <= 2^(-p-{c}): |round(y(1 + d)) - y| <= 2^-p |y|",
            check=lambda c=c: total_error(guard_bits(c), (2, 3, 4)),  # type: ignore[misc]
            expects="refuted",
            mutants=(Control("inner accuracy 2^(-2p-2)", lambda: total_error(repaired, (1, 2, 3))),),
        )
        for c in range(4)
    ),
)

REPAIRED = Statement(
    label="lem:working-precision",
    title="Inner accuracy that makes the final bound true",
    mark="D",
    repairs="lem:working-precision@printed",
    suspects=("S13",),
    tex=(
        r"For all $p\ge1$, real $y\ne0$ with $\lambda\le|y|\le\Omega$ and $|\delta|\le2^{-2p-2}$: "
        r"$|round_p(y(1+\delta))-y|\le2^{-p}|y|$. The largest bound on $|\delta|$ that does is $1/(2^p(2^p+2))$; "
        r"$2^{-p-c}$ with constant $c$ does not."
    ),
    uses=("def:round",),
    hypotheses=(
        "p >= 1",
        "abs(d) <= 2**(-2*p - 2)",
        "2**(p - 1 - 2**p) <= y",
        "y <= (2**p - 1)*2**(2**p - 1)",
    ),
    witness={"p": 2, "y": Fraction(7, 3), "d": Fraction(-1, 64)},
    steps=(
        Step(
            id="inner-error-below-a-share-of-a-unit",
            says=(
                r"Let $y=M2^e$, $2^{p-1}\le M<2^p$. The inner error is below $2^{-p-2}$ units, the "
                r"total below $\frac12+2^{-p-2}$."
            ),
            formal="for all p >= 1, 1 <= M = m <= t = m + b = 2^p: M/(4 t^2) <= (1/4)/t",
            check=lambda: inner_part("1/4"),
            mutants=(Mutant("a fifth", lambda: inner_part("1/5")),),
        ),
        Step(
            id="below-the-first-tie",
            says=r"If $M<2^{p-1}+\frac12-2^{-p-2}$ the result is $2^{p-1}$, off by less than $\frac12\le2^{-p}M$.",
            formal="for all p >= 1, t = 2^p: the value stays below t/2 + 1/2 and above t/2 - 1/8, and 1/2 <= M/t",
            check=lambda: low_part("1/(4*t)"),
            mutants=(Mutant("half the margin", lambda: low_part("1/(8*t)")),),
        ),
        Step(
            id="above-the-first-tie",
            says=r"Otherwise $2^{-p}M\ge\frac12+2^{-p-1}-2^{-2p-2}\ge\frac12+2^{-p-2}$.",
            formal="for all p >= 1, t = 2^p, b >= 0: (t/2 + 1/2 - 1/(4t) + b)/t >= 1/2 + 1/(4t)",
            check=lambda: high_part("1/2 + 1/(4*t)"),
            mutants=(Mutant("1/2 + 1/(2t)", lambda: high_part("1/2 + 1/(2*t)")),),
        ),
        Step(
            id="ends-of-binade-and-range",
            says=(
                r"Where the approximation crosses a power of two, $\lambda$ or $\Omega$, it rounds to "
                r"it, and that is nearer to $y$."
            ),
            formal="for all y, d >= c >= 0: z = y + d - c, the float crossed by y + d, has z - y <= d",
            check=lambda: ends("1"),
            mutants=(Mutant("half as near", lambda: ends("1/2")),),
        ),
        Step(
            id="total-error-at-most-two-to-minus-p",
            says="The steps together; and at all critical points of a grid for small p.",
            formal=(
                "for all p >= 1, y in range, |d| <= 2^(-2p-2): |round(y(1 + d)) - y| <= 2^-p |y|; grid for p in 1..4"
            ),
            check=lambda: both(all_parts(), total_error(repaired, (1, 2, 3, 4))),
            mutants=(
                Mutant("inner accuracy 2^-2p", lambda: total_error(lambda p: 4 * repaired(p), (2, 3, 4))),
                Mutant("two guard bits", lambda: total_error(guard_bits(2), (2, 3, 4))),
            ),
            further=(
                WORKING_PRECISION.further(
                    WORKING_PRECISION.mutant(
                        "inner accuracy 2^-2p",
                        "- 2 * p - 2",
                        "- 2 * p",
                        lambda: total_error(lambda p: 4 * repaired(p), (2, 3, 4)),
                    ),
                    WORKING_PRECISION.mutant(
                        "two guard bits", "- 2 * p - 2", "- p - 2", lambda: total_error(guard_bits(2), (2, 3, 4))
                    ),
                    WORKING_PRECISION.mutant(
                        "total within 2^-(p+1)",
                        "bpow radix2 (- p) * Rabs y",
                        "bpow radix2 (- p - 1) * Rabs y",
                        lambda: total_error(repaired, (2,), share=Fraction(1, 2)),
                    ),
                ),
            ),
        ),
        Step(
            id="largest-sufficient-accuracy",
            says=(
                r"The critical point is $M=(2^{p-1}+\frac12)/(1+\delta)$: fine up to "
                r"$\delta=1/(2^p(2^p+2))$, wrong above."
            ),
            formal="for all p >= 1, t = 2^p, d = 1/(t(t + 2)): (t/2 + 1) - M <= M/t; grid for p in 2..4",
            check=lambda: both(sharp_constant("1/(t*(t + 2))"), total_error(sharp, (2, 3, 4))),
            mutants=(
                Mutant("1001/1000 of it, in symbols", lambda: sharp_constant("(1001/1000)/(t*(t + 2))")),
                Mutant(
                    "1001/1000 of it, on the grid",
                    lambda: total_error(lambda p: sharp(p) * Fraction(1001, 1000), (2,)),
                ),
            ),
        ),
        Step(
            id="largest-accuracy-suffices",
            says=r"Every $y$ in range is fine up to $\delta=1/(2^p(2^p+2))$, whichever float is taken in a tie.",
            formal="for all p >= 1, t = 2^p, y in range, |d| <= 1/(t(t + 2)), r in F_p nearest to y(1 + d): "
            "|r - y| <= 2^-p |y|",
            check=LARGEST_ACCURACY.proved,
            tier=Tier.KERNEL,
            mutants=(
                LARGEST_ACCURACY.mutant(
                    "1001/1000 of it",
                    "<= u p * u p / (1 + 2 * u p)",
                    "<= 1001 / 1000 * (u p * u p / (1 + 2 * u p))",
                    lambda: total_error(lambda p: sharp(p) * Fraction(1001, 1000), (2,)),
                ),
            ),
        ),
        Step(
            id="no-constant-number-of-guard-bits",
            says=(
                "With c = p guard bits the critical point is wrong, so no constant c suffices; least "
                "p for each small c."
            ),
            formal=(
                "for all p >= 1, t = 2^p, d = 1/t^2: (t/2 + 1) - M > M/t; least failing p for c in 0..4: 1, 1, 2, 3, 4"
            ),
            check=lambda: both(fails_at_equal_guard_bits("1/t**2"), least_failing(lambda c: max(1, c))),
            mutants=(
                Mutant("d = 1/(2 t^2)", lambda: fails_at_equal_guard_bits("1/(2*t**2)")),
                Mutant("least p = c + 1", lambda: least_failing(lambda c: c + 1)),
            ),
        ),
    ),
)

STATEMENTS = (PRINTED, REPAIRED, WORST_TOTAL)
