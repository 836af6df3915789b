"""A format is a set of numbers, given by data and one equation.

A finite value with leading-bit exponent `e` is a multiple of `2**q(e)`, where `q(e) = max(e - p + 1,
q_min)`. Leave out `q_min` and the exponents are unbounded; leave out `p` and the format is fixed point.
Bounds, subnormals, signed zero, infinities and NaN are fields; everything else is derived.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from precise.dyadic import Dyadic, Element, Special
from precise.errors import FormatError

# A significand of 2**20 bits is 128 KiB; more is taken for a slip of the pen.
MOST_BITS: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Format:
    """A set of numbers that can be stored; build one with `Float`, `Fixed`, `paper_float` or `unbounded`.

    Parameters
    ----------
    name : str
        What tables print.
    p : int or None
        Precision in bits, the leading bit included; None for fixed point.
    q_min : int or None
        Exponent of the least quantum; None for unbounded exponents.
    largest, least : Dyadic or None
        The greatest and the smallest (most negative) finite value; None for no bound. Unsigned formats have
        `least == 0`, or their least positive number where they have no zero (E8M0).
    subnormals : bool
        Whether values below `smallest_normal` exist. The papers' floats have none.
    signed_zero, infinities, nan : bool
        Which special data exist; unsigned formats have no negative infinity.
    flush : bool
        Flush to zero: results are rounded as if the subnormals existed, and those below `smallest_normal` then become
        zero of the same sign (`Underflow.FLUSH`). The subnormals are no members.
    """

    name: str
    p: int | None
    q_min: int | None
    largest: Dyadic | None
    least: Dyadic | None
    subnormals: bool = True
    signed_zero: bool = True
    infinities: bool = True
    nan: bool = True
    flush: bool = False

    def __post_init__(self) -> None:
        if self.p is None and self.q_min is None:
            raise FormatError("Format: p or q_min must be given; got neither")
        if self.p is not None:
            check_bits("Format: precision p", self.p, 1)
        if not self.subnormals and (self.p is None or self.q_min is None):
            raise FormatError("Format: a format without subnormals must have both p and q_min")
        if (self.largest is None) != (self.least is None):
            raise FormatError("Format: largest and least must be given together")
        if self.largest is not None and self.least is not None:
            if self.largest <= 0 or (self.least > 0 and (self.p != 1 or self.least != self.smallest_normal)):
                raise FormatError(f"Format: bounds must satisfy least <= 0 < largest; got {self.least}, {self.largest}")
            if self.signed_zero and self.least >= 0:
                raise FormatError(f"Format: an unsigned format must have no signed zero; got {self.name}")
            if not (self._on_grid(self.largest) and (self.least == 0 or self._on_grid(self.least))):
                raise FormatError(f"Format: the bounds must be members; got {self.least}, {self.largest}")
        if self.flush and (self.emin is None or not (self.subnormals and self.zero)):
            raise FormatError(f"Format: only a format with subnormals and zero can flush; got {self.name}")

    def __hash__(self) -> int:
        return hash(self.name)  # enough to tell formats apart, and every call looks its rounder up in a cache

    # The equation.

    def quantum(self, e: int) -> int:
        """Return q(e): the exponent of the unit in the last place of values with leading exponent `e`."""
        if self.p is None:
            assert self.q_min is not None
            return self.q_min
        q = e - self.p + 1
        return q if self.q_min is None else max(q, self.q_min)

    def _on_grid(self, x: Dyadic) -> bool:
        """Return whether nonzero `x` is a multiple of its quantum (bounds aside)."""
        if (self.flush or not self.subnormals) and self.emin is not None and x.e < self.emin:
            return False
        return x.q >= self.quantum(x.e)

    def __contains__(self, x: Element) -> bool:
        """Return whether the datum `x` belongs to the format, special data included."""
        if isinstance(x, Special):
            if x is Special.NAN:
                return self.nan
            if x is Special.NEG_ZERO:
                return self.signed_zero
            return self.infinities and (self.signed or x is Special.POS_INF)
        if x.c == 0:
            return self.zero
        inside = self.largest is None or self.least is None or self.least <= x <= self.largest
        return inside and self._on_grid(x)

    # Derived.

    @property
    def signed(self) -> bool:
        """Whether negative numbers exist."""
        return self.least is None or self.least < 0

    @property
    def zero(self) -> bool:
        """Whether zero is a member; a scale format such as E8M0 has none."""
        return self.least is None or self.least <= 0

    @property
    def emin(self) -> int | None:
        """The exponent of the least normal number, `q_min + p - 1` (IEEE 754-2019, 3.3); None if unbounded or fixed."""
        return None if self.p is None or self.q_min is None else self.q_min + self.p - 1

    @property
    def emax(self) -> int | None:
        """The exponent of the largest number; None if unbounded."""
        return None if self.largest is None else self.largest.e

    @property
    def smallest_normal(self) -> Dyadic | None:
        """The least positive number with a full significand, `2**emin`; None if unbounded or fixed."""
        return None if self.emin is None else Dyadic(1, self.emin)

    @property
    def smallest_positive(self) -> Dyadic | None:
        """The least positive number; None if there is none."""
        if self.q_min is None:
            return None
        return Dyadic(1, self.q_min) if self.subnormals and not self.flush else self.smallest_normal

    @property
    def unit_roundoff(self) -> Fraction:
        """`u = 2**-p`, which bounds the relative error of a nearest rounding. `FormatError` for fixed point."""
        if self.p is None:
            raise FormatError(f"unit_roundoff: format must have a precision p; got {self.name}")
        return Fraction(1, 1 << self.p)

    def __str__(self) -> str:
        return self.name


def check_bits(what: str, bits: int, least: int) -> None:
    """Raise `FormatError` unless a number of bits is an integer from `least` to 2**20."""
    if not isinstance(bits, int) or isinstance(bits, bool) or not least <= bits <= MOST_BITS:
        raise FormatError(f"{what} must be an integer from {least} to {MOST_BITS}; got {bits}")


def Float(
    p: int,
    emin: int,
    emax: int,
    *,
    subnormals: bool = True,
    signed_zero: bool = True,
    infinities: bool = True,
    nan: bool = True,
    largest: Dyadic | None = None,
    name: str | None = None,
) -> Format:
    """Return the binary floating-point format with precision `p` and leading-bit exponents `emin..emax`.

    Parameters
    ----------
    p : int
        Bits of the significand, the leading one included (11 for binary16).
    emin, emax : int
        IEEE 754-2019 exponents: the least normal number is `2**emin`, the largest lies below `2**(emax + 1)`.
    largest : Dyadic, optional
        The largest finite number, where it is not `(2 - 2**(1-p)) * 2**emax` (448 for E4M3FN).

    Examples
    --------
    >>> Float(11, -14, 15).largest == 65504
    True
    """
    for label, value in (("p", p), ("emin", emin), ("emax", emax)):
        if not isinstance(value, int) or isinstance(value, bool):
            raise FormatError(f"Float: {label} must be an integer; got {value!r}")
    check_bits("Float: precision p", p, 1)
    if emin > emax:
        raise FormatError(f"Float: emin must not exceed emax; got emin={emin}, emax={emax}")
    top = Dyadic((1 << p) - 1, emax - p + 1) if largest is None else largest
    if top.e != emax:
        raise FormatError(f"Float: largest must have exponent emax={emax}; got {top}")
    label = name or f"float({p},{emin},{emax}{'' if subnormals else ',no-subnormals'})"
    return Format(label, p, emin - p + 1, top, -top, subnormals, signed_zero, infinities, nan)


def Fixed(k: int, q: int, *, signed: bool = True, symmetric: bool = False, name: str | None = None) -> Format:
    """Return the fixed-point format of `k` bits with quantum `2**q`: two's complement, or unsigned.

    A symmetric one leaves out the most negative number, and its code means nothing.

    Examples
    --------
    >>> Fixed(8, 0).least == -128, Fixed(8, -7).largest == Fraction(127, 128)
    (True, True)
    """
    check_bits("Fixed: width k", k, 1 + signed)
    if not isinstance(q, int):
        raise FormatError(f"Fixed: quantum exponent q must be an integer; got {q!r}")
    top = Dyadic((1 << (k - signed)) - 1, q)
    if symmetric and not signed:
        raise FormatError("Fixed: a symmetric format must be signed; got signed=False")
    bottom = Dyadic(0) if not signed else -top if symmetric else Dyadic(-(1 << (k - 1)), q)
    label = name or f"{'fixed' if signed else 'ufixed'}({k},{q}{',symmetric' if symmetric else ''})"
    return Format(label, None, q, top, bottom, True, False, False, False)


def paper_float(p: int) -> Format:
    """Return the papers' F_p: zero and all `m * 2**e` with `2**(p-1) <= |m| < 2**p` and `-2**p <= e < 2**p`.

    No subnormals, one zero, no infinity, no NaN (`def:float`). The paper's `e` is the quantum exponent.

    Examples
    --------
    >>> paper_float(2).smallest_positive, paper_float(2).largest
    (Dyadic(1, -3), Dyadic(3, 3))
    """
    check_bits("paper_float: precision p", p, 1)
    emin, emax = p - 1 - (1 << p), (1 << p) - 1 + p - 1
    return Float(p, emin, emax, subnormals=False, signed_zero=False, infinities=False, nan=False, name=f"paper:{p}")


def unbounded(p: int) -> Format:
    """Return the format with precision `p` and all exponents: no overflow, no underflow (printed `p=11`)."""
    check_bits("unbounded: precision p", p, 1)
    return Format(f"p={p}", p, None, None, None)
