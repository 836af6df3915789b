"""`compare` as a whole, against sums of Fractions rounded by search in a list of all values."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from rich.console import Console

from precise.dyadic import Dyadic
from precise.engines.carrier import object_array
from precise.errors import DomainError, FormatError, ShapeError
from precise.formats import Float, bfloat16, binary32, float8_e4m3fn, paper_float, parse_formats, unbounded
from precise.policy import exact_then_round
from precise.rounding import stochastic
from precise.studies.compare import compare
from precise.studies.compare_export import compare_csv, compare_json, compare_markdown
from precise.studies.compare_table import print_comparison
from precise.studies.inputs import BUILD, builtin_inputs
from precise.studies.operations import OPERATIONS
from precise.studies.reals import Power, enclosed_reals, rounded_reals

P, EMIN, EMAX = 3, -6, 6
VALUES = sorted(
    {Fraction(0)} | {s * Fraction(m) * Fraction(2) ** q for s in (1, -1) for q in range(-8, 5) for m in range(1, 8)},
)


def nearest(x):
    """Return the nearest value of the tiny format, an even last digit in a tie; found by comparing distances."""
    distance = min(abs(v - x) for v in VALUES)
    found = [v for v in VALUES if abs(v - x) == distance]
    return found[0] if len(found) == 1 else next(v for v in found if is_even(v))


def is_even(v):
    """Return whether the last digit of a value, in units of the gap above it, is even."""
    if v == 0:
        return True
    gap = min(b - abs(v) for b in VALUES if b > abs(v))
    return (abs(v) / gap) % 2 == 0


def plain_matmul(a, b):
    """Return the product of rounded products, summed exactly and rounded once, beside the exact product."""
    computed, true = {}, {}
    for i, row in enumerate(a):
        for j in range(len(b[0])):
            terms = [row[k] * b[k][j] for k in range(len(row))]
            true[i, j] = sum(terms)
            computed[i, j] = nearest(sum(nearest(t) for t in terms))
    return computed, true


def plain_ulp(x):
    """Return the gap at the magnitude of x in the tiny format, subnormals included."""
    gap = Fraction(2) ** (EMIN - P + 1)
    while gap * 2**P <= abs(x):
        gap *= 2
    return gap


@pytest.mark.parametrize("seed", range(8))
def test_matmul_is_the_brute_force_one(seed):
    fmt = Float(P, EMIN, EMAX)
    inputs = builtin_inputs("matmul", seed, 3)
    small = {"a": inputs["a"][:4], "b": inputs["b"][:, :4]}
    stored = {name: [[nearest(v.to_fraction()) for v in row] for row in x.tolist()] for name, x in small.items()}
    computed, true = plain_matmul(stored["a"], stored["b"])
    found = compare("matmul", [fmt], arrays=small).rows[0].measurement
    errors = {at: abs(computed[at] - true[at]) for at in true}
    assert found.absolute == max(errors.values())
    assert found.mean_absolute == sum(errors.values()) / len(errors)
    assert found.relative == max(e / abs(true[at]) for at, e in errors.items() if true[at])
    assert found.ulps == max(e / plain_ulp(true[at]) for at, e in errors.items())
    assert found.mean_ulps == sum(e / plain_ulp(true[at]) for at, e in errors.items()) / len(errors)
    assert errors[found.worst] == found.absolute
    signed = sum((computed[at] - true[at]) / plain_ulp(true[at]) for at in true) / len(true)
    assert found.bias == (signed, signed)


def test_input_error_counts_only_when_asked():
    tenth = object_array([Dyadic.from_float(0.1)], (1, 1))
    arrays = {"a": tenth, "b": object_array([Dyadic(1)], (1, 1))}
    assert compare("matmul", [bfloat16], arrays=arrays).rows[0].measurement.absolute == 0
    given = compare("matmul", [bfloat16], arrays=arrays, include_input_error=True).rows[0]
    stored = rounded_reals(tenth, given.policy.input_rounder()).item()
    assert given.measurement.absolute == abs(stored - Dyadic.from_float(0.1))
    assert 0 < given.bound.tightest <= 1


def test_true_frequencies_are_powers_and_not_floats():
    theta = builtin_inputs("rope", 0, 4)["theta"]
    assert theta[1] == Power(Fraction(10000), Fraction(-2, 16))
    assert enclosed_reals(theta, 64)[0].width == 0
    assert enclosed_reals(theta, 64)[1].width > 0
    found = compare("rope", [binary32], size=4, include_input_error=True).rows[0]
    assert found.measurement.unsettled == 0
    assert found.measurement.absolute > compare("rope", [binary32], size=4).rows[0].measurement.absolute


def test_enclosure_is_refined_until_it_is_negligible_or_the_stated_end():
    settled = compare("softmax", [binary32], size=4, bits=8).rows[0]
    assert settled.bits > 8
    assert settled.measurement.unsettled == 0
    stopped = compare("softmax", [binary32], size=4, bits=8, most_bits=16).rows[0]
    assert stopped.bits == 16
    assert stopped.measurement.unsettled + stopped.measurement.undefined > 0


def test_undefined_true_values_are_counted():
    row = object_array([Dyadic(3)] * 4, (1, 4))
    found = compare("layer-norm", [bfloat16], arrays={"x": row}, most_bits=128).rows[0].measurement
    assert (found.undefined, found.measured) == (4, 0)


def test_a_refusal_is_a_row_with_its_reason():
    rows = compare("rope", [float8_e4m3fn, bfloat16], size=512).rows
    assert rows[0].measurement is None
    assert "--include-input-error" in rows[0].failure
    assert rows[1].measurement is not None
    zeros = {"x": object_array([Dyadic(0)] * 2, (1, 2))}
    assert "divisor must not be zero" in compare("layer-norm", [paper_float(4)], arrays=zeros).rows[0].failure


@pytest.mark.parametrize("operation", OPERATIONS)
def test_builtin_inputs_are_a_function_of_the_seed_and_fit(operation):
    first, again, other = (builtin_inputs(operation, seed, 4) for seed in (1, 1, 2))
    assert all((first[name] == again[name]).all() for name in first)
    if operation != "rope":
        assert any((first[name] != other[name]).any() for name in first)
    OPERATIONS[operation].check({name: x.shape for name, x in first.items()})


def test_every_operation_has_inputs_and_the_reverse():
    assert set(BUILD) == set(OPERATIONS)


def test_stochastic_rounding_is_deterministic_for_a_seed():
    runs = [
        compare("matmul", [unbounded(5)], rounding=stochastic(seed=seed), size=8).rows[0].measurement
        for seed in (1, 1, 2)
    ]
    assert runs[0] == runs[1] != runs[2]


def test_tolerance_of_each_kind():
    found = compare("matmul", [bfloat16], size=4)
    m = found.rows[0].measurement
    for of, value in (("abs", m.absolute.to_fraction()), ("rel", m.relative), ("ulp", m.ulps.to_fraction())):
        assert found.within(value, of)
        assert not found.within(value * Fraction(999, 1000), of)
    with pytest.raises(DomainError, match="tolerance"):
        found.within(Fraction(1), "bits")
    overflowed = compare("softmax", [float8_e4m3fn])
    assert overflowed.rows[0].measurement.not_finite
    assert not overflowed.within(Fraction(10**9), "abs")


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ({"formats": []}, FormatError, "at least one format"),
        ({"operation": "conv"}, DomainError, "operation must be one of"),
        ({"variant": "fast"}, DomainError, "variant must be left out"),
        ({"size": 0}, DomainError, "size"),
        ({"bits": 1}, DomainError, "bits"),
        ({"arrays": {"a": object_array([Dyadic(1)], (1, 1))}}, ShapeError, "named a, b"),
    ],
)
def test_bad_requests(arguments, error, match):
    with pytest.raises(error, match=match):
        compare(**{"operation": "matmul", "formats": [bfloat16]} | arguments)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_table_fits_100_columns_and_hides_nothing(operation):
    formats = parse_formats("binary32,bf16,e4m3,paper:4,fixed(16,-8),float(11,-14,15)")
    found = compare(operation, formats, size=3)
    console = Console(width=200, record=True, file=None, no_color=True, quiet=False)
    with console.capture() as captured:
        print_comparison(found, console)
    lines = captured.get().splitlines()
    assert max(map(len, lines)) <= 100
    text = " ".join(captured.get().split())
    assert "…" not in text
    for row in found.rows:
        assert row.format.name[:10] in text
    assert OPERATIONS[operation].output in text


def test_a_star_marks_maxima_without_nan_and_infinity():
    found = compare("softmax", [float8_e4m3fn, bfloat16])
    lines = compare_markdown(found).splitlines()
    assert r"\*" in next(line for line in lines if "float8_e4m3fn |" in line)
    assert r"\*" not in next(line for line in lines if "bfloat16 |" in line)
    assert any("* without" in line and "NaN" in line for line in lines)


def test_exports_hold_the_same_numbers_and_repeat():
    documents = []
    for _ in range(2):
        found = compare("attention", [bfloat16, unbounded(11)], size=4, accumulate=exact_then_round, seed=3)
        documents.append(json.dumps(compare_json(found, seconds=False), sort_keys=True))
    assert documents[0] == documents[1]
    rows = json.loads(documents[0])["rows"]
    exact = Dyadic.from_hex(rows[0]["max_error_exact"]).to_fraction()
    assert exact == found.rows[0].measurement.absolute
    assert 0 <= Fraction(rows[0]["max_error"]) - exact <= exact / 10**15
    header, first, second = compare_csv(found).splitlines()
    assert rows[0]["max_error"] in first.split(",")
    assert len(second.split(",")) == len(header.split(","))
    assert "seconds" in compare_json(found)
