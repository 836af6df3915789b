"""The ledger entries on floats: verdicts, scopes, least counterexamples, and the tools that they search with."""

from fractions import Fraction

import flint
import pytest

from precise.claims import Counterexample, Evidence, Statement, Tier, Verdict
from precise.claims.checking import run_step
from precise.claims.verdict import of_statement
from proofs import (
    _all_pairs,
    _taylor,
    def_float,
    def_ops,
    def_round,
    def_slash,
    lem_exp,
    lem_floor,
    lem_ops_correct,
    lem_round_rel_error,
    lem_sqrt,
    lem_working_precision,
)
from proofs._rounding_by_search import MODES, ieee_members, paper_members

MODULES = (
    def_float,
    def_round,
    def_slash,
    def_ops,
    lem_round_rel_error,
    lem_ops_correct,
    lem_floor,
    lem_working_precision,
    lem_exp,
    lem_sqrt,
)
STATEMENTS: dict[str, Statement] = {s.label: s for module in MODULES for s in module.STATEMENTS}
CIRCUITS = ["lem:floor", "lem:exp", "lem:sqrt"]
PACKAGE = [label for label in STATEMENTS if label.endswith(("@package", "@stochastic"))]
LISTED = ["lem:exp@unreachable", "def:round@two-ways"]  # counts and comparisons at listed p
QUICK = {label: [step for step in s.steps if step.tier is Tier.QUICK] for label, s in STATEMENTS.items()}
ABSTRACT = [
    label for label in STATEMENTS if label not in [*PACKAGE, *CIRCUITS] and QUICK[label] and "@circuit" not in label
]

# The least counterexamples, in the order that each step states.
LEAST = {
    "def:float@printed/closed-under-negation": "p = 1, m = 1, e = -2, open_end = -1",
    "def:float@printed/pairs-are-unique": "p = 1, m1 = 0, e1 = -2, m2 = 0, e2 = -1",
    "def:round@printed/some-neighbour-of-a-tie-is-even": (
        "p = 1, x = 3/8, low = 1/4, high = 1/2, m1 = 1, m2 = 1, even = 0"
    ),
    "def:round@printed/only-one-neighbour-of-a-tie-is-even": (
        "p = 2, x = 1/16, low = 0, high = 1/8, m1 = 0, m2 = 2, even = 2"
    ),
    "def:slash@printed/rounds-as-the-quotient": "a = 2, b = 5, slash = 21/40, got = 1, right = 0",
    "def:ops@printed/addition-is-correctly-rounded": (
        "p = 2, m1 = 3, e1 = -4, m2 = 3, e2 = -1, got = 2, right = 3/2, exact = 27/16"
    ),
    "def:ops@printed/division-is-correctly-rounded": (
        "p = 2, m1 = 2, e1 = -4, m2 = -3, e2 = -4, got = -1/2, right = -3/4, exact = -2/3"
    ),
    "def:ops@printed/addition-has-the-error-bound": (
        "p = 3, m1 = -5, e1 = -8, m2 = -4, e2 = -5, got = -1/8, right = -5/32, exact = -37/256"
    ),
    "def:ops@printed/comparison-is-right": "p = 2, m1 = -2, e1 = -4, m2 = 0, e2 = 1, got = False, right = True",
    "def:ops@printed/any-zero-can-be-added": (
        "p = 2, m1 = 3, e1 = -4, m2 = 0, e2 = 0, got = 1/8, right = 3/16, exact = 3/16"
    ),
    "def:ops@printed/floor-is-the-floor": "p = 2, m = 2, e = -4, got = 1/8, right = 0",
    "lem:round-rel-error@without-range/differences-have-the-relative-error": (
        "p = 2, m1 = 2, e1 = -4, m2 = 3, e2 = -4, got = 0"
    ),
    "lem:exp@printed/large-arguments-have-a-float": "p = 2, x = 4, bound = 54, end = 24",
    "lem:exp@printed/small-arguments-have-a-float": "p = 2, x = -3, bound = 1/20, end = 1/8",
    "lem:sqrt@printed/parity-of-the-exponent-decides": "p = 3, m = 4, e = -8, k = -5, r = 1/2",
}


@pytest.mark.parametrize("label", CIRCUITS)
def test_circuits_are_assumed_and_rest_on_the_value(label: str) -> None:
    """What is cited is shown as assumed, apart from the value, which is proved."""
    statement = STATEMENTS[label]
    records = [run_step(statement, step) for step in statement.steps]
    assert of_statement([r.found for r in records], []) is Verdict.ASSUMED
    assert statement.uses == (f"{label}@value",)


