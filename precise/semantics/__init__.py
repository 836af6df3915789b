"""Semantics: array-API namespaces in which the same body has different meanings.

`rounded(format, ...)` computes p-bit results, `exact()` rationals, `enclosure(bits)` balls that contain the
true value, `symbolic()` expressions (`precise.semantics.symbolic`, loaded at first use: sympy is slow to
import), and `cost()` circuit depths and sizes.
"""

from precise.semantics.array import Array
from precise.semantics.cost import cost, critical_path, sequential, size
from precise.semantics.depth import Depth, depth
from precise.semantics.enclosure import enclosure
from precise.semantics.exact import exact
from precise.semantics.namespace import Namespace
from precise.semantics.rounded import rounded

__all__ = [
    "Array",
    "Depth",
    "Namespace",
    "cost",
    "critical_path",
    "depth",
    "enclosure",
    "exact",
    "rounded",
    "sequential",
    "size",
]
