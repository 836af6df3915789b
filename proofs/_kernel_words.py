"""Theorems of the kernel on the closure problem and on membership of omega-words, each with wrong variants."""

from __future__ import annotations

from itertools import product as cartesian

from precise.claims import Counterexample, Further, Step
from precise.errors import UndecidedError
from proofs._all_words import spelled
from proofs._block_words import Closure, padding
from proofs._groups import small_groups
from proofs._kernel_steps import kernel_step, pure_theorem
from proofs._omega_words import member, value
from proofs._words_evidence import differs

CLOSURE_GROUP = pure_theorem(
    "words_closure",
    "closure_group",
    "forall (A : monoid) (F : A -> bool) (r : nat) (w : list A), group_with_unit F -> "
    "(closure F r w <-> F (value w) = true /\\ gaps_at_most F r w)",
)
CLOSURE_HARD = pure_theorem(
    "words_closure",
    "closure_hard",
    "forall (G : finite_group) (gs : list G), closure trivial (4 * order G + 1) (encoded gs) <-> value gs = unit",
)
GAPS = pure_theorem(
    "words_closure",
    "closure_hard_gaps",
    "forall (G : finite_group) (gs : list G), gaps_at_most trivial (4 * order G - 1) (encoded gs)",
)
SHARP = pure_theorem(
    "words_closure_sharp",
    "closure_hard_sharp",
    "forall (G : finite_group) (h1 hn : G) (mid : list G) (r : nat), members G = h1 :: mid ++ hn :: nil -> "
    "h1 <> unit -> hn <> unit -> "
    "((forall gs : list G, closure trivial r (encoded gs) <-> value gs = unit) <-> 4 * order G - 1 <= r)",
)
REACHED = pure_theorem(
    "words_closure",
    "sigma_reaches_all",
    "forall (G : finite_group) (q x : G), exists u v, sigma G = u ++ v /\\ op q (value u) = x",
)
STAR = pure_theorem(
    "words_closure",
    "closure_is_star",
    "forall (A : monoid) (F : A -> bool) (r : nat) (w : list A), closure F r w <-> exists k, power (block F r) k w",
)
READINGS = pure_theorem(
    "words_star",
    "star_readings_agree",
    "forall (A : Type) (L : list A -> Prop), solves L (union_of_powers L) /\\ forall w, "
    "(union_of_powers L w <-> cut_into_words L w) /\\ (union_of_powers L w <-> in_every_solution L w)",
)
SUPREMUM = pure_theorem(
    "words_star",
    "star_is_supremum",
    "forall (A : Type) (L U : list A -> Prop), "
    "(forall k w, power_of L k w -> U w) <-> (forall w, union_of_powers L w -> U w)",
)
DIRECT_TEST = pure_theorem(
    "words_omega",
    "direct_test",
    "forall (S : semigroup) (elements : list S) (A : Type) (h : A -> S) (P : S -> S -> Prop) (d : A) (u v : list A), "
    "(forall a, In a elements) -> (forall a b : S, {a = b} + {a <> b}) -> (forall s e, P s e -> linked s e) -> "
    "v <> nil -> (omega_member h P (periodic d u v) <-> exists s e v1 v2 i j, P s e /\\ v = v1 ++ v2 /\\ "
    "i <= length elements /\\ j <= length elements /\\ "
    "image h (u ++ repeated v i ++ v1) = Some s /\\ image h (v2 ++ repeated v j ++ v1) = Some e)",
)
SAME_WORD = pure_theorem(
    "words_omega",
    "same_infinite_word",
    "forall (A : Type) (d : A) (u v1 v2 : list A) (i j n : nat), v1 ++ v2 <> nil -> periodic d u (v1 ++ v2) n = "
    "periodic d (u ++ repeated (v1 ++ v2) i ++ v1) (v2 ++ repeated (v1 ++ v2) j ++ v1) n",
)
POWERS = pure_theorem(
    "words_omega",
    "powers_are_reached",
    "forall (S : semigroup) (elements : list S) (A : Type) (h : A -> S) (x : option S) (v : list A) (i : nat), "
    "(forall a, In a elements) -> (forall a b : S, {a = b} + {a <> b}) -> exists k, k <= length elements /\\ "
    "join S x (image h (repeated v k)) = join S x (image h (repeated v i))",
)
LINKED = pure_theorem(
    "words_periodic",
    "hard_pair_is_linked",
    "forall (G : finite_group) (g : G), linked (S := semigroup_of G) g unit",
)
RECURS = pure_theorem(
    "words_periodic",
    "hard_infinitely_often",
    "forall (G : finite_group) (g : G) (x : nat -> G), "
    "omega_member letter (only g) x <-> forall N, exists n, N < n /\\ prefix_value x n = g",
)
IDENTITY_LETTER = pure_theorem(
    "words_periodic",
    "hard_identity_letter",
    "forall (G : finite_group) (g : G) (u : list G), "
    "omega_member letter (only g) (periodic unit u (unit :: nil)) <-> value u = g",
)


