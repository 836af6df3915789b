"""Evidence: the graded, counted reason to believe a step, and its opposite, a counterexample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from functools import reduce
from typing import Protocol, runtime_checkable

from precise.claims.certificates import Certificate
from precise.claims.expression import Exact, holds
from precise.claims.scope import Scope
from precise.errors import DomainError, PreciseError


class Kind(Enum):
    """The kinds of evidence, strongest first; the value is the letter that reports print."""

    KERNEL = "K"
    CERTIFICATE = "R"
    EXHAUSTIVE = "X"
    ENCLOSURE = "I"
    SMT = "S"
    IDENTITY = "Y"
    ASSUMED = "A"
    SAMPLED = "T"
    COUNTEREXAMPLE = "C"

    @property
    def word(self) -> str:
        """The name in lower case."""
        return self.name.lower()

    @property
    def strength(self) -> int:
        """Greater is stronger; a counterexample is not on the scale and counts as strongest."""
        order = list(Kind)
        return len(order) if self is Kind.COUNTEREXAMPLE else len(order) - 1 - order.index(self)

    @property
    def proves(self) -> bool:
        """Whether this kind may print "proved"."""
        return Kind.IDENTITY.strength <= self.strength < Kind.COUNTEREXAMPLE.strength

    @classmethod
    def parse(cls, text: str) -> Kind:
        """Return the kind of that letter or name."""
        for kind in cls:
            if text.lower() in (kind.word, kind.value.lower()):
                return kind
        raise DomainError(f"Kind: the name must be one of {', '.join(k.word for k in cls)}; got {text!r}")


CLASSICAL_AXIOMS = frozenset({"sig_not_dec", "sig_forall_dec", "functional_extensionality_dep", "classic"})
"""Axioms of the classical real numbers, accepted for kind K."""
PRIMITIVE_AXIOMS = ("PrimInt63.", "Uint63.", "Sint63.", "PrimFloat.", "FloatAxioms.", "FloatOps.")
"""Beginnings of the names of axioms about primitive integers and floats; with one of them K prints as K*."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One counted reason to believe a whole step.

    Parameters
    ----------
    kind, scope
        What sort of reason it is, and for which parameters it holds.
    cases
        How many cases, obligations or cited theorems were settled; at least 1.
    expected
        How many cases the formula for the domain gives. Required for an exhaustive check, and equal to
        `cases`.
    cells
        The cells (format, mode, sign, class of operand) that were reached; exactly those the step declares.
    producer, version
        The tool that did the work. A blank version is looked up among installed distributions.
    confirmed_by
        The independent second implementation, code or solver. Required for kind S.
    command, artefact
        How to run it again, and the file it wrote, if any.
    certificates
        Certificates that `proofs/recheck.py` re-checks. Kind R needs one, or an artefact.
    seed
        The seed of sampled cases; None if they were picked by hand.
    needs
        A hypothesis that the statement omits and the check had to add.
    sharpness
        "sharp: ...", "within a factor c", "sharpness unknown"; for inequalities.
    axioms
        Axioms that the kernel printed.
    note
        One line for the reader; for kind A the source with its exact place.
    """

    kind: Kind
    scope: Scope
    cases: int
    producer: str
    version: str = ""
    expected: int | None = None
    cells: tuple[str, ...] = ()
    confirmed_by: str = ""
    command: str = ""
    artefact: str = ""
    certificates: tuple[Certificate, ...] = ()
    seed: int | None = None
    needs: str = ""
    sharpness: str = ""
    axioms: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        for broken, must, got in self._broken_rules():
            if broken:
                raise DomainError(f"Evidence: {must}; got {got}")

    def _broken_rules(self) -> list[tuple[bool, str, str]]:
        """Return each rule of well-formed evidence with whether it is broken."""
        kind, foreign = self.kind, [a for a in self.axioms if not is_known_axiom(a)]
        settled = bool(self.certificates or self.artefact)
        return [
            (kind is Kind.COUNTEREXAMPLE, "a counterexample must be a Counterexample", "kind C"),
            (self.cases < 1, "cases must be at least 1", str(self.cases)),
            (not self.producer, "the producer must be named", "nothing"),
            (
                self.expected is not None and self.expected != self.cases,
                f"cases must be {self.expected}",
                str(self.cases),
            ),
            (
                kind is Kind.EXHAUSTIVE and self.expected is None,
                "kind X must give the expected number",
                "None",
            ),
            (
                kind is Kind.SMT and not self.confirmed_by,
                "kind S must be confirmed by a second solver",
                "none",
            ),
            (
                kind is Kind.CERTIFICATE and not settled,
                "kind R must carry a certificate or an artefact",
                "neither",
            ),
            (kind is Kind.KERNEL and not self.artefact, "kind K must name its proof script", "no artefact"),
            (kind is Kind.ASSUMED and not self.note, "an assumption must name its source", "no note"),
            (bool(foreign), "axioms must be on the list of known ones", ", ".join(foreign)),
        ]

    @property
    def letter(self) -> str:
        """The letter to print: K* where the kernel relies on primitive numbers."""
        starred = any(a.startswith(PRIMITIVE_AXIOMS) for a in self.axioms)
        return "K*" if self.kind is Kind.KERNEL and starred else self.kind.value


def is_known_axiom(name: str) -> bool:
    """Return whether the axiom is one of the classical reals or of primitive numbers."""
    return name.rpartition(".")[2] in CLASSICAL_AXIOMS or name.startswith(PRIMITIVE_AXIOMS)


@runtime_checkable
class HasFraction(Protocol):
    """An exact number of another type."""

    def to_fraction(self) -> Fraction: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """An exact instance at which a claim fails.

    Parameters
    ----------
    values
        The exact numbers or words of the instance, by name. Floats are refused.
    refutes
        A relation between the values that shows the failure, in the language of
        `precise.claims.expression`. It is evaluated here and once more by `proofs/recheck.py`.
    lines
        The instance worked out, in plain text without TeX: "printed rule gives ...", "right is ...".
    order
        In which order the instance is the least: "least p, then a, then b".
    cases
        How many instances were looked at, this one included.
    """

    values: Mapping[str, Exact | HasFraction]
    refutes: str
    lines: tuple[str, ...] = ()
    order: str = ""
    cases: int = 1
    exact: Mapping[str, Exact] = field(init=False)

    def __post_init__(self) -> None:
        exact = {name: exact_value(name, value) for name, value in self.values.items()}
        object.__setattr__(self, "exact", exact)
        if self.cases < 1:
            raise DomainError(f"Counterexample: cases must be at least 1; got {self.cases}")
        if not holds(self.refutes, exact):
            raise DomainError(f"Counterexample: {self.refutes!r} must hold at {self}; got the opposite")

    def __str__(self) -> str:
        return ", ".join(f"{name} = {value}" for name, value in self.exact.items())


def exact_value(name: str, value: Exact | HasFraction) -> Exact:
    """Return the value as an integer, a fraction or a word."""
    if isinstance(value, HasFraction):
        value = value.to_fraction()
    if isinstance(value, bool) or not isinstance(value, int | Fraction | str):
        raise DomainError(f"Counterexample: {name} must be exact; got {type(value).__name__} {value!r}")
    return value


class Refuted(PreciseError):  # noqa: N818 - the outcome of a check, not a mistake
    """Raised by a check that has found a counterexample deep inside a loop."""

    def __init__(self, counterexample: Counterexample) -> None:
        super().__init__(str(counterexample))
        self.counterexample = counterexample


Outcome = Evidence | Counterexample | Sequence[Evidence | Counterexample]
"""What a check returns; several pieces of evidence mean that each settles the whole step alone."""


def assumed(source: str, scope: Scope) -> Evidence:
    """Return the evidence that a theorem cited from the literature is."""
    return Evidence(kind=Kind.ASSUMED, scope=scope, cases=1, producer="literature", note=source)


def chain(*parts: Evidence, note: str = "") -> Evidence:
    """Return the evidence of parts that are needed together: weakest kind, common scope."""
    return _joined(parts, reduce(lambda a, b: a & b, (e.scope for e in parts)), note)


def case_split(*parts: Evidence, note: str = "") -> Evidence:
    """Return the evidence of cases over p that together settle a step: weakest kind, united scope."""
    return _joined(parts, reduce(lambda a, b: a | b, (e.scope for e in parts)), note)


def _joined(parts: Sequence[Evidence], scope: Scope, note: str) -> Evidence:
    """Return one evidence that carries the counts and certificates of its parts."""
    weakest = min(parts, key=lambda e: e.kind.strength)
    cases = sum(e.cases for e in parts)

    def words(texts: Sequence[str], joint: str) -> str:
        return joint.join(dict.fromkeys(t for t in texts if t))

    return Evidence(
        kind=weakest.kind,
        scope=scope,
        cases=cases,
        expected=cases if all(e.expected is not None for e in parts) or weakest.kind is Kind.EXHAUSTIVE else None,
        producer=words([e.producer for e in parts], " + "),
        version=words([e.version for e in parts], " + "),
        cells=tuple(dict.fromkeys(c for e in parts for c in e.cells)),
        confirmed_by=words([e.confirmed_by for e in parts], " + "),
        command=words([e.command for e in parts], " && "),
        artefact=words([e.artefact for e in parts], ", "),
        certificates=tuple(c for e in parts for c in e.certificates),
        seed=next((e.seed for e in parts if e.seed is not None), None),
        needs=words([e.needs for e in parts], " and "),
        sharpness=words([e.sharpness for e in parts], "; "),
        axioms=tuple(dict.fromkeys(a for e in parts for a in e.axioms)),
        note=note or words([e.note for e in parts], "; "),
    )
