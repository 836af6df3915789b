"""Exact sums of rounded products of MPFR numbers by the extension: when it serves, and what it returns.

The loops (`kernels/fixed_dots.h`) round each product to the product's precision as integers and add all in fixed point,
without an error. They know no range: they serve where no product can leave that of normal numbers.
"""

from __future__ import annotations

from itertools import chain
from typing import Final

import gmpy2

from precise.engines import compiled, wide_fixed
from precise.engines.wide_numbers import ZERO
from precise.engines.wide_rounding import Numbers, WideRounder

#: The precision of operands and products up to which the loops are faster than MPFR's.
TO: Final = 1280


def sums_of_rounded(rows: list[Numbers], columns: list[Numbers], product: WideRounder) -> Numbers | None:
    """Return the exact sums of products of every row with every column, row by row, rounded by `product` before.

    A sum that is zero, whose sign is the terms' affair, is given as +0. None where the loops do not serve: special
    data, products that may be subnormal or overflow, and exponents or precisions too far apart.
    Precondition: rows and columns are equally long, and not empty.
    """
    left, right = (list(chain.from_iterable(side)) for side in (rows, columns))
    bits = max(x.precision for x in chain(left, right))
    if max(bits, product.p) > TO or not wide_fixed.is_there() or not all(map(gmpy2.is_finite, chain(left, right))):
        return None
    module = compiled.extension()
    assert module is not None
    n = max(-(-bits // 64), -(-(product.p + 2) // 128))
    texts = (list(map(gmpy2.to_binary, side)) for side in (left, right))
    mode = compiled.MODES.index(product.code)
    found: list[bytes | None] | None = module.rounded_dots(product.p, mode, n, *product.normal, len(rows[0]), *texts)
    if found is None:
        return None
    return [ZERO if text is None else gmpy2.from_binary(text) for text in found]
