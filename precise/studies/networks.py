"""The bodies of the papers as networks of threshold circuits: which there are, how deep and how large they are.

A network is never laid out: every operation is built once for its p and number of operands, and instances are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from precise.circuits import OPERATIONS, Layout
from precise.circuits.network import NetworkSize
from precise.circuits.paths import Path
from precise.errors import DomainError
from precise.nn import (
    Block,
    affine,
    attention,
    exponentials,
    face_splitting,
    khatri_rao,
    kron,
    layer_norm,
    rope_attention_layer,
    rope_tensor_attention_layer,
    softmax,
    table_of_angles,
    tensor_attention_layer,
    transformer,
)
from precise.nn.rope_attention import rotate_queries, row_scores
from precise.semantics.array import Array
from precise.semantics.cost import CostSemantics
from precise.semantics.depth import Depth, depth
from precise.semantics.netlist import network, network_size, sketch

Given: TypeAlias = Callable[..., Array]
"""From a shape, one integer an axis, to an input of a namespace."""
Run: TypeAlias = Callable[[Given, int, int], Array]
"""From inputs, n and d to the result of a body."""
Variable: TypeAlias = Literal["n", "d", "p"]

CONSTANTS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "s": max(OPERATIONS[name].depth for name in ("less_equal", "add", "multiply", "divide")),
        "P": OPERATIONS["sum"].depth,
        "T": OPERATIONS["prod"].depth,
        "E": OPERATIONS["exp"].depth,
        "R": OPERATIONS["sqrt"].depth,
        "△": max(OPERATIONS[name].depth for name in ("sin", "cos")),
        "L": 0,  # no body takes a logarithm
    }
)
"""The papers' constants: the depth of one operation on two floats, of an iterated sum, and so on."""
_COARSE: Final[Mapping[str, Depth]] = MappingProxyType(
    {
        **dict.fromkeys(("add", "subtract", "multiply", "divide", "less_equal"), depth(s=1)),
        **dict.fromkeys(("negative", "abs", "select"), depth()),
        **dict.fromkeys(("sum", "max", "min"), depth(P=1)),
        **dict.fromkeys(("sin", "cos"), depth(tri=1)),
        "prod": depth(T=1),
        "exp": depth(E=1),
        "sqrt": depth(R=1),
    }
)
"""What the papers count for an operation; signs and choices are free."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body with its inputs.

    Parameters
    ----------
    name, title
        A name for the command line, and what it is.
    paper
        Its critical path in the papers' constants.
    run
        The body on inputs of n rows and d columns; the angles of rotations are inputs.
    even
        Whether d must be even.
    """

    name: str
    title: str
    paper: str
    run: Run
    even: bool = False


@dataclass(frozen=True, slots=True)
class Sketched:
    """The network of a body at one size: its depth in the depths of operations, in the papers' constants, its size."""

    body: Body
    p: int
    n: int
    d: int
    path: Path
    size: NetworkSize

    @property
    def formula(self) -> int:
        """The papers' depth formula with our constants put in; the network is at most as deep."""
        return coarse(self.path).evaluate(CONSTANTS)


def coarse(path: Path) -> Depth:
    """Return a depth in the papers' constants: `multiply + sum` is `s + P`."""
    found = []
    for counts in path.sums:
        total = depth()
        for name, count in counts:
            total = total + count * _COARSE[name]
        found.append(total)
    result = found[0]
    for other in found[1:]:
        result = result.max_with(other)
    return result


def sketched(body: Body, p: int, n: int, d: int) -> Sketched:
    """Return the network of a body on n rows and d columns of p-bit floats."""
    if n < 1 or d < 1:
        raise DomainError(f"circuit: n and d must be at least 1; got n = {n}, d = {d}")
    if body.even and d % 2:
        raise DomainError(f"circuit: d must be even for {body.name}; got {d}")
    result = _result(body, Layout.paper(p), n, d)
    return Sketched(body, p, n, d, network(result).path, network_size(result))


@lru_cache(maxsize=256)
def _result(body: Body, layout: Layout, n: int, d: int) -> Array:
    """Return the outputs of a body on wires without values."""
    xp = sketch(layout.p, w=layout.w)
    return body.run(lambda *shape: xp.empty(shape), n, d)


def cost_of_body(xp: CostSemantics, body: Body, n: int, d: int) -> Array:
    """Return the outputs of a body in the semantics of the papers' depths."""
    return body.run(lambda *shape: xp.empty(shape), n, d)


def _weights(given: Given, count: int, d: int) -> list[Array]:
    """Return square matrices."""
    return [given(d, d) for _ in range(count)]


def _matmul(given: Given, n: int, d: int) -> Array:
    """Return the product of an n x d and a d x n matrix."""
    a, b = given(n, d), given(d, n)
    return a.__array_namespace__().matmul(a, b)


