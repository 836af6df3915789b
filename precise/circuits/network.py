"""Networks of circuits: which operation reads which, how deep and how large they are together.

Each operation is one circuit, and a call of it stands for as many instances as there are elements. Depths add along the
path, since the outputs of one operation are signals, the inputs of the next; sizes add over all instances.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from precise.circuits.measure import Measure
from precise.circuits.operations import operation
from precise.circuits.paths import Path, longest, path

D = TypeVar("D", int, Path)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an operation: its number, name, operands of an instance and instances, and the calls it reads."""

    number: int
    name: str
    operands: int
    instances: int
    sources: frozenset[int]

    @property
    def kind(self) -> str:
        """The operation, with the number of operands where it is free: `sum 3`."""
        return f"{self.name} {self.operands}" if operation(self.name).operands == "n" else self.name


@dataclass(frozen=True, slots=True)
class Network:
    """The network behind an array: the calls whose results it holds (by number), and all calls behind it."""

    sources: frozenset[int]
    calls: frozenset[Call]

    @property
    def path(self) -> Path:
        """The depth as an expression in the depths of the operations."""
        return self._longest(lambda call: path(**{call.name: 1}), longest)

    def depth(self, depth_of: Callable[[str, int], int]) -> int:
        """Return the depth for given depths of operations, by name and number of operands."""
        return self._longest(lambda call: depth_of(call.name, call.operands), lambda found: max(found, default=0))

    def _longest(self, own: Callable[[Call], D], most: Callable[[Iterable[D]], D]) -> D:
        """Return the longest path, for the depth of a call and a maximum of depths."""
        found: dict[int, D] = {}
        for call in sorted(self.calls, key=lambda c: c.number):
            found[call.number] = most([found[i] for i in call.sources]) + own(call)
        return most([found[i] for i in self.sources])

    @property
    def instances(self) -> dict[str, int]:
        """How many copies of each operation there are; a sum of n terms is `sum 3`."""
        found = Counter[str]()
        for call in self.calls:
            found[call.kind] += call.instances
        return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class NetworkSize:
    """What a network costs.

    Parameters
    ----------
    depth
        The largest number of gates on a path.
    gates, wires, stored_wires
        Sums over all instances; `wires` has one row a gate, `stored_wires` shared rows once.
    largest_weight, fan_in
        Over all circuits.
    instances
        How many copies of each operation there are; a sum of n terms is `sum 3`.
    """

    depth: int
    gates: int
    wires: int
    stored_wires: int
    largest_weight: int
    fan_in: int
    instances: dict[str, int]


def side_by_side(networks: Sequence[Network]) -> Network:
    """Return several networks as one; what they share is there once."""
    calls = [n.calls for n in networks]
    return Network(frozenset[int]().union(*(n.sources for n in networks)), frozenset[Call]().union(*calls))


def total_size(network: Network, measure: Callable[[str, int], Measure]) -> NetworkSize:
    """Return the size of a network, for the sizes of its circuits by name and number of operands."""
    sizes = [(measure(call.name, call.operands), call.instances) for call in network.calls]
    return NetworkSize(
        depth=network.depth(lambda name, n: measure(name, n).depth),
        gates=sum(size.gates * copies for size, copies in sizes),
        wires=sum(size.wires * copies for size, copies in sizes),
        stored_wires=sum(size.stored_wires * copies for size, copies in sizes),
        largest_weight=max((size.largest_weight for size, _ in sizes), default=0),
        fan_in=max((size.fan_in for size, _ in sizes), default=0),
        instances=network.instances,
    )
