#!/usr/bin/env python3
"""Compare bodies as networks of circuits with rounded arithmetic, bit for bit, at random inputs; exit 1 if one differs.

Inputs are normal numbers in 64ths, cut at 6; weights and angles are drawn anew for every chunk. A chunk in which a
divisor is 0 counts nothing; the next ones are half as long.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

import numpy as np

from precise import paper_float, rounded
from precise.circuits import Layout
from precise.dyadic import Dyadic
from precise.errors import DomainError
from precise.semantics.array import Array
from precise.semantics.namespace import Namespace
from precise.semantics.netlist import netlist
from precise.studies.networks import BODIES, Body

ALONE = ("kron", "khatri_rao", "face_splitting", "matmul")
"""Bodies whose inputs all run through random numbers; of the others the first one does."""


def given_in(xp: Namespace, body: Body, lanes: int, seed: tuple[int, ...]) -> Callable[..., Array]:
    """Return the inputs of a body in a namespace: the first one (or all) for every lane, the others shared."""
    rng, calls = np.random.default_rng(seed), [0]

    def given(*shape: int) -> Array:
        calls[0] += 1
        varied = calls[0] == 1 or body.name in ALONE
        numbers = rng.normal(size=(lanes, *shape) if varied else shape)
        return xp.asarray(np.clip(np.round(numbers * 64) / 64, -6, 6))

    return given


def differing(body: Body, p: int, n: int, d: int, lanes: int, seed: tuple[int, ...]) -> int:
    """Return in how many of the lanes an output differs."""
    wires, numbers = netlist(p), rounded(paper_float(p), "RNE", overflow="saturate")
    right = body.run(given_in(numbers, body, lanes, seed), n, d).to_float64()
    got = body.run(given_in(wires, body, lanes, seed), n, d).data
    values, where = np.unique(right, return_inverse=True)
    codes = np.array([Layout.paper(p).encode(Dyadic.from_float(float(v))) for v in values])
    return int((codes[where].reshape(right.shape) != got).reshape(lanes, -1).any(axis=1).sum())


def main() -> int:
    """Run the sweep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bodies", nargs="*", default=list(BODIES), help="default: all")
    parser.add_argument("--p", type=int, default=6)
    parser.add_argument("--n", type=int, default=3)
    parser.add_argument("--d", type=int, default=2)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--chunk", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    total = 0
    print(f"p = {asked.p}, n = {asked.n}, d = {asked.d}, seed {asked.seed}")
    for name in asked.bodies:
        start, done, wrong, refused, chunk = time.perf_counter(), 0, 0, 0, asked.chunk
        while done < asked.inputs:
            lanes = min(chunk, asked.inputs - done)
            try:
                wrong += differing(BODIES[name], asked.p, asked.n, asked.d, lanes, (asked.seed, done, refused))
                done += lanes
            except DomainError:
                refused, chunk = refused + 1, max(1, chunk // 2)
        print(f"{name:24} {done:8,} inputs {wrong:6} wrong {time.perf_counter() - start:7.1f} s", flush=True)
        total += wrong
    return int(total > 0)


if __name__ == "__main__":
    sys.exit(main())
