"""Bad use of the library: one line of the right kind, and nothing is silently changed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

import precise.nn as nn
from precise import (
    RNE,
    SR,
    Dyadic,
    Overflow,
    Sequential,
    Underflow,
    bfloat16,
    binary32,
    cost,
    decode,
    enclosure,
    encode,
    exact,
    next_up,
    paper_float,
    parse_format,
    round_to,
    rounded,
    stochastic,
    symbolic,
    ulp,
)
from precise.errors import (
    DomainError,
    FormatError,
    NamespaceError,
    NotRepresentableError,
    PreciseError,
    ShapeError,
    UnsupportedError,
)

xp = rounded(bfloat16)
paper = rounded(paper_float(5))
A, M = xp.asarray([1.0, 2.0, 3.0]), xp.asarray([[1.0, 2.0], [3.0, 4.0]])

BAD: dict[str, tuple[Callable[[], object], type[PreciseError], str]] = {
    "unknown policy": (lambda: rounded(bfloat16, overflow="garbage"), FormatError, "one of infinity, nan, saturate"),
    "policy of a rounding": (lambda: round_to(1, format=bfloat16, rounding=RNE, overflow="x"), FormatError, "one of"),
    "exact third": (
        lambda: rounded(bfloat16, constants="exact").asarray([1.0]) * Fraction(1, 3),
        UnsupportedError,
        "dyadic numbers",
    ),
    "float significand": (lambda: Dyadic(0.1), NotRepresentableError, "c and q must be integers"),
    "string significand": (lambda: Dyadic("1"), NotRepresentableError, "c and q must be integers"),
    "endless precision": (lambda: enclosure(10**12), FormatError, "from 2 to"),
    "truth values joined": (lambda: xp.concat([A, xp.greater(A, 1)]), NamespaceError, "got both"),
    "truth values chosen": (lambda: xp.where(A > 1, A > 1, A), NamespaceError, "one of each"),
    "truth values added": (lambda: xp.add(A > 1, 1), NamespaceError, "got truth values"),
    "truth values summed": (lambda: xp.sum(A > 1), NamespaceError, "got truth values"),
    "numbers negated": (lambda: ~A, NamespaceError, "must be truth values"),
    "fractional index": (lambda: xp.take(A, [0.5]), DomainError, "indices must be integers"),
    "fractional code": (lambda: xp.from_codes(np.array([1.5])), DomainError, "codes must be integers"),
    "negative length": (lambda: xp.reshape(M, (-2, 2)), ShapeError, "at least -1"),
    "fractional range": (lambda: xp.arange(3.5), DomainError, "must be integers"),
    "step of zero": (lambda: xp.arange(0, 5, 0), DomainError, "step not 0"),
    "masked array": (lambda: xp.asarray(np.ma.array([1.0], mask=[1])), DomainError, "must not be masked"),
    "depths as numbers": (lambda: xp.asarray(cost().empty(2)), UnsupportedError, "no elements"),
    "pole of the logarithm": (lambda: paper.log(paper.zeros(1)), DomainError, "must not be zero"),
    "division by zero": (lambda: paper.divide(paper.ones(1), 0), DomainError, "divisor must not be zero"),
    "format for an order": (lambda: rounded(bfloat16, accumulate=binary32), FormatError, "order must be one of"),
    "number for a mode": (lambda: rounded(bfloat16, 7), FormatError, "mode must be one of"),
    "number for a format": (lambda: rounded(3), FormatError, "must be a Format or a name"),
    "fractional seed": (lambda: stochastic(seed=1.5), FormatError, "seed of SR must be an integer"),
    "folding text": (lambda: rounded(bfloat16, SR).fold_in("a"), DomainError, "must be an integer"),
    "streams mixed": (
        lambda: rounded(bfloat16, SR).ones(1) + rounded(bfloat16, SR).fold_in(1).ones(1),
        NamespaceError,
        "stream=",
    ),
    "namespaces mixed": (lambda: xp.add(A, paper.ones(3)), NamespaceError, "arrays must have one namespace"),
    "namespaces mixed in a body": (lambda: nn.layer_norm(A, gain=paper.ones(3)), NamespaceError, "paper:5"),
    "NumPy array as operand": (lambda: xp.add(A, np.ones(3)), NamespaceError, "got ndarray"),
    "NumPy asks for an array": (lambda: np.asarray(A), NamespaceError, "must be explicit"),
    "truth of many": (lambda: bool(A > 1), NamespaceError, "truth value"),
    "Python truth value": (lambda: A + True, NamespaceError, "got bool"),
    "shapes that do not fit": (lambda: xp.add(A, M), ShapeError, "shapes must broadcast"),
    "matrices that do not fit": (lambda: xp.matmul(M, A), ShapeError, "[..., n, k] and [..., k, m]"),
    "missing axis": (lambda: xp.sum(M, axis=2), ShapeError, "distinct axes"),
    "axis twice": (lambda: xp.sum(M, axis=(0, 0)), ShapeError, "distinct axes"),
    "axis of text": (lambda: xp.sum(M, axis="a"), ShapeError, "axis must be an integer"),
    "expanded too far": (lambda: xp.expand_dims(M, axis=5), ShapeError, "axis must lie within"),
    "flipped axis": (lambda: xp.flip(M, axis=3), ShapeError, "axes must be distinct"),
    "index out of range": (lambda: A[7], ShapeError, "index must fit shape [3]"),
    "slice of no step": (lambda: A[::0], ShapeError, "index must fit"),
    "negative shape": (lambda: xp.zeros(-1), ShapeError, "integers of at least 0"),
    "maximum of nothing": (lambda: xp.max(xp.zeros(0)), DomainError, "must cover an element"),
    "subscripts": (lambda: xp.einsum("ij,jk->il", M, M), ShapeError, "letters of the operands"),
    "ragged list": (lambda: xp.asarray([[1.0], [1.0, 2.0]]), DomainError, "rectangular"),
    "no number": (lambda: xp.asarray(None), DomainError, "must be numbers; got NoneType"),
    "complex": (lambda: xp.asarray(np.array([1j])), DomainError, "must be real numbers"),
    "wide float": (lambda: xp.asarray(np.ones(1, dtype=np.longdouble)), UnsupportedError, "float64 or narrower"),
    "word": (lambda: xp.asarray(["abc"]), NotRepresentableError, "decimal or 0x literal"),
    "NaN where none exists": (lambda: round_to("nan", format=paper_float(5), rounding=RNE), DomainError, "has no nan"),
    "code of a float": (lambda: encode(1.0, bfloat16), DomainError, "Dyadic or a Special"),
    "code of a stranger": (lambda: encode(Dyadic(257), bfloat16), NotRepresentableError, "must be a member"),
    "fractional code of a format": (lambda: decode(1.5, bfloat16), DomainError, "must be an integer"),
    "code too large": (lambda: decode(1 << 16, bfloat16), DomainError, "must lie in"),
    "ulp of a float": (lambda: ulp(1.0, bfloat16), DomainError, "must be a Dyadic"),
    "neighbour of a float": (lambda: next_up(1.0, bfloat16), DomainError, "Dyadic or a Special"),
    "format of a number": (lambda: parse_format(3), FormatError, "Format or a name"),
    "irrational root": (lambda: exact().sqrt(exact().asarray(2)), UnsupportedError, "square of a rational"),
    "transcendental value": (lambda: exact().exp(exact().asarray(1)), UnsupportedError, "argument must be 0"),
    "symbolic division by zero": (lambda: symbolic().divide(1, 0), DomainError, "must not be zero"),
    "unbounded ball": (
        lambda: enclosure(64).intervals(enclosure(64).log(enclosure(64).asarray(0))),
        DomainError,
        "bounded",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_use_is_one_clear_line(name: str) -> None:
    call, kind, words = BAD[name]
    with pytest.raises(PreciseError) as caught:
        call()
    assert type(caught.value) is kind
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_names_stand_for_policies() -> None:
    assert rounded(bfloat16, overflow="saturate") == rounded("bfloat16", "rne", overflow=Overflow.SATURATE)
    assert rounded(bfloat16, underflow="FLUSH") == rounded(bfloat16, underflow=Underflow.FLUSH)
    assert rounded(bfloat16, constants="binary32") == rounded(bfloat16, constants=binary32)
    assert rounded(bfloat16, accumulate=Sequential("fp32")) == rounded(bfloat16, accumulate=Sequential(binary32))
    assert rounded(bfloat16, overflow="saturate").asarray(1e60).item() == bfloat16.largest


def test_arrays_do_not_change() -> None:
    b = xp.asarray([1.0, 2.0])
    out = b.to_float64()
    out[0] = 0.1
    b[:1].to_float64()[:] = 9
    with pytest.raises(ValueError, match="read-only"):
        b.data[0] = 0.1
    source, mask = np.array([5.0, 6.0]), np.array([True, False])
    held, truth = rounded("binary64").asarray(source), xp.asarray(mask)
    source[0], mask[1] = 0.0, True
    assert b.to_float64().tolist() == [1.0, 2.0]
    assert held.to_float64().tolist() == [5.0, 6.0]
    assert truth.data.tolist() == [True, False]


def test_numbers_of_all_kinds_are_operands() -> None:
    for one in (1, 1.0, Fraction(1), Dyadic(1), np.float32(1), np.int64(1), np.float64(1)):
        assert xp.add(A, one).to_float64().tolist() == [2.0, 3.0, 4.0]
    assert [row.to_float64().tolist() for row in M] == [[1.0, 2.0], [3.0, 4.0]]
    assert xp.all((A > 0) & (A < 4) | ~(A > 0))
    assert not xp.any(A > 3)
