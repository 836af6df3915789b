"""What earlier runs found, in a file: written in one step, and only believed for the sources that it was found on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sweeps.unit import Outcome

PACKAGE = Path(__file__).resolve().parent.parent.parent / "precise"
NO_ARITHMETIC = (
    "circuits/",
    "claims/",
    "cli.py",
    "commands/",
    "errors.py",
    "nn/",
    "report/",
    "semantics/netlist.py",
    "studies/",
)
"""What stands on the arithmetic, and the list of exceptions: a change there leaves outcomes as they are."""


class StateError(ValueError):
    """A file that is no state, or of another seed."""


def digest_of_sources() -> str:
    """Return a short digest of the sources of the arithmetic."""
    found = hashlib.sha256()
    sources = sorted(p for p in PACKAGE.rglob("*") if p.suffix in (".py", ".c", ".h"))
    for path in (p for p in sources if not p.relative_to(PACKAGE).as_posix().startswith(NO_ARITHMETIC)):
        found.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:12]


@dataclass
class State:
    """Outcomes by unit, with the digest of the sources that each was found on."""

    path: Path
    seed: int
    sources: str
    done: dict[str, Outcome] = field(default_factory=dict)
    origin: dict[str, str] = field(default_factory=dict)  # digests of the sources, where they are not the present ones

    @classmethod
    def load(cls, path: Path, seed: int, *, any_sources: bool = False) -> State:
        """Return the outcomes of a file that hold for the present sources, or none."""
        state = cls(path, seed, digest_of_sources())
        if not path.exists():
            return state
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            found = {k: (v["sources"], Outcome(v["cases"], v["wrong"], v["first"])) for k, v in kept["units"].items()}
            written = kept["seed"]
        except (ValueError, KeyError, TypeError):
            raise StateError(f"--state: must be a file that an earlier run wrote; got {path}") from None
        if written != seed:
            raise StateError(f"--seed: must be that of {path}, {written}; got {seed}")
        for key, (sources, outcome) in found.items():
            if sources == state.sources or any_sources:
                state.done[key] = outcome
                state.origin |= {} if sources == state.sources else {key: sources}
        return state

    def said_of(self, keys: Iterable[str]) -> str:
        """Return the digests of the sources that outcomes were found on."""
        return ", ".join(sorted({self.origin.get(key, self.sources) for key in keys}))

    def save(self) -> None:
        """Write the state in one step, so that an interrupted run leaves a whole file."""
        units = {k: {"sources": self.origin.get(k, self.sources), **asdict(v)} for k, v in self.done.items()}
        fresh = self.path.with_suffix(".tmp")
        fresh.write_text(json.dumps({"seed": self.seed, "units": units}, indent=1, sort_keys=True), encoding="utf-8")
        fresh.replace(self.path)
