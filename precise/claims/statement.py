"""What a file of the ledger declares: statements, their steps, and the mutants that each step must reject."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from precise.claims.evidence import Evidence, Kind, Outcome, assumed
from precise.claims.expression import Exact, holds
from precise.claims.scope import Scope
from precise.errors import DomainError

LABEL = re.compile(r"(def|lem|fact|thm|conv|hyp|book|rem):[a-z0-9-]+(@[a-z0-9-]+)?")
STEP_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MARK = re.compile(r"(R|V|M|D|P [A-Za-z0-9]+)(, (R|V|M|D|P [A-Za-z0-9]+))*")

MARKS = "R, V, M, D or P key"


class Expects(Enum):
    """What a step is there to show."""

    HOLDS = "holds"
    REFUTED = "refuted"


class Tier(Enum):
    """When a check runs: `quick` always, the others when `precise verify --tier` asks for them."""

    QUICK = "quick"
    FULL = "full"
    KERNEL = "kernel"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A hypothesis in words, with a test of it at the values of a witness.

    A hypothesis that is a relation in the expression language is given as plain text instead.
    """

    says: str
    test: Callable[[Mapping[str, Exact]], bool]

    def holds_at(self, witness: Mapping[str, Exact]) -> bool:
        """Return whether the witness satisfies it."""
        return self.test(witness)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A wrong variant of a step's claim, which the same check must refute."""

    name: str
    check: Callable[[], Outcome]


