"""Tensor attention: the body, and both orders of its layer, are the definition."""

from collections.abc import Iterable
from typing import Any

import sympy

from precise.claims import Statement
from precise.nn import tensor_attention, tensor_attention_layer
from proofs._bodies import Pair, Pairs, body_step, inputs
from proofs._layers_formulas import projected
from proofs._layers_formulas import tensor_attention as formula

SIZES = ((1, 2), (2, 1), (2, 2))


def pairs(divisor: int | None = None, **choices: Any) -> Pairs:
    """Return the comparison of the body for every size; `divisor` replaces d in the formula."""

    def generate(xp: Any) -> Iterable[Pair]:
        for n, d in SIZES:
            arrays, matrices = inputs(xp, "q k1 k2 v1 v2", (n, d))
            c = divisor or d
            yield f"n = {n}, d = {d}", tensor_attention(*arrays, **choices), formula(*matrices, c=c)
            root = sympy.sqrt(d)
            yield f"root, n = {n}, d = {d}", tensor_attention(*arrays, scale="sqrt"), formula(*matrices, c=root)
        x, x0 = (side[0] for side in inputs(xp, "x", (2, 2)))
        weights, w = inputs(xp, "wq wk wl wv wu", (2, 2))
        for order in ("project-first", "kron-first"):
            right = formula(*projected(x0, *w), c=divisor or 2)
            yield order, tensor_attention_layer(x, *weights, order=order, **choices), right

    return generate


def exchanged(xp: Any) -> Iterable[Pair]:
    """Yield the comparison with K1 and K2 exchanged in the formula."""
    (q, k1, k2, v1, v2), (q0, a, b, v, u) = inputs(xp, "q k1 k2 v1 v2", (2, 2))
    yield "n = 2, d = 2", tensor_attention(q, k1, k2, v1, v2), formula(q0, b, a, v, u, c=2)


STATEMENT = Statement(
    label="def:tensor-attention",
    title="Tensor attention",
    mark="P AS24, M",
    tex=r"$D^{-1}AV$, $A=\exp(Q(K_1\oslash K_2)^\top/d)$, $V=V_1\oslash V_2$, $D=diag(A\mathbf1)$",
    uses=("def:khatri-rao", "fact:tensor-key"),
    steps=(
        body_step(
            "The body is the definition, and so are both orders of its layer.",
            pairs(),
            2 * (2 + 2 + 4) + 8,
            "n, d up to 2",
            {
                "division by 3": pairs(divisor=3),
                "no scale": pairs(scale=None),
                "keys exchanged": exchanged,
            },
        ),
    ),
)
