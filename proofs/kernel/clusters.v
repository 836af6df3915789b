(* lem:iterated-sum (R2), step 5. Terms are cut into clusters where exponents differ by more than
   g = 2p + ceil(log2 n) + 3. The first cluster with nonzero sum and the sign of the next nonzero one decide the
   rounding of the exact sum, for every p >= 2 and every number n of terms. *)
From Precise Require Export sums sticky.

Definition gap (p : Z) (n : nat) : Z := (2 * p + Z.log2_up (Z.of_nat n) + 3)%Z.

Lemma total_app l m : total (l ++ m) = total l + total m.
Proof. induction l as [|x l IH]; simpl; [ring|]. unfold total in *. rewrite IH. ring. Qed.

Lemma total_bound l c : (forall x, In x l -> Rabs x <= c) -> Rabs (total l) <= INR (length l) * c.
Proof.
  induction l as [|x l IH]; intros H; [simpl; rewrite Rabs_R0; lra|].
  change (total (x :: l)) with (x + total l). simpl length. rewrite S_INR.
  apply Rle_trans with (1 := Rabs_triang _ _). pose proof (H x (or_introl eq_refl)).
  assert (Rabs (total l) <= INR (length l) * c) by (apply IH; intros; apply H; now right). lra.
Qed.

(* All that lies more than g below the last place 2^q is together less than 2^(-p-4) of it. *)
Theorem all_below_is_tiny : forall (p q : Z) (n : nat) (l : list R), (1 <= p)%Z ->
  (1 <= n)%nat -> (length l <= n)%nat ->
  (forall x, In x l -> Rabs x <= IZR (2 ^ p - 1) * bpow radix2 (q - gap p n - 1)) ->
  Rabs (total l) < bpow radix2 (q - p - 4).
Proof.
  intros p q n l Hp Hn Hl H. apply Rle_lt_trans with (1 := total_bound l _ H).
  set (L := Z.log2_up (Z.of_nat n)). assert (0 <= L)%Z as L0 by apply Z.log2_up_nonneg.
  pose proof (bpow_gt_0 radix2 (q - gap p n - 1)) as Hb.
  replace (q - p - 4)%Z with (L + p + (q - gap p n - 1))%Z by (unfold gap; fold L; lia).
  rewrite bpow_plus, <- Rmult_assoc. apply Rmult_lt_compat_r; [exact Hb|].
  assert (1 < 2 ^ p)%Z as P by (apply Z.pow_gt_1; lia).
  assert (Z.of_nat n <= 2 ^ L)%Z as N.
  { destruct (Z.eq_dec (Z.of_nat n) 1) as [E|E].
    - rewrite E. assert (0 < 2 ^ L)%Z by (apply Z.pow_pos_nonneg; lia). lia.
    - pose proof (Z.log2_up_spec (Z.of_nat n) ltac:(lia)). unfold L. lia. }
  rewrite bpow_IZR by lia. rewrite INR_IZR_INZ, <- mult_IZR. apply IZR_lt. rewrite Z.pow_add_r by lia.
  apply Z.le_lt_trans with (2 ^ L * (2 ^ p - 1))%Z; [apply Z.mul_le_mono_nonneg_r; lia|].
  apply Z.mul_lt_mono_pos_l; [|lia]. apply Z.pow_pos_nonneg; lia.
Qed.

(* The sign of the next nonzero cluster is that of everything from it on. *)
Lemma sign_of_rest (p q B : Z) (r : R) : (1 <= p)%Z -> (B <> 0)%Z -> Rabs r < bpow radix2 (q - p - 4) ->
  0 < IZR (Z.sgn B) * (IZR B * bpow radix2 q + r).
Proof.
  intros Hp HB Hr. assert (bpow radix2 (q - p - 4) <= bpow radix2 q) as H by (apply bpow_le; lia).
  apply Rabs_lt_inv in Hr. pose proof (bpow_gt_0 radix2 q) as Hq.
  destruct (Z.lt_total B 0) as [N|[N|N]]; [|contradiction|].
  - rewrite Z.sgn_neg by exact N. assert (IZR B <= -1) by (apply IZR_le; lia). nra.
  - rewrite Z.sgn_pos by exact N. assert (1 <= IZR B) by (apply IZR_le; lia). nra.
Qed.

(* A sign appended 2^(-p-4) below the last place of a nonzero integer stands for any rest of that sign. *)
Lemma sign_stands_for_rest (p q A : Z) (s r x : R) : (2 <= p)%Z -> (A <> 0)%Z -> (s = 1 \/ s = -1) ->
  0 < s * r -> Rabs r < bpow radix2 (q - p - 4) -> in_range p (IZR A * bpow radix2 q + r) ->
  (paper_round p (IZR A * bpow radix2 q + s * bpow radix2 (q - p - 4)) x <->
   paper_round p (IZR A * bpow radix2 q + r) x).
