"""Exact instances that refute wrong variants of the statements that the Coq kernel accepts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import factorial

from precise.claims import Counterexample, Evidence, Kind, Scope
from precise.claims.expression import Exact, holds
from proofs import _taylor
from proofs._float_evidence import PRODUCER, Outcome
from proofs._rounding_by_search import paper_members

BITS = 200
HALF = Fraction(1, 2)
DECIMAL = Fraction(1, 10**15)


def instance(values: Mapping[str, Exact], refutes: str) -> Outcome:
    """Return the counterexample that an instance is, or the evidence that it is none."""
    if holds(refutes, dict(values)):
        return Counterexample(values=values, refutes=refutes)
    limit = ", ".join(f"{k} = {v}" for k, v in values.items())
    return Evidence(
        kind=Kind.EXHAUSTIVE, scope=Scope.without_p(limit), cases=1, expected=1, producer=PRODUCER, note=refutes
    )


def beyond(
    low: Fraction, high: Fraction, approximation: Fraction, bound: Callable[[Fraction], Fraction], **named: Exact
) -> Outcome:
    """Return whether an approximation to a value between `low` and `high` is off by more than the bound at it.

    Error from below and bound from above are cut to 15 decimals, so that the instance can be read.
    """
    error = max(low - approximation, approximation - high, Fraction(0))
    limit = max(bound(low), bound(high))
    return instance({**named, "error": cut_down(error), "bound": -cut_down(-limit)}, "error > bound")


def cut_down(x: Fraction) -> Fraction:
    """Return x cut to 15 decimals, downwards."""
    return x // DECIMAL * DECIMAL


def exp_sum(x: Fraction, terms: int) -> Fraction:
    """Return the sum of x^i/i! for i < terms."""
    return sum((x**i / factorial(i) for i in range(terms)), Fraction(0))


def exp_error(x: Fraction, terms: int, bound: Callable[[Fraction], Fraction], **named: Exact) -> Outcome:
    """Return whether the series of exp is off by more than the bound, a function of exp x."""
    low, high = _taylor.exp(x, BITS)
    return beyond(low, high, exp_sum(x, terms), bound, x=x, terms=terms, **named)


def exp_result(p: int, x: Fraction, constant: Fraction, terms: int) -> Outcome:
    """Return whether the algorithm of exp, with this value for log 2, is off by more than 2^-p in F_p."""
    k = x // constant
    got = paper_members(p).nearest(Fraction(2) ** k * exp_sum(x - k * constant, terms))
    low, high = _taylor.exp(x, BITS)
    named: dict[str, Exact] = {"p": p, "x": x, "L": constant, "terms": terms, "got": got}
    return beyond(low, high, got, lambda value: value / 2**p, **named)


def exp_reduced(sign: int) -> Outcome:
    """Return whether exp 0 = 2^k exp(sign * k log 2) fails at k = 1."""
    return instance({"k": 1, "left": 1, "right": 2 * Fraction(2) ** sign}, "left != right")


def sin_error(x: Fraction, factor: Fraction) -> Outcome:
    """Return whether one term of sin is off by more than the factor times x^3/3!."""
    low, high = _taylor.sin(x, BITS)
    return beyond(low, high, x, lambda _: factor * x**3 / 6, x=x, n=0)


def cos_error(x: Fraction, factor: Fraction) -> Outcome:
    """Return whether one term of cos is off by more than the factor times x^2/2!."""
    low, high = _taylor.cos(x, BITS)
    return beyond(low, high, Fraction(1), lambda _: factor * x**2 / 2, x=x, n=0)


def log_two_error(n: int, factor: Fraction) -> Outcome:
    """Return whether thirty terms of the tail of sum 1/(i 2^i) after n + 1 exceed the factor times its bound.

    Both are multiplied by 2^(n+1).
    """
    tail = sum((Fraction(1, (n + 1 + j) * 2**j) for j in range(1, 31)), Fraction(0))
    return instance({"n": n, "tail": cut_down(tail), "bound": factor / (n + 2)}, "tail > bound")


def atan_sum(x: Fraction, n: int) -> Fraction:
    """Return the sum of (-1)^i x^(2i+1)/(2i+1) for i <= n."""
    return sum(((-1) ** i * x ** (2 * i + 1) / (2 * i + 1) for i in range(n + 1)), Fraction(0))


def atan_error(x: Fraction, factor: Fraction) -> Outcome:
    """Return whether one term of arctan is off by more than the factor times x^3/3; two more terms lie around it."""
    return beyond(atan_sum(x, 1), atan_sum(x, 2), x, lambda _: factor * x**3 / 3, x=x, n=0)


def pi_error(second: int, n: int) -> Outcome:
    """Return whether Machin's sums with another second argument exceed 355/113 > pi by more than the bound."""
    power, last = 2 * n + 3, Fraction(1, second)
    value = 4 * (4 * atan_sum(Fraction(1, 5), n) - atan_sum(last, n))
    bound = (16 * Fraction(1, 5**power) + 4 * Fraction(1, 239**power)) / power
    values: dict[str, Exact] = {"n": n, "second": second, "value": cut_down(value), "bound": -cut_down(-bound)}
    return instance(values, "value - bound > 355/113")


