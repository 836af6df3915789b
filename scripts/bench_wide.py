"""Rows of wide precision, beside bare loops over gmpy2: element by element, functions, matrix products, pairs.

An element travels between packages as (odd significand, exponent), exactly; answers are compared in that form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import gmpy2
import numpy as np
from bench_measure import Answer, Contender, Inputs, NotOfferedError, Row, Work
from bench_peers import Shared, load, refused, shared
from oracles import mpfr

from precise import RNE, Dyadic, Format, Special, paper_float, rounded, unbounded

SEED = 20250109
PRECISIONS = (113, 256, 1024)
SIZES = (100, 1_000, 10_000, 100_000)
FUNCTIONS = {
    **dict.fromkeys(("exp", "exp2", "expm1", "log", "log2", "log1p", "sin", "cos", "tan"), 1),
    **dict.fromkeys(("sinh", "cosh", "tanh", "atan", "erf"), 1),
    "pow": 2,
}  # and how many arguments
ELEMENTWISE_BAR, FUNCTION_BAR, MATRIX_BAR, PAIR_BARS = 1.3, 1 / 1.5, 1 / 3, {"add": 7.0, "multiply": 4.0}
HARD = 300
SPECIALS = {Special.NAN: "nan", Special.POS_INF: "+inf", Special.NEG_INF: "-inf", Special.NEG_ZERO: "-0"}
Column = Sequence["gmpy2.mpfr"]


def column(p: int, size: int, seed: int) -> Column:
    """Return random positive numbers around one whose p bits are all used."""
    rng = np.random.default_rng(seed)
    ctx = gmpy2.context(precision=p)
    x, y = (mpfr.column(rng.uniform(0.5, 2.0, size)) for _ in range(2))
    return list(map(ctx.div, x, y))


def columns(fmt: Format, count: int) -> Callable[[int], Inputs]:
    """Return a maker of so many columns."""
    return lambda size: held_by_ours(fmt, [column(fmt.p or 0, size, SEED + k) for k in range(count)])


def held_by_ours(fmt: Format, inputs: Sequence[Column]) -> Inputs:
    """Return the same numbers as arrays of ours hold them."""
    return shared(rounded(fmt, RNE), [dyadics(x) for x in inputs])


def squares(p: int) -> Callable[[int], Inputs]:
    """Return a maker of two square matrices as lists of rows."""

    def make(n: int) -> Inputs:
        flat = [column(p, n * n, SEED + k) for k in range(2)]
        return tuple([list(x[i * n : (i + 1) * n]) for i in range(n)] for x in flat)

    return make


def dyadics(x: object) -> object:
    """Return nested lists of MPFR numbers as exact numbers of ours."""
    if isinstance(x, list):
        return [dyadics(v) for v in x]
    c, q = x.as_mantissa_exp()
    return Dyadic(int(c), int(q))


def pair(c: int, q: int) -> mpfr.Pair:
    """Return a number in canonical form."""
    return mpfr.canonical(c, q) if c else (0, 0)


def ours(fmt: Format, operation: str, **policy: object) -> Contender:
    """Return the rounded namespace."""

    def start(inputs: Inputs) -> Work:
        xp = rounded(fmt, RNE, **policy)
        function = getattr(xp, operation)
        held = inputs.arrays if isinstance(inputs, Shared) else [xp.asarray(dyadics(x)) for x in inputs]
        return lambda: function(*held)

    def read(y: object) -> Answer:
        elements = y.elements().ravel().tolist()
        return [SPECIALS[v] if isinstance(v, Special) else (v.c, v.q) for v in elements]

    return Contender("precise", "ours", start, read)


def by_gmpy2(p: int, operation: str, kind: str) -> Contender:
    """Return a map of one MPFR operation."""
    method = getattr(gmpy2.context(precision=p), mpfr.METHOD.get(operation, operation))
    return Contender("gmpy2 map", kind, lambda inputs: lambda: list(map(method, *inputs)), mpfr.pairs_of)


def by_mpmath(p: int, operation: str) -> Contender:
    """Return mpmath's loop."""
    mpmath = load("mpmath")
    words = {"add": "fadd", "multiply": "fmul", "divide": "fdiv", "log": "ln", "pow": "power"}
    function = getattr(mpmath, words.get(operation, operation))

    def start(inputs: Inputs) -> Work:
        held = [[mpf(mpmath, v) for v in x] for x in inputs]
        return lambda: [function(*row, prec=p) for row in zip(*held, strict=True)]

    return Contender("mpmath", "peer", start, mpmath_pairs)


