"""Connection functions of the families on integers: counts, symmetric functions, sums, comparison, shift, product.

Each is a plan (`connection_plan`): the family before folding. What `assemble` makes of a member is, gate by gate, the
circuit that `integer_operations` builds, with one difference: where columns are added, blocks have a gate for every
threshold that their bits can hold, also where the built circuit knows that so large a value does not occur. Such gates
are never 1; function and depth are the same. With `tight` they are left out, and the circuits are equal again; which
thresholds a block has is then found in O(log n) word operations instead of O(1).
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from precise.circuits.connection_blocks import add, at_least, equal_to, leading_one, output, shift_right
from precise.circuits.connection_counts import Count, Symmetric
from precise.circuits.connection_plan import Plan
from precise.circuits.connection_runs import Run
from precise.circuits.connection_sums import Columns, add_counted_columns, block_places, multiply


def _thresholds(plan: Plan, n: int) -> int:
    """Return the kind of the gates `at least k of n bits are 1`, k = 1 .. n."""
    bits = plan.inputs_of("x", n)
    return plan.gates_of("at least", (1, n + 1), ((bits, lambda a, b: Run(0, n)),), lambda a, b: a)


def symmetric_plan(n: int, rule: Callable[[int], int]) -> Plan:
    """Return the family of a symmetric function of n bits: `rule` of their count, a closed form."""
    plan = Plan(n)
    return plan.results_are(output(plan, Symmetric(_thresholds(plan, n), n, rule)))


def parity_plan(n: int) -> Plan:
    """Return the family of parity."""
    return symmetric_plan(n, lambda k: k & 1)


def interval_plan(n: int, low: int, high: int) -> Plan:
    """Return the family of `low <= count < high`."""
    return symmetric_plan(n, lambda k: 1 if low <= k < high else 0)


def count_plan(n: int) -> Plan:
    """Return the family of the bits of a count."""
    plan = Plan(n)
    return plan.results_are(output(plan, Count(_thresholds(plan, n), n)))


def add_plan(width: int) -> Plan:
    """Return the family of x + y, one bit longer than its operands."""
    plan = Plan(width)
    x, y = plan.inputs_of("x", width), plan.inputs_of("y", width)
    return plan.results_are(output(plan, add(plan, "sum", x, y, width).word))


def compare_plan(width: int) -> Plan:
    """Return the family of `x >= y`."""
    plan = Plan(width)
    x, y = plan.inputs_of("x", width), plan.inputs_of("y", width)
    return plan.results_are(output(plan, at_least(plan, "compare", x, y)))


def shift_plan(width: int) -> Plan:
    """Return the family of `x >> d`, 0 for d beyond the width."""
    plan = Plan(width)
    x = plan.inputs_of("x", width)
    d = plan.inputs_of("d", max(1, (width - 1).bit_length()))
    hot = equal_to(plan, "decode", d, (0, width))
    return plan.results_are(output(plan, shift_right(plan, "shift", x, hot, (0, width), 0, width)))


def leading_one_plan(width: int) -> Plan:
    """Return the family of the one-hot place of the highest 1."""
    plan = Plan(width)
    return plan.results_are(leading_one(plan, "leading", plan.inputs_of("x", width)))


def sum_plan(width: int, count: int, *, tight: bool = False) -> Plan:
    """Return the family of the exact sum of `count` integers."""
    total = width + (count - 1).bit_length()
    plan = Plan(max(total, count, 1 << (2 << block_places(count.bit_length()))))
    columns = Columns(plan.columns_of("x", width, count), lambda v: count, count, width * count)
    bits = add_counted_columns(plan, "sum", columns, total, tight=tight)
    return plan.results_are(output(plan, bits))


def multiply_plan(width: int, *, tight: bool = False) -> Plan:
    """Return the family of the exact product of two integers."""
    plan = Plan(max(2 * width, 1 << (2 << block_places(width.bit_length()))))
    x, y = plan.inputs_of("x", width), plan.inputs_of("y", width)
    return plan.results_are(output(plan, multiply(plan, "product", x, y, tight=tight)))


PLANS: Final = MappingProxyType(
    {
        "parity": parity_plan,
        "count": count_plan,
        "integer_add": add_plan,
        "integer_compare": compare_plan,
        "integer_multiply": multiply_plan,
        "shift": shift_plan,
        "leading_one": leading_one_plan,
    }
)
"""Families with one size, by the name of the operation that is built."""
