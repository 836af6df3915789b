"""Gappa's evidence: what is said to it, what the kernel is asked, and what neither accepts."""

from __future__ import annotations

import shutil
from fractions import Fraction

import gmpy2
import pytest
from oracles import tally

from precise.claims import Counterexample, Kind, gappa
from precise.claims.gappa import Program, Rounded
from precise.errors import DomainError, MissingToolError, UndecidedError
from proofs import _straight_line

U = Fraction(1, 1 << 8)
SUM = Program(p=8, inputs={"x": (0, 4), "y": (-4, 0)}, operations={"s": Rounded(("x", "y"))}, exact="x + y")


def need(*tools: str) -> None:
    """Skip the test aloud where a tool is not installed."""
    for tool in tools:
        if shutil.which(tool) is None:
            tally.absent(tool, "not installed")
            pytest.skip(f"{tool} is not installed")


def test_every_operation_is_rounded_in_both_texts() -> None:
    for program in (SUM, _straight_line.entry(8, 3), _straight_line.mean(11, 2)):
        script, statement = program.script(U), program.statement(U)
        assert script.count("rnd(") == len(program.operations)
        assert "rnd=" not in script  # a plain name after it would not be rounded
        nested = statement.count(f"rounding_float rndNE {program.p}%positive")
        assert nested >= len(program.operations)  # a result that is used twice is written twice
    assert "|s -/ exact| <= 1b-8" in SUM.script(U)
    assert SUM.statement(3 * U / 4) == (
        "forall x y : R, (BND x (makepairF (Float2 1 (0)) (Float2 1 (4))) /\\ "
        "BND y (makepairF (Float2 1 (-4)) (Float2 1 (0)))) /\\ "
        "not (REL (rounding_float rndNE 8%positive (-20000)%Z (x + y)%R) (x + y)%R "
        "(makepairF (Float2 (-3) (-10)) (Float2 3 (-10)))) -> False"
    )


@pytest.mark.parametrize(
    ("operations", "exact"),
    [
        ({"s": Rounded(("x", "z"))}, "x"),
        ({"x": Rounded(("x", "y"))}, "x"),
        ({"s": Rounded(("x", "y"), "-")}, "x"),
        ({"s": Rounded(("x", "y", "x"), "*")}, "x"),
        ({"S": Rounded(("x", "y"))}, "x"),
        ({"s": Rounded(("x", "y"))}, "x + s"),
    ],
)
def test_programs_are_validated(operations: dict[str, Rounded], exact: str) -> None:
    with pytest.raises(DomainError, match="gappa"):
        Program(p=8, inputs=SUM.inputs, operations=operations, exact=exact)


def test_bounds_are_dyadic() -> None:
    assert gappa.dyadic(Fraction(12)) == (3, 2)
    assert gappa.dyadic(Fraction(5, 8)) == (5, -3)
    for wrong in (Fraction(1, 3), Fraction(0), Fraction(-1, 2)):
        with pytest.raises(DomainError, match="must be positive and dyadic"):
            gappa.dyadic(wrong)


def test_a_missing_tool_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingToolError, match="gappa must be installed"):
        gappa.proof_script(SUM.script(U))
    with pytest.raises(MissingToolError, match="must be installed"):
        gappa.error_bound(SUM, U)


def test_gappa_bounds_one_rounding() -> None:
    need("gappa")
    assert gappa.proof_script(SUM.script(U)) is not None
    assert gappa.proof_script(SUM.script(U * 999 / 1024)) is None
    with pytest.raises(UndecidedError, match="must read its input"):
        gappa.proof_script("{ x in [1, 2] -> }")


def test_the_kernel_takes_a_script_for_its_own_statement_only() -> None:
    need("gappa", "coqc")
    script = gappa.proof_script(SUM.script(U))
    assert script is not None
    try:
        assert gappa.accepted(script, SUM.statement(U))
    except MissingToolError as missing:
        tally.absent("Gappa's library for Coq", str(missing))
        pytest.skip(str(missing))
    unrounded = gappa.proof_script(SUM.script(U).replace("rnd(x + y)", "x + y"))
    assert unrounded is not None
    for wrong, statement in ((unrounded, SUM.statement(U)), (script, SUM.statement(U / 2))):
        with pytest.raises(UndecidedError, match="must accept ledger_claim"):
            gappa.accepted(wrong, statement)
    with pytest.raises(UndecidedError, match="one final lemma; got 0"):
        gappa.accepted("", SUM.statement(U))
    assert gappa.error_bound(SUM, U).kind is Kind.KERNEL


def test_programs_run_as_mpfr_runs_them() -> None:
    """The exact replay of a program in fractions, against MPFR at the same precision."""
    for p, numbers in ((8, (3, 7, 11)), (11, (5, 9, 1000)), (24, (1, 3, 10**6))):
        program = _straight_line.entry(p, 3)
        inputs = {f"x{i}": Fraction(n, 7) for i, n in enumerate(numbers, 1)}
        got, exact = _straight_line.run(program, inputs)
        with gmpy2.context(precision=p):
            terms = [gmpy2.mpfr(gmpy2.mpq(x.numerator, x.denominator)) for x in inputs.values()]
            total = gmpy2.mpfr(sum(map(gmpy2.mpq, terms)))
            right = terms[0] / total
        assert got == Fraction(*map(int, right.as_integer_ratio()))
        assert exact == inputs["x1"] / sum(inputs.values())


def test_instances_exceed_small_bounds() -> None:
    found = _straight_line.search(_straight_line.entry(8, 2), 3 * U)
    assert isinstance(found, Counterexample)
    with pytest.raises(UndecidedError, match="got none"):
        _straight_line.search(_straight_line.entry(8, 2), 4 * U + 12 * U * U)