def mpmath_pairs(values: object) -> Answer:
    """Return mpmath's numbers as pairs."""
    return [pair(int(v._mpf_[1]) * (-1) ** v._mpf_[0], v._mpf_[2]) for v in values]


def mpf(mpmath: object, x: gmpy2.mpfr) -> object:
    """Return an mpmath number, exactly."""
    c, q = x.as_mantissa_exp()
    return mpmath.make_mpf(mpmath.libmp.from_man_exp(int(c), int(q)))


def by_flint(p: int, operation: str) -> Contender:
    """Return Arb balls; they are not judged, since an enclosure is no rounded result."""
    flint = load("flint")
    words = {"add": "__add__", "multiply": "__mul__", "divide": "__truediv__", "pow": "__pow__"}
    name = words.get(operation, operation)
    getattr(flint.arb, name)  # raises where there is none

    def start(inputs: Inputs) -> Work:
        held = []
        for x in inputs:
            parts = [v.as_mantissa_exp() for v in x]
            held.append([flint.arb((int(c), int(q))) for c, q in parts])

        def work() -> object:
            before, flint.ctx.prec = flint.ctx.prec, p
            try:
                return [getattr(row[0], name)(*row[1:]) for row in zip(*held, strict=True)]
            finally:
                flint.ctx.prec = before

        return work

    return Contender("flint arb balls", "peer", start)


def by_fpy2(p: int, operation: str) -> Contender:
    """Return a loop over fpy2's scalars."""
    fpy2 = load("fpy2")
    ctx = fpy2.MPFloatContext(p)
    function = getattr(fpy2, {"multiply": "mul", "divide": "div"}.get(operation, operation))

    def start(inputs: Inputs) -> Work:
        parts = [[tuple(map(int, v.as_mantissa_exp())) for v in x] for x in inputs]
        held = [[fpy2.Float(s=c < 0, c=abs(c), exp=q) for c, q in column] for column in parts]
        return lambda: [function(*row, ctx=ctx) for row in zip(*held, strict=True)]

    return Contender("fpy2", "peer", start, lambda y: [pair(-v.c if v.s else v.c, v.exp) for v in y])


def by_quaddtype(p: int, operation: str) -> Contender:
    """Return NumPy arrays of binary128."""
    if p != 113:
        raise NotOfferedError("binary128 only")
    quad = load("numpy_quaddtype")
    function = getattr(np, {"atan": "arctan"}.get(operation, operation))

    def start(inputs: Inputs) -> Work:
        held = [np.array([f"{v:.40g}" for v in x], dtype=quad.QuadPrecDType()) for x in inputs]
        return lambda: function(*held)

    def read(y: object) -> Answer:
        ratios = [v.as_integer_ratio() for v in y]
        return [pair(n, 1 - d.bit_length()) for n, d in ratios]

    return Contender("numpy-quaddtype", "peer", start, read)


def tried(makers: dict[str, Callable[[], Contender]]) -> list[Contender]:
    """Return the contenders, those that refuse too."""
    found = []
    for name, maker in makers.items():
        try:
            found.append(maker())
        except NotOfferedError as error:
            found.append(refused(name, str(error)))
        except Exception as error:
            found.append(refused(name, f"{type(error).__name__}: {error}"))
    return found


def peers(p: int, operation: str) -> list[Contender]:
    """Return the peers of an operation element by element."""
    makers = {"mpmath": by_mpmath, "flint arb balls": by_flint, "fpy2": by_fpy2, "numpy-quaddtype": by_quaddtype}
    return tried({name: lambda make=make: make(p, operation) for name, make in makers.items()})


def right_elements(fmt: Format, operation: str, count: int) -> tuple[Inputs, Answer]:
    """Return numbers, half of them such that sums cancel, with MPFR's answers; functions get both signs."""
    inputs, p = list(columns(fmt, count)(HARD)), fmt.p or 0
    ctx = gmpy2.context(precision=p)
    if operation == "add":
        half = HARD // 2  # these cancel to little
        inputs[1] = [ctx.minus(ctx.next_above(v)) for v in inputs[0][:half]] + list(inputs[1][half:])
    return held_by_ours(fmt, inputs), mpfr.unbounded_pairs(operation, p, "RNE", *inputs)


