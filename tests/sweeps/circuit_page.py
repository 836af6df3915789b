"""What the sweep of the circuits found: a file that an interrupted run goes on from, and the page for readers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from textwrap import wrap

from sweeps.circuit_units import ALL, OPERATIONS, CircuitUnit, Found, units
from sweeps.state import PACKAGE, digest_of_sources

ASIDE = (
    "__init__",
    "aiger",
    "connection",
    "export",
    "fixed_layout",
    "fixed_operations",
    "fixed_quotients",
    "growth",
    "majority",
    "measure",
    "network",
    "paths",
    "picture",
)
"""What concerns finished circuits only, or fixed point."""

INTRODUCTION = """# What the circuits were compared with

This page is written by `python scripts/sweep_circuits.py --markdown docs/circuits-verification.md`. A case is one
result of a circuit of `precise.circuits` on one input, compared as a code, bit for bit, with an outside oracle and with
the arrays of `rounded(paper_float(p), overflow="saturate")`. The oracle is MPFR ({oracle}),
one correctly rounded operation with the range cut afterwards; for pairs of six bits it is binary64 hardware, whose
first rounding is harmless there. `rounded` is asked where the operation is defined: not for quotients by 0, roots of
negative numbers, and |x| >= 8 in sine and cosine, where the circuits give 0 by their own convention.

Run it again with `python scripts/sweep_circuits.py`, an hour on one processor, at most 8 GiB; it may be stopped at any
time and goes on where it was. An outcome is kept as long as the sources stay, or the circuit is gate for gate the same
and so is the arithmetic behind `rounded`. `--only sum:8` runs a part; the exit status is 1 if anything is wrong.

