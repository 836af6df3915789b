"""The table of depths: what a paper prints against what the cost semantics derives, read from the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from precise.claims.expression import parse
from precise.claims.polynomials import Polynomial, quotient
from precise.claims.records import Run, StatementRecord
from precise.claims.verdict import Verdict
from precise.errors import DomainError
from precise.report.mathml import formula
from precise.report.parts import badge, css_class, link, sign, table

NOTE = re.compile(
    r"(?:printed (?P<printed>[^;]+); )?(?:critical path (?P<path>[^;]+); )?sequential (?P<sequential>[^;]+)"
)
TOKEN = re.compile(r"max|\d+|[a-zA-Z△]|[-+(),]")
BOUND = "at most "
NONE = "–"
SYMBOLS = ("m", "f", "s", "P", "T", "E", "R", "D")
"""Names of depths in the order of terms; D stands for △, the depth of sin and cos."""
TEX = {"f": "d_f", "R": "d_{sqrt}", "D": r"\triangle "}


@dataclass(frozen=True, slots=True)
class Depths:
    """A sum of depths in normal form: `least` names each minimum of two sums that occurs in it."""

    sum: Polynomial
    least: Mapping[str, tuple[Polynomial, Polynomial]] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> Depths:
        """Return what a text such as ``m(max(s+P, △)+2s)`` denotes; a maximum is the sum less the minimum.

        Examples
        --------
        >>> Depths.read("4(s+P)+△").tex()
        '4s+4P+\\\\triangle'
        """
        text = text.replace(" ", "").replace("△", "D")
        least: dict[str, tuple[Polynomial, Polynomial]] = {}
        names = (*SYMBOLS, "u", "v")

        def polynomial(part: str) -> Polynomial:
            try:
                return quotient(parse(spelled(part)), names).numerator
            except DomainError as error:
                raise DomainError(f"Depths: the text must be a sum of depths; got {text!r}") from error

        for name in ("u", "v"):
            if found := re.search(r"max\(([^(),]+),([^(),]+)\)", text):
                least[name] = (polynomial(found[1]), polynomial(found[2]))
                text = text.replace(found[0], f"({found[1]}+{found[2]}-{name})")
        return cls(polynomial(text), least)

    def minus(self, other: Depths) -> Depths:
        """Return the difference; the first of the two must have no minimum."""
        if self.least:
            raise DomainError("Depths: the first of a difference must have no maximum; got one")
        return Depths(self.sum - other.sum, other.least)

    @property
    def zero(self) -> bool:
        """Whether nothing is left."""
        return not self.sum.terms

    def tex(self) -> str:
        """Return the sum as TeX."""
        minima = {
            name: rf"\min({terms(a, {})},{terms(b, {})})" if str(a) != str(b) else terms(a, {})
            for name, (a, b) in self.least.items()
        }
        return terms(self.sum, minima)


def spelled(text: str) -> str:
    """Return the text with every multiplication written out."""
    tokens = TOKEN.findall(text)
    if "".join(tokens) != text:
        raise DomainError(f"Depths: the text must be a sum of depths; got {text!r}")
    out = ""
    for before, token in zip(["+", *tokens], tokens, strict=False):
        product = (before.isalnum() or before == ")") and (token.isalnum() or token == "(")
        out += f"*{token}" if product else token
    return out


def terms(polynomial: Polynomial, minima: Mapping[str, str]) -> str:
    """Return a polynomial in the depths as TeX."""
    shown = []
    for exponents, c in polynomial.terms.items():
        powers = zip(polynomial.variables, exponents, strict=True)
        names = "".join(minima.get(v) or TEX.get(v, v) for v, e in powers for _ in range(e))
        number = "" if abs(c) == 1 and names else str(abs(c))
        shown.append(f"{'-' if c < 0 else '+'}{number}{names}")
    return "".join(shown).removeprefix("+").strip() or "0"


@dataclass(frozen=True, slots=True)
class Row:
    """The depths of one statement as texts: printed (or nothing), critical path, sequential sum."""

    record: StatementRecord
    printed: str
    path: str
    sequential: str

    def cells(self) -> list[str]:
        """Return the cells of the table as HTML."""
        name = f"{link(self.record.label)}<br>{badge(self.record)}"
        derived = [depth_html(self.path) if self.path else NONE, depth_html(self.sequential)]
        if not self.printed:
            return [name, "<span class='soft'>not at hand</span>", *derived, NONE, NONE]
        beside = [self.beside(text) for text in (self.sequential, self.path)]
        return [name, depth_html(self.printed), *derived, *beside]

    def beside(self, text: str) -> str:
        """Return how the printed depth compares with a derived one."""
        return agreement(Depths.read(self.printed).minus(Depths.read(text.removeprefix(BOUND)))) if text else NONE


def depth_html(text: str) -> str:
    """Return a depth as formulas between which a line may break: one for the maps, one for the layers."""
    bound = text.startswith(BOUND)
    parts = re.split(r"(?=\+\d*m\()", text.removeprefix(BOUND))
    return ("at most " if bound else "") + " ".join(formula(raw_tex(part)) for part in parts)


def raw_tex(text: str) -> str:
    """Return a depth as TeX in the order in which it was written."""
    names = {"max": r"\max ", "△": TEX["D"], "R": TEX["R"], "f": TEX["f"]}
    return "".join(names.get(token, token) for token in TOKEN.findall(text))


def agreement(difference: Depths) -> str:
    """Return whether two depths agree, or the difference."""
    if difference.zero:
        return sign(Verdict.PROVED, "the same")
    parts = re.split(r"(?=[+]m?\\min)", difference.tex())
    return f"<b class='{css_class(Verdict.SIDE_CONDITION)}'>≠ differs</b> by " + " ".join(map(formula, parts))


def rows(run: Run) -> Iterator[Row]:
    """Yield the depths that the evidence of the run names."""
    for record in run.records:
        notes = (NOTE.fullmatch(e.note) for step in record.steps for e in step.evidence)
        for found in filter(None, notes):
            yield Row(record, found["printed"] or "", found["path"] or "", found["sequential"])


def depth_table(run: Run) -> str:
    """Return the table, or nothing where the run has no depths."""
    found = list(rows(run))
    if not found:
        return ""
    head = ("lemma", "printed", "critical path, derived", "all steps added, derived")
    difference = ("printed less added", "printed less critical path")
    return (
        "<h2 id='depths'>Depths, printed and derived</h2>"
        "<p>The derived depths come from running the body of each lemma with depths for numbers. "
        "Where no path is given, only the steps that the proof lists are added. "
        "A minimum stands where two branches run side by side: print adds both. "
        "<span class='soft'>s one operation, P iterated sum, T iterated product, E exp, △ sin and cos, "
        "d<sub>sqrt</sub> square root, d<sub>f</sub> a map between layers, m layers.</span></p>"
        + table((*head, *difference), [row.cells() for row in found], name="depths")
    )
