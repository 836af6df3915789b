"""Affine maps, activations and MLPs against their formulas."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from precise.errors import ShapeError
from precise.nn import affine, gelu, mlp, silu, swiglu
from precise.nn.affine import SQRT_TWO_OVER_PI

RNG = np.random.default_rng(20241218)
# Arguments lie in [-8, 8]; at most nine roundings of numbers below 2**7.
CLOSE = 2.0**-40


def fractions(*shape: int) -> np.ndarray:
    """Return random fractions as an object array, so that arithmetic is exact."""
    numerators, denominators = RNG.integers(-9, 10, shape), RNG.integers(1, 9, shape)
    return np.frompyfunc(lambda a, b: Fraction(int(a), int(b)), 2, 1)(numerators, denominators)


def test_affine_is_the_formula_exactly() -> None:
    x, w, b = fractions(2, 3, 4), fractions(5, 4), fractions(5)
    got = affine(x, w, b)
    assert got.shape == (2, 3, 5)
    for s, i, r in np.ndindex(2, 3, 5):
        assert got[s, i, r] == sum(w[r, c] * x[s, i, c] for c in range(4)) + b[r]
    assert np.array_equal(affine(x, w), got - b)


def test_silu_is_the_formula() -> None:
    x = RNG.uniform(-8, 8, 200)
    with mpmath.workdps(50):
        expected = [float(mpmath.mpf(v) / (1 + mpmath.exp(-mpmath.mpf(v)))) for v in x]
    assert np.max(np.abs(silu(x) - expected)) <= CLOSE


def test_gelu_is_the_formula() -> None:
    x = RNG.uniform(-8, 8, 200)
    with mpmath.workdps(50):
        root = mpmath.sqrt(2 / mpmath.pi)
        cubic = mpmath.mpf(44715) / 10**6
        expected = [float(mpmath.mpf(v) / 2 * (1 + mpmath.tanh(root * (v + cubic * mpmath.mpf(v) ** 3)))) for v in x]
    assert np.max(np.abs(gelu(x) - expected)) <= CLOSE


def test_the_constant_of_gelu_has_its_stated_error() -> None:
    with mpmath.workdps(80):
        value = mpmath.mpf(SQRT_TWO_OVER_PI.numerator) / SQRT_TWO_OVER_PI.denominator
        assert abs(value - mpmath.sqrt(2 / mpmath.pi)) < mpmath.mpf(10) ** -58


def test_mlp_is_affine_activation_affine() -> None:
    x, w1, w2, b1, b2 = fractions(3, 2), fractions(4, 2), fractions(5, 4), fractions(4), fractions(5)
    got = mlp(x, w1, w2, b1=b1, b2=b2, activation=np.square)
    for i, r in np.ndindex(3, 5):
        hidden = [(sum(w1[f, c] * x[i, c] for c in range(2)) + b1[f]) ** 2 for f in range(4)]
        assert got[i, r] == sum(w2[r, f] * hidden[f] for f in range(4)) + b2[r]


def test_swiglu_is_the_formula() -> None:
    x, w_gate, w_up, w_down = (RNG.uniform(-1, 1, s) for s in ((3, 4), (6, 4), (6, 4), (4, 6)))
    got = swiglu(x, w_gate, w_up, w_down)
    for i, r in np.ndindex(3, 4):
        total = 0.0
        for f in range(6):
            g, u = float(np.dot(w_gate[f], x[i])), float(np.dot(w_up[f], x[i]))
            total += w_down[r, f] * g / (1 + float(np.exp(-g))) * u
        assert abs(got[i, r] - total) <= CLOSE


def test_float32_stays_float32() -> None:
    x = np.ones((2, 3), dtype=np.float32)
    w = np.ones((3, 3), dtype=np.float32)
    assert {y.dtype for y in (silu(x), gelu(x), mlp(x, w, w), swiglu(x, w, w, w))} == {np.dtype(np.float32)}


def test_c1_widths_must_agree() -> None:
    with pytest.raises(ShapeError, match=r"affine: x .* and w .* must agree in d; got \[2, 3\] and \[3, 4\]"):
        affine(np.zeros((2, 3)), np.zeros((3, 4)))
    with pytest.raises(ShapeError, match="affine: x"):
        affine(np.zeros(3), np.zeros((4, 3)))


def test_c2_bias_of_another_width() -> None:
    with pytest.raises(ShapeError, match=r"affine: b must have shape \[e\] for w \[e, d\]; got \[3\] and \[4, 3\]"):
        affine(np.zeros((2, 3)), np.zeros((4, 3)), np.zeros(3))


def test_swiglu_c1_gate_and_up() -> None:
    with pytest.raises(ShapeError, match="swiglu: w_gate and w_up must have one shape"):
        swiglu(np.zeros((2, 3)), np.zeros((4, 3)), np.zeros((5, 3)), np.zeros((3, 4)))
