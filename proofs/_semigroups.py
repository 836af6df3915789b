"""All small semigroups and monoids, by a search over multiplication tables of numbered elements."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations, permutations, product

Table = tuple[tuple[int, ...], ...]
Pair = tuple[int, int]

PUBLISHED = {1: (1, 1), 2: (8, 5), 3: (113, 24), 4: (3492, 188)}
"""Semigroups with n numbered elements, and isomorphism classes: OEIS A023814 and A027851."""
PUBLISHED_MONOIDS = {1: (1, 1), 2: (2, 2), 3: (11, 7), 4: (156, 35)}
"""Monoids with n numbered elements and a fixed identity, and isomorphism classes: OEIS A058154 and A058129."""


def associative(table: Table) -> bool:
    """Return whether (a b) c = a (b c) for all a, b, c."""
    every = range(len(table))
    return all(table[table[a][b]][c] == table[a][table[b][c]] for a in every for b in every for c in every)


def tables(n: int, identity: bool = False) -> Iterator[Table]:
    """Yield all associative tables of n elements, filled entry by entry and cut off at the first contradiction.

    With `identity` element 0 is the identity.
    """
    entries: list[list[int]] = [[-1] * n for _ in range(n)]
    if identity:
        for a in range(n):
            entries[0][a] = entries[a][0] = a
    free = [(a, b) for a in range(n) for b in range(n) if entries[a][b] < 0]

    def consistent() -> bool:
        for a, b, c in product(range(n), repeat=3):
            ab, bc = entries[a][b], entries[b][c]
            if ab >= 0 and bc >= 0:
                left, right = entries[ab][c], entries[a][bc]
                if left >= 0 and right >= 0 and left != right:
                    return False
        return True

    def fill(place: int) -> Iterator[Table]:
        if place == len(free):
            yield tuple(map(tuple, entries))
            return
        a, b = free[place]
        for value in range(n):
            entries[a][b] = value
            if consistent():
                yield from fill(place + 1)
        entries[a][b] = -1

    return fill(0)


@cache
def semigroups(n: int) -> tuple[Table, ...]:
    """Return all semigroups with elements 0..n-1."""
    return tuple(tables(n))


@cache
def monoids(n: int) -> tuple[Table, ...]:
    """Return all monoids with elements 0..n-1 and identity 0."""
    return tuple(tables(n, identity=True))


def renamed(table: Table, names: tuple[int, ...]) -> Table:
    """Return the table after element a has got the name names[a]."""
    back = sorted(range(len(names)), key=names.__getitem__)
    return tuple(tuple(names[table[a][b]] for b in back) for a in back)


def classes(found: tuple[Table, ...], fixed: int = 0) -> tuple[Table, ...]:
    """Return the least table of each isomorphism class; the first `fixed` elements keep their names."""
    seen: set[Table] = set()
    first: list[Table] = []
    for table in found:
        if table not in seen:
            first.append(table)
            seen.update(renamed(table, names) for names in namings(len(table), fixed))
    return tuple(first)


def namings(n: int, fixed: int) -> list[tuple[int, ...]]:
    """Return the permutations of 0..n-1 that move none of the first `fixed`."""
    return [(*range(fixed), *rest) for rest in permutations(range(fixed, n))]


def orbit(table: Table, fixed: int = 0) -> int:
    """Return how many tables are isomorphic to this one: n! / |Aut|."""
    every = namings(len(table), fixed)
    return len(every) // sum(renamed(table, names) == table for names in every)


def idempotents(table: Table) -> list[int]:
    """Return the elements e with e e = e."""
    return [e for e in range(len(table)) if table[e][e] == e]


def linked_pairs(table: Table) -> list[Pair]:
    """Return the pairs (s, e) with s e = s and e e = e."""
    return [(s, e) for s in range(len(table)) for e in idempotents(table) if table[s][e] == s]


def is_group(table: Table, part: tuple[int, ...]) -> bool:
    """Return whether the elements form a group under the product of the table, with an identity of their own."""
    inside = set(part)
    if not inside or any(table[a][b] not in inside for a in part for b in part):
        return False
    units = [e for e in part if all(table[e][a] == a == table[a][e] for a in part)]
    return bool(units) and all(any(table[a][b] == units[0] for b in part) for a in part)


def groups_in(table: Table) -> list[tuple[int, ...]]:
    """Return all groups in a semigroup, by size and then by elements."""
    every = range(len(table))
    return [part for k in every for part in combinations(every, k + 1) if is_group(table, part)]


def unit_of(table: Table, group: tuple[int, ...]) -> int:
    """Return the identity of a group in a semigroup."""
    return next(e for e in group if table[e][e] == e)


def is_aperiodic(table: Table) -> bool:
    """Return whether all groups in the semigroup are trivial."""
    return all(len(group) == 1 for group in groups_in(table))