def root_sum(r: Fraction, terms: int) -> Fraction:
    """Return the first terms of the binomial series of sqrt at r."""
    term, total = Fraction(1), Fraction(0)
    for i in range(terms):
        total += term
        term *= (HALF - i) / (i + 1) * (r - 1)
    return total


def root_error(root: Fraction, terms: int, bound: Fraction, **named: Exact) -> Outcome:
    """Return whether the binomial series at r = root^2 is off by more than the bound times the root."""
    return beyond(root, root, root_sum(root * root, terms), lambda x: bound * x, root=root, terms=terms, **named)


def root_result(p: int, root: Fraction, terms: int) -> Outcome:
    """Return whether the series at root^2 < 1, rounded in F_p, is off by more than 2^-p."""
    got = paper_members(p).nearest(root_sum(root * root, terms))
    return beyond(root, root, got, lambda value: value / 2**p, p=p, root=root, terms=terms, got=got)


def quarter_turns(a: int, b: int, sign: int) -> Outcome:
    """Return whether R_a^T R_b and R_{b + sign a} differ at (1, 2) for the angle pi/2, where all entries are whole.

    With the sign 0 the identity takes the place of R_{b + sign a}.
    """
    cosine, sine = (1, 0, -1, 0), (0, 1, 0, -1)
    left = -cosine[a % 4] * sine[b % 4] + sine[a % 4] * cosine[b % 4]
    return instance({"a": a, "b": b, "left": left, "right": -sine[(b + sign * a) % 4] * abs(sign)}, "left != right")


def table_entry(k: int, turns_of_r: int, entry: str) -> Outcome:
    """Return whether sin x, cos x miss the values claimed for r = `turns_of_r` quarter turns, where all are whole.

    `entry` is "other branch" for x = (k + 1) pi/2 + r in place of - r, and "absolute" for |k| mod 4, keep branch.
    """
    cosine, sine = (1, 0, -1, 0), (0, 1, 0, -1)
    s, c = sine[turns_of_r % 4], cosine[turns_of_r % 4]
    x = k + 1 + turns_of_r if entry == "other branch" else k + turns_of_r
    keep, other = ((s, c), (c, -s), (-s, -c), (-c, s)), ((c, s), (s, -c), (-c, -s), (-s, c))
    claimed = other[k % 4] if entry == "other branch" else keep[abs(k) % 4]
    values: dict[str, Exact] = {"k": k, "turns": turns_of_r, "sin": sine[x % 4], "cos": cosine[x % 4]}
    values |= {"claimed_sin": claimed[0], "claimed_cos": claimed[1]}
    return instance(values, "sin != claimed_sin or cos != claimed_cos")


def tie_without_even() -> Outcome:
    """Return the midpoint of the first neighbours in F_1 with odd significands both: the rule for ties names none."""
    members = paper_members(1)
    at = next(i for i, odd in enumerate(members.odd) if odd and members.odd[i + 1])
    low, high = (members.fraction(v) for v in members.values[at : at + 2])
    values: dict[str, Exact] = {"p": 1, "x": (low + high) / 2, "low": low, "high": high}
    return instance(values, "p < 2 and x - low == high - x")


def below_the_least() -> Outcome:
    """Return a number below the least float of F_2 that would be a float if exponents had no end."""
    members = paper_members(2)
    x = members.fraction(members.values[1]) / 4
    return instance({"p": 2, "x": x, "got": members.nearest(x)}, "got != x")


def alike(p: int, low: Fraction, high: Fraction, width: Fraction) -> Outcome:
    """Return whether two numbers of one interval between multiples of `width` round differently in F_p."""
    members = paper_members(p)
    values: dict[str, Exact] = {"p": p, "x": low, "y": high, "width": width}
    values |= {"got": members.nearest(low), "other": members.nearest(high)}
    return instance(values, "got != other and y - x < width")


def sticky_value(a: int, b: int) -> Outcome:
    """Return whether the sticky value of a // b, which is not exact, fails to lie below the middle of its interval."""
    low = Fraction(4 * a // b, 4)
    values: dict[str, Exact] = {"a": a, "b": b, "low": low, "slash": low + Fraction(1, 8)}
    return instance(values, "slash != a/b and slash >= low + 1/8")


def without_sign() -> Outcome:
    """Return the tie 5 of F_2 with a positive rest below it: 4 without its sign, 6 with it."""
    members, rest = paper_members(2), Fraction(1, 2**20)
    values: dict[str, Exact] = {"p": 2, "A": 5, "rest": rest}
    values |= {"got": members.nearest(Fraction(5)), "right": members.nearest(5 + rest)}
    return instance(values, "got != right")


def largest_below(n: int, p: int, share: int) -> Outcome:
    """Return whether n largest terms just beyond the gap, n a power of two, reach 2^(-p-share) units."""
    beyond_gap = Fraction(1, 2 ** (2 * p + n.bit_length() - 1 + 3 + 1))
    total = n * (2**p - 1) * beyond_gap
    return instance({"p": p, "n": n, "total": total, "bound": Fraction(1, 2 ** (p + share))}, "total >= bound")
