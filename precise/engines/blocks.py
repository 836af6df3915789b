"""Quantising arrays to block formats: an exact scale for each block, and every element rounded once.

The largest magnitude of a block is exact, and so is the exponent of its leading bit: no logarithm is taken. Scaling by
a power of two is exact, in float64 lanes where the way back gives the same lane, and on exact numbers otherwise. A
scale that is no power of two divides, and the quotient is rounded once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from precise.dyadic import Dyadic, Element, Special
from precise.engines import dispatch
from precise.engines.carrier import Data, Lanes, Objects, element_of, object_array, stored, to_objects
from precise.engines.codes import decode_array, encode_array
from precise.engines.exact_operations import exact_product
from precise.errors import DomainError, ShapeError, UnsupportedError
from precise.formats import Format, unbounded
from precise.formats.blocked import Blocked
from precise.rounding import RNE, Overflow, Rounder, Rounding

N = TypeVar("N", bound=NDArray[np.generic])

# Products of numbers with exponents within this are far from the ends of the lane.
_FAR = 500


@dataclass(frozen=True, eq=False)
class BlockArray:
    """Elements in blocks along an axis, with their scales.

    Attributes
    ----------
    format : Blocked
        What the numbers are.
    elements : numpy.ndarray
        Members of the element format, in the shape of the whole.
    scales : numpy.ndarray
        Members of the scale format; along `axis` one a block, the last of which may be short.
    tensor_scale : Dyadic
        The scale of all blocks; 1 where the format has none.
    axis : int
        The axis of the blocks, counted from the front.
    """

    format: Blocked
    elements: Data
    scales: Data
    tensor_scale: Dyadic
    axis: int

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the whole."""
        return self.elements.shape

    def dequantize(self) -> Data:
        """Return `element * scale * tensor_scale`, exactly: float64 where it has every result, objects otherwise."""
        spread = _spread(self.scales, self.format.size, self.axis, self.shape)
        try:
            scales = _lane_products(spread, np.float64(_float(self.tensor_scale)), self._scale_bits)
            return _lane_products(self.elements, scales, self.format.element_bits + self._scale_bits)
        except UnsupportedError:
            pass
        pairs = zip(to_objects(self.elements).ravel().tolist(), to_objects(spread).ravel().tolist(), strict=True)
        whole = (exact_product(exact_product(x, s), self.tensor_scale) for x, s in pairs)
        return object_array(whole, self.shape)

    @property
    def _scale_bits(self) -> int:
        """The bits of a product of both scales."""
        assert self.format.scale.p is not None
        return self.format.scale.p + (self.format.tensor.p or 0 if self.format.tensor else 0)

    def codes(self) -> tuple[NDArray[np.generic], NDArray[np.generic]]:
        """Return the codes of the elements and of the scales."""
        return encode_array(self.elements, self.format.element), encode_array(self.scales, self.format.scale)


