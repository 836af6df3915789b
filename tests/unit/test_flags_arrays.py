"""Flags on arrays: when they are there, what reductions count, and that they change with nothing but the numbers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from oracles.integers import NAN, NEG_ZERO, Spec, Value, exact_add, exact_multiply, is_infinite, round_value
from oracles.named import BINARY32, E4M3FN
from unit.flags_model import Row, model

from precise import rounded
from precise.engines.flags import Flags, Tininess, total
from precise.errors import FormatError
from precise.modes import stochastic
from precise.policy import Accumulate, Pairwise, Sequential
from precise.semantics.array import Array

Counted = list[Row]


class Machine:
    """A format and mode of the model that rounds operations one by one and writes down their flags."""

    def __init__(self, spec: Spec, mode: str, flags: Counted) -> None:
        self.spec, self.mode, self.flags = spec, mode, flags

    def _done(self, operands: tuple[Value, ...], exact: Value) -> Value:
        """Return the rounded result after noting its flags."""
        result = round_value(exact, self.spec, self.mode)
        self.flags.append(model(operands, exact, result, self.spec, self.mode, after=False))
        return result

    def round(self, x: Value) -> Value:
        """Return x converted to the format."""
        return self._done((x,), x)

    def add(self, x: Value, y: Value) -> Value:
        """Return x + y."""
        return self._done((x, y), exact_add(x, y, self.mode))

    def subtract(self, x: Value, y: Value) -> Value:
        """Return x - y."""
        minus: Value = -y if not isinstance(y, str) else y
        return self.add(x, NEG_ZERO if y == 0 else minus)

    def multiply(self, x: Value, y: Value) -> Value:
        """Return x * y."""
        return self._done((x, y), exact_multiply(x, y))

    def total(self, terms: list[Value]) -> Value:
        """Return the exact sum of finite terms, rounded once."""
        return self._done(tuple(terms), sum((Fraction(t) for t in terms), Fraction(0)))


def sequential(m: Machine, terms: list[Value]) -> Value:
    """Return the sum in index order."""
    y = m.round(terms[0])
    for x in terms[1:]:
        y = m.add(y, x)
    return y


def pairwise(m: Machine, terms: list[Value]) -> Value:
    """Return the sum by levels."""
    while len(terms) > 1:
        pairs = [m.add(x, y) for x, y in zip(terms[::2], terms[1::2], strict=False)]
        terms = pairs + terms[len(terms) // 2 * 2 :]
    return terms[0]


def kahan(m: Machine, terms: list[Value]) -> Value:
    """Return Kahan's sum."""
    s, c = m.round(terms[0]), Fraction(0)
    for x in terms[1:]:
        y = m.subtract(x, c)
        t = m.add(s, y)
        c = m.subtract(m.subtract(t, s), y)  # type: ignore[assignment]
        s = t
    return s


def exact(m: Machine, terms: list[Value]) -> Value:
    """Return the sum rounded once."""
    return m.total(terms)


ORDERS: list[tuple[Accumulate, Callable[[Machine, list[Value]], Value]]] = [
    (Sequential(), sequential),
    (Pairwise(), pairwise),
    (Accumulate("kahan"), kahan),
    (Accumulate("exact"), exact),
    (Sequential("binary32"), sequential),
    (Sequential("binary32", products="exact"), sequential),
]


def numbers(x: Array) -> list[Value]:
    """Return the elements of a vector as the model has them."""
    return [NEG_ZERO if v == 0 and np.signbit(v) else Fraction(v) for v in x.to_float64().tolist()]


@pytest.mark.parametrize("mode", ["RNE", "RTZ", "RTP"])
@pytest.mark.parametrize(("how", "order"), ORDERS, ids=lambda o: str(o) if isinstance(o, Accumulate) else "")
def test_every_step_of_sums_and_products(
    how: Accumulate, order: Callable[[Machine, list[Value]], Value], mode: str
) -> None:
    rng = np.random.default_rng(20261122)
    xp = rounded("float8_e4m3fn", mode, accumulate=how, flags=True)
    spec = BINARY32 if how.format else E4M3FN
    seen = Flags()
    for _ in range(6):
        x, y = (
            xp.asarray(rng.choice([-1, 1], 7) * 2.0 ** rng.integers(-7, 5, 7) * rng.integers(8, 16, 7) / 8)
            for _ in range(2)
        )
        left, right = numbers(x), numbers(y)
        flags: Counted = []
        inner = Machine(spec, mode, flags)
        last = Machine(E4M3FN, mode, flags)
        last.round(order(inner, left))
        sum_of = xp.sum(x)
        assert sum_of.flags == total(Flags(*f) for f in flags), flags
        flags.clear()
        terms = [exact_multiply(a, b) for a, b in zip(left, right, strict=True)]
        if how.products == "rounded":
            terms = [inner.multiply(a, b) for a, b in zip(left, right, strict=True)]
        last.round(order(inner, terms))
        dot = x @ y
        assert dot.flags == total(Flags(*f) for f in flags), flags
        assert sum_of.flags is not None and dot.flags is not None
        seen = seen + sum_of.flags + dot.flags
    assert seen.inexact > 10
    if how.products == "rounded" and not how.format:
        assert seen.underflow > 0


