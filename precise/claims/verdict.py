"""The words of the report, and how they follow from evidence."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from precise.claims.evidence import Counterexample, Evidence, Kind


class Verdict(StrEnum):
    """The verdicts, best first."""

    PROVED = "proved"
    PROVED_LISTED = "proved for listed p only"
    SIDE_CONDITION = "needs a side condition"
    ASSUMED = "assumed"
    NOT_REFUTED = "not refuted"
    OPEN = "open"
    INCONCLUSIVE = "inconclusive"
    STALE = "stale"
    REFUTED = "refuted"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """Greater is better."""
        return len(Verdict) - list(Verdict).index(self)

    @property
    def supports(self) -> bool:
        """Whether another statement may rest on a statement with this verdict."""
        return self.rank > Verdict.OPEN.rank


def of_evidence(evidence: Evidence) -> Verdict:
    """Return what one piece of evidence entitles us to say."""
    if evidence.kind is Kind.SAMPLED:
        return Verdict.NOT_REFUTED
    if evidence.kind is Kind.ASSUMED:
        return Verdict.ASSUMED
    if evidence.scope.empty:
        return Verdict.INCONCLUSIVE
    if evidence.needs:
        return Verdict.SIDE_CONDITION
    return Verdict.PROVED_LISTED if evidence.scope.listed_only else Verdict.PROVED


def strongest(outcomes: Sequence[Evidence | Counterexample]) -> Evidence:
    """Return the evidence that counts, where each piece settles the whole step."""
    evidence = [o for o in outcomes if isinstance(o, Evidence)]
    return max(evidence, key=lambda e: (of_evidence(e).rank, e.kind.strength))


def contradictory(outcomes: Sequence[Evidence | Counterexample]) -> bool:
    """Return whether a counterexample and a proof meet: then one of the tools is wrong."""
    refuted = any(isinstance(o, Counterexample) for o in outcomes)
    return refuted and any(isinstance(o, Evidence) and o.kind.proves for o in outcomes)


def of_step(outcomes: Sequence[Evidence | Counterexample]) -> Verdict:
    """Return the verdict of a step from all that its check returned."""
    if not outcomes or contradictory(outcomes):
        return Verdict.ERROR
    if any(isinstance(o, Counterexample) for o in outcomes):
        return Verdict.REFUTED
    return of_evidence(strongest(outcomes))


def of_statement(steps: Sequence[Verdict], rests_on: Sequence[Verdict]) -> Verdict:
    """Return the verdict of a statement: no better than its worst step, nor than anything it rests on.

    A dependency that gives no support (open, refuted, ...) makes the statement inconclusive, not refuted; a
    refuted step refutes it whatever it rests on.
    """
    own = min(steps, key=lambda v: v.rank)
    if own in (Verdict.REFUTED, Verdict.ERROR):
        return own
    borrowed = [v if v.supports else Verdict.INCONCLUSIVE for v in rests_on]
    return min([own, *borrowed], key=lambda v: v.rank)
