(* lem:ops-correct, def:slash, lem:floor. The repaired // keeps two guard bits and a sticky bit. For every p >= 2
   and any gap of exponents, addition and division with it round like the exact result, comparison and floor
   are exact. *)
From Precise Require Export rounding.

(* Between two consecutive multiples of 2^g all reals above 2^(g+p) round alike: floats and midpoints are multiples. *)
Lemma same_side (x y : R) (n k j : Z) : (0 <= j)%Z ->
  IZR k < x < IZR (k + 1) -> IZR k < y < IZR (k + 1) ->
  Rabs (x * bpow radix2 (- (j + 1)) - IZR n) <= / 2 -> Rabs (y * bpow radix2 (- (j + 1)) - IZR n) < / 2.
Proof.
  intros Hj Hx Hy H. apply Rabs_le_inv in H.
  assert (0 < bpow radix2 (j + 1)) as Hb by apply bpow_gt_0.
  assert (bpow radix2 (- (j + 1)) * bpow radix2 (j + 1) = 1) as E
    by (rewrite <- bpow_plus; replace (- (j + 1) + (j + 1))%Z with 0%Z by lia; reflexivity).
  set (q := (2 ^ j)%Z). assert (bpow radix2 (j + 1) = 2 * IZR q) as Eq.
  { rewrite bpow_plus. change (bpow radix2 1) with 2. rewrite <- IZR_Zpower by exact Hj. unfold q. simpl. ring. }
  assert (IZR (n * (2 * q) - q) <= x <= IZR (n * (2 * q) + q)) as B.
  { rewrite minus_IZR, plus_IZR, !mult_IZR, <- Eq.
    assert (x = x * bpow radix2 (- (j + 1)) * bpow radix2 (j + 1)) as Ex by (rewrite Rmult_assoc, E; ring).
    assert (0 < IZR q) by lra. split; nra. }
  assert (n * (2 * q) - q <= k)%Z as Lo.
  { apply Z.lt_succ_r. apply lt_IZR. unfold Z.succ. lra. }
  assert (k + 1 <= n * (2 * q) + q)%Z as Hi.
  { apply Z.le_succ_l. apply lt_IZR. lra. }
  apply IZR_le in Lo. apply IZR_le in Hi. rewrite minus_IZR, !mult_IZR, <- Eq in Lo.
  rewrite (plus_IZR (n * (2 * q))), !mult_IZR, <- Eq in Hi.
  assert (y = y * bpow radix2 (- (j + 1)) * bpow radix2 (j + 1)) as Ey by (rewrite Rmult_assoc, E; ring).
  apply Rabs_lt. split; apply Rmult_lt_reg_r with (bpow radix2 (j + 1)); try exact Hb; lra.
Qed.

Lemma mag_same (x y : R) (k m : Z) : (0 <= m)%Z -> IZR k < x < IZR (k + 1) -> IZR k < y < IZR (k + 1) ->
  bpow radix2 m <= x -> mag radix2 y = mag radix2 x :> Z.
Proof.
  intros Hm Hx Hy Hl. pose proof (bpow_gt_0 radix2 m) as H0.
  destruct (mag radix2 x) as [e He]. simpl. specialize (He (Rgt_not_eq _ _ (Rlt_le_trans _ _ _ H0 Hl))).
  rewrite Rabs_pos_eq in He by lra.
  assert (m < e)%Z as Hme by (apply lt_bpow with radix2; lra).
  rewrite <- (IZR_Zpower radix2 (e - 1)) in He by lia. rewrite <- (IZR_Zpower radix2 e) in He by lia.
  assert (Zpower radix2 (e - 1) <= k)%Z as Lo by (apply Z.lt_succ_r, lt_IZR; unfold Z.succ; lra).
  assert (k + 1 <= Zpower radix2 e)%Z as Hi by (apply Z.le_succ_l, lt_IZR; lra).
  apply IZR_le in Lo. apply IZR_le in Hi. apply mag_unique. rewrite Rabs_pos_eq.
  - rewrite <- (IZR_Zpower radix2 (e - 1)) by lia. rewrite <- (IZR_Zpower radix2 e) by lia. lra.
  - pose proof (bpow_ge_0 radix2 (e - 1)) as P. rewrite <- IZR_Zpower in P by lia. lra.
Qed.

Lemma alike_unit (choice : Z -> bool) (p k : Z) (x y : R) : (1 <= p)%Z ->
  IZR k < x < IZR (k + 1) -> IZR k < y < IZR (k + 1) -> bpow radix2 p <= x ->
  round radix2 (FLX_exp p) (Znearest choice) x = round radix2 (FLX_exp p) (Znearest choice) y.
