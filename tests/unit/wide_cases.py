"""Formats and points for tests of the wide engine, and comparisons with rationals and with the reference."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction

from oracles import tally
from oracles.integers import NAN, NEG_INF, NEG_ZERO, POS_INF, Spec, Value, as_fraction, binade

from precise.dyadic import Dyadic, Element, Special
from precise.engines import reference, wide
from precise.engines.carrier import Data, Objects, object_array, to_objects
from precise.engines.wide_numbers import mpfr_of
from precise.errors import DomainError, UnsupportedError
from precise.formats.format import Float, Format, unbounded
from precise.rounding import DETERMINISTIC, Rounder, Rounding, default_overflow

SEED = tally.seeded("wide", 20250120)
PRECISIONS = (52, 53, 64, 113, 237, 256, 1024)
MODES: dict[str, Rounding] = {mode.code: mode for mode in DETERMINISTIC}
SPECIALS = {NEG_ZERO: Special.NEG_ZERO, POS_INF: Special.POS_INF, NEG_INF: Special.NEG_INF, NAN: Special.NAN}
STRINGS = {special: text for text, special in SPECIALS.items()}

# What to vary: exponents emin..emax (None is unbounded), and the fields of a format.
KINDS: dict[str, dict[str, bool]] = {
    "IEEE": {},
    "no subnormals": {"subnormals": False},
    "papers'": {"subnormals": False, "signed_zero": False, "infinities": False, "nan": False},
    "no infinities": {"infinities": False},
    "no NaN": {"nan": False},
}


def spec_of(p: int, kind: str) -> Spec:
    """Return a format with few exponents below and above those of its subnormals, in plain numbers."""
    emin, emax = -p - 20, p + 15
    largest = (2 - Fraction(2) ** (1 - p)) * Fraction(2) ** emax
    return Spec(f"p={p} {kind}", p, emin - p + 1, largest, **KINDS[kind])


def format_of(spec: Spec) -> Format:
    """Return the package's format."""
    assert spec.p is not None
    if spec.q_min is None or spec.largest is None:
        return unbounded(spec.p)
    fields = {"infinities": spec.infinities, "nan": spec.nan, "signed_zero": spec.signed_zero}
    return Float(spec.p, spec.q_min + spec.p - 1, binade(spec.largest), subnormals=spec.subnormals, **fields)


def element(x: Value) -> Element:
    """Return a dyadic fraction or special string as a datum."""
    return SPECIALS[x] if isinstance(x, str) else Dyadic.from_fraction(Fraction(x))


def value(x: object) -> Value:
    """Return a datum as a fraction or special string."""
    return STRINGS[x] if isinstance(x, Special) else x.to_fraction()  # type: ignore[attr-defined]


def points(spec: Spec, rng: random.Random, count: int) -> list[Value]:
    """Return members, midpoints, their neighbours and specials, near both ends of the range and in the middle."""
    assert spec.p is not None
    p = spec.p
    exponents = [0, 0, 1, -1, 2, p, -p]
    if spec.q_min is not None and spec.largest is not None:
        emin, emax = spec.q_min + p - 1, binade(spec.largest)
        exponents += [
            emin - p - 1,
            emin - p,
            emin - p + 1,
            emin - 2,
            emin - 1,
            emin,
            emin,
            emax - 1,
            emax,
            emax,
            emax + 1,
        ]
    patterns = [(1 << p) - 1, 1 << p, (1 << p) + 1, (2 << p) - 1, (2 << p) + 1, (4 << p) - 1, (1 << (p - 1)) + 1, 3]
    found: list[Value] = [NEG_ZERO, POS_INF, NEG_INF, NAN, Fraction(0), Fraction(1), Fraction(-1)]
    while len(found) < count:
        c = rng.choice([*patterns, rng.getrandbits(p) | 1, rng.getrandbits(p + 1) | 1, rng.getrandbits(2 * p) | 1])
        e = rng.choice(exponents) - c.bit_length() + 1
        found.append(rng.choice((1, -1)) * c * Fraction(2) ** e)
    rng.shuffle(found)
    return found


def pairs(xs: list[Value], rng: random.Random) -> list[Value]:
    """Return partners: mostly other points, sometimes the opposite of a point, moved by a few places."""
    partners = xs[:]
    rng.shuffle(partners)
    for i in range(0, len(xs), 6):
        if not isinstance(xs[i], str):
            scale = Fraction(2) ** rng.choice((0, 0, 1, -1, -60))
            partners[i] = -as_fraction(xs[i]) * scale
    return partners


def array(xs: Sequence[Value], mixed: random.Random | None = None) -> Objects:
    """Return data as an object array: all `Dyadic` and `Special`, or some of them as MPFR numbers."""
    data = [element(x) for x in xs]
    if mixed is not None:
        return object_array((mpfr_of(x) if mixed.random() < 0.6 else x for x in data), (len(data),))
    return object_array(data, (len(data),))


def plain(fmt: Format, mode: Rounding) -> Rounder:
    """Return the rounder with the format's own overflow policy."""
    return Rounder(fmt, mode, default_overflow(fmt))


def outcome(ask: Callable[..., Data], *arguments: object) -> list[Element] | str | None:
    """Return the data of an answer, the text of a `DomainError`, or None where the engine refuses."""
    try:
        return to_objects(ask(*arguments)).ravel().tolist()  # type: ignore[no-any-return]
    except DomainError as error:
        return str(error)
    except UnsupportedError:
        return None


def agrees(request: str, *arguments: object) -> bool:
    """Return whether the wide engine served a request; assert that it then agrees with the reference."""
    ours = outcome(getattr(wide, request), *arguments)
    if ours is None:
        return False
    theirs = outcome(getattr(reference, request), *arguments)
    assert ours == theirs, f"{request} {[a for a in arguments if not hasattr(a, 'dtype')]}: {ours} is not {theirs}"
    tally.count(request, "engines", len(ours))
    return True
