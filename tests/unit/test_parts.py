"""Parts of a range in several threads: each lane once, every status, failures, forks."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import warnings

import pytest

from precise.engines import parts


@pytest.fixture
def four_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each call use four threads, whatever the machine has."""
    monkeypatch.setattr(parts, "threads", lambda: 4)


@pytest.mark.parametrize("even", [False, True])
@pytest.mark.parametrize("size", [0, 1, 2, 7, 40, 41, 1000, 65_537, 1_000_003])
def test_every_lane_once_and_every_status(size: int, even: bool, four_threads: None) -> None:
    def work(start: int, stop: int) -> int:
        assert 0 <= start <= stop <= size
        covered.append((start, stop))
        return 1 << (start % 7)

    covered: list[tuple[int, int]] = []
    status = parts.in_parts(work, size, 10, even)
    covered.sort()
    assert [a for a, _ in covered] == [0, *(b for _, b in covered[:-1])]
    assert covered[-1][1] == size
    united = 0
    for start, _ in covered:
        united |= 1 << (start % 7)
    assert status == united
    if even:
        assert len(covered) <= max(1, min(4, size // 10) + 1)


def test_helpers_take_parts(four_threads: None) -> None:
    both = threading.Barrier(2, timeout=30)

    def work(start: int, stop: int) -> int:
        if start < 2:
            both.wait()  # passes only if two threads are at work at once
        return 0

    assert parts.in_parts(work, 4, 1, even=True) == 0


def test_the_caller_waits_for_parts_that_helpers_have_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "threads", lambda: 2)
    both, late, done = threading.Barrier(2, timeout=30), threading.Event(), list[int]()

    def work(start: int, stop: int) -> int:
        both.wait()
        if threading.current_thread() is threading.main_thread():
            threading.Timer(0.1, late.set).start()
        else:
            assert late.wait(30)
        done.append(start)
        return 0

    parts.in_parts(work, 2, 1, even=True)
    assert sorted(done) == [0, 1]


def test_calls_may_be_nested(four_threads: None) -> None:
    def inner(start: int, stop: int) -> int:
        return 2

    def outer(start: int, stop: int) -> int:
        return 1 | parts.in_parts(inner, 100, 10)

    assert parts.in_parts(outer, 100, 10) == 3


@pytest.mark.parametrize("even", [False, True])
def test_a_failure_anywhere_is_raised_when_all_are_done(even: bool, four_threads: None) -> None:
    running = threading.Semaphore(0)
    begun = []

    def work(start: int, stop: int) -> int:
        begun.append(start)
        if start:
            raise ValueError("lane 1")
        running.release()
        return 0

    with pytest.raises(ValueError, match="lane 1"):
        parts.in_parts(work, 400, 100, even)
    assert running.acquire(timeout=30)  # the part of the caller was done too
    assert parts.in_parts(lambda start, stop: 4, 400, 100, even) == 4  # the helpers live on


def test_one_thread_calls_the_work_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "threads", lambda: 1)
    here = threading.get_ident()
    assert parts.in_parts(lambda start, stop: int((start, stop, threading.get_ident()) == (0, 50, here)), 50, 1) == 1


@pytest.mark.parametrize(("asked", "most"), [("1", 1), ("0", 1), ("", None), ("many", None), ("100000", None)])
def test_threads_are_those_at_hand_or_fewer(asked: str, most: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRECISE_THREADS", asked)
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    assert parts.threads.__wrapped__() == (most or here)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_has_helpers_of_its_own(four_threads: None) -> None:
    assert parts.in_parts(lambda start, stop: 1, 400, 100) == 1  # helpers are at work here
    both = threading.Barrier(2, timeout=30)

    def together(start: int, stop: int) -> int:
        if start < 2:
            both.wait()
        return 5

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads and fork, Python 3.12: that is what we test
        child = os.fork()
    if child == 0:
        status = 99
        try:
            status = parts.in_parts(together, 4, 1, even=True)
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 5


def test_helpers_do_not_keep_the_process_alive() -> None:
    program = (
        "from precise.engines import parts\n"
        "parts.threads = lambda: 4\n"
        "print(parts.in_parts(lambda start, stop: 3, 400, 100))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "3\n"
