"""The table of operations that have circuits: one line each, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from precise.circuits import integer_operations as integers
from precise.circuits.builder import Builder
from precise.circuits.circuit import Circuit, Port, finish
from precise.circuits.compare import less_equal
from precise.circuits.float_add import float_add, float_subtract
from precise.circuits.float_divide import float_divide
from precise.circuits.float_dot import float_dot
from precise.circuits.float_exp import float_exp
from precise.circuits.float_extremum import float_abs, float_max, float_min, float_negative, float_select
from precise.circuits.float_floor import float_floor
from precise.circuits.float_multiply import float_multiply
from precise.circuits.float_product import float_product
from precise.circuits.float_sine import float_cos, float_sin
from precise.circuits.float_sqrt import float_sqrt
from precise.circuits.float_sum import float_sum
from precise.circuits.floats import FloatWires, Layout, float_inputs, read_floats
from precise.circuits.roundup import MODES
from precise.errors import DomainError, UnsupportedError
from precise.modes import RNE, Rounding

Build: TypeAlias = Callable[["Request"], Circuit]
Binary: TypeAlias = Callable[..., FloatWires]

DLOGTIME: Final = "DLOGTIME"
BY_TABLES: Final = "P-uniform as built; DLOGTIME by Hesse, Allender and Barrington, not built"


@dataclass(frozen=True, slots=True)
class Request:
    """What a circuit is asked for.

    Parameters
    ----------
    p, w
        Precision, or width of the integers, and width of the exponent field (0: p + 1, as in the papers).
    n
        How many operands, where their number is free.
    rounding
        A deterministic mode.
    contracts
        Whether the builder keeps the guarantees of its forms.
    """

    p: int
    n: int = 2
    w: int = 0
    rounding: Rounding = RNE
    contracts: bool = False

    def __post_init__(self) -> None:
        if self.p < 1 or self.n < 1 or self.w < 0:
            raise DomainError(f"circuit: p and n must be at least 1; got p = {self.p}, n = {self.n}, w = {self.w}")
        if self.rounding.code not in MODES:
            raise UnsupportedError(f"circuit: rounding must be one of {', '.join(MODES)}; got {self.rounding}")

    @property
    def layout(self) -> Layout:
        """The layout of floats."""
        return Layout(self.p, self.w or self.p + 1)


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation with a family of circuits.

    Parameters
    ----------
    name, symbol, title
        The array-API name where there is one, the papers' symbol, and a title.
    operands
        How many operands: a number, or "n".
    depth
        The depth of every member from `settled` on, and no smaller member is deeper.
    settled
        The least p from which no gate folds away on the longest path.
    uniformity
        In which sense the family is uniform.
    build
        Makes a member.
    """

    name: str
    symbol: str
    title: str
    operands: int | str
    depth: int
    settled: int
    uniformity: str
    build: Build


def build(name: str, p: int, n: int = 2, *, w: int = 0, rounding: Rounding = RNE) -> Circuit:
    """Return the circuit of an operation on floats of p bits, or on integers of p bits.

    Examples
    --------
    >>> build("add", 4).depth
    12
    """
    return operation(name).build(Request(p, n, w, rounding))


def operation(name: str) -> Operation:
    """Return the line of the table with that name."""
    if name not in OPERATIONS:
        raise DomainError(f"circuit: operation must be one of {', '.join(OPERATIONS)}; got {name!r}")
    return OPERATIONS[name]


def _float(name: str, rule: Binary, operands: int, *, rounded: bool = True) -> Build:
    """Return how to build an operation on `operands` floats with a float as result."""

    def made(request: Request) -> Circuit:
        layout = request.layout
        b, floats = float_inputs(layout, operands, contracts=request.contracts)
        result = rule(b, *floats, layout, request.rounding) if rounded else rule(b, *floats, layout)
        ports = [layout.port(letter) for letter in "xyz"[:operands]]
        return finish(b, ports, [("result", result.bits)], _parameters(name, request))

    return made


def _many(name: str, rule: Callable[..., FloatWires], vectors: int = 1) -> Build:
    """Return how to build an operation on n floats, or on several vectors of n floats."""

    def made(request: Request) -> Circuit:
        layout = request.layout
        b, floats = float_inputs(layout, vectors * request.n, contracts=request.contracts)
        result = rule(b, floats, layout, request.rounding)
        ports = [layout.port(f"{letter}{i}") for letter in "xy"[:vectors] for i in range(request.n)]
        return finish(b, ports, [("result", result.bits)], _parameters(name, request) | {"n": request.n})

    return made


