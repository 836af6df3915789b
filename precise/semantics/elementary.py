"""Roots, exponentials, logarithms, powers and what is built from them, with their special cases.

Names are those of the array API, C23 and IEEE 754-2019. Each function is the correctly rounded value of one real
function: one rounding, however it is composed. Special cases follow IEEE 754-2019, 9.2.1, and C23, annex F; a value
that the format lacks is what the policy for overflow makes of it, and a `DomainError` where that says nothing either.
"""

from __future__ import annotations

from precise.semantics.array import Array, Operand
from precise.semantics.base import Base


class Elementary(Base):
    """Elementary functions; each adds one rounding.

    Examples
    --------
    >>> from precise import rounded
    >>> xp = rounded("binary16", "RTP")
    >>> print(xp.pow(xp.asarray(2), xp.asarray(0.5)).item(), xp.gelu(xp.asarray(-1)).item())
    0x1.6a4p+0 -0x1.44cp-3
    """

    def sqrt(self, x: Operand, /) -> Array:
        """Return the square root.

        Special cases
        -------------
        If `x_i` is less than `0`, the result is NaN.
        If `x_i` is `+0`, the result is `+0`.
        If `x_i` is `-0`, the result is `-0`.
        If `x_i` is `+infinity`, the result is `+infinity`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("sqrt", x)

    def rsqrt(self, x: Operand, /) -> Array:
        """Return `1 / sqrt(x)`.

        Special cases
        -------------
        If `x_i` is less than `0`, the result is NaN.
        If `x_i` is `+0`, the result is `+infinity`.
        If `x_i` is `-0`, the result is `-infinity`.
        If `x_i` is `+infinity`, the result is `+0`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("rsqrt", x)

    def exp(self, x: Operand, /) -> Array:
        """Return e to the power x.

        Special cases
        -------------
        If `x_i` is `+0`, the result is `1`.
        If `x_i` is `-0`, the result is `1`.
        If `x_i` is `+infinity`, the result is `+infinity`.
        If `x_i` is `-infinity`, the result is `+0`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("exp", x)

    def exp2(self, x: Operand, /) -> Array:
        """Return 2 to the power x; exact at integers in range.

        Special cases
        -------------
        If `x_i` is `+0`, the result is `1`.
        If `x_i` is `-0`, the result is `1`.
        If `x_i` is `+infinity`, the result is `+infinity`.
        If `x_i` is `-infinity`, the result is `+0`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("exp2", x)

    def expm1(self, x: Operand, /) -> Array:
        """Return `exp(x) - 1`.

        Special cases
        -------------
        If `x_i` is `+0`, the result is `+0`.
        If `x_i` is `-0`, the result is `-0`.
        If `x_i` is `+infinity`, the result is `+infinity`.
        If `x_i` is `-infinity`, the result is `-1`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("expm1", x)

    def log(self, x: Operand, /) -> Array:
        """Return the natural logarithm.

        Special cases
        -------------
        If `x_i` is less than `0`, the result is NaN.
        If `x_i` is `+0`, the result is `-infinity`.
        If `x_i` is `-0`, the result is `-infinity`.
        If `x_i` is `1`, the result is `+0`.
        If `x_i` is `+infinity`, the result is `+infinity`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("log", x)

    def log2(self, x: Operand, /) -> Array:
        """Return the binary logarithm; exact at powers of two.

        Special cases
        -------------
        If `x_i` is less than `0`, the result is NaN.
        If `x_i` is `+0`, the result is `-infinity`.
        If `x_i` is `-0`, the result is `-infinity`.
        If `x_i` is `1`, the result is `+0`.
        If `x_i` is `+infinity`, the result is `+infinity`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("log2", x)

    def log1p(self, x: Operand, /) -> Array:
        """Return `log(1 + x)`.

        Special cases
        -------------
        If `x_i` is less than `-1`, the result is NaN.
        If `x_i` is `-1`, the result is `-infinity`.
        If `x_i` is `+0`, the result is `+0`.
        If `x_i` is `-0`, the result is `-0`.
        If `x_i` is `+infinity`, the result is `+infinity`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("log1p", x)

    def erf(self, x: Operand, /) -> Array:
        """Return `2 / sqrt(pi)` times the integral of `exp(-t**2)` from 0 to x.

        Special cases
        -------------
        If `x_i` is `+0`, the result is `+0`.
        If `x_i` is `-0`, the result is `-0`.
        If `x_i` is `+infinity`, the result is `1`.
        If `x_i` is `-infinity`, the result is `-1`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("erf", x)

    def erfc(self, x: Operand, /) -> Array:
        """Return `1 - erf(x)`.

        Special cases
        -------------
        If `x_i` is `+0`, the result is `1`.
        If `x_i` is `-0`, the result is `1`.
        If `x_i` is `+infinity`, the result is `+0`.
        If `x_i` is `-infinity`, the result is `2`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("erfc", x)

    def sigmoid(self, x: Operand, /) -> Array:
        """Return `1 / (1 + exp(-x))`.

        Special cases
        -------------
        If `x_i` is `+0`, the result is `1/2`.
        If `x_i` is `-0`, the result is `1/2`.
        If `x_i` is `+infinity`, the result is `1`.
        If `x_i` is `-infinity`, the result is `+0`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("sigmoid", x)

    def silu(self, x: Operand, /) -> Array:
        """Return `x / (1 + exp(-x))`.

        Special cases
        -------------
        If `x_i` is `+0`, the result is `+0`.
        If `x_i` is `-0`, the result is `-0`.
        If `x_i` is `+infinity`, the result is `+infinity`.
        If `x_i` is `-infinity`, the result is `-0`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("silu", x)

    def gelu(self, x: Operand, /) -> Array:
        """Return `x * (1 + erf(x / sqrt(2))) / 2`, that is x times the normal distribution at x.

        Special cases
        -------------
        If `x_i` is `+0`, the result is `+0`.
        If `x_i` is `-0`, the result is `-0`.
        If `x_i` is `+infinity`, the result is `+infinity`.
        If `x_i` is `-infinity`, the result is `-0`.
        If `x_i` is NaN, the result is NaN.
        """
        return self._apply("gelu", x)

    def pow(self, x1: Operand, x2: Operand, /) -> Array:
        """Return `x1` to the power `x2`.

        Special cases
        -------------
        If `x2_i` is `+0` or `-0`, the result is `1`, even for NaN.
        If `x1_i` is `1`, the result is `1`, even for NaN.
        If `x1_i` is `-1` and `x2_i` is `+infinity` or `-infinity`, the result is `1`.
        If `x1_i` is finite and less than `0`, and `x2_i` is finite and no integer, the result is NaN.
        If `|x1_i|` is less than `1` and `x2_i` is `+infinity`, the result is `+0`.
        If `|x1_i|` is less than `1` and `x2_i` is `-infinity`, the result is `+infinity`.
        If `|x1_i|` is greater than `1` and `x2_i` is `+infinity`, the result is `+infinity`.
        If `|x1_i|` is greater than `1` and `x2_i` is `-infinity`, the result is `+0`.
        If `x1_i` is `+0` or `-0` and `x2_i` is a negative odd integer, the result is the infinity with the sign of
            `x1_i`.
        If `x1_i` is `+0` or `-0` and `x2_i` is another finite number less than `0`, the result is `+infinity`.
        If `x1_i` is `+0` or `-0` and `x2_i` is a positive odd integer, the result is `x1_i`.
        If `x1_i` is `+0` or `-0` and `x2_i` is another finite number greater than `0`, the result is `+0`.
        If `x1_i` is `+infinity` or `-infinity` and `x2_i` is a negative odd integer, the result is the zero with the
            sign of `x1_i`.
        If `x1_i` is `+infinity` or `-infinity` and `x2_i` is another finite number less than `0`, the result is `+0`.
        If `x1_i` is `+infinity` or `-infinity` and `x2_i` is a positive odd integer, the result is `x1_i`.
        If `x1_i` is `+infinity` or `-infinity` and `x2_i` is another finite number greater than `0`, the result is
            `+infinity`.
        If `x1_i` or `x2_i` is NaN in all other cases, the result is NaN.
        """
        return self._apply("pow", x1, x2)

    def hypot(self, x1: Operand, x2: Operand, /) -> Array:
        """Return `sqrt(x1**2 + x2**2)`.

        Special cases
        -------------
        If `x1_i` or `x2_i` is `+infinity` or `-infinity`, the result is `+infinity`, even for NaN.
        If `x1_i` or `x2_i` is NaN in all other cases, the result is NaN.
        If both are zeros, the result is `+0`.
        """
        return self._apply("hypot", x1, x2)
