"""RoPE tensor attention: six readings of the rotation of a triple, and what each of them has."""

from collections.abc import Iterable
from typing import Any

from precise.claims import Statement
from precise.nn import TRIPLE_VARIANTS, rope_tensor_attention, rope_tensor_attention_layer, rope_tensor_scores
from precise.nn.rope import ROTATION_PRODUCTS
from precise.nn.rope_tensor_scores import EVALUATIONS
from proofs._bodies import Pair, Pairs, body_step, inputs
from proofs._kernel_triples import SPLITS_STEP, positions_step
from proofs._layers_formulas import projected, triple_scores
from proofs._layers_formulas import rope_tensor_attention as formula
from proofs._variants import no_step, yes_step

SPLIT = ("flat", "pair-sum", "first-key")


def pairs(renamed: dict[str, str] | None = None, **choices: Any) -> Pairs:
    """Return the comparison of all variants; `renamed` exchanges formulas."""
    names = renamed or {}

    def generate(xp: Any) -> Iterable[Pair]:
        theta = xp.symbols("theta", (1,))
        angles = list(theta.elements())
        arrays, matrices = inputs(xp, "q k1 k2 v1 v2", (2, 2))
        body = rope_tensor_attention(*arrays, variant="pair-sum", theta=theta, **choices)
        yield "pair-sum, output", body, formula("pair-sum", *matrices, theta=angles)
        for variant in TRIPLE_VARIANTS:
            scores = triple_scores(names.get(variant, variant), *matrices[:3], theta=angles)
            for evaluation in EVALUATIONS if variant in SPLIT else EVALUATIONS[:1]:
                for product in ROTATION_PRODUCTS:
                    body = rope_tensor_scores(
                        *arrays[:3], variant=variant, theta=theta, evaluation=evaluation, product=product
                    )
                    yield f"{variant}, {evaluation} by {product}", body, scores
        x, x0 = (side[0] for side in inputs(xp, "x", (2, 2)))
        weights, w = inputs(xp, "wq wk wl wv wu", (2, 2))
        body = rope_tensor_attention_layer(x, *weights, variant="flat", theta=theta, **choices)
        yield "flat, layer", body, formula("flat", *projected(x0, *w), theta=angles)

    return generate


STATEMENTS = (
    Statement(
        label="def:rope-tensor-attention@always-relative",
        title="RoPE tensor attention, claimed relative in every reading",
        mark="D",
        tex=r"the score of $(i,j,k)$ is that of $(i+1,j+1,k+1)$",
        suspects=("S22",),
        steps=(no_step("relative", "flat"), no_step("relative", "factors-absolute")),
    ),
    Statement(
        label="def:rope-tensor-attention@always-symmetric",
        title="RoPE tensor attention, claimed symmetric in every reading",
        mark="D",
        tex=r"the score is unchanged when $(a,j)$ and $(b,k)$ change places",
        suspects=("S22",),
        steps=(no_step("symmetric", "flat"), no_step("symmetric", "first-key")),
    ),
    Statement(
        label="def:rope-tensor-attention",
        title="RoPE tensor attention in six named variants",
        mark="D",
        tex=r"$A_{i,J}=\exp(Q_{i,*}R_{i,J}K_{J,*}^\top/d)$, $J=j+(k-1)n$, $K=K_1\oslash K_2$",
        repairs="def:rope-tensor-attention@always-relative",
        uses=("def:rotation", "def:khatri-rao"),
        steps=(
            yes_step("relative"),
            yes_step("symmetric"),
            SPLITS_STEP,
            *(positions_step(variant) for variant in SPLIT),
        ),
    ),
    Statement(
        label="def:rope-tensor-attention@bodies",
        of_code=True,
        title="RoPE tensor attention in the package",
        mark="D",
        tex=r"$A_{i,J}=\exp(Q_{i,*}R_{i,J}K_{J,*}^\top/d)$, $J=j+(k-1)n$, $K=K_1\oslash K_2$",
        uses=("def:rope-tensor-attention",),
        steps=(
            body_step(
                "The body of each variant is its formula, in both evaluations and both products by rotations.",
                pairs(),
                18 * 8 + 4 + 4,
                "n = 2, d = 2",
                {
                    "flat for first-key": pairs({"first-key": "flat"}),
                    "pair-sum for complex": pairs({"complex": "pair-sum"}),
                    "no division by d": pairs(scale=None),
                },
            ),
        ),
    ),
)
