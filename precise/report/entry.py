"""One statement of the HTML report: what it says, whether it holds, and every step with its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from precise.claims.discovery import INSTALLED
from precise.claims.evidence import Counterexample, Evidence, Kind
from precise.claims.findings import MutantRecord, PieceRecord
from precise.claims.records import Run, StatementRecord, StepRecord
from precise.claims.statement import LABEL, Tier
from precise.claims.verdict import Verdict
from precise.claims.versions import DISTRIBUTION
from precise.report.document import sha256, version_text
from precise.report.mathml import readable, rich_text
from precise.report.parts import anchor, badge, css_class, link, pairs
from precise.report.words import ICONS, counted, look, meanings

CITED = "cited: "
LONGEST = 72
"""How much of the instance that refutes a mutant is shown."""
MOST_CERTIFICATES = 4
"""How many fingerprints of certificates are shown; the JSON document has all of them."""
LONGEST_NOTE = 600
"""How much of a note is shown; the JSON document has all of it."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a statement needs of its run: the number of each citation, and the folder where it is not installed."""

    sources: Mapping[str, int]
    folder: str

    @classmethod
    def of(cls, run: Run) -> Context:
        """Return the context of a run; citations are numbered in the order in which they occur."""
        lines = dict.fromkeys(line for record in run.records for line in record.rests_on)
        cited = {line: i for i, line in enumerate((x for x in lines if x.startswith(CITED)), 1)}
        return cls(cited, "" if run.source == INSTALLED else run.source)

    def command(self, *arguments: str) -> str:
        """Return the command that runs the ledger with these arguments."""
        return " ".join(filter(None, ["precise verify", self.folder, *arguments]))


def family(group: Sequence[StatementRecord], context: Context) -> str:
    """Return the forms of one label, each printed form and its repair side by side."""
    shown = []
    for row in side_by_side(group):
        pair = " pair" if len(row) > 1 or row[0].repairs else ""
        forms = "".join(statement(record, context) for record in row)
        shown.append(f"<section class='family{pair}'>{forms}</section>")
    return "".join(shown)


def side_by_side(group: Sequence[StatementRecord]) -> list[list[StatementRecord]]:
    """Return the forms of a label in rows: a form and the first that repairs it, or one alone."""
    rows: list[list[StatementRecord]] = []
    placed: set[str] = set()
    for record in group:
        if record.label not in placed:
            repairs = [r for r in group if r.repairs == record.label and r.label not in placed]
            rows.append([record, *repairs[:1]])
            placed |= {r.label for r in rows[-1]}
    return rows


def statement(record: StatementRecord, context: Context) -> str:
    """Return one statement with its steps."""
    form = "as printed" if record.as_printed else record.repairs and f"repairs {record.repairs}"
    facts = pairs(
        (
            ("Scope", "" if record.verdict is Verdict.REFUTED else readable(record.scope_text)),
            ("Because", readable(record.reason)),
            ("Hypotheses", hypotheses(record.hypotheses, witness_of(record))),
            ("Doubts", ", ".join(f"<a href='#suspect-{s}'>{s}</a>" for s in record.suspects)),
            ("Uses", ", ".join(map(link, record.uses))),
            ("Repaired by", ", ".join(map(link, record.repaired_by))),
            ("Not re-run here", "" if record.rerun else not_rerun(record)),
        )
    )
    origin = " · ".join(readable(part) for part in (meanings(record.mark), record.where, record.source) if part)
    return (
        f"<article id='{anchor(record.label)}' class='{css_class(look(record))}'>"
        f"<p class='form soft'>{escape(form)}</p>"
        f"<div class='head'><h3>{readable(record.title)}</h3>{badge(record)}</div>"
        f"<p class='small soft'><code>{escape(record.label)}</code> · {origin}</p>"
        f"<div class='tex'>{rich_text(record.tex)}</div>"
        f"{''.join(counterexample(s.counterexample) for s in record.steps if s.counterexample)}{facts}"
        f"{''.join(step_details(step, record) for step in record.steps)}{foot(record, context)}</article>"
    )


def foot(record: StatementRecord, context: Context) -> str:
    """Return what a statement rests on, and how to check it again."""
    needed = rests_on(record.rests_on, context) or "<p class='soft'>Rests on nothing unchecked.</p>"
    slower = {piece.tier for step in record.steps for piece in step.pieces} - {Tier.QUICK}
    command = context.command(record.label, *(f"--tier {t.value}" for t in Tier if t in slower))
    again = f"<p><span class='soft'>Check it yourself</span> <code>{escape(command)}</code></p>"
    return f"<div class='small rests'>{needed}{again}</div>" if record.steps else ""


def rests_on(lines: Sequence[str], context: Context) -> str:
    """Return what is believed: citations by their number in the list at the end, labels and axioms by name."""
    numbers = context.sources
    sorts: dict[str, list[str]] = {}
    for line in lines:
        sort, _, rest = line.partition(": ")
        shown = f"<a href='#source-{numbers[line]}'>[{numbers[line]}]</a>" if line in numbers else named(rest)
        sorts.setdefault(sort, []).append(shown)
    items = "".join(f"<li>{escape(sort)}: {', '.join(shown)}</li>" for sort, shown in sorts.items())
    return f"<p class='soft'>Rests on</p><ul>{items}</ul>" if items else ""


