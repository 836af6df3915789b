"""One layer of RoPE attention. The printed sum charges the projection of V after A; a run has it beside."""

from precise.claims import Counterexample, Evidence, Mutant, Statement, Step
from precise.claims.certificates import Certificate, identity
from precise.semantics import depth
from proofs import _runs as runs
from proofs._circuit_networks_of_papers import ROPE_LAYER as NETWORK
from proofs._depths import WEIGHTS, WITH_ANGLES, Claimed, depth_steps, read_depth, steps_add_up
from proofs._general_depths import ALL_SHAPES, MORE, ONE, certified, cost_in_general, spelled
from proofs._symbolic_costs import symbolic_sequential

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
    """Return certificates that the printed total is the sequential depth plus `extra` further matrix products."""
    certificates: list[Certificate] = []
    for case in (ONE, MORE):
        found = symbolic_sequential(cost_in_general(runs.rope_layer, case)) + extra * depth(s=1, P=1)
        if found != read_depth(PRINTED):
            return Counterexample(
                values={"shapes": case, "recomputed": str(found), "printed": PRINTED},
                refutes="recomputed != printed",
            )
        certificates.append(identity(f"{spelled(PRINTED)} == {spelled(str(found))}"))
    return certified(certificates, "the projection of V, counted after A in print, runs beside that of Q")


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
                formal=f"for {ALL_SHAPES}: sequential + (s+P) = 7s+7P+E+△",
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
    NETWORK,
)
