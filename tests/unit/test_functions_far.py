"""Functions at exponents without bound, beside thresholds and beyond them: every answer is known without computing it.

With exponents of 10**30 nothing but a bound can answer; each of these must end at once.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from unit.function_cases import truth

from precise.balls import ball_of
from precise.dyadic import Dyadic, Element, Special
from precise.engines.functions_ziv import round_enclosed
from precise.engines.reference import OPERATIONS
from precise.errors import UndecidedError, UnsupportedError
from precise.formats import Format, binary16, binary64
from precise.formats.format import Fixed, Float, paper_float, unbounded
from precise.modes import stochastic
from precise.rounding import RAZ, RNE, RTN, RTO, RTP, RTZ, Overflow, Rounder, Rounding, default_overflow

FAR = 10**30
TINY, HUGE = Dyadic(1, -FAR), Dyadic(1, FAR)
ONE = Dyadic(1)
P11 = unbounded(11)


def at(op: str, *arguments: Element, fmt: Format = P11, mode: Rounding = RTZ) -> Element:
    return OPERATIONS[op](*arguments, Rounder(fmt, mode, default_overflow(fmt)), 0)


def above(x: Dyadic) -> Dyadic:
    """Return the next number of 11 bits away from zero."""
    return x + Dyadic(x.sign, x.e - 10)


def below(x: Dyadic) -> Dyadic:
    """Return the next number of 11 bits towards zero, for a power of two."""
    return x - Dyadic(x.sign, x.e - 11)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("op", "grows"), [("sin", 0), ("tan", 1), ("sinh", 1), ("tanh", 0), ("atan", 0), ("expm1", None), ("log1p", None)]
)
def test_tiny_arguments_of_odd_functions(op: str, grows: int | None, sign: int) -> None:
    x = Dyadic(sign, -FAR)
    if grows is None:
        grows = (op == "expm1") == (sign > 0)
    assert at(op, x, mode=RNE) == x
    assert at(op, x, mode=RTZ) == (x if grows else below(x))
    assert at(op, x, mode=RAZ) == (above(x) if grows else x)


@pytest.mark.parametrize(
    ("op", "base", "rises"),
    [
        ("exp", 0, True),
        ("exp2", 0, True),
        ("cosh", 0, True),
        ("cos", 0, False),
        ("cospi", 0, False),
        ("erfc", 0, False),
        ("sigmoid", -1, True),
    ],
)
def test_tiny_arguments_of_functions_with_a_value_at_zero(op: str, base: int, rises: bool) -> None:
    value = Dyadic(1, base)
    assert at(op, TINY, mode=RTZ) == (value if rises else below(value))
    assert at(op, TINY, mode=RTP) == (above(value) if rises else value)
    if op in ("exp", "exp2", "sigmoid", "erfc"):
        assert at(op, -TINY, mode=RTZ) == (below(value) if rises else value)


def test_tiny_arguments_of_gates() -> None:
    for op in ("silu", "gelu"):
        assert at(op, TINY, mode=RTP) == above(TINY.scaled(-1))
        assert at(op, -TINY, mode=RTZ) == below(-TINY.scaled(-1))
        assert at(op, TINY, mode=RNE) == TINY.scaled(-1)


def test_saturation() -> None:
    for op in ("tanh", "erf"):
        assert at(op, HUGE, mode=RTZ) == below(ONE)
        assert at(op, -HUGE, mode=RTP) == -below(ONE)
        assert at(op, HUGE, mode=RNE) == ONE
    assert at("sigmoid", HUGE, mode=RTN) == below(ONE)
    assert at("erfc", -HUGE, mode=RTZ) == below(Dyadic(2))
    assert at("expm1", -HUGE, mode=RTZ) == -below(ONE)
    assert at("silu", HUGE, mode=RTZ) == at("gelu", HUGE, mode=RTZ) == below(HUGE)
    assert at("atan", HUGE, mode=RNE) == at("atan2", HUGE, ONE, mode=RNE) == Dyadic(1608, -10)  # pi / 2
    assert at("atan2", TINY, -HUGE, mode=RNE) == Dyadic(1608, -9)
    assert at("tanh", Dyadic(500), fmt=binary64, mode=RTZ) == Dyadic(2**53 - 1, -53)


@pytest.mark.parametrize(
    "fmt", [binary16, binary64, paper_float(4), paper_float(64), Float(11, -14, 15, nan=False)], ids=str
)
def test_results_beyond_the_range(fmt: Format) -> None:
    assert fmt.largest is not None
    for op in ("exp", "exp2", "expm1", "sinh", "cosh"):
        assert at(op, HUGE, fmt=fmt, mode=RTZ) == fmt.largest
    for op in ("exp", "exp2", "sigmoid"):
        assert at(op, -HUGE, fmt=fmt, mode=RAZ) == fmt.smallest_positive
        assert at(op, -HUGE, fmt=fmt, mode=RTZ) == 0
    assert at("erfc", HUGE, fmt=fmt, mode=RTP) == fmt.smallest_positive
    for op in ("silu", "gelu"):
        assert at(op, -HUGE, fmt=fmt, mode=RAZ) == -fmt.smallest_positive  # type: ignore[operator]
        assert at(op, -HUGE, fmt=fmt, mode=RNE) == (Special.NEG_ZERO if fmt.signed_zero else 0)
    assert at("sinh", -HUGE, fmt=fmt, mode=RTP) == -fmt.largest
    assert at("pow", Dyadic(3), HUGE, fmt=fmt, mode=RTZ) == fmt.largest
    assert at("pow", Dyadic(3), -HUGE, fmt=fmt, mode=RAZ) == fmt.smallest_positive
    assert at("pow", Dyadic(-3), Dyadic(2**70 + 1), fmt=fmt, mode=RTP) == -fmt.largest
    assert at("hypot", HUGE, ONE, fmt=fmt, mode=RTZ) == fmt.largest
    assert at("sqrt", HUGE, fmt=fmt, mode=RTZ) == fmt.largest


def test_paper_float_with_exponents_beyond_machines() -> None:
    fmt = paper_float(64)
    x = at("exp", Dyadic(2**62), fmt=fmt, mode=RNE)
    assert isinstance(x, Dyadic)
    # 2**62 / log 2 = 6653256548922161245...
    assert x.e == 6653256548922161245
    logarithm = at("log2", x, fmt=fmt, mode=RTZ)
    assert isinstance(logarithm, Dyadic)
    assert 6653256548922161245 <= logarithm < 6653256548922161246
    assert at("log", Dyadic(1, 2**63), fmt=fmt, mode=RTN) <= Dyadic(6393154322601327830)  # type: ignore[operator]
    assert at("log", Dyadic(1, 2**63), fmt=fmt, mode=RTN) >= Dyadic(6393154322601327829)  # type: ignore[operator]
    assert at("rsqrt", Dyadic(1, 2**63), fmt=fmt) == Dyadic(1, -(2**62))


def test_powers() -> None:
    assert at("pow", HUGE, Dyadic(1, -2)) == Dyadic(1, FAR // 4)
    assert at("pow", Dyadic(9, -FAR), Dyadic(1, -1)) == Dyadic(3, -FAR // 2)
    assert at("pow", Dyadic(81, 4), Dyadic(3, -2)) == 216  # 6**3
    assert at("pow", Dyadic(2049), Dyadic(1)) == 2048
    assert at("pow", Dyadic(33), Dyadic(2), mode=RNE) == 1089  # 11 bits
    assert at("pow", Dyadic(45), Dyadic(2), mode=RNE) == 2025  # 11 bits
    assert at("pow", Dyadic(47), Dyadic(2), mode=RNE) == 2208  # 2209 = 2 * 1104.5, to even
    assert at("pow", Dyadic(3), TINY, mode=RTP) == above(ONE)
    assert at("pow", Dyadic(3), -TINY, mode=RTZ) == below(ONE)
    assert (
        at("pow", Dyadic(-3), HUGE.scaled(-FAR) + Dyadic(6), mode=RTO) == -2186
    )  # (-3)**7 = -2187 = -2 * 1093.5, to odd
    assert at("pow", ONE + Dyadic(1, -500), Dyadic(1, 490), mode=RTN) == above(ONE)  # 1 + 2**-10 + 2**-21 + ...
    assert at("pow", Dyadic(-2), Dyadic(2**70 + 1)) == Dyadic(-1, 2**70 + 1)


def test_far_apart_operands() -> None:
    assert at("hypot", HUGE, TINY, mode=RTP) == above(HUGE)
    assert at("hypot", TINY, -HUGE, mode=RTN) == HUGE
    assert at("atan2", TINY, HUGE, mode=RTZ) == below(Dyadic(1, -2 * FAR))
    assert at("atan2", -TINY, HUGE, mode=RNE) == Dyadic(-1, -2 * FAR)
    assert at("atan2", TINY, Dyadic(3, FAR), mode=RTZ) == Dyadic(1365, -2 * FAR - 12)  # 1/3 = 0.0101...
    assert at("remainder", -TINY, ONE, mode=RTZ) == below(ONE)
    assert at("remainder", -TINY, ONE, mode=RNE) == ONE
    assert at("remainder", HUGE, Dyadic(3)) == pow(2, FAR, 3)
    assert at("remainder", -HUGE, Dyadic(7)) == -pow(2, FAR, 7) % 7
    assert at("ieee_remainder", HUGE, Dyadic(5)) == (pow(2, FAR, 5) + 2) % 5 - 2
    assert at("ieee_remainder", TINY, HUGE) == TINY
    assert at("floor", -TINY) == -1
    assert at("ceil", TINY) == 1
    assert at("ceil", -TINY) is Special.NEG_ZERO
    assert at("round_to_integral", HUGE) == HUGE


def test_turns_of_any_size() -> None:
    assert at("sinpi", HUGE) == 0
    assert at("sinpi", -HUGE) is Special.NEG_ZERO
    assert at("cospi", HUGE) == 1
    assert at("sinpi", Dyadic(2**200 + 1, -1)) == 1
    assert at("cospi", Dyadic(2**200 + 1, -1)) == 0
    x = Dyadic((1 << 300) + 1, -2)  # a quarter beyond an even integer
    assert at("sinpi", x, mode=RTN) == at("cospi", x, mode=RTN) == Dyadic(1448, -11)  # sqrt(1/2) = 0.70710...
    assert at("sinpi", TINY, mode=RTZ) == Dyadic(1608, -9 - FAR)  # pi, truncated to 11 bits


@pytest.mark.parametrize("op", ["exp", "sin", "cosh", "erfc", "exp2"])
def test_what_would_take_all_memory_is_refused(op: str) -> None:
    with pytest.raises(UnsupportedError, match="exponent of at most"):
        at(op, HUGE)


def test_logarithms_are_served_everywhere() -> None:
    # FAR = 1.57... * 2**99, in 11 bits
    assert at("log2", HUGE, mode=RTZ) == FAR >> 89 << 89
    assert at("log2", Dyadic(3, FAR), mode=RTP) == at("log2", HUGE, mode=RTP)
    assert at("log", -HUGE) is Special.NAN


def test_wrapping_keeps_the_low_bits() -> None:
    rounder = Rounder(Fixed(8, 0), RNE, Overflow.WRAP)
    assert OPERATIONS["pow"](Dyadic(3), Dyadic(5), rounder, 0) == 243 - 256
    assert OPERATIONS["exp"](Dyadic(20), rounder, 0) == Dyadic((485165195 + 128) % 256 - 128)  # exp 20 = 485165195.4
    assert OPERATIONS["cosh"](Dyadic(20), rounder, 0) == Dyadic((242582598 + 128) % 256 - 128)  # 242582597.7
    for k in range(460, 500):  # results of 42 to 45 bits
        exact = truth("exp", Dyadic(k, -4))
        assert isinstance(exact, Fraction)
        assert OPERATIONS["exp"](Dyadic(k, -4), rounder, 0) == (round(exact) + 128) % 256 - 128
    with pytest.raises(UnsupportedError):
        OPERATIONS["exp"](Dyadic(2**40), rounder, 0)


def test_an_unproved_refinement_ends() -> None:
    # No ball around a tie of 11 bits ever decides, which is what a rational value of erf would be.
    tie, around = Dyadic(4098), Dyadic(1, -(10**6))
    rounder = Rounder(P11, RNE, Overflow.INFINITY)
    with pytest.raises(UndecidedError, match="16384 working bits"):
        round_enclosed(lambda: ball_of(tie).union(ball_of(tie + around)), rounder, 64, 0, decides=False)


def test_random_bits_see_a_speck() -> None:
    # exp(2**-FAR) exceeds 1 by less than 2**-32 of a unit: no draw of 32 bits but U = 0 moves up
    moved = [
        OPERATIONS["exp"](TINY, Rounder(P11, stochastic(seed=1, bits=2), Overflow.INFINITY), i) != ONE
        for i in range(400)
    ]
    assert 60 < sum(moved) < 140  # with 2 bits, U = 0 in a quarter of the draws: U < t for every t > 0
