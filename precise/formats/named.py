"""The named formats, and formats written as text (`bfloat16`, `p=11`, `paper:6`, `float(11,-14,15)`, `fixed(8,-7)`)."""

from __future__ import annotations

import difflib
import re
from typing import Final

from precise.dyadic import Dyadic
from precise.errors import FormatError
from precise.formats.families import FLUSH_SUFFIX, flushing, integer, p3109
from precise.formats.format import Fixed, Float, Format, paper_float, unbounded

# IEEE 754-2019, table 3.5.
binary16: Final = Float(11, -14, 15, name="binary16")
binary32: Final = Float(24, -126, 127, name="binary32")
binary64: Final = Float(53, -1022, 1023, name="binary64")
binary128: Final = Float(113, -16382, 16383, name="binary128")
binary256: Final = Float(237, -262142, 262143, name="binary256")
# The range of binary32 with fewer bits.
bfloat16: Final = Float(8, -126, 127, name="bfloat16")
tf32: Final = Float(11, -126, 127, name="tf32")
# OCP 8-bit floating point specification (OFP8), revision 1.0, table 1.
float8_e4m3fn: Final = Float(4, -6, 8, infinities=False, largest=Dyadic(448), name="float8_e4m3fn")
float8_e5m2: Final = Float(3, -14, 15, name="float8_e5m2")
# OCP microscaling formats (MX), version 1.0, section 5.3: neither infinities nor NaN; section 5.4.1: the scale.
float6_e3m2fn: Final = Float(3, -2, 4, infinities=False, nan=False, name="float6_e3m2fn")
float6_e2m3fn: Final = Float(4, 0, 2, infinities=False, nan=False, name="float6_e2m3fn")
float4_e2m1fn: Final = Float(2, 0, 2, infinities=False, nan=False, name="float4_e2m1fn")
float8_e8m0fnu: Final = Format(
    "float8_e8m0fnu", 1, -127, Dyadic(1, 127), Dyadic(1, -127), False, signed_zero=False, infinities=False, nan=True
)
# ml_dtypes: one zero and one NaN, at the code of -0; and the IEEE kind with 8 bits.
float8_e4m3fnuz: Final = Float(4, -7, 7, signed_zero=False, infinities=False, name="float8_e4m3fnuz")
float8_e5m2fnuz: Final = Float(3, -15, 15, signed_zero=False, infinities=False, name="float8_e5m2fnuz")
float8_e4m3b11fnuz: Final = Float(4, -10, 4, signed_zero=False, infinities=False, name="float8_e4m3b11fnuz")
float8_e4m3: Final = Float(4, -6, 7, name="float8_e4m3")
float8_e3m4: Final = Float(5, -2, 3, name="float8_e3m4")
# OCP microscaling formats, section 5.3.4, the element of MXINT8, without the number -2 that no positive one matches.
mxint8_element: Final = Fixed(8, -6, symmetric=True, name="mxint8_element")

_FLOATS: Final = (
    *(binary16, binary32, binary64, binary128, binary256, bfloat16, tf32),
    *(float8_e4m3fn, float8_e5m2, float8_e4m3, float8_e3m4),
    *(float8_e4m3fnuz, float8_e5m2fnuz, float8_e4m3b11fnuz),
    *(float6_e3m2fn, float6_e2m3fn, float4_e2m1fn, float8_e8m0fnu),
    *(p3109(8, p) for p in (3, 4)),
)
_FIXED: Final = (*(integer(k) for k in (4, 8, 16, 32)), *(integer(k, signed=False) for k in (4, 8)), mxint8_element)

NAMED: Final[dict[str, Format]] = {f.name: f for f in (*_FLOATS, *_FIXED)}

ALIASES: Final[dict[str, str]] = {
    "float16": "binary16",
    "fp16": "binary16",
    "half": "binary16",
    "float32": "binary32",
    "fp32": "binary32",
    "single": "binary32",
    "float64": "binary64",
    "fp64": "binary64",
    "double": "binary64",
    "float128": "binary128",
    "fp128": "binary128",
    "quad": "binary128",
    "bf16": "bfloat16",
    "e4m3fn": "float8_e4m3fn",
    "e4m3": "float8_e4m3fn",
    "e5m2": "float8_e5m2",
    "e3m4": "float8_e3m4",
    "e4m3fnuz": "float8_e4m3fnuz",
    "e5m2fnuz": "float8_e5m2fnuz",
    "e4m3b11fnuz": "float8_e4m3b11fnuz",
    "e3m2": "float6_e3m2fn",
    "e3m2fn": "float6_e3m2fn",
    "e2m3": "float6_e2m3fn",
    "e2m3fn": "float6_e2m3fn",
    "e2m1": "float4_e2m1fn",
    "e2m1fn": "float4_e2m1fn",
    "fp4": "float4_e2m1fn",
    "e8m0": "float8_e8m0fnu",
    "e8m0fnu": "float8_e8m0fnu",
}

