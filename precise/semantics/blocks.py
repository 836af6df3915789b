"""Arrays in block formats: quantise, read back, multiply."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from precise.dyadic import Dyadic
from precise.engines import dispatch
from precise.engines.blocks import BlockArray, from_block_codes, quantize
from precise.engines.carrier import Data, to_objects
from precise.errors import DomainError, FormatError, ShapeError
from precise.formats import Format
from precise.formats.blocked import Blocked, parse_blocked
from precise.policy import Accumulate, exact_products, parse_accumulate
from precise.rounding import RNE, Rounding, exact_value, parse_rounding
from precise.semantics.array import Array
from precise.semantics.rounded import rounded

__all__ = ["BlockArray", "block_dot", "blocks_from_codes", "quantize_blocks"]


def quantize_blocks(
    x: Array | ArrayLike,
    format: Blocked | str,
    *,
    axis: int = -1,
    rounding: Rounding | str = RNE,
    tensor_scale: Dyadic | Fraction | int | float | str | None = None,
    engine: str | None = None,
) -> BlockArray:
    """Return `x` in a block format: a scale for each block of neighbours along `axis`, and every element rounded once.

    Parameters
    ----------
    x : Array or array_like
        Numbers that binary64 has, or an array of a rounded namespace.
    format : Blocked or str
        `"mxfp8_e4m3"`, `"mxfp4:rceil"`, `"nvfp4"`, `"bfp(8,64)"`, ...
    axis : int
        Along which the blocks lie; the last block may be short, as if filled up with zeros.
    rounding : Rounding or str
        Of the elements. Stochastic rounding takes the random bits of an element's index in `x`. Scales that are no
        powers of two are rounded to nearest even in any case.
    tensor_scale : number, optional
        For formats with one; by default what brings the largest number to the largest element times the largest scale.
    engine : str, optional
        Ask this engine only for the rounding of the elements.

    Returns
    -------
    BlockArray
        Elements `x / (scale * tensor_scale)`, correctly rounded; beyond the largest one they saturate.

    Special cases
    -------------
    A block with NaN or an infinity has the scale NaN, so that all of it is NaN; its elements are 0. A block of zeros
    has the least scale. A scale that the format does not reach is the nearest that it has; with that, elements are
    rounded like all others.

    Examples
    --------
    >>> found = quantize_blocks([1.0, -0.3, 6.5, 100.0], "mxfp4")
    >>> found.scales, found.elements
    (array([16.]), array([ 0. , -0. ,  0.5,  6. ]))
    >>> found.dequantize()
    array([ 0., -0.,  8., 96.])
    """
    fmt = parse_blocked(format)
    scale = None if tensor_scale is None else exact_value(tensor_scale)
    if scale is not None and not isinstance(scale, Dyadic):
        raise DomainError(f"blocks: tensor scale must be a positive number of {fmt.tensor}; got {scale}")
    data = _numbers(x)
    return quantize(data, fmt, axis=axis, rounding=parse_rounding(rounding), tensor_scale=scale, engine=engine)


def _numbers(x: Array | ArrayLike) -> Data:
    """Return the numbers of an array as lanes or exact objects."""
    if isinstance(x, Array):
        if x.is_boolean or not isinstance(x.dtype, Format):
            raise DomainError("blocks: argument must hold rounded numbers; got another array")
        data: Data = x.data  # type: ignore[assignment]
        return data if data.dtype == np.float64 else to_objects(data)
    found = np.asarray(x)
    if found.dtype.kind not in "fiu" or (found.dtype.kind != "f" and found.dtype.itemsize > 4 and _beyond(found)):
        raise DomainError(f"blocks: argument must hold binary64 numbers; got NumPy type {found.dtype}")
    if found.dtype.itemsize > 8:
        raise DomainError(f"blocks: argument must hold binary64 numbers; got NumPy type {found.dtype}")
    return found.astype(np.float64)


def _beyond(x: NDArray[np.generic]) -> bool:
    """Return whether an integer has no binary64 number of its own."""
    return bool(x.size) and max(abs(int(x.min())), abs(int(x.max()))) > 1 << 53


def blocks_from_codes(
    elements: NDArray[np.integer],
    scales: NDArray[np.integer],
    format: Blocked | str,
    *,
    axis: int = -1,
    tensor_scale: Dyadic | int | float | str = 1,
) -> BlockArray:
    """Return the block array with the given codes of elements and scales (exact)."""
    scale = exact_value(tensor_scale)
    if not isinstance(scale, Dyadic) or scale <= 0:
        raise DomainError(f"blocks: tensor scale must be a positive number; got {tensor_scale}")
    return from_block_codes(elements, scales, parse_blocked(format), axis, scale)


def block_dot(
    x1: BlockArray,
    x2: BlockArray,
    /,
    *,
    format: Format | str,
    rounding: Rounding | str = RNE,
    accumulate: Accumulate | str = exact_products,
    engine: str | None = None,
) -> Array:
    """Return the dot products along the last axis, `sum(x1 * x2)`, of arrays in block formats.

    With the default accumulation the products and their sum are exact, and the result is rounded once (OCP MX 1.0,
    section 6.1, leaves the inner precision open). Blocks may have different formats and lie along any axis.

    Examples
    --------
    >>> a = quantize_blocks([1.0, 2.0, 3.0], "mxfp8_e4m3")
    >>> print(block_dot(a, a, format="binary32").item())
    0x1.cp+3
    """
    if not (isinstance(x1, BlockArray) and isinstance(x2, BlockArray)):
        raise FormatError("block_dot: arguments must be block arrays; see quantize_blocks")
    if x1.shape[-1] != x2.shape[-1]:
        raise ShapeError(f"block_dot: last axes must agree; got {list(x1.shape)} and {list(x2.shape)}")
    xp = rounded(format, rounding, accumulate=parse_accumulate(accumulate), engine=engine)
    results = xp.policy.results
    rows, columns = x1.dequantize()[..., None, :], x2.dequantize()[..., :, None]
    data, used = dispatch(engine, "matmul", (rows, columns, xp.policy.accumulate, results), results.format)
    return Array(data[..., 0, 0], xp, used)
