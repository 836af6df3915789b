"""Sums and matrix products in stochastic rounding: every step has the random bits that the definition numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from matrix.subjects import format_of
from oracles.floats import as_float, as_values
from oracles.hardsums import hard_factors, hard_terms
from oracles.integers import Spec, Value, exact_add, exact_multiply
from oracles.lanes import Floats
from oracles.named import BFLOAT16, BINARY16, BINARY32
from oracles.randombits import chain, drawn, round_up_or_down, stream_of
from oracles.sums import exact_sum
from sweeps.unit import Outcome, Suite, Unit

from precise import rounded
from precise.rounding import stochastic

FORMATS = {s.name: s for s in (BINARY16, BFLOAT16, BINARY32)}
ORDERS = ("sequential", "pairwise", "exact")
OPERATIONS = ("sum", "matmul", "fused matmul", "wide matmul")
BITS = (1, 8, 32, 64)
Step = Callable[[Value, int], Value]


def stepper(spec: Spec, seed: int, stream: int, index: int, bits: int) -> Step:
    """Return the rounding of step k of one element; k < 0 are the products."""

    def step(x: Value, k: int) -> Value:
        own = stream if k == 0 else chain(stream, 0x5EED, k) // 2
        return round_up_or_down(x, spec, drawn(seed, own, index, bits))

    return step


def accumulated(terms: Sequence[Value], order: str, step: Step) -> Value:
    """Return one sum; steps are numbered as they are listed."""
    if order == "exact":
        return step(exact_sum(list(terms), "RNE"), 0)
    if order == "sequential":
        total = step(terms[0], 0)
        for k, term in enumerate(terms[1:], 1):
            total = step(exact_add(total, term, "RNE"), k)
        return total
    level, k = list(terms), 1  # number 0 is the rounding of a single term
    while len(level) > 1:
        paired = []
        for i in range(0, len(level) - 1, 2):
            paired.append(step(exact_add(level[i], level[i + 1], "RNE"), k))
            k += 1
        level = paired + level[2 * len(paired) :]
    return level[0] if len(terms) > 1 else step(level[0], 0)


def entry(row: Sequence[Value], column: Sequence[Value], order: str, fused: bool, step: Step) -> Value:
    """Return one entry of a matrix product."""
    products = [exact_multiply(a, b) for a, b in zip(row, column, strict=True)]
    if not fused:
        products = [step(p, -1 - k) for k, p in enumerate(products)]
    return accumulated(products, order, step)


def run(unit: Unit, seed: int) -> Outcome:
    """Compare every element."""
    operation, order = unit.operation.split(", ")
    spec, found, own = FORMATS[unit.format], Outcome(), unit.seed(seed)
    small = own % 2**32
    stream = stream_of("sum" if operation == "sum" else "matmul")
    for bits in BITS[1:2] if operation == "wide matmul" else BITS:
        accumulate = order + (", products exact" if operation == "fused matmul" else "")
        xp = rounded(format_of(spec), stochastic(seed=own, bits=bits), accumulate=accumulate)
        if operation == "sum":
            terms = hard_terms(spec, small, 60, 7)
            rows = [as_values(row) for row in terms]
            right = [accumulated(r, order, stepper(spec, own, stream, i, bits)) for i, r in enumerate(rows)]
            ask: Callable[[], Floats] = lambda x=xp, t=terms: x.sum(x.asarray(t), axis=-1).to_float64()  # noqa: E731
        else:
            a, b = factors(spec, small, operation)
            cells = [(as_values(r), as_values(c)) for r in a for c in b.T]
            fused = operation == "fused matmul"
            right = [entry(*cell, order, fused, stepper(spec, own, stream, i, bits)) for i, cell in enumerate(cells)]
            ask = lambda x=xp, p=a, q=b: x.matmul(x.asarray(p), x.asarray(q)).to_float64()  # noqa: E731
        found.attempt(f"SR bits={bits}", ask, np.array([as_float(v) for v in right]))
    return found


def factors(spec: Spec, seed: int, operation: str) -> tuple[Floats, Floats]:
    """Return two matrices; the wide ones fill more than one block of any engine."""
    if operation != "wide matmul":
        return hard_factors(spec, seed, 9, 6, 5)
    a, b = hard_factors(spec, seed, 2, 2, 7)
    return a, np.tile(b, (1, 5_200))


def units() -> Iterator[Unit]:
    """Yield every order in every format; fused chains and dots; wide ones in one format."""
    for order in ORDERS:
        for operation in OPERATIONS:
            for name in FORMATS if operation != "wide matmul" else ("bfloat16",):
                if (operation, order) != ("fused matmul", "pairwise"):
                    yield Unit("stochastic sums", f"{operation}, {order}", name)


STOCHASTIC_SUMS = Suite("stochastic sums", "SR in sums and products, step by step", "SplitMix64, rationals", units, run)