def padded_word_out(less: int) -> Counterexample | None:
    """Return the least word of value 1 whose padding is out of the closure for r = 4 |G| - `less`."""
    for group in small_groups():
        order = [*range(1, min(group.order, 2)), 0, *range(2, group.order)]
        sigma = padding(group.table, group.inverses, order)
        closure = Closure(group.table, frozenset({0}), max(0, 4 * group.order - less))
        padded = [(g, *sigma) for g in range(group.order)]
        word = closure.first_difference_of_map(padded.__getitem__, lambda found: found == 0)
        if word is not None:
            got, right = int(group.value(word) != 0), int(group.value(word) == 0)
            lines = (f"{group.name}, r = {4 * group.order - less}, sigma over {spelled(order)}: word {spelled(word)}",)
            where = "least group, then least word"
            return differs(where, lines, got=got, right=right, group=group.name, word=spelled(word))
    return None


def shorter_with_the_identity_first() -> Counterexample:
    """Return the least group of order 2 or more for which r = 4 |G| - 3 works, the identity first in sigma."""
    group = small_groups()[1]
    sigma = padding(group.table, group.inverses, range(group.order))
    closure = Closure(group.table, frozenset({0}), 4 * group.order - 3)
    padded = [(g, *sigma) for g in range(group.order)]
    word = closure.first_difference_of_map(padded.__getitem__, lambda found: found == 0)
    lines = (f"{group.name}, sigma over 0 1: r = {4 * group.order - 3} is right for words of every length",)
    return differs("least group", lines, got=int(word is None), right=0, group=group.name, r=4 * group.order - 3)


def unreached_without_inverses() -> Counterexample | None:
    """Return the least group in which the products h1, h1 h2, ... leave out an element."""
    for group in small_groups():
        prefixes = [group.value(range(k)) for k in range(group.order + 1)]
        left_out = [x for x in range(group.order) if x not in prefixes]
        if left_out:
            lines = (f"{group.name}: prefix values {spelled(prefixes)} leave out {left_out[0]}",)
            return differs("least group", lines, got=0, right=1, group=group.name, element=left_out[0])
    return None


def one_block_is_not_enough() -> Counterexample:
    """Return the least word over Z_2 that is two blocks of length at most 1 and not one block: 0 0."""
    closure, one_letter = Closure(small_groups()[1].table, frozenset({0}), 1), ((), (0,))
    word = next(w for n in range(3) for w in cartesian((0,), repeat=n) if closure.contains(w) and w not in one_letter)
    lines = (f"Z_2, F = {{0}}, r = 1: {spelled(word)} is {len(word)} blocks",)
    return differs("least word", lines, got=0, right=1, word=spelled(word))


