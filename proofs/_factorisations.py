"""Fixed membership by a search for cut positions: a second reading of the definition, without an automaton."""

from __future__ import annotations

from proofs._all_words import Word
from proofs._omega_words import closure, value
from proofs._semigroups import Pair, Table


def member_by_cuts(table: Table, pair: Pair, u: Word, v: Word) -> bool:
    """Return whether u v^omega can be cut into one word of value s and infinitely many of value e.

    Positions behind u are counted modulo |v|. A block between two of them that is longer than (|S| + 1) |v| has the
    value of a shorter one, since the powers of h(v) repeat, so longer blocks need not be tried.
    """
    s, e = pair
    longest = (len(table) + 1) * len(v)
    letters = u + v * (2 * len(table) + 6)

    def place(position: int) -> int:
        behind = position - len(u)
        return position if behind < 0 else len(u) + behind % len(v)

    def ends(start: int, wanted: int) -> set[int]:
        most = (len(u) - start if start < len(u) else 0) + longest
        return {place(start + k) for k in range(1, most + 1) if value(table, letters[start : start + k]) == wanted}

    blocks = {start: ends(start, e) for start in range(len(u) + len(v))}
    cuts = closure(ends(0, s), lambda start: blocks[start])
    return any(start in closure(blocks[start], lambda k: blocks[k]) for start in cuts)
