"""The table of operations that have connection functions, by the names of `operations`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from precise.circuits import connection_floats as floats
from precise.circuits import connection_integers as integers
from precise.circuits import connection_vectors as vectors
from precise.circuits.connection import Family
from precise.circuits.connection_dot import dot_family
from precise.circuits.connection_float_sum import float_sum_plan
from precise.circuits.connection_pack import Shape
from precise.circuits.operations import OPERATIONS, operation
from precise.errors import UnsupportedError
from precise.modes import RNE, Rounding


@dataclass(frozen=True, slots=True)
class Wanted:
    """A member of a family: sizes as in `operations.Request`, and whether gates are to be those that are built."""

    p: int
    n: int
    shape: Shape
    as_built: bool


FAMILIES: Final[Mapping[str, Callable[[Wanted], Family]]] = MappingProxyType(
    {
        "less_equal": lambda m: floats.less_equal_plan(m.shape),
        "add": lambda m: floats.add_plan(m.shape),
        "subtract": lambda m: floats.add_plan(m.shape, minus=True),
        "multiply": lambda m: floats.multiply_plan(m.shape, tight=m.as_built),
        "negative": lambda m: vectors.negative_plan(m.shape),
        "abs": lambda m: vectors.abs_plan(m.shape),
        "select": lambda m: vectors.select_plan(m.shape),
        "max": lambda m: vectors.extremum_plan(m.shape, m.n),
        "min": lambda m: vectors.extremum_plan(m.shape, m.n, largest=False),
        "floor": lambda m: floats.floor_plan(m.shape),
        "sum": lambda m: float_sum_plan(m.shape, m.n, tight=m.as_built),
        "dot": lambda m: dot_family(m.shape, m.n, tight=m.as_built),
        "parity": lambda m: integers.parity_plan(m.p),
        "count": lambda m: integers.count_plan(m.p),
        "integer_add": lambda m: integers.add_plan(m.p),
        "integer_compare": lambda m: integers.compare_plan(m.p),
        "integer_sum": lambda m: integers.sum_plan(m.p, m.n, tight=m.as_built),
        "integer_multiply": lambda m: integers.multiply_plan(m.p, tight=m.as_built),
        "shift": lambda m: integers.shift_plan(m.p),
    }
)


def connection(
    name: str, p: int, n: int = 2, *, w: int = 0, rounding: Rounding = RNE, as_built: bool = False
) -> Family:
    """Return the family member of an operation, given by its connection function; nothing is built.

    Parameters
    ----------
    name, p, n, w, rounding
        As for `build`; sizes of any magnitude.
    as_built
        Whether sizes are those of the built circuit, rather than powers of two with which every query takes O(1) word
        operations.

    Examples
    --------
    >>> from precise.circuits.connection import assemble
    >>> assemble(connection("add", 4)).depth
    12
    >>> connection("multiply", 1 << 100).is_gate(0)
    False
    """
    operation(name)
    if name not in FAMILIES:
        known = ", ".join(known for known in OPERATIONS if known in FAMILIES)
        raise UnsupportedError(f"connection: operation must be one of {known}; got {name!r}, wired from tables")
    make = Shape.as_built if as_built else Shape.of
    return FAMILIES[name](Wanted(p, n, make(p, w or p + 1, rounding.code), as_built))
