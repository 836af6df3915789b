"""Depth and size of models of m layers, against m times the layer and m + 1 times the maps between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from precise import cost
from precise.claims import Counterexample, Evidence, Kind, Mutant, Outcome, Scope, Step
from precise.claims.expression import parse, rational
from precise.semantics import Depth, critical_path, sequential, size
from proofs._depths import both, depth_note, read_depth, tex
from proofs._general_layers import Layers, as_many, model_sizes_in_general, models_in_general, one_more
from proofs._runs import Attention, model

DEPTH_OF_MAP = "7s+3P+R"
"""d_f of the runs: an affine map (2s+P), then layer norm (5s+2P+d_sqrt)."""
SIZE_OF_MAP = {
    "multiply": "n*d**2 + n*d",
    "add": "n*d",
    "sum": "n*d + 2*n",
    "terms of sum": "n*d**2 + 2*n*d",
    "divide": "2*n + n*d",
    "subtract": "2*n*d",
    "sqrt": "n",
}
ALL_MODELS = "for all m, n >= 1, even d >= 2"
LAYERS = (1, 2, 3)
VANISHES = "(m - 1)*(m - 2)*(m - 3)"
"""A polynomial that is 0 at all listed m."""
SHAPES = ((1, 2), (2, 6), (3, 4), (4, 2))


@dataclass(frozen=True, slots=True)
class Model:
    """A kind of layer: its run, its claimed depths, its size, and the depth of what all layers share."""

    attention: Attention
    path: str
    in_sequence: str
    sizes: Mapping[str, str]
    shared: str = ""
    printed: str = ""

    def note(self, exactly: bool) -> str:
        """Return the depths for every m, with f for d_f, as checked for the listed m."""
        path, added = f"(m+1)f+m({self.path})", f"(m+1)f+m({self.in_sequence})"
        path = path if exactly else f"at most {path}"
        return depth_note(self.printed, path, f"{added}+{self.shared}" if self.shared else added)

    def bound(self, m: int) -> Depth:
        """Return (m + 1) d_f plus m times the critical path of a layer."""
        return (m + 1) * read_depth(DEPTH_OF_MAP) + m * read_depth(self.path)

    def added(self, m: int) -> Depth:
        """Return (m + 1) d_f plus m times the sequential depth of a layer, what is shared counted once."""
        return (m + 1) * read_depth(DEPTH_OF_MAP) + m * read_depth(self.in_sequence) + read_depth(self.shared)


def depth_of_models(family: Model, *, exactly: bool, layers: Layers = as_many) -> Outcome:
    """Return evidence that the path is at most (or exactly) the bound, and the sum of steps exact, for all m, n and d.

    `layers` is the number of layers of the run for a claim about m.
    """
    listed = depth_of_listed_models(family, exactly=exactly, layers=layers)
    if isinstance(listed, Counterexample):
        return listed
    general = depth_of_all_models(family, exactly=exactly, layers=layers)
    return both(general, listed)


def depth_of_all_models(family: Model, *, exactly: bool, layers: Layers = as_many) -> Evidence | Counterexample:
    """Return certificates of the claim on depth for all m, n and d."""
    return models_in_general(
        family.attention,
        family.path,
        family.in_sequence,
        DEPTH_OF_MAP,
        family.shared,
        exactly=exactly,
        layers=layers,
    )


def depth_of_listed_models(family: Model, *, exactly: bool, layers: Layers = as_many) -> Evidence | Counterexample:
    """Return evidence of the claim on depth by running the listed models."""
    cases = 0
    for m in LAYERS:
        for n, d in SHAPES:
            cases += 1
            result = model(family.attention, layers(m))(cost(), n, d)
            path, bound, added = critical_path(result), family.bound(m), family.added(m)
            within = path == bound if exactly else path.max_with(bound) == bound
            if not within or sequential(result) != added:
                return Counterexample(
                    values={
                        "m": m,
                        "recomputed": f"{path}; {sequential(result)}",
                        "claimed": f"{bound}; {added}",
                    },
                    refutes="recomputed != claimed",
                    cases=cases,
                )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.without_p("m in 1..3, (n, d) in {(1, 2), (2, 6), (3, 4), (4, 2)}"),
        cases=cases,
        expected=len(LAYERS) * len(SHAPES),
        producer="precise-pbit",
        note=family.note(exactly),
    )


def size_of_models(family: Model, extra: str = "0") -> Outcome:
    """Return evidence that each count is m times that of the layer plus m + 1 times that of the map.

    It is one for all m, n and d, and one by running the listed models; `extra` is added to the claim.
    """
    listed = size_of_listed_models(family, extra)
    if isinstance(listed, Counterexample):
        return listed
    return both(sizes_of_all_models(family, extra), listed)


def sizes_of_all_models(family: Model, extra: str = "0", layers: Layers = as_many) -> Evidence | Counterexample:
    """Return certificates of the claim on size for all m, n and d."""
    return model_sizes_in_general(family.attention, family.sizes, SIZE_OF_MAP, extra=extra, layers=layers)


def size_of_listed_models(family: Model, extra: str) -> Evidence | Counterexample:
    """Return evidence of the claim on size by running the listed models."""
    cases = 0
    for m in LAYERS:
        for n, d in SHAPES:
            counted = size(model(family.attention, m)(cost(), n, d))
            for kind in sorted({*counted, *family.sizes, *SIZE_OF_MAP}):
                cases += 1
                layer, between = (at(table, kind, n, d) for table in (family.sizes, SIZE_OF_MAP))
                claimed = m * layer + (m + 1) * between + rational(parse(extra), {"m": Fraction(m)})
                if counted.get(kind, 0) != claimed:
                    return Counterexample(
                        values={
                            "m": m,
                            "n": n,
                            "d": d,
                            "kind": kind,
                            "counted": counted.get(kind, 0),
                            "claimed": claimed,
                        },
                        refutes="counted != claimed",
                        cases=cases,
                    )
    kinds = len({*family.sizes, *SIZE_OF_MAP})
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.without_p("m in 1..3, (n, d) in {(1, 2), (2, 6), (3, 4), (4, 2)}"),
        cases=cases,
        expected=len(LAYERS) * len(SHAPES) * kinds,
        producer="precise-pbit",
    )


def at(table: Mapping[str, str], kind: str, n: int, d: int) -> Fraction:
    """Return the claimed count of one kind."""
    return rational(parse(table.get(kind, "0")), {"n": Fraction(n), "d": Fraction(d)})


def model_steps(family: Model, *, exactly: bool) -> tuple[Step, ...]:
    """Return the steps on depth and size of models of m layers."""
    relation, symbol = ("is", "=") if exactly else ("is at most", "<=")
    claim = rf"$(m+1)d_f+m({tex(family.path)})$"
    return (
        Step(
            id="depth-of-the-model",
            of_code=True,
            says=rf"By induction on m, the critical path of a model of m layers {relation} {claim} with"
            rf" $d_f={tex(DEPTH_OF_MAP)}$.",
            formal=f"{ALL_MODELS}: critical path {symbol} (m+1)({DEPTH_OF_MAP}) + m({family.path});"
            f" sequential = (m+1)({DEPTH_OF_MAP}) + m({family.in_sequence}) + {family.shared or '0'}",
            check=lambda: depth_of_models(family, exactly=exactly),
            mutants=(
                Mutant(
                    "a model with a layer more",
                    lambda: depth_of_models(family, exactly=exactly, layers=one_more),
                ),
                Mutant(
                    "a model with a layer less",
                    lambda: depth_of_models(family, exactly=exactly, layers=lambda m: m - 1),
                ),
                Mutant(
                    "a layer more for all m at once",
                    lambda: depth_of_all_models(family, exactly=exactly, layers=one_more),
                ),
            ),
        ),
        Step(
            id="size-of-the-model",
            of_code=True,
            says="The number of operations of each kind is m times that of the layer plus m + 1 times that of the map.",
            formal=f"{ALL_MODELS}, each kind: count = m layer(n, d) + (m + 1) map(n, d)",
            check=lambda: size_of_models(family),
            mutants=(
                Mutant("one operation more", lambda: size_of_models(family, extra="1")),
                Mutant("more operations from m = 4 on", lambda: sizes_of_all_models(family, extra=VANISHES)),
                Mutant("a layer more for all m at once", lambda: sizes_of_all_models(family, layers=one_more)),
            ),
        ),
    )
