"""Evidence of kind K: a theorem that the Coq kernel accepts, of exactly the statement that the ledger gives.

A proof script is compiled by `coqc` in a folder of its own, together with the scripts it requires from the same
folder. Then a second file, which holds nothing but the statement of the ledger, asks the kernel whether the theorem
of the script is a proof of it, and prints the axioms. A script that states something else, leaves a gap or adds
an axiom is refused. `proofs/recheck.py` asks again from the certificate.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from precise.claims.certificates import Certificate
from precise.claims.evidence import PRIMITIVE_AXIOMS, Counterexample, Evidence, Kind, Outcome
from precise.claims.proof_scripts import (
    COMPILER,
    COMPILING,
    LIBRARY,
    Script,
    call,
    compiled,
    compiler,
    one_line,
    scripts_of,
    version_of_compiler,
)
from precise.claims.scope import Scope
from precise.errors import DomainError, UndecidedError

PROOF = "the_theorem_of_the_script"
"""Stands for the theorem in a question."""
AXIOMS = frozenset(
    {
        "ClassicalDedekindReals.sig_not_dec",
        "ClassicalDedekindReals.sig_forall_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
        "Classical_Prop.classic",
    }
)
"""Axioms of the classical reals, by the names that the kernel prints where nothing is imported."""
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_']*")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the kernel says about a statement: whether the theorem proves it, its axioms, or the complaint."""

    accepted: bool
    axioms: tuple[str, ...]
    complaint: str


def kernel_theorem(
    folder: Path, module: str, theorem: str, statement: str, scope: Scope, *, sharpness: str = "", note: str = ""
) -> Evidence:
    """Return the evidence that `theorem` of the script `module` in `folder` proves `statement`.

    Parameters
    ----------
    folder
        The folder of the scripts, for example ``proofs/kernel``.
    module, theorem
        Name of the script without ``.v``, and of the theorem in it.
    statement
        The proposition in Coq's language, without the final dot, as it reads after ``Import`` of the script.
    scope, sharpness, note
        As in `Evidence`.

    Returns
    -------
    Evidence
        Kind K with the axioms. Raises `MissingToolError` without `coqc` or a library that the script needs,
        `UndecidedError` where the kernel does not accept, `DomainError` for a gap or an axiom not on the list.
    """
    scripts = scripts_of(folder, module)
    answer = ask(scripts, theorem, statement)
    if not answer.accepted:
        raise UndecidedError(f"kernel: {theorem} must prove the statement of the ledger; got {answer.complaint}")
    foreign = [a for a in answer.axioms if a not in AXIOMS and not a.startswith(PRIMITIVE_AXIOMS)]
    if foreign:
        raise DomainError(f"kernel: axioms of {theorem} must be those of the classical reals; got {', '.join(foreign)}")
    at = f"{folder.parent.name}/{folder.name}"
    calls = (f"{COMPILER} -q -Q {at} {LIBRARY} {at}/{script.file}" for script in scripts)
    certificate = Certificate(
        {
            "kind": "coq",
            "claim": statement,
            "module": module,
            "theorem": theorem,
            "sources": {script.file: script.sha256 for script in scripts},
        }
    )
    return Evidence(
        kind=Kind.KERNEL,
        scope=scope,
        cases=1,
        producer="Coq",
        version=version_of_compiler(compiler()),
        command=" && ".join(calls),
        artefact=f"{at}/{module}.v, {theorem}, sha256 {scripts[-1].sha256}",
        certificates=(certificate,),
        axioms=answer.axioms,
        sharpness=sharpness,
        note=note or f"{theorem}: {statement}",
    )


def kernel_refuses(
    folder: Path, module: str, theorem: str, statement: str, search: Callable[[], Outcome]
) -> Evidence | Counterexample:
    """Return the counterexample that `search` finds to a wrong statement which the kernel does not accept.

    A refusal alone refutes nothing. A statement that is accepted is returned as the evidence it then is, and
    raises `UndecidedError` where it is refused but no counterexample is found.
    """
    scripts = scripts_of(folder, module)
    if not refuses(scripts, theorem, statement):
        return kernel_theorem(folder, module, theorem, statement, Scope.without_p())
    found = search()
    if not isinstance(found, Counterexample):
        raise UndecidedError("kernel: a refused statement must have a counterexample; got none from the search")
    return found


@cache
def ask(scripts: tuple[Script, ...], theorem: str, statement: str) -> Answer:
    """Return what the kernel says; each set of scripts is compiled once in a process."""
    done = asked(scripts, theorem, f"Theorem ledger_claim :\n{statement}.\nProof. exact {PROOF}. Qed.\n", statement)
    if done.returncode:
        return Answer(False, (), one_line(done.stderr))
    return Answer(True, axioms_in(done.stdout), "")


def refuses(scripts: tuple[Script, ...], theorem: str, statement: str) -> bool:
    """Return whether the theorem is no proof of the statement, which must be a proposition all the same."""
    text = f"Definition ledger_claim : Prop :=\n{statement}.\nFail Definition wrong : ledger_claim := {PROOF}.\n"
    done = asked(scripts, theorem, text, statement)
    if done.returncode and "has not failed" not in done.stderr:
        raise DomainError(f"kernel: a wrong statement must be a proposition; got {one_line(done.stderr)}")
    return not done.returncode


def asked(scripts: tuple[Script, ...], theorem: str, question: str, statement: str) -> subprocess.CompletedProcess[str]:
    """Return the run of a file that prints the axioms of the theorem and asks the question about it."""
    if not NAME.fullmatch(theorem):
        raise DomainError(f"kernel: theorem must be a name; got {theorem!r}")
    if not statement.strip() or re.search(r"\.(\s|$)|\(\*|\"", statement):
        raise DomainError(f"kernel: statement must be one proposition without its dot; got {statement!r}")
    folder, module = compiled(scripts), f"{LIBRARY}.{scripts[-1].name}"
    text = f"From {LIBRARY} Require {scripts[-1].name}.\nPrint Assumptions {module}.{theorem}.\nImport {module}.\n"
    text += question.replace(PROOF, f"{module}.{theorem}")
    name = f"ledger_{hashlib.sha256(text.encode()).hexdigest()[:16]}.v"
    with COMPILING:
        (folder / name).write_text(text, encoding="utf-8")
        return call(folder, name)


def axioms_in(printed: str) -> tuple[str, ...]:
    """Return the names that `Print Assumptions` has listed; a line that is no name comes back whole."""
    if printed.strip() == "Closed under the global context":
        return ()
    names = []
    for line in printed.splitlines():
        if line.strip() and not line[0].isspace() and line.strip() != "Axioms:":
            names.append(line.partition(" :")[0].strip())
    if not names:
        raise UndecidedError(f"kernel: {COMPILER} must print the axioms; got {one_line(printed) or 'nothing'}")
    return tuple(sorted(names))
