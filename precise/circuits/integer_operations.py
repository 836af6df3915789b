"""Circuits on integers of `width` bits: what the float circuits are made of, as families of their own."""

from __future__ import annotations

from precise.circuits.addition import add, at_least
from precise.circuits.builder import Builder
from precise.circuits.circuit import Circuit, Port, finish
from precise.circuits.form import Word, total
from precise.circuits.shifting import shift_right
from precise.circuits.summing import add_columns, columns_of, multiply
from precise.circuits.symmetric import bits_of, equals, parity


def words_in(width: int, count: int) -> tuple[Builder, list[Word]]:
    """Return a builder with `count` words of `width` bits as inputs, and these words."""
    b = Builder(width * count)
    bits = b.inputs()
    return b, [bits[i * width : (i + 1) * width] for i in range(count)]


def parity_circuit(width: int) -> Circuit:
    """Return the circuit of the parity of a word."""
    b, (x,) = words_in(width, 1)
    return finish(b, [Port("x", width)], [("result", (parity(b, x),))], {"operation": "parity", "p": width})


def count_circuit(width: int) -> Circuit:
    """Return the circuit that counts the ones of a word."""
    b, (x,) = words_in(width, 1)
    return finish(b, [Port("x", width)], [("result", bits_of(b, total(x), width))], {"operation": "count", "p": width})


def add_circuit(width: int, *, blocks: bool = False) -> Circuit:
    """Return the circuit of x + y, one bit longer than its operands."""
    b, (x, y) = words_in(width, 2)
    ports = [Port("x", width), Port("y", width)]
    return finish(b, ports, [("result", add(b, x, y, blocks=blocks).word)], {"operation": "integer_add", "p": width})


def compare_circuit(width: int) -> Circuit:
    """Return the circuit of `x >= y`."""
    b, (x, y) = words_in(width, 2)
    ports = [Port("x", width), Port("y", width)]
    return finish(b, ports, [("result", (at_least(b, x, y),))], {"operation": "integer_compare", "p": width})


def sum_circuit(width: int, count: int, *, counted: bool = True, blocks: bool = False) -> Circuit:
    """Return the circuit of the exact sum of `count` integers."""
    b, words = words_in(width, count)
    ports = [Port(f"x{i}", width) for i in range(count)]
    columns = columns_of(words, ((1 << width) - 1).bit_length() + (count - 1).bit_length())
    result = add_columns(b, columns, counted=counted, blocks=blocks)
    return finish(b, ports, [("result", result)], {"operation": "integer_sum", "p": width, "n": count})


def multiply_circuit(width: int) -> Circuit:
    """Return the circuit of the exact product of two integers."""
    b, (x, y) = words_in(width, 2)
    ports = [Port("x", width), Port("y", width)]
    return finish(b, ports, [("result", multiply(b, x, y))], {"operation": "integer_multiply", "p": width})


def shift_circuit(width: int) -> Circuit:
    """Return the circuit of `x >> d` for a word x and a number d below `width`, 0 for larger d of the same length."""
    places = max(1, (width - 1).bit_length())
    b = Builder(width + places)
    bits = b.inputs()
    x, d = bits[:width], bits[width:]
    hot = {k: equals(b, d, k) for k in range(width)}
    ports = [Port("x", width), Port("d", places)]
    return finish(b, ports, [("result", shift_right(b, x, hot, width))], {"operation": "shift", "p": width})
