"""The pieces of the HTML report: layout of the graph, table of depths, index of doubts, text made readable."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from precise.claims import Evidence, Kind, Run, Scope, Statement, StatementRecord, StepRecord, Verdict
from precise.claims.discovery import read_ledger
from precise.claims.suspect import Doubt, Suspect
from precise.errors import DomainError
from precise.report.depth_table import Depths, rows
from precise.report.entry import side_by_side
from precise.report.graph import COLUMNS, graph, nodes_of, uses_of
from precise.report.html import html
from precise.report.layers import bands, levels, without_detours
from precise.report.mathml import formula, readable, rich_text
from precise.report.overview import doubts
from precise.report.style import COLOURS
from proofs import _layers
from proofs._suspects import SUSPECTS

LEDGER = read_ledger()


def record(label: str, **more: object) -> StatementRecord:
    """Return the record of a statement that nothing is known of, but for `more`."""
    basic = {"label": label, "title": label, "mark": "D", "verdict": Verdict.OPEN, "found": Verdict.OPEN}
    return StatementRecord(**(basic | more))  # type: ignore[arg-type]


def run_of(*records: StatementRecord, suspects: tuple[Suspect, ...] = ()) -> Run:
    """Return a run with these records."""
    return Run(
        source="toy", records=records, problems=(), notes=(), versions={}, lock_path=Path("x"), suspects=suspects
    )


def unrun() -> Run:
    """Return the whole ledger as if nothing had been run: its labels, uses and sections."""
    section = LEDGER.sections
    rows = [record(s.label, uses=s.uses, section=section[s.base]) for s in LEDGER.statements.values()]
    there = {s.base for s in LEDGER.statements.values()}
    rows += [record(label, section=section[label]) for label in LEDGER.catalogue if label not in there]
    place = list(LEDGER.catalogue)
    return run_of(*sorted(rows, key=lambda r: place.index(r.label.partition("@")[0])))


def random_uses(count: int, seed: int) -> dict[str, tuple[str, ...]]:
    """Return a random graph without cycles: each node uses some that come before it."""
    source = random.Random(seed)
    names = [f"n{i}" for i in range(count)]
    return {name: tuple(source.sample(names[:i], min(i, source.randrange(4)))) for i, name in enumerate(names)}


def reached(start: str, edges: dict[str, tuple[str, ...]]) -> set[str]:
    """Return all that can be reached, by trying every path."""
    return {v for u in edges.get(start, ()) for v in ({u} | reached(u, edges))}


@pytest.mark.parametrize("seed", range(8))
def test_arrows_left_out_follow_from_others(seed: int) -> None:
    edges = random_uses(14, seed)
    kept = without_detours(edges)
    for node in edges:
        assert set(kept[node]) <= set(edges[node])
        assert reached(node, kept) == reached(node, edges)
        for used in kept[node]:
            fewer = kept | {node: tuple(u for u in kept[node] if u != used)}
            assert used not in reached(node, fewer)


@pytest.mark.parametrize("seed", range(8))
def test_nodes_lie_below_what_they_use(seed: int) -> None:
    edges = random_uses(30, seed)
    sections = {"one": list(edges)[:12], "two": list(edges)[12:]}
    found = bands(sections, edges, COLUMNS)
    assert [sorted(n for row in band.rows for n in row) for band in found] == [sorted(s) for s in sections.values()]
    height = {node: i for i, row in enumerate(row for band in found for row in band.rows) for node in row}
    assert all(height[used] < height[node] for node, all_used in edges.items() for used in all_used)
    assert all(0 < len(row) <= COLUMNS for band in found for row in band.rows)


def test_a_level_is_the_longest_chain() -> None:
    edges = random_uses(9, 3)

    def chains(node: str) -> Iterator[int]:
        yield 0
        yield from (1 + c for used in edges[node] for c in chains(used))

    assert levels(list(edges), edges) == {node: max(chains(node)) for node in edges}


def test_a_cycle_does_not_stop_the_layout() -> None:
    edges = {"a": ("b",), "b": ("c",), "c": ("a",), "d": ("c",)}
    found = bands({"": list(edges)}, edges, COLUMNS)
    assert sorted(n for band in found for row in band.rows for n in row) == ["a", "b", "c", "d"]
    assert set(without_detours(edges)) == set(edges)
    drawn = graph(run_of(record("lem:a", uses=("lem:b",)), record("lem:b", uses=("lem:a",))))
    assert drawn.count("<rect") == 2


def test_every_statement_belongs_to_one_node() -> None:
    run = unrun()
    nodes = nodes_of(run)
    assert list(nodes) == list(LEDGER.catalogue)
    assert sorted(f.label for n in nodes.values() for f in n.forms) == sorted(r.label for r in run.records)
    drawn = graph(run)
    assert drawn.count("<rect") == len(LEDGER.catalogue)
    edges, _ = uses_of(nodes)
    assert drawn.count("<path class='e") == sum(map(len, edges.values()))
    assert all(title in drawn for title in set(LEDGER.sections.values()))
    assert max(map(float, re.findall(r"translate\((\d+) ", drawn))) < 1080


def test_forms_of_one_label_make_no_arrow() -> None:
    run = run_of(record("lem:a", uses=("lem:a@value", "lem:b@value")), record("lem:a@value"), record("lem:b"))
    edges, taken = uses_of(nodes_of(run))
    assert edges == {"lem:a": ("lem:b",), "lem:b": ()}
    assert taken == set()


def test_the_colour_of_a_node_is_that_of_its_bare_form() -> None:
    bare = record("lem:a", verdict=Verdict.PROVED, found=Verdict.PROVED)
    printed = record("lem:a@printed", verdict=Verdict.REFUTED, found=Verdict.REFUTED)
    (node,) = nodes_of(run_of(printed, bare)).values()
    assert node.main is bare
    assert node.printed_refuted
    assert node.words == "lem:a, lem:a: proved; lem:a@printed refuted"
    (alone,) = nodes_of(run_of(printed)).values()
    assert alone.main is printed
    assert not alone.printed_refuted


NUMBERS = [dict(zip("mfsPTERD", values, strict=True)) for values in itertools.product((1, 3), (2,), *[(1, 5)] * 6)]
TEXTS = {
    "s+P": lambda v: v["s"] + v["P"],
    "4(s+P)+△+E": lambda v: 4 * (v["s"] + v["P"]) + v["D"] + v["E"],
    "max(s+P, △)+3s+3P+E": lambda v: max(v["s"] + v["P"], v["D"]) + 3 * v["s"] + 3 * v["P"] + v["E"],
    "(m+1)f+m(max(s+P, △)+5s+E)": lambda v: (
        (v["m"] + 1) * v["f"] + v["m"] * (max(v["s"] + v["P"], v["D"]) + 5 * v["s"] + v["E"])
    ),
    "(m+1)f+7m(s+P)+m(△+E)": lambda v: (
        (v["m"] + 1) * v["f"] + 7 * v["m"] * (v["s"] + v["P"]) + v["m"] * (v["D"] + v["E"])
    ),
    "12s+R-T": lambda v: 12 * v["s"] + v["R"] - v["T"],
}


def at(depths: Depths, values: dict[str, int]) -> int:
    """Return the number that a depth denotes, its minima taken from the two sums that it names."""

    def plain(polynomial: object) -> int:
        text = str(polynomial)
        return int(eval(text, {"__builtins__": {}}, values | minima))

    minima: dict[str, int] = {"u": 0, "v": 0}
    minima |= {name: min(plain(a), plain(b)) for name, (a, b) in depths.least.items()}
    return plain(depths.sum)


@pytest.mark.parametrize("text", TEXTS)
def test_depths_are_read_as_written(text: str) -> None:
    depths = Depths.read(text)
    assert all(at(depths, values) == TEXTS[text](values) for values in NUMBERS)
    printed = Depths.read("(m+1)f+7m(s+P)+m(△+E)")
    difference = printed.minus(depths)
    for values in NUMBERS:
        assert at(difference, values) == TEXTS["(m+1)f+7m(s+P)+m(△+E)"](values) - TEXTS[text](values)
    assert difference.zero == (text == "(m+1)f+7m(s+P)+m(△+E)")


def test_other_texts_are_refused() -> None:
    for text in ("s+q", "s P?", "s*2", "max(s, P", "s+"):
        with pytest.raises(DomainError):
            Depths.read(text)
    with pytest.raises(DomainError):
        Depths.read("max(s, P)").minus(Depths.read("s"))


PRINTED = {
    "lem:matmul": ("s+P", "0", "0"),
    "lem:rope-matrix": ("4(s+P)+△+E", "0", r"\min(s+P,\triangle)"),
    "lem:rope-layer": ("7(s+P)+△+E", "s+P", r"s+2P+\min(s+P,\triangle)"),
    "lem:mlp": ("2s+P", "0", "0"),
    "lem:layer-norm": ("5s+2P+R", "0", "0"),
    "lem:multilayer": (
        "(m+1)f+7m(s+P)+m(△+E)",
        r"ms+mP+m\triangle-\triangle",
        r"ms+2mP+m\min(s+P,\triangle)",
    ),
}
"""The sums of the papers as the catalogue has them, and what is left of each beside the derived ones."""
DERIVED = {
    "lem:tensor-matrix": ("4s+2P+E", "4s+2P+E"),
    "lem:tensor-layer": ("6s+3P+E", "6s+4P+E"),
    "lem:rope-tensor-matrix": ("max(s+P, △)+3s+2P+E", "5s+3P+E+△"),
    "lem:rope-tensor-layer": ("max(s+P, △)+5s+3P+E", "7s+5P+E+△"),
    "lem:tensor-multilayer": ("(m+1)f+m(6s+3P+E)", "(m+1)f+m(6s+4P+E)"),
}


def depth_records() -> Run:
    """Return the records of the depth lemmas, their depth steps run."""
    records = []
    for label in (*PRINTED, *DERIVED):
        statement: Statement = LEDGER.statements[label]
        (step,) = [s for s in statement.steps if s.id in ("depth-of-the-body", "depth-of-the-model")]
        evidence = step.check()
        assert isinstance(evidence, tuple)
        assert all(isinstance(e, Evidence) for e in evidence)
        found = StepRecord(
            id=f"{label}/{step.id}",
            says="",
            formal="",
            hash="",
            expects="holds",
            hypotheses=(),
            found=Verdict.PROVED,
            evidence=evidence,
        )
        records.append(record(label, steps=(found,)))
    return run_of(*records)


def test_the_table_of_depths() -> None:
    found = {row.record.label: row for row in rows(depth_records())}
    assert list(found) == [*PRINTED, *DERIVED]
    for label, (printed, added, path) in PRINTED.items():
        row = found[label]
        assert Depths.read(row.printed) == Depths.read(printed)
        left = Depths.read(row.printed)
        assert left.minus(Depths.read(row.sequential)).tex().replace(" ", "") == added
        assert left.minus(Depths.read(row.path.removeprefix("at most "))).tex().replace(" ", "") == path
        for cell, left_over in zip(row.cells()[4:], (added, path), strict=True):
            assert ("the same" in cell, "differs" in cell) == (left_over == "0", left_over != "0")
    for label, (path, added) in DERIVED.items():
        assert found[label].printed == ""
        assert Depths.read(found[label].path) == Depths.read(path)
        assert Depths.read(found[label].sequential) == Depths.read(added)
    assert found["lem:multilayer"].path.startswith("at most ")


def test_sums_of_listed_steps_have_no_path() -> None:
    (step,) = [s for s in LEDGER.statements["lem:sincos"].steps if s.id == "listed-steps-add-up"]
    evidence = step.check()
    assert isinstance(evidence, Evidence)
    done = StepRecord(
        id="lem:sincos/x", says="", formal="", hash="", expects="holds", hypotheses=(), found=Verdict.PROVED,
        evidence=(evidence,),
    )  # fmt: skip
    (row,) = rows(run_of(record("lem:sincos", steps=(done,))))
    assert (row.path, Depths.read(row.printed)) == ("", Depths.read("8s+P+T"))
    assert Depths.read(row.sequential) == Depths.read("s+s+s+s+s+T+s+P+2s")
    cells = row.cells()
    assert [cells[2], cells[5]] == ["–", "–"]
    assert "the same" in cells[4]


def test_the_note_of_models_is_what_was_checked() -> None:
    family = _layers.Model(lambda *_: None, "s+P", "2s+P", {}, shared="△", printed="3s")
    assert family.note(True) == "printed 3s; critical path (m+1)f+m(s+P); sequential (m+1)f+m(2s+P)+△"
    assert family.note(False) == "printed 3s; critical path at most (m+1)f+m(s+P); sequential (m+1)f+m(2s+P)+△"


def test_every_doubt_is_listed_once_and_known() -> None:
    numbers = [s.number for s in SUSPECTS]
    assert numbers == [f"S{i}" for i in range(1, 34)] + [f"X{i}" for i in range(1, 5)]
    named = {number for s in LEDGER.statements.values() for number in s.suspects}
    assert named <= set(numbers)
    assert LEDGER.suspects == SUSPECTS


def test_a_doubt_without_an_entry_is_open() -> None:
    suspects = (Suspect("S1", Doubt.FALSE, "One."), Suspect("S2", Doubt.VAGUE, "Two."))
    answer = record("lem:a@printed", suspects=("S2",), verdict=Verdict.REFUTED, found=Verdict.REFUTED)
    shown = doubts(run_of(answer, suspects=suspects))
    first, second = shown.split("<tr>")[2:]
    assert "○ open" in first
    assert "lem:a@printed" in second
    assert "✗ refuted" in second
    assert "○ open" not in second
    assert "1 of 2 have an entry" in shown
    assert doubts(run_of(answer)) == ""


@pytest.mark.parametrize("arguments", [("T1", Doubt.FALSE, "x"), ("S0", Doubt.FALSE, "x"), ("S1", Doubt.FALSE, " ")])
def test_a_doubt_is_well_formed(arguments: tuple[str, Doubt, str]) -> None:
    with pytest.raises(DomainError):
        Suspect(*arguments)


def test_plain_lines_are_made_readable() -> None:
    assert readable("x = <-3, -4>, 2**-p < 2**(p - 1)") == "x = ⟨-3, -4⟩, 2<sup>-p</sup> &lt; 2<sup>p - 1</sup>"
    assert readable("e^4 >= 54 != 1") == "e<sup>4</sup> ≥ 54 ≠ 1"
    assert readable("gives <5> & $x$").startswith("gives &lt;5&gt; &amp; <math")
    assert readable("<script>") == "&lt;script&gt;"
    assert readable("a, <b>c</b>, d") == "a, &lt;b&gt;c&lt;/b&gt;, d"


def test_names_between_backticks_are_code_and_labels_links() -> None:
    assert rich_text("By `lem:a@b`, `x < 1` holds") == (
        "By <a href='#lem-a--b'><code>lem:a@b</code></a>, <code>x &lt; 1</code> holds"
    )
    assert rich_text("`<b>`") == "<code>&lt;b&gt;</code>"
    assert readable("one ` only") == "one ` only"


def letters(text: str) -> str:
    """Return the letters of a formula, without tags."""
    return "".join(part for part in re.split(r"<[^>]*>", text) if part)


def test_long_formulas_may_break_before_signs() -> None:
    source = "+".join(f"x_{{{i}}}" for i in range(30)) + r"=\sin y"
    text = formula(source)
    pieces = text.split("</math>")[:-1]
    assert len(pieces) > 3
    assert max(len(letters(piece)) for piece in pieces) <= 24
    assert letters(text) == "+".join(f"x{i}" for i in range(30)) + "=siny"
    assert all(piece.startswith('<math><mo form="infix">') for piece in pieces[1:])
    whole = formula(r"(a+b+c+d+e)\le(f+g+h+i+j+k)")
    assert [letters(piece) for piece in whole.split("</math>")[:-1]] == ["(a+b+c+d+e)", "≤(f+g+h+i+j+k)"]


def test_names_in_formulas_are_words() -> None:
    assert formula(r"\sin x").count("<mspace") == 1
    assert "mspace" not in formula(r"\sin(x)")
    assert "<mtext>round</mtext>" in formula("round_p(x)")
    assert "<mtext>round</mtext>" in formula("2^kround_p(x)")
    assert "<mtext>TC</mtext>" in formula("TC^0")
    assert "mtext" not in formula("AXW_V")


def test_links_lead_only_to_what_is_there() -> None:
    evidence = Evidence(kind=Kind.EXHAUSTIVE, scope=Scope.without_p("n <= 1"), cases=1, expected=1, producer="x")
    step = StepRecord(
        id="lem:a/b", says="", formal="f", hash="0", expects="holds", hypotheses=("t >= 4",), witness=("t = 4",),
        found=Verdict.PROVED, here=Verdict.PROVED, evidence=(evidence,), deciding=evidence,
    )  # fmt: skip
    text = html(run_of(record("lem:a", steps=(step,), uses=("lem:far",), hypotheses=("t >= 4",))), date="")
    assert "lem:far" in text
    assert "href='#lem-far'" not in text
    assert "all hold, for instance, at <code>t = 4</code>" in text
    assert "[X] 1 of 1 case" in text


def test_each_printed_form_stands_beside_its_repair() -> None:
    labels = {"lem:a@one": "", "lem:a@two": "", "lem:a": "lem:a@one", "lem:a@more": "", "lem:a@mend": "lem:a@two"}
    group = [record(label, repairs=repairs) for label, repairs in labels.items()]
    rows = [[form.label for form in row] for row in side_by_side(group)]
    assert rows == [["lem:a@one", "lem:a"], ["lem:a@two", "lem:a@mend"], ["lem:a@more"]]


def test_every_verdict_has_a_colour_for_both_grounds() -> None:
    assert set(COLOURS) == set(Verdict)
