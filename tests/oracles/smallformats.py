"""Formats of at most 8 bits in plain numbers, typed from the standards and not from the package under test.

Sources: the OCP specifications of 8-bit floating point (1.0) and of microscaling formats (1.0) for E4M3, E5M2, E3M2,
E2M3, E2M1 and E8M0; the FNUZ encodings of Noune et al. (arXiv:2206.02915) with biases 8 and 16, and bias 11; IEEE
P3109's interim report for the family k, p (bias 2**(k-p-1), one zero, one NaN, two infinities, signed and extended).
"""

from __future__ import annotations

from fractions import Fraction

from oracles.grids import fixed
from oracles.integers import Spec, power_of_two
from oracles.named import E4M3FN, E5M2, ieee


def fnuz(name: str, p: int, bias: int) -> Spec:
    """Return an 8-bit format with finite values in every code but one, and a single zero."""
    top = (2**p - 1) * power_of_two(2 ** (8 - p) - 1 - bias - (p - 1))
    return Spec(name, p, 2 - bias - p, top, infinities=False, signed_zero=False)


def finite(name: str, p: int, bits: int, bias: int) -> Spec:
    """Return a format of a few bits without infinities and NaN, every code of which is a number."""
    top = (2**p - 1) * power_of_two(2 ** (bits - p) - 1 - bias - (p - 1))
    return Spec(name, p, 2 - bias - p, top, infinities=False, nan=False)


def p3109(k: int, p: int) -> Spec:
    """Return the signed extended format of k bits and precision p; the code below that of infinity is the largest."""
    bias = 2 ** (k - p - 1)
    exponent, trailing = divmod(2 ** (k - 1) - 2, 2 ** (p - 1))
    quantum = power_of_two(max(exponent, 1) - bias - (p - 1))
    top = (trailing + (2 ** (p - 1) if exponent else 0)) * quantum
    return Spec(f"binary{k}p{p}se", p, 2 - bias - p, top, signed_zero=False)


E3M4 = ieee("float8_e3m4", 5, 3)
E4M3 = ieee("float8_e4m3", 4, 7)
E4M3FNUZ = fnuz("float8_e4m3fnuz", 4, 8)
E5M2FNUZ = fnuz("float8_e5m2fnuz", 3, 16)
E4M3B11FNUZ = fnuz("float8_e4m3b11fnuz", 4, 11)
E3M2FN = finite("float6_e3m2fn", 3, 6, 3)
E2M3FN = finite("float6_e2m3fn", 4, 6, 1)
E2M1FN = finite("float4_e2m1fn", 2, 4, 1)
P3109 = tuple(p3109(8, p) for p in range(1, 8))
INT8, UINT8, INT4 = fixed(8, 0), fixed(8, 0, signed=False), fixed(4, 0)
FIXED8 = fixed(8, -3)

OCP8 = (E4M3FN, E5M2, E3M4, E4M3, E4M3FNUZ, E5M2FNUZ, E4M3B11FNUZ)
TINY = (E3M2FN, E2M3FN, E2M1FN)
FIXED = (INT8, UINT8, INT4, FIXED8)
SMALL = (*OCP8, *P3109, *TINY, *FIXED)
BY_NAME = {s.name: s for s in SMALL}
E8M0_VALUES = tuple(Fraction(2) ** (code - 127) for code in range(255))
