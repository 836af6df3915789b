"""Evidence by two solvers: a claim about bit vectors is proved where its negation has no model in either.

The claim is written out in bit vectors, without any theory of floats; what its numbers stand for is the caller's
part, so each model is evaluated twice: as the bit vectors say, here, and in exact arithmetic, by the caller who
turns it into a `Counterexample`. A solver that runs out of time is passed over; two must answer, and alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from precise.claims.bitvectors import Term, Values, all_true, evaluate, in_order, is_false, script, some_true
from precise.claims.evidence import Counterexample, Evidence, Kind
from precise.claims.scope import Scope
from precise.claims.solvers import ORDER, Answer, Solver, installed
from precise.errors import PreciseError, UndecidedError

SECONDS = 60
"""Time for one question to one solver."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Hypotheses and a conclusion, for all values of the names in them."""

    hypotheses: tuple[Term, ...]
    conclusion: Term

    @property
    def negation(self) -> tuple[Term, ...]:
        """What a counterexample satisfies."""
        return (*self.hypotheses, is_false(self.conclusion))


Explain = Callable[[int, Values], Counterexample]
"""Precision and model to the counterexample in exact arithmetic."""


def names_of(asserted: tuple[Term, ...]) -> tuple[str, ...]:
    """Return the declared names."""
    return tuple(dict.fromkeys(t.head for t in in_order(asserted) if not t.parts and t.head != "numeral"))


def checked_model(solver: Solver, asserted: tuple[Term, ...], seconds: int) -> Answer:
    """Return a model that satisfies what is asserted, evaluated in integers, or None where there is none."""
    model = solver.model(script(asserted), names_of(asserted), seconds)
    if model is not None and not all(evaluate(term, model) for term in asserted):
        raise PreciseError(f"smt: a model of {solver.name} must satisfy what was asserted; got {dict(model)}")
    return model


def answers(
    asserted: tuple[Term, ...], order: Sequence[str] = ORDER, seconds: int = SECONDS
) -> tuple[tuple[Solver, Answer], ...]:
    """Return the answers of the first two solvers that decide; they must agree on whether there is a model."""
    found: list[tuple[Solver, Answer]] = []
    given_up: list[str] = []
    for solver in installed(order):
        try:
            found.append((solver, checked_model(solver, asserted, seconds)))
        except UndecidedError as undecided:
            given_up.append(str(undecided))
        if len(found) == 2:
            break
    if len(found) < 2:
        raise UndecidedError(f"smt: two solvers must decide; got {'; '.join(given_up)}")
    if len({answer is None for _, answer in found}) > 1:
        words = ", ".join(f"{s.name} {'unsat' if a is None else 'sat'}" for s, a in found)
        raise PreciseError(f"smt: two solvers must agree; got {words}")
    return tuple(found)


def decide_claims(
    claims: Mapping[int, Claim],
    explain: Explain,
    *,
    where: str = "",
    order: Sequence[str] = ORDER,
    seconds: int = SECONDS,
    note: str = "",
) -> Evidence | Counterexample:
    """Return the evidence that the claim of each precision has no counterexample, or the first one found.

    The hypotheses alone must have a model, or the claim says nothing: that is an error.
    """
    used: list[tuple[Solver, ...]] = []
    for p, claim in claims.items():
        if checked_model(installed(order)[0], claim.hypotheses, seconds) is None:
            raise PreciseError(f"smt: the hypotheses must have a model; got none at p = {p}")
        found = answers(claim.negation, order, seconds)
        model = found[0][1]
        if model is not None:
            return explain(p, model)
        used.append(tuple(solver for solver, _ in found))
    return evidence_of(tuple(claims), used, where, note)


def evidence_of(
    precisions: tuple[int, ...], used: Sequence[tuple[Solver, ...]], where: str, note: str = ""
) -> Evidence:
    """Return the evidence of one question a precision, with the solvers that answered."""
    first, second = (list(dict.fromkeys(pair[i] for pair in used)) for i in (0, 1))
    return Evidence(
        kind=Kind.SMT,
        scope=Scope.listed_p(precisions, *((where,) if where else ())),
        cases=len(precisions),
        expected=len(precisions),
        producer=" + ".join(solver.name for solver in first),
        version=" + ".join(solver.version for solver in first),
        confirmed_by=" + ".join(f"{solver.name} {solver.version}" for solver in second),
        note=note,
    )


def least_model(
    asserted: tuple[Term, ...], order_of: tuple[Term, ...], order: Sequence[str] = ORDER, seconds: int = SECONDS
) -> tuple[Values, tuple[Solver, ...]]:
    """Return the model that is least in the terms of `order_of`, first term first, and who confirmed it.

    Each term in turn is brought down by bisection with one solver. That nothing less is a model is then asked in
    one question, of two solvers, so the bisection itself is not trusted.
    """
    solver = installed(order)[0]
    model = checked_model(solver, asserted, seconds)
    if model is None:
        raise PreciseError("smt: what is asserted must have a model; got none")
    fixed: tuple[Term, ...] = asserted
    for term in order_of:
        low, high = 0, evaluate(term, model)
        while low < high:
            middle = (low + high) // 2
            smaller = checked_model(solver, (*fixed, term <= middle), seconds)
            if smaller is None:
                low = middle + 1
            else:
                model, high = smaller, evaluate(term, smaller)
        fixed = (*fixed, term.equals(high))
    return model, no_lesser(asserted, order_of, [evaluate(t, model) for t in order_of], order, seconds)


def no_lesser(
    asserted: tuple[Term, ...], order_of: tuple[Term, ...], least: Sequence[int], order: Sequence[str], seconds: int
) -> tuple[Solver, ...]:
    """Return the two solvers that find no model below the least one in the order of the terms."""
    earlier = [
        all_true(*(t.equals(v) for t, v in zip(order_of[:i], least[:i], strict=True)), order_of[i] < least[i])
        for i in range(len(order_of))
    ]
    found = answers((*asserted, some_true(*earlier)), order, seconds)
    if found[0][1] is not None:
        raise PreciseError(f"smt: the least model must be least; got a lesser one, {dict(found[0][1])}")
    return tuple(solver for solver, _ in found)
