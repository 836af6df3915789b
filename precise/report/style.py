"""The style sheet of the HTML report: no fonts, no images, no script; colours after Okabe and Ito."""

from precise.claims.verdict import Verdict

COLOURS = {
    Verdict.PROVED: "#0072B2",
    Verdict.PROVED_LISTED: "#2A85B5",
    Verdict.SIDE_CONDITION: "#A86A00",
    Verdict.ASSUMED: "#A8588A",
    Verdict.NOT_REFUTED: "#7D7300",
    Verdict.OPEN: "#6B6B6B",
    Verdict.INCONCLUSIVE: "#6B6B6B",
    Verdict.STALE: "#A86A00",
    Verdict.REFUTED: "#C24A00",
    Verdict.ERROR: "#9B0000",
}
"""Blue for what holds, vermilion for what does not; each is always accompanied by its word and icon."""

CSS = """
:root { --ink: #1b1b1b; --soft: #595959; --line: #d9d9d9; --paper: #fff; --tint: #f4f5f6; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 68rem; padding: 1.75rem 1.25rem 4rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .25rem; letter-spacing: -.01em; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; line-height: 1.3; margin: 0; }
p { margin: .5rem 0; }
a { color: inherit; text-decoration-color: #a8a8a8; text-underline-offset: .2em; }
a:hover { text-decoration-color: currentColor; }
code {
  font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  overflow-wrap: anywhere;
}
math { font-size: 1.08em; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }

.numbers { display: grid; grid-template-columns: repeat(4, 1fr); gap: .75rem; margin: 1.25rem 0; }
.number { border: 1px solid var(--line); border-top: 4px solid var(--c); border-radius: 4px; padding: .6rem .8rem; }
.number b { display: block; font-size: 2rem; line-height: 1.15; color: var(--c); }
.number .small { display: block; }
.status { border-left: 4px solid var(--c); background: var(--tint); padding: .6rem .9rem; margin: 1rem 0; }
.status ul { margin: .3rem 0 0; padding-left: 1.2rem; overflow-wrap: anywhere; }

.badge { display: inline-flex; gap: .35em; white-space: nowrap; color: var(--c); font-weight: 600; }
.badge i { font-style: normal; }
.badge .soft { font-weight: 400; }

table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .8rem; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.why { color: var(--soft); overflow-wrap: anywhere; width: 45%; }
dl {
  display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem .9rem; margin: .5rem 0;
  font-size: .9rem;
}
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }

.family { display: grid; gap: 1rem; margin: 0 0 1.75rem; align-items: start; }
.pair { grid-template-columns: repeat(2, minmax(0, 1fr)); }
.pair > article:nth-child(n + 3), .pair > article:only-child { grid-column: 1 / -1; }
article {
  border: 1px solid var(--line); border-left: 4px solid var(--c); border-radius: 4px;
  padding: .8rem 1rem .9rem; min-width: 0; scroll-margin-top: 1rem;
}
.head { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .1rem 1rem; align-items: baseline; }
.form { text-transform: uppercase; letter-spacing: .06em; font-size: .72rem; font-weight: 600; margin: 0 0 .2rem; }
.tex { margin: .7rem 0; overflow-x: auto; overflow-y: hidden; padding: .15rem 0; }
.counter { background: var(--tint); border-radius: 4px; padding: .55rem .8rem; margin: .6rem 0; }
.counter ol { margin: .3rem 0; padding-left: 1.3rem; }

details { border-top: 1px solid var(--line); padding: .45rem 0 .1rem; margin-top: .45rem; }
summary { cursor: pointer; display: flex; gap: .1rem .7rem; align-items: baseline; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: "+"; color: var(--soft); width: .6em; flex: none; }
details[open] > summary::before { content: "\\2212"; }
summary > span:first-of-type { flex: 1; min-width: 0; }
summary .badge { font-size: .85rem; }
details > dl, details > p { margin-left: 1.3rem; }
.rests ul { margin: .2rem 0 0; padding-left: 1.2rem; }
footer { margin-top: 3rem; }

@media (max-width: 44rem) {
  body { padding: 1.1rem .9rem 3rem; }
  .numbers { grid-template-columns: repeat(2, 1fr); }
  .pair { grid-template-columns: minmax(0, 1fr); }
  .wide { display: none; }
  .badge { white-space: normal; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin-bottom: .4rem; }
  summary { flex-wrap: wrap; }
  summary > span:first-of-type { flex-basis: 80%; }
  summary .badge { flex-basis: 100%; padding-left: 1.3rem; }
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --soft: #a8a8a8; --line: #3c4043; --paper: #17191b; --tint: #212427; }
  .badge, .number b { filter: brightness(1.5); }
}
@media print {
  :root { --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --tint: #f4f5f6; }
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  .number, .counter, tr { break-inside: avoid; }
  .badge, .number b { filter: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
  summary::before { display: none; }
}
"""
