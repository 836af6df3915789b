"""Largest or least of n floats, and the choice between two: every pair is compared, and the winner's bits pass."""

from __future__ import annotations

from collections.abc import Sequence

from precise.circuits.builder import Builder
from precise.circuits.compare import less_equal
from precise.circuits.floats import FloatWires, Layout
from precise.circuits.form import Form, Word, total
from precise.modes import Rounding


def float_max(b: Builder, floats: Sequence[FloatWires], layout: Layout, rounding: Rounding) -> FloatWires:
    """Return the largest of the floats; nothing is rounded."""
    return _extremum(b, floats, largest=True)


def float_min(b: Builder, floats: Sequence[FloatWires], layout: Layout, rounding: Rounding) -> FloatWires:
    """Return the least of the floats; nothing is rounded."""
    return _extremum(b, floats, largest=False)


def _extremum(b: Builder, floats: Sequence[FloatWires], *, largest: bool) -> FloatWires:
    """Return the first of the floats that no other one beats."""
    with b.stage("compare"):
        beaten_by = {
            (i, j): less_equal(b, floats[j], floats[i]) if largest else less_equal(b, floats[i], floats[j])
            for i in range(len(floats))
            for j in range(len(floats))
            if i != j
        }  # (i, j): j does not beat i
    with b.stage("first winner"):
        wins = [
            b.all_of(*(beaten_by[i, j] if j > i else 1 - beaten_by[j, i] for j in range(len(floats)) if j != i))
            for i in range(len(floats))
        ]
        b.exact(total(wins), "one winner", low=1)
    with b.stage("pass"):
        bits = zip(*(x.bits for x in floats), strict=True)
        chosen = tuple(total(b.all_of(win, bit) for win, bit in zip(wins, column, strict=True)) for column in bits)
    return _wires(chosen, len(floats[0].significand))


def float_select(b: Builder, condition: Form, x: FloatWires, y: FloatWires) -> FloatWires:
    """Return `x` where the condition holds, else `y`."""
    chosen = tuple(b.all_of(condition, s) + b.all_of(1 - condition, t) for s, t in zip(x.bits, y.bits, strict=True))
    return _wires(chosen, len(x.significand))


def float_negative(b: Builder, x: FloatWires, layout: Layout) -> FloatWires:
    """Return `-x`; zero keeps its sign bit 0."""
    return FloatWires(b.gate(total(x.significand) - x.sign * layout.p), x.significand, x.field)


def float_abs(b: Builder, x: FloatWires, layout: Layout) -> FloatWires:
    """Return `|x|`, which costs no gate."""
    return FloatWires(x.sign - x.sign, x.significand, x.field)


def _wires(bits: Word, p: int) -> FloatWires:
    """Return the float with these bits, in the order of a code."""
    return FloatWires(bits[-1], bits[:p], bits[p:-1])
