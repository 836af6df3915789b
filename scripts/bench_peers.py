"""The packages that the benchmark compares with, behind one question: a contender for this operation, or why not."""

from __future__ import annotations

import importlib
import importlib.metadata
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from bench_measure import Answer, Contender, Inputs, NotOfferedError, Work
from oracles import mpfr
from oracles.integers import Spec

from precise import Format, Rounding, rounded
from precise.semantics.array import Array
from precise.semantics.namespace import Namespace

HOST = {"add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide, "sqrt": np.sqrt}
HOST |= {"exp": np.exp, "log": np.log, "sin": np.sin, "cos": np.cos, "tanh": np.tanh}
DISTRIBUTIONS = {"flint": "python-flint", "numpy_quaddtype": "numpy-quaddtype"}
NAMES = ("numpy", "ml_dtypes", "torch", "pychop", "gfloat", "apytypes", "gmpy2", "mpmath", "flint", "fpy2")
CHUNK = 1 << 20  # of pychop, far above its default, which is slower


@dataclass(frozen=True)
class Case:
    """An operation in a format of the IEEE kind and a mode, in our words and in plain numbers."""

    operation: str
    format: Format
    spec: Spec
    mode: Rounding

    @property
    def exponent_bits(self) -> int:
        """Return the width of the exponent field of the interchange format."""
        emax = self.format.emax
        assert emax is not None
        return emax.bit_length() + 1

    @property
    def p(self) -> int:
        """Return the precision."""
        assert self.format.p is not None
        return self.format.p


def load(name: str) -> ModuleType:
    """Return a peer's module, or raise `NotOfferedError`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(name)
    except ImportError:
        raise NotOfferedError("not installed") from None


def version_of(name: str) -> str | None:
    """Return the installed version of a peer."""
    try:
        return importlib.metadata.version(DISTRIBUTIONS.get(name, name))
    except importlib.metadata.PackageNotFoundError:
        return None


def chosen(table: dict[str, object], case: Case) -> object:
    """Return what a peer calls the mode."""
    if case.mode.code not in table:
        raise NotOfferedError(f"no mode {case.mode.code}")
    return table[case.mode.code]


def only_nearest(case: Case) -> None:
    """Refuse modes other than to nearest, ties to even."""
    chosen({"RNE": None}, case)


def floats(x: object) -> Answer:
    """Return an array of any NumPy type as float64."""
    return np.asarray(x).astype(np.float64)


def on_arrays(case: Case, function: Callable[..., object], convert: Callable[[object], object]) -> Callable[..., Work]:
    """Return the start of a contender whose arrays hold members of the format."""

    def start(inputs: Inputs) -> Work:
        if case.operation == "round":
            return lambda: convert(inputs[0])
        held = [convert(x) for x in inputs]
        return lambda: function(*held)

    return start


def by_numpy(case: Case) -> Contender:
    """Return NumPy's own type."""
    kinds = {("binary16"): np.float16, ("binary32"): np.float32}
    if case.spec.name not in kinds:
        raise NotOfferedError(f"no type for {case.spec.name}")
    only_nearest(case)
    kind = kinds[case.spec.name]
    name = f"numpy {np.dtype(kind)}"
    return Contender(name, "peer", on_arrays(case, HOST.get(case.operation), lambda x: x.astype(kind)), floats)


def by_ml_dtypes(case: Case) -> Contender:
    """Return an ml_dtypes type."""
    kinds = {"bfloat16": "bfloat16", "float8_e5m2": "float8_e5m2", "float8_e4m3fn": "float8_e4m3fn"}
    if case.spec.name not in kinds:
        raise NotOfferedError(f"no type for {case.spec.name}")
    only_nearest(case)
    kind = getattr(load("ml_dtypes"), kinds[case.spec.name])
    return Contender("ml_dtypes", "peer", on_arrays(case, HOST.get(case.operation), lambda x: x.astype(kind)), floats)


def by_torch(case: Case) -> Contender:
    """Return torch on one CPU thread."""
    torch = load("torch")
    kinds = {"bfloat16": torch.bfloat16, "binary16": torch.float16, "binary32": torch.float32}
    if case.spec.name not in kinds:
        raise NotOfferedError(f"no type for {case.spec.name}")
    only_nearest(case)
    torch.set_num_threads(1)
    kind = kinds[case.spec.name]
    function = getattr(torch, case.operation) if case.operation != "round" else None
    start = on_arrays(case, function, lambda x: torch.from_numpy(x).to(kind))
    return Contender("torch", "peer", start, lambda y: y.to(torch.float64).numpy())


CHOP_MODES = {"RNE": 1, "RTP": 2, "RTN": 3, "RTZ": 4, "RNA": 8, "RTO": 9}


def by_pychop(case: Case) -> Contender:
    """Return pychop's `Chop` after NumPy's operation."""
    rmode = chosen(CHOP_MODES, case)
    chop = load("pychop").Chop(case.exponent_bits, case.p - 1, rmode=rmode, chunk_size=CHUNK)
    if case.operation == "round":
        return Contender("pychop", "peer", lambda inputs: lambda: chop(inputs[0]), floats)
    host = HOST[case.operation]
    return Contender("pychop", "peer", lambda inputs: lambda: chop(host(*inputs)), floats)


def by_gfloat(case: Case) -> Contender:
    """Return gfloat's `round_ndarray`; it has no arithmetic."""
    if case.operation != "round":
        raise NotOfferedError("no arithmetic")
    gfloat = load("gfloat")
    words = {"RNE": "TiesToEven", "RNA": "TiesToAway", "RTZ": "TowardZero", "RTP": "TowardPositive"}
    words["RTN"] = "TowardNegative"
    mode = getattr(gfloat.RoundMode, str(chosen(words, case)))
    info = gfloat.FormatInfo(
        name=case.spec.name,
        k=case.exponent_bits + case.p,
        precision=case.p,
        bias=case.format.emax,
        is_signed=True,
        domain=gfloat.Domain.Extended,
        has_nz=True,
        num_high_nans=2 ** (case.p - 1) - 1,
        has_subnormals=True,
        is_twos_complement=False,
    )
    return Contender("gfloat", "peer", lambda inputs: lambda: gfloat.round_ndarray(info, inputs[0], mode), floats)


APY_MODES = {"RNE": "TIES_EVEN", "RNA": "TIES_AWAY", "RTZ": "TO_ZERO", "RTP": "TO_POS", "RTN": "TO_NEG"}
APY_MODES |= {"RAZ": "TO_AWAY", "RTO": "JAM_UNBIASED"}


def by_apytypes(case: Case) -> Contender:
    """Return apytypes' arrays; the operations take their mode from a context."""
    apytypes = load("apytypes")
    mode = getattr(apytypes.QuantizationMode, str(chosen(APY_MODES, case)))
    make, (bits, fraction) = apytypes.APyFloatArray.from_float, (case.exponent_bits, case.p - 1)

    def start(inputs: Inputs) -> Work:
        if case.operation == "round":
            wide = make(inputs[0], 11, 52)
            return lambda: wide.cast(bits, fraction, quantization=mode)
        function = {"add": "__add__", "subtract": "__sub__", "multiply": "__mul__", "divide": "__truediv__"}
        if case.operation not in function:
            raise NotOfferedError(f"no {case.operation} that stays in the format")
        a, b = (make(x, bits, fraction) for x in inputs)
        method = getattr(a, function[case.operation])

        def work() -> object:
            with apytypes.APyFloatQuantizationContext(quantization=mode):
                return method(b)

        return work

    return Contender("apytypes", "peer", start, lambda y: y.to_numpy())


def by_gmpy2(case: Case) -> Contender:
    """Return a map of one MPFR operation over lists."""
    chosen(mpfr.NATIVE, case)
    ctx = mpfr.context(case.spec, case.mode.code)
    method = getattr(ctx, mpfr.METHOD.get(case.operation, case.operation))

    def start(inputs: Inputs) -> Work:
        columns = [mpfr.column(x) for x in inputs]
        return lambda: list(map(method, *columns))

    return Contender("gmpy2", "peer", start, mpfr.floats)


MP_MODES = {"RNE": "n", "RTZ": "d", "RAZ": "u", "RTP": "c", "RTN": "f"}


def by_mpmath(case: Case) -> Contender:
    """Return mpmath's loop; it is not judged, since its exponents have no bounds."""
    mpmath, mode = load("mpmath"), chosen(MP_MODES, case)
    words = {"add": "fadd", "subtract": "fsub", "multiply": "fmul", "divide": "fdiv", "round": "fadd", "log": "ln"}
    function = getattr(mpmath, words.get(case.operation, case.operation))

    def start(inputs: Inputs) -> Work:
        columns = [[mpmath.mpf(v) for v in x.tolist()] for x in inputs]
        if case.operation == "round":
            columns.append([mpmath.mpf(0)] * len(columns[0]))
        return lambda: [function(*row, prec=case.p, rounding=mode) for row in zip(*columns, strict=True)]

    return Contender("mpmath", "peer", start)


def by_flint(case: Case) -> Contender:
    """Refuse: Arb computes enclosures, and has no rounding to a format."""
    load("flint")
    raise NotOfferedError("enclosures, no rounding to a format")


def by_fpy2(case: Case) -> Contender:
    """Return a loop over fpy2's scalars."""
    fpy2 = load("fpy2")
    mode = getattr(fpy2.RM, case.mode.code)
    ctx = fpy2.IEEEContext(case.exponent_bits, case.exponent_bits + case.p, mode)
    words = {"subtract": "sub", "multiply": "mul", "divide": "div"}

    def start(inputs: Inputs) -> Work:
        columns = [[fpy2.Float.from_float(v) for v in x.tolist()] for x in inputs]
        if case.operation == "round":
            return lambda: [ctx.round(v) for v in columns[0]]
        function = getattr(fpy2, words.get(case.operation, case.operation))
        return lambda: [function(*row, ctx=ctx) for row in zip(*columns, strict=True)]

    return Contender("fpy2", "peer", start, lambda y: np.array([float(v) for v in y]))


class Shared(tuple[object, ...]):
    """Inputs in the very memory that arrays of ours hold, which lies where it may double a time, for us or the limit.

    Float64 arrays, or lists of MPFR numbers.
    """

    arrays: tuple[Array, ...]


def shared(xp: Namespace, columns: Sequence[object]) -> Inputs:
    """Return columns as arrays of ours, and their memory for everybody else."""
    arrays = tuple(xp.asarray(x) for x in columns)
    inputs = Shared(a.data if a.data.dtype == np.float64 else a.data.tolist() for a in arrays)
    inputs.arrays = arrays
    return inputs


def held(xp: Namespace, inputs: Inputs) -> Sequence[Array]:
    """Return the inputs as arrays of ours."""
    return inputs.arrays if isinstance(inputs, Shared) else [xp.asarray(x) for x in inputs]


def ours(case: Case, **policy: object) -> Contender:
    """Return the rounded namespace."""

    def start(inputs: Inputs) -> Work:
        xp = rounded(case.format, case.mode, **policy)
        if case.operation == "round":
            return lambda: xp.asarray(inputs[0])
        function, mine = getattr(xp, case.operation), held(xp, inputs)
        return lambda: function(*mine)

    return Contender("precise", "ours", start, lambda y: y.to_float64())


MAKERS: tuple[Callable[[Case], Contender], ...] = (
    by_numpy,
    by_ml_dtypes,
    by_torch,
    by_pychop,
    by_gfloat,
    by_apytypes,
    by_gmpy2,
    by_mpmath,
    by_flint,
    by_fpy2,
)


def refused(name: str, reason: str) -> Contender:
    """Return a contender that says why it cannot run."""

    def start(inputs: Inputs) -> Work:
        raise NotOfferedError(reason)

    return Contender(name, "peer", start)


def peers(case: Case) -> list[Contender]:
    """Return every peer, also those that cannot run."""
    found = []
    for name, maker in zip(NAMES, MAKERS, strict=True):
        try:
            found.append(maker(case))
        except NotOfferedError as error:
            found.append(refused(name, str(error)))
        except Exception as error:
            found.append(refused(name, f"{type(error).__name__}: {error}"))
    return found
