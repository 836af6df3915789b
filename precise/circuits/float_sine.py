"""Sine and cosine of floats below a bound 2**B: thirty-four levels.

x is brought to fixed point with F = 3 p + B + 12 binary places; k is near 2 x / pi, r = x - k pi / 2 lies within 0.85
of 0, and u = (r + 1) / 2 selects a polynomial of 1 + sin r or 1 + cos r, by the parity of k. A float below 2**B that
is no zero is further than 2**(-p - B - 4) from the multiples of pi / 2 for the listed p, so the relative error is
below 2**(-p - 6). Where |x| is below 2**-(p // 2 + 1), sin x rounds to x, or in some modes to the next number towards
0. cos 0 = 1 is the one exact value besides sin 0; for the directed modes it is forced, and a tiny x is replaced by
2**-(p // 2 + 2). At or beyond the bound the result is 0. The reduction has one row for every exponent below B, so B
must be a constant or O(log n), unless p is tiny: this is no circuit for all of F_p.
"""

from __future__ import annotations

from functools import cache
from math import factorial

from precise.circuits.addition import negate_where
from precise.circuits.builder import Builder
from precise.circuits.circuit import Circuit, finish
from precise.circuits.fixed_point import Fixed, signed_columns, to_fixed
from precise.circuits.float_exp import one_instead
from precise.circuits.floats import FloatWires, Layout, float_inputs
from precise.circuits.form import ZERO, Form, Word, constant_word, total, weighted_sum
from precise.circuits.pack import Normalised, pack_normalised
from precise.circuits.remainders import Wanted, guard_columns, primes_beyond
from precise.circuits.roundup import NEAREST
from precise.circuits.series import Polynomials, evaluate_polynomials, one_hot
from precise.circuits.shifting import leading_one, position_bits
from precise.circuits.summing import add_columns
from precise.circuits.symmetric import exclusive_or
from precise.errors import DomainError
from precise.modes import RNE, Rounding

GUARD = 24
"""Bits of constants beyond those that are kept."""
NEAR = 6
"""Binary places that decide k: its error is below 0.04."""
BOUND = 3
"""The default B: arguments below 8."""


def pi_integer(places: int) -> int:
    """Return pi * 2**places, within a unit, by Machin's formula."""

    def arctangent(inverse: int) -> int:
        """Return arctan(1 / inverse) in units."""
        term, result, i = (1 << (places + GUARD)) // inverse, 0, 0
        while term:
            result += -term // (2 * i + 1) if i % 2 else term // (2 * i + 1)
            term //= inverse * inverse
            i += 1
        return result

    return (16 * arctangent(5) - 4 * arctangent(239)) >> GUARD


def sine_and_cosine(numerator: int, denominator: int, places: int) -> tuple[int, int]:
    """Return sin and cos of a fraction within 1 of 0, times 2**places, within a unit."""
    sums, term, i = [0, 0], 1 << (places + GUARD), 0
    while term not in (0, -1):
        sums[i % 2] += -term if i % 4 > 1 else term
        i += 1
        term = term * numerator // (denominator * i)
    return sums[1] >> GUARD, sums[0] >> GUARD


