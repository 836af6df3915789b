"""A bound on the error of any body, from the format and the inputs alone: running error analysis in ball arithmetic.

An element is a pair: a ball that contains the true value, and a ball whose upper end bounds |computed - true|.
Every operation propagates the errors of its operands and adds that of its own rounding. Nothing computed in the
format is looked at, so the bound is one that a lemma could state for these inputs. Where a result may overflow, or
a divisor may be zero, the bound is infinite.
"""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from fractions import Fraction

import flint
import numpy as np

from precise.balls import FUNCTIONS, Interval, ball_of, interval_of, working_precision
from precise.dyadic import Dyadic, Special
from precise.engines.carrier import Objects, object_array
from precise.errors import DomainError, UnsupportedError
from precise.policy import Policy
from precise.semantics.array import Array
from precise.semantics.objects import ObjectNamespace, Table, finite
from precise.studies.accumulation_bound import accumulation_error, keeps_single_terms
from precise.studies.rounding_model import NO_BOUND, NOTHING, RoundingModel


@dataclass(frozen=True, slots=True)
class Bounded:
    """A true value and a bound on the error of what is computed for it."""

    true: flint.arb
    error: flint.arb

    @property
    def size(self) -> flint.arb:
        """A bound on the magnitude of the computed value."""
        return self.true.abs_upper() + self.error


