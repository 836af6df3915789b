"""Run one step: its check, its hypotheses, its cells, its mutants; every way of being vacuous is an error."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from precise.claims.evidence import Counterexample, Evidence, Kind, Outcome, Refuted
from precise.claims.records import MutantRecord, StepRecord
from precise.claims.statement import Control, Mutant, Statement, Step, hypothesis_text
from precise.claims.verdict import Verdict, contradictory, of_step, strongest
from precise.errors import UndecidedError

Outcomes = tuple[Evidence | Counterexample, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a check has no outcome."""

    verdict: Verdict
    reason: str


def run_step(statement: Statement, step: Step) -> StepRecord:
    """Return the record of one step; no exception of a check gets out."""
    start = time.perf_counter()
    outcomes, failure = attempt(step.check)
    found = failure.verdict if failure else of_step(outcomes)
    mutants: tuple[MutantRecord, ...] = ()
    if failure is None:
        failure = fault_of_outcomes(step, outcomes)
    if failure is None and step.stands_for and not is_citation(outcomes):
        failure = Failure(Verdict.ERROR, "only a citation may stand for labels without a file")
    if failure is None and (found is Verdict.REFUTED) == step.expects_refuted and not is_citation(outcomes):
        mutants = tuple(run_mutant(m) for m in step.mutants)
        failure = fault_of_mutants(step, mutants)
    failure = fault_of_hypotheses(statement, step) or failure
    evidence = tuple(o for o in outcomes if isinstance(o, Evidence))
    return StepRecord(
        id=f"{statement.label}/{step.id}",
        says=step.says,
        formal=step.formal,
        hash=statement.hash_of(step),
        expects=step.expects,
        hypotheses=tuple(hypothesis_text(h) for h in statement.hypotheses_of(step)),
        found=failure.verdict if failure else found,
        reason=failure.reason if failure else reason_of(found, evidence),
        evidence=evidence,
        counterexample=next((o for o in outcomes if isinstance(o, Counterexample)), None),
        mutants=mutants,
        cells=step.cells,
        deciding=strongest(evidence) if evidence else None,
        minimum=step.minimum,
        stands_for=step.stands_for,
        seconds=time.perf_counter() - start,
    )


def attempt(check: Callable[[], Outcome]) -> tuple[Outcomes, Failure | None]:
    """Return what a check gives, or why it gives nothing."""
    try:
        outcome = check()
    except Refuted as refuted:
        return (refuted.counterexample,), None
    except (UndecidedError, TimeoutError, MemoryError) as undecided:
        return (), Failure(Verdict.INCONCLUSIVE, one_line(undecided))
    except (Exception, SystemExit) as error:
        return (), Failure(Verdict.ERROR, f"{type(error).__name__}: {one_line(error)}")
    outcomes = (outcome,) if isinstance(outcome, Evidence | Counterexample) else outcome
    if not isinstance(outcomes, tuple | list) or not outcomes:
        return (), Failure(Verdict.ERROR, f"a check must return evidence; got {outcome!r}")
    if foreign := [o for o in outcomes if not isinstance(o, Evidence | Counterexample)]:
        return (), Failure(Verdict.ERROR, f"a check must return evidence; got {type(foreign[0]).__name__}")
    return tuple(outcomes), None


def fault_of_outcomes(step: Step, outcomes: Outcomes) -> Failure | None:
    """Return what is wrong with the outcomes of a check, if anything."""
    if contradictory(outcomes):
        return Failure(Verdict.ERROR, "a counterexample and a proof meet in one step: a tool is wrong")
    evidence = [o for o in outcomes if isinstance(o, Evidence)]
    reached = dict.fromkeys(cell for e in evidence for cell in e.cells)
    if evidence and (missed := [c for c in step.cells if c not in reached]):
        return Failure(Verdict.ERROR, f"declared cells were not reached: {', '.join(missed)}")
    if extra := [c for c in reached if c not in step.cells]:
        return Failure(Verdict.ERROR, f"cells not declared were reached: {', '.join(extra)}")
    counterexamples = [o for o in outcomes if isinstance(o, Counterexample)]
    if step.expects_refuted and not all(c.lines and c.order for c in counterexamples):
        return Failure(Verdict.ERROR, "a counterexample must have lines and the order in which it is least")
    return None


def fault_of_hypotheses(statement: Statement, step: Step) -> Failure | None:
    """Return the failure of a step whose hypotheses are not met by its witness."""
    try:
        unsatisfied = statement.unsatisfied(step)
    except Exception as error:
        return Failure(Verdict.ERROR, f"the witness cannot be evaluated: {one_line(error)}")
    return Failure(Verdict.ERROR, f"the witness does not satisfy: {unsatisfied}") if unsatisfied else None


def is_citation(outcomes: Outcomes) -> bool:
    """Return whether nothing was checked: all evidence is a citation."""
    return all(isinstance(o, Evidence) and o.kind is Kind.ASSUMED for o in outcomes)


def run_mutant(mutant: Mutant | Control) -> MutantRecord:
    """Return whether the check tells the mutant (or control) apart."""
    outcomes, failure = attempt(mutant.check)
    role = "mutant" if isinstance(mutant, Mutant) else "control"
    if failure:
        return MutantRecord(mutant.name, role, False, f"{failure.verdict}: {failure.reason}")
    counterexample = next((o for o in outcomes if isinstance(o, Counterexample)), None)
    if role == "mutant":
        return MutantRecord(mutant.name, role, counterexample is not None, str(counterexample or "not refuted"))
    cases = sum(o.cases for o in outcomes if isinstance(o, Evidence))
    by = f"refuted at {counterexample}" if counterexample else f"holds in {cases:,} cases"
    return MutantRecord(mutant.name, role, counterexample is None, by)


def fault_of_mutants(step: Step, mutants: tuple[MutantRecord, ...]) -> Failure | None:
    """Return the failure of a vacuous step: no mutant, or one that the check does not tell apart."""
    role = "control" if step.expects_refuted else "mutant"
    if not any(m.role == role for m in mutants):
        return Failure(Verdict.ERROR, f"vacuous: the step has no {role}")
    for m in mutants:
        if not m.rejected:
            verb = "survives" if m.role == "mutant" else "fails"
            return Failure(Verdict.ERROR, f"vacuous: {m.role} {m.name!r} {verb} ({m.by})")
    return None


def reason_of(found: Verdict, evidence: tuple[Evidence, ...]) -> str:
    """Return the words that some verdicts owe the reader."""
    if not evidence:
        return ""
    deciding = strongest(evidence)
    match found:
        case Verdict.SIDE_CONDITION:
            return f"needs: {deciding.needs}"
        case Verdict.ASSUMED:
            return deciding.note
        case Verdict.NOT_REFUTED:
            seed = "picked by hand" if deciding.seed is None else f"seed {deciding.seed}"
            return f"{deciding.cases:,} cases, {seed}"
        case Verdict.INCONCLUSIVE:
            return "no precision is left in the scope"
    return ""


def one_line(error: BaseException) -> str:
    """Return the message of an exception on one line."""
    return " ".join(str(error).split()) or type(error).__name__
