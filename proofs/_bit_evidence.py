"""Claims about the float operations decided by two solvers; each model is worked out in exact fractions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor

from precise.claims import Counterexample
from precise.claims.bitvectors import Term, Values, choose, magnitude, numeral, signed_value
from precise.claims.smt import Claim, decide_claims, evidence_of, least_model
from precise.claims.solvers import Solver
from proofs import _bit_rules as bits
from proofs._float_evidence import Outcome
from proofs._slash_rules import Rule, literal, no_sticky, one_guard, sticky

RULES: dict[str, Rule] = {"sticky": sticky, "literal": literal, "no sticky bit": no_sticky, "one guard bit": one_guard}
WRITTEN_OUT = "rounding written out in bit vectors; exponents unbounded"
Triple = tuple[int, int, int]
"""Gap and the two significands."""


def room(p: int) -> int:
    """Return the largest gap asked about: beyond p + 2 the smaller operand is below a quarter."""
    return p + 4


def nearest(x: Fraction, p: int) -> Fraction:
    """Return the p-bit number nearest to x, exponents unbounded, ties to even: the binade is found step by step."""
    unit = Fraction(1)
    while x and abs(x) >= unit * 2**p:
        unit *= 2
    while x and abs(x) < unit * 2 ** (p - 1):
        unit /= 2
    low = floor(x / unit)
    rest = x / unit - low
    return (low + (rest > Fraction(1, 2) or (rest == Fraction(1, 2) and low % 2 == 1))) * unit


def triple_of(p: int, model: Values) -> Triple:
    """Return gap and significands of a model; a name that the claim does not mention is 0."""
    return model.get("k", 0), signed_value(model.get("m1", 0), p + 1), signed_value(model.get("m2", 0), p + 1)


def sum_at(p: int, at: Triple, rule: Rule, *, bound: bool = False) -> Counterexample:
    """Return the wrong sum of m1 2^k and m2 in units of the larger exponent; with `bound`, one off by over 2^-p."""
    k, m1, m2 = at
    exact, given = m1 + Fraction(m2, 2**k), m1 + rule(m2, 2**k)
    got, right = nearest(given, p), nearest(exact, p)
    return Counterexample(
        values={"p": p, "k": k, "m1": m1, "m2": m2, "exact": exact, "got": got, "right": right},
        refutes="abs(got - exact) > abs(exact)/2**p" if bound else "got != right and right == nearest(p, exact)",
        lines=(
            f"p = {p}, gap {k}: m1 + m2/2**{k} = {m1} + {m2}/{2**k} = {exact}, rounded {right}",
            f"the rule hands {given} to the rounding and gets {got}",
        ),
        order="least gap, then |m1|, then |m2|, positive first",
    )


def order_at(p: int, at: Triple, rule: Rule) -> Counterexample:
    """Return the wrong comparison of m1 2^k with m2."""
    k, m1, m2 = at
    given, exact = rule(m2, 2**k), Fraction(m2, 2**k)
    wrong = (m1 <= given) != (m1 <= exact)
    sense = "<=" if wrong else ">="
    return Counterexample(
        values={"p": p, "k": k, "m1": m1, "given": given, "exact": exact},
        refutes=f"m1 {sense} given and not (m1 {sense} exact) or m1 {sense} exact and not (m1 {sense} given)",
        lines=(f"p = {p}, gap {k}: {m1} against {m2}/{2**k}, which the rule makes {given}",),
        order="least gap, then |m1|, then |m2|, positive first",
    )


def sums(rule: str, precisions: tuple[int, ...]) -> Outcome:
    """Decide that addition by the rule is the exact sum rounded, for every gap up to p + 4."""

    def explain(p: int, model: Values) -> Counterexample:
        return sum_at(p, triple_of(p, model), RULES[rule])

    return decide_claims(
        {p: bits.addition(p, room(p), rule) for p in precisions}, explain, where="gaps up to p + 4", note=WRITTEN_OUT
    )


def comparisons(rule: str, precisions: tuple[int, ...]) -> Outcome:
    """Decide that comparison by the rule is right, in both directions, for every gap up to p + 4."""

    def explain(p: int, model: Values) -> Counterexample:
        return order_at(p, triple_of(p, model), RULES[rule])

    return decide_claims(
        {p: bits.comparison(p, room(p), rule) for p in precisions}, explain, where="gaps up to p + 4", note=WRITTEN_OUT
    )


def products(precisions: tuple[int, ...], mistake: str = "") -> Outcome:
    """Decide that rounding an integer of 2p bits gives a nearest p-bit float, even in a tie."""

    def explain(p: int, model: Values) -> Counterexample:
        v = model["v"]
        right = nearest(Fraction(v), p)
        got = right if not mistake else toward_zero(v, p)
        return Counterexample(
            values={"p": p, "v": v, "got": got, "right": right},
            refutes="got != right",
            lines=(f"p = {p}: {v} rounds to {right}, the rule gives {got}",),
        )

    return decide_claims({p: bits.product(p, mistake) for p in precisions}, explain, note=WRITTEN_OUT)


def toward_zero(v: int, p: int) -> int:
    """Return v without its bits after the first p."""
    unit = 1
    while v >= unit << p:
        unit *= 2
    return v - v % unit


def quotients(rule: str, precisions: tuple[int, ...]) -> Outcome:
    """Decide that division by the rule gives the float nearest to the quotient."""

    def explain(p: int, model: Values) -> Counterexample:
        m1, m2 = model["m1"], model["m2"]
        got, right = nearest(RULES[rule](m1 * 2 ** (p - 1), m2), p), nearest(Fraction(m1 * 2 ** (p - 1), m2), p)
        return Counterexample(
            values={"p": p, "m1": m1, "m2": m2, "got": got, "right": right},
            refutes="got != right",
            lines=(f"p = {p}: {m1} 2**{p - 1} / {m2} rounds to {right}, the rule gives {got}",),
        )

    return decide_claims({p: bits.division(p, rule) for p in precisions}, explain, note=WRITTEN_OUT)


def floors(precisions: tuple[int, ...], towards_zero: bool = False) -> Outcome:
    """Decide that the integer quotient by 2^k is the floor, for every k up to p + 2."""

    def explain(p: int, model: Values) -> Counterexample:
        k, m, _ = triple_of(p, model)
        got = -(-m // 2**k) if towards_zero and m < 0 else m // 2**k
        return Counterexample(
            values={"p": p, "m": m, "k": k, "got": got},
            refutes="got > m/2**k or got + 1 <= m/2**k",
            lines=(f"p = {p}: {m}/2**{k} is {Fraction(m, 2**k)}, the rule gives {got}",),
        )

    return decide_claims(
        {p: bits.floor(p, towards_zero) for p in precisions}, explain, where="exponents from -p - 2 on"
    )


def order_of(pair: bits.Pair) -> tuple[Term, ...]:
    """Return what a least pair is least in: gap, then |m1|, then |m2|, positive before negative."""

    def negative(m: Term) -> Term:
        return choose(m.below(0), numeral(1, m.width), 0)

    return pair.k, magnitude(pair.m1), negative(pair.m1), magnitude(pair.m2), negative(pair.m2)


Model = Callable[[int], tuple[Claim, tuple[Term, ...]]]


def addition_model(p: int) -> tuple[Claim, tuple[Term, ...]]:
    """Return the claim about literal addition, and the order of its pairs."""
    return bits.addition(p, room(p), "literal"), order_of(bits.operands(p, room(p), 4))


def bound_model(p: int) -> tuple[Claim, tuple[Term, ...]]:
    """Return the claim about the error of literal addition, and the order of its pairs."""
    return bits.error_bound(p, room(p), "literal"), order_of(bits.operands(p, room(p), p + 4))


def comparison_model(p: int) -> tuple[Claim, tuple[Term, ...]]:
    """Return the claim about literal comparison, and the order of its pairs."""
    return bits.comparison(p, room(p), "literal"), order_of(bits.operands(p, room(p), 4))


def least_pairs(
    model: Model, said: Callable[[int], Triple], show: Callable[[int, Triple], Counterexample], precisions: range
) -> Outcome:
    """Find the least wrong pair of each precision and compare it with the one said; both solvers find nothing less."""
    used: list[tuple[Solver, ...]] = []
    words = []
    for p in precisions:
        claim, order = model(p)
        found, solvers = least_model(claim.negation, order)
        at = triple_of(p, found)
        show(p, at)  # raises where exact arithmetic does not agree
        if at != said(p):
            values = {f"{word}_{who}": n for who, t in (("found", at), ("said", said(p))) for word, n in zip(
                ("k", "m1", "m2"), t, strict=True)}  # fmt: skip
            return Counterexample(
                values={"p": p, **values},
                refutes="k_found != k_said or m1_found != m1_said or m2_found != m2_said",
                lines=(f"p = {p}: the least pair is (k, m1, m2) = {at}, said was {said(p)}",),
            )
        used.append(solvers)
        words.append(f"p = {p}: gap {at[0]}, m1 = {at[1]}, m2 = {at[2]}")
    return evidence_of(tuple(precisions), used, "", "least pairs: " + "; ".join(words))
