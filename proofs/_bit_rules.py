"""The rules of the float operations as bit vectors: significands as inputs, rounding written out, no float theory.

Exponents are unbounded; the gap k of the exponents is an input. Values are integers in units of a small power of
two that each function names. Every number has room for its largest value and a sign, so nothing wraps.
"""

from __future__ import annotations

from dataclasses import dataclass

from precise.claims.bitvectors import (
    Term,
    all_true,
    choose,
    is_false,
    magnitude,
    name,
    numeral,
    some_true,
    wide,
)
from precise.claims.smt import Claim

RULES = ("sticky", "literal", "no sticky bit", "one guard bit")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two operands of p bits: signed significands, as wide as all that is done with them, and the gap.

    The first is x = m1 in units 2^k times those of the second, y = m2.
    """

    p: int
    width: int
    gap: int
    m1: Term
    m2: Term
    k: Term

    @property
    def hypotheses(self) -> tuple[Term, ...]:
        """m1 is a full significand, m2 one or 0, and k at most the largest gap."""
        zero = self.m2.equals(0)
        return (is_full(self.m1, self.p), some_true(zero, is_full(self.m2, self.p)), self.k <= self.gap)


def operands(p: int, gap: int, spare: int) -> Pair:
    """Return operands with room for p bits, the gap, `spare` bits and a sign."""
    width = p + gap + spare + 1
    m1, m2 = (wide(name(word, p + 1), width, signed=True) for word in ("m1", "m2"))
    return Pair(p, width, gap, m1, m2, wide(name("k", gap.bit_length()), width))


def is_full(m: Term, p: int) -> Term:
    """Return whether the magnitude has exactly p bits."""
    size = magnitude(m)
    return all_true(numeral(1 << (p - 1), m.width) <= size, size < 1 << p)


def unit_of(size: Term, p: int) -> Term:
    """Return the spacing of the p-bit floats at a magnitude: the power of two of its exponent, at least 1."""
    unit = numeral(1, size.width)
    for shift in range(1, size.width - p):
        unit = choose(numeral(1 << (p + shift - 1), size.width) <= size, numeral(1 << shift, size.width), unit)
    return unit


def rounded(x: Term, p: int) -> Term:
    """Return the integer x rounded to p bits, ties to even."""
    size = magnitude(x)
    unit = unit_of(size, p)
    rest = size & (unit - 1)
    down = size - rest
    odd = is_false((down & unit).equals(0))
    up = some_true(unit < rest + rest, all_true((rest + rest).equals(unit), odd))
    result = choose(up, down + unit, down)
    return choose(x.below(0), -result, result)


def eighths(m: Term, k: Term, rule: str) -> Term:
    """Return m // 2^k in eighths, by one of the rules that cut."""
    bits = {"sticky": 2, "no sticky bit": 2, "one guard bit": 1}[rule]
    scaled = m << bits
    cut = scaled.asr(k)
    inexact = is_false((cut << k).equals(scaled))
    last = {"sticky": 1, "no sticky bit": 0, "one guard bit": 2}[rule]
    return (cut << (3 - bits)) + choose(inexact, numeral(last, m.width), 0)


def literal_value(m: Term, k: Term) -> Term:
    """Return m // 2^k as printed, in units 2^-(k+3): eight m, and 2^k more unless m / 2^k is a multiple of 1/4."""
    scaled = m << 2
    inexact = is_false((scaled.asr(k) << k).equals(scaled))
    return (m << 3) + choose(inexact, numeral(1, m.width) << k, 0)


def handed(pair: Pair, rule: str) -> tuple[Term, Term]:
    """Return the sum that the rule hands to the rounding, and the exact one, both in units 2^-(k+3)."""
    exact = ((pair.m1 << pair.k) + pair.m2) << 3
    if rule == "literal":
        return (pair.m1 << (pair.k + 3)) + literal_value(pair.m2, pair.k), exact
    return ((pair.m1 << 3) + eighths(pair.m2, pair.k, rule)) << pair.k, exact


def addition(p: int, gap: int, rule: str) -> Claim:
    """Return the claim that addition by the rule is the exact sum, rounded."""
    pair = operands(p, gap, 4)
    by_rule, exact = handed(pair, rule)
    return Claim(pair.hypotheses, rounded(by_rule, p).equals(rounded(exact, p)))


