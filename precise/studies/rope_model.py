"""What the format of a RoPE table does to a real language model: which casts are harmless and which are bugs.

The model runs in binary32 NumPy throughout; only its tables of cosines and sines change. The reference has exact
tables, stored in binary32. Each variant rounds positions, frequencies, angles or tables to formats of its own. A row
says how far the tables move, beside the bound that the formats alone imply, and how far the predictions move on a text.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from precise.errors import DomainError
from precise.formats import Format
from precise.nn.llama import LlamaWeights, llama_hidden, llama_logits
from precise.rounding import RNE, Rounding
from precise.studies.perplexity import LogitRows, PredictionMetrics, prediction_metrics
from precise.studies.rope_bounds import RopeBound, rope_error_bound
from precise.studies.rope_formats import RopeFormats, RopeVariant, flagship_variants, role_variants
from precise.studies.rope_tables import RopeTables, exact_tables, rope_tables
from precise.studies.smollm2 import LanguageModel, load_smollm2

JSON: TypeAlias = "str | int | float | bool | list[JSON] | dict[str, JSON] | None"

#: Greatest mean KL divergence in the last half, in nats per token, that is called harmless.
TOLERANCE: Final = Fraction(1, 1000)

# Both the binary64 reference entry and the difference from it are within 2**-53 of the exact ones.
_MEASURING_ERROR: Final = math.ldexp(1.0, -52)


@dataclass(frozen=True, slots=True)
class TableError:
    """The greatest error of an entry of both tables.

    Parameters
    ----------
    value : float
        Upper end of an enclosure of width 2**-51 of the greatest |entry - true value|; NaN where an entry is NaN.
    position, feature : int
        Where: the m and k of m theta_k, of the first NaN if there is one.
    function : str
        "cos" or "sin".
    """

    value: float
    position: int
    feature: int
    function: str


@dataclass(frozen=True, slots=True)
class RopeRow:
    """One variant: its tables against exact ones, and its predictions against those with exact tables."""

    variant: RopeVariant
    error: TableError
    bound: RopeBound | None
    metrics: PredictionMetrics
    perplexity_change: float
    table_not_finite: int
    verdict: str
    seconds: float

    def to_json(self) -> dict[str, JSON]:
        """Return the row as JSON data: NaN and infinities as strings, the bound also as an exact fraction."""
        bound = None if self.bound is None else self.bound.table
        return {
            "name": self.variant.name,
            "formats": dict(self.variant.formats.to_json()),
            "table_error": _number(self.error.value),
            "worst": {
                "position": self.error.position,
                "feature": self.error.feature,
                "function": self.error.function,
            },
            "table_error_bound": None if bound is None else float_above(bound),
            "table_error_bound_exact": None if bound is None else str(bound),
            "perplexity": _number(self.metrics.perplexity),
            "perplexity_change_percent": _number(self.perplexity_change),
            "top1_agreement": _number(self.metrics.agreement),
            "kl_per_token": _number(self.metrics.kl_mean),
            "kl_per_token_last_half": _number(self.metrics.kl_last_half),
            "not_finite_predictions": self.metrics.not_finite,
            "not_finite_table_entries": self.table_not_finite,
            "verdict": self.verdict,
            "seconds": self.seconds,
        }


@dataclass(frozen=True, slots=True)
class RopeModelReport:
    """The rows of the experiment, the reference with exact tables first, and what they were measured on."""

    model: str
    text: str
    tokens: int
    base: Fraction
    head_dim: int
    rounding: Rounding
    tolerance: Fraction
    rows: tuple[RopeRow, ...]
    seconds: float

    @property
    def all_harmless(self) -> bool:
        """Whether no row exceeds the tolerance."""
        return all(row.verdict == "harmless" for row in self.rows)

    def to_json(self) -> dict[str, JSON]:
        """Return the report as JSON data."""
        return {
            "study": "rope-model",
            "model": self.model,
            "text": self.text,
            "tokens": self.tokens,
            "rope_base": str(self.base),
            "head_dim": self.head_dim,
            "rounding": str(self.rounding),
            "tolerance": str(self.tolerance),
            "rule": rule(self.tolerance),
            "rows": [row.to_json() for row in self.rows],
            "seconds": self.seconds,
        }


def rope_model_study(
    text_path: Path | str,
    *,
    tokens: int = 2048,
    formats: Sequence[Format] | None = None,
    rounding: Rounding = RNE,
    tolerance: Fraction = TOLERANCE,
    model: LanguageModel | None = None,
    progress: Callable[[str], None] | None = None,
) -> RopeModelReport:
    """Return the report of a model on the first tokens of a text.

    Parameters
    ----------
    text_path : Path or str
        A UTF-8 text of at least `tokens` tokens.
    formats : sequence of Format, optional
        For each: positions, frequencies, angles, cos/sin and all of them in it. Default: `flagship_variants()`.
    model : LanguageModel, optional
        Default: SmolLM2-135M from the installed package.
    progress : Callable, optional
        Called with a line before each row.

    Constraints
    -----------
    C1. `text_path` is a readable text with at least `tokens` tokens; otherwise `DomainError`.
    C2. 4 <= `tokens` <= the context of the model; otherwise `DomainError`.
    C3. `tolerance` is not negative; otherwise `DomainError`.
    """
    start = time.perf_counter()
    if tolerance < 0:
        raise DomainError(f"rope_model_study: tolerance must not be negative; got {tolerance}")
    text = _read(Path(text_path))
    chosen = load_smollm2() if model is None else model
    if not 4 <= tokens <= chosen.architecture.context:
        raise DomainError(f"rope_model_study: tokens must lie in 4..{chosen.architecture.context}; got {tokens}")
    sequence = chosen.encode(text)
    if len(sequence) < tokens:
        raise DomainError(
            f"rope_model_study: the text must have at least {tokens} tokens; {Path(text_path).name} has {len(sequence)}"
        )
    variants = flagship_variants() if formats is None else role_variants(formats)
    rows = measure_variants(chosen, sequence[:tokens], variants, rounding, tolerance, progress)
    return RopeModelReport(
        model=chosen.name,
        text=str(text_path),
        tokens=tokens,
        base=chosen.architecture.rope_base,
        head_dim=chosen.architecture.head_dim,
        rounding=rounding,
        tolerance=tolerance,
        rows=rows,
        seconds=time.perf_counter() - start,
    )


def measure_variants(
    model: LanguageModel,
    tokens: Sequence[int],
    variants: Sequence[RopeVariant],
    rounding: Rounding,
    tolerance: Fraction,
    progress: Callable[[str], None] | None = None,
) -> tuple[RopeRow, ...]:
    """Return the rows of the exact tables and then of `variants` on the text `tokens: [length]`."""
    base, head_dim = model.architecture.rope_base, model.architecture.head_dim
    positions = range(len(tokens))
    exact = exact_tables(base=base, head_dim=head_dim, positions=positions)
    reference: LogitRows | None = None
    perplexity = math.nan
    rows: list[RopeRow] = []
    for variant in (RopeVariant("exact", RopeFormats()), *variants):
        if progress is not None:
            progress(f"{variant.name} ({len(rows) + 1} of {len(variants) + 1})")
        start = time.perf_counter()
        tables = rope_tables(variant.formats, base=base, head_dim=head_dim, positions=positions, rounding=rounding)
        logits = _logits(model.weights, tokens, tables)
        reference = logits if reference is None else reference
        metrics = prediction_metrics(logits, reference, tokens)
        perplexity = perplexity if rows else metrics.perplexity
        rows.append(
            RopeRow(
                variant=variant,
                error=table_error(tables, exact),
                bound=rope_error_bound(
                    variant.formats, base=base, head_dim=head_dim, last_position=len(tokens) - 1, rounding=rounding
                ),
                metrics=metrics,
                perplexity_change=100 * (metrics.perplexity / perplexity - 1),
                table_not_finite=tables.not_finite,
                verdict=verdict(metrics, tolerance),
                seconds=time.perf_counter() - start,
            )
        )
    return tuple(rows)


def verdict(metrics: PredictionMetrics, tolerance: Fraction) -> str:
    """Return the word of `rule`: "broken", "harmless" or "harmful"."""
    if metrics.not_finite or not math.isfinite(metrics.kl_last_half):
        return "broken"
    return "harmless" if metrics.kl_last_half <= tolerance else "harmful"


def rule(tolerance: Fraction) -> str:
    """Return the rule of the verdicts, and what the tolerance means, in words.

    By Pinsker's inequality and concavity a mean KL divergence t bounds the mean total variation distance by sqrt(t/2).
    """
    share = math.sqrt(float_above(tolerance) / 2)
    return (
        f"harmless: mean KL in the last half <= {float_above(tolerance):.3g} nats per token, so that on average at "
        f"most {100 * share:.2g} % of the probability moves; broken: NaN or infinity; harmful: the rest"
    )


def table_error(tables: RopeTables, exact: tuple[NDArray[np.float64], NDArray[np.float64]]) -> TableError:
    """Return the greatest error of the tables, where `exact` is what `exact_tables` gives."""
    found: list[TableError] = []
    for function, table, true in (("cos", tables.cos, exact[0]), ("sin", tables.sin, exact[1])):
        difference = np.abs(table.astype(np.float64) - true)
        row, feature = divmod(int(difference.argmax()), difference.shape[1])  # argmax finds the first NaN
        value = float(difference[row, feature]) + _MEASURING_ERROR
        found.append(TableError(value, tables.positions[row], feature, function))
    return next((e for e in found if math.isnan(e.value)), max(found, key=lambda e: e.value))


def float_above(x: Fraction) -> float:
    """Return a binary64 number that is at least `x` and within two units in its last place."""
    nearest = float(x)
    return nearest if Fraction(nearest) >= x else math.nextafter(nearest, math.inf)


def _logits(weights: LlamaWeights[NDArray[np.float32]], tokens: Sequence[int], tables: RopeTables) -> LogitRows:
    """Return the logits of the model with the given tables; its hidden rows are computed now, logits on demand."""
    with np.errstate(all="ignore"):  # exp(-x) of silu overflows to a right 0; NaN is counted in the metrics
        hidden = llama_hidden(weights, np.asarray(tokens), tables.cos, tables.sin)

    def rows(first: int, last: int) -> NDArray[np.float32]:
        with np.errstate(all="ignore"):
            return llama_logits(weights, hidden[first:last])

    return rows


def _read(path: Path) -> str:
    """Return the text of a file; `DomainError` where there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as reason:
        kind = "is not UTF-8 text" if isinstance(reason, UnicodeDecodeError) else (reason.strerror or "unreadable")
        raise DomainError(f"rope_model_study: text must be a readable UTF-8 file; {path}: {kind}") from None


def _number(x: float) -> JSON:
    """Return a finite number as itself and NaN or an infinity as a string."""
    return x if math.isfinite(x) else str(x)
