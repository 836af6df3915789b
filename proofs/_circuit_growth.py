"""Sizes of networks: how many circuits of each operation there are, and the polynomial that follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from precise.claims import Scope, decide_inequality
from precise.claims.expression import parse, rational
from precise.studies.networks import BODIES
from proofs._circuit_networks import SHAPES, Sizes, built, sketch_of
from proofs._circuits import Instance, all_equal
from proofs._float_evidence import Outcome

GATES = {
    "add": 45,
    "subtract": 45,
    "multiply": 21,
    "divide": 73,
    "negative": 1,
    "sqrt": 86,
    "exp": 3861,
    "sin": 11_559,
    "cos": 11_557,
    "sum": 34,
}
"""An operation on p bits has at most C p^2 gates on its sweep, a sum of n terms C p^2 n^2."""
WIRES = {
    "add": 151,
    "subtract": 151,
    "multiply": 61,
    "divide": 225,
    "negative": 1,
    "sqrt": 390,
    "exp": 18_491,
    "sin": 38_846,
    "cos": 38_840,
    "sum": 36,
}
"""An operation on p bits has at most C p^3 wires on its sweep, a sum of n terms C p^3 n^3."""


@dataclass(frozen=True, slots=True)
class Grows:
    """A body with the number of circuits of each operation, `sum:n**2` being a sum of n^2 terms, and two monomials.

    Gates are at most a constant times `gates`, wires at most a constant times `wires`.
    """

    body: str
    counts: Mapping[str, str]
    gates: str
    wires: str

    def monomial(self, what: str) -> str:
        """Return the monomial of gates or wires."""
        return self.gates if what == "gates" else self.wires

    def polynomial(self, what: str) -> str:
        """Return the sum over all circuits of the bounds of their operations."""
        table, power = (GATES, 2) if what == "gates" else (WIRES, 3)
        parts = []
        for kind, count in self.counts.items():
            name, _, terms = kind.partition(":")
            many = f"*({terms})**{power}" if terms else ""
            parts.append(f"({count})*{table[name]}*p**{power}{many}")
        return " + ".join(parts)

    def constant(self, what: str) -> Fraction:
        """Return the least constant: the value of the polynomial at n = d = p = 1."""
        return value(self.polynomial(what), n=1, d=1, p=1)

    def bound(self, what: str) -> str:
        """Return the constant times the monomial."""
        return f"{self.constant(what)}*{self.monomial(what)}"


def value(text: str, **names: int) -> Fraction:
    """Return a polynomial at integers."""
    return rational(parse(text), {name: Fraction(number) for name, number in names.items()})


def counts_hold(bodies: Sequence[Grows], extra: int = 0) -> Outcome:
    """Check how many circuits of each operation a body has, at all shapes."""

    def rows() -> Iterator[Instance]:
        for body in bodies:
            for n, d in SHAPES:
                claimed = Counter[str]()
                for kind, count in body.counts.items():
                    name, _, terms = kind.partition(":")
                    named = f"{name} {value(terms, n=n, d=d)}" if terms else name
                    claimed[named] += int(value(count, n=n, d=d)) + extra
                got = sketch_of(BODIES[body.body], n, d).instances
                yield f"{body.body}, n = {n}, d = {d}: circuits", written(got), written(claimed)

    return all_equal(rows(), len(bodies) * len(SHAPES), "n in 2..4, d in {2, 4, 6}")


def written(counts: Mapping[str, int]) -> str:
    """Return counts as text."""
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()) if count)


def bound_follows(body: Grows, what: str, share: str = "1") -> Outcome:
    """Return a certificate that the sum over all circuits is at most the bound, for all n, d, p."""
    claim = f"{share}*{body.bound(what)} >= {body.polynomial(what)}"
    return decide_inequality(
        claim,
        {"n": 1, "d": 1, "p": 1},
        scope=Scope.all_p(1),
        sharpness="sharp at n = d = p = 1",
        note=f"{body.body}: {what} <= {body.bound(what)}",
    )


def below_sum(bodies: Sequence[Grows], sizes: Sizes, share: Fraction = Fraction(1)) -> Outcome:
    """Check that built networks have at most the sum over all circuits of the bounds, of which `share` counts."""

    def rows() -> Iterator[Instance]:
        for body in bodies:
            for p, n, d in sizes:
                size = built(BODIES[body.body], p, n, d).size
                for what, got in (("gates", size.gates), ("wires", size.wires)):
                    bound = int(share * value(body.polynomial(what), n=n, d=d, p=p))
                    yield f"{body.body}, p = {p}, n = {n}, d = {d}: {what} at most {bound}", max(got, bound), bound

    precisions = sorted({p for p, _, _ in sizes})
    return all_equal(rows(), 2 * len(bodies) * len(sizes), f"(p, n, d) in {sizes}", precisions=precisions)