def named(label: str) -> str:
    """Return a label as a link; other names stay as they are."""
    return f"<a href='#{anchor(label)}'>{escape(label)}</a>" if LABEL.fullmatch(label) else escape(label)


def hypotheses(lines: Sequence[str], witness: Sequence[str]) -> str:
    """Return hypotheses, and an instance at which they hold."""
    if not lines:
        return ""
    at = f"<br><span class='soft'>all hold, for instance, at <code>{escape(', '.join(witness))}</code></span>"
    return "<br>".join(f"<code>{escape(h)}</code>" for h in lines) + (at if witness else "")


def witness_of(record: StatementRecord) -> tuple[str, ...]:
    """Return the instance that the first step gives for the common hypotheses."""
    return next((step.witness for step in record.steps if step.witness), ())


def not_rerun(record: StatementRecord) -> str:
    """Return which checks did not run here."""
    own = [step.id.partition("/")[2] for step in record.steps if not step.rerun]
    return f"steps {escape(', '.join(own))}" if own else "a statement that it uses"


def counterexample(found: Counterexample) -> str:
    """Return a counterexample, worked out."""
    values = ", ".join(f"<code>{escape(f'{name} = {value}')}</code>" for name, value in found.exact.items())
    lines = "".join(f"<li>{readable(line)}</li>" for line in found.lines)
    order = f"Order: {readable(found.order)}. " if found.order else ""
    return (
        f"<div class='counter'><b>Counterexample</b> {values}<ol>{lines}</ol>"
        f"<p class='small soft'>{order}Found after {counted(found.cases, 'instance')}. It refutes since "
        f"<code>{escape(found.refutes)}</code>.</p></div>"
    )


def step_details(step: StepRecord, of: StatementRecord) -> str:
    """Return one step, folded."""
    own = [h for h in step.hypotheses if h not in of.hypotheses]
    told = "Mutants told apart" if step.as_expected else "Mutants"
    facts = pairs(
        (
            ("Formally", f"<code>{escape(step.formal)}</code>"),
            ("Hypotheses", hypotheses(own, step.witness)),
            ("Scope", "" if step.counterexample else readable(step.scope_text)),
            ("Because", readable(step.reason if step.reason != of.reason else "")),
            *(("Evidence", evidence(e)) for e in step.evidence),
            *(("Not re-run here", unrun(piece)) for piece in step.not_run),
            ("Cells", escape(", ".join(step.cells))),
            (told, "<br>".join(map(mutant, step.mutants))),
            ("Time, hash", f"{step.seconds:.2f} s · <code>{escape(step.hash)}</code>"),
        )
    )
    return f"<details><summary><span>{rich_text(step.says)}</span>{badge(step)}</summary>{facts}</details>"


def mutant(item: MutantRecord) -> str:
    """Return a mutant or control and what told it apart."""
    shown = item.by if len(item.by) <= LONGEST or not item.rejected else f"{item.by[:LONGEST]} …"
    icon = ICONS[Verdict.PROVED] if item.rejected else ICONS[Verdict.ERROR]
    return f"{icon} {escape(item.role)} {rich_text(item.name)}: <span class='soft'>{escape(shown)}</span>"


def unrun(piece: PieceRecord) -> str:
    """Return why a check did not run, and what the lock holds of it."""
    why = f" ({escape(piece.tool)})" if piece.tool else ""
    held = f"the lock holds {readable(str(piece.held))}" if piece.held else "the lock holds nothing"
    return f"{escape(piece.tier.value)} tier{why}: {held}"


def evidence(item: Evidence) -> str:
    """Return one piece of evidence in words."""
    confirmed = f"confirmed by {item.confirmed_by}" if item.confirmed_by else ""
    seed = f"seed {item.seed}" if item.seed is not None else ""
    producer = "" if item.producer == DISTRIBUTION else f"{item.producer} {version_text(item)}".strip()
    certificates = [f"certificate {sha256(dict(c.data))[:16]}" for c in item.certificates[:MOST_CERTIFICATES]]
    if more := len(item.certificates[MOST_CERTIFICATES:]):
        certificates.append(f"{more} more")
    counts = counted(item.cases, "case")
    if item.expected is not None and item.kind is Kind.EXHAUSTIVE:
        counts = f"{item.cases:,} of {counted(item.expected, 'case')}"
    facts = [f"[{item.letter}] {counts}", producer, confirmed, seed, item.sharpness, item.artefact]
    text = "; ".join(escape(part) for part in (*facts, *certificates) if part)
    command = f"<br><code>{escape(item.command)}</code>" if item.command else ""
    axioms = f"<br><span class='soft'>axioms: {escape(', '.join(item.axioms))}</span>" if item.axioms else ""
    shown = item.note and item.kind is not Kind.ASSUMED
    text_of_note = item.note if len(item.note) <= LONGEST_NOTE else f"{item.note[:LONGEST_NOTE].replace('$', '')} …"
    note = f"<br><span class='soft'>{rich_text(text_of_note)}</span>" if shown else ""
    return f"{text}{command}{axioms}{note}"
