"""Every order of accumulation in rational arithmetic, one rounding after the other as the definition lists them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from oracles.integers import (
    NAN,
    Spec,
    Value,
    as_fraction,
    binade,
    exact_add,
    exact_multiply,
    is_infinite,
    negated,
    round_value,
)
from oracles.sums import exact_sum

Terms = Sequence[Value]


@dataclass(frozen=True)
class Order:
    """What is added to what; an accumulator or product format of None is that of the results, or the accumulator's."""

    kind: str
    products: str = "rounded"
    accumulator: Spec | None = None
    mode: str | None = None
    product_spec: Spec | None = None
    product_mode: str | None = None
    size: int = 0
    inner: Order | None = None
    bits: int = 0
    align: str = "RTZ"


@dataclass(frozen=True)
class Lane:
    """An accumulator: its format and mode."""

    spec: Spec
    mode: str

    def rounded(self, x: Value) -> Value:
        """Return x rounded."""
        return round_value(x, self.spec, self.mode)

    def add(self, x: Value, y: Value) -> Value:
        """Return x + y rounded."""
        return self.rounded(exact_add(x, y, self.mode))

    def subtract(self, x: Value, y: Value) -> Value:
        """Return x - y rounded."""
        return self.add(x, negated(y))

    def total(self, terms: Terms) -> Value:
        """Return the exact sum of terms, rounded."""
        return self.rounded(exact_sum(list(terms), self.mode))


def sequential(terms: Terms, order: Order, lane: Lane) -> Value:
    """Return the first term, rounded, plus one term after the other."""
    found = lane.rounded(terms[0])
    for x in terms[1:]:
        found = lane.add(found, x)
    return found


def pairwise(terms: Terms, order: Order, lane: Lane) -> Value:
    """Return neighbours added level by level; an odd last one passes up."""
    level = list(terms)
    while len(level) > 1:
        paired = [lane.add(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[2 * len(paired) :]
    return lane.rounded(level[0])


def blocked(terms: Terms, order: Order, lane: Lane) -> Value:
    """Return the accumulator and the next terms summed exactly, rounded once a block."""
    found = lane.total(terms[: order.size])
    for i in range(order.size, len(terms), order.size):
        found = lane.total([found, *terms[i : i + order.size]])
    return found


def promoted(terms: Terms, order: Order, lane: Lane) -> Value:
    """Return block sums of an inner order, added in sequence."""
    assert order.inner is not None
    inner = Lane(order.inner.accumulator or lane.spec, order.inner.mode or lane.mode)
    blocks = [terms[i : i + order.size] for i in range(0, len(terms), order.size)]
    return sequential([KINDS[order.inner.kind](b, order.inner, inner) for b in blocks], order, lane)


def split(terms: Terms, order: Order, lane: Lane) -> Value:
    """Return sums of consecutive parts of nearly equal length, and their sum."""
    short, longer = divmod(len(terms), order.size)
    parts, start = [], 0
    for k in range(order.size):
        stop = start + short + (k < longer)
        parts.append(terms[start:stop])
        start = stop
    return sequential([sequential(part, order, lane) for part in parts if part], order, lane)


def kahan(terms: Terms, order: Order, lane: Lane) -> Value:
    """Return Kahan's sum."""
    s, c = lane.rounded(terms[0]), Fraction(0)
    for x in terms[1:]:
        y = lane.subtract(x, c)
        t = lane.add(s, y)
        c = lane.subtract(lane.subtract(t, s), y)
        s = t
    return s


def neumaier(terms: Terms, order: Order, lane: Lane) -> Value:
    """Return Neumaier's sum."""
    s, c = lane.rounded(terms[0]), Fraction(0)
    for x in terms[1:]:
        t = lane.add(s, x)
        large, small = (s, x) if not_below(s, x) else (x, s)
        c = lane.add(c, lane.add(lane.subtract(large, t), small))
        s = t
    return lane.add(s, c)


def not_below(s: Value, x: Value) -> bool:
    """Return |s| >= |x|, which is false with a NaN."""
    if NAN in (s, x):
        return False
    return is_infinite(s) or (not is_infinite(x) and abs(as_fraction(s)) >= abs(as_fraction(x)))


def tensor_core(terms: Terms, order: Order, lane: Lane) -> Value:
    """Return the accumulator and the next terms aligned to the largest, cut, summed exactly and rounded."""
    found: list[Value] = []
    for i in range(0, len(terms), order.size):
        found = [lane.total(aligned([*found, *terms[i : i + order.size]], order))]
    return found[0]


def aligned(terms: list[Value], order: Order) -> list[Value]:
    """Return terms as multiples of one unit; specials and zeros stay."""
    finite = [abs(t) for t in terms if not isinstance(t, str) and t != 0]
    if not finite:
        return terms
    unit = Spec("unit", None, max(map(binade, finite)) - order.bits + 1, None)
    return [t if isinstance(t, str) or t == 0 else round_value(t, unit, order.align) for t in terms]


def exact(terms: Terms, order: Order, lane: Lane) -> Value:
    """Return the sum without rounding."""
    return exact_sum(list(terms), lane.mode)


KINDS: dict[str, Callable[[Terms, Order, Lane], Value]] = {
    "sequential": sequential,
    "pairwise": pairwise,
    "blocked": blocked,
    "promoted": promoted,
    "split": split,
    "kahan": kahan,
    "neumaier": neumaier,
    "tensor-core": tensor_core,
    "exact": exact,
}


def total(terms: Terms, order: Order, results: Spec, mode: str) -> Value:
    """Return a sum in the results' format."""
    if not terms:
        return Fraction(0)
    lane = Lane(order.accumulator or results, order.mode or mode)
    if order.kind == "exact":
        lane = replace(lane, mode=mode)
    return round_value(KINDS[order.kind](terms, order, lane), results, mode)


def dot(row: Terms, column: Terms, order: Order, results: Spec, mode: str) -> Value:
    """Return an entry of a matrix product in the results' format."""
    products: list[Value] = [exact_multiply(a, b) for a, b in zip(row, column, strict=True)]
    if order.products == "rounded":
        spec = order.product_spec or order.accumulator or results
        rounding = order.product_mode or order.mode or mode
        products = [round_value(t, spec, rounding) for t in products]
    return total(products, order, results, mode)