Proof.
  intros Hp HA Hs Hsr Hr R. set (g := (q - p - 1)%Z). pose proof (bpow_gt_0 radix2 g) as Hg.
  assert (bpow radix2 (q - p - 4) = bpow radix2 g / 8) as E8.
  { unfold g, Rdiv. change (/ 8) with (bpow radix2 (-3)). rewrite <- bpow_plus. f_equal. lia. }
  assert (IZR A * bpow radix2 q = IZR (A * 2 ^ (p + 1)) * bpow radix2 g) as EA.
  { rewrite mult_IZR, <- bpow_IZR by lia. rewrite Rmult_assoc, <- bpow_plus. do 2 f_equal. unfold g. lia. }
  rewrite E8 in *. apply Rabs_lt_inv in Hr.
  apply alike_in_range with (g := g) (k := (A * 2 ^ (p + 1) + (if Rlt_le_dec 0 s then 0 else -1))%Z);
    [exact Hp| | | |exact R].
  - rewrite EA. rewrite !plus_IZR. destruct (Rlt_le_dec 0 s), Hs as [-> | ->]; try lra; simpl; nra.
  - rewrite EA. rewrite !plus_IZR. destruct (Rlt_le_dec 0 s), Hs as [-> | ->]; try lra; simpl; nra.
  - replace (g + p)%Z with (q - 1)%Z by (unfold g; lia).
    assert (bpow radix2 q = 2 * bpow radix2 (q - 1)) as Eq.
    { change 2 with (bpow radix2 1). rewrite <- bpow_plus. f_equal. lia. }
    assert (bpow radix2 g <= bpow radix2 (q - 1)) as Hgq by (apply bpow_le; unfold g; lia).
    assert (1 <= Rabs (IZR A)) as A1 by (rewrite <- abs_IZR; apply IZR_le; lia).
    pose proof (Rabs_triang_inv (IZR A * bpow radix2 q) (- r)) as T. rewrite Rabs_Ropp, Rabs_mult in T.
    rewrite (Rabs_pos_eq (bpow radix2 q)) in T by apply bpow_ge_0.
    replace (IZR A * bpow radix2 q - - r) with (IZR A * bpow radix2 q + r) in T by ring.
    assert (Rabs r <= bpow radix2 g / 8) as Rr by (apply Rabs_le; lra).
    pose proof (bpow_gt_0 radix2 (q - 1)). assert (bpow radix2 q <= Rabs (IZR A) * bpow radix2 q) by nra. lra.
Qed.

(* The algorithm: clusters before the leading one cancel, so do those between it and the next nonzero one. *)
Theorem clusters_decide_the_rounding :
  forall (p q q' A B : Z) (n : nat) (before lead between next tail : list R) (x : R), (2 <= p)%Z ->
  (length (before ++ lead ++ between ++ next ++ tail) <= n)%nat ->
  total before = 0 -> total lead = IZR A * bpow radix2 q -> (A <> 0)%Z ->
  total between = 0 -> total next = IZR B * bpow radix2 q' -> (B <> 0)%Z ->
  (forall t, In t (between ++ next ++ tail) -> Rabs t <= IZR (2 ^ p - 1) * bpow radix2 (q - gap p n - 1)) ->
  (forall t, In t tail -> Rabs t <= IZR (2 ^ p - 1) * bpow radix2 (q' - gap p n - 1)) ->
  in_range p (total (before ++ lead ++ between ++ next ++ tail)) ->
  (paper_round p (IZR A * bpow radix2 q + IZR (Z.sgn B) * bpow radix2 (q - p - 4)) x <->
   paper_round p (total (before ++ lead ++ between ++ next ++ tail)) x).
Proof.
  intros p q q' A B n before lead between next tail x Hp Hn Zb El HA Zm En HB H1 H2 R.
  set (low := between ++ next ++ tail) in *.
  assert (1 <= n)%nat as Hn1.
  { destruct lead as [|y l]; [|rewrite !app_length in Hn; simpl in Hn; lia].
    exfalso. simpl in El. pose proof (bpow_gt_0 radix2 q). apply IZR_neq in HA. symmetry in El.
    apply Rmult_integral in El. lra. }
  assert (length low <= n)%nat as Ln by (rewrite !app_length in Hn; fold low in Hn; lia).
  assert (length tail <= n)%nat as Lt by (unfold low in Ln; rewrite !app_length in Ln; lia).
  pose proof (all_below_is_tiny p q n low ltac:(lia) Hn1 Ln H1) as T1.
  pose proof (all_below_is_tiny p q' n tail ltac:(lia) Hn1 Lt H2) as T2.
  assert (total (before ++ lead ++ low) = IZR A * bpow radix2 q + total low) as E.
  { rewrite !total_app, Zb, El. ring. }
  assert (total low = IZR B * bpow radix2 q' + total tail) as El2.
  { unfold low. rewrite !total_app, Zm, En. ring. }
  rewrite E in *. apply sign_stands_for_rest; [exact Hp|exact HA| | |exact T1|exact R].
  - destruct (Z.lt_total B 0) as [N|[N|N]]; [right|contradiction|left]; f_equal; lia.
  - rewrite El2. apply sign_of_rest with (p := p); [lia|exact HB|exact T2].
Qed.
