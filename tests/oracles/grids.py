"""All the values that decide a rounding into a small format: members, ties, and what lies strictly between them."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from oracles.integers import NAN, NEG_INF, NEG_ZERO, POS_INF, Spec, Value, members, power_of_two
from oracles.named import paper, small

SPECIALS: list[Value] = [Fraction(0), NEG_ZERO, POS_INF, NEG_INF, NAN]


def fixed(k: int, q: int, *, signed: bool = True) -> Spec:
    """Return a fixed-point format of k bits with quantum 2**q."""
    unit = power_of_two(q)
    top, bottom = (2 ** (k - 1) - 1, -(2 ** (k - 1))) if signed else (2**k - 1, 0)
    text = f"{'' if signed else 'u'}fixed({k},{q})"
    return Spec(text, None, q, top * unit, True, False, False, False, least=bottom * unit)


def deciding_points(spec: Spec, e_from: int | None = None, e_to: int | None = None) -> list[Fraction]:
    """Return members, ties, and one point in each open half gap, of both signs, up to four times the largest."""
    if spec.p is None:
        assert spec.q_min is not None
        assert spec.largest is not None
        quantum = power_of_two(spec.q_min)
        values = [k * quantum for k in range(int(spec.largest / quantum) + 4)]
    else:
        values = members(spec, e_from, e_to)
    if spec.largest is not None:
        step = values[-1] - values[-2]
        values += [values[-1] + step, values[-1] + 2 * step, values[-1] * 2, values[-1] * 4]
    eighths = [Fraction(1, 2**70), Fraction(1, 3), Fraction(1, 2) - Fraction(1, 2**70), Fraction(1, 2)]
    eighths += [1 - t for t in eighths]
    found = set(values)
    for low, high in pairwise(values):
        found |= {low + (high - low) * t for t in eighths}
    return sorted(found | {-v for v in found})


SMALL = (
    small(2, -2, 2),
    small(3, -2, 3),
    small(3, -2, 3, subnormals=False),
    small(4, -3, 2),
    small(5, -1, 3),
    small(1, -2, 2),
    paper(2),
    paper(3),
)
FIXED = (fixed(4, 0), fixed(5, -2), fixed(3, 1), fixed(4, -1, signed=False))
