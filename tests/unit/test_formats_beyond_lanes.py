"""Formats with more exponents than float64 lanes serve: in lanes where all stays inside the window, elsewhere not.

Whoever computes, bits and errors are those of the reference, which knows no lanes. Flags are counted by the same code
for all engines, so they are compared with known ones.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from precise import Format, rounded
from precise.engines import compiled
from precise.engines.lanes import WINDOW
from precise.errors import DomainError, UnsupportedError
from precise.formats.format import Float, paper_float
from precise.rounding import DETERMINISTIC, Rounding, stochastic
from precise.semantics.array import Array
from precise.semantics.rounded import Rounded

SEED = 20261123
MODES = [*DETERMINISTIC, stochastic(seed=3, bits=12)]
FORMATS: list[tuple[Format, dict[str, str]]] = [
    (paper_float(12), {}),
    (paper_float(12), {"overflow": "error"}),
    (paper_float(30), {}),
    (Float(24, -1022, 1023), {}),
    (Float(24, -1022, 1023), {"overflow": "saturate", "underflow": "flush"}),
    (Float(24, -1022, 1023), {"overflow": "error", "underflow": "error"}),
    (Float(40, -900, 900), {}),
    (Float(11, -905, 903, subnormals=False, infinities=False), {}),
    (Float(11, -905, 903, subnormals=False, infinities=False), {"overflow": "saturate"}),
    (Float(11, -905, 903, signed_zero=False, nan=False, infinities=False), {"underflow": "flush"}),
]
UNARY = ("negative", "abs", "sqrt", "square", "exp", "log", "sin", "expm1", "rsqrt", "floor", "round")
BINARY = ("add", "subtract", "multiply", "divide", "remainder", "atan2", "pow", "hypot")


def numbers(rng: random.Random, kind: str, count: int) -> Iterator[float]:
    """Yield floats near one, at the edges of the window, at the ends of float64, or special."""
    for _ in range(count):
        m = rng.choice([rng.uniform(1, 2), 1.0, 1.5, 2 - 2.0**-12, 1 + 2.0**-24, 1 + 3 * 2.0**-12])
        edge = rng.choice([-1, 1]) * rng.choice([WINDOW, WINDOW // 2, WINDOW // 3])
        exponent = {
            "inside": rng.randrange(-6, 7),
            "edges": edge + rng.randrange(-6, 7),
            "ends": rng.choice([rng.randrange(-1074, -1000), rng.randrange(1000, 1024), rng.randrange(-908, -898)]),
            "special": 0,
        }[kind]
        x = math.ldexp(m, exponent)
        if kind == "special":
            x = rng.choice([0.0, 1.0, math.inf, math.nan, 3.0])
        yield x * rng.choice([1, -1])


def outcome(function: Callable[..., Array], *arguments: object) -> tuple[object, ...]:
    """Return the elements, or the error; all engines may refuse for reasons of their own."""
    try:
        found = function(*arguments)
    except DomainError as error:
        return (str(error),)
    except UnsupportedError:
        return ("refused",)
    return tuple(map(repr, found.elements().ravel().tolist()))


def agree(fmt: Format, policy: dict[str, str], mode: Rounding, kind: str) -> set[str]:
    """Return the engines that gave results, after asserting that all results are the reference's."""
    xp, reference = (rounded(fmt, mode, engine=name, **policy) for name in (None, "reference"))
    rng = random.Random(f"{SEED} {fmt} {policy} {mode} {kind}")
    engines = set[str]()
    for _ in range(4):
        size = 8 if kind == "inside" else rng.choice([1, 2])  # where one element may turn the whole array away
        rows = [list(numbers(rng, kind, size)) for _ in range(3)]
        if kind == "inside":
            rows[1] = [abs(x) for x in rows[1]]

        def apply(space: Rounded, op: str, rows: list[list[float]] = rows) -> Array:
            """Return an operation of the numbers in a namespace."""
            a, b, c = map(space.asarray, rows)
            operands = (a, b, c) if op == "fma" else (a, b) if op in BINARY else (b,)
            return b if op == "asarray" else getattr(space, op)(*operands)

        for op in ("asarray", "fma", "sum", "cumulative_sum", "prod", *UNARY, *BINARY):
            found = outcome(apply, xp, op)
            assert found == outcome(apply, reference, op), (op, fmt, policy, mode, rows)
            if kind == "inside" and op == "multiply":
                assert len(found) == len(rows[0])
                engines.add(apply(xp, op).engine)
    return engines


@pytest.mark.parametrize(("fmt", "policy"), FORMATS, ids=str)
def test_inside_the_window_lanes_serve(fmt: Format, policy: dict[str, str]) -> None:
    for mode in MODES:
        engines = agree(fmt, policy, mode, "inside")
        assert engines == {"narrow"}


