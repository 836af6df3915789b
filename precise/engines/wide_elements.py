"""Elementwise operations of the wide engine: one call of MPFR an element, one rounding."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import repeat
from typing import Final

import gmpy2
import numpy as np

from precise.dyadic import Element
from precise.engines import reference
from precise.engines.carrier import Data, Objects, element_of
from precise.engines.wide_functions import FUNCTION_NAMES, function_values
from precise.engines.wide_numbers import are_regular, element_of_mpfr, is_made, know_finite, mpfr_array
from precise.engines.wide_rounding import WideRounder, numbers_of
from precise.errors import UnsupportedError
from precise.rounding import Rounder

#: The methods of a gmpy2 context that are the operations, special data and signs of zero included.
ARITHMETIC: Final = {
    "round": "plus",
    "add": "add",
    "subtract": "sub",
    "multiply": "mul",
    "divide": "div",
    "fma": "fma",
    "sqrt": "sqrt",
    "square": "square",
    "negative": "minus",
    "abs": "abs",
}

#: Of finite operands other than zero an operation gives an infinity or NaN only with an exception, of which MPFR tells,
#: and these a zero only by underflow, of which it tells too. The others add: where that cancels, the zero is +0 but for
#: rounding toward minus infinity.
_NEVER_ZERO: Final = frozenset({"round", "multiply", "divide", "sqrt", "square", "negative", "abs"})


def columns(operands: tuple[Data, ...], shape: tuple[int, ...]) -> list[Iterable[gmpy2.mpfr]]:
    """Return the elements of broadcast operands in C order, to be read once; a single element is repeated."""
    size = math.prod(shape)
    found: list[Iterable[gmpy2.mpfr]] = []
    for a in operands:
        whole = a if a.shape == shape else np.broadcast_to(a, shape)
        if a.size == 1 != size:
            found.append(repeat(numbers_of(a)[0], size))
        elif is_made(a):  # a list of them all would be read from memory a second time
            found.append(whole.flat)
        else:
            found.append(numbers_of(whole))
    return found


def elementwise(op: str, operands: tuple[Data, ...], rounder: Rounder) -> Objects:
    """Return `op` applied to broadcast operands, element by element in index order."""
    if op not in ARITHMETIC and op not in FUNCTION_NAMES:
        raise UnsupportedError(f"{op}: operation must be one that MPFR rounds correctly; got {op}")
    wide = WideRounder(rounder)
    shape = np.broadcast_shapes(*(a.shape for a in operands))
    rows = columns(operands, shape)
    found = wide.map(ARITHMETIC[op], *rows) if op in ARITHMETIC else function_values(op, rows, wide)
    if wide.native or (op in ARITHMETIC and all(map(are_regular, operands))):
        data = mpfr_array(found, shape)
        wide.require_range()
        if wide.native:
            return data
        if not wide.exceptional and (op in _NEVER_ZERO or wide.code != "RTN"):
            know_finite(data, op in _NEVER_ZERO)
            return data
        found = data.flat

    def redo(i: int) -> Element:
        """Return one result as the reference does."""
        position = np.unravel_index(i, shape)
        data = [_element(np.broadcast_to(a, shape)[position]) for a in operands]
        return rounder(data[0], i) if op == "round" else reference.OPERATIONS[op](*data, rounder, i)

    results = list(found)
    wide.require_range()
    return mpfr_array(wide.settled(results, redo), shape)


def _element(x: object) -> Element:
    """Return one element of any carrier as a datum."""
    if isinstance(x, Element):
        return x
    return element_of_mpfr(x) if isinstance(x, gmpy2.mpfr) else element_of(float(x))  # type: ignore[arg-type]
