"""The builder of circuits: gates over shared rows, with constants folded and equal rows merged."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import gcd

from precise.circuits.form import ONE, ZERO, Form, Word, total
from precise.errors import DomainError, UnsupportedError

MOST_WIRES = 100_000_000
"""Stored wires beyond which the builder refuses: about a gigabyte of finished arrays."""

SHORT = 4
"""Rows of at most so many wires are looked up as tuples, longer ones as bytes."""
LARGEST_SUM = 1 << 46
"""Sums of |weights| beyond which the builder refuses: the vertical counters of the compiled loops hold 48 bits."""


@dataclass(frozen=True, slots=True)
class Contract:
    """A claim about a form under construction: its value lies in `low..high` on every admissible input."""

    says: str
    form: Form
    low: int
    high: int


class Builder:
    """A threshold circuit under construction.

    Signals are numbered: inputs first, then gates in the order of their making. `gates` compares one form with several
    thresholds; the form becomes a row that is stored once. Rows that are equal up to a common factor and sign are one.
    A gate that is constant, or a copy or negation of its only input, is not made.

    Parameters
    ----------
    inputs
        How many input bits the circuit has.
    contracts
        Whether `exact` keeps its claims, so that a test can evaluate them.
    """

    def __init__(self, inputs: int, *, contracts: bool = False) -> None:
        if inputs < 0:
            raise DomainError(f"Builder: inputs must be at least 0; got {inputs}")
        self.n_inputs = inputs
        self.levels = array("i", [0] * inputs)
        self.row_starts = array("q", [0])
        self.row_sources = array("i")
        self.row_weights = array("q")
        self.row_levels = array("i")
        self.gate_rows = array("i")
        self.gate_thresholds = array("q")
        self.gate_stages = array("i")
        self.stages: list[str] = ["gates"]
        self.contracts: list[Contract] | None = [] if contracts else None
        self._stage = 0
        self._rows: dict[bytes | tuple[int, ...], int] = {}
        self._gates: dict[tuple[int, int], int] = {}
        self._constants: tuple[Form, Form] = (ZERO, ONE)

    def inputs(self) -> Word:
        """Return the input bits."""
        return tuple(Form({i: 1}) for i in range(self.n_inputs))

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Put the gates that are made inside the block under a stage label; the outermost label counts."""
        before = self._stage
        if before == 0:
            if name not in self.stages:
                self.stages.append(name)
            self._stage = self.stages.index(name)
        try:
            yield
        finally:
            self._stage = before

    def gates(self, form: Form, thresholds: Iterable[int]) -> list[Form]:
        """Return one bit `[form >= t]` for each threshold t."""
        if not form.terms:
            return [self._constants[form.constant >= t] for t in thresholds]
        sources = sorted(form.terms)
        weights = [form.terms[s] for s in sources]
        divisor = gcd(*weights)
        if weights[0] < 0:
            divisor = -divisor
        if divisor != 1:
            weights = [w // divisor for w in weights]
        low = sum(w for w in weights if w < 0)
        high = sum(weights) - low
        if high - low >= LARGEST_SUM:
            raise UnsupportedError(f"circuit: sum of weights must be below {LARGEST_SUM}; got {high - low}")
        row, bits = -1, []
        for t in thresholds:
            bound = t - form.constant
            negated = divisor < 0  # a negative multiple: [d * row >= b] = not [row >= floor(b / d) + 1]
            least = bound // divisor + 1 if negated else -(-bound // divisor)
            if least <= low or least > high:
                bits.append(self._constants[(least <= low) != negated])
                continue
            if len(sources) == 1:
                signal = sources[0]
            else:
                row = row if row >= 0 else self._row(sources, weights)
                signal = self._gate(row, least)
            bits.append(Form({signal: -1}, 1) if negated else Form({signal: 1}))
        return bits

    def gate(self, form: Form, threshold: int = 1) -> Form:
        """Return the bit `[form >= threshold]`."""
        return self.gates(form, (threshold,))[0]

    def all_of(self, *bits: Form) -> Form:
        """Return the AND of bits."""
        if len(bits) == 2 and len(bits[0].terms) == len(bits[1].terms) == 1:
            return self._both(*bits)
        return self.gate(total(bits), len(bits))

    def _both(self, x: Form, y: Form) -> Form:
        """Return the AND of two literals, as `gates` would, faster: planes of them are most of a large circuit."""
        ((s, v),), ((t, w),) = x.terms.items(), y.terms.items()
        if s == t or abs(v) != 1 or abs(w) != 1:
            return self.gate(x + y, 2)
        if s > t:
            s, v, t, w = t, w, s, v
        threshold = 2 - x.constant - y.constant
        if v > 0:
            return Form({self._gate(self._row([s, t], [1, w]), threshold): 1})
        return Form({self._gate(self._row([s, t], [1, -w]), 1 - threshold): -1}, 1)

    def any_of(self, *bits: Form) -> Form:
        """Return the OR of bits."""
        return self.gate(total(bits), 1)

    def materialise(self, word: Iterable[Form]) -> Word:
        """Return the bits of a word as signals: one gate and one level for each that is none already."""
        return tuple(self.gate(bit) for bit in word)

    def exact(self, form: Form, says: str, low: int = 0, high: int = 1) -> Form:
        """Return the form, which the construction guarantees to lie in `low..high`; the claim is kept for tests."""
        if self.contracts is not None:
            self.contracts.append(Contract(says, form, low, high))
        return form

    def level(self, forms: Form | Sequence[Form]) -> int:
        """Return the largest level of the signals in one or several forms."""
        several = [forms] if isinstance(forms, Form) else forms
        return max((self.levels[s] for form in several for s in form.terms), default=0)

    def _row(self, sources: list[int], weights: list[int]) -> int:
        """Return the number of the row with these sources and weights, made now unless it is there."""
        key: bytes | tuple[int, ...]
        if len(sources) <= SHORT:
            key = (*sources, *weights)
        else:
            key = array("i", sources).tobytes() + array("q", weights).tobytes()
        found = self._rows.get(key)
        if found is not None:
            return found
        if len(self.row_sources) + len(sources) > MOST_WIRES:
            raise UnsupportedError(f"circuit: size must be at most {MOST_WIRES} stored wires; it is larger")
        number = len(self.row_levels)
        self._rows[key] = number
        self.row_sources.extend(sources)
        self.row_weights.extend(weights)
        self.row_starts.append(len(self.row_sources))
        levels = self.levels
        self.row_levels.append(1 + max([levels[s] for s in sources]))
        return number

    def _gate(self, row: int, threshold: int) -> int:
        """Return the signal of the gate that compares a row with a threshold."""
        found = self._gates.get((row, threshold))
        if found is not None:
            return found
        signal = len(self.levels)
        self._gates[row, threshold] = signal
        self.levels.append(self.row_levels[row])
        self.gate_rows.append(row)
        self.gate_thresholds.append(threshold)
        self.gate_stages.append(self._stage)
        return signal
