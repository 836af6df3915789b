"""Built-in inputs: exact numbers of 24 bits or so, a function of the operation's name, the seed and the size alone.

Entries are integers over a power of two, so that every format of fewer bits really rounds them. They come from
`random.Random(seed).getrandbits`, whose values Python keeps from version to version.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final, TypeAlias

from precise.dyadic import Dyadic
from precise.engines.carrier import Objects, object_array
from precise.studies.reals import Power, Real

Arrays: TypeAlias = dict[str, Objects]

_BITS: Final = 20
ROPE_BASE: Final = 10000


def normal_like(source: random.Random, *shape: int, scale: int = 1) -> Objects:
    """Return sums of twelve uniform numbers less 6, times `scale`: mean 0, variance `scale**2`, at most 6 of them."""
    shift = 6 << _BITS
    sums = (sum(source.getrandbits(_BITS) for _ in range(12)) - shift for _ in range(math.prod(shape)))
    return object_array((Dyadic(scale * n, -_BITS) for n in sums), shape)


def frequencies(d: int, base: int = ROPE_BASE) -> Objects:
    """Return `base**(-2 l / d)` for l = 0, ..., d/2 - 1, as real numbers."""
    return exact_array([Power(Fraction(base), Fraction(-2 * k, d)) for k in range(d // 2)])


def integers(start: int, stop: int) -> Objects:
    """Return the integers from `start` to `stop - 1`."""
    return exact_array([Dyadic(t) for t in range(start, stop)])


def exact_array(values: Sequence[Real]) -> Objects:
    """Return numbers as a vector."""
    return object_array(values, (len(values),))


def offsets(rows: int) -> Objects:
    """Return 0, 1, 10, 100 and again, a column: what is added to the rows of a layer norm to make them harder."""
    return exact_array([Dyadic((0, 1, 10, 100)[i % 4]) for i in range(rows)]).reshape(rows, 1)


def _rows(source: random.Random, n: int) -> Arrays:
    """Return the rows of a layer norm, width 64."""
    return {"x": normal_like(source, n, 64) + offsets(n)}


def _matrices(source: random.Random, n: int, d: int, *names: str) -> Arrays:
    """Return named matrices of n rows and d columns."""
    return {name: normal_like(source, n, d) for name in names}


BUILD: Final[dict[str, Callable[[random.Random, int], Arrays]]] = {
    "rope": lambda source, n: {"positions": integers(0, n), "theta": frequencies(16)},
    "softmax": lambda source, n: {"z": normal_like(source, 8, n, scale=2)},
    "attention": lambda source, n: _matrices(source, n, 16, "q", "k", "v"),
    "layer-norm": _rows,
    "matmul": lambda source, n: {"a": normal_like(source, 16, n), "b": normal_like(source, n, 16)},
    "tensor-attention": lambda source, n: _matrices(source, n, 4, "q", "k1", "k2", "v1", "v2"),
    "rope-tensor-attention": lambda source, n: (
        _matrices(source, n, 4, "q", "k1", "k2", "v1", "v2") | {"theta": frequencies(4)}
    ),
}


def builtin_inputs(operation: str, seed: int, size: int) -> Arrays:
    """Return the inputs of an operation of `BUILD` for a seed and a size of at least 1."""
    return BUILD[operation](random.Random(seed), size)
