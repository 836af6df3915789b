"""Families of gates with two inputs, of AND and OR, and of MAJORITY, for the definitions of the classes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from precise.circuits import Circuit, Port, evaluate_bits, measure
from precise.circuits.builder import Builder
from precise.circuits.circuit import finish
from precise.circuits.form import Form
from precise.circuits.symmetric import exclusive_or
from proofs._circuits import Instance, all_equal, all_words, gate_type, gates_of
from proofs._float_evidence import Outcome

LENGTHS = tuple(range(2, 33))
EVALUATED = tuple(range(2, 13))


def parity_tree(length: int) -> Circuit:
    """Return parity as a binary tree of AND, OR and NOT gates of fan-in 2."""
    b = Builder(length)
    bits: list[Form] = list(b.inputs())
    while len(bits) > 1:
        pairs = [b.gate(exclusive_or(b, x, y)) for x, y in zip(bits[::2], bits[1::2], strict=False)]
        bits = pairs + bits[2 * len(pairs) :]
    return finish(b, [Port("x", length)], [("result", bits)])


def lookahead(length: int) -> Circuit:
    """Return the carry of x + y as an OR of ANDs: some place is born, all places above pass on."""
    b = Builder(2 * length)
    inputs = b.inputs()
    both = [b.all_of(*pair) for pair in zip(inputs[:length], inputs[length:], strict=True)]
    either = [b.any_of(*pair) for pair in zip(inputs[:length], inputs[length:], strict=True)]
    carry = b.any_of(*(b.all_of(both[j], *either[j + 1 :]) for j in range(length)))
    return finish(b, [Port("x", length), Port("y", length)], [("result", (carry,))])


def shape_holds(
    family: Callable[[int], Circuit],
    types: Sequence[str],
    largest_fan_in: Callable[[int], int],
    depth: Callable[[int], int],
    size: Callable[[int], int],
) -> Outcome:
    """Check gate types, fan-in, depth and size of the members of a family."""

    def rows() -> Iterator[Instance]:
        for n in LENGTHS:
            circuit = family(n)
            cost = measure(circuit)
            kinds = {gate_type(weights, t) for _, weights, t in gates_of(circuit)}
            yield f"n = {n}: gates of other types", ", ".join(sorted(kinds - set(types))), ""
            yield f"n = {n}: fan-in at most {largest_fan_in(n)}", int(cost.fan_in <= largest_fan_in(n)), 1
            yield f"n = {n}: depth at most {depth(n)}", int(cost.depth <= depth(n)), 1
            yield f"n = {n}: gates at most {size(n)}", int(cost.gates <= size(n)), 1

    return all_equal(rows(), 4 * len(LENGTHS), f"n in {LENGTHS[0]}..{LENGTHS[-1]}")


def computes(family: Callable[[int], Circuit], inputs: int, right: Callable[[list[int]], int]) -> Outcome:
    """Check a family on all inputs of its small members; a member n has `inputs * n` input bits."""

    def rows() -> Iterator[Instance]:
        for n in EVALUATED[: 11 // inputs]:
            words = all_words(inputs * n)
            for word, bit in zip(words.T.tolist(), evaluate_bits(family(n), words)[0].tolist(), strict=True):
                yield "".join(map(str, word)), bit, right(word)

    lengths = EVALUATED[: 11 // inputs]
    return all_equal(rows(), sum(2 ** (inputs * n) for n in lengths), f"n in {lengths[0]}..{lengths[-1]}")


def ceil_log2(n: int) -> int:
    """Return the least k with 2**k >= n."""
    return (n - 1).bit_length()
