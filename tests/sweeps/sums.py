"""Sums and matrix products in every order of accumulation, with formats that differ, on data that cancels and ties."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from matrix.subjects import ROUNDING, format_of
from oracles import orders
from oracles.floats import as_floats, as_values
from oracles.hardsums import hard_factors, hard_terms
from oracles.integers import MODES, Spec
from oracles.lanes import Floats
from oracles.named import BFLOAT16, BINARY16, BINARY32, E4M3FN, E5M2, TF32, paper, small, unbounded
from oracles.orders import Order
from oracles.smallformats import E4M3FNUZ
from sweeps.unit import Outcome, Suite, Unit

from precise import rounded
from precise.accumulation import Accumulate

RESULTS = {
    s.name: s for s in (BINARY16, BFLOAT16, TF32, BINARY32, E4M3FN, E5M2, E4M3FNUZ, paper(4), small(40, -200, 200))
}
RESULTS |= {s.name: s for s in (small(3, -6, 8), unbounded(5))}
P13, P27 = unbounded(13), small(27, -300, 300)
BASE = {
    "sequential": Order("sequential"),
    "pairwise": Order("pairwise"),
    "blocked(2)": Order("blocked", size=2),
    "blocked(3)": Order("blocked", size=3),
    "split(1)": Order("split", size=1),
    "split(3)": Order("split", size=3),
    "split(20)": Order("split", size=20),
    "kahan": Order("kahan"),
    "neumaier": Order("neumaier"),
    "tensor-core(4, 14)": Order("tensor-core", size=4, bits=14),
    "tensor-core(3, 5, RNE)": Order("tensor-core", size=3, bits=5, align="RNE"),
    "tensor-core(2, 60, RTP)": Order("tensor-core", size=2, bits=60, align="RTP"),
    "exact": Order("exact"),
}
IN_FORMATS = {
    "sequential in binary32": Order("sequential", accumulator=BINARY32),
    "pairwise in p=13": Order("pairwise", accumulator=P13),
    "blocked(3) in binary32 RTZ": Order("blocked", accumulator=BINARY32, mode="RTZ", size=3),
    "split(2) in p=27": Order("split", accumulator=P27, size=2),
    "kahan in p=13": Order("kahan", accumulator=P13),
    "neumaier in binary32": Order("neumaier", accumulator=BINARY32),
    "tensor-core(4, 14) in binary32": Order("tensor-core", accumulator=BINARY32, size=4, bits=14),
    "tensor-core(4, 25) in p=13 RTZ": Order("tensor-core", accumulator=P13, mode="RTZ", size=4, bits=25),
    "promoted(4, pairwise)": Order("promoted", size=4, inner=Order("pairwise")),
    "promoted(4, tensor-core) in binary32": Order(
        "promoted", accumulator=BINARY32, size=4, inner=Order("tensor-core", size=2, bits=9, accumulator=P13)
    ),
    "promoted(3, kahan RTZ)": Order("promoted", size=3, inner=Order("kahan", mode="RTZ")),
}
OF_PRODUCTS = {
    "sequential, products in tf32": Order("sequential", accumulator=BINARY32, product_spec=TF32),
    "sequential, products in p=13 RTO": Order("sequential", product_spec=P13, product_mode="RTO"),
    "exact, products in binary16 RTZ": Order("exact", product_spec=BINARY16, product_mode="RTZ"),
    "exact in binary32": Order("exact", accumulator=BINARY32),
}
ORDERS = BASE | IN_FORMATS | OF_PRODUCTS
ROWS = 28


def accumulate_of(order: Order) -> Accumulate:
    """Return the package's record of an order, with nothing said that the order does not need."""
    said: dict[str, object] = {"order": order.kind, "products": order.products}
    said["format"] = None if order.accumulator is None else format_of(order.accumulator)
    said["rounding"] = None if order.mode is None else ROUNDING[order.mode]
    said["product_format"] = None if order.product_spec is None else format_of(order.product_spec)
    said["product_rounding"] = None if order.product_mode is None else ROUNDING[order.product_mode]
    if order.size:
        said["size"] = order.size
    if order.inner is not None:
        said["inner"] = accumulate_of(order.inner)
    if order.bits:
        said |= {"bits": order.bits, "align": ROUNDING[order.align]}
    return Accumulate(**said)  # type: ignore[arg-type]


