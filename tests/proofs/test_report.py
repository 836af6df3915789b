"""The reports of a run, the second checker, and the catalogue of our own ledger."""

from __future__ import annotations

import copy
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import proofs
from precise.claims import Run, verify
from precise.claims.discovery import MARKER, read_ledger
from precise.report import document, html, print_run, write_html, write_json
from precise.report.mathml import formula, rich_text
from proofs.catalogue import CATALOGUE
from proofs.recheck import CHECKS, obligations

RECHECK = Path(proofs.__file__).with_name("recheck.py")

TOY = r"""
from precise.claims import *

def bound(c):
    return decide_inequality(f"{c}*t/(t - 1) >= t/(t - 1) - 1/t", {"t": 4}, scope=Scope.all_p(2), sharpness="sharp")

def same(sign):
    return decide_identity(f"(x + 1)**2 == x**2 {sign} 2*x + 1", scope=Scope.all_p())

def find(limit):
    for a in range(1, 9):
        if a > limit:
            return Counterexample(values={"a": a, "w": "abba"}, refutes='a - 5 == 1 and w == "abba"', order="least a",
                                  lines=("printed rule gives <5>", "right is 6 & more"), cases=a)
    return Evidence(kind=Kind.SAMPLED, scope=Scope.without_p("a <= 8"), cases=8, producer="precise-pbit", seed=1)

STATEMENTS = (
    Statement(label="lem:toy@printed", title="Toy, as printed", mark="R", as_printed=True, suspects=("S9",),
              tex=r"$\mathbb F_p$ and <b>", where="Lemma 2", steps=(
        Step(id="too-large", says="A value $a>5$ & more.", formal="for all a: a <= 5", expects="refuted",
             check=lambda: find(5), mutants=(Control("limit 8", lambda: find(8)),)),)),
    Statement(label="lem:toy", title="Toy <script>", mark="D, P AS24", repairs="lem:toy@printed", tex=r"$|x|\le1$",
              hypotheses=("t >= 4",), witness={"t": 4}, uses=("lem:far",), steps=(
        Step(id="bounded", says="Bounded.", formal="for all p >= 2: ...", check=lambda: bound("1"),
             mutants=(Mutant("half", lambda: bound("1/2")),)),
        Step(id="square", says="Square.", formal="for all x: ...", check=lambda: same("+"),
             mutants=(Mutant("minus", lambda: same("-")),)),)),
)
"""
CATALOGUE_TOY = """
from precise.claims import Entry
CATALOGUE = (Entry("lem:far", "Far", "M", "a circuit"), Entry("lem:toy", "Toy", "D", "work"))
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    folder = tmp_path / "toy"
    folder.mkdir()
    (folder / "lem_toy.py").write_text(TOY)
    (folder / "catalogue.py").write_text(CATALOGUE_TOY)
    return verify(folder)


def printed(run: Run, width: int = 100, **options: bool) -> str:
    """Return what the terminal shows."""
    shown = io.StringIO()
    print_run(run, Console(file=shown, width=width, color_system=None), **options)
    return shown.getvalue()


@pytest.mark.parametrize("width", [80, 100, 160])
def test_the_terminal_report(run: Run, width: int) -> None:
    text = printed(run, width)
    assert max(map(len, text.splitlines())) <= min(width, 100)
    words = " ".join(text.split())
    for part in ("✗ refuted C a = 6, w = abba", "printed rule gives <5>", "(least a)", "repaired by lem:toy"):
        assert part in words
    assert "○ open lem:far needs a circuit" in words
    assert words.endswith("1 open, 1 inconclusive, 1 refuted; exit status 0")
    order = [text.index(label) for label in ("\nlem:toy@printed", "\nlem:toy ", "\n○ open\n")]
    assert order == sorted(order)


def test_the_terminal_report_is_deterministic_without_seconds(run: Run, tmp_path: Path) -> None:
    again = verify(tmp_path / "toy")
    assert printed(run, seconds=False) == printed(again, seconds=False)
    assert "bounded" not in printed(run, steps=False)


def test_the_terminal_report_obeys_no_color(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    shown = io.StringIO()
    print_run(run, Console(file=shown, force_terminal=True, width=100))
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", shown.getvalue())


def test_the_terminal_report_shows_problems(run: Run, tmp_path: Path) -> None:
    (tmp_path / "toy" / "lem_bad.py").write_text("1 // 0")
    text = printed(verify(tmp_path / "toy"))
    assert "Problems\n  lem_bad: error: lem_bad.py: ZeroDivisionError" in text
    assert text.rstrip().endswith("exit status 1")


def test_the_document(run: Run, tmp_path: Path) -> None:
    write_json(run, tmp_path / "a.json", date="2026-11-22", seconds=False)
    write_json(verify(tmp_path / "toy"), tmp_path / "b.json", date="2026-11-22", seconds=False)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    data = json.loads((tmp_path / "a.json").read_text())
    assert (data["schema"], data["date"], data["exit_status"]) == (1, "2026-11-22", 0)
    assert data["counts"] == {"open": 1, "inconclusive": 1, "refuted": 1}
    assert {"python", "precise-pbit", "sympy"} <= data["versions"].keys()
    step = data["records"][1]["steps"][0]
    assert step["counterexample"]["values"] == {"a": "6", "w": {"word": "abba"}}
    assert step["mutants"] == [{"name": "limit 8", "role": "control", "rejected": True, "by": "holds in 8 cases"}]
    assert len(data["records"][2]["steps"][0]["evidence"][0]["certificates"][0]["sha256"]) == 64


class Page(HTMLParser):
    """Reads a page: its tags, ids and links, and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        values = dict(attrs)
        self.ids += [values["id"] or ""] if "id" in values else []
        self.links += [v or "" for k, v in attrs if k in ("href", "src")]
        if tag not in ("meta", "br"):
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_html_report(run: Run, tmp_path: Path) -> None:
    write_html(run, tmp_path / "run.html", date="2026-11-22")
    source = (tmp_path / "run.html").read_text(encoding="utf-8")
    page = Page(source)
    assert page.stack == []
    assert page.tags.isdisjoint({"script", "img", "link", "iframe", "b<"})
    assert len(page.ids) == len(set(page.ids))
    assert all(link[0] == "#" and link[1:] in page.ids for link in page.links)
    assert "http" not in source
    assert {"math", "details", "article"} <= page.tags
    text = " ".join(" ".join(page.text).split())
    for part in ("Toy <script>", "and <b>", "printed rule gives <5>", "right is 6 & more", "as printed", "S9"):
        assert part in text
    for part in ("kernel", "mutant half", "open: lem:far", "precise verify toy lem:toy", "2026-11-22", "(P AS24) read"):
        assert part in text
    assert re.findall(r"<b>(\d+)</b>", source) == ["0", "1", "0", "1"]
    assert len(source) < 40_000