@pytest.mark.parametrize("kind", ["edges", "ends", "special"])
@pytest.mark.parametrize(("fmt", "policy"), FORMATS, ids=str)
def test_elsewhere_results_are_the_references(fmt: Format, policy: dict[str, str], kind: str) -> None:
    for mode in MODES[len(policy) % 2 :: 2]:
        agree(fmt, policy, mode, kind)


@pytest.mark.parametrize(
    ("a", "b", "flags"),
    [
        (2.0**-600, 2.0**-600, "inexact 1, underflow 1"),
        (2.0**-511 * 1.5, 2.0**-513 * (1 + 2.0**-23), "inexact 1, underflow 1"),
        (2.0**-511, 2.0**-513, "none"),  # a subnormal number
        (2.0**600, 2.0**600, "inexact 1, overflow 1"),
        (2.0**600, 2.0**423, "none"),
        (1 + 2.0**-23, 1 + 2.0**-23, "inexact 1"),
    ],
)
def test_flags_know_the_ends(a: float, b: float, flags: str) -> None:
    for engine in (None, "reference"):
        xp = rounded(Float(24, -1022, 1023), flags=True, engine=engine)
        assert str(xp.multiply(xp.asarray([a]), xp.asarray([b])).flags) == flags


@pytest.mark.parametrize("edge", [2.0**-WINDOW, 2.0**WINDOW])
@pytest.mark.parametrize("mode", MODES, ids=str)
def test_whole_chunks_of_compiled_loops(edge: float, mode: Rounding) -> None:
    """One lane of many outside, in any place of a chunk; and one that only rounding brings to the edge."""
    fmt = Float(24, -1022, 1023)
    rng = np.random.default_rng(SEED)
    x = rng.standard_normal(5000)
    xp, reference = rounded(fmt, mode), rounded(fmt, mode, engine="reference")
    assert xp.asarray(x).engine == "narrow"
    for value in (np.nextafter(edge, 0), np.nextafter(edge, 9), edge * (1 + 2.0**-30), edge * (1 - 2.0**-30)):
        x[rng.integers(x.size)] = value
        y = xp.asarray(x)
        some = np.flatnonzero((np.abs(x) > 1e200) | (np.abs(x) < 1e-200))
        if mode.code != "SR":  # the bits of which belong to the index
            assert y.elements()[some].tolist() == reference.asarray(x[some]).elements().tolist()
            y = xp.multiply(y, y)
            squares = reference.square(reference.asarray(x[some]))
            assert y.elements()[some].tolist() == squares.elements().tolist()
        x[some] = 1.0


@pytest.mark.parametrize(("outside", "engine"), [(0, "narrow"), (3, "narrow"), (40, "wide"), (300, "wide")])
def test_many_results_outside_the_window_are_left_to_the_wide_engine(outside: int, engine: str) -> None:
    """A few are computed one by one, where there are compiled loops; bits are the reference's."""
    if outside and compiled.extension() is None:
        engine = "wide"
    xp, reference = (rounded(Float(24, -1022, 1023), "RTP", engine=name) for name in (None, "reference"))
    x = np.random.default_rng(SEED).uniform(-3, 3, 300)
    x[:outside] = np.linspace(640, 700, outside) * np.where(np.arange(outside) % 2, 1, -1)
    y = xp.exp(xp.asarray(x))
    assert y.engine == engine
    assert y.elements().tolist() == reference.exp(reference.asarray(x)).elements().tolist()


@pytest.mark.parametrize(
    "order",
    ["exact", "exact-products", "sequential", "fma", "pairwise", "blocked(2)", "split(2)", "kahan", "neumaier"],
)
@pytest.mark.parametrize(("fmt", "policy"), FORMATS[::2], ids=str)
def test_sums_and_matrix_products(order: str, fmt: Format, policy: dict[str, str]) -> None:
    rng = random.Random(f"{SEED} {order} {fmt} {policy}")
    for kind in ("inside", "edges"):
        for mode in ("RNE", "RTP"):
            xp, reference = (
                rounded(fmt, mode, accumulate=order, engine=name, **policy) for name in (None, "reference")
            )
            a = [list(numbers(rng, kind, 5)) for _ in range(3)]
            b = [list(numbers(rng, "inside", 2)) for _ in range(5)]

            def matmul(space: Rounded, a: list[list[float]] = a, b: list[list[float]] = b) -> Array:
                """Return the matrix product."""
                return space.matmul(space.asarray(a), space.asarray(b))

            def total(space: Rounded, a: list[list[float]] = a) -> Array:
                """Return the sums of rows."""
                return space.sum(space.asarray(a), axis=-1)

            for work in (matmul, total):
                assert outcome(work, xp) == outcome(work, reference), (a, b)
            if kind == "inside":
                assert matmul(xp).engine == "narrow"
