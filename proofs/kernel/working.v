(* lem:working-precision (R3). An inner relative error of at most 2^(-2p-2) and one rounding to nearest, whatever the
   rule for ties, give a total relative error of at most 2^-p, for every p >= 1; and the result stays in range. *)
From Precise Require Export rounding.

Lemma nearest_opp p x f : Rnd_N_pt (generic_format radix2 (FLX_exp p)) x f ->
  Rnd_N_pt (generic_format radix2 (FLX_exp p)) (- x) (- f).
Proof. intros H. apply Rnd_N_pt_opp_inv; [apply generic_format_opp|]. now rewrite !Ropp_involutive. Qed.

(* The floats beside b = 2^(k-1): b - h/2 below it and b + h above it, with h = 2^(k-p) = 2 u b. *)
Lemma gap_below p k f : (1 <= p)%Z -> generic_format radix2 (FLX_exp p) f -> f < bpow radix2 (k - 1) ->
  f <= bpow radix2 (k - 1) - bpow radix2 (k - p - 1).
Proof.
  intros Hp F H. assert (Prec_gt_0 p) by (red; lia).
  assert (Valid_exp (FLX_exp p)) by (apply FLX_exp_valid; assumption).
  replace (bpow radix2 (k - p - 1)) with (bpow radix2 (FLX_exp p (k - 1))) by (unfold FLX_exp; f_equal; lia).
  rewrite <- pred_bpow. apply pred_ge_gt; [assumption|exact F| |exact H].
  apply generic_format_bpow. unfold FLX_exp. lia.
Qed.

Lemma gap_above p k f : (1 <= p)%Z -> generic_format radix2 (FLX_exp p) f -> bpow radix2 (k - 1) < f ->
  bpow radix2 (k - 1) + bpow radix2 (k - p) <= f.
Proof.
  intros Hp F H. assert (Prec_gt_0 p) by (red; lia).
  assert (Valid_exp (FLX_exp p)) by (apply FLX_exp_valid; assumption).
  replace (bpow radix2 (k - 1) + bpow radix2 (k - p)) with (succ radix2 (FLX_exp p) (bpow radix2 (k - 1))).
  - apply succ_le_lt; [assumption| |exact F|exact H]. apply generic_format_bpow. unfold FLX_exp. lia.
  - rewrite succ_eq_pos by apply bpow_ge_0. f_equal. rewrite ulp_bpow. unfold FLX_exp. f_equal. lia.
Qed.

Lemma error_half_unit p k z f : (1 <= p)%Z -> bpow radix2 (k - 1) <= z < bpow radix2 k ->
  Rnd_N_pt (generic_format radix2 (FLX_exp p)) z f -> Rabs (f - z) <= / 2 * bpow radix2 (k - p).
Proof.
  intros Hp Hz N. assert (Prec_gt_0 p) by (red; lia).
  assert (Valid_exp (FLX_exp p)) by (apply FLX_exp_valid; assumption).
  assert (0 < bpow radix2 (k - 1)) by apply bpow_gt_0.
  apply Rle_trans with (Rabs (round radix2 (FLX_exp p) ZnearestE z - z)).
  - apply N. apply generic_format_round; [assumption|apply valid_rnd_N].
  - replace (bpow radix2 (k - p)) with (ulp radix2 (FLX_exp p) z).
    + apply error_le_half_ulp. assumption.
    + rewrite ulp_neq_0 by lra. unfold cexp, FLX_exp. do 2 f_equal. apply mag_unique. rewrite Rabs_pos_eq; lra.
Qed.

(* The lemma for y > 0 in the binade of b, with u = 2^-p, h = 2 u b and inner error w = y d. *)
Lemma working_positive p y d f : (1 <= p)%Z -> 0 < y -> Rabs d <= bpow radix2 (- 2 * p - 2) ->
  Rnd_N_pt (generic_format radix2 (FLX_exp p)) (y * (1 + d)) f -> Rabs (f - y) <= bpow radix2 (- p) * y.
