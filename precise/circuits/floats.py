"""Floats on wires: sign, significand and exponent field, and their codes as integers.

The field is `E = q + 2**(w - 1)` for the quantum exponent q; zero has all bits 0. Codes put the bits in the order of
the wires: significand first (least significant), then the field, then the sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from precise.circuits.builder import Builder
from precise.circuits.circuit import Port
from precise.circuits.form import Form, Word
from precise.dyadic import Dyadic
from precise.errors import FormatError, NotRepresentableError
from precise.formats import Float, Format, paper_float


@dataclass(frozen=True, slots=True)
class Layout:
    """A float format without subnormals, infinities, NaN and signed zero: p bits, a field of w bits.

    Parameters
    ----------
    p : int
        Precision, at least 2.
    w : int
        Width of the exponent field; quantum exponents lie in `-2**(w - 1) .. 2**(w - 1) - 1`. The papers' F_p has
        w = p + 1.
    """

    p: int
    w: int

    def __post_init__(self) -> None:
        if self.p < 2:
            raise FormatError(f"Layout: precision p must be at least 2; got {self.p}")
        if 1 << (self.w - 1) < self.p:
            raise FormatError(f"Layout: field must have 2**(w - 1) >= p; got w = {self.w}, p = {self.p}")

    @classmethod
    def paper(cls, p: int) -> Layout:
        """Return the layout of the papers' F_p."""
        return cls(p, p + 1)

    @property
    def format(self) -> Format:
        """The set of numbers."""
        if self.w == self.p + 1:
            return paper_float(self.p)
        low, top = self.p - 1 - self.bias, self.bias - 1 + self.p - 1
        name = f"p={self.p},w={self.w}"
        return Float(self.p, low, top, subnormals=False, signed_zero=False, infinities=False, nan=False, name=name)

    @property
    def bias(self) -> int:
        """What is added to the quantum exponent: `2**(w - 1)`."""
        return 1 << (self.w - 1)

    @property
    def width(self) -> int:
        """Bits of a code."""
        return self.p + self.w + 1

    def port(self, name: str) -> Port:
        """Return the port of one float."""
        return Port(name, self.width)

    def encode(self, x: Dyadic) -> int:
        """Return the code of a member."""
        if x.c == 0:
            return 0
        q = x.e - self.p + 1
        if x not in self.format:
            raise NotRepresentableError(f"encode: number must be a member of {self.format.name}; got {x}")
        significand = abs(x.integer_at(q))
        return significand | (q + self.bias) << self.p | (x.c < 0) << (self.p + self.w)

    def decode(self, code: int) -> Dyadic:
        """Return the number with a code; any code of zero significand is 0."""
        significand = code & ((1 << self.p) - 1)
        field = code >> self.p & ((1 << self.w) - 1)
        sign = -1 if code >> (self.p + self.w) & 1 else 1
        return Dyadic(sign * significand, field - self.bias)

    def codes(self) -> list[int]:
        """Return the codes of all members: zero, then by sign, field and significand."""
        p, w = self.p, self.w
        return [0] + [
            s << (p + w) | field << p | m
            for s in (0, 1)
            for field in range(1 << w)
            for m in range(1 << (p - 1), 1 << p)
        ]


@dataclass(frozen=True, slots=True)
class FloatWires:
    """A float on wires: significand and field are words, least significant bit first."""

    sign: Form
    significand: Word
    field: Word

    @property
    def bits(self) -> Word:
        """All bits in the order of a code."""
        return (*self.significand, *self.field, self.sign)

    def negative(self) -> FloatWires:
        """Return the float with the other sign bit; a negated zero is no canonical zero, but `pack` restores it."""
        return FloatWires(1 - self.sign, self.significand, self.field)


def read_floats(layout: Layout, bits: Sequence[Form]) -> list[FloatWires]:
    """Return the floats on consecutive wires."""
    p, w, width = layout.p, layout.w, layout.width
    words = [tuple(bits[i : i + width]) for i in range(0, len(bits), width)]
    return [FloatWires(word[-1], word[:p], word[p : p + w]) for word in words]


def float_inputs(layout: Layout, count: int, *, contracts: bool = False) -> tuple[Builder, list[FloatWires]]:
    """Return a builder whose inputs are `count` floats, and these floats."""
    builder = Builder(count * layout.width, contracts=contracts)
    return builder, read_floats(layout, builder.inputs())
