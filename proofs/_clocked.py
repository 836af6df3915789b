"""A list of clocked machines on unary inputs, and the family of constant circuits that differs from each of them.

A program is a number written in base 6; its digits are the instructions of a machine with one register, which
holds n at the start: add 1, subtract 1 (from 0 nothing), skip the next instruction if it is 0, go to the first
instruction, accept, reject. Machine k = 2**i (2 a + 1) runs program a for n**i + i steps, so every program occurs
with every polynomial of the list as its clock.
"""

from __future__ import annotations

BASE = 6


def pair(k: int) -> tuple[int, int]:
    """Return program and exponent of machine k >= 1: k = 2**i (2 a + 1)."""
    exponent = (k & -k).bit_length() - 1
    return k >> exponent + 1, exponent


def instructions(program: int) -> list[int]:
    """Return the digits of a program, the lowest first."""
    digits = []
    while program:
        program, digit = divmod(program, BASE)
        digits.append(digit)
    return digits


def machine_accepts(k: int, n: int) -> bool:
    """Return whether machine k accepts the word of n ones; it rejects where its time is over."""
    program, exponent = pair(k)
    steps, place, register = instructions(program), 0, n
    for _ in range(n**exponent + exponent):
        if place >= len(steps):
            return False
        match steps[place]:
            case 0:
                register += 1
            case 1:
                register = max(0, register - 1)
            case 2:
                place += int(register == 0)
            case 3:
                place = -1
            case 4:
                return True
            case _:
                return False
        place += 1
    return False


def diagonal_constant(n: int) -> int:
    """Return the constant of the circuit for length n: what machine n does not say of n ones."""
    return 1 - int(machine_accepts(n, n))
