"""Depth and size of a body for all n >= 1 and even d >= 2, from two runs over symbolic shapes: n = 1, and n >= 2."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any, Final, NoReturn, TypeAlias

from precise.claims import Counterexample, Evidence, Kind, Scope
from precise.claims.certificates import Certificate, identity
from precise.claims.expression import arithmetic, parse, rational
from precise.errors import UndecidedError
from precise.semantics.cost import COSTS
from precise.semantics.depth import SYMBOLS, Depth, depth
from proofs._lifting import lifted
from proofs._sizes import Facts, Length, Size, terms_of, value_at
from proofs._symbolic_costs import NO_DEPTH, Cost, symbolic_sequential, symbolic_size
from proofs._symbolic_shapes import SymbolicShapes

Run: TypeAlias = Callable[[Any, Any, Any], Any]
RIGHT: Final = "as the cost semantics charges"
WRONG: Final = "each operation one step deeper"
CHARGES: Final[Mapping[str, Mapping[str, Depth]]] = {
    RIGHT: COSTS,
    WRONG: {op: own if own == NO_DEPTH else own + depth(s=1) for op, own in COSTS.items()},
}
ONE, MORE = "n = 1", "n >= 2"
ALL_SHAPES: Final = "all n >= 1, even d >= 2"
GRID: Final = tuple(product(range(1, 9), range(2, 13, 2), range(1, 7)))
LETTERS: Final = dict(zip(SYMBOLS, ("s", "P", "T", "X", "R", "D", "L"), strict=True))
"""Names of the constants in certificates."""


def lengths(case: str) -> tuple[Facts, Length, Length]:
    """Return what is known in one of the two cases, and n and d = 2 k there, k >= 1."""
    facts = Facts()
    n: Length = 1 if case == ONE else facts.number("n", 2)
    return facts, n, facts.number("k", 1) * 2


@cache
def cost_in_general(run: Run, case: str, charges: str = RIGHT) -> Cost:
    """Return the cost of a run of the lifted body over symbolic shapes."""
    facts, n, d = lengths(case)
    return cost_of_result(lifted(run)(SymbolicShapes(facts, CHARGES[charges]), n, d))


def cost_of_result(result: Any) -> Cost:
    """Return the cost of what a run gives."""
    found: Cost = result.cost
    return found


def claimed_length(text: str, n: Length, d: Length, m: Length = 1) -> Length:
    """Return the polynomial that the text denotes at the lengths; quotients must be exact."""
    names: dict[str, Any] = {"n": n, "d": d, "m": m}
    if all(isinstance(x, int) for x in names.values()):
        value = rational(parse(text), {name: Fraction(x) for name, x in names.items()})
        return int(value) if value.denominator == 1 else _no_integers(text)
    found: Length = arithmetic(parse(text), names, int, functions={}, exponent=lambda node: int(rational(node, {})))
    return found if isinstance(found, int | Size) else _no_integers(text)


def _no_integers(text: str) -> NoReturn:
    """Refuse a polynomial that is no count."""
    raise UndecidedError(f"size: the claim must be a polynomial with integer values; got {text}")


def depth_in_general(run: Run, path: str, in_sequence: str, charges: str = RIGHT) -> Evidence | Counterexample:
    """Return certificates that critical path and sequential depth are the claimed ones, for all shapes.

    For each sum of the critical path they add up a chain of operations of the body, each on a result of the one before;
    for the sequential depth all its steps.
    """
    certificates: list[Certificate] = []
    for case in (ONE, MORE):
        cost = cost_in_general(run, case, charges)
        in_all = [step[2] for step in cost.steps]
        chains = [[CHARGES[charges][op] for op in chain] for _, chain in cost.chains]
        for name, got, text, sums in (
            ("critical path", cost.path, path, chains),
            ("sequential", symbolic_sequential(cost), in_sequence, [in_all]),
        ):
            claimed = [spelled(words) for words in alternatives(text)]
            if not one_to_one(claimed, [spelled(str(Depth(frozenset({one})))) for one in got.sums]):
                return Counterexample(
                    values={"shapes": case, "recomputed": str(got), "claimed": text},
                    refutes="recomputed != claimed",
                    lines=(f"{name} for {case}: recomputed {got}, claimed {text}",),
                )
            found = one_to_one(claimed, [spent(own) for own in sums])
            if not found:
                raise UndecidedError(f"depth: each sum of the {name} must be that of its operations; got {got}")
            certificates += found
    return certified(certificates)


def sizes_in_general(run: Run, sizes: Mapping[str, str]) -> Evidence | Counterexample:
    """Return certificates that each count is the claimed polynomial, and that no other kind occurs."""
    certificates: list[Certificate] = []
    for case in (ONE, MORE):
        _, n, d = lengths(case)
        counted = symbolic_size(cost_in_general(run, case))
        for kind in sorted({*counted, *sizes}):
            text, got = sizes.get(kind, "0"), counted.get(kind, 0)
            if not same(got, claimed_length(text, n, d)):
                return differing(kind, text, got, case)
            certificates.append(identity(f"{at_case(text, case)} == {written(got)}"))
    return certified(certificates)


def certified(certificates: list[Certificate], note: str = "") -> Evidence:
    """Return the evidence of certificates that are needed together, for all shapes."""
    return Evidence(
        kind=Kind.CERTIFICATE,
        scope=Scope.without_p(),
        cases=len(certificates),
        producer="precise-pbit",
        certificates=tuple(certificates),
        note=note,
    )


def same(left: Length, right: Length) -> bool:
    """Return whether two lengths are one polynomial."""
    return {m: c for m, c in terms_of(left).items() if c} == {m: c for m, c in terms_of(right).items() if c}


def differing(kind: str, text: str, got: Length, case: str) -> Counterexample:
    """Return the first n, d and m at which a count is not the claimed one."""
    for n, d, m in GRID:
        counted = value_at(got, {"n": n, "k": d // 2, "m": m})
        claimed = claimed_length(text, n, d, m)
        if (n == 1) == (case == ONE) and counted != claimed:
            return Counterexample(
                values={"n": n, "d": d, "m": m, "kind": kind, "counted": counted, "claimed": int(claimed)},
                refutes="counted != claimed",
                order="least n, then d, then m",
            )
    raise UndecidedError(f"sizes: two polynomials differ, and not at small numbers; got {text} and {got}")


def at_case(text: str, case: str) -> str:
    """Return the text with 1 for n in the case of one row."""
    return re.sub(r"\bn\b", "1", text) if case == ONE else text


def written(size: Length) -> str:
    """Return a length as an expression in n, d and m, with d/2 for k."""
    terms = ["*".join([str(c), *("(d/2)" if name == "k" else name for name in m)]) for m, c in terms_of(size).items()]
    return " + ".join(terms) or "0"


def alternatives(text: str) -> list[str]:
    """Return the sums of which a depth, written as ``max(s+P, △)+2s``, is the largest."""
    found = re.fullmatch(r"max\(([^,]+),([^,]+)\)\+(.*)", text.replace(" ", ""))
    return [f"{found[1]}+{found[3]}", f"{found[2]}+{found[3]}"] if found else [text]


def spelled(text: str) -> str:
    """Return a sum of depths as an expression."""
    return "".join(LETTERS.get(c, c) for c in re.sub(r"(\d)(?=[a-zA-Z△])", r"\1*", text))


def spent(depths: Iterable[Depth]) -> str:
    """Return the sum of the depths of operations as an expression."""
    return " + ".join(sorted(spelled(str(own)) for own in depths if own != NO_DEPTH)) or "0"


def one_to_one(claimed: list[str], found: list[str]) -> list[Certificate]:
    """Return identities between the sums of two depths, one to one, or nothing."""
    certificates: list[Certificate] = []
    for sum_claimed in claimed:
        for sum_found in found:
            try:
                certificates.append(identity(f"{sum_claimed} == {sum_found}"))
                break
            except UndecidedError:
                continue
    return certificates if len(certificates) == len(claimed) == len(found) else []
