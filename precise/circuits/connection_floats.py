"""Connection functions of floats: comparison, sum, product and floor, to nearest even.

Plans before folding, composed of the blocks that the builder's constructions are composed of. With `tight` and
`Shape.as_built` what `assemble` makes of them is the built circuit, gate by gate. The default has powers of two for
sizes and a gate for every threshold: same function, same depth, and every query takes O(1) word operations.
"""

from __future__ import annotations

from precise.circuits.connection_blocks import (
    NOTHING,
    add,
    all_of,
    at_least,
    bit_of,
    complement,
    equal_to,
    exclusive_or,
    increment,
    output,
    part,
    shift_right,
    subtract,
    sum_of,
    where,
)
from precise.circuits.connection_counts import Mask
from precise.circuits.connection_pack import FloatWords, MagnitudeWords, Shape, float_inputs, pack
from precise.circuits.connection_plan import Plan, Term, at_first, fixed
from precise.circuits.connection_runs import Law, Run, ones, point
from precise.circuits.connection_sums import add_columns, block_places, multiply
from precise.circuits.connection_words import Affine, Constant, Joined, Line, Total, Word

GUARD = 3
"""Bits below the last place: two guard bits and the sticky bit."""


def less_equal_plan(shape: Shape) -> Plan:
    """Return the family of `x <= y`: four levels."""
    plan = Plan(shape.p + shape.w)
    x, y = float_inputs(plan, "x", shape), float_inputs(plan, "y", shape)
    above = at_least(plan, "x above", x.magnitude, y.magnitude)
    below = at_least(plan, "y above", y.magnitude, x.magnitude)
    plus, minus = complement(x.sign), complement(y.sign)
    cases = (
        all_of(plan, "both positive", plus, minus, below),
        all_of(plan, "signs differ", x.sign, minus),
        all_of(plan, "both negative", x.sign, y.sign, above),
    )
    return plan.results_are(output(plan, sum_of(*cases)))


def add_plan(shape: Shape, *, minus: bool = False) -> Plan:
    """Return the family of x + y, or of x - y: twelve levels."""
    p, w = shape.p, shape.w
    plan = Plan(2 * (p + w) + 8)
    x, y = float_inputs(plan, "x", shape), float_inputs(plan, "y", shape)
    if minus:
        y = FloatWords(complement(y.sign), y.significand, y.field)
    down = subtract(plan, "exponents, x - y", x.field, y.field, w)
    up = subtract(plan, "exponents, y - x", y.field, x.field, w)
    first, last = down.carry, complement(down.carry)
    near_x = equal_to(plan, "x ahead by d", down.bits, (0, p + 2), first)
    near_y = equal_to(plan, "y ahead by d", up.bits, (1, p + 2), last)
    far_x = Affine(1, ((1, first, 0), (-1, Total(near_x, Run(0, p + 2)), 0)))
    far_y = Affine(1, ((1, last, 0), (-1, Total(near_y, Run(1, p + 2)), 0)))
    large = where(plan, "larger significand", first, x.significand, y.significand)
    field = where(plan, "larger field", first, x.field, y.field)
    sign_large = where(plan, "larger sign", first, x.sign, y.sign)
    sign_small = where(plan, "smaller sign", first, y.sign, x.sign)
    small = sum_of(
        _aligned(plan, "y aligned", y.significand, near_x, (0, p + 2), far_x),
        _aligned(plan, "x aligned", x.significand, near_y, (1, p + 2), far_y),
    )
    wide, width = Joined(Constant(0, GUARD), large), p + GUARD
    both = add(plan, "larger + smaller", wide, small, width)
    ahead = subtract(plan, "larger - smaller", wide, small, width)
    behind = subtract(plan, "smaller - larger", small, wide, width)
    differ = exclusive_or(plan, "signs differ", x.sign, y.sign)
    same, wins, loses = complement(differ), ahead.carry, complement(ahead.carry)
    bits = sum_of(
        _gated(plan, "sum", both.word, same),
        _gated(plan, "difference", Joined(ahead.bits, NOTHING), differ, wins),
        _gated(plan, "difference reversed", Joined(behind.bits, NOTHING), differ, loses),
    )
    sign = sum_of(
        all_of(plan, "sign, same", same, sign_large),
        all_of(plan, "sign of the larger", differ, wins, sign_large),
        all_of(plan, "sign of the smaller", differ, loses, sign_small),
    )
    exponent = part(field, 0, w + 2)
    result = pack(plan, MagnitudeWords(sign, bits, exponent, p + GUARD - 1), shape)
    return plan.results_are(*result.in_order)


def _gated(plan: Plan, name: str, word: Word, *conditions: Word) -> Word:
    """Return the AND of every bit with conditions: one level."""
    terms: list[Term] = [(word, at_first), *((condition, fixed(0)) for condition in conditions)]
    return plan.gate_word(name, word.length, terms, lambda a, b: 1 + len(conditions))


