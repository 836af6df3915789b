"""The upper part of the HTML report: the numbers, what is refuted, the doubts, the table of all labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from precise.claims.records import Run, StatementRecord
from precise.claims.suspect import Doubt
from precise.claims.tally import repaired
from precise.claims.verdict import Verdict
from precise.report.mathml import readable, rich_text
from precise.report.parts import anchor, badge, bullets, css_class, link, pairs, sign, table
from precise.report.summary import summary_lines
from precise.report.words import (
    HEADLINE,
    ICONS,
    KIND_LEGEND,
    MARK_LEGEND,
    SYMBOL_LEGEND,
    VERDICT_LEGEND,
    counts_line,
    extent_of_proofs,
)

FIRST = 6
"""How many problems are shown unfolded."""


def headline(run: Run) -> str:
    """Return the four numbers."""
    counts = run.counts()
    boxes = []
    for word, verdicts in HEADLINE.items():
        total = sum(counts.get(v, 0) for v in verdicts)
        parts = [extent_of_proofs(run)] if verdicts[0] is Verdict.PROVED and verdicts[0] in counts else []
        parts += [f"{repaired(run)} with a repair"] if verdicts[0] is Verdict.REFUTED and total else []
        parts += [f"{counts[v]} {v}" for v in verdicts[1:] if v in counts]
        extra = f"<span class='small soft'>of which {', '.join(parts)}</span>" if parts else ""
        icon = f"<span aria-hidden='true'>{ICONS[verdicts[0]]}</span>"
        boxes.append(f"<div class='number {css_class(verdicts[0])}'><b>{total}</b>{icon} {word} {extra}</div>")
    return f"<div class='numbers'>{''.join(boxes)}</div>"


def status(run: Run) -> str:
    """Return the outcome of the run with its problems and notes."""
    verdict = Verdict.ERROR if run.problems else Verdict.PROVED
    word = "Something checked does not hold." if run.problems else "All that was checked is as the ledger says."
    required = f" At least kind {run.require.word} was required." if run.require else ""
    sums = "".join(f"<br>{readable(line)}" for line in summary_lines(run))
    more = run.problems[FIRST:]
    rest = f"<details><summary><span>{len(more)} more</span></summary>{bullets(more)}</details>" if more else ""
    return (
        f"<div class='status {css_class(verdict)}'><b>{ICONS[verdict]} {word}</b> "
        f"{escape(counts_line(run))}; exit status {run.exit_status}.{required}<span class='small'>{sums}</span>"
        f"{bullets(run.problems[:FIRST])}{rest}{bullets(run.notes)}</div>"
    )


def legend() -> str:
    """Return the legends of verdicts, kinds, marks and symbols."""
    verdicts = pairs((k, escape(text)) for k, text in VERDICT_LEGEND.items())
    symbols = pairs((k, escape(text)) for k, text in SYMBOL_LEGEND.items())
    kinds = pairs((f"{k.value} {k.word}", escape(text)) for k, text in KIND_LEGEND.items())
    origins = pairs((f"({m})", escape(text)) for m, text in MARK_LEGEND.items())
    return (
        "<details><summary><span>Legend: what a verdict says, why a step is believed [kind], where a statement comes "
        f"from (mark), and the symbols</span></summary><p class='small soft'>Verdicts</p>{verdicts}"
        f"<p class='small soft'>Kinds, strongest first</p>{kinds}"
        f"<p class='small soft'>Marks</p>{origins}<p class='small soft'>Symbols</p>{symbols}</details>"
    )


def refuted(run: Run) -> str:
    """Return the list of what is refuted: one line of each counterexample, and the repair."""
    rows = []
    for record in run.records:
        found = next((s.counterexample for s in record.steps if s.counterexample is not None), None)
        if record.verdict is Verdict.REFUTED and found is not None:
            lines = "<br>".join(readable(line) for line in found.lines) or readable(str(found))
            repairs = "<br>".join(map(link, record.repaired_by)) or "<span class='soft'>refuted for good</span>"
            title = f"{link(record.label)}<br><span class='small'>{readable(record.title)}</span>"
            rows.append((title, f"<span class='small'>{lines}</span>", repairs))
    if not rows:
        return ""
    head = ("refuted", "least counterexample (the first of several)", "repaired by")
    return "<h2 id='refuted'>What does not hold</h2>" + table(head, rows, name="refuted")


def doubts(run: Run) -> str:
    """Return the index of the numbered doubts, with all statements that settle each; one without any is open."""
    settle: dict[str, list[StatementRecord]] = {}
    for record in run.records:
        for number in record.suspects:
            settle.setdefault(number, []).append(record)
    if not run.suspects:
        return ""
    rows = []
    for suspect in run.suspects:
        forms = settle.get(suspect.number, [])
        number = f"<span id='suspect-{suspect.number}'><b>{suspect.number}</b> ({suspect.doubt.value})</span>"
        answers = "<br>".join(f"{badge(form)} {link(form.label)}" for form in forms)
        rows.append((number, rich_text(suspect.says), answers or sign(Verdict.OPEN, "open")))
    answered = sum(suspect.number in settle for suspect in run.suspects)
    grades = "; ".join(f"{d.value} {d.words}" for d in Doubt)
    return (
        "<h2 id='doubts'>Doubts about the papers, and what became of them</h2>"
        f"<p>{answered} of {len(run.suspects)} have an entry. "
        f"<span class='soft'>Each was numbered and graded before anything was checked: {grades}.</span></p>"
        + table(("doubt", "what the text does, or leaves open", "statements that settle it"), rows, name="doubts")
    )


def all_labels(sections: Mapping[str, Sequence[Sequence[StatementRecord]]]) -> str:
    """Return the table of all labels in the order of the paper."""
    parts = ["<h2 id='labels'>All labels</h2>", "<div class='scroll'><table class='labels'><thead><tr>"]
    parts += [f"<th scope='col'>{h}</th>" for h in ("label", "verdict [kind]")]
    parts += ["<th scope='col' class='wide'>scope, or what it needs</th></tr></thead>"]
    for title, groups in sections.items():
        head = f"<tr class='band'><th colspan='3' scope='rowgroup'>{escape(title)}</th></tr>" if title else ""
        parts.append(f"<tbody>{head}{''.join(label_rows(groups))}</tbody>")
    return "".join([*parts, "</table></div>"])


def label_rows(groups: Sequence[Sequence[StatementRecord]]) -> Iterator[str]:
    """Yield the row of each statement; a label without steps has its anchor here."""
    for record in (record for group in groups for record in group):
        name = link(record.label) if record.steps else f"<code>{escape(record.label)}</code>"
        needs = not record.steps and record.verdict.rank <= Verdict.OPEN.rank
        why = record.reason if needs else record.scope_in_words(short=True)
        here = "" if record.steps else f" id='{anchor(record.label)}'"
        yield (
            f"<tr{here}><td>{name}<br><span class='small'>{readable(record.title)}</span></td>"
            f"<td>{badge(record)}</td><td class='why wide'>{readable(why)}</td></tr>"
        )
