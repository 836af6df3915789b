"""The rounded semantics: p-bit arithmetic, every operation rounded once under an explicit policy."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from precise.dyadic import Dyadic
from precise.engines import check_engine, dispatch
from precise.engines.carrier import Data, fits_lanes, object_array, to_lanes, to_objects
from precise.engines.codes import decode_array, encode_array
from precise.engines.comparing import COMPARISONS, EXTREMA, compare, extremum, reduce_extremum
from precise.engines.flags import Flags, Tininess, parse_tininess
from precise.engines.flags_steps import flags_of_request
from precise.errors import NotRepresentableError, UnsupportedError
from precise.formats import Format
from precise.policy import Accumulate, Policy, exact_then_round, make_policy
from precise.rounding import RNE, Overflow, Rounder, Rounding, Underflow, exact_value
from precise.semantics.array import Array
from precise.semantics.namespace import Namespace


@dataclass(frozen=True)
class Rounded(Namespace):
    """The namespace of p-bit arrays; build one with `rounded(...)`."""

    policy: Policy
    engine: str | None = None
    flags: Tininess | None = None

    @property
    def name(self) -> str:  # type: ignore[override]
        """The results' format and rounding, and what else differs from the defaults."""
        return f"rounded({self.policy.summary()})"

    @property
    def element_type(self) -> Format:
        """The results' format."""
        return self.policy.results.format

    def __repr__(self) -> str:
        return f"rounded\n{self.policy}\nengine     {self.engine or 'automatic'}"

    def fold_in(self, number: int) -> Rounded:
        """Return the namespace with fresh random bits for stochastic rounding, a function of `number`.

        Without it, the same element of two additions sees the same random bits.
        """
        return Rounded(self.policy.fold_in(number), self.engine, self.flags)

    # In and out.

    def ingest(self, x: NDArray[np.generic], *, constant: bool) -> Array:
        """Return stored numbers: rounded to `inputs`, or as constants to `constants` or not at all."""
        if x.dtype == np.bool_:
            return Array(x.copy(), self)
        rounder = self.policy.constant_rounder() if constant else self.policy.input_rounder()
        data = _as_held(x)
        if rounder is None:
            return Array(_kept_exact(data), self)
        engine = "reference" if data.dtype == object else self.engine  # only it reads exact numbers that no lane holds
        rounded_data, used = dispatch(engine, "round_array", (data, rounder), rounder.format)
        return Array(rounded_data, self, used, flags=self._flags("round_array", (data, rounder), rounded_data, rounder))

    def from_codes(self, codes: NDArray[np.integer]) -> Array:
        """Return the array whose elements have the given codes in the results' format (exact)."""
        return Array(decode_array(np.asarray(codes), self.element_type), self)

    def to_codes(self, x: Array) -> NDArray[np.uint64] | NDArray[np.object_]:
        """Return the codes of the elements in the results' format, Python integers beyond 64 bits."""
        return encode_array(self.numbers(x, "to_codes").data, self.element_type)  # type: ignore[arg-type]

    def elements_of(self, x: Array) -> NDArray[np.object_]:
        """Return the elements as `Dyadic` and `Special` objects."""
        return x.data.astype(object) if x.is_boolean else to_objects(x.data)  # type: ignore[arg-type]

    def floats_of(self, x: Array) -> NDArray[np.float64]:
        """Return the elements as binary64, exactly."""
        return to_lanes(self.numbers(x, "to_float64").data)  # type: ignore[arg-type]

    # Operations.

    def _ask(self, request: str, arguments: tuple[object, ...], rounder: Rounder) -> Array:
        """Return an engine's answer as an array that knows its engine."""
        data, engine = dispatch(self.engine, request, arguments, rounder.format)
        return Array(data, self, engine, flags=self._flags(request, arguments, data, rounder))

    def _flags(self, request: str, arguments: tuple[object, ...], data: Data, rounder: Rounder) -> Flags | None:
        """Return the flags of a request, where they are counted."""
        return flags_of_request(request, arguments, data, rounder, self.flags) if self.flags else None

    def _stream(self, op: str) -> Rounder:
        """Return the results' rounder; stochastic rounding gets random bits of its own for each operation's name."""
        r = self.policy.results
        if r.rounding.code != "SR":
            return r
        fresh = r.rounding.fold_in(int.from_bytes(op.encode(), "little"))
        return Rounder(r.format, fresh, r.overflow, r.underflow)

    def elementwise(self, op: str, *operands: Array) -> Array:
        """Return the operation correctly rounded to the results' format; comparisons and extrema are exact."""
        data = [x.data for x in operands]
        if op in COMPARISONS:
            return Array(compare(op, data[0], data[1]), self)  # type: ignore[arg-type]
        if op in EXTREMA:
            return Array(extremum(op, data[0], data[1]), self, operands[0].engine)  # type: ignore[arg-type]
        rounder = self._stream(op)
        return self._ask("elementwise", (op, tuple(data), rounder), rounder)

    def reduce_last(self, op: str, x: Array) -> Array:
        """Return sums and products accumulated as the policy says; extrema are exact."""
        if op in ("max", "min"):
            return Array(reduce_extremum(op, x.data), self, x.engine)  # type: ignore[arg-type]
        rounder = self._stream(op)
        return self._ask(f"reduce_{op}", (x.data, self.policy.accumulate, rounder), rounder)

    def cumulate_last(self, x: Array) -> Array:
        """Return running sums accumulated as the policy says, each with the bits of `sum`."""
        rounder = self._stream("sum")
        return self._ask("cumulative_sum", (x.data, self.policy.accumulate, rounder), rounder)

    def multiply_matrices(self, a: Array, b: Array) -> Array:
        """Return matrix products accumulated as the policy says."""
        rounder = self._stream("matmul")
        return self._ask("matmul", (a.data, b.data, self.policy.accumulate, rounder), rounder)


