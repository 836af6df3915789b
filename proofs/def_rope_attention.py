"""RoPE attention: relative and rotated form, and both orders of the layer, are one real function."""

from collections.abc import Iterable
from typing import Any

from precise.claims import Statement
from precise.nn import rope_attention, rope_attention_layer
from proofs._bodies import Pair, Pairs, body_step, inputs
from proofs._layers_formulas import projected
from proofs._layers_formulas import rope_attention as formula


def pairs(sign: int = 1, **choices: Any) -> Pairs:
    """Return the comparison; `sign` is that of the angle in the formula."""

    def generate(xp: Any) -> Iterable[Pair]:
        theta = xp.symbols("theta", (1,))
        angles = list(theta.elements())
        arrays, matrices = inputs(xp, "q k v", (2, 2))
        for form in ("relative", "rotated"):
            for product in ("planes", "matrix"):
                body = rope_attention(*arrays, theta=theta, form=form, product=product, **choices)
                yield f"{form} by {product}", body, formula(*matrices, theta=angles, sign=sign)
        x, x0 = (side[0] for side in inputs(xp, "x", (2, 2)))
        weights, w = inputs(xp, "wq wk wv", (2, 2))
        for order in ("keys-first", "left-to-right"):
            body = rope_attention_layer(x, *weights, theta=theta, order=order, **choices)
            yield order, body, formula(*projected(x0, *w), theta=angles, sign=sign)

    return generate


STATEMENT = Statement(
    label="def:rope-attention",
    title="RoPE attention",
    mark="M",
    tex=r"$D^{-1}AXW_V$, $A_{ij}=\exp(X_{i,*}W_QR_{j-i}W_K^\top X_{j,*}^\top)$",
    uses=("def:rotation",),
    steps=(
        body_step(
            "The body is the definition in both forms, and so are both orders of its layer.",
            pairs(),
            6 * 4,
            "n = 2, d = 2, positions 1 and 2",
            {"rotation by i - j": pairs(sign=-1), "scores divided by d": pairs(scale="d")},
        ),
    ),
)