#: How families of formats are written.
FAMILIES: Final[dict[str, str]] = {
    "p=N, p=N..M": "precision N, unbounded exponents",
    "paper:N": "the papers' floats F_N",
    "float(p,emin,emax)": "IEEE-like, with subnormals, infinities, NaN",
    "fixed(k,q), ufixed(k,q), fixed(k,q,symmetric)": "k bits, quantum 2^q",
    "intK, uintK": "integers of K bits",
    "binaryKpP + s or u + e or f": "IEEE P3109: signed or unsigned, extended or finite",
    "NAME-ftz": "flush to zero below the least normal number",
}

_PRECISION: Final = re.compile(r"p=(\d{1,18})(?:\.\.(\d{1,18}))?")
_PAPER: Final = re.compile(r"paper:(\d{1,18})(?:\.\.(\d{1,18}))?")
_CALL: Final = re.compile(r"(float|fixed|ufixed)\(([^()]*)\)")
_P3109: Final = re.compile(r"(?:p3109_k|binary)(\d{1,18})p(\d{1,18})([su])([ef])")
_INTEGER: Final = re.compile(r"(u?)int(\d{1,18})")
_WIDEST_RANGE: Final = 256


def parse_format(text: Format | str) -> Format:
    """Return the format that `text` names; a format returns itself.

    Special cases
    -------------
    Names and aliases ignore case: `bfloat16`, `bf16`, `fp16`, `E4M3FN`. `p=11` has unbounded exponents.
    `paper:6` is `paper_float(6)`. `float(p,emin,emax)` and `fixed(k,q)`, `ufixed(k,q)`, `fixed(k,q,symmetric)` take
    integers. `int8` and `uint4` are integers, `binary8p3se` is `p3109(8, 3)`, and a name that ends in `-ftz` is that
    of the format with subnormals flushed to zero.

    Examples
    --------
    >>> parse_format("E4M3FN").largest == 448
    True
    >>> parse_format("bf16-ftz").smallest_positive
    Dyadic(1, -126)
    """
    if isinstance(text, Format):
        return text
    if not isinstance(text, str):
        raise FormatError(f"format: argument must be a Format or a name; got {text!r}")
    found = parse_formats(text)
    if len(found) != 1:
        raise FormatError(f"format: one format must be named; got {len(found)} in {text!r}")
    return found[0]


def parse_formats(text: str) -> list[Format]:
    """Return the formats of a comma-separated list; `p=11..24` and `paper:2..5` stand for a range each."""
    if text.count("(") != text.count(")"):
        raise FormatError(f"format: each parenthesis must have its partner, as in float(p,emin,emax); got {text!r}")
    parts = [part.strip() for part in re.split(r",(?![^(]*\))", text)]
    if not all(parts):
        raise FormatError(f"format: a name must stand between commas; got {text!r}")
    return [fmt for part in parts for fmt in _parse_part(part)]


def _parse_part(text: str) -> list[Format]:
    """Return the one format, or the range of formats, that a part of a list names."""
    key = text.lower().replace(" ", "")
    if key.endswith(FLUSH_SUFFIX):
        return [flushing(fmt) for fmt in _parse_part(key.removesuffix(FLUSH_SUFFIX))]
    key = ALIASES.get(key, key)
    if key in NAMED:
        return [NAMED[key]]
    for pattern, build in ((_PRECISION, unbounded), (_PAPER, paper_float)):
        if match := pattern.fullmatch(key):
            first, last = int(match[1]), int(match[2] or match[1])
            if last < first or last - first >= _WIDEST_RANGE:
                raise FormatError(f"format: a range must ascend over at most {_WIDEST_RANGE} values; got {text!r}")
            return [build(p) for p in range(first, last + 1)]
    if match := _CALL.fullmatch(key):
        return [_parse_call(match[1], match[2], text)]
    if match := _P3109.fullmatch(key):
        return [p3109(int(match[1]), int(match[2]), signed=match[3] == "s", extended=match[4] == "e")]
    if match := _INTEGER.fullmatch(key):
        return [integer(int(match[2]), signed=not match[1])]
    near = difflib.get_close_matches(key, [*NAMED, *ALIASES], 1)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join((*NAMED, *FAMILIES))}"
    raise FormatError(f"format: unknown name {text!r}; {hint}")


def _parse_call(head: str, arguments: str, text: str) -> Format:
    """Return the format of `float(...)`, `fixed(...)` or `ufixed(...)`."""
    words = arguments.split(",")
    symmetric = head == "fixed" and words[-1] == "symmetric"
    try:
        numbers = [int(a) for a in words[: len(words) - symmetric]]
    except ValueError:
        raise FormatError(f"format: arguments must be integers; got {text!r}") from None
    if len(numbers) != (3 if head == "float" else 2):
        raise FormatError(f"format: write float(p,emin,emax), fixed(k,q) or ufixed(k,q); got {text!r}")
    if head == "float":
        return Float(*numbers)
    return Fixed(*numbers, signed=head == "fixed", symmetric=symmetric)
