(* The parity circuit of the package as a list of gates, for every number of bits.

   Settles
     def:recognition   parity_is_recognised    the last gate is the parity of the n inputs
     def:tc            parity_has_the_shape    n + 1 gates with weights 1 and -1, depth 2 *)

From Precise Require Export netlists.

(* How many of the signals 0, ..., n - 1 are 1. *)
Definition ones (n : nat) (x : nat -> bool) : nat := length (filter x (seq 0 n)).

Lemma weighted_app s l m : weighted s (l ++ m) = (weighted s l + weighted s m)%Z.
Proof. induction l as [|w l IH]; [easy|]. simpl. rewrite IH. lia. Qed.

Lemma ones_next n x : ones (S n) x = ones n x + (if x n then 1 else 0).
Proof. unfold ones. rewrite seq_S, filter_app, app_length. simpl. now destruct (x n). Qed.

Lemma ones_most n x : ones n x <= n.
Proof. induction n as [|n IH]; [easy|]. rewrite ones_next. destruct (x n); lia. Qed.

(* A row of signals a, ..., a + m - 1 with weights 1. *)
Definition row (a m : nat) : list (nat * Z) := map (fun i => (i, 1%Z)) (seq a m).

Lemma row_weighted s a m : weighted s (row a m) = Z.of_nat (ones m (fun i => s (a + i))).
Proof.
  unfold row. induction m as [|m IH]; [easy|]. rewrite seq_S, map_app, weighted_app, IH, ones_next. simpl weighted.
  destruct (s (a + m)); simpl as_integer; lia.
Qed.

Lemma greatest_bound l wires d : (forall i w, In (i, w) wires -> l i <= d) -> greatest l wires <= d.
Proof.
  induction wires as [|[i w] wires IH]; intros H; [simpl; lia|]. simpl. specialize (H i w (or_introl eq_refl)) as Hi.
  specialize (IH (fun j v J => H j v (or_intror J))). lia.
Qed.

(* Parity: the gates [ones >= 1], ..., [ones >= n], then their sum with signs 1, -1, 1, ... *)
Definition parity_gates (n : nat) : list gate :=
  map (fun k => (row 0 n, Z.of_nat k)) (seq 1 n)
  ++ [(map (fun k => (n + k, if Nat.even k then 1%Z else (-1)%Z)) (seq 0 n), 1%Z)].

Lemma signs_of_a_count n c s : (forall k, k < n -> s k = (k + 1 <=? c)) -> forall m, m <= n ->
  weighted s (map (fun k => (k, if Nat.even k then 1%Z else (-1)%Z)) (seq 0 m)) = as_integer (Nat.odd (Nat.min m c)).
Proof.
  intros H; induction m as [|m IH]; intros L; [easy|]. rewrite seq_S, map_app, weighted_app, IH by lia.
  cbn [map weighted fold_right fst snd]. rewrite Nat.add_0_l, (H m) by lia. destruct (Nat.leb_spec (m + 1) c).
  - rewrite !Nat.min_l by lia. rewrite Nat.odd_succ, <- Nat.negb_even. now destruct (Nat.even m).
  - rewrite !Nat.min_r by lia. simpl as_integer. lia.
Qed.

Lemma parity_value n x s : assignment n (parity_gates n) x s -> s (n + n) = Nat.odd (ones n x).
Proof.
  intros [X G]. apply each_app in G. rewrite map_length, seq_length in G. destruct G as [G L]. apply each_one in L.
  assert (C : forall k, k < n -> s (n + k) = (k + 1 <=? ones n x)).
  { intros k Hk. apply (proj1 (each_row _ _ _ _ _)) with (k := k) in G; [|exact Hk]. rewrite G.
    unfold fires; simpl fst; simpl snd.
    rewrite row_weighted. replace (ones n (fun i => s (0 + i))) with (ones n x).
    - apply eq_true_iff_eq. rewrite Z.leb_le, Nat.leb_le. lia.
    - unfold ones. f_equal. apply filter_ext_in. intros i I. apply in_seq in I. now rewrite X by lia. }
  rewrite L. unfold fires; simpl fst; simpl snd.
  replace (weighted s _) with (weighted (fun k => s (n + k)) (map (fun k => (k,
    if Nat.even k then 1%Z else (-1)%Z)) (seq 0 n))).
  - rewrite (signs_of_a_count n (ones n x) _ C n (le_n n)). rewrite Nat.min_r by apply ones_most.
    now destruct (Nat.odd _).
  - clear L. induction (seq 0 n) as [|k l IH]; [easy|]. simpl. now rewrite IH.
Qed.

Lemma parity_ordered n : ordered n (parity_gates n).
Proof.
  apply each_app; split.
  - apply each_row. intros k Hk i w I. apply in_map_iff in I. destruct I as (j & E & I). injection E as <- _.
    apply in_seq in I. lia.
  - apply each_one. rewrite map_length, seq_length. intros i w I. apply in_map_iff in I. destruct I as (j & E & I).
    injection E as <- _. apply in_seq in I. lia.
Qed.

Theorem parity_is_recognised : forall (n : nat) (x : nat -> bool),
  (exists s, assignment n (parity_gates n) x s) /\
  (forall s, assignment n (parity_gates n) x s -> s (n + n) = Nat.odd (ones n x)).
Proof.
  intros n x. split; [now apply values_are_unique, parity_ordered|]. intros s. apply parity_value.
Qed.

Theorem parity_has_the_shape : forall n : nat,
  length (parity_gates n) = n + 1 /\
  (forall g i w, In g (parity_gates n) -> In (i, w) (fst g) -> w = 1%Z \/ w = (-1)%Z) /\
  (exists l, levels n (parity_gates n) l /\ (0 < n -> l (n + n) = 2)).
Proof.
  intros n. split; [|split].
  - unfold parity_gates. now rewrite app_length, map_length, seq_length.
  - intros g i w G I. apply in_app_or in G. destruct G as [G|[<-|[]]].
    + apply in_map_iff in G. destruct G as (k & <- & _). apply in_map_iff in I. destruct I as (j & E & _).
      injection E as _ <-. now left.
    + apply in_map_iff in I. destruct I as (j & E & _). injection E as _ <-.
      destruct (Nat.even j); [now left|now right].
  - destruct (computable _ _ rises_locally (parity_gates n) n (fun _ => 0) (parity_ordered n)) as (l & H).
    exists l; split; [exact H|]. intros N. destruct H as [Z R]. apply each_app in R.
    rewrite map_length, seq_length in R. destruct R as [R L]. apply each_one in L.
    assert (F : forall k, k < n -> l (n + k) = 1).
    { intros k Hk. apply (proj1 (each_row _ _ _ _ _)) with (k := k) in R; [|exact Hk]. rewrite R. f_equal.
      enough (greatest l (fst (row 0 n, Z.of_nat (1 + k))) <= 0) by lia. apply greatest_bound. intros i w I.
      apply in_map_iff in I. destruct I as (j & E & I). injection E as <- _. apply in_seq in I. rewrite Z by lia. lia. }
    rewrite L. f_equal. apply Nat.le_antisymm.
    + apply greatest_bound. intros i w I. apply in_map_iff in I. destruct I as (j & E & I). injection E as <- _.
      apply in_seq in I. rewrite F by lia. lia.
    + rewrite <- (F 0 N). apply greatest_least with (w := 1%Z). apply in_map_iff. exists 0; split; [easy|].
      apply in_seq; lia.
Qed.
