"""The counts at the end of a report: statements, steps, how far proofs reach, and what did not run."""

from __future__ import annotations

from precise.claims.jsontype import Json
from precise.claims.records import Run, StepRecord
from precise.claims.statement import Tier
from precise.claims.tally import Reach, Tally, not_rerun, reach, repaired, tally


def summary_lines(run: Run) -> list[str]:
    """Return the lines of the summary, for a reader."""
    statements, steps = tally(run.records), tally(run.steps)
    lines = [
        f"Statements: {str(statements).replace(' refuted', f' refuted ({repaired(run)} of them repaired)')}.",
        f"Steps: {steps}.",
        f"Reach: {reach(steps_of(run, code=False))}.",
    ]
    if steps_of(run, code=True):
        lines.append(f"Code: {reach_of_code(run)}.")
    tiers, tools = not_rerun(run)
    for tier in (t for t in Tier if t in tiers):
        again = f"precise verify --tier {tier.value}"
        lines.append(f"Not re-run here: {checks(tiers[tier])} of the {tier.value} tier ({again}).")
    lines += [f"Not re-run here: {checks(n)}; {tool}." for tool, n in sorted(tools.items())]
    if run.resumed:
        words = "taken from the journal, finished earlier with the same sources; --fresh runs them again"
        lines.append(f"{checks(run.resumed)} {words} ({run.journal}).")
    return lines


def steps_of(run: Run, *, code: bool) -> list[StepRecord]:
    """Return the steps about what the package computes, or the others."""
    return [step for step in run.steps if step.of_code == code]


def reach_of_code(run: Run) -> str:
    """Return how far the checks of what the package computes reach, in words."""
    found = reach(steps_of(run, code=True))
    return (
        f"of {found.provable} further steps about what this package computes {found.ranged} are run over a stated "
        f"range, {found.every_p} proved for every p"
    )


def checks(n: int) -> str:
    """Return a number of checks in words."""
    return f"{n:,} check" if n == 1 else f"{n:,} checks"


def summary_json(run: Run) -> dict[str, Json]:
    """Return the same counts as JSON values; what comes from a journal is not told apart."""
    return {
        "statements": {**tally_json(tally(run.records)), "repaired": repaired(run)},
        "steps": tally_json(tally(run.steps)),
        "reach": reach_json(reach(steps_of(run, code=False))),
        "reach_of_code": reach_json(reach(steps_of(run, code=True))),
    }


def reach_json(found: Reach) -> dict[str, Json]:
    """Return a reach as JSON values."""
    return {
        "provable": found.provable,
        "every_p": found.every_p,
        "every_p_percent": found.percent(found.every_p),
        "without_further_limits": found.unlimited,
        "stated_range": found.ranged,
        "stated_range_percent": found.percent(found.ranged),
    }


def tally_json(counts: Tally) -> dict[str, Json]:
    """Return counts as JSON values."""
    return {
        "proved": counts.proved_here + counts.proved_by_lock,
        "proved_rerun_here": counts.proved_here,
        "proved_not_rerun_here": counts.proved_by_lock,
        "refuted": counts.refuted,
        "assumed": counts.assumed,
        "open": counts.open,
        "other": counts.others,
    }
