"""Layer norm: constant rows give 0/0 in exact arithmetic, and in p-bit floats a definite wrong row."""

from fractions import Fraction

from precise.claims import Control, Mutant, Scope, Statement, Step, decide_identity
from proofs._bodies import body_step
from proofs._norms import against_formula, constant_row_in_floats, constant_row_is_normed, rounds_each_operation
from proofs._words_evidence import Outcome, each_alone

TEX = r"$(X_{i,*}-\mu_i)/\sqrt{\sigma_i^2}$, $\mu_i=\frac1d\sum_jX_{ij}$, $\sigma_i^2=\frac1d\sum_j(X_{ij}-\mu_i)^2$"
WIDEST = 16


def binade(p: int) -> tuple[Fraction, ...]:
    """Return the p-bit floats in [1, 2), ascending."""
    half = 1 << (p - 1)
    return tuple(Fraction(m, half) for m in range(half, 2 * half))


def distance_to_the_mean(entries: str) -> Outcome:
    """Certify that x minus the mean of so many entries x of d, over the root, is 0."""
    return decide_identity(f"(x - {entries}*x/d)/r == 0", scope=Scope.without_p())


def wrong_row(p: int) -> Step:
    """Return the step that a constant row has no definite norm in F_p, refuted."""
    return Step(
        id=f"constant-row-has-no-wrong-norm-in-{p}-bits",
        says=rf"In $\mathbb F_{p}$ a constant row has no norm, or the norm 0.",
        formal=f"for d <= {WIDEST}, for all floats x of F_{p} in [1, 2): layer norm of (x, ..., x) is undefined or 0",
        check=lambda: constant_row_in_floats(p, WIDEST, binade(p)),
        expects="refuted",
        mutants=(Control("d <= 2, where the sum is exact", lambda: constant_row_in_floats(p, 2, binade(p))),),
    )


STATEMENTS = (
    Statement(
        label="def:layer-norm@printed",
        title="Layer norm as printed, defined for all rows",
        mark="M",
        as_printed=True,
        tex=TEX + r" for all rows",
        suspects=("S24",),
        steps=(
            Step(
                id="constant-row-has-a-norm",
                says="The norm of every row is defined.",
                formal="for d <= 4, for all rows of one of 0, 1, 2: the norm is defined",
                check=lambda: constant_row_is_normed(4),
                expects="refuted",
                mutants=(Control("rows that are not constant", lambda: constant_row_is_normed(4, constant=False)),),
            ),
            wrong_row(2),
            wrong_row(3),
            wrong_row(4),
        ),
    ),
    Statement(
        label="def:layer-norm",
        title="Layer norm of a row that is not constant, or with epsilon",
        mark="D",
        repairs="def:layer-norm@printed",
        tex=TEX + r" where $\sigma_i^2>0$, or with $\sigma_i^2+\varepsilon$, $\varepsilon>0$",
        hypotheses=("variance + epsilon > 0",),
        witness={"variance": Fraction(1, 4), "epsilon": 0},
        steps=(
            Step(
                id="constant-row-with-epsilon-has-norm-0",
                says=r"With $\varepsilon>0$ a constant row has the norm 0 in exact arithmetic.",
                formal="for all x, all d != 0, r != 0, with r^2 = variance + epsilon: (x - (d x)/d)/r = 0",
                check=lambda: each_alone(distance_to_the_mean("d"), constant_row_is_normed(4, epsilon=1)),
                mutants=(
                    Mutant("without epsilon", lambda: constant_row_is_normed(4, epsilon=0)),
                    Mutant("one entry more in the sum", lambda: distance_to_the_mean("(d + 1)")),
                ),
            ),
        ),
    ),
    Statement(
        label="def:layer-norm@bodies",
        of_code=True,
        title="Layer norm of the package",
        mark="D",
        tex=TEX + r" where $\sigma_i^2>0$",
        uses=("def:layer-norm",),
        hypotheses=("variance > 0",),
        witness={"variance": Fraction(1, 4)},
        steps=(
            body_step(
                "The body is the definition, with the variance in two passes, in one, or by Welford's updates.",
                against_formula(),
                3 * (4 + 6),
                "n = 2, d in 2, 3",
                {"the squared norm": against_formula(power=2)},
            ),
        ),
    ),
    Statement(
        label="def:layer-norm@floats",
        of_code=True,
        title="Layer norm in p-bit floats",
        mark="D",
        tex=TEX + r", each operation rounded once, $d$ too",
        uses=("def:layer-norm",),
        steps=(
            Step(
                id="each-operation-is-rounded-once",
                says="Sum, mean, differences, squares, sum, variance, root and quotient are rounded once each.",
                formal="for p in 2..3, d in 2, 3, 5, two free entries: layer norm = its operations, each rounded",
                check=rounds_each_operation,
                mutants=(Mutant("the width not rounded", lambda: rounds_each_operation(width_rounded=False)),),
            ),
        ),
    ),
)
