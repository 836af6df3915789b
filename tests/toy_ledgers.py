"""Small ledgers for the tests of tiers, journals and executors.

Hidden files steer and record the checks: they are no part of the sources of a ledger.
"""

from __future__ import annotations

from pathlib import Path

HEAD = """
import os
from pathlib import Path
from precise.claims import *
from precise.errors import MissingToolError, OpenQuestionError, UndecidedError

FOLDER = Path(__file__).parent

def sweep(top, limit, scope=None, kind=Kind.EXHAUSTIVE, **more):
    for a in range(1, top + 1):
        if a > limit:
            return Counterexample(values={"a": a, "limit": limit}, refutes="a > limit", lines=(f"{a} > {limit}",),
                                  order="least a", cases=a)
    return Evidence(kind=kind, scope=scope or Scope.without_p(f"a in 1..{top}"), cases=top, expected=top,
                    producer="precise-pbit", **more)

def counted(name, check):
    with (FOLDER / ".runs").open("a") as file:
        file.write(name + "\\n")
    return check()

GOOD = lambda: sweep(8, 8)
BAD = lambda: sweep(8, 5)
KILLED = (Mutant("limit 7", lambda: sweep(8, 7)),)

def kernel(limit=8, scope=None):
    if (FOLDER / ".no-tool").exists():
        raise MissingToolError("coqc is not on the path")
    return sweep(8, limit, scope or Scope.all_p(2), Kind.KERNEL, artefact="a.v")

PROVED = Further(tier=Tier.KERNEL, check=kernel, mutants=(Mutant("limit 7", lambda: kernel(7)),))
WIDE = Further(tier=Tier.FULL, check=lambda: sweep(20, 20), mutants=(Mutant("limit 7", lambda: sweep(20, 7)),))

def step(check=GOOD, id="bounded", mutants=KILLED, **more):
    return Step(id=id, says="a is at most $8$.", formal="for all a in 1..8: a <= 8", check=check, mutants=mutants,
                **more)

def statement(*steps, label="lem:toy", **more):
    return Statement(label=label, title="Toy", mark="D", tex="$a \\\\le 8$", steps=steps or (step(),), **more)
"""

TIERS = """
STATEMENT = statement(step(further=(PROVED, WIDE)), step(kernel, id="by-kernel", tier=Tier.KERNEL,
                                                         mutants=(Mutant("limit 7", lambda: kernel(7)),)))
"""

MANY = """
PRINTED = statement(step(BAD, id="small", expects="refuted", mutants=(Control("limit 8", GOOD),)),
                    label="lem:toy@printed", as_printed=True, suspects=("S1",))
def one(i):
    return step(lambda: counted(f"q{i}", GOOD), id=f"bounded-{i}", further=(
        Further(tier=Tier.FULL, check=lambda: counted(f"f{i}", lambda: sweep(20, 20)),
                mutants=(Mutant("limit 7", lambda: sweep(20, 7)),)),))
STATEMENTS = (PRINTED, statement(*(one(i) for i in range(4)), repairs="lem:toy@printed", hypotheses=("a >= 1",),
                                 witness={"a": 1}))
"""


def write(folder: Path, body: str, name: str = "lem_toy") -> Path:
    """Write one file of a ledger and return its folder."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.py").write_text(HEAD + body, encoding="utf-8")
    return folder


def runs(folder: Path) -> list[str]:
    """Return the names of the counted checks that have run so far."""
    path = folder / ".runs"
    return path.read_text().split() if path.exists() else []
