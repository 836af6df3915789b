"""The circuits at all inputs of small formats and at adversarial inputs of larger ones: units of work and their runs.

Each unit builds one circuit, evaluates it at its inputs, and compares every result, code by code, with an oracle that
shares nothing with the package and with the arrays of `rounded`.
"""

from __future__ import annotations

import hashlib
import resource
import sys
import time
from dataclasses import dataclass, field
from itertools import product as cartesian

import numpy as np
from oracles.binarycodes import BinaryCodes
from oracles.mpfrcodes import Codes, MpfrCodes
from sweeps.circuit_inputs import arguments
from sweeps.circuit_rounded import by_rounded

from precise.circuits import Circuit, Layout, build, evaluate, measure
from precise.modes import parse_rounding

SHOWN = 3
PAIRS = ("less_equal", "add", "subtract", "multiply", "divide")
FUNCTIONS = ("floor", "sqrt", "exp", "sin", "cos")
REDUCED = ("max", "min", "sum", "prod", "dot")
OPERATIONS = (*PAIRS, *FUNCTIONS, *REDUCED)
MODES = ("RNA", "RTZ", "RTP", "RTN", "RAZ", "RTO")
ALL, ADVERSARIAL = "all", "adversarial"
BOUND = 3
METHODS = {"add": "add", "subtract": "sub", "multiply": "mul", "exp": "exp"}
PAIRS_OF_SIX = ("divide", "add", "multiply", "less_equal")
BLOCKS = 16
LANES = 100_000
LONG_SUMS = ((4, 8), (8, 4), (8, 8), (11, 6), (24, 4))
LONG_PRODUCTS = ((4, 8), (8, 4), (8, 8), (11, 6), (24, 3))
LONG = 250_000
TINY = ((2, 2), (2, 3), (2, 4), (3, 2), (3, 3), (4, 2))
DIRECTED = (("sqrt", 6), ("exp", 6), ("sin", 5), ("cos", 5))
DOTS = ((8, 3), (11, 3), (24, 2))


@dataclass(frozen=True)
class CircuitUnit:
    """One operation at one size, on all inputs or on adversarial ones."""

    operation: str
    p: int
    n: int
    kind: str
    mode: str = "RNE"
    block: int = 0
    blocks: int = 1
    lanes: int = 0

    @property
    def key(self) -> str:
        """Return the name under which the outcome is kept."""
        return f"{self.kind}:{self.operation}:{self.p}:{self.n}:{self.mode}:{self.block}"

    @property
    def operands(self) -> int:
        """How many floats one lane has."""
        return 1 if self.operation in FUNCTIONS else 2 * self.n if self.operation == "dot" else self.n

    @property
    def expected(self) -> int:
        """How many cases the unit must have, by a formula."""
        members: int = 2 ** (2 * self.p + 1) + 1
        if self.kind == ADVERSARIAL:
            return self.lanes
        first = members // self.blocks + (self.block < members % self.blocks)
        return first * int(members ** (self.operands - 1))


@dataclass
class Found:
    """What a unit compared and what it cost."""

    cases: int = 0
    wrong: int = 0
    rounded: int = 0
    rounded_wrong: int = 0
    seconds: float = 0.0
    building: float = 0.0
    mebibytes: int = 0
    depth: int = 0
    gates: int = 0
    wires: int = 0
    circuit: str = ""
    reached: dict[str, int] = field(default_factory=dict)
    first: list[str] = field(default_factory=list)


def units() -> list[CircuitUnit]:
    """Return all units, the longest ones last."""
    found = [CircuitUnit(name, p, 2, ALL) for name in PAIRS for p in range(2, 6)]
    found += [CircuitUnit(name, p, 1, ALL) for name in FUNCTIONS for p in range(2, 9)]
    found += [CircuitUnit(name, p, n, ALL) for name in REDUCED for p, n in (TINY if name != "dot" else TINY[:1])]
    found += [CircuitUnit(name, p, 2, ADVERSARIAL, lanes=LANES) for p in (8, 11) for name in PAIRS]
    found += [CircuitUnit(name, p, 1, ADVERSARIAL, lanes=LANES) for p in (8, 11) for name in FUNCTIONS]
    found += [CircuitUnit(name, p, 4, ADVERSARIAL, lanes=LANES) for name in ("max", "min") for p in (8, 11, 24)]
    found += [CircuitUnit("sum", p, n, ADVERSARIAL, lanes=LONG) for p, n in LONG_SUMS]
    found += [CircuitUnit("prod", p, n, ADVERSARIAL, lanes=LONG) for p, n in LONG_PRODUCTS]
    found += [CircuitUnit("dot", p, n, ADVERSARIAL, lanes=LANES) for p, n in DOTS]
    found += [CircuitUnit(name, 24, 2, ADVERSARIAL, lanes=LANES) for name in PAIRS]
    found += [CircuitUnit(name, 24, 1, ADVERSARIAL, lanes=LANES) for name in ("floor", "sqrt", "exp")]
    blocks = [CircuitUnit(name, 6, 2, ALL, block=i, blocks=BLOCKS) for name in PAIRS_OF_SIX for i in range(BLOCKS)]
    found += blocks[:BLOCKS]
    found += [CircuitUnit(name, 24, 1, ADVERSARIAL, lanes=LANES) for name in ("sin", "cos")]
    found += [CircuitUnit(name, p, 1, ALL, m) for name, most in DIRECTED for p in range(2, most + 1) for m in MODES]
    return found + blocks[BLOCKS:]