@pytest.mark.parametrize("label", ABSTRACT)
def test_verdict_of_entry(label: str) -> None:
    """Printed forms are refuted and repaired ones proved, every step as expected and every mutant rejected."""
    statement = STATEMENTS[label]
    records = [run_step(statement, step) for step in QUICK[label]]
    assert [r.id for r in records if r.reason] == []
    proved = Verdict.PROVED_LISTED if label in LISTED else Verdict.PROVED
    expected = Verdict.REFUTED if statement.expects_refuted else proved
    assert of_statement([r.found for r in records], []) is expected
    for record in records:
        assert record.as_expected, record.id
        assert record.mutants
        assert all(m.rejected for m in record.mutants), record.id
        if record.id in LEAST:
            assert str(record.counterexample) == LEAST[record.id]


def test_every_pinned_counterexample_is_a_step() -> None:
    steps = {f"{s.label}/{step.id}" for s in STATEMENTS.values() for step in s.steps if step.expects_refuted}
    assert set(LEAST) <= steps


@pytest.mark.parametrize("label", PACKAGE)
def test_package_entries_declare_cells_and_mutants(label: str) -> None:
    for step in STATEMENTS[label].steps:
        assert step.cells, step.id
        assert step.mutants, step.id


def test_quick_steps_of_the_package_hold() -> None:
    quick = {"zero-divisors-are-refused", "special-data-of-functions"}
    found = {
        step.id: run_step(STATEMENTS[label], step).found
        for label in PACKAGE
        for step in STATEMENTS[label].steps
        if step.id in quick
    }
    assert found == dict.fromkeys(quick, Verdict.PROVED)


def test_counts_of_the_exponential() -> None:
    """How many floats have an exponential that no float is near to, for p = 2..5, by sign."""
    lines = {}
    for step in lem_exp.PRINTED.steps[:2]:
        record = run_step(lem_exp.PRINTED, step)
        assert record.counterexample is not None
        lines[step.id] = [line.split(": ")[1].split(" of")[0] for line in record.counterexample.lines[1:]]
    assert lines == {
        "large-arguments-have-a-float": ["6", "29", "122", "503"],
        "small-arguments-have-a-float": ["7", "31", "126", "508"],
    }


@pytest.mark.parametrize(
    ("x", "values"),
    [
        (Fraction(5, 2), (2, 3, 2, 3, 2, 3, 3)),  # between 2 = 2*2**0 and 3 = 3*2**0: a tie
        (Fraction(-5, 2), (-2, -3, -2, -2, -3, -3, -3)),
        (Fraction(7, 2), (4, 4, 3, 4, 3, 4, 3)),
        (Fraction(1, 16), (0, Fraction(1, 8), 0, Fraction(1, 8), 0, Fraction(1, 8), Fraction(1, 8))),
        (Fraction(30), (24, 24, 24, 24, 24, 24, 24)),
    ],
)
def test_search_rounds_two_bit_floats(x: Fraction, values: tuple[int | Fraction, ...]) -> None:
    members = paper_members(2)
    assert tuple(members.nearest(x, mode) for mode in MODES) == values


def test_search_knows_the_end_of_e4m3() -> None:
    members = ieee_members(4, -6, 8, cut=1)
    assert members.fraction(members.largest) == 448
    assert members.fraction(members.values[-1]) == 480
    assert len(members.values) == 128


@pytest.mark.parametrize("name", ["exp", "log", "sin", "cos", "tan", "tanh"])
@pytest.mark.parametrize("x", [Fraction(1, 1000), Fraction(5, 7), Fraction(3), Fraction(24), Fraction(-19, 8)])
def test_series_enclose_what_arb_encloses(name: str, x: Fraction) -> None:
    """The enclosures by series overlap those of Arb, and are narrow."""
    if name == "log" and x <= 0:
        x = -x
    low, high = getattr(_taylor, name)(x, 80)
    assert low <= high
    assert high - low < Fraction(1, 2**60) * abs(low)
    before = flint.ctx.prec
    flint.ctx.prec = 120
    try:
        ball = getattr(flint.arb(flint.fmpq(x.numerator, x.denominator)), name)()
        ends = [flint.arb(flint.fmpq(end.numerator, end.denominator)) for end in (low, high)]
        assert not ball < ends[0]
        assert not ball > ends[1]
    finally:
        flint.ctx.prec = before


def test_cases_with_a_seed_prove_nothing() -> None:
    statement = STATEMENTS["def:round@stochastic"]
    (record,) = [run_step(statement, step) for step in statement.steps]
    assert (record.found, record.letter, record.reason) == (Verdict.NOT_REFUTED, "T", "3,328 cases, seed 11")
    assert all(m.rejected for m in record.mutants)


def test_a_product_of_floats_is_compared_with_that_of_their_values() -> None:
    right = _all_pairs.multiplications(_all_pairs.whole_product, (2, 3))
    assert isinstance(right, Evidence)
    assert right.cases == 33**2 + 129**2
    wrong = _all_pairs.multiplications(_all_pairs.short_product, (4,))
    assert isinstance(wrong, Counterexample)