@dataclass(frozen=True, slots=True)
class Control:
    """A right variant of a refuted claim, which the same search must not refute."""

    name: str
    check: Callable[[], Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Further:
    """One more check that settles the whole step by itself, too slow for the quick tier or in need of a tool.

    Parameters
    ----------
    tier
        When it runs: full or kernel.
    check
        Like the check of a step; `MissingToolError` where its tool is not installed.
    mutants
        At least one; the same rules as for a step.
    cells
        The cells that this check must reach; if none are given it may reach those of the step, and need not.
    """

    tier: Tier
    check: Callable[[], Outcome]
    mutants: tuple[Mutant | Control, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One sentence of a proof with the check that returns evidence for it.

    Parameters
    ----------
    id
        A short name that states the conclusion, unique in the statement: ``error-at-most-half``.
    says
        The sentence for the reader; ``$...$`` is TeX.
    formal
        The machine statement, with its quantifiers: "for all p >= 2, for all a, b in F_p: ...".
    check
        Returns `Evidence`, several that each settle the step, or a `Counterexample`; may raise `Refuted`.
        An `UndecidedError` or `TimeoutError` makes the step inconclusive, any other exception an error.
    mutants
        At least one `Mutant`, or for a refuted step at least one `Control`. A citation needs none.
    expects
        "refuted" for a step whose point is to refute a printed claim.
    cells
        The cells that the check must reach, all of them and no other.
    hypotheses, witness
        Relations over the witness's names (or `Hypothesis`), and one instance that satisfies all of them.
    minimum
        The weakest kind that is accepted for this step.
    stands_for
        Labels that a citation takes for granted, open ones too; the report lists them among what the statement
        rests on. The verdict is that of the citation: assumed.
    tier
        When the check runs; a step of the full or kernel tier says "not re-run here" in other runs.
    further
        More checks of other tiers, each of which settles the same step alone.
    of_code
        Whether the claim is about what this package computes, which can only be run, over a stated range.
    """

    id: str
    says: str
    formal: str
    check: Callable[[], Outcome]
    mutants: tuple[Mutant | Control, ...] = ()
    expects: str = "holds"
    cells: tuple[str, ...] = ()
    hypotheses: tuple[str | Hypothesis, ...] = ()
    witness: Mapping[str, Exact] | None = None
    minimum: Kind | None = None
    stands_for: tuple[str, ...] = ()
    tier: Tier = Tier.QUICK
    further: tuple[Further, ...] = ()
    of_code: bool = False

    def __post_init__(self) -> None:
        need(STEP_ID.fullmatch(self.id), f"Step: id must be words joined by hyphens; got {self.id!r}")
        need(self.says.strip(), f"Step {self.id}: says must be a sentence; got nothing")
        need(self.formal.strip(), f"Step {self.id}: formal must be a statement; got nothing")
        need(self.expects in {e.value for e in Expects}, f"Step {self.id}: expects must be holds or refuted")
        names = [m.name for m in self.mutants]
        need(len(names) == len(set(names)), f"Step {self.id}: names of mutants must differ; got {names}")

    @property
    def expects_refuted(self) -> bool:
        """Whether the point of the step is a refutation."""
        return self.expects == Expects.REFUTED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of the paper, printed or repaired, with the steps that settle it.

    Parameters
    ----------
    label
        Label of the catalogue. The form that other statements may rely on bears the bare label; another form
        adds a word: ``def:slash@printed``, ``def:rope-tensor-attention@flat``.
    title, tex
        A short title in our own words, and the statement; ``$...$`` is TeX.
    mark
        Where the statement comes from: R, V, M, D or "P key"; several are joined by ", ".
    steps
        The steps, at least one.
    uses
        Labels that the proof rests on.
    as_printed, repairs, suspects
        Whether this is the printed form; the label of the printed form that this one repairs; suspect claims.
    hypotheses, witness
        Hypotheses common to all steps, and an instance that satisfies them.
    where
        Place in the paper.
    of_code
        Whether all steps are about what this package computes.
    """

    label: str
    title: str
    mark: str
    tex: str
    steps: tuple[Step, ...]
    uses: tuple[str, ...] = ()
    as_printed: bool = False
    repairs: str = ""
    suspects: tuple[str, ...] = ()
    hypotheses: tuple[str | Hypothesis, ...] = ()
    witness: Mapping[str, Exact] | None = None
    where: str = ""
    of_code: bool = False

    def __post_init__(self) -> None:
        need(
            LABEL.fullmatch(self.label),
            f"Statement: label must be kind:name[@form]; got {self.label!r}",
        )
        need(
            MARK.fullmatch(self.mark),
            f"Statement {self.label}: mark must be R, V, M, D or P key; got {self.mark!r}",
        )
        need(self.steps, f"Statement {self.label}: steps must be at least one; got none")
        ids = [s.id for s in self.steps]
        need(len(ids) == len(set(ids)), f"Statement {self.label}: ids of steps must differ; got {ids}")

    @property
    def base(self) -> str:
        """The label of the catalogue that this is a form of."""
        return self.label.partition("@")[0]

    @property
    def expects_refuted(self) -> bool:
        """Whether one of the steps is there to refute the statement."""
        return any(step.expects_refuted for step in self.steps)

    def hypotheses_of(self, step: Step) -> tuple[str | Hypothesis, ...]:
        """Return all hypotheses under which the step is stated."""
        return self.hypotheses + step.hypotheses

    def hash_of(self, step: Step) -> str:
        """Return the fingerprint of the step's machine statement and its hypotheses."""
        stated = [step.formal, [hypothesis_text(h) for h in self.hypotheses_of(step)]]
        return hashlib.sha256(json.dumps(stated).encode()).hexdigest()[:16]

    def witness_of(self, step: Step) -> dict[str, Exact]:
        """Return the instance at which all hypotheses of the step hold."""
        return {**(self.witness or {}), **(step.witness or {})}

    def unsatisfied(self, step: Step) -> str:
        """Return the first hypothesis that the witness does not satisfy, or nothing."""
        witness = self.witness_of(step)
        for hypothesis in self.hypotheses_of(step):
            satisfied = holds(hypothesis, witness) if isinstance(hypothesis, str) else hypothesis.holds_at(witness)
            if not satisfied:
                return hypothesis_text(hypothesis)
        return ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A label of the catalogue; `needs` says what a file for it would take."""

    label: str
    title: str
    mark: str
    needs: str

    def __post_init__(self) -> None:
        need(LABEL.fullmatch(self.label), f"Entry: label must be kind:name; got {self.label!r}")
        need(
            MARK.fullmatch(self.mark),
            f"Entry {self.label}: mark must be R, V, M, D or P key; got {self.mark!r}",
        )
        need(self.title and self.needs, f"Entry {self.label}: title and needs must be words; got nothing")


def cited(
    *, id: str, says: str, formal: str, source: str, scope: Scope | None = None, stands_for: tuple[str, ...] = ()
) -> Step:
    """Return the step that rests on a theorem of the literature, with its exact place."""

    def check() -> Evidence:
        return assumed(source, scope or Scope.without_p())

    return Step(id=id, says=says, formal=formal, check=check, stands_for=stands_for)


def hypothesis_text(hypothesis: str | Hypothesis) -> str:
    """Return the words of a hypothesis."""
    return hypothesis if isinstance(hypothesis, str) else hypothesis.says


def need(condition: object, message: str) -> None:
    """Raise a `DomainError` with the message unless the condition is true."""
    if not condition:
        raise DomainError(message)
