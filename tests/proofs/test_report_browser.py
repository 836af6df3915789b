"""The HTML report in a headless browser: nothing fetched, nothing cut off, readable by all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from oracles.chromium import Browser

from precise.claims import Run, verify
from precise.report import write_html

LABELS = ("def:slash", "lem:round-rel-error", "def:softmax", "lem:rope-layer", "fact:khatri-rao-right-false", "lem:mlp")
BROKEN = (
    "<!doctype html><html><body><img src='http://localhost:1/x.png'><div style='width:2000px'>wide</div>"
    "<p style='color:#aaa;background:#fff'>pale</p><details><summary>s</summary><dl>hidden</dl></details>"
    "<h1>a</h1><h3>b</h3><a href='#nowhere'>x</a></body></html>"
)
LONG = "+".join(["B", *(f"{i}p" for i in range(2, 40))])
HARD = rf"""
from precise.claims import *

STATEMENT = Statement(
    label="lem:hard", title="A title with {"x" * 90}", mark="D", tex=r"$w={LONG}$ and $\frac{{{LONG}}}{{2}}$",
    hypotheses=("t >= 4",), witness={{"t": 4}}, where="{"y" * 90}",
    steps=(
        Step(
            id="hard", says=r"Long: ${LONG}={LONG}$, $(({LONG}))$ and {"z" * 90}.", formal="{"a" * 200}",
            check=lambda: Counterexample(
                values={{"a": 10**90, "b": "{"w" * 90}"}}, refutes="a > 0", lines=("2**{"3" * 90}",), order="{"o" * 90}"
            ),
            expects="refuted",
            mutants=(Control("{"m" * 90}", lambda: assumed("{"s" * 90}", Scope.without_p("{"c" * 90}"))),),
        ),
        cited(id="cited", says="Cited.", formal="{"f" * 90}", source="{"l" * 90}"),
    ),
)
"""
HIDDEN = """[...document.querySelectorAll('details > :not(summary)')]
  .filter(x => !x.checkVisibility({contentVisibilityAuto: true}) || !x.getClientRects().length).length"""
DANGLING = """[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))
  .filter(h => !h.startsWith('#') || !document.getElementById(h.slice(1)))"""
HEADINGS = "[...document.querySelectorAll('h1, h2, h3, h4')].map(h => Number(h.tagName[1]))"
WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
TEXTS = """(() => {
  const clear = c => c === 'rgba(0, 0, 0, 0)' || c === 'transparent';
  const found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || at.closest('title, style') || !at.checkVisibility()) continue;
    const style = getComputedStyle(at);
    let ground = null;
    if (at.closest('svg')) {
      const box = at.parentElement.querySelector(':scope > rect');
      if (box) ground = getComputedStyle(box).fill;
    }
    for (let e = at; !ground; e = e.parentElement) {
      const c = getComputedStyle(e).backgroundColor;
      if (!clear(c)) ground = c; else if (!e.parentElement) ground = 'rgb(255, 255, 255)';
    }
    found.add([at.closest('svg') ? style.fill : style.color, ground].join(';'));
  }
  return [...found];
})()"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as found:
        yield found


@pytest.fixture(scope="module")
def run() -> Run:
    return verify(None, LABELS)


