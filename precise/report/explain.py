"""The whole story of one statement, or of one of its steps, in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from precise.claims.evidence import Counterexample
from precise.claims.records import Run, StatementRecord, StepRecord
from precise.claims.statement import Tier
from precise.claims.verdict import Verdict
from precise.errors import DomainError
from precise.report.explain_evidence import evidence_lines, mutant_lines
from precise.report.terminal import STYLES, WIDEST
from precise.report.words import ICONS, MARK_LEGEND, look, plain


@dataclass(frozen=True, slots=True)
class Chosen:
    """What to tell: one statement or several forms of it, and one step or all."""

    records: tuple[StatementRecord, ...]
    step_id: str = ""

    def steps_of(self, record: StatementRecord) -> tuple[StepRecord, ...]:
        """Return the steps to tell."""
        return tuple(s for s in record.steps if not self.step_id or s.id == self.step_id)


def known_step(run: Run, label: str) -> Chosen:
    """Return the statement of that label, all forms of it where there is none of the very label, or one step."""
    name, _, step = label.partition("/")
    exact = [record for record in run.records if record.label == name]
    forms = [record for record in run.records if record.label.partition("@")[0] == name.partition("@")[0]]
    if "@" in name and not exact:
        known = ", ".join(record.label for record in forms) or "none"
        raise DomainError(f"verify: --explain must name a statement of the ledger ({known}); got {name!r}")
    records = tuple(exact if exact and exact[0].steps else forms or exact)
    ids = [s.id for record in records for s in record.steps]
    if step and label not in ids:
        known = ", ".join(id.partition("/")[2] for id in ids) or "none"
        raise DomainError(f"verify: --explain must name a step of {name} ({known}); got {step!r}")
    return Chosen(records, label if step else "")


def explain(run: Run, chosen: Chosen, console: Console) -> None:
    """Print the story, at most 100 columns wide."""
    page = Page(console, min(WIDEST, console.width))
    for number, record in enumerate(chosen.records):
        if number:
            page.say("")
        tell(record, chosen.steps_of(record), run, page)
    if run.problems:
        page.head("Problems")
        page.lines(run.problems)
    page.say(f"\nExit status {run.exit_status}.")


@dataclass(frozen=True, slots=True)
class Page:
    """A console with a width."""

    console: Console
    width: int

    def say(self, text: str | Text, indent: int = 0) -> None:
        """Print a paragraph."""
        self.console.print(Padding(Text(text) if isinstance(text, str) else text, (0, 0, 0, indent)), width=self.width)

    def head(self, text: str) -> None:
        """Print a heading."""
        self.say(Text(f"\n{text}", "bold"))

    def lines(self, texts: Iterable[str], indent: int = 2) -> None:
        """Print paragraphs below a heading."""
        for text in texts:
            self.say(text, indent)


def tell(record: StatementRecord, steps: Sequence[StepRecord], run: Run, page: Page) -> None:
    """Print one statement."""
    page.say(Text.assemble((record.label, "bold"), "  ", plain(record.title)))
    page.say(status(record))
    form = "the printed form; " if record.as_printed else ""
    page.say(f"{form}{'; '.join(origins(record))}")
    if record.reason:
        page.say(f"Because: {plain(record.reason)}")
    if record.tex:
        page.head("Statement")
        page.say(plain(record.tex), 2)
    if record.suspects:
        page.say(f"Doubts numbered in the catalogue: {', '.join(record.suspects)}.", 2)
    tell_pair(record, run, page)
    if record.hypotheses:
        page.head("Hypotheses")
        page.lines(record.hypotheses)
        if witness := next((s.witness for s in record.steps if s.witness), ()):
            page.say(f"all of them hold at {', '.join(witness)}", 2)
    if steps:
        page.head("Steps")
    for step in steps:
        tell_step(step, record, page)
    if record.rests_on or record.uses:
        page.head("Rests on")
        verdicts = {r.label: r for r in run.records}
        page.lines(f"{u}: {status(verdicts[u]).plain}" if u in verdicts else u for u in record.uses)
        page.lines(record.rests_on)
    page.head("Check it again")
    page.lines(commands(record))


def origins(record: StatementRecord) -> list[str]:
    """Return where the wording comes from."""
    found = [f"({m}) {MARK_LEGEND.get(m.split(' ')[0], '')}" for m in record.mark.split(", ") if m]
    return [*found, *filter(None, [record.where, f"file {record.source}"])]


def status(record: StatementRecord | StepRecord) -> Text:
    """Return icon, word, kind and scope of a verdict, and whether it was found here."""
    letter = f" [{record.letter}]" if record.letter else ""
    text = Text(f"{ICONS[look(record)]} {record.verdict}{letter}", STYLES[look(record)])
    if record.scope_text:
        text.append(f"  {record.scope_text}", "default")
    if not record.rerun and record.letter:
        text.append("  (not all of it re-run here)", "dim")
    return text


def tell_pair(record: StatementRecord, run: Run, page: Page) -> None:
    """Print the other half of a printed and a repaired form."""
    others = {other.label: other for other in run.records}
    for title, labels in (("Repairs the printed form", (record.repairs,)), ("Repaired by", record.repaired_by)):
        for other in (others[label] for label in labels if label in others):
            page.head(f"{title} {other.label}")
            page.say(status(other), 2)
            page.say(plain(other.tex), 2)
            for step in other.steps:
                if step.counterexample is not None:
                    page.lines(counterexample_lines(step.counterexample), 4)


def counterexample_lines(found: Counterexample) -> list[str]:
    """Return a counterexample worked out."""
    order = f" ({found.order}; found after {found.cases:,} instances)" if found.order else ""
    return [f"counterexample: {found}{order}", *map(plain, found.lines), f"it refutes since {found.refutes}"]


def tell_step(step: StepRecord, record: StatementRecord, page: Page) -> None:
    """Print one step with its evidence, mutants and counterexample."""
    page.say("")
    page.say(Text.assemble((step.id.partition("/")[2], "bold"), "  ", status(step)), 2)
    page.say(plain(step.says), 4)
    page.say(f"formally: {step.formal}", 4)
    own = [h for h in step.hypotheses if h not in record.hypotheses]
    if own:
        page.say(f"if {'; '.join(own)}; holds at {', '.join(step.witness)}", 4)
    if step.reason:
        page.say(f"because: {plain(step.reason)}", 4)
    if step.counterexample is not None:
        page.lines(counterexample_lines(step.counterexample), 4)
    for piece in step.pieces:
        page.lines(evidence_lines(piece), 4)
    if step.cells:
        page.say(f"cells reached: {', '.join(step.cells)}", 4)
    page.lines(mutant_lines(step.mutants), 4)


def commands(record: StatementRecord) -> list[str]:
    """Return what a reader types to check the statement again, with the tiers that it has."""
    tiers = {piece.tier for step in record.steps for piece in step.pieces} - {Tier.QUICK}
    options = "".join(f" --tier {t.value}" for t in Tier if t in tiers)
    again = f"precise verify {record.label}{options}"
    certified = any(s.counterexample or any(e.certificates for e in s.evidence) for s in record.steps)
    if record.verdict is Verdict.OPEN and not record.steps:
        return ["nothing to run: the label has no file yet"]
    return [again, f"{again} --json ledger.json && python -m proofs.recheck ledger.json"] if certified else [again]
