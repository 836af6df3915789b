"""How sums and matrix products are accumulated: one record that says order, formats and roundings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from precise.errors import FormatError
from precise.formats import Format, parse_format
from precise.rounding import RTZ, Rounder, Rounding, default_overflow

Order = Literal["sequential", "pairwise", "blocked", "promoted", "split", "kahan", "neumaier", "tensor-core", "exact"]
Products = Literal["rounded", "exact"]

# The fields that an order needs; all others of these must be None.
_NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "blocked": ("size",),
    "promoted": ("size", "inner"),
    "split": ("size",),
    "tensor-core": ("size", "bits", "align"),
}
_EXTRAS: Final = ("size", "inner", "bits", "align")
_MOST: Final = {"size": 1 << 40, "bits": 1 << 20}


@dataclass(frozen=True, slots=True)
class Accumulate:
    r"""How a sum or a matrix product is accumulated.

    Parameters
    ----------
    order : str
        What is added to what, in index order; every addition named here is rounded once, in the accumulator.

        * `sequential`: the first term, rounded; then one addition a term. With exact products, a chain of fused
          multiply-adds.
        * `pairwise`: neighbours are added level by level, an odd last one passes up unchanged.
        * `blocked`: the accumulator and the next `size` terms are summed exactly and rounded once a block.
        * `promoted`: each block of `size` terms is accumulated as `inner` says; the block sums are added in
          sequence in the accumulator.
        * `split`: the n terms are cut into `size` consecutive parts of n // size terms, one more in each of the
          first n % size; each part is added in sequence, then the sums of the parts are, empty parts left out.
        * `kahan`: s is the first term, rounded, and c = 0; then for each term x, every line rounded:
          y = x - c; t = s + y; u = t - s; c = u - y; s = t. The result is s.
        * `neumaier`: s is the first term, rounded, and c = 0; then for each term x, every line rounded:
          t = s + x; u = s - t; v = u + x; c = c + v; s = t, where u = x - t and v = u + s if not |s| >= |x|.
          The result is s + c, rounded.
        * `tensor-core`: the accumulator and the next `size` terms are aligned: with e the largest exponent of a
          nonzero one among them, each is rounded to a multiple of :math:`2^{e - bits + 1}` by the mode `align`;
          what is left is summed exactly and rounded once. The accumulator takes no part in the first step.
        * `exact`: the exact sum, rounded once, to the results' format; the accumulator then concerns rounded
          products only.
    products : {"rounded", "exact"}
        Whether the products of a matrix product are rounded before they are added. `exact` with sequential order
        is a chain of fused multiply-adds; `exact` with exact order is a fused dot product.
    format, rounding : Format, Rounding, optional
        Those of the accumulator; None stands for those of the results. The total is rounded to the results' format
        at the end, which is a second rounding when the two differ.
    product_format, product_rounding : Format, Rounding, optional
        Those of rounded products; None stands for those of the accumulator.
    size, inner, bits, align : int, Accumulate, int, Rounding, optional
        Given exactly where the order needs them, see there. `inner` says nothing of products; what it leaves out
        is like the accumulator.

    Notes
    -----
    Stochastic rounding: the roundings of one sum are numbered from 0 as they are listed above, but for the additions
    of `pairwise`, which are numbered from 1, level by level (0 is the rounding of a single term). Number 0 reads the
    random bits of its own stream, number k those of `fold_in(k)`, the product that is term k those of
    `fold_in(-1 - k)`; block j of `promoted` starts from `fold_in(2**32 + j)`.

    References
    ----------
    Higham 2002, sections 4.2 and 4.3 (Algorithm 4.2 keeps Kahan's compensation with the other sign); Neumaier 1974.

    Examples
    --------
    >>> print(TensorCore(32, 14, promote=128, format="binary32"))
    promoted(128, tensor-core(32, 14)) in binary32, products exact
    """

    order: Order
    products: Products = "rounded"
    format: Format | None = None
    rounding: Rounding | None = None
    product_format: Format | None = None
    product_rounding: Rounding | None = None
    size: int | None = None
    inner: Accumulate | None = None
    bits: int | None = None
    align: Rounding | None = None

    def __post_init__(self) -> None:
        if self.order not in get_args(Order):
            raise FormatError(f"accumulate: order must be one of {', '.join(get_args(Order))}; got {self.order!r}")
        if self.products not in get_args(Products):
            raise FormatError(f"accumulate: products must be rounded or exact; got {self.products!r}")
        for fmt, mode, whose in (
            (self.format, self.rounding, ""),
            (self.product_format, self.product_rounding, " of products"),
        ):
            if not isinstance(fmt, Format | None) or not isinstance(mode, Rounding | None):
                must = f"format{whose} must be a Format and rounding a Rounding, or None"
                raise FormatError(f"accumulate: {must}; got {fmt!r} and {mode!r}")
        if self.products == "exact" and (self.product_format or self.product_rounding):
            raise FormatError(f"accumulate: exact products must have no format and no rounding; got {self._products()}")
        self._check_extras()

    def _check_extras(self) -> None:
        """Raise `FormatError` unless the order has the fields that it needs, and no others."""
        needed = _NEEDS.get(self.order, ())
        for field in _EXTRAS:
            if (getattr(self, field) is None) == (field in needed):
                must = "be given" if field in needed else "be None"
                raise FormatError(f"accumulate: {field} must {must} for {self.order}; got {getattr(self, field)!r}")
        for field in ("size", "bits"):
            value = getattr(self, field)
            whole = isinstance(value, int) and not isinstance(value, bool)
            if field in needed and not (whole and 1 <= value <= _MOST[field]):
                must = f"an integer from 1 to {_MOST[field]}"
                raise FormatError(f"accumulate: {field} of {self.order} must be {must}; got {value!r}")
        if "align" in needed and (not isinstance(self.align, Rounding) or self.align.code == "SR"):
            raise FormatError(f"accumulate: align must be a Rounding and not stochastic; got {self.align!r}")
        if "inner" in needed and not isinstance(self.inner, Accumulate):
            raise FormatError(f"accumulate: inner must be an Accumulate; got {self.inner!r}")
        if self.inner is not None and self.inner != sums_like(self.inner):
            raise FormatError(f"accumulate: inner must say nothing of products; got {self.inner}")

    def rounder(self, results: Rounder) -> Rounder:
        """Return the accumulator's rounder, given that of the results."""
        return _rounder(self.format, self.rounding, results, results)

    def product_rounder(self, results: Rounder) -> Rounder:
        """Return the rounder of rounded products, given that of the results."""
        return _rounder(self.product_format, self.product_rounding, self.rounder(results), results)

    def sum_text(self) -> str:
        """Return order, format and rounding of the sums, as `parse_accumulate` reads them."""
        return f"{self.order}{self._arguments()}{_where(self.format, self.rounding)}"

    def _arguments(self) -> str:
        """Return the fields that the order needs, in parentheses."""
        if self.order not in _NEEDS:
            return ""
        parts = [str(self.size)]
        if self.inner is not None:
            parts.append(self.inner.sum_text())
        if self.bits is not None:
            parts.append(str(self.bits))
        if self.align is not None and self.align != RTZ:
            parts.append(str(self.align))
        return f"({', '.join(parts)})"

    def _products(self) -> str:
        """Return what becomes of products."""
        return f"products {self.products}{_where(self.product_format, self.product_rounding)}"

    def __str__(self) -> str:
        return f"{self.sum_text()}, {self._products()}"


def _rounder(fmt: Format | None, rounding: Rounding | None, default: Rounder, results: Rounder) -> Rounder:
    """Return a rounder with the defaults of another, and the results' policies where these exist in its format."""
    chosen = default.format if fmt is None else fmt
    overflow = results.overflow if chosen == results.format else default_overflow(chosen)
    return replace(results, format=chosen, rounding=rounding or default.rounding, overflow=overflow)


def _where(fmt: Format | None, rounding: Rounding | None) -> str:
    """Return format and rounding as text, each after a space, nothing for None."""
    return (f" in {fmt}" if fmt else "") + (f" {rounding}" if rounding else "")


def sums_like(how: Accumulate) -> Accumulate:
    """Return the accumulation with nothing said of products, as `inner` must be."""
    return Accumulate(
        how.order, "rounded", how.format, how.rounding, None, None, how.size, how.inner, how.bits, how.align
    )


exact_then_round: Final = Accumulate("exact", "rounded")
exact_products: Final = Accumulate("exact", "exact")


def _named(fmt: Format | str | None) -> Format | None:
    """Return the format that is meant, None for None."""
    return None if fmt is None else parse_format(fmt)


def Sequential(format: Format | str | None = None, *, products: Products = "rounded") -> Accumulate:
    """Return accumulation in index order, one rounded addition a term."""
    return Accumulate("sequential", products, _named(format))


def Pairwise(format: Format | str | None = None, *, products: Products = "rounded") -> Accumulate:
    """Return accumulation by adding neighbours level by level."""
    return Accumulate("pairwise", products, _named(format))


def BlockedSum(size: int, format: Format | str | None = None, *, products: Products = "rounded") -> Accumulate:
    """Return accumulation of `size` terms at a time, exactly and with the accumulator, one rounding a block."""
    return Accumulate("blocked", products, _named(format), size=size)


def Promoted(size: int, inner: Accumulate, format: Format | str | None = None) -> Accumulate:
    """Return accumulation of each block of `size` terms by `inner`, of the block sums in sequence in `format`.

    Products are treated as `inner` says.
    """
    if not isinstance(inner, Accumulate):
        raise FormatError(f"accumulate: inner must be an Accumulate; got {inner!r}")
    return Accumulate(
        "promoted",
        inner.products,
        _named(format),
        product_format=inner.product_format or (inner.format if inner.products == "rounded" else None),
        product_rounding=inner.product_rounding or (inner.rounding if inner.products == "rounded" else None),
        size=size,
        inner=sums_like(inner),
    )


def SplitK(size: int, format: Format | str | None = None, *, products: Products = "rounded") -> Accumulate:
    """Return accumulation of `size` consecutive parts in sequence, and then of their sums in sequence."""
    return Accumulate("split", products, _named(format), size=size)


def Kahan(format: Format | str | None = None, *, products: Products = "rounded") -> Accumulate:
    """Return Kahan's compensated summation, each of its four operations a term rounded in the accumulator."""
    return Accumulate("kahan", products, _named(format))


def Neumaier(format: Format | str | None = None, *, products: Products = "rounded") -> Accumulate:
    """Return Neumaier's compensated summation, each of its operations rounded in the accumulator."""
    return Accumulate("neumaier", products, _named(format))


def TensorCore(
    size: int,
    bits: int,
    *,
    align: Rounding = RTZ,
    format: Format | str | None = None,
    promote: int | None = None,
    products: Products = "exact",
) -> Accumulate:
    """Return the model of a tensor core: `size` products a step, aligned to the largest and cut to `bits` bits.

    With `promote`, every block of that many terms starts afresh, and the block sums are added in sequence in `format`,
    to which each step rounds too.

    Examples
    --------
    >>> from precise import rounded
    >>> xp = rounded("binary32", accumulate=TensorCore(32, 14))    # Hopper's FP8
    >>> print(xp.sum(xp.asarray([4096.0, 0.25])).item())
    0x1p+12
    """
    step = Accumulate("tensor-core", products, _named(format), size=size, bits=bits, align=align)
    if promote is None:
        return step
    bare = Accumulate("tensor-core", products, size=size, bits=bits, align=align)
    return Promoted(promote, bare, format)
