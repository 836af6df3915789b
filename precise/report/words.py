"""Words that the terminal and the HTML report share: icons, colours, legends, order of presentation."""

from __future__ import annotations

from precise.claims.evidence import Kind
from precise.claims.records import Run, StatementRecord
from precise.claims.verdict import Verdict

ICONS = {
    Verdict.PROVED: "✓",
    Verdict.PROVED_LISTED: "◑",
    Verdict.SIDE_CONDITION: "△",
    Verdict.ASSUMED: "§",
    Verdict.NOT_REFUTED: "~",
    Verdict.OPEN: "○",
    Verdict.INCONCLUSIVE: "?",
    Verdict.STALE: "↻",
    Verdict.REFUTED: "✗",
    Verdict.ERROR: "!",
}

KIND_LEGEND = {
    Kind.KERNEL: "theorem accepted by the Coq kernel, axioms listed (K*: with primitive numbers)",
    Kind.CERTIFICATE: "exact rational certificate, checked again by proofs/recheck.py",
    Kind.EXHAUSTIVE: "all cases of a finite domain, counted against its formula",
    Kind.ENCLOSURE: "rigorous balls cover the stated box",
    Kind.SMT: "negation unsatisfiable in two solvers, with a satisfiable mutant",
    Kind.IDENTITY: "symbolic identity by normal form over the rationals",
    Kind.ASSUMED: "cited from the literature, not checked here",
    Kind.SAMPLED: "sampled cases; proves nothing",
    Kind.COUNTEREXAMPLE: "exact counterexample, checked again by evaluation",
}

MARK_LEGEND = {
    "R": "read in a published text of the same authors",
    "V": "known from the public reviews of the paper",
    "M": "from memory of the literature",
    "D": "derived here",
    "P": "read in another published text",
}

HEADLINE = {
    "proved": (Verdict.PROVED, Verdict.PROVED_LISTED),
    "refuted": (Verdict.REFUTED,),
    "assumed": (Verdict.ASSUMED,),
    "open": (Verdict.OPEN,),
}
"""The four numbers at the top of a report, with the verdicts that each counts."""


def counts_line(run: Run) -> str:
    """Return the counts per verdict in words."""
    return ", ".join(f"{n} {verdict}" for verdict, n in run.counts().items()) or "nothing was run"


def families(run: Run) -> list[list[StatementRecord]]:
    """Return the records grouped by label, each printed form beside its repair, in the order of the run."""
    grouped: dict[str, list[StatementRecord]] = {}
    home: dict[str, str] = {}
    for record in run.records:
        base = record.label.partition("@")[0]
        family = home.get(record.repairs) or home.get(base) or base
        home[record.label] = family
        home.setdefault(base, family)
        grouped.setdefault(family, []).append(record)
    return list(grouped.values())


def plain(text: str) -> str:
    """Return a sentence without the dollar signs of its formulas."""
    return text.replace("$", "")


def marks(mark: str) -> str:
    """Return the marks in brackets, as the catalogue writes them."""
    return " ".join(f"({m})" for m in mark.split(", ")) if mark else ""


def counted(n: int, noun: str) -> str:
    """Return the number with its noun, in the plural where it is due."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
