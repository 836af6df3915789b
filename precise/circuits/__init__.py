"""Threshold circuits for the operations on p-bit floats: built, measured, evaluated, exported.

A gate is `[sum of weight * bit >= threshold]` with integer weights and any fan-in; AND, OR and MAJORITY are cases of
it, NOT is a weight. Every operation is a family of circuits whose depth does not depend on p or n; constructions take
widths from p and n, and never switch on them. A bit may be an exact linear form of gates instead of a gate (`form`),
which costs no level until it is an output.

>>> from precise.circuits import Layout, build, evaluate, measure
>>> from precise.dyadic import Dyadic
>>> adder = build("add", 4)
>>> measure(adder).depth, measure(adder).gates
(12, 322)
>>> layout = Layout.paper(4)
>>> one, half = layout.encode(Dyadic(1)), layout.encode(Dyadic(1, -1))
>>> [layout.decode(int(code)) for code in evaluate(adder, [one], [half])[0]]
[Dyadic(3, -1)]
"""

from precise.circuits.circuit import Circuit, Port
from precise.circuits.evaluate import engines, evaluate, evaluate_bits, evaluate_words
from precise.circuits.fixed_layout import FixedLayout
from precise.circuits.fixed_operations import FIXED_OPERATIONS, build_fixed
from precise.circuits.float_sine import wave_circuit
from precise.circuits.floats import Layout
from precise.circuits.measure import Measure, measure
from precise.circuits.operations import OPERATIONS, Operation, Request, build, operation

__all__ = [
    "FIXED_OPERATIONS",
    "OPERATIONS",
    "Circuit",
    "FixedLayout",
    "Layout",
    "Measure",
    "Operation",
    "Port",
    "Request",
    "build",
    "build_fixed",
    "engines",
    "evaluate",
    "evaluate_bits",
    "evaluate_words",
    "measure",
    "operation",
    "wave_circuit",
]
