(* The carry lookahead of the package as a list of gates, for every number of bits.

   Settles, for def:ac: with n >= 1 bits each, 3 n - 1 gates AND and OR of depth 3 and fan-in at most max(n, 2)
   (carry_has_the_shape) give 1 iff x + y >= 2^n (carry_by_lookahead). *)

From Precise Require Export netlist_parity binary_addition.

(* A list of sources with weights 1. *)
Definition plain (sources : list nat) : list (nat * Z) := map (fun i => (i, 1%Z)) sources.
Definition all_of (sources : list nat) : gate := (plain sources, Z.of_nat (length sources)).
Definition any_of (sources : list nat) : gate := (plain sources, 1%Z).

(* Inputs x_0, ..., x_(n-1), y_0, ...; signal 2 n + 2 i is x_i AND y_i, signal 2 n + 2 i - 1 is x_i OR y_i for i > 0. *)
Definition pair_gate (n k : nat) : gate :=
  let i := (k + 1) / 2 in if Nat.even k then all_of [i; n + i] else any_of [i; n + i].
(* The carry is born in place j and passed on by all places above. *)
Definition born_gate (n j : nat) : gate :=
  all_of ((2 * n + 2 * j) :: map (fun i => 2 * n + 2 * i - 1) (seq (j + 1) (n - 1 - j))).
Definition carry_gates (n : nat) : list gate :=
  (map (pair_gate n) (seq 0 (2 * n - 1)) ++ map (born_gate n) (seq 0 (n - 1)))
  ++ [any_of ((4 * n - 2) :: seq (4 * n - 1) (n - 1))].
Definition last_gate (n : nat) : nat := 5 * n - 2.

Lemma plain_weighted s sources : weighted s (plain sources) = Z.of_nat (length (filter s sources)).
Proof. induction sources as [|i l IH]; [easy|]. simpl. rewrite IH.
destruct (s i); simpl as_integer; simpl length; lia. Qed.

Lemma filter_most (s : nat -> bool) l : length (filter s l) <= length l.
Proof. induction l as [|i l IH]; simpl; [lia|]. destruct (s i); simpl; lia. Qed.

Lemma all_fires s l : fires s (all_of l) = forallb s l.
Proof.
  unfold fires, all_of; simpl fst; simpl snd. rewrite plain_weighted. induction l as [|i l IH]; [easy|]. simpl.
  pose proof (filter_most s l).
  destruct (s i); simpl; [rewrite <- IH|]; apply eq_true_iff_eq; rewrite ?Z.leb_le; [lia|].
  split; [lia|easy].
Qed.

Lemma any_fires s l : fires s (any_of l) = existsb s l.
Proof.
  unfold fires, any_of; simpl fst; simpl snd. rewrite plain_weighted. induction l as [|i l IH]; [easy|]. simpl.
  rewrite <- IH. destruct (s i); simpl length; apply eq_true_iff_eq; simpl orb; rewrite ?Z.leb_le; [|easy].
  split; [easy|lia].
Qed.

Lemma plain_source sources i w : In (i, w) (plain sources) -> In i sources.
Proof. intros I. apply in_map_iff in I. destruct I as (j & E & I). now injection E as <- _. Qed.

(* Born in place j and passed on by the places above it, of n. *)
Definition born (a b : nat -> bool) (n j : nat) : bool := (a j && b j) && forallb (fun i => a i || b i) (seq (j + 1)
  (n - 1 - j)).

Lemma existsb_agrees (f g : nat -> bool) l : (forall i, In i l -> f i = g i) -> existsb f l = existsb g l.
Proof.
  induction l as [|i l IH]; intros H; [easy|]. simpl. rewrite (H i) by now left.
  rewrite IH; [easy|]. intros j J. apply H. now right.
Qed.

Lemma forallb_agrees (f g : nat -> bool) l : (forall i, In i l -> f i = g i) -> forallb f l = forallb g l.
Proof.
  induction l as [|i l IH]; intros H; [easy|]. simpl. rewrite (H i) by now left.
  rewrite IH; [easy|]. intros j J. apply H. now right.