def _attention(given: Given, n: int, d: int) -> Array:
    """Return attention of a sequence, queries, keys and values projected."""
    x, weights = given(n, d), _weights(given, 3, d)
    xp = x.__array_namespace__()
    return attention(*(xp.matmul(x, w) for w in weights))


def _rope_matrix(given: Given, n: int, d: int) -> Array:
    """Return exp(X W_Q R W_K^T X^T), multiplied from left to right."""
    x, (wq, wk) = given(n, d), _weights(given, 2, d)
    xp = x.__array_namespace__()
    cos, sin = table_of_angles(given(2 * n - 1, d // 2), 1 - n).runs([[1 - i] for i in range(1, n + 1)], n)
    rotated = rotate_queries(xp.matmul(x, wq), cos, sin)
    return exponentials(row_scores(xp.matmul(rotated, xp.matrix_transpose(wk)), x))


def _rope_attention(given: Given, n: int, d: int) -> Array:
    """Return one layer of RoPE attention, scores multiplied from left to right."""
    x, table = given(n, d), table_of_angles(given(2 * n - 1, d // 2), 1 - n)
    return rope_attention_layer(x, *_weights(given, 3, d), order="left-to-right", table=table)


def _tensor(given: Given, x: Array, n: int, d: int) -> Array:
    """Return one layer of tensor attention of x."""
    return tensor_attention_layer(x, *_weights(given, 5, d))


def _rope_tensor(given: Given, x: Array, n: int, d: int) -> Array:
    """Return one layer of RoPE tensor attention of x, variant pair-sum."""
    table = table_of_angles(given(4 * n - 3, d // 2), 2 - 2 * n)
    return rope_tensor_attention_layer(x, *_weights(given, 5, d), variant="pair-sum", table=table)


def _model(attention: Callable[[Given, Array, int, int], Array], layers: int) -> Run:
    """Return a transformer with such layers between affine maps with layer norm."""

    def run(given: Given, n: int, d: int) -> Array:
        def between(x: Array) -> Array:
            return layer_norm(affine(x, given(d, d), given(d)))

        block = Block(lambda x: attention(given, x, n, d), between)
        return transformer(given(n, d), between, [block] * layers)

    return run


@lru_cache(maxsize=16)
def model(layers: int, *, rope: bool) -> Body:
    """Return a transformer of so many layers of tensor attention, or of RoPE tensor attention."""
    name, attention = ("rope_tensor_model", _rope_tensor) if rope else ("tensor_model", _tensor)
    return Body(f"{name}_{layers}", f"{layers} layers between maps", "", _model(attention, layers), rope)


_LINES: Final = (
    Body("kron", "Kronecker product", "s", lambda given, n, d: kron(given(n, d), given(n, d))),
    Body("khatri_rao", "columnwise Kronecker product", "s", lambda given, n, d: khatri_rao(given(n, d), given(n, d))),
    Body("face_splitting", "rowwise Kronecker product", "s", lambda g, n, d: face_splitting(g(n, d), g(n, d))),
    Body("matmul", "matrix product", "s+P", _matmul),
    Body("mlp", "MLP: affine map", "2s+P", lambda given, n, d: affine(given(n, d), given(d, d), given(d))),
    Body("softmax", "softmax of n rows", "s+P+E", lambda given, n, d: softmax(given(n, d))),
    Body("layer_norm", "layer norm of n rows", "5s+2P+R", lambda given, n, d: layer_norm(given(n, d))),
    Body("rope_matrix", "exp(X W R W X) of RoPE", "max(s+P, △)+3s+3P+E", _rope_matrix, even=True),
    Body("attention", "attention with projections", "5s+3P+E", _attention),
    Body("rope_attention", "RoPE attention layer", "max(s+P, △)+5s+4P+E", _rope_attention, even=True),
    Body(
        "tensor_attention",
        "tensor attention layer",
        "6s+3P+E",
        lambda given, n, d: _tensor(given, given(n, d), n, d),
    ),
    Body(
        "rope_tensor_attention",
        "RoPE tensor attention layer",
        "max(s+P, △)+5s+3P+E",
        lambda given, n, d: _rope_tensor(given, given(n, d), n, d),
        even=True,
    ),
    Body(
        "tensor_transformer",
        "one tensor layer between two maps",
        "20s+9P+E+2R",
        _model(_tensor, 1),
    ),
    Body(
        "transformer",
        "one RoPE tensor layer between two maps",
        "max(8s+4P+R, △)+12s+6P+E+R",
        _model(_rope_tensor, 1),
        even=True,
    ),
)

BODIES: Final[Mapping[str, Body]] = MappingProxyType({line.name: line for line in _LINES})
