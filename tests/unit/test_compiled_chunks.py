"""Long arrays in the compiled loops: chunks of every kind in turn, threads of the pool, forks, calls at once."""

from __future__ import annotations

import os
import threading
import warnings

import numpy as np
import pytest
from numpy.typing import NDArray
from unit.compiled_cases import by_numpy, same_bits, served

from precise import Float, bfloat16, binary16, paper_float, stochastic, unbounded
from precise.engines import compiled
from precise.engines.lanes import lane_rounder
from precise.formats import Format
from precise.rounding import DETERMINISTIC, RNE, Overflow, Rounder, Rounding, Underflow

pytestmark = pytest.mark.skipif(compiled.extension() is None, reason="the extension is not built")

CHUNK = 1024
MODES = [*DETERMINISTIC, stochastic(seed=9, bits=12)]
OPERATIONS = {"round": 1, "add": 2, "subtract": 2, "multiply": 2, "divide": 2, "sqrt": 1}


def chunks(fmt: Format, rng: np.random.Generator, count: int, long: bool) -> NDArray[np.float64]:
    """Return runs of chunks around one, broken by chunks with one strange number or with many."""
    assert fmt.p is not None
    x = rng.standard_normal((count, CHUNK)) + np.copysign(0.5, rng.standard_normal((count, CHUNK)))
    if not long:
        x = np.ldexp(np.rint(np.ldexp(x, fmt.p - 4)), 4 - fmt.p)
    low = fmt.emin if fmt.emin is not None else -300
    high = fmt.emax if fmt.emax is not None else 300
    strange = np.ldexp(rng.uniform(1, 2, 16), rng.integers(low - fmt.p - 2, low + 2, 16))
    great = np.ldexp(rng.uniform(1, 2, 16), rng.integers(high - 1, high + 3, 16))
    ends = np.ldexp(rng.uniform(1, 2, 16), rng.choice([1023, 1000, 960, -500, -1000, -1022], 16))
    kinds = (strange, great, np.array([0.0, -0.0]), np.array([np.inf, np.nan]), ends)
    for i in np.flatnonzero(rng.random(count) < 0.2).tolist():
        kind = kinds[rng.integers(len(kinds))] * rng.choice([-1.0, 1.0])
        where = rng.integers(0, CHUNK, rng.choice([1, 300]))
        x[i, where] = rng.choice(kind, where.size)
    return x.reshape(-1)[: count * CHUNK - 300]


@pytest.mark.parametrize("mode", DETERMINISTIC, ids=str)
def test_what_underflows_in_lanes_is_rounded_by_its_sign(mode: Rounding, instruction_set: str) -> None:
    """Products and quotients below all lanes become a zero or the least number; those of zeros stay zeros."""
    rng = np.random.default_rng(11)
    rounder, size = Rounder(Float(11, -800, 800), mode, Overflow.INFINITY), 9 * CHUNK + 5
    signs = rng.choice([-1.0, 1.0], (2, size))
    tiny, zero = rng.integers(1024, 2048, size) * signs[0], rng.random(size) < 0.1
    least, negative = 2.0**-810, signs[0] * signs[1] < 0
    away = {"RAZ": [True, True], "RTO": [True, True], "RTP": [True, False], "RTN": [False, True]}
    up = np.where(negative, *away.get(mode.code, [False, False])[::-1]) & ~zero
    expected = np.copysign(np.where(up, least, 0.0), signs[0] * signs[1])
    for op, x, y in (("multiply", -790, -700), ("multiply", -790, -245), ("divide", -790, 700), ("divide", -790, 240)):
        operands = np.where(zero, 0.0 * signs[0], np.ldexp(tiny, x)), np.ldexp(1.5 * signs[1], y)
        found = served(op, operands, rounder)
        assert found is not None and same_bits(found, expected), (op, x, y)


def test_results_begin_anywhere_in_a_line_of_the_cache(instruction_set: str) -> None:
    """Chunks are cut where the result's lines begin, and no lane is left out or written twice."""
    rng = np.random.default_rng(12)
    rounder = Rounder(binary16, RNE, Overflow.INFINITY)
    for before in range(9):
        for size in (1, 7, CHUNK - before, CHUNK + 1, 3 * CHUNK + 11):
            x, room = rng.standard_normal(size), np.full(size + 20, 7.0)
            assert compiled.elementwise("round", (x,), lane_rounder(rounder), room[before : before + size])
            assert same_bits(room[before : before + size], by_numpy("round", (x,), rounder)), (before, size)
            assert (room[:before] == 7).all() and (room[before + size :] == 7).all(), (before, size)


