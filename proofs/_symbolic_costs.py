"""What an array of symbolic shape has cost: depth, steps and counts, each for all values of the lengths at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import Final

from precise.errors import UndecidedError
from precise.semantics.depth import SYMBOLS, Depth, depth
from proofs._sizes import Length

Step = tuple[str, Depth, Depth]
"""Kind of operation, depth of its operands, its own depth."""
NO_DEPTH: Final = depth()


@dataclass(frozen=True, slots=True)
class Loop:
    """The passes of a loop after the first: their sequential depth, and the steps that were known where it ended."""

    number: int
    more: Depth
    known: frozenset[Step]


Chain = tuple[str, ...]
"""Operations, each on a result of the one before."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What an array has cost; the count of a call is that of all passes of the loops around it.

    `chains` has for each sum of the path a chain of operations with that depth, where no loop has been run through.
    """

    path: Depth = NO_DEPTH
    steps: frozenset[Step] = frozenset()
    calls: frozenset[tuple[int, str, Length]] = frozenset()
    loops: frozenset[Loop] = frozenset()
    chains: tuple[tuple[tuple[Length, ...], Chain], ...] = ()


def joined(costs: Iterable[Cost]) -> Cost:
    """Return the cost of having all the given arrays, side by side."""
    total = Cost()
    for c in costs:
        path = total.path.max_with(c.path)
        chains = dict(c.chains) | dict(total.chains)
        kept = tuple((one, chains[one]) for one in path.sums if one in chains)
        total = Cost(path, total.steps | c.steps, total.calls | c.calls, total.loops | c.loops, kept)
    return total


def longer(before: Cost, op: str, own: Depth) -> tuple[tuple[tuple[Length, ...], Chain], ...]:
    """Return the chains behind an array with one more operation at their ends."""
    (more,) = own.sums
    chains = dict(before.chains) | ({next(iter(NO_DEPTH.sums)): ()} if before.path == NO_DEPTH else {})
    return tuple((tuple(a + b for a, b in zip(one, more, strict=True)), (*chain, op)) for one, chain in chains.items())


def symbolic_size(cost: Cost) -> dict[str, Length]:
    """Return how many scalar operations of each kind there are."""
    total: defaultdict[str, Length] = defaultdict(int)
    for _, kind, count in cost.calls:
        total[kind] = total[kind] + count
    return {kind: total[kind] for kind in sorted(total)}


def symbolic_sequential(cost: Cost) -> Depth:
    """Return the sum over all steps, operations of one kind at one depth counted once."""
    if any(loop.known != cost.steps for loop in cost.loops):
        raise UndecidedError("sequential: no step must follow a loop of unknown length, or stand beside it")
    total = added(cost.steps)
    for loop in cost.loops:
        total = total + loop.more
    return total


def added(steps: Iterable[Step]) -> Depth:
    """Return the sum of the own depths of steps that are certainly different."""
    spent = [step for step in steps if step[2] != NO_DEPTH]
    for (kind, before, own), (other_kind, other_before, other_own) in combinations(spent, 2):
        if kind == other_kind and own == other_own and not certainly_differ(before, other_before):
            raise UndecidedError(f"sequential: two steps {kind} must lie at different depths")
    total = depth()
    for _, _, own in spent:
        total = total + own
    return total


def certainly_differ(left: Depth, right: Depth) -> bool:
    """Return whether two depths differ as functions of the constants, for all values of the lengths.

    They do if their values at one point of the constants differ.
    """
    for name in ("", *SYMBOLS):
        point = [int(name in ("", symbol)) for symbol in SYMBOLS]
        if bool(at_point(left, point) != at_point(right, point)):
            return True
    return False


def at_point(path: Depth, point: list[int]) -> Length:
    """Return the value of a depth at integers for the constants; the largest sum must be the largest always."""
    values: list[Length] = [sum((k * c for k, c in zip(a, point, strict=True)), 0) for a in path.sums]
    best = values[0]
    for value in values[1:]:
        best = value if bool(best < value) else best
    return best


def scaled(path: Depth, times: Length) -> Depth:
    """Return so many times a depth that is one sum."""
    (only,) = path.sums
    return Depth(frozenset({tuple(k * times for k in only)}))  # type: ignore[misc]


def multiplied(counts: Mapping[str, Length], passes: Iterable[Length]) -> dict[str, Length]:
    """Return the counts of all passes of the loops around a call."""
    times: Length = prod(passes)
    return {kind: count * times for kind, count in counts.items()}
