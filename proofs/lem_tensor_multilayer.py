"""Tensor attention transformers of m layers: depth and size, with and without rotations."""

from precise.claims import Statement
from proofs import _runs as runs
from proofs._depths import SIMULATED, WEIGHTS, WITH_ANGLES
from proofs._layers import Model, model_steps
from proofs.lem_rope_tensor_layer import CLAIMED as ROPE_LAYER
from proofs.lem_tensor_layer import CLAIMED as LAYER

TENSOR = Model(runs.tensor_layer_of, LAYER.path, LAYER.in_sequence, LAYER.sizes)
# Tabulated angles are at depth 0 in every layer: their cosines and sines are one step of the whole model.
ROPE = Model(
    runs.rope_tensor_layer_of,
    ROPE_LAYER.path,
    ROPE_LAYER.in_sequence.replace("+△", ""),
    ROPE_LAYER.sizes,
    shared="△",
)

STATEMENTS = (
    Statement(
        label="lem:tensor-multilayer",
        title="Tensor attention transformer of m layers",
        mark="D",
        tex=r"depth $(m+1)d_f+m(6s+3P+E)$",
        uses=("lem:tensor-layer", "lem:mlp", "lem:layer-norm", "def:transformer"),
        steps=(*model_steps(TENSOR, exactly=True), WEIGHTS, SIMULATED),
    ),
    Statement(
        label="lem:tensor-multilayer@rope",
        title="RoPE tensor attention transformer of m layers, variant pair-sum",
        mark="D",
        tex=r"depth at most $(m+1)d_f+m(\max(s+P,\triangle)+5s+3P+E)$",
        uses=("lem:rope-tensor-layer", "lem:mlp", "lem:layer-norm", "def:transformer"),
        steps=(*model_steps(ROPE, exactly=False), WEIGHTS, WITH_ANGLES),
    ),
)
