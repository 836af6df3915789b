"""Theorems of the kernel on formulas, permutations, finite memory and small circuits, of every size."""

from __future__ import annotations

from proofs._kernel_steps import pure_theorem

POSTFIX = pure_theorem(
    "hardness", "postfix_value", "forall f : tree, fold_left push (postfix f) (Some []) = Some [truth f]"
)
ARITHMETIC = pure_theorem("hardness", "arithmetic_value", "forall f : tree, arithmetic f = truth f")
TRACED = pure_theorem(
    "hardness",
    "product_traced",
    "forall (X : Type) (word : list (X -> X)) (x : X), "
    "fold_left after word (fun y => y) x = fold_left (fun y g => g y) word x",
)
SPLITS = pure_theorem(
    "hardness",
    "splits_updated",
    "forall (S : semigroup) (A : Type) (h : A -> S) (v : list A) (x : A) (a b : option S), "
    "split_values h (v ++ [x]) a b <-> (exists c, split_values h v a c /\\ b = join S c (Some (h x))) \\/ "
    "(a = image h (v ++ [x]) /\\ b = None)",
)
AND_SEES_ALL = pure_theorem(
    "hardness",
    "and_sees_all",
    "forall before behind : nat, "
    "forallb (fun b => b) (repeat true before ++ true :: repeat true behind) = true /\\ "
    "forallb (fun b => b) (repeat true before ++ false :: repeat true behind) = false",
)
ADDERS = pure_theorem(
    "hardness",
    "adders_are_right",
    "(forall columns : list (bool * bool * bool), "
    "number (map (fun t => sum_bit (fst (fst t)) (snd (fst t)) (snd t)) columns) "
    "+ number (false :: map (fun t => carry_bit (fst (fst t)) (snd (fst t)) (snd t)) columns) "
    "= number (map (fun t => fst (fst t)) columns) + number (map (fun t => snd (fst t)) columns) "
    "+ number (map snd columns)) /\\ "
    "(forall columns c, number (ripple columns c) = number (map fst columns) + number (map snd columns) + digit c) /\\ "
    "(forall places g, fold_left greater_so_far places g "
    "= (number (map snd places) <? number (map fst places) + digit g))",
)
BELOW_THE_ORDER = pure_theorem(
    "hardness",
    "direct_test_one_less",
    "forall (G : semigroup) (elements : list G) (A : Type) (h : A -> G) (P : G -> G -> Prop) (d : A) (u v : list A), "
    "(forall a, In a elements) -> (forall a b : G, {a = b} + {a <> b}) -> (forall s e, P s e -> linked s e) -> "
    "v <> nil -> (omega_member h P (periodic d u v) <-> exists s e v1 v2 i j, P s e /\\ v = v1 ++ v2 /\\ "
    "i < length elements /\\ j < length elements /\\ "
    "image h (u ++ repeated v i ++ v1) = Some s /\\ image h (v2 ++ repeated v j ++ v1) = Some e)",
)
COUNTERS = pure_theorem(
    "hardness",
    "counters_are_short",
    "forall n i j : nat, 1 <= i < 2 * n -> 1 <= j < 2 * n -> "
    "(Nat.log2 i + 1) + (Nat.log2 (2 * i) + 1) + (Nat.log2 j + 1) <= 3 * (Nat.log2 n + 1) + 4",
)
POSITIVE = pure_theorem(
    "hardness",
    "positive_iff_some_bit",
    "forall bits : list bool, 0 < number bits <-> existsb (fun b => b) bits = true",
)
NO_FAMILY = pure_theorem(
    "hardness",
    "no_family_decides",
    "forall decides member_of_tc0 hard included equal : Prop, (decides -> member_of_tc0) -> "
    "(member_of_tc0 -> hard -> included) -> (included -> equal) -> hard -> ~ equal -> ~ decides",
)
