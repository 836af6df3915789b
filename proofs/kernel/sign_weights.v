(* Weights (-1)^(ones of i AND j) from a function of the indices, and the table that doubling makes, for every size.

   Settles, for hyp:weights,
     bits_give_the_weights   1 - 2 bit(i, j) is the entry of the table of order 2^k, for all i, j < 2^k
     time_is_logarithmic     the bit takes at most 4 log k + 5 operations on words, log the binary logarithm rounded
                             down *)

From Coq Require Export NArith ZArith Arith List Lia Bool.
Export ListNotations.

(* The least power of two from `width` on that is at least the bits of the word; operations are counted in t. *)
Fixpoint widened (fuel : nat) (word width : N) (t : nat) : N * nat :=
  match fuel with
  | O => (width, t)
  | S f => if (N.shiftr word width =? 0)%N then (width, t) else widened f word (2 * width)%N (t + 1)
  end.
(* The word folded in halves by exclusive or, down to one bit. *)
Fixpoint folded (fuel : nat) (word width : N) (t : nat) : N * nat :=
  match fuel with
  | O => (word, t)
  | S f =>
      if (width <=? 1)%N then (word, t)
      else let half := (width / 2)%N in
        folded f (N.land (N.lxor word (N.shiftr word half)) (N.shiftl 1 half - 1)) half (t + 3)
  end.
Definition sign_bit (fuel : nat) (i j : N) : bool * nat :=
  let word := N.land i j in
  let wide := widened fuel word 1 1 in
  let last := folded fuel word (fst wide) (snd wide) in (N.odd (fst last), snd last).

(* The table of order 2^(k+1) is the one of order 2^k four times, with a minus sign in the last quarter. *)
Fixpoint table (k : nat) (i j : N) : Z :=
  match k with
  | O => 1%Z
  | S m =>
      let half := (2 ^ N.of_nat m)%N in
      let entry := table m (i mod half)%N (j mod half)%N in
      if ((half <=? i) && (half <=? j))%N then (- entry)%Z else entry
  end.

(* Whether the lowest bits have an odd number of ones. *)
Fixpoint parity (bits : nat) (word : N) : bool :=
  match bits with O => false | S b => xorb (N.testbit word (N.of_nat b)) (parity b word) end.

Lemma parity_agrees b v w : (forall k, (k < N.of_nat b)%N -> N.testbit v k = N.testbit w k) -> parity b v = parity b w.
Proof.
  induction b as [|b IH]; intros H; [easy|]. cbn [parity]. rewrite H by lia. f_equal. apply IH. intros k K. apply H.
  lia.
Qed.

Lemma parity_lxor b v w : parity b (N.lxor v w) = xorb (parity b v) (parity b w).
Proof.
  induction b as [|b IH]; [easy|]. cbn [parity]. rewrite IH, N.lxor_spec.
  now destruct (N.testbit v (N.of_nat b)), (N.testbit w (N.of_nat b)), (parity b v), (parity b w).
Qed.

Lemma parity_split a b w : parity (b + a) w = xorb (parity b (N.shiftr w (N.of_nat a))) (parity a w).
Proof.
  induction b as [|b IH]; [simpl; now destruct (parity a w)|]. cbn [parity Nat.add]. rewrite IH, N.shiftr_spec by lia.
  rewrite Nat2N.inj_add. now rewrite xorb_assoc.
Qed.

Lemma parity_high a b w : (w < 2 ^ N.of_nat a)%N -> a <= b -> parity b w = parity a w.
Proof.
  intros H L. replace b with (b - a + a) by lia. rewrite parity_split, N.shiftr_div_pow2, N.div_small by exact H.
  induction (b - a) as [|c IH]; [now destruct (parity a w)|]. cbn [parity]. rewrite N.bits_0. rewrite xorb_false_l.
  exact IH.
Qed.

Lemma power (m : nat) : (2 * N.of_nat (2 ^ m))%N = N.of_nat (2 ^ S m).
Proof. rewrite Nat.pow_succ_r'. lia. Qed.

