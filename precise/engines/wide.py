"""The wide engine: formats of any precision on MPFR and Arb, one number an element.

It returns the reference's bits or raises `UnsupportedError`. Beside each part stand the conditions under which it does:
`wide_numbers` (exponents), `wide_rounding` (formats, modes, policies), `wide_functions`, `wide_sums`, `wide_products`.
"""

from __future__ import annotations

from typing import Final

from precise.engines.carrier import Data, Objects
from precise.engines.wide_elements import elementwise
from precise.engines.wide_products import matmul
from precise.engines.wide_sums import cumulative_sum, reduce_prod, reduce_sum
from precise.rounding import Rounder

__all__ = ["cumulative_sum", "elementwise", "matmul", "name", "reduce_prod", "reduce_sum", "round_array"]

name: Final = "wide"


def round_array(x: Data, rounder: Rounder) -> Objects:
    """Return every element rounded to the format."""
    return elementwise("round", (x,), rounder)