Proof.
  intros Hp Hx Hy Hl. pose proof (mag_same x y k p ltac:(lia) Hx Hy Hl) as Em.
  assert (p < mag radix2 x)%Z as Hpe.
  { pose proof (bpow_gt_0 radix2 p). apply lt_bpow with radix2. apply Rle_lt_trans with (1 := Hl).
    rewrite <- (Rabs_pos_eq x) at 1 by lra. apply bpow_mag_gt. }
  unfold round, scaled_mantissa, cexp. rewrite Em. f_equal. f_equal. unfold FLX_exp.
  replace (mag radix2 x - p)%Z with (mag radix2 x - p - 1 + 1)%Z by lia.
  symmetry. apply Znearest_imp. apply same_side with (x := x) (k := k); [lia|exact Hx|exact Hy|apply Znearest_half].
Qed.

Lemma round_scale (choice : Z -> bool) p g x :
  round radix2 (FLX_exp p) (Znearest choice) (x * bpow radix2 g)
    = round radix2 (FLX_exp p) (Znearest choice) x * bpow radix2 g.
Proof.
  destruct (Req_dec x 0) as [->|Hx]; [rewrite Rmult_0_l, round_0; [ring|apply valid_rnd_N]|].
  unfold round, scaled_mantissa, cexp, F2R. simpl. rewrite mag_mult_bpow by exact Hx. unfold FLX_exp.
  rewrite (Rmult_assoc x), <- bpow_plus.
  replace (g + - (mag radix2 x + g - p))%Z with (- (mag radix2 x - p))%Z by lia.
  replace (mag radix2 x + g - p)%Z with (mag radix2 x - p + g)%Z by lia. rewrite bpow_plus. ring.
Qed.

Theorem rounds_alike : forall (p g k : Z) (x y : R), (1 <= p)%Z ->
  IZR k * bpow radix2 g < x < IZR (k + 1) * bpow radix2 g ->
  IZR k * bpow radix2 g < y < IZR (k + 1) * bpow radix2 g -> bpow radix2 (g + p) <= Rabs x ->
  round radix2 (FLX_exp p) ZnearestE x = round radix2 (FLX_exp p) ZnearestE y.
Proof.
  assert (forall p g k x y, (1 <= p)%Z ->
    IZR k * bpow radix2 g < x < IZR (k + 1) * bpow radix2 g ->
    IZR k * bpow radix2 g < y < IZR (k + 1) * bpow radix2 g -> bpow radix2 (g + p) <= x ->
    round radix2 (FLX_exp p) ZnearestE x = round radix2 (FLX_exp p) ZnearestE y) as positive.
  { intros p g k x y Hp Hx Hy Hl. pose proof (bpow_gt_0 radix2 g) as Hg.
    assert (forall z, z = z * bpow radix2 (- g) * bpow radix2 g) as S.
    { intros z. rewrite Rmult_assoc, <- bpow_plus. replace (- g + g)%Z with 0%Z by lia. simpl. ring. }
    rewrite (S x) in Hx, Hl |- *. rewrite (S y) in Hy |- *. rewrite !(round_scale _ p g). f_equal.
    apply alike_unit with (k := k); [exact Hp| | |].
    - split; apply Rmult_lt_reg_r with (bpow radix2 g); lra.
    - split; apply Rmult_lt_reg_r with (bpow radix2 g); lra.
    - apply Rmult_le_reg_r with (bpow radix2 g); [exact Hg|]. rewrite <- bpow_plus.
      replace (p + g)%Z with (g + p)%Z by lia. exact Hl. }
  intros p g k x y Hp Hx Hy Hl. destruct (Rle_or_lt 0 x) as [X|X].
  - rewrite Rabs_pos_eq in Hl by exact X. now apply positive with (g := g) (k := k).
  - rewrite Rabs_left in Hl by exact X.
    rewrite <- (Ropp_involutive x), <- (Ropp_involutive y), !(round_NE_opp radix2 (FLX_exp p) (- _)). f_equal.
    apply positive with (g := g) (k := (- (k + 1))%Z); [exact Hp| | |exact Hl];
      replace (- (k + 1) + 1)%Z with (- k)%Z by lia; rewrite !opp_IZR; lra.
Qed.

