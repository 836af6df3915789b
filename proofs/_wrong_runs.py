"""Wrong bodies: what the checks of depth and size must reject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from precise.nn.namespace import namespace_of


def one_operation_more(run: Callable[[Any, int, int], Any], xp: Any, n: int, d: int) -> Any:
    """Return the result of a run, with 1 added to each entry."""
    y = run(xp, n, d)
    return namespace_of(y).add(y, 1)
