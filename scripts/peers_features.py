"""What each package offers: stated in words, and shown by running it where it is installed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from bench_measure import NotOfferedError
from bench_peers import load

from precise import parse_format
from precise import rounded as rounded_namespace

SUM = "-0x1.2p114 + 0x1.02p-49 in bfloat16, RTZ"
NEAR, FAR = "-0x1.2p+114", "0x1.02p-49"  # in bfloat16 towards zero their sum is RIGHT; a binary64 sum forgets FAR
RIGHT = "-0x1.1ep+114"


@dataclass(frozen=True)
class Package:
    """A package in words; `modes` and `directed` ask the installed one. No module: no registry of Python has it."""

    name: str
    module: str | None
    formats: str
    modes: Callable[[], str] | str
    directed: Callable[[], float] | str
    functions: str
    matmul: str


def directed_sum() -> tuple[float, float]:
    """Return the operands of the probe."""
    return float.fromhex(NEAR), float.fromhex(FAR)


def pychop_modes() -> str:
    """Return the modes that pychop's `Chop` accepts."""
    chop = load("pychop").Chop
    words = {1: "RNE", 2: "RTP", 3: "RTN", 4: "RTZ", 5: "SR", 7: "RNZ", 8: "RNA", 9: "RTO"}
    accepted = []
    for number, word in words.items():
        try:
            chop(8, 7, rmode=number)(np.ones(2))
        except Exception:
            continue
        accepted.append(word)
    return " ".join(accepted)


def pychop_sum() -> float:
    """Return pychop's addition towards zero."""
    module = load("pychop")
    x, y = directed_sum()
    return float(module.add(np.array([x]), np.array([y]), module.Chop(8, 7, rmode=4))[0])


def gfloat_modes() -> str:
    """Return gfloat's modes."""
    words = {"TiesToEven": "RNE", "TiesToAway": "RNA", "TowardZero": "RTZ", "TowardPositive": "RTP"}
    words |= {"TowardNegative": "RTN", "Stochastic": "SR"}
    return " ".join(words[m.name] for m in load("gfloat").RoundMode if m.name in words)


def apytypes_modes() -> str:
    """Return how many modes apytypes has, and which of ours."""
    mode = load("apytypes").QuantizationMode
    words = {"TIES_EVEN": "RNE", "TIES_AWAY": "RNA", "TO_ZERO": "RTZ", "TO_POS": "RTP", "TO_NEG": "RTN"}
    words |= {"TO_AWAY": "RAZ", "JAM_UNBIASED": "RTO", "STOCH_WEIGHTED": "SR"}
    distinct = {m.value for m in mode.__members__.values()}
    return f"{len(distinct)}: {' '.join(w for k, w in words.items() if k in mode.__members__)}, ..."


def apytypes_sum() -> float:
    """Return apytypes' addition towards zero."""
    module = load("apytypes")
    x, y = (module.APyFloat.from_float(v, 8, 7) for v in directed_sum())
    with module.APyFloatQuantizationContext(module.QuantizationMode.TO_ZERO):
        return float(x + y)


def fpy2_modes() -> str:
    """Return fpy2's modes."""
    return " ".join(m.name for m in load("fpy2").RM)


def fpy2_sum() -> float:
    """Return fpy2's addition towards zero."""
    module = load("fpy2")
    x, y = (module.Float.from_float(v) for v in directed_sum())
    return float(module.add(x, y, ctx=module.IEEEContext(8, 16, module.RM.RTZ)))


def gmpy2_modes() -> str:
    """Return gmpy2's modes."""
    words = {"RoundToNearest": "RNE", "RoundToZero": "RTZ", "RoundUp": "RTP", "RoundDown": "RTN"}
    words |= {"RoundAwayZero": "RAZ"}
    return " ".join(w for k, w in words.items() if hasattr(load("gmpy2"), k))


def gmpy2_sum() -> float:
    """Return MPFR's addition towards zero."""
    module = load("gmpy2")
    ctx = module.context(precision=8, emin=-132, emax=128, subnormalize=True, round=module.RoundToZero)
    return float(ctx.add(*map(module.mpfr, directed_sum())))


def mpmath_modes() -> str:
    """Return mpmath's modes."""
    module, words = load("mpmath"), {"n": "RNE", "d": "RTZ", "c": "RTP", "f": "RTN", "u": "RAZ"}
    return " ".join(w for k, w in words.items() if module.fadd(1, 2, prec=8, rounding=k) == 3)


def mpmath_sum() -> float:
    """Return mpmath's addition towards zero."""
    return float(load("mpmath").fadd(*directed_sum(), prec=8, rounding="d"))


