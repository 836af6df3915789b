"""Wrong circuits: nearly all changes of one threshold are seen, and so are wrong constructions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from oracles import tally
from oracles.paperfloats import paper_floats

from precise.circuits import Circuit, build, evaluate_words, float_add, float_divide, float_sum, remainders, roundup
from precise.circuits.addition import Sum
from precise.circuits.form import ZERO
from precise.circuits.lanes import LaneWords, pack_bits, spread
from precise.modes import parse_rounding


def all_pairs(circuit: Circuit, p: int) -> LaneWords:
    """Return all pairs of members as lanes."""
    codes = np.array(paper_floats(p).codes)
    return pack_bits(spread([np.repeat(codes, len(codes)), np.tile(codes, len(codes))], circuit.inputs))


def test_changed_thresholds_of_the_adder() -> None:
    """A survivor agrees with the adder on every pair of members: it is equivalent there."""
    circuit = build("add", 3)
    lanes = all_pairs(circuit, 3)
    right = evaluate_words(circuit, lanes)
    caught = 0
    for gate in range(circuit.n_gates):
        for change in (-1, 1):
            thresholds = circuit.gate_thresholds.copy()
            thresholds[gate] += change
            caught += not np.array_equal(evaluate_words(replace(circuit, gate_thresholds=thresholds), lanes), right)
    assert caught >= 0.85 * 2 * circuit.n_gates


def differs(name: str, p: int, n: int = 2, mode: str = "RNE") -> bool:
    """Return whether a circuit differs from the oracle on some pair, or on some of many sums."""
    floats = paper_floats(p)
    circuit = build(name, p, n, rounding=parse_rounding(mode))
    if name == "sum":
        rng = np.random.default_rng(tally.seeded("wrong sums", 3))
        arguments = list(rng.choice(floats.codes, size=(n, 4000)))
        arguments[1][:2000] = arguments[0][:2000] ^ floats.sign * (arguments[0][:2000] > 0)  # cancels
        right = [floats.total([int(t) for t in terms]) for terms in zip(*arguments, strict=True)]
    else:
        arguments = [np.repeat(floats.codes, len(floats.codes)), np.tile(floats.codes, len(floats.codes))]
        right = [getattr(floats, name)(a, b, mode) for a, b in zip(*(x.tolist() for x in arguments), strict=True)]
    bits = evaluate_words(circuit, pack_bits(spread(arguments, circuit.inputs)))
    code = np.unpackbits(bits.view(np.uint8), axis=1, count=len(right), bitorder="little").astype(np.int64)
    got = (code << np.arange(len(code))[:, None]).sum(axis=0)
    return got.tolist() != right


def without_sticky(rule: Callable[..., tuple[object, ...]]) -> Callable[..., tuple[object, ...]]:
    """Return the alignment with a sticky bit that is always 0."""
    return lambda b, word, near, far: (ZERO, *rule(b, word, near, far)[1:])


def test_an_adder_without_a_sticky_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not differs("add", 3)
    monkeypatch.setattr(float_add, "_align", without_sticky(float_add._align))
    assert differs("add", 3)


def test_an_adder_with_one_guard_bit_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(float_add, "GUARD", 2)
    assert differs("add", 3)


def test_round_up_that_forgets_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = roundup._moves_up
    monkeypatch.setattr(
        roundup, "_moves_up", lambda b, bits, hot, sign, k, p, code: rule(b, bits, hot, sign, k, p, "RNA")
    )
    assert differs("multiply", 3)


def test_a_division_with_one_prime_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not differs("divide", 2)
    monkeypatch.setattr(float_divide, "primes_beyond", lambda bits: remainders.primes_beyond(bits - 7))
    assert differs("divide", 2)


def test_a_division_without_its_correction(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not differs("divide", 3, mode="RTZ")
    monkeypatch.setattr(float_divide, "increment", lambda b, word, by: Sum(word, ZERO))
    assert differs("divide", 3, mode="RTZ")  # rounding to nearest hides a quotient that is one unit too small


def test_a_sum_with_a_shorter_clip(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not differs("sum", 2, 3)
    monkeypatch.setattr(float_sum, "clip_of", lambda layout, count: layout.p)
    assert differs("sum", 2, 3)