Qed.

Lemma existsb_and (f : nat -> bool) c l : existsb (fun i => f i && c) l = existsb f l && c.
Proof. induction l as [|i l IH]; [easy|]. simpl. now rewrite IH, andb_orb_distrib_l. Qed.

Lemma existsb_shift (f : nat -> bool) a m : existsb f (seq a m) = existsb (fun j => f (a + j)) (seq 0 m).
Proof.
  induction m as [|m IH]; [easy|]. rewrite !seq_S, !existsb_app, IH. simpl. now rewrite orb_false_r.
Qed.

Lemma forallb_map {A B} (f : B -> bool) (g : A -> B) l : forallb f (map g l) = forallb (fun i => f (g i)) l.
Proof. induction l as [|i l IH]; [easy|]. simpl. now rewrite IH. Qed.

Lemma carry_is_born a b n : carry a b false n = existsb (born a b n) (seq 0 n).
Proof.
  induction n as [|n IH]; [easy|].
  assert (E : existsb (born a b (S n)) (seq 0 n) = existsb (born a b n) (seq 0 n) && (a n || b n)).
  { assert (B : forall j, In j (seq 0 n) -> born a b (S n) j = born a b n j && (a n || b n)).
    { intros j J. apply in_seq in J. unfold born. replace (S n - 1 - j) with (S (n - 1 - j)) by lia.
      rewrite seq_S, forallb_app. replace (j + 1 + (n - 1 - j)) with n by lia. simpl.
      now rewrite andb_true_r, andb_assoc. }
    rewrite (existsb_agrees _ _ _ B). now rewrite existsb_and. }
  rewrite seq_S, existsb_app, E, <- IH. simpl existsb. unfold born. simpl carry.
  replace (S n - 1 - n) with 0 by lia. simpl. destruct (a n), (b n), (carry a b false n); reflexivity.
Qed.

Lemma bits_below (f : nat -> nat) n : (forall i, f i <= 1) -> sum n (fun i => 2 ^ i * f i) < 2 ^ n.
Proof. intros H. apply no_overlap; [|lia]. intros r. specialize (H r). lia. Qed.

Lemma carry_is_overflow a b c n : carry a b c n = (2 ^ n <=? number n a + number n b + binary_addition.bit c).
Proof.
  destruct (sum_by_carries a b c n) as [B E]. pose proof (bits_below _ n B). rewrite <- E.
  apply eq_true_iff_eq. rewrite Nat.leb_le. destruct (carry a b c n); simpl; split; intros; try easy; lia.
Qed.

Lemma number_agrees n f g : (forall i, i < n -> f i = g i) -> number n f = number n g.
Proof. intros H. unfold number. apply sum_ext. intros k K. now rewrite H. Qed.

Lemma gate_parts n s : each (2 * n) (carry_gates n) (fun j g => s j = fires s g) -> 0 < n ->
  (forall i, i < n -> s (2 * n + 2 * i) = s i && s (n + i)) /\
  (forall i, 0 < i < n -> s (2 * n + 2 * i - 1) = s i || s (n + i)) /\
  (forall j, j < n - 1 -> s (4 * n - 1 + j) = fires s (born_gate n j)) /\
  s (last_gate n) = fires s (any_of ((4 * n - 2) :: seq (4 * n - 1) (n - 1))).
