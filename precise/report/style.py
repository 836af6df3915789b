"""The style sheet of the HTML report: no fonts, no images, no script; colours after Okabe and Ito."""

from precise.claims.verdict import Verdict
from precise.report.parts import css_class

COLOURS = {
    Verdict.PROVED: ("#0068A3", "#6CB8EC"),
    Verdict.PROVED_LISTED: ("#1F759F", "#7FC2E0"),
    Verdict.SIDE_CONDITION: ("#8F5A00", "#E8B04B"),
    Verdict.ASSUMED: ("#99497B", "#E0A2C6"),
    Verdict.NOT_REFUTED: ("#6C6300", "#D8CC4A"),
    Verdict.OPEN: ("#636363", "#B4B4B4"),
    Verdict.INCONCLUSIVE: ("#636363", "#B4B4B4"),
    Verdict.STALE: ("#8F5A00", "#E8B04B"),
    Verdict.REFUTED: ("#B04300", "#FF9A5C"),
    Verdict.ERROR: ("#9B0000", "#FF8F8F"),
}
"""On a light and on a dark ground: blue for what holds, vermilion for what does not, always with word and icon."""

LIGHT = {"ink": "#1b1b1b", "soft": "#595959", "line": "#d9d9d9", "paper": "#ffffff", "tint": "#f4f5f6"}
DARK = {"ink": "#e8e8e8", "soft": "#a8a8a8", "line": "#3c4043", "paper": "#17191b", "tint": "#212427"}
PRINT = {"ink": "#000000", "soft": "#444444", "line": "#bbbbbb", "paper": "#ffffff", "tint": "#f4f5f6"}


def variables(ground: dict[str, str]) -> str:
    """Return the colours of a ground as declarations."""
    return "".join(f"--{name}:{value};" for name, value in ground.items())


def verdict_colours(number: int) -> str:
    """Return the rules that set the colour of each verdict, 0 on a light and 1 on a dark ground."""
    return "".join(f".{css_class(v)}{{--c:{pair[number]}}}" for v, pair in COLOURS.items())


