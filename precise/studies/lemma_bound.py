"""The bound of a lemma beside the running one: its constant, its scale for these inputs, and its hypotheses checked.

Two derivations of one quantity: the running bound follows every operation, the lemma has one constant for all inputs.
The hypothesis that nothing leaves the range is checked on the inputs, so a lemma is shown only where it applies.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Final

import flint

from precise.balls import ball_of, interval_of, working_precision
from precise.bounds import Bound, matmul_bound, softmax_entry_bound
from precise.dyadic import Dyadic
from precise.errors import PreciseError
from precise.formats import Format
from precise.policy import Policy
from precise.studies.inputs import Arrays


@dataclass(frozen=True, slots=True)
class LemmaBound:
    """The bound of a lemma for an array of results.

    Parameters
    ----------
    label, scale, hypotheses : of the lemma; the bound of an entry is `constant * scale`
    greatest_scale : Fraction or None
        The greatest value of the scale, a quantity of the inputs: not to be taken for the constant.
    greatest : Fraction or None
        The greatest bound of an entry; None where a hypothesis fails or the lemma is about other policies.
    reason : str
        Why there is none.
    """

    label: str
    constant: Fraction | None
    scale: str
    hypotheses: tuple[str, ...]
    greatest_scale: Fraction | None
    greatest: Fraction | None
    reason: str


def lemma_bound(
    operation: str, variant: str, policy: Policy, inputs: Arrays, bits: int, *, in_range: bool
) -> LemmaBound | None:
    """Return the bound of the operation's lemma, or None where no lemma is about it.

    Parameters
    ----------
    inputs : exact members of the format
    in_range : whether the running bound excludes every overflow
    """
    key = f"{operation} ({variant})" if variant else operation
    if key not in _LEMMAS:
        return None
    label, stated, scale = _LEMMAS[key]
    try:
        bound = stated(policy, inputs)
    except PreciseError as error:
        return LemmaBound(label, None, "", (), None, None, str(error))
    with working_precision(bits):
        scales, reason = scale(policy, inputs, bound)
        if not in_range:
            reason = "an intermediate result may overflow"
        ends = [interval_of(s) for s in scales]
    uppers = [end.upper for end in ends if end is not None]
    if reason or len(uppers) < len(ends):
        return LemmaBound(
            bound.label, bound.constant, bound.scale, bound.hypotheses, None, None, reason or "no bounded scale"
        )
    most = max(uppers).to_fraction()
    return LemmaBound(bound.label, bound.constant, bound.scale, bound.hypotheses, most, bound.constant * most, "")


def _matmul_scales(policy: Policy, inputs: Arrays, bound: Bound) -> tuple[list[flint.arb], str]:
    """Return sum |a||b| of every entry, and whether a product may underflow."""
    a, b = inputs["a"], inputs["b"]
    products = [[abs(x * y) for x, y in zip(row, column, strict=True)] for row in a.tolist() for column in b.T.tolist()]
    inner, product = policy.accumulate.rounder(policy.results), policy.accumulate.product_rounder(policy.results)
    tiny = any(p.c and _below_normal(p, product.format) for terms in products for p in terms)
    on_grid = inner.format.q_min is None or (policy.accumulate.products == "rounded" and inner.format.subnormals)
    reason = "a product lies below the least normal number" if tiny else ""
    if not on_grid or inner.format != policy.results.format:
        reason = reason or "a sum may lie below the least normal number"
    if product.format != inner.format:
        reason = reason or "a product may not be a number of the accumulator"
    return [reduce(operator.add, (ball_of(p) for p in terms), flint.arb(0)) for terms in products], reason


def _softmax_scales(policy: Policy, inputs: Arrays, bound: Bound) -> tuple[list[flint.arb], str]:
    """Return the weights, and whether an exponential or a weight may underflow."""
    fmt, z = policy.results.format, inputs["z"]
    rows = [[ball_of(x).exp() for x in row] for row in z.reshape(-1, z.shape[-1]).tolist()]
    weights = [e / reduce(operator.add, row, flint.arb(0)) for row in rows for e in row]
    least = [_least(e) for row in rows for e in row]
    tiny = any(_below_normal(e, fmt) for e in least)
    rest = Dyadic.from_fraction(Fraction(int((1 - bound.constant) * 1024), 1024))
    small = any(_below_normal(_least(w) * rest, fmt) for w in weights)
    reason = "an exponential lies below the least normal number" if tiny else ""
    return weights, reason or ("a weight may lie below the least normal number" if small else "")


def _least(ball: flint.arb) -> Dyadic:
    """Return the lower end of a positive ball, 0 where it has none."""
    found = interval_of(ball)
    return Dyadic(0) if found is None else max(Dyadic(0), found.lower)


def _below_normal(x: Dyadic, fmt: Format) -> bool:
    """Return whether a magnitude lies below the least normal number."""
    return fmt.smallest_normal is not None and x < fmt.smallest_normal


_LEMMAS: Final[
    dict[
        str,
        tuple[
            str,
            Callable[[Policy, Arrays], Bound],
            Callable[[Policy, Arrays, Bound], tuple[list[flint.arb], str]],
        ],
    ]
] = {
    "matmul": ("lem:matmul", lambda policy, inputs: matmul_bound(policy, inputs["a"].shape[1]), _matmul_scales),
    "softmax (paper)": ("lem:softmax-entry", lambda policy, inputs: softmax_entry_bound(policy), _softmax_scales),
}
