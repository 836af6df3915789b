"""Stochastic rounding from its public definition: SplitMix64 by the book, and a comparison of exact rationals.

The generator is that of Steele, Lea and Flood (OOPSLA 2014, figure 16): the state grows by the golden gamma, and the
output mixes it. A random real U in [0, 1) of (seed, stream, index) has the words `chain(seed, stream, index)`,
most significant first; the magnitude moves up iff U, cut to r bits, is below the fraction.
"""

from __future__ import annotations

from fractions import Fraction

from oracles.integers import Spec, Value, bracket, finish

GAMMA = 0x9E3779B97F4A7C15


def splitmix64(state: int) -> int:
    """Return the output of one step from a state."""
    z = (state + GAMMA) % 2**64
    z = (z ^ (z // 2**30)) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ (z // 2**27)) * 0x94D049BB133111EB % 2**64
    return z ^ (z // 2**31)


def chain(seed: int, stream: int, index: int) -> int:
    """Return the word of an element: the output chained over seed, stream and index."""
    return splitmix64(splitmix64(splitmix64(seed % 2**64) ^ stream % 2**64) ^ index % 2**64)


def stream_of(operation: str, stream: int = 0) -> int:
    """Return the stream of an operation: its name's bytes, least first, folded into the stream, 63 bits of it."""
    return chain(stream, 0x5EED, int.from_bytes(operation.encode(), "little")) // 2


def drawn(seed: int, stream: int, index: int, bits: int) -> Fraction:
    """Return U cut to its first bits, for at most 64 of them."""
    return Fraction(chain(seed, stream, index) // 2 ** (64 - bits), 2**bits)


def round_up_or_down(x: Value, spec: Spec, u: Fraction, overflow: str | None = None) -> Value:
    """Return x rounded stochastically with the random number u: up in magnitude iff u < fraction."""
    if isinstance(x, str) or x == 0:
        return x if x != "-0" or spec.signed_zero else Fraction(0)
    negative, a = x < 0, abs(x)
    lo, hi, _ = bracket(a, spec)
    fraction = (a - lo) / (hi - lo)
    return finish(negative, hi if u < fraction else lo, spec, "RNE", overflow or spec.overflow)