def test_printed_and_repaired_forms_stand_side_by_side(run: Run) -> None:
    section = re.search(r"<section class='family pair'>.*?</section>", html(run, date=""), re.DOTALL)
    assert section
    assert section[0].index("lem-toy--printed") < section[0].index("id='lem-toy'")


def test_formulas_are_safe() -> None:
    assert "𝔽" in formula(r"\mathbb F_p")
    assert 'lspace="0"' in formula("|x|")
    assert rich_text("a < b") == "a &lt; b"
    assert rich_text("costs $5") == "costs $5"
    assert "<script" not in rich_text(r"$\text{<script>alert(1)</script>}$ <script>")
    assert rich_text("$a & b$") == "<code>a &amp; b</code>"


def recheck(data: Any, folder: Path) -> tuple[int, str]:
    """Return exit status and last line of the second checker."""
    path = folder / "document.json"
    path.write_text(json.dumps(data))
    done = subprocess.run([sys.executable, "-I", RECHECK, path], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout.splitlines()[-1] if done.stdout else done.stderr.strip()


def test_the_second_checker_accepts_a_run(run: Run, tmp_path: Path) -> None:
    data: Any = document(run)
    assert recheck(data, tmp_path) == (0, "3 passed, 0 failed")
    data["records"] = []
    assert recheck(data, tmp_path) == (1, "0 passed, 0 failed")
    assert recheck("nonsense", tmp_path)[0] == 2


def tampered(value: Any) -> Iterator[Any]:
    """Yield changed copies of JSON values: each number, word, item and key, one at a time."""
    if isinstance(value, str):
        yield {"2*x": "3*x"}.get(value, value.replace("1", "2", 1) if "1" in value else value + "1")
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield value[:i] + value[i + 1 :]
            yield from ([*value[:i], other, *value[i + 1 :]] for other in tampered(item))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield {k: v for k, v in value.items() if k != key}
            yield from ({**value, key: other} for other in tampered(item))


def passes(certificate: dict[str, Any]) -> bool:
    """Return whether the second checker accepts a certificate."""
    try:
        CHECKS[certificate["kind"]](certificate)
    except (ArithmeticError, AttributeError, LookupError, SyntaxError, TypeError, ValueError):
        return False
    return True


def test_the_second_checker_rejects_every_tampered_field(run: Run) -> None:
    found = obligations(document(run))
    assert sorted(c["kind"] for _, c in found) == ["counterexample", "identity", "nonnegative"]
    ignored = {"sha256", "lines", "order", "cases"}
    fields: set[tuple[str, str]] = set()
    for _, certificate in found:
        kind = certificate["kind"]
        for field in certificate.keys() - ignored:
            for other in tampered(certificate[field]):
                copy_of = {**copy.deepcopy(certificate), field: other}
                assert not passes(copy_of), f"{kind}: {field} = {other} was accepted"
                fields.add((kind, field))
    assert fields == {(c["kind"], field) for _, c in found for field in c.keys() - ignored}


def test_the_second_checker_rejects_a_foreign_fingerprint(run: Run, tmp_path: Path) -> None:
    data: Any = document(run)
    data["records"][2]["steps"][0]["evidence"][0]["certificates"][0]["sha256"] = "0" * 64
    assert recheck(data, tmp_path) == (1, "2 passed, 1 failed")


FINITE = r"""
from precise.claims import *

def step(scope):
    check = lambda c="1": decide_inequality(f"{c}*t >= 4", {"t": 4}, scope=scope)
    return (Step(id="bounded", says="Bounded.", formal="t >= 4", check=check, hypotheses=("t >= 4",),
                 witness={"t": 4}, mutants=(Mutant("half", lambda: check("1/2")),)),)

STATEMENTS = tuple(
    Statement(label=f"lem:toy@{name}", title="Toy", mark="D", tex="$t$", steps=step(scope))
    for name, scope in (("all", Scope.all_p(2)), ("shapes", Scope.all_p(2, "n <= 3")), ("some", Scope.listed_p((2, 3))))
)
"""


def test_proofs_of_finitely_many_instances_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "lem_toy.py").write_text(FINITE)
    finite = verify(tmp_path)
    words = " ".join(printed(finite).split())
    assert "lem:toy@all ✓ proved R p >= 2" in words
    assert "lem:toy@shapes ◑ proved R only p >= 2; n <= 3" in words
    assert "bounded ◑ proved for R only p in 2..3" in words
    assert words.count(" if t >= 4") == 3
    assert "2 proved (1 for all p and shapes, 1 within a stated finite scope), 1 proved for listed p only" in words
    text = " ".join(" ".join(Page(html(finite, date="")).text).split())
    assert "of which 1 for all p and shapes, 1 within a stated finite scope, 1 proved for listed p only" in text
    assert text.count("◑ proved [R]") == 3
    data: Any = document(finite)
    assert [record["finite_scope"] for record in data["records"]] == [False, True, True]


