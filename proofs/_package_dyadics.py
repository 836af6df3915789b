"""The exact numbers of `precise` against Python's fractions, on all pairs of a small set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from precise.dyadic import Dyadic
from proofs._float_evidence import Outcome, Row, agreement

SIGNIFICANDS = (0, 1, -1, 2, 3, -3, 5, -6, 7, 12, -21)
EXPONENTS = (-67, -3, 0, 1, 2, 61)
WHERE = f"c 2^q, c in {{{', '.join(map(str, SIGNIFICANDS))}}}, q in {{{', '.join(map(str, EXPONENTS))}}}"
FAR = 2**40
CELLS = ("value", "sum", "difference", "product", "order", "text", "far")

Binary = Callable[[Dyadic, Dyadic], Dyadic]


def numbers() -> list[tuple[Dyadic, Fraction]]:
    """Return the set twice: as numbers of the package and as fractions."""
    return [(Dyadic(c, q), c * Fraction(2) ** q) for c in SIGNIFICANDS for q in EXPONENTS]


def fraction(x: Dyadic) -> Fraction:
    """Return c 2^q without the package's own conversion."""
    return x.c * Fraction(2) ** x.q


def exponent_by_search(x: Fraction) -> int:
    """Return the e with 2^e <= |x| < 2^(e+1)."""
    return next(e for e in range(-80, 80) if Fraction(2) ** e <= abs(x) < Fraction(2) ** (e + 1))


def order_words(a: Dyadic, b: Dyadic | Fraction | int) -> str:
    """Return the truth of six comparisons."""
    return f"{a < b} {a <= b} {a > b} {a >= b} {a == b} {a != b}"


def right_order(a: Fraction, b: Fraction) -> str:
    """Return the same of fractions."""
    return f"{a < b} {a <= b} {a > b} {a >= b} {a == b} {a != b}"


def rows(add: Binary) -> Iterator[Row]:
    """Yield every comparison; `add` is the package's, or a mutant."""
    found = numbers()
    for x, a in found:
        at = f"{a}"
        odd = x.c % 2 == 1 or (x.c, x.q) == (0, 0)
        yield "value", f"canonical {at}", str(odd), "True"
        yield "value", f"fraction of {at}", x.to_fraction(), a
        yield "value", f"-({at})", fraction(-x), -a
        yield "value", f"|{at}|", fraction(abs(x)), abs(a)
        yield "value", f"hash of {at}", hash(x), hash(a)
        yield "value", f"sign of {at}", x.sign, (a > 0) - (a < 0)
        yield "value", f"truth of {at}", str(bool(x)), str(a != 0)
        yield "value", f"8 * {at}", fraction(x.scaled(3)), 8 * a
        yield "value", f"units of {at}", x.integer_at(-70), int(a * 2**70)
        yield "value", f"exponent of {at}", x.e if a else 0, exponent_by_search(a) if a else 0
        yield "text", f"float of {at}", Fraction(x.to_float()), a
        yield "text", f"from float {at}", fraction(Dyadic.from_float(float(a))), a
        yield "text", f"from fraction {at}", fraction(Dyadic.from_fraction(a)), a
        yield "text", f"hexadecimal {at}", Fraction(float.fromhex(x.to_hex())), a
        yield "text", f"from hexadecimal {at}", fraction(Dyadic.from_hex(float(a).hex())), a
        yield (
            "text",
            f"from decimal {at}",
            fraction(Dyadic.from_str(f"{a.numerator}e0")),
            Fraction(a.numerator),
        )
        for y, b in found:
            yield "sum", (a, "+", b), fraction(add(x, y)), a + b
            yield "difference", (a, "-", b), fraction(x - y), a - b
            yield "product", (a, "*", b), fraction(x * y), a * b
            yield "order", (a, "?", b), order_words(x, y), right_order(a, b)
        for b in (Fraction(1, 3), Fraction(-7, 5), Fraction(2)):
            yield "order", (a, "?", b), order_words(x, b), right_order(a, b)
        for number in (-3, 0, 1, 5):
            yield "order", f"{a} ? {number}", order_words(x, number), right_order(a, Fraction(number))
    for sign in (1, -1):
        big, less = Dyadic(3 * sign, FAR), Dyadic(sign, FAR + 1)
        yield (
            "far",
            "3 * 2**k ? 2**(k+1)",
            order_words(big, less),
            right_order(Fraction(3 * sign), Fraction(2 * sign)),
        )
        yield "far", "1 ? 2**k", order_words(Dyadic(1), big), right_order(Fraction(1), Fraction(2 * sign))
        yield "far", "3 * 2**k - 2**(k+1)", (big - less).c, sign
        yield "far", "exponent of the difference", (big - less).q, FAR


def dyadics_are_exact(add: Binary = Dyadic.__add__) -> Outcome:
    """Return the evidence that numbers, sums, products, order and text of the package are exact."""
    n = len(SIGNIFICANDS) * len(EXPONENTS)
    return agreement(rows(add), n * (16 + 4 * n + 7) + 8, (), where=WHERE)
