"""Composition of uniform families: a citation, and its padding hypothesis on the package's generators."""

from __future__ import annotations

from precise.claims import Mutant, Statement, Step, cited
from proofs._connections import composition_holds
from proofs._float_evidence import Outcome, all_of


def depth_and_size(factor: str) -> Outcome:
    """Certify: k of at most k + x blocks, each b of at most b + y deep or large, give at most the product."""
    return all_of(
        (f"k*b <= {factor}*(k + x)*(b + y)", {"k": 0, "b": 0, "x": 0, "y": 0}),
        least=1,
        note="k blocks of b levels or gates each, at most k + x blocks of at most b + y; sums over blocks in the text",
    )


def addresses_fit(kinds: str) -> Outcome:
    """Certify that the gates of the adder are fewer than the addresses of its padded block."""
    return all_of(
        (f"2*W + W*(W - 1)/2 + W + 1 <= {kinds}*(W + 1 + a)**2", {"W": 1, "a": 0}),
        ("W*(W - 1)/2 + W == (W + 1)*W/2", {}),
        least=1,
    )


STATEMENTS = (
    Statement(
        label="thm:uniform-composition",
        title="Composition of uniform families",
        mark="P MS23L",
        tex=(
            r"Let $G$ be a log-uniform computation graph of constant depth with $poly(n)$ nodes, each labelled by a "
            r"function with a log-uniform $TC^0$ family, all blocks padded to one size that is a power of two "
            r"computable in time $O(\log n)$. Then the composed family is log-uniform $TC^0$, with depth at most "
            r"depth($G$) times the largest block depth and size at most size($G$) times the largest block size."
        ),
        uses=("def:dlogtime-uniform",),
        steps=(
            Step(
                id="depth-and-size-multiply",
                says="A path meets at most depth($G$) blocks, so depths multiply; so do sizes.",
                formal="for all k, b, x, y >= 0: k b <= (k + x)(b + y)",
                check=lambda: depth_and_size("1"),
                mutants=(Mutant("half of it", lambda: depth_and_size("(1/2)")),),
            ),
            cited(
                id="composed-family-is-uniform",
                says="The address of a gate is its block and its place in the padded block: the family is uniform.",
                formal="under the hypotheses: the composed family is log-uniform",
                source="Merrill and Sabharwal, A Logic for Expressing Log-Precision Transformers, arXiv:2210.02671",
            ),
            Step(
                id="addresses-fit-a-power-of-two",
                says=(
                    r"The adder of width $W$ has $2W+W(W-1)/2+W+1$ gates, and its padded block $8\cdot2^{2b}$ "
                    r"addresses with $2^b>W$: the block size is a power of two that is read off the length of $W$."
                ),
                formal=(
                    "for all W >= 1, N = W + 1 + a: 2 W + W (W - 1)/2 + W + 1 <= 8 N^2, and the sum of 0..W-1 grows "
                    "by W: W (W - 1)/2 + W = (W + 1) W/2"
                ),
                check=lambda: addresses_fit("8"),
                mutants=(Mutant("half as many addresses as W^2", lambda: addresses_fit("(1/2)")),),
            ),
            Step(
                id="padding-hypothesis-on-generators",
                says=(
                    "The adder's addresses fill a block of a power of two; two blocks in a row, joined by addresses "
                    "alone, add three numbers."
                ),
                formal=(
                    "for W in 1..4, all x, y, z: the circuit assembled from block | address gives x + y + z mod 2^W; "
                    "depth <= 2 * 3; padded addresses that are gates: those of two blocks"
                ),
                check=composition_holds,
                mutants=(Mutant("outputs joined to inputs one place off", lambda: composition_holds(1)),),
            ),
        ),
    ),
)
