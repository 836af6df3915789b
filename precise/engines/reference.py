"""The reference engine: one element at a time in exact arithmetic, every rounding through the one site.

Slow and obviously right. It serves every request; other engines must agree with it in every bit or refuse.
Special data follow IEEE 754-2019, clauses 6 and 7.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np

from precise.dyadic import Dyadic, Element, Special
from precise.engines.carrier import Data, Objects, object_array, to_objects
from precise.engines.exact_sum import sum_stand_in
from precise.engines.functions import rounded_function
from precise.errors import DomainError, UnsupportedError
from precise.formats.format import Format
from precise.formats.values import negate
from precise.policy import Accumulate
from precise.rounding import Rounder

name: Final = "reference"

ZERO: Final = Dyadic(0)
Operation: TypeAlias = Callable[..., Element]


def is_negative(x: Element) -> bool:
    """Return the sign bit of a datum; NaN counts as positive."""
    return x.c < 0 if isinstance(x, Dyadic) else x in (Special.NEG_ZERO, Special.NEG_INF)


def is_zero(x: Element) -> bool:
    """Return whether a datum is a zero of either sign."""
    return x.c == 0 if isinstance(x, Dyadic) else x is Special.NEG_ZERO


def is_infinite(x: Element) -> bool:
    """Return whether a datum is an infinity."""
    return x is Special.POS_INF or x is Special.NEG_INF


def number(x: Element) -> Dyadic:
    """Return the number that a finite datum is; -0 is 0."""
    if isinstance(x, Dyadic):
        return x
    assert x is Special.NEG_ZERO
    return ZERO


def signed(magnitude: Special, negative: bool) -> Special:
    """Return an infinity with the given sign."""
    assert magnitude is Special.POS_INF
    return Special.NEG_INF if negative else Special.POS_INF


def zero(negative: bool, rounder: Rounder) -> Element:
    """Return the zero with the given sign, as far as the format has two."""
    return rounder.round_special(Special.NEG_ZERO) if negative else ZERO


def _precision(rounder: Rounder) -> int | None:
    """Return the bits on which rounding to the format depends; None for fixed point, where sums are short."""
    p = rounder.format.p
    return None if p is None else p + rounder.rounding.extra_bits


def exact_sum(terms: list[Element], rounder: Rounder, index: int) -> Element:
    """Return the exact sum of data, rounded once.

    Special cases
    -------------
    NaN, or infinities of both signs, give NaN; infinities of one sign win. A sum of zeros of one sign is
    that zero; any other exact zero is +0, or -0 for RTN (IEEE 754-2019, 6.3).
    """
    infinities = {x for x in terms if is_infinite(x)}
    if Special.NAN in terms or len(infinities) == 2:
        return rounder.round_special(Special.NAN)
    if infinities:
        return rounder.round_special(infinities.pop())  # type: ignore[arg-type]
    finite = [number(x) for x in terms]
    precision = _precision(rounder)
    total = sum(finite, ZERO) if precision is None else sum_stand_in(finite, precision)
    if total.c == 0:
        if terms and all(is_zero(x) for x in terms) and len({is_negative(x) for x in terms}) == 1:
            return zero(is_negative(terms[0]), rounder)
        return zero(rounder.rounding.code == "RTN", rounder) if terms else ZERO
    return rounder(total, index)


def add(x: Element, y: Element, rounder: Rounder, index: int) -> Element:
    """Return `x + y`, rounded once."""
    return exact_sum([x, y], rounder, index)


def subtract(x: Element, y: Element, rounder: Rounder, index: int) -> Element:
    """Return `x - y`, rounded once."""
    return exact_sum([x, opposite(y)], rounder, index)


def opposite(x: Element) -> Element:
    """Return `-x`, where the zero has two signs."""
    if isinstance(x, Dyadic):
        return -x if x.c else Special.NEG_ZERO
    if x is Special.NEG_ZERO:
        return ZERO
    return x if x is Special.NAN else signed(Special.POS_INF, x is Special.POS_INF)


def exact_product(x: Element, y: Element) -> Element:
    """Return the exact product of two data, with signed zeros, infinities and NaN."""
    if x is Special.NAN or y is Special.NAN:
        return Special.NAN
    negative = is_negative(x) != is_negative(y)
    if is_infinite(x) or is_infinite(y):
        return Special.NAN if is_zero(x) or is_zero(y) else signed(Special.POS_INF, negative)
    product = number(x) * number(y)
    return Special.NEG_ZERO if product.c == 0 and negative else product


def multiply(x: Element, y: Element, rounder: Rounder, index: int) -> Element:
    """Return `x * y`, rounded once."""
    return rounder(exact_product(x, y), index)


def divide(x: Element, y: Element, rounder: Rounder, index: int) -> Element:
    """Return `x / y`, rounded once.

    Special cases
    -------------
    `0 / 0` and `inf / inf` are NaN; `x / 0` is an infinity with the product of the signs. Raises
    `DomainError` for a zero divisor in a format that has neither infinities nor NaN.
    """
    if x is Special.NAN or y is Special.NAN:
        return rounder.round_special(Special.NAN)
    negative = is_negative(x) != is_negative(y)
    if is_zero(y):
        fmt = rounder.format
        if not (fmt.infinities or fmt.nan):
            raise DomainError(
                f"divide: divisor must not be zero in {fmt}, which has no infinity and no NaN; got {x}/{y}"
            )
        undefined = is_zero(x)
        return rounder.round_special(Special.NAN if undefined else signed(Special.POS_INF, negative))
    if is_infinite(x):
        return rounder.round_special(Special.NAN if is_infinite(y) else signed(Special.POS_INF, negative))
    if is_infinite(y) or is_zero(x):
        return zero(negative, rounder)
    a, b = number(x), number(y)
    return rounder.round_ratio(-a.c if b.c < 0 else a.c, abs(b.c), a.q - b.q, index)


def pole(op: str, x: Element, fmt: Format) -> Special:
    """Return -infinity, the logarithm of zero, or raise in a format that can say neither that nor NaN."""
    if not (fmt.infinities or fmt.nan):
        raise DomainError(f"{op}: argument must not be zero in {fmt}, which has no infinity and no NaN; got {x}")
    return Special.NEG_INF


def fma(x: Element, y: Element, z: Element, rounder: Rounder, index: int) -> Element:
    """Return `x * y + z`, rounded once."""
    return exact_sum([exact_product(x, y), z], rounder, index)


def negative(x: Element, rounder: Rounder, index: int) -> Element:
    """Return `-x`: exact, but for the least number of a two's complement format."""
    return rounder(negate(x, rounder.format), index)


