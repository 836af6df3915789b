"""Finite groups as multiplication tables; elements are numbered from the identity, 0, in the order they are found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, reduce

Permutation = tuple[int, ...]
Table = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Group:
    """A finite group: `table[a][b]` is a b; `permutations[a]` is the element as a permutation of points."""

    name: str
    table: Table
    permutations: tuple[Permutation, ...]

    @property
    def order(self) -> int:
        """The number of elements."""
        return len(self.table)

    @cached_property
    def inverses(self) -> tuple[int, ...]:
        """The inverse of each element."""
        return tuple(row.index(0) for row in self.table)

    def value(self, word: Iterable[int]) -> int:
        """Return the product of a word from left to right; the empty word has the value 0."""
        return reduce(lambda a, b: self.table[a][b], word, 0)

    def commutator(self, a: int, b: int) -> int:
        """Return a b a^-1 b^-1."""
        return self.value((a, b, self.inverses[a], self.inverses[b]))

    def generated(self, elements: Iterable[int]) -> frozenset[int]:
        """Return the subgroup that the elements generate."""
        generators = tuple(elements)
        found, fresh = {0}, [0]
        while fresh:
            a = fresh.pop()
            for g in generators:
                if (b := self.table[a][g]) not in found:
                    found.add(b)
                    fresh.append(b)
        return frozenset(found)

    def derived(self, subgroup: frozenset[int]) -> frozenset[int]:
        """Return the subgroup that the commutators of a subgroup generate."""
        return self.generated({self.commutator(a, b) for a in subgroup for b in subgroup})

    @cached_property
    def perfect_core(self) -> frozenset[int]:
        """The last term of the derived series: the largest subgroup that is its own derived one."""
        term = frozenset(range(self.order))
        while (smaller := self.derived(term)) != term:
            term = smaller
        return term

    @property
    def solvable(self) -> bool:
        """Whether the derived series ends at 1."""
        return self.perfect_core == {0}


def after(a: Permutation, b: Permutation) -> Permutation:
    """Return the product a b: first a, then b."""
    return tuple(b[x] for x in a)


def permutation_group(name: str, *generators: Sequence[int]) -> Group:
    """Return the group that permutations of points generate, elements in order of their first word."""
    identity = tuple(range(len(generators[0])))
    found = [identity]
    places = {identity: 0}
    for a in found:
        for g in generators:
            b = after(a, tuple(g))
            if b not in places:
                places[b] = len(found)
                found.append(b)
    table = tuple(tuple(places[after(a, b)] for b in found) for a in found)
    return Group(name, table, tuple(found))


def cycle(*points: int, degree: int) -> Permutation:
    """Return the cyclic permutation of the points."""
    images = dict(zip(points, (*points[1:], points[0]), strict=True))
    return tuple(images.get(x, x) for x in range(degree))


def times(a: Group, b: Group) -> Group:
    """Return the direct product, as permutations of the disjoint union of the points."""
    n, m = len(a.permutations[0]), len(b.permutations[0])
    left = [(*p, *range(n, n + m)) for p in a.permutations[1:]]
    right = [(*range(n), *(n + x for x in p)) for p in b.permutations[1:]]
    return permutation_group(f"{a.name} x {b.name}", *left, *right)


@cache
def cyclic(n: int) -> Group:
    """Return the cyclic group of order n."""
    return permutation_group(f"Z_{n}", tuple((x + 1) % n for x in range(n)))


@cache
def symmetric(n: int) -> Group:
    """Return the symmetric group on n >= 2 points."""
    return permutation_group(f"S_{n}", cycle(0, 1, degree=n), cycle(*range(n), degree=n))


@cache
def alternating(n: int) -> Group:
    """Return the alternating group on n >= 3 points."""
    return permutation_group(f"A_{n}", *(cycle(0, 1, k, degree=n) for k in range(2, n)))


@cache
def dihedral(n: int) -> Group:
    """Return the symmetries of a polygon with n >= 3 corners."""
    return permutation_group(f"D_{n}", cycle(*range(n), degree=n), tuple(-x % n for x in range(n)))


@cache
def quaternion() -> Group:
    """Return the group of the eight quaternion units, by its regular permutations."""
    i = (2, 3, 1, 0, 6, 7, 5, 4)
    j = (4, 5, 7, 6, 1, 0, 2, 3)
    return permutation_group("Q_8", i, j)


@cache
def special_linear() -> Group:
    """Return SL(2, 5) as permutations of the 24 nonzero vectors over the field of five elements."""
    vectors = [(x, y) for x in range(5) for y in range(5) if x or y]
    shear = tuple(vectors.index(((x + y) % 5, y)) for x, y in vectors)
    turn = tuple(vectors.index((-y % 5, x)) for x, y in vectors)
    return permutation_group("SL(2,5)", shear, turn)


@cache
def small_groups() -> tuple[Group, ...]:
    """Return the groups of order at most 8, one of each isomorphism class."""
    two = cyclic(2)
    return (
        *(cyclic(n) for n in (1, 2, 3, 4)),
        times(two, two),
        *(cyclic(n) for n in (5, 6)),
        symmetric(3),
        *(cyclic(n) for n in (7, 8)),
        times(cyclic(4), two),
        times(times(two, two), two),
        dihedral(4),
        quaternion(),
    )


@cache
def non_solvable_groups() -> tuple[Group, ...]:
    """Return the non-solvable groups of order at most 120, one of each isomorphism class."""
    return alternating(5), symmetric(5), special_linear(), times(alternating(5), cyclic(2))
