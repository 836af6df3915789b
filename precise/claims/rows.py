"""The rows of a run in the order of the catalogue, those without a file in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from precise.claims.discovery import Ledger, file_stem
from precise.claims.records import StatementRecord
from precise.claims.verdict import Verdict


def in_catalogue_order(
    ledger: Ledger, records: Mapping[str, StatementRecord], chosen: set[str] | None
) -> tuple[StatementRecord, ...]:
    """Return all records in the order of the paper, printed before repaired, open ones in place."""
    rows = list(records.values())
    bases = {record.label.partition("@")[0] for record in rows}
    broken = dict(ledger.broken)
    for label in dict.fromkeys([*ledger.catalogue, *broken]):
        if label in broken and (chosen is None or label in chosen):
            rows.append(unrun(ledger, label, Verdict.ERROR, broken[label]))
        elif label not in bases and label not in broken and (chosen is None or label in chosen):
            reason = f"no file yet: needs {ledger.catalogue[label].needs}"
            rows.append(unrun(ledger, label, Verdict.OPEN, reason))
    place = {label: i for i, label in enumerate(ledger.catalogue)}
    arrival = {record.label: i for i, record in enumerate(rows)}

    def key(record: StatementRecord) -> tuple[int, str, bool, bool, int]:
        base = record.label.partition("@")[0]
        known = place.get(base, len(place))
        foreign = base if known == len(place) else ""
        return known, foreign, not record.expects_refuted, not record.repairs, arrival[record.label]

    placed = (replace(row, section=ledger.sections.get(row.label.partition("@")[0], "")) for row in rows)
    return tuple(sorted(placed, key=key))


def unrun(ledger: Ledger, label: str, verdict: Verdict, reason: str) -> StatementRecord:
    """Return the record of a label that has no steps."""
    entry = ledger.catalogue.get(label)
    title, mark = (entry.title, entry.mark) if entry else (label, "")
    return StatementRecord(
        label=label,
        title=title,
        mark=mark,
        verdict=verdict,
        found=verdict,
        reason=reason,
        source=f"{file_stem(label)}.py",
    )
