"""Connection functions of many floats: inputs, the largest or least of n, choice, negation.

A bit of float i has the place `i | bit`; the stride exceeds significand and field together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from precise.circuits.connection_blocks import NOTHING, complement, output, where
from precise.circuits.connection_lanes import (
    Gathered,
    Grid,
    View,
    ascending_pairs_of,
    first_of_pair,
    last_carries,
    second_of_pair,
)
from precise.circuits.connection_pack import Shape, float_inputs
from precise.circuits.connection_plan import Plan, Term, at_first, fixed
from precise.circuits.connection_runs import Run, point
from precise.circuits.connection_words import Affine, Line, Signal, Total, Word


@dataclass(frozen=True, slots=True)
class FloatVector:
    """n floats: the places of significands and fields are `i | bit`, those of signs i."""

    grid: Grid
    shape: Shape
    significand: Line
    field: Line
    sign: Line

    @property
    def magnitude(self) -> Word:
        """Significand and field of every float as one number."""
        return Affine(self.grid.length, ((1, self.significand, 0), (1, self.field, -self.shape.p)))


def float_vector(plan: Plan, shape: Shape, n: int) -> FloatVector:
    """Return n floats of inputs, and let the plan list them float by float."""
    p, w = shape.p, shape.w
    grid = Grid((p + w).bit_length(), n, lambda i: i < n, n)
    significand, field = (
        Line(plan.inputs_in(f"x: {name}", grid.length, grid.span(width), n * width), grid.length)
        for name, width in (("significand", p), ("field", w))
    )
    sign = plan.inputs_of("x: sign", n)

    def by_float() -> Iterator[Signal]:
        for i in range(n):
            yield from ((significand.kind, grid.at(i, j), 0) for j in range(p))
            yield from ((field.kind, grid.at(i, j), 0) for j in range(w))
            yield sign.kind, i, 0

    plan.arranged = by_float
    return FloatVector(grid, shape, significand, field, sign)


def vector_size(shape: Shape, n: int) -> int:
    """Return a number that no field of an address exceeds in plans over pairs of n floats."""
    return 1 << (2 * (n - 1).bit_length() + (shape.p + shape.w).bit_length())


def extremum_plan(shape: Shape, n: int, *, largest: bool = True) -> Plan:
    """Return the family of the largest, or least, of n floats: six levels; of equal ones the first passes."""
    plan = Plan(vector_size(shape, n))
    x = float_vector(plan, shape, n)
    size = (n - 1).bit_length()
    grid = ascending_pairs_of(n, x.grid.bits)
    width = shape.p + shape.w
    early, late = first_of_pair(x.magnitude, grid, size), second_of_pair(x.magnitude, grid, size)
    mask = (1 << size) - 1

    def holds(lane: int) -> tuple[int, int]:
        return (0, 1) if grid.holds(lane) else (0, 0)

    # The early one beats the late one: late <= early for the largest, early <= late for the least.
    small, big = (late, early) if largest else (early, late)
    small_first = not largest
    above = last_carries(plan, "small above", small, big, grid, width)
    below = last_carries(plan, "big above", big, small, grid, width)

    def sign_of(first: bool) -> Word:
        """Return the word of the signs of the early or late ones, by lane."""
        return View(x.sign, grid.lanes, lambda lane: lane >> size if first else lane & mask)

    small_sign, big_sign = sign_of(small_first), sign_of(not small_first)
    plus, minus = complement(small_sign), complement(big_sign)

    def case(name: str, *words: Word) -> int:
        """Add the AND of bits of every lane."""
        terms: tuple[Term, ...] = tuple((word, at_first) for word in words)
        return plan.gates_of(name, (0, grid.lanes), terms, lambda a, b: len(words), span=holds, count=grid.count)

    cases = (
        case("both positive", plus, minus, below),
        case("signs differ", small_sign, minus),
        case("both negative", small_sign, big_sign, above),
    )
    beats: list[Term] = []
    for kind in cases:
        ahead = Gathered(kind, n, lambda lane, _: lane >> size, lambda i: ((i << size | k, 0) for k in range(i + 1, n)))
        behind = Gathered(kind, n, lambda lane, _: lane & mask, lambda k: ((i << size | k, 0) for i in range(k)))
        beats += [(ahead, at_first), (behind, lambda a, b: point(a, -1))]
    wins = plan.gate_word("wins", n, beats, lambda a, b: n - 1 - a)
    passed = [_passed(plan, x, word, wins, width) for word, width in ((x.significand, shape.p), (x.field, shape.w))]
    sign = plan.gate_word("sign passes", n, ((wins, at_first), (x.sign, at_first)), lambda a, b: 2)
    words = (*passed, Total(sign, Run(0, n)))
    return plan.results_are(*(output(plan, word, f"output {i}") for i, word in enumerate(words)))


def _passed(plan: Plan, x: FloatVector, word: Line, wins: Word, width: int) -> Word:
    """Return the bits of the winner: one level."""
    grid = x.grid
    number = plan.gates_of(
        f"{plan.kinds[word.kind].name} passes",
        (0, grid.length),
        ((wins, lambda a, b: point(grid.split(a)[0])), (word, at_first)),
        lambda a, b: 2,
        span=grid.span(width),
        count=grid.count * width,
    )
    return Gathered(
        number, width, lambda place, _: grid.split(place)[1], lambda j: ((grid.at(i, j), 0) for i in range(grid.lanes))
    )


def select_plan(shape: Shape) -> Plan:
    """Return the family of the choice between two floats by a bit: two levels."""
    plan = Plan(shape.p + shape.w)
    condition = plan.inputs_of("condition", 1)
    x, y = float_inputs(plan, "x", shape), float_inputs(plan, "y", shape)
    chosen = (
        where(plan, name, condition, s, t)
        for name, s, t in zip(("significand", "field", "sign"), x.in_order, y.in_order, strict=True)
    )
    return plan.results_are(*[output(plan, word, f"output {i}") for i, word in enumerate([*chosen])])


def negative_plan(shape: Shape) -> Plan:
    """Return the family of the negation: one level; the sign of zero stays 0, other bits go through."""
    p = shape.p
    plan = Plan(p + shape.w)
    x = float_inputs(plan, "x", shape)
    terms: tuple[Term, ...] = ((x.significand, lambda a, b: Run(0, p)), (x.sign, fixed(0, -p)))
    sign = plan.gate_word("sign", 1, terms, lambda a, b: 1)
    return plan.results_are(x.significand, x.field, sign)


def abs_plan(shape: Shape) -> Plan:
    """Return the family of the absolute value: bits go through, and the sign is a gate that is never 1."""
    plan = Plan(shape.p + shape.w)
    x = float_inputs(plan, "x", shape)
    never = plan.gate_word("sign", 1, ((NOTHING, fixed(0)),), lambda a, b: 1)
    return plan.results_are(x.significand, x.field, never)
