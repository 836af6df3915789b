"""Functions of rational numbers where they are rational numbers again; all other arguments are refused."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor, trunc
from typing import Final

from precise.balls import rational_power
from precise.errors import DomainError, UnsupportedError

# The longest exact power that is computed, in bits.
LONGEST_POWER: Final = 1 << 26


def _refused(function: str, must: str, *arguments: Fraction) -> UnsupportedError:
    """Return the refusal of arguments at which the value is no rational number."""
    got = ", ".join(map(str, arguments))
    return UnsupportedError(f"{function}: {must} in exact arithmetic; got {got}")


def _at(function: str, argument: int, value: Fraction) -> Callable[[Fraction], Fraction]:
    """Return a function that has one rational argument with a rational value."""

    def apply(x: Fraction) -> Fraction:
        if x != argument:
            raise _refused(function, f"argument must be {argument}", x)
        return value

    return apply


def root(x: Fraction) -> Fraction:
    """Return the square root of the square of a rational number."""
    if x < 0:
        raise DomainError(f"sqrt: argument must not be negative; got {x}")
    found = rational_power(x, Fraction(1, 2)) if x else Fraction(0)
    if found is None:
        raise _refused("sqrt", "argument must be the square of a rational number", x)
    return found


def _reciprocal_root(x: Fraction) -> Fraction:
    """Return `1 / sqrt(x)`."""
    if x <= 0:
        raise DomainError(f"rsqrt: argument must be positive; got {x}")
    return 1 / root(x)


def _power(x: Fraction, y: Fraction) -> Fraction:
    """Return `x**y` where it is rational."""
    if y == 0 or x == 1:
        return Fraction(1)
    if x == 0 and y < 0:
        raise DomainError(f"pow: base must not be zero for a negative exponent; got {x}, {y}")
    if x < 0 and y.denominator != 1:
        raise DomainError(f"pow: base must not be negative for a fractional exponent; got {x}, {y}")
    if x == 0:
        return x
    bits = max(x.numerator.bit_length(), x.denominator.bit_length()) * abs(y)
    if abs(x) != 1 and bits > LONGEST_POWER * y.denominator:
        raise _refused("pow", f"result must have at most {LONGEST_POWER} bits", x, y)
    found = rational_power(abs(x), y)
    if found is None:
        raise _refused("pow", "result must be rational", x, y)
    return -found if x < 0 and y.numerator % 2 else found


def _exp2(x: Fraction) -> Fraction:
    """Return `2**x` for an integer."""
    if x.denominator != 1:
        raise _refused("exp2", "argument must be an integer", x)
    return _power(Fraction(2), x)


def _log2(x: Fraction) -> Fraction:
    """Return the exponent of a power of two."""
    if x <= 0:
        raise DomainError(f"log2: argument must be positive; got {x}")
    e = x.numerator.bit_length() - x.denominator.bit_length()
    if x != Fraction(2) ** e:
        raise _refused("log2", "argument must be a power of two", x)
    return Fraction(e)


def _quarters(function: str, values: tuple[int, int, int, int]) -> Callable[[Fraction], Fraction]:
    """Return a function of the angle `pi x` at multiples of `pi / 2`."""

    def apply(x: Fraction) -> Fraction:
        if (2 * x).denominator != 1:
            raise _refused(function, "argument must be a multiple of 1/2", x)
        return Fraction(values[int(2 * x) % 4])

    return apply


def _hypot(x: Fraction, y: Fraction) -> Fraction:
    """Return `sqrt(x**2 + y**2)` where it is rational."""
    found = rational_power(x * x + y * y, Fraction(1, 2)) if x or y else Fraction(0)
    if found is None:
        raise _refused("hypot", "sum of the squares must be the square of a rational number", x, y)
    return found


def _atan2(y: Fraction, x: Fraction) -> Fraction:
    """Return 0 on the positive axis and at the origin."""
    if y != 0 or x < 0:
        raise _refused("atan2", "point must lie on the positive axis", y, x)
    return Fraction(0)


def _remainder(function: str, quotient: Callable[[Fraction], int]) -> Callable[[Fraction, Fraction], Fraction]:
    """Return `x - quotient(x / y) * y`."""

    def apply(x: Fraction, y: Fraction) -> Fraction:
        if y == 0:
            raise DomainError(f"{function}: divisor must not be zero; got {x}, 0")
        return x - quotient(x / y) * y

    return apply


def _integral(to_integer: Callable[[Fraction], int]) -> Callable[[Fraction], Fraction]:
    """Return the integer beside a rational number, as a rational number."""
    return lambda x: Fraction(to_integer(x))


EXACT_FUNCTIONS: Final[dict[str, Callable[..., Fraction]]] = {
    "sqrt": root,
    "rsqrt": _reciprocal_root,
    **{f: _at(f, 0, Fraction(0)) for f in ("sin", "tan", "tanh", "sinh", "atan", "expm1", "log1p", "erf")},
    **{f: _at(f, 0, Fraction(0)) for f in ("silu", "gelu")},
    **{f: _at(f, 0, Fraction(1)) for f in ("exp", "cos", "cosh", "erfc")},
    "sigmoid": _at("sigmoid", 0, Fraction(1, 2)),
    "log": _at("log", 1, Fraction(0)),
    "exp2": _exp2,
    "log2": _log2,
    "sinpi": _quarters("sinpi", (0, 1, 0, -1)),
    "cospi": _quarters("cospi", (1, 0, -1, 0)),
    "pow": _power,
    "hypot": _hypot,
    "atan2": _atan2,
    "remainder": _remainder("remainder", floor),
    "ieee_remainder": _remainder("ieee_remainder", round),
    "floor": _integral(floor),
    "ceil": _integral(ceil),
    "trunc": _integral(trunc),
    "round_to_integral": _integral(round),
}
