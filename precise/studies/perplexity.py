"""How far a language model's predictions move: perplexity, top-1 agreement and KL divergence per token.

Both models are given as functions that return the logits of a range of positions, so a whole table of logits need not
exist: for a vocabulary of 49152 and blocks of 128 positions the work space is about 0.2 GB, whatever the length of the
text. Logits are NumPy arrays of the model; the logarithms and sums of this module are binary64.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from precise.errors import DomainError, ShapeError

#: Logits `[last - first, vocabulary]` of the positions `first .. last - 1`.
LogitRows = Callable[[int, int], NDArray[np.float32]]

BLOCK: Final = 128


@dataclass(frozen=True, slots=True)
class PredictionMetrics:
    """What a model predicts on a text, beside a reference that reads the same text.

    Parameters
    ----------
    predictions : int
        Number of predicted tokens, one less than the tokens of the text: the first is given.
    perplexity : float
        exp of the mean of -log p(next token), NaN when a logit is NaN.
    agreement : float
        Share of predictions, in [0, 1], whose most probable token is the reference's; the first wins a tie. One
        that is not finite agrees with nothing.
    kl_mean, kl_last_half : float
        Mean of KL(reference || model) in nats per token over all predictions, and over those whose position lies in the
        last half of the text.
    not_finite : int
        Predictions with a NaN or an infinity among their logits.
    """

    predictions: int
    perplexity: float
    agreement: float
    kl_mean: float
    kl_last_half: float
    not_finite: int


def prediction_metrics(
    model: LogitRows, reference: LogitRows, tokens: Sequence[int], /, *, block: int = BLOCK
) -> PredictionMetrics:
    """Return the metrics of `model` against `reference` on the text `tokens: [length]`.

    Position `t` predicts `tokens[t + 1]`. With logits less their maximum y_p of the reference and y_q of the model, and
    S the sums of their exponentials, KL = sum exp(y_p) (y_p - y_q) / S_p + log S_q - log S_p, all in binary64.

    Parameters
    ----------
    model, reference : LogitRows
        Functions of `(first, last)` that return logits `[last - first, vocabulary]`.
    block : int
        Positions whose logits exist at one time.

    Constraints
    -----------
    C1. `tokens` has at least 2 elements, each an index into the vocabulary.
    C2. `block` is at least 1.
    C3. Both functions return `[last - first, vocabulary]`.
    """
    length = len(tokens)
    if length < 2:
        raise DomainError(f"prediction_metrics: tokens must have at least 2 elements; got {length}")
    if block < 1:
        raise DomainError(f"prediction_metrics: block must be at least 1; got {block}")
    targets = np.asarray(tokens, dtype=np.int64)
    loss = np.empty(length - 1)
    divergence = np.empty(length - 1)
    agrees = np.empty(length - 1, dtype=bool)
    finite = np.empty(length - 1, dtype=bool)
    for first in range(0, length - 1, block):
        rows = slice(first, min(first + block, length - 1))
        _compare_block(
            model(rows.start, rows.stop),
            reference(rows.start, rows.stop),
            targets[rows.start + 1 : rows.stop + 1],
            (loss[rows], divergence[rows], agrees[rows], finite[rows]),
        )
    half = length // 2
    return PredictionMetrics(
        predictions=length - 1,
        perplexity=_exp(float(loss.mean())),
        agreement=float(agrees.mean()),
        kl_mean=float(divergence.mean()),
        kl_last_half=float(divergence[min(half, length - 2) :].mean()),
        not_finite=int(np.count_nonzero(~finite)),
    )


def _compare_block(
    other: NDArray[np.float32],
    own: NDArray[np.float32],
    targets: NDArray[np.int64],
    out: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]],
) -> None:
    """Write loss, divergence, agreement and finiteness of one block of positions into the four arrays `out`."""
    if other.shape != own.shape or other.ndim != 2 or other.shape[0] != len(targets):
        raise ShapeError(
            f"prediction_metrics: logits must be [{len(targets)}, vocabulary] for both models; "
            f"got {list(other.shape)} and {list(own.shape)}"
        )
    if targets.min() < 0 or targets.max() >= own.shape[1]:
        raise DomainError(f"prediction_metrics: tokens must lie in 0..{own.shape[1] - 1}; got {targets.max()}")
    loss, divergence, agrees, finite = out
    finite[:] = np.isfinite(other).all(axis=1)
    agrees[:] = finite & (other.argmax(axis=1) == own.argmax(axis=1))
    with np.errstate(invalid="ignore", over="ignore"):  # rows with NaN or infinities become NaN and are counted
        y_q, e_q = _shifted(other)
        y_p, e_p = _shifted(own)
        sum_q, sum_p = e_q.sum(axis=1), e_p.sum(axis=1)
        loss[:] = np.log(sum_q) - np.take_along_axis(y_q, targets[:, None], axis=1)[:, 0]
        np.subtract(y_p, y_q, out=y_p)
        divergence[:] = np.einsum("tv,tv->t", e_p, y_p) / sum_p + (np.log(sum_q) - np.log(sum_p))


def _shifted(z: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return `y = z - max z` of each row of `z: [rows, vocabulary]` in binary64, and exp y."""
    y = z.astype(np.float64)
    y -= y.max(axis=1, keepdims=True)
    return y, np.exp(y)


def _exp(x: float) -> float:
    """Return exp(x), infinity where it overflows binary64."""
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf
