"""The worst total error of a value known to within d and then rounded: (1 + d(t + 2))/(t + 1), t = 2^p, for all d."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from precise.claims import Counterexample, Mutant, Statement, Step
from proofs._float_evidence import Outcome, all_of, both, exhausted, together
from proofs._rounding_by_search import Members, paper_members

PRECISIONS = (2, 3, 4)
ACCURACIES: dict[str, tuple[Callable[[Fraction], Fraction], str, str]] = {
    "2^-p": (lambda u: u, "1/t", "2/t"),
    "2^(-p-1)": (lambda u: u / 2, "1/(2*t)", "(3*t + 2)/(2*t*(t + 1))"),
    "2^(-p-2)": (lambda u: u / 4, "1/(4*t)", "(5*t + 2)/(4*t*(t + 1))"),
    "2^(-2p)": (lambda u: u * u, "1/t**2", "(t**2 + t + 2)/(t**2*(t + 1))"),
    "2^(-2p-2)": (lambda u: u * u / 4, "1/(4*t**2)", "(4*t**2 + t + 2)/(4*t**2*(t + 1))"),
}
"""Inner accuracies as functions of u = 2^-p, as terms in t, and the worst totals as terms in t."""


def worst(p: int, d: Fraction) -> Fraction:
    """Return (1 + d(t + 2))/(t + 1)."""
    t = 1 << p
    return (1 + d * (t + 2)) / (t + 1)


def points(members: Members, d: Fraction) -> Iterator[Fraction]:
    """Yield the positive floats, and points that d moves onto a midpoint, just short of it and just beyond it."""
    for low, high in zip(members.values[1:-1], members.values[2:-1], strict=False):
        yield members.fraction(low)
        middle = members.fraction(low + high, 2)
        for moved in (middle / (1 + d), middle / (1 - d)):
            yield from (moved * (1 + Fraction(sign, 1 << 40)) for sign in (-1, 0, 1))


def by_search(factor: Fraction, share: Fraction, precisions: tuple[int, ...] = PRECISIONS) -> Outcome:
    """Compare the worst total on critical points with the formula times a factor; it must reach a share of it."""
    cases, words = 0, []
    for p in precisions:
        members = paper_members(p)
        for name, (accuracy, _, _) in ACCURACIES.items():
            d = accuracy(Fraction(1, 1 << p))
            bound, largest, at = factor * worst(p, d), Fraction(0), Fraction(0)
            for y in points(members, d):
                for moved in (y * (1 + d), y * (1 - d)):
                    cases += 1
                    total = abs(members.nearest(moved) - y) / y
                    if total > largest:
                        largest, at = total, y
            if not share * bound <= largest <= bound:
                return Counterexample(
                    values={"p": p, "d": d, "y": at, "total": largest, "bound": bound, "share": share},
                    refutes="total > bound or total < share*bound",
                    lines=(f"p = {p}, inner accuracy {name}: the worst total is {largest}",),
                )
            if p == precisions[-1]:
                words.append(f"{name}: {int(largest * (1 << p) * 1000)}/1000 of 2^-p")
    expected = sum(len(ACCURACIES) * 2 * 7 * (4**p - 1) for p in precisions)
    return exhausted(cases, expected, precisions, note=f"worst totals at p = {precisions[-1]}: " + ", ".join(words))


def above_the_tie(total: str) -> Outcome:
    """Certify 1/(2M) + d <= (1 + d(t + 2))/(t + 1) for M = (t + 1)/(2(1 + d)) + b, d = 1/(t + e)."""
    d = "(1/(t + e))"
    at = f"((t + 1)/(2*(1 + {d})) + b)"
    return all_of((f"1/(2*{at}) + {d} <= {total}*(1 + {d}*(t + 2))/(t + 1)", {"t": 4, "b": 0, "e": 0}))


def below_the_tie(total: str) -> Outcome:
    """Certify the error M - t/2 for M <= (t + 1)/(2(1 - d)), and below t/2 the sum of d and a quarter of a unit."""
    d, w = "(1/(t + e))", "(1 + (1/(t + e))*(t + 2))/(t + 1)"
    return all_of(
        (f"1 - t*(1 - {d})/(t + 1) <= {total}*{w}", {"t": 4, "e": 0}),
        (f"1/(2*t) + {d} <= {total}*{w}", {"t": 4, "e": 0}),
        (f"(t/2)*(1 - {d}) >= t/2 - 1/2", {"t": 4, "e": 0}),
    )


def approached(result: str) -> Outcome:
    """Certify that at M = (t + 1)/(2(1 + d)), in the binade, the float above the tie is off by exactly the formula."""
    d = "(1/(t + e))"
    at = f"(t + 1)/(2*(1 + {d}))"
    return all_of(
        (f"(({result}) - {at})/({at}) == (1 + {d}*(t + 2))/(t + 1)", {}),
        (f"{at} >= t/2", {"t": 4, "e": 0}),
        sharpness="sharp: approached just above (2**(p-1) + 1/2)/(1 + d)",
    )


def listed(fifth: str = "4") -> Outcome:
    """Certify the worst totals of the five inner accuracies, and which of them are above 2^-p."""
    parts = [all_of((f"(1 + {d}*(t + 2))/(t + 1) == {total}", {})) for _, d, total in ACCURACIES.values()]
    above = [all_of((f"{total} > 1/t", {"t": 4})) for _, _, total in list(ACCURACIES.values())[:4]]
    last = all_of((f"({fifth}*t**2 + t + 2)/(4*t**2*(t + 1)) <= 1/t", {"t": 4}))
    return together(*parts, *above, last, note="; ".join(f"{k}: {v[2]}" for k, v in ACCURACIES.items()))


STATEMENT = Statement(
    label="lem:working-precision@worst-total",
    title="The worst total error for a given inner accuracy",
    mark="D",
    suspects=("S13",),
    tex=(
        r"For $p\ge2$, $t=2^p$, $0<d\le1/t$: the supremum of $|round_p(y(1+\delta))-y|/|y|$ over $|\delta|\le d$ "
        r"and $\lambda\le|y|\le\Omega$ is $\frac{1+d(t+2)}{t+1}$. "
        r"For $d=2^{-p},2^{-p-1},2^{-p-2},2^{-2p},2^{-2p-2}$ it is "
        r"$\frac2t,\frac{3t+2}{2t(t+1)},\frac{5t+2}{4t(t+1)},\frac{t^2+t+2}{t^2(t+1)},\frac{4t^2+t+2}{4t^2(t+1)}$; "
        r"only the last is at most $2^{-p}$."
    ),
    uses=("def:round",),
    hypotheses=("p >= 2", "d > 0", "d <= 2**(-p)"),
    witness={"p": 2, "d": Fraction(1, 8)},
    steps=(
        Step(
            id="moved-above-the-first-tie",
            says=r"Let $y=M2^e$, $t/2\le M<t$. If $M(1+\delta)\ge\frac{t+1}2$, the total is at most $\frac1{2M}+d$.",
            formal="for all t >= 4, d = 1/(t + e), e, b >= 0, M = (t + 1)/(2(1 + d)) + b: 1/(2M) + d <= formula",
            check=lambda: above_the_tie("1"),
            mutants=(Mutant("formula times 999/1000", lambda: above_the_tie("999/1000")),),
        ),
        Step(
            id="moved-below-the-first-tie",
            says=(
                r"Otherwise the result is $t/2$, off by $M-\frac t2$ with $M(1-d)\le\frac{t+1}2$; or the value is "
                r"below $t/2$, where floats are halves, and the total is at most $\frac1{2t}+d$."
            ),
            formal="for all t >= 4, d = 1/(t + e), e >= 0: 1 - t(1 - d)/(t + 1), 1/(2t) + d <= formula; (t/2)d <= 1/2",
            check=lambda: below_the_tie("1"),
            mutants=(Mutant("half the formula", lambda: below_the_tie("1/2")),),
        ),
        Step(
            id="supremum-is-approached",
            says=r"Just above $M=\frac{t+1}{2(1+d)}$ the value is sent up to $\frac t2+1$, off by the formula.",
            formal=(
                "for all t >= 4, d = 1/(t + e), e >= 0, M = (t + 1)/(2(1 + d)) >= t/2: (t/2 + 1 - M)/M = formula; "
                "critical points for p in 2..4: the worst total is at most the formula, at least 999999/1000000 of it"
            ),
            check=lambda: both(approached("t/2 + 1"), by_search(Fraction(1), Fraction(999999, 1000000))),
            mutants=(
                Mutant("sent to t/2", lambda: approached("t/2")),
                Mutant("999/1000 of it", lambda: by_search(Fraction(999, 1000), Fraction(1, 2), (2,))),
                Mutant("1001/1000 of it", lambda: by_search(Fraction(1001, 1000), Fraction(9999, 10000), (2,))),
            ),
        ),
        Step(
            id="five-inner-accuracies",
            says=r"Only $2^{-2p-2}$ gives at most $2^{-p}$, and $2^{-p}$ gives just twice that.",
            formal="for all t >= 4: the five identities; the first four totals > 1/t, the last <= 1/t",
            check=listed,
            mutants=(Mutant("(8t^2 + t + 2) in the last", lambda: listed("8")),),
        ),
    ),
)
