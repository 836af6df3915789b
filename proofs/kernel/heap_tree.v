(* The AND of n inputs as a tree in heap order: gate i reads gates 2 i and 2 i + 1, the last n numbers are the inputs.

   Settles, for def:l-uniform, written_circuit_is_right: the lines that the generator writes have a solution, and in
   every solution gate 1 is the AND of all inputs, for every n >= 1. *)

From Coq Require Export Arith List Lia Bool.
Export ListNotations.

Inductive line := Both (left right : nat) | Input (k : nat).

(* What is written for the number i, and all that is written. *)
Definition written_line (n i : nat) : line := if 2 * i <? 2 * n then Both (2 * i) (2 * i + 1) else Input (i - n).
Definition written (n : nat) : list (nat * line) := map (fun i => (i, written_line n i)) (seq 1 (2 * n - 1)).

(* The values v satisfy every line, given the inputs x. *)
Definition solves (x v : nat -> bool) (lines : list (nat * line)) : Prop :=
  forall i l, In (i, l) lines -> v i = match l with Both a b => v a && v b | Input k => x k end.

Lemma solves_written n x v : solves x v (written n) <->
  forall i, 1 <= i < 2 * n -> v i = if i <? n then v (2 * i) && v (2 * i + 1) else x (i - n).
Proof.
  assert (E : forall i, match written_line n i with Both a b => v a && v b | Input k => x k end
    = if i <? n then v (2 * i) && v (2 * i + 1) else x (i - n)).
  { intros i. unfold written_line. destruct (Nat.ltb_spec (2 * i) (2 * n)), (Nat.ltb_spec i n); try easy; lia. }
  split.
  - intros H i I. rewrite <- E. apply H. apply in_map_iff. exists i; split; [easy|]. apply in_seq. lia.
  - intros H i l I. apply in_map_iff in I. destruct I as (j & P & I). injection P as <- <-. apply in_seq in I.
    rewrite E. apply H. lia.
Qed.

(* The AND of the inputs below gate i. *)
Fixpoint tree (n : nat) (x : nat -> bool) (fuel i : nat) : bool :=
  match fuel with
  | O => true
  | S f => if i <? n then tree n x f (2 * i) && tree n x f (2 * i + 1) else x (i - n)
  end.

Lemma tree_step n x f i :
  tree n x (S f) i = if i <? n then tree n x f (2 * i) && tree n x f (2 * i + 1) else x (i - n).
Proof. reflexivity. Qed.

Lemma tree_settles n x f : forall i, 1 <= i -> 2 * n <= f + i -> i < 2 * n -> tree n x (S f) i = tree n x f i.
Proof.
  induction f as [|f IH]; intros i I F L; [lia|]. rewrite (tree_step n x (S f) i), (tree_step n x f i).
  destruct (Nat.ltb_spec i n); [|easy]. now rewrite !IH by lia.
Qed.

Theorem written_circuit_is_right : forall (n : nat) (x : nat -> bool), 1 <= n ->
  (exists v, solves x v (written n)) /\
  (forall v, solves x v (written n) -> v 1 = forallb x (seq 0 n)).
Proof.
  intros n x N; split.
  - exists (tree n x (2 * n)). apply solves_written. intros i I.
    rewrite <- (tree_settles n x (2 * n) i) by lia. apply tree_step.
  - intros v S. pose proof (proj1 (solves_written n x v) S) as H. apply eq_true_iff_eq. rewrite forallb_forall. split.
    + intros V. assert (A : forall i, 1 <= i < 2 * n -> v i = true).
      { induction i as [i IH] using lt_wf_ind. intros I. destruct (Nat.eq_dec i 1) as [->|D]; [exact V|].
        pose proof (Nat.div_mod i 2 ltac:(lia)) as M. pose proof (Nat.mod_upper_bound i 2 ltac:(lia)).
        pose proof (H (i / 2) ltac:(lia)) as P. rewrite IH in P by lia.
        destruct (Nat.ltb_spec (i / 2) n); [|lia]. symmetry in P. apply andb_prop in P. destruct P as [P Q].
        destruct (Nat.eq_dec (i mod 2) 0) as [Z|Z].
        - rewrite M, Z, Nat.add_0_r. exact P.
        - rewrite M. replace (i mod 2) with 1 by lia. exact Q. }
      intros k K. apply in_seq in K. pose proof (H (n + k) ltac:(lia)) as P. rewrite A in P by lia.
      destruct (Nat.ltb_spec (n + k) n); [lia|]. now replace (n + k - n) with k in P by lia.
    + intros X. assert (A : forall d i, 1 <= i -> 2 * n - i <= d -> i < 2 * n -> v i = true).
      { induction d as [|d IH]; intros i I D L; [lia|]. rewrite H by lia. destruct (Nat.ltb_spec i n).
        - rewrite !IH by lia. easy.
        - apply X. apply in_seq. lia. }
      apply (A (2 * n)); lia.
Qed.
