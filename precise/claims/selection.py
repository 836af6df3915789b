"""Which statements of a ledger run, and in which order: each after what it uses."""

from __future__ import annotations

from dataclasses import dataclass, field

from precise.claims.discovery import Ledger
from precise.errors import DomainError


@dataclass(slots=True)
class Order:
    """Labels in an order in which each comes after what it uses, and those that use themselves in the end."""

    labels: list[str] = field(default_factory=list)
    cycles: dict[str, str] = field(default_factory=dict)


def select(ledger: Ledger, labels: tuple[str, ...]) -> set[str] | None:
    """Return the labels asked for, each with all of its forms, or None for the whole ledger."""
    if not labels:
        return None
    known = {*ledger.statements, *ledger.catalogue, *(label for label, _ in ledger.broken)}
    chosen: set[str] = set()
    for label in labels:
        forms = {k for k in known if k == label or k.partition("@")[0] == label}
        if not forms:
            raise DomainError(f"verify: labels must be in the ledger; got {label!r}")
        chosen |= forms
    return chosen


def order_of(ledger: Ledger, chosen: set[str] | None) -> Order:
    """Return the chosen statements and all they rest on, dependencies first; members of cycles are named."""
    order = Order()
    path: list[str] = []

    def visit(label: str) -> None:
        if label in path:
            cycle = path[path.index(label) :]
            for member in cycle:
                order.cycles[member] = "uses form a cycle: " + " -> ".join([*cycle, label])
        elif label in ledger.statements and label not in order.labels:
            path.append(label)
            for used in ledger.statements[label].uses:
                visit(used)
            path.pop()
            order.labels.append(label)

    for label in ledger.statements:
        if chosen is None or label in chosen:
            visit(label)
    return order