@dataclass(frozen=True)
class Bounding(ObjectNamespace):
    """The namespace of true values with error bounds, for one policy."""

    policy: Policy
    bits: int

    @property
    def name(self) -> str:  # type: ignore[override]
        """`bounding(format, rounding)`."""
        return f"bounding({self.policy.results.format}, {self.policy.results.rounding})"

    @property
    def element_type(self) -> type:
        """`Bounded`."""
        return Bounded

    def scope(self) -> AbstractContextManager[None]:
        """Return the context that sets Arb's precision."""
        return working_precision(self.bits)

    # In and out.

    def element(self, x: object) -> Bounded:
        """Return a constant: its exact value, and the error of storing it."""
        value = finite(x, self.name)
        rounder = self.policy.constant_rounder()
        return self.pair(value, value if rounder is None else rounder(value))

    def pair(self, true: Dyadic | Fraction | Interval, stored: object) -> Bounded:
        """Return an input with the true value `true` that is stored as the datum `stored`."""
        ends = true if isinstance(true, Interval) else None
        ball = ball_of(ends.lower).union(ball_of(ends.upper)) if ends else ball_of(true)  # type: ignore[arg-type]
        if stored == true:
            return Bounded(ball, NOTHING)
        held = Dyadic(0) if stored is Special.NEG_ZERO else stored
        return Bounded(ball, abs(ball_of(held) - ball) if isinstance(held, Dyadic | Fraction) else NO_BOUND)

    def inputs(self, true: Objects, stored: Objects) -> Array:
        """Return the array with the given true values (exact or intervals) and stored data."""
        pairs = zip(true.ravel().tolist(), stored.ravel().tolist(), strict=True)
        with self.scope():
            return Array(object_array((self.pair(t, s) for t, s in pairs), true.shape), self)

    def errors(self, x: Array) -> Objects:
        """Return the upper ends of the error bounds as Dyadic numbers, None where there is no bound."""
        found = [interval_of(v.error) for v in x.data.ravel().tolist()]
        return object_array((None if i is None else i.upper for i in found), x.shape)

    # Single operations.

    @property
    def model(self) -> RoundingModel:
        """The rounding of results."""
        return RoundingModel(self.policy.results)

    @property
    def one_grid(self) -> bool:
        """Whether inputs and constants have the format of the results, so that all operands are its members."""
        return self.policy.inputs == self.policy.constants == self.policy.results.format

    def settle(
        self, true: flint.arb, inherited: flint.arb, *, largest: int | None = None, is_sum: bool = False
    ) -> Bounded:
        """Return a result: the inherited error and that of one rounding, none where the exact result is a member.

        `largest` bounds the magnitude of every value of the function.
        """
        if inherited.is_zero() and true.is_exact():
            middle, exponent = true.man_exp()
            if Dyadic(int(middle), int(exponent)) in self.policy.results.format:
                return Bounded(true, NOTHING)
        size = true.abs_upper() + inherited
        if largest is not None and inherited.is_finite():
            size = size.min(flint.arb(largest))
        return Bounded(true, inherited + self.model.local(size, sum_of_members=is_sum and self.one_grid))

    def mirrored(self, true: flint.arb, error: flint.arb) -> Bounded:
        """Return a result that is exact in floating point; in two's complement the least number has no negative."""
        return self.settle(true, error) if self.policy.results.format.p is None else Bounded(true, error)

    @property
    def table(self) -> Table:
        """The elementwise operations; those whose value depends on a comparison are refused."""
        return {
            "add": lambda x, y: self.settle(x.true + y.true, x.error + y.error, is_sum=True),
            "subtract": lambda x, y: self.settle(x.true - y.true, x.error + y.error, is_sum=True),
            "multiply": lambda x, y: self.settle(x.true * y.true, product_error(x, y)),
            "divide": lambda x, y: self.settle(x.true / y.true, quotient_error(x, y)),
            "fma": lambda x, y, z: self.settle(x.true * y.true + z.true, product_error(x, y) + z.error),
            "negative": lambda x: self.mirrored(-x.true, x.error),
            "abs": lambda x: self.mirrored(abs(x.true), x.error),
            "maximum": lambda x, y: Bounded(x.true.max(y.true), x.error.max(y.error)),
            "minimum": lambda x, y: Bounded(x.true.min(y.true), x.error.max(y.error)),
            "sqrt": lambda x: self.settle(x.true.sqrt(), root_error(x)),
            "exp": lambda x: self.settle(x.true.exp(), x.true.exp() * x.error.expm1()),
            "log": lambda x: self.settle(x.true.log(), log_error(x)),
            **{f: self._flat(f) for f in ("sin", "cos", "tanh")},
        }

    def _flat(self, function: str) -> Callable[[Bounded], Bounded]:
        """Return a function whose slope and values are at most 1 in magnitude."""

        def apply(x: Bounded) -> Bounded:
            inherited = x.error.min(flint.arb(2)) if x.error.is_finite() else x.error
            return self.settle(FUNCTIONS[function](x.true), inherited, largest=1)

        return apply

    # Sums.

    def reduce_last(self, op: str, x: Array) -> Array:
        """Return sums, with the error of the policy's accumulation; and extrema."""
        if op != "sum":
            if op == "prod":
                raise UnsupportedError("prod: operation must be one with an error bound; it has none")
            return super().reduce_last(op, x)
        rows = x.data.reshape(math.prod(x.shape[:-1]), x.shape[-1]).tolist()
        with self.scope():
            return Array(object_array((self._sum(row) for row in rows), x.shape[:-1]), self)

    def _sum(self, terms: list[Bounded]) -> Bounded:
        """Return the sum of terms that are members of the results' format."""
        true = sum((t.true for t in terms), NOTHING)
        inherited = sum((t.error for t in terms), NOTHING)
        size = sum((t.size for t in terms), NOTHING)
        count = sum(not t.size.is_zero() for t in terms)
        if count <= 1 and self.one_grid and keeps_single_terms(self.policy):
            return Bounded(true, inherited)
        grid = self.model.format if self.one_grid else None
        return Bounded(
            true, inherited + accumulation_error(self.policy, true, inherited, size, count, len(terms), grid)
        )

    def cumulate_last(self, x: Array) -> Array:
        """Return the sums of the first 1, 2, ..., n terms, each with the error of the policy's accumulation."""
        rows = x.data.reshape(math.prod(x.shape[:-1]), x.shape[-1]).tolist()
        with self.scope():
            return Array(
                object_array((self._sum(row[: n + 1]) for row in rows for n in range(len(row))), x.shape), self
            )

    def multiply_matrices(self, a: Array, b: Array) -> Array:
        """Return matrix products: rounded or exact products, then the policy's accumulation."""
        batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        left = np.broadcast_to(a.data, batch + a.shape[-2:])
        right = np.broadcast_to(b.data, batch + b.shape[-2:])
        out = np.empty((*batch, a.shape[-2], b.shape[-1]), dtype=object)
        with self.scope():
            for where in np.ndindex(*batch):
                out[where] = self._product(left[where], right[where])
        return Array(out, self)

    def _product(self, a: Objects, b: Objects) -> Objects:
        """Return one matrix product of `a: [n, k]` and `b: [k, m]`."""
        true = product(a, b, operator.attrgetter("true"), operator.attrgetter("true"))
        size = product(a, b, operator.attrgetter("size"), operator.attrgetter("size"))
        crossed = product(a, b, lambda x: x.true.abs_upper(), operator.attrgetter("error"))
        inherited = crossed + product(a, b, operator.attrgetter("error"), operator.attrgetter("size"))
        nonzero = [np.vectorize(lambda x: int(not x.size.is_zero()), otypes=[np.int64])(x) for x in (a, b)]
        counts = nonzero[0] @ nonzero[1]
        rows = [largest_of(row) for row in a.tolist()]
        columns = [largest_of(column) for column in b.T.tolist()]
        inner = RoundingModel(self.policy.accumulate.product_rounder(self.policy.results))
        rounded_products = self.policy.accumulate.products == "rounded"
        grid = inner.format if rounded_products else None
        out = []
        for i, j in np.ndindex(*true.shape):
            value: flint.arb = true.item(i, j)
            count, error, total = int(counts[i, j]), inherited.item(i, j), size.item(i, j)
            if rounded_products and count:
                fits = inner.holds(rows[i] * columns[j])
                local = ball_of(inner.relative) * total + count * ball_of(inner.absolute) if fits else NO_BOUND
                error, total = error + local, total + local
            more = accumulation_error(self.policy, value, error, total, count, a.shape[1], grid)
            out.append(Bounded(value, error + more))
        return object_array(out, true.shape)


