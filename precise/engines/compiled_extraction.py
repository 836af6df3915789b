"""Exact sums of products rounded to nearest even, by the extension's register tiles: see `extraction.h`.

Where they do not serve, and None is returned, other code computes the same bits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from precise.engines import compiled
from precise.engines.carrier import Lanes
from precise.engines.compiled_products import OUTWARDS, Tiles, in_rows, rounded_within, served
from precise.engines.lanes import LaneRounder, Mask
from precise.engines.narrow_dgemm import error_factors, row_norms
from precise.engines.narrow_sums import ExactSum
from precise.rounding import Rounder


@dataclass(frozen=True, slots=True)
class Extraction:
    """Data whose rounded products can be added exactly in register tiles: see `extraction.h`.

    The sums of an entry's magnitudes stay below 2**t; `sigma` is 0 if native sums are exact.
    """

    a: Lanes  # contiguous
    b: Lanes
    product: Rounder
    tiles: Tiles
    sigma: float

    @classmethod
    def of(cls, a: Lanes, b: Lanes, product: Rounder) -> Extraction | None:
        """Return what the tiles need to know, or None where they do not serve."""
        lanes = served(product)
        if lanes is None:
            return None
        a, b = np.ascontiguousarray(a), np.ascontiguousarray(b)
        fmt, tiles, count = product.format, Tiles.of(a, b, lanes), a.shape[1]
        if tiles is None:
            return None
        t = math.frexp(count * tiles.most * (1 + 2.0**-tiles.p) * OUTWARDS)[1]
        least = math.frexp(tiles.least)[1] - 1 - tiles.p  # one less than the exponent of the last place
        least = least if fmt.q_min is None else max(least, fmt.q_min)
        # The bound leaves 2**(t - 31) to the rests, of at most 2**(t - 52) each.
        if t - least + math.ceil(math.log2(count)) > 105 or t > 900 or count > 1 << 20:
            return None
        return cls(a, b, product, tiles, 0.0 if t - least <= 53 else 3 * 2.0**t)

    def sums(self, only: Mask | None = None) -> ExactSum:
        """Return the exact sums of all entries, or of those that a mask marks, in C order."""
        s, e, zeros = self._computed(self.tiles.gradual, self.sigma, only)
        if only is not None:
            at = only.reshape(-1)
            s, e, zeros = s[at], e[at], zeros[at]
        if not self.product.format.signed_zero:  # every zero product is +0
            zeros |= s == 0
            s += 0.0
        return ExactSum(s, e, np.zeros_like(s), zeros)

    def rounded_sums(self, results: LaneRounder) -> tuple[Lanes, Mask] | None:
        """Return the exact sums `[n, m]`, rounded once, and a mask of undecided ones; None where margins do not serve.

        Native sums C of products rounded without a least exponent come first. With u = 2**-p and k terms,
        |C - sum of them| <= gamma(k) (1 + u) |a_i| |b_j| as in `narrow_dgemm`, and those below the least normal number
        g differ by at most u g + u g / 2 from what they are in the format. Where both ends round alike all is decided;
        the other entries are added exactly.
        """
        if results.rounder.rounding.code == "SR":
            return None
        norms, p = row_norms(self.b.T), self.tiles.p
        factors = error_factors(self.a) * (1 + 2.0**-p)
        if self.tiles.gradual and norms.any():
            factors += self.most_subnormal() * (1.5 * 2.0**-p * self.tiles.gradual / norms[norms > 0].min())
        native = self._computed(0.0, 0.0, None)[0].reshape(self.a.shape[0], self.b.shape[1])
        settled = rounded_within(native, factors * OUTWARDS, norms, results)
        if settled is None:
            return None
        y, undecided = settled
        if undecided.any():
            y[undecided], undecided[undecided] = self.sums(undecided).rounded("matmul", results, 0)
        return y, undecided

    def most_subnormal(self) -> Lanes:
        """Return for each row the most products of an entry that are subnormal, or more.

        Of such a product one factor lies below a bound for `a` or for `b`, whose product is the least normal number.
        """
        tiles = self.tiles
        bound = math.sqrt(tiles.gradual) * math.sqrt(tiles.a.most / tiles.b.most)
        small = [(np.abs(x) < y * OUTWARDS) & (x != 0) for x, y in ((self.a, bound), (self.b, tiles.gradual / bound))]
        counts: Lanes = small[0].sum(axis=1) + np.float64(small[1].sum(axis=0).max())
        return counts

    def _computed(self, gradual: float, sigma: float, only: Mask | None) -> tuple[Lanes, Lanes, Mask]:
        """Return sums, rests and positive zeros for products that are subnormal below `gradual`."""
        module = compiled.extension()
        assert module is not None
        shape = (self.a.shape[0], self.a.shape[1], self.b.shape[1])
        s, e = np.empty(shape[0] * shape[2]), np.empty(shape[0] * shape[2])
        zeros = np.empty(s.size, dtype=np.bool_)
        p = self.tiles.p

        def work(start: int, stop: int) -> int:
            """Compute some rows."""
            module.extract(p, gradual, sigma, self.a, self.b, s, e, zeros, only, shape, start, stop)
            return compiled.SERVED

        in_rows(work, shape)
        return s, e, zeros
