"""The HTML report: one file that needs no network and no script, for a screen, a phone and paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from precise.claims.evidence import Counterexample, Evidence, Kind
from precise.claims.records import Run, StatementRecord, StepRecord
from precise.claims.verdict import Verdict
from precise.claims.versions import DISTRIBUTION, version_of
from precise.report.document import sha256, version_text
from precise.report.mathml import rich_text
from precise.report.style import COLOURS, CSS
from precise.report.words import (
    HEADLINE,
    ICONS,
    KIND_LEGEND,
    MARK_LEGEND,
    SYMBOL_LEGEND,
    VERDICT_LEGEND,
    counted,
    counts_line,
    extent_of_proofs,
    families,
    look,
    marks,
)


def write_html(run: Run, path: str | Path, *, date: str) -> None:
    """Write the report of a run; `date` is printed as given."""
    Path(path).write_text(html(run, date=date), encoding="utf-8")


def html(run: Run, *, date: str) -> str:
    """Return the report of a run as one HTML document."""
    groups = families(run)
    checked = [group for group in groups if any(record.steps for record in group)]
    parts = [
        f"<h1>Ledger of claims</h1><p class='soft'>{escape(run.source)} · {escape(date)} · "
        f"{DISTRIBUTION} {escape(version_of(DISTRIBUTION))}</p>",
        headline(run),
        status(run),
        legend(),
        "<h2>All labels</h2>",
        overview(groups),
        "<h2>Statements</h2>" if checked else "",
        *map(family, checked),
        footer(run),
    ]
    return (
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>Ledger of claims, {escape(date)}</title><style>{CSS}</style></head>\n<body>\n"
        + "\n".join(filter(None, parts))
        + "\n</body></html>\n"
    )


def colour(verdict: Verdict) -> str:
    """Return the attribute that sets the colour of a verdict."""
    return f"style='--c:{COLOURS[verdict]}'"


def badge(record: StatementRecord | StepRecord) -> str:
    """Return icon and word of a verdict, in its colour, with the letter of the kind."""
    kind = f" <span class='soft'>[{escape(record.letter)}]</span>" if record.letter else ""
    icon = f"<i aria-hidden='true'>{ICONS[look(record)]}</i>"
    return f"<span class='badge' {colour(look(record))}>{icon}{record.verdict}{kind}</span>"


def headline(run: Run) -> str:
    """Return the four numbers."""
    counts = run.counts()
    boxes = []
    for word, verdicts in HEADLINE.items():
        total = sum(counts.get(v, 0) for v in verdicts)
        parts = [extent_of_proofs(run)] if verdicts[0] is Verdict.PROVED and verdicts[0] in counts else []
        parts += [f"{counts[v]} {v}" for v in verdicts[1:] if v in counts]
        extra = f"<span class='small soft'>of which {', '.join(parts)}</span>" if parts else ""
        icon = f"<span aria-hidden='true'>{ICONS[verdicts[0]]}</span>"
        boxes.append(f"<div class='number' {colour(verdicts[0])}><b>{total}</b>{icon} {word} {extra}</div>")
    return f"<div class='numbers'>{''.join(boxes)}</div>"


def status(run: Run) -> str:
    """Return the outcome of the run with its problems and notes."""
    verdict = Verdict.ERROR if run.problems else Verdict.PROVED
    word = "Something checked does not hold." if run.problems else "All that was checked is as the ledger says."
    required = f" At least kind {run.require.word} was required." if run.require else ""
    return (
        f"<div class='status' {colour(verdict)}><b>{ICONS[verdict]} {word}</b> "
        f"{escape(counts_line(run))}; exit status {run.exit_status}.{required}"
        f"{bullets(run.problems)}{bullets(run.notes)}</div>"
    )


def bullets(lines: Sequence[str]) -> str:
    """Return a list, or nothing."""
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>" if lines else ""


def pairs(rows: Iterable[tuple[str, str]]) -> str:
    """Return a list of names and values (HTML); empty values are left out."""
    return f"<dl>{''.join(f'<dt>{escape(k)}</dt><dd>{v}</dd>' for k, v in rows if v)}</dl>"


def legend() -> str:
    """Return the legends of verdicts, kinds, marks and symbols."""
    verdicts = pairs((escape(k), escape(text)) for k, text in VERDICT_LEGEND.items())
    symbols = pairs((escape(k), escape(text)) for k, text in SYMBOL_LEGEND.items())
    kinds = pairs((f"{k.value} {k.word}", escape(text)) for k, text in KIND_LEGEND.items())
    origins = pairs((f"({m})", escape(text)) for m, text in MARK_LEGEND.items())
    return (
        "<details><summary><span>Legend: what a verdict says, why a step is believed [kind], where a statement comes "
        f"from (mark), and the symbols</span></summary><p class='small soft'>Verdicts</p>{verdicts}"
        f"<p class='small soft'>Kinds, strongest first</p>{kinds}"
        f"<p class='small soft'>Marks</p>{origins}<p class='small soft'>Symbols</p>{symbols}</details>"
    )


def overview(groups: Sequence[Sequence[StatementRecord]]) -> str:
    """Return the table of all labels in the order of the paper."""
    rows = []
    for record in (record for group in groups for record in group):
        name = f"<code>{escape(record.label)}</code>"
        name = f"<a href='#{anchor(record.label)}'>{name}</a>" if record.steps else name
        why = record.scope_text if record.verdict.rank > Verdict.OPEN.rank or record.steps else record.reason
        here = "" if record.steps else f" id='{anchor(record.label)}'"
        rows.append(
            f"<tr{here}><td>{name}<br><span class='small'>{rich_text(record.title)}</span></td>"
            f"<td>{badge(record)}</td><td class='why wide'>{escape(why)}</td></tr>"
        )
    head = "<tr><th>label</th><th>verdict [kind]</th><th class='wide'>scope, or what it needs</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"


def anchor(label: str) -> str:
    """Return the id of a label inside the document."""
    return escape(label.replace(":", "-").replace("@", "--"))


def family(group: Sequence[StatementRecord]) -> str:
    """Return the forms of one label, a printed form and its repair side by side."""
    side_by_side = " pair" if any(record.repairs for record in group) else ""
    return f"<section class='family{side_by_side}'>{''.join(map(statement, group))}</section>"


def statement(record: StatementRecord) -> str:
    """Return one statement with its steps."""
    form = "as printed" if record.as_printed else record.repairs and f"repairs {record.repairs}"
    facts = pairs(
        (
            ("Scope", "" if record.verdict is Verdict.REFUTED else escape(record.scope_text)),
            ("Because", rich_text(record.reason)),
            ("Hypotheses", "<br>".join(f"<code>{escape(h)}</code>" for h in record.hypotheses)),
            ("Suspect", escape(", ".join(record.suspects))),
            ("Uses", ", ".join(f"<a href='#{anchor(u)}'><code>{escape(u)}</code></a>" for u in record.uses)),
            ("Repaired by", ", ".join(f"<a href='#{anchor(r)}'>{escape(r)}</a>" for r in record.repaired_by)),
        )
    )
    rests = bullets(record.rests_on)
    origin = " · ".join(filter(None, [marks(record.mark), record.where, record.source]))
    return (
        f"<article id='{anchor(record.label)}' {colour(look(record))}>"
        f"<p class='form soft'>{escape(form)}</p>"
        f"<div class='head'><h3>{rich_text(record.title)}</h3>{badge(record)}</div>"
        f"<div class='small soft'><code>{escape(record.label)}</code> · {escape(origin)}</div>"
        f"<div class='tex'>{rich_text(record.tex)}</div>"
        f"{''.join(counterexample(s.counterexample) for s in record.steps if s.counterexample)}{facts}"
        f"{''.join(map(step_details, record.steps))}"
        + (f"<div class='small rests'><p class='soft'>Rests on</p>{rests}</div>" if rests else "")
        + "</article>"
    )


def counterexample(found: Counterexample) -> str:
    """Return a counterexample, worked out."""
    values = ", ".join(f"<code>{escape(f'{name} = {value}')}</code>" for name, value in found.exact.items())
    lines = "".join(f"<li>{rich_text(line)}</li>" for line in found.lines)
    order = f"Order: {found.order}. " if found.order else ""
    return (
        f"<div class='counter'><b>Counterexample</b> {values}<ol>{lines}</ol>"
        f"<span class='small soft'>{escape(order)}Found after {counted(found.cases, 'instance')}. It refutes since "
        f"<code>{escape(found.refutes)}</code>.</span></div>"
    )


def step_details(step: StepRecord) -> str:
    """Return one step, folded."""
    mutants = "<br>".join(
        f"{ICONS[Verdict.PROVED] if m.rejected else ICONS[Verdict.ERROR]} {escape(m.role)} {escape(m.name)}: "
        f"<span class='soft'>{escape(m.by)}</span>"
        for m in step.mutants
    )
    facts = pairs(
        (
            ("Formally", f"<code>{escape(step.formal)}</code>"),
            ("Hypotheses", "<br>".join(f"<code>{escape(h)}</code>" for h in step.hypotheses)),
            ("Scope", "" if step.counterexample else escape(step.scope_text)),
            ("Because", rich_text(step.reason)),
            *(("Evidence", evidence(e)) for e in step.evidence),
            ("Cells", escape(", ".join(step.cells))),
            ("Mutants told apart" if step.as_expected else "Mutants", mutants),
            ("Check it yourself", f"<code>precise verify {escape(step.id.partition('/')[0])}</code>"),
            ("Statement hash", f"<code>{escape(step.hash)}</code> · {step.seconds:.2f} s"),
        )
    )
    return f"<details><summary><span>{rich_text(step.says)}</span>{badge(step)}</summary>{facts}</details>"


def evidence(item: Evidence) -> str:
    """Return one piece of evidence in words."""
    confirmed = f"confirmed by {item.confirmed_by}" if item.confirmed_by else ""
    seed = f"seed {item.seed}" if item.seed is not None else ""
    producer = f"{item.producer} {version_text(item)}".strip()
    certificates = [f"certificate {sha256(dict(c.data))[:16]}" for c in item.certificates]
    facts = [f"[{item.letter}] {counted(item.cases, 'case')}", producer, confirmed, seed, item.sharpness, item.artefact]
    text = "; ".join(filter(None, [*facts, *certificates]))
    command = f"<br><code>{escape(item.command)}</code>" if item.command else ""
    shown = item.note and item.kind is not Kind.ASSUMED
    note = f"<br><span class='soft'>{rich_text(item.note)}</span>" if shown else ""
    return f"{escape(text)}{command}{note}"


def footer(run: Run) -> str:
    """Return what the whole run rests on, how to repeat it, and the versions of the tools."""
    beliefs = tuple(dict.fromkeys(line for record in run.records for line in record.rests_on))
    tools = ", ".join(f"{tool} {version}" for tool, version in run.versions.items())
    return (
        "<footer><h2>Believed, not checked</h2>"
        + (bullets(beliefs) or "<p>Nothing.</p>")
        + "<h2>Check it again</h2><p><code>precise verify --json ledger.json &amp;&amp; "
        "python -m proofs.recheck ledger.json</code></p>"
        "<p class='small soft'>The second program is small, uses the standard library only and shares no code with "
        f"the first.</p><p class='small soft'>Tools: {escape(tools)}</p></footer>"
    )