def ours_sum(spec: Spec, mode: str, order: Order, terms: Floats) -> Floats:
    """Return our sums of rows."""
    xp = rounded(format_of(spec), ROUNDING[mode], accumulate=accumulate_of(order))
    return xp.sum(xp.asarray(terms), axis=-1).to_float64()


def ours_product(spec: Spec, mode: str, order: Order, a: Floats, b: Floats) -> Floats:
    """Return our matrix product."""
    xp = rounded(format_of(spec), ROUNDING[mode], accumulate=accumulate_of(order))
    return xp.matmul(xp.asarray(a), xp.asarray(b)).to_float64()


def run_sums(unit: Unit, seed: int) -> Outcome:
    """Compare sums of several lengths in every mode."""
    spec, order, found = RESULTS[unit.format], ORDERS[unit.operation], Outcome()
    for n in (1, 2, 3, 6, 11):
        terms = hard_terms(spec, unit.seed(seed) % 2**32 + n, ROWS, n)
        rows = [as_values(row) for row in terms]
        for mode in MODES:
            theirs = as_floats([orders.total(row, order, spec, mode) for row in rows])
            found.attempt(f"{mode} n={n}", lambda m=mode, t=terms: ours_sum(spec, m, order, t), theirs, *terms.T)
    return found


def run_products(unit: Unit, seed: int) -> Outcome:
    """Compare matrix products of several shapes in every mode, with rounded and exact products."""
    spec, base, found = RESULTS[unit.format], ORDERS[unit.operation], Outcome()
    variants = [base] if base.product_spec is not None else [base, Order(**{**vars(base), "products": "exact"})]
    for order in variants:
        for rows, k, columns in ((8, 6, 3), (6, 11, 2), (3, 1, 2)):
            a, b = hard_factors(spec, unit.seed(seed) % 2**32 + k, rows, k, columns)
            left, right = [as_values(r) for r in a], [as_values(c) for c in b.T]
            for mode in MODES:
                theirs = as_floats([orders.dot(r, c, order, spec, mode) for r in left for c in right])
                where = f"{mode} {rows}x{k}x{columns} products {order.products}"
                found.attempt(where, lambda m=mode, o=order, x=a, y=b: ours_product(spec, m, o, x, y), theirs)
    return found


def run_specials(unit: Unit, seed: int) -> Outcome:
    """Compare sums with zeros of both signs, infinities, NaN, and values at both ends of the range."""
    spec, order, found = RESULTS[unit.format], ORDERS[unit.operation], Outcome()
    rng = np.random.default_rng(unit.seed(seed))
    assert spec.largest is not None
    top, least = float(spec.largest), 2.0 ** (spec.q_min or 0)
    few = [0.0, 1.0, -1.0, top, -top, least, -least] if spec.subnormals else [0.0, 1.0, -1.0, top, -top]
    few += [-0.0] * spec.signed_zero + [np.inf, -np.inf] * spec.infinities + [np.nan] * spec.nan
    share = np.array([1.0 if np.isfinite(v) else 0.25 for v in few])
    terms = rng.choice(few, (120, 7), p=share / share.sum())
    terms[:10] = 0.0
    if spec.signed_zero:
        terms[:10] = np.where(rng.random((10, 7)) < 0.8, -0.0, 0.0)
        terms[0] = -0.0
    rows = [as_values(row) for row in terms]
    for mode in MODES:
        theirs = as_floats([orders.total(row, order, spec, mode) for row in rows])
        found.attempt(mode, lambda m=mode: ours_sum(spec, m, order, terms), theirs, *terms.T)
    return found


def sum_units() -> Iterator[Unit]:
    """Yield every order in every format."""
    for operation in ORDERS:
        if operation not in OF_PRODUCTS:
            for name in RESULTS:
                yield Unit("sums", operation, name)


def product_units() -> Iterator[Unit]:
    """Yield every order in every format."""
    for operation in ORDERS:
        for name in RESULTS:
            yield Unit("products", operation, name)


def special_units() -> Iterator[Unit]:
    """Yield every order in the formats that say every result."""
    for operation in ORDERS:
        if operation not in OF_PRODUCTS:
            for name, spec in RESULTS.items():
                if spec.nan and spec.q_min is not None:
                    yield Unit("sums of specials", operation, name)


SUMS = Suite("sums", "sums in every order", "rationals", sum_units, run_sums)
PRODUCTS = Suite("products", "matrix products in every order", "rationals", product_units, run_products)
SPECIALS = Suite("sums of specials", "zeros, infinities, NaN, overflow", "rationals", special_units, run_specials)
