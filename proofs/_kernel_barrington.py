"""Theorems of the kernel on formulas as words over finite non-solvable groups, each with wrong variants."""

from __future__ import annotations

from itertools import product as cartesian

from precise.claims import Counterexample, Further, Mutant, Step
from precise.errors import UndecidedError
from proofs._groups import Group, cyclic, small_groups, symmetric
from proofs._kernel import Theorem
from proofs._kernel_steps import kernel_step, pure_theorem
from proofs._words_evidence import differs

LONG = "(4 * order G) ^ depth f"
EVERY_FORMULA = (
    "forall (G : finite_group), nonsolvable G -> forall f : formula, "
    f"exists p : list (instruction G), 1 <= length p <= {LONG} /\\ forall x, "
)
COMMUTATOR = pure_theorem(
    "words_barrington",
    "commutator_computes_and",
    "forall (G : finite_group) (p q p' q' : list (instruction G)) (f g : formula) (a b : G), "
    "computes p (fun x => eval x f) a -> computes q (fun x => eval x g) b -> "
    "computes p' (fun x => eval x f) (inv a) -> computes q' (fun x => eval x g) (inv b) -> "
    "computes (p ++ q ++ p' ++ q') (fun x => eval x (And f g)) (commutator a b)",
)
CYCLES = pure_theorem(
    "words_barrington",
    "barrington_cycles",
    "forall (G : finite_group) (C : G -> Prop), (forall c, C c -> C (inv c)) -> "
    "(forall c, C c -> exists a b, C a /\\ C b /\\ c = commutator a b) -> forall (f : formula) (c : G), C c -> "
    "exists p, 1 <= length p <= 4 ^ depth f /\\ computes p (fun x => eval x f) c",
)
SERIES = pure_theorem(
    "words_barrington",
    "barrington_series",
    "forall (G : finite_group) (f : formula) (c : G), derived G (depth f) c -> "
    f"exists p, 1 <= length p <= {LONG} /\\ computes p (fun x => eval x f) c",
)
BARRINGTON = pure_theorem(
    "words_barrington", "barrington", f"{EVERY_FORMULA}value (word_at x p) = unit <-> eval x f = false"
)
IN_CLOSURE = pure_theorem(
    "words_barrington",
    "formula_in_closure",
    f"{EVERY_FORMULA}closure trivial (4 * order G + 1) (encoded (word_at x p)) <-> eval x f = false",
)
IN_OMEGA = pure_theorem(
    "words_barrington",
    "formula_in_omega",
    f"{EVERY_FORMULA}omega_member letter (only unit) (periodic unit (word_at x p) (unit :: nil)) <-> eval x f = false",
)
FIVE = pure_theorem(
    "words_five",
    "five_cycles_are_commutators",
    "forall c : symmetric, five_cycle c -> exists a b, five_cycle a /\\ five_cycle b /\\ c = commutator a b",
)
SYMMETRIC = pure_theorem(
    "words_five",
    "barrington_symmetric",
    "forall (f : formula) (c : symmetric), five_cycle c -> exists p : list (instruction symmetric), "
    "1 <= length p <= 4 ^ depth f /\\ computes p (fun x => eval x f) c",
)


def three_letters(group: Group) -> int:
    """Return how many words A_x B_y C_x over a group are 1 unless x = y = 1, and there are not 1.

    Every word of at most three letters that looks at x and y is one of these, or becomes one when x and y change
    places; letters of neighbours that look at the same variable are one letter.
    """
    table, inverse, count, elements = group.table, group.inverses, 0, range(group.order)
    for a0, b0 in cartesian(elements, repeat=2):
        c0 = inverse[table[a0][b0]]
        for b1 in elements:
            if table[table[a0][b1]][c0] == 0:
                count += sum(table[table[a1][b1]][inverse[table[a1][b0]]] != 0 for a1 in elements)
    return count


def three_letters_are_too_few() -> Counterexample:
    """Return that no word of three letters over S_5 is a conjunction; four letters are."""
    found = three_letters(symmetric(5))
    lines = ("x AND y over S_5: no word of 3 letters is 1 unless x = y = 1 and there not 1",)
    return differs("least depth", lines, got=found, right=1, formula="x0 AND x1", cases=120**3)


def trivial_group() -> Counterexample:
    """Return the least group and formula with no word that is 1 only where the formula is false."""
    group = cyclic(1)
    words = [(a, b) for a, b in cartesian(range(group.order), repeat=2) if a == 0 and b != 0]
    return differs("least group", ("Z_1, formula x0: every word is 1, also for x0 = 1",), got=len(words), right=1)


def inverse_is_needed() -> Counterexample:
    """Return the least group and a with a a not 1: the word for f = 1, g = 0 without the inverse."""
    for group in small_groups():
        for a in range(group.order):
            if group.table[a][a]:
                lines = (f"{group.name}, a = {a}: f true, g false, the word is a a = {group.table[a][a]}",)
                return differs("least group", lines, got=group.table[a][a], right=0, group=group.name, a=a)
    raise UndecidedError("kernel: some group must have an a with a a not 1; got none")


