"""More random words for stochastic rounding with exact probability, where the words so far leave a result open.

An element is left open with probability 2**-64 or less. The whole request is then repeated with twice the words. A
decision does not change when more words are read, so no result depends on the repetition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import TypeVar

from precise.modes import Rounding
from precise.policy import Accumulate
from precise.rounding import Rounder
from precise.stochastic import UndecidedDrawError

T = TypeVar("T")


def with_enough_words(ask: Callable[..., T], *arguments: object) -> T:
    """Return `ask(*arguments)`, repeated with twice the words in every rounding among the arguments until it decides.

    Ends with `UndecidedError` where a rounding has reached its most words, or none draws.
    """
    while True:
        try:
            return ask(*arguments)
        except UndecidedDrawError:
            wider = tuple(_widened(x) for x in arguments)
            if all(x is y for x, y in zip(arguments, wider, strict=True)):
                raise  # none of the arguments draws
            arguments = wider


def _widened(x: object) -> object:
    """Return an argument with twice the words in the roundings that it carries."""
    if isinstance(x, Rounding):
        return x.widened()
    if isinstance(x, Rounder | Accumulate):
        wider = replace(x, **{f.name: _widened(getattr(x, f.name)) for f in fields(x)})  # type: ignore[arg-type]
        return x if wider == x else wider
    return x
