"""MPFR numbers as carriers: exact conversions, mixed arrays in every function of a namespace, comparisons."""

from __future__ import annotations

import pickle
import random
from fractions import Fraction

import gmpy2
import numpy as np
import pytest
from unit.wide_cases import SEED, array, element, points, spec_of

from precise import Dyadic, rounded
from precise.dyadic import Element, Special
from precise.engines.carrier import Objects, element_of, object_array, stored, to_lanes, to_objects
from precise.engines.comparing import COMPARISONS, compare, extremum, reduce_extremum
from precise.engines.wide_numbers import MPFR, SPAN, are_regular, element_of_mpfr, holds_mpfr, mpfr_array, mpfr_of
from precise.errors import NotRepresentableError, UnsupportedError
from precise.formats.format import Fixed, Float, Format, unbounded
from precise.formats.named import binary64
from precise.semantics.array import Array


def kinds(data: Objects) -> set[type]:
    """Return the types of the elements."""
    return set(map(type, data.ravel().tolist()))


def test_conversions_are_exact_both_ways() -> None:
    rng = random.Random(SEED)
    data = [element(x) for p in (53, 113, 1024) for x in points(spec_of(p, "IEEE"), rng, 60)]
    data += [Dyadic(rng.getrandbits(70) | 1, sign * (SPAN - 80)) for sign in (1, -1)]
    assert [element_of_mpfr(mpfr_of(x)) for x in data] == data
    for x in data:
        if isinstance(x, Dyadic) and x.c and abs(x.q) < 10**4:
            assert gmpy2.mpq(*mpfr_of(x).as_integer_ratio()) == gmpy2.mpq(x.to_fraction())
    assert {str(mpfr_of(x)) for x in Special} == {"-0.0", "inf", "-inf", "nan"}


@pytest.mark.parametrize("x", [Dyadic(1, SPAN), Dyadic(-3, SPAN - 1), Dyadic(1, -SPAN - 1), Dyadic(1, 10**30)])
def test_numbers_near_the_end_of_mpfr_stay_dyadic(x: Dyadic) -> None:
    with pytest.raises(UnsupportedError):
        mpfr_of(x)
    assert kinds(stored(object_array([x, Dyadic(1)], (2,)), unbounded(64))) == {Dyadic}
    assert kinds(stored(object_array([mpfr_of(Dyadic(1)), x], (2,)), unbounded(64))) == {Dyadic, MPFR}


@pytest.mark.parametrize(
    ("fmt", "numbers", "kind"),
    [
        (unbounded(54), [Dyadic(3), Special.NAN], MPFR),
        (unbounded(24), [Dyadic(3, 5000), Special.NEG_ZERO], MPFR),
        (unbounded(24), [Dyadic(3), Special.NEG_ZERO], float),
        (binary64, [Dyadic(3, -1074), Special.NEG_INF], float),
        (Fixed(80, 0), [Dyadic(3, 60)], Dyadic),
    ],
    ids=str,
)
def test_a_format_decides_how_its_elements_are_held(fmt: Format, numbers: list[Element], kind: type) -> None:
    data = object_array(numbers, (len(numbers),))
    held = stored(data, fmt)
    assert kinds(held) == {kind}
    again = stored(object_array([mpfr_of(x) for x in numbers], data.shape), fmt)
    assert (kinds(again) == {kind} or kind is Dyadic) and to_objects(again).tolist() == numbers
    assert to_objects(held).tolist() == numbers


def test_floats_leave_exactly_or_not_at_all() -> None:
    values = [0.0, -0.0, 5e-324, -1.5, 1.7976931348623157e308, float("inf"), float("-inf"), float("nan")]
    held = object_array([mpfr_of(element_of(v)) for v in values], (8,))
    assert [v.hex() for v in to_lanes(held).tolist()] == [v.hex() for v in values]
    for x in (Dyadic((1 << 53) + 1), Dyadic(1, -1075), Dyadic(1, 1024), Dyadic(3, -1075)):
        with pytest.raises(NotRepresentableError):
            to_lanes(object_array([mpfr_of(Dyadic(1)), mpfr_of(x)], (2,)))


@pytest.mark.parametrize("nan", [False, True])
@pytest.mark.parametrize("mixed", [False, True])
def test_comparisons_do_not_depend_on_the_carrier(mixed: bool, nan: bool) -> None:
    rng = random.Random(SEED)
    xs = [x for x in points(spec_of(60, "IEEE"), rng, 60) if nan or x != "nan"]
    ys = xs[:]
    rng.shuffle(ys)
    ys[:10], xs[10:13], ys[10:13] = xs[:10], [Fraction(0), "-0", "-0"], ["-0", Fraction(0), "-0"]
    plain = array(xs), array(ys)
    held = (
        (array(xs, rng), array(ys, rng)) if mixed else [object_array(map(mpfr_of, a.tolist()), a.shape) for a in plain]
    )
    for op in sorted(COMPARISONS):
        assert compare(op, *held).tolist() == compare(op, *plain).tolist()
    for op in ("maximum", "minimum", "maximum_number", "minimum_number"):
        assert to_objects(extremum(op, *held)).tolist() == extremum(op, *plain).tolist()
    for op in ("max", "min"):
        ours, theirs = (reduce_extremum(op, a[0][None]) for a in (held, plain))
        assert to_objects(np.asarray(ours)).tolist() == theirs.tolist()


