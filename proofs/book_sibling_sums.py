"""Depth sums of the sibling paper: the printed parts added again, and how far each printed total is off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from precise import cost
from precise.claims import Control, Counterexample, Mutant, Scope, Statement, Step, decide_identity
from precise.semantics import depth, sequential
from proofs._float_evidence import Outcome, both, exhausted, together

WHERE = Scope.without_p()
LENGTHS = (1, 2, 3, 4, 6)


@dataclass(frozen=True, slots=True)
class Row:
    """One printed sum: its place, its parts, the printed total, and what the total lacks (negative: has too much).

    s, P, E: one operation, iterated sum, exp; C, D, K: convolution, selection or state space, kernel; n: length.
    """

    id: str
    place: str
    parts: tuple[str, ...]
    printed: str
    lacking: str
    remark: str

    @property
    def total(self) -> str:
        """The parts, added."""
        return " + ".join(self.parts)


ROWS = (
    Row(
        "theorem-4-5",
        "Thm 4.5",
        ("(s + P)", "C", "(E + s)", "D", "s", "(s + P)"),
        "C + E + D + 4*s + P",
        "P",
        "two sums",
    ),
    Row("lemma-b-5", "Lemma B.5", ("s", "s", "s"), "s", "2*s", "addition, division, multiplication in sequence"),
    Row(
        "lemma-b-6",
        "Lemma B.6",
        ("n*(2*s + P)",),
        "2*s + P",
        "(n - 1)*(2*s + P)",
        "H_t needs H_(t-1): n steps, not one",
    ),
    Row("lemma-b-2", "Lemma B.2", ("E",), "2*E", "-E", "exp of the same argument paid twice, though shared"),
    Row("lemma-b-8", "Lemma B.8", ("s", "s", "s"), "s", "2*s", "subtraction, comparison, multiplication"),
    Row("lemma-4-3", "Lemma 4.3", ("K", "s"), "s", "K", "the depth of the kernel is left out; s stands for the rest"),
)


def adds_up(row: Row, total: str) -> Outcome:
    """Compare the sum of the parts with a total."""
    found = decide_identity(f"{row.total} == {total}", scope=WHERE, note=f"{row.place}: {row.remark}")
    if not isinstance(found, Counterexample):
        return found
    return Counterexample(
        values=found.exact,
        refutes=found.refutes,
        lines=(
            f"{row.place} of arXiv:2412.06148: {row.remark}",
            f"parts {row.total}; printed {row.printed}; the printed total lacks {row.lacking}",
        ),
        order=found.order,
    )


def activation() -> Any:
    """Return the sequential depth of an addition, a division and a multiplication, each on the result before it."""
    xp = cost()
    x = xp.empty((2, 2))
    return sequential(xp.multiply(xp.divide(xp.empty((2, 2)), xp.add(x, xp.empty((2, 2)))), x))


def comparison() -> Any:
    """Return the sequential depth of a subtraction, a comparison of its result, and a multiplication by the choice."""
    xp = cost()
    x = xp.empty((2, 2))
    y = xp.subtract(x, xp.empty((2, 2)))
    return sequential(xp.multiply(xp.where(xp.less_equal(y, xp.empty((2, 2))), y, x), x))


def recurrence(steps: int) -> Any:
    """Return the sequential depth of that many steps H = A H + B of the state space."""
    xp = cost()
    h = xp.empty((2, 2))
    for _ in range(steps):
        h = xp.add(xp.matmul(xp.empty((2, 2)), h), xp.empty((2, 2)))
    return sequential(h)


def run_in_cost(per_step: int = 2) -> Outcome:
    """Check the depths of three operations in sequence and of the recurrence by running them."""
    rows = [("activation", activation(), depth(s=3)), ("comparison", comparison(), depth(s=3))]
    rows += [(f"{n} steps", recurrence(n), depth(s=per_step * n, P=n)) for n in LENGTHS]
    for cases, (name, got, wanted) in enumerate(rows, 1):
        if got != wanted:
            return Counterexample(
                values={"run": name, "got": str(got), "wanted": str(wanted)}, refutes="got != wanted", cases=cases
            )
    return exhausted(len(rows), 2 + len(LENGTHS), (), where="three operations; n in {1, 2, 3, 4, 6} steps")


def all_rows(rows: Sequence[Row]) -> Outcome:
    """Certify parts = printed + lacking for all rows."""
    return together(
        *(decide_identity(f"{r.total} == {r.printed} + ({r.lacking})", scope=WHERE) for r in rows),
        note="; ".join(f"{r.place}: lacks {r.lacking}" for r in rows),
    )


PRINTED = Statement(
    label="book:sibling-sums@printed",
    title="Depth sums as printed in the sibling paper",
    mark="R",
    as_printed=True,
    tex=r"The totals printed in arXiv:2412.06148 are the sums of the parts printed beside them.",
    steps=tuple(
        Step(
            id=f"{row.id}-adds-up",
            says=f"{row.place}: {row.remark}.",
            formal=f"{row.total} = {row.printed}",
            check=lambda row=row: adds_up(row, row.printed),  # type: ignore[misc]
            expects="refuted",
            mutants=(
                Control(
                    "what it lacks added",
                    lambda row=row: adds_up(row, f"{row.printed} + ({row.lacking})"),  # type: ignore[misc]
                ),
            ),
        )
        for row in ROWS
    ),
)

REPAIRED = Statement(
    label="book:sibling-sums",
    title="Depth sums of the sibling paper, added again",
    mark="R, D",
    repairs="book:sibling-sums@printed",
    tex=(
        r"Thm 4.5 lacks $P$; Lemma B.5 and B.8 lack $2s$ each; Lemma B.6 lacks $(n-1)(2s+P)$, so its depth is not "
        r"constant; Lemma B.2 has one $E$ too many; Lemma 4.3 lacks the depth of its kernel. In Thm 4.5 the state "
        r"space part is called $d_{select}$, in Thm 4.4 $d_{SSM}$, and in Lemma B.2 a factor $\Delta B$ is $B$ in the "
        r"proof."
    ),
    steps=(
        Step(
            id="parts-are-printed-and-lacking",
            says="The parts of each row are its printed total and what it lacks.",
            formal="; ".join(f"{row.total} = {row.printed} + ({row.lacking})" for row in ROWS),
            check=lambda: all_rows(ROWS),
            mutants=(Mutant("nothing lacking in the first", lambda: adds_up(ROWS[0], ROWS[0].printed)),),
        ),
        Step(
            id="sequences-and-recurrence-run",
            says=r"Three operations in sequence cost $3s$, $n$ steps of the recurrence $n(2s+P)$: the cost of a run.",
            formal="3 operations: 3 s; n steps H = A H + B, n in 1, 2, 3, 4, 6: n (2 s + P); all n by the row above",
            check=lambda: both(all_rows((ROWS[1], ROWS[2], ROWS[4])), run_in_cost()),
            mutants=(Mutant("one operation a step", lambda: run_in_cost(1)),),
        ),
    ),
)

STATEMENTS = (PRINTED, REPAIRED)
