"""The named formats, and formats written as text (`bfloat16`, `p=11`, `paper:6`, `float(11,-14,15)`, `fixed(8,-7)`)."""

from __future__ import annotations

import difflib
import re
from typing import Final

from precise.dyadic import Dyadic
from precise.errors import FormatError
from precise.formats.format import Fixed, Float, Format, paper_float, unbounded

binary16: Final = Float(11, -14, 15, name="binary16")
binary32: Final = Float(24, -126, 127, name="binary32")
binary64: Final = Float(53, -1022, 1023, name="binary64")
bfloat16: Final = Float(8, -126, 127, name="bfloat16")
tf32: Final = Float(11, -126, 127, name="tf32")
# OCP 8-bit floating point specification (OFP8), revision 1.0, table 1.
float8_e4m3fn: Final = Float(4, -6, 8, infinities=False, largest=Dyadic(448), name="float8_e4m3fn")
float8_e5m2: Final = Float(3, -14, 15, name="float8_e5m2")

NAMED: Final[dict[str, Format]] = {
    f.name: f for f in (binary16, binary32, binary64, bfloat16, tf32, float8_e4m3fn, float8_e5m2)
}

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
    "bf16": "bfloat16",
    "e4m3fn": "float8_e4m3fn",
    "e4m3": "float8_e4m3fn",
    "e5m2": "float8_e5m2",
}

_PRECISION: Final = re.compile(r"p=(\d{1,18})(?:\.\.(\d{1,18}))?")
_PAPER: Final = re.compile(r"paper:(\d{1,18})(?:\.\.(\d{1,18}))?")
_CALL: Final = re.compile(r"(float|fixed|ufixed)\(([^()]*)\)")
_WIDEST_RANGE: Final = 256


def parse_format(text: Format | str) -> Format:
    """Return the format that `text` names; a format returns itself.

    Special cases
    -------------
    Names and aliases ignore case: `bfloat16`, `bf16`, `fp16`, `E4M3FN`. `p=11` has unbounded exponents.
    `paper:6` is `paper_float(6)`. `float(p,emin,emax)` and `fixed(k,q)`, `ufixed(k,q)` take integers.

    Examples
    --------
    >>> parse_format("E4M3FN").largest == 448
    True
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
    known = [*NAMED, *ALIASES]
    near = difflib.get_close_matches(key, known, 1)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(NAMED)}, p=N, paper:N, float(p,emin,emax)"
    raise FormatError(f"format: unknown name {text!r}; {hint}")


def _parse_call(head: str, arguments: str, text: str) -> Format:
    """Return the format of `float(...)`, `fixed(...)` or `ufixed(...)`."""
    try:
        numbers = [int(a) for a in arguments.split(",")]
    except ValueError:
        raise FormatError(f"format: arguments must be integers; got {text!r}") from None
    if len(numbers) != (3 if head == "float" else 2):
        raise FormatError(f"format: write float(p,emin,emax), fixed(k,q) or ufixed(k,q); got {text!r}")
    return Float(*numbers) if head == "float" else Fixed(*numbers, signed=head == "fixed")