def test_namespaces_move_and_show_both_kinds() -> None:
    xp = rounded(Float(80, -(2**40), 2**40))
    near, far = xp.asarray([[1.5, -0.0], [3, 4]]), xp.asarray([[Dyadic(3, 2**39), 1], [2, 5]])
    assert kinds(near.data) == {MPFR} and kinds(far.data) == {Dyadic}
    both = xp.concat([near, far])
    assert kinds(both.data) == {MPFR, Dyadic} and kinds(both.elements()) <= {Dyadic, Special}
    texts = [str(x) for x in both.elements().ravel()[:6].tolist()]
    assert texts == ["0x1.8p+0", "-0", "0x1.8p+1", "0x1p+2", f"0x1.8p+{2**39 + 1}", "0x1p+0"]
    assert (near + near).engine == "wide" and (both + both).engine == "reference"
    assert both[0, 1].item() is Special.NEG_ZERO and near[1, 0].item() == 3
    picked = xp.where(xp.less(near, far), far, near)
    assert xp.reshape(picked, (4,)).elements().tolist() == [Dyadic(3, 2**39), 1, 3, 5]
    assert xp.max(near).item() == 4 and near.to_float64().tolist() == [[1.5, 0.0], [3.0, 4.0]]
    assert str(near) == str(Array(to_objects(near.data), xp, near.engine))
    assert to_objects(pickle.loads(pickle.dumps(near.data))).tolist() == near.elements().tolist()


@pytest.mark.parametrize("numbers", [[1.5, 2.5], [1, 2], ["0.1", 3], [Fraction(1, 3), 2]], ids=str)
def test_what_enters_a_wide_format_is_held_as_mpfr(numbers: list[object]) -> None:
    xp = rounded("binary128")
    x = xp.asarray(numbers)
    assert kinds(x.data) == {MPFR} and (x * x).engine == xp.exp(x).engine == xp.sum(x).engine == "wide"
    slow = rounded("binary128", engine="reference")
    y = slow.asarray(numbers)
    assert xp.exp(x * x).elements().tolist() == slow.exp(y * y).elements().tolist()


def test_the_engine_can_be_asked_for_by_name() -> None:
    xp = rounded("binary64", engine="wide")
    x = xp.asarray([0.1, -2.0])
    assert x.engine == "wide" and xp.sin(x).data.dtype == np.float64
    slow = rounded("binary64", engine="reference")
    assert xp.sin(x).to_float64().tolist() == slow.sin(slow.asarray([0.1, -2.0])).to_float64().tolist()


def test_what_is_known_of_an_array_holds_for_its_views_only() -> None:
    one, half = mpfr_of(Dyadic(1)), Dyadic(1, -1)
    made, mixed = mpfr_array([one] * 6, (2, 3)), object_array([one, half], (2,))
    for view in (made, made.T, made[0], made[:, 1:].reshape(4), made.view()):
        assert holds_mpfr(view) and holds_mpfr(view.copy())
    assert not any(map(holds_mpfr, (mixed, mixed[1:], np.concatenate([made[0], mixed]), np.zeros(2))))
    with pytest.raises(ValueError, match="read-only"):
        made[0, 0] = half
    for _ in range(50):  # a new array may get the address of one that is gone
        assert holds_mpfr(mpfr_array([one] * 6, (6,)))
        assert not holds_mpfr(object_array([half] * 6, (6,)))


@pytest.mark.parametrize("odd", [Dyadic(0), *Special], ids=str)
def test_whether_all_are_finite_and_not_zero_is_known_of_made_arrays(odd: Element) -> None:
    one, other = mpfr_of(Dyadic(1)), mpfr_of(odd)
    made, mixed = mpfr_array([one] * 6, (2, 3)), mpfr_array([one, other, one], (3,))
    for _ in range(2):
        assert all(map(are_regular, (made, made.T, made[0], made[:, 1:].T, made.reshape(3, 2))))
        assert not any(map(are_regular, (mixed, mixed[::-1], mixed[1:], made.copy(), np.ones(2))))
        assert not are_regular(np.concatenate([made[0], mixed]))
    for _ in range(50):  # a new array may get the address of one that is gone
        assert are_regular(mpfr_array([one] * 6, (6,)))
        assert not are_regular(mpfr_array([one] * 5 + [other], (6,)))
