"""Records that are stored as JSON come back exactly as they were."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from precise.claims import Certificate, Counterexample, Evidence, Kind, Scope, Tier, Verdict
from precise.claims.evidence import CLASSICAL_AXIOMS
from precise.claims.findings import MutantRecord, PieceRecord
from precise.claims.jsontype import Json
from precise.claims.stored import piece_from_json, piece_to_json
from precise.claims.verdict import strongest

WORDS = st.text(max_size=12)
NAMES = st.text(min_size=1, max_size=12).filter(str.strip)
SCOPES = st.builds(
    Scope,
    listed=st.lists(st.integers(1, 99), max_size=4).map(tuple),
    tail=st.none() | st.integers(1, 99),
    conditions=st.lists(NAMES, max_size=2).map(tuple),
    about_p=st.booleans(),
)
JSON: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**50), 10**50) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
CERTIFICATES = st.builds(
    lambda data, kind, claim: Certificate({**data, "kind": kind, "claim": claim}),
    st.dictionaries(WORDS, JSON, max_size=3),
    WORDS,
    WORDS,
)
EXACT = st.integers() | st.fractions() | WORDS | st.just(Fraction(7)) | st.just(3 * 2**50_000 + 1)


@st.composite
def evidence(draw: st.DrawFn) -> Evidence:
    cases = draw(st.integers(1, 10**30))
    return Evidence(
        kind=draw(st.sampled_from([k for k in Kind if k is not Kind.COUNTEREXAMPLE])),
        scope=draw(SCOPES),
        cases=cases,
        expected=cases,
        producer=draw(NAMES),
        version=draw(WORDS),
        cells=tuple(draw(st.lists(WORDS, max_size=2))),
        confirmed_by=draw(NAMES),
        command=draw(WORDS),
        artefact=draw(NAMES),
        certificates=tuple(draw(st.lists(CERTIFICATES, max_size=2))),
        seed=draw(st.none() | st.integers()),
        needs=draw(WORDS),
        sharpness=draw(WORDS),
        axioms=tuple(draw(st.lists(st.sampled_from([*sorted(CLASSICAL_AXIOMS), "PrimFloat.add"]), max_size=2))),
        note=draw(NAMES),
    )


COUNTEREXAMPLES = st.builds(
    lambda values, lines, order, cases: Counterexample(
        values={**values, "a": 1}, refutes="a == 1", lines=lines, order=order, cases=cases
    ),
    st.dictionaries(NAMES, EXACT, max_size=3),
    st.lists(WORDS, max_size=2).map(tuple),
    WORDS,
    st.integers(1, 10**20),
)


@st.composite
def pieces(draw: st.DrawFn) -> PieceRecord:
    found = tuple(draw(st.lists(evidence(), max_size=2)))
    return PieceRecord(
        id=draw(WORDS),
        tier=draw(st.sampled_from(Tier)),
        found=draw(st.sampled_from(Verdict)),
        reason=draw(WORDS),
        evidence=found,
        counterexample=draw(st.none() | COUNTEREXAMPLES),
        mutants=tuple(draw(st.lists(st.builds(MutantRecord, WORDS, WORDS, st.booleans(), WORDS), max_size=2))),
        deciding=strongest(found) if found else None,
        seconds=draw(st.floats(0, 1e9)),
    )


def types_of(piece: PieceRecord) -> list[type]:
    """Return the types of the exact values, since 7 and Fraction(7) are equal."""
    return [type(v) for v in piece.counterexample.exact.values()] if piece.counterexample else []


@settings(max_examples=150, deadline=None)
@given(pieces())
def test_a_record_comes_back_as_it_was(piece: PieceRecord) -> None:
    back = piece_from_json(json.loads(json.dumps(piece_to_json(piece))))
    assert back == piece
    assert types_of(back) == types_of(piece)


def test_every_field_of_evidence_and_record_is_stored() -> None:
    whole = Evidence(
        kind=Kind.KERNEL, scope=Scope.all_p(2, "n <= 3"), cases=2, expected=2, producer="p", version="v", cells=("c",),
        confirmed_by="q", command="run", artefact="a.v", certificates=(Certificate({"kind": "k", "claim": "1 < 2"}),),
        seed=5, needs="n", sharpness="s", axioms=("classic",), note="remark",
    )  # fmt: skip
    blank = Evidence(kind=Kind.SAMPLED, scope=Scope.without_p(), cases=1, producer="x")
    same = [f for f in Evidence.__dataclass_fields__ if getattr(whole, f) == getattr(blank, f)]
    assert same == []
    piece = PieceRecord(id="i", tier=Tier.FULL, found=Verdict.PROVED, evidence=(whole,), deciding=whole, seconds=0.1)
    assert piece_from_json(json.loads(json.dumps(piece_to_json(piece)))) == piece


def test_a_stored_counterexample_is_evaluated_again() -> None:
    found = Counterexample(values={"a": 6, "limit": Fraction(5, 2)}, refutes="a > limit")
    piece = PieceRecord(id="i", tier=Tier.QUICK, found=Verdict.REFUTED, counterexample=found)
    data = json.loads(json.dumps(piece_to_json(piece)))
    data["counterexample"]["values"]["a"] = ["integer", "0x2"]
    with pytest.raises(ValueError, match="must hold at"):
        piece_from_json(data)
