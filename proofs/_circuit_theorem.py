"""Transformers of m layers as networks of circuits: measured constants in the depth formulas of the papers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from precise.claims import Further, Mutant, Scope, Statement, Step, Tier, decide_inequality
from precise.studies.networks import CONSTANTS, model
from proofs import _runs as runs
from proofs._circuit_bodies import HALVES, MLP, NORM, ROPE_TENSOR_LAYER, TENSOR_LAYER
from proofs._circuit_growth import Grows, value
from proofs._circuit_levels import CHARGED, levels_of_models_in_general
from proofs._circuit_networks import Trial, agree, built
from proofs._circuit_steps import Subject, chained
from proofs._circuits import Instance, all_equal
from proofs._depths import value_of
from proofs._float_evidence import Outcome
from proofs._general_depths import ALL_SHAPES
from proofs._layers import DEPTH_OF_MAP
from proofs.lem_rope_tensor_layer import CLAIMED as ROPE_TENSOR
from proofs.lem_tensor_layer import CLAIMED as TENSOR

MAP: Final = MLP.total + NORM.total
"""Levels of an affine map and layer norm."""
SETTLED: Final = 5
"""The least p from which every circuit of a model has the depth of its family."""


@dataclass(frozen=True, slots=True)
class Model:
    """A kind of transformer: its layer as a network and in the papers, and what is built of it.

    `built` lists the (layers, p, n, d) of the quick tier, `more` those of the full tier.
    """

    rope: bool
    layer: Subject
    path: str
    in_sequence: str
    run: Callable[..., Any]
    trial: Trial
    built: tuple[tuple[int, int, int, int], ...]
    more: tuple[tuple[int, int, int, int], ...]

    @property
    def levels(self) -> str:
        """The levels of a model of m layers."""
        return f"{MAP}*(m+1) + {self.layer.total}*m"

    @property
    def grows(self) -> Grows:
        """The growth of the layer."""
        (only,) = self.layer.grows
        return only

    def polynomial(self, what: str) -> str:
        """Return the sum of bounds of all circuits."""
        maps = " + ".join(body.grows[0].polynomial(what) for body in (MLP, NORM))
        return f"m*({self.grows.polynomial(what)}) + (m+1)*({maps})"

    def bound(self, what: str) -> str:
        """Return the least constant times m times the monomial of a layer."""
        return f"{value(self.polynomial(what), m=1, n=1, d=1, p=1)}*m*{self.grows.monomial(what)}"


def below_formula(kind: Model, layer: str, share: str = "1") -> Outcome:
    """Return a certificate that the levels are at most the papers' formula with the constants put in, for all m."""
    between, each = value_of(DEPTH_OF_MAP, CONSTANTS), value_of(layer, CONSTANTS)
    claim = f"{kind.levels} <= {share}*({between}*(m+1) + {each}*m)"
    return decide_inequality(claim, {"m": 0}, scope=Scope.without_p())


def bound_follows(kind: Model, what: str, share: str = "1") -> Outcome:
    """Return a certificate that the bounds of operations bound the model."""
    claim = f"{share}*{kind.bound(what)} >= {kind.polynomial(what)}"
    lower = dict.fromkeys(("m", "n", "d", "p"), 1)
    return decide_inequality(claim, lower, scope=Scope.all_p(1), sharpness="sharp at m = n = d = p = 1", note=what)


def as_built(kind: Model, sizes: tuple[tuple[int, int, int, int], ...], less: int = 0, share: int = 1) -> Outcome:
    """Check levels, gates and wires of built models; `less` levels are allowed less, and 1 / `share` of the sizes."""

    def rows() -> Iterator[Instance]:
        for m, p, n, d in sizes:
            size, at = built(model(m, rope=kind.rope), p, n, d).size, f"m = {m}, p = {p}, n = {n}, d = {d}"
            total = int(value(kind.levels, m=m)) - less
            yield f"{at}: levels", size.depth, total if p >= SETTLED else min(size.depth, total)
            for what, got in (("gates", size.gates), ("wires", size.wires)):
                bound = int(value(kind.polynomial(what), m=m, n=n, d=d, p=p)) // share
                yield f"{at}: {what} at most {bound}", max(got, bound), bound

    precisions = sorted({p for _, p, _, _ in sizes})
    return all_equal(rows(), 3 * len(sizes), f"(m, p, n, d) in {sizes}", precisions=precisions)