@cache
def wave_polynomials(places: int) -> Polynomials:
    """Return polynomials of 1 + sin(2u - 1), then of 1 + cos(2u - 1), for u of `places` bits in [0, 1)."""
    select = max(2, (places - 1).bit_length() - 1)
    degree = next(k for k in range(1, places + 5) if factorial(k + 1) << ((select - 1) * (k + 1)) > 1 << (places + 4))
    scale, low = places + 6, places - select
    table = []
    for wave in range(2):
        for h in range(1 << select):
            sine, cosine = sine_and_cosine(2 * h - (1 << select), 1 << select, scale + GUARD)
            cycle = (sine, cosine, -sine, -cosine)
            row = []
            for i in range(degree + 1):  # the i-th derivative of sin(2u - 1) is 2**i times the i-th of the cycle
                divisor = factorial(i) << (GUARD + (select - 1) * i)
                row.append((2 * cycle[(i + wave) % 4] + divisor) // (2 * divisor))
            row[0] += 1 << scale
            table.append(row)
    return Polynomials(table, low, scale + low * degree + 2)


def float_wave(
    b: Builder, x: FloatWires, layout: Layout, rounding: Rounding = RNE, *, cosine: bool = False, bound: int = BOUND
) -> FloatWires:
    """Return sin(x) or cos(x), rounded once; 0 where |x| >= 2**bound."""
    p, w = layout.p, layout.w
    nearest = rounding.code in NEAREST
    places = 3 * p + bound + 12
    nudge = p // 2 + 2 if cosine and not nearest else None
    least = -p - p // 2
    fixed = to_fixed(b, x, layout, places, bound, least, nudge=nudge)
    quarter = _quarter(b, fixed, bound)
    odd, flip = (1 - quarter[0], exclusive_or(b, *quarter[:2])) if cosine else quarter[:2]
    angle = _angle(b, fixed, quarter)
    table = wave_polynomials(places + 1)
    with b.stage("leading bits"):
        high = one_hot(b, (*angle[table.scale :], odd))
    unit = table.bits - 2  # the place of 1
    guard = guard_columns(len(primes_beyond(table.bits + 1)))
    wanted = Wanted(unit - places, unit + 2, guard)
    raised = b.materialise(evaluate_polynomials(b, high, angle[: table.scale], table, wanted))
    with b.stage("magnitude"):
        positive = b.exact(raised[-1] + raised[-2], "at least 1")
        waves: Word = (*negate_where(b, raised[:places], 1 - positive), raised[-1])
        bits = b.materialise(one_instead(waves, places, 1 - x.significand[-1]) if cosine and not nearest else waves)
        sign = b.gate(exclusive_or(b, b.gate(flip), 1 - b.gate(positive)))
    with b.stage("leading one"):
        leading = leading_one(b, bits)
        offset = position_bits({k - places: hot for k, hot in enumerate(leading)}, w + 2)
    base = constant_word(layout.bias - p + 1, w + 2)
    result = pack_normalised(b, Normalised(sign, bits, leading, base, offset), layout, rounding, long=True)
    if cosine:
        return _outside(b, x, result, fixed.large)
    # Zero is hidden with the tiny numbers, unless its field is that of a larger one.
    zero = ZERO if least + layout.bias > 0 else 1 - x.significand[-1]
    hidden = fixed.large + fixed.tiny + zero
    return _outside(b, tiny_sine(b, x, rounding.code), result, hidden, fixed.tiny)


def tiny_sine(b: Builder, x: FloatWires, code: str) -> FloatWires:
    """Return x rounded as if it were a bit nearer to 0: x, or the next number towards 0. Three levels."""
    if code in (*NEAREST, "RAZ"):
        return x
    p, top = len(x.significand), x.significand[-1]
    with b.stage("tiny sine"):
        if code == "RTO":  # to the odd one of two neighbours, and the least number stays
            above_least = total((*x.significand[1:-1], *x.field))
            size = p + len(x.field)
            step = b.gate(weighted_sum([(size, top), (-size, x.significand[0]), (1, above_least)]), size + 1)
        else:
            step = b.all_of(top, {"RTP": x.sign, "RTN": 1 - x.sign}.get(code, top))
        lower = (*x.significand[:-1], *x.field)
        borrows = [step, *(b.gate(step - total(lower[:i])) for i in range(1, len(lower) + 1))]
        moved = [
            b.exact(weighted_sum([(1, bit), (-1, borrows[i]), (2, borrows[i + 1])]), "next number towards 0")
            for i, bit in enumerate(lower)
        ]
        word = [b.gate(bit - borrows[-1]) for bit in (*moved[: p - 1], top, *moved[p - 1 :], x.sign)]
    return FloatWires(word[-1], tuple(word[:p]), tuple(word[p:-1]))


def _outside(b: Builder, other: FloatWires, result: FloatWires, hidden: Form, tiny: Form = ZERO) -> FloatWires:
    """Return the result, 0 where it is hidden, but another number where x is tiny."""
    with b.stage("range of x"):
        bits = []
        for wave, own in zip(result.bits, other.bits, strict=True):
            kept = b.gate(wave - hidden)
            bits.append(kept if tiny.is_constant else b.gate(kept + b.all_of(own, tiny)))
    p = len(other.significand)
    return FloatWires(bits[-1], tuple(bits[:p]), tuple(bits[p:-1]))


def _quarter(b: Builder, x: Fixed, bound: int) -> Word:
    """Return k, the integer near 2 x / pi, in two's complement with bound + 2 bits."""
    places = bound + NEAR
    scale = (2 << 2 * places) // pi_integer(places)  # 2**places * 2 / pi
    first = x.places - NEAR
    with b.stage("quarter turns"):
        width = bound + 2 + NEAR + places
        columns = signed_columns(width, x, scale, first, -first, 1 << (NEAR + places - 1))
        return b.materialise(add_columns(b, columns)[NEAR + places :])


def _angle(b: Builder, x: Fixed, quarter: Word) -> Word:
    """Return u = (x - k pi / 2 + 1) / 2, with one place more than x."""
    guard = len(quarter) + 2
    width = x.places + 1 + guard
    scale = pi_integer(x.places + guard - 1)  # pi / 2 * 2**(places + guard)
    with b.stage("angle"):
        columns = signed_columns(width, x, 1, 0, guard, 1 << (x.places + guard))
        for i, bit in enumerate(quarter):
            value = scale << i
            multiple = (value if i == len(quarter) - 1 else -value) % (1 << width)  # the last bit counts -2**i
            for place in range(width):
                if multiple >> place & 1:
                    columns[place].append(bit)
        return b.materialise(add_columns(b, columns)[guard:])


def wave_circuit(p: int, *, cosine: bool = False, bound: int = BOUND, w: int = 0, rounding: Rounding = RNE) -> Circuit:
    """Return the circuit of sin(x) or cos(x) for |x| < 2**bound, of the same depth for every bound.

    The default w is p + 1, as in the papers. Gates grow with p + bound, so all of F_p, whose bound is 2**p + p, is
    within reach for a tiny p only.

    Examples
    --------
    >>> wave_circuit(2, bound=3).depth == wave_circuit(2, bound=6).depth
    True
    """
    layout = Layout(p, w or p + 1)
    if bound < 1:
        raise DomainError(f"wave_circuit: bound must be at least 1; got {bound}")
    b, (x,) = float_inputs(layout, 1)
    result = float_wave(b, x, layout, rounding, cosine=cosine, bound=bound)
    parameters = {"operation": "cos" if cosine else "sin", "p": p, "w": layout.w, "bound": bound}
    return finish(b, [layout.port("x")], [("result", result.bits)], parameters | {"rounding": rounding.code})


def float_sin(b: Builder, x: FloatWires, layout: Layout, rounding: Rounding = RNE) -> FloatWires:
    """Return sin(x) for |x| < 8, rounded to nearest once; 0 elsewhere."""
    return float_wave(b, x, layout, rounding)


def float_cos(b: Builder, x: FloatWires, layout: Layout, rounding: Rounding = RNE) -> FloatWires:
    """Return cos(x) for |x| < 8, rounded to nearest once; 0 elsewhere."""
    return float_wave(b, x, layout, rounding, cosine=True)
