"""Integral parts and remainders, with their special cases (IEEE 754-2019, 5.3.1 and 5.9)."""

from __future__ import annotations

from precise.semantics.array import Array, Operand
from precise.semantics.base import Base


class Integers(Base):
    """Functions that go through an integer; exact wherever the value belongs to the format.

    Examples
    --------
    >>> from precise import rounded
    >>> xp = rounded("binary16")
    >>> print(xp.remainder(xp.asarray(-5), xp.asarray(3)).item(), xp.round(xp.asarray(2.5)).item())
    0x1p+0 0x1p+1
    """

    def remainder(self, x1: Operand, x2: Operand, /) -> Array:
        """Return `x1 - floor(x1 / x2) * x2`, rounded once; it has the sign of the divisor.

        Special cases
        -------------
        If `x1_i` is `+infinity` or `-infinity`, the result is NaN.
        If `x2_i` is `+0` or `-0`, the result is NaN.
        If `x2_i` is an infinity and `x1_i` is finite and has its sign, the result is `x1_i`.
        If `x2_i` is an infinity and `x1_i` is finite, no zero and has the other sign, the result is `x2_i`.
        If the value is zero, the result is the zero with the sign of `x2_i`.
        If `x1_i` or `x2_i` is NaN, the result is NaN.
        """
        return self._apply("remainder", x1, x2)

    def ieee_remainder(self, x1: Operand, x2: Operand, /) -> Array:
        """Return `x1 - n * x2`, n the integer nearest to `x1 / x2`, ties to even (IEEE 754-2019, 5.3.1).

        Special cases
        -------------
        If `x1_i` is `+infinity` or `-infinity`, the result is NaN.
        If `x2_i` is `+0` or `-0`, the result is NaN.
        If `x2_i` is an infinity and `x1_i` is finite, the result is `x1_i`.
        If the value is zero, the result is the zero with the sign of `x1_i`.
        If `x1_i` or `x2_i` is NaN, the result is NaN.
        """
        return self._apply("ieee_remainder", x1, x2)

    def floor(self, x: Operand, /) -> Array:
        """Return the greatest integer that is not above x.

        Special cases
        -------------
        If `x_i` is `+0`, `-0`, `+infinity` or `-infinity`, the result is `x_i`.
        If the value is zero, the result is the zero with the sign of `x_i`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("floor", x)

    def ceil(self, x: Operand, /) -> Array:
        """Return the least integer that is not below x.

        Special cases
        -------------
        If `x_i` is `+0`, `-0`, `+infinity` or `-infinity`, the result is `x_i`.
        If the value is zero, the result is the zero with the sign of `x_i`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("ceil", x)

    def trunc(self, x: Operand, /) -> Array:
        """Return the integer part of x.

        Special cases
        -------------
        If `x_i` is `+0`, `-0`, `+infinity` or `-infinity`, the result is `x_i`.
        If the value is zero, the result is the zero with the sign of `x_i`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("trunc", x)

    def round(self, x: Operand, /) -> Array:
        """Return the integer nearest to x, ties to even (IEEE 754-2019, 5.9).

        Special cases
        -------------
        If `x_i` is `+0`, `-0`, `+infinity` or `-infinity`, the result is `x_i`.
        If the value is zero, the result is the zero with the sign of `x_i`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("round_to_integral", x)