def _less_equal(request: Request) -> Circuit:
    """Return the circuit of the comparison."""
    layout = request.layout
    b, (x, y) = float_inputs(layout, 2, contracts=request.contracts)
    ports = [layout.port("x"), layout.port("y")]
    return finish(b, ports, [("result", (less_equal(b, x, y),))], _parameters("less_equal", request))


def _select(request: Request) -> Circuit:
    """Return the circuit that passes x where the condition, a bit of its own, is 1, else y."""
    layout = request.layout
    b = Builder(1 + 2 * layout.width, contracts=request.contracts)
    condition, *rest = b.inputs()
    x, y = read_floats(layout, tuple(rest))
    ports = [Port("condition", 1), layout.port("x"), layout.port("y")]
    return finish(b, ports, [("result", float_select(b, condition, x, y).bits)], _parameters("select", request))


def _parameters(name: str, request: Request) -> dict[str, int | str]:
    """Return what a float circuit was built for."""
    return {"operation": name, "p": request.p, "w": request.layout.w, "rounding": request.rounding.code}


_LINES: Final = (
    Operation("less_equal", "≤", "comparison", 2, 4, 2, DLOGTIME, _less_equal),
    Operation("add", "+", "addition", 2, 12, 2, DLOGTIME, _float("add", float_add, 2)),
    Operation("subtract", "−", "subtraction", 2, 12, 2, DLOGTIME, _float("subtract", float_subtract, 2)),
    Operation("multiply", "×", "multiplication", 2, 11, 3, DLOGTIME, _float("multiply", float_multiply, 2)),
    Operation("divide", "÷", "division", 2, 28, 4, BY_TABLES, _float("divide", float_divide, 2)),
    Operation("negative", "−", "negation", 1, 1, 2, DLOGTIME, _float("negative", float_negative, 1, rounded=False)),
    Operation("abs", "||", "absolute value", 1, 0, 2, DLOGTIME, _float("abs", float_abs, 1, rounded=False)),
    Operation("select", "?:", "choice between two", 2, 2, 2, DLOGTIME, _select),
    Operation("max", "max", "largest of n floats", "n", 6, 2, DLOGTIME, _many("max", float_max)),
    Operation("min", "min", "least of n floats", "n", 6, 2, DLOGTIME, _many("min", float_min)),
    Operation("floor", "⌊⌋", "floor", 1, 6, 2, DLOGTIME, _float("floor", float_floor, 1, rounded=False)),
    Operation("sum", "⊕", "sum of n floats, rounded once", "n", 27, 2, DLOGTIME, _many("sum", float_sum)),
    Operation("prod", "⊗", "product of n floats, rounded once", "n", 20, 4, BY_TABLES, _many("prod", float_product)),
    Operation("dot", "⊕×", "inner product, n pairs", "n", 38, 3, DLOGTIME, _many("dot", float_dot, 2)),
    Operation("sqrt", "√", "square root", 1, 24, 5, BY_TABLES, _float("sqrt", float_sqrt, 1)),
    Operation("exp", "exp", "exponential", 1, 28, 2, BY_TABLES, _float("exp", float_exp, 1)),
    Operation("sin", "sin", "sine of |x| < 8", 1, 34, 2, BY_TABLES, _float("sin", float_sin, 1)),
    Operation("cos", "cos", "cosine of |x| < 8", 1, 33, 2, BY_TABLES, _float("cos", float_cos, 1)),
    Operation("parity", "⊕", "parity of p bits", "p", 2, 2, DLOGTIME, lambda r: integers.parity_circuit(r.p)),
    Operation("count", "Σ", "how many of p bits are 1", "p", 2, 2, DLOGTIME, lambda r: integers.count_circuit(r.p)),
    Operation("integer_add", "+", "sum of two integers", 2, 3, 2, DLOGTIME, lambda r: integers.add_circuit(r.p)),
    Operation(
        "integer_compare", "≥", "comparison of integers", 2, 3, 2, DLOGTIME, lambda r: integers.compare_circuit(r.p)
    ),
    Operation("integer_sum", "Σ", "sum of n integers", "n", 5, 4, DLOGTIME, lambda r: integers.sum_circuit(r.p, r.n)),
    Operation(
        "integer_multiply", "×", "product of integers", 2, 6, 3, DLOGTIME, lambda r: integers.multiply_circuit(r.p)
    ),
    Operation("shift", "≫", "shift of p bits by a number", 2, 3, 3, DLOGTIME, lambda r: integers.shift_circuit(r.p)),
)

OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType({line.name: line for line in _LINES})
