"""Accumulation written as text: what `str` of an `Accumulate` prints, and shorter forms of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from precise.accumulation import (
    Accumulate,
    BlockedSum,
    Kahan,
    Neumaier,
    Pairwise,
    Products,
    Promoted,
    Sequential,
    SplitK,
    TensorCore,
    exact_products,
    exact_then_round,
)
from precise.errors import FormatError
from precise.formats import Format, parse_format
from precise.rounding import Rounding, parse_rounding

#: What `parse_accumulate` reads, for help texts and messages.
FORMS: Final = (
    "exact, exact-products, sequential, fma, pairwise, blocked(b), promoted(b, ORDER), split(s), kahan, neumaier, "
    "tensor-core(k, bits)"
)

_LONGEST: Final = 500  # characters; more is taken for a slip of the pen

_PLAIN: Final[dict[str, Accumulate]] = {
    "exact": exact_then_round,
    "exact-products": exact_products,
    "sequential": Sequential(),
    "fma": Sequential(products="exact"),
    "pairwise": Pairwise(),
    "kahan": Kahan(),
    "neumaier": Neumaier(),
}


def parse_accumulate(text: Accumulate | str) -> Accumulate:
    """Return the accumulation that `text` names; an `Accumulate` returns itself.

    Special cases
    -------------
    `ORDER [in FORMAT] [ROUNDING] [, products exact|rounded [in FORMAT] [ROUNDING]]`, where ORDER is one of `exact`,
    `exact-products`, `sequential`, `fma`, `pairwise`, `blocked(b)`, `promoted(b, ORDER ...)`, `split(s)`, `kahan`,
    `neumaier`, `tensor-core(k, bits)`, `tensor-core(k, bits, ROUNDING)`. Products are rounded where nothing is said,
    exact for `fma`, `exact-products` and tensor cores. `parse_accumulate(str(a)) == a`.

    Examples
    --------
    >>> print(parse_accumulate("blocked(32) in fp32"))
    blocked(32) in binary32, products rounded
    """
    if isinstance(text, Accumulate):
        return text
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise FormatError(f"accumulate: order must be one of {FORMS}; got {str(text)[:_LONGEST]!r}")
    clauses = _parts(text, ",")
    how = _sums(clauses[0], text)
    if len(clauses) == 1:
        return how
    words = list(_parts(clauses[1], " "))
    if len(clauses) > 2 or words[:1] != ["products"] or len(words) < 2 or words[1] not in ("exact", "rounded"):
        raise FormatError(f"accumulate: after the order must come: products exact or products rounded; got {text!r}")
    fmt, rounding = _where(words[2:], text)
    products: Products = "exact" if words[1] == "exact" else "rounded"
    return replace(how, products=products, product_format=fmt, product_rounding=rounding)


def _parts(text: str, separator: str) -> list[str]:
    """Return the parts between separators that stand outside all parentheses, stripped; empty words are dropped."""
    depth, parts = 0, [""]
    for c in text:
        depth += (c == "(") - (c == ")")
        if c == separator and depth == 0:
            parts.append("")
        else:
            parts[-1] += c
    stripped = [p.strip() for p in parts]
    return [p for p in stripped if p] if separator == " " else stripped


def _sums(clause: str, text: str) -> Accumulate:
    """Return the accumulation of `ORDER [in FORMAT] [ROUNDING]`."""
    words = _parts(_joined(clause), " ")
    if not words:
        raise FormatError(f"accumulate: order must be one of {FORMS}; got {text!r}")
    how = _order(words[0], text)
    fmt, rounding = _where(words[1:], text)
    return replace(how, format=fmt, rounding=rounding)


def _joined(clause: str) -> str:
    """Return the clause without blanks between a name and its parenthesis."""
    return "(".join(part.rstrip() for part in clause.split("("))


def _where(words: list[str], text: str) -> tuple[Format | None, Rounding | None]:
    """Return the format and the rounding of `[in FORMAT] [ROUNDING]`."""
    fmt = None
    if words[:1] == ["in"] and len(words) > 1:
        fmt, words = parse_format(words[1]), words[2:]
    if len(words) > 1:
        raise FormatError(f"accumulate: text must read ORDER in FORMAT ROUNDING, products ...; got {text!r}")
    return fmt, parse_rounding(words[0]) if words else None


def _order(word: str, text: str) -> Accumulate:
    """Return the accumulation of `name` or `name(arguments)`."""
    name, parenthesis, rest = word.partition("(")
    name = name.strip().lower()
    if not parenthesis and name in _PLAIN:
        return _PLAIN[name]
    if name not in _CALLS or not rest.endswith(")"):
        raise FormatError(f"accumulate: order must be one of {FORMS}; got {text!r}")
    return _CALLS[name](_parts(rest[:-1], ","), text)


def _numbers(arguments: list[str], count: int, text: str) -> list[int]:
    """Return the arguments, which must be `count` integers."""
    if len(arguments) != count or not all(a.isascii() and a.isdigit() and len(a) < 18 for a in arguments):
        raise FormatError(f"accumulate: order must be one of {FORMS}, with integers b, s, k, bits; got {text!r}")
    return [int(a) for a in arguments]


def _promoted(arguments: list[str], text: str) -> Accumulate:
    """Return the accumulation of `promoted(b, ORDER ...)`."""
    (size,) = _numbers(arguments[:1], 1, text)
    if len(arguments) != 2:
        raise FormatError(f"accumulate: promoted must be written promoted(b, ORDER); got {text!r}")
    return Promoted(size, _sums(arguments[1], text))


def _tensor_core(arguments: list[str], text: str) -> Accumulate:
    """Return the accumulation of `tensor-core(k, bits)` or `tensor-core(k, bits, ROUNDING)`."""
    size, bits = _numbers(arguments[:2], 2, text)
    if len(arguments) > 3:
        raise FormatError(f"accumulate: tensor-core must be written tensor-core(k, bits, ROUNDING); got {text!r}")
    if len(arguments) == 2:
        return TensorCore(size, bits)
    return TensorCore(size, bits, align=parse_rounding(arguments[2]))


_CALLS: Final[dict[str, Callable[[list[str], str], Accumulate]]] = {
    "blocked": lambda arguments, text: BlockedSum(_numbers(arguments, 1, text)[0]),
    "promoted": _promoted,
    "split": lambda arguments, text: SplitK(_numbers(arguments, 1, text)[0]),
    "tensor-core": _tensor_core,
}
