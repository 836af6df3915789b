"""p-bit arithmetic with every rounding explicit: a checker of lemmas and a rounding-aware array backend.

>>> from precise import rounded, bfloat16
>>> xp = rounded(bfloat16)
>>> print(xp.divide(xp.asarray(1), 3).item())
0x1.56p-2
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from precise.dyadic import Dyadic, Element, Special
from precise.engines.flags import Flags, Tininess
from precise.formats import (
    Fixed,
    Float,
    Format,
    all_values,
    bfloat16,
    binary16,
    binary32,
    binary64,
    binary128,
    binary256,
    decode,
    encode,
    float4_e2m1fn,
    float6_e2m3fn,
    float6_e3m2fn,
    float8_e3m4,
    float8_e4m3,
    float8_e4m3b11fnuz,
    float8_e4m3fn,
    float8_e4m3fnuz,
    float8_e5m2,
    float8_e5m2fnuz,
    float8_e8m0fnu,
    flushing,
    integer,
    next_down,
    next_up,
    p3109,
    paper_float,
    parse_format,
    parse_formats,
    tf32,
    ulp,
    unbounded,
)
from precise.formats.blocked import Blocked, block_floating_point, parse_blocked
from precise.ownership import warn_of_foreign_owner
from precise.policy import (
    Accumulate,
    BlockedSum,
    Kahan,
    Neumaier,
    Pairwise,
    Policy,
    Promoted,
    Sequential,
    SplitK,
    TensorCore,
    exact_products,
    exact_then_round,
)
from precise.rounding import (
    RAZ,
    RNA,
    RNE,
    RTN,
    RTO,
    RTP,
    RTZ,
    SR,
    Overflow,
    Rounding,
    Underflow,
    round_to,
    stochastic,
)
from precise.semantics.blocks import BlockArray, block_dot, blocks_from_codes, quantize_blocks
from precise.semantics.cost import cost
from precise.semantics.enclosure import enclosure
from precise.semantics.exact import exact
from precise.semantics.rounded import rounded

if TYPE_CHECKING:
    from precise.semantics.symbolic import symbolic

__version__ = "0.1.0"
__all__ = [
    "RAZ",
    "RNA",
    "RNE",
    "RTN",
    "RTO",
    "RTP",
    "RTZ",
    "SR",
    "Accumulate",
    "BlockArray",
    "Blocked",
    "BlockedSum",
    "Dyadic",
    "Element",
    "Fixed",
    "Flags",
    "Float",
    "Format",
    "Kahan",
    "Neumaier",
    "Overflow",
    "Pairwise",
    "Policy",
    "Promoted",
    "Rounding",
    "Sequential",
    "Special",
    "SplitK",
    "TensorCore",
    "Tininess",
    "Underflow",
    "all_values",
    "bfloat16",
    "binary16",
    "binary32",
    "binary64",
    "binary128",
    "binary256",
    "block_dot",
    "block_floating_point",
    "blocks_from_codes",
    "cost",
    "decode",
    "enclosure",
    "encode",
    "exact",
    "exact_products",
    "exact_then_round",
    "float4_e2m1fn",
    "float6_e2m3fn",
    "float6_e3m2fn",
    "float8_e3m4",
    "float8_e4m3",
    "float8_e4m3b11fnuz",
    "float8_e4m3fn",
    "float8_e4m3fnuz",
    "float8_e5m2",
    "float8_e5m2fnuz",
    "float8_e8m0fnu",
    "flushing",
    "integer",
    "next_down",
    "next_up",
    "p3109",
    "paper_float",
    "parse_blocked",
    "parse_format",
    "parse_formats",
    "quantize_blocks",
    "round_to",
    "rounded",
    "stochastic",
    "symbolic",
    "tf32",
    "ulp",
    "unbounded",
]


def __getattr__(name: str) -> object:
    """Import the symbolic namespace at first use: sympy takes longer to load than everything else together."""
    if name == "symbolic":
        return importlib.import_module("precise.semantics.symbolic").symbolic
    raise AttributeError(f"module 'precise' has no attribute {name!r}")


warn_of_foreign_owner()
