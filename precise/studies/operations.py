"""The operations that can be compared: names and shapes of their inputs, variants, and the body that is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from precise.errors import DomainError, ShapeError
from precise.nn.attention import attention
from precise.nn.namespace import namespace_of
from precise.nn.norm import VARIANCES, layer_norm
from precise.nn.rope import rope_angles
from precise.nn.rope_tensor_attention import rope_tensor_attention
from precise.nn.rope_tensor_scores import TRIPLE_VARIANTS
from precise.nn.softmax import SOFTMAX_VARIANTS, softmax
from precise.nn.tensor_attention import tensor_attention
from precise.semantics.array import Array

Body: TypeAlias = Callable[..., Array]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation with everything that is needed to run it.

    Parameters
    ----------
    output : str
        What the axes of the result are, for tables.
    shapes : mapping
        The axes of each input by letter; a letter has one length, and `...` first stands for any axes.
    variants : tuple of str
        The default first; empty where there is one way only.
    size, size_means : the default size of built-in inputs, and what it is
    body : called with the inputs by name and with `variant`
    """

    name: str
    output: str
    shapes: Mapping[str, str]
    variants: tuple[str, ...]
    size: int
    size_means: str
    body: Body

    def choose(self, variant: str | None) -> str:
        """Return a variant's name, the default for None; `DomainError` where there is none of that name."""
        if variant is None:
            return self.variants[0] if self.variants else ""
        if variant not in self.variants:
            known = f"one of {', '.join(self.variants)}" if self.variants else "left out, there is only one"
            raise DomainError(f"{self.name}: variant must be {known}; got {variant!r}")
        return variant

    def check(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        """Check names and shapes of inputs, or raise `ShapeError`."""
        if set(shapes) != set(self.shapes):
            raise ShapeError(
                f"{self.name}: arrays must be named {', '.join(self.shapes)}; got {', '.join(sorted(shapes)) or 'none'}"
            )
        lengths: dict[str, int] = {}
        for name, axes in self.shapes.items():
            letters = axes.removeprefix("...").split()
            shape = shapes[name]
            fits = len(shape) >= len(letters) if axes.startswith("...") else len(shape) == len(letters)
            if not fits:
                raise ShapeError(f"{self.name}: {name} must have shape [{', '.join(axes.split())}]; got {list(shape)}")
            if 0 in shape:
                raise ShapeError(f"{self.name}: {name} must have an element; got shape {list(shape)}")
            for letter, n in zip(letters, shape[len(shape) - len(letters) :], strict=True):
                if lengths.setdefault(letter, n) != n:
                    raise ShapeError(
                        f"{self.name}: axis {letter} must have one length; got {lengths[letter]} and {n} (in {name})"
                    )
        if "d/2" in lengths and "d" in lengths and 2 * lengths["d/2"] != lengths["d"]:
            raise ShapeError(f"{self.name}: theta must have d/2 = {lengths['d'] / 2:g} entries; got {lengths['d/2']}")


def _rope_tables(*, positions: Array, theta: Array, variant: str) -> Array:
    """Return the tables of cosines and sines, stacked."""
    xp = namespace_of(positions, theta)
    angles = rope_angles(positions, theta)
    return xp.stack([xp.cos(angles), xp.sin(angles)], axis=0)


def _softmax(*, z: Array, variant: str) -> Array:
    """Return the softmax of the rows."""
    return softmax(z, variant=variant)  # type: ignore[arg-type]


def _attention(*, q: Array, k: Array, v: Array, variant: str) -> Array:
    """Return attention with scores divided by d."""
    return attention(q, k, v, softmax=variant)  # type: ignore[arg-type]


def _layer_norm(*, x: Array, variant: str) -> Array:
    """Return the rows with mean 0 and variance 1."""
    return layer_norm(x, variance=variant)  # type: ignore[arg-type]


def _matmul(*, a: Array, b: Array, variant: str) -> Array:
    """Return the matrix product."""
    return namespace_of(a, b).matmul(a, b)


def _tensor_attention(*, q: Array, k1: Array, k2: Array, v1: Array, v2: Array, variant: str) -> Array:
    """Return tensor attention with scores divided by d."""
    return tensor_attention(q, k1, k2, v1, v2, softmax=variant)  # type: ignore[arg-type]


def _rope_tensor_attention(
    *, q: Array, k1: Array, k2: Array, v1: Array, v2: Array, theta: Array, variant: str
) -> Array:
    """Return RoPE tensor attention with scores divided by d."""
    return rope_tensor_attention(q, k1, k2, v1, v2, theta=theta, variant=variant)  # type: ignore[arg-type]


_TENSOR: Final = {"q": "n d", "k1": "m1 d", "k2": "m2 d", "v1": "m1 e", "v2": "m2 e"}
_TRIPLE: Final = {"q": "n d", "k1": "n d", "k2": "n d", "v1": "n e", "v2": "n e", "theta": "d/2"}

OPERATIONS: Final[dict[str, Operation]] = {
    operation.name: operation
    for operation in (
        Operation(
            "rope",
            "[cos or sin, position, plane]",
            {"positions": "n", "theta": "d/2"},
            (),
            256,
            "positions",
            _rope_tables,
        ),
        Operation("softmax", "[..., entry]", {"z": "... N"}, SOFTMAX_VARIANTS, 64, "entries a row", _softmax),
        Operation(
            "attention",
            "[row, column]",
            {"q": "n d", "k": "m d", "v": "m e"},
            SOFTMAX_VARIANTS,
            16,
            "tokens",
            _attention,
        ),
        Operation("layer-norm", "[..., entry]", {"x": "... d"}, VARIANCES, 16, "rows", _layer_norm),
        Operation("matmul", "[row, column]", {"a": "n k", "b": "k m"}, (), 64, "columns of a", _matmul),
        Operation("tensor-attention", "[row, column]", _TENSOR, SOFTMAX_VARIANTS, 6, "tokens", _tensor_attention),
        Operation(
            "rope-tensor-attention", "[row, column]", _TRIPLE, TRIPLE_VARIANTS, 4, "tokens", _rope_tensor_attention
        ),
    )
}


def find_operation(name: str) -> Operation:
    """Return an operation by name; `DomainError` where there is none."""
    if name not in OPERATIONS:
        raise DomainError(f"compare: operation must be one of {', '.join(OPERATIONS)}; got {name!r}")
    return OPERATIONS[name]
