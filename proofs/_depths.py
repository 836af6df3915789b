"""Book-keeping of depth and size: what a run of the body costs against what the lemma claims."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import product as cartesian
from typing import Any, TypeAlias

from precise import cost
from precise.claims import Counterexample, Evidence, Kind, Mutant, Outcome, Scope, Step, cited, decide_identity
from precise.claims.expression import parse, rational
from precise.claims.polynomials import quotient
from precise.semantics import Depth, critical_path, depth, sequential, size
from proofs._general_depths import ALL_SHAPES, WRONG, depth_in_general, sizes_in_general
from proofs._wrong_runs import one_operation_more

Run: TypeAlias = Callable[[Any, int, int], Any]
"""From the cost namespace, n and d to the result of the body."""

NAMES = {"s": "s", "P": "P", "T": "T", "E": "E", "R": "R", "△": "tri"}
SHAPES = tuple(cartesian((1, 2, 3, 4), (2, 4, 6)))
FURTHER = ((5, 8), (6, 2))
LISTED = "the same, run at each listed shape"
VANISHES = "*".join(f"(n - {i})" for i in range(1, 7))
"""A polynomial that is 0 at all listed n."""
SAMPLES = ({"s": 1, "P": 1}, {"s": 1, "P": 10, "△": 100}, {"s": 3, "P": 2, "△": 1, "E": 7, "R": 5, "T": 11})
CIRCUITS = ("def:tc", "def:dlogtime-uniform", "lem:basic-ops", "lem:iterated-sum", "thm:uniform-composition")
"""Open labels that every claim of membership in uniform TC0 takes from the literature."""


def circuits(*more: str) -> Step:
    """Return the cited step that turns a constant number of steps into a circuit; `more` are open labels it takes."""
    return cited(
        id="steps-are-circuits",
        says=r"Each step is a uniform $TC^0$ family of the named depth, and families compose.",
        formal="for p, d <= poly(n): a constant number of uniform TC0 steps composes to a uniform TC0 family",
        source="Merrill and Sabharwal, arXiv:2210.02671 (composition of uniform families); Hesse, Allender and"
        " Barrington, JCSS 65 (2002) 695-716 (division and iterated product in uniform TC0)",
        stands_for=(*CIRCUITS, *more),
    )


SIMULATED = circuits()
WITH_ANGLES = circuits("lem:sincos")
WEIGHTS = cited(
    id="weights-are-uniform",
    says="The bits of the weights and of the tabulated angles are given by a function of their indices.",
    formal="hyp:weights: bit b of entry (i, j) of each parameter for length n is computed in time O(log n)",
    source="hypothesis hyp:weights, analogous to the one of Merrill and Sabharwal, arXiv:2210.02671",
    stands_for=("hyp:weights",),
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claimed depth: critical path and sequential sum, as `max(s+P, △)+2s`, and sizes as polynomials.

    `printed` is the sum that a paper gives, where one is known; the report compares it with the other two.
    """

    path: str
    in_sequence: str
    sizes: Mapping[str, str]
    printed: str = ""


def read_depth(text: str) -> Depth:
    """Return the depth that the text denotes."""
    found = re.fullmatch(r"max\(([^,]+),([^,]+)\)\+(.*)", text.replace(" ", ""))
    if found:
        return read_depth(found[1]).max_with(read_depth(found[2])) + read_depth(found[3])
    total = depth()
    for term in filter(None, text.replace(" ", "").split("+")):
        number, name = re.fullmatch(r"(\d*)(\D)", term).groups()  # type: ignore[union-attr]
        total = total + depth(**{NAMES[name]: int(number or 1)})
    return total


def value_of(text: str, constants: Mapping[str, int]) -> int:
    """Return the claimed depth at numbers for the constants, by arithmetic on the text alone."""
    spread = re.sub(r"(\d)(?=[a-zA-Z△(])", r"\1*", text).replace("△", "D")
    names = {k: Fraction(constants.get(k, 0)) for k in "sPTER"} | {"D": Fraction(constants.get("△", 0))}
    return int(rational(parse(spread), names))


