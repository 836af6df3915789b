"""The named formats in plain numbers, typed from the standards and not from the package under test.

Sources: IEEE 754-2019, table 3.5 (binary16, 32, 64, 128; 256 by its rule for larger widths); the OCP 8-bit floating
point specification 1.0 (E4M3, E5M2); bfloat16 and TensorFloat-32 are binary32's range with 8 and 11 bits of
significand.
"""

from __future__ import annotations

from fractions import Fraction

from oracles.integers import Spec, power_of_two


def ieee(name: str, p: int, emax: int) -> Spec:
    """Return a format of the IEEE kind: emin = 1 - emax, subnormals, infinities, NaN, signed zero."""
    largest = (2**p - 1) * power_of_two(emax - p + 1)
    return Spec(name, p, 1 - emax - p + 1, largest)


def paper(p: int) -> Spec:
    """Return the papers' floats: significand of exactly p bits, quantum exponent in [-2**p, 2**p), nothing else."""
    top = (2**p - 1) * power_of_two(2**p - 1)
    return Spec(f"paper:{p}", p, -(2**p), top, subnormals=False, infinities=False, nan=False, signed_zero=False)


def unbounded(p: int) -> Spec:
    """Return p bits with exponents of any size; it has no signed zero, infinities or NaN that a test relies on."""
    return Spec(f"p={p}", p, None, None)


def small(p: int, emin: int, emax: int, *, subnormals: bool = True) -> Spec:
    """Return a small float with specials."""
    largest = (2**p - 1) * power_of_two(emax - p + 1)
    return Spec(f"float({p},{emin},{emax})", p, emin - p + 1, largest, subnormals=subnormals)


BINARY16 = ieee("binary16", 11, 15)
BINARY32 = ieee("binary32", 24, 127)
BINARY64 = ieee("binary64", 53, 1023)
BFLOAT16 = ieee("bfloat16", 8, 127)
TF32 = ieee("tf32", 11, 127)
BINARY128 = ieee("binary128", 113, 16383)
BINARY256 = ieee("binary256", 237, 262143)
E5M2 = ieee("float8_e5m2", 3, 15)
E4M3FN = Spec("float8_e4m3fn", 4, -9, Fraction(448), infinities=False)

WIDE = {s.name: s for s in (BINARY128, BINARY256)}  # beyond what float64 carries
NAMED = {s.name: s for s in (BINARY16, BINARY32, BINARY64, BFLOAT16, TF32, E4M3FN, E5M2)}
