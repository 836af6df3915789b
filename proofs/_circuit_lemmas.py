"""Circuits of the lemmas on floor, roots, exponentials, sums and products: agreement, depth, size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product as cartesian
from math import floor, isqrt

from precise import paper_float, rounded
from precise.circuits import Circuit, Layout, evaluate, measure
from precise.claims import Counterexample, Evidence, Further, Kind, Mutant, Scope, Step, Tier
from precise.dyadic import Dyadic
from precise.rounding import RNE, Overflow, Rounder
from precise.semantics.netlist import circuit_of
from proofs._circuits import Instance, all_equal, with_threshold
from proofs._float_evidence import PRODUCER, Outcome

Sizes = tuple[tuple[int, int], ...]
"""Pairs (p, n)."""
Rule = Callable[[tuple[Dyadic, ...], Rounder], Dyadic]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A family of circuits: `sweep` are the (p, n) whose depth and size are measured, `more` those of the full tier.

    Gates are at most `gates[0] * p**gates[1] * n**gates[2]`, wires likewise.
    """

    name: str
    depth: int
    settled: int
    sweep: Sizes
    gates: tuple[int, int, int]
    wires: tuple[int, int, int]
    more: Sizes = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject(Family):
    """A family with the rounded result that is `right`; `quick`, `full`: (p, n) on whose whole domain they agree."""

    right: Rule
    quick: Sizes
    full: Sizes


def member(name: str, p: int, n: int) -> Circuit:
    """Return a circuit, built once for all that use it."""
    return circuit_of(name, n, Layout.paper(p), RNE)[0]


def admissible(name: str, x: Dyadic) -> bool:
    """Return whether an operation is defined at x."""
    return name != "sqrt" or x.c >= 0


@cache
def domain(name: str, right: Rule, p: int, n: int) -> tuple[list[tuple[int, ...]], list[int]]:
    """Return the codes of all arguments and of the right results."""
    layout, rounder = Layout.paper(p), Rounder(paper_float(p), RNE, Overflow.SATURATE)
    number_of = {code: layout.decode(code) for code in layout.codes()}
    code_of = {number: code for code, number in number_of.items()}
    allowed = [code for code, number in number_of.items() if admissible(name, number)]
    arguments = list(cartesian(allowed, repeat=n))
    return arguments, [code_of[right(tuple(number_of[c] for c in codes), rounder)] for codes in arguments]


def agree(subject: Subject, sizes: Sizes, change: Callable[[Circuit], Circuit] = lambda c: c) -> Outcome:
    """Compare circuits with the rounded result on all arguments."""
    cases, expected = 0, 0
    for p, n in sizes:
        arguments, right = domain(subject.name, subject.right, p, n)
        members = 2 ** (2 * p + 1) + 1
        expected += ((members + 1) // 2 if subject.name == "sqrt" else members) ** n
        circuit = change(member(subject.name, p, n))
        got = evaluate(circuit, *zip(*arguments, strict=True))[0].tolist()
        for codes, g, r in zip(arguments, got, right, strict=True):
            cases += 1
            if g != r:
                numbers = [str(Layout.paper(p).decode(c)) for c in codes]
                return Counterexample(
                    values={"p": p, "n": n, "got": g, "right": r},
                    refutes="got != right",
                    lines=(f"{subject.name} of {', '.join(numbers)}: code {g}, right is {r}",),
                    order="the order of the sizes, then of the codes",
                    cases=cases,
                )
    where = f"(p, n) in {sizes}" if any(n > 1 for _, n in sizes) else "all arguments"
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.listed_p(sorted({p for p, _ in sizes}), where),
        cases=cases,
        expected=expected,
        producer=PRODUCER,
    )


def measured(subject: Family, depth: int, share: int = 1000, further: Sizes = ()) -> Outcome:
    """Check that depth is one number on the sweep, and sizes below their bounds, of which `share` thousandths count."""
    sweep = (*subject.sweep, *further)

    def rows() -> Iterator[Instance]:
        for p, n in sweep:
            cost = measure(member(subject.name, p, n))
            got = cost.depth if p >= subject.settled else max(cost.depth, depth)
            yield f"p = {p}, n = {n}: depth", got, depth
            parts = (("gates", cost.gates, subject.gates), ("wires", cost.wires, subject.wires))
            for what, count, (factor, of_p, of_n) in parts:
                bound = share * factor * p**of_p * n**of_n // 1000
                yield f"p = {p}, n = {n}: {what} at most {bound}", max(count, bound), bound

    precisions = sorted({p for p, _ in sweep})
    return all_equal(rows(), 3 * len(sweep), f"(p, n) in {sweep}", precisions=precisions)


