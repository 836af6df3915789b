"""The reach of an array, by the extension and by NumPy, against a search entry by entry."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from precise.engines import compiled
from precise.engines.extent import Extent


def significant_bits(x: float) -> int:
    """Return the length of a significand from its leading bit to its last set one; 1 for zero."""
    numerator = abs(x).as_integer_ratio()[0]
    return max(1, (numerator & -numerator and numerator // (numerator & -numerator)).bit_length())


def searched(x: NDArray[np.float64]) -> tuple[float, float, bool]:
    """Return both ends of the finite nonzero magnitudes, and whether there are only finite ones."""
    values = [abs(float(v)) for v in x.ravel()]
    finite = [v for v in values if v and math.isfinite(v)]
    return min(finite, default=math.inf), max(finite, default=0.0), all(map(math.isfinite, values))


ARRAYS = [
    np.array([]),
    np.array([0.0, -0.0]),
    np.array([np.inf, np.nan]),
    np.array([0.0, 3.0]),
    np.array([[-5e-324, 0.0], [np.nan, 1.7976931348623157e308]]),
    np.array([-np.inf, 2.0**-1022, 0.0]),
    *(np.random.default_rng(i).standard_normal(i) for i in range(1, 40, 3)),
    np.ldexp(1.0, np.arange(-1074, 1024)),
    np.concatenate([np.zeros(1 << 17), [0.1, -0.2], np.zeros(3)]),
]


@pytest.mark.parametrize("x", ARRAYS, ids=lambda x: str(x.size))
def test_extent_by_the_extension(x: NDArray[np.float64], instruction_set: str) -> None:
    found = Extent.of(x)
    assert (found.least, found.most, found.finite) == searched(x)


@pytest.mark.parametrize("x", ARRAYS, ids=lambda x: str(x.size))
def test_extent_by_numpy(x: NDArray[np.float64], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "extension", lambda: None)
    found = Extent.of(x)
    assert (found.least, found.most, found.finite) == searched(x)


@pytest.mark.parametrize("bits", range(1, 54))
def test_bits_are_those_of_the_longest_significand(bits: int) -> None:
    rng = np.random.default_rng(bits)
    x = np.ldexp(rng.integers(1 << (bits - 1), 1 << bits, 50).astype(np.float64), rng.integers(-50, 50, 50))
    x[::7] = 0.0
    assert Extent.of(x).bits == Extent.of(x[::-1]).bits == max(map(significant_bits, x.tolist()))


def test_an_array_that_is_not_contiguous() -> None:
    x = np.arange(-12.0, 12.0).reshape(4, 6).T[1::2]
    assert Extent.of(x) == Extent.of(x.copy()) == Extent(4, 1.0, 11.0, True)


def test_other_types_are_refused() -> None:
    module = compiled.extension()
    if module is None:
        pytest.skip("the extension is not built: NumPy gives the same bits")
    with pytest.raises(TypeError, match="must have float64 entries"):
        module.extent(np.arange(3))
