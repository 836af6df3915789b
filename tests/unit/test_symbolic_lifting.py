"""Loops of lifted sources: over known lengths they do what Python does, over unknown ones once, or not at all."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from precise.errors import UndecidedError
from proofs._lifting import Family, Span, lifted_module
from proofs._sizes import Facts

SOURCE = """
def squares(n):
    return [i * i for i in range(n)]

def table(n, m):
    return [[i + 10 * j for j in range(m)] for i in range(n)]

def odd(n):
    return [i for i in range(n) if i % 2]

def pairs(items):
    return [a + b for a, b in items]

def total(items):
    y = 0
    for x in items:
        y = y + x
    return y

def two(items):
    y, z = 0, 1
    for a, b in items:
        y, z = y + a * z, z + b
    return y, z

def first_large(items):
    y = 0
    for x in items:
        y = x
        if x > 2:
            break
    return y

def listed(n):
    out = []
    for i in range(n):
        out.append(i)
    return out

def total_from(items, y):
    for x in items:
        y = y + x
    return y

def summed_and_listed(items, y):
    out = []
    for x in items:
        y = y + x
        out.append(y)
    return out

def summed_and_kept(items, y):
    kept = {}
    for x in items:
        y = y + x
        kept[0] = y
    return kept

def summed_and_told(items, y, tell=print):
    for x in items:
        y = y + x
        tell(y)
    return y

def listed_aside(n):
    out = []
    aside = [out.append(i) for i in range(n)]
    return out, aside

def set_items(n):
    table = {}
    last = 0
    for i in range(n):
        table[i] = last
        last = i
    return table

def counted_on_the_way(n):
    total = 0
    return [total := total + i for i in range(n)]

def lengths(shapes):
    return len({s[-1] for s in shapes})
"""


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> tuple[ModuleType, ModuleType]:
    """Return the module as Python makes it, and lifted."""
    path: Path = tmp_path_factory.mktemp("lifted") / "loops.py"
    path.write_text(SOURCE)
    spec = importlib.util.spec_from_file_location("loops", path)
    assert spec is not None
    assert spec.loader is not None
    plain = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(plain)
    return plain, lifted_module("loops", str(path))


CALLS = [
    ("squares", (5,)),
    ("squares", (0,)),
    ("table", (2, 3)),
    ("odd", (6,)),
    ("pairs", ([(1, 2), (3, 4)],)),
    ("total", ([3, 4, 5],)),
    ("total", ([],)),
    ("two", ([(1, 2), (3, 4), (5, 6)],)),
    ("first_large", ([1, 2, 3, 4],)),
    ("listed", (4,)),
    ("total_from", ([1, 2, 3], 4)),
    ("summed_and_listed", ([1, 2, 3], 4)),
    ("summed_and_kept", ([1, 2, 3], 4)),
    ("listed_aside", (3,)),
    ("set_items", (3,)),
    ("counted_on_the_way", (4,)),
    ("lengths", ([(1, 2), (3, 2), (5,)],)),
]


@pytest.mark.parametrize(("name", "arguments"), CALLS)
def test_over_known_lengths_nothing_changes(
    modules: tuple[ModuleType, ModuleType], name: str, arguments: tuple[object, ...]
) -> None:
    plain, copy = (getattr(module, name)(*arguments) for module in modules)
    assert plain == copy
    assert type(plain) is type(copy)


def test_over_unknown_lengths_one_element_stands_for_all(modules: tuple[ModuleType, ModuleType]) -> None:
    _, copy = modules
    facts = Facts()
    n, m = facts.number("n", 2), facts.number("m", 1)
    row = copy.squares(n)
    assert isinstance(row, Family)
    assert row.span.length == n
    assert row.element == row.span.index * row.span.index
    table = copy.table(n, m)
    assert table.span.length == n
    assert table.element.span.length == m
    assert table.element.element == table.span.index + 10 * table.element.span.index
    assert not facts.open


@pytest.mark.parametrize("name", ["odd", "listed", "listed_aside", "set_items", "counted_on_the_way"])
def test_other_loops_over_unknown_lengths_are_errors(modules: tuple[ModuleType, ModuleType], name: str) -> None:
    with pytest.raises(UndecidedError):
        getattr(modules[1], name)(Facts().number("n", 2))


class Carried:
    """What a loop can carry through an unknown number of passes."""

    def repeated(self, span: Span, one_pass: Callable[[Carried], Carried]) -> tuple[Span, Carried]:
        return span, one_pass(self)

    def __add__(self, other: object) -> tuple[Carried, object]:
        return self, other


def test_a_loop_hands_one_pass_to_what_it_carries(modules: tuple[ModuleType, ModuleType]) -> None:
    _, copy = modules
    items, y = copy.squares(Facts().number("n", 2)), Carried()
    assert copy.total_from(items, y) == (items.span, (y, items.element))
    for name in ("summed_and_listed", "summed_and_kept", "summed_and_told"):
        with pytest.raises(UndecidedError):
            getattr(copy, name)(items, y)


@pytest.mark.parametrize("name", ["first_large", "total"])
def test_other_loops_over_unknown_lists_are_errors(modules: tuple[ModuleType, ModuleType], name: str) -> None:
    items = modules[1].squares(Facts().number("n", 2))
    with pytest.raises(UndecidedError):
        getattr(modules[1], name)(items)


def test_lengths_of_a_set_are_compared_and_not_hashed(modules: tuple[ModuleType, ModuleType]) -> None:
    facts = Facts()
    n, k = facts.number("n", 2), facts.number("k", 1)
    lengths = modules[1].lengths
    assert lengths([(n, k), (3, k)]) == 1
    assert lengths([(n,), (1,)]) == 2
    for undecided in ([(n,), (3,)], [(n,), (k,)]):
        with pytest.raises(UndecidedError):
            lengths(undecided)
