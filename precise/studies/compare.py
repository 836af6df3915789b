"""Compare formats on one operation: the body in `rounded`, against the same body in `enclosure`, beside a bound.

One body runs in three namespaces: `rounded(format, ...)` gives what p-bit arithmetic computes, `enclosure(bits)` the
true values, and `bounding(policy, bits)` what the format alone guarantees. By default the inputs are rounded to the
format first and the true values belong to the rounded inputs, so that only the operation's own error is seen; with
`include_input_error` they belong to the inputs as given.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from precise.balls import interval_of
from precise.dyadic import Dyadic
from precise.engines.carrier import object_array
from precise.errors import DomainError, FormatError, ShapeError, UndecidedError, UnsupportedError
from precise.formats import Format
from precise.policy import Accumulate, Policy, exact_then_round
from precise.rounding import RNE, Rounding
from precise.semantics.array import Array
from precise.semantics.enclosure import enclosure
from precise.semantics.rounded import Rounded, rounded
from precise.studies.bounded import bounding
from precise.studies.decimals import fraction_of
from precise.studies.inputs import Arrays, builtin_inputs
from precise.studies.lemma_bound import LemmaBound, lemma_bound
from precise.studies.measure import EntryError, Measurement, measure
from precise.studies.operations import Operation, find_operation
from precise.studies.reals import enclosed_reals, finite_numbers, rounded_reals

#: The enclosure is refined from the first number of bits, by doubling, at most to the second.
FIRST_BITS: Final = 128
MOST_BITS: Final = 4096


@dataclass(frozen=True, slots=True)
class ErrorBound:
    """What the format guarantees for these inputs, without a look at the results.

    Parameters
    ----------
    absolute : Fraction or None
        The greatest bound of a measured entry; None where there is none, for the stated reason.
    relative : Fraction or None
        The greatest quotient of an entry's bound and the least magnitude of its true value.
    tightest : Fraction or None
        The greatest quotient of an entry's error and its own bound; the bounds hold where it is at most 1.
    unbounded : int
        Entries for which no bound is known.
    """

    absolute: Fraction | None
    relative: Fraction | None
    tightest: Fraction | None
    unbounded: int
    reason: str

    @property
    def holds(self) -> bool:
        """Whether no measured error exceeds its bound."""
        return self.tightest is None or self.tightest <= 1


@dataclass(frozen=True, slots=True)
class Row:
    """One format: its measurement and its bounds, or why it could not be run.

    `bound` is the running one; `lemma` is that of the lemma about the operation, where there is one and the inputs are
    numbers of the format.
    """

    format: Format
    policy: Policy
    measurement: Measurement | None
    bound: ErrorBound | None
    lemma: LemmaBound | None
    engine: str
    bits: int
    failure: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rows of a comparison, and all that is needed to make it again."""

    operation: Operation
    variant: str
    source: str
    seed: int
    shapes: dict[str, tuple[int, ...]]
    rounding: Rounding
    accumulate: Accumulate
    include_input_error: bool
    rows: tuple[Row, ...]
    seconds: float

    @property
    def bounds_hold(self) -> bool:
        """Whether no measured error exceeds its bound."""
        return all(row.bound is None or row.bound.holds for row in self.rows)

    def within(self, tolerance: Fraction, of: str) -> bool:
        """Return whether every row ran, has only finite results, and stays within a tolerance.

        Parameters
        ----------
        of : "abs", "rel" or "ulp"
        """
        return all(row_within(row, tolerance, of) for row in self.rows)


def row_within(row: Row, tolerance: Fraction, of: str) -> bool:
    """Return whether one row stays within a tolerance; NaN, infinity and entries without the quantity exceed it."""
    m = row.measurement
    if m is None or m.not_finite or m.undefined or not m.measured:
        return False
    missing = {"abs": 0, "rel": m.without_relative, "ulp": m.without_ulps}
    if of not in missing:
        raise DomainError(f"compare: tolerance must be of abs, rel or ulp; got {of!r}")
    found = {"abs": m.absolute, "rel": m.relative, "ulp": m.ulps}[of]
    return not missing[of] and found is not None and found <= tolerance


def compare(
    operation: str,
    formats: Sequence[Format],
    *,
    rounding: Rounding = RNE,
    accumulate: Accumulate = exact_then_round,
    variant: str | None = None,
    engine: str | None = None,
    seed: int = 0,
    size: int | None = None,
    arrays: Arrays | None = None,
    source: str = "",
    include_input_error: bool = False,
    bits: int = FIRST_BITS,
    most_bits: int = MOST_BITS,
    progress: Callable[[str], None] | None = None,
) -> Comparison:
    """Return the comparison of formats on one operation.

    Parameters
    ----------
    operation : str
        A name of `OPERATIONS`.
    formats : sequence of Format
        At least one.
    arrays : dict, optional
        Inputs by name, exact numbers; the built-in ones for `seed` and `size` by default. `source` says whence.
    include_input_error : bool
        Whether rounding the inputs counts as error.
    bits, most_bits : int
        Working bits of the enclosure: the first, and the end of doubling.

    Examples
    --------
    >>> from precise.formats import bfloat16
    >>> found = compare("matmul", [bfloat16], size=8)
    >>> found.rows[0].measurement.not_finite, found.bounds_hold
    (0, True)
    """
    start = time.perf_counter()
    chosen = find_operation(operation)
    if not formats:
        raise FormatError("compare: formats must name at least one format; got none")
    if not 2 <= bits <= most_bits:
        raise DomainError(f"compare: bits must satisfy 2 <= bits <= {most_bits}; got {bits}")
    if size is not None and size < 1:
        raise DomainError(f"compare: size must be at least 1; got {size}")
    given = builtin_inputs(operation, seed, chosen.size if size is None else size) if arrays is None else arrays
    shapes = {name: x.shape for name, x in given.items()}
    chosen.check(shapes)
    name = chosen.choose(variant)
    rows = []
    for i, fmt in enumerate(formats):
        if progress is not None:
            progress(f"{fmt} ({i + 1} of {len(formats)})")
        xp = rounded(fmt, rounding, accumulate=accumulate)
        rows.append(_row(chosen, name, xp, engine, given, include_input_error, bits, most_bits))
    if engine is not None and all(row.failure for row in rows):
        raise UnsupportedError(f"compare: the engine {engine} must serve a format; {rows[0].format}: {rows[0].failure}")
    return Comparison(
        operation=chosen,
        variant=name,
        source=source or f"built-in inputs, seed {seed}",
        seed=seed,
        shapes=shapes,
        rounding=rounding,
        accumulate=accumulate,
        include_input_error=include_input_error,
        rows=tuple(rows),
        seconds=time.perf_counter() - start,
    )