def absolute(x: Element, rounder: Rounder, index: int) -> Element:
    """Return `|x|`."""
    return rounder(opposite(x) if is_negative(x) else x, index)


def _function(function: str) -> Operation:
    """Return the elementwise operation of an elementary function, special data included."""
    at_infinity: dict[str, tuple[Element, Element]] = {  # at -inf, at +inf
        "exp": (ZERO, Special.POS_INF),
        "log": (Special.NAN, Special.POS_INF),
        "sqrt": (Special.NAN, Special.POS_INF),
        "tanh": (Dyadic(-1), Dyadic(1)),
    }

    def apply(x: Element, rounder: Rounder, index: int) -> Element:
        if x is Special.NAN:
            return rounder.round_special(Special.NAN)
        if is_infinite(x):
            value = at_infinity.get(function, (Special.NAN, Special.NAN))[x is Special.POS_INF]
            return rounder(value, index)
        if is_zero(x):
            if function == "log":
                return rounder.round_special(pole("log", x, rounder.format))
            if function not in ("exp", "cos"):
                return zero(is_negative(x), rounder)
        if function in ("log", "sqrt") and is_negative(x) and not is_zero(x):
            return rounder.round_special(Special.NAN)
        return rounded_function(function, number(x), rounder, index)

    return apply


OPERATIONS: Final[dict[str, Operation]] = {
    "add": add,
    "subtract": subtract,
    "multiply": multiply,
    "divide": divide,
    "fma": fma,
    "negative": negative,
    "abs": absolute,
    **{f: _function(f) for f in ("sqrt", "exp", "log", "sin", "cos", "tan", "tanh")},
}


def round_array(x: Data, rounder: Rounder) -> Objects:
    """Return every element rounded to the format."""
    return elementwise("round", (x,), rounder)


