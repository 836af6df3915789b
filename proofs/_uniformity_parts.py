"""Families made of families: tensor products as lanes, one operation after another, plain MAJORITY gates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product as cartesian
from operator import add, mul

from precise.circuits import evaluate, evaluate_bits
from precise.circuits.connection import assemble
from precise.circuits.connection_combine import Chain, Lanes, Majority
from precise.circuits.connection_floats import add_plan as float_add_plan
from precise.circuits.connection_floats import multiply_plan as float_multiply_plan
from precise.circuits.connection_integers import (
    add_plan,
    compare_plan,
    count_plan,
    leading_one_plan,
    multiply_plan,
    sum_plan,
)
from precise.circuits.connection_pack import Shape
from precise.circuits.connection_plan import Plan
from proofs._circuits import Instance, all_equal, all_words
from proofs._connections import number
from proofs._float_evidence import Outcome
from proofs._uniformity import circuit_with_ports, codes_of, split_words

Element = Callable[[int, int], int]
"""The number of the element that a lane reads, by operand."""


def tensor_product(width: int, rows: int, columns: int, stride_bits: int, element: Element) -> Lanes:
    """Return the family of all products of one of `rows` words and one of `columns` words: lane i | j."""
    plan = multiply_plan(width)
    mask = (1 << stride_bits) - 1
    return Lanes(
        inner=plan,
        lane_bits=(rows - 1).bit_length() + stride_bits,
        holds=lambda lane: lane >> stride_bits < rows and lane & mask < columns,
        operand=lambda inside: plan.layout.split(inside)[0],
        element=element,
        elements=lambda operand: columns if operand else rows,
    )


def by_stride(stride_bits: int) -> Element:
    """Return the elements of a tensor product: lane i | j reads i and j."""
    return lambda lane, operand: lane & ((1 << stride_bits) - 1) if operand else lane >> stride_bits


def lanes_multiply(element: Callable[[int], Element] = by_stride) -> Outcome:
    """Check the tensor product of two vectors of small integers, lanes padded to powers of two, on all inputs."""
    shapes = ((2, 2, 2), (1, 2, 3), (1, 3, 3), (2, 1, 3))

    def rows() -> Iterator[Instance]:
        for width, first, second in shapes:
            stride_bits = (second - 1).bit_length()
            family = tensor_product(width, first, second, stride_bits, element(stride_bits))
            circuit, alone = assemble(family), assemble(family.inner)
            yield f"{first} x {second}: depth", circuit.depth, alone.depth
            yield f"{first} x {second}: gates", circuit.n_gates, first * second * alone.n_gates
            words = all_words(width * (first + second))
            for bits, result in zip(words.T.tolist(), evaluate_bits(circuit, words).T.tolist(), strict=True):
                values = split_words(bits, (width,) * (first + second))
                products = [x * y for x in values[:first] for y in values[first:]]
                got = split_words(result, (2 * width,) * (first * second))
                yield f"{first} x {second} at {values}", str(got), str(tuple(products))

    expected = sum(2 + 2 ** (w * (a + b)) for w, a, b in shapes)
    return all_equal(rows(), expected, "(width, n1, n2) in " + str(shapes))


def integer_chain(width: int, off: int = 0) -> Chain:
    """Return the family of x y + z: a product, and a sum of its 2 * width bits, moved by `off`, with as many."""
    first, second = multiply_plan(width), add_plan(2 * width)
    output = first.layout.split(next(first.outputs()))[0]

    def joint(address: int) -> int:
        """Return the bit of the first summand that a bit of the product is."""
        kind, i, _ = first.layout.split(address)
        return second.layout.pack(0, i + off) if kind == output else -1

    return Chain(first, second, joint, lambda inside: second.layout.split(inside)[0] == 0)


def chain_computes(widths: tuple[int, ...], off: int = 0) -> Outcome:
    """Check x y + z, on all inputs, at the sum of the depths; `off` joins the parts so many bits off."""

    def rows() -> Iterator[Instance]:
        for width in widths:
            family = integer_chain(width, off)
            circuit = assemble(family)
            depths = family.first.depth + family.second.depth  # type: ignore[attr-defined]
            yield f"width {width}: depth at most the sum", int(circuit.depth <= depths), 1
            words = all_words(4 * width)
            for bits, result in zip(words.T.tolist(), evaluate_bits(circuit, words).T.tolist(), strict=True):
                x, y, z = split_words(bits, (width, width, 2 * width))
                yield f"width {width}: {x} * {y} + {z}", number(result), x * y + z

    return all_equal(rows(), sum(1 + 2 ** (4 * w) for w in widths), f"x, y of W bits, z of 2 W bits, W in {widths}")


def float_chain(p: int) -> Chain:
    """Return the family of x y + z on floats, rounded twice: the outputs of the product are the operand x."""
    shape = Shape.of(p, p + 1)
    first, second = float_multiply_plan(shape), float_add_plan(shape)
    low, top, field, sign = (first.layout.split(g)[0] for g in float_outputs(first, p))
    places = {low: (0, 0), top: (0, p - 1), field: (1, 0), sign: (2, 0)}

    def joint(address: int) -> int:
        """Return the bit of the operand x of the sum that an output of the product is."""
        kind, i, _ = first.layout.split(address)
        if kind not in places:
            return -1
        word, start = places[kind]
        return second.layout.pack(word, start + i)

    return Chain(first, second, joint, lambda inside: second.layout.split(inside)[0] < 3)


def float_outputs(plan: Plan, p: int) -> tuple[int, int, int, int]:
    """Return the outputs of bits 0 and p - 1 of the significand, bit 0 of the field, and the sign."""
    outputs = list(plan.outputs())
    return outputs[0], outputs[p - 1], outputs[p], outputs[-1]


OPERATIONS = {"multiply": mul, "add": add}


def float_chain_computes(p: int, order: str = "multiply then add") -> Outcome:
    """Check x y + z, rounded twice, on all triples, at depth at most 11 + 12."""
    members, numbers, code = codes_of(p)

    def rows() -> Iterator[Instance]:
        circuit = assemble(float_chain(p))
        yield "depth at most 23", int(circuit.depth <= 23), 1
        triples = list(cartesian(numbers, repeat=3))
        columns = [list(column) for column in zip(*triples, strict=True)]
        first, then = order.split(" then ")
        for (a, b, c), got in zip(triples, evaluate(circuit_with_ports(circuit, p), *columns)[0].tolist(), strict=True):
            middle = members.nearest(OPERATIONS[first](numbers[a], numbers[b]))
            yield f"codes {a}, {b}, {c}", got, code[members.nearest(OPERATIONS[then](middle, numbers[c]))]

    return all_equal(rows(), 1 + (2 ** (2 * p + 1) + 1) ** 3, precisions=(p,))


def majority_agrees(more_zeros: int = 0) -> Outcome:
    """Check that all gates as plain MAJORITY have the values of the threshold gates, on all inputs of small members."""
    plans = {
        "count of 3": count_plan(3),
        "leading one of 4": leading_one_plan(4),
        "sum of two, 2 bits": add_plan(2),
        "comparison, 3 bits": compare_plan(3),
        "product, 2 bits": multiply_plan(2),
        "sum of 3, 1 bit": sum_plan(1, 3),
    }

    def rows() -> Iterator[Instance]:
        for name, plan in plans.items():
            inputs, gates = list(plan.inputs()), list(plan.gates())
            slots = [(g, *slots_of(Majority(plan), [*inputs, *gates], g)) for g in gates]
            for values in cartesian((0, 1), repeat=len(inputs)):
                by_weight, by_slot = dict(zip(inputs, values, strict=True)), dict(zip(inputs, values, strict=True))
                for g, entering, padding in slots:
                    by_weight[g] = int(sum(plan.weight(h, g) * by_weight[h] for h, _ in entering) >= plan.threshold(g))
                    by_slot[g] = plain_majority(entering, padding + more_zeros, by_slot)
                yield f"{name} at {values}", int(by_weight == by_slot), 1

    return all_equal(rows(), sum(2**plan.n_inputs for plan in plans.values()), ", ".join(plans))


def slots_of(majority: Majority, signals: list[int], g: int) -> tuple[list[tuple[int, list[int]]], int]:
    """Return the sources of a gate, each with the signs of its slots, and the zeros that enter besides."""
    entering = []
    for h in signals:
        signs: list[int] = []
        while majority.slot(h, len(signs), g):
            signs.append(majority.slot(h, len(signs), g))
        if signs:
            entering.append((h, signs))
    return entering, majority.padding(g)


def plain_majority(entering: list[tuple[int, list[int]]], padding: int, values: dict[int, int]) -> int:
    """Return whether more than half of the inputs are 1: literals, the constants beside them, and the padding."""
    ones, total = max(-padding, 0), abs(padding)
    for h, signs in entering:
        for sign in signs:
            literal = values[h] if sign > 0 else 1 - values[h]
            ones += literal + (sign > 0)
            total += 2
    return int(2 * ones > total)
