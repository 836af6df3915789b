"""The HTML report: one file that needs no network and no script, for a screen, a phone and paper."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from precise.claims.records import Run, StatementRecord
from precise.claims.versions import DISTRIBUTION, version_of
from precise.report.depth_table import depth_table
from precise.report.entry import CITED, Context, family
from precise.report.graph import graph
from precise.report.overview import all_labels, doubts, headline, legend, refuted, status
from precise.report.parts import bullets
from precise.report.style import CSS
from precise.report.words import families

Sections = Mapping[str, Sequence[Sequence[StatementRecord]]]
"""For the title of each section its labels, each with all of its forms."""


def write_html(run: Run, path: str | Path, *, date: str) -> None:
    """Write the report of a run; `date` is printed as given."""
    Path(path).write_text(html(run, date=date), encoding="utf-8")


def html(run: Run, *, date: str) -> str:
    """Return the report of a run as one HTML document."""
    sections: dict[str, list[Sequence[StatementRecord]]] = {}
    for group in families(run):
        sections.setdefault(group[0].section, []).append(group)
    tools = ", ".join(f"{tool} {version}" for tool, version in run.versions.items())
    parts = [
        f"<header><h1>Ledger of claims</h1><p class='soft'>{escape(run.source)} · {escape(date)} · "
        f"{DISTRIBUTION} {escape(version_of(DISTRIBUTION))} <span class='small'>({escape(tools)})</span></p></header>",
        headline(run),
        status(run),
        legend(),
        *sections_of_the_page(run, sections),
    ]
    body = without_dangling_links("\n".join(filter(None, parts)))
    return (
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>Ledger of claims, {escape(date)}</title><style>{CSS}</style></head>\n<body>\n"
        f"{body}\n</body></html>\n"
    )


def without_dangling_links(page: str) -> str:
    """Return the page with links to what it does not hold, as in a run of some labels only, made plain text."""
    there = set(re.findall(r" id='([^']+)'", page))
    return re.sub(r"<a href='#([^']+)'>(.*?)</a>", lambda m: m[0] if m[1] in there else m[2], page)


def sections_of_the_page(run: Run, sections: Sections) -> list[str]:
    """Return the table of contents and all that it lists; parts without content are left out."""
    drawn = f"<h2 id='graph'>What rests on what</h2>{graph(run)}" if run.records else ""
    parts = [
        ("refuted", "What does not hold", refuted(run)),
        ("doubts", "Doubts", doubts(run)),
        ("depths", "Depths", depth_table(run)),
        ("graph", "Graph", drawn),
        ("labels", "All labels", all_labels(sections)),
    ]
    context = Context.of(run)
    for number, (title, groups) in enumerate(sections.items()):
        parts.append((f"section-{number}", title or "Statements", statements(title, groups, number, context)))
    parts.append(("again", "Check it again", footer(run, context)))
    links = " · ".join(f"<a href='#{key}'>{escape(word)}</a>" for key, word, content in parts if content)
    return [f"<nav class='small' aria-label='Contents'>{links}</nav>", *(content for _, _, content in parts)]


def statements(title: str, groups: Sequence[Sequence[StatementRecord]], number: int, context: Context) -> str:
    """Return the statements of one section that have steps."""
    shown = "".join(family(group, context) for group in groups if has_steps([group]))
    return f"<h2 id='section-{number}'>{escape(title or 'Statements')}</h2>{shown}" if shown else ""


def has_steps(groups: Sequence[Sequence[StatementRecord]]) -> bool:
    """Return whether anything in the groups has been checked."""
    return any(record.steps for group in groups for record in group)


def footer(run: Run, context: Context) -> str:
    """Return what the whole run rests on, and how to repeat it."""
    lines = dict.fromkeys(line for record in run.records for line in record.rests_on)
    cited = "".join(
        f"<li id='source-{number}'>{escape(line.removeprefix(CITED))}</li>" for line, number in context.sources.items()
    )
    others = bullets([line for line in lines if line not in context.sources])
    believed = (f"<ol>{cited}</ol>" if cited else "") + others or "<p>Nothing.</p>"
    return (
        f"<footer><h2 id='believed'>Believed, not checked</h2>{believed}"
        f"<h2 id='again'>Check it again</h2><p><code>{escape(context.command('--json ledger.json'))} &amp;&amp; "
        "python -m proofs.recheck ledger.json</code></p>"
        "<p class='small soft'>The second program is small, uses the standard library only and shares no code with "
        "the first. The hash in a step is the sha256, cut to 16 digits, of its machine statement and hypotheses: "
        "evidence for another hash is evidence for another statement.</p></footer>"
    )
