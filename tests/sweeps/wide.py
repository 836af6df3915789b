"""Formats beyond binary64: binary128, binary256 and any number of bits with exponents without bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from matrix.subjects import ROUNDING, element_of, format_of, pair_of
from oracles import functions, wide
from oracles.binaryops import ARITHMETIC, POWERS, REMAINDERS, exact_binary, exact_fma
from oracles.integers import MODES, NAN, NEG_INF, NEG_ZERO, POS_INF, Spec
from oracles.mpfr import Pair
from oracles.named import BINARY128, BINARY256, unbounded
from sweeps.unit import Outcome, Suite, Unit

from precise import Dyadic, rounded

FORMATS = {s.name: s for s in (BINARY128, BINARY256, unbounded(53), unbounded(64), unbounded(113), unbounded(1000))}
OPERATIONS = (*ARITHMETIC, *REMAINDERS, *POWERS, "fma", *functions.UNARY)
SIZE = {"binary128": 400, "binary256": 200, "p=1000": 120}
REACH = 200  # exponents of operands where there are no bounds
Number = tuple[int, int]


def significand(p: int, rng: np.random.Generator) -> int:
    """Return p bits: at the ends of a binade, nearly a tie of fewer bits, of few bits, or any."""
    low, high = 2 ** (p - 1), 2**p - 1
    anything = low + int.from_bytes(rng.bytes(p // 8 + 1), "little") % low
    kind = int(rng.integers(0, 5))
    return (low, low + 1, high, low + 2 ** int(rng.integers(0, p - 1)) + int(rng.integers(0, 2)), anything)[kind]


def numbers(spec: Spec, rng: np.random.Generator, n: int) -> list[Number]:
    """Return members anywhere, near one, and at both ends."""
    assert spec.p is not None
    p, found = spec.p, []
    low = -REACH if spec.q_min is None else spec.q_min + p - 1
    high = REACH if spec.largest is None else spec.largest.numerator.bit_length() - 1
    for i in range(n):
        near = int(rng.integers(-12, 10))
        e = (near, int(rng.integers(low, high + 1)), near, low + abs(near), high - abs(near) % 4)[i % 5]
        c = significand(p, rng)
        if spec.q_min is not None and i % 5 == 3 and rng.random() < 0.5:
            lost = int(rng.integers(1, p))
            c, e = (c >> lost) << lost, low - lost
        found.append((c if rng.random() < 0.5 else -c, e - p + 1))
    return found


def partners(x: list[Number], spec: Spec, rng: np.random.Generator) -> list[Number]:
    """Return second operands at telling distances of the first, or anywhere."""
    assert spec.p is not None
    p = spec.p
    others, found = numbers(spec, rng, len(x)), []
    for i, ((c, k), other) in enumerate(zip(x, others, strict=True)):
        gap = int(rng.choice([0, 1, 2, p - 2, p - 1, p, p + 1, 2 * p - 1, 2 * p, 2 * p + 2, 3 * p]))
        far = kept(other[0], k + (gap if rng.random() < 0.5 else -gap), spec)
        near = kept(c + int(rng.integers(-1, 2)), k, spec)
        found.append((other, far, near)[i % 3])
    return found


def operands(unit: Unit, seed: int) -> list[tuple[Number, ...]]:
    """Return the arguments of a unit."""
    spec, rng = FORMATS[unit.format], np.random.default_rng(unit.seed(seed))
    n = SIZE.get(spec.name, 300)
    x = numbers(spec, rng, n)
    if unit.operation in (*ARITHMETIC, *REMAINDERS):
        rows: list[tuple[Number, ...]] = list(zip(x, partners(x, spec, rng), strict=True))
        return [r for r in rows if unit.operation in ARITHMETIC or abs(r[0][1] - r[1][1]) < 10_000]
    if unit.operation == "fma":
        y = partners(x, spec, rng)
        products = [(-(a * b), k + m) for (a, k), (b, m) in zip(x, y, strict=True)]
        near = [kept(c, k, spec) for c, k in products]
        return list(zip(x, y, [v if rng.random() < 0.6 else w for v, w in zip(near, x, strict=True)], strict=True))
    small = [v for v in x if -400 < v[1] + abs(v[0]).bit_length() < 10]
    if unit.operation == "pow":
        return [((abs(a), k), other) for (a, k), other in zip(small, small[::-1], strict=True)]
    if unit.operation in POWERS:
        return list(zip(small, small[::-1], strict=True))
    if unit.operation in functions.COMPOSED:
        return [(v,) for v in small]
    positive = unit.operation in ("sqrt", "rsqrt", "log", "log2")
    reach = x if unit.operation in ("sqrt", "rsqrt", "atan", *functions.INTEGRAL) else small
    if unit.operation == "log1p":
        return [(v,) for v in small if v[0] > 0 or v[1] + abs(v[0]).bit_length() <= 0]
    return [((abs(c) if positive else c, k),) for c, k in reach]


def kept(c: int, k: int, spec: Spec) -> Number:
    """Return the nearest member below in magnitude, if it is one."""
    assert spec.p is not None
    found = wide.round_row((c < 0, abs(c), k, False), spec, "RTZ")
    return found if isinstance(found, tuple) and found[0] else (1, 0)


def exact(operation: str, spec: Spec, mode: str) -> Callable[..., wide.Row | Pair]:
    """Return the oracle before rounding."""
    assert spec.p is not None
    p = spec.p
    if operation in (*ARITHMETIC, *REMAINDERS):
        return lambda x, y: wide.exact_pair(operation, x, y, p, mode)
    if operation == "fma":
        return lambda x, y, z: wide.exact_fma(x, y, z, mode)
    if operation in POWERS:
        return lambda x, y: wide.by_mpfr(operation, p, x, y)
    return lambda x: wide.exact_unary(operation, p, x)


def ours(operation: str, spec: Spec, mode: str, columns: list[list[Pair]]) -> list[Pair]:
    """Return our results."""
    xp = rounded(format_of(spec), ROUNDING[mode])
    arrays = [xp.asarray([element(v) for v in column]) for column in columns]
    return [pair_of(v) for v in getattr(xp, operation)(*arrays).elements()]


def run(unit: Unit, seed: int) -> Outcome:
    """Compare an operation in every mode, then specials."""
    spec, found, rows = FORMATS[unit.format], Outcome(), operands(unit, seed)
    columns = [list(column) for column in zip(*rows, strict=True)]
    plain = [exact(unit.operation, spec, "RNE")(*row) for row in rows]
    down = [exact(unit.operation, spec, "RTN")(*row) for row in rows] if unit.operation in SIGNED else plain
    for mode in MODES:
        theirs = wide.rounded(down if mode == "RTN" else plain, spec, mode)
        compare(found, mode, lambda m=mode: ours(unit.operation, spec, m, columns), theirs, rows)
    if spec.infinities and spec.q_min is not None and unit.operation not in POWERS:
        specials(unit, spec, found)
    return found


SIGNED = ("add", "subtract", "fma")
CORNERS = [(0, 0), NEG_ZERO, POS_INF, NEG_INF, NAN]
AS_FLOAT = {(0, 0): 0.0, NEG_ZERO: -0.0, POS_INF: np.inf, NEG_INF: -np.inf, NAN: np.nan}


def specials(unit: Unit, spec: Spec, found: Outcome) -> None:
    """Compare zeros, infinities and NaN among themselves with the rules for binary64."""
    arity = 3 if unit.operation == "fma" else 2 if unit.operation in (*ARITHMETIC, *REMAINDERS) else 1
    grid = np.array(np.meshgrid(*[np.array(list(AS_FLOAT.values()))] * arity, indexing="ij")).reshape(arity, -1)
    names = [{v.hex(): k for k, v in AS_FLOAT.items()}[float(x).hex()] for x in grid.ravel()]
    rows = [names[i * grid.shape[1] : (i + 1) * grid.shape[1]] for i in range(arity)]
    for mode in MODES:
        if arity == 1:
            result = functions.exact_unary(unit.operation, grid[0])
        elif arity == 2:
            result = exact_binary(unit.operation, *grid, mode)
        else:
            result = exact_fma(*grid, mode)
        keep = np.flatnonzero(result.is_fixed)
        back = {0.0: (0, 0), 0.5: (1, -1), 1.0: (1, 0), -1.0: (-1, 0), 2.0: (1, 1), np.inf: POS_INF, -np.inf: NEG_INF}
        theirs: list[Pair] = []
        for value in result.fixed[keep].tolist():
            theirs.append(NAN if value != value else NEG_ZERO if value == 0 and np.signbit(value) else back[value])

        columns = [[row[i] for i in keep.tolist()] for row in rows]
        compare(
            found,
            mode,
            lambda m=mode, c=columns: ours(unit.operation, spec, m, c),
            theirs,
            list(zip(*columns, strict=True)),
        )


def element(value: Pair) -> object:
    """Return a pair or special as an element."""
    return element_of(value) if isinstance(value, str) else Dyadic(*value)


def compare(
    found: Outcome, mode: str, ask: Callable[[], list[Pair]], theirs: list[Pair], rows: list[tuple[Pair, ...]]
) -> None:
    """Compare two lists; an exception is as many wrong cases."""
    assert theirs
    try:
        mine = ask()
    except Exception as error:
        found.add(len(theirs), [f"{mode}: {type(error).__name__}: {error}"] * len(theirs))
        return
    wrong = [i for i, (a, b) in enumerate(zip(mine, theirs, strict=True)) if a != b]
    found.add(len(theirs), [f"{mode} {rows[i]}: {mine[i]}, right is {theirs[i]}" for i in wrong])


def units() -> Iterator[Unit]:
    """Yield every operation of every format, two blocks of each."""
    for block in range(2):
        for operation in OPERATIONS:
            for name in FORMATS:
                yield Unit("wide", operation, name, block)


WIDE = Suite("wide", "formats beyond binary64", "integers, MPFR, Arb", units, run)