def steps_of(kind: Model) -> tuple[Step, ...]:
    """Return the steps on one kind of model."""
    between, each, added = (value_of(t, CONSTANTS) for t in (DEPTH_OF_MAP, kind.path, kind.in_sequence))
    return (
        Step(
            id="levels-at-every-shape",
            of_code=True,
            says=f"With the depths of the families a model of m layers has ${kind.levels.replace('*', '')}$ levels.",
            formal=f"for {ALL_SHAPES}, m >= 1: critical path, operations charged {CHARGED}, = {kind.levels}",
            check=lambda: levels_of_models_in_general(kind.run, kind.levels),
            mutants=(
                Mutant("one level less", lambda: levels_of_models_in_general(kind.run, f"{kind.levels} - 1")),
                Mutant("a deeper sum", lambda: levels_of_models_in_general(kind.run, kind.levels, "sum")),
            ),
        ),
        Step(
            id="within-the-papers-formula",
            says=(
                f"That is at most the papers' critical path with our constants put in, ${between}(m+1)+{each}m$, and "
                f"at most their sum of steps, ${between}(m+1)+{added}m$."
            ),
            formal=f"for all m >= 0: {kind.levels} <= {between}(m+1) + {each} m, {between}(m+1) + {added} m",
            check=lambda: chained(below_formula(kind, text) for text in (kind.path, kind.in_sequence)),
            mutants=(Mutant("three quarters of it", lambda: below_formula(kind, kind.path, "3/4")),),
        ),
        Step(
            id="network-agrees",
            of_code=True,
            says="A model of one layer gives what rounded arithmetic gives, bit for bit, at every listed input.",
            formal=f"all inputs of {kind.trial}: network = rounded",
            check=lambda: agree((kind.trial,)),
            mutants=(Mutant("one threshold of the sum lowered", lambda: agree((kind.trial,), "sum")),),
        ),
        Step(
            id="as-built",
            of_code=True,
            says="Built models have as many levels from p = 5 on, no more below, and sizes within the bounds.",
            formal=f"(m, p, n, d) in {kind.built}: levels <= {kind.levels}, = if p >= 5; gates, wires <= sum of bounds",
            check=lambda: as_built(kind, kind.built),
            mutants=(
                Mutant("half the levels", lambda: as_built(kind, kind.built, less=400)),
                Mutant("half the sizes", lambda: as_built(kind, kind.built, share=2)),
            ),
            further=(
                Further(
                    tier=Tier.FULL,
                    check=lambda: as_built(kind, kind.more),
                    mutants=(Mutant("one level less", lambda: as_built(kind, kind.more, less=1)),),
                ),
            ),
        ),
        *(
            Step(
                id=f"{what}-add-up",
                says=f"With every circuit within its bound there are at most ${written(kind.bound(what))}$ {what}.",
                formal=f"for all m, n, d, p >= 1: m layers and m + 1 maps, by the bounds of the layer and of the maps, "
                f"have {what} <= {kind.bound(what)}",
                check=lambda what=what: bound_follows(kind, what),  # type: ignore[misc]
                mutants=(Mutant("bound times 0.999", lambda what=what: bound_follows(kind, what, "999/1000")),),  # type: ignore[misc]
            )
            for what in ("gates", "wires")
        ),
    )


def written(text: str) -> str:
    """Return a product as TeX."""
    return text.replace("**", "^").replace("*", " ")


TENSOR_MODEL = Model(
    rope=False,
    layer=TENSOR_LAYER,
    path=TENSOR.path,
    in_sequence=TENSOR.in_sequence,
    run=runs.tensor_layer_of,
    trial=Trial("tensor_transformer", 2, 2, 2, HALVES),
    built=((1, 2, 2, 2), (2, 2, 3, 2), (1, 5, 2, 2)),
    more=((1, 2, 2, 2), (2, 2, 3, 2), (1, 5, 2, 2), (3, 5, 3, 4), (2, 6, 3, 2)),
)
ROPE_TENSOR_MODEL = Model(
    rope=True,
    layer=ROPE_TENSOR_LAYER,
    path=ROPE_TENSOR.path,
    in_sequence=ROPE_TENSOR.in_sequence,
    run=runs.rope_tensor_layer_of,
    trial=Trial("transformer", 2, 2, 2, HALVES),
    built=((1, 2, 2, 2), (2, 2, 3, 2)),
    more=((1, 2, 2, 2), (2, 2, 3, 2), (1, 5, 2, 2), (3, 5, 3, 4), (2, 6, 3, 2)),
)


def theorem(label: str, title: str, kind: Model, layer: str, what: str) -> Statement:
    """Return the theorem on one kind of model."""
    return Statement(
        label=label,
        title=title,
        mark="D",
        tex=(
            rf"$m$ layers of {what} between affine maps with layer norm, on $\mathbb F_p$, are a network of threshold "
            rf"circuits whose depths add up to ${written(kind.levels)}$."
        ),
        uses=("lem:basic-ops@constants", layer, "lem:mlp@circuit", "lem:layer-norm@circuit"),
        steps=steps_of(kind),
    )


TENSOR_THEOREM = theorem(
    "thm:tensor-attention@circuit",
    "Tensor attention transformers as networks of circuits",
    TENSOR_MODEL,
    "lem:tensor-layer@circuit",
    "tensor attention",
)
ROPE_TENSOR_THEOREM = theorem(
    "thm:rope-tensor-attention@circuit",
    "RoPE tensor attention transformers as networks of circuits",
    ROPE_TENSOR_MODEL,
    "lem:rope-tensor-layer@circuit",
    "RoPE tensor attention, variant pair-sum, with tabulated angles below 8,",
)
