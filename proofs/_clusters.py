"""The sum by clusters of exponents, in integers, and its comparison with the exact sum rounded once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement

from precise.claims import Counterexample
from precise.claims.replays import number_of_floats, number_of_multisets, replay
from proofs._float_evidence import Outcome, exhausted, sampled
from proofs._rounding_by_search import Members, from_pairs

Float = tuple[int, int]
"""Significand and exponent, m 2^e."""
Gap = Callable[[int, int], int]
"""From p and n to the largest difference of exponents that does not cut."""

REPLAYED = 20_000
"""Runs of more cases carry no certificate: the second checker would take minutes."""
CELLS = ("one cluster", "several clusters", "leading cluster cancels", "rest decides a tie")


def ceil_log2(n: int) -> int:
    """Return the least k with 2^k >= n."""
    return (n - 1).bit_length()


def proved_gap(p: int, n: int) -> int:
    """Return 2p + ceil(log2 n) + 3."""
    return 2 * p + ceil_log2(n) + 3


def least_gap(p: int, n: int) -> int:
    """Return 2p + ceil(log2 n)."""
    return 2 * p + ceil_log2(n)


def short_gap(p: int, n: int) -> int:
    """Return p + ceil(log2 n)."""
    return p + ceil_log2(n)


def clusters(terms: Sequence[Float], gap: int) -> list[Float]:
    """Return the exact sum of each cluster in units of its last place, from the top; zero sums too."""
    found: list[list[Float]] = []
    for m, e in sorted(terms, key=lambda x: -x[1]):
        if found and found[-1][-1][1] - e <= gap:
            found[-1].append((m, e))
        else:
            found.append([(m, e)])
    return [(sum(m << (e - group[-1][1]) for m, e in group), group[-1][1]) for group in found]


def by_clusters(terms: Sequence[Float], p: int, gap: int) -> int:
    """Return the number that is rounded, times 2^(p+4): the first nonzero cluster with a sticky bit; exponents >= 0."""
    nonzero = [(total, last) for total, last in clusters(terms, gap) if total]
    if not nonzero:
        return 0
    total, last = nonzero[0]
    sticky = 0 if len(nonzero) == 1 else 1 if nonzero[1][0] > 0 else -1
    return ((total << (p + 4)) + sticky) << last


def exact_sum(terms: Iterable[Float]) -> int:
    """Return the exact sum; exponents are not negative."""
    return sum(m << e for m, e in terms)


@cache
def unbounded(p: int, low: int, high: int) -> Members:
    """Return all p-bit numbers with exponents from `low` to `high`, zero and the next one."""
    pairs = {m << (e - low): m for e in range(low, high + 1) for m in range(2 ** (p - 1), 2**p)} | {0: 0}
    pairs[1 << (high - low + p)] = 2 ** (p - 1)
    return from_pairs(pairs, 2 ** (p - 1), -low)


def rounded(x: Fraction | int, p: int, high: int) -> Fraction:
    """Return x rounded by search; it is 0 or at least 2^-(p+5) and below 2^(high+p)."""
    return unbounded(p, -2 * p - 8, high).nearest(Fraction(x))


def floats(p: int, low: int, high: int) -> list[Float]:
    """Return all nonzero floats with exponents in the range: by exponent, then |m|, positive first."""
    sizes = range(2 ** (p - 1), 2**p)
    return [(s * m, e) for e in range(low, high + 1) for m in sizes for s in (1, -1)]


def cells_of(terms: Sequence[Float], p: int, gap: int) -> Iterator[str]:
    """Yield the cells that a sum reaches."""
    sums = clusters(terms, gap)
    yield "several clusters" if len(sums) > 1 else "one cluster"
    nonzero = [total for total, _ in sums if total]
    if sums[0][0] == 0 and nonzero:
        yield "leading cluster cancels"
    if len(nonzero) > 1:
        bits = abs(nonzero[0]).bit_length()
        if bits > p and abs(nonzero[0]) % 2 ** (bits - p) == 2 ** (bits - p - 1):
            yield "rest decides a tie"


def differs(terms: Sequence[Float], p: int, gap: int, cases: int, order: str) -> Counterexample | None:
    """Return the instance if the sum by clusters, rounded, is not the exact sum, rounded."""
    high = max(e for _, e in terms) + ceil_log2(len(terms)) + 1
    exact, taken = exact_sum(terms), by_clusters(terms, p, gap)
    members = unbounded(p, -2 * p - 8, high)
    if members.rounded(exact << (2 * p + 8)) == members.rounded(taken << (p + 4)):
        return None
    right, got = rounded(exact, p, high), rounded(Fraction(taken, 2 ** (p + 4)), p, high)
    words = " + ".join(f"({m})*2^{e}" for m, e in terms)
    return Counterexample(
        values={"p": p, "n": len(terms), "gap": gap, "exact": exact, "got": got, "right": right},
        refutes="right == nearest(p, exact) and abs(got - exact) > abs(right - exact)",
        lines=(
            f"p = {p}, n = {len(terms)}, gap {gap}: {words} = {exact}",
            "clusters, from the top: " + ", ".join(f"{s}*2^{e}" for s, e in clusters(terms, gap)),
            f"the first with the sign of the next rounds to {got}; the exact sum rounds to {right}",
        ),
        order=order,
        cases=cases,
    )


ORDER = "least p, then n, then largest exponent (the least is 0), then the terms in the order of the floats"


def search(gap: Gap, domain: Sequence[tuple[int, int, int]]) -> Outcome:
    """Run all multisets of n floats with exponents 0..high, for each (p, n, high) of the domain."""
    cases, expected, cells = 0, 0, dict[str, None]()
    for p, n, high in domain:
        expected += number_of_multisets(number_of_floats(p, 0, high), n)
        for terms in combinations_with_replacement(floats(p, 0, high), n):
            cases += 1
            cells |= dict.fromkeys(cells_of(terms, p, gap(p, n)))
            found = differs(terms, p, gap(p, n), cases, "the order of the domain")
            if found is not None:
                return found
    names = [[f"x{i + 1}" for i in range(n)] for _, n, _ in domain]
    certificates = tuple(
        replay(f"cluster({p}, {gap(p, n)}, {', '.join(x)}) == nearest({p}, {' + '.join(x)})", x, p, 0, high)
        for (p, n, high), x in zip(domain, names, strict=True)
        if number_of_multisets(number_of_floats(p, 0, high), n) <= REPLAYED
    )
    where = "; ".join(f"p = {p}: {n} terms with exponents 0..{high}" for p, n, high in domain)
    evidence = exhausted(cases, expected, sorted({p for p, _, _ in domain}), sorted(cells), where=where)
    return replace(evidence, certificates=certificates)


def least_failure(gap: Gap, domain: Sequence[tuple[int, int, int]]) -> Outcome:
    """Look for the least failing multiset: least p, n, then largest exponent, the least exponent being 0."""
    cases = 0
    for p, n, top in domain:
        for high in range(top + 1):
            for terms in combinations_with_replacement(floats(p, 0, high)[::-1], n):
                if terms[0][1] != high or terms[-1][1] != 0:
                    continue
                cases += 1
                found = differs(terms, p, gap(p, n), cases, ORDER)
                if found is not None:
                    return found
    return exhausted(cases, cases, sorted({p for p, _, _ in domain}), where="least failure looked for")


def worst_case(p: int, n: int, gap: int) -> list[Float]:
    """Return a leading cluster that cancels to one unit, and n - 2 largest floats just below the gap."""
    top, rest = gap + 1, -(2**p - 1)
    return [(2**p - 1, top), (2 - 2**p, top), *([(rest, 0)] * (n - 2))]


def least_gap_is_least(slack: int = 1) -> Outcome:
    """Check for n = 8, 16, 32 that 2p + log2 n - slack fails at the worst case, and that 2p + log2 n does not."""
    cases = 0
    for p in (2, 3, 4, 5):
        for n in (8, 16, 32):
            cases += 1
            terms, gap = worst_case(p, n, least_gap(p, n) - slack), least_gap(p, n) - slack
            fails = differs(terms, p, gap, cases, ORDER) is not None
            fits = differs(worst_case(p, n, least_gap(p, n)), p, least_gap(p, n), cases, ORDER) is None
            if not fails or not fits:
                return Counterexample(
                    values={"p": p, "n": n, "fails": int(fails), "fits": int(fits)}, refutes="fails == 0 or fits == 0"
                )
    return exhausted(cases, 12, (2, 3, 4, 5), where="n in {8, 16, 32}")


def hard_cases(p: int, n: int, gap: int) -> Iterator[list[Float]]:
    """Yield sums with a leading cluster that cancels, or leaves a unit, or a tie, and a rest of either sign below."""
    big = 2**p - 1
    for distance in (gap - 1, gap, gap + 1, gap + 2):
        for sign in (1, -1):
            rest = [(sign * big, 0)] * (n - 3)
            yield [(big, distance), (1 - big, distance), (-sign * 2 ** (p - 1), 0), *rest]  # one unit left
            yield [(big, distance), (-big, distance), (2 ** (p - 1), 0), *rest]  # nothing left
            yield [(2 ** (p - 1), distance + p), (2 ** (p - 1), distance), (sign * big, 0), *rest]  # a tie
            yield [(2 ** (p - 1), distance + 1), (1 - 2**p, distance), (sign * 2 ** (p - 1), 0), *rest]


def structured(gap: Gap = proved_gap) -> Outcome:
    """Run the structured hard cases for larger p and n."""
    cases = expected = 0
    for p in (3, 4, 5, 8):
        for n in (4, 5, 8, 16):
            expected += 32
            for terms in hard_cases(p, n, gap(p, n)):
                cases += 1
                found = differs(terms, p, gap(p, n), cases, "the order of the list")
                if found is not None:
                    return found
    where = "structured hard cases, n in {4, 5, 8, 16}"
    return sampled(exhausted(cases, expected, (3, 4, 5, 8), where=where), 0)
