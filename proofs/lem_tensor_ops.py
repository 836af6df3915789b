"""The three products of matrices are one layer of products each."""

from precise.claims import Statement
from proofs import _runs as runs
from proofs._circuit_networks_of_papers import TENSOR_OPS as NETWORK
from proofs._depths import SIMULATED, Claimed, depth_steps

CLAIMED = Claimed(
    path="s",
    in_sequence="s",
    sizes={
        "multiply": "n**2*d**2 + n**2*d + n*d**2",
    },
)
OTHER = Claimed(path="2s", in_sequence="2s", sizes=CLAIMED.sizes)

COSTS = Statement(
    label="lem:tensor-ops",
    title="Cost of the three products",
    mark="D",
    tex=r"$\otimes,\oslash,\ominus$ in depth $s$, with $n^2d^2$, $n^2d$, $nd^2$ products",
    uses=("def:kron", "def:khatri-rao", "def:face-split"),
    steps=(
        *depth_steps("the products", runs.three_products, CLAIMED, ("s",), OTHER, runs.affine_map),
        SIMULATED,
    ),
)

STATEMENTS = (COSTS, NETWORK)
