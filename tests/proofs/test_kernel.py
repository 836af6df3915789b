"""Evidence of kind K: what the Coq kernel accepts, and each way in which a script or a statement is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from precise.claims import Counterexample, Evidence, Kind, Scope
from precise.claims.kernel import AXIOMS, axioms_in, kernel_refuses, kernel_theorem
from precise.claims.proof_scripts import FORBIDDEN, scripts_of
from precise.errors import DomainError, MissingToolError, UndecidedError
from proofs._kernel import FOLDER
from proofs._kernel_floats import ROUNDING_ERROR

needs_coq = pytest.mark.skipif(shutil.which("coqc") is None, reason="coqc is not installed: the kernel is not asked")
DOUBLE = "forall n : nat, n + n = 2 * n"
GOOD = f"(* Twice n. *)\nTheorem double : {DOUBLE}.\nProof. intros n. simpl. now rewrite <- plus_n_O. Qed.\n"


def ask(
    folder: Path, statement: str = DOUBLE, theorem: str = "double", module: str = "toy", **scripts: str
) -> Evidence:
    """Write the scripts and return the evidence for a theorem of one of them."""
    for name, text in (scripts or {"toy": GOOD}).items():
        (folder / f"{name}.v").write_text(text, encoding="utf-8")
    return kernel_theorem(folder, module, theorem, statement, Scope.without_p())


@needs_coq
def test_a_theorem_is_accepted_for_its_statement(tmp_path: Path) -> None:
    found = ask(tmp_path)
    assert (found.kind, found.letter, found.axioms, found.producer) == (Kind.KERNEL, "K", (), "Coq")
    assert found.version[0].isdigit()
    (certificate,) = found.certificates
    (script,) = scripts_of(tmp_path, "toy")
    assert certificate.data["sources"] == {"toy.v": script.sha256}
    assert (certificate.claim, certificate.data["theorem"]) == (DOUBLE, "double")
    assert script.sha256 in found.artefact
    assert "toy.v" in found.command


@needs_coq
def test_bound_names_do_not_matter(tmp_path: Path) -> None:
    assert ask(tmp_path, "forall m : nat, m + m = 2 * m").kind is Kind.KERNEL


@needs_coq
@pytest.mark.parametrize(
    "statement", ["forall n : nat, n + n = 3 * n", "True", "forall n : nat, n + n = n * 2", "exists n, n + n = 2 * n"]
)
def test_another_statement_is_refused(tmp_path: Path, statement: str) -> None:
    with pytest.raises(UndecidedError, match="double must prove the statement of the ledger"):
        ask(tmp_path, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "True. Proof. exact I. Qed. Theorem other : True",
        "True.",
        "True (* and more *)",
        'True -> "a" = "a"',
        " ",
    ],
)
def test_a_statement_is_one_proposition(tmp_path: Path, statement: str) -> None:
    with pytest.raises(DomainError, match="must be one proposition"):
        ask(tmp_path, statement)


def test_a_theorem_is_a_name(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="must be a name"):
        ask(tmp_path, theorem="double. Check I")


OPEN = "Theorem double : forall n : nat, n + n = 2 * n.\n"


@pytest.mark.parametrize(
    ("script", "word"),
    [
        (OPEN + "Admitted.", "Admitted"),
        (OPEN + "Proof. admit. Admitted.", "admit"),
        ("Axiom double : forall n : nat, n + n = 2 * n.", "Axiom"),
        ("Parameter double : forall n : nat, n + n = 2 * n.", "Parameter"),
        ("Notation double := I.", "Notation"),
        ("#[bypass_check(guard)] Fixpoint f (n : nat) : False := f n.", "bypass_check"),
        ('Definition s := "(*". Axiom a : False. (* "*)', '"'),
    ],
)
def test_commands_that_open_a_gap_are_refused(tmp_path: Path, script: str, word: str) -> None:
    with pytest.raises(DomainError, match=rf"must not contain {word}"):
        ask(tmp_path, toy=script)


def test_words_in_comments_are_no_commands(tmp_path: Path) -> None:
    (tmp_path / "toy.v").write_text("(* No Axiom, nothing Admitted. *)\n" + GOOD, encoding="utf-8")
    assert [s.name for s in scripts_of(tmp_path, "toy")] == ["toy"]


@needs_coq
@pytest.mark.parametrize("name", ["gap", "classic"])
def test_an_axiom_that_is_not_on_the_list_is_refused(tmp_path: Path, name: str) -> None:
    script = f"Variable {name} : {DOUBLE}.\n{OPEN}Proof. exact {name}. Qed.\n"
    with pytest.raises(DomainError, match=rf"must be those of the classical reals; got toy\.{name}"):
        ask(tmp_path, toy=script)


@needs_coq
def test_an_axiom_of_the_library_is_refused_unless_listed(tmp_path: Path) -> None:
    script = (
        "From Coq Require Import ProofIrrelevance.\nTheorem same : forall (P : Prop) (a b : P), a = b.\n"
        "Proof. exact proof_irrelevance. Qed.\n"
    )
    with pytest.raises(DomainError, match=r"got ProofIrrelevance\.proof_irrelevance"):
        ask(tmp_path, "forall (P : Prop) (a b : P), a = b", "same", toy=script)


@needs_coq
def test_axioms_of_the_classical_reals_are_listed() -> None:
    found = ROUNDING_ERROR.proved()
    print("axioms:", ", ".join(found.axioms))
    assert found.letter == "K"
    assert set(found.axioms) <= AXIOMS
    assert "ClassicalDedekindReals.sig_not_dec" in found.axioms


def test_axioms_are_read_from_what_the_kernel_prints() -> None:
    printed = "Axioms:\nA.sig_not_dec : forall P : Prop,\n  {~ ~ P} + {~ P}\nlong_name\n  : nat\n"
    printed += "foo is assumed to be guarded.\n"
    assert axioms_in(printed) == ("A.sig_not_dec", "foo is assumed to be guarded.", "long_name")
    assert axioms_in("Closed under the global context\n") == ()
    with pytest.raises(UndecidedError, match="must print the axioms"):
        axioms_in("")


@needs_coq
def test_a_script_that_does_not_compile_decides_nothing(tmp_path: Path) -> None:
    with pytest.raises(UndecidedError, match=r"must compile toy\.v"):
        ask(tmp_path, toy=OPEN + "Proof. reflexivity. Qed.")


@needs_coq
def test_a_missing_library_is_a_missing_tool(tmp_path: Path) -> None:
    with pytest.raises(MissingToolError, match=r"must find the libraries of toy\.v"):
        ask(tmp_path, toy="From NoSuchLibrary Require Import Core.\n" + GOOD)


def test_a_missing_compiler_is_a_missing_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError, match="coqc must be installed"):
        ask(tmp_path, toy=GOOD + "(* not compiled before *)")


def test_a_missing_script_is_named(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match=r"the proof script must exist; got other\.v"):
        ask(tmp_path, module="other")


USER = (
    "From Precise Require Export toy.\nTheorem four : forall n : nat, n + n + (n + n) = 2 * (2 * n).\n"
    "Proof. intros n. rewrite <- (double n). apply double. Qed.\n"
)


@needs_coq
def test_scripts_that_are_required_come_first_and_are_fingerprinted(tmp_path: Path) -> None:
    found = ask(tmp_path, "forall n : nat, n + n + (n + n) = 2 * (2 * n)", "four", "user", toy=GOOD, user=USER)
    assert list(dict(found.certificates[0].data)["sources"]) == ["toy.v", "user.v"]  # type: ignore[call-overload]


@needs_coq
def test_two_scripts_of_one_name_do_not_meet(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    assert ask(tmp_path).kind is Kind.KERNEL
    three = "forall n : nat, n + 0 = n"
    script = f"Theorem double : {three}.\nProof. intros n. now rewrite <- plus_n_O. Qed.\n"
    assert ask(other, three, toy=script).kind is Kind.KERNEL
    with pytest.raises(UndecidedError, match="must prove"):
        ask(other, DOUBLE, toy=script)


def test_a_circle_of_scripts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="not require itself"):
        ask(tmp_path, toy="From Precise Require Import toy.\n" + GOOD)


def one_two() -> Counterexample:
    """Return an instance at which n + n = 3 n fails."""
    return Counterexample(values={"n": 1}, refutes="n + n != 3*n")


@needs_coq
def test_a_wrong_statement_is_refused_and_refuted(tmp_path: Path) -> None:
    ask(tmp_path)
    wrong = "forall n : nat, n + n = 3 * n"
    assert kernel_refuses(tmp_path, "toy", "double", wrong, one_two) == one_two()
    with pytest.raises(UndecidedError, match="must have a counterexample"):
        kernel_refuses(tmp_path, "toy", "double", wrong, lambda: ask(tmp_path))
    with pytest.raises(DomainError, match="a wrong statement must be a proposition"):
        kernel_refuses(tmp_path, "toy", "double", "forall n : nat, n + n = three * n", one_two)
    survivor = kernel_refuses(tmp_path, "toy", "double", "forall k : nat, k + k = 2 * k", one_two)
    assert isinstance(survivor, Evidence)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.v")), ids=lambda p: p.stem)
def test_shipped_scripts_say_what_they_state_and_leave_no_gap(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("(*")
    assert text.isascii()
    assert not FORBIDDEN.search(text.partition("*)")[2].replace("(*", "").replace("*)", ""))
    assert scripts_of(FOLDER, path.stem)[-1].text == text
