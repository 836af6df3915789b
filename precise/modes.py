"""The words of rounding: modes, and what becomes of results that leave the range. Nothing is rounded here."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from precise.errors import DomainError, FormatError, UndecidedError
from precise.formats.format import Format
from precise.stochastic import random_bits, random_words

# Bits of one random word, and the most words that a draw reads: undecided with probability 2**-(2**20).
WORD: Final = 64
MOST_WORDS: Final = 1 << 14
_STOCHASTIC: Final = re.compile(r"sr\(seed=(-?\d+),\s*(?:bits=(\d+)|exact)(?:,\s*stream=(\d+))?\)")


@dataclass(frozen=True, slots=True)
class Rounding:
    """A rounding mode; use the constants `RNE RNA RTZ RTP RTN RAZ RTO SR` or `stochastic(...)`.

    Parameters
    ----------
    code : str
        RNE, RNA: nearest, ties to even, ties away from zero. RTZ, RAZ: towards, away from zero. RTP, RTN:
        towards plus, minus infinity. RTO: to odd (an inexact result gets an odd significand). SR: stochastic.
    seed : int
        For SR: a random real number U in [0, 1) is drawn from the seed, the stream and the element index.
    bits : int or None
        For SR: the result moves up in magnitude iff `U < fraction`, where only the first `bits` bits of U, 1 to 64,
        are read. None reads as many as the decision needs, and the probability is the fraction exactly.
    stream : int
        For SR: distinguishes uses of one seed; see `fold_in`.
    words : int
        For SR with exact probability: the 64-bit words of U to read before `UndecidedDrawError` asks for more;
        results do not depend on it. The engines double it by themselves.
    """

    code: str
    seed: int = 0
    bits: int | None = 32
    stream: int = 0
    words: int = 1

    def __post_init__(self) -> None:
        if self.code not in _MEANING:
            raise FormatError(f"rounding: mode must be one of {' '.join(_MEANING)}; got {self.code!r}")
        bits = WORD if self.bits is None else self.bits
        for label, value in (("seed", self.seed), ("bits", bits), ("stream", self.stream), ("words", self.words)):
            if not isinstance(value, int):
                raise FormatError(f"rounding: {label} of SR must be an integer; got {value!r}")
        if not 1 <= bits <= WORD:
            raise FormatError(f"rounding: SR must have 1 to {WORD} random bits, or None for exact; got {bits}")
        if self.words < 1:
            raise FormatError(f"rounding: words of SR must be at least 1; got {self.words}")

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
        return replace(self, stream=random_bits(self.stream, 0x5EED, number, 63))

    def random(self, index: int) -> int:
        """Return the first `extra_bits` random bits of element `index`, as an integer; 0 for the other modes."""
        if self.code != "SR":
            return 0
        if self.bits is None:
            return random_words(self.seed, self.stream, index, self.words)
        return random_bits(self.seed, self.stream, index, self.bits)

    @property
    def is_exact(self) -> bool:
        """Whether this is SR with exact probability."""
        return self.code == "SR" and self.bits is None

    @property
    def extra_bits(self) -> int:
        """The bits below the result's last place on which the rounding depends beyond a half and a sticky bit."""
        if self.code != "SR":
            return 0
        return WORD * self.words if self.bits is None else self.bits

    def widened(self) -> Rounding:
        """Return SR with exact probability that reads twice as many words; other modes return themselves.

        Raises `UndecidedError` beyond 2**14 words.
        """
        if not self.is_exact:
            return self
        if 2 * self.words > MOST_WORDS:
            raise UndecidedError(f"rounding: SR must decide within {MOST_WORDS} words; got none after {self.words}")
        return replace(self, words=2 * self.words)

    def __str__(self) -> str:
        if self.code != "SR":
            return self.code
        many = "exact" if self.bits is None else f"bits={self.bits}"
        return f"SR(seed={self.seed}, {many}{f', stream={self.stream}' if self.stream else ''})"


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


def stochastic(*, seed: int = 0, bits: int | None = 32) -> Rounding:
    """Return stochastic rounding with the given seed and number of random bits.

    `P(up) = ceil(fraction * 2**bits) / 2**bits`, at most one part in `2**bits` above the fraction; `bits=None`
    makes it the fraction exactly.

    Notes
    -----
    Which random number an element reads: `index` is its place in the result, in C order. `asarray` reads the stream
    itself; an operation of a `rounded` namespace reads `fold_in(n)`, n the ASCII codes of its name (`add`, `sum`,
    `matmul`, ...) as a little-endian integer, so that different operations are independent. The same operation
    repeated reads the same numbers unless `xp.fold_in` gives it others. The steps of sums and products: see
    `Accumulate`.

    Examples
    --------
    >>> print(stochastic(seed=7, bits=None))
    SR(seed=7, exact)
    """
    return Rounding("SR", seed, bits)


def parse_rounding(text: Rounding | str) -> Rounding:
    """Return the mode with the short code or IEEE name `text`, ignoring case; a mode returns itself.

    Stochastic rounding may say more, as it prints itself: `SR(seed=0, exact)`, `SR(seed=0, bits=8)`.
    """
    if isinstance(text, Rounding):
        return text
    if not isinstance(text, str):
        raise FormatError(f"rounding: mode must be one of {' '.join(_MEANING)}; got {text!r}")
    for code, meaning in _MEANING.items():
        if text.strip().lower() in (code.lower(), meaning.lower()):
            return Rounding(code)
    found = _STOCHASTIC.fullmatch(text.strip().lower())
    if found is not None:
        return Rounding("SR", int(found[1]), None if found[2] is None else int(found[2]), int(found[3] or 0))
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

    ROUND: a neighbouring member, subnormal where the format has those, the least number where it has no zero. FLUSH:
    zero of the same sign, unless it rounds to a normal number, as if the format had subnormals; a format that flushes
    takes ROUND for FLUSH. ERROR: raises when the result is below the least normal number and inexact.
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
