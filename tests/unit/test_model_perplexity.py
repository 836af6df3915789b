"""Perplexity, agreement and KL divergence of two tables of logits, against 50-digit arithmetic."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

from precise.errors import DomainError, ShapeError
from precise.studies.perplexity import LogitRows, prediction_metrics


def rows(table: np.ndarray) -> LogitRows:
    """Return a table of logits as a function of a range of positions."""
    return lambda first, last: table[first:last]


def table(seed: int, length: int = 11, vocabulary: int = 7) -> np.ndarray:
    """Return random logits [length, vocabulary] in binary32."""
    return (4 * np.random.default_rng(seed).standard_normal((length, vocabulary))).astype(np.float32)


TOKENS = [3, 1, 4, 1, 5, 0, 2, 6, 5, 3, 5]


def slow_metrics(model: np.ndarray, reference: np.ndarray, tokens: list[int]) -> tuple[float, float, float]:
    """Return perplexity, mean KL and mean KL of the last half from the definitions, with 50 digits."""
    with mpmath.workdps(50):
        loss, kl = [], []
        for t in range(len(tokens) - 1):
            p, q = ([mpmath.exp(mpmath.mpf(float(z))) for z in row[t]] for row in (reference, model))
            p, q = [x / mpmath.fsum(p) for x in p], [x / mpmath.fsum(q) for x in q]
            loss.append(-mpmath.log(q[tokens[t + 1]]))
            kl.append(mpmath.fsum(a * mpmath.log(a / b) for a, b in zip(p, q, strict=True)))
        late = kl[len(tokens) // 2 :]
        mean = mpmath.fsum(loss) / len(loss)
        return float(mpmath.exp(mean)), float(mpmath.fsum(kl) / len(kl)), float(mpmath.fsum(late) / len(late))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("block", [1, 3, 10, 128])
def test_metrics_are_those_of_the_definitions(seed: int, block: int) -> None:
    model, reference = table(seed), table(seed + 100)
    found = prediction_metrics(rows(model), rows(reference), TOKENS, block=block)
    expected = slow_metrics(model, reference, TOKENS)
    # A row of 7 has fewer than 40 roundings of numbers below 2**6: the error is below 40 * 2**6 * 2**-53 < 2**-41.
    for value, true in zip((found.perplexity, found.kl_mean, found.kl_last_half), expected, strict=True):
        assert abs(value - true) <= 2.0**-41 * max(1.0, true)
    same = np.argmax(model[:-1], axis=1) == np.argmax(reference[:-1], axis=1)
    assert found.agreement == same.mean()
    assert (found.predictions, found.not_finite) == (10, 0)


def test_a_model_agrees_with_itself_exactly() -> None:
    found = prediction_metrics(rows(table(1)), rows(table(1)), TOKENS)
    assert (found.agreement, found.kl_mean, found.kl_last_half) == (1.0, 0.0, 0.0)


def test_a_known_divergence() -> None:
    half, quarter = np.zeros((2, 2), np.float32), np.asarray([[0, math.log(3)]] * 2)
    found = prediction_metrics(rows(quarter), rows(half), [0, 1], block=1)
    assert abs(found.kl_mean - math.log(2 / math.sqrt(3))) < 2.0**-50
    assert abs(found.perplexity - 4 / 3) < 2.0**-50


def test_logits_without_a_finite_value_are_counted() -> None:
    model, reference = table(1), table(1)
    model[2, 3] = np.nan
    model[7, 0] = np.inf
    found = prediction_metrics(rows(model), rows(reference), TOKENS)
    assert found.not_finite == 2
    assert found.agreement == 0.8
    assert math.isnan(found.perplexity)
    assert math.isnan(found.kl_mean)


def test_a_certain_model_that_is_wrong_has_infinite_perplexity_not_an_error() -> None:
    model = np.full((3, 2), 0, np.float32)
    model[:, 1] = 3e38
    found = prediction_metrics(rows(model), rows(model), [0, 0, 0])
    assert found.perplexity == math.inf


def test_c1_at_least_two_tokens_of_the_vocabulary() -> None:
    for tokens in ([], [1], [1, 7], [1, -1]):
        with pytest.raises(DomainError, match="prediction_metrics: tokens"):
            prediction_metrics(rows(table(1)), rows(table(1)), tokens)


def test_c2_block_is_positive() -> None:
    with pytest.raises(DomainError, match="block must be at least 1; got 0"):
        prediction_metrics(rows(table(1)), rows(table(1)), TOKENS, block=0)


def test_c3_both_tables_have_one_shape() -> None:
    with pytest.raises(ShapeError, match=r"\[10, vocabulary\] for both models; got \[10, 7\] and \[10, 6\]"):
        prediction_metrics(rows(table(1)), rows(table(1, vocabulary=6)), TOKENS)
