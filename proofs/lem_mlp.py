"""The papers' MLP is an affine map: a product and a bias."""

from precise.claims import Statement
from proofs import _runs as runs
from proofs._circuit_networks_of_papers import MLP as NETWORK
from proofs._depths import SIMULATED, WEIGHTS, Claimed, depth_steps

CLAIMED = Claimed(
    path="2s+P",
    in_sequence="2s+P",
    sizes={
        "multiply": "n*d**2",
        "add": "n*d",
        "sum": "n*d",
        "terms of sum": "n*d**2",
    },
    printed="2s+P",
)
OTHER = Claimed(path="s+P", in_sequence="s+P", sizes=CLAIMED.sizes)

COSTS = Statement(
    label="lem:mlp",
    title="Depth of the MLP",
    mark="M",
    tex=r"$X\mapsto XW^\top+b$ in depth $2s+P$",
    uses=("def:mlp", "lem:matmul"),
    steps=(
        *depth_steps("the MLP", runs.affine_map, CLAIMED, ("s+P", "s"), OTHER, runs.matrix_product),
        WEIGHTS,
        SIMULATED,
    ),
)

STATEMENTS = (COSTS, NETWORK)
