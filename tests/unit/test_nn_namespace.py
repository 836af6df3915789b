"""The namespace of the arguments, and the checks on shapes."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from fractions import Fraction

import numpy as np
import pytest

import precise.nn
from precise.errors import NamespaceError, ShapeError
from precise.nn.namespace import broadcastable, constant, ensure, namespace_of

MODULES = sorted(f"precise.nn.{m.name}" for m in pkgutil.iter_modules(precise.nn.__path__))


class Other:
    """An array of a namespace of its own."""

    shape = (2,)

    def __array_namespace__(self) -> str:
        return "other"


def test_the_namespace_of_numpy_arrays_is_numpy() -> None:
    assert namespace_of(np.zeros(2), np.zeros((2, 2), dtype=object)) is np


def test_left_out_arguments_are_skipped() -> None:
    assert namespace_of(None, np.zeros(2), None) is np


def test_c1_no_array_at_all() -> None:
    with pytest.raises(NamespaceError, match="at least one argument must be an array; got none"):
        namespace_of(None)


@pytest.mark.parametrize("wrong", [[1.0], 1.0, "x"])
def test_c1_no_array(wrong: object) -> None:
    with pytest.raises(NamespaceError, match=f"must be an array; got {type(wrong).__name__}"):
        namespace_of(wrong)


def test_c2_two_namespaces() -> None:
    with pytest.raises(NamespaceError, match="must have one namespace; got numpy and other"):
        namespace_of(np.zeros(2), Other())


@pytest.mark.parametrize("name", precise.nn.__all__)
def test_every_public_name_exists(name: str) -> None:
    assert getattr(precise.nn, name).__doc__


@pytest.mark.parametrize("dtype", [np.float32, np.float64, object])
def test_a_constant_has_the_data_type_of_its_model(dtype: type) -> None:
    half = constant(np, Fraction(1, 2), np.zeros(3, dtype=dtype))
    assert half.shape == ()
    assert half.dtype == dtype
    assert half[()] == Fraction(1, 2)


def test_ensure_names_function_condition_and_shapes() -> None:
    with pytest.raises(ShapeError, match=r"^f: a and b must agree; got \[2\] and \[2, 3\]$"):
        ensure(False, "f", "a and b must agree", np.zeros(2), np.zeros((2, 3)))


@pytest.mark.parametrize("left", [(), (1,), (3,), (2, 3), (2, 1), (4, 1, 3), (0,), (2,)])
@pytest.mark.parametrize("right", [(), (1,), (3,), (2, 3), (2, 1), (4, 1, 3), (0,), (2,)])
def test_broadcastable_agrees_with_numpy(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    try:
        np.broadcast_shapes(left, right)
    except ValueError:
        assert not broadcastable(left, right)
    else:
        assert broadcastable(left, right)


@pytest.mark.parametrize("module", MODULES)
def test_examples_run(module: str) -> None:
    result = doctest.testmod(importlib.import_module(module))
    assert result.attempted > 0
    assert result.failed == 0