def steps_of(subject: Subject, what: str, name: str = "") -> tuple[Step, ...]:
    """Return the steps: the circuit computes the operation, its depth is a constant, its size below a polynomial.

    A `name` tells the steps of several circuits of one statement apart.
    """

    def wrong(circuit: Circuit) -> Circuit:
        return with_threshold(circuit, int(circuit.output_sources[0]) - circuit.n_inputs, -1)

    gates, wires = (f"{c} p^{a} n^{b}" for c, a, b in (subject.gates, subject.wires))
    whose = f"For {name} the" if name else "Its"
    return (
        Step(
            id=f"{name or 'circuit'}-agrees",
            says=f"For small p the circuit gives {what} at every argument.",
            formal=f"for (p, n) in {subject.quick}, all arguments: circuit = round(exact {subject.name})",
            check=lambda: agree(subject, subject.quick),
            mutants=(
                Mutant("the threshold of the last bit lowered", lambda: agree(subject, subject.quick[-1:], wrong)),
            ),
            further=(
                Further(
                    tier=Tier.FULL,
                    check=lambda: agree(subject, subject.full),
                    mutants=(
                        Mutant(
                            "the threshold of the last bit lowered", lambda: agree(subject, subject.full[-1:], wrong)
                        ),
                    ),
                ),
            ),
        ),
        Step(
            id=f"{name}-depth-and-size" if name else "depth-and-size",
            says=(
                f"{whose} depth is {subject.depth} on the sweep, with at most ${tex(gates)}$ gates and ${tex(wires)}$ "
                "wires."
            ),
            formal=(
                f"(p, n) in {subject.sweep}: depth = {subject.depth} from p = {subject.settled}, gates <= {gates}, "
                f"wires <= {wires}"
            ),
            check=lambda: measured(subject, subject.depth),
            mutants=(
                Mutant("one level less", lambda: measured(subject, subject.depth - 1)),
                Mutant("bounds times 900/1000", lambda: measured(subject, subject.depth, 900)),
            ),
            further=further_sizes(subject),
        ),
    )


def further_sizes(subject: Subject) -> tuple[Further, ...]:
    """Return the same check with further sizes, if there are any."""
    if not subject.more:
        return ()
    return (
        Further(
            tier=Tier.FULL,
            check=lambda: measured(subject, subject.depth, further=subject.more),
            mutants=(
                Mutant("one level less", lambda: measured(subject, subject.depth - 1, further=subject.more)),
                Mutant("bounds times 900/1000", lambda: measured(subject, subject.depth, 900, subject.more)),
            ),
        ),
    )


def tex(bound: str) -> str:
    """Return a bound as TeX."""
    return bound.replace("p^0 ", "").replace(" n^0", "").replace("^1", "")


def added(x: tuple[Dyadic, ...], rounder: Rounder) -> Dyadic:
    """Return the exact sum, rounded once."""
    return finite(rounder(sum(x[1:], x[0])))


def multiplied(x: tuple[Dyadic, ...], rounder: Rounder) -> Dyadic:
    """Return the exact product, rounded once."""
    result = x[0]
    for factor in x[1:]:
        result = result * factor
    return finite(rounder(result))


def floored(x: tuple[Dyadic, ...], rounder: Rounder) -> Dyadic:
    """Return the integer below."""
    return finite(rounder(Dyadic(floor(x[0].to_fraction()))))


def rooted(x: tuple[Dyadic, ...], rounder: Rounder) -> Dyadic:
    """Return the square root, from an integer root with a sticky bit."""
    places = 2 * rounder.format.p + 8 if rounder.format.p else 0
    shift = places + (x[0].q - places) % 2
    square = x[0].c << shift
    root = isqrt(square)
    return finite(rounder(Dyadic(2 * root + (root * root != square), (x[0].q - shift) // 2 - 1)))


def exponential(x: tuple[Dyadic, ...], rounder: Rounder) -> Dyadic:
    """Return the correctly rounded exponential of the package."""
    xp = rounded(rounder.format, rounder.rounding, overflow=rounder.overflow)
    return Dyadic.from_float(float(xp.exp(xp.asarray(x[0])).to_float64()))


def sine(x: tuple[Dyadic, ...], rounder: Rounder) -> Dyadic:
    """Return the correctly rounded sine of the package for |x| < 8, else 0."""
    return trigonometric("sin", x[0], rounder)


def cosine(x: tuple[Dyadic, ...], rounder: Rounder) -> Dyadic:
    """Return the correctly rounded cosine of the package for |x| < 8, else 0."""
    return trigonometric("cos", x[0], rounder)


def trigonometric(name: str, x: Dyadic, rounder: Rounder) -> Dyadic:
    """Return the correctly rounded function for |x| < 8, else 0."""
    if abs(x.to_fraction()) >= 8:
        return Dyadic(0)
    xp = rounded(rounder.format, rounder.rounding, overflow=rounder.overflow)
    return Dyadic.from_float(float(getattr(xp, name)(xp.asarray(x)).to_float64()))


def largest(x: tuple[Dyadic, ...], _: Rounder) -> Dyadic:
    """Return the largest argument."""
    return max(x, key=Dyadic.to_fraction)


def least(x: tuple[Dyadic, ...], _: Rounder) -> Dyadic:
    """Return the least argument."""
    return min(x, key=Dyadic.to_fraction)


def finite(x: object) -> Dyadic:
    """Return a result that is a number."""
    assert isinstance(x, Dyadic)
    return x


def small(values: Sequence[int]) -> Sizes:
    """Return sizes with one operand."""
    return tuple((p, 1) for p in values)
