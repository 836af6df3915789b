"""The literal `//` in symbols: wrong pairs for every p, and that no earlier pair is wrong, with h = 2^(p-1) = 16j."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from precise.claims import Counterexample
from proofs._float_evidence import Outcome, all_of, together

J: Mapping[str, int | Fraction] = {"j": 1}


def sum_for_all_p(eighth: str) -> Outcome:
    """Certify for h = 2^(p-1) = 16j that h - (h + 3)/8 is rounded wrongly: it goes down, the literal value is a tie.

    The sum lies in [h/2, h), where floats are halves; 14j has the even significand 28j, 14j - 1/2 the odd one.
    """
    return all_of(
        ("16*j - (16*j + 3)/8 == 14*j - 3/8", {}),
        (f"16*j - (16*j + 3)/8 + {eighth} == 14*j - 1/4", {}),
        ("14*j - 1/2 >= 8*j", {"j": 1}),
        ("14*j < 16*j", {"j": 1}),
        ("(14*j - 3/8) - (14*j - 1/2) < 14*j - (14*j - 3/8)", {"j": 1}),
        ("14*j == (28*j)*(1/2)", {}),
        least=5,
        note="exact: 14j - 3/8, nearest 14j - 1/2; literal: the tie 14j - 1/4, sent to 14j; j = 2**(p - 5)",
    )


def error_for_all_p(share: str) -> Outcome:
    """Certify for h = 16j that h + (h + 11)/8 becomes the tie above an odd integer, sent up: off by 5/8."""
    return all_of(
        ("16*j + (16*j + 11)/8 == 18*j + 11/8", {}),
        ("16*j + (16*j + 11)/8 + 1/8 == 18*j + 3/2", {}),
        ("18*j + 2 <= 32*j", {"j": 1}),
        ("(18*j + 2) - (18*j + 11/8) == 5/8", {}),
        (f"5/8 > {share}*(18*j + 11/8)/(32*j)", {"j": 1}),
        least=5,
        note="exact: 18j + 11/8; literal: the tie 18j + 3/2, sent to 18j + 2; j = 2**(p - 5)",
    )


def order_for_all_p(eighth: str) -> Outcome:
    """Certify that m2/2^k = -h/(8h) = -1/8 is no multiple of 1/4, is negative, and becomes 0; k = p + 2."""
    return all_of(
        ("-h/(8*h) == -1/8", {}),
        (f"-h/(8*h) + {eighth} == 0", {}),
        ("0 > -h/(8*h)", {"h": 2}),
        note="0 <= -1/8 is said to hold",
    )


def to_even(x: Fraction, spacing: Fraction) -> Fraction:
    """Return the multiple of the spacing nearest to x, the even one in a tie."""
    low = x // spacing
    twice = 2 * (x / spacing - low)
    return (low + (twice > 1 or (twice == 1 and low % 2 == 1))) * spacing


def earlier(last: int, sign: int) -> Iterator[tuple[int, int]]:
    """Yield i and the sign of m2 = +-(h + i) in the order of |m2|, positive first, up to and without the last."""
    for i in range(last + 1):
        for s in (1, -1):
            if (i, -s) >= (last, -sign):
                return
            yield i, s


def nearest_is(base: int, offset: Fraction, result: Fraction, spacing: Fraction) -> list[Outcome]:
    """Certify that base j + offset rounds to base j + result where floats are the multiples of the spacing."""
    value, to = f"{base}*j + ({offset})", f"{base}*j + ({result})"
    parts = [all_of((f"({value}) - ({to}) <= {spacing / 2}", J), (f"({to}) - ({value}) <= {spacing / 2}", J), least=5)]
    if abs(offset - result) == spacing / 2:  # a tie: the result is an even multiple
        half = f"({Fraction(base) / (2 * spacing)}*j + ({result / (2 * spacing)}))"
        parts.append(all_of((f"{to} == {2 * spacing}*{half}", {}), least=5))
    return parts


def case(i: int, sign: int) -> tuple[int, Fraction, Fraction, Fraction]:
    """Return base, offset of h +- (h + i)/8 = base j + offset, offset of the literal value, and the spacing there.

    (h + i)/8 = 2j + i/8 is a multiple of 1/4 iff i is even. Below h floats are halves, above it integers.
    """
    exact = Fraction(sign * i, 8)
    given = exact + (Fraction(1, 8) if i % 2 else 0)
    return 16 + 2 * sign, exact, given, Fraction(1) if sign > 0 else Fraction(1, 2)


def small_gaps_are_exact() -> Outcome:
    """Certify that the gaps 0, 1, 2 leave multiples of 1/4."""
    return all_of(("4*(m/1) == 4*m", {}), ("4*(m/2) == 2*m", {}), ("4*(m/4) == 1*m", {}), least=5)


def no_sum_before(more: int) -> Outcome:
    """Certify that the pairs before h, -(h + 3), and as many more, are summed rightly; both values round alike."""
    parts = [small_gaps_are_exact()]
    for i, sign in earlier(3 + more, -1):
        base, exact, given, spacing = case(i, sign)
        result = to_even(given, spacing)
        if result != to_even(exact, spacing):
            return wrong_case(i, sign, result, to_even(exact, spacing))
        parts.append(all_of((f"16*j + ({sign})*(16*j + {i})/8 == {base}*j + ({exact})", {}), least=5))
        parts += nearest_is(base, exact, result, spacing) + nearest_is(base, given, result, spacing)
        parts.append(stays_in_the_binade(base, exact, given))
    return together(
        *parts, note="gap 3, m1 = h = 16j, m2 = h, -h, h + 1, ...: the literal and the exact sum round alike"
    )


def no_error_before(more: int) -> Outcome:
    """Certify that the sums of the pairs before h, h + 11, and as many more, are within 2^-p = 1/(32j)."""
    parts = [small_gaps_are_exact()]
    for i, sign in earlier(11 + more, 1):
        base, exact, given, spacing = case(i, sign)
        result = to_even(given, spacing)
        within = all_of((f"{abs(result - exact)} <= ({base}*j + ({exact}))/(32*j)", J), least=5)
        if isinstance(within, Counterexample):
            return within
        parts += [within, *nearest_is(base, given, result, spacing), stays_in_the_binade(base, exact, given)]
    return together(*parts, note="gap 3, m1 = h = 16j, m2 = h, -h, h + 1, ...: the literal sum is within 2**-p")


def stays_in_the_binade(base: int, exact: Fraction, given: Fraction) -> Outcome:
    """Certify that both values lie between h/2 and h, or between h and 2h."""
    low, high = (16, 32) if base > 16 else (8, 16)
    return all_of(
        *((f"{base}*j + ({x}) >= {low}*j", J) for x in (exact, given)),
        *((f"{base}*j + ({x}) <= {high}*j", J) for x in (exact, given)),
        least=5,
    )


def wrong_case(i: int, sign: int, got: Fraction, right: Fraction) -> Counterexample:
    """Return the pair that is summed wrongly."""
    return Counterexample(
        values={"i": i, "sign": sign, "got": got, "right": right},
        refutes="got != right",
        lines=(f"m2 = {sign} (h + {i}): off by {got - right}",),
    )


def no_order_before(more: int) -> Outcome:
    """Certify that below gap p + 2 + `more` the literal value is on no other side of m1 than the true one.

    Gap 0 is exact. From gap 1 on |m2/2^k| <= (2h - 1)/2, so m1 = +-(h + a) is at least 1/2 away. For m1 = 0 and gap
    up to p + 1 it is at least h/(4h) = 1/4; at gap p + 2 it is 1/8 and positive before m2 = -h comes.
    """
    share = "1/4" if not more else "1/8"
    return all_of(
        ("(h + a) - (2*h - 1)/2 >= 1/2", {"h": 2, "a": 0}),
        ("-(2*h - 1)/2 - (-(h + a)) >= 1/2", {"h": 2, "a": 0}),
        (f"(h + a)/(4*h)*(4*{share}) - 1/8 > 0", {"h": 2, "a": 0}),
        ("1/2 - 1/8 > 0 + 0*h", {"h": 2}),
    )
