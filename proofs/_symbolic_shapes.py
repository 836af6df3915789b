"""The cost semantics over symbolic shapes: one run of a body gives its depth and size for every shape.

An array has a shape of polynomials and a cost, no elements: an operation is charged for all its entries at once, and
its result has one depth. Each function states how the shape of its result follows, and what it is charged; the
charges of single operations are those of the cost semantics.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import zip_longest
from math import prod
from types import EllipsisType
from typing import Any, TypeAlias

from precise.errors import ShapeError, UndecidedError
from precise.semantics.cost import COSTS
from precise.semantics.depth import Depth
from proofs._lifting import Family, Span
from proofs._sizes import Facts, Length, Relation, Size, names_of
from proofs._symbolic_costs import Cost, joined, longer, multiplied
from proofs._symbolic_loops import after_loop

Shape: TypeAlias = tuple[Length, ...]
Key: TypeAlias = Length | slice | EllipsisType | None


class ShapedArray:
    """An array of which the shape, the cost and whether it holds truth values are known."""

    def __init__(self, xp: SymbolicShapes, shape: Shape, cost: Cost, boolean: bool = False) -> None:
        self.xp, self.shape, self.cost, self.boolean = xp, shape, cost, boolean

    def __array_namespace__(self, *, api_version: str | None = None) -> SymbolicShapes:
        """Return the namespace of the array."""
        return self.xp

    @property
    def dtype(self) -> type:
        """What an element is."""
        return bool if self.boolean else Depth

    def __getitem__(self, key: Key | tuple[Key, ...]) -> ShapedArray:
        return self.xp.getitem(self, key if isinstance(key, tuple) else (key,))

    def repeated(self, span: Span, one_pass: Callable[[ShapedArray], ShapedArray]) -> ShapedArray:
        """Return the array that a loop over `span` makes of this one, which it carries from pass to pass."""
        if self.xp.facts.open:
            raise UndecidedError("loop: a loop that carries an array must not lie in another of unknown length")

        def cost_after(before: Cost) -> Cost:
            found = one_pass(ShapedArray(self.xp, self.shape, before))
            if not bool(found.shape == self.shape):
                raise UndecidedError(f"loop: the shape must stay {list(self.shape)}; got {list(found.shape)}")
            return found.cost

        cost = after_loop(self.cost, cost_after, span.length, self.xp.facts, self.xp.fresh)
        return ShapedArray(self.xp, self.shape, cost)


Operand: TypeAlias = ShapedArray | int | Fraction | Size


class SymbolicShapes:
    """The namespace of symbolic shapes; its functions are those of the array API that the bodies call."""

    name = "symbolic shapes"

    def __init__(self, facts: Facts, costs: Mapping[str, Depth] = COSTS) -> None:
        self.facts, self.costs, self.calls = facts, costs, 0

    def fresh(self) -> int:
        """Return a fresh number for a call."""
        self.calls += 1
        return self.calls

    # Inputs and constants, at depth 0.

    def empty(self, shape: Shape) -> ShapedArray:
        """Return an input."""
        return ShapedArray(self, tuple(shape), Cost())

    def full(self, shape: Shape, fill_value: Operand, *, dtype: object = None) -> ShapedArray:
        """Return a constant."""
        return self.empty(shape)

    def asarray(self, x: Any, /) -> ShapedArray:
        """Return a table of truth values, given as lists or families of comparisons."""
        return ShapedArray(self, shape_of_table(x), Cost(), boolean=True)

    def own(self, x: Operand) -> ShapedArray:
        """Return an operand as an array."""
        return x if isinstance(x, ShapedArray) else self.empty(())

    # Rearrangements, which are free.

    def moved(self, shape: Shape, *sources: ShapedArray) -> ShapedArray:
        """Return rearranged entries, which cost what their sources cost."""
        return ShapedArray(self, shape, joined(x.cost for x in sources), all(x.boolean for x in sources))

    def getitem(self, x: ShapedArray, key: tuple[Key, ...]) -> ShapedArray:
        """Return the entries at integers and slices."""
        given = sum(isinstance(k, int | Size | slice) for k in key)
        if Ellipsis not in key:
            key = (*key, Ellipsis)
        shape: list[Length] = []
        rest = list(x.shape)
        for k in key:
            if k is None:
                shape.append(1)
            elif k is Ellipsis:
                shape += [rest.pop(0) for _ in range(len(x.shape) - given)]
            else:
                length = rest.pop(0)
                if isinstance(k, slice):
                    shape.append(length_of_slice(k, length))
                else:
                    must(-length <= k and k < length, f"index: {k} must lie within length {length}")
        return self.moved(tuple(shape), x)

    def reshape(self, x: ShapedArray, shape: Shape, /) -> ShapedArray:
        """Return the same entries under another shape."""
        known = prod((n for n in shape if not (isinstance(n, int) and n == -1)), start=1)
        if isinstance(known, int) and known == 1:
            shape = tuple(prod(x.shape) if isinstance(n, int) and n == -1 else n for n in shape)
        must(prod(shape) == prod(x.shape), f"reshape: sizes must agree; got {list(x.shape)} to {list(shape)}")
        return self.moved(tuple(shape), x)

    def expand_dims(self, x: ShapedArray, /, *, axis: int) -> ShapedArray:
        """Return the array with an axis of length 1."""
        place = axis + len(x.shape) + 1 if axis < 0 else axis
        return self.moved((*x.shape[:place], 1, *x.shape[place:]), x)

    def matrix_transpose(self, x: ShapedArray, /) -> ShapedArray:
        """Return the array with its last two axes exchanged."""
        return self.moved((*x.shape[:-2], x.shape[-1], x.shape[-2]), x)

    def concat(self, arrays: Sequence[ShapedArray] | Family, /, *, axis: int = 0) -> ShapedArray:
        """Return the arrays joined along an axis; those of a family all have one shape."""
        parts, times = members(arrays, "concat")
        place = axis % len(parts[0].shape)
        for x in parts[1:]:
            same = x.shape[:place] == parts[0].shape[:place] and x.shape[place + 1 :] == parts[0].shape[place + 1 :]
            must(same, "concat: shapes must agree beside the axis")
        length = sum((x.shape[place] for x in parts), 0) * times
        return self.moved((*parts[0].shape[:place], length, *parts[0].shape[place + 1 :]), *parts)

    def stack(self, arrays: Sequence[ShapedArray] | Family, /, *, axis: int = 0) -> ShapedArray:
        """Return the arrays joined along a new axis; those of a family all have one shape."""
        parts, times = members(arrays, "stack")
        must(all(x.shape == parts[0].shape for x in parts), "stack: shapes must agree")
        place = axis % (len(parts[0].shape) + 1)
        return self.moved((*parts[0].shape[:place], times * len(parts), *parts[0].shape[place:]), *parts)

    def where(self, condition: ShapedArray, x1: Operand, x2: Operand, /) -> ShapedArray:
        """Return a choice between two arrays by a table of truth values."""
        a, b = self.own(x1), self.own(x2)
        found = self.moved(broadcast(condition.shape, a.shape, b.shape), condition, a, b)
        return ShapedArray(self, found.shape, found.cost)

    # Operations, which are charged.

    def spend(self, op: str, shape: Shape, counts: Mapping[str, Length], *operands: ShapedArray) -> ShapedArray:
        """Return the result of an operation: one step deeper than its operands."""
        if any(x.boolean for x in operands):
            raise UndecidedError(f"{op}: operands must be numbers; got truth values")
        before, own, number = joined(x.cost for x in operands), self.costs[op], self.fresh()
        step = ("sin, cos" if op in ("sin", "cos") else op, before.path, own)
        counts = multiplied(counts, self.facts.open)
        if any(names_of(n) & self.facts.ranges.keys() for n in counts.values()):
            raise UndecidedError(f"{op}: counts must not depend on the index of a loop; got {counts}")
        calls = {(number, kind, n) for kind, n in counts.items()}
        steps, chains = before.steps | {step}, longer(before, op, own)
        return ShapedArray(self, shape, Cost(before.path + own, steps, before.calls | calls, before.loops, chains))

    def entrywise(self, op: str, *operands: Operand) -> ShapedArray:
        """Return an operation on each entry of broadcast arrays."""
        arrays = [self.own(x) for x in operands]
        shape = broadcast(*(x.shape for x in arrays))
        return self.spend(op, shape, {op: prod(shape)}, *arrays)

    def reduced(self, op: str, x: ShapedArray, axis: int, keepdims: bool) -> ShapedArray:
        """Return an iterated sum or extremum along an axis."""
        place = axis % len(x.shape)
        kept = (*x.shape[:place], *x.shape[place + 1 :])
        shape = (*x.shape[:place], 1, *x.shape[place + 1 :]) if keepdims else kept
        return self.spend(op, shape, {op: prod(kept), f"terms of {op}": prod(x.shape)}, x)

    def matmul(self, x1: ShapedArray, x2: ShapedArray, /) -> ShapedArray:
        """Return a matrix product: one layer of products, one of sums."""
        must(x1.shape[-1] == x2.shape[-2], f"matmul: got {list(x1.shape)} and {list(x2.shape)}")
        shape = (*broadcast(x1.shape[:-2], x2.shape[:-2]), x1.shape[-2], x2.shape[-1])
        entries = prod(shape)
        terms = entries * x1.shape[-1]
        return self.spend("matmul", shape, {"multiply": terms, "sum": entries, "terms of sum": terms}, x1, x2)

    def negative(self, x: Operand, /) -> ShapedArray:
        """Return `-x`."""
        return self.entrywise("negative", x)

    def add(self, x1: Operand, x2: Operand, /) -> ShapedArray:
        """Return `x1 + x2`."""
        return self.entrywise("add", x1, x2)

    def subtract(self, x1: Operand, x2: Operand, /) -> ShapedArray:
        """Return `x1 - x2`."""
        return self.entrywise("subtract", x1, x2)

    def multiply(self, x1: Operand, x2: Operand, /) -> ShapedArray:
        """Return `x1 * x2`."""
        return self.entrywise("multiply", x1, x2)

    def divide(self, x1: Operand, x2: Operand, /) -> ShapedArray:
        """Return `x1 / x2`."""
        return self.entrywise("divide", x1, x2)

    def sqrt(self, x: Operand, /) -> ShapedArray:
        """Return the square root."""
        return self.entrywise("sqrt", x)

    def exp(self, x: Operand, /) -> ShapedArray:
        """Return the exponential."""
        return self.entrywise("exp", x)

    def cos(self, x: Operand, /) -> ShapedArray:
        """Return the cosine."""
        return self.entrywise("cos", x)

    def sin(self, x: Operand, /) -> ShapedArray:
        """Return the sine."""
        return self.entrywise("sin", x)

    def sum(self, x: ShapedArray, /, *, axis: int, keepdims: bool = False) -> ShapedArray:
        """Return sums along an axis."""
        return self.reduced("sum", x, axis, keepdims)

    def max(self, x: ShapedArray, /, *, axis: int, keepdims: bool = False) -> ShapedArray:
        """Return the largest entries along an axis."""
        return self.reduced("max", x, axis, keepdims)

    def min(self, x: ShapedArray, /, *, axis: int, keepdims: bool = False) -> ShapedArray:
        """Return the least entries along an axis."""
        return self.reduced("min", x, axis, keepdims)


def shape_of_table(x: Any) -> Shape:
    """Return the shape of a table of truth values, given as lists or families of comparisons."""
    if isinstance(x, Family):
        return (x.span.length, *shape_of_table(x.element))
    if isinstance(x, list):
        rows = [shape_of_table(row) for row in x]
        must(rows and all(row == rows[0] for row in rows), "asarray: rows must have one shape")
        return (len(rows), *rows[0])
    if not isinstance(x, bool | Relation):
        raise UndecidedError(f"asarray: a table must consist of truth values; got {type(x).__name__}")
    return ()


def members(arrays: Sequence[ShapedArray] | Family, op: str) -> tuple[list[ShapedArray], Length]:
    """Return the arrays of a list, and of how many passes of a family they stand for."""
    if not isinstance(arrays, Family):
        return list(arrays), 1
    shape = arrays.element.shape
    if any(names_of(n) & names_of(arrays.span.index) for n in shape):
        raise UndecidedError(f"{op}: the shapes of a family must not depend on its index; got {list(shape)}")
    return [arrays.element], arrays.span.length


def length_of_slice(key: slice, length: Length) -> Length:
    """Return how many entries a slice with step 1 takes; it must lie within the length."""
    if key.step is not None:
        raise UndecidedError(f"index: a slice must have step 1; got {key}")
    start: Length = 0 if key.start is None else key.start
    stop: Length = length if key.stop is None else key.stop
    must(start >= 0 and start <= stop and stop <= length, f"index: {key} must lie within length {length}")
    return stop - start


def broadcast(*shapes: Shape) -> Shape:
    """Return the shape to which shapes broadcast."""
    columns = zip_longest(*(reversed(shape) for shape in shapes), fillvalue=1)
    found: list[Length] = []
    for column in columns:
        longer = [n for n in column if not (isinstance(n, int) and n == 1)]
        must(all(n == longer[0] for n in longer), f"shapes must broadcast; got {[list(s) for s in shapes]}")
        found.append(longer[0] if longer else 1)
    return tuple(reversed(found))


def must(holds: object, message: str) -> None:
    """Raise a `ShapeError` unless a condition on lengths holds; undecided ones raise an error of their own."""
    if not bool(holds):
        raise ShapeError(message)