CSS = (
    f"""
:root {{{variables(LIGHT)}}}
{verdict_colours(0)}
@media screen and (prefers-color-scheme: dark) {{ :root {{{variables(DARK)}}} {verdict_colours(1)} }}
@media print {{ :root {{{variables(PRINT)}}} }}
"""
    + """
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  overflow-wrap: break-word;
  margin: 0 auto; max-width: 70rem; padding: 1.75rem 1.25rem 4rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 .25rem; letter-spacing: -.01em; }
h2 {
  font-size: 1.25rem; margin: 3rem 0 .9rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line);
  scroll-margin-top: .5rem;
}
h3 { font-size: 1.05rem; line-height: 1.3; margin: 0; }
p { margin: .5rem 0; }
header p { margin: 0; }
a { color: inherit; text-decoration-color: var(--soft); text-underline-offset: .2em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; border-radius: 2px; }
:target { outline: 2px solid var(--soft); outline-offset: 2px; }
code {
  font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  overflow-wrap: anywhere;
}
math { font-size: 1.08em; }
sup, sub { line-height: 0; font-size: .75em; }
small { font-size: .875em; color: var(--soft); font-weight: 400; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
nav { margin: 1rem 0; line-height: 1.9; }

.numbers { display: grid; grid-template-columns: repeat(4, 1fr); gap: .75rem; margin: 1.25rem 0; }
.number { border: 1px solid var(--line); border-top: 4px solid var(--c); border-radius: 4px; padding: .6rem .8rem; }
.number b { display: block; font-size: 2.1rem; line-height: 1.15; color: var(--c); }
.number .small { display: block; }
.status { border-left: 4px solid var(--c); background: var(--tint); padding: .6rem .9rem; margin: 1rem 0; }
.status ul { margin: .3rem 0 0; padding-left: 1.2rem; overflow-wrap: anywhere; }

b[class^="v-"] { white-space: nowrap; color: var(--c); font-weight: 600; }

.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .8rem; vertical-align: bottom; }
th, td { padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--line); }
td { vertical-align: top; overflow-wrap: anywhere; }
td:last-child, th:last-child { padding-right: 0; }
td.why { color: var(--soft); width: 45%; }
tr.band th { padding-top: 1.4rem; color: var(--ink); font-size: .9rem; }
.refuted td:first-child { width: 30%; }
.refuted td:last-child { width: 22%; }
.doubts td:first-child { white-space: nowrap; }
.doubts td:nth-child(2) { width: 45%; }
.depths { font-size: .85rem; }
.depths th, .depths td { overflow-wrap: normal; padding-right: .7rem; }
.depths td:first-child { white-space: nowrap; }

.graph { margin: 0; }
.graph .scroll { border: 1px solid var(--line); border-radius: 4px; padding: .25rem; }
.graph svg { display: block; margin: 0 auto; }
.graph figcaption { font-size: .875rem; color: var(--soft); margin-top: .6rem; }
.graph figcaption b { margin-right: 1rem; }
.graph rect { fill: var(--paper); stroke: var(--c); stroke-width: 1.5; }
.graph text { font-size: 11.5px; fill: var(--ink); }
.graph svg > text { font-weight: 600; font-size: 13px; fill: var(--soft); }
.graph text.icon, .graph text.v-refuted { fill: var(--c); font-weight: 700; }
.graph a { text-decoration: none; outline: none; }
.graph a:is(:hover, :focus-visible) rect { stroke-width: 3; fill: var(--tint); }
.graph .band { stroke: var(--line); fill: none; }
.graph marker path { fill: var(--soft); }
.edges path { fill: none; stroke: var(--soft); stroke-width: 1; opacity: .55; marker-end: url(#tip); }
.edges .taken { stroke-dasharray: 3 3; opacity: .35; }

dl {
  display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem .9rem; margin: .5rem 0;
  font-size: .9rem;
}
dt { color: var(--soft); }
dd { margin: -.2em 0; padding: .2em 0; overflow-wrap: anywhere; overflow-x: auto; overflow-y: hidden; }

.family { display: grid; gap: 1rem; margin: 0 0 1.75rem; align-items: start; }
.pair { grid-template-columns: repeat(2, minmax(0, 1fr)); }
.pair > article:nth-child(n + 3), .pair > article:only-child { grid-column: 1 / -1; }
article {
  border: 1px solid var(--line); border-left: 4px solid var(--c); border-radius: 4px;
  padding: .8rem 1rem .9rem; min-width: 0; scroll-margin-top: .75rem;
}
.head h3, .small { min-width: 0; overflow-x: auto; overflow-y: hidden; }
.head { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .1rem 1rem; align-items: baseline; }
.head + p { margin: .1rem 0; }
.form { text-transform: uppercase; letter-spacing: .06em; font-size: .72rem; font-weight: 600; margin: 0 0 .2rem; }
.form:empty { display: none; }
.tex { margin: .45rem 0; overflow-x: auto; overflow-y: hidden; padding: .4rem 0; }
.counter { background: var(--tint); border-radius: 4px; padding: .55rem .8rem; margin: .6rem 0; }
.counter ol { margin: .3rem 0; padding-left: 1.3rem; overflow-wrap: anywhere; }
.counter p { margin: 0; }

details { border-top: 1px solid var(--line); padding: .45rem 0 .1rem; margin-top: .45rem; }
summary { cursor: pointer; display: flex; gap: .1rem .7rem; align-items: baseline; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: "+"; color: var(--soft); width: .6em; flex: none; }
details[open] > summary::before { content: "\\2212"; }
summary > span:first-of-type {
  flex: 1; min-width: 0; overflow-x: auto; overflow-y: hidden; overflow-wrap: anywhere;
  padding: .25em 0; margin: -.25em 0;
}
summary > b { font-size: .85rem; }
details > dl, details > p { margin-left: 1.3rem; }
.rests { border-top: 1px solid var(--line); margin-top: .45rem; padding-top: .3rem; }
.rests p { margin: .2rem 0; }
.rests ul { margin: .2rem 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
footer { margin-top: 3rem; }
footer ol { padding-left: 1.8rem; }

@media screen and (max-width: 44rem) {
  body { padding: 1.1rem .9rem 3rem; }
  .numbers { grid-template-columns: repeat(2, 1fr); }
  .pair { grid-template-columns: minmax(0, 1fr); }
  .wide { display: none; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin-bottom: .4rem; }
  summary { flex-wrap: wrap; }
  summary > span:first-of-type { flex-basis: 80%; }
  summary > b { flex-basis: 100%; padding-left: 1.3rem; }
  .refuted, .refuted tbody, .refuted tr, .refuted td, .doubts, .doubts tbody, .doubts tr, .doubts td { display: block; }
  .refuted thead, .doubts thead { display: none; }
  .refuted td, .doubts td { width: auto !important; border: 0; padding: .15rem 0; }
  .refuted tr, .doubts tr { border-bottom: 1px solid var(--line); padding: .5rem 0; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print {
  :root { color-scheme: light; font-size: 9.5pt; }
  body { max-width: none; padding: 0; line-height: 1.4; }
  nav { display: none; }
  .number, .counter, tr { break-inside: avoid; }
  h2, h3, summary { break-after: avoid; }
  .scroll { overflow: visible; }
  .graph svg { width: 100%; height: auto; max-height: 24cm; }
  .depths { font-size: 7.5pt; }
  .depths th { font-size: 7pt; }
  .depths th, .depths td { padding-right: .35rem; }
  .pair { grid-template-columns: minmax(0, 1fr); }
  details::details-content { content-visibility: visible; block-size: auto; }
  summary::before { display: none; }
}
"""
)
