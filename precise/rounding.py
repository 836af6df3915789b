"""Rounding: the one site that drops bits.

`Rounder` is that site. Every other function of the package hands it an exact number, or a stand-in that provably rounds
alike (a quotient with a sticky bit, an end of an enclosure), and stores what it returns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from precise.dyadic import WIDEST_INTEGER, Dyadic, Element, Special, exact_decimal
from precise.errors import DomainError, FormatError, UnsupportedError
from precise.formats import Format, parse_format
from precise.modes import (
    DETERMINISTIC,
    RAZ,
    RNA,
    RNE,
    RTN,
    RTO,
    RTP,
    RTZ,
    SR,
    Overflow,
    Rounding,
    Underflow,
    default_overflow,
    parse_overflow,
    parse_rounding,
    parse_underflow,
    stochastic,
)
from precise.stochastic import UndecidedDrawError

__all__ = [
    "DETERMINISTIC",
    "RAZ",
    "RNA",
    "RNE",
    "RTN",
    "RTO",
    "RTP",
    "RTZ",
    "SR",
    "Overflow",
    "Rounder",
    "Rounding",
    "Underflow",
    "default_overflow",
    "exact_value",
    "floor_log2",
    "parse_overflow",
    "parse_rounding",
    "parse_underflow",
    "round_to",
    "stochastic",
]


@dataclass(frozen=True, slots=True)
class Rounder:
    """The one site that drops bits: a format, a mode, and the policies for overflow and underflow.

    Calling it with an exact number returns a member of the format, correctly rounded. Monotone for every
    mode (for SR: with the random bits held fixed), which is why both ends of an enclosure decide for all of
    it.

    SR with exact probability reads `rounding.words` words of its random number U. Where these equal the leading bits
    of the fraction, and the fraction goes on, it raises `UndecidedDrawError`, and the caller asks `widened()` with a
    number that is right to more bits: what decides is the exact fraction, also where that number is a stand-in.
    """

    format: Format
    rounding: Rounding
    overflow: Overflow
    underflow: Underflow = Underflow.ROUND

    def __post_init__(self) -> None:
        fmt, overflow = self.format, self.overflow
        for value, kind in (
            (fmt, Format),
            (self.rounding, Rounding),
            (overflow, Overflow),
            (self.underflow, Underflow),
        ):
            if not isinstance(value, kind):
                raise FormatError(f"rounder: {kind.__name__.lower()} must be a {kind.__name__}; got {value!r}")
        if overflow is Overflow.INFINITY and not fmt.infinities:
            raise FormatError(f"overflow: policy must not be infinity, which {fmt.name} lacks; got infinity")
        if overflow is Overflow.NAN and not fmt.nan:
            raise FormatError(f"overflow: policy must not be nan, which {fmt.name} lacks; got nan")
        if overflow is Overflow.WRAP and fmt.p is not None:
            raise FormatError(f"overflow: wrap must be used with fixed point only; got {fmt.name}")
        if overflow is Overflow.WRAP and fmt.largest is not None and fmt.least == -fmt.largest:
            raise FormatError(f"overflow: wrap must have a number for every code; got {fmt.name}")
        if self.underflow is Underflow.FLUSH and not fmt.zero:
            raise FormatError(f"underflow: policy must not be flush, {fmt.name} has no zero; got flush")
        if fmt.flush:
            if self.underflow is Underflow.ERROR:
                raise FormatError(f"underflow: policy of {fmt.name}, which flushes, must be flush; got error")
            object.__setattr__(self, "underflow", Underflow.FLUSH)

    def __call__(self, x: Dyadic | Fraction | Special, index: int = 0) -> Element:
        """Return `x` rounded; `index` picks the random bits of SR."""
        if isinstance(x, Special):
            return self.round_special(x)
        if isinstance(x, Fraction):
            return self.round_ratio(x.numerator, x.denominator, 0, index)
        return self.round_ratio(x.c, 1, x.q, index)

    def round_ratio(self, n: int, d: int, q: int, index: int = 0) -> Element:
        """Return `n / d * 2**q` rounded, for integers `n` and `d > 0`."""
        fmt = self.format
        if n == 0:
            return Dyadic(0) if fmt.zero else self._overflowed(Dyadic(0))
        negative, n = n < 0, abs(n)
        e = floor_log2(n, d) + q
        if fmt.largest is not None and e > fmt.largest.e + 1 and self.overflow is not Overflow.WRAP:
            n, d, q, e = (
                1,
                1,
                fmt.largest.e + 2,
                fmt.largest.e + 2,
            )  # as far above every boundary as n / d * 2**q
        below_normal = fmt.emin is not None and e < fmt.emin
        grid = fmt.emin if below_normal and not fmt.subnormals else fmt.quantum(e)
        assert grid is not None
        lowest = grid - self.rounding.extra_bits - 3
        if e < lowest:
            n, d, q = 1, 1, lowest  # like n / d * 2**q: below 2**-(extra_bits + 2) units, and not 0
        shift = q - grid
        if shift > WIDEST_INTEGER:
            raise UnsupportedError(
                f"round: value must lie within 2**{WIDEST_INTEGER} quanta to wrap around; got 2**{shift}"
            )
        c, rest = divmod(n << shift, d) if shift >= 0 else divmod(n, d << -shift)
        unit = d if shift >= 0 else d << -shift
        if self._moves_up(negative, c & 1 == 1, rest, unit, index):
            c += 1
        return self._in_range(Dyadic(-c if negative else c, grid), negative, below_normal and rest != 0)

    def _moves_up(self, negative: bool, odd: bool, rest: int, unit: int, index: int) -> bool:
        """Return whether the magnitude `c + rest/unit`, with `c` odd or even, becomes `c + 1`."""
        code = self.rounding.code
        if rest == 0 or code == "RTZ":
            return False
        if code == "RNE":
            return 2 * rest > unit or (2 * rest == unit and odd)
        if code == "RNA":
            return 2 * rest >= unit
        if code == "RAZ":
            return True
        if code == "RTP":
            return not negative
        if code == "RTN":
            return negative
        if code == "RTO":
            return not odd
        drawn, scaled = self.rounding.random(index) * unit, rest << self.rounding.extra_bits
        if self.rounding.is_exact and drawn < scaled < drawn + unit:
            raise UndecidedDrawError(f"round: {self.rounding} must read more than {self.rounding.words} words of U")
        return drawn < scaled

    def widened(self) -> Rounder:
        """Return the rounder with `rounding.widened()`."""
        return replace(self, rounding=self.rounding.widened())

    def _in_range(self, x: Dyadic, negative: bool, tiny: bool) -> Element:
        """Apply the policies to `x`, which is rounded as if the exponents were unbounded above."""
        fmt = self.format
        if not (x or negative or fmt.zero) and fmt.least is not None:
            x = fmt.least
        if fmt.largest is not None and fmt.least is not None and not fmt.least <= x <= fmt.largest:
            return self._overflowed(x)
        if tiny and self.underflow is Underflow.ERROR:
            raise DomainError(f"round: result must not underflow {fmt.name}; got a value below {fmt.smallest_normal}")
        if self.underflow is Underflow.FLUSH and fmt.smallest_normal is not None and abs(x) < fmt.smallest_normal:
            x = Dyadic(0)
        if x.c == 0 and negative and fmt.signed_zero:
            return Special.NEG_ZERO
        return x

    def _overflowed(self, x: Dyadic) -> Element:
        """Return what the policy makes of `x`, which lies outside the bounds."""
        fmt = self.format
        assert fmt.largest is not None and fmt.least is not None and fmt.q_min is not None
        bound = fmt.largest if x.c > 0 else fmt.least
        if self.overflow is Overflow.ERROR:
            raise DomainError(f"round: result must lie within {fmt.least}..{fmt.largest} ({fmt.name}); got {x}")
        if self.overflow is Overflow.WRAP:
            span = (fmt.largest - fmt.least).integer_at(fmt.q_min) + 1
            offset = (x - fmt.least).integer_at(fmt.q_min) % span
            return Dyadic(offset, fmt.q_min) + fmt.least
        if x < fmt.least and not fmt.signed and self.overflow is not Overflow.SATURATE:
            return Special.NAN if fmt.nan else bound  # no mode turns a negative number into an unsigned one
        towards_bound = {"RTZ": True, "RTO": True, "RTP": x.c < 0, "RTN": x.c > 0}.get(self.rounding.code, False)
        if self.overflow is Overflow.SATURATE or towards_bound:
            return bound
        if self.overflow is Overflow.NAN:
            return Special.NAN
        return Special.POS_INF if x.c > 0 else Special.NEG_INF

    def undefined(self) -> Element:
        """Return what an operation without a result gives (IEEE 754-2019, 7.2), its operands not being NaN."""
        return self.round_special(Special.NAN)

    def round_special(self, x: Special) -> Element:
        """Return a special datum in the format: itself, or what the policy makes of it."""
        fmt = self.format
        if x in fmt:
            return x
        if x is Special.NEG_ZERO:
            return self.round_ratio(0, 1, 0)
        if x is Special.NAN or self.overflow in (Overflow.ERROR, Overflow.WRAP):
            raise DomainError(f"round: {fmt.name} has no {x}; argument must be a number")
        if self.overflow is Overflow.NAN or (self.overflow is Overflow.INFINITY and fmt.nan):
            return Special.NAN
        assert fmt.largest is not None and fmt.least is not None
        return fmt.largest if x is Special.POS_INF else fmt.least


def floor_log2(n: int, d: int) -> int:
    """Return floor(log2(n / d)) for positive integers."""
    e = n.bit_length() - d.bit_length()
    return e - 1 if (n < d << e if e >= 0 else n << -e < d) else e


def exact_value(x: Dyadic | Special | Fraction | int | float | str) -> Dyadic | Special | Fraction:
    """Return the number or special datum that `x` is, exactly; strings may be decimal, `0x` or `-0 inf -inf nan`."""
    if isinstance(x, Dyadic | Special | Fraction):
        return x
    if isinstance(x, int) and not isinstance(x, bool):
        return Dyadic(x)
    if isinstance(x, float):
        x = x.hex() if x == x else "nan"
    if not isinstance(x, str):
        raise DomainError(f"number: argument must be an exact number; got {type(x).__name__}")
    text = x.strip().lower().removeprefix("+")
    words = {"infinity": Special.POS_INF, "-infinity": Special.NEG_INF} | {s.value: s for s in Special}
    if text in words:
        return words[text]
    if "0x" in text:
        value: Dyadic | Fraction = Dyadic.from_hex(text)
    else:
        value = exact_decimal(text)
    return Special.NEG_ZERO if value == 0 and text.startswith("-") else value


def round_to(
    x: Dyadic | Special | Fraction | int | float | str,
    *,
    format: Format | str,
    rounding: Rounding | str,
    overflow: Overflow | str | None = None,
    underflow: Underflow | str = Underflow.ROUND,
    index: int = 0,
) -> Element:
    """Return the member of `format` that the exact number `x` rounds to.

    Parameters
    ----------
    x : Dyadic, Special, Fraction, int, float or str
        Taken exactly: `0.1` is the binary64 number, `"0.1"` and `Fraction(1, 10)` are one tenth.
    format, rounding : Format, Rounding or str
        Where to, and how; there is no default.
    overflow : Overflow, optional
        Default: infinity where the format has it, else NaN where it has that, else saturate.
    index : int
        Which random bits stochastic rounding uses.

    Returns
    -------
    Dyadic or Special
        Correctly rounded.

    Raises
    ------
    DomainError
        NaN for a format that has none; overflow or underflow under the policy `error`.

    Examples
    --------
    >>> from precise.formats import bfloat16, paper_float
    >>> print(round_to("0.1", format=bfloat16, rounding=RTZ))
    0x1.98p-4
    >>> print(round_to(2**100, format=paper_float(2), rounding=RNE))
    0x1.8p+4
    """
    fmt = parse_format(format)
    policy = default_overflow(fmt) if overflow is None else parse_overflow(overflow)
    rounder, value = Rounder(fmt, parse_rounding(rounding), policy, parse_underflow(underflow)), exact_value(x)
    while True:  # ends: each turn doubles the words, and `widened` has a stated end
        try:
            return rounder(value, index)
        except UndecidedDrawError:
            rounder = rounder.widened()
