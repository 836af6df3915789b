"""The table of the elementary functions of one number: what each one is at the ends, at zero and outside its domain.

The values at special data follow IEEE 754-2019, 9.2.1, and are limits where the standard has no such function.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from precise.dyadic import Dyadic, Element, Special
from precise.engines.exact_operations import ZERO, is_negative, is_zero, signed
from precise.engines.functions_exact import EXACT, ONE, Exactly, nowhere, signed_zero
from precise.engines.functions_specks import HALF, SPECKS, TWO, Speck

NEG_ZERO: Final = Special.NEG_ZERO
INF: Final = Special.POS_INF
NEG_INF: Final = Special.NEG_INF
NAN: Final = Special.NAN


@dataclass(frozen=True, slots=True)
class QuarterTurns:
    """The number `count * pi / 4`."""

    count: int


@dataclass(frozen=True, slots=True)
class Pole:
    """The infinity of a given sign as the value at a finite argument: the division by zero of IEEE 754-2019, 7.3."""

    negative: bool


Known: TypeAlias = Element | QuarterTurns | Pole

# What a function may do at zero, beside having one value there.
KEEPS_ZERO: Final = "keeps the zero"
HAS_POLE: Final = "has a pole with the sign of the zero"


@dataclass(frozen=True, slots=True)
class Function:
    """An elementary function of one number.

    Parameters
    ----------
    name, meaning : str
        Its name in a namespace, and what it is.
    below, above : Known
        Its values at minus and plus infinity.
    at_zero : Known, KEEPS_ZERO or HAS_POLE
    least : Dyadic, optional
        The least number of the domain; NaN below.
    at_least : Pole, optional
        What happens there, where it is not an ordinary argument.
    reach : int
        How many times the exponent of a large argument is needed in working bits: in reducing it to a period, or for
        the exponent of the result.
    decides : bool
        Whether a refinement is known to end at every number that is no exact case.
    """

    name: str
    meaning: str
    below: Known
    at_zero: Known | str
    above: Known
    least: Dyadic | None = None
    at_least: Pole | None = None
    reach: int = 0
    decides: bool = True

    @property
    def exact(self) -> Exactly:
        """The arguments with exact values."""
        return EXACT.get(self.name, nowhere)

    @property
    def speck(self) -> Speck:
        """The arguments at which the value is a known number and a speck."""
        return SPECKS[self.name]

    def special(self, x: Element) -> Known | None:
        """Return the value at special data, zeros, poles and outside the domain; None at all other numbers."""
        if x is NAN:
            return NAN
        if x is INF or x is NEG_INF:
            return self.above if x is INF else self.below
        if is_zero(x):
            if isinstance(self.at_zero, str):
                negative = is_negative(x)
                return Pole(negative) if self.at_zero == HAS_POLE else signed_zero(negative)
            return self.at_zero
        if self.least is not None and isinstance(x, Dyadic) and x <= self.least:
            return self.at_least if x == self.least and self.at_least else NAN
        return None


_TABLE: Final = (
    Function("sqrt", "the square root", NAN, KEEPS_ZERO, INF, least=ZERO),
    Function("rsqrt", "1 / sqrt(x)", NAN, HAS_POLE, ZERO, least=ZERO),
    Function("exp", "e to the power x", ZERO, ONE, INF, reach=1),
    Function("exp2", "2 to the power x", ZERO, ONE, INF, reach=1),
    Function("expm1", "exp(x) - 1", Dyadic(-1), KEEPS_ZERO, INF, reach=1),
    Function("log", "the natural logarithm", NAN, Pole(True), INF, least=ZERO),
    Function("log2", "the binary logarithm", NAN, Pole(True), INF, least=ZERO),
    Function("log1p", "log(1 + x)", NAN, KEEPS_ZERO, INF, least=Dyadic(-1), at_least=Pole(True)),
    Function("sin", "the sine of radians", NAN, KEEPS_ZERO, NAN, reach=1),
    Function("cos", "the cosine of radians", NAN, ONE, NAN, reach=1),
    Function("tan", "the tangent of radians", NAN, KEEPS_ZERO, NAN, reach=1),
    Function("sinpi", "sin(pi x)", NAN, KEEPS_ZERO, NAN, reach=1),
    Function("cospi", "cos(pi x)", NAN, ONE, NAN, reach=1),
    Function("sinh", "the hyperbolic sine", NEG_INF, KEEPS_ZERO, INF, reach=1),
    Function("cosh", "the hyperbolic cosine", INF, ONE, INF, reach=1),
    Function("tanh", "the hyperbolic tangent", Dyadic(-1), KEEPS_ZERO, ONE),
    Function("atan", "the inverse tangent", QuarterTurns(-2), KEEPS_ZERO, QuarterTurns(2)),
    Function("erf", "the error function", Dyadic(-1), KEEPS_ZERO, ONE, decides=False),
    Function("erfc", "1 - erf(x)", TWO, ONE, ZERO, reach=2, decides=False),
    Function("sigmoid", "1 / (1 + exp(-x))", ZERO, HALF, ONE, reach=1),
    Function("silu", "x / (1 + exp(-x))", NEG_ZERO, KEEPS_ZERO, INF, reach=1),
    Function("gelu", "x times the normal distribution at x", NEG_ZERO, KEEPS_ZERO, INF, reach=2, decides=False),
)

FUNCTIONS: Final[dict[str, Function]] = {f.name: f for f in _TABLE}
assert len(FUNCTIONS) == len(_TABLE) == len(SPECKS) and FUNCTIONS.keys() == SPECKS.keys()
assert EXACT.keys() <= FUNCTIONS.keys()


def infinity_of(pole: Pole) -> Special:
    """Return the infinity at a pole."""
    return signed(Special.POS_INF, pole.negative)