Proof.
  intros H N. apply each_app in H. rewrite app_length, !map_length, !seq_length in H. destruct H as [H L].
  apply each_app in H. rewrite map_length, seq_length in H. destruct H as [P B].
  assert (Q : forall k, k < 2 * n - 1 -> s (2 * n + k) = fires s (pair_gate n k)).
  { intros k K. now apply (proj1 (each_row _ _ _ _ _)) with (k := k) in P. }
  split; [|split; [|split]].
  - intros i I. rewrite Q by lia. unfold pair_gate. rewrite Nat.even_mul. simpl orb. cbv iota zeta.
    replace ((2 * i + 1) / 2) with i by (apply Nat.div_unique with 1; lia). rewrite all_fires. simpl.
    now rewrite andb_true_r.
  - intros i I. replace (2 * n + 2 * i - 1) with (2 * n + (2 * i - 1)) by lia. rewrite Q by lia. unfold pair_gate.
    replace (2 * i - 1) with (S (2 * (i - 1))) by lia. rewrite Nat.even_succ, <- Nat.negb_even, Nat.even_mul. simpl orb.
    cbv iota zeta. replace ((S (2 * (i - 1)) + 1) / 2) with i by (apply Nat.div_unique with 0; lia).
    simpl negb. cbv iota. rewrite any_fires. simpl. now rewrite orb_false_r.
  - intros j J. apply (proj1 (each_row _ _ _ _ _)) with (k := j) in B; [|exact J].
    now replace (4 * n - 1 + j) with (2 * n + (2 * n - 1) + j) by lia.
  - apply each_one in L. unfold last_gate. now replace (5 * n - 2) with (2 * n + (2 * n - 1 + (n - 1))) by lia.
Qed.

Lemma carry_ordered n : 0 < n -> ordered (2 * n) (carry_gates n).
Proof.
  intros N. apply each_app; split; [apply each_app; split|].
  + apply each_row. intros k K i w I.
    assert (D : (0 + k + 1) / 2 < n) by (apply Nat.div_lt_upper_bound; lia).
    revert I. unfold pair_gate. cbv zeta. revert D. generalize ((0 + k + 1) / 2). intros h D I.
    destruct (Nat.even _); simpl in I; destruct I as [E|[E|[]]]; injection E as <- _; lia.
  + rewrite map_length, seq_length. apply each_row. intros j J i w I. apply plain_source in I.
    destruct I as [<-|I]; [lia|]. apply in_map_iff in I. destruct I as (k & <- & I). apply in_seq in I. lia.
  + apply each_one. rewrite app_length, !map_length, !seq_length. intros i w I. apply plain_source in I.
    destruct I as [<-|I]; [lia|]. apply in_seq in I. lia.
Qed.

Theorem carry_by_lookahead : forall (n : nat) (x : nat -> bool), 0 < n ->
  (exists s, assignment (2 * n) (carry_gates n) x s) /\
  (forall s, assignment (2 * n) (carry_gates n) x s ->
   s (last_gate n) = (2 ^ n <=? number n x + number n (fun i => x (n + i)))).
Proof.
  intros n x N; split; [now apply values_are_unique, carry_ordered|].
  intros s [X G]. destruct (gate_parts n s G N) as (Both & Either & Born & Last).
  rewrite Last, any_fires. pose proof (carry_is_overflow x (fun i => x (n + i)) false n) as E. simpl in E.
  rewrite Nat.add_0_r in E. rewrite <- E, carry_is_born. clear E Last G.
  replace n with (S (n - 1)) at 5 by lia. rewrite seq_S, existsb_app. cbn [existsb]. rewrite orb_comm, orb_false_r.
  f_equal.
  + rewrite existsb_shift. apply existsb_agrees. intros j J. apply in_seq in J. rewrite Born by lia.
    unfold born_gate. rewrite all_fires. cbn [forallb]. unfold born. rewrite Both, !X by lia. f_equal.
    rewrite forallb_map. apply forallb_agrees. intros i I. apply in_seq in I. rewrite Either by lia.
    now rewrite !X by lia.
  + unfold born. replace (n - 1 - (0 + (n - 1))) with 0 by lia. cbn [seq forallb]. rewrite andb_true_r, Nat.add_0_l.
    replace (4 * n - 2) with (2 * n + 2 * (n - 1)) by lia. rewrite Both by lia. now rewrite !X by lia.
Qed.

Theorem carry_has_the_shape : forall n : nat, 0 < n ->
  length (carry_gates n) = 3 * n - 1 /\
  (forall g, In g (carry_gates n) -> exists sources, length sources <= Nat.max n 2 /\
    (g = all_of sources \/ g = any_of sources)) /\
  (exists l, levels (2 * n) (carry_gates n) l /\ forall j, j < 2 * n + length (carry_gates n) -> l j <= 3).