def _kept_exact(data: Data) -> Data:
    """Return a copy whose numbers are dyadic; `UnsupportedError` where a constant that is to stay exact is none."""
    if data.dtype != object:
        return data.copy()
    try:
        kept = [Dyadic.from_fraction(v) if isinstance(v, Fraction) else v for v in data.ravel().tolist()]
    except NotRepresentableError as error:
        raise UnsupportedError(f"constant: exact constants must be dyadic numbers ({error}); see constants=") from None
    exact = object_array(kept, data.shape)
    try:
        return to_lanes(exact)
    except NotRepresentableError:
        return exact


def _as_held(x: NDArray[np.generic]) -> Data:
    """Return numbers as float64 lanes, uncopied if they are such, where each has one by its type; else exact."""
    if x.dtype == np.float64:
        return x  # type: ignore[return-value]
    flat = x.ravel().tolist()
    if all(isinstance(v, float) or (type(v) is int and abs(v) <= 1 << 53) for v in flat):
        return np.array(flat, dtype=np.float64).reshape(x.shape)
    return object_array((exact_value(v) for v in flat), x.shape)


def rounded(
    format: Format | str,
    rounding: Rounding | str = RNE,
    *,
    accumulate: Accumulate | str = exact_then_round,
    inputs: Format | str | None = None,
    constants: Format | str | None = None,
    overflow: Overflow | str | None = None,
    underflow: Underflow | str = Underflow.ROUND,
    engine: str | None = None,
    flags: Tininess | str | bool = False,
) -> Rounded:
    """Return the array namespace of p-bit arithmetic under a policy.

    Parameters
    ----------
    format : Format or str
        Of every result. Strings as in `parse_format`: `"bfloat16"`, `"p=11"`, `"paper:6"`.
    rounding : Rounding or str
        Of every result.
    accumulate : Accumulate or str
        How sums and matrix products are accumulated; the default is the papers' `exact_then_round`.
    inputs : Format or str, optional
        What `asarray` rounds to; the results' format by default.
    constants : Format or str, optional
        What Python numbers beside arrays are rounded to; like inputs by default, `"exact"` exempts them.
    overflow, underflow : Overflow, Underflow or str
        By default infinity where the format has it, else NaN, else saturation; and gradual where it has
        subnormals.
    engine : {"narrow", "wide", "reference"}, optional
        Ask this engine only; by default the first that does not refuse. Numbers that are not binary64 numbers are read
        by the reference engine in any case.
    flags : bool or {"before", "after"}
        Count the IEEE 754-2019 flags of every operation: `x.flags` is then a `Flags`. The words say whether a result
        counts as tiny before rounding, which is what True stands for, or after it; see `Tininess`. Sums and matrix
        products are repeated by the reference engine to count every step.

    Returns
    -------
    Rounded
        A frozen namespace. Results are correctly rounded; `x.engine` names the engine.

    Examples
    --------
    >>> xp = rounded("bfloat16", accumulate="sequential")
    >>> print(xp.sum(xp.ones(300)).item())
    0x1p+8
    >>> xp = rounded("float8_e4m3fn", overflow="saturate", flags=True)
    >>> print(xp.divide(xp.asarray([448, 1, 1, 0]), xp.asarray([0.5, 3, 0, 0])).flags)
    inexact 2, overflow 1, invalid 1, divide by zero 1
    """
    policy = make_policy(format, rounding, accumulate, inputs, constants, overflow, underflow)
    fmt = policy.results.format
    if engine is not None and check_engine(engine) == "narrow" and not fits_lanes(fmt) and (fmt.p or 64) > 53:
        raise UnsupportedError(f"narrow: format must have at most 53 bits; got {fmt}")
    return Rounded(policy, engine, parse_tininess(flags))