def test_the_second_checker_rejects_false_claims() -> None:
    one = {"numerator": [[[0], "1"]], "denominator": [[[0], "1"]]}
    base = {"kind": "nonnegative", "variables": ["t"], "lower": ["4"]}
    linear = {**one, "numerator": [[[1], "1"], [[0], "-4"]]}
    shifted = {**one, "numerator": [[[1], "1"]]}
    good = {**base, "claim": "t >= 4", "difference": linear, "shifted": shifted}
    assert passes(good)
    false = {"claim": "t > 4"}, {"claim": "t <= 4"}, {"claim": "t == 4"}, {"lower": ["3"]}, {"claim": "t + s >= 4"}
    assert not any(passes({**good, **change}) for change in false)
    sides = {"kind": "identity", "claim": "1 == 2", "variables": ["t"], "left": one, "right": one}
    assert not passes(sides)
    assert passes({**sides, "claim": "1 == 1"})


def test_the_second_checker_shares_no_code() -> None:
    imports = re.findall(r"^(?:from|import) (\w+)", RECHECK.read_text(), re.MULTILINE)
    assert set(imports) <= sys.stdlib_module_names


def test_the_catalogue_has_every_label_of_the_ledger_once() -> None:
    assert proofs.LEDGER == MARKER
    labels = [entry.label for entry in CATALOGUE]
    assert len(labels) == len(set(labels)) == 84
    ledger = read_ledger()
    assert ledger.broken == ()
    assert {statement.base for statement in ledger.statements.values()} <= set(labels)