@pytest.mark.parametrize("long", [False, True], ids=["short", "long"])
@pytest.mark.parametrize(
    ("fmt", "overflow", "underflow"),
    [
        (binary16, Overflow.INFINITY, Underflow.ROUND),
        (binary16, Overflow.SATURATE, Underflow.FLUSH),
        (bfloat16, Overflow.NAN, Underflow.ROUND),
        (paper_float(6), Overflow.SATURATE, Underflow.ROUND),
        (unbounded(11), Overflow.INFINITY, Underflow.ROUND),
        (Float(1, -20, 20), Overflow.INFINITY, Underflow.ROUND),
        (Float(30, -200, 200), Overflow.INFINITY, Underflow.ROUND),
    ],
    ids=str,
)
def test_chunks_of_every_kind(
    fmt: Format, overflow: Overflow, underflow: Underflow, long: bool, instruction_set: str
) -> None:
    rng = np.random.default_rng(5)
    done = 0
    for mode in MODES:
        rounder = Rounder(fmt, mode, overflow, underflow)
        for op, arity in OPERATIONS.items():
            operands = tuple(chunks(fmt, rng, 25, long) for _ in range(arity))
            if op == "sqrt" and not fmt.nan:
                operands = (np.abs(operands[0]),)
            if arity == 2:  # one result below all doubles, in a chunk that is plain otherwise
                for column, size in zip(operands, (2.0**-700, 2.0**700 if op == "divide" else 2.0**-700), strict=True):
                    column[5 * CHUNK : 6 * CHUNK] = 1.5
                    column[5 * CHUNK + 7 : 5 * CHUNK + 9] = size, -size
            expected, found = by_numpy(op, operands, rounder), served(op, operands, rounder)
            if found is not None and not isinstance(expected, type):
                done += 1
                assert same_bits(found, expected), (op, mode)
    assert done >= (40 if fmt.infinities and fmt.q_min is not None else 4)


def test_a_chunk_of_short_operands_after_one_of_long_ones(instruction_set: str) -> None:
    """Each kind of loop has the machine's rounding that it asks for, whichever came before."""
    rng = np.random.default_rng(8)
    significands = rng.integers(1024, 2048, (2, 3, CHUNK)) * rng.choice([-1.0, 1.0], (2, 3, CHUNK))
    exponents = rng.integers(-16, 6, (2, 3, CHUNK)) - 10
    x, y = np.ldexp(significands, exponents)
    x[0], y[0] = rng.uniform(1, 2, (2, CHUNK))  # long, with normal results; the others' are subnormal and too large too
    x[1, 0] = y[1, 0] = 40000.0
    for mode in DETERMINISTIC:
        rounder = Rounder(binary16, mode, Overflow.INFINITY)
        for op in ("add", "multiply", "divide"):
            operands = x.reshape(-1), y.reshape(-1)
            found = served(op, operands, rounder)
            assert found is not None and same_bits(found, by_numpy(op, operands, rounder)), (op, mode)


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_threads_change_no_bit(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((2, 1_200_003))
    for mode in (RNE, stochastic(seed=2)):
        rounder = Rounder(bfloat16, mode, Overflow.INFINITY)
        monkeypatch.setattr(compiled, "threads", lambda: 1)
        alone = served("add", (x, y), rounder)
        monkeypatch.setattr(compiled, "threads", lambda: threads)
        for size in (131_071, 131_072, 400_000, 1_200_003):
            for _ in range(5):
                found = served("add", (x[:size], y[:size]), rounder)
                assert found is not None
                assert alone is not None
                assert same_bits(found, alone[:size])


def test_what_one_thread_cannot_serve_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "threads", lambda: 3)
    rounder = Rounder(binary16, RNE, Overflow.ERROR)
    x = np.ones(600_000)
    assert served("round", (x,), rounder) is not None
    for i in (0, 299_999, 599_999):
        x[i] = 1e6
        assert served("round", (x,), rounder) is None
        x[i] = 1


def test_calls_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "threads", lambda: 3)
    rounder = Rounder(bfloat16, RNE, Overflow.INFINITY)
    failures = []

    def work(seed: int) -> None:
        x = np.random.default_rng(seed).standard_normal(300_000)
        expected = served("round", (x[:100_000],), rounder)
        for _ in range(60):
            found = served("round", (x,), rounder)
            if found is None or expected is None or not same_bits(found[:100_000], expected):
                failures.append(seed)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_the_rounding_of_the_machine_is_given_back() -> None:
    x = np.linspace(-3, 3, 5000)
    tiny = np.full(3, 2.0**-60)
    for mode in DETERMINISTIC:
        rounder = Rounder(binary16, mode, Overflow.INFINITY)
        for special in (1.0, 1e9, 1e-9, np.inf, np.nan):
            x[2000] = special
            served("multiply", (x, x), rounder)
            assert (1.0 + tiny == 1.0).all()
            assert (-1.0 - tiny == -1.0).all()
            assert (1.0 - tiny == 1.0).all()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_has_helpers_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "threads", lambda: 3)
    rounder = Rounder(bfloat16, RNE, Overflow.INFINITY)
    x = np.random.default_rng(4).standard_normal(400_000)
    expected = served("round", (x,), rounder)
    assert expected is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads and fork, Python 3.12: that is what we test
        child = os.fork()
    if child == 0:
        status = 99
        try:
            found = served("round", (x,), rounder)
            status = 5 if found is not None and same_bits(found, expected) else 6
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 5
