"""Elementary functions of one number, correctly rounded in every format and mode.

Special data, zeros, poles and the domain first (`functions_table`); then arguments so small or large that the value is
a known number and a speck (`functions_specks`); then exact cases (`functions_exact`); then an Arb enclosure that is
refined until both ends round alike (`functions_ziv`).
"""

from __future__ import annotations

from typing import Final

from precise.balls import FUNCTIONS as FORMULAS
from precise.balls import ball_of
from precise.dyadic import Element
from precise.engines.exact_operations import number
from precise.engines.functions_table import FUNCTIONS
from precise.engines.functions_thresholds import Thresholds
from precise.engines.functions_ziv import require_short_exponent, round_enclosed, round_known
from precise.rounding import Rounder

PERIODIC: Final = frozenset({"sin", "cos", "tan"})


def rounded_function(name: str, x: Element, rounder: Rounder, index: int = 0) -> Element:
    """Return the function `name` at any datum, correctly rounded.

    Raises `DomainError` where the value is NaN or a pole and the format cannot say so, `UnsupportedError` for
    arguments of more than 2**16 bits whose values are in range, `UndecidedError` where erf, erfc or gelu cannot be told
    from a threshold.
    """
    f = FUNCTIONS[name]
    known = f.special(x)
    if known is not None:
        return round_known(name, known, (x,), rounder, index)
    argument, near = number(x), Thresholds(rounder)
    stand_in = f.speck(argument, near)
    if stand_in is not None:
        return rounder(stand_in, index)
    if f.reach and not (argument.q >= 0 and name in ("sinpi", "cospi")):
        require_short_exponent(name, argument.e)
    exact = f.exact(argument)
    if exact is not None:
        return rounder(exact, index)
    formula, start = FORMULAS[name], near.width() + 16 + f.reach * max(argument.e, 0)
    return round_enclosed(lambda: formula(ball_of(argument)), rounder, start, index, decides=f.decides)