def test_undefined_steps_are_invalid_once() -> None:
    inf, nan = np.inf, np.nan
    sequential = rounded("binary16", accumulate="sequential", flags=True)
    cases: list[tuple[list[float], int]] = [
        ([inf, -inf, 1.0], 1),
        ([inf, 1.0, inf], 0),
        ([nan, inf, -inf], 0),
        ([inf, -inf, inf, -inf], 1),
    ]
    for terms, invalid in cases:
        assert sequential.sum(sequential.asarray(terms)).flags == Flags(invalid=invalid), terms
    pairs = rounded("binary16", accumulate="pairwise", flags=True)
    assert pairs.sum(pairs.asarray([inf, -inf, inf, -inf])).flags == Flags(invalid=2)
    for order, invalid in (("sequential", 2), ("fma", 2), ("exact-products", 2)):
        xp = rounded("binary16", accumulate=order, flags=True)
        a, b = xp.asarray([[0.0, inf, 1.0]]), xp.asarray([[inf], [0.0], [1.0]])
        assert xp.matmul(a, b).flags == Flags(invalid=invalid), order
    xp = rounded("binary16", accumulate="sequential", flags=True)
    assert xp.sum(xp.asarray([60000.0, 60000.0, -inf])).flags == Flags(inexact=1, overflow=1, invalid=1)
    product = xp.prod(xp.asarray([[2.0**15, 2.0**15, 0.0], [3.0, 5.0, 7.0]]))
    assert product.flags == Flags(inexact=1, overflow=1, invalid=1)


def test_rounding_to_the_results_counts() -> None:
    xp = rounded("float8_e4m3fn", accumulate=Sequential("binary32"), flags=True)
    assert xp.sum(xp.asarray([17.0 - 1, 1.0])).flags == Flags(inexact=1)
    assert xp.sum(xp.asarray([16.0, 2.0])).flags == Flags()


def test_stochastic_steps() -> None:
    """The steps that are counted are the ones that were made: an overflow is counted iff it shows."""
    for seed in range(30):
        for bits in (None, 8):
            xp = rounded("float4_e2m1fn", stochastic(seed=seed, bits=bits), accumulate="sequential", flags=True)
            wide = rounded("float(2,0,9)", stochastic(seed=seed, bits=bits), accumulate="sequential")
            x = [4.0, 1.5, 1.0]
            found, free = xp.sum(xp.asarray(x)), wide.sum(wide.asarray(x))
            assert found.flags is not None
            assert (found.flags.overflow > 0) == (float(free.to_float64()) > 6)


def test_where_flags_are() -> None:
    plain, xp = rounded("bfloat16"), rounded("bfloat16", flags=True)
    assert plain.asarray([0.1]).flags is None and plain.sum(plain.ones(3)).flags is None
    x = xp.asarray([0.1, 0.5, 1e39, -1e-45])
    assert x.flags == Flags(inexact=3, overflow=1, underflow=1)
    assert (x + x).flags == Flags(overflow=0, inexact=0)
    assert xp.reshape(x, (2, 2)).flags is None and x[0].flags is None and (x < x).flags is None
    assert xp.maximum(x, x).flags is None
    assert xp.exp(x[:2]).flags == Flags(inexact=2)
    y = x[:2]
    third = Flags(inexact=2)
    assert (y / 3).flags == third
    for result in (
        xp.sum(y, keepdims=True),
        xp.einsum("i,i->", y, y),
        xp.matmul(xp.reshape(y, (1, 2)), y),
        xp.sum(y, axis=0),
    ):
        assert isinstance(result.flags, Flags)
    assert (xp.fold_in(3).asarray([0.1]) * 1).flags == Flags()
    for wrong in ("sometimes", 2, None):
        with pytest.raises(FormatError, match="flags: argument must be True"):
            rounded("bfloat16", flags=wrong)  # type: ignore[arg-type]


def test_kinds_of_tininess_and_objects() -> None:
    value = 2.0**-126 * (1 - 2.0**-10)
    counts = [rounded("bfloat16", flags=how).asarray([value]).flags for how in (True, "before", Tininess.AFTER)]
    assert counts == [Flags(inexact=1, underflow=1), Flags(inexact=1, underflow=1), Flags(inexact=1)]
    xp = rounded("binary128", flags=True)  # carried by objects
    x = xp.asarray(["0.1", "1e-4965", 2])
    assert x.flags == Flags(inexact=2, underflow=1)
    assert xp.sqrt(x).flags == Flags(inexact=3)
    assert xp.divide(x, xp.asarray([3, 1, 0])).flags == Flags(inexact=1, divide_by_zero=1)
    assert str(Flags()) == "none"


def test_flags_do_not_change_results_or_depend_on_shape() -> None:
    x = np.random.default_rng(3).standard_normal(70_000)
    xp, plain = rounded("bfloat16", "RTP", flags=True), rounded("bfloat16", "RTP")
    a = xp.asarray(x)
    assert np.array_equal(xp.exp(a).to_float64(), plain.exp(plain.asarray(x)).to_float64())
    parts = [xp.multiply(a[i : i + 999], a[i : i + 999]).flags for i in range(0, x.size, 999)]
    assert xp.multiply(a, a).flags == total(f for f in parts if f is not None)
    assert xp.multiply(xp.reshape(a, (70, 1000)), xp.reshape(a, (70, 1000))).flags == xp.multiply(a, a).flags
    assert not is_infinite(NAN)
