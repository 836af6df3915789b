"""Families of circuits as lists of gates, written out as in `netlist_*.v`, and whether a circuit is such a list."""

from __future__ import annotations

from collections.abc import Sequence

from precise.circuits import Circuit
from proofs._circuits import gates_of

Gate = tuple[list[int], list[int], int]
"""Sources, weights, threshold; signals are the inputs and then the gates."""


def parity_gates(n: int) -> list[Gate]:
    """Return [ones >= 1], ..., [ones >= n], and the gate of their sum with signs 1, -1, 1, ..."""
    signs = [1 - 2 * (k % 2) for k in range(n)]
    counts: list[Gate] = [(list(range(n)), [1] * n, k + 1) for k in range(n)]
    return [*counts, (list(range(n, 2 * n)), signs, 1)]


def carry_gates(n: int) -> list[Gate]:
    """Return x_i AND y_i, x_i OR y_i, for each place but the last the AND of what bears a carry there, and the OR."""
    found: list[Gate] = [([(k + 1) // 2, n + (k + 1) // 2], [1, 1], 1 + (k % 2 == 0)) for k in range(2 * n - 1)]
    for j in range(n - 1):
        born = [2 * n + 2 * j, *(2 * n + 2 * i - 1 for i in range(j + 1, n))]
        found.append((born, [1] * len(born), len(born)))
    return [*found, ([4 * n - 2, *range(4 * n - 1, 5 * n - 2)], [1] * n, 1)]


def comparison_gates(n: int) -> list[Gate]:
    """Return x_i OR NOT y_i, x_i AND NOT y_i, the carries that survive from each place and from below, and their OR."""
    found: list[Gate] = [([k // 2, n + k // 2], [1, -1], k % 2) for k in range(2 * n)]
    for j in range(n - 2, -2, -1):
        places = range(j + 1, n)
        sources = [2 * n + 2 * i + side for i in places for side in (0, 1)]
        born = [2 * n + 2 * j + 1] if j >= 0 else []
        found.append(([*born, *sources], [1] * len(born) + [1, -1] * len(places), n - j if j >= 0 else n))
    return [*found, ([4 * n - 1, *range(4 * n, 5 * n)], [1] * (n + 1), 1)]


def is_list(circuit: Circuit, gates: Sequence[Gate]) -> int:
    """Return 1 if the circuit has exactly these gates and the last one is its only output, else 0."""
    last = circuit.output_sources.tolist() == [circuit.n_inputs + len(gates) - 1] and not circuit.output_negated.any()
    return int(last and gates_of(circuit) == list(gates))