def _aligned(plan: Plan, name: str, word: Word, near: Line, amounts: tuple[int, int], far: Word) -> Word:
    """Return `8 * word >> d`, the last bit sticky. Kinds: lost all; lost (d): d holds, and bits are lost; shift."""
    p = word.length
    widened = Joined(Constant(0, GUARD), word)
    shifted = shift_right(plan, f"{name}: shift", widened, near, amounts, GUARD, p + GUARD, start=1)
    everything = all_of(plan, f"{name}: lost all", far, bit_of(word, p - 1))

    def lost(d: int) -> int:
        return min(d - GUARD + 1, p)

    terms: tuple[Term, ...] = (
        (near, lambda a, b: point(a, lost(a) + 1)),
        (word, lambda a, b: Run(0, lost(a))),
    )
    number = plan.gates_of(f"{name}: lost", (GUARD, amounts[1]), terms, lambda a, b: lost(a) + 2)
    sticky = sum_of(everything, Total(Line(number, amounts[1]), Run(GUARD, amounts[1])))
    return Joined(sticky, part(shifted, 1, p + GUARD))


def multiply_plan(shape: Shape, *, tight: bool = False) -> Plan:
    """Return the family of x * y: eleven levels."""
    p, w = shape.p, shape.w
    width = w + 2
    plan = Plan(max(2 * (p + w) + 8, 1 << (2 << block_places(p.bit_length()))))
    x, y = float_inputs(plan, "x", shape), float_inputs(plan, "y", shape)
    product = multiply(plan, "product", x.significand, y.significand, tight=tight)
    bits = output(plan, product, "product bit")
    # The constant p - 2**(w - 1) in w + 2 bits: p below place w - 1, since p <= 2**(w - 1), and -1 from there on.
    offset = Joined(Constant(p, w - 1), Constant(-1, 3)) if p.bit_length() < w else Constant(0, width)
    columns = Affine(width, ((1, x.field, 0), (1, y.field, 0), (1, offset, 0)))
    exponent = add_columns(plan, "exponents", columns, 3, width)
    sign = exclusive_or(plan, "sign of the product", x.sign, y.sign)
    result = pack(plan, MagnitudeWords(sign, bits, exponent, 2 * p - 1), shape)
    return plan.results_are(*result.in_order)


def floor_plan(shape: Shape) -> Plan:
    """Return the family of the floor: six levels.

    Kind "fraction bits" (d): the quantum exponent is -d, 1 <= d < p; the field is then 2**(w - 1) - d.
    """
    p, w = shape.p, shape.w
    plan = Plan(p + w)
    x = float_inputs(plan, "x", shape)
    literals: tuple[Term, ...] = (
        (x.field, lambda a, b: Run(0, w - 1, 1, Law.LITERALS, -a)),
        (x.field, fixed(w - 1, -1)),
    )
    number = plan.gates_of("fraction bits", (1, p), literals, lambda a, b: ones(-a, w - 1))
    hot = Line(number, p)
    integral = bit_of(x.field, w - 1)
    tiny = Affine(1, ((-1, integral, 0), (-1, Total(hot, Run(1, p)), 0)), 1)
    mask = Mask(number, p, lambda a: (1, p))
    lost: tuple[Term, ...] = (
        (hot, lambda a, b: point(a, a + 1)),
        (x.sign, lambda a, b: point(0, a + 1)),
        (x.significand, lambda a, b: Run(0, a)),
    )
    steps = plan.gates_of("step down", (1, p), lost, lambda a, b: 2 * a + 3)
    step = Total(Line(steps, p), Run(1, p))
    masked = sum_of(
        plan.gate_word("kept", p, ((x.significand, at_first), (complement(mask), at_first)), lambda a, b: 2),
        _gated(plan, "filled", mask, step),
    )
    moved = increment(plan, "increment", masked, step)
    field = increment(plan, "next exponent", x.field, moved.carry).bits
    minus_one = all_of(plan, "minus one", tiny, x.sign)
    away: tuple[Term, ...] = ((tiny, fixed(0, -1)),)
    low = plan.gates_of("significand", (0, p - 1), ((moved.bits, at_first), *away), lambda a, b: 1)
    top = Affine(1, ((1, moved.bits, p - 1), (1, moved.carry, 0)))
    last = plan.gate_word("top bit", 1, ((top, fixed(0)), *away, (minus_one, fixed(0, 2))), lambda a, b: 1)

    def one(a: int, b: int) -> Run:
        """Return weight 2 where the field of 1, 2**(w - 1) - (p - 1), has a 1."""
        return point(0, 2 if a < w - 1 and (1 - p) >> a & 1 else 0)

    exponent = plan.gate_word("field", w, ((field, at_first), *away, (minus_one, one)), lambda a, b: 1)
    sign = output(plan, x.sign, "sign")
    return plan.results_are(Joined(Line(low, p - 1), last), exponent, sign)
