"""Block formats: elements that share a scale, as in OCP microscaling (MX), NVFP4 and block floating point."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal, TypeAlias, get_args

from precise.dyadic import Dyadic
from precise.errors import FormatError
from precise.formats.encoding import width
from precise.formats.format import Fixed, Format, check_bits, unbounded
from precise.formats.named import (
    binary32,
    float4_e2m1fn,
    float6_e2m3fn,
    float6_e3m2fn,
    float8_e4m3fn,
    float8_e5m2,
    float8_e8m0fnu,
    mxint8_element,
)

ScaleRule: TypeAlias = Literal["floor", "ceil", "even", "rceil", "quotient"]


@dataclass(frozen=True, slots=True)
class Blocked:
    """A block format: `size` elements along an axis share a scale, and all blocks may share a tensor scale.

    The value of an element is `element * scale * tensor_scale`. With `a` the largest magnitude of a block, `E` the
    exponent of the element format's largest number, and `a = m * 2**e`, `1 <= m < 2`, the scale is

    * `floor`: `2**(e - E)` (OCP MX 1.0, section 6.3); an element beyond the largest number saturates,
    * `ceil`: `2**(ceil(log2 a) - E)`,
    * `even`: `2**(e' - E)`, where `e'` is the exponent of `a` rounded to the precision of the elements, ties up,
    * `rceil`: the least power of two by which `a` is at most the largest number, so that nothing saturates,
    * `quotient`: `a / (largest * tensor_scale)`, rounded to the scale format, to nearest even (NVFP4).

    Powers of two are clamped to those of the scale format, quotients to its positive numbers. A block of zeros has the
    least scale of the format, or 1 where there is none.

    Parameters
    ----------
    name : str
        What tables print.
    element, scale : Format
        Those of the elements and of the scales of blocks.
    size : int
        Elements a block.
    rule : {"floor", "ceil", "even", "rceil", "quotient"}
        How a block's scale follows from its largest magnitude.
    tensor : Format, optional
        Of the scale of all blocks, for the rule `quotient`.
    """

    name: str
    element: Format
    scale: Format
    size: int
    rule: ScaleRule = "floor"
    tensor: Format | None = None

    def __post_init__(self) -> None:
        check_bits("Blocked: size", self.size, 1)
        for role, fmt in (("element", self.element), ("scale", self.scale), ("tensor scale", self.tensor)):
            if not isinstance(fmt, Format) and (role != "tensor scale" or fmt is not None):
                raise FormatError(f"Blocked: {role} must be a Format; got {fmt!r}")
        if self.rule not in get_args(ScaleRule):
            raise FormatError(f"Blocked: rule must be one of {', '.join(get_args(ScaleRule))}; got {self.rule!r}")
        if self.element.largest is None or not (self.element.zero and self.element.signed):
            raise FormatError(f"Blocked: elements must be bounded, signed and have a zero; got {self.element}")
        if self.rule == "quotient" and self.scale.largest is None:
            raise FormatError(f"Blocked: scales of rule quotient must be bounded; got {self.scale}")
        if self.scale.p is None or (self.tensor and (self.tensor.p is None or self.tensor.largest is None)):
            raise FormatError(f"Blocked: scales must be floating-point numbers; got {self.scale}, {self.tensor}")
        if self.tensor is not None and self.rule != "quotient":
            raise FormatError(f"Blocked: a tensor scale must come with rule quotient; got {self.rule}")

    @property
    def element_bits(self) -> int:
        """The bits of an element's significand: p, or the width of a fixed-point magnitude."""
        assert self.element.largest is not None
        if self.element.p is not None:
            return self.element.p
        assert self.element.q_min is not None
        return self.element.largest.e - self.element.q_min + 1

    @property
    def bits_per_element(self) -> Fraction:
        """The storage of an element in a full block, with its share of the scale (4.25 for MXFP4)."""
        return width(self.element) + Fraction(width(self.scale), self.size)

    @property
    def step(self) -> tuple[Dyadic, bool]:
        """The significand `m` from which a power-of-two scale is the next one, and whether `m` itself is included."""
        assert self.element.largest is not None
        if self.rule == "ceil":
            return Dyadic(1), False
        if self.rule == "even":
            return Dyadic(2) - Dyadic(1, -self.element_bits), True
        if self.rule == "rceil":
            return self.element.largest.scaled(-self.element.largest.e), False
        return Dyadic(2), True

    def scale_exponent(self, a: Dyadic) -> int:
        """Return the exponent of the power-of-two scale of a block with largest magnitude `a`."""
        assert self.element.largest is not None
        if a.c == 0:
            return self.clamped(0) if self.scale.smallest_positive is None else self.scale.smallest_positive.e
        bound, included = self.step
        m = a.scaled(-a.e)
        return self.clamped(a.e + (m > bound or (included and m == bound)) - self.element.largest.e)

    def clamped(self, k: int) -> int:
        """Return the exponent nearest to `k` of a power of two in the scale format."""
        if self.scale.smallest_positive is not None:
            k = max(k, self.scale.smallest_positive.e)
        return k if self.scale.largest is None else min(k, self.scale.largest.e)

    def with_rule(self, rule: ScaleRule) -> Blocked:
        """Return the format with another scale rule."""
        return replace(self, name=f"{self.name.partition(':')[0]}:{rule}", rule=rule)

    def __str__(self) -> str:
        return self.name


