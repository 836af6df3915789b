"""The words of rounding: modes, and what becomes of results that leave the range. Nothing is rounded here."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final, TypeVar

from precise.errors import DomainError, FormatError
from precise.formats.format import Format
from precise.stochastic import random_bits


@dataclass(frozen=True, slots=True)
class Rounding:
    """A rounding mode; use the constants `RNE RNA RTZ RTP RTN RAZ RTO SR` or `stochastic(...)`.

    Parameters
    ----------
    code : str
        RNE, RNA: nearest, ties to even, ties away from zero. RTZ, RAZ: towards, away from zero. RTP, RTN:
        towards plus, minus infinity. RTO: to odd (an inexact result gets an odd significand). SR: stochastic.
    seed, bits : int
        For SR: the result moves up in magnitude iff `U < fraction * 2**bits`, where U has `bits` random bits
        drawn from the seed, the stream and the element index.
    stream : int
        For SR: distinguishes uses of one seed; see `fold_in`.
    """

    code: str
    seed: int = 0
    bits: int = 32
    stream: int = 0

    def __post_init__(self) -> None:
        if self.code not in _MEANING:
            raise FormatError(f"rounding: mode must be one of {' '.join(_MEANING)}; got {self.code!r}")
        for label, value in (("seed", self.seed), ("bits", self.bits), ("stream", self.stream)):
            if not isinstance(value, int):
                raise FormatError(f"rounding: {label} of SR must be an integer; got {value!r}")
        if not 1 <= self.bits <= 64:
            raise FormatError(f"rounding: SR must have 1 to 64 random bits; got {self.bits}")

    @property
    def meaning(self) -> str:
        """The name of the mode in IEEE 754-2019, 4.3, or in words where the standard has none."""
        return _MEANING[self.code]

    def fold_in(self, number: int) -> Rounding:
        """Return SR with a stream that depends on this stream and on `number`; other modes return themselves."""
        if not isinstance(number, int):
            raise DomainError(f"fold_in: number must be an integer; got {number!r}")
        if self.code != "SR":
            return self
        return Rounding("SR", self.seed, self.bits, random_bits(self.stream, 0x5EED, number, 63))

    def random(self, index: int) -> int:
        """Return the random bits of element `index`; 0 for the other modes."""
        return random_bits(self.seed, self.stream, index, self.bits) if self.code == "SR" else 0

    @property
    def extra_bits(self) -> int:
        """The bits below the result's last place on which the rounding depends beyond a half and a sticky bit."""
        return self.bits if self.code == "SR" else 0

    def __str__(self) -> str:
        if self.code != "SR":
            return self.code
        return f"SR(seed={self.seed}, bits={self.bits}{f', stream={self.stream}' if self.stream else ''})"


_MEANING: Final = {
    "RNE": "roundTiesToEven",
    "RNA": "roundTiesToAway",
    "RTZ": "roundTowardZero",
    "RTP": "roundTowardPositive",
    "RTN": "roundTowardNegative",
    "RAZ": "away from zero",
    "RTO": "to odd",
    "SR": "stochastic",
}

RNE: Final = Rounding("RNE")
RNA: Final = Rounding("RNA")
RTZ: Final = Rounding("RTZ")
RTP: Final = Rounding("RTP")
RTN: Final = Rounding("RTN")
RAZ: Final = Rounding("RAZ")
RTO: Final = Rounding("RTO")
SR: Final = Rounding("SR")
DETERMINISTIC: Final = (RNE, RNA, RTZ, RTP, RTN, RAZ, RTO)


def stochastic(*, seed: int = 0, bits: int = 32) -> Rounding:
    """Return stochastic rounding with the given seed and number of random bits."""
    return Rounding("SR", seed, bits)


def parse_rounding(text: Rounding | str) -> Rounding:
    """Return the mode with the short code or IEEE name `text`, ignoring case; a mode returns itself."""
    if isinstance(text, Rounding):
        return text
    if not isinstance(text, str):
        raise FormatError(f"rounding: mode must be one of {' '.join(_MEANING)}; got {text!r}")
    for code, meaning in _MEANING.items():
        if text.strip().lower() in (code.lower(), meaning.lower()):
            return Rounding(code)
    raise FormatError(f"rounding: mode must be one of {' '.join(_MEANING)}; got {text!r}")


class Overflow(enum.Enum):
    """What a result beyond the largest number becomes.

    INFINITY and NAN follow IEEE 754-2019, 7.4: modes that round towards zero there (and RTO) stop at the
    largest number. SATURATE always stops there; WRAP (fixed point) keeps the low bits; ERROR raises.
    """

    INFINITY = "infinity"
    NAN = "nan"
    SATURATE = "saturate"
    WRAP = "wrap"
    ERROR = "error"


class Underflow(enum.Enum):
    """What a result below the least normal number becomes.

    ROUND: a neighbouring member, subnormal where the format has those. FLUSH: zero of the same sign, unless
    it rounds to a normal number. ERROR: raises when the result is below the least normal number and inexact.
    """

    ROUND = "round"
    FLUSH = "flush"
    ERROR = "error"


def parse_overflow(text: Overflow | str) -> Overflow:
    """Return the overflow policy with the name `text`; a policy returns itself."""
    return _policy_named(Overflow, "overflow", text)


def parse_underflow(text: Underflow | str) -> Underflow:
    """Return the underflow policy with the name `text`; a policy returns itself."""
    return _policy_named(Underflow, "underflow", text)


E = TypeVar("E", Overflow, Underflow)


def _policy_named(kind: type[E], what: str, text: E | str) -> E:
    """Return the member of an enumeration that is or is named `text`."""
    for member in kind:
        if member is text or (isinstance(text, str) and text.strip().lower() == member.value):
            return member
    raise FormatError(f"{what}: policy must be one of {', '.join(m.value for m in kind)}; got {text!r}")


def default_overflow(fmt: Format) -> Overflow:
    """Return infinity where the format has it, else NaN where it has that, else saturation."""
    if fmt.infinities:
        return Overflow.INFINITY
    return Overflow.NAN if fmt.nan else Overflow.SATURATE