Lemma widened_right f : forall m w t, (w < 2 ^ N.of_nat (2 ^ (m + f)))%N -> exists n,
  widened f w (N.of_nat (2 ^ m)) t = (N.of_nat (2 ^ n), t + (n - m)) /\ m <= n <= m + f /\
  (w < 2 ^ N.of_nat (2 ^ n))%N /\ (n = m \/ (2 ^ N.of_nat (2 ^ (n - 1)) <= w)%N).
Proof.
  induction f as [|f IH]; intros m w t H; cbn [widened].
  - exists m. rewrite Nat.add_0_r in H. rewrite Nat.sub_diag, Nat.add_0_r. repeat split; auto; lia.
  - destruct (N.eqb_spec (N.shiftr w (N.of_nat (2 ^ m))) 0) as [E|E].
    + exists m. rewrite Nat.sub_diag, Nat.add_0_r. repeat split; auto; try lia.
      rewrite N.shiftr_div_pow2 in E. apply N.div_small_iff in E; [exact E|]. now apply N.pow_nonzero.
    + rewrite power. destruct (IH (S m) w (t + 1)) as (n & W & B & L & D).
      * now replace (S m + f) with (m + S f) by lia.
      * exists n. rewrite W. split; [f_equal; lia|]. split; [lia|]. split; [exact L|]. right.
        destruct D as [->|D]; [|exact D]. rewrite Nat.sub_succ, Nat.sub_0_r.
        rewrite N.shiftr_div_pow2 in E. apply N.nlt_ge. intros F. apply E. now apply N.div_small.
Qed.

Lemma folded_right f : forall m w t, m <= f ->
  N.odd (fst (folded f w (N.of_nat (2 ^ m)) t)) = parity (2 ^ m) w /\ snd (folded f w (N.of_nat (2 ^ m)) t) = t + 3 * m.
