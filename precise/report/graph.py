"""The dependency graph of the ledger as inline SVG: drawn from the records, laid out here, no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from precise.claims.records import Run, StatementRecord
from precise.claims.verdict import Verdict
from precise.report.layers import bands, without_detours
from precise.report.parts import anchor, css_class, sign
from precise.report.words import ICONS, VERDICT_WORDS, counted, look, plain

COLUMNS = 5
WIDTH, NODE, HEIGHT, ROW, TITLE, GAP = 1080, 192, 24, 52, 30, 14
"""Sizes in pixels: the drawing, a node, its height, the distance of rows, the title of a band, the gap after it."""


@dataclass(frozen=True, slots=True)
class Node:
    """A label with all of its forms; `main` is the form that others may rely on."""

    label: str
    forms: tuple[StatementRecord, ...]
    main: StatementRecord

    @property
    def words(self) -> str:
        """What a pointer that rests on the node shows, and a reader of the page hears."""
        others = [f"{f.label} {f.verdict}" for f in self.forms if f is not self.main]
        title = f"{self.label}, {plain(self.main.title)}: {self.main.verdict} {self.main.letter}".strip()
        return "; ".join([title, *others])

    @property
    def printed_refuted(self) -> bool:
        """Whether another form of the label is refuted."""
        return any(f.verdict is Verdict.REFUTED for f in self.forms if f is not self.main)


def nodes_of(run: Run) -> dict[str, Node]:
    """Return a node for each label, in the order of the run; every statement belongs to exactly one."""
    grouped: dict[str, list[StatementRecord]] = {}
    for record in run.records:
        grouped.setdefault(record.label.partition("@")[0], []).append(record)
    return {label: Node(label, tuple(forms), main_form(label, forms)) for label, forms in grouped.items()}


def main_form(label: str, forms: Sequence[StatementRecord]) -> StatementRecord:
    """Return the form with the bare label or, where there is none, the first that is not refuted."""
    bare = [form for form in forms if form.label == label]
    standing = [form for form in forms if form.verdict is not Verdict.REFUTED]
    return (bare or standing or list(forms))[0]


def uses_of(nodes: Mapping[str, Node]) -> tuple[dict[str, tuple[str, ...]], set[tuple[str, str]]]:
    """Return what each label uses or takes from the literature, and which pairs are of the second sort only."""
    edges: dict[str, tuple[str, ...]] = {}
    taken: set[tuple[str, str]] = set()
    for label, node in nodes.items():
        used = [u.partition("@")[0] for form in node.forms for u in form.uses]
        cited = [u.partition("@")[0] for form in node.forms for step in form.steps for u in step.stands_for]
        known = dict.fromkeys(u for u in [*used, *cited] if u in nodes and u != label)
        edges[label] = tuple(known)
        taken |= {(label, u) for u in known if u not in used}
    return without_detours(edges), taken


def graph(run: Run) -> str:
    """Return the drawing in a box of its own, with its legend."""
    nodes = nodes_of(run)
    edges, taken = uses_of(nodes)
    sections: dict[str, list[str]] = {}
    for label, node in nodes.items():
        sections.setdefault(node.main.section, []).append(label)
    place: dict[str, tuple[float, float]] = {}
    titles: list[str] = []
    y = 0.0
    for band in bands(sections, edges, COLUMNS):
        if band.title:
            titles.append(
                f"<path class='band' d='M0 {y + 8:g}H{WIDTH}'/><text y='{y + 24:g}'>{escape(band.title)}</text>"
            )
            y += TITLE
        for row in band.rows:
            pitch = WIDTH / max(len(row), 1)
            place |= {label: (pitch * (i + 0.5), y + ROW / 2) for i, label in enumerate(row)}
            y += ROW
        y += GAP
    number = {label: i for i, label in enumerate(nodes)}
    lines = "".join(
        curve(place[u], place[label], f"e{number[label]} e{number[u]}" + " taken" * ((label, u) in taken))
        for label, used in edges.items()
        for u in used
    )
    boxes = "".join(box(node, place[label], number[label]) for label, node in nodes.items())
    lit = ",".join(f"svg:has(.n{i}:is(:hover,:focus-visible)) .e{i}" for i in number.values())
    count = sum(map(len, edges.values()))
    says = f"{counted(len(nodes), 'label')} and {counted(count, 'arrow')}; every node links to its entry below."
    return (
        f"<figure class='graph'><div class='scroll' tabindex='0' role='region' aria-label='Dependency graph'>"
        f"<svg viewBox='0 0 {WIDTH} {y:g}' width='{WIDTH}' height='{y:g}' role='group' "
        f"aria-label='Dependency graph: {says}'><style>{lit}{{stroke:var(--ink);stroke-width:2;opacity:1}}</style>"
        "<defs><marker id='tip' viewBox='0 0 8 8' refX='7' refY='4' markerWidth='7' markerHeight='7' orient='auto'>"
        f"<path d='M0 1L7 4L0 7z'/></marker></defs>{''.join(titles)}<g class='edges'>{lines}</g>{boxes}</svg></div>"
        f"<figcaption>{key(nodes)}<br>{says} An arrow leads from a label to one whose proof uses it; dashed, to one "
        "that takes it from the literature. Arrows that follow from others are left out. "
        f"{ICONS[Verdict.REFUTED]} at the right end of a node: another form of the label, as a rule the printed one, "
        "is refuted.</figcaption></figure>"
    )


def key(nodes: Mapping[str, Node]) -> str:
    """Return icon and word of each verdict that occurs, with how many labels have it."""
    found = [look(node.main) for node in nodes.values()]
    return " ".join(sign(v, f"{VERDICT_WORDS[v]}: {found.count(v)}") for v in Verdict if v in found)


def curve(start: tuple[float, float], end: tuple[float, float], names: str) -> str:
    """Return the arrow from a used node to the one that uses it."""
    down = 1 if end[1] >= start[1] else -1
    x1, y1, x2, y2 = start[0], start[1] + down * HEIGHT / 2, end[0], end[1] - down * HEIGHT / 2
    bend = max(abs(y2 - y1) / 2.2, 18) * down
    points = f"M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 + bend:.0f} {x2:.0f} {y2 - bend:.0f} {x2:.0f} {y2:.0f}"
    return f"<path class='{names}' d='{points}'/>"


def box(node: Node, middle: tuple[float, float], number: int) -> str:
    """Return one node: icon, label, and the colour of its verdict; a link to the entry."""
    x, y = middle[0] - NODE / 2, middle[1] - HEIGHT / 2
    verdict, icon = look(node.main), ICONS[look(node.main)]
    cross = f"<text class='v-refuted' x='{NODE - 14}' y='16'>{ICONS[Verdict.REFUTED]}</text>"
    return (
        f"<a class='n{number} {css_class(verdict)}' href='#{anchor(node.main.label)}' "
        f"transform='translate({x:.0f} {y:.0f})'><title>{escape(node.words)}</title>"
        f"<rect width='{NODE}' height='{HEIGHT}' rx='4'/><text class='icon' x='7' y='16'>{icon}</text>"
        f"<text x='22' y='16'>{escape(node.label)}</text>{cross * node.printed_refuted}</a>"
    )