@pytest.fixture(scope="module")
def page(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_html(run, path, date="2026-11-22")
    return path


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("broken") / "broken.html"
    path.write_text(BROKEN)
    return path


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of formulas and words that are wider than a phone."""
    folder = tmp_path_factory.mktemp("hard")
    (folder / "lem_hard.py").write_text(HARD, encoding="utf-8")
    run = verify(folder)
    assert run.problems == ()
    write_html(run, folder / "report.html", date="2026-11-22")
    return folder / "report.html"


@pytest.fixture
def report(browser: Browser, page: Path) -> Browser:
    """The report, open at the width of a desk."""
    browser.media()
    browser.open(page)
    return browser


def contrast(one: str, other: str) -> float:
    """Return the contrast of two CSS colours as WCAG 2.2 defines it."""

    def luminance(colour: str) -> float:
        parts = [float(x) / 255 for x in colour.removeprefix("rgb(").removesuffix(")").split(",")]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def pale(browser: Browser) -> list[str]:
    """Return the pairs of text and ground with less contrast than WCAG AA asks of small text."""
    return [pair for pair in browser.ask(TEXTS) if contrast(*pair.split(";")) < 4.5]


def skips(browser: Browser) -> list[tuple[int, int]]:
    """Return the places where the order of headings leaves out a level."""
    levels = browser.ask(HEADINGS)
    return [(a, b) for a, b in zip([0, *levels], levels, strict=False) if b > a + 1]


def test_the_judge_sees_what_is_wrong(browser: Browser, broken: Path) -> None:
    browser.media()
    browser.requests.clear()
    browser.open(broken, width=360)
    assert "http://localhost:1/x.png" in browser.requests
    assert browser.ask(WIDTHS)[0] > 360
    assert browser.ask(HIDDEN) == 1
    assert browser.ask(DANGLING) == ["#nowhere"]
    assert pale(browser)
    assert skips(browser) == [(1, 3)]


def test_nothing_is_fetched(browser: Browser, page: Path) -> None:
    browser.requests.clear()
    browser.open(page)
    assert browser.requests == [page.as_uri()]
    assert browser.ask("document.querySelectorAll('script, img, iframe, link').length") == 0


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
@pytest.mark.parametrize("kind", ["page", "hard"])
def test_no_width_is_overflown(browser: Browser, width: int, kind: str, request: pytest.FixtureRequest) -> None:
    browser.media()
    browser.open(request.getfixturevalue(kind), width=width)
    for unfold in ("false", "true"):
        browser.ask(f"document.querySelectorAll('details').forEach(d => d.open = {unfold})")
        needed, there = browser.ask(WIDTHS)
        assert needed <= there


def test_links_lead_somewhere(report: Browser) -> None:
    assert report.ask("document.querySelectorAll('a').length") > 50
    assert report.ask(DANGLING) == []
    assert report.ask(
        "[...document.querySelectorAll('[id]')].length == new Set([...document.querySelectorAll('[id]')]"
        ".map(e => e.id)).size"
    )


def test_formulas_are_drawn(report: Browser) -> None:
    widths = report.ask("[...document.querySelectorAll('article .tex math')].map(m => m.getBoundingClientRect().width)")
    assert len(widths) > 10
    assert min(widths) > 3
    text = report.ask("document.querySelector('body').innerText")
    assert "\\frac" not in text
    assert "$" not in text


def test_folds_are_closed_on_a_screen_and_open_on_paper(report: Browser) -> None:
    folds = report.ask("document.querySelectorAll('details').length")
    assert folds > 20
    assert report.ask(HIDDEN) >= folds
    report.media("print")
    assert report.ask(HIDDEN) == 0
    assert len(report.send("Page.printToPDF")["data"]) > 100_000


def test_the_graph_has_a_node_for_each_label(report: Browser, run: Run) -> None:
    labels = {record.label.partition("@")[0] for record in run.records}
    nodes = report.ask(
        "[...document.querySelectorAll('.graph svg a')].map(a => a.querySelectorAll('text')[1].textContent)"
    )
    assert sorted(nodes) == sorted(labels)
    titles = report.ask("[...document.querySelectorAll('.graph svg a > title')].map(t => t.textContent)")
    for record in run.records:
        (title,) = [t for t in titles if t.startswith(record.label.partition("@")[0] + ",")]
        assert str(record.verdict) in title
    assert report.ask("""[...document.querySelectorAll('.edges path')].every(path => {
        const [from, to] = [path.getPointAtLength(0), path.getPointAtLength(path.getTotalLength())];
        return [from, to].every(p => Math.abs(p.y) < 1e5) && from.y != to.y; })""")


def test_the_graph_scrolls_in_its_own_box_on_a_phone(browser: Browser, page: Path) -> None:
    browser.media()
    browser.open(page, width=360)
    needed, there = browser.ask("(b => [b.scrollWidth, b.clientWidth])(document.querySelector('.graph .scroll'))")
    assert there < 360 < needed


def test_it_can_be_heard(report: Browser) -> None:
    assert skips(report) == []
    assert report.ask(HEADINGS).count(1) == 1
    assert report.ask("[...document.querySelectorAll('svg, nav')].every(e => e.getAttribute('aria-label'))")
    assert report.ask("[...document.querySelectorAll('th')].every(e => e.getAttribute('scope'))")
    assert report.ask("document.documentElement.lang") == "en"
    words = report.ask("[...document.querySelectorAll('b[class^=v-]')].map(b => b.textContent)")
    assert len(words) > 50
    assert all(any(letter.isalpha() for letter in word) for word in words)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_seen(report: Browser, scheme: str) -> None:
    report.media(prefers_color_scheme=scheme)
    pairs = report.ask(TEXTS)
    assert len(pairs) >= 8
    assert pale(report) == []
    dark = report.ask("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (scheme == "dark")


def test_paper_is_white_and_wide_enough(report: Browser, page: Path) -> None:
    report.open(page, width=720)
    report.media("print", prefers_color_scheme="dark")
    assert report.ask("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert pale(report) == []
    needed, there = report.ask(WIDTHS)
    assert needed <= there
