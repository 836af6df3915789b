"""Exact numbers: dyadic rationals with exponents of any size, and the four values that are not one.

A `Dyadic` is `c * 2**q` with Python integers `c` and `q`. Sums, differences and products are exact. Nothing
in this module drops a bit; the one place that does is `precise.rounding`.
"""

from __future__ import annotations

import enum
import math
import re
import sys
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from operator import index
from typing import Final

from precise.errors import DomainError, NotRepresentableError, UnsupportedError

# The widest gap that an exact sum may fill with zero bits: 2**31 bits are 256 MiB.
WIDEST_INTEGER: Final = 1 << 31

# The longest decimal literal that is read.
LONGEST_LITERAL: Final = 100_000

_HASH_BITS: Final = sys.hash_info.modulus.bit_length()
_HEX: Final = re.compile(r"([+-]?)0x([0-9a-f]*)(?:\.([0-9a-f]*))?(?:p([+-]?\d+))?", re.IGNORECASE)
_DECIMAL: Final = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,6}))?", re.IGNORECASE)


class Special(enum.Enum):
    """A datum that is not a dyadic rational: the negative zero, the infinities and NaN (as one class)."""

    NEG_ZERO = "-0"
    POS_INF = "inf"
    NEG_INF = "-inf"
    NAN = "nan"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, eq=False, order=False)
