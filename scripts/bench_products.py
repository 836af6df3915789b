"""Rows of matrix products in narrow formats, beside dgemm."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import gmpy2
import numpy as np
from bench_measure import Answer, Contender, Inputs, NotOfferedError, Row, Work
from bench_peers import APY_MODES, CHOP_MODES, Case, floats, load, refused
from numpy.typing import NDArray
from oracles import mpfr
from oracles.integers import Spec
from oracles.named import BFLOAT16, BINARY16, BINARY32

from precise import RNE, Format, bfloat16, binary16, binary32, rounded

Matrix = NDArray[np.float64]
SEED = 20250109
BLOCK = 24  # hard matrices are BLOCK x 2 BLOCK times 2 BLOCK x BLOCK
EXACT_BAR, SEQUENTIAL_BARS, GRADUAL = 2.5, {8: 2.5, 11: 2.5, 24: 4.0}, 1.6
ROUNDED_BAR = 4.0  # as the sequential order, which rounds each product too: p = 24, and p = 11 with gradual underflow


def members(x: Matrix, spec: Spec) -> Matrix:
    """Return the members of a format nearest to x, by MPFR."""
    return np.asarray(mpfr.apply("round", spec, "RNE", mpfr.column(x.ravel())), dtype=np.float64).reshape(x.shape)


def square(scale: float) -> Callable[[int], Inputs]:
    """Return two random square matrices of a given scale, which the contenders round to the format."""

    def make(n: int) -> Inputs:
        rng = np.random.default_rng(SEED)
        return scale * rng.standard_normal((n, n)), scale * rng.standard_normal((n, n))

    return make


def flat(n: int) -> Inputs:
    """Return two matrices with magnitudes from 1/4 to 1: no product is subnormal, no sum overflows."""
    rng = np.random.default_rng(SEED)
    return tuple(rng.uniform(0.25, 1, (n, n)) * rng.choice([-1.0, 1.0], (n, n)) for _ in range(2))


def hard(spec: Spec, scale: float) -> Inputs:
    """Return matrices of members whose dot products cancel to little, or to nothing, after large partial sums."""
    rng = np.random.default_rng(SEED)
    left = scale * rng.standard_normal((BLOCK, BLOCK)) * np.exp2(rng.integers(-6, 7, (BLOCK, BLOCK)))
    right = scale * rng.standard_normal((BLOCK, BLOCK)) * np.exp2(rng.integers(-3, 4, (BLOCK, BLOCK)))
    nearly = right * (1 + np.exp2(-float(spec.p or 0)) * rng.integers(-2, 3, right.shape))
    a = np.concatenate([left, -left], axis=1)
    return members(a, spec), members(np.concatenate([right, nearly]), spec)


def dots(spec: Spec, kind: str, a: Sequence[Sequence[object]], columns: Sequence[Sequence[object]]) -> list[object]:
    """Return all dot products by MPFR: exact products, rounded ones, or one rounding after every operation."""
    ctx = mpfr.context(spec, "RNE")
    wide = gmpy2.context(precision=2 * (spec.p or 0))
    found = []
    for row in a:
        for column in columns:
            if kind == "sequential":
                total = ctx.mul(row[0], column[0])
                for x, y in zip(row[1:], column[1:], strict=True):
                    total = ctx.add(total, ctx.mul(x, y))
                found.append(total)
            else:
                products = list(map((wide if kind == "exact" else ctx).mul, row, column))
                found.append(ctx.fsum(products))
    return found


def lists_of(a: Matrix, b: Matrix) -> tuple[list[list[object]], list[list[object]]]:
    """Return the rows of a and the columns of b as lists of MPFR numbers."""
    return [list(mpfr.column(r)) for r in a], [list(mpfr.column(c)) for c in b.T]


def right_products(spec: Spec, kind: str, scale: float) -> tuple[Inputs, Answer]:
    """Return hard matrices and their right product."""
    a, b = hard(spec, scale)
    return (a, b), mpfr.floats(dots(spec, kind, *lists_of(a, b))).reshape(a.shape[0], b.shape[1])


def dgemm(inputs: Inputs) -> Work:
    """Return NumPy's matrix product in binary64."""
    return lambda: np.matmul(*inputs)


def ours(fmt: Format, accumulate: str) -> Contender:
    """Return the rounded namespace with an order of accumulation."""

    def start(inputs: Inputs) -> Work:
        xp = rounded(fmt, RNE, accumulate=accumulate)
        a, b = (xp.asarray(x) for x in inputs)
        return lambda: xp.matmul(a, b)

    return Contender("precise", "ours", start, lambda y: y.to_float64())


def by_gmpy2(spec: Spec, kind: str) -> Contender:
    """Return loops of MPFR operations, or of MPFR's correctly rounded sum."""

    def start(inputs: Inputs) -> Work:
        a, columns = lists_of(*inputs)
        return lambda: (dots(spec, kind, a, columns), len(a), len(columns))

    return Contender("gmpy2", "peer", start, lambda y: mpfr.floats(y[0]).reshape(y[1], y[2]))


def by_mpmath(p: int, kind: str) -> Contender:
    """Return mpmath's matrix product, which has exact products and one rounding."""
    if kind != "exact":
        return refused("mpmath", "its matrix product is exact/exact")
    mpmath = load("mpmath")

    def start(inputs: Inputs) -> Work:
        a, b = (mpmath.matrix(x.tolist()) for x in inputs)

        def work() -> object:
            with mpmath.workprec(p):
                return a * b

        return work

    return Contender("mpmath", "peer", start, lambda y: np.array(y.tolist()).astype(np.float64))


