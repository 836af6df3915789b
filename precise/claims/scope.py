"""The scope of a verdict: for which precisions p, and under which limits, it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from precise.claims.jsontype import Json
from precise.errors import DomainError


@dataclass(frozen=True, slots=True)
class Scope:
    """A set of precisions and a list of limits in words.

    A limit in words names a finite list or a restriction ("n <= 4", "all pairs of F_2"), exactly as it was run.

    The precisions are those in `listed` together with all p >= `tail`; a `tail` of None means only the
    listed ones. `about_p` is False where p does not occur in the statement at all. Use the constructors
    `all_p`, `listed_p` and `without_p`.

    Examples
    --------
    >>> str(Scope.listed_p(range(2, 7), "n <= 4"))
    'p in 2..6; n <= 4'
    >>> str(Scope.listed_p((2, 3)) | Scope.all_p(4))
    'p >= 2'
    """

    listed: tuple[int, ...]
    tail: int | None
    conditions: tuple[str, ...] = ()
    about_p: bool = True

    def __post_init__(self) -> None:
        tail = self.tail
        listed = sorted({p for p in self.listed if tail is None or p < tail})
        while tail is not None and listed and listed[-1] == tail - 1:
            tail = listed.pop()
        if any(p < 1 for p in listed) or (tail is not None and tail < 1):
            raise DomainError(f"Scope: precisions must be at least 1; got {self.listed}, {self.tail}")
        if not all(c.strip() for c in self.conditions):
            raise DomainError("Scope: a condition must be words; got an empty one")
        object.__setattr__(self, "listed", tuple(listed))
        object.__setattr__(self, "tail", tail)
        object.__setattr__(self, "conditions", tuple(dict.fromkeys(self.conditions)))

    @classmethod
    def all_p(cls, least: int = 1, *conditions: str) -> Scope:
        """Return the scope of all precisions p >= `least`."""
        return cls((), least, conditions)

    @classmethod
    def listed_p(cls, precisions: Iterable[int], *conditions: str) -> Scope:
        """Return the scope of the listed precisions and no other."""
        return cls(tuple(precisions), None, conditions)

    @classmethod
    def without_p(cls, *conditions: str) -> Scope:
        """Return the scope of a statement in which no precision occurs."""
        return cls((), 1, conditions, about_p=False)

    @property
    def empty(self) -> bool:
        """Whether no precision is left."""
        return self.tail is None and not self.listed

    @property
    def listed_only(self) -> bool:
        """Whether only finitely many precisions are covered."""
        return self.tail is None

    @property
    def finite(self) -> bool:
        """Whether the scope lists what it covers, in precisions or in words: less than a statement for all."""
        return self.listed_only or bool(self.conditions)

    def __contains__(self, p: int) -> bool:
        return p in self.listed or (self.tail is not None and p >= self.tail)

    def __and__(self, other: Scope) -> Scope:
        """Return where both hold: common precisions, all conditions."""
        tails = (self.tail, other.tail)
        tail = None if self.tail is None or other.tail is None else max(self.tail, other.tail)
        highest = max([0, *self.listed, *other.listed, *(t for t in tails if t is not None)])
        both = tuple(p for p in range(1, highest + 1) if p in self and p in other)
        return Scope(both, tail, self.conditions + other.conditions, self.about_p or other.about_p)

    def __or__(self, other: Scope) -> Scope:
        """Return where one of the two holds; a case split over p, so their conditions must be the same."""
        if set(self.conditions) != set(other.conditions):
            raise DomainError(f"Scope: a case split must share its conditions; got ({self}) and ({other})")
        tails = [t for t in (self.tail, other.tail) if t is not None]
        tail = min(tails) if tails else None
        return Scope(self.listed + other.listed, tail, self.conditions, self.about_p or other.about_p)

    def covers(self, other: Scope) -> bool:
        """Return whether this scope is at least as wide as `other`."""
        tail_in = other.tail is None or (self.tail is not None and all(p in self for p in _between(other, self)))
        return tail_in and all(p in self for p in other.listed) and set(self.conditions) <= set(other.conditions)

    def __str__(self) -> str:
        parts = [] if not self.about_p and self.conditions else [self._precisions()]
        return "; ".join([*parts, *self.conditions])

    def _precisions(self) -> str:
        """Return the words for the set of precisions."""
        if not self.about_p:
            return "all instances"
        if self.tail == 1:
            return "all p"
        tail = [] if self.tail is None else [f"p >= {self.tail}"]
        if not self.listed:
            return tail[0] if tail else "no p"
        first, last = self.listed[0], self.listed[-1]
        if len(self.listed) == 1:
            words = f"p = {first}"
        elif self.listed == tuple(range(first, last + 1)):
            words = f"p in {first}..{last}"
        else:
            words = "p in {" + ", ".join(map(str, self.listed)) + "}"
        return " or ".join([words, *tail])

    def to_json(self) -> dict[str, Json]:
        """Return the scope as JSON values."""
        return {
            "listed": [*self.listed],
            "tail": self.tail,
            "conditions": [*self.conditions],
            "about_p": self.about_p,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Scope:
        """Return the scope that `to_json` wrote."""
        match data:
            case {
                "listed": list(p),
                "tail": int() | None as tail,
                "conditions": list(c),
                "about_p": bool(about),
            }:
                return cls(tuple(int(str(x)) for x in p), tail, tuple(map(str, c)), about)
        raise DomainError(f"Scope: data must have listed, tail, conditions, about_p; got {sorted(data)}")


def _between(other: Scope, wider: Scope) -> range:
    """Return the precisions of `other`'s tail below that of `wider`; both tails exist."""
    return range(other.tail or 1, wider.tail or 1)
