"""Formats: sets of numbers, their members and their codes."""

from precise.formats.encoding import decode, encode, width
from precise.formats.format import Fixed, Float, Format, paper_float, unbounded
from precise.formats.named import (
    ALIASES,
    NAMED,
    bfloat16,
    binary16,
    binary32,
    binary64,
    float8_e4m3fn,
    float8_e5m2,
    parse_format,
    parse_formats,
    tf32,
)
from precise.formats.values import all_values, negate, next_down, next_up, ulp

__all__ = [
    "ALIASES",
    "NAMED",
    "Fixed",
    "Float",
    "Format",
    "all_values",
    "bfloat16",
    "binary16",
    "binary32",
    "binary64",
    "decode",
    "encode",
    "float8_e4m3fn",
    "float8_e5m2",
    "negate",
    "next_down",
    "next_up",
    "paper_float",
    "parse_format",
    "parse_formats",
    "tf32",
    "ulp",
    "unbounded",
    "width",
]
