"""The second checker accepts each kind of certificate, and rejects it when any field of it is changed."""

from __future__ import annotations

import copy
import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import proofs
from precise.claims.certificates import Certificate, identity, nonnegative_by_shift
from precise.claims.distances import distance_certificate
from precise.claims.replays import replay
from precise.claims.sequences import induction, tail_of_series
from proofs import recheck

FOLDER = Path(proofs.__file__).parent
FILES = ("recheck.py", "_recheck_algebra.py", "_recheck_kinds.py", "_recheck_words.py")
SMALL = "Definition twice (n : nat) := n + n.\n"
THEOREM = (
    "From Precise Require Export small.\n"
    "Theorem doubled : forall n : nat, twice n = n + n.\nProof. reflexivity. Qed.\n"
    "Theorem zero : twice 0 = 0.\nProof. reflexivity. Qed.\n"
)
NO_COQ = pytest.mark.skipif(shutil.which("coqc") is None, reason="no coqc")


def plain(certificate: Certificate) -> dict[str, Any]:
    """Return the certificate as it comes back from JSON."""
    data: dict[str, Any] = json.loads(json.dumps(dict(certificate.data)))
    return data


CERTIFICATES: dict[str, dict[str, Any]] = {
    "nonnegative": plain(nonnegative_by_shift("t**2*s/(t + 1) > 3*t*s/(t + 1)", {"t": 4, "s": 1})),
    "identity": plain(identity("1/x - 1/(1 + x) == 1/(x*(1 + x))")),
    "counterexample": {
        "kind": "counterexample",
        "values": {"x": "5/2", "got": "3", "word": {"word": "away"}},
        "refutes": "got == x + 1/2 and got == 3 and word == 'away'",
    },
    "induction": plain(induction("3*2**n/7 <= factorial(2*n + 1)", "n", 4)),
    "series upper": plain(tail_of_series("1/(i*2**i)", "2", "i", 1, "1/2", "upper")),
    "series lower": plain(tail_of_series("1/(i*2**i)", "2*i/(i + 1)", "i", 1, "1/2", "lower")),
    "series alternating": plain(tail_of_series("1/((2*i + 1)*5**(2*i + 1))", "1", "i", 0, "1/25", "alternating")),
    "distance": plain(distance_certificate(4, -3, 15)),
    "replay": plain(replay("cluster(2, 3, x, y) == nearest(2, x + y)", ["x", "y"], 2, 0, 3)),
    "words": {
        "kind": "words",
        "claim": "parity",
        "laws": "group",
        "table": [[0, 1], [1, 0]],
        "identity": 0,
        "words": [{"word": [1, 1, 1], "value": 1}],
    },
    "program": {
        "kind": "program",
        "claim": "both",
        "degree": 3,
        "variables": 2,
        "formula": ["not", ["not", 1]],
        "instructions": [[1, [0, 1, 2], [1, 2, 0]]],
        "accept": [1, 2, 0],
        "depth": 0,
    },
    "free-identity": {"kind": "free-identity", "claim": "q h h^-1 = r^-1 r q", "normal_form": ["q"]},
}
FREE_TEXT = {("words", "claim"), ("program", "claim")}


def changed(value: Any) -> Iterator[Any]:
    """Yield changed copies of a JSON value: other digits, flags, words; items dropped, doubled and swapped."""
    if value is None or isinstance(value, bool):
        yield 1 if value is None else not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1, -value - 1)
    elif isinstance(value, str):
        yield from ("", value + "1")
        for old, new in ("12", "23", "34", "10", "52", "79", "+-", "<>"):
            if old in value:
                yield value.replace(old, new, 1)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield value[:i] + value[i + 1 :]
            yield from ([*value[:i], other, *value[i + 1 :]] for other in changed(item))
        yield [*value, *value[-1:]] if value else [0]
    elif isinstance(value, dict):
        for key, item in value.items():
            yield {k: v for k, v in value.items() if k != key}
            yield from ({**value, key: other} for other in changed(item))


