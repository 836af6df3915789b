"""Statements on the bodies as networks of circuits, one for each lemma of the papers that counts a depth."""

from __future__ import annotations

from precise.claims import Statement
from proofs import _circuit_bodies as bodies
from proofs._circuit_extrema import DOT_STEPS
from proofs._circuit_steps import Subject, steps_of

ARITHMETIC = ("lem:basic-ops", "lem:iterated-sum@circuit")
FUNCTIONS = (*ARITHMETIC, "lem:exp@circuit")
ANGLES = (*FUNCTIONS, "lem:sincos@circuit")


def network(label: str, title: str, subject: Subject, uses: tuple[str, ...], what: str) -> Statement:
    """Return the statement on one body."""
    return Statement(
        label=label,
        title=title,
        mark="D",
        tex=rf"{what} on $\mathbb F_p$ is a network of threshold circuits whose depths add up to {subject.total}.",
        uses=uses,
        steps=steps_of(subject),
    )


TENSOR_OPS = network(
    "lem:tensor-ops@circuit",
    "The three products of matrices as networks",
    bodies.PRODUCTS,
    ("lem:basic-ops",),
    r"Each of $\otimes,\oslash,\ominus$",
)
MATMUL = network(
    "lem:matmul@circuit", "The matrix product as a network", bodies.MATMUL, ARITHMETIC, "The matrix product"
)
DOT = Statement(
    label="lem:matmul@inner-product",
    of_code=True,
    title="One circuit of an inner product",
    mark="D",
    tex=r"An inner product of $n$ pairs on $\mathbb F_p$, products rounded, sum rounded once, has 38 levels.",
    steps=DOT_STEPS,
)
MLP = network("lem:mlp@circuit", "The MLP as a network", bodies.MLP, ARITHMETIC, r"$X\mapsto XW^\top+b$")
SOFTMAX = network("def:softmax@circuit", "The softmax as a network", bodies.SOFTMAX, FUNCTIONS, "Softmax of rows")
NORM = network(
    "lem:layer-norm@circuit",
    "Layer norm as a network",
    bodies.NORM,
    (*ARITHMETIC, "lem:sqrt@circuit"),
    "Layer norm of rows",
)
ROPE_MATRIX = network(
    "lem:rope-matrix@circuit",
    "The matrix A of RoPE attention as a network",
    bodies.ROPE_MATRIX,
    ANGLES,
    r"$\exp(XW_QRW_K^\top X^\top)$, angles below 8 tabulated,",
)
ATTENTION = network(
    "lem:attention-output@circuit",
    "Attention as a network",
    bodies.ATTENTION,
    FUNCTIONS,
    r"$D^{-1}AV$ from $X$, $A=\exp(QK^\top/d)$,",
)
ROPE_LAYER = network(
    "lem:rope-layer@circuit",
    "A layer of RoPE attention as a network",
    bodies.ROPE_LAYER,
    ANGLES,
    r"$D^{-1}AXW_V$ of RoPE attention, angles below 8 tabulated,",
)
TENSOR_LAYER = network(
    "lem:tensor-layer@circuit",
    "A layer of tensor attention as a network",
    bodies.TENSOR_LAYER,
    FUNCTIONS,
    r"$D^{-1}AV$ of tensor attention",
)
ROPE_TENSOR_LAYER = network(
    "lem:rope-tensor-layer@circuit",
    "A layer of RoPE tensor attention as a network",
    bodies.ROPE_TENSOR_LAYER,
    ANGLES,
    r"$D^{-1}AV$ of RoPE tensor attention, variant pair-sum, angles below 8 tabulated,",
)