def _mx(name: str, element: Format) -> Blocked:
    """Return a format of OCP MX 1.0, table 1: blocks of 32 with E8M0 scales."""
    return Blocked(name, element, float8_e8m0fnu, 32)


mxfp8_e4m3: Final = _mx("mxfp8_e4m3", float8_e4m3fn)
mxfp8_e5m2: Final = _mx("mxfp8_e5m2", float8_e5m2)
mxfp6_e3m2: Final = _mx("mxfp6_e3m2", float6_e3m2fn)
mxfp6_e2m3: Final = _mx("mxfp6_e2m3", float6_e2m3fn)
mxfp4: Final = _mx("mxfp4", float4_e2m1fn)
mxint8: Final = _mx("mxint8", mxint8_element)
# NVIDIA, "Pretraining large language models with NVFP4" (arXiv:2509.25149), section 2.
nvfp4: Final = Blocked("nvfp4", float4_e2m1fn, float8_e4m3fn, 16, "quotient", binary32)

BLOCKED: Final[dict[str, Blocked]] = {
    f.name: f for f in (mxfp8_e4m3, mxfp8_e5m2, mxfp6_e3m2, mxfp6_e2m3, mxfp4, mxint8, nvfp4)
}

_BFP: Final = re.compile(r"bfp\((\d{1,9}),(\d{1,9})\)")


def block_floating_point(k: int, size: int) -> Blocked:
    """Return block floating point: symmetric integers of `k` bits with a shared exponent of any size.

    Examples
    --------
    >>> block_floating_point(8, 64).element.largest
    Dyadic(127, -6)
    """
    check_bits("block_floating_point: width k", k, 2)
    return Blocked(f"bfp({k},{size})", Fixed(k, 2 - k, symmetric=True), unbounded(1), size)


def parse_blocked(text: Blocked | str) -> Blocked:
    """Return the block format that `text` names: `mxfp4`, `mxfp8_e4m3:rceil`, `nvfp4`, `bfp(8,64)`.

    A rule may follow a colon. A block format returns itself.
    """
    if isinstance(text, Blocked):
        return text
    if not isinstance(text, str):
        raise FormatError(f"block format: argument must be a Blocked or a name; got {text!r}")
    name, colon, rule = text.strip().lower().replace(" ", "").partition(":")
    if match := _BFP.fullmatch(name):
        found = block_floating_point(int(match[1]), int(match[2]))
    elif name in BLOCKED:
        found = BLOCKED[name]
    else:
        raise FormatError(f"block format: unknown name {text!r}; known: {', '.join(BLOCKED)}, bfp(k,size)")
    if not colon:
        return found
    return found.with_rule(rule)  # type: ignore[arg-type]
