"""Connection functions of rounding: what `pack` builds, in every deterministic mode.

Five levels: the leading one; the significand cut out and whether it moves up; the increment and two exponents; the one
that holds; the range.
"""

from __future__ import annotations

from dataclasses import dataclass

from precise.circuits.connection_blocks import ONE, add, bit_of, increment, leading_one, output, part, where
from precise.circuits.connection_counts import Place
from precise.circuits.connection_plan import Plan, Term, at_first, fixed
from precise.circuits.connection_roundup import inexact, least_number, moves_up
from precise.circuits.connection_runs import Run, point
from precise.circuits.connection_words import Affine, Joined, Line, Rows, Total, Word


@dataclass(frozen=True, slots=True)
class Shape:
    """What a packing needs to know of its format.

    Parameters
    ----------
    p, w
        Bits of the significand and of the exponent field.
    heavy
        The weight that outweighs p + 1 bits in one gate: p + 2 in the built circuit, where the threshold of that gate
        is a product of two sizes; a power of two makes it a shift.
    mode
        The code of a deterministic mode.
    """

    p: int
    w: int
    heavy: int
    mode: str = "RNE"

    @classmethod
    def of(cls, p: int, w: int, mode: str = "RNE") -> Shape:
        """Return the shape with the least power of two above p + 1."""
        return cls(p, w, 1 << (p + 1).bit_length(), mode)

    @classmethod
    def as_built(cls, p: int, w: int, mode: str = "RNE") -> Shape:
        """Return the shape with the weights of the built circuit."""
        return cls(p, w, p + 2, mode)


@dataclass(frozen=True, slots=True)
class MagnitudeWords:
    """A number to be rounded; the field of a leading one at place `top` is `exponent`, in two's complement."""

    sign: Word
    bits: Word
    exponent: Word
    top: int


@dataclass(frozen=True, slots=True)
class NormalisedWords:
    """A number to be rounded whose one-hot leading place is known; the field is `base + offset`."""

    sign: Word
    bits: Word
    leading: Line
    base: Word
    offset: Word


@dataclass(frozen=True, slots=True)
class FloatWords:
    """A float as words."""

    sign: Word
    significand: Word
    field: Word

    @property
    def in_order(self) -> tuple[Word, Word, Word]:
        """The words in the order of a code."""
        return self.significand, self.field, self.sign

    @property
    def magnitude(self) -> Word:
        """Significand and field as one number."""
        return Joined(self.significand, self.field)


def float_inputs(plan: Plan, name: str, shape: Shape) -> FloatWords:
    """Return a float of inputs."""
    significand = plan.inputs_of(f"{name}: significand", shape.p)
    field = plan.inputs_of(f"{name}: field", shape.w)
    return FloatWords(plan.inputs_of(f"{name}: sign", 1), significand, field)


def cut_out(plan: Plan, bits: Word, leading: Line, p: int) -> Word:
    """Return the p bits from the leading one down. Kind (i, k): leading at k, and bit i of the result is 1."""
    length = bits.length

    def span(a: int) -> tuple[int, int]:
        return max(0, p - 1 - a), length

    number = plan.gates_of(
        "cut out",
        (0, p),
        ((leading, lambda a, b: point(b)), (bits, lambda a, b: point(b - p + 1 + a))),
        lambda a, b: 2,
        span=span,
        count=p * length - p * (p - 1) // 2,
    )
    return Rows(number, p, span)


def pack(plan: Plan, x: MagnitudeWords, shape: Shape) -> FloatWords:
    """Return a magnitude of more than p bits rounded once, each output one gate."""
    leading = leading_one(plan, "leading one", x.bits)
    offset = Place(leading.kind, leading.length, x.top, shape.w + 2)
    return pack_normalised(plan, NormalisedWords(x.sign, x.bits, leading, x.exponent, offset), shape)


def pack_normalised(plan: Plan, x: NormalisedWords, shape: Shape, *, long: bool = False) -> FloatWords:
    """Return the same for a number whose leading one is known.

    `long` makes gates of what a long magnitude makes long: one level more.
    """
    p, w, width, leading = shape.p, shape.w, shape.w + 2, x.leading
    nonzero = Total(leading, Run(0, leading.length))
    cut = cut_out(plan, x.bits, leading, p)
    up = moves_up(plan, x.bits, leading, x.sign, p, shape.mode)
    lost = inexact(plan, "inexact", x.bits, leading, p)
    if long:
        cut, up, lost = output(plan, cut, "cut"), output(plan, up, "up"), output(plan, lost, "lost")
    rounded = increment(plan, "increment", cut, up)
    over = rounded.carry
    kept = Joined(part(rounded.bits, 0, p - 1), Affine(1, ((1, rounded.bits, p - 1), (1, over, 0))))
    plain = add(plan, "exponent", x.base, x.offset, width)
    bumped = add(plan, "exponent + 1", x.base, x.offset, width, ONE)
    field = where(plan, "choose exponent", over, bumped.bits, plain.bits)
    negative = bit_of(field, w + 1)
    above = Affine(1, ((1, field, w), (-1, field, w + 1)))
    below = ((cut, lambda a, b: Run(0, p - 1)), (up, fixed(0)), (lost, fixed(0)))
    least = least_number(plan, plain.bits, nonzero, below, x.sign, shape.heavy, shape.mode)
    inside: tuple[Term, ...] = ((above, fixed(0)), (negative, fixed(0, -2)), (nonzero, fixed(0, 2)))
    low = plan.gates_of("significand", (0, p - 1), ((kept, at_first), *inside), lambda a, b: 3)
    top = plan.gate_word("top bit", 1, ((kept, fixed(p - 1)), *inside, (least, fixed(0, 3))), lambda a, b: 3)
    exponent = plan.gate_word("field", w, ((field, at_first), *inside), lambda a, b: 3)
    signs: tuple[Term, ...] = (
        (x.sign, fixed(0, 2)),
        (nonzero, fixed(0)),
        (negative, fixed(0, -1)),
        (least, fixed(0)),
    )
    sign = plan.gate_word("sign", 1, signs, lambda a, b: 3)
    return FloatWords(sign, Joined(Line(low, p - 1), top), exponent)
