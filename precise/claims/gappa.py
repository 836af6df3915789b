"""Evidence of kind K from Gappa: relative errors of straight-line code at a listed precision.

Gappa finds the bound and writes a Coq script; the kernel accepts the script only as a proof of a statement that is
written here, from the program itself and not from Gappa's text. So neither Gappa nor a slip in its input is
trusted: a rounding that Gappa did not see would make its lemma another one than the statement. Exponents are
bounded below by `LEAST_EXPONENT`, far under every value in question: the format without underflow.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from precise.claims.evidence import Evidence, Kind
from precise.claims.kernel import AXIOMS, axioms_in
from precise.claims.proof_scripts import COMPILER, compiler, one_line, run, version_of_compiler
from precise.claims.scope import Scope
from precise.errors import DomainError, MissingToolError, UndecidedError

LEAST_EXPONENT = -20000
NAME = re.compile(r"[a-z][a-z0-9]*")
PROVER = "gappa"


@dataclass(frozen=True, slots=True)
class Rounded:
    """One rounding, of a sum of operands, or of one product or quotient of two."""

    operands: tuple[str, ...]
    operation: str = "+"


Operations: TypeAlias = Mapping[str, Rounded]


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Straight-line code: real inputs in a range, then rounded operations; the last one is the result.

    Parameters
    ----------
    p
        The precision of every rounding, to nearest, ties to even.
    inputs
        Names of real inputs with exponents (a, b): the input lies in [2^a, 2^b].
    operations
        Results by name, in order. An operand is an input or an earlier result.
    exact
        What the last result stands for, of the inputs: +, -, *, / and brackets.
    """

    p: int
    inputs: Mapping[str, tuple[int, int]]
    operations: Operations
    exact: str

    def __post_init__(self) -> None:
        known = [*self.inputs]
        for name, step in self.operations.items():
            unknown = [word for word in step.operands if word not in known]
            if unknown or step.operation not in ("+", "*", "/") or name in known or not NAME.fullmatch(name):
                raise DomainError(f"gappa: a step must be a new name of known operands; got {name} = {step}")
            if step.operation != "+" and len(step.operands) != 2:
                raise DomainError(f"gappa: a product or quotient must have two operands; got {name} = {step}")
            known.append(name)
        if not all(word in self.inputs for word in re.findall(NAME, self.exact)):
            raise DomainError(f"gappa: the exact value must be of the inputs; got {self.exact}")

    @property
    def result(self) -> str:
        """The name of the last result."""
        return [*self.operations][-1]

    def script(self, bound: Fraction) -> str:
        """Return Gappa's input: the program and the claim that the relative error is at most the bound."""
        lines = [f"@rnd = float<{self.p}, {LEAST_EXPONENT}, ne>;"]
        for name, step in self.operations.items():
            lines.append(f"{name} = rnd({f' {step.operation} '.join(step.operands)});")
        ranges = " /\\ ".join(f"{name} in [1b{low}, 1b{high}]" for name, (low, high) in self.inputs.items())
        c, q = dyadic(bound)
        return "\n".join([*lines, f"exact = {self.exact};", f"{{ {ranges} -> |{self.result} -/ exact| <= {c}b{q} }}\n"])

    def statement(self, bound: Fraction) -> str:
        """Return the statement for the kernel, written from the program: no name of Gappa's script occurs in it."""
        text: dict[str, str] = {name: name for name in self.inputs}
        rounding = f"rounding_float rndNE {self.p}%positive ({LEAST_EXPONENT})%Z"
        for name, step in self.operations.items():
            value = text[step.operands[0]]
            for word in step.operands[1:]:
                value = f"({value} {step.operation} {text[word]})%R"
            text[name] = f"({rounding} {value})"
        ranges = [
            f"BND {name} (makepairF (Float2 1 ({low})) (Float2 1 ({high})))"
            for name, (low, high) in self.inputs.items()
        ]
        conjunction = ranges[0]
        for later in ranges[1:]:
            conjunction = f"({conjunction} /\\ {later})"
        c, q = dyadic(bound)
        error = f"REL {text[self.result]} ({self.exact})%R (makepairF (Float2 ({-c}) ({q})) (Float2 {c} ({q})))"
        return f"forall {' '.join(self.inputs)} : R, {conjunction} /\\ not ({error}) -> False"


