"""The flags of sums, products and matrix products: those of every rounded step, in the order of the policy.

The reference engine repeats the request with rounders that keep a record of what they round. What they count:

* every rounded operation that `Accumulate` names: products that are rounded, additions and fused multiply-adds, and the
  last rounding from the accumulator to the results' format. A step that adds many terms at once is one operation;
* an addition of opposite infinities, and a product of zero and an infinity, is invalid; exact products too, one by one;
* alignment in the tensor-core order is not an operation: bits that it drops before a step count for nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, cast

import numpy as np

from precise.dyadic import Element, Special
from precise.engines import reference
from precise.engines.carrier import Data, Objects, to_objects
from precise.engines.exact_operations import is_infinite, is_zero
from precise.engines.flags import INVALID, Flags, Tininess, flags_of_number, total
from precise.engines.flags_lanes import count_flags
from precise.engines.redraw import with_enough_words
from precise.policy import Accumulate
from precise.rounding import Rounder

_REQUESTS: Final[dict[str, Callable[..., Objects]]] = {
    "reduce_sum": reference.reduce_sum,
    "reduce_prod": reference.reduce_prod,
    "cumulative_sum": reference.cumulative_sum,
    "matmul": reference.matmul,
}


@dataclass(frozen=True, slots=True)
class CountingRounder(Rounder):
    """A rounder that appends the flags of whatever it rounds to a ledger; copies with `replace` share the ledger."""

    how: Tininess = Tininess.BEFORE
    ledger: list[Flags] = field(default_factory=list, compare=False, repr=False)

    def round_ratio(self, n: int, d: int, q: int, index: int = 0) -> Element:
        """Return `n / d * 2**q` rounded, and write down its flags."""
        result = Rounder.round_ratio(self, n, d, q, index)
        self.ledger.append(flags_of_number(lambda r: r.round_ratio(n, d, q, index), result, self, self.how))
        return result

    def round_special(self, x: Special) -> Element:
        """Return a special datum in the format, and write down an infinity that the format cannot hold."""
        if is_infinite(x) and x not in self.format:
            self.ledger.append(INVALID)
        return Rounder.round_special(self, x)

    def undefined(self) -> Element:
        """Return NaN as the format has it, and write down the invalid operation."""
        self.ledger.append(INVALID)
        return Rounder.undefined(self)


def flags_of_request(
    request: str, arguments: tuple[object, ...], result: Data, rounder: Rounder, how: Tininess
) -> Flags | None:
    """Return the flags of a request to an engine and its answer; None for a request that rounds nothing."""
    if request == "elementwise":
        op, operands = cast("tuple[str, tuple[Data, ...]]", arguments[:2])
        return count_flags(op, operands, result, rounder, how)
    if request == "round_array":
        return count_flags("round", cast("tuple[Data]", arguments[:1]), result, rounder, how)
    return count_steps(request, arguments, how) if request in _REQUESTS else None


def count_steps(request: str, arguments: tuple[object, ...], how: Tininess) -> Flags:
    """Return the flags of every step of a reduction or a matrix product."""

    def run(*current: object) -> Flags:
        """Return the flags under the current number of random words."""
        ledger: list[Flags] = []
        _REQUESTS[request](*(_counting(x, how, ledger) for x in current))
        return total(ledger)

    counted = with_enough_words(run, *arguments)
    if request == "matmul" and cast(Accumulate, arguments[2]).products == "exact":
        counted += Flags(invalid=_undefined_products(*cast("tuple[Data, Data]", arguments[:2])))
    return counted


def _counting(x: object, how: Tininess, ledger: list[Flags]) -> object:
    """Return a rounder that writes to the ledger; other arguments as they are."""
    if not isinstance(x, Rounder):
        return x
    return CountingRounder(x.format, x.rounding, x.overflow, x.underflow, how, ledger)


def _undefined_products(a: Data, b: Data) -> int:
    """Return how many products of a matrix product multiply a zero and an infinity."""

    def marks(x: Data, is_marked: Callable[[Element], bool]) -> np.ndarray:
        """Return 1 where an element is marked."""
        return np.array([is_marked(v) for v in to_objects(x).ravel().tolist()], dtype=np.int64).reshape(x.shape)

    zeros, infinities = (tuple(marks(x, which) for x in (a, b)) for which in (is_zero, is_infinite))
    return int((zeros[0] @ infinities[1]).sum() + (infinities[0] @ zeros[1]).sum())
