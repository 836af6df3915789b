"""The symbolic semantics: elements are sympy expressions, so a run of a body is an identity for all values."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from precise.dyadic import Dyadic
from precise.engines.carrier import object_array
from precise.errors import DomainError, UndecidedError
from precise.semantics.array import Array
from precise.semantics.objects import ObjectNamespace, Table, finite
from precise.semantics.shapes import check_shape


def _truth(relation: Any) -> bool:
    """Return a relation's truth value, or raise where it depends on the symbols."""
    if relation in (sympy.true, sympy.false):
        return bool(relation)
    raise UndecidedError(f"compare: relation must hold or fail for all values; got {relation}")


def _divide(x: Any, y: Any) -> Any:
    """Return the quotient, or raise where the divisor is zero."""
    if y == 0:
        raise DomainError(f"divide: divisor must not be zero; got {x} / 0")
    return x / y


def _nearest(x: Any) -> Any:
    """Return the nearest integer, ties to even: `floor(x + 1/2)`, less 1 where that is an odd integer reached by a tie.

    A tie at an odd integer n + 1 is a multiple `x = n + 1/2` of 1/2 with n even, where `(2 x - 1) / 4` is an integer.
    """
    quarter = (2 * x - 1) / 4
    is_tie_above_even = 1 + sympy.floor(quarter) - sympy.ceiling(quarter)
    return sympy.floor(x + sympy.Rational(1, 2)) - is_tie_above_even


def _remainder(function: str, quotient: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    """Return `x - quotient(x / y) * y`, refused for a zero divisor."""

    def apply(x: Any, y: Any) -> Any:
        if y == 0:
            raise DomainError(f"{function}: divisor must not be zero; got {x}, 0")
        return x - quotient(x / y) * y

    return apply


_OF_SYMPY: tuple[str, ...] = (
    "sqrt",
    "exp",
    "log",
    "sin",
    "cos",
    "tan",
    "sinh",
    "cosh",
    "tanh",
    "atan",
    "atan2",
    "erf",
    "erfc",
    "floor",
)

_TABLE: Table = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": _divide,
    "fma": lambda x, y, z: x * y + z,
    "negative": operator.neg,
    "abs": sympy.Abs,
    "maximum": sympy.Max,
    "minimum": sympy.Min,
    "equal": lambda x, y: _truth(sympy.Eq(x, y)),
    "not_equal": lambda x, y: not _truth(sympy.Eq(x, y)),
    "less": lambda x, y: _truth(sympy.Lt(x, y)),
    "less_equal": lambda x, y: _truth(sympy.Le(x, y)),
    "maximum_number": sympy.Max,
    "minimum_number": sympy.Min,
    **{f: getattr(sympy, f) for f in _OF_SYMPY},
    "rsqrt": lambda x: 1 / sympy.sqrt(x),
    "exp2": lambda x: sympy.Integer(2) ** x,
    "expm1": lambda x: sympy.exp(x) - 1,
    "log2": lambda x: sympy.log(x) / sympy.log(2),
    "log1p": lambda x: sympy.log(1 + x),
    "sinpi": lambda x: sympy.sin(sympy.pi * x),
    "cospi": lambda x: sympy.cos(sympy.pi * x),
    "sigmoid": lambda x: 1 / (1 + sympy.exp(-x)),
    "silu": lambda x: x / (1 + sympy.exp(-x)),
    "gelu": lambda x: x / 2 * (1 + sympy.erf(x / sympy.sqrt(2))),
    "pow": operator.pow,
    "hypot": lambda x, y: sympy.sqrt(x**2 + y**2),
    "remainder": _remainder("remainder", sympy.floor),
    "ieee_remainder": _remainder("ieee_remainder", _nearest),
    "ceil": sympy.ceiling,
    "trunc": lambda x: sympy.sign(x) * sympy.floor(sympy.Abs(x)),
    "round_to_integral": _nearest,
}


@dataclass(frozen=True)
class Symbolic(ObjectNamespace):
    """The namespace of symbolic arrays; elements are `sympy.Expr`."""

    @property
    def name(self) -> str:  # type: ignore[override]
        """`symbolic`."""
        return "symbolic"

    @property
    def element_type(self) -> type:
        """`sympy.Expr`."""
        return sympy.Expr  # type: ignore[no-any-return]

    @property
    def table(self) -> Table:
        """All elementwise operations; comparisons raise `UndecidedError` where they depend on symbols."""
        return _TABLE

    def element(self, x: object) -> Any:
        """Return an expression: itself, or an exact rational."""
        if isinstance(x, sympy.Basic):
            return x
        value = finite(x, "symbolic")
        fraction = value.to_fraction() if isinstance(value, Dyadic) else value
        return sympy.Rational(fraction.numerator, fraction.denominator)

    def symbols(self, name: str, shape: int | tuple[int, ...]) -> Array:
        """Return an array of distinct real symbols `name_i_j...`, indices from 1."""
        lengths = check_shape("symbols", shape)
        out = np.empty(lengths, dtype=object)
        for where in np.ndindex(*lengths):
            label = "_".join([name, *(str(i + 1) for i in where)])
            out[where] = sympy.Symbol(label, real=True)
        return Array(out, self)

    def expressions(self, x: Array) -> NDArray[np.object_]:
        """Return the elements, expanded."""
        return object_array((sympy.expand(v) for v in x.data.ravel().tolist()), x.shape)


def symbolic() -> Symbolic:
    """Return the namespace of symbolic expressions.

    Examples
    --------
    >>> xp = symbolic()
    >>> print(xp.multiply(xp.symbols("x", (2,)), 3).elements())
    [3*x_1 3*x_2]
    """
    return Symbolic()