Proof.
  intros Hp Hy Hd N. assert (Prec_gt_0 p) by (red; lia).
  destruct (mag radix2 y) as [k K]. simpl in K. specialize (K (Rgt_not_eq _ _ Hy)).
  rewrite Rabs_pos_eq in K by lra.
  set (b := bpow radix2 (k - 1)) in *. set (e := bpow radix2 (- p)).
  assert (0 < b) as Hb by apply bpow_gt_0. assert (0 < e) as He by apply bpow_gt_0.
  assert (e <= / 2) as He2 by now apply u_small.
  assert (bpow radix2 k = 2 * b) as Ek.
  { unfold b. change 2 with (bpow radix2 1). rewrite <- bpow_plus. f_equal. lia. }
  assert (bpow radix2 (k - p) = 2 * (e * b)) as Eh.
  { unfold b, e. change 2 with (bpow radix2 1). rewrite <- !bpow_plus. f_equal. lia. }
  assert (bpow radix2 (k - p - 1) = e * b) as Eg.
  { unfold b, e. rewrite <- !bpow_plus. f_equal. lia. }
  assert (bpow radix2 (- 2 * p - 2) = e * e / 4) as Ed.
  { unfold e, Rdiv. change (/ 4) with (bpow radix2 (-2)). rewrite <- !bpow_plus. f_equal. lia. }
  rewrite Ed in Hd. rewrite Ek in K. set (w := y * d).
  assert (Rabs w <= e * e * b / 2) as Hw.
  { unfold w. rewrite Rabs_mult, (Rabs_pos_eq y) by lra. apply Rle_trans with (2 * b * (e * e / 4)); [|lra].
    apply Rmult_le_compat; [lra|apply Rabs_pos|lra|exact Hd]. }
  replace (y * (1 + d)) with (y + w) in N by (unfold w; ring).
  apply Rabs_le_inv in Hw.
  assert (0 < e * b) as Heb by now apply Rmult_lt_0_compat.
  assert (e * e * b <= e * b / 2) as Hee by nra.
  assert (generic_format radix2 (FLX_exp p) b) as Fb by (apply generic_format_bpow; unfold FLX_exp; lia).
  assert (generic_format radix2 (FLX_exp p) (2 * b)) as F2.
  { rewrite <- Ek. apply generic_format_bpow. unfold FLX_exp. lia. }
  destruct (Rlt_or_le y (b + e * b - e * e * b / 2)) as [Hc|Hc].
  - (* below the first tie: the result is b *)
    pose proof (proj2 N b Fb) as Nb. pose proof (proj1 N) as Ff.
    assert (f = b) as ->.
    { destruct (Rtotal_order f b) as [L|[L|L]]; [|exact L|].
      - apply gap_below with (p := p) in L; [|exact Hp|exact Ff]. fold b in L. rewrite Eg in L.
        exfalso. revert Nb. rewrite (Rabs_left (f - (y + w))) by lra. unfold Rabs. destruct Rcase_abs; lra.
      - apply gap_above with (p := p) in L; [|exact Hp|exact Ff]. fold b in L. rewrite Eh in L.
        exfalso. revert Nb. rewrite (Rabs_right (f - (y + w))) by lra. unfold Rabs. destruct Rcase_abs; lra. }
    rewrite Rabs_left1 by lra. nra.
  - destruct (Rlt_or_le (y + w) (2 * b)) as [Hz|Hz].
    + assert (Rabs (f - (y + w)) <= e * b) as Hf.
      { replace (e * b) with (/ 2 * bpow radix2 (k - p)) by (rewrite Eh; lra).
        apply error_half_unit with (k := k); [exact Hp| |exact N]. fold b. rewrite Ek. lra. }
      apply Rabs_le_inv in Hf. apply Rabs_le. nra.
    + pose proof (proj2 N (2 * b) F2) as N2. rewrite (Rabs_left1 (2 * b - (y + w))) in N2 by lra.
      apply Rabs_le_inv in N2. apply Rabs_le. nra.
Qed.

Theorem working_precision : forall (p : Z) (y d f : R), (1 <= p)%Z -> Rabs d <= bpow radix2 (- 2 * p - 2) ->
  Rnd_N_pt (generic_format radix2 (FLX_exp p)) (y * (1 + d)) f -> Rabs (f - y) <= bpow radix2 (- p) * Rabs y.
Proof.
  intros p y d f Hp Hd N. destruct (Rtotal_order y 0) as [H|[->|H]].
  - rewrite (Rabs_left y) by exact H. replace (f - y) with (- (- f - - y)) by ring. rewrite Rabs_Ropp.
    apply working_positive with (d := d); [exact Hp|lra|exact Hd|].
    replace (- y * (1 + d)) with (- (y * (1 + d))) by ring. now apply nearest_opp.
  - rewrite Rmult_0_l in N. pose proof (proj2 N 0 (generic_format_0 _ _)) as Z.
    replace (f - 0) with f by ring. rewrite !Rminus_0_r, Rabs_R0 in *. lra.
  - rewrite (Rabs_pos_eq y) by lra. now apply working_positive with (d := d).
Qed.

Lemma nearest_in_range_positive p y d : (1 <= p)%Z -> least p <= y <= largest p ->
  Rabs d <= bpow radix2 (- 2 * p - 2) ->
  forall f, Rnd_N_pt (generic_format radix2 (FLX_exp p)) (y * (1 + d)) f -> least p <= f <= largest p.
