"""Layer norm and root-mean-square norm against their formulas."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from precise.errors import DomainError, ShapeError
from precise.nn import layer_norm, rms_norm

# Entries lie in [-4, 4], the variance of each row is above 2**-3 and d <= 8: below 100 roundings of numbers below
# 2**8, amplified by at most 2**6 in the quotient.
CLOSE = 2.0**-30
RNG = np.random.default_rng(20241218)
VARIANCES = ["two-pass", "one-pass", "welford"]


def layer_norm_row(row: list[float], epsilon: Fraction) -> list[float]:
    """Return the formula with an exact mean and variance and a root of 60 digits."""
    x = [Fraction(v) for v in row]
    mean = sum(x) / len(x)
    variance = sum((v - mean) ** 2 for v in x) / len(x) + epsilon
    with mpmath.workdps(60):
        root = mpmath.sqrt(mpmath.mpf(variance.numerator) / variance.denominator)
        return [float(mpmath.mpf((v - mean).numerator) / (v - mean).denominator / root) for v in x]


@pytest.mark.parametrize("variance", VARIANCES)
@pytest.mark.parametrize("epsilon", [None, 0.5, Fraction(1, 4)])
def test_layer_norm_is_the_formula(variance: str, epsilon: float | Fraction | None) -> None:
    x = RNG.uniform(-4, 4, (2, 3, 7))
    assert np.min(np.var(x, axis=-1)) > 2**-3
    got = layer_norm(x, epsilon=epsilon, variance=variance)
    for index in np.ndindex(2, 3):
        expected = layer_norm_row(list(x[index]), Fraction(epsilon or 0))
        assert np.max(np.abs(got[index] - expected)) <= CLOSE


@pytest.mark.parametrize("variance", VARIANCES)
def test_gain_and_bias_come_last(variance: str) -> None:
    x, gain, bias = RNG.uniform(-4, 4, (3, 5)), RNG.uniform(1, 2, 5), RNG.uniform(1, 2, 5)
    got = layer_norm(x, gain=gain, bias=bias, variance=variance)
    assert np.array_equal(got, layer_norm(x, variance=variance) * gain + bias)


def test_the_mean_of_two_pass_is_rounded_as_the_paper_does() -> None:
    # In binary64 the rounded mean of three equal entries can differ from the entry; then the row is not 0/0.
    x = np.full(3, 0.1)
    assert np.sum(x) / 3 != x[0]
    assert np.all(np.isfinite(layer_norm(x)))


def test_rms_norm_is_the_formula() -> None:
    x, gain = RNG.uniform(-4, 4, (3, 6)), RNG.uniform(-2, 2, 6)
    got = rms_norm(x, gain, Fraction(1, 8))
    for i in range(3):
        mean_square = sum(Fraction(v) ** 2 for v in x[i]) / 6 + Fraction(1, 8)
        with mpmath.workdps(60):
            root = mpmath.sqrt(mpmath.mpf(mean_square.numerator) / mean_square.denominator)
            expected = [float(mpmath.mpf(v) / root * mpmath.mpf(g)) for v, g in zip(x[i], gain, strict=True)]
        assert np.max(np.abs(got[i] - expected)) <= CLOSE


def test_float32_stays_float32() -> None:
    x = RNG.uniform(-4, 4, (3, 6)).astype(np.float32)
    assert rms_norm(x, x[0], 1e-5).dtype == np.float32
    for variance in VARIANCES:
        assert layer_norm(x, gain=x[0], epsilon=1e-5, variance=variance).dtype == np.float32


@pytest.mark.parametrize("norm", [layer_norm, rms_norm])
@pytest.mark.parametrize("shape", [(), (2, 0)])
def test_c1_no_rows(norm: object, shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"_norm: x must have rows \[..., d\] with d >= 1"):
        norm(np.zeros(shape))


def test_c2_gain_and_bias_of_another_width() -> None:
    with pytest.raises(ShapeError, match=r"layer_norm: gain must have shape \[d\].*got \[3\] and \[2, 4\]"):
        layer_norm(np.zeros((2, 4)), gain=np.zeros(3))
    with pytest.raises(ShapeError, match=r"layer_norm: bias must have shape \[d\].*got \[1, 4\] and \[2, 4\]"):
        layer_norm(np.zeros((2, 4)), bias=np.zeros((1, 4)))
    with pytest.raises(ShapeError, match=r"rms_norm: gain must have shape \[d\].*got \[3\] and \[2, 4\]"):
        rms_norm(np.zeros((2, 4)), np.zeros(3))


def test_c3_unknown_variance() -> None:
    with pytest.raises(DomainError, match="variance must be one of two-pass, one-pass, welford; got 'naive'"):
        layer_norm(np.zeros((2, 4)), variance="naive")
