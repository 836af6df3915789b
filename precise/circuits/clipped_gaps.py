"""Exponents of many floats brought close together: every gap between neighbours is clipped.

Let S = sum of m_i * 2**e_i with n terms and |m_i| < 2**t. Give the least exponent the position 0 and each next distinct
exponent the position of its predecessor plus min(gap, g), with `g >= p + t + lg n + 1`. Then the sum X of m_i * 2**c_i,
c_i the position of e_i, rounds to p bits like S: with k the leading place of X, c* the largest position <= k + 1 and e*
its exponent, round(S) = round(X) * 2**(e* - c*), and -1 <= k - c* <= g. Positions are at most (n - 1) * g.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from precise.circuits.addition import subtract
from precise.circuits.builder import Builder
from precise.circuits.form import ONE, ZERO, Form, Word, total, weighted_sum
from precise.circuits.symmetric import equals


@dataclass(frozen=True, slots=True)
class Positions:
    """Where the terms stand.

    Parameters
    ----------
    gap
        The clip g.
    position
        The position of each term, as a form in `0..(n - 1) * g`.
    reached
        For each term the bits `[position >= v]`, v = 0 .. (n - 1) * g + 1.
    first
        Whether a term is the first of those with its exponent.
    rank
        How many distinct exponents are at most that of the term, as a form.
    """

    gap: int
    position: tuple[Form, ...]
    reached: tuple[Word, ...]
    first: Word
    rank: tuple[Form, ...]

    @property
    def highest(self) -> int:
        """The greatest possible position."""
        return (len(self.position) - 1) * self.gap


def clip(b: Builder, fields: Sequence[Word], gap: int) -> Positions:
    """Return the positions of terms with the given exponent fields: seven levels."""
    n, width = len(fields), len(fields[0])
    pairs = [(i, k) for i in range(n) for k in range(n) if i != k]
    with b.stage("exponents"):
        above: dict[tuple[int, int], Form] = {}
        difference: dict[tuple[int, int], Word] = {}
        for i, k in pairs:
            result = subtract(b, fields[i], fields[k])
            difference[i, k] = b.materialise(result.bits)
            above[i, k] = b.gate(result.carry)
    with b.stage("distances"):
        apart = {
            (i, k, d): equals(b, difference[i, k], d, (above[i, k],))
            for i, k in pairs
            for d in range(min(gap, 1 << width))
        }
    with b.stage("gaps"):
        first, unary = [], []
        for k in range(n):
            others = [i for i in range(n) if i != k]
            near = total(apart[i, k, 0] for i in range(k))
            first.append(1 - b.gate(near))
            steps = []
            for d in range(gap):  # the gap above term k is longer than d, and k is the first with its exponent
                if 0 < d < 1 << width:
                    near = near + total(apart[i, k, d] for i in others)
                steps.append(1 - b.gate(near))
            unary.append(steps)
    with b.stage("positions"):
        position = tuple(
            total(b.all_of(1 - above[k, i], step) for k in range(n) if k != i for step in unary[k]) for i in range(n)
        )
        highest = (n - 1) * gap
        reached = tuple((ONE, *b.gates(c, range(1, highest + 1)), ZERO) for c in position)
        rank = tuple(
            total([first[i], *(b.all_of(above[i, k], first[k]) for k in range(n) if k != i)]) for i in range(n)
        )
    return Positions(gap, position, reached, tuple(first), rank)


def scale(b: Builder, at: Positions, fields: Sequence[Word], leading: Word, p: int, width: int) -> tuple[Word, Word]:
    """Return exponent field e* and `k - c* - (p - 1)`, both with `width` bits: four levels above the leading one.

    The rank of a term cannot be compared where two terms share it, so only first terms take part.
    """
    n = len(fields)
    place = weighted_sum(enumerate(leading))
    found = total(leading)
    with b.stage("scale"):
        large = at.highest + len(leading) + at.gap + 2
        below = [
            b.gate(place + found - at.position[i] + at.first[i] * large, large) for i in range(n)
        ]  # position <= k + 1
        count = total(below)
        chosen = [b.gate(at.rank[i] - count + below[i] * (n + 1), n + 1) for i in range(n)]
        b.exact(total(chosen) - found, "one term is chosen", 0, 1)
        field = [total(b.all_of(chosen[i], fields[i][j]) for i in range(n)) for j in range(len(fields[0]))]
        steps = [
            b.gates(place - at.position[i] + chosen[i] * large, range(large, large + at.gap + 1)) for i in range(n)
        ]
        b.exact(total(step for bits in steps for step in bits), "k - c* + 1", 0, at.gap + 1)
        thresholds = [total(bits[t] for bits in steps) for t in range(at.gap + 1)]
        offset = [
            weighted_sum(
                (((u - p >> j & 1) - (u - 1 - p >> j & 1), thresholds[u - 1]) for u in range(1, at.gap + 2)),
                -p >> j & 1,
            )
            for j in range(width)
        ]
        return b.materialise((*field, *[ZERO] * (width - len(field)))), b.materialise(offset)
