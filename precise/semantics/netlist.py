"""The netlist semantics: arrays of floats on wires; a body that runs in it yields the threshold circuit it is.

Every operation is one circuit of `precise.circuits`, built once; its instances in an array are lanes of one evaluation,
and in the network they stand side by side. So a run gives at once the values, bit for bit those of the rounded
semantics with sums rounded once, and the network: its depth, its gates and its wires.

Depths add along the path: the outputs of one operation are signals, the inputs of the next. Rearranging an array
costs nothing, nor does a choice by a mask that is known beforehand; a choice by a comparison costs its circuit.

A network is kept as the calls behind an array, so its depth is also known as an expression in the depths of the
operations (`Network.path`). `sketch` runs a body on shapes alone: the same network without values, each circuit built
once when its size is asked for.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray

from precise.circuits import Circuit, Layout, Measure, Request, evaluate, measure, operation
from precise.circuits.network import Call, Network, NetworkSize, side_by_side, total_size
from precise.dyadic import Dyadic
from precise.engines.carrier import object_array
from precise.errors import DomainError, NamespaceError, UnsupportedError
from precise.formats import Format
from precise.modes import Rounding
from precise.rounding import RNE, Overflow, Rounder, exact_value, parse_rounding
from precise.semantics.array import Array, Operand
from precise.semantics.namespace import Namespace
from precise.semantics.shapes import check_shape

LARGEST_SINE: Final = 8
"""The circuits of sine and cosine are for smaller arguments."""
_SAME: Final = frozenset(
    {"add", "subtract", "multiply", "divide", "sqrt", "exp", "sin", "cos", "negative", "abs", "floor"}
)
_TWO: Final = {"maximum": "max", "minimum": "min"}


NOTHING: Final = Network(frozenset(), frozenset())


@lru_cache(maxsize=512)
def circuit_of(name: str, n: int, layout: Layout, rounding: Rounding) -> tuple[Circuit, Measure]:
    """Return the circuit of an operation and its size."""
    circuit = operation(name).build(Request(layout.p, n, layout.w, rounding))
    return circuit, measure(circuit)


@lru_cache(maxsize=4096)
def measure_of(name: str, n: int, layout: Layout, rounding: Rounding) -> Measure:
    """Return the size of an operation; circuits of any number of operands are not kept."""
    if operation(name).operands != "n":
        return circuit_of(name, n, layout, rounding)[1]
    return measure(operation(name).build(Request(layout.p, n, layout.w, rounding)))


class Netlist(Namespace):
    """The namespace of circuits; arrays hold the codes of `Layout`. Make one with `netlist` or `sketch`."""

    name = "netlist"

    def __init__(self, layout: Layout, rounding: Rounding, *, evaluated: bool = True) -> None:
        if evaluated and layout.width > 63:
            raise UnsupportedError(f"netlist: codes must have at most 63 bits; got {layout.width} for p = {layout.p}")
        self.layout, self.rounding, self.evaluated, self._calls = layout, rounding, evaluated, count()
        self._rounder = Rounder(layout.format, rounding, Overflow.SATURATE)

    @property
    def element_type(self) -> Format:
        """The format."""
        return self.layout.format

    def empty(self, shape: int | tuple[int, ...]) -> Array:
        """Return input wires; where values are evaluated they carry 0."""
        return Array(np.zeros(check_shape("empty", shape), dtype=np.int64), self, note=NOTHING)

    def ingest(self, x: NDArray[np.generic], *, constant: bool) -> Array:
        """Return input bits: numbers rounded to the format; truth values as they are."""
        if x.dtype == np.bool_:
            return Array(x, self, note=NOTHING)
        if not self.evaluated:
            return self.empty(x.shape)
        codes = [self._code(v, i) for i, v in enumerate(x.ravel().tolist())]
        return Array(np.array(codes, dtype=np.int64).reshape(x.shape), self, note=NOTHING)

    def _code(self, x: object, index: int) -> int:
        """Return the code of a number, rounded."""
        value = self._rounder(exact_value(x), index)  # type: ignore[arg-type]
        if not isinstance(value, Dyadic):
            raise DomainError(f"netlist: argument must be a number; got {value}")
        return self.layout.encode(value)

    def elements_of(self, x: Array) -> NDArray[np.object_]:
        """Return the numbers."""
        if not self.evaluated:
            raise UnsupportedError("netlist: arrays of a sketch must not be read; got one (see netlist)")
        return object_array((self.layout.decode(int(code)) for code in x.data.ravel().tolist()), x.shape)

    def floats_of(self, x: Array) -> NDArray[np.float64]:
        """Return the elements as binary64, exactly."""
        values = [v.to_float() for v in self.elements_of(x).ravel().tolist()]
        return np.array(values, dtype=np.float64).reshape(x.shape)

    def wrap(self, data: NDArray[np.generic], *sources: Array) -> Array:
        """Return rearranged wires."""
        return Array(data, self, note=joined(sources))

    def where(self, condition: Array | NDArray[np.bool_], x1: Operand, x2: Operand, /) -> Array:
        """Return the elements of `x1` where the condition holds, else of `x2`; one that is computed costs a circuit."""
        if not isinstance(condition, Array) or not network(condition).calls:
            return super().where(condition, x1, x2)
        if not condition.is_boolean:
            raise NamespaceError("where: condition must be a boolean array; got numbers")
        return self._run("select", 3, condition, self.numbers(x1, "where"), self.numbers(x2, "where"))

    def elementwise(self, op: str, *operands: Array) -> Array:
        """Return one circuit an element."""
        if op in _SAME:
            if self.evaluated:
                self._check_domain(op, *operands)
            return self._run(op, len(operands), *operands)
        if op in _TWO:
            return self._run(_TWO[op], 2, *operands)
        if op in ("less_equal", "less"):
            x, y = operands if op == "less_equal" else operands[::-1]
            found = self._run("less_equal", 2, x, y)
            return Array(found.data.astype(np.bool_) ^ (op == "less"), self, note=found.note)
        raise UnsupportedError(f"{op}: operation must have a circuit; see precise.circuits.OPERATIONS")

    def _check_domain(self, op: str, *operands: Array) -> None:
        """Refuse arguments for which the circuit is not meant."""
        codes = operands[-1].data.astype(np.int64)
        if op == "divide" and not codes.all():
            raise DomainError("divide: divisor must not be zero; got 0")
        if op == "sqrt" and (codes >> (self.layout.width - 1)).any():
            raise DomainError("sqrt: argument must be at least 0; got a negative number")
        if op in ("sin", "cos"):
            field = (codes >> self.layout.p) & ((1 << self.layout.w) - 1)
            if (field - self.layout.bias + self.layout.p > math.log2(LARGEST_SINE)).any():
                raise UnsupportedError(f"{op}: |argument| must be below {LARGEST_SINE}, for which there is a circuit")

    def reduce_last(self, op: str, x: Array) -> Array:
        """Return one circuit of n operands a row: sums and products are rounded once."""
        n = x.shape[-1]
        if n == 0:
            raise UnsupportedError(f"{op}: axis must have at least one element; got none")
        columns = [self.wrap(x.data[..., i], x) for i in range(n)]
        if n == 1:  # a member already
            return columns[0]
        return self._run(op, n, *columns)

    def cumulate_last(self, x: Array) -> Array:
        """Return the sums of the first 1, 2, ..., n elements, side by side."""
        sums = [self.reduce_last("sum", self.wrap(x.data[..., : i + 1], x)) for i in range(x.shape[-1])]
        return self.wrap(np.stack([s.data for s in sums], axis=-1), *sums)

    def multiply_matrices(self, a: Array, b: Array) -> Array:
        """Return a layer of rounded products, then one of sums, each rounded once."""
        left = self.wrap(a.data[..., :, None, :], a)
        right = self.wrap(np.swapaxes(b.data, -1, -2)[..., None, :, :], b)
        return self.reduce_last("sum", self.elementwise("multiply", left, right))

    def _run(self, name: str, n: int, *operands: Array) -> Array:
        """Return the outputs of a circuit with n operands, an instance for each element."""
        spread = np.broadcast_arrays(*(x.data for x in operands))
        codes = np.zeros(spread[0].shape, dtype=np.int64)
        if self.evaluated:
            lanes = [np.ascontiguousarray(x, dtype=np.int64).reshape(-1) for x in spread]
            (found,) = evaluate(self.circuit(name, n), *lanes)
            codes = found.reshape(spread[0].shape)
        before = joined(operands)
        call = Call(next(self._calls), name, n, codes.size, before.sources)
        return Array(codes, self, note=Network(frozenset({call.number}), before.calls | {call}))

    def circuit(self, name: str, n: int) -> Circuit:
        """Return the circuit of an operation with n operands."""
        return circuit_of(name, n, self.layout, self.rounding)[0]

    def measure(self, name: str, n: int) -> Measure:
        """Return the size of that circuit."""
        kept = circuit_of(name, n, self.layout, self.rounding)[1] if self.evaluated else None
        return kept or measure_of(name, n, self.layout, self.rounding)

    def size_of(self, x: Array) -> NetworkSize:
        """Return the size of the network behind an array."""
        return total_size(network(x), self.measure)


def network(x: Array) -> Network:
    """Return the network behind an array of this semantics."""
    if not isinstance(x.note, Network):
        raise UnsupportedError(f"netlist: array must be one of netlist; got one of {x.__array_namespace__().name}")
    return x.note


def joined(sources: tuple[Array, ...]) -> Network:
    """Return the network of several arrays side by side."""
    return side_by_side([network(x) for x in sources])


def network_size(x: Array) -> NetworkSize:
    """Return depth, gates, wires and instances of the network behind an array of a netlist namespace.

    Examples
    --------
    >>> xp = netlist(3)
    >>> y = xp.sum(xp.multiply(xp.asarray([1, 2, 3]), xp.asarray([4, 5, 6])))
    >>> print(y.item(), network_size(y).depth, network_size(y).instances)
    0x1p+5 38 {'multiply': 3, 'sum 3': 1}
    """
    xp = x.__array_namespace__()
    if not isinstance(xp, Netlist):
        raise UnsupportedError(f"netlist: array must be one of netlist; got one of {xp.name}")
    return xp.size_of(x)


def netlist(p: int, *, w: int = 0, rounding: Rounding | str = RNE) -> Netlist:
    """Return the namespace of threshold circuits on floats of p bits.

    Parameters
    ----------
    p : int
        Precision, at least 2.
    w : int
        Width of the exponent field; by default p + 1, the papers' F_p.
    rounding : Rounding or str
        A deterministic mode; exp, sine and cosine have circuits for rounding to nearest.

    Returns
    -------
    Netlist
        A namespace whose results are those of `rounded(netlist(p).element_type, rounding)`, bit for bit: overflow
        saturates, sums are rounded once, products of matrices are rounded before they are added. Not served:
        arguments of sine and cosine of 8 and more, division by zero, operations without a circuit.
    """
    return Netlist(Layout(p, w or p + 1), parse_rounding(rounding))


def sketch(p: int, *, w: int = 0, rounding: Rounding | str = RNE) -> Netlist:
    """Return the namespace of the same networks without values: a body runs on shapes, for inputs `xp.empty(shape)`.

    Examples
    --------
    >>> xp = sketch(6)
    >>> y = xp.matmul(xp.empty((3, 2)), xp.empty((2, 3)))
    >>> print(network(y).path, network_size(y).depth, network_size(y).instances)
    multiply + sum 38 {'multiply': 18, 'sum 2': 9}
    """
    return Netlist(Layout(p, w or p + 1), parse_rounding(rounding), evaluated=False)
