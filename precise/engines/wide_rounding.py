"""Rounding by MPFR exactly as a `Rounder` does: contexts, the two modes that MPFR lacks, and what must be refused.

A context with `precision = p`, `emin = q_min + 1`, `emax = emax + 1` and `subnormalize` is a format with subnormals
in MPFR's count of exponents; one with `emin + 1` and no `subnormalize` is a format without: there MPFR's nearest mode
sends half of the least number to 0 and all above it to the least number, as `Rounder` does. MPFR rounds every operation
correctly within its whole range and keeps a ternary sign, so that cutting the result to the range of the context is
one rounding. Operands may have any precision and lie outside the range of the context.

* RNA to p bits is RAZ to p bits of RTZ to p + 1 bits: the bit p + 1 says whether the value reaches the midpoint.
* RTO to p bits is RTZ to p bits, and the next number away from zero where that is inexact and even.

A format that is unbounded, or reaches beyond `SPAN`, is given a context that ends at `SPAN`; a result outside is
refused. Refused altogether: fixed point, stochastic rounding, formats whose largest number is not all ones or not the
opposite of the least, formats without zero, flushing, and `Underflow.ERROR`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

import gmpy2
import numpy as np
from numpy.typing import NDArray

from precise.dyadic import Element
from precise.engines.wide_numbers import ONE, SPAN, ZERO, exact_context, holds_mpfr, mpfr_of
from precise.errors import UnsupportedError
from precise.rounding import Overflow, Rounder, Underflow

Numbers: TypeAlias = list[gmpy2.mpfr]
Function: TypeAlias = Callable[..., gmpy2.mpfr]

_NATIVE: Final = {
    "RNE": gmpy2.RoundToNearest,
    "RTZ": gmpy2.RoundToZero,
    "RTP": gmpy2.RoundUp,
    "RTN": gmpy2.RoundDown,
    "RAZ": gmpy2.RoundAwayZero,
}


class WideRounder:
    """Operations of MPFR rounded as a `Rounder` rounds; `UnsupportedError` where it has no such operations.

    Good for one request: it collects the exceptions of all operations that it has handed out.
    """

    def __init__(self, rounder: Rounder) -> None:
        fmt = rounder.format
        if fmt.p is None or fmt.p < 2:
            raise UnsupportedError(f"wide: format must have a precision of at least 2 bits; got {fmt}")
        code = rounder.rounding.code
        if code not in (*_NATIVE, "RNA", "RTO"):
            raise UnsupportedError(f"wide: rounding must be deterministic; got {rounder.rounding}")
        if rounder.underflow is not Underflow.ROUND or fmt.flush or not fmt.zero:
            raise UnsupportedError(f"wide: underflow must be gradual or to the nearest; got {rounder.underflow.value}")
        full = None if fmt.largest is None else fmt.largest.c == (1 << fmt.p) - 1 and fmt.least == -fmt.largest
        if full is False:
            raise UnsupportedError(f"wide: numbers of {fmt} must fill their last binade; {fmt.largest} is the largest")
        self.rounder, self.p, self.code = rounder, fmt.p, code
        self.top = SPAN if fmt.emax is None else min(fmt.emax + 1, SPAN)
        lowest = None if fmt.q_min is None else fmt.q_min + 1 if fmt.subnormals else fmt.q_min + fmt.p
        self.bottom = -SPAN if lowest is None else max(lowest, -SPAN)
        self.ends_above = fmt.emax is not None and fmt.emax + 1 <= SPAN
        self.ends_below = lowest is not None and lowest >= -SPAN
        self.subnormal = self.ends_below and fmt.subnormals
        self.plain = fmt.infinities and fmt.nan and rounder.overflow is Overflow.INFINITY
        self._contexts: list[gmpy2.context] = []
        self._main = self._context(_NATIVE.get(code, gmpy2.RoundToZero), code == "RNA")
        self._away = self._context(gmpy2.RoundAwayZero, False) if code in ("RNA", "RTO") else None

    def _context(self, mode: int, one_more: bool) -> gmpy2.context:
        """Return a context of the format in one of MPFR's modes, with one bit more where asked."""
        context = gmpy2.context(
            precision=self.p + one_more,
            emin=self.bottom - one_more,
            emax=self.top,
            subnormalize=self.subnormal,
            round=mode,
        )
        self._contexts.append(context)
        return context

    def function(self, method: str) -> Function:
        """Return a method of a gmpy2 context, such as `add`, rounded once to the format in its mode."""
        operation = self._operation(method)
        if self._away is None:
            return operation
        if self.code == "RTO":
            return lambda *operands: self._to_odd(operation(*operands))
        away: Function = self._away.plus
        return lambda *operands: away(operation(*operands))

    def map(self, method: str, *columns: Iterable[object]) -> Iterable[gmpy2.mpfr]:
        """Return what `function(method)` gives along the columns, with less overhead."""
        results = map(self._operation(method), *columns)
        if self._away is None:
            return results
        return map(self._away.plus if self.code == "RNA" else self._to_odd, results)

    def _operation(self, method: str) -> Function:
        """Return the method of the main context; one with a ternary sign of its own where that is read."""
        operation: Function = getattr(self._main, method)
        if self.code == "RTO" and method == "plus":  # gmpy2 may return its operand, with an old ternary sign
            multiply: Function = self._main.mul
            return lambda x: multiply(x, ONE)
        return operation

    def _to_odd(self, x: gmpy2.mpfr) -> gmpy2.mpfr:
        """Return a result rounded toward zero, or the next number away from zero if it is inexact and even."""
        if not x.rc or not x.is_finite() or self._is_odd(x):
            return x
        assert self._away is not None
        return self._away.next_below(x) if gmpy2.is_signed(x) else self._away.next_above(x)

    def _is_odd(self, x: gmpy2.mpfr) -> bool:
        """Return whether a member is an odd multiple of its quantum; zero is not."""
        if x.is_zero():
            return False
        c, q = x.as_mantissa_exp()
        quantum = q + c.bit_length() - self.p
        if self.subnormal:
            quantum = max(quantum, self.bottom - 1)
        return bool(c.bit_test(quantum - q)) if quantum >= q else False

    @property
    def normal(self) -> tuple[int, int]:
        """The least and the largest of MPFR's exponents where p bits are all that rounding needs to know."""
        return self.bottom + (self.p - 1 if self.subnormal else 0), self.top

    @property
    def native(self) -> bool:
        """Whether MPFR's specials and zeros are those of the format and its policies."""
        return self.plain and self.rounder.format.signed_zero

    def settled(self, results: Numbers, redo: Callable[[int], Element]) -> Numbers:
        """Return the results of operations of this rounder as the policies have them.

        `redo(i)` gives result i as the reference does, and raises what it raises; it is asked where MPFR gives an
        infinity or NaN and the format or its policies may want something else.
        """
        if not self.plain and not all(map(gmpy2.is_finite, results)):
            results = [x if x.is_finite() else mpfr_of(redo(i), self.p) for i, x in enumerate(results)]
        return self._with_zeros(results)

    def strict(self, op: str, results: Numbers) -> Numbers:
        """Return the results of chains of operations of this rounder; `UnsupportedError` unless all were finite.

        An infinity or NaN on the way never disappears before the total. An overflow that stops at the largest number
        does so under every policy but the one that raises.
        """
        self.require_range()
        if not self.plain and not all(map(gmpy2.is_finite, results)):
            raise UnsupportedError(f"{op}: results must be finite under overflow {self.rounder.overflow.value}")
        return self._with_zeros(results)

    def _with_zeros(self, results: Numbers) -> Numbers:
        """Return the results with the zeros of the format."""
        return results if self.rounder.format.signed_zero or all(results) else [x or ZERO for x in results]

    @property
    def exceptional(self) -> bool:
        """Whether an operation so far overflowed, underflowed, divided by zero or was invalid."""
        return any(c.overflow or c.underflow or c.divzero or c.invalid for c in self._contexts)

    def require_range(self) -> None:
        """Raise `UnsupportedError` if a result so far left a range that is not the format's own, or is an error."""
        over = any(c.overflow for c in self._contexts)
        if over and not self.ends_above:
            raise UnsupportedError(f"wide: results must lie below 2**{SPAN}; got one beyond")
        if over and self.rounder.overflow is Overflow.ERROR:
            raise UnsupportedError("wide: results must not overflow under the policy error; one does")
        if not self.ends_below and any(c.underflow for c in self._contexts):
            raise UnsupportedError(f"wide: results must lie above 2**-{SPAN}; got one below")


def numbers_of(data: NDArray[np.generic]) -> Numbers:
    """Return the elements in C order as MPFR numbers; `UnsupportedError` where one does not fit.

    Floats are converted here, in a context that holds them all: gmpy2 would round a float operand to the subnormals of
    the context of the operation.
    """
    flat = data.ravel().tolist()
    if data.dtype == np.float64:
        return list(map(exact_context(53).plus, flat))
    return flat if holds_mpfr(data, flat) else [mpfr_of(x) for x in flat]
