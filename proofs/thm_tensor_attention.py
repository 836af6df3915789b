"""Tensor attention transformers in uniform TC0: what is book-keeping is checked, the rest is cited."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product

from precise import exact
from precise.claims import Counterexample, Evidence, Hypothesis, Kind, Mutant, Outcome, Scope, Statement, Step, cited
from precise.claims.expression import Exact
from precise.nn import affine, transformer
from proofs._circuit_theorem import TENSOR_THEOREM
from proofs._depths import SIMULATED, WEIGHTS
from proofs._layers import model_steps
from proofs._one_bias import lengths_are_decided
from proofs.lem_tensor_multilayer import TENSOR

LENGTHS = 6


def bounded(name: str) -> Callable[[Mapping[str, Exact]], bool]:
    """Return the test that the number of the witness is at most n^2, one polynomial of those allowed."""
    return lambda w: Fraction(w[name]) <= Fraction(w["n"]) ** 2


HYPOTHESES: tuple[str | Hypothesis, ...] = (
    Hypothesis("p, the precision, is at most a polynomial in n, the number of tokens", bounded("p")),
    Hypothesis("d, the width, is at most a polynomial in n", bounded("d")),
    Hypothesis("m, the number of layers, does not depend on n", lambda w: w["m"] == 3),
    Hypothesis(
        "hyp:weights: every bit of every parameter is a uniform function of its indices",
        lambda w: w["weight"] == "0",
    ),
    Hypothesis(
        "reading model-is-circuit: sums exact then rounded, one fixed total exp",
        lambda w: w["exp"] == "correctly rounded",
    ),
    Hypothesis("a fixed policy for overflow and zero", lambda w: w["overflow"] == "saturate"),
)
WITNESS: dict[str, Exact] = {
    "n": 4,
    "p": 8,
    "d": 4,
    "m": 3,
    "weight": "0",
    "exp": "correctly rounded",
    "overflow": "saturate",
}


def decides(bias: int) -> bool:
    """Return whether a model without layers and with this bias accepts its input: its output is positive."""
    xp = exact()
    x = xp.asarray([[1]])
    y = transformer(x, lambda z: affine(z, xp.asarray([[0]]), xp.asarray([bias])), [])
    return bool(y.elements()[0, 0] > 0)


def any_set_is_decided() -> Outcome:
    """Return the certificates for all sets, and runs for the sets of lengths 1..6."""
    listed = sets_up_to_six()
    return listed if isinstance(listed, Counterexample) else (lengths_are_decided(), listed)


def sets_up_to_six(accepts: int = 1) -> Evidence | Counterexample:
    """Return evidence that for every set of lengths 1..6 some choice of biases decides it, one model a length."""
    cases = 0
    for chosen in product((0, 1), repeat=LENGTHS):
        for n, member in enumerate(chosen, 1):
            cases += 1
            if decides(accepts * member) != bool(member):
                return Counterexample(
                    values={"n": n, "member": member, "bias": accepts * member},
                    refutes="(bias > 0 and member == 0) or (bias <= 0 and member == 1)",
                    cases=cases,
                )
    return Evidence(
        kind=Kind.EXHAUSTIVE,
        scope=Scope.without_p(f"all sets of lengths up to {LENGTHS}"),
        cases=cases,
        expected=LENGTHS * 2**LENGTHS,
        producer="precise-pbit",
    )


STATEMENTS = (
    Statement(
        label="thm:tensor-attention",
        title="Tensor attention transformers are in uniform TC0",
        mark="V, D",
        where="Thm 3.7",
        tex=r"$X\mapsto TF(X)$ is in DLOGTIME-uniform $TC^0$, depth at most $(m+1)d_f+m(6s+3P+E)$",
        uses=("lem:tensor-multilayer",),
        hypotheses=HYPOTHESES,
        witness=WITNESS,
        steps=(*model_steps(TENSOR, exactly=True), WEIGHTS, SIMULATED),
    ),
    Statement(
        label="thm:tensor-attention@without-weights",
        title="Why uniform weights are a hypothesis",
        mark="D",
        tex=r"without `hyp:weights` the family need not be uniform",
        suspects=("S28",),
        steps=(
            Step(
                id="any-set-of-lengths-is-decided",
                says="One bias bit a length decides any set of lengths, with a model of no layers: the bias of 1 or 0"
                " is its output, and 1 is positive.",
                formal="for all sets L, n, d >= 1, bias_n = 1 if n in L else 0, weights 0: the output for n equal "
                "letters is bias_n, which is > 0 iff n in L",
                check=any_set_is_decided,
                mutants=(
                    Mutant("the bias with its sign changed", lambda: sets_up_to_six(accepts=-1)),
                    Mutant("the bias with its sign changed, for all n", lambda: lengths_are_decided(accepts=-1)),
                ),
            ),
            cited(
                id="some-set-is-undecidable",
                says="There are undecidable sets of lengths; a uniform family decides none of them.",
                formal="there is an undecidable L of natural numbers",
                source="Turing, On computable numbers, 1936, section 8",
            ),
        ),
    ),
    TENSOR_THEOREM,
)
