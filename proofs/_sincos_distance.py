"""The least distance of floats to the nonzero multiples of pi/2, by certificates, and what it costs in bits of pi."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from precise.claims import Certificate, Counterexample, Evidence, Kind, Scope
from precise.claims.distances import distance_certificate

Range = tuple[int, int, int]
"""Precision, first and last exponent."""


def whole_range(p: int) -> Range:
    """Return all exponents of F_p at which floats reach pi/2."""
    return p, 1 - p, 2**p - 1


BINARY32, BINARY64 = (24, -23, 104), (53, -52, 971)
"""The exponents of the last bit of binary32 and binary64, from those on at which floats reach pi/2."""


@cache
def certificate(p: int, first: int, last: int) -> Certificate:
    """Return the certificate of one range."""
    return distance_certificate(p, first, last)


def low_end(where: Range) -> Fraction:
    """Return the certified lower bound on |x 2/pi - k|."""
    return Fraction(str(certificate(*where).data["low"]))


def bits_lost(where: Range) -> int:
    """Return b with |x - k pi/2| >= 2^-b for all floats of the range: pi/2 > 1, so the bound on x 2/pi will do."""
    b = 0
    while low_end(where) * 2**b < 1:
        b += 1
    return b


def scope_of(where: Range) -> Scope:
    """Return the scope: all floats of F_p, or exponents in the stated range."""
    p, first, last = where
    limits = () if where == whole_range(p) else (f"exponents {first}..{last}",)
    return Scope.listed_p([p], *limits)


def worst_is(where: Range, m: int, e: int) -> Evidence | Counterexample:
    """Return the certificate that m 2^e is nearest to a nonzero multiple of pi/2, or the float that is nearer."""
    p = where[0]
    found = certificate(*where)
    got = int(str(found.data["m"])), int(str(found.data["e"]))
    if got != (m, e):
        return Counterexample(
            values={"p": p, "stated_m": m, "stated_e": e, "m": got[0], "e": got[1]},
            refutes="m != stated_m or e != stated_e",
            lines=(f"nearest is {got[0]} * 2^{got[1]}",),
            order="least distance",
        )
    lost = bits_lost(where)
    return Evidence(
        kind=Kind.CERTIFICATE,
        scope=scope_of(where),
        cases=1,
        producer="precise-pbit",
        certificates=(found,),
        sharpness="sharp: attained",
        note=f"least |x - k pi/2| at x = {m} * 2^{e}, between 2^-{lost} and 2^-{lost - 2}",
    )


def within(where: Range, lost: int) -> Evidence | Counterexample:
    """Return the certificate that no float of the range is nearer than 2^-lost to a multiple, or the nearest."""
    p = where[0]
    found = certificate(*where)
    low, high = (Fraction(str(found.data[name])) for name in ("low", "high"))
    if high * 2 * 2**lost < 1:  # |x - k pi/2| <= high pi/2 < 2 high
        return Counterexample(
            values={"p": p, "high": high, "lost": lost},
            refutes="2*high < 1/2**lost",
            lines=(f"{found.data['m']} * 2^{found.data['e']} is within 2*{high} of a multiple of pi/2",),
            order="least distance",
        )
    if low * 2**lost < 1:
        return Counterexample(values={"low": low, "lost": lost}, refutes="low < 1/2**lost")
    return Evidence(
        kind=Kind.CERTIFICATE,
        scope=scope_of(where),
        cases=1,
        producer="precise-pbit",
        certificates=(found,),
        sharpness="within a factor 4: 2^-(lost - 2) is refuted",
        note=f"|x - k pi/2| >= 2^-{lost} for all floats and k other than 0",
    )
