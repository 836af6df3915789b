"""Operations of two arguments as 62 truncated bits and a sticky flag: integers where they are rational, else MPFR."""

from __future__ import annotations

from collections.abc import Callable
from math import copysign, isinf, isnan

import gmpy2
import numpy as np
from oracles import mpfr
from oracles.floats import FLOATS, as_value
from oracles.functions import Row, leading, mantissa
from oracles.integers import Value, exact_add, exact_divide, exact_multiply, negated
from oracles.lanes import WIDTH, Exact, Floats, from_parts

ARITHMETIC = ("add", "subtract", "multiply", "divide")
REMAINDERS = ("remainder", "ieee_remainder")
CHOICES = ("maximum", "minimum", "maximum_number", "minimum_number")
POWERS = ("pow", "hypot", "atan2")
BINARY = (*ARITHMETIC, *REMAINDERS, *CHOICES, *POWERS)
Pair = tuple[int, int]


def exact_binary(operation: str, x1: Floats, x2: Floats, mode: str = "RNE") -> Exact:
    """Return every result before rounding; the mode matters only for the sign of a zero sum (RTN or another)."""
    if operation in POWERS:
        ctx = gmpy2.context(precision=WIDTH, round=gmpy2.RoundToZero)
        return from_parts(mpfr.parts(list(map(getattr(ctx, operation), mpfr.column(x1), mpfr.column(x2)))))
    known = {v: mantissa(v) for v in {*x1.tolist(), *x2.tolist()} if v != 0 and v - v == 0}
    finite = FINITE.get(operation)
    special = special_rule(operation, mode)
    rows: list[Row] = []
    for a, b in zip(x1.tolist(), x2.tolist(), strict=True):
        x, y = known.get(a), known.get(b)
        found = finite(x, y) if x is not None and y is not None and finite is not None else None
        rows.append(special(a, b) if found is None else found)
    return from_parts(rows)


def align(x: Pair, y: Pair) -> tuple[int, int, int]:
    """Return both numbers as integers over one power of two."""
    low = min(x[1], y[1])
    return x[0] << (x[1] - low), y[0] << (y[1] - low), low


def add(x: Pair, y: Pair) -> Row | None:
    """Return x + y, or None where it is zero."""
    m, n, low = align(x, y)
    return leading(m + n, low) if m + n else None


def subtract(x: Pair, y: Pair) -> Row | None:
    """Return x - y, or None where it is zero."""
    return add(x, (-y[0], y[1]))


def multiply(x: Pair, y: Pair) -> Row | None:
    """Return x * y."""
    return leading(x[0] * y[0], x[1] + y[1])


def divide(x: Pair, y: Pair) -> Row | None:
    """Return the leading bits of x / y, and whether the division leaves a remainder."""
    extra = max(0, WIDTH + 2 + y[0].bit_length() - x[0].bit_length())
    quotient, rest = divmod(abs(x[0]) << extra, abs(y[0]))
    negative = (x[0] < 0) != (y[0] < 0)
    return leading(-quotient if negative else quotient, x[1] - y[1] - extra, rest != 0)


def remainder(x: Pair, y: Pair) -> Row | None:
    """Return x - floor(x / y) * y, or None where it is zero."""
    m, n, low = align(x, y)
    rest = m - (m // n) * n
    return leading(rest, low) if rest else None


def ieee_remainder(x: Pair, y: Pair) -> Row | None:
    """Return x - n * y, n the integer nearest to x / y, even in a tie (IEEE 754-2019, 5.3.1), or None where zero."""
    m, n, low = align(x, y)
    below = m // n
    twice = 2 * (m - below * n)
    if abs(twice) > abs(n) or (abs(twice) == abs(n) and below % 2 == 1):
        below += 1
    rest = m - below * n
    return leading(rest, low) if rest else None


FINITE: dict[str, Callable[[Pair, Pair], Row | None]] = {
    "add": add,
    "subtract": subtract,
    "multiply": multiply,
    "divide": divide,
    "remainder": remainder,
    "ieee_remainder": ieee_remainder,
}


def special_rule(operation: str, mode: str) -> Callable[[float, float], Row]:
    """Return the rule for zeros, infinities, NaN and zero results."""
    if operation in ARITHMETIC:
        return lambda a, b: as_row(arithmetic(operation, as_value(a), as_value(b), mode))
    return {"remainder": floor_special, "ieee_remainder": ieee_special}.get(operation) or chooser(operation)


def arithmetic(operation: str, x: Value, y: Value, mode: str) -> Value:
    """Return + - * / by the slow oracle."""
    if operation == "multiply":
        return exact_multiply(x, y)
    if operation == "divide":
        return exact_divide(x, y)
    return exact_add(x, y if operation == "add" else negated(y), mode)


def as_row(value: Value) -> Row:
    """Return a fraction with a power of two below, or a special, as a row."""
    if isinstance(value, str):
        return FLOATS[value]
    return leading(value.numerator, 1 - value.denominator.bit_length()) if value else 0.0


def floor_special(a: float, b: float) -> Row:
    """Return the remainder with the divisor's sign at zeros and infinities (array API 2024.12, remainder)."""
    if isnan(a) or isnan(b) or isinf(a) or b == 0:
        return np.nan
    if a == 0 or not isinf(b):
        return copysign(0.0, b)
    return as_row(as_value(a)) if (a < 0) == (b < 0) else b


def ieee_special(a: float, b: float) -> Row:
    """Return the IEEE remainder at zeros and infinities; a zero has the sign of the dividend."""
    if isnan(a) or isnan(b) or isinf(a) or b == 0:
        return np.nan
    if a == 0 or not isinf(b):
        return copysign(0.0, a)
    return as_row(as_value(a))


def chooser(operation: str) -> Callable[[float, float], Row]:
    """Return the larger or smaller operand, -0 below +0 (IEEE 754-2019, 9.6); a number wins over NaN where named so."""
    largest, prefers_number = operation.startswith("maximum"), operation.endswith("number")

    def choose(a: float, b: float) -> Row:
        if isnan(a) or isnan(b):
            kept = b if isnan(a) else a
            return row_of(kept) if prefers_number else np.nan
        first = (a, copysign(1.0, a)) > (b, copysign(1.0, b))
        return row_of(a if first == largest else b)

    return choose


def row_of(v: float) -> Row:
    """Return a float as a row."""
    return v if v == 0 or v - v != 0 else leading(*mantissa(v))


def exact_fma(x1: Floats, x2: Floats, x3: Floats, mode: str = "RNE") -> Exact:
    """Return x1 * x2 + x3 before rounding, in integers; the mode is for the sign of a zero."""
    rows: list[Row] = []
    for a, b, c in zip(x1.tolist(), x2.tolist(), x3.tolist(), strict=True):
        if a == 0 or b == 0 or c == 0 or a - a != 0 or b - b != 0 or c - c != 0:
            rows.append(as_row(exact_add(exact_multiply(as_value(a), as_value(b)), as_value(c), mode)))
            continue
        (m, e), (n, f) = mantissa(a), mantissa(b)
        found = add((m * n, e + f), mantissa(c))
        rows.append((-0.0 if mode == "RTN" else 0.0) if found is None else found)
    return from_parts(rows)