def elementwise(op: str, operands: tuple[Data, ...], rounder: Rounder) -> Objects:
    """Return `op` applied to broadcast operands, element by element in index order."""
    if op != "round" and op not in OPERATIONS:
        raise UnsupportedError(f"{op}: operation must be one of {', '.join(OPERATIONS)}; got {op}")
    arrays = np.broadcast_arrays(*(to_objects(a) for a in operands))
    rows = zip(*(a.ravel().tolist() for a in arrays), strict=True)
    if op == "round":
        return object_array((rounder(x, i) for i, (x,) in enumerate(rows)), arrays[0].shape)
    function = OPERATIONS[op]
    return object_array((function(*row, rounder, i) for i, row in enumerate(rows)), arrays[0].shape)


def _step(rounder: Rounder, k: int) -> Rounder:
    """Return the rounder of step `k` of a reduction: fresh random bits for SR, the same rounder otherwise."""
    if rounder.rounding.code != "SR":
        return rounder
    return Rounder(rounder.format, rounder.rounding.fold_in(k), rounder.overflow, rounder.underflow)


def accumulate_terms(terms: list[Element], how: Accumulate, results: Rounder, index: int) -> Element:
    """Return the sum of the terms in the order of `how`: steps in the accumulator, the total in the results' format."""
    inner = how.rounder(results)
    if how.order == "exact":
        return exact_sum(terms, results, index)
    if not terms:
        return ZERO
    if how.order == "sequential":
        total = inner(terms[0], index)
        for k, term in enumerate(terms[1:], 1):
            total = add(total, term, _step(inner, k), index)
        return results(total, index)
    level, k = terms, 0
    if len(level) == 1:
        return results(inner(level[0], index), index)
    while len(level) > 1:
        pairs = []
        for i in range(0, len(level) - 1, 2):
            k += 1
            pairs.append(add(level[i], level[i + 1], _step(inner, k), index))
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return results(level[0], index)


def reduce_sum(x: Data, how: Accumulate, results: Rounder) -> Objects:
    """Return the sums over the last axis."""
    objects = to_objects(x)
    rows = objects.reshape(math.prod(objects.shape[:-1]), objects.shape[-1]).tolist()
    return object_array((accumulate_terms(row, how, results, i) for i, row in enumerate(rows)), objects.shape[:-1])


def reduce_prod(x: Data, how: Accumulate, results: Rounder) -> Objects:
    """Return the products over the last axis: exact and rounded once, or a chain of rounded products in index order."""
    objects = to_objects(x)
    rows = objects.reshape(math.prod(objects.shape[:-1]), objects.shape[-1]).tolist()
    return object_array((_product(row, how, results, i) for i, row in enumerate(rows)), objects.shape[:-1])


def _product(row: list[Element], how: Accumulate, results: Rounder, index: int) -> Element:
    """Return the product of one row."""
    inner, total = how.rounder(results), Dyadic(1)
    if how.order == "exact":
        running: Element = total
        for x in row:
            running = exact_product(running, x)
        return results(running, index)
    chain: Element = inner(row[0], index) if row else Dyadic(1)
    for k, x in enumerate(row[1:], 1):
        chain = multiply(chain, x, _step(inner, k), index)
    return results(chain, index)


def matmul(a: Data, b: Data, how: Accumulate, results: Rounder) -> Objects:
    """Return the matrix products of `a: [..., n, k]` and `b: [..., k, m]`."""
    left, right = to_objects(a), to_objects(b)
    batch = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
    left = np.broadcast_to(left, batch + left.shape[-2:])
    right = np.broadcast_to(right, batch + right.shape[-2:])
    inner = how.rounder(results)
    flat: list[Element] = []
    for where in np.ndindex(*batch):
        rows, columns = left[where].tolist(), right[where].T.tolist()
        for row in rows:
            for column in columns:
                flat.append(_dot(row, column, how, inner, results, len(flat)))
    return object_array(flat, (*batch, left.shape[-2], right.shape[-1]))


def _dot(
    row: list[Element], column: list[Element], how: Accumulate, inner: Rounder, results: Rounder, index: int
) -> Element:
    """Return one entry of a matrix product."""
    if how.products == "exact":
        terms = [exact_product(x, y) for x, y in zip(row, column, strict=True)]
    else:
        pairs = enumerate(zip(row, column, strict=True))
        terms = [multiply(x, y, _step(inner, -1 - k), index) for k, (x, y) in pairs]
    return accumulate_terms(terms, how, results, index)
