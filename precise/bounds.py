r"""Error bounds as functions of the policy and of the length: exact rationals with hypotheses and a lemma.

Every constant c belongs to a sentence `|computed - exact| <= c * scale`. The bare functions
(`gamma_constant`, `nearest_constant`, `after_roundings`, `softmax_entry_constant`, `attention_output_constant`)
are rational functions of u; the ledger runs them with a symbol for u, so that what is proved is what is
computed here.

Notation: u = 2**-p, and v is the relative error of one rounding, u / (1 + u) to nearest (`lem:round-rel-error`)
and 2u for the directed modes.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from precise.errors import DomainError, UnsupportedError
from precise.formats.format import Format
from precise.policy import Accumulate, Policy
from precise.rounding import Rounding

IN_RANGE = "no rounded value overflows or underflows"
TERMS_FIT = "every rounded product or term is a number of the accumulator"
EXP_WITHIN_U = "every exponential has relative error at most u"
EXP_ROUNDED = "every exponential is correctly rounded to nearest"
POSITIVE_SUM = "the sum of the exponentials is not 0"
EXACT_SCORES = "scores and values are numbers of the format"
NEAREST = frozenset({"RNE", "RNA"})


@dataclass(frozen=True, slots=True)
class Bound:
    """A proved bound: `|computed - exact| <= constant * scale` under the hypotheses, by the lemma `label`.

    Examples
    --------
    >>> from precise import rounded, paper_float
    >>> bound = matmul_bound(rounded(paper_float(3)).policy, 100)
    >>> print(bound.constant, "*", bound.scale)
    19/81 * sum |a||b|
    """

    constant: Fraction
    scale: str
    hypotheses: tuple[str, ...]
    label: str


def gamma(n: int, u: Fraction) -> Fraction:
    """Return n u / (1 - n u), which bounds (1 + u)**n - 1 for n u < 1 (Higham 2002, Lemma 3.1).

    Examples
    --------
    >>> gamma(3, Fraction(1, 8))
    Fraction(3, 5)
    """
    if n * u >= 1:
        raise DomainError(f"gamma: n u must be below 1; got {n * u}")
    return gamma_constant(n, u)


def gamma_constant(n: int, u: Fraction) -> Fraction:
    """Return n u / (1 - n u), without its hypothesis n u < 1."""
    return n * u / (1 - n * u)


def nearest_constant(u: Fraction) -> Fraction:
    """Return u / (1 + u), the relative error of one rounding to nearest."""
    return u / (1 + u)


def rounding_constant(fmt: Format, rounding: Rounding) -> Fraction:
    """Return the relative error of one rounding to `fmt`: u / (1 + u) to nearest, 2u otherwise.

    Examples
    --------
    >>> from precise import RNE, RTZ, paper_float
    >>> rounding_constant(paper_float(3), RNE), rounding_constant(paper_float(3), RTZ)
    (Fraction(1, 9), Fraction(1, 4))
    """
    if fmt.p is None:
        raise UnsupportedError(f"bounds: format must have a precision p; got fixed point {fmt}")
    u = Fraction(1, 1 << fmt.p)
    return nearest_constant(u) if rounding.code in NEAREST else 2 * u


def after_roundings(v: Fraction, count: int) -> Fraction:
    """Return (1 + v)**count - 1, the relative error of a chain of `count` roundings."""
    return (1 + v) ** count - 1


def sum_roundings(how: Accumulate, n: int) -> int:
    """Return the most roundings that one of n terms of the accumulator goes through until its total.

    Raises `UnsupportedError` for orders that the lemma is not about: compensated, aligned and promoted sums.
    """
    if n < 1:
        raise DomainError(f"bounds: the number of terms must be at least 1; got {n}")
    if how.order == "exact":
        return 1
    if how.order == "sequential" or (how.order == "blocked" and how.size == 1):
        return n - 1
    if how.order == "pairwise":
        return (n - 1).bit_length()
    if how.order == "blocked" and how.size is not None:
        return -(-n // how.size) if n > 1 else 0
    if how.order == "split" and how.size is not None:
        parts = min(how.size, n)
        return -(-n // parts) - 1 + parts - 1
    known = "exact, sequential, pairwise, blocked or split"
    raise UnsupportedError(f"bounds: order of accumulation must be {known}; got {how.order}")


def sum_bound(policy: Policy, n: int) -> Bound:
    """Return the bound of a sum of n numbers of the results' format.

    Examples
    --------
    >>> from precise import rounded, paper_float
    >>> xp = rounded(paper_float(3), accumulate="pairwise")
    >>> sum_bound(xp.policy, 4).constant == (1 + Fraction(1, 9))**2 - 1
    True
    """
    constant = _accumulated(policy, sum_roundings(policy.accumulate, n), with_products=False)
    return Bound(constant, "sum |x|", (IN_RANGE, TERMS_FIT), "lem:matmul")


def matmul_bound(policy: Policy, d: int) -> Bound:
    """Return the bound of an entry of a matrix product with d terms; independent of d for exact sums."""
    how, count = policy.accumulate, sum_roundings(policy.accumulate, d)
    if how.products == "exact":
        starts_rounded = how.order in ("sequential", "split") or how.size == 1
        count = count + 1 if starts_rounded else max(count, 1)  # a first product is rounded into the accumulator
    constant = _accumulated(policy, count, with_products=how.products == "rounded")
    return Bound(constant, "sum |a||b|", (IN_RANGE, TERMS_FIT), "lem:matmul")


def _accumulated(policy: Policy, count: int, *, with_products: bool) -> Fraction:
    """Return the error of rounded products, `count` roundings by the accumulator, and one of a total that differs."""
    results, how = policy.results, policy.accumulate
    inner, product = how.rounder(results), how.product_rounder(results)
    own = rounding_constant(results.format, results.rounding)
    within = rounding_constant(inner.format, inner.rounding)
    first = 1 + rounding_constant(product.format, product.rounding) if with_products else Fraction(1)
    if how.order == "exact":  # products in their format, the sum in the results'
        return first * (1 + own) - 1
    last = 1 if inner.format == results.format and inner.rounding == results.rounding else 1 + own
    return first * (1 + within) ** count * last - 1


def softmax_entry_constant(u: Fraction, *, exp_correctly_rounded: bool = False) -> Fraction:
    r"""Return the relative error of a softmax entry: :math:`(4u+2u^2)/(1-u)`, or :math:`4u+4u^2`.

    Examples
    --------
    >>> softmax_entry_constant(Fraction(1, 8)), softmax_entry_constant(Fraction(1, 8), exp_correctly_rounded=True)
    (Fraction(17, 28), Fraction(9, 16))
    """
    return 4 * u + 4 * u**2 if exp_correctly_rounded else (4 * u + 2 * u**2) / (1 - u)


def softmax_entry_bound(policy: Policy, *, exp_correctly_rounded: bool = True) -> Bound:
    """Return the bound of one entry of the paper's softmax, relative to the entry; independent of N.

    The namespace rounds its exponentials correctly, hence the default; the other constant is for a circuit.
    """
    u = _unit_of_exact_nearest(policy)
    constant = softmax_entry_constant(u, exp_correctly_rounded=exp_correctly_rounded)
    exponentials = EXP_ROUNDED if exp_correctly_rounded else EXP_WITHIN_U
    return Bound(constant, "w", (IN_RANGE, POSITIVE_SUM, exponentials), "lem:softmax-entry")


def attention_output_constant(u: Fraction) -> Fraction:
    r"""Return :math:`(1+u)^4/(1-u)^2-1`.

    Examples
    --------
    >>> attention_output_constant(Fraction(1, 2))
    Fraction(77, 4)
    """
    return (1 + u) ** 4 / (1 - u) ** 2 - 1


def attention_output_bound(policy: Policy) -> Bound:
    """Return the bound of an output of attention, relative to the weighted sum of the magnitudes."""
    constant = attention_output_constant(_unit_of_exact_nearest(policy))
    hypotheses = (IN_RANGE, POSITIVE_SUM, EXP_WITHIN_U, EXACT_SCORES)
    return Bound(constant, "sum w|v|", hypotheses, "lem:attention-output")


def _unit_of_exact_nearest(policy: Policy) -> Fraction:
    """Return u, for a policy that rounds to nearest and its sums once."""
    results, how = policy.results, policy.accumulate
    once = how.order == "exact" and how.rounder(results) == results
    if results.format.p is None or results.rounding.code not in NEAREST or not once:
        raise UnsupportedError(f"bounds: policy must round to nearest, and sums exact then rounded; got {how}")
    return Fraction(1, 1 << results.format.p)
