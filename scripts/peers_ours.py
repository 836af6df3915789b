"""Our answers to tests/vectors/peers.toml, and what the package says of itself; no other package is needed."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from pathlib import Path
from typing import get_args

import numpy as np
from oracles import vectors
from oracles.floats import as_value
from oracles.integers import Value

from precise import Dyadic, Format, Special, parse_format, round_to, rounded, stochastic
from precise.engines import ENGINES
from precise.formats import NAMED
from precise.modes import DETERMINISTIC
from precise.policy import Order
from precise.semantics.blocks import quantize_blocks
from precise.semantics.rounded import Rounded

VECTORS = Path(__file__).resolve().parent.parent / "tests" / "vectors" / "peers.toml"
Row = dict[str, object]
SPECIALS = {"+inf": Special.POS_INF, "-inf": Special.NEG_INF, "nan": Special.NAN, "-0": Special.NEG_ZERO}
DRAWS, BLOCK = 20_000, 32
SPELLED = {"float(4,-6,7)": "float8_e4m3"}
KINDS = {
    "round": "rounding",
    "operation": "operations",
    "wide": "binary128 functions",
    "probability": "stochastic rounding, probability of the upper neighbour",
    "sum": "sums",
    "block": "blocks, first two elements",
}


def read() -> dict[str, list[Row]]:
    """Return the vectors."""
    return tomllib.loads(VECTORS.read_text(encoding="utf-8"))


def format_of(row: Row) -> Format:
    """Return the format of a row."""
    return parse_format(name_of(row))


def name_of(row: Row) -> str:
    """Return the format's name; a vector file may spell out its numbers."""
    return SPELLED.get(str(row["format"]), str(row["format"]))


def given(text: str) -> Dyadic | Special | Fraction:
    """Return a number of a vector file as something that we round."""
    value = vectors.number(text)
    return SPECIALS[value] if isinstance(value, str) else value


def value_of(element: object) -> Value:
    """Return an element as a fraction or the name of a special."""
    if isinstance(element, Special):
        return next(text for text, special in SPECIALS.items() if special is element)
    assert isinstance(element, Dyadic)
    return element.to_fraction()


def arguments(row: Row) -> list[str]:
    """Return the inputs of a row as text."""
    x = row.get("x", row.get("terms"))
    return [x] if isinstance(x, str) else list(x)


def round_answer(row: Row) -> Value:
    """Return the number rounded."""
    return value_of(round_to(given(arguments(row)[0]), format=format_of(row), rounding=row["mode"]))


def operation_answer(row: Row) -> Value:
    """Return the operation's result."""
    xp = rounded(format_of(row), row["mode"])
    return value_of(getattr(xp, row["name"])(*(xp.asarray([given(x)]) for x in arguments(row))).elements()[0])


def probability_answer(row: Row) -> Fraction:
    """Return the share of elements that went up, of many equal ones."""
    xp = rounded(format_of(row), stochastic(seed=1))
    x = xp.asarray(np.full(DRAWS, float(vectors.number(arguments(row)[0]))))
    return Fraction(int(np.count_nonzero(x.to_float64())), DRAWS)


def sum_answer(row: Row) -> Value:
    """Return a sum in the row's order."""
    xp = rounded(format_of(row), row["mode"], accumulate=row["order"])
    terms = [given(t) for t, n in zip(row["terms"], row["counts"], strict=True) for _ in range(n)]
    return value_of(xp.sum(xp.asarray(terms)).item())


def block_answer(row: Row) -> list[Value]:
    """Return the first elements of a block, read back."""
    x = [float(vectors.number(t)) for t in arguments(row)]
    found = quantize_blocks(x + [0.0] * (BLOCK - len(x)), row["name"]).dequantize()
    return [as_value(v) for v in found[: len(x)].tolist()]


ANSWER = {
    "round": round_answer,
    "operation": operation_answer,
    "wide": operation_answer,
    "probability": probability_answer,
    "sum": sum_answer,
    "block": block_answer,
}


def right_answer(row: Row) -> list[Value]:
    """Return what is right, as the vector file has it."""
    right = row["right"]
    return [vectors.number(t) for t in ([right] if isinstance(right, str) else right)]


def is_right(kind: str, ours: list[Value], right: list[Value]) -> bool:
    """Return whether our answer is right; a share may lie four standard deviations from its probability."""
    if kind != "probability":
        return ours == right
    share, p = Fraction(ours[0]), Fraction(right[0])
    return (share - p) ** 2 <= 16 * p * (1 - p) / DRAWS


def text_of(value: Value) -> str:
    """Return a number as a short decimal, else in hexadecimal, exactly."""
    if isinstance(value, str):
        return value
    if value.denominator.bit_length() + value.numerator.bit_length() < 24:
        decimal = repr(float(value))
        if "e" not in decimal and len(decimal) <= 14:
            return decimal.removesuffix(".0")
    n, d = abs(value.numerator), value.denominator
    twos = (n & -n).bit_length() - 1
    c, q = n >> twos, twos - (d.bit_length() - 1)
    digits = c.bit_length() - 1
    shift = -digits % 4
    fraction = f"{(c << shift) - (1 << (digits + shift)):0{(digits + shift) // 4}x}" if digits else ""
    return f"{'-' if value < 0 else ''}0x1{'.' + fraction if fraction else ''}p{q + digits:+d}"


def share_text(value: Value) -> str:
    """Return a probability with four digits."""
    return f"{float(value):.4g}"


def shown_list(kind: str, values: list[Value]) -> str:
    """Return an answer as text."""
    return ", ".join((share_text if kind == "probability" else text_of)(v) for v in values)


def question(kind: str, row: Row) -> str:
    """Return the input of a row as text."""
    where = f"{name_of(row) if 'format' in row else row['name']} {row.get('mode', '')}".strip()
    if kind == "sum":
        terms = ", ".join(f"{n} x {t}" for t, n in zip(row["terms"], row["counts"], strict=True))
        return f"{where}: {row['order']} sum of {terms}"
    name = row["name"] if kind in ("operation", "wide") else ""
    return f"{where}: {name}({', '.join(arguments(row))})" if name else f"{where}: {', '.join(arguments(row))}"


def operations() -> list[str]:
    """Return the names of the operations on numbers, in the order of the classes that define them."""
    home = Rounded.__module__.rpartition(".")[0]
    classes = [c for c in Rounded.__mro__ if c.__module__.startswith(home) and c.__module__ not in NO_ARITHMETIC]
    names = [name for c in classes for name in vars(c) if not name.startswith("_")]
    return [name for name in dict.fromkeys(names) if name not in OF_TRUTH]


def features() -> list[tuple[str, str]]:
    """Return what the package offers, read from the package."""
    return [
        ("formats by name", ", ".join(f"`{name}`" for name in NAMED)),
        ("modes", " ".join(str(m) for m in DETERMINISTIC) + " SR"),
        ("operations, exact or rounded once", ", ".join(f"`{name}`" for name in operations())),
        ("orders of accumulation", ", ".join(f"`{order}`" for order in get_args(Order))),
        ("engines, which give the same bits", ", ".join(f"`{name}`" for name in ENGINES)),
    ]


NO_ARITHMETIC = {f"precise.semantics.{room}" for room in ("rounded", "namespace", "shapes", "base")}
OF_TRUTH = {"logical_not", "logical_and", "logical_or", "any", "all"}
