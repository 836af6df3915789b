"""Softmax and weighted average against their formulas."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from precise.errors import DomainError, ShapeError
from precise.nn import exponentials, softmax, weighted_average

# Scores lie in [-3, 3] and at most 32 terms are added: every result is within 200 roundings, each at most
# 2**-53 of a number below 32 e**3 < 2**10.
CLOSE = 2.0**-35
RNG = np.random.default_rng(20241218)


def softmax_row(row: list[float]) -> list[float]:
    """Return the softmax by its definition, with 60 digits."""
    with mpmath.workdps(60):
        e = [mpmath.exp(mpmath.mpf(z)) for z in row]
        return [float(x / mpmath.fsum(e)) for x in e]


@pytest.mark.parametrize("variant", ["paper", "shifted"])
@pytest.mark.parametrize("shape", [(5,), (3, 7), (2, 3, 4)])
def test_softmax_is_the_formula(variant: str, shape: tuple[int, ...]) -> None:
    z = RNG.uniform(-3, 3, shape)
    got = softmax(z, variant=variant)
    for index in np.ndindex(shape[:-1]):
        assert np.max(np.abs(got[index] - softmax_row(list(z[index])))) <= CLOSE


@pytest.mark.parametrize("variant", ["paper", "shifted"])
def test_the_axis_is_the_one_asked_for(variant: str) -> None:
    z = RNG.uniform(-3, 3, (3, 4, 2))
    by_axis = softmax(z, axis=1, variant=variant)
    by_hand = np.moveaxis(softmax(np.moveaxis(z, 1, -1), variant=variant), -1, 1)
    assert np.max(np.abs(by_axis - by_hand)) <= CLOSE


def test_float32_stays_float32() -> None:
    z = np.asarray([[1.0, 2.0]], dtype=np.float32)
    mask = np.asarray([True, False])
    for variant in ("paper", "shifted"):
        assert softmax(z, variant=variant).dtype == np.float32
        assert softmax(z, variant=variant, mask=mask).dtype == np.float32


def test_the_largest_shifted_exponential_is_one() -> None:
    z = RNG.uniform(-1000, 1000, (50, 6))
    assert np.all(np.max(exponentials(z, variant="shifted"), axis=-1) == 1)


@pytest.mark.parametrize("variant", ["paper", "shifted"])
def test_a_mask_gives_the_softmax_of_what_is_left(variant: str) -> None:
    z = RNG.uniform(-3, 3, (4, 6))
    mask = np.asarray([[True, False, True, True, False, True]] * 4)
    got = softmax(z, variant=variant, mask=mask)
    assert np.all(got[~mask] == 0)
    assert np.max(np.abs(got[:, mask[0]] - softmax(z[:, mask[0]], variant=variant))) <= CLOSE


@pytest.mark.parametrize("variant", ["paper", "shifted"])
@pytest.mark.parametrize("hidden", [5000.0, -5000.0, np.inf, -np.inf])
def test_a_masked_score_cannot_overflow(variant: str, hidden: float) -> None:
    z = np.asarray([hidden, 1.0, 1.0])
    assert np.array_equal(softmax(z, variant=variant, mask=np.asarray([False, True, True])), [0.0, 0.5, 0.5])


def test_the_shifted_maximum_ignores_masked_scores() -> None:
    z = np.asarray([900.0, 0.0, 1.0])
    e = exponentials(z, variant="shifted", mask=np.asarray([False, True, True]))
    assert e[2] == 1.0


@pytest.mark.parametrize("normalise", ["output", "weights"])
def test_weighted_average_is_the_formula(normalise: str) -> None:
    scores, values = RNG.uniform(-3, 3, (2, 3, 5)), RNG.uniform(-1, 1, (2, 5, 4))
    got = weighted_average(scores, values, normalise=normalise)
    for b, i, c in np.ndindex(2, 3, 4):
        w = softmax_row(list(scores[b, i]))
        expected = sum(Fraction(w[j]) * Fraction(values[b, j, c]) for j in range(5))
        assert abs(got[b, i, c] - float(expected)) <= CLOSE


def test_c1_unknown_variant() -> None:
    with pytest.raises(DomainError, match="exponentials: variant must be one of paper, shifted; got 'online'"):
        softmax(np.zeros(3), variant="online")


def test_c2_mask_that_does_not_broadcast() -> None:
    with pytest.raises(ShapeError, match=r"mask must broadcast against z; got \[2\] and \[3\]"):
        softmax(np.zeros(3), mask=np.asarray([True, False]))


def test_c1_rows_of_values() -> None:
    with pytest.raises(ShapeError, match=r"weighted_average: .* must agree in N; got \[2, 3\] and \[4, 1\]"):
        weighted_average(np.zeros((2, 3)), np.zeros((4, 1)))


def test_c2_unknown_normalisation() -> None:
    with pytest.raises(DomainError, match="normalise must be one of output, weights; got 'rows'"):
        weighted_average(np.zeros((2, 3)), np.zeros((3, 1)), normalise="rows")
