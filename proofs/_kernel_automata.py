"""Theorems of the kernel on deciders and automata over every finite semigroup or monoid, for words of every length."""

from __future__ import annotations

from proofs._kernel_steps import pure_theorem

LINKED_PAIRS = pure_theorem(
    "words_linked",
    "linked_pairs",
    "forall (S : semigroup) (s e : S), prod e e = e -> (linked s e <-> exists t, s = prod t e)",
)
DECIDED = pure_theorem(
    "words_linked",
    "question_is_decided",
    "forall (S : semigroup) (elements : list S) (dec : forall a b : S, {a = b} + {a <> b}) (A : Type) (h : A -> S) "
    "(P : S -> S -> bool) (d : A) (u v : list A), (forall a, In a elements) -> "
    "(forall s e, P s e = true -> linked s e) -> v <> nil -> "
    "(found S A elements dec h P u v = true <-> omega_member h (fun s e => P s e = true) (periodic d u v))",
)
APERIODIC = pure_theorem(
    "words_aperiodic",
    "aperiodic_stays_aperiodic",
    "forall (S : semigroup) (elements : list S) (A : Type) (h : A -> S) (w : list (option A)), "
    "(forall a, In a elements) -> (forall a b : S, {a = b} + {a <> b}) -> aperiodic S -> "
    "exists k, forall q, same S (run S A h q (repeated w k)) (run S A h q (repeated w (k + 1)))",
)
DECIDER = pure_theorem(
    "words_decider",
    "decider_agrees",
    "forall (A : monoid) (elements : list A) (dec : forall a b : A, {a = b} + {a <> b}) (F : A -> bool) (r : nat) "
    "(w : list A), (forall a, In a elements) -> (closure F r w <-> decides A elements dec F r w = true)",
)
