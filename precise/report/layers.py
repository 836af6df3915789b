"""A small layered layout: nodes in rows below what they use, section by section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Edges = Mapping[str, Sequence[str]]
"""For each node the nodes that it uses."""


@dataclass(frozen=True, slots=True)
class Band:
    """The rows of one section, from the top."""

    title: str
    rows: tuple[tuple[str, ...], ...]


def bands(sections: Mapping[str, Sequence[str]], edges: Edges, widest: int) -> tuple[Band, ...]:
    """Return the sections in order; inside each a node lies below all that it uses there.

    The level of a node is the length of the longest chain of uses inside its section; a level with more than
    `widest` nodes takes several rows. In a row, nodes are ordered by the mean place of what they use.
    """
    place: dict[str, float] = {}
    found = []
    for title, nodes in sections.items():
        level = levels(nodes, edges)
        rows: list[tuple[str, ...]] = []
        for number in range(max(level.values(), default=-1) + 1):
            members = [node for node in nodes if level[node] == number]
            members.sort(key=lambda node: mean([place[u] for u in edges.get(node, ()) if u in place]))
            for row in evenly(members, widest):
                rows.append(tuple(row))
                place |= {node: (i + 0.5) / len(row) for i, node in enumerate(row)}
        found.append(Band(title, tuple(rows)))
    return tuple(found)


def levels(nodes: Sequence[str], edges: Edges) -> dict[str, int]:
    """Return the longest chain of uses below each node, among the nodes; a use that closes a cycle is left out."""
    found: dict[str, int] = {}
    path: list[str] = []

    def visit(node: str) -> int:
        if node in path:
            return -1
        if node not in found:
            path.append(node)
            found[node] = 1 + max((visit(u) for u in edges.get(node, ()) if u in nodes), default=-1)
            path.pop()
        return found[node]

    for node in nodes:
        visit(node)
    return found


def evenly(members: Sequence[str], widest: int) -> Iterator[Sequence[str]]:
    """Yield the members in as few rows as `widest` allows, of nearly the same length."""
    count = -(-len(members) // widest)
    for i in range(count):
        yield members[i * len(members) // count : (i + 1) * len(members) // count]


def mean(values: Sequence[float]) -> float:
    """Return the mean, or one half of nothing."""
    return sum(values) / len(values) if values else 0.5


def without_detours(edges: Edges) -> dict[str, tuple[str, ...]]:
    """Return the edges that do not follow from others: a use of a use is left out."""
    reach = {node: reachable(node, edges) for node in edges}
    return {
        node: tuple(u for u in used if not any(u in reach.get(v, ()) for v in used)) for node, used in edges.items()
    }


def reachable(start: str, edges: Edges) -> frozenset[str]:
    """Return all that a node uses, at any distance, itself left out."""
    found: set[str] = set()
    queue = list(edges.get(start, ()))
    while queue:
        node = queue.pop()
        if node not in found:
            found.add(node)
            queue.extend(edges.get(node, ()))
    return frozenset(found - {start})
