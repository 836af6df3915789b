"""Evidence, certificates and mutants in lines of text, for the story of a statement."""

from __future__ import annotations

from collections.abc import Iterable

from precise.claims.evidence import Evidence, Kind
from precise.claims.findings import MutantRecord, PieceRecord
from precise.claims.verdict import Verdict
from precise.report.document import sha256, version_text
from precise.report.words import ICONS, KIND_LEGEND, counted, plain


def evidence_lines(piece: PieceRecord) -> list[str]:
    """Return the lines of one check: each piece of evidence, or why it did not run and what the lock holds."""
    if not piece.ran:
        held = f"; the lock holds {piece.held}" if piece.held else "; the lock holds nothing"
        return [f"{piece.tier.value} check: {piece.not_run}{held}"]
    head = f"{piece.tier.value} check, {piece.seconds:.2f} s"
    if not piece.evidence:
        return [f"{head}: {piece.found}{f': {piece.reason}' if piece.reason else ''}"]
    return [line for evidence in piece.evidence for line in lines_of(evidence, head)]


def lines_of(evidence: Evidence, head: str) -> list[str]:
    """Return the lines of one piece of evidence."""
    legend = KIND_LEGEND[evidence.kind].partition(";")[0]
    expected = " (as the formula of the domain gives)" if evidence.expected is not None else ""
    facts = [f"{head}: [{evidence.letter}] {legend}", f"scope {evidence.scope}"]
    facts += [counted(evidence.cases, "case") + expected]
    facts += [f"by {evidence.producer} {version_text(evidence)}".strip()]
    facts += [f"confirmed by {evidence.confirmed_by}"] if evidence.confirmed_by else []
    facts += [f"seed {evidence.seed}"] if evidence.seed is not None else []
    facts += [f"needs {evidence.needs}"] if evidence.needs else []
    facts += [f"sharpness: {evidence.sharpness}"] if evidence.sharpness else []
    facts += [f"file {evidence.artefact}"] if evidence.artefact else []
    lines = ["; ".join(facts)]
    lines += [f"  {plain(evidence.note)}"] if evidence.note and evidence.kind is not Kind.ASSUMED else []
    lines += [f"  axiom {axiom}" for axiom in evidence.axioms]
    lines += [f"  certificate {sha256(dict(c.data))[:12]} ({c.data['kind']}): {c.claim}" for c in evidence.certificates]
    return lines + ([f"  $ {evidence.command}"] if evidence.command else [])


def mutant_lines(mutants: Iterable[MutantRecord]) -> list[str]:
    """Return a line for each mutant or control: whether the check told it apart, and by what."""
    told = {"mutant": "is refuted at", "control": "stands:"}
    return [
        f"{ICONS[Verdict.PROVED]} {m.role} {plain(m.name)} {told[m.role]} {m.by}"
        if m.rejected
        else f"{ICONS[Verdict.ERROR]} {m.role} {plain(m.name)} was not told apart: {m.by}"
        for m in mutants
    ]
