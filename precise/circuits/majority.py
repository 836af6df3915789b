"""Plain MAJORITY: a linear threshold gate as one gate that is 1 iff more than half of its inputs are 1.

Each input is repeated |weight| times, negated where the weight is negative, and constants fill up: the same depth,
and as many wires as the weights add up to. The other direction needs nothing: MAJORITY of s inputs is `[sum >= s // 2
+ 1]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MajorityGate:
    """MAJORITY of literals and constants.

    Parameters
    ----------
    literals
        Pairs (input, negated), with repetitions.
    zeros, ones
        How many constants are added.
    """

    literals: tuple[tuple[int, bool], ...]
    zeros: int
    ones: int

    @property
    def fan_in(self) -> int:
        """The number of inputs, constants included."""
        return len(self.literals) + self.zeros + self.ones

    def value(self, bits: Sequence[int]) -> int:
        """Return 1 iff more than half of the inputs are 1."""
        ones = sum(bits[i] ^ negated for i, negated in self.literals) + self.ones
        return int(2 * ones > self.fan_in)


def as_majority(weights: Sequence[int], threshold: int) -> MajorityGate:
    """Return the MAJORITY gate of `[sum of weights * bits >= threshold]`."""
    literals = tuple((i, w < 0) for i, w in enumerate(weights) for _ in range(abs(w)))
    least = threshold - sum(w for w in weights if w < 0)  # how many literals must be 1
    excess = 2 * least - 1 - len(literals)
    return MajorityGate(literals, max(excess, 0), max(-excess, 0))


def as_threshold(fan_in: int) -> tuple[tuple[int, ...], int]:
    """Return weights and threshold of MAJORITY of `fan_in` inputs."""
    return (1,) * fan_in, fan_in // 2 + 1
