"""Enclosures by two codes: Arb balls, confirmed by intervals of doubles, and Sollya's certified sup norms.

A formula is written once, with operators and a function handed in, and evaluated by each code on each cell of a
box. Balls and intervals are compared as they are: an end is taken exactly, and an infinite radius tells nothing.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module, metadata
from importlib.util import find_spec
from math import inf, nextafter
from typing import Any, TypeAlias

from precise.errors import MissingToolError, UndecidedError

Number: TypeAlias = Any
"""A ball of Arb or an interval of pyintval; both have +, -, *, / and integer powers."""
Cell = tuple[Fraction, Fraction]
Ends = tuple[Fraction, Fraction]
DEPTH = 40
"""How often a cell is halved."""


@dataclass(frozen=True, slots=True)
class Code:
    """An enclosure code: how a cell becomes a number, which functions it has, and the exact ends of a number."""

    name: str
    version: str
    number: Callable[[Cell], Number]
    function: Callable[[str, Number], Number]
    ends: Callable[[Number], Ends]


def arb(bits: int) -> Code:
    """Return Arb at a precision."""
    flint: Any = import_module("flint")

    def at_precision(work: Callable[[], Number]) -> Number:
        before = flint.ctx.prec
        flint.ctx.prec = bits
        try:
            return work()
        finally:
            flint.ctx.prec = before

    def point(x: Fraction) -> Number:
        return flint.arb(flint.fmpq(x.numerator, x.denominator))

    def number(cell: Cell) -> Number:
        return at_precision(lambda: point(cell[0]).union(point(cell[1])))

    def function(name: str, x: Number) -> Number:
        return at_precision(lambda: getattr(x, name)())

    def ends(x: Number) -> Ends:
        if not x.is_finite():
            raise UndecidedError("Arb: the ball must be finite; got no information")
        parts = (x.mid().man_exp(), x.rad().man_exp())
        middle, radius = (Fraction(int(m)) * Fraction(2) ** int(e) for m, e in parts)
        return middle - radius, middle + radius

    return Code("Arb through python-flint", metadata.version("python-flint"), number, function, ends)


def intervals() -> Code:
    """Return intervals of doubles with outward rounding; `MissingToolError` where pyintval is not installed."""
    if find_spec("pyintval") is None:
        raise MissingToolError("enclosure: pyintval must be installed to confirm it; got nothing")
    module: Any = import_module("pyintval")

    def number(cell: Cell) -> Number:
        return module.Interval(double_near(cell[0], -1), double_near(cell[1], 1))

    def ends(x: Number) -> Ends:
        if x.is_empty or x.lo == -inf or x.hi == inf:
            raise UndecidedError("pyintval: the interval must be finite; got no information")
        return Fraction(x.lo), Fraction(x.hi)

    def function(name: str, x: Number) -> Number:
        return getattr(module, name)(x)

    return Code("pyintval", metadata.version("pyintval"), number, function, ends)


Formula: TypeAlias = Callable[[Code, Number], Number]


def double_near(x: Fraction, side: int) -> float:
    """Return a double on one side of x, or x itself where it is a double."""
    nearest = float(x)
    wrong = Fraction(nearest) > x if side < 0 else Fraction(nearest) < x
    return nextafter(nearest, side * inf) if wrong else nearest


def exactly(code: Code, x: Fraction | int) -> Number:
    """Return an enclosure of a constant, however long."""
    return code.number((Fraction(x), Fraction(x)))


def cover(code: Code, formula: Formula, box: Cell, limit: Fraction) -> tuple[int, Cell | None]:
    """Return how many cells show that the formula is at most the limit on the box, and a cell against it, if any.

    A cell whose upper end exceeds the limit is halved. A cell whose lower end does is against it. The halving ends
    with `UndecidedError` after `DEPTH` levels.
    """
    cells, waiting = 0, deque([(box, 0)])
    while waiting:
        cell, depth = waiting.popleft()
        cells += 1
        low, high = code.ends(formula(code, code.number(cell)))
        if low > limit:
            return cells, cell
        if high > limit:
            if depth == DEPTH:
                raise UndecidedError(f"{code.name}: {DEPTH} halvings must decide; got a cell at {cell[0]}")
            middle = (cell[0] + cell[1]) / 2
            waiting += [((cell[0], middle), depth + 1), ((middle, cell[1]), depth + 1)]
    return cells, None


SUP_NORM = re.compile(r"\[(\S+);(\S+)\]")


def sollya(script: str, *options: str) -> str:
    """Return what Sollya prints for a script; `MissingToolError` where it is not installed."""
    program = shutil.which("sollya")
    if program is None:
        raise MissingToolError("enclosure: sollya must be installed to confirm it; got nothing")
    command = [program, "--warnonstderr", *options]
    run = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
    return run.stdout or run.stderr


def sollya_version() -> str:
    """Return the version of Sollya."""
    found = re.search(r"sollya (\S+)", sollya("", "--version"))
    return found[1] if found else "unknown"


def sup_norm(polynomial: str, function: str, low: Fraction, high: Fraction, bits: int) -> Ends:
    """Return Sollya's certified enclosure of the sup norm of polynomial/function - 1 on an interval."""
    box = f"[{low.numerator}/{low.denominator};{high.numerator}/{high.denominator}]"
    printed = sollya(
        f"prec={bits}!;display=dyadic!;\nprint(supnorm({polynomial},{function},{box},relative,2^(-12)));\n"
    )
    found = SUP_NORM.search(printed)
    if found is None:
        raise UndecidedError(f"sollya: must give an enclosure; got {printed.strip()[:200]!r}")
    return dyadic(found[1]), dyadic(found[2])


def dyadic(word: str) -> Fraction:
    """Return the number that Sollya prints as an integer, or as an integer, b and a power of two."""
    significand, _, exponent = word.partition("b")
    return Fraction(int(significand)) * Fraction(2) ** int(exponent or 0)
