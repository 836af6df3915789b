"""Circuits of the largest and the least of n floats, of sine and cosine, and of the inner product."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import islice
from itertools import product as cartesian

import numpy as np

from precise import RNE, paper_float, rounded
from precise.circuits import Circuit, Layout, evaluate
from precise.claims import Counterexample, Evidence, Further, Kind, Mutant, Scope, Statement, Step, Tier
from proofs._circuit_lemmas import (
    Family,
    Sizes,
    Subject,
    cosine,
    largest,
    least,
    measured,
    member,
    sine,
    small,
    steps_of,
    tex,
)
from proofs._circuits import with_threshold
from proofs._float_evidence import PRODUCER, Outcome

FACTORS = tuple(Fraction(k, 8) for k in (-12, 0, 1, 8, 24))
CHUNK = 1 << 16
"""How many arguments are compared at once."""
EXTREMUM_SWEEP = ((2, 2), (2, 3), (2, 4), (3, 3), (4, 2), (4, 4), (8, 2), (3, 8))
MAXIMUM = Subject(
    name="max",
    right=largest,
    depth=6,
    settled=2,
    quick=((2, 2), (3, 2)),
    full=((2, 2), (3, 2), (2, 3), (4, 2)),
    sweep=EXTREMUM_SWEEP,
    gates=(6, 1, 2),
    wires=(11, 2, 2),
)
MINIMUM = Subject(
    name="min",
    right=least,
    depth=6,
    settled=2,
    quick=((2, 2), (3, 2)),
    full=((2, 2), (3, 2), (2, 3), (4, 2)),
    sweep=EXTREMUM_SWEEP,
    gates=(6, 1, 2),
    wires=(11, 2, 2),
)
SINE = Subject(
    name="sin",
    right=sine,
    depth=34,
    settled=2,
    quick=small((2,)),
    full=small((2, 3, 4)),
    sweep=small((2,)),
    gates=(11_559, 2, 0),
    wires=(38_846, 3, 0),
    more=small((3, 4, 5, 6)),
)
COSINE = Subject(
    name="cos",
    right=cosine,
    depth=33,
    settled=2,
    quick=small((2,)),
    full=small((2, 3, 4)),
    sweep=small((2,)),
    gates=(11_557, 2, 0),
    wires=(38_840, 3, 0),
    more=small((3, 4, 5, 6)),
)
DOT = Family(
    name="dot",
    depth=38,
    settled=3,
    sweep=((2, 2), (2, 3), (2, 4), (3, 3), (4, 2), (4, 4), (8, 2)),
    gates=(39, 2, 2),
    wires=(50, 3, 3),
)


def inner_products_agree(
    sizes: Sizes, second: tuple[Fraction, ...] = (), change: Callable[[Circuit], Circuit] = lambda c: c
) -> Outcome:
    """Compare the circuit of the inner product with rounded products and one rounded sum, at all (p, n) vectors.

    Entries of the second vector are the listed ones where there are any, else all floats.
    """
    cases, expected = 0, 0
    for p, n in sizes:
        layout, xp = Layout.paper(p), rounded(paper_float(p), RNE, overflow="saturate")
        codes = np.array(layout.codes())
        numbers = np.array([layout.decode(int(c)).to_float() for c in codes])
        order = np.argsort(numbers)
        chosen = [i for i in range(len(codes)) if not second or Fraction(float(numbers[i])) in second]
        expected += (2 ** (2 * p + 1) + 1) ** n * (len(second) or 2 ** (2 * p + 1) + 1) ** n
        every = cartesian(*[range(len(codes))] * n, *[chosen] * n)
        while chunk := list(islice(every, CHUNK)):
            places = np.array(chunk)
            got = evaluate(change(member("dot", p, n)), *(codes[places[:, i]] for i in range(2 * n)))[0]
            x, y = (xp.asarray(numbers[places[:, half]]) for half in (slice(n), slice(n, 2 * n)))
            right = xp.sum(xp.multiply(x, y), axis=-1).to_float64()
            found = np.minimum(np.searchsorted(numbers[order], right), len(codes) - 1)
            wrong = np.flatnonzero(codes[order[found]] != got)
            if wrong.size:
                at = int(wrong[0])
                values = {f"{'xy'[i // n]}{i % n}": layout.decode(int(codes[c])) for i, c in enumerate(chunk[at])}
                return Counterexample(
                    values={"p": p, **values, "got": layout.decode(int(got[at])), "right": Fraction(float(right[at]))},
                    refutes="got != right",
                    order="the order of the sizes, then of the codes",
                    cases=cases + at + 1,
                )
            cases += len(got)
    limits = [f"second factors {', '.join(map(str, second))}"] if second else []
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.listed_p(sorted({p for p, _ in sizes}), f"(p, n) in {sizes}", *limits),
        cases=cases,
        expected=expected,
        producer=PRODUCER,
    )


def lower(circuit: Circuit) -> Circuit:
    """Return a circuit with the threshold of its first output lowered."""
    return with_threshold(circuit, int(circuit.output_sources[0]) - circuit.n_inputs, -1)


EXTREMA_CIRCUIT = Statement(
    label="lem:basic-ops@extrema",
    of_code=True,
    title="Circuits of the largest and the least",
    mark="D",
    tex=r"The largest and the least of $n$ floats of $\mathbb F_p$ have threshold circuits of depth 6.",
    steps=(*steps_of(MAXIMUM, "the largest argument", "max"), *steps_of(MINIMUM, "the least argument", "min")),
)

SINE_CIRCUIT = Statement(
    label="lem:sincos@circuit",
    of_code=True,
    title="Circuits of sine and cosine of bounded arguments",
    mark="D",
    tex=(
        r"For $|x|<8$, $\sin x$ and $\cos x$ on $\mathbb F_p$ have threshold circuits of depth "
        r"$d_\triangle=34$ and 33; at other floats these give 0."
    ),
    steps=(
        *steps_of(SINE, r"$\sin x$, rounded once, where $|x|<8$, and 0 elsewhere,", "sin"),
        *steps_of(COSINE, r"$\cos x$, rounded once, where $|x|<8$, and 0 elsewhere,", "cos"),
    ),
)

_GATES, _WIRES = (f"{c} p^{a} n^{b}" for c, a, b in (DOT.gates, DOT.wires))
DOT_STEPS = (
    Step(
        id="inner-product-agrees",
        of_code=True,
        says="For p = 2 the circuit of $xy+x'y'$ gives two rounded products and one rounded sum where it is listed.",
        formal="p = 2, n = 2, all x in F_p^n, y_i in -3/2, 0, 1/8, 1, 3: circuit = round(sum of round(x_i y_i))",
        check=lambda: inner_products_agree(((2, 2),), FACTORS),
        mutants=(
            Mutant("the threshold of the last bit lowered", lambda: inner_products_agree(((2, 2),), FACTORS, lower)),
        ),
        further=(
            Further(
                tier=Tier.FULL,
                check=lambda: inner_products_agree(((2, 2),)),
                mutants=(
                    Mutant("the threshold of the last bit lowered", lambda: inner_products_agree(((2, 2),), (), lower)),
                ),
            ),
        ),
    ),
    Step(
        id="depth-and-size",
        of_code=True,
        says=f"Its depth is 38 on the sweep, with at most ${tex(_GATES)}$ gates, ${tex(_WIRES)}$ wires.",
        formal=f"(p, n) in {DOT.sweep}: depth = 38 from p = 3, gates <= {_GATES}, wires <= {_WIRES}",
        check=lambda: measured(DOT, 38),
        mutants=(
            Mutant("one level less", lambda: measured(DOT, 37)),
            Mutant("bounds times 900/1000", lambda: measured(DOT, 38, 900)),
        ),
    ),
)
