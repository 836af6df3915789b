"""An entrywise product is one layer of products."""

from precise.claims import Statement
from proofs import _runs as runs
from proofs._depths import SIMULATED, Claimed, depth_steps
from proofs._entrywise import STATEMENT as VALUE

CLAIMED = Claimed(
    path="s",
    in_sequence="s",
    sizes={
        "multiply": "n*d",
    },
)
OTHER = Claimed(path="2s", in_sequence="2s", sizes=CLAIMED.sizes)

DEPTH = Statement(
    label="lem:hadamard",
    title="Entrywise product",
    mark="R",
    tex=r"$A\circ B$ in depth $s$",
    uses=(),
    steps=(
        *depth_steps("the product", runs.entrywise_product, CLAIMED, ("s",), OTHER, runs.affine_map),
        SIMULATED,
    ),
)

STATEMENTS = (DEPTH, VALUE)
