"""The MLP of the papers: an affine map of every row."""

from collections.abc import Iterable
from typing import Any

from precise.claims import Statement
from precise.nn import affine
from proofs._bodies import Pair, Pairs, body_step, inputs
from proofs._layers_formulas import affine as formula
from proofs._loops import matrix, transpose


def pairs(transposed: bool = False, with_bias: bool = True) -> Pairs:
    """Return the comparison for rectangular W; mutants transpose W, or leave the bias out."""

    def generate(xp: Any) -> Iterable[Pair]:
        for n, d, e in ((1, 2, 2), (2, 2, 2), (2, 3, 3)):
            (x,), (x0,) = inputs(xp, "x", (n, d))
            w, b = xp.symbols("w", (e, d)), xp.symbols("b", (e,))
            w0 = transpose(matrix(w)) if transposed else matrix(w)
            body = affine(x, w, b if with_bias else None)
            yield f"n = {n}, d = {d}, e = {e}", body, formula(x0, w0, list(b.elements()))

    return generate


STATEMENT = Statement(
    label="def:mlp",
    title="MLP",
    mark="M",
    tex=r"$X_{i,*}^\top\mapsto WX_{i,*}^\top+b$",
    suspects=("S27",),
    steps=(
        body_step(
            "The body `affine` is the definition; there is no activation in it.",
            pairs(),
            2 + 4 + 6,
            "n up to 2, d up to 3",
            {"W transposed": pairs(transposed=True), "no bias": pairs(with_bias=False)},
        ),
    ),
)