def wrongly_member(prefixes_only: bool) -> Counterexample | None:
    """Return the least u v^omega over a small group that a wrong criterion calls a member of [g][1]^omega, or does not.

    `prefixes_only`: g is once a prefix value. Otherwise v is the letter g and the criterion is the value of u.
    """
    for group in small_groups()[:4]:
        for g, length in cartesian(range(group.order), range(3)):
            for u in cartesian(range(group.order), repeat=length):
                for letter in range(group.order) if prefixes_only else (g,):
                    right = member(group.table, (g, 0), u, (letter,))
                    seen = (*u, *(letter for _ in range(group.order)))
                    once = any(group.value(seen[:k]) == g for k in range(1, len(seen) + 1))
                    got = once if prefixes_only else group.value(u) == g
                    if got != right:
                        return differs(
                            "least group, g, u, v",
                            (f"{group.name}, g = {g}, u = {spelled(u)}, v = {letter}",),
                            got=int(got),
                            right=int(right),
                            group=group.name,
                            g=g,
                            u=spelled(u),
                            v=letter,
                        )
    return None


def wrongly_linked() -> Counterexample:
    """Return the least g of Z_2 with g g not equal to g."""
    table = small_groups()[1].table
    g = next(g for g in (0, 1) if table[g][g] != g)
    return differs("least g", (f"Z_2: {g} {g} = {table[g][g]}",), got=table[g][g], right=value(table, (g,)), g=g)


GAPS_STEP: Step = kernel_step(
    GAPS,
    GAPS.mutant("4|G| - 2", "4 * order G - 1", "4 * order G - 2", lambda: refuted_by(padded_word_out(2))),
    id="gaps-are-short-in-every-group",
    says="In every padded word, consecutive positions with prefix value 1 are at most $4|G|-1$ apart.",
    formal="for all finite groups, all orders of sigma, all words: gaps between prefix values 1 are at most 4 |G| - 1",
)
SHARP_STEP: Step = kernel_step(
    SHARP,
    SHARP.mutant("4|G| - 2", "4 * order G - 1 <= r", "4 * order G - 2 <= r", lambda: refuted_by(padded_word_out(2))),
    SHARP.mutant("the identity first", "h1 <> unit ->", "", shorter_with_the_identity_first),
    id="least-length-in-every-group",
    says="With the identity neither first nor last in $\\sigma$, the map is right for all words iff $r\\ge4|G|-1$.",
    formal="for all finite groups of order >= 3, sigma over h1, ..., hn with h1, hn != 1, all r: the padded word is "
    "in the "
    "closure iff the product is 1, for all words, iff r >= 4 |G| - 1",
)
REACHED_STEP: Step = kernel_step(
    REACHED,
    REACHED.mutant(
        "no inverses", "sigma G = u ++ v", "members G = u ++ v", lambda: refuted_by(unreached_without_inverses())
    ),
    id="every-value-occurs-in-sigma",
    says=r"Inside $\sigma$ behind any prefix value $q$ every element occurs as a prefix value.",
    formal="for all finite groups, all orders of sigma, all q, x: sigma = u v with q h(u) = x",
)
HARD_FURTHER: Further = CLOSURE_HARD.further(
    CLOSURE_HARD.mutant(
        "r = 4|G| - 2", "(4 * order G + 1)", "(4 * order G - 2)", lambda: refuted_by(padded_word_out(2))
    ),
)
STAR_FURTHER: Further = STAR.further(
    STAR.mutant("one block", "exists k, power (block F r) k w", "power (block F r) 1 w", one_block_is_not_enough),
)
LINKED_FURTHER: Further = LINKED.further(LINKED.mutant("(g, g)", "g unit", "g g", wrongly_linked))
RECURS_FURTHER: Further = RECURS.further(
    RECURS.mutant("once", "forall N, exists n, N < n", "exists n, 0 < n", lambda: refuted_by(wrongly_member(True))),
)
IDENTITY_FURTHER: Further = IDENTITY_LETTER.further(
    IDENTITY_LETTER.mutant("g repeated", "unit :: nil", "g :: nil", lambda: refuted_by(wrongly_member(False))),
)


def refuted_by(found: Counterexample | None) -> Counterexample:
    """Return the counterexample that a search over small groups has to find."""
    if found is None:
        raise UndecidedError("kernel: a wrong variant must fail for a small group; got none")
    return found
