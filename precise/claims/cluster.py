"""A Dask cluster as an executor, for sweeps that one machine is too small for."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from urllib.parse import urlsplit

from precise.errors import DomainError, UnsupportedError

EXTRA = "pip install 'precise-pbit[distributed]'"
SECONDS = 10
"""How long to wait for the scheduler."""


@contextmanager
def dask_executor(address: str) -> Iterator[Executor]:
    """Yield an executor over the workers of a Dask scheduler, each of which has the same files installed.

    Parameters
    ----------
    address
        Where the scheduler listens: ``tcp://host:8786``.
    """
    try:
        from distributed import Client
    except ImportError:
        raise UnsupportedError(f"verify: --dask needs the package distributed; {EXTRA}") from None
    try:
        knock(address)
        client = Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DomainError(f"verify: --dask must be the address of a scheduler; got {address!r} ({reason})") from None
    with client:
        # Each task runs, even if the same one was sent before by another run.
        yield client.get_executor(pure=False)


def knock(address: str) -> None:
    """Raise an `OSError` or `ValueError` where nobody listens, before a client begins to wait in the background."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    if parts.hostname is None or parts.port is None:
        raise ValueError("it must name a host and a port: tcp://host:8786")
    socket.create_connection((parts.hostname, parts.port), timeout=SECONDS).close()
