"""The steps of a statement on a body as a network of circuits: what it computes, how deep it is, how large."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from precise.claims import Counterexample, Evidence, Further, Mutant, Step, Tier, chain
from precise.studies.networks import BODIES
from proofs._circuit_flat import one_circuit
from proofs._circuit_growth import GATES, WIRES, Grows, below_sum, bound_follows, counts_hold
from proofs._circuit_levels import CHARGED, levels_in_general
from proofs._circuit_networks import Deep, Sizes, Trial, agree, depth_as_built, depth_is_composed
from proofs._general_circuits import FROM_TWO_ROWS, circuits_in_general, depth_in_operations
from proofs._general_depths import ALL_SHAPES, Run
from proofs._words_evidence import each_alone

THREE_QUARTERS = Fraction(3, 4)
SYMBOLS = {
    "max(": r"\max(",
    "multiply": r"d_\times",
    "divide": r"d_\div",
    "add": "d_+",
    "subtract": "d_-",
    "negative": r"d_\neg",
    "sum": r"d_\oplus",
    "exp": "d_{exp}",
    "sqrt": "d_{sqrt}",
    "sin": "d_{sin}",
    "cos": "d_{cos}",
}
"""The depths of operations as TeX."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Bodies of one depth, with what is run of them.

    Parameters
    ----------
    what
        What the network is, as the subject of a sentence.
    grows
        The bodies with their counts of circuits.
    path, total, settled
        The depth in the depths of operations, its value, and the least p from which built networks have it.
    quick, full
        Inputs at which it agrees with rounded arithmetic, in the quick and in the full tier.
    wrong
        The operation whose circuit the mutants make wrong.
    sizes, more
        The (p, n, d) whose networks are built, in the quick and in the full tier.
    flat, more_flat
        Inputs of networks that are laid out as one circuit, in the quick tier (where that is fast) and in the full one.
    run
        The same body for symbolic shapes.
    """

    what: str
    grows: tuple[Grows, ...]
    path: str
    total: int
    settled: int
    quick: tuple[Trial, ...]
    full: tuple[Trial, ...]
    wrong: str
    sizes: Sizes
    more: Sizes
    flat: tuple[Trial, ...]
    more_flat: tuple[Trial, ...]
    run: Run | None = None

    @property
    def deep(self) -> tuple[Deep, ...]:
        """The bodies with their depth."""
        return tuple(Deep(body.body, self.path) for body in self.grows)


def steps_of(s: Subject) -> tuple[Step, ...]:
    """Return the steps on a network; all of them are about the circuits of this package."""
    return (
        agreement(s),
        composition(s),
        *every_shape(s),
        as_built(s),
        counted(s),
        *(bounded(s, what) for what in ("gates", "wires")),
        size_as_built(s),
        laid_out(s),
    )


def agreement(s: Subject) -> Step:
    """Return the step that the network computes what rounded arithmetic does."""
    return Step(
        id="network-agrees",
        of_code=True,
        says=f"{s.what} gives what rounded arithmetic gives, bit for bit, at every listed input.",
        formal="; ".join(f"all inputs of {trial}: network = rounded" for trial in s.quick),
        check=lambda: agree(s.quick),
        mutants=(Mutant(f"one threshold of {s.wrong} lowered", lambda: agree(s.quick, s.wrong)),),
        further=(
            Further(
                tier=Tier.FULL,
                check=lambda: agree((*s.quick, *s.full)),
                mutants=(Mutant(f"one threshold of {s.wrong} lowered", lambda: agree(s.full, s.wrong)),),
            ),
        ),
    )


def composition(s: Subject) -> Step:
    """Return the step that the depth is a sum of constants, the same at all shapes."""
    papers = ", ".join(dict.fromkeys(BODIES[body.body].paper for body in s.grows))
    return Step(
        id="depth-is-a-sum-of-constants",
        of_code=True,
        says=(
            f"Its depth is ${in_symbols(s.path)}$ in the depths of its operations, with the "
            f"constants of their families {s.total}, and in the papers' constants the critical path of the body."
        ),
        formal=(
            f"for {FROM_TWO_ROWS}: depth = {s.path} = {s.total}, which is {papers} of the cost semantics, "
            "and at most its steps one after the other"
        ),
        check=lambda: each_alone(
            chained(depth_in_operations(b.body, s.path, s.total) for b in s.grows), depth_is_composed(s.deep, s.total)
        ),
        mutants=(
            Mutant("one level less", lambda: depth_is_composed(s.deep, s.total - 1)),
            Mutant(
                "a product more on the path",
                lambda: depth_is_composed([replace(c, path=f"{c.path} + multiply") for c in s.deep], s.total),
            ),
        ),
    )


def as_built(s: Subject) -> Step:
    """Return the step that built networks have this depth."""
    return Step(
        id="depth-as-built",
        of_code=True,
        says=(
            f"The networks that were built, depths of operations added along the path, have {s.total} levels from "
            f"p = {s.settled} on, and no more below."
        ),
        formal=f"for (p, n, d) in {s.sizes}: levels <= {s.total}, = {s.total} if p >= {s.settled}",
        check=lambda: depth_as_built(s.deep, s.sizes, s.total, s.settled),
        mutants=(Mutant("half the depth", lambda: depth_as_built(s.deep, s.sizes, s.total // 2, s.settled)),),
        further=(
            Further(
                tier=Tier.FULL,
                check=lambda: depth_as_built(s.deep, (*s.sizes, *s.more), s.total, s.settled),
                mutants=(Mutant("one level less", lambda: depth_as_built(s.deep, s.more, s.total - 1, s.settled)),),
            ),
        ),
    )


def counted(s: Subject) -> Step:
    """Return the step that counts circuits."""
    texts = [", ".join(f"{kind}: {count}" for kind, count in body.counts.items()) for body in s.grows]
    return Step(
        id="counts-are-polynomials",
        of_code=True,
        says="There are so many circuits of each operation as the polynomials say.",
        formal=f"for {FROM_TWO_ROWS}: " + "; ".join(f"{b.body}: {t}" for b, t in zip(s.grows, texts, strict=True)),
        check=lambda: each_alone(chained(circuits_in_general(b.body, b.counts) for b in s.grows), counts_hold(s.grows)),
        mutants=(
            Mutant("one circuit more of each", lambda: counts_hold(s.grows, extra=1)),
            Mutant(
                "more circuits, but not at the listed n",
                lambda: chained(circuits_in_general(b.body, {**b.counts, **not_listed(b.counts)}) for b in s.grows),
            ),
        ),
    )


def not_listed(counts: Mapping[str, str]) -> dict[str, str]:
    """Return another count of products, which is right where n is 2, 3 or 4."""
    return {"multiply": f"{counts.get('multiply', '0')} + (n-2)*(n-3)*(n-4)"}


def every_shape(s: Subject) -> tuple[Step, ...]:
    """Return the step on the depth at every shape, where the body runs over symbolic shapes."""
    run = s.run
    if run is None:
        return ()
    return (
        Step(
            id="depth-at-every-shape",
            of_code=True,
            says=(
                f"The body, run with symbols for n and d and each operation charged the levels of its family, has "
                f"{s.total} levels."
            ),
            formal=f"for {ALL_SHAPES}: critical path of the body, operations charged {CHARGED}, = {s.total}",
            check=lambda: levels_in_general(run, str(s.total)),
            mutants=(
                Mutant("one level less", lambda: levels_in_general(run, str(s.total - 1))),
                Mutant("products of one level more", lambda: levels_in_general(run, str(s.total), "multiply")),
            ),
        ),
    )


def bounded(s: Subject, what: str) -> Step:
    """Return the step that the bounds of operations bound the network, for all n, d and p."""
    table, power = (GATES, 2) if what == "gates" else (WIRES, 3)
    used = dict.fromkeys(kind.partition(":")[0] for body in s.grows for kind in body.counts)
    given = ", ".join(f"{name} {table[name]} p^{power}{f' k^{power}' if name == 'sum' else ''}" for name in used)
    bounds = "; ".join(f"{body.body} {what} <= {body.bound(what)}" for body in s.grows)
    return Step(
        id=f"{what}-add-up",
        says=(
            f"With so many circuits, each within its bound, there are at most "
            f"${', '.join(body.bound(what).replace('**', '^').replace('*', ' ') for body in s.grows)}$ {what}."
        ),
        formal=f"for all n, d, p >= 1: if {given} {what} suffice for one circuit (sums of k terms), then {bounds}",
        check=lambda: chained(bound_follows(body, what) for body in s.grows),
        mutants=(
            Mutant("bound times 0.999", lambda: chained(bound_follows(body, what, "999/1000") for body in s.grows)),
        ),
    )


def size_as_built(s: Subject) -> Step:
    """Return the step that built networks stay within the sum of the bounds of their circuits."""
    return Step(
        id="size-as-built",
        of_code=True,
        says="The networks that were built have at most the sum of the bounds of their circuits.",
        formal=f"for (p, n, d) in {s.sizes}: gates, wires <= sum of the bounds of all circuits",
        check=lambda: below_sum(s.grows, s.sizes),
        mutants=(Mutant("three quarters of the bounds", lambda: below_sum(s.grows, s.sizes, THREE_QUARTERS)),),
        further=(
            Further(
                tier=Tier.FULL,
                check=lambda: below_sum(s.grows, (*s.sizes, *s.more)),
                mutants=(Mutant("three quarters of the bounds", lambda: below_sum(s.grows, s.more, THREE_QUARTERS)),),
            ),
        ),
    )


def laid_out(s: Subject) -> Step:
    """Return the step that the network, laid out, is one circuit with these gates and wires."""

    def mutants(trials: tuple[Trial, ...]) -> tuple[Mutant, ...]:
        return (
            Mutant("one threshold lowered", lambda: one_circuit(trials, s.total, lower=True)),
            Mutant("a third of the levels", lambda: one_circuit(trials, s.total // 3)),
        )

    first, whole = s.flat or s.more_flat, (*s.flat, *s.more_flat)
    more = Further(tier=Tier.FULL, check=lambda: one_circuit(whole, s.total), mutants=mutants(s.more_flat))
    return Step(
        id="laid-out-it-is-one-circuit",
        of_code=True,
        says=(
            "Laid out as one circuit, every instance in its place, it has the gates and wires of the network, at most "
            "its levels, and gives what rounded arithmetic gives at every listed input."
        ),
        formal=f"{'; '.join(map(str, first))}: as many gates and wires, at most {s.total} levels; circuit = rounded",
        check=lambda: one_circuit(first, s.total),
        tier=Tier.QUICK if s.flat else Tier.FULL,
        mutants=mutants(first),
        further=(more,) if s.flat else (),
    )


def in_symbols(path: str) -> str:
    """Return a depth in the depths of operations as TeX."""
    return re.sub("|".join(map(re.escape, SYMBOLS)), lambda found: SYMBOLS[found[0]], path)


def chained(parts: Iterable[Evidence | Counterexample]) -> Evidence | Counterexample:
    """Return the evidence of parts that are all needed, or the first counterexample."""
    found: list[Evidence] = []
    for part in parts:
        if isinstance(part, Counterexample):
            return part
        found.append(part)
    return chain(*found)
