"""Orders of accumulation on the command line: every form is read, and an order without a bound says so."""

from __future__ import annotations

import pytest
from command_line import assert_one_line, run

MATMUL = ("compare", "matmul", "--formats", "bf16", "--size", 5)


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("blocked(4)", "sums blocked(4), products rounded"),
        ("split(2) in fp32 RTZ, products exact", "sums split(2) in binary32 RTZ, products exact"),
        ("tensor-core(16,25)", "sums tensor-core(16, 25), products exact"),
        ("promoted(4, tensor-core(2, 14)) in fp32", "sums promoted(4, tensor-core(2, 14)) in binary32, products exact"),
    ],
)
def test_orders_are_read_and_bounded(order: str, said: str) -> None:
    found = run(*MATMUL, "--accumulate", order)
    assert found.exit_code == 0
    text = " ".join(found.stdout.split())
    assert said in text
    assert "no bound" not in text
    assert "none" not in text


@pytest.mark.parametrize("order", ["kahan", "neumaier in fp32", "promoted(2, kahan)"])
def test_orders_without_a_bound_say_so(order: str) -> None:
    found = run(*MATMUL, "--accumulate", order)
    assert found.exit_code == 0
    text = " ".join(found.stdout.split())
    assert "bfloat16: no bound: bounding: order of accumulation must be one with an error bound; got" in text


def test_the_help_lists_the_orders() -> None:
    text = " ".join(run("compare", "--help").stdout.split())
    for form in ("blocked(b)", "promoted(b, ORDER)", "split(s)", "kahan", "neumaier", "tensor-core(k, bits)"):
        assert form in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--accumulate", "blocked"), "order must be one of"),
        (("--accumulate", "blocked(0)"), "size of blocked must be an integer"),
        (("--accumulate", "kahan in fp32", "--accumulator", "bf16"), "must not name a format"),
        (("--accumulate", "exact", "--accumulator", "bf16"), "an order that rounds its steps"),
    ],
)
def test_bad_orders_are_one_line(arguments: tuple[str, ...], message: str) -> None:
    assert_one_line(run(*MATMUL, *arguments), message)
