"""Connection functions beyond sums: circuits made of nothing else, against integers, floats and built circuits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import product as cartesian
from types import MappingProxyType

from precise.circuits import OPERATIONS, Circuit, Layout, build, evaluate, evaluate_bits
from precise.circuits import connection_floats as floats
from precise.circuits import connection_integers as integers
from precise.circuits.connection import Family, assemble
from precise.circuits.connection_dot import dot_family
from precise.circuits.connection_float_sum import float_sum_plan
from precise.circuits.connection_gates import differing_gates
from precise.circuits.connection_pack import Shape
from precise.circuits.connection_plan import Plan
from precise.circuits.connection_table import FAMILIES, connection
from precise.circuits.connection_vectors import extremum_plan, negative_plan
from precise.modes import RAZ, RNA, RNE, RTN, RTO, RTP, RTZ, Rounding
from proofs._circuits import Instance, all_equal, all_words
from proofs._connections import number
from proofs._float_evidence import Outcome
from proofs._rounding_by_search import Members, paper_members

Change = Callable[[Plan, int, int, int], int]
"""A wrong connection function: from the plan, source, gate and right weight."""


@dataclass(frozen=True, slots=True)
class Altered:
    """A plan whose weights are changed."""

    plan: Plan
    change: Change

    def weight(self, h: int, g: int) -> int:
        """Return the changed weight."""
        return self.change(self.plan, h, g, self.plan.weight(h, g))

    def threshold(self, g: int) -> int:
        """Return the threshold of a gate."""
        return self.plan.threshold(g)

    def is_gate(self, g: int) -> bool:
        """Return whether there is a gate with this address."""
        return self.plan.is_gate(g)

    def inputs(self) -> Iterator[int]:
        """Yield the addresses of the inputs."""
        return self.plan.inputs()

    def gates(self) -> Iterator[int]:
        """Yield the addresses of the gates."""
        return self.plan.gates()

    def outputs(self) -> Iterator[int]:
        """Yield the addresses of the outputs."""
        return self.plan.outputs()


def as_it_is(plan: Plan, h: int, g: int, weight: int) -> int:
    """Return the right weight."""
    return weight


def without(part: str) -> Change:
    """Return the change that lets kinds of gates with a part in their name weigh nothing, where they are alone."""
    return lambda plan, h, g, weight: 0 if plan.kind(h).name.endswith(part) else weight


def family(plan: Family, change: Change) -> Family:
    """Return a family, or a plan that is changed."""
    return plan if change is as_it_is or not isinstance(plan, Plan) else Altered(plan, change)


@dataclass(frozen=True, slots=True)
class OnIntegers:
    """A family on integers: how a member is made, its sizes, words of its inputs, result and depth."""

    plan: Callable[..., Plan]
    sizes: tuple[tuple[int, ...], ...]
    words: Callable[..., tuple[int, ...]]
    right: Callable[[tuple[int, ...], tuple[int, ...]], int]
    depth: int


def _one_hot(values: tuple[int, ...], size: tuple[int, ...]) -> int:
    """Return the highest power of two in a number, 0 for 0."""
    return 1 << values[0].bit_length() - 1 if values[0] else 0


def _alone(*sizes: int) -> tuple[tuple[int, ...], ...]:
    """Return members with one size each."""
    return tuple((size,) for size in sizes)


TWO_WORDS = _alone(1, 2, 3, 4, 5)
ON_INTEGERS = {
    "parity": OnIntegers(
        integers.parity_plan, _alone(1, 2, 5, 8), lambda n: (n,), lambda v, s: v[0].bit_count() % 2, 2
    ),
    "interval": OnIntegers(
        integers.interval_plan,
        ((6, 2, 4), (7, 0, 3), (5, 5, 6)),
        lambda n, low, high: (n,),
        lambda v, s: int(s[1] <= v[0].bit_count() < s[2]),
        2,
    ),
    "count": OnIntegers(integers.count_plan, _alone(1, 2, 5, 8), lambda n: (n,), lambda v, s: v[0].bit_count(), 2),
    "leading one": OnIntegers(integers.leading_one_plan, _alone(1, 2, 5, 8), lambda n: (n,), _one_hot, 1),
    "sum of two": OnIntegers(integers.add_plan, TWO_WORDS, lambda n: (n, n), lambda v, s: v[0] + v[1], 3),
    "comparison": OnIntegers(integers.compare_plan, TWO_WORDS, lambda n: (n, n), lambda v, s: int(v[0] >= v[1]), 3),
    "shift": OnIntegers(
        integers.shift_plan,
        _alone(1, 2, 3, 5, 6),
        lambda n: (n, max(1, (n - 1).bit_length())),
        lambda v, s: v[0] >> v[1],
        3,
    ),
    "sum of many": OnIntegers(
        integers.sum_plan,
        ((3, 2), (2, 3), (2, 4), (3, 3), (2, 5), (1, 8)),
        lambda bits, count: (bits,) * count,
        lambda v, s: sum(v),
        5,
    ),
    "product": OnIntegers(integers.multiply_plan, TWO_WORDS, lambda n: (n, n), lambda v, s: v[0] * v[1], 6),
}


def split_words(bits: list[int], widths: tuple[int, ...]) -> tuple[int, ...]:
    """Return the numbers on consecutive wires."""
    found, start = [], 0
    for width in widths:
        found.append(number(bits[start : start + width]))
        start += width
    return tuple(found)


def integers_agree(change: Change = as_it_is, depth: int = 0) -> Outcome:
    """Compare every family on integers with the integers, on all inputs; `depth` lowers the allowed depth."""

    def rows() -> Iterator[Instance]:
        for name, subject in ON_INTEGERS.items():
            for size in subject.sizes:
                circuit = assemble(family(subject.plan(*size), change))
                yield f"{name} {size}: depth at most", int(circuit.depth <= subject.depth - depth), 1
                widths = subject.words(*size)
                words = all_words(sum(widths))
                for bits, result in zip(words.T.tolist(), evaluate_bits(circuit, words).T.tolist(), strict=True):
                    values = split_words(bits, widths)
                    yield f"{name} {size} at {values}", number(result), subject.right(values, size)

    lengths = [sum(s.words(*size)) for s in ON_INTEGERS.values() for size in s.sizes]
    limit = f"{len(lengths)} members of {len(ON_INTEGERS)} families, with at most {max(lengths)} inputs"
    return all_equal(rows(), sum(1 + 2**length for length in lengths), limit)


@cache
def codes_of(p: int) -> tuple[Members, dict[int, Fraction], dict[Fraction, int]]:
    """Return the members of F_p, their numbers by code and codes by number."""
    layout = Layout.paper(p)
    numbers = {}
    for code in layout.codes():
        x = layout.decode(code)
        numbers[code] = Fraction(x.c) * Fraction(2) ** x.q
    return paper_members(p), numbers, {x: code for code, x in numbers.items()}


Numbers = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class OnFloats:
    """A family on floats: how a member is made, how many operands it has, its depth, the exact result or verdict."""

    plan: Callable[[Shape], Family]
    operands: int
    depth: int
    right: Callable[[Numbers, Members], Fraction | bool]


def _dot(x: Numbers, members: Members) -> Fraction:
    """Return the inner product of the first half with the second, products rounded."""
    half = len(x) // 2
    return sum((members.nearest(a * b) for a, b in zip(x[:half], x[half:], strict=True)), Fraction(0))


ON_FLOATS = {
    "<=": OnFloats(floats.less_equal_plan, 2, 4, lambda x, m: x[0] <= x[1]),
    "+": OnFloats(floats.add_plan, 2, 12, lambda x, m: x[0] + x[1]),
    "-": OnFloats(lambda shape: floats.add_plan(shape, minus=True), 2, 12, lambda x, m: x[0] - x[1]),
    "x": OnFloats(floats.multiply_plan, 2, 11, lambda x, m: x[0] * x[1]),
    "floor": OnFloats(floats.floor_plan, 1, 6, lambda x, m: Fraction(x[0].numerator // x[0].denominator)),
    "negative": OnFloats(negative_plan, 1, 1, lambda x, m: -x[0]),
    "max of 2": OnFloats(lambda shape: extremum_plan(shape, 2), 2, 6, lambda x, m: max(x)),
    "min of 2": OnFloats(lambda shape: extremum_plan(shape, 2, largest=False), 2, 6, lambda x, m: min(x)),
    "sum of 2": OnFloats(lambda shape: float_sum_plan(shape, 2), 2, 27, lambda x, m: x[0] + x[1]),
}
MORE_ON_FLOATS = {
    "max of 3": OnFloats(lambda shape: extremum_plan(shape, 3), 3, 6, lambda x, m: max(x)),
    "min of 3": OnFloats(lambda shape: extremum_plan(shape, 3, largest=False), 3, 6, lambda x, m: min(x)),
    "sum of 3": OnFloats(lambda shape: float_sum_plan(shape, 3), 3, 27, lambda x, m: sum(x, Fraction(0))),
    "inner product of 2": OnFloats(lambda shape: dot_family(shape, 2), 4, 38, _dot),
}


def floats_agree(
    precisions: tuple[int, ...],
    change: Change = as_it_is,
    depth: int = 0,
    subjects: dict[str, OnFloats] = ON_FLOATS,
) -> Outcome:
    """Compare every family on floats with exact numbers, rounded by search, on all operands."""

    def rows() -> Iterator[Instance]:
        for p in precisions:
            members, numbers, code = codes_of(p)
            nearest: dict[Fraction, int] = {}
            for name, subject in subjects.items():
                circuit = assemble(family(subject.plan(Shape.of(p, p + 1)), change))
                yield f"{name}, p = {p}: depth at most", int(circuit.depth <= subject.depth - depth), 1
                operands = list(cartesian(numbers, repeat=subject.operands))
                columns = [list(column) for column in zip(*operands, strict=True)]
                results = evaluate(circuit_with_ports(circuit, p), *columns)[0].tolist()
                for codes, got in zip(operands, results, strict=True):
                    right = subject.right(tuple(numbers[c] for c in codes), members)
                    if not isinstance(right, bool) and right not in nearest:
                        nearest[right] = code[members.nearest(right)]
                    wanted = int(right) if isinstance(right, bool) else nearest[right]
                    yield f"{name}, p = {p}, codes {codes}", got, wanted

    sizes = [2 ** (2 * p + 1) + 1 for p in precisions]
    expected = sum(1 + size**subject.operands for size in sizes for subject in subjects.values())
    return all_equal(rows(), expected, precisions=precisions)


def circuit_with_ports(circuit: Circuit, p: int) -> Circuit:
    """Return an assembled circuit with a port a float, its inputs as they are."""
    layout = Layout.paper(p)
    count = circuit.n_inputs // layout.width
    return replace(circuit, inputs=tuple(layout.port(f"x{i}") for i in range(count)))


ONE_SIZE = tuple(name for name in FAMILIES if OPERATIONS[name].operands != "n")
"""Operations whose number of operands is fixed."""


def same_as_built(
    precisions: tuple[int, ...], change: Change = as_it_is, several: tuple[tuple[str, int, int], ...] = ()
) -> Outcome:
    """Compare, gate by gate, what the connection functions give with the circuits that the builder makes.

    `several`: operations on n operands, with p and n.
    """

    def rows() -> Iterator[Instance]:
        families: list[tuple[str, int, int, Family]] = [
            (name, p, 2, connection(name, p, as_built=True)) for p in precisions for name in ONE_SIZE
        ]
        families += [(name, p, n, connection(name, p, n, as_built=True)) for name, p, n in several]
        for name, p, n, plan in families:
            assembled, built = assemble(family(plan, change)), build(name, p, n)
            yield f"{name}, p = {p}, n = {n}: gates in one of the two only", differing_gates(assembled, built), 0
            yield f"{name}, p = {p}, n = {n}: gates", assembled.n_gates, built.n_gates
            yield f"{name}, p = {p}, n = {n}: depth", assembled.depth, built.depth

    limits = f"(operation, p, n) in {several}" if several else "operations on one or two numbers"
    return all_equal(rows(), 3 * (len(ONE_SIZE) * len(precisions) + len(several)), limits, precisions=precisions)


MODES = (RNE, RNA, RTZ, RTP, RTN, RAZ, RTO)


def same_in_every_mode(p: int, instead: Mapping[Rounding, Rounding] = MappingProxyType({})) -> Outcome:
    """Compare sum, product and iterated sum with the builder's in every mode; `instead`: modes taken for others."""

    def rows() -> Iterator[Instance]:
        for mode in MODES:
            taken = instead.get(mode, mode)
            for name in ("add", "multiply", "sum"):
                assembled = assemble(connection(name, p, rounding=taken, as_built=True))
                built = build(name, p, rounding=mode)
                yield f"{name}, {mode.code}, p = {p}: differing gates", differing_gates(assembled, built), 0

    return all_equal(rows(), 3 * len(MODES), "sum, product, sum of two rounded once", precisions=(p,))
