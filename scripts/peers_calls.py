"""What each package answers to the inputs of tests/vectors/peers.toml, asked in its own words.

A package that is not installed, or that nobody can install from a registry, raises `NotOfferedError`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from types import ModuleType

import numpy as np
from bench_measure import NotOfferedError
from bench_peers import APY_MODES, CHOP_MODES, load
from oracles.mpfr import canonical

from precise import Format, parse_format

Row = dict[str, object]
Ask = Callable[[Row], object]
ML_TYPES = {"bfloat16": "bfloat16", "float8_e5m2": "float8_e5m2", "float8_e4m3fn": "float8_e4m3fn"}
ML_TYPES |= {"float(4,-6,7)": "float8_e4m3"}
TORCH_TYPES = {"binary16": "float16", "binary32": "float32", "bfloat16": "bfloat16", "float8_e5m2": "float8_e5m2"}
TORCH_TYPES |= {"float8_e4m3fn": "float8_e4m3fn"}
PYCHOP_BLOCKS = {"mxfp8_e4m3": "mxfp8_e4m3", "mxfp4": "mxfp4_e2m1"}
BLOCK, DRAWS = 32, 4000


def literal(text: str) -> float:
    """Return a sum of literals that binary64 holds, as the vector files write numbers."""
    terms = [float.fromhex(t) if "0x" in t else float(t) for t in text.split(" + ")]
    return math.fsum(terms)


def arguments(row: Row) -> list[float]:
    """Return the inputs of a row."""
    x = row["x"]
    return [literal(t) for t in ([x] if isinstance(x, str) else x)]


def bits(fmt: Format) -> tuple[int, int]:
    """Return the widths of the exponent field and of the trailing significand; 11 bits stand for no bounds."""
    assert fmt.p is not None
    return (11 if fmt.emax is None else fmt.emax.bit_length() + 1), fmt.p - 1


def ml_dtypes(row: Row) -> float:
    """Return ml_dtypes' conversion."""
    kind = getattr(load("ml_dtypes"), ML_TYPES[str(row["format"])])
    return float(np.array(arguments(row)).astype(kind)[0])


def torch(row: Row) -> float:
    """Return torch's conversion, or its function."""
    module = load("torch")
    kind = getattr(module, TORCH_TYPES[str(row["format"])])
    held = module.tensor(arguments(row), dtype=module.float64).to(kind)
    return float((getattr(module, str(row["name"]))(held) if "name" in row else held).to(module.float64)[0])


def pychop(row: Row) -> object:
    """Return pychop's `Chop`, one of its functions on an array that starts with 1, or its block format."""
    module = load("pychop")
    if "element" in row:
        return [float(v) for v in module.mx_quantize(padded(row), format=PYCHOP_BLOCKS[str(row["name"])])[:2]]
    chop = module.Chop(*bits(parse_format(str(row["format"]))), rmode=CHOP_MODES[str(row["mode"])])
    columns = [np.array([1.0, x]) for x in arguments(row)]
    if "name" not in row:
        return float(chop(columns[0])[1])
    return float(getattr(module, str(row["name"]))(*columns, chop)[1])


def padded(row: Row) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return a block's elements, with zeros after them."""
    x = arguments(row)
    return np.array(x + [0.0] * (BLOCK - len(x)))


def gfloat(row: Row) -> float:
    """Return gfloat's scalar rounding; `round_ndarray` is right on the same input."""
    module, formats = load("gfloat"), load("gfloat.formats")
    info = getattr(formats, f"format_info_{row['format']}")
    return float(module.round_float(info, arguments(row)[0], module.RoundMode.TiesToAway))


def apytypes(row: Row) -> float:
    """Return apytypes' cast of a binary64 number; of a stochastic one the share that went up."""
    module = load("apytypes")
    wide = module.APyFloat.from_float(arguments(row)[0], 11, 52)
    width = bits(parse_format(str(row["format"])))
    if "high" not in row:
        mode = getattr(module.QuantizationMode, APY_MODES[str(row["mode"])])
        return float(wide.cast(*width, quantization=mode))
    mode = module.QuantizationMode.STOCH_WEIGHTED
    up = sum(float(wide.cast(*width, quantization=mode)) == literal(str(row["high"])) for _ in range(DRAWS))
    return up / DRAWS


