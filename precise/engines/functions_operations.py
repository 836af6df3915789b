"""The operations of the reference engine that are functions: by name, one element at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from precise.balls import INTEGRAL_FUNCTIONS
from precise.dyadic import Element
from precise.engines.functions import rounded_function
from precise.engines.functions_binary import rounded_atan2, rounded_hypot
from precise.engines.functions_power import rounded_power
from precise.engines.functions_remainders import ieee_remainder, integral_operation, remainder
from precise.engines.functions_table import FUNCTIONS
from precise.rounding import Rounder

Operation: TypeAlias = Callable[..., Element]


def _function(name: str) -> Operation:
    """Return the operation of an elementary function of one number."""

    def apply(x: Element, rounder: Rounder, index: int) -> Element:
        return rounded_function(name, x, rounder, index)

    return apply


FUNCTION_OPERATIONS: Final[dict[str, Operation]] = {
    **{name: _function(name) for name in FUNCTIONS},
    "atan2": rounded_atan2,
    "hypot": rounded_hypot,
    "pow": rounded_power,
    "remainder": remainder,
    "ieee_remainder": ieee_remainder,
    **{name: integral_operation(name) for name in INTEGRAL_FUNCTIONS},
}