def elementwise_row(operation: str, p: int, count: int, bar: float) -> Row:
    """Return one operation at one precision; the limit is the map over MPFR."""
    return Row(
        f"wide {operation} p={p}",
        lambda: [ours(unbounded(p), operation), by_gmpy2(p, operation, "limit"), *peers(p, operation)],
        columns(unbounded(p), count),
        SIZES if operation not in FUNCTIONS else SIZES[:-1],
        bar,
        lambda: right_elements(unbounded(p), operation, count),
    )


def matrix_loop(p: int, kind: str) -> Callable[[Inputs], Work]:
    """Return dot products by loops of multiply and add, or by MPFR's sum of exact or rounded products."""
    ctx = gmpy2.context(precision=p)
    wide = gmpy2.context(precision=2 * p)
    multiply = (wide if kind == "exact" else ctx).mul

    def start(inputs: Inputs) -> Work:
        a, transposed = inputs[0], list(zip(*inputs[1], strict=True))

        def loop() -> object:
            found = []
            for row in a:
                for col in transposed:
                    total = ctx.mul(row[0], col[0])
                    for x, y in zip(row[1:], col[1:], strict=True):
                        total = ctx.add(total, ctx.mul(x, y))
                    found.append(total)
            return found

        def sums() -> object:
            return [ctx.fsum(list(map(multiply, row, col))) for row in a for col in transposed]

        return loop if kind == "sequential" else sums

    return start


def by_mpmath_matrix(p: int, kind: str) -> Contender:
    """Return mpmath's matrix product."""
    if kind != "exact":
        raise NotOfferedError("its matrix product is exact/exact")
    mpmath = load("mpmath")

    def start(inputs: Inputs) -> Work:
        a, b = (mpmath.matrix([[mpf(mpmath, v) for v in row] for row in x]) for x in inputs)

        def work() -> object:
            with mpmath.workprec(p):
                return a * b

        return work

    return Contender("mpmath", "peer", start, mpmath_pairs)


def matrix_row(p: int, kind: str) -> Row:
    """Return an exact-then-round product at n = 128; the limit is the bare gmpy2 loop, which rounds at every step."""
    accumulate = {"exact": "exact-products", "rounded": "exact"}[kind]
    dots = Contender("gmpy2 fsum", "peer", matrix_loop(p, kind), mpfr.pairs_of)

    def contenders() -> Sequence[Contender]:
        mine = ours(unbounded(p), "matmul", accumulate=accumulate)
        loop = Contender("gmpy2 loop", "limit", matrix_loop(p, "sequential"))
        return [mine, loop, dots, *tried({"mpmath": lambda: by_mpmath_matrix(p, kind)})]

    def right() -> tuple[Inputs, Answer]:
        inputs = squares(p)(10)
        minus = gmpy2.context(precision=p).minus
        signed = [[minus(v) if (i + j) % 2 else v for j, v in enumerate(row)] for i, row in enumerate(inputs[0])]
        return (signed, inputs[1]), mpfr.pairs_of(dots.start((signed, inputs[1]))())

    key = f"wide matmul {kind}/exact p={p} n=128"
    return Row(key, contenders, squares(p), (4, 8, 16, 32, 64, 128), MATRIX_BAR, right, power=3)


def pair_row(operation: str) -> Row:
    """Return an operation of the papers' floats with 64 bits, whose exponents exceed MPFR's, beside MPFR without."""
    return Row(
        f"pairs {operation} paper p=64",
        lambda: [ours(paper_float(64), operation), by_gmpy2(64, operation, "limit")],
        columns(paper_float(64), 2),
        SIZES[:-1],
        PAIR_BARS[operation],
        lambda: right_elements(paper_float(64), operation, 2),
    )


def rows() -> list[Row]:
    """Return all rows of this module."""
    found = []
    for operation in ("add", "multiply", "divide", "sqrt"):
        count = 1 if operation == "sqrt" else 2
        found += [elementwise_row(operation, p, count, ELEMENTWISE_BAR) for p in PRECISIONS]
    for operation, count in FUNCTIONS.items():
        found += [elementwise_row(operation, p, count, FUNCTION_BAR) for p in PRECISIONS[1:]]
    found += [matrix_row(p, kind) for kind in ("exact", "rounded") for p in PRECISIONS]
    return [*found, *(pair_row(operation) for operation in PAIR_BARS)]
