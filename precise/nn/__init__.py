"""Bodies: each an ordinary function over arrays that takes its arithmetic from its arguments."""

from precise.nn.affine import affine, gelu, mlp, silu, swiglu
from precise.nn.attention import attention, causal_mask, grouped_query_attention, scaled
from precise.nn.llama import (
    LlamaLayer,
    LlamaWeights,
    llama_attention,
    llama_hidden,
    llama_layer,
    llama_logits,
)
from precise.nn.namespace import namespace_of
from precise.nn.norm import layer_norm, rms_norm
from precise.nn.planes import join_planes, split_planes
from precise.nn.rope import apply_rope, rope, rope_angles, rotation_from_tables, rotation_matrix
from precise.nn.rope_attention import rope_attention, rope_attention_layer, rope_position_range
from precise.nn.rope_tensor_attention import rope_tensor_attention, rope_tensor_attention_layer
from precise.nn.rope_tensor_scores import (
    TRIPLE_VARIANTS,
    complex_khatri_rao,
    rope_tensor_scores,
    triple_position_range,
)
from precise.nn.rotation_table import RotationTable, rotation_table, table_of_angles
from precise.nn.softmax import exponentials, softmax, weighted_average
from precise.nn.tensor import face_splitting, khatri_rao, kron
from precise.nn.tensor_attention import tensor_attention, tensor_attention_layer
from precise.nn.transformer import Block, transformer

__all__ = [
    "TRIPLE_VARIANTS",
    "Block",
    "LlamaLayer",
    "LlamaWeights",
    "RotationTable",
    "affine",
    "apply_rope",
    "attention",
    "causal_mask",
    "complex_khatri_rao",
    "exponentials",
    "face_splitting",
    "gelu",
    "grouped_query_attention",
    "join_planes",
    "khatri_rao",
    "kron",
    "layer_norm",
    "llama_attention",
    "llama_hidden",
    "llama_layer",
    "llama_logits",
    "mlp",
    "namespace_of",
    "rms_norm",
    "rope",
    "rope_angles",
    "rope_attention",
    "rope_attention_layer",
    "rope_position_range",
    "rope_tensor_attention",
    "rope_tensor_attention_layer",
    "rope_tensor_scores",
    "rotation_from_tables",
    "rotation_matrix",
    "rotation_table",
    "scaled",
    "silu",
    "softmax",
    "split_planes",
    "swiglu",
    "table_of_angles",
    "tensor_attention",
    "tensor_attention_layer",
    "transformer",
    "triple_position_range",
    "weighted_average",
]
