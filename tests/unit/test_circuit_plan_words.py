"""Runs and words of connection functions: closed forms against sums over listed bits."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from precise.circuits.connection_counts import BlockCounts, ColumnCounts, Count, Mask, Place, Symmetric
from precise.circuits.connection_lanes import Gathered, Grid, Starts, View
from precise.circuits.connection_positions import Ladder, LaneCounts, Ramp
from precise.circuits.connection_runs import Law, Run, bits_in_run, ones
from precise.circuits.connection_words import Affine, Constant, Diagonals, Joined, Line, Rows, Total, Word
from precise.errors import UnsupportedError

RUNS = [
    Run(start, stop, factor, law, pattern)
    for start, stop in ((0, 1), (0, 5), (2, 3), (1, 7), (3, 3), (4, 12))
    for factor, law, pattern in ((1, Law.EQUAL, 0), (-3, Law.EQUAL, 0), (2, Law.DOUBLING, 0), (1, Law.LITERALS, 5))
]


def by_definition(run: Run, i: int) -> int:
    """Return the weight of place i, from the words of the docstring."""
    if not run.start <= i < run.stop:
        return 0
    offset = i - run.start
    match run.law:
        case Law.EQUAL:
            return run.factor
        case Law.DOUBLING:
            return run.factor << offset
        case _:
            return run.factor if (run.pattern // 2**offset) % 2 else -run.factor


@pytest.mark.parametrize("run", RUNS, ids=str)
def test_runs_add_up_and_can_be_cut(run: Run) -> None:
    assert run.total() == sum(by_definition(run, i) for i in range(20))
    for low, high in product(range(9), repeat=2):
        part = run.cut(low, high)
        assert [part.at(i) for i in range(20)] == [by_definition(run, i) if low <= i < high else 0 for i in range(20)]
        moved = part.shifted(4)
        assert [moved.at(i + 4) for i in range(15)] == [part.at(i) for i in range(15)]


def test_ones_of_numbers_in_twos_complement() -> None:
    for value, length in product(range(-20, 20), range(1, 9)):
        assert ones(value, length) == bin(value % 2**length).count("1")
        run = Run(3, 3 + length, 7)
        assert bits_in_run(value, run) == 7 * bin(value // 8 % 2**length).count("1")
        assert bits_in_run(value, Run(3, 3 + length, 2, Law.DOUBLING)) == 2 * (value // 8 % 2**length)
    with pytest.raises(UnsupportedError, match="equal or doubling weights"):
        bits_in_run(5, Run(0, 3, 1, Law.LITERALS))


def word_of_all() -> dict[str, Word]:
    """Return one word of every class, over kinds 0 and 1."""
    line = Line(0, 6)
    return {
        "line": line,
        "rows": Rows(1, 5, lambda a: (1, a + 2)),
        "diagonals": Diagonals(1, 4),
        "affine": Affine(5, ((2, line, 1), (-1, Rows(1, 5, lambda a: (0, 3)), 0)), 1),
        "joined": Joined(Line(0, 2, 3), Line(1, 4)),
        "total": Total(line, Run(1, 5, 3)),
        "columns": ColumnCounts(1, 4, 7, lambda v: min(v + 1, 4), 4),
        "blocks": BlockCounts(1, 1, 7),
        "count": Count(0, 6),
        "symmetric": Symmetric(0, 6, lambda k: k % 3),
        "place": Place(0, 7, 4, 5),
        "mask": Mask(0, 5, lambda a: (1, 5)),
        "gathered": Gathered(1, 6, lambda a, b: a + 2 * b, lambda i: ((i - 2 * b, b) for b in range(i // 2 + 1))),
        "view": View(Line(0, 8), 6, lambda i: i + 2),
        "ladder": Ladder(0, 2, 7, 3, 5),
        "lane counts": LaneCounts(1, Grid(3, 1, lambda c: c < 1, 1), 6),
        "flipped lane counts": LaneCounts(1, Grid(3, 1, lambda c: c < 1, 1), 6, flipped=True),
        "ramp": Ramp(0, 6),
    }


@pytest.mark.parametrize("name", word_of_all())
@pytest.mark.parametrize("law", list(Law))
def test_weights_in_runs_are_sums_over_bits(name: str, law: Law) -> None:
    word, reached = word_of_all()[name], 0
    for start, stop in product(range(7), repeat=2):
        run = Run(start, stop, -2, law, 9)
        if name == "ladder" and stop - start > 1:
            continue  # read one by one
        if name == "place" and law is not Law.EQUAL and stop - start > 1:
            continue  # bits of places are read one by one or with equal weights
        listed: Counter[tuple[int, int, int]] = Counter()
        for i in range(start, stop):
            for weight, h in word.bit(i):
                listed[h] += by_definition(run, i) * weight
        for h, right in listed.items():
            assert word.weight(h, run) == right, (run, h)
            reached += 1
        for h in {s for i in range(9) for _, s in word.bit(i)} - set(listed):
            assert word.weight(h, run) == 0, (run, h)
    assert reached > 5


@pytest.mark.parametrize("law", list(Law))
def test_constants_of_words(law: Law) -> None:
    inverse = Affine(5, ((-1, Line(0, 5), 0),), 1)
    joined = Joined(inverse, inverse)
    for start, stop in product(range(10), repeat=2):
        run = Run(start, stop, 3, law, 6)
        assert inverse.constant(run) == sum(by_definition(run, i) for i in range(5))
        assert joined.constant(run) == sum(by_definition(run, i) for i in range(10))
    assert [Constant(-3, 4).constant(Run(i, i + 1)) for i in range(6)] == [1, 0, 1, 1, 0, 0]
    assert Constant(5, 4).constant(Run(0, 4, 2)) == 4
    assert Symmetric(0, 3, lambda k: 1 - k % 2).constant(Run(0, 1, 5)) == 5


def test_signals_that_a_word_does_not_have_weigh_nothing() -> None:
    run = Run(0, 9)
    assert [Line(0, 4, 3).weight(h, run) for h in ((0, 1, 3), (0, 1, 2), (0, 4, 3), (1, 1, 3))] == [1, 0, 0, 0]
    assert [Rows(0, 3, lambda a: (0, 9)).weight(h, run) for h in ((0, 2, 5), (0, 3, 5), (1, 2, 5))] == [1, 0, 0]
    assert Gathered(0, 4, lambda a, b: a - 1, lambda i: ()).weight((0, 0, 0), Run(-1, 9)) == 0


def test_constants_in_lanes() -> None:
    starts = Starts(2, 10)
    assert [starts.constant(Run(i, i + 1, 3)) for i in range(-1, 13)] == [0, 3, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 0]
    flipped = LaneCounts(1, Grid(3, 2, lambda c: True, 2), 6, flipped=True)
    assert [flipped.constant(Run(i, i + 1)) for i in range(11)] == [0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1]
    assert [Ladder(0, 1, 4, 3, 4).constant(Run(i, i + 1)) for i in range(5)] == [1, 0, 1, 1, 0]
