"""Small pieces of HTML that every part of the report uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from precise.claims.records import StatementRecord, StepRecord
from precise.claims.verdict import Verdict
from precise.report.words import ICONS, look

Record = StatementRecord | StepRecord


def css_class(verdict: Verdict) -> str:
    """Return the class that sets the colour of a verdict."""
    return f"v-{verdict.name.lower().replace('_', '-')}"


def badge(record: Record) -> str:
    """Return icon and word of a verdict, in its colour, with the letter of the kind."""
    kind = f" <small>[{escape(record.letter)}]</small>" if record.letter else ""
    return sign(look(record), f"{record.verdict}{kind}")


def sign(verdict: Verdict, words: str) -> str:
    """Return the icon of a verdict with words (HTML), in its colour."""
    return f"<b class='{css_class(verdict)}'>{ICONS[verdict]} {words}</b>"


def anchor(label: str) -> str:
    """Return the id of a label inside the document."""
    return escape(label.replace(":", "-").replace("@", "--"))


def link(label: str) -> str:
    """Return a link to a label inside the document."""
    return f"<a href='#{anchor(label)}'><code>{escape(label)}</code></a>"


def bullets(lines: Sequence[str]) -> str:
    """Return a list, or nothing."""
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>" if lines else ""


def pairs(rows: Iterable[tuple[str, str]]) -> str:
    """Return a list of names and values (HTML); empty values are left out."""
    shown = "".join(f"<dt>{escape(k)}</dt><dd>{v}</dd>" for k, v in rows if v)
    return f"<dl>{shown}</dl>" if shown else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str = "", name: str = "") -> str:
    """Return a table (cells are HTML) in a box that scrolls by itself on a narrow screen."""
    top = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    kind = f" class='{name}'" if name else ""
    return f"<div class='scroll'><table{kind}>{title}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