(* The repaired truncated division: exact at multiples of 1/4, else the quarter below and a sticky 1/8. *)
Definition slash (a b : Z) : R :=
  if Z.eqb ((4 * a) mod b) 0 then IZR (4 * a / b) / 4 else IZR (4 * a / b) / 4 + / 8.

(* slash is exact, or both it and the quotient lie strictly between the same consecutive multiples of 1/4. *)
Lemma slash_near (a b : Z) : (b <> 0)%Z ->
  slash a b = IZR a / IZR b \/
  (IZR (4 * a / b) / 4 < slash a b < IZR (4 * a / b + 1) / 4 /\
   IZR (4 * a / b) / 4 < IZR a / IZR b < IZR (4 * a / b + 1) / 4).
Proof.
  intros Hb. pose proof (Z.div_mod (4 * a) b Hb) as E. unfold slash. set (q := (4 * a / b)%Z) in *.
  set (r := ((4 * a) mod b)%Z) in *. assert (IZR b <> 0) as HB by now apply IZR_neq.
  assert (IZR a / IZR b = IZR q / 4 + IZR r / IZR b / 4) as Eq.
  { assert (4 * IZR a = IZR b * IZR q + IZR r) as Er by (rewrite <- !mult_IZR, <- plus_IZR; now f_equal).
    apply Rmult_eq_reg_r with (4 * IZR b); [field_simplify; [lra|exact HB|exact HB]|lra]. }
  destruct (Z.eqb_spec r 0) as [H|H].
  - left. rewrite Eq, H. field. exact HB.
  - right. rewrite plus_IZR. split; [lra|]. assert (0 < IZR r / IZR b < 1) as B; [|lra].
    destruct (Z.lt_ge_cases 0 b) as [P|P].
    + pose proof (Z.mod_pos_bound (4 * a) b P) as M. fold r in M. apply IZR_lt in P.
      assert (0 < IZR r) by (apply IZR_lt; lia). assert (IZR r < IZR b) by (apply IZR_lt; lia).
      split; [now apply Rdiv_lt_0_compat|].
      apply Rmult_lt_reg_r with (IZR b); [exact P|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra.
    + assert (b < 0)%Z as N by lia. pose proof (Z.mod_neg_bound (4 * a) b N) as M. fold r in M. apply IZR_lt in N.
      assert (IZR r < 0) by (apply IZR_lt; lia). assert (IZR b < IZR r) by (apply IZR_lt; lia).
      replace (IZR r / IZR b) with (- IZR r / - IZR b) by (field; lra).
      split; [apply Rdiv_lt_0_compat; lra|].
      apply Rmult_lt_reg_r with (- IZR b); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra.
Qed.

Lemma bpow_IZR (a : Z) : (0 <= a)%Z -> bpow radix2 a = IZR (2 ^ a).
Proof. intros Ha. rewrite <- IZR_Zpower by exact Ha. reflexivity. Qed.

(* Where both values lie in one interval between multiples of 2^g, above 2^(g+p), they are in range together. *)
Lemma in_range_same p g k x y : (2 <= p)%Z ->
  IZR k * bpow radix2 g < x < IZR (k + 1) * bpow radix2 g ->
  IZR k * bpow radix2 g < y < IZR (k + 1) * bpow radix2 g -> bpow radix2 (g + p) <= Rabs x ->
  in_range p x -> in_range p y.
Proof.
  intros Hp Hx Hy Hl R. pose proof (bpow_gt_0 radix2 g) as Hg. pose proof (bpow_gt_0 radix2 (g + p)) as Hgp.
  assert (forall n : Z, (0 <= n)%Z ->
    (Rabs x <= IZR n * bpow radix2 g -> Rabs y <= IZR n * bpow radix2 g) /\
    (IZR n * bpow radix2 g <= Rabs x -> IZR n * bpow radix2 g <= Rabs y)) as Same.
  { intros n Hn. apply IZR_le in Hn. split; intros H.
    - apply Rabs_le_inv in H. assert (k + 1 <= n)%Z as A.
      { apply Z.le_succ_l, lt_IZR, Rmult_lt_reg_r with (bpow radix2 g); lra. }
      assert (- n <= k)%Z as B.
      { apply Z.lt_succ_r, lt_IZR, Rmult_lt_reg_r with (bpow radix2 g); [exact Hg|]. unfold Z.succ.
        rewrite opp_IZR. lra. }
      apply IZR_le in A. apply IZR_le in B. rewrite opp_IZR in B. apply Rabs_le.
      assert (IZR (k + 1) * bpow radix2 g <= IZR n * bpow radix2 g) by (apply Rmult_le_compat_r; lra).
      assert (- IZR n * bpow radix2 g <= IZR k * bpow radix2 g) by (apply Rmult_le_compat_r; lra). lra.
    - assert (0 <= IZR n * bpow radix2 g) by (apply Rmult_le_pos; lra).
      destruct (Rle_or_lt 0 x) as [X|X].
      + rewrite Rabs_pos_eq in H by exact X. assert (n <= k)%Z as A.
        { apply Z.lt_succ_r, lt_IZR, Rmult_lt_reg_r with (bpow radix2 g); [exact Hg|]. unfold Z.succ. lra. }
        apply IZR_le in A. apply Rle_trans with (2 := Rle_abs y).
        apply Rle_trans with (IZR k * bpow radix2 g); [apply Rmult_le_compat_r; lra|lra].
      + rewrite Rabs_left in H by exact X. assert (k + 1 <= - n)%Z as A.
        { apply Z.le_succ_l, lt_IZR, Rmult_lt_reg_r with (bpow radix2 g); [exact Hg|]. rewrite opp_IZR. lra. }
        apply IZR_le in A. rewrite opp_IZR in A. rewrite <- Rabs_Ropp. apply Rle_trans with (2 := Rle_abs (- y)).
        assert (IZR (k + 1) * bpow radix2 g <= - IZR n * bpow radix2 g) by (apply Rmult_le_compat_r; lra). lra. }
  assert (forall a : Z, (g <= a)%Z -> bpow radix2 a = IZR (2 ^ (a - g)) * bpow radix2 g) as Power.
  { intros a Ha. rewrite <- bpow_IZR by lia. rewrite <- bpow_plus. f_equal. lia. }
  destruct R as [->|[Rl Rh]]; [rewrite Rabs_R0 in Hl; lra|]. right. split.
  - destruct (Z.le_gt_cases g (p - 1 - 2 ^ p)) as [H|H].
    + unfold least in *. rewrite (Power _ H) in *. apply Same; [apply Z.pow_nonneg; lia|exact Rl].
    + apply Rle_trans with (bpow radix2 (g + p)); [unfold least; apply bpow_le; lia|].
      rewrite (Power (g + p)%Z) in * by lia. apply Same; [apply Z.pow_nonneg; lia|exact Hl].
  - assert (1 < 2 ^ p)%Z as P1 by (apply Z.pow_gt_1; lia).
    destruct (Z.le_gt_cases g (2 ^ p - 1)) as [H|H].
    + unfold largest in *. rewrite (Power _ H) in *. rewrite <- Rmult_assoc, <- mult_IZR in *.
      apply Same; [|exact Rh]. apply Z.mul_nonneg_nonneg; [lia|apply Z.pow_nonneg; lia].
    + exfalso. apply (Rlt_irrefl (largest p)). apply Rlt_le_trans with (2 := Rh). apply Rlt_le_trans with (2 := Hl).
      apply Rlt_le_trans with (bpow radix2 (p + (2 ^ p - 1))); [|apply bpow_le; lia].
      unfold largest. rewrite bpow_plus. apply Rmult_lt_compat_r; [apply bpow_gt_0|].
      rewrite bpow_IZR by lia. apply IZR_lt. lia.
Qed.

(* Hence the function round_p of the papers does not tell them apart. *)
Lemma alike_in_range p g k x y r : (2 <= p)%Z ->
  IZR k * bpow radix2 g < x < IZR (k + 1) * bpow radix2 g ->
  IZR k * bpow radix2 g < y < IZR (k + 1) * bpow radix2 g -> bpow radix2 (g + p) <= Rabs x ->
  in_range p x -> (paper_round p y r <-> paper_round p x r).
Proof.
  intros Hp Hx Hy Hl R. pose proof (in_range_same p g k x y Hp Hx Hy Hl R) as R'.
  rewrite (round_in_range p y r Hp R'), (round_in_range p x r Hp R).
  now rewrite (rounds_alike p g k x y ltac:(lia) Hx Hy Hl).
Qed.

(* Pairs <m, e> of F_p with the one zero <0, -2^p>. *)
Definition canonical_pair (p m e : Z) : Prop :=
  ((m = 0 /\ e = - 2 ^ p) \/ (normal p m /\ - 2 ^ p <= e <= 2 ^ p - 1))%Z.

(* What the repaired rules hand to the rounding. *)
Definition sum_handed (m1 e1 m2 e2 : Z) : R :=
  if Z.leb e2 e1 then (IZR m1 + slash m2 (2 ^ (e1 - e2))) * bpow radix2 e1
  else (IZR m2 + slash m1 (2 ^ (e2 - e1))) * bpow radix2 e2.
Definition quotient_handed (p m1 e1 m2 e2 : Z) : R :=
  slash (m1 * 2 ^ (p - 1)) m2 * bpow radix2 (e1 - e2 - p + 1).

Lemma slash_exact a b : (b <> 0)%Z -> ((4 * a) mod b = 0)%Z -> slash a b = IZR a / IZR b.
Proof.
  intros Hb Hm. destruct (slash_near a b Hb) as [E|[H1 H2]]; [exact E|]. exfalso.
  unfold slash in H1. rewrite Hm in H1. simpl in H1. lra.
Qed.

(* The larger operand has a full significand; four times the other is cut to a multiple of its scale. *)
Lemma aligned_sum p m1 m2 e k r : (2 <= p)%Z -> (0 <= k)%Z -> normal p m1 -> (Z.abs m2 <= 2 ^ p - 1)%Z ->
  in_range p ((IZR m1 + IZR m2 / IZR (2 ^ k)) * bpow radix2 e) ->
  (paper_round p ((IZR m1 + slash m2 (2 ^ k)) * bpow radix2 e) r <->
   paper_round p ((IZR m1 + IZR m2 / IZR (2 ^ k)) * bpow radix2 e) r).
Proof.
  intros Hp Hk N1 N2 R. assert (2 ^ k <> 0)%Z as Hb by (apply Z.pow_nonzero; lia).
  destruct (Z.le_gt_cases k 2) as [Small|Large].
  - rewrite slash_exact; [reflexivity|exact Hb|].
    replace (4 * m2)%Z with ((m2 * 2 ^ (2 - k)) * 2 ^ k)%Z; [now apply Z.mod_mul|].
    rewrite <- Z.mul_assoc, <- Z.pow_add_r by lia. replace (2 - k + k)%Z with 2%Z by lia. lia.
  - destruct (slash_near m2 (2 ^ k) Hb) as [E|[H1 H2]]; [rewrite E; reflexivity|].
    set (q := (4 * m2 / 2 ^ k)%Z) in *. pose proof (bpow_gt_0 radix2 e) as He.
    assert (forall j : Z, IZR (4 * m1 + j) * bpow radix2 (e - 2) = (IZR m1 + IZR j / 4) * bpow radix2 e) as G.
    { intros j. replace (bpow radix2 (e - 2)) with (bpow radix2 e * / 4)
        by (change (/ 4) with (bpow radix2 (-2)); rewrite <- bpow_plus; f_equal; lia).
      rewrite plus_IZR, mult_IZR. field. }
    apply alike_in_range with (g := (e - 2)%Z) (k := (4 * m1 + q)%Z); [exact Hp| | | |exact R].
    + replace (4 * m1 + q + 1)%Z with (4 * m1 + (q + 1))%Z by lia. rewrite !G.
      split; apply Rmult_lt_compat_r; lra.
    + replace (4 * m1 + q + 1)%Z with (4 * m1 + (q + 1))%Z by lia. rewrite !G.
      split; apply Rmult_lt_compat_r; lra.
    + rewrite Rabs_mult, (Rabs_pos_eq (bpow radix2 e)) by lra.
      replace (e - 2 + p)%Z with (p - 2 + e)%Z by lia. rewrite bpow_plus. apply Rmult_le_compat_r; [lra|].
      assert (0 < 2 ^ (p - 2))%Z as P0 by (apply Z.pow_pos_nonneg; lia).
      assert (2 ^ p = 4 * 2 ^ (p - 2))%Z as P2.
      { change 4%Z with (2 ^ 2)%Z. rewrite <- Z.pow_add_r by lia. f_equal. lia. }
      assert (2 ^ (p - 1) = 2 * 2 ^ (p - 2))%Z as P1.
      { replace (p - 1)%Z with (Z.succ (p - 2)) by lia. apply Z.pow_succ_r. lia. }
      assert (8 <= 2 ^ k)%Z as K8 by (change 8%Z with (2 ^ 3)%Z; apply Z.pow_le_mono_r; lia).
      rewrite bpow_IZR by lia. unfold normal in N1.
      assert (Rabs (IZR m2 / IZR (2 ^ k)) <= IZR (2 ^ (p - 2))) as B.
      { unfold Rdiv. apply IZR_le in K8. rewrite Rabs_mult, (Rabs_pos_eq (/ IZR (2 ^ k)))
          by (apply Rlt_le, Rinv_0_lt_compat; lra).
        apply Rmult_le_reg_r with (IZR (2 ^ k)); [lra|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
        rewrite <- abs_IZR, <- mult_IZR. apply IZR_le. apply le_IZR in K8. nia. }
      assert (2 * IZR (2 ^ (p - 2)) <= Rabs (IZR m1)) as A.
      { rewrite <- abs_IZR, <- mult_IZR. apply IZR_le. lia. }
      pose proof (Rabs_triang_inv (IZR m1) (- (IZR m2 / IZR (2 ^ k)))) as T. rewrite Rabs_Ropp in T.
      replace (IZR m1 - - (IZR m2 / IZR (2 ^ k))) with (IZR m1 + IZR m2 / IZR (2 ^ k)) in T by ring. lra.
Qed.

Lemma aligned_value m1 m2 e1 e2 : (e2 <= e1)%Z ->
  (IZR m1 + IZR m2 / IZR (2 ^ (e1 - e2))) * bpow radix2 e1 = IZR m1 * bpow radix2 e1 + IZR m2 * bpow radix2 e2.
Proof.
  intros H. rewrite <- bpow_IZR by lia. replace (bpow radix2 e1) with (bpow radix2 (e1 - e2) * bpow radix2 e2)
    by (rewrite <- bpow_plus; f_equal; lia).
  field. apply Rgt_not_eq, bpow_gt_0.
Qed.

Lemma significand_bound p m e : (2 <= p)%Z -> canonical_pair p m e -> (Z.abs m <= 2 ^ p - 1)%Z.
Proof. intros Hp [[-> _]|[[_ H] _]]; [|exact H]. assert (0 < 2 ^ p)%Z by (apply Z.pow_pos_nonneg; lia). simpl. lia. Qed.

Theorem addition_correct : forall (p m1 e1 m2 e2 : Z) (r : R), (2 <= p)%Z ->
  canonical_pair p m1 e1 -> canonical_pair p m2 e2 ->
  in_range p (IZR m1 * bpow radix2 e1 + IZR m2 * bpow radix2 e2) ->
  (paper_round p (sum_handed m1 e1 m2 e2) r <-> paper_round p (IZR m1 * bpow radix2 e1 + IZR m2 * bpow radix2 e2) r).
Proof.
  assert (forall p m1 e1 m2 e2 r, (2 <= p)%Z -> canonical_pair p m1 e1 -> canonical_pair p m2 e2 -> (e2 <= e1)%Z ->
    in_range p (IZR m1 * bpow radix2 e1 + IZR m2 * bpow radix2 e2) ->
    (paper_round p ((IZR m1 + slash m2 (2 ^ (e1 - e2))) * bpow radix2 e1) r <->
     paper_round p (IZR m1 * bpow radix2 e1 + IZR m2 * bpow radix2 e2) r)) as Ordered.
  { intros p m1 e1 m2 e2 r Hp C1 C2 He R. rewrite <- (aligned_value m1 m2 e1 e2 He) in *.
    pose proof (significand_bound p m2 e2 Hp C2) as B2. destruct C1 as [[-> ->]|[N1 _]].
    - assert (e2 = - 2 ^ p)%Z as -> by (destruct C2 as [[_ ->]|[_ ?]]; lia).
      replace (- 2 ^ p - - 2 ^ p)%Z with 0%Z by lia. rewrite slash_exact; [reflexivity|discriminate|apply Z.mod_1_r].
    - apply aligned_sum; [exact Hp|lia|exact N1|exact B2|exact R]. }
  intros p m1 e1 m2 e2 r Hp C1 C2 R. unfold sum_handed. destruct (Z.leb_spec e2 e1) as [H|H].
  - now apply Ordered.
  - rewrite (Rplus_comm (IZR m1 * bpow radix2 e1)) in R |- *. apply Ordered; [exact Hp|exact C2|exact C1|lia|exact R].
Qed.

Theorem division_correct : forall (p m1 e1 m2 e2 : Z) (r : R), (2 <= p)%Z ->
  canonical_pair p m1 e1 -> canonical_pair p m2 e2 -> m2 <> 0%Z ->
  in_range p ((IZR m1 * bpow radix2 e1) / (IZR m2 * bpow radix2 e2)) ->
  (paper_round p (quotient_handed p m1 e1 m2 e2) r <->
   paper_round p ((IZR m1 * bpow radix2 e1) / (IZR m2 * bpow radix2 e2)) r).
Proof.
  intros p m1 e1 m2 e2 r Hp C1 C2 Hz. unfold quotient_handed. set (e := (e1 - e2 - p + 1)%Z).
  pose proof (bpow_gt_0 radix2 e) as He. pose proof (bpow_gt_0 radix2 e2) as He2.
  assert (IZR m2 <> 0) as Hz' by now apply IZR_neq.
  assert ((IZR m1 * bpow radix2 e1) / (IZR m2 * bpow radix2 e2)
    = IZR (m1 * 2 ^ (p - 1)) / IZR m2 * bpow radix2 e) as ->.
  { rewrite mult_IZR, <- bpow_IZR by lia.
    replace (bpow radix2 e1) with (bpow radix2 (p - 1) * bpow radix2 e * bpow radix2 e2)
      by (unfold e; rewrite <- !bpow_plus; f_equal; lia).
    field. split; try exact Hz'; lra. }
  intros R. destruct (slash_near (m1 * 2 ^ (p - 1)) m2 Hz) as [E|[H1 H2]]; [rewrite E; reflexivity|].
  set (q := (4 * (m1 * 2 ^ (p - 1)) / m2)%Z) in *.
  assert (forall j : Z, IZR j * bpow radix2 (e - 2) = IZR j / 4 * bpow radix2 e) as G.
  { intros j. replace (bpow radix2 (e - 2)) with (bpow radix2 e * / 4)
      by (change (/ 4) with (bpow radix2 (-2)); rewrite <- bpow_plus; f_equal; lia). field. }
  apply alike_in_range with (g := (e - 2)%Z) (k := q); [exact Hp| | | |exact R].
  - rewrite !G. split; apply Rmult_lt_compat_r; lra.
  - rewrite !G. split; apply Rmult_lt_compat_r; lra.
  - destruct C2 as [[Z2 _]|[N2 _]]; [now elim Hz|]. destruct C1 as [[-> _]|[N1 _]].
    + exfalso. rewrite Z.mul_0_l in H2. unfold Rdiv in H2. rewrite Rmult_0_l in H2.
      assert (q = 0%Z) as Q by (unfold q; rewrite Z.mul_0_l, Z.mul_0_r; now apply Z.div_0_l).
      rewrite Q in H2. lra.
    + rewrite Rabs_mult, (Rabs_pos_eq (bpow radix2 e)) by lra.
      replace (e - 2 + p)%Z with (p - 2 + e)%Z by lia. rewrite bpow_plus. apply Rmult_le_compat_r; [lra|].
      assert (0 < 2 ^ (p - 2))%Z as P0 by (apply Z.pow_pos_nonneg; lia).
      assert (2 ^ p = 4 * 2 ^ (p - 2))%Z as P2.
      { change 4%Z with (2 ^ 2)%Z. rewrite <- Z.pow_add_r by lia. f_equal. lia. }
      assert (2 ^ (p - 1) = 2 * 2 ^ (p - 2))%Z as P1.
      { replace (p - 1)%Z with (Z.succ (p - 2)) by lia. apply Z.pow_succ_r. lia. }
      unfold normal in *. unfold Rdiv. rewrite Rabs_mult, Rabs_inv, <- !abs_IZR, bpow_IZR by lia.
      assert (0 < IZR (Z.abs m2)) as A2 by (apply IZR_lt; lia).
      apply Rmult_le_reg_r with (IZR (Z.abs m2)); [exact A2|].
      rewrite Rmult_assoc, Rinv_l, Rmult_1_r, <- mult_IZR by lra. apply IZR_le. rewrite Z.abs_mul.
      rewrite (Z.abs_eq (2 ^ (p - 1))) by lia. nia.
Qed.

(* An integer is a multiple of 1/4: it lies on the same side of the truncated and of the exact quotient. *)
Lemma integers_do_not_separate a b n : (b <> 0)%Z ->
  (IZR n <= slash a b <-> IZR n <= IZR a / IZR b) /\ (slash a b <= IZR n <-> IZR a / IZR b <= IZR n).
Proof.
  intros Hb. destruct (slash_near a b Hb) as [->|[H1 H2]]; [tauto|]. set (q := (4 * a / b)%Z) in *.
  assert (forall x, IZR q / 4 < x < IZR (q + 1) / 4 -> (IZR n <= x <-> (4 * n <= q)%Z)) as Below.
  { intros x Hx. split; intros H.
    - apply Z.lt_succ_r, lt_IZR. unfold Z.succ. rewrite mult_IZR. lra.
    - apply IZR_le in H. rewrite mult_IZR in H. lra. }
  assert (forall x, IZR q / 4 < x < IZR (q + 1) / 4 -> (x <= IZR n <-> (q + 1 <= 4 * n)%Z)) as Above.
  { intros x Hx. split; intros H.
    - apply Z.le_succ_l, lt_IZR. rewrite mult_IZR. lra.
    - apply IZR_le in H. rewrite mult_IZR in H. lra. }
  split; [rewrite (Below _ H1), (Below _ H2)|rewrite (Above _ H1), (Above _ H2)]; reflexivity.
Qed.

Theorem comparison_correct : forall m1 e1 m2 e2 : Z,
  (if Z.leb e2 e1 then IZR m1 <= slash m2 (2 ^ (e1 - e2)) else slash m1 (2 ^ (e2 - e1)) <= IZR m2)
    <-> IZR m1 * bpow radix2 e1 <= IZR m2 * bpow radix2 e2.
Proof.
  intros m1 e1 m2 e2. pose proof (bpow_gt_0 radix2 e1) as H1. pose proof (bpow_gt_0 radix2 e2) as H2.
  assert (forall m e f, (e <= f)%Z -> IZR m * bpow radix2 e = IZR m / IZR (2 ^ (f - e)) * bpow radix2 f) as A.
  { intros m e f H. rewrite <- bpow_IZR by lia. replace (bpow radix2 f) with (bpow radix2 (f - e) * bpow radix2 e)
      by (rewrite <- bpow_plus; f_equal; lia). field. apply Rgt_not_eq, bpow_gt_0. }
  destruct (Z.leb_spec e2 e1) as [H|H].
  - rewrite (A m2 e2 e1 H).
    rewrite (proj1 (integers_do_not_separate m2 (2 ^ (e1 - e2)) m1 ltac:(apply Z.pow_nonzero; lia))).
    split; intros L; [apply Rmult_le_compat_r; lra|apply Rmult_le_reg_r with (2 := L); exact H1].
  - rewrite (A m1 e1 e2) by lia.
    rewrite (proj2 (integers_do_not_separate m1 (2 ^ (e2 - e1)) m2 ltac:(apply Z.pow_nonzero; lia))).
    split; intros L; [apply Rmult_le_compat_r; lra|apply Rmult_le_reg_r with (2 := L); exact H2].
Qed.

(* Floor by the integer quotient: the right integer, and a float of F_p. *)
Theorem floor_correct : forall p m e : Z, (2 <= p)%Z -> (Z.abs m <= 2 ^ p - 1)%Z -> (e < 0)%Z ->
  (m / 2 ^ (- e))%Z = Zfloor (IZR m * bpow radix2 e) /\ paper_float p (IZR (m / 2 ^ (- e))).
Proof.
  intros p m e Hp Hm He. assert (1 < 2 ^ (- e))%Z as K by (apply Z.pow_gt_1; lia).
  assert (1 < 2 ^ p)%Z as P by (apply Z.pow_gt_1; lia).
  assert (Z.abs (m / 2 ^ (- e)) <= 2 ^ p - 1)%Z as B.
  { pose proof (Z.div_mod m (2 ^ (- e)) ltac:(lia)). pose proof (Z.mod_pos_bound m (2 ^ (- e)) ltac:(lia)). nia. }
  split.
  - rewrite <- (Zfloor_div m (2 ^ (- e))) by lia. f_equal. rewrite <- bpow_IZR by lia. unfold Rdiv.
    rewrite <- bpow_opp. do 2 f_equal. lia.
  - set (j := (m / 2 ^ (- e))%Z) in *. destruct (Z.eq_dec j 0) as [->|J].
    + exists 0%Z, 0%Z. repeat split; [ring|now left|lia|lia].
    + apply format_paper_float; [lia| |].
      * rewrite <- abs_IZR. split.
        -- apply Rle_trans with 1; [|apply IZR_le; lia]. change 1 with (bpow radix2 0).
           apply bpow_le. assert (p < 2 ^ p)%Z by (apply Z.pow_gt_lin_r; lia). lia.
        -- unfold largest. rewrite <- (Rmult_1_r (IZR (Z.abs j))). apply Rmult_le_compat; [apply IZR_le; lia|lra| |].
           ++ apply IZR_le. lia.
           ++ change 1 with (bpow radix2 0). apply bpow_le. lia.
      * apply generic_format_FLX. exists (Float radix2 j 0); [unfold F2R; simpl; ring|]. simpl. lia.
Qed.