class Dyadic:
    """Return the exact number `c * 2**q`.

    Parameters
    ----------
    c, q : int
        Any integers. The stored pair is canonical: `c` odd, or `c == q == 0`, so equal numbers have equal
        pairs.

    Examples
    --------
    >>> Dyadic(12, -4)
    Dyadic(3, -2)
    >>> Dyadic.from_str("0.625") + Dyadic.from_hex("0x1.8p-3")
    Dyadic(13, -4)
    >>> Dyadic(1, 10**30) * Dyadic(3, -(10**30))
    Dyadic(3, 0)
    """

    c: int
    q: int = 0

    def __post_init__(self) -> None:
        try:
            c, q = index(self.c), index(self.q)
        except TypeError:
            got = f"{self.c!r}, {self.q!r}"
            must = "c and q must be integers (see from_float, from_str)"
            raise NotRepresentableError(f"Dyadic: {must}; got {got}") from None
        if c == 0:
            q = 0
        else:
            shift = (c & -c).bit_length() - 1
            c >>= shift
            q += shift
        object.__setattr__(self, "c", c)
        object.__setattr__(self, "q", q)

    # Conversion in: exact, or an error.

    @classmethod
    def from_float(cls, x: float) -> Dyadic:
        """Return the finite Python float `x` exactly; -0.0 becomes 0. Raises `NotRepresentableError` otherwise."""
        if not isinstance(x, float | int) or not math.isfinite(x):
            raise NotRepresentableError(f"Dyadic: argument must be a finite float; got {x!r}")
        numerator, denominator = float(x).as_integer_ratio()
        return cls(numerator, 1 - denominator.bit_length())

    @classmethod
    def from_fraction(cls, x: Fraction) -> Dyadic:
        """Return `x` exactly. Raises `NotRepresentableError` unless the denominator is a power of two."""
        if x.denominator & (x.denominator - 1):
            raise NotRepresentableError(f"Dyadic: denominator must be a power of two; got {x}")
        return cls(x.numerator, 1 - x.denominator.bit_length())

    @classmethod
    def from_hex(cls, text: str) -> Dyadic:
        """Return the number that a C99 hexadecimal literal such as `0x1.8p-3` names, with any exponent."""
        match = _HEX.fullmatch(text.strip())
        if match is None or not (match[2] or match[3]):
            raise NotRepresentableError(f"Dyadic: argument must be a hexadecimal literal like 0x1.8p-3; got {text!r}")
        digits, fraction = match[2] or "", match[3] or ""
        c = int(digits + fraction or "0", 16)
        return cls(-c if match[1] == "-" else c, int(Decimal(match[4] or 0)) - 4 * len(fraction))

    @classmethod
    def from_str(cls, text: str) -> Dyadic:
        """Return the number that a decimal or hexadecimal literal names, if it is dyadic.

        `"0.1"` raises `NotRepresentableError`: no dyadic rational is one tenth.
        """
        if not isinstance(text, str):
            raise NotRepresentableError(f"Dyadic: argument must be a string; got {text!r}")
        return cls.from_fraction(exact_decimal(text)) if "0x" not in text.lower() else cls.from_hex(text)

    # Conversion out: exact, or an error.

    def to_fraction(self) -> Fraction:
        """Return the same number as a Fraction; `UnsupportedError` when that needs more than 2**31 bits."""
        _check_width(abs(self.q))
        return Fraction(self.c << self.q) if self.q >= 0 else Fraction(self.c, 1 << -self.q)

    def to_float(self) -> float:
        """Return the same number as a Python float; `NotRepresentableError` when binary64 does not have it."""
        if self.c == 0:
            return 0.0
        if self.c.bit_length() > 53 or self.q < -1074 or self.e > 1023:
            raise NotRepresentableError(f"to_float: value must be a binary64 number; got {self}")
        return math.ldexp(self.c, self.q)

    def to_hex(self) -> str:
        """Return a normalised hexadecimal literal, `0x1.8p-3` for 3/16."""
        if self.c == 0:
            return "0x0p+0"
        fraction = abs(self.c) - (1 << (self.c.bit_length() - 1))
        width = self.c.bit_length() - 1
        padded = -(-width // 4)
        digits = f"{fraction << (4 * padded - width):0{padded}x}".rstrip("0") if width else ""
        exponent = f"{'+' if self.e >= 0 else ''}{_digits(self.e)}"
        return f"{'-' if self.c < 0 else ''}0x1{'.' + digits if digits else ''}p{exponent}"

    def to_decimal(self) -> str:
        """Return the exact decimal expansion, `0.1875` for 3/16; every dyadic number has a finite one."""
        _check_width(4 * abs(self.q))
        if self.q >= 0:
            return str(Decimal(self.c << self.q))
        digits = str(Decimal(abs(self.c) * 5**-self.q)).zfill(1 - self.q)  # x = c * 5**-q / 10**-q
        return f"{'-' if self.c < 0 else ''}{digits[: self.q]}.{digits[self.q :]}"

    # Parts.

    @property
    def e(self) -> int:
        """The exponent of the leading bit, floor(log2 |x|). Raises `DomainError` at zero."""
        if self.c == 0:
            raise DomainError("exponent: value must not be zero; got 0")
        return self.c.bit_length() - 1 + self.q

    @property
    def sign(self) -> int:
        """-1, 0 or 1."""
        return (self.c > 0) - (self.c < 0)

    def __int__(self) -> int:
        """Return the number as an integer; `NotRepresentableError` unless it is one."""
        if self.q < 0:
            raise NotRepresentableError(f"int: value must be an integer; got {self}")
        return self.integer_at(0)

    def scaled(self, k: int) -> Dyadic:
        """Return `x * 2**k`."""
        return Dyadic(self.c, self.q + k)

    def integer_at(self, q: int) -> int:
        """Return the integer `x / 2**q`. Precondition: `x` is a multiple of `2**q`."""
        if self.c == 0:
            return 0
        assert self.q >= q, "integer_at: a bit lies below the requested quantum"
        _check_width(self.q - q)
        return self.c << (self.q - q)

    # Arithmetic.

    def __neg__(self) -> Dyadic:
        return Dyadic(-self.c, self.q)

    def __abs__(self) -> Dyadic:
        return Dyadic(abs(self.c), self.q)

    def __add__(self, other: Dyadic) -> Dyadic:
        if not isinstance(other, Dyadic):
            return NotImplemented
        if self.c == 0 or other.c == 0:
            return other if self.c == 0 else self
        q = min(self.q, other.q)
        return Dyadic(self.integer_at(q) + other.integer_at(q), q)

    def __sub__(self, other: Dyadic) -> Dyadic:
        if not isinstance(other, Dyadic):
            return NotImplemented
        return self + (-other)

    def __mul__(self, other: Dyadic) -> Dyadic:
        if not isinstance(other, Dyadic):
            return NotImplemented
        return Dyadic(self.c * other.c, self.q + other.q)

    # Comparison.

    def _order(self, other: Dyadic | Fraction | int | float) -> int | None:
        """Return the sign of `self - other`, or None when `other` is not a number. Never fills a gap of exponents."""
        if not isinstance(other, Dyadic):
            if isinstance(other, float):
                if math.isnan(other):
                    return None
                if math.isinf(other):
                    return -1 if other > 0 else 1
                other = Dyadic.from_float(other)
            elif isinstance(other, Fraction):
                d = other.denominator
                return (self * Dyadic(d))._order(Dyadic(other.numerator))
            elif isinstance(other, int):
                other = Dyadic(other)
            else:
                return None
        if self.sign != other.sign or self.c == 0:
            return (self.sign > other.sign) - (self.sign < other.sign)
        if self.e != other.e:
            return self.sign if self.e > other.e else -self.sign
        q = min(self.q, other.q)  # equal leading exponents: the gap is at most the longer significand
        a, b = self.integer_at(q), other.integer_at(q)
        return (a > b) - (a < b)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Dyadic):
            return self.c == other.c and self.q == other.q
        if isinstance(other, int | float | Fraction):
            return self._order(other) == 0
        return NotImplemented

    def __lt__(self, other: Dyadic | Fraction | int | float) -> bool:
        if not isinstance(other, Dyadic | Fraction | int | float):
            return NotImplemented
        order = self._order(other)
        return order is not None and order < 0

    def __le__(self, other: Dyadic | Fraction | int | float) -> bool:
        if not isinstance(other, Dyadic | Fraction | int | float):
            return NotImplemented
        order = self._order(other)
        return order is not None and order <= 0

    def __gt__(self, other: Dyadic | Fraction | int | float) -> bool:
        if not isinstance(other, Dyadic | Fraction | int | float):
            return NotImplemented
        order = self._order(other)
        return order is not None and order > 0

    def __ge__(self, other: Dyadic | Fraction | int | float) -> bool:
        if not isinstance(other, Dyadic | Fraction | int | float):
            return NotImplemented
        order = self._order(other)
        return order is not None and order >= 0

    def __hash__(self) -> int:
        # Python hashes n/d as n * d**-1 modulo the Mersenne prime 2**m - 1, and 2**m = 1 there.
        return hash(self.c * pow(2, self.q % _HASH_BITS, sys.hash_info.modulus)) if self.c else 0

    def __bool__(self) -> bool:
        return self.c != 0

    def __repr__(self) -> str:
        return f"Dyadic({_digits(self.c)}, {_digits(self.q)})"

    def __str__(self) -> str:
        return self.to_hex()


