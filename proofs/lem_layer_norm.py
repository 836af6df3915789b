"""Layer norm: mean, variance, root, quotient."""

from precise.claims import Statement
from proofs import _runs as runs
from proofs._circuit_networks_of_papers import NORM as NETWORK
from proofs._depths import SIMULATED, Claimed, depth_steps

CLAIMED = Claimed(
    path="5s+2P+R",
    in_sequence="5s+2P+R",
    sizes={
        "multiply": "n*d",
        "sum": "2*n",
        "terms of sum": "2*n*d",
        "divide": "2*n + n*d",
        "subtract": "2*n*d",
        "sqrt": "n",
    },
    printed="5s+2P+R",
)
OTHER = Claimed(path="4s+2P+R", in_sequence="4s+2P+R", sizes=CLAIMED.sizes)

COSTS = Statement(
    label="lem:layer-norm",
    title="Depth of layer norm",
    mark="M",
    tex=r"layer norm in depth $5s+2P+d_{sqrt}$",
    uses=("def:layer-norm", "lem:sqrt"),
    steps=(
        *depth_steps(
            "layer norm", runs.norm, CLAIMED, ("P", "s", "s", "s", "P", "s", "R", "s"), OTHER, runs.affine_map
        ),
        SIMULATED,
    ),
)

STATEMENTS = (COSTS, NETWORK)
