"""Identities of words that hold in every group, by free reduction.

An identity is text: ``q h h^-1 = q``, with 1 for the empty word. Both sides have the same freely reduced form
exactly if the identity holds in every group. It then holds in every monoid too in which the letters that occur
with ^-1 are units, since a reduction only drops neighbours x x^-1 and x^-1 x.
"""

from __future__ import annotations

import re
from itertools import product

from precise.claims import Certificate, Counterexample, Evidence, Kind, Scope
from precise.errors import DomainError, UndecidedError
from proofs._groups import Group, alternating, symmetric
from proofs._words_evidence import PRODUCER, Outcome, all_of

LETTER = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\^-1)?")


def letters(side: str) -> list[str]:
    """Return the letters of one side."""
    found = [] if side.strip() == "1" else side.split()
    if not side.strip() or not all(LETTER.fullmatch(letter) for letter in found):
        raise DomainError(f"free identity: a side must be letters with blanks, or 1; got {side!r}")
    return found


def inverse(letter: str) -> str:
    """Return the inverse of a letter."""
    return letter.removesuffix("^-1") if letter.endswith("^-1") else f"{letter}^-1"


def reduced(word: list[str]) -> list[str]:
    """Return the freely reduced word."""
    kept: list[str] = []
    for letter in word:
        if kept and kept[-1] == inverse(letter):
            kept.pop()
        else:
            kept.append(letter)
    return kept


def sides(claim: str) -> tuple[list[str], list[str]]:
    """Return the letters of both sides."""
    left, _, right = claim.partition("=")
    return letters(left), letters(right)


def free_identity(claim: str) -> Outcome:
    """Return the normal form that both sides have, or a group in which they differ."""
    left, right = sides(claim)
    if reduced(left) != reduced(right):
        return failure(claim)
    certificate = Certificate({"kind": "free-identity", "claim": claim, "normal_form": list(reduced(left))})
    return Evidence(
        kind=Kind.CERTIFICATE,
        scope=Scope.without_p(),
        cases=1,
        producer=PRODUCER,
        certificates=(certificate,),
        note=f"in every group: {claim}",
    )


def free_identities(*claims: str) -> Outcome:
    """Return the evidence of several identities that are needed together, or the first that fails."""
    return all_of((free_identity(claim) for claim in claims), note="in every group: " + "; ".join(claims))


def failure(claim: str) -> Counterexample:
    """Return elements of S_3, or of A_5, at which the sides differ."""
    left, right = sides(claim)
    names = sorted({letter.removesuffix("^-1") for letter in [*left, *right]})
    for group in (symmetric(3), alternating(5)):
        for elements in product(range(min(group.order, 12)), repeat=len(names)):
            at = dict(zip(names, elements, strict=True))
            got, want = at_elements(group, left, at), at_elements(group, right, at)
            if got != want:
                return Counterexample(
                    values={**{k: str(group.permutations[a]) for k, a in at.items()}, "left": got, "right": want},
                    refutes="left != right",
                    lines=(f"{claim} is false in {group.name}",),
                    order="S_3, then A_5; elements in the order of their least words",
                )
    raise UndecidedError(f"free identity: no elements of S_3 or A_5 refute {claim}")


def at_elements(group: Group, word: list[str], at: dict[str, int]) -> str:
    """Return the value of a word at elements of a group, as a permutation."""
    value = group.value(group.inverses[at[x[:-3]]] if x.endswith("^-1") else at[x] for x in word)
    return str(group.permutations[value])
