"""One layer of RoPE attention. The printed sum charges the projection of V after A; a run has it beside."""

from precise import cost
from precise.claims import Counterexample, Evidence, Kind, Mutant, Scope, Statement, Step
from precise.semantics import depth, sequential
from proofs import _runs as runs
from proofs._depths import SHAPES, WEIGHTS, WITH_ANGLES, Claimed, depth_steps, read_depth, steps_add_up

PRINTED = "7s+7P+E+△"
LEFT_TO_RIGHT = Claimed(
    path="max(s+P, △)+5s+4P+E",
    in_sequence="6s+6P+E+△",
    sizes={
        "multiply": "2*n*d**2 + 2*n**2*d**2 + 2*n**2*d",
        "sum": "3*n*d + 2*n**2*d + n**2 + n",
        "terms of sum": "2*n*d**2 + 2*n**2*d**2 + 2*n**2*d + n**2",
        "exp": "n**2",
        "divide": "n*d",
        "cos": "(2*n-1)*d/2",
        "sin": "(2*n-1)*d/2",
        "negative": "n**2*d",
    },
    printed=PRINTED,
)
KEYS_FIRST = Claimed(
    path="max(s+P, △)+4s+3P+E",
    in_sequence="5s+5P+E+△",
    sizes={
        **LEFT_TO_RIGHT.sizes,
        "multiply": "3*n*d**2 + n**2*d**2 + 2*n**2*d",
        "sum": "4*n*d + n**2*d + n**2 + n",
        "terms of sum": "3*n*d**2 + n**2*d**2 + 2*n**2*d + n**2",
    },
)


def printed_total(extra: int = 1) -> Evidence | Counterexample:
    """Return evidence that the printed total is the sequential depth plus `extra` further matrix products."""
    for n, d in SHAPES:
        recomputed = sequential(runs.rope_layer(cost(), n, d)) + extra * depth(s=1, P=1)
        if recomputed != read_depth(PRINTED):
            return Counterexample(
                values={"n": n, "d": d, "recomputed": str(recomputed), "printed": PRINTED},
                refutes="recomputed != printed",
            )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.without_p("n <= 4, d in {2, 4, 6}"),
        cases=len(SHAPES),
        expected=len(SHAPES),
        producer="precise-pbit",
        note="the projection of V, counted after A in print, runs beside that of Q",
    )


STATEMENTS = (
    Statement(
        label="lem:rope-layer",
        title="One layer of RoPE attention, scores multiplied from left to right, angles tabulated",
        mark="M",
        tex=r"$D^{-1}AXW_V$ in depth $7(s+P)+\triangle+E$ when every step is added",
        uses=("lem:rope-matrix",),
        steps=(
            Step(
                id="printed-steps-add-up",
                says=r"The printed steps: A, D, $AXW_V$ as two products, division.",
                formal="4s+4P+E+△ + P + 2s+2P + s = 7s+7P+E+△",
                check=lambda: steps_add_up(("4s+4P+E+△", "P", "2s+2P", "s"), PRINTED),
                mutants=(
                    Mutant("without D", lambda: steps_add_up(("4s+4P+E+△", "2s+2P", "s"), PRINTED)),
                    Mutant("one product for V", lambda: steps_add_up(("4s+4P+E+△", "P", "s+P", "s"), PRINTED)),
                ),
            ),
            Step(
                id="printed-total-charges-one-product-more",
                says="The printed total is the sequential depth of the body plus the projection of V.",
                formal="for n <= 4, d in 2, 4, 6: sequential + (s+P) = 7s+7P+E+△",
                check=printed_total,
                mutants=(Mutant("nothing is charged twice", lambda: printed_total(extra=0)),),
            ),
            *depth_steps(
                "the layer",
                runs.rope_layer,
                LEFT_TO_RIGHT,
                ("4s+4P+E+△", "P", "s+P", "s"),
                KEYS_FIRST,
                runs.rope_layer_keys_first,
            ),
            WEIGHTS,
            WITH_ANGLES,
        ),
    ),
    Statement(
        label="lem:rope-layer@keys-first",
        title="One layer of RoPE attention, keys projected beside the queries",
        mark="D",
        tex=r"$D^{-1}AXW_V$ in depth $\max(s+P,\triangle)+4s+3P+E$",
        uses=("lem:rope-matrix@keys-first",),
        steps=(
            *depth_steps(
                "the layer",
                runs.rope_layer_keys_first,
                KEYS_FIRST,
                ("3s+3P+E+△", "P", "s+P", "s"),
                LEFT_TO_RIGHT,
                runs.rope_layer,
            ),
            WEIGHTS,
            WITH_ANGLES,
        ),
    ),
)
