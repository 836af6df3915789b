"""The symbolic semantics: elements are sympy expressions, so a run of a body is an identity for all values."""

from __future__ import annotations

import operator
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
    **{f: getattr(sympy, f) for f in ("sqrt", "exp", "log", "sin", "cos", "tan", "tanh")},
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
