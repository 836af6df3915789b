"""Break the package on purpose, one place at a time, and see `precise verify` catch it.

Each mutation of `mutations.toml` changes one piece of text in a copy of the package and its ledger: an operation, a
bound, a statement, a check, or a certificate of a finished run. It is caught if `precise verify` of the labels named
(for a certificate: `proofs/recheck.py`) fails with a problem. A mutation that is not caught makes the exit status 1.

Usage: python scripts/mutate_ledger.py [--only TEXT] [--list]
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "scripts" / "mutations.toml"
SECONDS = 300
CAUGHT = 1
"""The exit status of a run in which something checked does not hold."""

SOUND: set[tuple[str, ...]] = set()
"""The labels that have been seen to verify unchanged."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change: `old`, which occurs once in `file`, becomes `new`, and `labels` are verified.

    For a certificate `file` is its kind, `old` a field of the first one, `new` the value in JSON; a mapping is merged.
    """

    name: str
    kind: str
    labels: tuple[str, ...]
    old: str
    new: str
    file: str = ""


def mutations() -> list[Mutation]:
    """Return the table; each name occurs once."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["mutation"]
    found = [Mutation(**{**row, "labels": tuple(row["labels"])}) for row in rows]
    names = [m.name for m in found]
    if len(set(names)) != len(names):
        raise click.ClickException(
            f"{TABLE.name}: names must differ; got {sorted(n for n in names if names.count(n) > 1)}"
        )
    return found


def changed(text: str, mutation: Mutation, where: str) -> str:
    """Return the text with the change; it must fit exactly one place."""
    count = text.count(mutation.old)
    if count != 1:
        raise click.ClickException(f"{mutation.name}: old must occur once in {where}; got {count} times")
    return text.replace(mutation.old, mutation.new)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Return the finished call of a module of the copy."""
    settings = os.environ | {"PYTHONPATH": str(folder), "PRECISE_NO_EXTENSION": "1", "COLUMNS": "160", "NO_COLOR": "1"}
    call = [sys.executable, "-m", *arguments]
    return subprocess.run(call, cwd=folder, env=settings, capture_output=True, text=True, timeout=SECONDS)


def require_sound(mutation: Mutation, folder: Path) -> None:
    """Stop unless the labels verify before anything is changed, so that a failure is due to the mutation."""
    if mutation.labels not in SOUND:
        done = run(folder, "precise.cli", "verify", *mutation.labels, "--workers", "1")
        if done.returncode:
            raise click.ClickException(
                f"{mutation.name}: {mutation.labels} must verify before the change; {done.stderr}"
            )
        SOUND.add(mutation.labels)


def in_source(mutation: Mutation, folder: Path) -> tuple[bool, str]:
    """Return whether `precise verify` catches a change of a source file, and by which line."""
    require_sound(mutation, folder)
    path = folder / mutation.file
    before = path.read_text(encoding="utf-8")
    path.write_text(changed(before, mutation, mutation.file), encoding="utf-8")
    try:
        done = run(folder, "precise.cli", "verify", *mutation.labels, "--workers", "1")
    finally:
        path.write_text(before, encoding="utf-8")
    lines = done.stdout.splitlines()
    start = lines.index("Problems") if "Problems" in lines else len(lines)
    problems = [line.strip() for line in lines[start + 1 :] if line.strip()] or done.stderr.splitlines()[-1:]
    return done.returncode == CAUGHT, (problems or ["no problem was reported"])[0]


def in_certificate(mutation: Mutation, folder: Path) -> tuple[bool, str]:
    """Return whether the re-checker rejects a changed certificate, its fingerprint made anew, and by which line."""
    ledger = folder / "ledger.json"
    done = run(folder, "precise.cli", "verify", *mutation.labels, "--workers", "1", "--json", str(ledger))
    if done.returncode:
        raise click.ClickException(f"{mutation.name}: labels must verify unchanged; got exit {done.returncode}")
    document = json.loads(ledger.read_text(encoding="utf-8"))
    found = [c for c in certificates(document) if c["kind"] == mutation.file]
    if not found or mutation.old not in found[0]:
        raise click.ClickException(f"{mutation.name}: there must be a {mutation.file} with a field {mutation.old}")
    value = json.loads(mutation.new)
    changed_field = found[0][mutation.old] | value if isinstance(value, dict) else value
    found[0][mutation.old] = changed_field
    if "sha256" in found[0]:
        content = json.dumps({k: v for k, v in found[0].items() if k != "sha256"}, sort_keys=True)
        found[0]["sha256"] = hashlib.sha256(content.encode()).hexdigest()
    ledger.write_text(json.dumps(document), encoding="utf-8")
    done = run(folder, "proofs.recheck", str(ledger))
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    return done.returncode == CAUGHT and len(failed) == 1, (failed or ["accepted"])[0]


def certificates(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all certificates and counterexamples of a run."""
    steps = [step for record in document["records"] for step in record["steps"]]
    found = [c for step in steps for e in step["evidence"] for c in e["certificates"]]
    return found + [step["counterexample"] for step in steps if step["counterexample"]]


def copy_of_package(folder: Path) -> None:
    """Copy the package and its ledger, without what Python made of them."""
    for name in ("precise", "proofs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.so"))


@click.command()
@click.option("--only", default="", metavar="TEXT", help="Run the mutations whose name contains TEXT.")
@click.option("--list", "listed", is_flag=True, help="Print the table and stop.")
def main(only: str, listed: bool) -> None:
    """Run the mutations and print one line each."""
    chosen = [m for m in mutations() if only in m.name]
    if listed:
        for m in chosen:
            click.echo(f"{m.kind:12} {m.name:40} {', '.join(m.labels)}")
        return
    survivors = 0
    with tempfile.TemporaryDirectory() as folder:
        copy_of_package(Path(folder))
        for m in chosen:
            caught, line = (in_certificate if m.kind == "certificate" else in_source)(m, Path(folder))
            survivors += not caught
            click.echo(f"{'caught  ' if caught else 'SURVIVED'} {m.kind:12} {m.name:40} {line[:110]}")
    click.echo(f"{len(chosen) - survivors} of {len(chosen)} caught")
    sys.exit(1 if survivors or not chosen else 0)


if __name__ == "__main__":
    main()