def depth_holds(run: Run, claimed: Claimed) -> Outcome:
    """Return evidence that both depths are the claimed ones: for all shapes, and by running the list of shapes."""
    listed = depth_at_shapes(run, claimed)
    if isinstance(listed, Counterexample):
        return listed
    general = depth_in_general(run, claimed.path, claimed.in_sequence)
    return both(general, listed)


def both(general: Evidence | Counterexample, listed: Evidence) -> Outcome:
    """Return the outcome for all shapes, and beside a proof the runs of the listed ones."""
    if isinstance(general, Counterexample):
        return general
    return replace(general, note=listed.note), replace(listed, note=LISTED)


def depth_at_shapes(run: Run, claimed: Claimed) -> Evidence | Counterexample:
    """Return evidence that both depths of the run are the claimed ones, for all shapes of the list."""
    cases = 0
    for n, d in SHAPES:
        xp = cost()
        result = run(xp, n, d)
        for name, got, text in (
            ("critical path", critical_path(result), claimed.path),
            ("sequential", sequential(result), claimed.in_sequence),
        ):
            cases += 1
            if got != read_depth(text):
                return Counterexample(
                    values={"n": n, "d": d, "recomputed": str(got), "claimed": text},
                    refutes="recomputed != claimed",
                    lines=(f"{name}: recomputed {got}, claimed {text}",),
                    cases=cases,
                )
            for constants in SAMPLES:
                value, by_hand = got.evaluate(full(constants)), value_of(text, constants)
                if value != by_hand:
                    return Counterexample(
                        values={"n": n, "d": d, "value": value, "claimed": by_hand},
                        refutes="value != claimed",
                        lines=(f"{name}: {got} at {constants}",),
                        cases=cases,
                    )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.without_p("n <= 4, d in {2, 4, 6}"),
        cases=cases,
        expected=2 * len(SHAPES),
        producer="precise-pbit",
        note=depth_note(claimed.printed, str(critical_path(result)), str(sequential(result))),
    )


def depth_note(printed: str, path: str, in_sequence: str) -> str:
    """Return the note from which the report makes a row of its table of depths."""
    row = {"printed": printed, "critical path": path, "sequential": in_sequence}
    return "; ".join(f"{name} {value}" for name, value in row.items() if value)


def full(constants: Mapping[str, int]) -> dict[str, int]:
    """Return values for all constants, 0 for those left out."""
    return {name: constants.get(name, 0) for name in ("s", "P", "T", "E", "R", "△", "L")}


def sizes_hold(run: Run, sizes: Mapping[str, str]) -> Outcome:
    """Return evidence that the sizes are the claimed ones: for all shapes, and by running the list of shapes."""
    listed = sizes_at_shapes(run, sizes)
    if isinstance(listed, Counterexample):
        return listed
    general = sizes_in_general(run, sizes)
    return both(general, listed)


def sizes_at_shapes(run: Run, sizes: Mapping[str, str]) -> Evidence | Counterexample:
    """Return evidence that each count of operations is the claimed polynomial, and that no other kind occurs."""
    cases = 0
    for n, d in (*SHAPES, *FURTHER):
        counted = size(run(cost(), n, d))
        for kind in sorted({*counted, *sizes}):
            cases += 1
            names = {"n": Fraction(n), "d": Fraction(d)}
            claimed = rational(parse(sizes.get(kind, "0")), names)
            if counted.get(kind, 0) != claimed:
                return Counterexample(
                    values={
                        "n": n,
                        "d": d,
                        "kind": kind,
                        "counted": counted.get(kind, 0),
                        "claimed": claimed,
                    },
                    refutes="counted != claimed",
                    cases=cases,
                )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.without_p("n <= 4, d in {2, 4, 6}, and (n, d) in {(5, 8), (6, 2)}"),
        cases=cases,
        expected=len(sizes) * (len(SHAPES) + len(FURTHER)),
        producer="precise-pbit",
        note=f"degree {degree_of(sizes)} in n for fixed d, {degree_of(sizes, 'd')} for d = n",
    )


