"""What the package stores of the gates that a builder has made: by level, and only what reaches an output."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from precise.circuits import Circuit, Port
from precise.circuits.addition import add, at_least
from precise.circuits.builder import Builder
from precise.circuits.circuit import finish
from precise.circuits.form import Word, total
from precise.circuits.integer_operations import words_in
from precise.circuits.summing import multiply
from precise.circuits.symmetric import bits_of, parity
from proofs._circuits import Instance, all_equal, gates_of
from proofs._float_evidence import Outcome
from proofs._gate_lists import Gate

CONSTRUCTIONS: dict[str, Callable[[Builder, Word, Word], Word]] = {
    "sum": lambda b, x, y: tuple(add(b, x, y).word),
    "order": lambda b, x, y: (at_least(b, x, y),),
    "product": lambda b, x, y: tuple(multiply(b, x, y)),
    "parity": lambda b, x, y: (parity(b, (*x, *y)),),
    "count": lambda b, x, y: bits_of(b, total((*x, *y)), 2 * len(x)),
}
WIDTHS = (1, 2, 3, 4)
Order = Callable[[int, int, int], tuple[int, ...]]
"""What gates are sorted by, given level, row and threshold."""


def by_level(level: int, row: int, threshold: int) -> tuple[int, ...]:
    """Return the order of the package."""
    return level, row, threshold


def downwards(level: int, row: int, threshold: int) -> tuple[int, ...]:
    """Return another order: the highest level first."""
    return -level, row, threshold


def made(b: Builder) -> list[Gate]:
    """Return the gates of a builder in the order of their making."""
    found: list[Gate] = []
    for row, threshold in zip(b.gate_rows, b.gate_thresholds, strict=True):
        wires = slice(b.row_starts[row], b.row_starts[row + 1])
        found.append((list(b.row_sources[wires]), list(b.row_weights[wires]), threshold))
    return found


def kept(b: Builder, outputs: list[int], order: Order = by_level) -> list[int]:
    """Return the gates that reach an output, sorted."""
    n, gates, levels = b.n_inputs, made(b), [0] * b.n_inputs
    for sources, _, _ in gates:
        levels.append(1 + max(levels[s] for s in sources))
    live = {s for s in outputs if s >= n}
    for j in range(n + len(gates) - 1, n - 1, -1):
        if j in live:
            live.update(s for s in gates[j - n][0] if s >= n)
    return sorted(live, key=lambda j: order(levels[j], b.gate_rows[j - n], gates[j - n][2]))


def stored(b: Builder, outputs: list[int], order: Order) -> tuple[list[Gate], list[int]]:
    """Return gates and outputs after sorting and renumbering, what reaches no output left out."""
    n, gates, left = b.n_inputs, made(b), kept(b, outputs, order)
    number = {**{i: i for i in range(n)}, **{j: n + k for k, j in enumerate(left)}, -1: -1}
    listed = [([number[s] for s in gates[j - n][0]], gates[j - n][1], gates[j - n][2]) for j in left]
    return listed, [number[s] for s in outputs]


def is_stored_so(order: Order = by_level) -> Outcome:
    """Check that a builder's gates, sorted by level and renumbered, have earlier sources and are what is stored."""

    def rows() -> Iterator[Instance]:
        for name, construction in CONSTRUCTIONS.items():
            for width in WIDTHS:
                b, (x, y) = words_in(width, 2)
                word = b.materialise(construction(b, x, y))
                circuit: Circuit = finish(b, [Port("x", 2 * width)], [("result", word)])
                outputs = [next(iter(bit.terms), -1) for bit in word]
                finished, (gates, last) = gates_of(circuit), stored(b, outputs, order)
                early = all(s < 2 * width + k for k, (sources, _, _) in enumerate(gates) for s in sources)
                yield f"{name}, width {width}: sources come before their gates", int(early), 1
                yield f"{name}, width {width}: gates as stored", int(finished == gates), 1
                yield f"{name}, width {width}: outputs as stored", int(circuit.output_sources.tolist() == last), 1

    limit = f"sum, order, product, parity, count of two words of {WIDTHS[0]} to {WIDTHS[-1]} bits"
    return all_equal(rows(), 3 * len(CONSTRUCTIONS) * len(WIDTHS), limit)