def by_pychop(case: Case, kind: str) -> Contender:
    """Return pychop: a binary64 product rounded at the end, or an update of rank one rounded twice a step."""
    chop = load("pychop").Chop(case.exponent_bits, case.p - 1, rmode=CHOP_MODES["RNE"], chunk_size=1 << 20)
    if kind == "exact":
        return Contender("pychop", "peer", lambda inputs: lambda: chop(inputs[0] @ inputs[1]), floats)
    if kind == "rounded":
        return refused("pychop", "products are not rounded inside a matrix product")
    return Contender("pychop", "peer", by_updates(lambda x: x, chop), floats)


def by_updates(convert: Callable[[Matrix], object], keep: Callable[[object], object]) -> Callable[[Inputs], Work]:
    """Return the sequential product as updates of rank one, with `keep` after each operation."""

    def start(inputs: Inputs) -> Work:
        a, b = (convert(x) for x in inputs)

        def work() -> object:
            total = keep(a[:, :1] * b[:1])
            for k in range(1, a.shape[1]):
                total = keep(total + keep(a[:, k : k + 1] * b[k : k + 1]))
            return total

        return work

    return start


def by_numpy_type(case: Case, kind: str) -> Contender:
    """Return updates of rank one in a NumPy type."""
    if kind != "sequential":
        return refused("numpy", "no exact sum")
    if case.spec is BFLOAT16:
        word, name = load("ml_dtypes").bfloat16, "ml_dtypes"
    elif case.spec in (BINARY16, BINARY32):
        word, name = {11: np.float16, 24: np.float32}[case.p], "numpy"
    else:
        return refused("numpy", f"no type for {case.spec.name}")
    return Contender(name, "peer", by_updates(lambda x: x.astype(word), lambda x: x), floats)


def by_torch(case: Case, kind: str) -> Contender:
    """Return updates of rank one in a torch type."""
    torch = load("torch")
    torch.set_num_threads(1)
    words = {"bfloat16": torch.bfloat16, "binary16": torch.float16, "binary32": torch.float32}
    if kind != "sequential":
        return refused("torch", "no exact sum")
    if case.spec.name not in words:
        return refused("torch", f"no type for {case.spec.name}")
    start = by_updates(lambda x: torch.from_numpy(x).to(words[case.spec.name]), lambda x: x)
    return Contender("torch", "peer", start, lambda y: y.to(torch.float64).numpy())


def by_apytypes(case: Case, kind: str) -> Contender:
    """Return apytypes' matrix product, which is sequential."""
    if kind != "sequential":
        return refused("apytypes", "its matrix product is sequential")
    apytypes = load("apytypes")
    mode = getattr(apytypes.QuantizationMode, APY_MODES["RNE"])

    def start(inputs: Inputs) -> Work:
        a, b = (apytypes.APyFloatArray.from_float(x, case.exponent_bits, case.p - 1) for x in inputs)

        def work() -> object:
            with apytypes.APyFloatQuantizationContext(quantization=mode):
                return a @ b

        return work

    return Contender("apytypes", "peer", start, lambda y: y.to_numpy())


def contenders(case: Case, kind: str, accumulate: str) -> list[Contender]:
    """Return ours, dgemm and the peers."""
    found = [ours(case.format, accumulate), Contender("dgemm", "limit", dgemm), by_gmpy2(case.spec, kind)]
    makers = {
        "mpmath": lambda: by_mpmath(case.p, kind),
        "pychop": lambda: by_pychop(case, kind),
        "numpy": lambda: by_numpy_type(case, kind),
        "torch": lambda: by_torch(case, kind),
        "apytypes": lambda: by_apytypes(case, kind),
    }
    for name, maker in makers.items():
        try:
            found.append(maker())
        except NotOfferedError as error:
            found.append(refused(name, str(error)))
    return found


KINDS = {
    "exact": ("exact/exact", "exact-products"),
    "rounded": ("rounded/exact", "exact"),
    "sequential": ("sequential", "sequential"),
}


def row(
    fmt: Format,
    spec: Spec,
    kind: str,
    n: int,
    bar: float | None,
    make: Callable[[int], Inputs],
    scale: float = 1.0,
    where: str = "",
) -> Row:
    """Return one product's row."""
    title, accumulate = KINDS[kind]
    case = Case("matmul", fmt, spec, RNE)
    sizes = tuple(s for s in (8, 16, 32, 64, 128, 256, 512, 1024) if s <= n)
    return Row(
        f"matmul {title} p={spec.p} n={n}{where}",
        lambda: contenders(case, kind, accumulate),
        make,
        sizes,
        bar,
        lambda: right_products(spec, kind, scale),
        power=3,
    )


def rows() -> list[Row]:
    """Return all rows of this module."""
    found = []
    for fmt, spec in ((binary16, BINARY16), (binary32, BINARY32)):
        found.append(row(fmt, spec, "exact", 1024, EXACT_BAR, square(1.0)))
        found.append(row(fmt, spec, "rounded", 1024, ROUNDED_BAR, square(1.0)))
    for fmt, spec in ((bfloat16, BFLOAT16), (binary16, BINARY16), (binary32, BINARY32)):
        found.append(row(fmt, spec, "sequential", 512, SEQUENTIAL_BARS[spec.p or 0], flat, where=" flat"))
    gradual = ((bfloat16, BFLOAT16, -66), (binary16, BINARY16, -6), (binary32, BINARY32, -66))
    for fmt, spec, exponent in gradual:
        bar = GRADUAL * SEQUENTIAL_BARS[spec.p or 0]
        scale = 2.0**exponent
        found.append(row(fmt, spec, "sequential", 512, bar, square(scale), scale, " gradual underflow"))
    return found
