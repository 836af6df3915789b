"""Powers of the wide engine: the exponential of a multiple of a logarithm, both by the extension, rounded once.

Let l stand for log x to p + 46 bits and e for exp(t) to p + 24 bits, t = y l rounded to 2 p + 96 bits (`wide_fixed`).
A stand-in lies between the same two neighbours of so many bits as the value, so the relative errors of l and e are less
than 2**-(p + 45) and 2**-(p + 23). That of l moves t, which is below 2**20, by less than 2**-(p + 24); in all e is off
by less than r = 2**-(p + 22). Where e (1 - r) and e (1 + r) round alike, so does the power between them.

Left to MPFR are one argument in about 2**20, powers of at most p + 24 bits, bases that are not positive, special data,
and powers beyond 2**(2**20) or too near to 1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import gmpy2

from precise.engines.wide_fixed import call_for, stand_ins
from precise.engines.wide_numbers import ZERO, exact_context
from precise.engines.wide_rounding import Function, Numbers, WideRounder

_EXP_MORE: Final = 24
_LOG_MORE: Final = 46
_MARGIN: Final = 22


def call_for_powers(p: int, count: int) -> bool:
    """Return whether the extension is there and is the one to ask for `count` powers to p bits."""
    return call_for("log", p + _LOG_MORE, count) and call_for("exp", p + _EXP_MORE, count)


def powers(bases: Numbers, exponents: Numbers, wide: WideRounder, direct: Callable[..., gmpy2.mpfr]) -> Numbers:
    """Return x**y along two columns, where nothing is decided from `direct(i, x, y)`.

    Precondition: `call_for_powers(wide.p, len(bases))`.
    """
    p = wide.p
    multiply: Function = exact_context(2 * p + 96).mul
    logarithms = stand_ins("log", bases, p + _LOG_MORE)
    products = [ZERO if x is None else multiply(y, x) for x, y in zip(logarithms, exponents, strict=True)]
    values = stand_ins("exp", products, p + _EXP_MORE)
    exact = exact_context(p + 32)
    margin = exact.mul_2exp(gmpy2.mpz(1), -(p + _MARGIN))
    low, high, rounded = exact.sub(1, margin), exact.add(1, margin), wide.function("mul")
    found: Numbers = []
    for i, value in enumerate(values):
        if value is not None:
            least = rounded(value, low)
            if least == rounded(value, high):
                found.append(least)
                continue
        found.append(direct(i, bases[i], exponents[i]))
    return found
