"""What IEEE 754 says of zeros with a sign, infinities and NaN, on exact fractions and words."""

from __future__ import annotations

from fractions import Fraction

from precise.dyadic import Dyadic, Special
from proofs._float_evidence import Value

SPECIALS = {str(s): s for s in Special}


def element(x: Value) -> Dyadic | Special:
    """Return the datum of the package that a fraction or word is."""
    if isinstance(x, str):
        return SPECIALS[x]
    x = Fraction(x)
    return Dyadic(x.numerator, 1 - x.denominator.bit_length())


def negated(x: Value) -> Value:
    """Return -x, where zero has two signs."""
    words: dict[Value, Value] = {"-0": Fraction(0), "inf": "-inf", "-inf": "inf", "nan": "nan"}
    return words[x] if isinstance(x, str) else -x if x else "-0"


def size(x: Value) -> Fraction:
    """Return the number that a finite datum is."""
    return Fraction(0) if x == "-0" else Fraction(x)


def negative(x: Value) -> bool:
    """Return the sign bit."""
    return x in ("-0", "-inf") if isinstance(x, str) else x < 0


def exact(op: str, x: Value, y: Value, mode: str) -> Value:
    """Return the exact result, or the special datum that IEEE 754-2019, clauses 6.1, 6.3 and 7.2, name."""
    if "nan" in (x, y):
        return "nan"
    if op == "subtract":
        return exact("add", x, negated(y), mode)
    infinite = [v for v in (x, y) if v in ("inf", "-inf")]
    sign = negative(x) != negative(y)
    if op == "add":
        if infinite:
            return infinite[0] if len(set(infinite)) == 1 else "nan"
        total = size(x) + size(y)
        if total or (x == 0 and y == 0):
            return total
        return "-0" if (x, y) == ("-0", "-0") or mode == "RTN" else Fraction(0)
    if op == "multiply":
        if infinite:
            return "nan" if not all(v in infinite or size(v) for v in (x, y)) else "-inf" if sign else "inf"
        return size(x) * size(y) or ("-0" if sign else Fraction(0))
    if y in infinite:
        return "nan" if x in infinite else "-0" if sign else Fraction(0)
    if x in infinite or size(y) == 0:
        return "nan" if x not in infinite and size(x) == 0 else "-inf" if sign else "inf"
    return size(x) / size(y) or ("-0" if sign else Fraction(0))


def related(op: str, x: Value, y: Value) -> bool:
    """Return a comparison of two data: unordered with NaN, zeros equal."""
    if "nan" in (x, y):
        return op == "not_equal"
    ends = {"inf": Fraction(2**2000), "-inf": Fraction(-(2**2000))}
    a, b = (ends[v] if isinstance(v, str) and v in ends else size(v) for v in (x, y))
    return {
        "less": a < b, "less_equal": a <= b, "equal": a == b, "not_equal": a != b, "greater": a > b,
        "greater_equal": a >= b,
    }[op]  # fmt: skip


def extreme(op: str, x: Value, y: Value) -> Value:
    """Return maximum or minimum: NaN wins, and -0 is below 0."""
    if "nan" in (x, y):
        return "nan"
    low, high = (x, y) if related("less", x, y) or (related("equal", x, y) and x == "-0") else (y, x)
    return high if op == "maximum" else low
