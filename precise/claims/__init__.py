r"""Claims and how they are checked: the ledger.

A ledger is a folder of Python files, one label a file (``lem:floor`` in ``lem_floor.py``); files that begin
with an underscore are not read. A file defines ``STATEMENT`` or ``STATEMENTS``. The bare label is the form
that others may use; a false printed form is kept as ``label@printed`` and repaired by the bare one::

    from fractions import Fraction
    from precise.claims import Control, Counterexample, Evidence, Kind, Mutant, Scope, Statement, Step
    from precise.claims import decide_inequality

    def search(rule):                           # kind X, or C: a finite domain, counted by its formula
        for a in range(1, 9):
            got, right = rule(Fraction(a, 4)), Fraction(a // 4)
            if got != right:
                return Counterexample(values={"a": a, "got": got, "right": right}, refutes="got != right",
                                      lines=(f"got {got}, right is {right}",), order="least a", cases=a)
        return Evidence(kind=Kind.EXHAUSTIVE, scope=Scope.without_p("a in 1..8"), cases=8, expected=8,
                        cells=("quarters",), producer="precise-pbit")

    def bound(c):                               # kind R for all p >= 2: t stands for 2**p >= 4
        return decide_inequality(f"{c}*t >= t - 1", {"t": 4}, scope=Scope.all_p(2), sharpness="sharp")

    PRINTED = Statement(label="lem:floor@printed", title="Floor as printed", mark="R", as_printed=True,
        suspects=("S9",), tex=r"$\lfloor x\rfloor = x$", steps=(
        Step(id="returns-its-argument", says="The printed rule returns $x$.", expects="refuted",
             formal="for all a in 1..8: rule(a/4) = floor(a/4)", check=lambda: search(lambda x: x),
             cells=("quarters",), mutants=(Control("integer floor", lambda: search(lambda x: x // 1)),)),))
    RIGHT = Statement(label="lem:floor", title="Floor", mark="D", repairs="lem:floor@printed",
        tex=r"$t \ge t - 1$", hypotheses=("t >= 4",), witness={"t": 4}, steps=(
        Step(id="bound-holds", says="The bound holds.", formal="for all p >= 2, t = 2**p: t >= t - 1",
             check=lambda: bound("1"), mutants=(Mutant("half the bound", lambda: bound("1/2")),)),))
    STATEMENTS = (PRINTED, RIGHT)

Rules. A check returns evidence with at least one case, reaches exactly the cells its step declares, and
never types a verdict. A `Mutant` is a wrong variant that the same check must refute. A refuting step has a
`Control` instead, a right variant that the same search must not refute. A citation (`cited`) needs neither.
Hypotheses come with a witness. `UndecidedError` makes a step inconclusive, `MissingToolError` leaves it "not re-run
here", `OpenQuestionError` open; any other exception is an error. A check that is slow or needs a tool bears a
`Tier`; `Further` checks of other tiers each settle the same step alone. `decide_terms` and `decide_tail` settle
inequalities of terms such as 2**n/factorial(n), and bounds on tails of series, for every index. Evidence in several
parts is joined with `chain` (all are needed) or `case_split` (cases over p); a check that returns several pieces
says that each settles the step alone. A scope names
every limit of what was run. ``uses`` names labels, and no statement is better than what it uses; `stands_for`
of a citation names labels that it takes for granted. `verify` runs a ledger, `write_lock` pins what it has
reached; `precise.report` prints it.
"""

from precise.claims.certificates import Certificate, identity, nonnegative_by_shift
from precise.claims.deciding import decide_identity, decide_inequality
from precise.claims.evidence import Counterexample, Evidence, Kind, Outcome, Refuted, assumed, case_split, chain
from precise.claims.ledger import verify
from precise.claims.lock import write_lock
from precise.claims.records import Run, StatementRecord, StepRecord
from precise.claims.scope import Scope
from precise.claims.sequences import decide_tail, decide_terms
from precise.claims.statement import Control, Entry, Further, Hypothesis, Mutant, Statement, Step, Tier, cited
from precise.claims.suspect import Doubt, Suspect
from precise.claims.verdict import Verdict

__all__ = [
    "Certificate",
    "Control",
    "Counterexample",
    "Doubt",
    "Entry",
    "Evidence",
    "Further",
    "Hypothesis",
    "Kind",
    "Mutant",
    "Outcome",
    "Refuted",
    "Run",
    "Scope",
    "Statement",
    "StatementRecord",
    "Step",
    "StepRecord",
    "Suspect",
    "Tier",
    "Verdict",
    "assumed",
    "case_split",
    "chain",
    "cited",
    "decide_identity",
    "decide_inequality",
    "decide_tail",
    "decide_terms",
    "identity",
    "nonnegative_by_shift",
    "verify",
    "write_lock",
]