def product(
    a: Objects, b: Objects, left: Callable[[Bounded], flint.arb], right: Callable[[Bounded], flint.arb]
) -> Objects:
    """Return the matrix product of two quantities of the elements."""
    (n, k), m = a.shape, b.shape[1]
    rows = flint.arb_mat(n, k, [left(x) for x in a.ravel().tolist()])
    found = rows * flint.arb_mat(k, m, [right(x) for x in b.ravel().tolist()])
    return object_array(found.entries(), (n, m))


def largest_of(terms: list[Bounded]) -> flint.arb:
    """Return a bound on the magnitudes of computed values."""
    return max_ball([t.size for t in terms])


def max_ball(balls: list[flint.arb]) -> flint.arb:
    """Return the largest of nonnegative balls."""
    return list(itertools.accumulate(balls, flint.arb.max, initial=NOTHING))[-1]


def product_error(x: Bounded, y: Bounded) -> flint.arb:
    """Return a bound on |x^ y^ - x y|: |x| e_y + e_x (|y| + e_y)."""
    return x.true.abs_upper() * y.error + x.error * y.size


def quotient_error(x: Bounded, y: Bounded) -> flint.arb:
    """Return a bound on |x^ / y^ - x / y|: (e_x + |x / y| e_y) / (|y| - e_y)."""
    margin = y.true.abs_lower() - y.error
    if not margin > 0:
        return NO_BOUND
    return (x.error + (x.true / y.true).abs_upper() * y.error) / margin


def root_error(x: Bounded) -> flint.arb:
    """Return a bound on |sqrt x^ - sqrt x|: e / (sqrt x + sqrt(x - e)); none where x^ may be negative."""
    least = x.true.lower() - x.error
    if x.error.is_zero() and x.true.lower() >= 0:
        return NOTHING
    if not least >= 0 or not x.true > 0:
        return NO_BOUND
    return x.error / (x.true.sqrt() + least.nonnegative_part().sqrt())


def log_error(x: Bounded) -> flint.arb:
    """Return a bound on |log x^ - log x|: -log(1 - e / x); none where x^ may not be positive."""
    share = x.error / x.true
    if not x.true > 0 or not share < 1:
        return NO_BOUND
    return -(-share).log1p()


def bounding(policy: Policy, bits: int) -> Bounding:
    """Return the namespace that bounds the error of the `rounded` namespace with this policy.

    Raises `DomainError` for a policy whose underflow is not gradual.
    """
    if policy.results.underflow.value != "round":
        raise DomainError(f"bounding: underflow must be gradual; got {policy.results.underflow.value}")
    return Bounding(policy, bits)
