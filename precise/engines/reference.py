"""The reference engine: one element at a time in exact arithmetic, every rounding through the one site.

Slow and obviously right. It serves every request; other engines must agree with it in every bit or refuse.
Special data follow IEEE 754-2019, clauses 6 and 7.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np

from precise.dyadic import Element, Special
from precise.engines.accumulate import accumulate_terms, cumulative_sum, matmul, reduce_prod, reduce_sum
from precise.engines.carrier import Data, Objects, object_array, to_objects
from precise.engines.exact_operations import (
    ZERO,
    add,
    exact_product,
    exact_sum,
    is_infinite,
    is_negative,
    is_zero,
    multiply,
    number,
    opposite,
    signed,
    subtract,
    zero,
)
from precise.engines.functions_operations import FUNCTION_OPERATIONS
from precise.errors import DomainError, UnsupportedError
from precise.formats.values import negate
from precise.rounding import Rounder

__all__ = [
    "OPERATIONS",
    "ZERO",
    "accumulate_terms",
    "add",
    "cumulative_sum",
    "elementwise",
    "exact_product",
    "exact_sum",
    "is_infinite",
    "is_negative",
    "is_zero",
    "matmul",
    "multiply",
    "name",
    "number",
    "opposite",
    "reduce_prod",
    "reduce_sum",
    "round_array",
    "signed",
    "subtract",
    "zero",
]

name: Final = "reference"

Operation: TypeAlias = Callable[..., Element]


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


def fma(x: Element, y: Element, z: Element, rounder: Rounder, index: int) -> Element:
    """Return `x * y + z`, rounded once."""
    return exact_sum([exact_product(x, y), z], rounder, index)


def negative(x: Element, rounder: Rounder, index: int) -> Element:
    """Return `-x`: exact, but for the least number of a two's complement format."""
    return rounder(negate(x, rounder.format), index)


def absolute(x: Element, rounder: Rounder, index: int) -> Element:
    """Return `|x|`."""
    return rounder(opposite(x) if is_negative(x) else x, index)


OPERATIONS: Final[dict[str, Operation]] = {
    "add": add,
    "subtract": subtract,
    "multiply": multiply,
    "divide": divide,
    "fma": fma,
    "negative": negative,
    "abs": absolute,
    **FUNCTION_OPERATIONS,
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
