"""RoPE transformers of m layers. The printed sum charges 7 (s+P) + triangle + E for each layer."""

from precise.claims import Counterexample, Evidence, Mutant, Scope, Statement, Step, decide_identity
from proofs import _runs as runs
from proofs._depths import WEIGHTS, WITH_ANGLES
from proofs._layers import Model, model_steps
from proofs.lem_rope_layer import LEFT_TO_RIGHT

ROPE = Model(
    runs.rope_layer_of,
    LEFT_TO_RIGHT.path,
    LEFT_TO_RIGHT.in_sequence.replace("+△", ""),
    LEFT_TO_RIGHT.sizes,
    shared="△",
    printed="(m+1)f+7m(s+P)+m(△+E)",
)


def printed_sum(maps: str = "m + 1") -> Evidence | Counterexample:
    """Return a certificate that the printed total adds m layers and the maps between; L is s + P, A is △ + E."""
    claim = f"({maps})*f + m*(7*L + A) == (m + 1)*f + 7*m*L + m*A"
    return decide_identity(claim, scope=Scope.without_p())


STATEMENT = Statement(
    label="lem:multilayer",
    title="RoPE transformer of m layers",
    mark="M",
    tex=r"depth at most $(m+1)d_f+7m(s+P)+m(\triangle+E)$",
    uses=("lem:rope-layer", "lem:mlp", "lem:layer-norm", "def:transformer"),
    steps=(
        Step(
            id="printed-steps-add-up",
            says="The printed total is m layers and m + 1 maps.",
            formal="for all m: (m+1) d_f + m (7(s+P) + △ + E) = (m+1) d_f + 7m(s+P) + m(△+E)",
            check=printed_sum,
            mutants=(Mutant("m maps", lambda: printed_sum("m")),),
        ),
        *model_steps(ROPE, exactly=False),
        WEIGHTS,
        WITH_ANGLES,
    ),
)