Element = Dyadic | Special


def require_element(op: str, x: object) -> None:
    """Raise `DomainError` unless `x` is a `Dyadic` or a `Special`."""
    if not isinstance(x, Dyadic | Special):
        raise DomainError(f"{op}: argument must be a Dyadic or a Special; got {x!r} (see round_to)")


def exact_decimal(text: str) -> Fraction:
    """Return the rational number that a decimal or hexadecimal literal names, exactly."""
    stripped = text.strip()
    if "0x" in stripped.lower():
        return Dyadic.from_hex(stripped).to_fraction()
    match = _DECIMAL.fullmatch(stripped)
    if match is None or not (match[2] or match[3]):
        must = "a decimal or 0x literal (a decimal exponent has at most 6 digits)"
        raise NotRepresentableError(f"number: argument must be {must}; got {text!r}")
    whole, fraction = match[2] or "", match[3] or ""
    exponent = int(match[4] or 0) - len(fraction)
    if len(stripped) > LONGEST_LITERAL:
        raise UnsupportedError(f"number: literal must have at most {LONGEST_LITERAL} digits; got {len(stripped)}")
    c = int(Decimal(whole + fraction))
    signed = -c if match[1] == "-" else c
    return Fraction(signed * 10**exponent) if exponent >= 0 else Fraction(signed, 10**-exponent)


def _digits(n: int) -> str:
    """Return an integer in decimal; `str` of an integer stops at a few thousand digits."""
    return str(Decimal(n))


def _check_width(bits: int) -> None:
    """Refuse to build an integer of more than 2**31 bits."""
    if bits > WIDEST_INTEGER:
        gap = f"a gap of {bits}" if bits < 1 << 64 else f"a gap of {bits.bit_length()} bits"
        raise UnsupportedError(f"exact arithmetic: exponents must lie within 2**31 of each other; got {gap}")
