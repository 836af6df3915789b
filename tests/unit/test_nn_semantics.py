"""Every body in every namespace: one program, and the meanings agree."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from bodies import NAMES, SUBJECTS, Subject, inputs

from precise import bfloat16, binary32, enclosure, exact, rounded, symbolic
from precise.errors import NamespaceError
from precise.nn import TRIPLE_VARIANTS, apply_rope, khatri_rao, rope_tensor_scores, rotation_table

RNG = np.random.default_rng(20241218)


@pytest.mark.parametrize("subject", SUBJECTS, ids=NAMES)
def test_the_enclosure_is_narrow_and_contains_what_binary64_is_close_to(subject: Subject) -> None:
    xp, arrays = enclosure(160), inputs(subject)
    balls = xp.intervals(subject.call(*map(xp.asarray, arrays)))
    machine = subject.call(*arrays)
    assert balls.shape == machine.shape
    for index in np.ndindex(machine.shape):
        assert balls[index].width.to_fraction() < Fraction(1, 2**120)
        # inputs and all intermediate results lie below 2**10 (exponentials included), fewer than 2**10 roundings
        assert abs(balls[index].lower.to_fraction() - Fraction(float(machine[index]))) < Fraction(1, 2**33)


@pytest.mark.parametrize("subject", SUBJECTS, ids=NAMES)
def test_rounding_to_many_bits_comes_close_to_the_enclosure(subject: Subject) -> None:
    arrays = inputs(subject)
    wide, balls = rounded("p=100"), enclosure(160)
    got = subject.call(*map(wide.asarray, arrays)).elements()
    reference = balls.intervals(subject.call(*map(balls.asarray, arrays)))
    for index in np.ndindex(got.shape):
        assert abs(got[index].to_fraction() - reference[index].lower.to_fraction()) < Fraction(1, 2**80)


@pytest.mark.parametrize("format", [bfloat16, binary32], ids=str)
@pytest.mark.parametrize("subject", SUBJECTS, ids=NAMES)
def test_the_engines_of_the_rounded_namespace_take_every_body(subject: Subject, format: object) -> None:
    xp = rounded(format)
    got = subject.call(*map(xp.asarray, inputs(subject)))
    assert got.dtype == format
    assert got.shape == subject.call(*inputs(subject)).shape


@pytest.mark.parametrize("subject", [s for s in SUBJECTS if s.closed], ids=[s.name for s in SUBJECTS if s.closed])
def test_closed_bodies_are_exact(subject: Subject) -> None:
    xp, arrays = exact(), inputs(subject)
    fractions = [np.frompyfunc(Fraction, 1, 1)(x) for x in arrays]
    assert np.array_equal(subject.call(*map(xp.asarray, arrays)).elements(), subject.call(*fractions))


@pytest.mark.parametrize(
    "name",
    ["softmax paper", "rms_norm", "affine", "silu", "kron", "khatri_rao", "face_splitting", "complex_khatri_rao",
     "rotation_matrix", "apply_rope planes", "apply_rope matrix", "attention", "rope_attention", "tensor_attention",
     *(f"rope_tensor_attention {v}" for v in TRIPLE_VARIANTS)],
)  # fmt: skip
def test_expressions_take_the_values_of_the_enclosure(name: str) -> None:
    subject = SUBJECTS[NAMES.index(name)]
    arrays, xp, balls = inputs(subject), symbolic(), enclosure(160)
    symbols = [xp.symbols(f"x{k}", a.shape) for k, a in enumerate(arrays)]
    values = {
        s: xp.element(float(v))
        for x, a in zip(symbols, arrays, strict=True)
        for s, v in zip(x.elements().ravel(), a.ravel(), strict=True)
    }
    got = subject.call(*symbols).elements()
    reference = balls.intervals(subject.call(*map(balls.asarray, arrays)))
    for index in np.ndindex(got.shape):
        number = got[index].subs(values).evalf(40)
        assert abs(Fraction(str(number)) - reference[index].lower.to_fraction()) < Fraction(1, 2**80)


def test_symbols_prove_the_split_of_a_rotation() -> None:
    xp = symbolic()
    q, k1, k2, theta = (xp.symbols(n, s) for n, s in (("q", (2, 2)), ("a", (2, 2)), ("b", (2, 2)), ("t", (1,))))
    for variant in ("flat", "pair-sum", "first-key"):
        direct = rope_tensor_scores(q, k1, k2, theta=theta, variant=variant)
        split = rope_tensor_scores(q, k1, k2, theta=theta, variant=variant, evaluation="split")
        for x, y in zip(direct.elements().ravel(), split.elements().ravel(), strict=True):
            assert (x - y).rewrite("exp").expand() == 0


def test_arrays_of_two_namespaces_do_not_mix() -> None:
    x = rounded(bfloat16).asarray([[1.0, 2.0]])
    for other in (np.ones((1, 2)), exact().asarray([[1.0, 2.0]]), rounded(binary32).asarray([[1.0, 2.0]])):
        with pytest.raises(NamespaceError, match="namespace_of: all arrays must have one namespace"):
            khatri_rao(x, other)


def test_a_table_of_another_arithmetic_is_brought_in_by_name() -> None:
    wide, narrow = rounded(binary32), rounded(bfloat16)
    table = rotation_table(wide.asarray([1.0, 0.01]), 0, 2)
    cos, sin = (narrow.asarray(x) for x in table.at(0, 3))
    x = narrow.asarray(np.ones((3, 4)))
    assert apply_rope(x, cos, sin).dtype == bfloat16
    with pytest.raises(NamespaceError):
        apply_rope(x, table.cos, table.sin)


@pytest.mark.parametrize("mode", ["RNE", "RTP", "RTN", "RTZ", "RAZ", "RTO"])
def test_planes_and_matrix_rotate_alike_in_every_mode(mode: str) -> None:
    xp = rounded("p=5", mode)
    x, cos, sin = (xp.asarray(RNG.uniform(-1, 1, shape)) for shape in ((40, 4), (40, 2), (40, 2)))
    by_planes, by_matrix = apply_rope(x, cos, sin), apply_rope(x, cos, sin, product="matrix")
    assert np.array_equal(by_planes.elements(), by_matrix.elements())
