"""Depth and size of models for all m, n >= 1 and even d >= 2: the layers are a loop, settled by induction on m."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from itertools import product
from typing import Any, TypeAlias

from precise.claims import Counterexample, Evidence
from precise.claims.certificates import Certificate, identity, nonnegative_by_shift
from precise.errors import UndecidedError
from proofs._general_depths import (
    LETTERS,
    MORE,
    ONE,
    alternatives,
    at_case,
    certified,
    claimed_length,
    cost_of_result,
    differing,
    lengths,
    same,
    spelled,
    written,
)
from proofs._lifting import lifted
from proofs._runs import model
from proofs._sizes import Length
from proofs._symbolic_costs import Cost, symbolic_sequential, symbolic_size
from proofs._symbolic_shapes import SymbolicShapes

Layers: TypeAlias = Callable[[Any], Any]
LEAST = {"m": 1, **dict.fromkeys(LETTERS.values(), 0)}


def as_many(m: Length) -> Length:
    """Return m."""
    return m


def one_more(m: Length) -> Length:
    """Return m + 1."""
    return m + 1


@cache
def cost_of_models(attention: Callable[..., Any], case: str, layers: Layers = as_many) -> Cost:
    """Return the cost of a model of m layers over symbolic shapes; `layers` gives their number for a claim about m."""
    facts, n, d = lengths(case)
    m = facts.number("m", 1)
    return cost_of_result(lifted(model)(lifted(attention), layers(m))(SymbolicShapes(facts), n, d))


def models_in_general(
    attention: Callable[..., Any],
    path: str,
    in_sequence: str,
    between: str,
    shared: str,
    *,
    exactly: bool,
    layers: Layers = as_many,
) -> Evidence | Counterexample:
    """Return certificates that the path is at most (or exactly) (m+1) maps and m layers, and the sum of steps exact."""
    maps = f"(m+1)*({spelled(between)})"
    sums = [spelled(words) for words in alternatives(path)]
    # a maximum taken m times is at least the sum of any m of its members
    bounds = [f"{maps} + (m-1)*({one}) + ({other})" for one, other in product(sums, sums)]
    total = f"{maps} + m*({spelled(in_sequence)})" + (f" + {spelled(shared)}" if shared else "")
    certificates: list[Certificate] = []
    for case in (ONE, MORE):
        cost = cost_of_models(attention, case, layers)
        found = [written_sum(one) for one in sorted(cost.path.sums, key=str)]
        (added,) = (written_sum(one) for one in symbolic_sequential(cost).sums)
        settled = [certificate_of(one, bounds, exactly) for one in found]
        settled.append(certificate_of(added, [total], True))
        if None in settled or (exactly and not len(found) == len(sums) == 1):
            return Counterexample(
                values={
                    "shapes": case,
                    "recomputed": f"{'; '.join(found)}; {added}",
                    "claimed": f"{bounds[0]}; {total}",
                },
                refutes="recomputed != claimed",
            )
        certificates += [c for c in settled if c is not None]
    return certified(certificates)


def certificate_of(found: str, claims: list[str], exactly: bool) -> Certificate | None:
    """Return a certificate that a sum is one of the claimed ones, or is at most one of them for all m >= 1."""
    for claim in claims:
        try:
            return identity(f"{claim} == {found}") if exactly else nonnegative_by_shift(f"{found} <= {claim}", LEAST)
        except UndecidedError:
            continue
    return None


def written_sum(one: tuple[Length, ...]) -> str:
    """Return one sum of a depth, with polynomials in m for coefficients, as an expression."""
    terms = [f"({written(k)})*{name}" for name, k in zip(LETTERS.values(), one, strict=True) if not same(k, 0)]
    return " + ".join(terms) or "0"


def model_sizes_in_general(
    attention: Callable[..., Any],
    layer: Mapping[str, str],
    between: Mapping[str, str],
    *,
    extra: str = "0",
    layers: Layers = as_many,
) -> Evidence | Counterexample:
    """Return certificates that each count is m times that of the layer plus m + 1 times that of the map."""
    certificates: list[Certificate] = []
    for case in (ONE, MORE):
        facts, n, d = lengths(case)
        m = facts.number("m", 1)
        counted = symbolic_size(cost_of_models(attention, case, layers))
        for kind in sorted({*counted, *layer, *between}):
            text = f"m*({layer.get(kind, '0')}) + (m+1)*({between.get(kind, '0')}) + {extra}"
            got = counted.get(kind, 0)
            if not same(got, claimed_length(text, n, d, m)):
                return differing(kind, text, got, case)
            certificates.append(identity(f"{at_case(text, case)} == {written(got)}"))
    return certified(certificates)
