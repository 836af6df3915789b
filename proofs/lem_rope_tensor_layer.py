"""One layer of RoPE tensor attention; D is summed beside A V."""

from precise.claims import Statement
from proofs import _runs as runs
from proofs._circuit_networks_of_papers import ROPE_TENSOR_LAYER as NETWORK
from proofs._depths import WEIGHTS, WITH_ANGLES, Claimed, depth_steps

CLAIMED = Claimed(
    path="max(s+P, △)+5s+3P+E",
    in_sequence="7s+5P+E+△",
    sizes={
        "multiply": "5*n*d**2 + 2*n**2*d + n**3*d**2 + 2*n**3*d",
        "sum": "5*n*d + n**3*d + n**3 + n + n*d",
        "terms of sum": "5*n*d**2 + n**3*d**2 + 2*n**3*d + n**3",
        "divide": "n**3 + n*d",
        "exp": "n**3",
        "cos": "(4*n-3)*d/2",
        "sin": "(4*n-3)*d/2",
        "negative": "n**3*d",
    },
)
OTHER = Claimed(path="max(s+P, △)+5s+4P+E", in_sequence="7s+5P+E+△", sizes=CLAIMED.sizes)

COSTS = Statement(
    label="lem:rope-tensor-layer",
    title="One layer of RoPE tensor attention, variant pair-sum",
    mark="D",
    tex=r"$D^{-1}AV$ from $X$ in depth $\max(s+P,\triangle)+5s+3P+E$, angles tabulated",
    uses=("lem:rope-tensor-matrix",),
    steps=(
        *depth_steps(
            "the layer",
            runs.rope_tensor_layer,
            CLAIMED,
            ("5s+3P+E+△", "P", "s+P", "s"),
            OTHER,
            runs.rope_tensor_layer_weights,
        ),
        WEIGHTS,
        WITH_ANGLES,
    ),
)

STATEMENTS = (COSTS, NETWORK)
