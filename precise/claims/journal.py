"""The journal of a run: one line for each finished check, on the disk before the next begins, to go on after a kill."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from precise.claims.findings import PieceRecord
from precise.claims.stored import piece_from_json, piece_to_json
from precise.claims.verdict import Verdict
from precise.errors import DomainError

HEADER = json.dumps({"journal": "precise verify", "schema": 1})
LARGEST = 1 << 24
"""Bytes above which lines of other sources are dropped when a journal is opened."""
REDONE = (Verdict.ERROR, Verdict.INCONCLUSIVE)
"""Outcomes that may depend on the machine (time, memory), so that such a check runs again."""


class Journal:
    """Finished checks by key, read from a file, and appended to it line by line.

    A key is made of the id of the check, of the hash of its statement, and of `sources`, a fingerprint of everything
    else that the outcome may depend on. A line that is torn or changed is dropped, and that check runs again.

    Parameters
    ----------
    path
        The file; it is made if there is none, and refused if it is something else than a journal.
    sources
        The fingerprint that lines must bear to be taken.
    fresh
        Begin a new file.
    """

    def __init__(self, path: Path, sources: str, *, fresh: bool = False) -> None:
        self.path = path
        self._sources = sources
        self._done: dict[tuple[str, str], PieceRecord] = {}
        self._seconds: dict[str, float] = {}
        content = path.read_bytes() if path.exists() else b""
        first = content.partition(b"\n")[0].decode(errors="replace")
        if content and first != HEADER and (b"\n" in content or not HEADER.startswith(first)):
            raise DomainError(f"verify: --state must be a journal of precise verify; got {str(path)!r}")
        lines = [line for line in content.split(b"\n")[1:] if line]
        kept = [line for line in lines if self._take(line)]
        path.parent.mkdir(parents=True, exist_ok=True)
        if fresh or first != HEADER or len(content) > LARGEST:
            kept = [] if fresh else kept
            self._replace(b"".join(line + b"\n" for line in (HEADER.encode(), *kept)))
        self._done = {} if fresh else self._done
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        if not path.read_bytes().endswith(b"\n"):
            self._append(b"\n")

    def find(self, id: str, hash: str) -> PieceRecord | None:
        """Return the record of a finished check, or None."""
        return self._done.get((id, hash))

    def seconds(self, id: str) -> float | None:
        """Return how long a check took when it ran last, whatever the sources were; None if it never did."""
        return self._seconds.get(id)

    def add(self, hash: str, piece: PieceRecord) -> None:
        """Append the record of a check, unless it gave up or failed; it is on the disk when this returns."""
        if not piece.ran or piece.found in REDONE:
            return
        body: dict[str, Any] = {"sources": self._sources, "hash": hash, "record": piece_to_json(piece)}
        try:
            line = json.dumps(body | {"sum": checksum(body)})
        except ValueError:  # a number in a certificate with more digits than JSON takes: it has to run again
            return
        self._append(line.encode() + b"\n")

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _append(self, line: bytes) -> None:
        """Write bytes at the end of the file and wait until they are on the disk."""
        while line:
            line = line[os.write(self._file, line) :]
        os.fsync(self._file)

    def _take(self, line: bytes) -> bool:
        """Note what a line says, and return whether it is one of these sources."""
        try:
            data = json.loads(line)
            body = {k: v for k, v in data.items() if k != "sum"}
            if data["sum"] != checksum(body):
                return False
            record = body["record"]
            self._seconds[record["id"]] = float(record["seconds"])
            if body["sources"] != self._sources:
                return False
            self._done[record["id"], body["hash"]] = piece_from_json(record)
        except (ValueError, KeyError, TypeError, AttributeError):
            return False
        return True

    def _replace(self, content: bytes) -> None:
        """Put new content in place of the file, whole or not at all."""
        temporary = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        temporary.write_bytes(content)
        temporary.replace(self.path)


def checksum(body: Mapping[str, Any]) -> str:
    """Return a short fingerprint of a line."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]


def default_state(folder: Path) -> Path:
    """Return the journal of a ledger in the user's cache directory, named after the place of the ledger."""
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return cache_folder(os.environ, sys.platform, Path.home()) / f"verify-{name}.jsonl"


def cache_folder(environment: Mapping[str, str], system: str, home: Path) -> Path:
    """Return where a program keeps what it can make again: XDG, or the custom of macOS or Windows."""
    if system == "win32":
        local = environment.get("LOCALAPPDATA")
        return Path(local) / "precise" / "Cache" if local else home / "AppData" / "Local" / "precise" / "Cache"
    if system == "darwin":
        return home / "Library" / "Caches" / "precise"
    xdg = environment.get("XDG_CACHE_HOME", "")
    return (Path(xdg) if Path(xdg).is_absolute() else home / ".cache") / "precise"