def numpy(row: Row) -> float:
    """Return NumPy's function in its float16."""
    return float(getattr(np, str(row["name"]))(np.array(arguments(row), dtype=np.float16))[0])


def host_then_gfloat(row: Row) -> float:
    """Return NumPy's binary64 function, and then gfloat's array rounding, which is right."""
    module, formats = load("gfloat"), load("gfloat.formats")
    value = getattr(np, str(row["name"]))(np.array(arguments(row)))
    info = getattr(formats, f"format_info_{row['format']}")
    return float(module.round_ndarray(info, value, module.RoundMode.TowardPositive)[0])


def mpmath(row: Row) -> float:
    """Return mpmath's function at 53 bits."""
    module = load("mpmath")
    return float(getattr(module, str(row["name"]))(module.mpf(arguments(row)[0]), prec=53))


def qtorch(row: Row) -> float:
    """Return qtorch's quantizer, to nearest."""
    module, quant = load("torch"), load_qtorch()
    exponent, fraction = bits(parse_format(str(row["format"])))
    return float(quant.float_quantize(module.tensor(arguments(row)), exponent, fraction, rounding="nearest")[0])


def load_qtorch() -> ModuleType:
    """Return qtorch's quantizers, which are compiled when they are first imported."""
    try:
        return load("qtorch.quant")
    except (OSError, RuntimeError):
        raise NotOfferedError("installed, but it did not compile") from None


def torchao(row: Row) -> list[float]:
    """Return torchao's MX block, dequantized in binary64."""
    module, mx = load("torch"), load("torchao.prototype.mx_formats.mx_tensor")
    scale, data = mx.to_mx(module.tensor(padded(row), dtype=module.float32), module.float8_e4m3fn, BLOCK)
    exponent = int(scale.view(module.uint8)[0]) - 127
    return [math.ldexp(float(v), exponent) for v in data[:2].to(module.float64)]


def quaddtype(row: Row) -> object:
    """Return numpy-quaddtype's function, exactly, as a fraction's odd significand and exponent."""
    module = load("numpy_quaddtype")
    name = {"atan": "arctan"}.get(str(row["name"]), str(row["name"]))
    value = getattr(np, name)(np.array(arguments(row)).astype(module.QuadPrecDType()))[0]
    n, d = value.as_integer_ratio()
    return canonical(int(n), 1 - int(d).bit_length())


ASK: dict[str, Ask] = {
    "ml_dtypes": ml_dtypes,
    "torch": torch,
    "pychop": pychop,
    "gfloat": gfloat,
    "apytypes": apytypes,
    "NumPy": numpy,
    "NumPy, then gfloat": host_then_gfloat,
    "mpmath": mpmath,
    "qtorch": qtorch,
    "torchao": torchao,
    "numpy-quaddtype": quaddtype,
}
MODULES = {"NumPy": "numpy", "NumPy, then gfloat": "gfloat", "numpy-quaddtype": "numpy_quaddtype"}


def answer(package: str, row: Row) -> object:
    """Return a package's answer: a number, two of a block, the name of an error, or `NotOfferedError`."""
    if package not in ASK:
        raise NotOfferedError("not run here")
    load(MODULES.get(package, package))
    try:
        return ASK[package](row)
    except NotOfferedError:
        raise
    except ImportError:
        raise NotOfferedError("not run here") from None
    except Exception as error:
        return type(error).__name__


def versions(packages: Sequence[str]) -> dict[str, str]:
    """Return the versions of the packages that are installed."""
    from bench_peers import version_of

    found = {p: version_of(MODULES.get(p, p)) for p in packages}
    return {p: v for p, v in found.items() if v is not None}