def from_block_codes(
    elements: NDArray[np.integer], scales: NDArray[np.integer], fmt: Blocked, axis: int, tensor_scale: Dyadic
) -> BlockArray:
    """Return the block array with the given codes."""
    axis = _axis_of(np.shape(elements), axis)
    wanted = list(np.shape(elements))
    wanted[axis] = -(-wanted[axis] // fmt.size)
    if list(np.shape(scales)) != wanted:
        raise ShapeError(f"blocks: scales must have shape {wanted}; got {list(np.shape(scales))}")
    data = decode_array(np.asarray(elements), fmt.element), decode_array(np.asarray(scales), fmt.scale)
    return BlockArray(fmt, *data, tensor_scale, axis)


def quantize(
    x: Data, fmt: Blocked, *, axis: int, rounding: Rounding, tensor_scale: Dyadic | None, engine: str | None
) -> BlockArray:
    """Return the array in blocks along `axis`; lanes where they serve, exact numbers otherwise."""
    axis = _axis_of(x.shape, axis)
    if tensor_scale is not None and (fmt.tensor is None or tensor_scale not in fmt.tensor or tensor_scale <= 0):
        raise DomainError(f"blocks: tensor scale must be a positive number of {fmt.tensor}; got {tensor_scale}")
    rounder = Rounder(fmt.element, rounding, Overflow.SATURATE)
    largest = _largest(x, fmt.size, axis)
    bad = [not isinstance(a, Dyadic) for a in largest.ravel().tolist()]
    broken = np.array(bad, dtype=np.bool_).reshape(largest.shape)
    if broken.any() and not fmt.scale.nan:
        raise DomainError(f"blocks: numbers must be finite for scales without NaN; got {fmt.scale}")
    whole = _replaced(largest, broken, Dyadic(0))
    if fmt.rule == "quotient":
        total = tensor_scale or _tensor_scale(whole, fmt)
        scales = _quotients(whole, fmt, total)
        elements = _divided(x, scales, broken, total, fmt, axis, rounder, engine)
    else:
        total = Dyadic(1)
        exponents = [fmt.scale_exponent(a) for a in whole.ravel().tolist()]
        scales = object_array((Dyadic(1, k) for k in exponents), whole.shape)
        elements = _shifted(x, scales, broken, fmt, axis, rounder, engine)
    marked = _replaced(scales, broken, Special.NAN)
    return BlockArray(fmt, elements, stored(marked, fmt.scale), total, axis)


def _replaced(x: N, where: NDArray[np.bool_], value: Element | float) -> N:
    """Return the array with one value in the marked places."""
    changed = x.copy()
    np.copyto(changed, np.asarray(value, dtype=x.dtype), where=where)
    return changed


def _axis_of(shape: tuple[int, ...], axis: int) -> int:
    """Return an axis counted from the front, or raise `ShapeError`."""
    if not -len(shape) <= axis < len(shape):
        raise ShapeError(f"blocks: axis must be one of an array of shape {list(shape)}; got {axis}")
    return axis % len(shape)


def _blocks_of(x: NDArray[np.generic], size: int, axis: int, filler: object) -> NDArray[np.generic]:
    """Return the blocks as the last axis, the last one filled up."""
    moved = np.moveaxis(x, axis, -1)
    short = -moved.shape[-1] % size
    if short:
        filled = np.full((*moved.shape[:-1], short), filler, dtype=x.dtype)
        moved = np.concatenate([moved, filled], axis=-1)
    return moved.reshape(*moved.shape[:-1], moved.shape[-1] // size, size)


def _spread(scales: N, size: int, axis: int, shape: tuple[int, ...]) -> N:
    """Return the scale of every element."""
    longer = np.repeat(scales, size, axis=axis)
    return cast(N, longer[tuple(slice(0, n) for n in shape)])


def _largest(x: Data, size: int, axis: int) -> Objects:
    """Return the largest magnitude of every block exactly, or NaN for a block with NaN or an infinity."""
    if x.dtype != object:
        with np.errstate(invalid="ignore"):
            magnitudes = np.max(np.abs(_blocks_of(x, size, axis, 0.0)), axis=-1, initial=0.0)
        found = object_array((element_of(a) for a in magnitudes.ravel().tolist()), magnitudes.shape)
    else:
        blocks = _blocks_of(to_objects(x), size, axis, Dyadic(0))
        rows = blocks.reshape(-1, size).tolist()
        found = object_array((_largest_of(row) for row in rows), blocks.shape[:-1])
    return np.moveaxis(found, -1, axis)


def _largest_of(row: list[Element]) -> Element:
    """Return the largest magnitude of a block, or NaN where an element is NaN or an infinity."""
    if any(v is Special.NAN or v is Special.POS_INF or v is Special.NEG_INF for v in row):
        return Special.NAN
    return max((abs(v) for v in row if isinstance(v, Dyadic)), default=Dyadic(0))


def _shifted(
    x: Data, scales: Objects, broken: NDArray[np.bool_], fmt: Blocked, axis: int, rounder: Rounder, engine: str | None
) -> Data:
    """Return the elements for power-of-two scales."""
    exponents = object_array((s.q for s in scales.ravel().tolist()), scales.shape)
    void = _spread(broken, fmt.size, axis, x.shape)
    if x.dtype != object and all(abs(k) < 1 << 20 for k in exponents.ravel().tolist()):
        k = _spread(exponents.astype(np.int64), fmt.size, axis, x.shape).astype(np.int64)
        lanes = _replaced(x, void, 0.0)
        with np.errstate(all="ignore"):
            y = np.ldexp(lanes, -k)
            exact = np.array_equal(np.ldexp(y, k), lanes)
        if exact:
            return dispatch(engine, "round_array", (y, rounder), rounder.format)[0]
    triples = zip(
        to_objects(x).ravel().tolist(),
        _spread(exponents, fmt.size, axis, x.shape).ravel().tolist(),
        void.ravel().tolist(),
        strict=True,
    )
    moved = (Dyadic(0) if skip else v.scaled(-k) if isinstance(v, Dyadic) else v for v, k, skip in triples)
    exact_engine = engine or "reference"
    return dispatch(exact_engine, "round_array", (object_array(moved, x.shape), rounder), rounder.format)[0]


def _tensor_scale(largest: Objects, fmt: Blocked) -> Dyadic:
    """Return the scale that brings the largest number to the largest element times the largest scale, or 1."""
    top = max(largest.ravel().tolist(), default=Dyadic(0))
    if fmt.tensor is None or top.c == 0:
        return Dyadic(1)
    assert fmt.element.largest is not None and fmt.scale.largest is not None
    return _positive_quotient(top, fmt.element.largest * fmt.scale.largest, fmt.tensor)


def _quotients(largest: Objects, fmt: Blocked, total: Dyadic) -> Objects:
    """Return the scales `largest / (largest element * tensor scale)`, rounded to nearest even."""
    assert fmt.element.largest is not None
    divisor = fmt.element.largest * total
    return object_array((_positive_quotient(a, divisor, fmt.scale) for a in largest.ravel().tolist()), largest.shape)


def _positive_quotient(a: Dyadic, b: Dyadic, fmt: Format) -> Dyadic:
    """Return `a / b` rounded to nearest even among the positive numbers of a format."""
    assert fmt.smallest_positive is not None
    if a.c == 0:
        return fmt.smallest_positive
    found = Rounder(fmt, RNE, Overflow.SATURATE).round_ratio(a.c, b.c, a.q - b.q)
    assert isinstance(found, Dyadic)
    return found if found.c else fmt.smallest_positive


def _divided(
    x: Data,
    scales: Objects,
    broken: NDArray[np.bool_],
    total: Dyadic,
    fmt: Blocked,
    axis: int,
    rounder: Rounder,
    engine: str | None,
) -> Data:
    """Return the elements `x / (scale * tensor scale)`, rounded once."""
    divisors = object_array((s * total for s in scales.ravel().tolist()), scales.shape)
    assert fmt.scale.p is not None
    wide = unbounded(fmt.scale.p + (fmt.tensor.p or 0 if fmt.tensor else 0))
    d = _spread(stored(divisors, wide), fmt.size, axis, x.shape)
    void = _spread(broken, fmt.size, axis, x.shape)
    whole = _replaced(x, void, 0.0) if x.dtype != object else _replaced(to_objects(x), void, Dyadic(0))
    return dispatch(engine, "elementwise", ("divide", (whole, d), rounder), rounder.format)[0]


def _float(x: Dyadic) -> float:
    """Return a number as a float, or refuse where it has none in the middle of its range."""
    if x.c and (x.c.bit_length() > 53 or abs(x.e) > _FAR):
        raise UnsupportedError("blocks: the tensor scale must be a binary64 number in lanes; got another")
    return x.to_float()


def _lane_products(x: Data, y: Data | np.float64, bits: int) -> Lanes:
    """Return products that have at most 53 bits and are far from the ends of the lane, or refuse."""
    if bits > 53 or x.dtype == object or y.dtype == object:
        raise UnsupportedError(f"blocks: products must have at most 53 bits in lanes; got {bits}")
    for a in (np.abs(x), np.abs(y)):
        used = a[np.isfinite(a) & (a > 0)]
        if used.size and (used.min() < 2.0**-_FAR or used.max() > 2.0**_FAR):
            raise UnsupportedError("blocks: factors must lie far from the ends of the lane; got one beyond")
    with np.errstate(invalid="ignore"):
        return cast(Lanes, x * y)
