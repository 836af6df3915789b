"""Connection functions of members far too large to build: cost of queries, values inside a window, both directions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from itertools import product as cartesian
from random import Random

from precise.circuits import connection_floats as floats
from precise.circuits import connection_integers as integers
from precise.circuits.connection_float_sum import float_sum_plan
from precise.circuits.connection_pack import Shape
from precise.circuits.connection_plan import Kind, Plan
from precise.circuits.connection_runs import Run, point
from precise.circuits.connection_sums import block_places
from precise.circuits.connection_vectors import extremum_plan, negative_plan, select_plan
from proofs._circuits import Instance, all_equal
from proofs._float_evidence import Outcome, sampled
from proofs._uniformity import Change, as_it_is
from proofs._word_meter import METER, Metered

SEED = 20241218
FAMILIES: dict[str, Callable[[int], Plan]] = {
    "parity": integers.parity_plan,
    "count": integers.count_plan,
    "leading one": integers.leading_one_plan,
    "sum of two": integers.add_plan,
    "comparison": integers.compare_plan,
    "shift": integers.shift_plan,
    "sum of many": lambda n: integers.sum_plan(n, n),
    "product": integers.multiply_plan,
    "float <=": lambda p: floats.less_equal_plan(Shape.of(p, p + 1)),
    "float +": lambda p: floats.add_plan(Shape.of(p, p + 1)),
    "float x": lambda p: floats.multiply_plan(Shape.of(p, p + 1)),
    "float floor": lambda p: floats.floor_plan(Shape.of(p, p + 1)),
    "float negative": lambda p: negative_plan(Shape.of(p, p + 1)),
    "float choice": lambda p: select_plan(Shape.of(p, p + 1)),
    "largest float": lambda n: extremum_plan(Shape.of(n, n + 1), n),
    "sum of floats": lambda n: float_sum_plan(Shape.of(n, n + 1), n),
}


def corners(low: int, high: int) -> list[int]:
    """Return both ends of a range, the neighbour of the first, and the middle."""
    return sorted({v for v in (low, low + 1, (low + high) // 2, high - 1) if low <= v < high})


def corner_addresses(plan: Plan) -> list[int]:
    """Return the addresses of all kinds with both fields at corners of their ranges."""
    return [
        plan.address((number, a, b))
        for number, kind in enumerate(plan.kinds)
        for a in corners(*kind.first)
        for b in corners(*kind.span(a))
    ]


def some_sources(plan: Plan, g: int, each: int = 1) -> set[int]:
    """Return sources of a gate: the first ones of the bits at both ends and in the middle of every run."""
    number, a, b = plan.layout.split(g)
    found = set()
    for word, run_of in plan.kinds[number].terms:
        run = run_of(a, b)
        for i in corners(run.start, run.stop):
            found |= {plan.address(h) for _, h in islice(word.bit(i), each)}
    return found


def worst_query(plan: Plan, metered: Plan) -> tuple[int, int, int, int]:
    """Return the most steps and products of a query, the longest word in it, and how many queries were made."""
    addresses = corner_addresses(plan)
    steps = products = longest = queries = 0
    for g in addresses:
        if plan.is_input(g):
            continue
        strangers = addresses[:: max(1, len(addresses) // 3)]
        for h in (*some_sources(plan, g), *strangers):
            METER.reset()
            metered.weight(Metered(h), Metered(g))
            steps, products = max(steps, METER.steps), max(products, METER.products)
            longest, queries = max(longest, METER.longest), queries + 1
        METER.reset()
        metered.threshold(Metered(g))
        metered.is_gate(Metered(g))
        steps, products, longest = max(steps, METER.steps), max(products, METER.products), max(longest, METER.longest)
    return steps, products, longest, queries


def queries_are_cheap(most: int, exponents: tuple[int, ...], slack: int = 9) -> Outcome:
    """Check that queries take at most so many steps and no product, on words of at most 3 log2 n + `slack` bits."""

    def rows() -> Iterator[Instance]:
        for k in exponents:
            for name, make in FAMILIES.items():
                steps, products, longest, queries = worst_query(make(1 << k), make(Metered(1 << k)))
                yield f"{name}, n = 2**{k}: steps of {queries} queries", max(steps, most), most
                yield f"{name}, n = 2**{k}: products of two words", products, 0
                yield f"{name}, n = 2**{k}: bits of a word", max(longest, 3 * k + slack), 3 * k + slack

    limit = "addresses with both fields at the ends and in the middle of their ranges"
    return all_equal(rows(), 3 * len(FAMILIES) * len(exponents), f"n = p = 2^k, k in {exponents}", limit)


@dataclass(frozen=True, slots=True)
class Window:
    """Where signals can be 1: places, births of carries, partial products, blocks, thresholds; all else is 0."""

    places: range
    blocks: range = range(0)
    largest: int = 0
    first: range = range(0)
    second: range = range(0)

    def fields(self, kind: Kind) -> Iterator[tuple[int, int]]:
        """Yield the fields of the gates of a kind inside the window."""
        part = kind.name.rpartition(" ")[2]
        ranges = {
            "block": (self.blocks, range(1, self.largest + 1)),
            "column": (self.places, range(1, self.largest + 1)),
            "carry": (self.places, range(self.places.start, self.places.stop + 1)),
            "partial": (self.first, self.second),
        }
        return ((a, b) for a, b in cartesian(*ranges.get(part, (self.places, (0,)))) if kind.holds(a, b))


def two_bits(plan: Plan, word: int, start: int, value: int, second: int = 0) -> set[int]:
    """Return the inputs that are 1 when a word holds a number below 4 at a place."""
    return {plan.address((word, start + i, second)) for i in (0, 1) if value >> i & 1}


def result_in_window(plan: Plan, inputs: set[int], window: Window, change: Change) -> int:
    """Return the output bits at the places of a window, as a number: gate values by queries alone."""
    active, output = set(inputs), len(plan.kinds) - 1
    for number, kind in enumerate(plan.kinds):
        for a, b in window.fields(kind) if kind.terms else ():
            g = plan.address((number, a, b))
            if sum(change(plan, h, g, plan.weight(h, g)) for h in active) >= plan.threshold(g):
                active.add(g)
    places = enumerate(i for i in window.places)
    return sum(1 << i for i, place in places if plan.address((output, place, 0)) in active)


def far_sums(exponents: tuple[int, ...], change: Change = as_it_is) -> Outcome:
    """Add all pairs of two-bit numbers at places inside words of 2**k bits, by queries alone."""

    def rows() -> Iterator[Instance]:
        for k in exponents:
            n = 1 << k
            plan = integers.add_plan(n)
            for start in (0, n // 3, n - 2):
                window = Window(range(start, start + 4))
                for x, y in cartesian(range(4), repeat=2):
                    inputs = two_bits(plan, 0, start, x) | two_bits(plan, 1, start, y)
                    got = result_in_window(plan, inputs, window, change)
                    yield f"n = 2**{k}, {x} + {y} at {start}", got, x + y

    return all_equal(rows(), 16 * 3 * len(exponents), f"words of 2^k bits, k in {exponents}; all other bits 0")


def far_iterated_sums(exponents: tuple[int, ...], change: Change = as_it_is) -> Outcome:
    """Add three numbers below 3, among 2**k numbers of 2**k bits that are 0 otherwise, by queries alone."""

    def rows() -> Iterator[Instance]:
        for k in exponents:
            n = 1 << k
            plan, places = integers.sum_plan(n, n), block_places(n.bit_length())
            for q in (0, (n >> places) // 3, (n >> places) - 1):
                start = q << places
                window = Window(range(start, start + 5), range(q, q + 2), 6)
                for values in cartesian(range(3), repeat=3):
                    at = zip((0, n // 5, n - 1), values, strict=True)
                    inputs = set().union(*(two_bits(plan, 0, start, v, which) for which, v in at))
                    got = result_in_window(plan, inputs, window, change)
                    yield f"n = 2**{k}, {values} at {start}", got, sum(values)

    return all_equal(rows(), 27 * 3 * len(exponents), f"2^k numbers of 2^k bits, k in {exponents}; all other bits 0")


def far_products(exponents: tuple[int, ...], change: Change = as_it_is) -> Outcome:
    """Multiply all pairs of two-bit numbers at places inside words of 2**k bits, by queries alone."""

    def rows() -> Iterator[Instance]:
        for k in exponents:
            n = 1 << k
            plan, places = integers.multiply_plan(n), block_places(n.bit_length())
            last = (n >> places) - 1
            for i, j in ((0, 0), (last // 3, last // 5), (last, 0)):
                first, second = i << places, j << places
                window = Window(
                    range(first + second, first + second + 5),
                    range(i + j, i + j + 2),
                    9,
                    range(first, first + 2),
                    range(second, second + 2),
                )
                for x, y in cartesian(range(4), repeat=2):
                    inputs = two_bits(plan, 0, first, x) | two_bits(plan, 1, second, y)
                    got = result_in_window(plan, inputs, window, change)
                    yield f"p = 2**{k}, {x} * {y} at {first} and {second}", got, x * y

    return all_equal(rows(), 16 * 3 * len(exponents), f"words of 2^k bits, k in {exponents}; all other bits 0")


def both_directions(exponents: tuple[int, ...], gates: int, change: Change = as_it_is) -> Outcome:
    """Compare, at random gates of members far too large, bits as they are listed with weights as they are asked."""
    chance = Random(SEED)

    def rows() -> Iterator[Instance]:
        for k in exponents:
            for name, make in FAMILIES.items():
                plan = make(1 << k)
                kinds = [number for number, kind in enumerate(plan.kinds) if kind.terms]
                for trial in range(gates):
                    number = kinds[trial % len(kinds)] if trial < len(kinds) else chance.choice(kinds)
                    at = f"{name}, n = 2**{k}, {plan.kinds[number].name}"
                    yield at, wrong_bits(plan, number, chance, change), 0

    outcome = all_equal(rows(), gates * len(FAMILIES) * len(exponents), f"n = p = 2^k, k in {exponents}")
    return sampled(outcome, SEED)


def wrong_bits(plan: Plan, number: int, chance: Random, change: Change) -> int:
    """Return how many signals of sampled bits that a random gate reads weigh otherwise, or come too late."""
    kind = plan.kinds[number]
    a = chance.choice([*corners(*kind.first), chance.randrange(*kind.first)])
    low, high = kind.span(a)
    if low >= high:
        return 0
    b = chance.choice([*corners(low, high), chance.randrange(low, high)])
    g, wrong = plan.address((number, a, b)), 0
    for word, run_of in kind.terms:
        run = run_of(a, b)
        if run.start >= run.stop:
            continue
        for i in {run.start, run.stop - 1, chance.randrange(run.start, run.stop)}:
            listed: dict[tuple[int, int, int], int] = {}
            for weight, h in islice(word.bit(i), 8):
                listed[h] = listed.get(h, 0) + weight
            for h, weight in listed.items():
                asked = change(plan, plan.address(h), g, word.weight(h, point(i, run.at(i))))
                late = plan.kinds[h[0]].level >= kind.level
                wrong += plan.is_signal(plan.address(h)) and (asked != run.at(i) * weight or late)
            wrong += window_differs(run, i)
    return wrong


def window_differs(run: Run, i: int) -> bool:
    """Return whether a run cut to three places around i has another total than its three weights."""
    low, high = max(run.start, i - 1), min(run.stop, i + 2)
    return run.cut(low, high).total() != sum(run.at(j) for j in range(low, high))
