"""Read vector files: numbers are sums of literals, hexadecimal or decimal, or a special."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from pathlib import Path

from oracles.integers import Spec, Value
from oracles.named import NAMED, paper, small, unbounded

FOLDER = Path(__file__).parent.parent / "vectors"
SPECIALS = {"inf": "+inf", "-inf": "-inf", "nan": "nan", "-0": "-0"}


def literal(text: str) -> Fraction:
    """Return one literal exactly."""
    if "0x" not in text:
        return Fraction(text)
    significand, exponent = text.replace("0x", "").split("p")
    whole, _, part = significand.partition(".")
    sign = -1 if whole.startswith("-") else 1
    digits = int(whole.lstrip("-") + part, 16)
    return sign * Fraction(digits, 16 ** len(part)) * Fraction(2) ** int(exponent)


def number(text: str) -> Value:
    """Return a sum of literals, or a special."""
    if text in SPECIALS:
        return SPECIALS[text]
    return sum((literal(t) for t in text.split(" + ")), Fraction(0))


def spec_of(name: str) -> Spec:
    """Return the plain numbers of a format name in a vector file."""
    if name in NAMED:
        return NAMED[name]
    if name.startswith("p="):
        return unbounded(int(name.removeprefix("p=")))
    if name.startswith("paper:"):
        return paper(int(name.removeprefix("paper:")))
    p, emin, emax = (int(t) for t in name.removeprefix("float(").rstrip(")").split(","))
    return small(p, emin, emax)


def read(name: str) -> dict[str, list[dict]]:
    """Return the tables of a vector file."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
