"""Doubts about statements as printed, numbered before anything was checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from precise.errors import DomainError

NUMBER = re.compile(r"[SX][1-9][0-9]?")


class Doubt(Enum):
    """How grave the doubt was before anything was checked; the value is the letter that reports print."""

    FALSE = "F"
    GAP = "G"
    VAGUE = "U"
    HARMLESS = "B"

    @property
    def words(self) -> str:
        """The doubt in words."""
        return {
            "F": "false when read exactly",
            "G": "true or plausible, but the stated proof does not show it",
            "U": "under-specified",
            "B": "harmless, or book-keeping",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Suspect:
    """A numbered doubt, in our own words; statements that settle it name its number in `suspects`."""

    number: str
    doubt: Doubt
    says: str

    def __post_init__(self) -> None:
        if not NUMBER.fullmatch(self.number):
            raise DomainError(f"Suspect: number must be S or X and a number; got {self.number!r}")
        if not self.says.strip():
            raise DomainError(f"Suspect {self.number}: says must be a sentence; got nothing")