def inputs(unit: CircuitUnit, seed: int) -> list[Codes]:
    """Return the codes of a unit, one column an operand."""
    if unit.kind == ADVERSARIAL:
        own = sum(ord(c) * 31**i for i, c in enumerate(unit.key))
        rng = np.random.default_rng([seed, own % 2**63])
        return arguments(unit.operation, unit.p, unit.n, unit.lanes, rng)
    codes = np.array(Layout.paper(unit.p).codes(), dtype=np.int64)
    first = codes[unit.block :: unit.blocks]
    if unit.operands == 2:
        return [np.repeat(first, len(codes)), np.tile(codes, len(first))]
    rows = np.array(list(cartesian(first.tolist(), *[codes.tolist()] * (unit.operands - 1))), dtype=np.int64)
    return list(rows.T)


def right(unit: CircuitUnit, columns: list[Codes]) -> Codes:
    """Return what an outside oracle says: MPFR, or binary64 for pairs of six bits."""
    if unit.p == 6 and unit.operation in PAIRS and unit.kind == ALL:
        return BinaryCodes(unit.p).pairs(unit.operation, *columns)
    oracle = MpfrCodes(unit.p)
    match unit.operation:
        case "less_equal" | "divide":
            return getattr(oracle, unit.operation)(*columns)  # type: ignore[no-any-return]
        case "sqrt":
            return oracle.sqrt(*columns, mode=unit.mode)
        case "floor":
            return oracle.floor(*columns)
        case "sin" | "cos":
            return oracle.wave(unit.operation, *columns, bound=BOUND, mode=unit.mode)
        case "max" | "min":
            return oracle.extremum(max if unit.operation == "max" else min, *columns)
        case "sum":
            return oracle.total(*columns)
        case "prod":
            return oracle.product(*columns)
        case "dot":
            pairs = zip(columns[: unit.n], columns[unit.n :], strict=True)
            products = [oracle.apply("mul", x, y) for x, y in pairs]
            return oracle.total(*products) if unit.n > 1 else products[0]
    return oracle.apply(METHODS[unit.operation], *columns, mode=unit.mode)


def reached(unit: CircuitUnit, columns: list[Codes], answers: Codes) -> dict[str, int]:
    """Return how many lanes reached each corner."""
    if unit.operation in ("less_equal", "max", "min"):
        return {"equal": int((columns[0] == columns[1]).sum())}
    oracle, magnitude = MpfrCodes(unit.p), answers & (1 << (2 * unit.p + 1)) - 1
    found = {
        "largest": int((magnitude == oracle.largest).sum()),
        "least": int((magnitude == oracle.least).sum()),
        "zero": int((magnitude == 0).sum()),
    }
    if unit.operation in FUNCTIONS:
        return {"zero": found["zero"]} if unit.operation != "exp" else found
    part = [c[:LANES] for c in columns] if unit.kind == ADVERSARIAL else []
    if part and unit.operation in ("add", "subtract", "multiply"):
        found["ties"] = oracle.ties(METHODS[unit.operation], part)
    if part and unit.operation == "sum":
        found["ties"] = oracle.midway(oracle.sums(part, unit.p + 1))
    if part and unit.operation == "prod":
        found["ties"] = oracle.midway(oracle.products(part, unit.p + 1))
    return found


def fingerprint(circuit: Circuit) -> str:
    """Return a short digest of the gates of a circuit."""
    found = hashlib.sha256()
    for array in (circuit.row_starts, circuit.row_sources, circuit.row_weights, circuit.row_gates,
                  circuit.gate_thresholds, circuit.output_sources, circuit.output_negated):  # fmt: skip
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()[:12]


def run(unit: CircuitUnit, seed: int, known: str = "") -> Found | None:
    """Return what a unit found; None where the circuit is the one that is known."""
    start = time.monotonic()
    circuit = build(unit.operation, unit.p, unit.n, rounding=parse_rounding(unit.mode))
    size, found = measure(circuit), Found(circuit=fingerprint(circuit), building=time.monotonic() - start)
    if found.circuit == known:
        return None
    found.depth, found.gates, found.wires = size.depth, size.gates, size.stored_wires
    columns = inputs(unit, seed)
    got = evaluate(circuit, *columns, threads=1)[0]
    answers = right(unit, columns)
    assert len(got) == len(answers) == unit.expected, unit.key
    found.cases = len(got)
    _judge(found, "oracle", unit, columns, got, answers)
    ours, inside = by_rounded(unit.operation, unit.p, unit.n, columns, unit.mode)
    found.rounded = int(inside.sum())
    _judge(found, "rounded", unit, columns, np.where(inside, got, 0), np.where(inside, ours, 0))
    found.reached = reached(unit, columns, answers)
    assert all(found.reached.values()) or unit.kind == ALL or unit.operation == "exp", (unit.key, found.reached)
    found.seconds = time.monotonic() - start
    kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
    found.mebibytes = kibibytes >> 10
    return found


def _judge(found: Found, whom: str, unit: CircuitUnit, columns: list[Codes], got: Codes, answers: Codes) -> None:
    """Count wrong results, and keep the first few."""
    bad = np.flatnonzero(got != answers)
    if whom == "oracle":
        found.wrong = len(bad)
    else:
        found.rounded_wrong = len(bad)
    for i in bad[:SHOWN].tolist():
        operands = ", ".join(hex(int(c[i])) for c in columns)
        found.first.append(f"{unit.key} ({operands}): {int(got[i]):#x}, {whom} says {int(answers[i]):#x}")
