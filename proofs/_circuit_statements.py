"""Circuits of floor, square root, exponential, iterated sum and product, as forms of their lemmas."""

from __future__ import annotations

from precise.claims import Statement
from proofs._circuit_lemmas import Subject, added, exponential, floored, multiplied, rooted, small, steps_of

SUM = Subject(
    name="sum",
    right=added,
    depth=27,
    settled=2,
    quick=((2, 2),),
    full=((2, 2), (2, 3), (3, 2)),
    sweep=((2, 2), (2, 3), (2, 4), (3, 3), (4, 2), (4, 4), (8, 2)),
    gates=(34, 2, 2),
    wires=(36, 3, 3),
    more=((2, 8), (2, 16), (4, 8), (6, 9), (6, 16), (8, 4), (8, 8), (16, 3), (24, 2)),
)
PRODUCT = Subject(
    name="prod",
    right=multiplied,
    depth=20,
    settled=4,
    quick=((2, 2),),
    full=((2, 2), (2, 3), (3, 2)),
    sweep=((2, 2), (2, 4), (2, 8), (3, 3), (4, 4), (4, 8), (8, 2), (8, 4)),
    gates=(36, 1, 2),
    wires=(66, 2, 2),
)
FLOOR = Subject(
    name="floor",
    right=floored,
    depth=6,
    settled=2,
    quick=small((2, 3, 4, 5)),
    full=small((2, 3, 4, 5, 6)),
    sweep=small((2, 3, 4, 6, 8, 12, 16, 24)),
    gates=(8, 1, 0),
    wires=(15, 2, 0),
)
ROOT = Subject(
    name="sqrt",
    right=rooted,
    depth=24,
    settled=5,
    quick=small((2, 3, 4, 5)),
    full=small((2, 3, 4, 5, 6, 7)),
    sweep=small((2, 3, 4, 5, 6, 8)),
    gates=(86, 2, 0),
    wires=(780, 2, 0),
)
EXPONENTIAL = Subject(
    name="exp",
    right=exponential,
    depth=28,
    settled=2,
    quick=small((2,)),
    full=small((2, 3, 4, 5, 6)),
    sweep=small((2, 3)),
    gates=(3861, 2, 0),
    wires=(18_491, 3, 0),
    more=small((4, 5, 6, 8)),
)

SUM_CIRCUIT = Statement(
    label="lem:iterated-sum@circuit",
    of_code=True,
    title="A circuit of the iterated sum",
    mark="D",
    tex=(
        r"The sum of $n$ floats of $\mathbb F_p$ with any exponents, exact and rounded once, has threshold "
        r"circuits of depth $d_\oplus=27$: gaps between neighbouring exponents are clipped at "
        r"$2p+\lceil\log_2n\rceil+1$."
    ),
    steps=steps_of(SUM, "the exact sum, rounded once,"),
)

PRODUCT_CIRCUIT = Statement(
    label="lem:iterated-product@circuit",
    of_code=True,
    title="A circuit of the iterated product",
    mark="D",
    tex=(
        r"The product of $n$ floats of $\mathbb F_p$, exact and rounded once, has threshold circuits of depth "
        r"$d_\otimes=20$: residues modulo small primes multiply by adding discrete logarithms."
    ),
    steps=steps_of(PRODUCT, "the exact product, rounded once,"),
)

FLOOR_CIRCUIT = Statement(
    label="lem:floor@circuit",
    of_code=True,
    title="A circuit of floor",
    mark="D",
    tex=r"Floor on $\mathbb F_p$ has threshold circuits of depth 6 with $8p$ gates.",
    steps=steps_of(FLOOR, "the integer below"),
)

ROOT_CIRCUIT = Statement(
    label="lem:sqrt@circuit",
    of_code=True,
    title="A circuit of the square root",
    mark="D",
    tex=(
        r"The correctly rounded square root on $\mathbb F_p$ has threshold circuits of depth $d_{sqrt}=24$: a "
        r"table of polynomials through Chinese remainders, and one correction by the integer remainder."
    ),
    steps=steps_of(ROOT, "the square root, rounded once,"),
)

EXPONENTIAL_CIRCUIT = Statement(
    label="lem:exp@circuit",
    of_code=True,
    title="A circuit of the exponential",
    mark="D",
    tex=(
        r"The exponential on the whole of $\mathbb F_p$ has threshold circuits of depth $d_{exp}=28$, with a "
        r"relative error of at most $2^{-2p-6}$ before the one rounding; for the listed p the result is the "
        r"correctly rounded one."
    ),
    steps=steps_of(EXPONENTIAL, "the exponential, rounded once,"),
)
