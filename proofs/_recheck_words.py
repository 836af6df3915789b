"""Certificates on words: values in a finite table, Boolean formulas as words of permutations, identities of groups.

Part of `recheck.py`: standard library only, nothing of `precise`. Stand-alone use:
python _recheck_words.py CERTIFICATES.json, a list of certificates of the kinds below.
"""

from __future__ import annotations

import json
import re
import sys
from itertools import product
from pathlib import Path
from typing import Any


def require(condition: object, what: str) -> None:
    """Reject the certificate unless the condition is true."""
    if not condition:
        raise ValueError(what)


def check_words(c: dict[str, Any]) -> None:
    """Check the laws of a multiplication table, and the product of each word from left to right."""
    table, one, laws, words = c["table"], c["identity"], c["laws"], c["words"]
    size = range(len(table))
    require(len(size) and all(len(row) == len(size) and all(x in size for x in row) for row in table), "no table")
    associative = all(table[table[a][b]][d] == table[a][table[b][d]] for a, b, d in product(size, repeat=3))
    require(associative, "the table is not associative")
    require(laws in ("semigroup", "monoid", "group"), "no such laws")
    if laws == "semigroup":
        require(one is None, "a semigroup has no stated identity")
    else:
        require(one in size and all(table[one][a] == a == table[a][one] for a in size), "no identity")
    if laws == "group":
        require(all(any(table[a][b] == one == table[b][a] for b in size) for a in size), "no inverse")
    require(words, "there are no words")
    for entry in words:
        word, result = entry["word"], one
        require(word or one is not None, "an empty word has no value")
        for place, letter in enumerate(word):
            require(letter in size, "a letter is not an element")
            result = letter if place == 0 else table[result][letter]
        require(type(entry["value"]) is int and result == entry["value"], f"the value of {word} is {result}")


def truth(formula: Any, inputs: list[bool]) -> bool:
    """Return the value of a formula."""
    match formula:
        case int(i) if 0 <= i < len(inputs):
            return inputs[i]
        case ["not", a]:
            return not truth(a, inputs)
        case ["and", a, b]:
            return truth(a, inputs) and truth(b, inputs)
        case ["or", a, b]:
            return truth(a, inputs) or truth(b, inputs)
    raise ValueError(f"no formula: {formula}")


def depth(formula: Any) -> int:
    """Return the depth of a formula; negations are free."""
    match formula:
        case ["not", a]:
            return depth(a)
        case [_, a, b]:
            return 1 + max(depth(a), depth(b))
    return 0


def check_program(c: dict[str, Any]) -> None:
    """Check that a word over permutations is `accept` where the formula is true, and the identity elsewhere."""
    points, variables, accept = range(c["degree"]), c["variables"], c["accept"]
    same = list(points)
    permutations = [accept, *(x for _, *pair in c["instructions"] for x in pair)]
    require(all(sorted(x) == same for x in permutations) and accept != same, "no permutations, or accept is none")
    require(all(i in range(variables) and len(pair) == 2 for i, *pair in c["instructions"]), "no instructions")
    require(c["depth"] == depth(c["formula"]) and len(c["instructions"]) <= 4 ** c["depth"], "wrong depth or length")
    for bits in product([False, True], repeat=variables):
        result = same
        for i, if_false, if_true in c["instructions"]:
            letter = if_true if bits[i] else if_false
            result = [letter[x] for x in result]
        require(result == (accept if truth(c["formula"], list(bits)) else same), f"wrong at {bits}")


def reduced(text: str) -> list[str]:
    """Return the freely reduced word."""
    word: list[str] = []
    letters = text.split()
    for letter in [] if letters == ["1"] else letters:
        require(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*(\^-1)?", letter), f"no letter: {letter}")
        inverse = letter[:-3] if letter.endswith("^-1") else f"{letter}^-1"
        if word and word[-1] == inverse:
            word.pop()
        else:
            word.append(letter)
    return word


def check_free_identity(c: dict[str, Any]) -> None:
    """Check that both sides reduce freely to the normal form."""
    left, right = c["claim"].split("=")
    require(left.split() and right.split(), "a side is empty")
    require(reduced(left) == reduced(right) == c["normal_form"], "the sides have another normal form")


CHECKS: dict[str, Any] = {"words": check_words, "program": check_program, "free-identity": check_free_identity}

if __name__ == "__main__":
    for certificate in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")):
        CHECKS[certificate["kind"]](certificate)
        print(f"passed  {certificate['kind']}  {certificate['claim']}")