def _row(
    operation: Operation,
    variant: str,
    xp: Rounded,
    engine: str | None,
    given: Arrays,
    include_input_error: bool,
    bits: int,
    most_bits: int,
) -> Row:
    """Return the row of one format; what the format or the engine refuses is the reason of a row without numbers."""
    start = time.perf_counter()
    how = xp.policy
    try:
        xp = rounded(how.results.format, how.results.rounding, accumulate=how.accumulate, engine=engine)
        stored = {name: rounded_reals(x, xp.policy.input_rounder()) for name, x in given.items()}
        true = (
            given
            if include_input_error
            else {name: finite_numbers(name, x, xp.element_type) for name, x in stored.items()}
        )
        computed = operation.body(**{name: xp.asarray(x) for name, x in stored.items()}, variant=variant)
        measurement, errors, used = _measured(operation, variant, xp, computed, true, bits, most_bits)
        bound = error_bound(operation, variant, xp, stored, true, errors, used)
        in_range = bound.absolute is not None
        exact_inputs = not include_input_error
        lemma = lemma_bound(operation.name, variant, xp.policy, true, used, in_range=in_range) if exact_inputs else None
    except ShapeError:
        raise
    except (DomainError, UnsupportedError, UndecidedError) as error:
        return Row(how.results.format, how, None, None, None, "", bits, str(error), time.perf_counter() - start)
    served = getattr(computed, "engine", "")
    return Row(how.results.format, how, measurement, bound, lemma, served, used, "", time.perf_counter() - start)


def _measured(
    operation: Operation, variant: str, xp: Rounded, computed: Array, true: Arrays, bits: int, most_bits: int
) -> tuple[Measurement, list[EntryError | None], int]:
    """Return the measurement, refining the enclosure until every entry is settled or `most_bits` are used."""
    elements = computed.elements()
    while True:
        reference = enclosure(bits)
        inputs = {name: reference.asarray(enclosed_reals(x, bits)) for name, x in true.items()}
        balls = operation.body(**inputs, variant=variant)
        intervals = object_array((interval_of(ball) for ball in balls.data.ravel().tolist()), balls.shape)
        measurement, errors = measure(elements, intervals, xp.element_type)
        if not (measurement.unsettled or measurement.undefined) or 2 * bits > most_bits:
            return measurement, errors, bits
        bits *= 2


def error_bound(
    operation: Operation,
    variant: str,
    xp: Rounded,
    stored: Arrays,
    true: Arrays,
    errors: list[EntryError | None],
    bits: int,
) -> ErrorBound:
    """Return the bound of the body for these inputs, over the entries that were measured."""
    bp = bounding(xp.policy, bits)
    try:
        inputs = {name: bp.inputs(enclosed_reals(true[name], bits), stored[name]) for name in stored}
        found = operation.body(**inputs, variant=variant)
        bounds = bp.errors(found).ravel().tolist()
    except (UnsupportedError, UndecidedError) as error:
        return ErrorBound(None, None, None, len(errors), str(error))
    pairs = [(e, b) for e, b in zip(errors, bounds, strict=True) if e is not None]
    known = [(e, b) for e, b in pairs if b is not None]
    unbounded = bounds.count(None)
    if len(known) < len(pairs) or not pairs:
        reason = f"an intermediate result may overflow or divide by zero in {unbounded} of {len(bounds)} entries"
        return ErrorBound(None, None, tightest(known), unbounded, reason)
    relatives = [relative_bound(e, b) for e, b in known]
    some = [r for r in relatives if r is not None]
    return ErrorBound(
        absolute=max(fraction_of(b) for _, b in known),
        relative=max(some, default=None) if len(some) == len(relatives) else None,
        tightest=tightest(known),
        unbounded=unbounded,
        reason="",
    )


def tightest(pairs: list[tuple[EntryError, Dyadic]]) -> Fraction | None:
    """Return the greatest quotient of an error and its bound; 2 stands for a positive error where the bound is 0."""
    quotients = [
        fraction_of(e.absolute) / fraction_of(b) if b.c else Fraction(2 if e.absolute.c else 0) for e, b in pairs
    ]
    return max(quotients, default=None)


def relative_bound(error: EntryError, bound: Dyadic) -> Fraction | None:
    """Return an entry's bound over the least magnitude of its true value; None where the enclosure contains 0."""
    if bound.c == 0:
        return Fraction(0)
    return None if error.least_true.c == 0 else fraction_of(bound) / fraction_of(error.least_true)
