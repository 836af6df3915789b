"""One layer of tensor attention; V is made beside A, D is summed beside A V."""

from precise.claims import Statement
from proofs import _runs as runs
from proofs._circuit_networks_of_papers import TENSOR_LAYER as NETWORK
from proofs._depths import SIMULATED, WEIGHTS, Claimed, depth_steps

CLAIMED = Claimed(
    path="6s+3P+E",
    in_sequence="6s+4P+E",
    sizes={
        "multiply": "5*n*d**2 + 2*n**2*d + 2*n**3*d",
        "sum": "5*n*d + n**3 + n + n*d",
        "terms of sum": "5*n*d**2 + 2*n**3*d + n**3",
        "divide": "n**3 + n*d",
        "exp": "n**3",
    },
)
OTHER = Claimed(path="6s+4P+E", in_sequence="6s+4P+E", sizes=CLAIMED.sizes)

COSTS = Statement(
    label="lem:tensor-layer",
    title="One layer of tensor attention",
    mark="D",
    tex=r"$D^{-1}AV$ from $X$ in depth $6s+3P+E$; with $D$ and $AV$ one after the other $6s+4P+E$",
    uses=("lem:tensor-matrix",),
    steps=(
        *depth_steps(
            "the layer",
            runs.tensor_layer,
            CLAIMED,
            ("4s+2P+E", "P", "s+P", "s"),
            OTHER,
            runs.tensor_layer_weights,
        ),
        WEIGHTS,
        SIMULATED,
    ),
)

STATEMENTS = (COSTS, NETWORK)