def accepted(certificate: dict[str, Any], checker: Any = recheck) -> bool:
    """Return whether the checker accepts, with a fingerprint of its own content."""
    text = json.dumps(certificate, sort_keys=True)
    try:
        checker.check({**certificate, "sha256": hashlib.sha256(text.encode()).hexdigest()})
    except (ArithmeticError, AttributeError, LookupError, SyntaxError, TypeError, ValueError):
        return False
    return True


def harmless(name: str, field: str, new: Any) -> bool:
    """Return whether the change leaves another true claim: one word twice, a larger gap, an unused variable."""
    return (name, field, new) in (
        ("words", "words", CERTIFICATES["words"]["words"] * 2),
        ("replay", "claim", "cluster(2, 4, x, y) == nearest(2, x + y)"),
        ("program", "variables", 3),
    )


@pytest.mark.parametrize("name", CERTIFICATES)
def test_each_kind_is_accepted(name: str) -> None:
    assert accepted(CERTIFICATES[name])


@pytest.mark.parametrize("name", CERTIFICATES)
def test_each_changed_field_is_rejected(name: str) -> None:
    certificate = CERTIFICATES[name]
    tried: set[str] = set()
    for field, value in certificate.items():
        if (name, field) in FREE_TEXT:
            continue
        assert not accepted({k: v for k, v in certificate.items() if k != field}), f"without {field}"
        for other in changed(value):
            if harmless(name, field, other):
                continue
            assert not accepted({**copy.deepcopy(certificate), field: other}), f"{field} = {other} was accepted"
            tried.add(field)
    assert tried == {field for field in certificate if (name, field) not in FREE_TEXT}


def test_swapped_neighbours_are_rejected() -> None:
    certificate = copy.deepcopy(CERTIFICATES["distance"])
    m1, k1, m2, k2 = certificate["pair"]
    assert not accepted({**certificate, "pair": [m2, k2, m1, k1]})


def test_a_wrong_claim_with_fields_to_match_is_rejected() -> None:
    tail = CERTIFICATES["series upper"]
    smaller = {**tail, "factor": "3/2", "claim": tail["claim"].replace("(2)*", "(3/2)*")}
    assert not accepted(smaller)
    assert not accepted(plain(replay("cluster(2, 0, x, y) == nearest(2, x - y)", ["x", "y"], 2, 0, 1)))
    far = copy.deepcopy(CERTIFICATES["distance"])
    assert not accepted({**far, "low": str(Fraction(far["low"]) * 999 / 1000)})
    assert not accepted({**CERTIFICATES["induction"], "claim": "3*2**n/7 <= factorial(n)", "base": ["48/7", "24"]})
    base_fails = {**CERTIFICATES["induction"], "claim": "7**n <= factorial(2*n + 1)", "start": 1, "base": ["7", "6"]}
    assert not accepted(base_fails)


def test_tables_without_the_laws_are_rejected() -> None:
    words = {**CERTIFICATES["words"], "words": [{"word": [0], "value": 0}]}
    crooked = {**words, "laws": "semigroup", "identity": None, "table": [[1, 0], [0, 0]]}  # (00)1 = 0, 0(01) = 1
    assert not accepted(crooked)
    assert accepted({**crooked, "table": [[0, 0], [1, 1]]})
    assert not accepted({**words, "table": [[0, 1], [1, 1]]})  # 1 has no inverse
    assert accepted({**words, "table": [[0, 1], [1, 1]], "laws": "monoid"})


def test_a_foreign_fingerprint_is_rejected() -> None:
    with pytest.raises(ValueError, match="sha256"):
        recheck.check({**CERTIFICATES["words"], "sha256": "0" * 64})