Proof.
  assert (Z : forall w, N.odd w = parity (2 ^ 0) w).
  { intros w. simpl. rewrite N.bit0_odd. now destruct (N.odd w). }
  induction f as [|f IH]; intros m w t L; cbn [folded].
  - replace m with 0 by lia. split; [apply Z|simpl; lia].
  - destruct (N.leb_spec (N.of_nat (2 ^ m)) 1) as [H|H].
    + destruct m as [|m]; [split; [apply Z|simpl; lia]|]. pose proof (Nat.pow_nonzero 2 m).
      rewrite Nat.pow_succ_r' in H. lia.
    + destruct m as [|m]; [simpl in H; lia|]. cbv zeta.
      replace (N.of_nat (2 ^ S m) / 2)%N with (N.of_nat (2 ^ m)).
      2:{ rewrite <- power, N.mul_comm, N.div_mul by lia. easy. }
      destruct (IH m (N.land (N.lxor w (N.shiftr w (N.of_nat (2 ^ m)))) (N.shiftl 1 (N.of_nat (2 ^ m)) - 1)) (t + 3)
        ltac:(lia)) as [-> ->]. split; [|lia].
      replace (2 ^ S m) with (2 ^ m + 2 ^ m) by (rewrite Nat.pow_succ_r'; lia).
      rewrite parity_split, xorb_comm, <- parity_lxor. apply parity_agrees. intros k K.
      rewrite N.land_spec, N.sub_1_r. change (N.pred (N.shiftl 1 (N.of_nat (2 ^ m)))) with (N.ones (N.of_nat (2 ^ m))).
      rewrite N.ones_spec_low by exact K. apply andb_true_r.
Qed.

Lemma below_land i j k : (i < 2 ^ k)%N -> (N.land i j < 2 ^ k)%N.
Proof.
  intros H. destruct (N.eq_dec (N.land i j) 0) as [->|Z]; [apply N.neq_0_lt_0, N.pow_nonzero; lia|].
  assert (I : (i <> 0)%N) by (intros ->; now rewrite N.land_0_l in Z).
  apply N.log2_lt_pow2; [lia|]. apply N.le_lt_trans with (N.log2 i).
  - pose proof (N.log2_land i j). lia.
  - apply N.log2_lt_pow2; lia.
Qed.

Lemma sign_bit_right (k : nat) (i j : N) : (i < 2 ^ N.of_nat k)%N -> exists n,
  sign_bit k i j = (parity k (N.land i j), 1 + n + 3 * n) /\ n <= k /\
  (n = 0 \/ (2 ^ N.of_nat (2 ^ (n - 1)) < 2 ^ N.of_nat k)%N).
Proof.
  intros H. pose proof (below_land i j _ H) as B. set (w := N.land i j) in *.
  assert (P : k <= 2 ^ k) by (pose proof (Nat.pow_gt_lin_r 2 k); lia).
  assert (W : (w < 2 ^ N.of_nat (2 ^ (0 + k)))%N).
  { apply N.lt_le_trans with (1 := B). apply N.pow_le_mono_r; simpl; lia. }
  destruct (widened_right k 0 w 1 W) as (n & E & C & L & D). exists n.
  unfold sign_bit. cbv zeta. fold w. change (N.of_nat (2 ^ 0)) with 1%N in E. rewrite !E. cbn [fst snd].
  destruct (folded_right k n w (1 + (n - 0)) ltac:(lia)) as [F G]. rewrite F, G.
  split; [|split; [lia|destruct D as [D|D]; [now left|right; lia]]]. f_equal; [|lia].
  destruct (Nat.le_gt_cases k (2 ^ n)) as [A|A]; [apply parity_high; [exact B|exact A]|].
  symmetry. apply parity_high; [exact L|lia].
Qed.

Lemma testbit_high i k : (i < 2 ^ N.of_nat (S k))%N -> N.testbit i (N.of_nat k) = (2 ^ N.of_nat k <=? i)%N.
Proof.
  intros H. rewrite Nat2N.inj_succ, N.pow_succ_r' in H. rewrite N.testbit_eqb.
  destruct (N.leb_spec (2 ^ N.of_nat k) i) as [L|L].
  - replace (i / 2 ^ N.of_nat k)%N with 1%N; [easy|]. apply N.div_unique with (i - 2 ^ N.of_nat k)%N; lia.
  - now rewrite N.div_small.
Qed.

Lemma table_parity k : forall i j, (i < 2 ^ N.of_nat k)%N -> (j < 2 ^ N.of_nat k)%N ->
  table k i j = if parity k (N.land i j) then (-1)%Z else 1%Z.
Proof.
  induction k as [|k IH]; intros i j I J; [easy|]. cbn [table parity]. cbv zeta.
  assert (P : (2 ^ N.of_nat k <> 0)%N) by (apply N.pow_nonzero; lia).
  rewrite IH by (now apply N.mod_upper_bound). rewrite N.land_spec, !testbit_high by assumption.
  replace (parity k (N.land (i mod 2 ^ N.of_nat k) (j mod 2 ^ N.of_nat k))) with (parity k (N.land i j)).
  - destruct (_ && _)%bool, (parity k (N.land i j)); reflexivity.
  - apply parity_agrees. intros b B. rewrite !N.land_spec, !N.mod_pow2_bits_low by exact B. easy.
Qed.

Theorem bits_give_the_weights : forall (k : nat) (i j : N), (i < 2 ^ N.of_nat k)%N -> (j < 2 ^ N.of_nat k)%N ->
  (if fst (sign_bit k i j) then -1 else 1)%Z = table k i j.
Proof.
  intros k i j I J. rewrite table_parity by assumption. now destruct (sign_bit_right k i j I) as (n & -> & _).
Qed.

Theorem time_is_logarithmic : forall (k : nat) (i j : N), (i < 2 ^ N.of_nat k)%N ->
  snd (sign_bit k i j) <= 4 * Nat.log2 k + 5.
Proof.
  intros k i j I. destruct (sign_bit_right k i j I) as (n & -> & L & D). cbn [snd].
  destruct D as [->|D]; [lia|]. apply N.pow_lt_mono_r_iff in D; [|lia].
  assert (E : 2 ^ (n - 1) < k) by lia. assert (F : n - 1 <= Nat.log2 k) by (apply Nat.log2_le_pow2; lia). lia.
Qed.
