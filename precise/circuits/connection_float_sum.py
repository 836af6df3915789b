"""Connection function of the sum of n floats, exact and rounded once: what `float_sum` builds, in closed form.

Twenty-seven levels. The default clips gaps at a power of two, so that positions are found by shifts; with `tight` gaps
and sizes are those of the built circuit.
"""

from __future__ import annotations

from collections.abc import Callable

from precise.circuits.connection_blocks import leading_one, output, part, where
from precise.circuits.connection_lanes import Gathered, Grid
from precise.circuits.connection_pack import NormalisedWords, Shape, pack_normalised
from precise.circuits.connection_plan import Plan, RunOf, Term, at_first, fixed
from precise.circuits.connection_positions import Ladder, LaneCounts, PositionWords, Ramp, clip
from precise.circuits.connection_runs import Run, point
from precise.circuits.connection_sums import add_columns, block_places
from precise.circuits.connection_vectors import FloatVector, float_vector
from precise.circuits.connection_words import Affine, Constant, Joined, Line, Total, Word


def float_sum_plan(shape: Shape, n: int, *, tight: bool = False) -> Plan:
    """Return the family of the sum of n floats, rounded once to nearest even: twenty-seven levels."""
    p, w, size = shape.p, shape.w, (n - 1).bit_length()
    enough = 2 * p + size + 1
    gap = enough if tight else 1 << (enough - 1).bit_length()
    highest = n * gap - gap
    width = highest + p + n.bit_length() + 1
    stride = (p + w).bit_length()
    shift = gap.bit_length()
    count_bits = ((2 * n).bit_length()).bit_length()
    plan = Plan(
        max(
            1 << (2 * size + stride),
            n << shift,
            n << ((highest + 1).bit_length()),
            (highest + p) << count_bits,
            1 << (2 << block_places((2 * n).bit_length())),
            2 * width,
        )
    )
    x = float_vector(plan, shape, n)
    at = clip(plan, x, n, gap, shift)
    positive, negative = (
        _accumulated(plan, name, half, n, highest + p, width) for name, half in _halves(plan, x, at, n)
    )
    sign = part(positive, width - 1, width)
    chosen = where(plan, "magnitude", sign, part(negative, 0, width - 1), part(positive, 0, width - 1))
    bits = output(plan, chosen, "magnitude bit")
    leading = leading_one(plan, "leading one", bits)
    base, offset = _scale(plan, x, at, leading, n)
    result = pack_normalised(plan, NormalisedWords(sign, bits, leading, base, offset), shape, long=True)
    return plan.results_are(*result.in_order)


def _halves(plan: Plan, x: FloatVector, at: PositionWords, n: int) -> tuple[tuple[str, Word], tuple[str, Word]]:
    """Return the counts of all columns, `n + positive - negative` bits, and of what is missing to 2 n: four levels."""
    p, grid, reach = x.shape.p, x.grid, at.reach_bits
    places = at.highest + p
    inside = grid.span(p)

    def span(a: int) -> tuple[int, int]:
        return 0, (at.highest + 1 if inside(a)[1] else 0)

    def here(a: int, b: int) -> Run:
        return point(grid.split(a)[0] << reach | b)

    def beyond(a: int, b: int) -> Run:
        return point(grid.split(a)[0] << reach | (b + 1), -1)

    signed = []
    for name, factor, threshold in (("plus", -1, 2), ("minus", 1, 3)):
        terms: tuple[Term, ...] = (
            (at.reached, here),
            (at.reached, beyond),
            (x.significand, at_first),
            (x.sign, _by_lane(grid, factor)),
        )
        number = plan.gates_of(
            name, (0, grid.length), terms, _always(threshold), span=span, count=n * p * (at.highest + 1)
        )
        signed.append(
            Gathered(
                number,
                places,
                lambda a, b: grid.split(a)[1] + b,
                lambda c: (
                    (grid.at(i, j), c - j) for i in range(n) for j in range(max(0, c - at.highest), min(p, c + 1))
                ),
            )
        )
    column = plan.gates_of(
        "column",
        (0, places),
        ((signed[0], at_first), (signed[1], lambda a, b: point(a, -1))),
        lambda a, b: b - n + 1,
        span=lambda a: (0, 2 * n),
        count=2 * n * places,
    )
    counts = Grid(((2 * n).bit_length()).bit_length(), places, lambda c: c < places, places)
    halves = []
    for name, flipped in (("sum", False), ("negative", True)):
        bits = counts.word(
            plan,
            f"{name}: count bit",
            (2 * n).bit_length(),
            ((LaneCounts(column, counts, 2 * n, flipped), at_first),),
            1,
        )
        halves.append(
            (
                name,
                Gathered(
                    bits.kind,
                    places + (2 * n).bit_length(),
                    lambda a, b: sum(counts.split(a)),
                    lambda c: (
                        (counts.at(c - j, j), 0)
                        for j in range(max(0, c - places + 1), min((2 * n).bit_length(), c + 1))
                    ),
                ),
            )
        )
    return halves[0], halves[1]


