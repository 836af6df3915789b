"""A loop that carries one array through an unknown number of passes: its depth and counts by induction.

Let m >= 1 be the number of passes. The first two passes are run; from them comes a guess for what a pass adds to
every sum of the critical path. Then one pass is run on an array whose path is the guessed one after l passes, for
all l >= 1 at once. It must end at the guessed one after l + 1 passes: that is the step of the induction. Counts must be
those of the first pass. Of the steps of pass l + 1, those that do not depend on l must be known already; the others
must lie at depths from the path after l passes on and below the path after l + 1, so that no two passes have one step
in common.
"""

from __future__ import annotations

from collections.abc import Callable

from precise.errors import UndecidedError
from precise.semantics.depth import Depth
from proofs._sizes import Facts, Length, names_of
from proofs._symbolic_costs import (
    NO_DEPTH,
    Cost,
    Loop,
    Step,
    added,
    at_point,
    multiplied,
    scaled,
    symbolic_size,
)

PASSES = "l"
"""The name of the number of passes before a pass of the induction."""
ALL_ONE = [1] * 7


def after_loop(
    start: Cost, one_pass: Callable[[Cost], Cost], passes: Length, facts: Facts, fresh: Callable[[], int]
) -> Cost:
    """Return the cost of the array after all passes."""
    first = one_pass(Cost(path=start.path))
    second = one_pass(Cost(path=first.path))
    grown = growth(first.path, second.path)
    done = facts.number(PASSES, 1)
    here, there = (advanced(first.path, grown, times) for times in (done - 1, done))
    general = one_pass(Cost(path=here))
    if general.path != there:
        raise UndecidedError(f"loop: every pass must add {grown} to the path; got another path")
    if symbolic_size(general) != symbolic_size(first) or general.loops or first.loops:
        raise UndecidedError("loop: every pass must have the same counts")
    known = start.steps | first.steps
    deeper = [step for step in general.steps if depends(step[1])]
    if not known.issuperset(set(general.steps) - set(deeper)):
        raise UndecidedError("loop: a step at a depth that is the same in all passes must be in the first")
    check_apart(deeper, here, there)
    check_apart_before(known, first.path)
    more = Loop(fresh(), scaled(added(deeper), passes - 1), known)
    counts = multiplied(symbolic_size(first), [passes])
    calls = {(fresh(), kind, count) for kind, count in counts.items()}
    return Cost(advanced(first.path, grown, passes - 1), known, start.calls | calls, start.loops | {more})


def growth(first: Depth, second: Depth) -> Depth:
    """Return the one sum that takes a depth to another, if there is one."""
    low, high = (tuple(max(column) for column in zip(*path.sums, strict=True)) for path in (first, second))
    return Depth(frozenset({tuple(b - a for a, b in zip(low, high, strict=True))}))


def advanced(path: Depth, grown: Depth, times: Length) -> Depth:
    """Return the path with so many times the growth added."""
    return path + scaled(grown, times)


def depends(path: Depth) -> bool:
    """Return whether a depth depends on the number of passes before."""
    return any(PASSES in names_of(k) for a in path.sums for k in a)


def check_apart(steps: list[Step], here: Depth, there: Depth) -> None:
    """Check that the steps of a pass lie at depths between its ends, where every constant is 1."""
    low, high = at_point(here, ALL_ONE), at_point(there, ALL_ONE)
    for kind, before, own in steps:
        value = at_point(before, ALL_ONE)
        if own != NO_DEPTH and not (bool(low <= value) and bool(value < high)):
            raise UndecidedError(f"loop: step {kind} must lie within its pass")


def check_apart_before(steps: frozenset[Step], end: Depth) -> None:
    """Check that the steps up to the end of the first pass lie below that end, where every constant is 1."""
    for kind, before, own in steps:
        if own != NO_DEPTH and not bool(at_point(before, ALL_ONE) < at_point(end, ALL_ONE)):
            raise UndecidedError(f"loop: step {kind} must lie before the end of the first pass")
