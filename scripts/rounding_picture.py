"""Write docs/rounding.svg: what every rounding mode makes of the numbers around a 4-bit format, drawn from the code.

The format is OCP's E2M1: 0, 1/2, 1, 3/2, 2, 3, 4, 6 and their negatives, and beyond them the nearest of these. Every
breakpoint is a multiple of 1/4, so that each open interval between two such multiples is rounded to one number; its
midpoint tells which. At the multiples themselves a dot shows the value.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import click
import numpy as np

from precise import Dyadic, Special, float4_e2m1fn, round_to, rounded, stochastic
from precise.formats import all_values
from precise.modes import DETERMINISTIC, Rounding

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "rounding.svg"
REACH, CELL = 7, Fraction(1, 4)  # the picture shows [-REACH, REACH]
SIDE, MARGIN, COLUMNS = 210, 26, 4
SCALE = Fraction(SIDE - 2 * MARGIN + 16, 2 * REACH)
DRAWS = 4096
INK, PALE, LINE, DOT = "#1a1a1a", "#c8c8c8", "#0b5fa5", "#b0371e"


@dataclass(frozen=True)
class Step:
    """An interval, open at both ends, that is rounded to one value."""

    left: Fraction
    right: Fraction
    value: Fraction


def rounded_value(x: Fraction, mode: Rounding) -> Fraction:
    """Return x rounded to the format."""
    y = round_to(x, format=float4_e2m1fn, rounding=mode)
    return Fraction(0) if isinstance(y, Special) else y.to_fraction()


def breakpoints() -> list[Fraction]:
    """Return the multiples of a cell in the picture."""
    return [-REACH + CELL * k for k in range(int(2 * REACH / CELL) + 1)]


def steps(mode: Rounding) -> list[Step]:
    """Return the longest intervals on which the rounding function is constant."""
    found: list[Step] = []
    edges = breakpoints()
    for left, right in itertools.pairwise(edges):
        value = rounded_value((left + right) / 2, mode)
        joined = found and found[-1].value == value and rounded_value(left, mode) == value
        found[-1:] = [Step(found[-1].left, right, value)] if joined else [*found[-1:], Step(left, right, value)]
    return found


def jumps(mode: Rounding) -> list[tuple[Fraction, Fraction]]:
    """Return the points between two steps with their values."""
    return [(s.right, rounded_value(s.right, mode)) for s in steps(mode)[:-1]]


def shares(cells: int = 8) -> list[tuple[Step, Fraction]]:
    """Return pieces of the two lines next to each interval between members, with the share of draws that land there."""
    values = sorted({Fraction(0) if isinstance(v, Special) else v.to_fraction() for v in all_values(float4_e2m1fn)})
    xp = rounded(float4_e2m1fn, stochastic(seed=1))
    found = []
    for low, high in itertools.pairwise(values):
        for k in range(cells):
            left, right = (low + (high - low) * Fraction(j, cells) for j in (k, k + 1))
            middle = Dyadic.from_fraction((left + right) / 2).to_float()
            up = int(np.count_nonzero(xp.asarray(np.full(DRAWS, middle)).to_float64() == float(high)))
            found += [(Step(left, right, high), Fraction(up, DRAWS))]
            found += [(Step(left, right, low), Fraction(DRAWS - up, DRAWS))]
    return found


def at(x: Fraction, y: Fraction) -> tuple[str, str]:
    """Return the place of a point in its panel."""
    middle = Fraction(SIDE, 2)
    return f"{float(middle + x * SCALE):.2f}", f"{float(middle + 8 - y * SCALE):.2f}"


def segment(step: Step, opacity: Fraction = Fraction(1)) -> str:
    """Return the line of a step."""
    (x1, y), (x2, _) = at(step.left, step.value), at(step.right, step.value)
    faint = "" if opacity == 1 else f' opacity="{float(opacity):.2f}"'
    return f'<line x1="{x1}" y1="{y}" x2="{x2}" y2="{y}" stroke="{LINE}" stroke-width="2.4"{faint}/>'


def axes() -> list[str]:
    """Return the axes, the diagonal, and a mark for each member."""
    (left, middle), (right, _) = at(Fraction(-REACH), Fraction(0)), at(Fraction(REACH), Fraction(0))
    (centre, bottom), (_, top) = at(Fraction(0), Fraction(-REACH)), at(Fraction(0), Fraction(REACH))
    parts = [
        f'<line x1="{left}" y1="{middle}" x2="{right}" y2="{middle}" stroke="{PALE}"/>',
        f'<line x1="{centre}" y1="{bottom}" x2="{centre}" y2="{top}" stroke="{PALE}"/>',
        f'<line x1="{left}" y1="{bottom}" x2="{right}" y2="{top}" stroke="{PALE}" stroke-dasharray="2 3"/>',
    ]
    for member in (-6, -4, -2, 2, 4, 6):
        x, y = at(Fraction(member), Fraction(0))
        parts.append(f'<text x="{x}" y="{float(y) + 11:.2f}" font-size="8" text-anchor="middle">{member}</text>')
    return parts


def panel(mode: Rounding) -> list[str]:
    """Return one mode's panel."""
    title = f"{mode.code}: {mode.meaning}"
    parts = [f'<text x="{SIDE // 2}" y="14" font-size="11" text-anchor="middle">{title}</text>', *axes()]
    if mode.code == "SR":
        return parts + [segment(step, share) for step, share in shares() if share]
    parts += [segment(step) for step in steps(mode)]
    for x, value in jumps(mode):
        cx, cy = at(x, value)
        parts.append(f'<circle cx="{cx}" cy="{cy}" r="2.1" fill="{DOT}"/>')
    return parts


def picture() -> str:
    """Return the whole picture."""
    modes = [*DETERMINISTIC, stochastic(seed=1)]
    rows = -(-len(modes) // COLUMNS)
    width, height = COLUMNS * SIDE, rows * SIDE
    text = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="sans-serif" fill="{INK}" role="img">',
        "<title>The rounding function of each mode in the 4-bit format E2M1</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for k, mode in enumerate(modes):
        x, y = k % COLUMNS * SIDE, k // COLUMNS * SIDE
        text += [f'<g transform="translate({x} {y})">', *panel(mode), "</g>"]
    return "\n".join([*text, "</svg>"]) + "\n"


@click.command(help=__doc__)
@click.option("--output", type=click.Path(path_type=Path), default=PICTURE, help="Write the picture here.")
def main(output: Path) -> None:
    """Write the picture."""
    output.write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    main()
