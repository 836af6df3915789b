"""An array namespace that computes every entry alone, keeps its depth and counts what is done: an oracle for costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from precise.semantics.depth import SYMBOLS

CONSTANTS = (
    dict(zip(SYMBOLS, (1_000_003, 10_000_000_019, 7, 100_003, 1_009, 50_000_017, 2), strict=True)),
    dict(zip(SYMBOLS, (101, 10_007, 7, 1_000_003, 100_000_007, 10_000_000_019, 2), strict=True)),
)
"""Values of the constants at which depths that occur and differ have different values; sines are shallow, or deep."""


def charges(constants: Mapping[str, int]) -> dict[str, int]:
    """Return what each operation costs in the papers' constants."""
    s, total, _, exp, sqrt, angle, _ = (constants[name] for name in SYMBOLS)
    simple = dict.fromkeys(("add", "subtract", "multiply", "divide"), s)
    return simple | {
        "negative": 0, "sqrt": sqrt, "exp": exp, "cos": angle, "sin": angle, "sum": total, "max": total,
    }  # fmt: skip


@dataclass(frozen=True)
class Wire:
    """A number of which only the depth is kept."""

    level: int


class Counting:
    """An array namespace over arrays of `Wire`s: each entry of each result is computed alone, and counted."""

    def __init__(self, charges: Mapping[str, int]) -> None:
        self.charges, self.counts, self.lengths = charges, Counter[str](), Counter[int]()
        self.steps: set[tuple[str, int, int]] = set()

    def empty(self, shape: tuple[int, ...]) -> Wires:
        return Wires(self, np.full(shape, Wire(0), dtype=object))

    def asarray(self, x: Any) -> Wires:
        return Wires(self, np.asarray(x, dtype=bool))

    def gate(self, kind: str, *inputs: Any) -> Wire:
        self.counts[kind] += 1
        return Wire(self.charges[kind] + max((x.level for x in inputs if isinstance(x, Wire)), default=0))

    def step(self, kind: str, own: int, *arrays: Any) -> None:
        """Note a step of a proof: a kind of operation on operands of one depth, and its own depth."""
        entries = [entry for a in arrays if isinstance(a, Wires) for entry in a.data.flat]
        deepest = max((x.level for x in entries if isinstance(x, Wire)), default=0)
        self.steps.add((kind, deepest, own))

    def entrywise(self, kind: str, *arrays: Any) -> Wires:
        data = np.broadcast_arrays(*[a.data if isinstance(a, Wires) else np.asarray(a, dtype=object) for a in arrays])
        out = np.empty(data[0].shape, dtype=object)
        self.step("angle" if kind in ("sin", "cos") else kind, self.charges[kind], *arrays)
        for place in np.ndindex(out.shape):
            out[place] = self.gate(kind, *(x[place] for x in data))
        return Wires(self, out)

    def add(self, a: Any, b: Any) -> Wires:
        return self.entrywise("add", a, b)

    def subtract(self, a: Any, b: Any) -> Wires:
        return self.entrywise("subtract", a, b)

    def multiply(self, a: Any, b: Any) -> Wires:
        return self.entrywise("multiply", a, b)

    def divide(self, a: Any, b: Any) -> Wires:
        return self.entrywise("divide", a, b)

    def negative(self, a: Any) -> Wires:
        return self.entrywise("negative", a)

    def sqrt(self, a: Any) -> Wires:
        return self.entrywise("sqrt", a)

    def exp(self, a: Any) -> Wires:
        return self.entrywise("exp", a)

    def cos(self, a: Any) -> Wires:
        return self.entrywise("cos", a)

    def sin(self, a: Any) -> Wires:
        return self.entrywise("sin", a)

    def total(self, kind: str, wires: list[Wire]) -> Wire:
        self.counts[f"terms of {kind}"] += len(wires)
        self.lengths[len(wires)] += kind == "sum"
        return self.gate(kind, *wires)

    def sum(self, a: Wires, *, axis: int, keepdims: bool = False) -> Wires:
        return self.along("sum", a, axis, keepdims)

    def max(self, a: Wires, *, axis: int, keepdims: bool = False) -> Wires:
        return self.along("max", a, axis, keepdims)

    def along(self, kind: str, a: Wires, axis: int, keepdims: bool) -> Wires:
        rows = np.moveaxis(a.data, axis, -1)
        self.step(kind, self.charges[kind], a)
        out = np.empty(rows.shape[:-1], dtype=object)
        for place in np.ndindex(out.shape):
            out[place] = self.total(kind, list(rows[place]))
        return Wires(self, np.expand_dims(out, axis) if keepdims else out)

    def matmul(self, a: Wires, b: Wires) -> Wires:
        self.step("matmul", self.charges["multiply"] + self.charges["sum"], a, b)
        batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        left = np.broadcast_to(a.data, (*batch, *a.shape[-2:]))
        right = np.broadcast_to(b.data, (*batch, *b.shape[-2:]))
        out = np.empty((*batch, a.shape[-2], b.shape[-1]), dtype=object)
        for *place, i, j in np.ndindex(out.shape):
            pairs = zip(left[(*place, i)], right[(*place, slice(None), j)], strict=True)
            out[(*place, i, j)] = self.total("sum", [self.gate("multiply", x, y) for x, y in pairs])
        return Wires(self, out)

    def reshape(self, a: Wires, shape: tuple[int, ...]) -> Wires:
        return Wires(self, np.reshape(a.data, shape))

    def expand_dims(self, a: Wires, *, axis: int) -> Wires:
        return Wires(self, np.expand_dims(a.data, axis))

    def matrix_transpose(self, a: Wires) -> Wires:
        return Wires(self, np.swapaxes(a.data, -1, -2))

    def concat(self, arrays: list[Wires], *, axis: int = 0) -> Wires:
        return Wires(self, np.concatenate([a.data for a in arrays], axis=axis))

    def stack(self, arrays: list[Wires], *, axis: int = 0) -> Wires:
        return Wires(self, np.stack([a.data for a in arrays], axis=axis))

    def where(self, condition: Wires, a: Wires, b: int) -> Wires:
        return Wires(self, np.where(condition.data, a.data, b))


class Wires:
    """An array of the counting namespace."""

    def __init__(self, xp: Counting, data: np.ndarray) -> None:
        self.xp, self.data = xp, data

    def __array_namespace__(self) -> Counting:
        return self.xp

    @property
    def shape(self) -> tuple[int, ...]:
        return self.data.shape

    def __getitem__(self, key: Any) -> Wires:
        return Wires(self.xp, self.data[key])


@dataclass(frozen=True)
class Counted:
    """What a run has cost: the deepest entry, the steps added up, and how many operations of each kind."""

    level: int
    in_sequence: int
    counts: dict[str, int]


def counted(run: Callable, n: int, d: int, constants: dict[str, int]) -> Counted:
    """Return the cost of a run, entry by entry."""
    xp = Counting(charges(constants))
    out = run(xp, n, d)
    return Counted(max(wire.level for wire in out.data.flat), sum(own for *_, own in xp.steps), dict(xp.counts))
