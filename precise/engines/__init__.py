"""Engines compute the rounded semantics; they never differ in a bit. One that cannot serve a request refuses.

`dispatch` asks the engines in turn and returns the result with the name of the engine that gave it.
"""

from __future__ import annotations

from types import ModuleType
from typing import Final

from precise.engines import narrow, reference, wide
from precise.engines.carrier import Data, stored
from precise.engines.redraw import with_enough_words
from precise.errors import FormatError, UnsupportedError
from precise.formats.format import Format

ENGINES: Final[dict[str, ModuleType]] = {"narrow": narrow, "wide": wide, "reference": reference}


def dispatch(engine: str | None, request: str, arguments: tuple[object, ...], result: Format) -> tuple[Data, str]:
    """Return the answer to a request (`elementwise`, `round_array`, `reduce_sum`, ...) and the engine that
    gave it.

    Raises `UnsupportedError` when the one engine that was asked for refuses.
    """
    refusal = ""
    for name in ENGINES if engine is None else (check_engine(engine),):
        try:
            answer = with_enough_words(getattr(ENGINES[name], request), *arguments)
        except UnsupportedError as error:
            refusal = str(error)
            continue
        return stored(answer, result), name
    raise UnsupportedError(refusal)


def check_engine(name: str) -> str:
    """Return the name of an engine, or raise `FormatError`."""
    if name not in ENGINES:
        raise FormatError(f"engine: name must be one of {', '.join(ENGINES)}; got {name!r}")
    return name
