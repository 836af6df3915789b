"""RoPE tensor attention transformers in uniform TC0, variant pair-sum."""

from precise.claims import Counterexample, Evidence, Hypothesis, Kind, Mutant, Scope, Statement, Step
from precise.nn import triple_position_range
from proofs._circuit_theorem import ROPE_TENSOR_THEOREM
from proofs._depths import WEIGHTS, WITH_ANGLES
from proofs._kernel_triples import positions_further
from proofs._layers import model_steps
from proofs._runs import VARIANT
from proofs.lem_tensor_multilayer import ROPE
from proofs.thm_tensor_attention import HYPOTHESES, WITNESS

ANGLES = Hypothesis("the angles t theta_k of all t that occur are in the range of lem:sincos", lambda w: w["t"] == 6)
LARGEST = 12


def largest_position(slope: int = 2) -> Evidence | Counterexample:
    """Return evidence that the positions j + k - 2 i run from 2 - 2n to 2n - 2, so at most 2n, for small n."""
    for n in range(1, LARGEST + 1):
        every = [j + k - 2 * i for i in range(1, n + 1) for j in range(1, n + 1) for k in range(1, n + 1)]
        got = triple_position_range(n, variant=VARIANT)
        if got != (min(every), max(every)) or got[1] != slope * (n - 1):
            return Counterexample(
                values={"n": n, "got": got[1], "claimed": slope * (n - 1), "largest": max(every)},
                refutes="got != claimed or got != largest",
            )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.without_p(f"n <= {LARGEST}"),
        cases=LARGEST,
        expected=LARGEST,
        producer="precise-pbit",
        note="the largest angle is (2n - 2) theta",
    )


THEOREM = Statement(
    label="thm:rope-tensor-attention",
    title="RoPE tensor attention transformers are in uniform TC0, variant pair-sum",
    mark="V, D",
    where="Thm 4.5",
    tex=r"$X\mapsto TF(X)$ is in DLOGTIME-uniform $TC^0$, depth at most $(m+1)d_f+m(\max(s+P,\triangle)+5s+3P+E)$",
    uses=("lem:tensor-multilayer@rope",),
    hypotheses=(*HYPOTHESES, ANGLES),
    witness={**WITNESS, "t": 6},
    steps=(
        *model_steps(ROPE, exactly=False),
        Step(
            id="largest-angle",
            says=r"The largest position that occurs is $2n-2$.",
            formal="for all n >= 1: the positions j + k - 2i are 2 - 2n .. 2n - 2",
            check=largest_position,
            mutants=(Mutant("n - 1", lambda: largest_position(slope=1)),),
            further=(positions_further("pair-sum"),),
        ),
        WEIGHTS,
        WITH_ANGLES,
    ),
)

STATEMENTS = (THEOREM, ROPE_TENSOR_THEOREM)