def error_bound(p: int, gap: int, rule: str) -> Claim:
    """Return the claim that addition by the rule is within 2^-p of the exact sum, relatively."""
    pair = operands(p, gap, p + 4)
    by_rule, exact = handed(pair, rule)
    off = magnitude(rounded(by_rule, p) - exact)
    return Claim(pair.hypotheses, (off << p) <= magnitude(exact))


def comparison(p: int, gap: int, rule: str) -> Claim:
    """Return the claim that m1 <= m2 // 2^k says whether x <= y, and m2 // 2^k <= m1 whether y <= x; both may be 0."""
    pair = operands(p, gap, 4)
    zero_or_full = some_true(pair.m1.equals(0), is_full(pair.m1, p))
    x, y = pair.m1 << pair.k, pair.m2
    if rule == "literal":
        left, right = pair.m1 << (pair.k + 3), literal_value(pair.m2, pair.k)
    else:
        left, right = pair.m1 << 3, eighths(pair.m2, pair.k, rule)
    return Claim(
        (zero_or_full, *pair.hypotheses[1:]),
        all_true(left.at_most(right).equals(x.at_most(y)), right.at_most(left).equals(y.at_most(x))),
    )


def product(p: int, mistake: str = "") -> Claim:
    """Return the claim that no p-bit float is nearer to an integer of 2p bits than its rounding.

    And that in a tie the significand is even. The float is c 2^j for any c of p bits and any j.
    """
    width = 2 * p + 2
    v, c, j = wide(name("v", 2 * p), width), wide(name("c", p), width), wide(name("j", p.bit_length()), width)
    result = truncated(v, p) if mistake else rounded(v, p)
    other = c << j
    mine, its = magnitude(result - v), magnitude(other - v)
    odd = is_false((result & unit_of(v, p)).equals(0))
    nearer = some_true(its < mine, all_true(its.equals(mine), is_false(other.equals(result)), odd))
    return Claim((j <= p,), is_false(nearer))


def truncated(x: Term, p: int) -> Term:
    """Return a magnitude rounded towards 0: a wrong rounding."""
    return x - (x & (unit_of(x, p) - 1))


def division(p: int, rule: str) -> Claim:
    """Return the claim that division by the rule is a nearest float of the quotient m1 2^(p-1) / m2, even in a tie.

    The quotient lies in (2^(p-2), 2^p), so floats are halves below 2^(p-1) and integers above. Result R in
    halves: it is a whole number of the spacing, and |R m2 - N| is at most half a spacing times m2, N = m1 2^p.
    """
    width = 3 * p + 3
    m1, m2 = (wide(name(word, p), width) for word in ("m1", "m2"))
    bits = 1 if rule == "one guard bit" else 2
    dividend = m1 << (p - 1 + bits)
    quotient = dividend // m2
    inexact = is_false((quotient * m2).equals(dividend))
    last = {"sticky": 1, "no sticky bit": 0, "one guard bit": 2}[rule]
    value = (quotient << (3 - bits)) + choose(inexact, numeral(last, width), 0)
    halves = rounded(value << 1, p) >> 3  # at least 2^(p+2) sixteenths, so a multiple of 8 of them
    n = m1 << p
    spacing = choose(n < (m2 << p), numeral(1, width), 2)
    off, limit = magnitude((halves * m2) - n) << 1, spacing * m2
    even = (halves & spacing).equals(0)
    nearest = some_true(off < limit, all_true(off.equals(limit), even))
    full = all_true(*(numeral(1 << (p - 1), width) <= m for m in (m1, m2)))
    return Claim((full,), all_true((halves & (spacing - 1)).equals(0), nearest))


def floor(p: int, towards_zero: bool = False) -> Claim:
    """Return the claim that the quotient j of m by 2^k has j <= m / 2^k < j + 1, k <= p + 2."""
    width = 2 * p + 6
    m, k = wide(name("m1", p + 1), width, signed=True), wide(name("k", (p + 2).bit_length()), width)
    size = magnitude(m) >> k
    quotient = choose(m.below(0), -size, size) if towards_zero else m.asr(k)
    return Claim(
        (is_full(m, p), k <= p + 2),
        all_true((quotient << k).at_most(m), m.below((quotient + 1) << k)),
    )
