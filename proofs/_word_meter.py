"""Integers that count what is done with them: word operations, products of two words, and the longest word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Meter:
    """What was done since the last reset.

    Parameters
    ----------
    steps
        Additions, comparisons, shifts, masks, counts of bits, and products with a power of two or a number up to 4.
    products
        Other products.
    longest
        Bits of the longest result.
    """

    steps: int = 0
    products: int = 0
    longest: int = 0

    def reset(self) -> None:
        """Start again."""
        self.steps = self.products = self.longest = 0


METER = Meter()
SMALL = 4


class Metered(int):
    """An integer whose operations are counted, as are those of what becomes of it."""


def _metered(name: str) -> Callable[..., int]:
    """Return the operation of that name, which counts itself."""
    plain = getattr(int, name)

    def operation(*arguments: int) -> int:
        result: int = plain(*arguments)
        METER.steps += 1
        if isinstance(result, bool) or result is NotImplemented:
            return result
        METER.longest = max(METER.longest, int.bit_length(result))
        return Metered(result)

    return operation


def _product(x: int, y: int) -> int:
    """Return a product; one with a power of two or a small number is a shift, or an addition or two."""
    cheap = any(-SMALL <= int(z) <= SMALL or int(z) & (int(z) - 1) == 0 for z in (x, y))
    METER.steps += cheap
    METER.products += not cheap
    result = int(x) * int(y)
    METER.longest = max(METER.longest, result.bit_length())
    return Metered(result)


_BOTH_SIDES = ("add", "sub", "lshift", "rshift", "and", "or", "xor")
_ALONE = ("__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__", "__neg__", "bit_length", "bit_count")
for _name in (*(f"__{r}{name}__" for name in _BOTH_SIDES for r in ("", "r")), *_ALONE):
    setattr(Metered, _name, _metered(_name))
for _name in ("__mul__", "__rmul__"):
    setattr(Metered, _name, _product)
Metered.__hash__ = int.__hash__  # type: ignore[method-assign]