def _by_lane(grid: Grid, factor: int) -> RunOf:
    """Return the run of the bit that the lane of a place names."""
    return lambda a, b: point(grid.split(a)[0], factor)


def _always(threshold: int) -> Callable[[int, int], int]:
    """Return a threshold that is the same for all gates."""
    return lambda a, b: threshold


def _accumulated(plan: Plan, name: str, counts: Word, n: int, places: int, width: int) -> Line:
    """Return the sum of column counts without the n that each has too much: six levels.

    Taken off is n * (2**places - 1): n below `places`, and -n from there on.
    """
    bias = Joined(Constant(n, places), Constant(-n, width - places))
    columns = Affine(width, ((1, counts, 0), (1, bias, 0)))
    bits = add_columns(plan, name, columns, (2 * n).bit_length(), width, by_blocks=True)
    return output(plan, bits, f"{name}: bit")


def _scale(plan: Plan, x: FloatVector, at: PositionWords, leading: Line, n: int) -> tuple[Word, Word]:
    """Return the exponent field at the scale, and how much the result's is larger: four levels."""
    grid, w = x.grid, x.shape.w
    large = at.highest + leading.length + at.gap + 2
    place, found = Ramp(leading.kind, leading.length), Total(leading, Run(0, leading.length))
    reaches: tuple[Term, ...] = (
        (place, fixed(0)),
        (found, fixed(0)),
        (at.position, lambda a, b: point(a, -1)),
        (at.first, lambda a, b: point(a, large)),
    )
    below = plan.gate_word("position below", n, reaches, lambda a, b: large)
    ranked: tuple[Term, ...] = (
        (at.rank, at_first),
        (below, lambda a, b: Run(0, n, -1)),
        (below, lambda a, b: point(a, n + 1)),
    )
    chosen = plan.gate_word("chosen", n, ranked, lambda a, b: n + 1)
    picked = grid.word(plan, "picked field", w, ((chosen, _by_lane(grid, 1)), (x.field, at_first)), 2)
    field = Gathered(
        picked.kind,
        w + 2,
        lambda a, b: grid.split(a)[1],
        lambda j: ((grid.at(i, j), 0) for i in range(n if j < w else 0)),
    )
    steps: tuple[Term, ...] = (
        (place, fixed(0)),
        (at.position, lambda a, b: point(a, -1)),
        (chosen, lambda a, b: point(a, large)),
    )
    step = plan.gates_of(
        "step",
        (0, n),
        steps,
        lambda a, b: large + b,
        span=lambda a: (0, at.gap + 1),
        count=n * (at.gap + 1),
    )
    offset = Ladder(step, n, at.gap + 1, x.shape.p, w + 2)
    return output(plan, field, "scale field"), output(plan, offset, "scale offset")
