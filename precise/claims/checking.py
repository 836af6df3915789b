"""Run one check of a step: its outcomes, hypotheses, cells, mutants; every way of being vacuous is an error."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from precise.claims.evidence import Counterexample, Evidence, Kind, Outcome, Refuted
from precise.claims.findings import MutantRecord, PieceRecord
from precise.claims.joining import join
from precise.claims.pieces import Piece, pieces_of
from precise.claims.records import StepRecord
from precise.claims.statement import Control, Mutant, Statement, Step, Tier
from precise.claims.verdict import Verdict, contradictory, of_step, strongest
from precise.errors import MissingToolError, OpenQuestionError, UndecidedError

Outcomes = tuple[Evidence | Counterexample, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a check has no outcome; `tool` says which one is missing, if that is why."""

    verdict: Verdict
    reason: str
    tool: str = ""


def run_step(statement: Statement, step: Step, tiers: Iterable[Tier] = (Tier.QUICK,)) -> StepRecord:
    """Return the record of one step, without a lock; no exception of a check gets out."""
    wanted = frozenset(tiers)
    return join(statement, step, [run_piece(statement, step, piece, wanted) for piece in pieces_of(step)], {})


def run_piece(statement: Statement, step: Step, piece: Piece, tiers: frozenset[Tier]) -> PieceRecord:
    """Return the record of one check; the hypotheses of a step are tried with its own check, run or not."""
    start = time.perf_counter()
    id = piece.id_in(f"{statement.label}/{step.id}")
    unmet = fault_of_hypotheses(statement, step) if not piece.name else None
    if piece.tier not in tiers:
        why = f"tier not asked for: precise verify {statement.label} --tier {piece.tier.value}"
        return unrun_piece(id, piece, why, unmet)
    outcomes, failure = attempt(piece.check)
    found = failure.verdict if failure else of_step(outcomes)
    mutants: tuple[MutantRecord, ...] = ()
    if failure is None:
        failure = fault_of_outcomes(step, piece, outcomes)
    if failure is None and not piece.name and step.stands_for and not is_citation(outcomes):
        failure = Failure(Verdict.ERROR, "only a citation may stand for labels without a file")
    if failure is None and (found is Verdict.REFUTED) == step.expects_refuted and not is_citation(outcomes):
        mutants, failure = run_mutants(step, piece)
    if failure and failure.tool:
        return unrun_piece(id, piece, f"tool missing: {failure.tool}", unmet, failure.tool)
    failure = unmet or failure
    evidence = tuple(o for o in outcomes if isinstance(o, Evidence))
    return PieceRecord(
        id=id,
        tier=piece.tier,
        found=failure.verdict if failure else found,
        reason=failure.reason if failure else reason_of(found, evidence),
        evidence=evidence,
        counterexample=next((o for o in outcomes if isinstance(o, Counterexample)), None),
        mutants=mutants,
        deciding=strongest(evidence) if evidence else None,
        seconds=time.perf_counter() - start,
    )


def unrun_piece(id: str, piece: Piece, why: str, fault: Failure | None, tool: str = "") -> PieceRecord:
    """Return the record of a check that did not run, which is no failure unless the hypotheses of the step are."""
    found, reason = (fault.verdict, fault.reason) if fault else (Verdict.OPEN, "")
    not_run = f"not re-run here ({why})"
    return PieceRecord(id=id, tier=piece.tier, found=found, reason=reason, not_run=not_run, tool=tool)


def attempt(check: Callable[[], Outcome]) -> tuple[Outcomes, Failure | None]:
    """Return what a check gives, or why it gives nothing."""
    try:
        outcome = check()
    except Refuted as refuted:
        return (in_numbers(refuted.counterexample),), None
    except MissingToolError as missing:
        return (), Failure(Verdict.OPEN, f"tool missing: {one_line(missing)}", one_line(missing))
    except OpenQuestionError as question:
        return (), Failure(Verdict.OPEN, one_line(question))
    except (UndecidedError, TimeoutError, MemoryError) as undecided:
        return (), Failure(Verdict.INCONCLUSIVE, one_line(undecided))
    except (Exception, SystemExit) as error:
        return (), Failure(Verdict.ERROR, f"{type(error).__name__}: {one_line(error)}")
    outcomes = (outcome,) if isinstance(outcome, Evidence | Counterexample) else outcome
    if not isinstance(outcomes, tuple | list) or not outcomes:
        return (), Failure(Verdict.ERROR, f"a check must return evidence; got {outcome!r}")
    if foreign := [o for o in outcomes if not isinstance(o, Evidence | Counterexample)]:
        return (), Failure(Verdict.ERROR, f"a check must return evidence; got {type(foreign[0]).__name__}")
    return tuple(o if isinstance(o, Evidence) else in_numbers(o) for o in outcomes), None


def in_numbers(found: Counterexample) -> Counterexample:
    """Return the counterexample with its values as integers, fractions and words, as every report shows them."""
    return replace(found, values=found.exact)


def fault_of_outcomes(step: Step, piece: Piece, outcomes: Outcomes) -> Failure | None:
    """Return what is wrong with the outcomes of a check, if anything."""
    if contradictory(outcomes):
        return Failure(Verdict.ERROR, "a counterexample and a proof meet in one step: a tool is wrong")
    evidence = [o for o in outcomes if isinstance(o, Evidence)]
    reached = dict.fromkeys(cell for e in evidence for cell in e.cells)
    if evidence and (missed := [c for c in piece.cells if c not in reached]):
        return Failure(Verdict.ERROR, f"declared cells were not reached: {', '.join(missed)}")
    if extra := [c for c in reached if c not in piece.cells + piece.other_cells]:
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


def run_mutants(step: Step, piece: Piece) -> tuple[tuple[MutantRecord, ...], Failure | None]:
    """Return how the check tells its mutants apart, and what is wrong with that; a missing tool ends it."""
    records: list[MutantRecord] = []
    for mutant in piece.mutants:
        outcomes, failure = attempt(mutant.check)
        if failure and failure.tool:
            return (), failure
        records.append(mutant_record(mutant, outcomes, failure))
    return tuple(records), fault_of_mutants(step, tuple(records))


def mutant_record(mutant: Mutant | Control, outcomes: Outcomes, failure: Failure | None) -> MutantRecord:
    """Return whether the check tells the mutant (or control) apart."""
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