Proof.
  intros Hp [Hl Hh] Hd f [Ff N].
  set (e := bpow radix2 (- p)). set (B := bpow radix2 (p + 2 ^ p - 1)).
  assert (0 < e) as He by apply bpow_gt_0. assert (e <= / 2) as He2 by now apply u_small.
  assert (0 < B) as HB by apply bpow_gt_0. assert (0 < least p) as H0 by apply bpow_gt_0.
  assert (bpow radix2 (- 2 * p - 2) = e * e / 4) as Ed.
  { unfold e, Rdiv. change (/ 4) with (bpow radix2 (-2)). rewrite <- !bpow_plus. f_equal. lia. }
  assert (largest p = B - e * B) as EL.
  { unfold largest, B, e. rewrite minus_IZR.
    replace (IZR (2 ^ p)) with (bpow radix2 p) by (rewrite <- IZR_Zpower by lia; reflexivity).
    replace (bpow radix2 (- p) * bpow radix2 (p + 2 ^ p - 1)) with (bpow radix2 (2 ^ p - 1))
      by (rewrite <- bpow_plus; f_equal; lia).
    replace (p + 2 ^ p - 1)%Z with (p + (2 ^ p - 1))%Z by lia. rewrite bpow_plus. ring. }
  rewrite Ed in Hd. apply Rabs_le_inv in Hd.
  assert (0 <= e * e / 4 <= e / 8) as Hq by nra. set (q := e * e / 4) in *.
  assert (y - y * q <= y * (1 + d) <= y + y * q) as Hz by nra.
  set (z := y * (1 + d)) in *. split.
  - destruct (Rle_or_lt (least p) f) as [|L]; [assumption|exfalso].
    pose proof (N _ (least_format p Hp)) as Nl.
    assert (f <= least p - e * least p) as Lf.
    { replace (least p) with (bpow radix2 (p - 2 ^ p - 1)) in L |- * by (unfold least; f_equal; lia).
      replace (e * bpow radix2 (p - 2 ^ p - 1)) with (bpow radix2 (p - 2 ^ p - p - 1))
        by (unfold e; rewrite <- bpow_plus; f_equal; lia).
      now apply gap_below. }
    assert (least p - least p * q <= z).
    { assert (0 <= (y - least p) * (1 - q)) by (apply Rmult_le_pos; lra). nra. }
    assert (least p * q < e * least p / 4) by nra.
    revert Nl. rewrite (Rabs_left1 (f - z)) by nra. unfold Rabs. destruct Rcase_abs; nra.
  - destruct (Rle_or_lt f (largest p)) as [|L]; [assumption|exfalso].
    pose proof (N _ (largest_format p Hp)) as Nl.
    assert (z <= largest p + B * q) as Hz2.
    { assert (y * q <= B * q) by (apply Rmult_le_compat_r; nra). lra. }
    assert (B * q < e * B / 4) by nra.
    assert (z <= largest p -> False) as Hz3.
    { intros H'. revert Nl. rewrite (Rabs_right (f - z)), (Rabs_right (largest p - z)) by lra. lra. }
    assert (largest p < z) as Hz4 by (apply Rnot_le_lt; exact Hz3).
    rewrite (Rabs_left (largest p - z)) in Nl by lra. apply Rabs_le_inv in Nl.
    assert (f < B) as L2 by lra.
    assert (f <= B - e * B) as Lf; [|lra].
    replace (e * B) with (bpow radix2 (p + 2 ^ p - p - 1))
      by (unfold e, B; rewrite <- bpow_plus; f_equal; lia).
    now apply gap_below.
Qed.

(* The lemma in F_p: r is a float of F_p nearest to y (1 + d); near the ends of the range it is an end. *)
Theorem working_precision_in_range : forall (p : Z) (y d r : R), (1 <= p)%Z -> least p <= Rabs y <= largest p ->
  Rabs d <= bpow radix2 (- 2 * p - 2) ->
  paper_float p r -> (forall f, paper_float p f -> Rabs (r - y * (1 + d)) <= Rabs (f - y * (1 + d))) ->
  Rabs (r - y) <= bpow radix2 (- p) * Rabs y.
Proof.
  intros p y d r Hp Hy Hd Pr Nr. apply working_precision with (d := d); [exact Hp|exact Hd|].
  pose proof (rne_nearest p (y * (1 + d)) Hp) as [Fs Ns].
  assert (paper_float p (rne p (y * (1 + d)))) as Ps.
  { apply format_paper_float; [exact Hp| |exact Fs].
    destruct (Rcase_abs y) as [Y|Y].
    - rewrite (Rabs_left y) in Hy by exact Y.
      rewrite <- Rabs_Ropp. rewrite Rabs_pos_eq.
      + apply nearest_in_range_positive with (y := - y) (d := d); [exact Hp|exact Hy|exact Hd|].
        replace (- y * (1 + d)) with (- (y * (1 + d))) by ring. apply nearest_opp. now split.
      + apply Rle_trans with (least p); [apply bpow_ge_0|].
        apply nearest_in_range_positive with (y := - y) (d := d); [exact Hp|exact Hy|exact Hd|].
        replace (- y * (1 + d)) with (- (y * (1 + d))) by ring. apply nearest_opp. now split.
    - rewrite (Rabs_right y) in Hy by exact Y. rewrite Rabs_pos_eq.
      + apply nearest_in_range_positive with (y := y) (d := d); [exact Hp|exact Hy|exact Hd|now split].
      + apply Rle_trans with (least p); [apply bpow_ge_0|].
        apply nearest_in_range_positive with (y := y) (d := d); [exact Hp|exact Hy|exact Hd|now split]. }
  split; [now apply paper_float_format|].
  intros g Fg. apply Rle_trans with (1 := Nr _ Ps). now apply Ns.
Qed.