Proof.
  intros n N. assert (C : length (carry_gates n) = 3 * n - 1).
  { unfold carry_gates. rewrite !app_length, !map_length, !seq_length. simpl length. lia. }
  split; [exact C|split].
  - intros g I. unfold carry_gates in I. apply in_app_or in I. destruct I as [I|[<-|[]]].
    + apply in_app_or in I. destruct I as [I|I]; apply in_map_iff in I; destruct I as (k & <- & I); apply in_seq in I.
      * exists [(k + 1) / 2; n + (k + 1) / 2]. split; [simpl length; lia|]. unfold pair_gate. cbv zeta.
        destruct (Nat.even k); [now left|now right].
      * eexists; split; [|left; reflexivity]. simpl length. rewrite map_length, seq_length. lia.
    + eexists; split; [|right; reflexivity]. simpl length. rewrite seq_length. lia.
  - destruct (computable _ _ rises_locally (carry_gates n) (2 * n) (fun _ => 0) (carry_ordered n N)) as (l & H).
    exists l; split; [exact H|]. destruct H as [Z R]. intros j J. rewrite C in J. apply each_app in R.
    rewrite app_length, !map_length, !seq_length in R.
    destruct R as [R L]. apply each_app in R. rewrite map_length, seq_length in R. destruct R as [P B].
    apply each_one in L.
    assert (L1 : forall k, k < 2 * n - 1 -> l (2 * n + k) <= 1).
    { intros k K. apply (proj1 (each_row _ _ _ _ _)) with (k := k) in P; [|exact K]. rewrite P. apply le_n_S.
      apply greatest_bound. intros i w I. rewrite Z; [easy|].
      assert (D : (0 + k + 1) / 2 < n) by (apply Nat.div_lt_upper_bound; lia).
      revert I. unfold pair_gate. cbv zeta. revert D. generalize ((0 + k + 1) / 2). intros h D I.
      destruct (Nat.even _); simpl in I; destruct I as [E|[E|[]]]; injection E as <- _; lia. }
    assert (L2 : forall k, k < n - 1 -> l (4 * n - 1 + k) <= 2).
    { intros k K. apply (proj1 (each_row _ _ _ _ _)) with (k := k) in B; [|exact K].
      replace (4 * n - 1 + k) with (2 * n + (2 * n - 1) + k) by lia. rewrite B. apply le_n_S.
      apply greatest_bound. intros i w I. apply plain_source in I. destruct I as [<-|I].
      - apply L1. lia.
      - apply in_map_iff in I. destruct I as (h & <- & I). apply in_seq in I.
        replace (2 * n + 2 * h - 1) with (2 * n + (2 * h - 1)) by lia. apply L1. lia. }
    destruct (Nat.lt_ge_cases j (2 * n)) as [A|A]; [rewrite Z by exact A; lia|].
    destruct (Nat.lt_ge_cases j (4 * n - 1)) as [D|D].
    { replace j with (2 * n + (j - 2 * n)) by lia. specialize (L1 (j - 2 * n) ltac:(lia)). lia. }
    destruct (Nat.lt_ge_cases j (5 * n - 2)) as [E|E].
    { replace j with (4 * n - 1 + (j - (4 * n - 1))) by lia. specialize (L2 (j - (4 * n - 1)) ltac:(lia)). lia. }
    replace j with (2 * n + (2 * n - 1 + (n - 1))) by lia. rewrite L. apply le_n_S. apply greatest_bound. intros i w I.
    apply plain_source in I. destruct I as [<-|I].
    + replace (4 * n - 2) with (2 * n + (2 * n - 2)) by lia. specialize (L1 (2 * n - 2) ltac:(lia)). lia.
    + apply in_seq in I. replace i with (4 * n - 1 + (i - (4 * n - 1))) by lia. apply L2. lia.
Qed.
