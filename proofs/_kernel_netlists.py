"""Theorems of the kernel on lists of threshold gates and on the families of them that define the classes."""

from __future__ import annotations

from proofs._kernel_steps import pure_theorem

VALUES = pure_theorem(
    "netlists",
    "values_are_unique",
    "forall (n : nat) (gates : list gate) (x : nat -> bool), ordered n gates -> (exists s, assignment n gates x s) /\\ "
    "(forall s t, assignment n gates x s -> assignment n gates x t -> forall i, i < n + length gates -> s i = t i)",
)
LONGEST_PATH = pure_theorem(
    "netlists",
    "depth_is_the_longest_path",
    "forall (n : nat) (gates : list gate), ordered n gates -> (forall g, In g gates -> fst g <> nil) -> "
    "(forall i m, path n gates i i m -> m = 0) /\\ "
    "(exists l, levels n gates l /\\ forall j, j < n + length gates -> "
    "(exists i, i < n /\\ path n gates i j (l j)) /\\ (forall i m, path n gates i j m -> m <= l j))",
)
PARITY = pure_theorem(
    "netlist_parity",
    "parity_is_recognised",
    "forall (n : nat) (x : nat -> bool), (exists s, assignment n (parity_gates n) x s) /\\ "
    "(forall s, assignment n (parity_gates n) x s -> s (n + n) = Nat.odd (ones n x))",
)
PARITY_SHAPE = pure_theorem(
    "netlist_parity",
    "parity_has_the_shape",
    "forall n : nat, length (parity_gates n) = n + 1 /\\ "
    "(forall g i w, In g (parity_gates n) -> In (i, w) (fst g) -> w = 1%Z \\/ w = (-1)%Z) /\\ "
    "(exists l, levels n (parity_gates n) l /\\ (0 < n -> l (n + n) = 2))",
)
COMPARISON = pure_theorem(
    "netlist_comparison",
    "comparison_by_gates",
    "forall n : nat, 0 < n -> length (comparison_gates n) = 3 * n + 1 /\\ "
    "(forall g i w, In g (comparison_gates n) -> In (i, w) (fst g) -> w = 1%Z \\/ w = (-1)%Z) /\\ "
    "(forall x, (exists s, assignment (2 * n) (comparison_gates n) x s) /\\ "
    "(forall s, assignment (2 * n) (comparison_gates n) x s -> "
    "s (5 * n) = (number n (fun i => x (n + i)) <=? number n x)))",
)
CARRY = pure_theorem(
    "netlist_carry",
    "carry_by_lookahead",
    "forall (n : nat) (x : nat -> bool), 0 < n -> (exists s, assignment (2 * n) (carry_gates n) x s) /\\ "
    "(forall s, assignment (2 * n) (carry_gates n) x s -> "
    "s (last_gate n) = (2 ^ n <=? number n x + number n (fun i => x (n + i))))",
)
CARRY_SHAPE = pure_theorem(
    "netlist_carry",
    "carry_has_the_shape",
    "forall n : nat, 0 < n -> length (carry_gates n) = 3 * n - 1 /\\ "
    "(forall g, In g (carry_gates n) -> exists sources, length sources <= Nat.max n 2 /\\ "
    "(g = all_of sources \\/ g = any_of sources)) /\\ "
    "(exists l, levels (2 * n) (carry_gates n) l /\\ forall j, j < 2 * n + length (carry_gates n) -> l j <= 3)",
)
MAJORITY = pure_theorem(
    "adder_tree",
    "majority_by_small_gates",
    "forall inputs : list bool, inputs <> nil -> "
    "on (majority inputs) = (length inputs <? 2 * length (filter (fun b => b) inputs))",
)
SHALLOW = pure_theorem(
    "adder_depth",
    "majority_is_shallow",
    "forall inputs : list bool, inputs <> nil -> deep (majority inputs) <= 14 * Nat.log2 (length inputs) + 8",
)
STORING = pure_theorem(
    "netlist_storing",
    "storing_keeps_the_circuit",
    "forall (n : nat) (gates : list gate) (l : nat -> nat) (order : list nat), levels n gates l -> "
    "storable n gates l order -> ordered n (stored n gates order) /\\ "
    "(forall x s t, assignment n gates x s -> assignment n (stored n gates order) x t -> "
    "forall j, In j order -> t (renumbered n order j) = s j)",
)