def not_a_commutator() -> Counterexample:
    """Return the least permutation of five points that is not 1 and no commutator of 5-cycles."""
    group = symmetric(5)
    cycles = [a for a in range(120) if group.permutations[a][0] != 0 and len(orbit(group, a)) == 5]
    found = {group.commutator(a, b) for a in cycles for b in cycles}
    least = next(c for c in range(1, 120) if c not in found)
    lines = (f"{group.permutations[least]} is no commutator of two of the {len(cycles)} 5-cycles",)
    return differs("the order of the elements", lines, got=0, right=1, c=str(group.permutations[least]))


def no_conjunction_over_two() -> Counterexample:
    """Return that no word over Z_2 is the conjunction of two variables: the tables of values of all words are found."""
    inputs = tuple(cartesian((0, 1), repeat=2))
    letters = [tuple(b if x[i] else a for x in inputs) for i, a, b in cartesian((0, 1), repeat=3)]
    found, fresh = set(letters), list(letters)
    while fresh:
        word = fresh.pop()
        for letter in letters:
            longer = tuple((p + q) % 2 for p, q in zip(word, letter, strict=True))
            if longer not in found:
                found.add(longer)
                fresh.append(longer)
    conjunction = tuple(int(all(x)) for x in inputs)
    lines = (f"Z_2, c = 1, x0 AND x1: the words have {len(found)} tables of values, none is {conjunction}",)
    return differs("least group", lines, got=int(conjunction in found), right=1, formula="x0 AND x1")


def orbit(group: Group, a: int) -> set[int]:
    """Return the points to which powers of a permutation take the first point."""
    found, x = {0}, group.permutations[a][0]
    while x not in found:
        found.add(x)
        x = group.permutations[a][x]
    return found


def any_group(theorem: Theorem) -> Mutant:
    """Return the mutant that drops the hypothesis that the group is not solvable."""
    return theorem.mutant("any finite group", "nonsolvable G ->", "", trivial_group)


def shorter(theorem: Theorem) -> Mutant:
    """Return the mutant with three letters for a conjunction."""
    return theorem.mutant("3^d letters", "4 ^ depth f", "3 ^ depth f", three_letters_are_too_few)


FIVE_FURTHER: Further = FIVE.further(
    FIVE.mutant("every permutation but 1", "five_cycle c ->", "c <> unit ->", not_a_commutator)
)
IN_CLOSURE_FURTHER: Further = IN_CLOSURE.further(any_group(IN_CLOSURE))
IN_OMEGA_FURTHER: Further = IN_OMEGA.further(any_group(IN_OMEGA))
STEPS: tuple[Step, ...] = (
    kernel_step(
        COMMUTATOR,
        COMMUTATOR.mutant("no inverse", "(inv a)", "a", inverse_is_needed),
        id="commutator-is-a-conjunction",
        says="Words for two formulas and words for the inverse targets make a commutator that computes the "
        "conjunction.",
        formal="for all finite groups, targets a, b, formulas f, g, inputs: p q p' q' is [a, b] where f AND g, else 1",
    ),
    kernel_step(
        CYCLES,
        shorter(CYCLES),
        id="length-four-to-the-depth",
        says="Where targets can stay in a set whose elements are commutators of the set, $4^d$ letters suffice.",
        formal="for all finite groups, sets C closed under inverses with C in [C, C], c in C, formulas of depth d: "
        "a word of 1 to 4^d letters, each given by one variable, that is c where the formula is true, else 1",
    ),
    kernel_step(
        SYMMETRIC,
        shorter(SYMMETRIC),
        id="every-formula-over-five-points",
        says="So it is over $S_5$ for every 5-cycle.",
        formal="for all formulas of depth d, all 5-cycles c of S_5: a word of 1 to 4^d letters, c where true, else 1",
    ),
    kernel_step(
        SERIES,
        SERIES.mutant("any target", "derived G (depth f) c ->", "", no_conjunction_over_two),
        id="every-formula-with-a-target",
        says="For $c$ in the $d$-th term of the derived series, so for every $c$ in the perfect core.",
        formal="for all finite groups, formulas of depth d, c in the d-th derived subgroup: a word of 1 to (4 |G|)^d "
        "letters, c where true, else 1",
    ),
    kernel_step(
        BARRINGTON,
        any_group(BARRINGTON),
        id="every-formula-over-every-group",
        says="Over every finite group whose derived series never becomes trivial, formulas are words.",
        formal="for all finite groups with no trivial derived subgroup, formulas of depth d: a word of 1 to (4 |G|)^d "
        "letters, each given by one variable, that is 1 iff the formula is false",
    ),
)