def test_slow_arithmetic_is_that_of_the_definition() -> None:
    """The slow rounding against all numbers of three bits, by distance alone."""
    members = sorted({m * Fraction(2) ** e for e in range(-6, 4) for m in range(8)})
    for k in range(1, 160):
        x = Fraction(k, 7)
        near = min(abs(x - y) for y in members)
        assert abs(recheck.KINDS.nearest(3, x) - x) == near
        assert recheck.KINDS.nearest(3, -x) == -recheck.KINDS.nearest(3, x)
    assert [recheck.KINDS.nearest(2, Fraction(k)) for k in (5, 7, 9, 11)] == [4, 8, 8, 12]
    assert recheck.KINDS.cluster(2, 1, 8, -8, 3) == 3


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the checker and two small proof scripts."""
    for name in FILES:
        shutil.copy(FOLDER / name, tmp_path)
    (tmp_path / "kernel").mkdir()
    (tmp_path / "kernel" / "small.v").write_text(SMALL)
    (tmp_path / "kernel" / "double.v").write_text(THEOREM)
    return tmp_path


def copied(place: Path) -> ModuleType:
    """Return the checker of that folder."""
    spec = importlib.util.spec_from_file_location("recheck_of_test", place / "recheck.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def theorem() -> dict[str, Any]:
    """Return the certificate of the small theorem."""
    files = {"small.v": SMALL, "double.v": THEOREM}
    return {
        "kind": "coq",
        "claim": "forall n : nat, twice n = n + n",
        "theorem": "doubled",
        "module": "double",
        "sources": {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()},
    }


def test_without_coqc_theorems_are_skipped_and_tampered_ones_rejected(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checker: Any = copied(place)
    monkeypatch.setattr(checker.KINDS.shutil, "which", lambda name: None)
    with pytest.raises(checker.KINDS.SkippedError):
        checker.check(theorem())
    changes = [("module", "small"), ("claim", "True. Axiom a : False"), ("claim", '"'), ("theorem", "x y")]
    for field, other in [*changes, *(("sources", other) for other in changed(theorem()["sources"]))]:
        assert not accepted({**theorem(), field: other}, checker), f"{field} = {other}"
    gap = THEOREM.replace("Proof. reflexivity. Qed.", "Admitted.")
    (place / "kernel" / "double.v").write_text(gap)
    with_gap = theorem()
    with_gap["sources"]["double.v"] = hashlib.sha256(gap.encode()).hexdigest()
    assert not accepted(with_gap, checker)


@NO_COQ
def test_with_coqc_the_statement_counts(place: Path) -> None:
    checker: Any = copied(place)
    assert accepted(theorem(), checker)
    for field, other in (
        ("claim", "forall n : nat, twice n = n"),
        ("claim", "True"),
        ("theorem", "zero"),
        ("theorem", "none"),
    ):
        assert not accepted({**theorem(), field: other}, checker), f"{field} = {other}"


def document(*certificates: dict[str, Any]) -> dict[str, Any]:
    """Return a document of a run with these certificates."""
    step = {"id": "lem:x/y", "evidence": [{"certificates": list(certificates)}], "counterexample": None}
    return {"records": [{"steps": [step]}]}


def run(place: Path, data: dict[str, Any], path: str) -> tuple[int, str]:
    """Return exit status and output of the checker as a program, with that search path for tools."""
    (place / "ledger.json").write_text(json.dumps(data))
    command = [sys.executable, "-I", str(place / "recheck.py"), str(place / "ledger.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env={"PATH": path})
    return done.returncode, done.stdout


def test_nothing_to_check_is_a_failure(place: Path) -> None:
    nowhere = str(place)
    assert run(place, document(), nowhere) == (1, "0 passed, 0 failed\n")
    status, output = run(place, document(theorem()), nowhere)
    assert (status, output.splitlines()[-1]) == (1, "0 passed, 0 failed, 1 skipped")
    status, output = run(place, document(theorem(), CERTIFICATES["words"]), nowhere)
    assert (status, output.splitlines()[-1]) == (0, "1 passed, 0 failed, 1 skipped")
    status, output = run(place, document(CERTIFICATES["words"], {"kind": "unheard of"}), nowhere)
    assert (status, output.splitlines()[-1]) == (1, "1 passed, 1 failed")
