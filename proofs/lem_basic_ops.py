"""Basic operations in TC0: circuits of constant depth that agree with the operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from precise import paper_float
from precise.circuits import OPERATIONS, Circuit, Layout, build, evaluate, measure
from precise.claims import Counterexample, Evidence, Further, Kind, Mutant, Scope, Statement, Step, Tier, cited
from precise.dyadic import Dyadic
from precise.rounding import RNE, Overflow, Rounder
from proofs._circuit_constants import STATEMENT as CONSTANTS_OF_DEPTH
from proofs._circuit_extrema import EXTREMA_CIRCUIT
from proofs._circuits import Instance, all_equal, with_threshold
from proofs._float_evidence import PRODUCER, Outcome
from proofs._kernel_gates import ADDITION

NAMES = ("less_equal", "add", "multiply", "divide")
DEPTHS = {"less_equal": 4, "add": 12, "multiply": 11, "divide": 28}
SWEEP = {"less_equal": (2, 3, 4, 6, 8, 12, 16, 24, 32), "add": (2, 3, 4, 6, 8, 12, 16), "multiply": (2, 3, 4, 6, 8, 12)}
SWEEP["divide"] = (2, 3, 4, 6, 8, 10)
GATES = {"less_equal": (12, 1), "add": (45, 2), "multiply": (21, 2), "divide": (73, 2)}
"""Gates are at most C * p**k on the sweep; for division the exponent is for the sweep only."""
WIRES = {"less_equal": (25, 2), "add": (151, 3), "multiply": (61, 3), "divide": (225, 3)}


@cache
def member(name: str, p: int) -> Circuit:
    """Return the circuit of an operation, built once."""
    return build(name, p)


@cache
def results(name: str, p: int) -> tuple[list[int], list[int], list[int]]:
    """Return the codes of all pairs of floats and of the rounded results; no pair where the result is undefined."""
    layout = Layout.paper(p)
    rounder = Rounder(paper_float(p), RNE, Overflow.SATURATE)
    codes = layout.codes()
    numbers = [layout.decode(code) for code in codes]
    code_of = dict(zip(numbers, codes, strict=True))
    rows = [
        (a, b, code_of[result(name, x, y, rounder)] if name != "less_equal" else int(x <= y))
        for a, x in zip(codes, numbers, strict=True)
        for b, y in zip(codes, numbers, strict=True)
        if name != "divide" or y.c
    ]
    first, second, right = zip(*rows, strict=True)
    return list(first), list(second), list(right)


def result(name: str, x: Dyadic, y: Dyadic, rounder: Rounder) -> Dyadic:
    """Return an operation, rounded once."""
    if name == "divide":
        sign = -1 if y.c < 0 else 1
        rounded = rounder.round_ratio(sign * x.c, abs(y.c), x.q - y.q)
    else:
        rounded = rounder(x + y if name == "add" else x * y)
    assert isinstance(rounded, Dyadic)
    return rounded


def circuits_agree(precisions: tuple[int, ...], change: Callable[[str, Circuit], Circuit] = lambda _, c: c) -> Outcome:
    """Compare every circuit with its operation on all pairs of floats."""
    cases = 0
    for p in precisions:
        for name in NAMES:
            first, second, right = results(name, p)
            got = evaluate(change(name, member(name, p)), first, second)[0].tolist()
            wrong = next((i for i, g in enumerate(got) if g != right[i]), None)
            if wrong is not None:
                layout = Layout.paper(p)
                x, y = layout.decode(first[wrong]), layout.decode(second[wrong])
                return Counterexample(
                    values={"p": p, "x": x, "y": y, "got": got[wrong], "right": right[wrong]},
                    refutes="got != right",
                    lines=(f"{name} at {x} and {y}: code {got[wrong]}, right is {right[wrong]}",),
                    order="least p, operation, then x and y by code",
                    cases=cases + wrong + 1,
                )
            cases += len(right)
    members = [2 ** (2 * p + 1) + 1 for p in precisions]
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.listed_p(precisions),
        cases=cases,
        expected=sum(4 * f * f - f for f in members),  # no division by the one zero
        producer=PRODUCER,
        note="all pairs; results beyond the range become the nearest member",
    )


def one_threshold_lower(name: str, circuit: Circuit) -> Circuit:
    """Return the adder with the threshold of its middle gate lowered by one, other circuits as they are."""
    return with_threshold(circuit, circuit.n_gates // 2, -1) if name == "add" else circuit


def depth_is_constant(depths: dict[str, int]) -> Outcome:
    """Check that no member is deeper than the constant, and from a small p on none is shallower."""

    def rows() -> Iterator[Instance]:
        for name in NAMES:
            for p in SWEEP[name]:
                depth = member(name, p).depth
                settled = p >= OPERATIONS[name].settled
                yield f"{name}, p = {p}: depth", depth if settled else max(depth, depths[name]), depths[name]

    return all_equal(rows(), sum(map(len, SWEEP.values())), "p of the sweep of each operation", precisions=SWEPT)


SWEPT = tuple(sorted({p for sweep in SWEEP.values() for p in sweep}))


def size_is_polynomial(share: int) -> Outcome:
    """Check gates and wires against the bounds, of which `share` thousandths are taken."""

    def rows() -> Iterator[Instance]:
        for name in NAMES:
            for p in SWEEP[name]:
                cost = measure(member(name, p))
                for what, got, (factor, power) in (
                    ("gates", cost.gates, GATES[name]),
                    ("wires", cost.wires, WIRES[name]),
                ):
                    bound = share * factor * p**power // 1000
                    yield f"{name}, p = {p}: {what} at most {bound}", max(got, bound), bound

    limit = "p of the sweep of each operation"
    return all_equal(rows(), 2 * sum(map(len, SWEEP.values())), limit, precisions=SWEPT, note="bounds of the sweep")


STATEMENTS = (
    ADDITION,
    EXTREMA_CIRCUIT,
    CONSTANTS_OF_DEPTH,
    Statement(
        label="lem:basic-ops",
        title="Basic operations in TC0",
        mark="R",
        suspects=("S10",),
        tex=(
            r"If $p(n)\le poly(n)$, then $\le,+,\times,\div$ on $\mathbb F_p$ are computed by DLOGTIME-uniform "
            r"threshold circuits of size $poly(n)$ and constant depth: here $d_\le=4$, $d_+=12$, $d_\times=11$, "
            r"$d_\div=28$, so $s=d_{std}=28$. These are upper bounds, not optima."
        ),
        uses=("lem:ops-correct", "lem:basic-ops@addition", "def:dlogtime-uniform", "thm:uniform-composition"),
        steps=(
            Step(
                id="circuits-agree-with-operations",
                of_code=True,
                says="For small p the circuits give the rounded result on every pair of floats.",
                formal="for p in 2, 3, all x, y in F_p (y != 0 for division): circuit(x, y) = round(x op y); x <= y",
                check=lambda: circuits_agree((2, 3)),
                mutants=(
                    Mutant("one threshold of the adder lowered", lambda: circuits_agree((3,), one_threshold_lower)),
                ),
                further=(
                    Further(
                        tier=Tier.FULL,
                        check=lambda: circuits_agree((2, 3, 4)),
                        mutants=(Mutant("one threshold lowered", lambda: circuits_agree((4,), one_threshold_lower)),),
                    ),
                ),
            ),
            Step(
                id="depth-does-not-grow",
                of_code=True,
                says=r"The depth is one number for every p: $4,12,11,28$ for $\le,+,\times,\div$.",
                formal="for p of the sweeps (to 32, 16, 12, 10): depth <= 4, 12, 11, 28, equal from p = 2, 2, 3, 4 on",
                check=lambda: depth_is_constant(DEPTHS),
                mutants=(
                    Mutant("division in 27 levels", lambda: depth_is_constant({**DEPTHS, "divide": 27})),
                    Mutant("addition in 11 levels", lambda: depth_is_constant({**DEPTHS, "add": 11})),
                ),
            ),
            Step(
                id="size-is-polynomial-on-the-sweep",
                of_code=True,
                says="Gates and wires stay below $Cp^k$ on the sweep.",
                formal="for p of the sweeps: gates <= 12 p, 45, 21, 73 p^2; wires <= 25 p^2, 151, 61, 225 p^3",
                check=lambda: size_is_polynomial(1000),
                mutants=(Mutant("bounds times 950/1000", lambda: size_is_polynomial(950)),),
            ),
            cited(
                id="families-are-uniform",
                says=(
                    "The patterns of comparison, shift, leading one and rounding have connection functions like "
                    "those of addition; the tables that division takes (primes, powers modulo primes) are computed "
                    "by uniform circuits."
                ),
                formal="for p <= poly(n): the four families are DLOGTIME-uniform",
                source="Hesse, Allender and Barrington, JCSS 65 (2002) 695-716 (division, tables modulo small primes); "
                "Barrington, Immerman and Straubing, JCSS 41 (1990) 274-306 (comparison, addition, shifts)",
            ),
        ),
    ),
)
