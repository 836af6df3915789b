"""Relative error of one rounding: u/(1+u) in range, attained; false for all floats, as subtraction can underflow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from precise.claims import Control, Counterexample, Mutant, Statement, Step
from proofs._float_evidence import Outcome, all_of, both, exhausted, together
from proofs._kernel_floats import ROUNDING_ERROR, ROUNDING_ERROR_ATTAINED
from proofs._rounding_by_search import Members, paper_members
from proofs._sharp_constants import STATEMENT as SHARP

PRECISIONS = (2, 3, 4, 5)
Bound = Callable[[Fraction], Fraction]


def sharp(u: Fraction) -> Fraction:
    """Return u/(1+u)."""
    return u / (1 + u)


def points(members: Members) -> Iterator[Fraction]:
    """Yield, from the least float to the largest, each float and thirteen points up to the next one."""
    for low, high in zip(members.values[1:-1], members.values[2:-1], strict=False):
        for part in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, Fraction(1, 1000), 6 - Fraction(1, 1000)):
            yield (low + (high - low) * Fraction(part) / 12) / 2**members.scale
    yield members.fraction(members.largest)


def by_search(bound: Bound, precisions: tuple[int, ...] = PRECISIONS) -> Outcome:
    """Check the bound at every point of a grid, both signs, rounding by search."""
    cases = 0
    for p in precisions:
        members, limit = paper_members(p), bound(Fraction(1, 2**p))
        for x in points(members):
            for y in (x, -x):
                cases += 1
                got = members.nearest(y)
                if abs(got - y) > limit * abs(y):
                    return Counterexample(
                        values={"p": p, "x": y, "got": got, "bound": limit},
                        refutes="abs(got - x) > bound*abs(x)",
                    )
    return exhausted(cases, sum(2 * (14 * (4**p - 1) + 1) for p in precisions), precisions)


def attained(bound: Bound) -> Outcome:
    """Find for each small p a point at which the error equals the bound; the tie above a power of two."""
    for p in PRECISIONS:
        members = paper_members(p)
        x = Fraction(2 ** (p - 1)) + Fraction(1, 2)
        got = members.nearest(x)
        if abs(got - x) != bound(Fraction(1, 2**p)) * x:
            return Counterexample(
                values={"p": p, "x": x, "got": got, "bound": bound(Fraction(1, 2**p))},
                refutes="abs(got - x) != bound*x",
            )
    return exhausted(len(PRECISIONS), 4, PRECISIONS)


def scaling(power: str) -> Outcome:
    """Certify that scaling by s = 2^e > 0 and sign keep order, distances in proportion, and the relative error.

    A float m 2^f goes to the float of the same significand, so to a tie belongs the same choice of the even one.
    """
    return all_of(
        (f"({power}*r - s*x)/(s*x) == (r - x)/x", {}),
        ("((-r) - (-x))/(-x) == (r - x)/x", {}),
        ("m*(f*s) == (m*f)*s", {}),
        ("s*(d + g) - s*d >= 0", {"s": 0, "d": 0, "g": 0}),
    )


def rounding_scales(step: int = 1, precisions: tuple[int, ...] = PRECISIONS) -> Outcome:
    """Check round(2^k x) = 2^k round(x) and round(-x) = -round(x) for x on a grid of the binade from 2^(p-1), all k.

    `step` is the power of two by which the result is scaled for one of the argument.
    """
    cases = expected = 0
    for p in precisions:
        members = paper_members(p)
        units = [Fraction(i, 12) for i in range(12 * 2 ** (p - 1), 12 * (2**p - 1) + 1)]
        expected += 2 * len(units) * 2 ** (p + 1)
        for x in units:
            base = members.nearest(x)
            for k in range(-(2**p), 2**p):
                for sign in (1, -1):
                    cases += 1
                    power = sign * Fraction(2) ** k
                    got, right = members.nearest(power * x), sign * base * Fraction(2) ** (step * k)
                    if got != right:
                        return Counterexample(
                            values={"p": p, "x": x, "k": k, "got": got, "right": right},
                            refutes="got != right",
                            lines=(f"p = {p}: round(2**{k} x) = {got} at x = {x}, claimed {right}",),
                        )
    return exhausted(cases, expected, precisions, where="x in twelfths")


def half_unit(width: str) -> Outcome:
    """Certify that between neighbours a and a + 1 the nearer one is within 1/2: x = a + w + d or a + w - d."""
    upper = f"(a + {width} - d) - a <= 1/2"
    return all_of((f"(a + 1) - (a + {width} + d) <= 1/2", {"a": 0, "d": 0}), (upper, {"a": 0, "d": 0}))


def far_from_power(constant: str) -> Outcome:
    """Certify the quotient above the first tie: 1/2 <= c (t/2 + 1/2 + b) with t = 2^p, c = 1/(t + 1)."""
    return all_of((f"1/2 <= {constant}/(t + 1)*(t/2 + 1/2 + b)", {"t": 4, "b": 0}))


def grows(constant: str) -> Outcome:
    """Certify that y/(t/2 + y) grows with y, and its value at y = 1/2."""
    return all_of(
        (f"{constant}*y/(t/2 + y) <= (y + b)/(t/2 + y + b)", {"t": 4, "y": 0, "b": 0}),
        ("(1/2)/(t/2 + 1/2) == (1/t)/(1 + 1/t)", {}),
    )


def below_two_to_minus_p(constant: str) -> Outcome:
    """Certify u/(1+u) < 2^-p."""
    return all_of((f"(1/t)/({constant} + 1/t) < 1/t", {"t": 4}))


def in_symbols() -> Outcome:
    """Certify all inequalities of the steps; the bound is attained at the tie."""
    last = all_of(("1/2 <= (t/2 + 1/2 + b)/(t + 1)", {"t": 4, "b": 0}), sharpness="sharp: attained at 2**(p-1) + 1/2")
    return together(scaling("s"), half_unit("1/2"), grows("1"), last)


def at_the_tie(numerator: str) -> Outcome:
    """Certify that the tie 2^(p-1) + 1/2, sent to 2^(p-1), has exactly the relative error u/(1+u)."""
    return all_of((f"{numerator}/(t/2 + 1/2) == (1/t)/(1 + 1/t)", {}))


def search_differences(in_range: bool, precisions: tuple[int, ...]) -> Outcome:
    """Look for a difference of floats off by more than 2^-p: least p, then exponents, then significands."""
    cases = 0
    for p in precisions:
        members = paper_members(p)
        least = members.fraction(members.values[1])
        exponents, significands = range(-(2**p), 2**p), range(2 ** (p - 1), 2**p)
        for e1 in exponents:
            for e2 in exponents:
                for m1 in significands:
                    for m2 in significands:
                        cases += 1
                        exact = m1 * Fraction(2) ** e1 - m2 * Fraction(2) ** e2
                        got = members.nearest(exact)
                        if in_range and 0 < abs(exact) < least:
                            continue
                        if abs(got - exact) > abs(exact) / 2**p:
                            return Counterexample(
                                values={"p": p, "m1": m1, "e1": e1, "m2": m2, "e2": e2, "got": got},
                                refutes="abs(got - (m1*2**e1 - m2*2**e2)) > abs(m1*2**e1 - m2*2**e2)/2**p",
                                lines=(
                                    f"p = {p}: {m1}*2**{e1} - {m2}*2**{e2} = {exact}",
                                    f"the least positive float is {least}; the difference rounds to {got}",
                                    f"relative error {abs(got - exact) / abs(exact)}; 2**-p is {Fraction(1, 2**p)}",
                                ),
                                order="least p, then e1, e2, m1, m2",
                                cases=cases,
                            )
    return exhausted(cases, sum(16**p for p in precisions), precisions)


def lost_at_every_p(spacing: str) -> Outcome:
    """Certify that the two least floats differ by one unit, and one unit is at most half the least one, t/2."""
    return all_of(("(t/2 + 1) - t/2 == 1", {}), (f"{spacing} <= (t/2)/2", {"t": 4}), note="relative error 1 at every p")


PRINTED = Statement(
    label="lem:round-rel-error@without-range",
    title="Relative error of one rounding, without a range",
    mark="D",
    suspects=("X1",),
    tex=r"For all $x,y\in\mathbb F_p$: $|round_p(x-y)-(x-y)|\le2^{-p}|x-y|$.",
    uses=("def:round",),
    steps=(
        Step(
            id="differences-have-the-relative-error",
            says=r"A difference of floats rounds with relative error at most $2^{-p}$.",
            formal="for all p >= 2, x, y in F_p: |round(x - y) - (x - y)| <= 2^-p |x - y|",
            check=lambda: search_differences(False, (2,)),
            expects="refuted",
            mutants=(Control("differences that do not underflow", lambda: search_differences(True, (2, 3))),),
        ),
        Step(
            id="lost-at-every-precision",
            says="It fails at every p: the two least positive floats differ by so little that the result is 0.",
            formal="for all p >= 2, unit 2^-2^p: lambda = 2^(p-1) units, and the difference 1 unit is <= lambda/2",
            check=lambda: lost_at_every_p("1"),
            mutants=(Mutant("a difference of two units", lambda: lost_at_every_p("2")),),
        ),
    ),
)

REPAIRED = Statement(
    label="lem:round-rel-error",
    title="Relative error of one rounding",
    mark="D",
    repairs="lem:round-rel-error@without-range",
    suspects=("X1",),
    tex=(
        r"For all $p\ge2$ and real $x$ with $\lambda\le|x|\le\Omega$: "
        r"$|round_p(x)-x|\le\frac u{1+u}|x|<2^{-p}|x|$ with $u=2^{-p}$, and $u/(1+u)$ is attained."
    ),
    uses=("def:round",),
    hypotheses=("p >= 2", "2**(p - 1 - 2**p) <= abs(x)", "abs(x) <= (2**p - 1)*2**(2**p - 1)"),
    witness={"p": 2, "x": Fraction(5, 2)},
    steps=(
        Step(
            id="reduce-to-one-binade",
            says=(
                r"In range, $round_p(\pm2^kx)=\pm2^kround_p(x)$: neighbours, distances, order and the even significand "
                r"go along. So the relative error is that of one binade: let $2^{p-1}\le x<2^p$."
            ),
            formal=(
                "for all s = 2^k, r, x != 0: (s r - s x)/(s x) = (r - x)/x, the same for -r, -x, "
                "(m 2^f) s = m (2^f s), s d <= s (d + g) for d, g >= 0; "
                "round(+-2^k x) = +-2^k round(x) in twelfths, all k, for p in 2..5"
            ),
            check=lambda: both(scaling("s"), rounding_scales()),
            mutants=(
                Mutant("the result not scaled", lambda: scaling("1")),
                Mutant("the result not scaled, by search", lambda: rounding_scales(0)),
            ),
        ),
        Step(
            id="error-at-most-half",
            says="The neighbours are consecutive integers (or the end of the binade), so the error is at most 1/2.",
            formal="for all a >= 0, d >= 0: x = a + 1/2 + d is within 1/2 of a + 1; x = a + 1/2 - d within 1/2 of a",
            check=lambda: half_unit("1/2"),
            mutants=(Mutant("decided below the midpoint", lambda: half_unit("499/1000")),),
        ),
        Step(
            id="above-the-first-tie",
            says=r"For $x\ge2^{p-1}+\frac12$: $\frac12\le\frac u{1+u}x$.",
            formal="for all p >= 2, t = 2^p, b >= 0: 1/2 <= (t/2 + 1/2 + b)/(t + 1)",
            check=lambda: far_from_power("1"),
            mutants=(Mutant("bound times 999/1000", lambda: far_from_power("999/1000")),),
        ),
        Step(
            id="below-the-first-tie",
            says=(
                r"Below it the result is $2^{p-1}$, and $y/(2^{p-1}+y)$ grows with $y$ up to $u/(1+u)$ "
                r"at $y=\frac12$."
            ),
            formal="for all p >= 2, t = 2^p, y, b >= 0: y/(t/2 + y) <= (y + b)/(t/2 + y + b); at y = 1/2 it is u/(1+u)",
            check=lambda: grows("1"),
            mutants=(Mutant("1001/1000 of it", lambda: grows("1001/1000")),),
        ),
        Step(
            id="below-two-to-minus-p",
            says=r"$u/(1+u)<2^{-p}$.",
            formal="for all p >= 2, t = 2^p: (1/t)/(1 + 1/t) < 1/t",
            check=lambda: below_two_to_minus_p("1"),
            mutants=(Mutant("u/(1/2 + u)", lambda: below_two_to_minus_p("1/2")),),
        ),
        Step(
            id="tie-attains-the-bound",
            says=r"The tie $2^{p-1}+\frac12$ goes to $2^{p-1}$ with exactly this relative error.",
            formal="for all p >= 2, t = 2^p: (1/2)/(t/2 + 1/2) = u/(1 + u); by search for p in 2..5",
            check=lambda: both(at_the_tie("1/2"), attained(sharp)),
            mutants=(
                Mutant("bound times 999/1000", lambda: attained(lambda u: sharp(u) * Fraction(999, 1000))),
                Mutant("a quarter off", lambda: at_the_tie("1/4")),
            ),
            further=(
                ROUNDING_ERROR_ATTAINED.further(
                    ROUNDING_ERROR_ATTAINED.mutant(
                        "bound times 999/1000",
                        "= bpow radix2 (- p)",
                        "= 999 / 1000 * bpow radix2 (- p)",
                        lambda: attained(lambda u: sharp(u) * Fraction(999, 1000)),
                    )
                ),
            ),
        ),
        Step(
            id="bound-holds",
            says="The steps together; and every float with thirteen points up to the next one, for small p.",
            formal="for all p >= 2, lambda <= |x| <= omega: |round(x) - x| <= u/(1+u) |x|; on a grid for p in 2..5",
            check=lambda: both(in_symbols(), by_search(sharp)),
            mutants=(
                Mutant("bound times 999/1000", lambda: by_search(lambda u: sharp(u) * Fraction(999, 1000))),
                Mutant("p + 1 for p", lambda: by_search(lambda u: u / 2)),
            ),
            further=(
                ROUNDING_ERROR.further(
                    ROUNDING_ERROR.mutant(
                        "bound times 999/1000",
                        "<= u p / (1 + u p)",
                        "<= 999 / 1000 * (u p / (1 + u p))",
                        lambda: by_search(lambda u: sharp(u) * Fraction(999, 1000)),
                    ),
                    ROUNDING_ERROR.mutant(
                        "p + 1 for p", "<= u p / (1 + u p)", "<= u (p + 1)", lambda: by_search(lambda u: u / 2)
                    ),
                ),
            ),
        ),
    ),
)

STATEMENTS = (PRINTED, REPAIRED, SHARP)
