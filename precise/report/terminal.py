"""The terminal report: one line a statement and step, counterexamples below what they refute."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from precise.claims.findings import PieceRecord
from precise.claims.records import Run, StatementRecord, StepRecord
from precise.claims.verdict import Verdict
from precise.report.summary import summary_lines
from precise.report.words import ICONS, counts_line, families, look, plain

WIDEST = 100
STYLES = {
    Verdict.PROVED: "blue",
    Verdict.PROVED_LISTED: "cyan",
    Verdict.SIDE_CONDITION: "yellow",
    Verdict.ASSUMED: "magenta",
    Verdict.NOT_REFUTED: "yellow",
    Verdict.OPEN: "dim",
    Verdict.INCONCLUSIVE: "yellow",
    Verdict.STALE: "yellow",
    Verdict.REFUTED: "bold red",
    Verdict.ERROR: "bold red",
}

LEGEND = (
    "✓ for all p and shapes of the statement; ◑ only within the printed finite scope; § takes something from the "
    "literature that is not checked here.",
    "K kernel (K* with primitive numbers), R certificate, X exhaustive, I enclosure, S solvers, Y identity, A assumed, "
    "T sampled, C counterexample. R certifies the displayed inequalities and identities; that they imply the sentence "
    "is prose, for the reader to follow.",
    "λ, Ω: least and largest positive float; u = 2^-p. Depths: s one operation, P iterated sum, T iterated product, "
    "E exp, R square root, △ sin and cos. The whole legend: --html FILE.",
)


def print_run(run: Run, console: Console, *, seconds: bool = True, steps: bool = True) -> None:
    """Print the run, at most 100 columns wide; without `seconds` the text of two runs is the same."""
    width = min(WIDEST, console.width)
    titles = [Text(title, "bold") for title in ("statement", "verdict", "", "scope", "cases")]
    header = grid(width, seconds)
    header.add_row(*titles, *_time("s", seconds))
    console.print(header, width=width)
    missing: list[StatementRecord] = []
    for family in families(run):
        for record in family:
            if not record.steps and record.verdict is Verdict.OPEN:
                missing.append(record)
            else:
                print_statement(record, console, width, seconds, steps)
    print_open(missing, console, width)
    for title, lines, style in (("Problems", run.problems, "bold red"), ("Notes", run.notes, "bold")):
        if lines:
            console.print(Text(f"\n{title}", style))
            for line in lines:
                console.print(Padding(Text(line), (0, 0, 0, 2)), width=width)
    console.print()
    for line in LEGEND:
        remark(line, console, width, indent=0)
    console.print()
    for line in summary_lines(run):
        console.print(Text(line), width=width)
    console.print(Text(f"\n{counts_line(run)}; exit status {run.exit_status}"), width=width, soft_wrap=True)


def print_statement(record: StatementRecord, console: Console, width: int, seconds: bool, steps: bool) -> None:
    """Print one statement, its steps, its counterexamples and where it is repaired."""
    table = grid(width, seconds)
    table.add_row(Text(record.label, "bold"), *cells(record, seconds, record.scope_in_words(short=steps)))
    console.print(table, width=width)
    remark(plain(record.title), console, width)
    if record.hypotheses:
        remark(f"if {'; '.join(record.hypotheses)}", console, width)
    if record.reason:
        remark(record.reason, console, width)
    if record.verdict is not Verdict.REFUTED and record.repairs:
        remark(f"repairs {record.repairs}", console, width)
    for step in record.steps:
        if steps or step.counterexample is not None or step.verdict is Verdict.ERROR:
            print_step(step, console, width, seconds, record)
    if record.repaired_by:
        remark(f"repaired by {', '.join(record.repaired_by)}", console, width)


def print_open(records: list[StatementRecord], console: Console, width: int) -> None:
    """Print the labels of the catalogue that have no file, one a row."""
    if not records:
        return
    console.print(Text(f"\n{ICONS[Verdict.OPEN]} open", "bold"))
    table = Table.grid(padding=(0, 1))
    longest = max(len(record.label) for record in records)
    table.add_column(width=longest + 2)
    table.add_column(width=width - longest - 3)
    for record in records:
        table.add_row(Text(f"  {record.label}"), Text(record.reason.removeprefix("no file yet: ")))
    console.print(table, width=width)


def print_step(step: StepRecord, console: Console, width: int, seconds: bool, of: StatementRecord) -> None:
    """Print one step, and its counterexample worked out."""
    table = grid(width, seconds)
    table.add_row(Padding(Text(step.id.partition("/")[2]), (0, 0, 0, 2)), *cells(step, seconds, step.scope_text))
    console.print(table, width=width)
    if own := [h for h in step.hypotheses if h not in of.hypotheses]:
        remark(f"if {'; '.join(own)}", console, width, indent=4)
    if step.reason and step.reason != of.reason and step.verdict is not Verdict.OPEN:
        remark(step.reason, console, width, indent=4)
    for piece in step.not_run:
        remark(unrun_words(piece), console, width, indent=4)
    if step.counterexample is not None:
        order = f"({step.counterexample.order})" if step.counterexample.order else ""
        for line in filter(None, [*step.counterexample.lines, order]):
            remark(plain(line), console, width, indent=4)


def unrun_words(piece: PieceRecord) -> str:
    """Return what the lock holds of a check that did not run."""
    held = f"the lock holds {piece.held}" if piece.held else "the lock holds nothing"
    why = f" ({piece.tool})" if piece.tool else ""
    return f"{piece.tier.value} check not re-run here{why}: {held}"


def remark(text: str, console: Console, width: int, indent: int = 2) -> None:
    """Print a line below the row that it belongs to."""
    console.print(Padding(Text(text, "dim"), (0, 0, 0, indent)), width=width)


def grid(width: int, seconds: bool) -> Table:
    """Return an empty table whose columns are the same for every row of the report."""
    table = Table.grid(padding=(0, 1))
    fixed = 16 + 2 + 11 + (7 if seconds else 0) + (5 if seconds else 4)
    name = (width - fixed) * 3 // 5
    for columns, justify in ((name, "left"), (16, "left"), (2, "left"), (width - fixed - name, "left")):
        table.add_column(width=columns, justify="left" if justify == "left" else "right", overflow="fold")
    table.add_column(width=11, justify="right")
    if seconds:
        table.add_column(width=7, justify="right")
    return table


def cells(record: StatementRecord | StepRecord, seconds: bool, scope: str) -> list[Text]:
    """Return the cells to the right of the name."""
    verdict = Text(f"{ICONS[look(record)]} {record.verdict}", STYLES[look(record)])
    cases = f"{record.cases:,}" if record.cases else ""
    row = [verdict, Text(record.letter), Text(scope), Text(cases)]
    return row + _time(f"{record.seconds:.2f}" if record.cases else "", seconds)


def _time(text: str, seconds: bool) -> list[Text]:
    """Return the cell of the time, if times are shown."""
    return [Text(text)] if seconds else []
