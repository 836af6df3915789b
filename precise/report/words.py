"""Words that the terminal and the HTML report share: icons, colours, legends, order of presentation."""

from __future__ import annotations

from precise.claims.evidence import Kind
from precise.claims.records import Run, StatementRecord, StepRecord
from precise.claims.verdict import Verdict

ICONS = {
    Verdict.PROVED: "✓",
    Verdict.PROVED_LISTED: "◑",
    Verdict.SIDE_CONDITION: "△",
    Verdict.ASSUMED: "§",
    Verdict.NOT_REFUTED: "~",
    Verdict.OPEN: "○",
    Verdict.INCONCLUSIVE: "?",
    Verdict.STALE: "↻",
    Verdict.REFUTED: "✗",
    Verdict.ERROR: "!",
}

KIND_LEGEND = {
    Kind.KERNEL: "theorem accepted by the Coq kernel, axioms listed (K*: with primitive numbers)",
    Kind.CERTIFICATE: (
        "exact rational certificate of the displayed inequalities and identities, checked again by proofs/recheck.py; "
        "that they imply the sentence of the step is an argument in prose, for the reader to follow"
    ),
    Kind.EXHAUSTIVE: "all cases of a finite domain: as many as its formula gives, which is the second number",
    Kind.ENCLOSURE: "rigorous balls cover the stated box",
    Kind.SMT: "negation unsatisfiable in two solvers, with a satisfiable mutant",
    Kind.IDENTITY: "symbolic identity by normal form over the rationals",
    Kind.ASSUMED: "cited from the literature, not checked here",
    Kind.SAMPLED: "sampled cases; proves nothing",
    Kind.COUNTEREXAMPLE: "exact counterexample, checked again by evaluation",
}

MARK_LEGEND = {
    "R": "read in a published text of the same authors",
    "V": "known from the public reviews of the paper",
    "M": "from memory of the literature",
    "D": "derived here",
    "P": "read in another published text",
}

VERDICT_LEGEND = {
    "✓ proved": "for everything that the statement speaks of: all p, all shapes",
    '◑ proved, scope with "only"': "within the finite scope that is printed (precisions, shapes, instances); "
    "nothing is claimed beyond it",
    "§ assumed": "what can be run holds, but at least one step is a theorem of the literature or a hypothesis that is "
    'not checked here. Every statement that something is in TC0 is of this sort; "rests on" names what it takes',
    "~ not refuted": "cases drawn with a seed or picked by hand, without a counterexample; proves nothing",
    "proved, of a definition": "the objects are well defined and have the properties of the steps; where a body or "
    "@package is named, the code of the package gives the defined values within the scope",
}

SYMBOL_LEGEND = {
    "p, u, t": "bits of the significand; u = 2^-p; t = 2^p",
    "λ, Ω": "the least and the largest positive float, 2^(p-1-2^p) and (2^p-1) 2^(2^p-1)",
    "s, P, T": "depth of one operation (+, -, x, /, comparison), of an iterated sum, of an iterated product",
    "E, R, △": "depth of exp, of a square root, of sin and cos",
    "d_f, m, n, d": "depth of a map between layers; number of layers; tokens; width",
    "critical path": "the longest chain of operations, each after those whose results it needs",
    "sequential": "the depths of all steps of the proof added, as the papers do, even if some could run side by side; "
    "a step that all layers share (the table of angles) is added once. So a bound on the critical path that charges "
    "it in every layer can be the larger one",
    "S1, S2, ...": "doubts about statements as printed, numbered before anything was checked",
    "X1, X2, ...": "further doubts, about sentences that a reader might add to the printed ones",
}

VERDICT_WORDS = {v: str(v) for v in Verdict} | {Verdict.PROVED_LISTED: "proved within a finite scope"}
"""The words beside the icons that `look` chooses."""

HEADLINE = {
    "proved": (Verdict.PROVED, Verdict.PROVED_LISTED),
    "refuted": (Verdict.REFUTED,),
    "assumed": (Verdict.ASSUMED,),
    "open": (Verdict.OPEN,),
}
"""The four numbers at the top of a report, with the verdicts that each counts."""


def look(record: StatementRecord | StepRecord) -> Verdict:
    """Return the verdict whose icon and colour are shown: a proof by list looks like one, whatever it lists."""
    return Verdict.PROVED_LISTED if record.finite else record.verdict


def extent_of_proofs(run: Run) -> str:
    """Return how many of the statements with the verdict "proved" are so for all, and how many by list."""
    part = run.proved_in_part()
    whole = run.counts().get(Verdict.PROVED, 0) - part
    return f"{whole} for all p and shapes, {part} within a stated finite scope"


def counts_line(run: Run) -> str:
    """Return the counts per verdict in words."""
    counts = run.counts()
    words = [f"{n} {v}" + (f" ({extent_of_proofs(run)})" if v is Verdict.PROVED else "") for v, n in counts.items()]
    return ", ".join(words) or "nothing was run"


def families(run: Run) -> list[list[StatementRecord]]:
    """Return the records grouped by label, each printed form beside its repair, in the order of the run."""
    grouped: dict[str, list[StatementRecord]] = {}
    home: dict[str, str] = {}
    for record in run.records:
        base = record.label.partition("@")[0]
        family = home.get(record.repairs) or home.get(base) or base
        home[record.label] = family
        home.setdefault(base, family)
        grouped.setdefault(family, []).append(record)
    return list(grouped.values())


def plain(text: str) -> str:
    """Return a sentence without the dollar signs of its formulas."""
    return text.replace("$", "")


def marks(mark: str) -> str:
    """Return the marks in brackets, as the catalogue writes them."""
    return " ".join(f"({m})" for m in mark.split(", ")) if mark else ""


def meanings(mark: str) -> str:
    """Return the marks with what each says of the source."""
    shown = []
    for part in filter(None, mark.split(", ")):
        letter, _, key = part.partition(" ")
        shown.append(f"({part}) {MARK_LEGEND[letter]}{f', {key}' if key else ''}")
    return "; ".join(shown)


def counted(n: int, noun: str) -> str:
    """Return the number with its noun, in the plural where it is due."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