Adversarial inputs are half made for the operation and half general. Made: sums and products that are ties or next to
ones at every distance of the exponents, quotients, roots, logarithms and arcs next to midpoints, multiples of pi / 4,
terms that cancel and terms that follow at the clipped gap, one less and one more, exponents that add up to an end of
the range. General: special and random significands, near, far and opposite exponents, the ends of the range, zeros.
The column "reached" counts results; ties are counted among the first 100,000 lanes of a unit, and a unit in which one
of the corners was not reached fails.
"""
HEAD = "| operation | p | n | mode | cases | wrong | compared with `rounded` | wrong | seconds | peak MiB | reached |"
RULE = "|---|---:|---:|---|---:|---:|---:|---:|---:|---:|---|"


class CircuitStateError(ValueError):
    """A file that is no state of this sweep, or of another seed."""


def digest_of_circuits() -> str:
    """Return a short digest of the sources that circuits are built and evaluated with."""
    found = hashlib.sha256()
    for path in sorted(p for p in (PACKAGE / "circuits").iterdir() if p.suffix in (".py", ".c")):
        if not path.stem.startswith(ASIDE):
            found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:12]


@dataclass
class CircuitState:
    """Outcomes by unit, each with the digests of the circuits' sources and of the arithmetic's."""

    path: Path
    seed: int
    sources: tuple[str, str]
    done: dict[str, Found] = field(default_factory=dict)
    origin: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path, seed: int) -> CircuitState:
        """Return the outcomes of a file, or none."""
        state = cls(path, seed, (digest_of_circuits(), digest_of_sources()))
        if not path.exists():
            return state
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            for key, value in kept["units"].items():
                circuits, arithmetic = value.pop("sources")
                state.done[key], state.origin[key] = Found(**value), (circuits, arithmetic)
            written = kept["seed"]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise CircuitStateError(f"--state: must be a file that an earlier run wrote; got {path}") from None
        if written != seed:
            raise CircuitStateError(f"--seed: must be that of {path}, {written}; got {seed}")
        return state

    def known(self, unit: CircuitUnit) -> str:
        """Return the digest of the circuit that an outcome belongs to, empty where there is none."""
        found = self.done.get(unit.key)
        if found is None or found.cases != unit.expected or self.origin[unit.key][1] != self.sources[1]:
            return ""
        return found.circuit

    def holds(self, unit: CircuitUnit) -> bool:
        """Return whether an outcome was found on the present sources."""
        return bool(self.known(unit)) and self.origin[unit.key] == self.sources

    def keep(self, unit: CircuitUnit, found: Found | None) -> None:
        """Keep an outcome of the present sources; None says that the one at hand holds for them too."""
        if found is not None:
            self.done[unit.key] = found
        self.origin[unit.key] = self.sources

    def save(self) -> None:
        """Write the state in one step, so that an interrupted run leaves a whole file."""
        content = {key: {"sources": self.origin[key], **asdict(found)} for key, found in self.done.items()}
        fresh = self.path.with_suffix(".tmp")
        fresh.write_text(json.dumps({"seed": self.seed, "units": content}, indent=1, sort_keys=True), encoding="utf-8")
        fresh.replace(self.path)


def total(done: Iterable[Found]) -> Found:
    """Return several outcomes as one: the sums, and the largest memory."""
    result = Found()
    for found in done:
        result.cases += found.cases
        result.wrong += found.wrong
        result.rounded += found.rounded
        result.rounded_wrong += found.rounded_wrong
        result.seconds += found.seconds
        result.mebibytes = max(result.mebibytes, found.mebibytes)
        result.reached = {
            name: result.reached.get(name, 0) + found.reached.get(name, 0) for name in result.reached | found.reached
        }
    return result


def row(unit: CircuitUnit, found: Found) -> str:
    """Return one line of a table; the blocks of an operation are one line."""
    corners = ", ".join(f"{name} {count:,}" for name, count in found.reached.items())
    n = "" if unit.operands == 1 else str(unit.n)
    return (
        f"| {unit.operation} | {unit.p} | {n} | {unit.mode} | {found.cases:,} | {found.wrong:,} | {found.rounded:,} | "
        f"{found.rounded_wrong:,} | {found.seconds:.1f} | {found.mebibytes:,} | {corners} |"
    )


def lines(kind: str, done: Mapping[str, Found], wanted: Sequence[CircuitUnit]) -> list[str]:
    """Return the lines of one kind of inputs, by operation."""
    groups: dict[tuple[int, int, int, str], list[CircuitUnit]] = {}
    for unit in wanted:
        if unit.kind == kind and unit.key in done:
            groups.setdefault((OPERATIONS.index(unit.operation), unit.p, unit.n, unit.mode), []).append(unit)
    return [row(group[0], total(done[u.key] for u in group)) for _, group in sorted(groups.items())]


def summary(done: Mapping[str, Found], wanted: Sequence[CircuitUnit]) -> str:
    """Return one line: how many cases, how many wrong."""
    found = total(done.values())
    return (
        f"{found.cases:,} cases, {found.wrong:,} wrong; {found.rounded:,} of them compared with `rounded`, "
        f"{found.rounded_wrong:,} wrong; {len(done):,} of {len(wanted):,} units"
    )


def adversarial(done: Mapping[str, Found]) -> list[str]:
    """Return for each operation how many adversarial inputs it had."""
    found = []
    for name in OPERATIONS:
        parts = [f for k, f in done.items() if k.startswith(f"adversarial:{name}:")]
        if parts:
            cases = total(parts)
            found.append(f"{name} {cases.cases:,}")
    return found


def largest(done: Mapping[str, Found]) -> str:
    """Return what the largest circuit cost."""
    key = max(done, key=lambda k: done[k].wires)
    found = done[key]
    memory = max(done, key=lambda k: done[k].mebibytes)
    operation, p = key.split(":")[1:3]
    return (
        f"The largest circuit is that of {operation} at p = {p}: depth {found.depth}, {found.gates:,} gates, "
        f"{found.wires:,} stored wires, built in {found.building:.0f} s. The most memory that a unit took is "
        f"{done[memory].mebibytes:,} MiB ({memory.split(':')[1]}, p = {memory.split(':')[2]})."
    )


def markdown(state: CircuitState, done: Mapping[str, Found], oracle: str) -> str:
    """Return the page."""
    wanted = units()
    sources = sorted({", ".join(state.origin[key]) for key in done})
    last = (
        f"Last run: **{summary(done, wanted)}**, seed {state.seed}, sources of circuits and arithmetic "
        f"{'; '.join(sources)}."
    )
    parts = [INTRODUCTION.format(oracle=oracle), *wrapped(last)]
    if done:
        parts += [*wrapped(largest(done)), *wrapped(f"Adversarial inputs: {', '.join(adversarial(done))}.")]
    for kind, title in ((ALL, "All inputs"), ("adversarial", "Adversarial inputs")):
        parts += [f"## {title}", "", HEAD, RULE, *lines(kind, done, wanted), ""]
    return "\n".join(parts)


def wrapped(text: str) -> list[str]:
    """Return a paragraph as lines, and an empty one."""
    return [*wrap(text, 120, break_on_hyphens=False), ""]
