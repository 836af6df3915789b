"""Chinese remainders: a number as its residues modulo small primes, and back, in constant depth.

With M the product of the primes, a = r * (M / l)**-1 mod l for the residue r modulo l, a number X below M / 2 is `sum
of a * (M / l) - rank * M`, and the rank is `floor(sum of a / l)`. Rounding every `a / l` down to B = 2 + lg k binary
places, k the number of primes, changes the sum by less than 1/4, so the rank is the number of t >= 1 with `sum of
floor(a * 2**B / l) >= t * 2**B - 2**(B - 2)`.

The primes, inverses and bits of M / l are wired in: families built from this block are P-uniform as built.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

from precise.circuits.builder import Builder
from precise.circuits.form import ZERO, Form, Word, total, weighted_sum
from precise.circuits.summing import add_columns

OneHot: TypeAlias = Sequence[Form]
"""One bit for each residue."""


def primes_beyond(bits: int, least: int = 2) -> tuple[int, ...]:
    """Return the primes from `least` on, as many as it takes for a product above 2**bits."""
    found: list[int] = []
    candidate, product = least, 1
    while product <= 1 << bits:
        if all(candidate % d for d in range(2, int(candidate**0.5) + 1)):
            found.append(candidate)
            product *= candidate
        candidate += 1
    return tuple(found)


def residue(b: Builder, number: Form, low: int, high: int, modulus: int) -> tuple[Form, ...]:
    """Return the one-hot residue of a number in `low..high`: one level, exact forms."""
    reached = [Form({}, 1), *b.gates(number, range(low + 1, high + 1)), ZERO]
    parts: list[list[tuple[int, Form]]] = [[] for _ in range(modulus)]
    for v in range(low, high + 1):
        parts[v % modulus] += [(1, reached[v - low]), (-1, reached[v - low + 1])]
    return tuple(weighted_sum(p) for p in parts)


def residue_of_word(b: Builder, word: Word, modulus: int) -> tuple[Form, ...]:
    """Return the one-hot residue of a word: powers of 2 are replaced by their residues of least absolute value."""
    weights = [pow(2, j, modulus) for j in range(len(word))]
    weights = [w - modulus if 2 * w > modulus else w for w in weights]
    number = weighted_sum(zip(weights, word, strict=True))
    low = sum(w * bit.constant if bit.is_constant else min(w, 0) for w, bit in zip(weights, word, strict=True))
    high = sum(w * bit.constant if bit.is_constant else max(w, 0) for w, bit in zip(weights, word, strict=True))
    return residue(b, number, low, high, modulus)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which bits of the number are wanted: from place `low` to below `high`.

    `guard` columns below `low` take part in the addition, all where it is None; the result may then be one unit of
    place `low` too small.
    """

    low: int
    high: int
    guard: int | None = None


def guard_columns(primes: int) -> int:
    """Return how many columns below the wanted ones keep the error of the columns left out at half a unit."""
    return 2 + (primes - 1).bit_length()


def reconstruct(b: Builder, residues: Mapping[int, OneHot], wanted: Wanted, *, blocks: bool = False) -> Word:
    """Return the wanted bits of the number below M / 2 with these residues.

    Exact forms of level 5 above the residues, 7 with `blocks`.
    """
    moduli = tuple(residues)
    product, count = prod(moduli), len(moduli)
    start = 0 if wanted.guard is None else max(0, wanted.low - wanted.guard)
    factors = {m: product // m for m in moduli}
    digits = {m: [r * pow(factors[m], -1, m) % m for r in range(m)] for m in moduli}
    with b.stage("rank"):
        thresholds = rank(b, residues, digits)
    with b.stage("summands"):
        columns: list[list[Form]] = [[] for _ in range(wanted.high - start)]
        for m in moduli:
            values = [d * factors[m] for d in digits[m]]
            for place in range(start, wanted.high):
                hot = [residues[m][r] for r in range(m) if values[r] >> place & 1]
                if hot:
                    columns[place - start].append(b.gate(total(hot)))
        multiples = [-t * product for t in range(count + 1)]
        for place in range(start, wanted.high):
            bits = [value >> place & 1 for value in multiples]
            steps = [(bits[t] - bits[t - 1], thresholds[t - 1]) for t in range(1, count + 1) if bits[t] != bits[t - 1]]
            if steps:
                columns[place - start].append(b.exact(weighted_sum(steps, bits[0]), "bit of -rank * M"))
    with b.stage("sum of the summands"):
        return add_columns(b, columns, blocks=blocks)[wanted.low - start :]


def rank(b: Builder, residues: Mapping[int, OneHot], digits: Mapping[int, Sequence[int]]) -> list[Form]:
    """Return `[rank >= t]` for t = 1 .. number of primes."""
    count = len(residues)
    places = 2 + (count - 1).bit_length()
    parts = [((digits[m][r] << places) // m, hot) for m, one_hot in residues.items() for r, hot in enumerate(one_hot)]
    number = weighted_sum((weight, hot) for weight, hot in parts if weight)
    return b.gates(number, ((t << places) - (1 << (places - 2)) for t in range(1, count + 1)))
