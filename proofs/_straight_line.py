"""Softmax entries and weighted means as straight-line code at listed p: Gappa's proof, accepted by the kernel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product

from precise.claims import Counterexample, Evidence, Mutant, Scope, Statement, Step, Tier
from precise.claims.gappa import Program, Rounded, accepted, error_bound, proof_script
from precise.errors import UndecidedError
from proofs._bit_evidence import nearest
from proofs._float_evidence import Outcome

RANGE = (-20, 20)
WHERE = "exponentials in [2^-20, 2^20]"
CASES = ((8, 2), (11, 3), (24, 4))
"""Precisions with numbers of scores."""


def entry(p: int, n: int) -> Program:
    """Return the program of the first entry: exponentials rounded, their exact sum rounded, the quotient rounded."""
    names = [f"x{i}" for i in range(1, n + 1)]
    terms = tuple(f"a{i}" for i in range(1, n + 1))
    rounded = {a: Rounded((x,)) for a, x in zip(terms, names, strict=True)}
    return Program(
        p=p,
        inputs=dict.fromkeys(names, RANGE),
        operations={**rounded, "d": Rounded(terms), "w": Rounded(("a1", "d"), "/")},
        exact=f"x1 / ({' + '.join(names)})",
    )


def mean(p: int, n: int) -> Program:
    """Return the program of the weighted mean of positive values b_i in [1, 2]."""
    base, numbers = entry(p, n), range(1, n + 1)
    products = {f"c{i}": Rounded((f"a{i}", f"b{i}"), "*") for i in numbers}
    steps = {name: step for name, step in base.operations.items() if name != "w"}
    return Program(
        p=p,
        inputs={**base.inputs, **{f"b{i}": (0, 1) for i in numbers}},
        operations={
            **steps,
            **products,
            "s": Rounded(tuple(products)),
            "w": Rounded(("s", "d"), "/"),
        },
        exact=f"({' + '.join(f'x{i} * b{i}' for i in numbers)}) / ({' + '.join(base.inputs)})",
    )


def bound(p: int, roundings: int, second: int) -> Fraction:
    """Return roundings u + second u^2."""
    u = Fraction(1, 1 << p)
    return roundings * u + second * u * u


def proved(program: Callable[[int, int], Program], roundings: int, second: int) -> Outcome:
    """Return the evidence of all listed cases together: each is a theorem of the kernel."""
    parts = [error_bound(program(p, n), bound(p, roundings, second)) for p, n in CASES]
    return united(parts)


def united(parts: list[Evidence]) -> Evidence:
    """Return one evidence of the cases, each with its own p and n."""
    words = "; ".join(f"p = {p}: n = {n}" for p, n in CASES)
    return replace(
        parts[0],
        scope=Scope.listed_p([p for p, _ in CASES], words, WHERE),
        cases=len(parts),
        expected=len(CASES),
        artefact="; ".join(part.artefact for part in parts),
        axioms=tuple(dict.fromkeys(axiom for part in parts for axiom in part.axioms)),
        note="a theorem for each case",
    )


def run(program: Program, inputs: dict[str, Fraction]) -> tuple[Fraction, Fraction]:
    """Return the result of the program and its exact value, in fractions; exponents unbounded."""
    values = dict(inputs)
    for name, step in program.operations.items():
        first, *rest = (values[word] for word in step.operands)
        for x in rest:
            first = first + x if step.operation == "+" else first * x if step.operation == "*" else first / x
        values[name] = nearest(first, program.p)
    n = len([name for name in inputs if name.startswith("x")])
    weights = [inputs[f"x{i}"] for i in range(1, n + 1)]
    factors = [inputs.get(f"b{i}", Fraction(int(i == 1 or "b1" in inputs))) for i in range(1, n + 1)]
    exact = sum((x * b for x, b in zip(weights, factors, strict=True)), Fraction(0)) / sum(weights)
    return values[program.result], exact


def search(program: Program, limit: Fraction) -> Outcome:
    """Look for exponentials and values just beside ties whose result is off by more than the limit."""
    p = program.p
    half, nudge = 1 << (p - 1), Fraction(1, 2**30)
    values = [1 + (i + Fraction(1, 2)) / half + s * nudge for i in range(4) for s in (1, -1)]
    names = [name for name in program.inputs if name.startswith("b")]
    for k in range(p - 2, p + 2):
        for j in range(16):
            for sign in (1, -1):
                small = half + Fraction(1, 2) + sign * nudge
                large = (half + j + Fraction(1, 2) - sign * nudge) * 2**k
                for chosen in product(values, repeat=len(names)):
                    inputs = {"x1": small / 2**p, "x2": large / 2**p, **dict(zip(names, chosen, strict=True))}
                    got, exact = run(program, inputs)
                    if abs(got - exact) > limit * exact:
                        return Counterexample(
                            values={"p": p, **inputs, "got": got, "exact": exact, "limit": limit},
                            refutes="abs(got - exact) > limit*exact",
                            lines=(f"p = {p}: off by {abs(got - exact) / exact}, more than {limit}",),
                        )
    raise UndecidedError(f"search: an instance must be off by more than {limit}; got none")


def smaller_bound(program: Program, limit: Fraction) -> Outcome:
    """Refute a bound that is too small: Gappa does not prove it, and an instance exceeds it."""
    return error_bound(program, limit) if proof_script(program.script(limit)) else search(program, limit)


def rounding_dropped(program: Program, limit: Fraction) -> Outcome:
    """Refute the bound of a model in which the sum d of exponentials is not rounded.

    Gappa proves it for the model; the kernel does not take that for the statement; an instance exceeds it.
    """
    terms = " + ".join(program.operations["d"].operands)
    model = program.script(limit)
    script = proof_script(model.replace(f"d = rnd({terms});", f"d = {terms};"))
    if script is None or f"d = rnd({terms});" not in model:
        raise UndecidedError("gappa: the model without a rounding must have the smaller bound; got no proof")
    try:
        accepted(script, program.statement(limit))
    except UndecidedError:
        return search(program, limit)
    return error_bound(program, limit)


ENTRY = Statement(
    label="lem:softmax-entry@straight-line",
    title="Error of one softmax entry, line by line",
    mark="D",
    tex=(
        r"For $p=8,11,24$ and $n=2,3,4$ exponentials $x_i\in[2^{-20},2^{20}]$: $a_i=round_p(x_i)$, "
        r"$d=round_p(\sum a_i)$, $w=round_p(a_1/d)$ is within $4u+12u^2$ of $x_1/\sum x_i$, relatively."
    ),
    suspects=("X2",),
    steps=(
        Step(
            id="bound-holds",
            says="Gappa finds the proof, the kernel accepts it for the statement that is written from the program.",
            formal="for (p, n) = (8, 2), (11, 3), (24, 4), x in [2^-20, 2^20]^n: |w - W| <= (4u + 12u^2) W",
            tier=Tier.KERNEL,
            check=lambda: proved(entry, 4, 12),
            mutants=(
                Mutant("3u", lambda: smaller_bound(entry(8, 2), bound(8, 3, 0))),
                Mutant("the sum not rounded: 3u + 12u^2", lambda: rounding_dropped(entry(8, 2), bound(8, 3, 12))),
            ),
        ),
    ),
)

MEAN = Statement(
    label="lem:attention-output@straight-line",
    title="Error of a weighted mean of positive values, line by line",
    mark="D",
    tex=(
        r"For $p=8,11,24$ and $n=2,3,4$ exponentials $x_i\in[2^{-20},2^{20}]$ and values $b_i\in[1,2]$: "
        r"$a_i=round_p(x_i)$, $d=round_p(\sum a_i)$, $s=round_p(\sum round_p(a_ib_i))$, $w=round_p(s/d)$ is within "
        r"$6u+32u^2$ of $\sum x_ib_i/\sum x_i$, relatively."
    ),
    steps=(
        Step(
            id="bound-holds",
            says="Gappa finds the proof, the kernel accepts it for the statement that is written from the program.",
            formal="for (p, n) = (8, 2), (11, 3), (24, 4), 2^-20 <= x <= 2^20, 1 <= b <= 2: |w - W| <= (6u + 32u^2) W",
            tier=Tier.KERNEL,
            check=lambda: proved(mean, 6, 32),
            mutants=(Mutant("2u", lambda: smaller_bound(mean(8, 2), bound(8, 2, 0))),),
        ),
    ),
)
