(* Gates put into the order of their levels and renumbered, some left out: the same circuit.

   Settles, for def:circuit, storing_keeps_the_circuit: if what is stored holds the sources of what it holds, and comes
   by level, then sources still come before their gates, and every stored gate keeps its value at every input. *)

From Precise Require Export netlists.
From Coq Require Export Sorted.

(* The place of a signal in a list of signals. *)
Fixpoint place (order : list nat) (i : nat) : nat :=
  match order with [] => 0 | j :: rest => if j =? i then 0 else S (place rest i) end.
(* The new number of an old signal: inputs keep theirs. *)
Definition renumbered (n : nat) (order : list nat) (i : nat) : nat := if i <? n then i else n + place order i.
Definition stored_gate (n : nat) (gates : list gate) (order : list nat) (j : nat) : gate :=
  let g := nth (j - n) gates ([], 0%Z) in (map (fun w => (renumbered n order (fst w), snd w)) (fst g), snd g).
Definition stored (n : nat) (gates : list gate) (order : list nat) : list gate := map (stored_gate n gates order) order.

(* Gates only, each with its sources, in the order of their levels. *)
Definition storable (n : nat) (gates : list gate) (l : nat -> nat) (order : list nat) : Prop :=
  (forall j, In j order -> n <= j < n + length gates) /\
  (forall j i w, In j order -> In (i, w) (fst (nth (j - n) gates ([], 0%Z))) -> i < n \/ In i order) /\
  StronglySorted (fun i j => l i <= l j) order.

Lemma place_right order i : In i order -> place order i < length order /\ nth (place order i) order 0 = i.
Proof.
  induction order as [|j order IH]; [easy|]. simpl. intros I.
  destruct (Nat.eqb_spec j i) as [->|N]; [split; [lia|easy]|].
  destruct I as [I|I]; [contradiction|]. destruct (IH I). split; [lia|easy].
Qed.

(* In a list sorted by level, what is strictly lower comes first. *)
Lemma lower_comes_first (l : nat -> nat) order : StronglySorted (fun i j => l i <= l j) order ->
  forall k i, k < length order -> l i < l (nth k order 0) -> In i order -> place order i < k.
Proof.
  induction 1 as [|j order H IH F]; intros k i K L I; [easy|]. simpl. destruct (Nat.eqb_spec j i) as [->|N].
  - destruct k as [|k]; simpl in L; lia.
  - destruct I as [I|I]; [contradiction|]. destruct k as [|k]; simpl in L, K.
    + rewrite Forall_forall in F. specialize (F i I). lia.
    + specialize (IH k i ltac:(lia) L I). lia.
Qed.

Section Storing.
Variables (n : nat) (gates : list gate) (l : nat -> nat) (order : list nat).
Hypothesis rising : levels n gates l.
Hypothesis fit : storable n gates l order.

Lemma gate_at j : In j order -> nth_error gates (j - n) = Some (nth (j - n) gates ([], 0%Z)).
Proof. intros J. destruct fit as [B _]. specialize (B j J). apply nth_error_nth'. lia. Qed.

Lemma source_is_lower j i w : In j order -> In (i, w) (fst (nth (j - n) gates ([], 0%Z))) -> l i < l j.
Proof.
  intros J I. destruct rising as [_ R]. specialize (R _ _ (gate_at j J)). destruct fit as [B _]. specialize (B j J).
  replace (n + (j - n)) with j in R by lia. rewrite R. pose proof (greatest_least l _ _ _ I). lia.
Qed.

Lemma stored_ordered : ordered n (stored n gates order).
Proof.
  intros k g E i w I. unfold stored in E. rewrite nth_error_map in E.
  destruct (nth_error order k) as [j|] eqn:J; [|discriminate]. injection E as <-.
  pose proof (nth_error_In _ _ J) as Ij. pose proof (nth_error_nth _ _ 0 J) as Nj.
  assert (K : k < length order) by (apply nth_error_Some; now rewrite J).
  unfold stored_gate in I. cbn [fst] in I. apply in_map_iff in I. destruct I as ([i0 w0] & Q & I). injection Q as <- <-.
  cbn [fst]. unfold renumbered. destruct (Nat.ltb_spec i0 n); [lia|]. apply Nat.add_lt_mono_l.
  apply (lower_comes_first l order (proj2 (proj2 fit))); [exact K|rewrite Nj; now apply source_is_lower with w0|].
  destruct (proj1 (proj2 fit) j i0 w0 Ij I); [lia|assumption].
Qed.

Lemma stored_value x s t : assignment n gates x s -> assignment n (stored n gates order) x t ->
  forall j, In j order -> t (renumbered n order j) = s j.
Proof.
  intros [Xs Gs] [Xt Gt] j. induction j as [j IH] using (well_founded_induction (well_founded_ltof nat l)). intros J.
  pose proof (proj1 fit j J) as B. unfold renumbered. destruct (Nat.ltb_spec j n); [lia|].
  destruct (place_right order j J) as [P Q].
  assert (E : nth_error (stored n gates order) (place order j) = Some (stored_gate n gates order j)).
  { unfold stored. apply map_nth_error. rewrite (nth_error_nth' order 0 P). now rewrite Q. }
  rewrite (Gt _ _ E). pose proof (Gs _ _ (gate_at j J)) as G. replace (n + (j - n)) with j in G by lia. rewrite G.
  unfold fires, stored_gate. cbn [fst snd]. f_equal. pose proof (source_is_lower j) as L. specialize (L) with (1 := J).
  pose proof (fun i w => proj1 (proj2 fit) j i w J) as C. revert L C.
  induction (fst (nth (j - n) gates ([], 0%Z))) as [|[i w] wires IHw]; intros L C; [easy|].
  cbn [map weighted fold_right fst snd]. f_equal.
  - do 2 f_equal. destruct (C i w (or_introl eq_refl)) as [I|I].
    + unfold renumbered. destruct (Nat.ltb_spec i n); [|lia]. now rewrite Xs, Xt.
    + apply IH; [|exact I]. apply (L i w). now left.
  - apply IHw; intros i0 w0 I0; [apply (L i0 w0)|apply (C i0 w0)]; now right.
Qed.
End Storing.

Theorem storing_keeps_the_circuit : forall (n : nat) (gates : list gate) (l : nat -> nat) (order : list nat),
  levels n gates l -> storable n gates l order ->
  ordered n (stored n gates order) /\
  (forall x s t, assignment n gates x s -> assignment n (stored n gates order) x t ->
   forall j, In j order -> t (renumbered n order j) = s j).
Proof.
  intros n gates l order R F. split; [now apply stored_ordered with l|]. intros x s t. now apply stored_value with l.
Qed.
