"""A line of the lock: what has been reached for one piece of evidence of a step, or for a statement."""

from __future__ import annotations

import json
from dataclasses import dataclass

from precise.claims.evidence import Kind
from precise.claims.scope import Scope
from precise.claims.verdict import Verdict
from precise.errors import DomainError


@dataclass(frozen=True, slots=True)
class Line:
    """What the lock holds of one statement, of the check of a step, or of a further check of it.

    The id of a statement is its label, that of a step's own check adds the step after a slash, and that of a further
    check adds its tier after a plus sign: ``lem:x``, ``lem:x/step``, ``lem:x/step+kernel``.
    """

    id: str
    hash: str
    verdict: Verdict
    kind: Kind | None
    scope: Scope | None
    starred: bool = False

    def __post_init__(self) -> None:
        proved = self.verdict in (Verdict.PROVED, Verdict.PROVED_LISTED)
        if proved and not (self.kind and self.kind.proves and self.scope):
            raise DomainError(f"lock: what is proved must have a kind that proves, and a scope; got {self.id}: {self}")

    def __str__(self) -> str:
        return f"{self.verdict} [{self.letter or '-'}] ({self.scope or 'no scope'})"

    @property
    def letter(self) -> str:
        """The letter of the kind, with a star where the kernel relies on primitive numbers; or nothing."""
        return f"{self.kind.value}{'*' * self.starred}" if self.kind else ""

    @property
    def cases(self) -> int:
        """Zero: a lock counts no cases."""
        return 0

    def to_json(self) -> str:
        """Return the line as it is written."""
        return json.dumps(
            {
                "id": self.id,
                "hash": self.hash,
                "verdict": self.verdict.value,
                "kind": self.letter,
                "scope": self.scope.to_json() if self.scope else None,
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Line:
        """Return the line that `to_json` wrote."""
        try:
            data = json.loads(text)
            letter = str(data["kind"])
            return cls(
                id=str(data["id"]),
                hash=str(data["hash"]),
                verdict=Verdict(data["verdict"]),
                kind=Kind(letter.removesuffix("*")) if letter else None,
                scope=Scope.from_json(data["scope"]) if data["scope"] else None,
                starred=letter.endswith("*"),
            )
        except DomainError:
            raise
        except (ValueError, KeyError, TypeError) as error:
            raise DomainError(f"lock: a line must be written by write_lock; got {text[:60]!r}") from error
