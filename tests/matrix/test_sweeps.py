"""The sweep itself: every suite rejects wrong arithmetic, and a run that is stopped goes on where it was."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import sweeps.conversions
import sweeps.flags
import sweeps.inputs
import sweeps.lanes
import sweeps.small
import sweeps.stochastic
import sweeps.stochastic_sums
import sweeps.sums
import sweeps.whole
import sweeps.wide
from matrix.subjects import binary, format_of, round_array, unary
from oracles.floats import as_values
from oracles.integers import Spec
from oracles.lanes import Floats
from oracles.named import BFLOAT16
from oracles.orders import Order
from sweeps.page import markdown, table
from sweeps.state import State, StateError
from sweeps.suites import SUITES, run
from sweeps.unit import Outcome, Unit

from precise import rounded
from precise.rounding import Rounding

SEED = 7
Mutant = Callable[..., object]
CONVERT, COUNT = sweeps.conversions.convert, sweeps.flags.ours
SUM, PRODUCT, WIDE = sweeps.sums.ours_sum, sweeps.sums.ours_product, sweeps.wide.ours


def nearest(operation: str, spec: Spec, mode: str, *x: Floats) -> Floats:
    """Take ties away from zero for ties to even."""
    other = "RNE" if mode == "RNA" else mode
    return (binary if len(x) == 2 else unary)(operation, spec, other, *x)


def native(operation: str, spec: Spec, mode: str, x1: Floats, x2: Floats) -> Floats:
    """Drop the residual of the native operation."""
    with np.errstate(all="ignore"):
        return round_array(spec, mode, getattr(np, operation)(x1, x2))


def twice(spec: Spec, mode: str, x1: Floats, x2: Floats, x3: Floats) -> Floats:
    """Round the product too."""
    return binary("add", spec, mode, binary("multiply", spec, mode, x1, x2), x3)


def unsigned(operation: str, spec: Spec, mode: str, *x: Floats) -> Floats:
    """Lose the sign of zero."""
    y = (binary if len(x) == 2 else unary)(operation, spec, mode, *x)
    return np.where(y == 0, 0.0, y)


def floored(operation: str, spec: Spec, mode: str, x1: Floats, x2: Floats) -> Floats:
    """Take one remainder for the other."""
    return binary("ieee_remainder" if operation == "remainder" else "remainder", spec, mode, x1, x2)


def prefers_numbers(operation: str, spec: Spec, mode: str, x1: Floats, x2: Floats) -> Floats:
    """Forget that NaN wins."""
    return binary(f"{operation}_number", spec, mode, x1, x2)


def through_binary32(spec: Spec, mode: str, x: Floats) -> Floats:
    """Round twice."""
    with np.errstate(all="ignore"):
        return round_array(spec, mode, np.nextafter(x.astype(np.float32), np.float32(np.inf)).astype(np.float64))


def instead(**changed: object) -> Callable[[Order], Order]:
    """Return a change of an order."""
    return lambda order: Order(**{**vars(order), **changed})  # type: ignore[arg-type]


def of_order(ask: Callable[..., Floats], change: Callable[[Order], Order]) -> Mutant:
    """Return sums or products in another order."""
    return lambda spec, mode, order, *x: ask(spec, mode, change(order), *x)


def lane_value(operation: str, spec: Spec, rule: Rounding, x: tuple[Floats, ...]) -> Floats:
    """Draw for the native result in place of the exact one, with the same random bits."""
    with np.errstate(all="ignore"):
        y = getattr(np, operation)(*x)
    own = rule if operation == "round" else rule.fold_in(int.from_bytes(operation.encode(), "little"))
    return rounded(format_of(spec), own).asarray(y).to_float64().ravel()


def rounded_operands(operation: str, spec: Spec, mode: str, x: tuple[Floats, ...]) -> Floats:
    """Round the operands first."""
    return binary(operation, spec, mode, *(round_array(spec, mode, v) for v in x))


def native_root(operation: str, spec: Spec, mode: str, x: Floats) -> Floats:
    """Drop the residual of the native root."""
    with np.errstate(all="ignore"):
        return round_array(spec, mode, np.sqrt(x))


MUTANTS: list[tuple[str, str, Mutant]] = [
    ("pairs:multiply:float8_e5m2:0", "small.binary", nearest),
    ("pairs:add:float8_e4m3:0", "small.binary", unsigned),
    ("pairs:remainder:float6_e3m2fn:0", "small.binary", floored),
    ("pairs:ieee_remainder:float6_e3m2fn:0", "small.binary", floored),
    ("pairs:maximum:float8_e3m4:0", "small.binary", prefers_numbers),
    ("triples:fma:float6_e3m2fn:0", "small.fma", twice),
    ("values:exp:float8_e4m3fn:0", "small.unary", lambda f, s, m, x: unary("exp2", s, m, x)),
    ("values:floor:fixed(8,-3):0", "small.unary", lambda f, s, m, x: unary("trunc", s, m, x)),
    ("whole:sin:binary16:0", "whole.unary", lambda f, s, m, x: unary(f, s, "RTZ" if m == "RTN" else m, x)),
    ("lane pairs:add:bfloat16:0", "lanes.binary", native),
    ("lane pairs:multiply:float(40,-200,200):0", "lanes.binary", native),
    ("lane pairs:divide:float(40,-200,200):1", "lanes.binary", native),
    ("lane triples:fma:binary32:0", "lanes.fma", twice),
    ("lane arguments:sqrt:float(27,-200,200):0", "lanes.unary", native_root),
    ("conversions:round:bfloat16:0", "conversions.convert", lambda s, m, o, u, x: CONVERT(s, m, o, "round", x)),
    ("conversions:round:float8_e4m3fn:0", "conversions.convert", lambda s, m, o, u, x: CONVERT(s, m, "nan", u, x)),
    ("conversions of ml_dtypes:round:float8_e4m3fn:0", "conversions.round_array", through_binary32),
    ("conversions of gfloat:round:binary16:0", "conversions.convert", lambda s, m, o, u, x: CONVERT(s, "RNE", o, u, x)),
    ("inputs:multiply:bfloat16:1", "inputs.ours", rounded_operands),
    ("flags:multiply:float8_e5m2:0", "flags.ours", lambda f, s, m, t, x: COUNT(f, s, m, "after", x)),
    ("stochastic:add:bfloat16:0", "stochastic.ours", lane_value),
    ("stochastic:multiply:float(40,-200,200):0", "stochastic.ours", lane_value),
    ("stochastic sums:sum, sequential:bfloat16:0", "stochastic_sums.as_values", lambda x: as_values(x)[::-1]),
    ("wide:add:p=113:0", "wide.ours", lambda f, s, m, c: WIDE(f, s, "RNE" if m == "RNA" else m, c)),
    ("sums:kahan:bfloat16:0", "sums.ours_sum", of_order(SUM, instead(kind="sequential"))),
    ("sums:neumaier:bfloat16:0", "sums.ours_sum", of_order(SUM, instead(kind="kahan"))),
    ("sums:split(3):bfloat16:0", "sums.ours_sum", of_order(SUM, instead(size=2))),
    ("sums:blocked(3):bfloat16:0", "sums.ours_sum", of_order(SUM, instead(size=2))),
    ("sums:tensor-core(4, 14):bfloat16:0", "sums.ours_sum", of_order(SUM, instead(bits=13))),
    ("sums of specials:sequential:binary16:0", "sums.ours_sum", of_order(SUM, instead(kind="exact"))),
    ("products:blocked(3):bfloat16:0", "sums.ours_product", of_order(PRODUCT, instead(products="rounded"))),
    ("products:exact:bfloat16:0", "sums.ours_product", lambda s, m, o, a, b: round_array(s, m, a @ b)),
]


def unit_of(key: str) -> Unit:
    """Return the unit of a key."""
    suite, operation, name, block = key.split(":")
    return Unit(suite, operation, name, int(block))


@pytest.mark.parametrize(("key", "where", "mutant"), MUTANTS, ids=lambda v: v if isinstance(v, str) else "")
def test_wrong_arithmetic_is_rejected(monkeypatch: pytest.MonkeyPatch, key: str, where: str, mutant: Mutant) -> None:
    monkeypatch.setattr(f"sweeps.{where}", mutant)
    found = run(unit_of(key), SEED)
    assert found.wrong > 0
    assert found.first
    assert not any("Error" in line for line in found.first), found.first


def test_every_suite_has_a_mutant() -> None:
    assert {key.split(":")[0] for key, *_ in MUTANTS} == {suite.name for suite in SUITES}


def test_an_exception_is_as_many_wrong_cases() -> None:
    found = Outcome()
    found.attempt("RNE", lambda: unary("no_such_function", BFLOAT16, "RNE", np.ones(3)), np.ones(3))
    assert (found.cases, found.wrong) == (3, 3)
    assert "no_such_function" in found.first[0]


def test_the_least_inputs_are_shown_first() -> None:
    found = Outcome()
    x = np.array([4.0, -1.0, 2.0, 8.0, 16.0])
    found.judge("RNE", x, -x, x)
    assert [line.split("(")[1].split(")")[0] for line in found.first] == [v.hex() for v in (-1.0, 2.0, 4.0)]


def test_a_state_is_believed_for_its_sources_and_seed_only(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    state = State.load(path, SEED)
    state.done["values:exp:float4_e2m1fn:0"] = Outcome(112, 1, ["RNE (0x1p+0)"])
    state.save()
    again = State.load(path, SEED)
    assert again.done == state.done
    with pytest.raises(StateError, match="--seed"):
        State.load(path, SEED + 1)
    written = json.loads(path.read_text(encoding="utf-8"))
    written["units"]["values:exp:float4_e2m1fn:0"]["sources"] = "other"
    path.write_text(json.dumps(written), encoding="utf-8")
    assert State.load(path, SEED).done == {}
    assert State.load(path, SEED, any_sources=True).done == state.done
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(StateError, match="--state"):
        State.load(path, SEED)


def test_the_page_says_what_was_wrong() -> None:
    done = {"values:exp:float4_e2m1fn:0": Outcome(112, 1, ["RNE (0x1p+0)"]), "pairs:add:float8_e5m2:0": Outcome(9, 0)}
    page = markdown(done, 5, SEED, "abc")
    assert "**121 cases, 1 wrong**, 2 of 5 units" in page
    assert "| values | exp | 112 | 1 |" in page
    assert table(done).row_count == 3


SCRIPT = Path(__file__).resolve().parent.parent.parent / "scripts" / "sweep_oracle.py"


def swept(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script."""
    return subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True, check=False)


def test_the_script_prints_counts_goes_on_and_writes_the_page(tmp_path: Path) -> None:
    state, page = str(tmp_path / "state.json"), tmp_path / "page.md"
    once = swept("--state", state, "--only", "values:exp:float4", "--jobs", "2")
    assert once.returncode == 0, once.stderr
    assert "1 of 1 units" in once.stdout
    written = json.loads(Path(state).read_text(encoding="utf-8"))
    written["units"]["values:exp:float4_e2m1fn:0"] |= {"wrong": 2, "first": ["RNE (0x1p+0): wrong"]}
    Path(state).write_text(json.dumps(written), encoding="utf-8")
    again = swept("--state", state, "--only", "values:exp:float4", "--markdown", str(page))
    assert again.returncode == 1, again.stderr
    assert "RNE (0x1p+0): wrong" in again.stdout
    assert "2 wrong**" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("bad", [("--slice", "3/3"), ("--only", "no such unit"), ("--jobs", "0")])
def test_bad_use_of_the_script_is_one_line(tmp_path: Path, bad: tuple[str, str]) -> None:
    found = swept("--state", str(tmp_path / "state.json"), *bad)
    assert found.returncode == 2
    assert bad[0] in found.stderr