def degree_of(sizes: Mapping[str, str], also: str = "") -> int:
    """Return the largest degree of the sizes in n, or in n and `also` together."""
    powers = [e for text in sizes.values() for e in quotient(parse(text), ("n", "d")).numerator.terms]
    return max(in_n + (in_d if also else 0) for in_n, in_d in powers)


def steps_add_up(steps: Sequence[str], total: str, note: str = "") -> Evidence | Counterexample:
    """Return a certificate that the depths of the steps of the proof add up to the sequential claim."""

    def spelled(text: str) -> str:
        return re.sub(r"(\d)(?=[a-zA-Z△(])", r"\1*", text).replace("△", "D").replace("E", "X")

    left = " + ".join(f"({spelled(s)})" for s in steps)
    return decide_identity(
        f"{left} == {spelled(total)}", scope=Scope.without_p(), note=note or f"sum of {', '.join(steps)}"
    )


def listed_sum(what: str, steps: Sequence[str], total: str, printed: str = "") -> Step:
    """Return the step that adds the depths listed in a proof, one step after the other."""
    note = depth_note(printed, "", total)
    return Step(
        id="listed-steps-add-up",
        says=f"The steps of {what}, one after the other, have depth ${tex(total)}$.",
        formal=f"{' + '.join(steps)} = {total}",
        check=lambda: steps_add_up(steps, total, note),
        mutants=(Mutant("one step left out", lambda: steps_add_up(steps[1:], total)),),
    )


def depth_steps(
    what: str, run: Run, claimed: Claimed, steps: Sequence[str], wrong: Claimed, wrong_run: Run
) -> tuple[Step, ...]:
    """Return the steps of one book-keeping lemma: the sum of its steps, depth and size of the body."""
    total = claimed.in_sequence
    degree = f"sizes are polynomials: {'; '.join(f'{k} {v}' for k, v in claimed.sizes.items())}"
    products = claimed.sizes["multiply"]
    more = {**claimed.sizes, "multiply": f"{products} + 1"}
    elsewhere = {**claimed.sizes, "multiply": f"{products} + {VANISHES}"}
    longer = partial(one_operation_more, run)
    return (
        Step(
            id="steps-add-up",
            says=f"The steps of the proof of {what}, one after the other, add up to ${tex(total)}$.",
            formal=f"{' + '.join(steps)} = {total}",
            check=lambda: steps_add_up(steps, total),
            mutants=(Mutant("one step counted twice", lambda: steps_add_up([*steps, steps[0]], total)),),
        ),
        Step(
            id="depth-of-the-body",
            of_code=True,
            says=f"The body, run with symbols for n and d, has critical path ${tex(claimed.path)}$ and sequential depth"
            f" ${tex(total)}$.",
            formal=f"for {ALL_SHAPES}: critical path = {claimed.path}, sequential = {total}",
            check=lambda: depth_holds(run, claimed),
            mutants=(
                Mutant("another depth", lambda: depth_holds(run, wrong)),
                Mutant("another body", lambda: depth_holds(wrong_run, claimed)),
                Mutant(
                    "each operation charged one step more, in all shapes at once",
                    lambda: depth_in_general(run, claimed.path, total, WRONG),
                ),
                Mutant(
                    "one operation more, in all shapes at once",
                    lambda: depth_in_general(longer, claimed.path, total),
                ),
            ),
        ),
        Step(
            id="size-of-the-body",
            of_code=True,
            says="In that run the number of operations of each kind is the claimed polynomial in n and d.",
            formal=f"for {ALL_SHAPES}: {degree}",
            check=lambda: sizes_hold(run, claimed.sizes),
            mutants=(
                Mutant("one product more", lambda: sizes_hold(run, more)),
                Mutant("more products from n = 7 on", lambda: sizes_in_general(run, elsewhere)),
                Mutant("one operation more, in all shapes at once", lambda: sizes_in_general(longer, claimed.sizes)),
            ),
        ),
    )


def tex(text: str) -> str:
    """Return a depth as TeX."""
    return text.replace("△", r"\triangle ").replace("max", r"\max").replace("R", r"d_{sqrt}")
