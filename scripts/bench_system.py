"""Rows about the machine: two threads beside one, and the memory of one operation."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from bench_measure import Contender, Inputs, NotOfferedError, Row, Work
from bench_narrow import normal, positive, two_normal
from bench_peers import held, shared

import precise
from precise import Rounding, rounded

THREAD_BAR, MEMORY_BAR = 1 / 1.6, 64.0
BARE = {"copy": lambda x, y: np.copyto(y, x), "add": np.add, "sqrt": np.sqrt, "sin": np.sin}
THREADED = ("round", "add", "divide", "sqrt", "exp")
MEASURED = ("round", "add", "divide", "sqrt", "exp", "sum")


def inputs_of(operation: str) -> Callable[[int], Inputs]:
    """Return a maker of inputs for an operation."""
    if operation in ("add", "divide"):
        return two_normal
    return normal if operation == "round" else positive


def shared_inputs(operation: str, parts: int) -> Callable[[int], Inputs]:
    """Return a maker of inputs in so many parts, all of the first operand first."""

    def make(size: int) -> Inputs:
        columns = [part for x in inputs_of(operation)(size) for part in np.array_split(x, parts)]
        return tuple(columns) if operation == "round" else shared(rounded(precise.binary16), columns)

    return make


def whole(operation: str, threads: int) -> Callable[[Inputs], Work]:
    """Return an operation with so many threads of our own."""

    def start(inputs: Inputs) -> Work:
        switch = own_threads()
        xp = rounded(precise.binary16)
        mine = inputs if operation == "round" else held(xp, inputs)
        function = xp.asarray if operation == "round" else getattr(xp, operation)

        def work() -> object:
            switch(threads)
            try:
                return function(*mine)
            finally:
                switch(1)

        return work

    return start


def own_threads() -> Callable[[int], None]:
    """Return the switch of the compiled loops' threads."""
    compiled, parts = (importlib.import_module(f"precise.engines.{name}") for name in ("compiled", "parts"))
    if compiled.extension() is None:
        raise NotOfferedError("no compiled loops here, and NumPy has one thread")

    def switch(threads: int) -> None:
        os.environ["PRECISE_THREADS"] = str(threads)
        parts.threads.cache_clear()

    return switch


def halves(operation: str, threads: int) -> Callable[[Inputs], Work]:
    """Return an operation on two halves of the data, alternating in `inputs`, in one or two threads of the caller's."""

    def start(inputs: Inputs) -> Work:
        xp = rounded(precise.binary16)
        mine = inputs if operation == "round" else held(xp, inputs)
        parts = [mine[0::2], mine[1::2]]
        function = xp.asarray if operation == "round" else getattr(xp, operation)
        pool = ThreadPoolExecutor(threads)
        return lambda: list(pool.map(lambda part: function(*part), parts))

    return start


def bare(operation: str, threads: int) -> Callable[[Inputs], Work]:
    """Return NumPy's operation on as many parts, each in a thread: what the machine gives to any program.

    The last array is the result's.
    """

    def start(inputs: Inputs) -> Work:
        parts = list(zip(*(np.array_split(x, threads) for x in inputs), strict=True))
        pool = ThreadPoolExecutor(threads)
        return lambda: list(pool.map(lambda part: BARE[operation](*part), parts))

    return start


def bare_rows() -> list[Row]:
    """Return rows that are none of ours.

    Where two threads of plain NumPy gain little in its sine, which needs no memory to speak of, the machine was busy,
    and our rows beside it say as much about its other work as about ours. An operation that keeps up with the memory
    gains no more than its copy.
    """
    rows = []
    for operation in BARE:
        pair = [Contender(f"{n} threads", kind, bare(operation, n)) for n, kind in ((2, "ours"), (1, "limit"))]
        key, make = f"threads NumPy's own {operation} 1e6", inputs_of(operation)
        with_result = lambda size, make=make: (*make(size), np.empty(size))  # noqa: E731
        rows.append(Row(key, lambda pair=pair: pair, with_result, (1_000_000,), None, clock=time.perf_counter))
    return rows


def thread_rows() -> list[Row]:
    """Return operations on 10**6 elements with two threads; the limit is one thread."""
    rows = bare_rows()
    for operation in THREADED:
        own = [Contender("2 threads", "ours", whole(operation, 2)), Contender("1 thread", "limit", whole(operation, 1))]
        caller = [Contender("2 threads", "ours", halves(operation, 2))]
        caller.append(Contender("1 thread", "limit", halves(operation, 1)))
        for parts, name, pair in ((1, "own", own), (2, "caller's", caller)):
            make = shared_inputs(operation, parts)
            key = f"threads {operation} p=11 1e6 {name}"
            rows.append(Row(key, lambda pair=pair: pair, make, (1_000_000,), THREAD_BAR, clock=time.perf_counter))
    return rows


def rows() -> list[Row]:
    """Return all timed rows of this module."""
    return thread_rows()


@dataclass(frozen=True)
class Memory:
    """The memory of one operation, in MiB, beyond its inputs and its output."""

    key: str
    resident: float | None  # None where the system does not say
    traced: float | None
    note: str = ""


CHILD = """
import json, sys, tracemalloc
import numpy as np
sys.path[:0] = json.loads(sys.argv[1])
from bench_system import held_and_work, peak_resident, resident
operation, size, traced = sys.argv[2], int(sys.argv[3]), sys.argv[4] == "traced"
held, work = held_and_work(operation, 1000)
work()  # what is loaded once
held, work = held_and_work(operation, size)
if traced:
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    result = work()
    peak = tracemalloc.get_traced_memory()[1]
else:
    before = resident()
    result = work()
    peak = peak_resident()
output = 8 * int(np.prod(result.shape))
print(json.dumps((peak - before - output) / 2**20))
"""


def held_and_work(operation: str, size: int) -> tuple[Inputs, Work]:
    """Return an operation's inputs in bfloat16, and the work."""
    xp = rounded(precise.bfloat16, Rounding("RNE"))
    inputs = inputs_of(operation)(size)
    held = inputs if operation == "round" else tuple(xp.asarray(x) for x in inputs)
    function = xp.asarray if operation == "round" else getattr(xp, operation)
    return held, lambda: function(*held)


def resident() -> int:
    """Return the resident bytes now, with the peak reset to them."""
    with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
        file.write("5")
    return status("VmRSS")


def peak_resident() -> int:
    """Return the peak of resident bytes since the reset."""
    return status("VmHWM")


def status(field: str) -> int:
    """Return one size of this process in bytes, on Linux."""
    with open("/proc/self/status", encoding="ascii") as file:
        return next(1024 * int(line.split()[1]) for line in file if line.startswith(field))


def child(operation: str, size: int, how: str) -> tuple[float | None, str]:
    """Return what a fresh process measured, or why it did not."""
    command = [sys.executable, "-c", CHILD, json.dumps(sys.path), operation, str(size), how]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    if done.returncode:
        return None, (done.stderr.strip().splitlines() or ["no answer"])[-1]
    return float(done.stdout), ""


def memory(operation: str, size: int) -> Memory:
    """Return the memory of one operation, by the system and by Python's allocators."""
    by_system, why = child(operation, size, "resident")
    traced, also = child(operation, size, "traced")
    return Memory(memory_key(operation), by_system, traced, why or also)


def memory_key(operation: str) -> str:
    """Return the name of an operation's memory."""
    return f"memory {operation} 1e7"
