"""Circular and hyperbolic functions, with their special cases (IEEE 754-2019, 9.2.1; C23, annex F)."""

from __future__ import annotations

from precise.semantics.array import Array, Operand
from precise.semantics.base import Base


class Trigonometry(Base):
    """Functions of angles and their hyperbolic relatives; each adds one rounding.

    Examples
    --------
    >>> from precise import rounded
    >>> xp = rounded("binary16")
    >>> print(xp.sinpi(xp.asarray(0.25)).item(), xp.atan2(xp.asarray(0), xp.asarray(-1)).item())
    0x1.6ap-1 0x1.92p+1
    """

    def sin(self, x: Operand, /) -> Array:
        """Return the sine, x in radians.

        Special cases
        -------------
        If `x_i` is `+infinity` or `-infinity`, the result is NaN.
        If `x_i` is `+0`, the result is `+0`.
        If `x_i` is `-0`, the result is `-0`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("sin", x)

    def cos(self, x: Operand, /) -> Array:
        """Return the cosine, x in radians.

        Special cases
        -------------
        If `x_i` is `+infinity` or `-infinity`, the result is NaN.
        If `x_i` is `+0`, the result is `1`.
        If `x_i` is `-0`, the result is `1`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("cos", x)

    def tan(self, x: Operand, /) -> Array:
        """Return the tangent, x in radians.

        Special cases
        -------------
        If `x_i` is `+infinity` or `-infinity`, the result is NaN.
        If `x_i` is `+0`, the result is `+0`.
        If `x_i` is `-0`, the result is `-0`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("tan", x)

    def sinpi(self, x: Operand, /) -> Array:
        """Return `sin(pi * x)`, x in half turns.

        Special cases
        -------------
        If `x_i` is `+infinity` or `-infinity`, the result is NaN.
        If `x_i` is a positive integer, the result is `+0`.
        If `x_i` is a negative integer, the result is `-0`.
        If `x_i` is `+0`, the result is `+0`.
        If `x_i` is `-0`, the result is `-0`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("sinpi", x)

    def cospi(self, x: Operand, /) -> Array:
        """Return `cos(pi * x)`, x in half turns.

        Special cases
        -------------
        If `x_i` is `+infinity` or `-infinity`, the result is NaN.
        If `x_i` is an odd multiple of `1/2`, the result is `+0`.
        If `x_i` is `+0`, the result is `1`.
        If `x_i` is `-0`, the result is `1`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("cospi", x)

    def sinh(self, x: Operand, /) -> Array:
        """Return the hyperbolic sine.

        Special cases
        -------------
        If `x_i` is `+0`, the result is `+0`.
        If `x_i` is `-0`, the result is `-0`.
        If `x_i` is `+infinity`, the result is `+infinity`.
        If `x_i` is `-infinity`, the result is `-infinity`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("sinh", x)

    def cosh(self, x: Operand, /) -> Array:
        """Return the hyperbolic cosine.

        Special cases
        -------------
        If `x_i` is `+0`, the result is `1`.
        If `x_i` is `-0`, the result is `1`.
        If `x_i` is `+infinity`, the result is `+infinity`.
        If `x_i` is `-infinity`, the result is `+infinity`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("cosh", x)

    def tanh(self, x: Operand, /) -> Array:
        """Return the hyperbolic tangent.

        Special cases
        -------------
        If `x_i` is `+0`, the result is `+0`.
        If `x_i` is `-0`, the result is `-0`.
        If `x_i` is `+infinity`, the result is `1`.
        If `x_i` is `-infinity`, the result is `-1`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("tanh", x)

    def atan(self, x: Operand, /) -> Array:
        """Return the inverse tangent in radians, from `-pi/2` to `pi/2`.

        Special cases
        -------------
        If `x_i` is `+0`, the result is `+0`.
        If `x_i` is `-0`, the result is `-0`.
        If `x_i` is `+infinity`, the result is `pi/2`.
        If `x_i` is `-infinity`, the result is `-pi/2`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("atan", x)

    def atan2(self, x1: Operand, x2: Operand, /) -> Array:
        """Return the angle of the point `(x2, x1)` from the positive axis in radians, from `-pi` to `pi`.

        Special cases
        -------------
        If `x1_i` is `+0` or `-0` and `x2_i` is `+0` or greater than `0`, the result is `x1_i`.
        If `x1_i` is `+0` or `-0` and `x2_i` is `-0` or less than `0`, the result is `pi` with the sign of `x1_i`.
        If `x1_i` is no zero and `x2_i` is `+0` or `-0`, the result is `pi/2` with the sign of `x1_i`.
        If `x1_i` is finite and no zero, and `x2_i` is `+infinity`, the result is the zero with the sign of `x1_i`.
        If `x1_i` is finite and no zero, and `x2_i` is `-infinity`, the result is `pi` with the sign of `x1_i`.
        If `x1_i` is `+infinity` or `-infinity` and `x2_i` is finite, the result is `pi/2` with the sign of `x1_i`.
        If `x1_i` is `+infinity` or `-infinity` and `x2_i` is `+infinity`, the result is `pi/4` with the sign of
            `x1_i`.
        If `x1_i` is `+infinity` or `-infinity` and `x2_i` is `-infinity`, the result is `3 pi/4` with the sign of
            `x1_i`.
        If `x1_i` or `x2_i` is NaN, the result is NaN.
        """
        return self._apply("atan2", x1, x2)
