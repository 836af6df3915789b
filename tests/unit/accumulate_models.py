"""Every order of accumulation from its written definition, on fractions; imports nothing of the package."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from oracles.integers import (
    NAN,
    Spec,
    Value,
    as_fraction,
    binade,
    exact_add,
    exact_multiply,
    is_infinite,
    is_zero,
    negated,
    round_value,
)
from oracles.sums import exact_sum

Round = Callable[[Value], Value]


@dataclass(frozen=True)
class Plan:
    """An order with its numbers, the accumulator (None: as the results), and what becomes of products."""

    order: str
    size: int = 0
    bits: int = 0
    align: str = "RTZ"
    inner: Plan | None = None
    spec: Spec | None = None
    mode: str | None = None
    products: str = "rounded"
    product_spec: Spec | None = None
    product_mode: str | None = None

    def __str__(self) -> str:
        return f"{self.sums()}, products {self.products}{place(self.product_spec, self.product_mode)}"

    def sums(self) -> str:
        """Return the sums as the package reads them."""
        arguments = {
            "blocked": f"({self.size})",
            "split": f"({self.size})",
            "promoted": f"({self.size}, {self.inner.sums() if self.inner else ''})",
            "tensor-core": f"({self.size}, {self.bits}, {self.align})",
        }
        return f"{self.order}{arguments.get(self.order, '')}{place(self.spec, self.mode)}"


def place(spec: Spec | None, mode: str | None) -> str:
    """Return format and mode as text."""
    return (f" in {spec.name}" if spec else "") + (f" {mode}" if mode else "")


def total(terms: Sequence[Value], plan: Plan, results: Spec, mode: str) -> Value:
    """Return the sum in the results' format."""
    if plan.order == "exact":
        return round_value(exact_sum(terms, mode), results, mode)
    if not terms:
        return round_value(exact_sum([], mode), results, mode)
    spec, inner = plan.spec or results, plan.mode or mode
    return round_value(in_accumulator(list(terms), plan, spec, inner), results, mode)


def dot(row: Sequence[Value], column: Sequence[Value], plan: Plan, results: Spec, mode: str) -> Value:
    """Return an entry of a matrix product in the results' format."""
    terms = [exact_multiply(x, y) for x, y in zip(row, column, strict=True)]
    if plan.products == "rounded":
        spec = plan.product_spec or plan.spec or results
        terms = [round_value(t, spec, plan.product_mode or plan.mode or mode) for t in terms]
    return total(terms, plan, results, mode)


def in_accumulator(terms: list[Value], plan: Plan, spec: Spec, mode: str) -> Value:
    """Return the sum of at least one term in the accumulator."""

    def rounded(x: Value) -> Value:
        return round_value(x, spec, mode)

    def plus(x: Value, y: Value) -> Value:
        return rounded(exact_add(x, y, mode))

    def minus(x: Value, y: Value) -> Value:
        return rounded(exact_add(x, negated(y), mode))

    if plan.order == "sequential":
        return chain(terms, rounded, plus)
    if plan.order == "pairwise":
        level = terms if len(terms) > 1 else [rounded(terms[0])]
        while len(level) > 1:
            level = [plus(*level[i : i + 2]) if i + 1 < len(level) else level[i] for i in range(0, len(level), 2)]
        return level[0]
    if plan.order == "split":
        n, s = len(terms), plan.size
        lengths = [n // s + (i < n % s) for i in range(s)]
        starts = [sum(lengths[:i]) for i in range(s)]
        parts = [terms[a : a + length] for a, length in zip(starts, lengths, strict=True) if length]
        return chain([chain(part, rounded, plus) for part in parts], lambda x: x, plus)
    if plan.order == "kahan":
        return kahan(terms, rounded, plus, minus)
    if plan.order == "neumaier":
        return neumaier(terms, rounded, plus, minus)
    pieces = [terms[i : i + plan.size] for i in range(0, len(terms), plan.size)]
    if plan.order == "promoted":
        assert plan.inner is not None
        inner = replace(plan.inner, spec=plan.inner.spec or spec, mode=plan.inner.mode or mode)
        return chain([total(piece, inner, inner.spec or spec, inner.mode or mode) for piece in pieces], rounded, plus)
    s: list[Value] = []
    for piece in pieces:
        together = s + piece
        if plan.order == "tensor-core":
            together = aligned(together, plan.bits, plan.align)
        s = [rounded(exact_sum(together, mode))]
    return s[0]


def chain(terms: list[Value], rounded: Round, plus: Callable[[Value, Value], Value]) -> Value:
    """Return the sum in index order."""
    s = rounded(terms[0])
    for x in terms[1:]:
        s = plus(s, x)
    return s


def kahan(
    terms: list[Value], rounded: Round, plus: Callable[[Value, Value], Value], minus: Callable[[Value, Value], Value]
) -> Value:
    """Return Kahan's sum, textbook form."""
    s, c = rounded(terms[0]), exact_sum([], "RNE")
    for x in terms[1:]:
        y = minus(x, c)
        t = plus(s, y)
        c = minus(minus(t, s), y)
        s = t
    return s


def neumaier(
    terms: list[Value], rounded: Round, plus: Callable[[Value, Value], Value], minus: Callable[[Value, Value], Value]
) -> Value:
    """Return Neumaier's sum, textbook form."""
    s, c = rounded(terms[0]), exact_sum([], "RNE")
    for x in terms[1:]:
        t = plus(s, x)
        lost = plus(minus(s, t), x) if at_least(s, x) else plus(minus(x, t), s)
        c = plus(c, lost)
        s = t
    return plus(s, c)


def at_least(x: Value, y: Value) -> bool:
    """Return whether |x| >= |y|; NaN is not comparable."""
    if NAN in (x, y):
        return False
    if is_infinite(x) or is_infinite(y):
        return is_infinite(x)
    return abs(as_fraction(x)) >= abs(as_fraction(y))


def aligned(terms: list[Value], bits: int, align: str) -> list[Value]:
    """Return the terms rounded to multiples of 2**(e - bits + 1), e the largest exponent."""
    finite = [x for x in terms if x != NAN and not is_infinite(x) and not is_zero(x)]
    if not finite:
        return terms
    quantum = max(binade(abs(as_fraction(x))) for x in finite) - bits + 1
    grid = Spec("grid", None, quantum, None)
    return [round_value(x, grid, align) for x in terms]