PACKAGES = (
    Package(
        "pychop",
        "pychop",
        "(exponent, significand) bits, MX, block, fixed",
        pychop_modes,
        pychop_sum,
        "the host's, then rounded",
        "binary64 inside, rounded at the end",
    ),
    Package(
        "gfloat", "gfloat", "any p, bias and domain; P3109, OCP, MX", gfloat_modes, "no arithmetic", "none", "none"
    ),
    Package(
        "ml_dtypes",
        "ml_dtypes",
        "about 20 types of 4 to 16 bits",
        "RNE",
        "RNE only",
        "binary32, then rounded",
        "`@` gives float32",
    ),
    Package(
        "apytypes",
        "apytypes",
        "exponents to 30 bits, p to 62; fixed point",
        apytypes_modes,
        apytypes_sum,
        "none; NumPy's give float64",
        "sequential, with an accumulator format",
    ),
    Package(
        "fpy2",
        "fpy2",
        "any, IEEE, OCP, MX, fixed; scalars and lists",
        fpy2_modes,
        fpy2_sum,
        "about 80, correctly rounded",
        "loops of the user",
    ),
    Package(
        "gmpy2",
        "gmpy2",
        "any p, one range, subnormals; scalars",
        gmpy2_modes,
        gmpy2_sum,
        "about 100, correctly rounded",
        "none",
    ),
    Package(
        "mpmath",
        "mpmath",
        "any p, exponents without bounds",
        mpmath_modes,
        mpmath_sum,
        "many, nearly always right",
        "exact products and sum",
    ),
    Package("torch", "torch", "binary16/32/64, bfloat16, FP8", "RNE", "RNE only", "native", "binary32 accumulators"),
    Package("numpy-quaddtype", "numpy_quaddtype", "binary128", "RNE", "RNE only", "nearly always right", "yes"),
    Package(
        "crfix",
        "crfix",
        "fixed point, at most 31 fraction bits",
        "nearest, directed",
        "fixed point only",
        "exp, log, tanh, softmax, ..., rounded once",
        "none",
    ),
    Package(
        "CPFloat",
        None,
        "p to 53, emin and emax apart, saturation",
        "RNE RNA RNZ RTZ RTP RTN RTO SR",
        "RNE, p <= 25",
        "the host's, then rounded",
        "none",
    ),
    Package(
        "MPTorch",
        None,
        "float, fixed, block",
        "RNE SR",
        "through binary32",
        "GELU, softmax step by step",
        "sequential, fma, compensated",
    ),
    Package(
        "microxcaling",
        None,
        "MX, bfloat16",
        "RNE RNA RTZ",
        "operation, then rounding",
        "the same",
        "binary32 product of rounded inputs",
    ),
    Package(
        "Universal (C++)",
        None,
        "floats, posits, takums, ... as templates",
        "RNE",
        "yes",
        "through double",
        "loops of the user",
    ),
)
HEADINGS = (
    "package",
    "version run",
    "formats",
    "modes",
    "-0x1.2p114 + 0x1.02p-49 in bfloat16, RTZ",
    "functions",
    "matrix product",
)


def asked(question: Callable[[], object] | str) -> str:
    """Return the answer of an installed package, or the words that stand for it."""
    if isinstance(question, str):
        return question
    try:
        value = question()
    except NotOfferedError:
        return "not run here"
    except Exception as error:
        return type(error).__name__
    if isinstance(value, str):
        return value
    text = float(value).hex() if isinstance(value, float) else str(value)
    return "right" if float.fromhex(text) == float.fromhex(RIGHT) else f"wrong: {short_hex(text)}"


def short_hex(text: str) -> str:
    """Return a hexadecimal literal without its trailing zeros."""
    head, _, exponent = text.partition("p")
    return f"{head.rstrip('0').rstrip('.')}p{exponent.lstrip('+')}"


def table(version: Callable[[str], str | None]) -> list[tuple[str, ...]]:
    """Return a row for each package."""
    rows = []
    for p in PACKAGES:
        installed = None if p.module is None else version(p.module)
        shown = f"{installed}" if installed else "not run here"
        modes, directed = asked(p.modes), asked(p.directed)
        if installed is None and p.module is not None:
            modes, directed = "not run here", "not run here"
        rows.append((p.name, shown, p.formats, modes, directed, p.functions, p.matmul))
    return rows


def ours() -> str:
    """Return our answer to the probe."""
    xp = rounded_namespace(parse_format("bfloat16"), "RTZ")
    x, y = (xp.asarray([v]) for v in directed_sum())
    return short_hex(float(xp.add(x, y).to_float64()[0]).hex())