def dyadic(bound: Fraction) -> tuple[int, int]:
    """Return odd significand and exponent of a positive dyadic number, as Gappa writes it."""
    q = 1 - bound.denominator.bit_length()
    c = bound.numerator
    if bound <= 0 or bound.denominator != 1 << -q:
        raise DomainError(f"gappa: a bound must be positive and dyadic; got {bound}")
    while c % 2 == 0:
        c, q = c // 2, q + 1
    return c, q


def prover() -> str:
    """Return the path of Gappa."""
    if path := shutil.which(PROVER):
        return path
    raise MissingToolError(f"gappa: {PROVER} must be installed; Debian: gappa libcoq-gappa")


def proof_script(model: str) -> str | None:
    """Return the Coq script in which Gappa proves the claim of its input, or None where it does not."""
    done = subprocess.run([prover(), "-Bcoq"], input=model, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode and "not satisfied" not in done.stderr:
        raise UndecidedError(f"gappa: must read its input; got {one_line(done.stderr)}")
    return None if done.returncode else done.stdout


def version_of_prover() -> str:
    """Return the version that Gappa prints."""
    found = re.search(r"\d+(\.\d+)+", run([prover(), "--version"]).stdout)
    return found[0] if found else "unknown"


def error_bound(program: Program, bound: Fraction, *conditions: str) -> Evidence:
    """Return the evidence that the relative error of the program is at most the bound.

    Raises `MissingToolError` without Gappa, `coqc` or Gappa's library, `UndecidedError` where Gappa or the kernel
    does not prove it, `DomainError` for an axiom that is not on the list.
    """
    compiler()
    script = proof_script(program.script(bound))
    if script is None:
        raise UndecidedError(f"gappa: must prove the bound {bound} at p = {program.p}; got no proof")
    axioms = accepted(script, program.statement(bound))
    return Evidence(
        kind=Kind.KERNEL,
        scope=Scope.listed_p((program.p,), *conditions),
        cases=1,
        producer=f"Gappa {version_of_prover()} and Coq",
        version=version_of_compiler(compiler()),
        command=f"{PROVER} -Bcoq MODEL > script.v && {COMPILER} script.v claim.v",
        artefact=f"script by Gappa, sha256 {hashlib.sha256(script.encode()).hexdigest()}",
        axioms=axioms,
        note=f"relative error at most {bound} at p = {program.p}",
    )


def accepted(script: str, statement: str) -> tuple[str, ...]:
    """Return the axioms with which the kernel accepts the last lemma of the script as a proof of the statement."""
    lemma = re.findall(r"^Lemma (\w+) : s1 -> False\.", script, re.MULTILINE)
    if len(lemma) != 1:
        raise UndecidedError(f"gappa: the script must have one final lemma; got {len(lemma)}")
    claim = (
        "Require Import Gappa.Gappa_library.\nRequire gappa_script.\n"
        f"Theorem ledger_claim : {statement}.\nProof. exact gappa_script.{lemma[0]}. Qed.\n"
        "Print Assumptions ledger_claim.\n"
    )
    with TemporaryDirectory(prefix="precise-gappa-") as name:
        folder = Path(name)
        for file, text in (("gappa_script.v", script), ("ledger_claim.v", claim)):
            (folder / file).write_text(text, encoding="utf-8")
            done = run([compiler(), "-q", "-w", "none", "-R", ".", "", file], folder)
            if done.returncode:
                absent = "Cannot find a physical path" in done.stderr or "Unable to locate library" in done.stderr
                error = MissingToolError if absent else UndecidedError
                raise error(f"gappa: {COMPILER} must accept {file}; got {one_line(done.stderr)}")
    axioms = axioms_in(done.stdout)
    foreign = [axiom for axiom in axioms if axiom not in AXIOMS]
    if foreign:
        raise DomainError(f"gappa: axioms must be those of the classical reals; got {', '.join(foreign)}")
    return axioms
