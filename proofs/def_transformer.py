"""The transformer: attention layers and maps in turn, f_0 first."""

from collections.abc import Iterable
from typing import Any

from precise.claims import Statement
from precise.nn import Block, affine, tensor_attention_layer, transformer
from proofs._bodies import Pair, Pairs, body_step, inputs
from proofs._layers_formulas import affine as affine_formula
from proofs._layers_formulas import projected, tensor_attention
from proofs._loops import Matrix


def pairs(layers: int = 2, last_map: bool = True) -> Pairs:
    """Return the comparison of affine models, and of one layer of tensor attention between two maps."""

    def generate(xp: Any) -> Iterable[Pair]:
        (x, *weights), (x0, *w) = inputs(xp, "x f g h a b", (2, 2))
        bias = xp.symbols("c", (2,))
        c = list(bias.elements())

        def bound(weight: Any) -> Any:
            return lambda y: affine(y, weight, bias)

        blocks = [Block(bound(weights[1]), bound(weights[2])), Block(bound(weights[3]), bound(weights[4]))]
        y: Matrix = x0
        for k in range(1 + 2 * layers - (not last_map)):
            y = affine_formula(y, w[k], c)
        yield "m = 2, affine layers", transformer(x, bound(weights[0]), blocks), y
        small, s0 = inputs(xp, "z u q k l v w", (1, 1))
        zero = xp.asarray([0])
        attention = Block(lambda t: tensor_attention_layer(t, *small[2:]), lambda t: affine(t, small[1], zero))
        after = affine_formula(tensor_attention(*projected(s0[0], *s0[2:]), c=1), s0[1], [0])
        yield "m = 1, tensor attention", transformer(small[0], lambda t: t, [attention]), after

    return generate


STATEMENT = Statement(
    label="def:transformer",
    title="Transformer",
    mark="M",
    tex=r"$TF=f_m\circ Attn_m\circ\dots\circ f_1\circ Attn_1\circ f_0$",
    steps=(
        body_step(
            "The body composes the maps and layers in the order of the definition.",
            pairs(),
            4 + 1,
            "m up to 2",
            {"one layer less": pairs(layers=1), "without the last map": pairs(last_map=False)},
        ),
    ),
)
