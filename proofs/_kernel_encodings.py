"""Theorems of the kernel on words, formulas, indices and trees in heap order, of every size."""

from __future__ import annotations

from proofs._kernel_steps import pure_theorem

HEAP = pure_theorem(
    "heap_tree",
    "written_circuit_is_right",
    "forall (n : nat) (x : nat -> bool), 1 <= n -> (exists v, solves x v (written n)) /\\ "
    "(forall v, solves x v (written n) -> v 1 = forallb x (seq 0 n))",
)
TOLD_APART = pure_theorem(
    "formula_words",
    "words_are_told_apart",
    "forall w : list letter, (forall f, read w = Some f <-> w = infix f) /\\ "
    "(forall f g, w = infix f -> w = infix g -> f = g) /\\ (formula_word w <-> read w <> None)",
)
SURVIVE = pure_theorem(
    "words_encoded",
    "words_survive",
    "forall (letters width : nat) (w : list nat) (rows : list (list bool)), Forall (fun a => a < letters) w -> "
    "length w < 2 ^ width -> Permutation rows (encoded letters width w) -> decoded letters rows = w",
)
WEIGHTS = pure_theorem(
    "sign_weights",
    "bits_give_the_weights",
    "forall (k : nat) (i j : N), (i < 2 ^ N.of_nat k)%N -> (j < 2 ^ N.of_nat k)%N -> "
    "(if fst (sign_bit k i j) then -1 else 1)%Z = table k i j",
)
WEIGHTS_TIME = pure_theorem(
    "sign_weights",
    "time_is_logarithmic",
    "forall (k : nat) (i j : N), (i < 2 ^ N.of_nat k)%N -> snd (sign_bit k i j) <= 4 * Nat.log2 k + 5",
)
