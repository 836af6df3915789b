"""Fixed-point formats on wires: two's complement or unsigned, and how an exact result is rounded into one."""

from __future__ import annotations

from dataclasses import dataclass

from precise.circuits.addition import increment
from precise.circuits.builder import Builder
from precise.circuits.circuit import Port
from precise.circuits.form import ZERO, Form, Word, total, weighted_sum
from precise.dyadic import Dyadic
from precise.errors import FormatError, NotRepresentableError, UnsupportedError
from precise.formats import Fixed, Format
from precise.modes import RNE, Overflow, Rounding


@dataclass(frozen=True, slots=True)
class FixedLayout:
    """The fixed-point format of k bits with quantum 2**q, and its codes.

    Parameters
    ----------
    k, q : int
        Width, at least 2, and quantum exponent.
    signed : bool
        Two's complement, or unsigned.
    """

    k: int
    q: int = 0
    signed: bool = True

    def __post_init__(self) -> None:
        if self.k < 2:
            raise FormatError(f"FixedLayout: width k must be at least 2; got {self.k}")

    @property
    def format(self) -> Format:
        """The set of numbers."""
        return Fixed(self.k, self.q, signed=self.signed)

    def port(self, name: str) -> Port:
        """Return the port of one number."""
        return Port(name, self.k)

    def codes(self) -> list[int]:
        """Return the codes of all members."""
        return list(range(1 << self.k))

    def encode(self, x: Dyadic) -> int:
        """Return the code of a member: its count of quanta modulo 2**k."""
        if x not in self.format:
            raise NotRepresentableError(f"encode: number must be a member of {self.format.name}; got {x}")
        return x.integer_at(self.q) % (1 << self.k)

    def decode(self, code: int) -> Dyadic:
        """Return the number with a code."""
        negative = self.signed and code >> (self.k - 1)
        return Dyadic(code - (1 << self.k) if negative else code, self.q)


@dataclass(frozen=True, slots=True)
class Policy:
    """A layout with what becomes of bits that do not fit."""

    layout: FixedLayout
    rounding: Rounding = RNE
    overflow: Overflow = Overflow.SATURATE


def moves_up(b: Builder, word: Word, drop: int, rounding: Rounding) -> Form:
    """Return whether a number in two's complement, cut by `drop` bits, becomes one more: one level.

    Cutting rounds towards minus infinity.
    """
    if drop == 0:
        return ZERO
    sign, last, guard = word[-1], word[drop], word[drop - 1]
    size = drop + 1  # more than the number of the bits below
    below = [(1, bit) for bit in word[: drop - 1]]
    cut = [*below, (1, guard)]
    match rounding.code:
        case "RNE":
            return b.gate(weighted_sum([(size, guard), (1, last), *below]), size + 1)
        case "RNA":  # a tie of a negative number stays
            return b.gate(weighted_sum([(size, guard), (-1, sign), *below]), size)
        case "RTZ":
            return b.gate(weighted_sum([(size, sign), *cut]), size + 1)
        case "RAZ":
            return b.gate(weighted_sum([(-size, sign), *cut]), 1)
        case "RTP":
            return b.gate(weighted_sum(cut), 1)
        case "RTN":
            return ZERO
        case "RTO":
            return b.gate(weighted_sum([(-size, last), *cut]), 1)
    raise UnsupportedError(f"circuit: rounding must be a deterministic mode; got {rounding}")


def narrow(
    b: Builder, word: Word, drop: int, layout: FixedLayout, rounding: Rounding = RNE, overflow: Overflow = Overflow.WRAP
) -> Word:
    """Return an exact number in two's complement, its last `drop` bits rounded away, in the layout: four levels.

    Beyond the range the result is the nearest number, or keeps the low bits.
    """
    if overflow not in (Overflow.SATURATE, Overflow.WRAP):
        raise UnsupportedError(f"circuit: overflow must be saturate or wrap; got {overflow.value}")
    k, sign = layout.k, word[-1]
    word = (*word, *[sign] * (drop + 1 - len(word)))
    with b.stage("round"):
        up = moves_up(b, word, drop, rounding)
        kept = (*word[drop:], *[sign] * max(k + 2 - len(word[drop:]), 1))
        moved = increment(b, kept, up).bits if drop else kept
    with b.stage("range"):
        low, high = moved[:k], moved[k - layout.signed : -1]  # all of `high` are the sign inside the range
        sign = moved[-1]
        if overflow is Overflow.WRAP:
            return b.materialise(low)
        above = b.gate(total(high) - sign * len(high))
        below = b.gate(sign * (len(high) + 1) - total(high), 2) if layout.signed else sign
        bits = [b.gate(bit + above - below) for bit in low[: k - layout.signed]]
        return (*bits, b.gate(sign)) if layout.signed else tuple(bits)
