"""What the tables say of a format: its numbers as text, and its policies in words."""

from __future__ import annotations

from typing import Final, TypeAlias

from precise.commands.texts import LONGEST_EXPONENT, between_powers, integer_text
from precise.dyadic import Dyadic, Special
from precise.errors import UnsupportedError
from precise.formats import Format, encode, width
from precise.formats.blocked import Blocked
from precise.formats.sources import SOURCES
from precise.modes import Overflow, default_overflow
from precise.studies.decimals import decimal_below

Record: TypeAlias = dict[str, str]

_OVERFLOW: Final = {
    Overflow.INFINITY: "to infinity; at the largest number in modes towards zero there",
    Overflow.NAN: "to NaN; at the largest number in modes towards zero there",
    Overflow.SATURATE: "saturates at the largest number",
}


def record_of(fmt: Format) -> Record:
    """Return the numbers that make a format, as text; powers of two as such, the largest number rounded down."""
    specials = [s for s in Special if s in fmt]
    signs = "±" if Special.NEG_INF in fmt else "+"
    try:
        bits = integer_text(width(fmt))
    except UnsupportedError:
        bits = "-"
    return {
        "name": fmt.name,
        "p": text_of(fmt.p),
        "emin": text_of(fmt.emin),
        "emax": text_of(fmt.emax),
        "q_min": text_of(fmt.q_min),
        "width": bits,
        "u": "-" if fmt.p is None else f"2^-{fmt.p}",
        "least positive": power_of(fmt.smallest_positive),
        "least normal": power_of(fmt.smallest_normal),
        "largest": "-" if fmt.largest is None else short(fmt.largest),
        "specials": " ".join(str(s) for s in specials if s is not Special.NEG_INF).replace("inf", f"{signs}inf")
        or "none",
        "overflow": default_overflow(fmt).value,
        "source": SOURCES.get(fmt.name, "-"),
    }


def policies_of(fmt: Format) -> Record:
    """Return in words what becomes of results that the format does not have, by default."""
    return {
        "overflow": "none" if fmt.largest is None else _OVERFLOW[default_overflow(fmt)],
        "underflow": _underflow(fmt),
        "zero": _zero(fmt),
        "negative": "yes" if fmt.signed else "become NaN" if fmt.nan else "saturate at 0",
        "NaN": _nan(fmt),
    }


def _underflow(fmt: Format) -> str:
    """Return what becomes of results below the least normal number."""
    if fmt.q_min is None:
        return "none"
    if not fmt.zero:
        return "to the least number"
    if fmt.flush:
        return "flushed: rounded as if subnormals existed, then zero of the same sign"
    if fmt.p is None:
        return "to a multiple of the quantum"
    return "to a subnormal number" if fmt.subnormals and fmt.p > 1 else "to zero or the least number"


def _zero(fmt: Format) -> str:
    """Return which zeros there are."""
    if not fmt.zero:
        return "none: 0 becomes NaN"
    return "+0 and -0" if fmt.signed_zero else "one"


def _nan(fmt: Format) -> str:
    """Return how NaN is kept."""
    if not fmt.nan:
        return "none: raises DomainError"
    try:
        return f"one class, code 0x{encode(Special.NAN, fmt):x}"
    except UnsupportedError:
        return "one class"


def block_record_of(fmt: Blocked) -> Record:
    """Return what makes a block format, as text."""
    tensor = f", {fmt.tensor} a tensor" if fmt.tensor else ""
    try:
        bits = f"{float(fmt.bits_per_element):g}"
    except UnsupportedError:
        bits = "-"
    return {
        "name": fmt.name,
        "element": str(fmt.element),
        "scale": f"{fmt.scale}{tensor}",
        "size": str(fmt.size),
        "bits": bits,
        "scale rule": fmt.rule,
        "source": SOURCES.get(fmt.name, "-"),
    }


def text_of(x: int | None) -> str:
    """Return an integer, or a dash for none."""
    return "-" if x is None else integer_text(x)


def power_of(x: Dyadic | None) -> str:
    """Return a power of two as such."""
    return "-" if x is None else between_powers(x)


def short(x: Dyadic) -> str:
    """Return a positive number in decimal, rounded down to 6 digits."""
    if abs(x.e) > LONGEST_EXPONENT:
        return between_powers(x)
    text = decimal_below(x.to_fraction(), 6)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
