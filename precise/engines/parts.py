"""One range, several threads: the caller and idle helpers take parts of it in turn until none is left.

The caller waits only for parts that a helper has begun. So a helper that wakes late costs little, one that is busy
elsewhere costs nothing, calls may be nested, and after a fork, which leaves the helpers behind, new ones are started.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from functools import cache
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Final

Work = Callable[[int, int], int]

THREADED: Final = 1 << 17  # lanes a thread, at least: below that a second one costs more than it saves
_SMALLEST: Final = 1 << 14  # lanes of a part: below that the call costs more than the wait for another's last part


@cache
def threads() -> int:
    """Return the most threads that one call may use: the processors at hand, or fewer by `PRECISE_THREADS`."""
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    asked = os.environ.get("PRECISE_THREADS", "")
    return max(1, min(here, int(asked))) if asked.isdigit() else here


class _Job:
    """Work on a range in parts; `ended` is released when the last one is done."""

    def __init__(self, work: Work, parts: list[tuple[int, int]]) -> None:
        self.work = work
        self.left = deque(parts)
        self.unfinished = len(parts)
        self.lock, self.ended = Lock(), Lock()
        self.ended.acquire()
        self.status = 0
        self.failure: BaseException | None = None

    def take(self) -> None:
        """Work on parts until none is left."""
        while True:
            try:
                start, stop = self.left.popleft()
            except IndexError:
                return
            try:
                self._finish(self.work(start, stop) if self.failure is None else 0)
            except BaseException as failure:  # of a helper too: the caller raises it
                self.failure = failure
                self._finish(0)

    def _finish(self, status: int) -> None:
        """Count one part as done."""
        with self.lock:
            self.status |= status
            self.unfinished -= 1
            if not self.unfinished:
                self.ended.release()


class _Helpers:
    """Threads that take parts of others' jobs; they wait passively and end with the process."""

    def __init__(self) -> None:
        self.jobs: SimpleQueue[_Job] = SimpleQueue()
        self.count = 0

    def call(self, job: _Job, count: int) -> None:
        """Let up to `count` helpers take parts of the job."""
        while self.count < count:
            self.count += 1
            Thread(target=self._help, name=f"precise-{self.count}", daemon=True).start()
        for _ in range(count):
            self.jobs.put(job)

    def _help(self) -> None:
        """Help with one job after another."""
        while True:
            self.jobs.get().take()


_helpers = _Helpers()


def _renew() -> None:
    """Forget helpers that a fork has left behind."""
    global _helpers
    _helpers = _Helpers()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)


def in_parts(work: Work, size: int, least: int = THREADED, even: bool = False) -> int:
    """Return the united status of `work(start, stop)` over parts of `range(size)`, in as many threads as pay.

    `least` is the least share of a thread; `even` asks for one part a thread, for work that is dear to begin.
    Results do not depend on the parts: each lane is a function of its operands and of its index. An exception in any
    thread is raised here, once no thread works on a part any more.
    """
    count = min(threads(), size // least)
    if count < 2:
        return work(0, size)
    job = _Job(work, _cut(size, count, size // count if even else min(least, _SMALLEST)))
    _helpers.call(job, count - 1)
    job.take()
    job.ended.acquire()
    if job.failure is not None:
        raise job.failure
    return job.status


def _cut(size: int, count: int, smallest: int) -> list[tuple[int, int]]:
    """Return consecutive parts of `range(size)`: each one share in `count` of what is left, while that is enough."""
    parts, start = list[tuple[int, int]](), 0
    while start < size:
        stop = start + max(smallest, (size - start) // count)
        stop = size if size - stop < smallest else stop
        parts.append((start, stop))
        start = stop
    return parts
