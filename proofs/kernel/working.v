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

(* The largest inner error that does: u^2/(1 + 2u) = 1/(t (t + 2)) with t = 2^p; 2^(-2p-2) is below it. *)
Definition inner (p : Z) : R := u p * u p / (1 + 2 * u p).

Lemma inner_product p : inner p * (1 + 2 * u p) = u p * u p.
Proof. pose proof (u_pos p). unfold inner. field. lra. Qed.

Lemma inner_bounds p : (1 <= p)%Z -> 0 < inner p <= u p / 4 /\ bpow radix2 (- 2 * p - 2) <= inner p.
Proof.
  intros Hp. pose proof (u_pos p) as U. pose proof (u_small p Hp) as U2. pose proof (inner_product p) as I.
  assert (bpow radix2 (- 2 * p - 2) = u p * u p / 4) as ->.
  { unfold u, Rdiv. change (/ 4) with (bpow radix2 (-2)). rewrite <- !bpow_plus. f_equal. lia. }
  split; [split|].
  - unfold inner. apply Rdiv_lt_0_compat; nra.
  - apply Rmult_le_reg_r with (1 + 2 * u p); [lra|]. rewrite I. nra.
  - apply Rmult_le_reg_r with (1 + 2 * u p); [lra|]. rewrite I. nra.
Qed.

(* The lemma for y > 0 in the binade of b, with e = 2^-p, unit 2 e b, first tie b + e b, inner error y d. *)
Lemma working_positive p y d f : (1 <= p)%Z -> 0 < y -> Rabs d <= inner p ->
  Rnd_N_pt (generic_format radix2 (FLX_exp p)) (y * (1 + d)) f -> Rabs (f - y) <= bpow radix2 (- p) * y.
Proof.
  intros Hp Hy Hd N. destruct (mag radix2 y) as [k K]. simpl in K. specialize (K (Rgt_not_eq _ _ Hy)).
  rewrite Rabs_pos_eq in K by lra. destruct (inner_bounds p Hp) as [[D0 D1] _]. pose proof (inner_product p) as D2.
  set (b := bpow radix2 (k - 1)) in *. change (bpow radix2 (- p)) with (u p). set (e := u p) in *.
  set (c := inner p) in *.
  assert (0 < b) as Hb by apply bpow_gt_0. assert (0 < e) as He by apply bpow_gt_0.
  assert (e <= / 2) as He2 by now apply u_small.
  assert (bpow radix2 k = 2 * b) as Ek.
  { unfold b. change 2 with (bpow radix2 1). rewrite <- bpow_plus. f_equal. lia. }
  assert (bpow radix2 (k - p) = 2 * (e * b)) as Eh.
  { unfold b, e, u. change 2 with (bpow radix2 1). rewrite <- !bpow_plus. f_equal. lia. }
  assert (bpow radix2 (k - p - 1) = e * b) as Eg.
  { unfold b, e, u. rewrite <- !bpow_plus. f_equal. lia. }
  rewrite Ek in K. apply Rabs_le_inv in Hd. set (z := y * (1 + d)) in *.
  assert (y - c * y <= z <= y + c * y) as Hz.
  { unfold z. assert (- c * y <= d * y) by (apply Rmult_le_compat_r; lra).
    assert (d * y <= c * y) by (apply Rmult_le_compat_r; lra). lra. }
  assert (0 < e * b) as Heb by now apply Rmult_lt_0_compat.
  assert (c * y <= e * b / 2) as Hcy.
  { apply Rle_trans with (e / 4 * (2 * b)); [apply Rmult_le_compat; lra|lra]. }
  assert (generic_format radix2 (FLX_exp p) b) as Fb by (apply generic_format_bpow; unfold FLX_exp; lia).
  assert (generic_format radix2 (FLX_exp p) (2 * b)) as F2.
  { rewrite <- Ek. apply generic_format_bpow. unfold FLX_exp. lia. }
  pose proof (proj2 N b Fb) as Nb. pose proof (proj1 N) as Ff.
  assert (b <= f) as Hbf.
  { destruct (Rle_or_lt b f) as [|L]; [assumption|exfalso].
    apply gap_below with (p := p) in L; [|exact Hp|exact Ff]. fold b in L. rewrite Eg in L.
    assert (b - e * b / 4 <= z) as Zl by nra.
    revert Nb. rewrite (Rabs_left (f - z)) by lra. unfold Rabs. destruct Rcase_abs; lra. }
  destruct Hbf as [L|<-].
  - (* above the first tie *)
    apply gap_above with (p := p) in L; [|exact Hp|exact Ff]. fold b in L. rewrite Eh in L.
    assert (b + e * b <= z) as Tie.
    { destruct (Rle_or_lt (b + e * b) z) as [|T]; [assumption|exfalso]. revert Nb.
      rewrite (Rabs_right (f - z)) by lra. unfold Rabs. destruct Rcase_abs; lra. }
    destruct (Rlt_or_le z (2 * b)) as [Z2|Z2].
    + assert (Rabs (f - z) <= e * b) as Hf.
      { replace (e * b) with (/ 2 * bpow radix2 (k - p)) by (rewrite Eh; lra).
        apply error_half_unit with (k := k); [exact Hp| |exact N]. fold b. rewrite Ek. lra. }
      assert (e * b <= e * y - c * y) as Share.
      { (* y (1 + c) >= b (1 + e), and (1 + e)(e - c) = e (1 + c) *)
        assert ((1 + e) * (e - c) = e * (1 + c)) as Sharp by lra.
        assert ((1 + e) * b * (e - c) <= (1 + c) * y * (e - c)) as A by (apply Rmult_le_compat_r; lra).
        assert (e * (1 + c) * b <= (1 + c) * y * (e - c)) as B
          by (rewrite <- Sharp; apply Rle_trans with (2 := A); apply Req_le; ring).
        apply Rmult_le_reg_r with (1 + c); lra. }
      apply Rabs_le_inv in Hf. apply Rabs_le. lra.
    + pose proof (proj2 N (2 * b) F2) as N2. rewrite (Rabs_left1 (2 * b - z)) in N2 by lra.
      apply Rabs_le_inv in N2. assert (2 * (c * y) <= e * y) by nra. apply Rabs_le. lra.
  - (* below it the result is b *)
    assert (z <= b + e * b) as Tie.
    { destruct (Rle_or_lt z (b + e * b)) as [|T]; [assumption|exfalso].
      assert (generic_format radix2 (FLX_exp p) (b + 2 * (e * b))) as Fs.
      { rewrite <- Eh. unfold b. assert (Prec_gt_0 p) by (red; lia).
        assert (Valid_exp (FLX_exp p)) by (apply FLX_exp_valid; assumption).
        replace (bpow radix2 (k - 1) + bpow radix2 (k - p)) with (succ radix2 (FLX_exp p) (bpow radix2 (k - 1))).
        - apply generic_format_succ; [assumption|exact Fb].
        - rewrite succ_eq_pos by apply bpow_ge_0. f_equal. rewrite ulp_bpow. unfold FLX_exp. f_equal. lia. }
      pose proof (proj2 N _ Fs) as Ns. revert Ns. rewrite (Rabs_left (b - z)) by lra.
      unfold Rabs. destruct Rcase_abs; lra. }
    assert (y - b <= e * y) as Low.
    { assert (c <= e * e) as Cee by nra.
      assert (y * (1 - c) * (1 - e) <= (b + e * b) * (1 - e)) as A by (apply Rmult_le_compat_r; lra).
      assert (y * (1 - e) * (1 - c) <= b * (1 - c)) as B.
      { apply Rle_trans with (b * (1 - e * e)); [|apply Rmult_le_compat_l; lra]. lra. }
      assert (y * (1 - e) <= b); [apply Rmult_le_reg_r with (1 - c); lra|lra]. }
    apply Rabs_le. assert (0 < e * y) by now apply Rmult_lt_0_compat. lra.
Qed.

Theorem working_precision : forall (p : Z) (y d f : R), (1 <= p)%Z -> Rabs d <= inner p ->
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
  Rabs d <= inner p ->
  forall f, Rnd_N_pt (generic_format radix2 (FLX_exp p)) (y * (1 + d)) f -> least p <= f <= largest p.
Proof.
  intros Hp [Hl Hh] Hd f [Ff N].
  set (e := bpow radix2 (- p)). set (B := bpow radix2 (p + 2 ^ p - 1)).
  assert (0 < e) as He by apply bpow_gt_0. assert (e <= / 2) as He2 by now apply u_small.
  assert (0 < B) as HB by apply bpow_gt_0. assert (0 < least p) as H0 by apply bpow_gt_0.
  assert (largest p = B - e * B) as EL.
  { unfold largest, B, e. rewrite minus_IZR.
    replace (IZR (2 ^ p)) with (bpow radix2 p) by (rewrite <- IZR_Zpower by lia; reflexivity).
    replace (bpow radix2 (- p) * bpow radix2 (p + 2 ^ p - 1)) with (bpow radix2 (2 ^ p - 1))
      by (rewrite <- bpow_plus; f_equal; lia).
    replace (p + 2 ^ p - 1)%Z with (p + (2 ^ p - 1))%Z by lia. rewrite bpow_plus. ring. }
  apply Rabs_le_inv in Hd. destruct (inner_bounds p Hp) as [Hq _]. change (u p) with e in Hq. set (q := inner p) in *.
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
    assert (0 < e * least p) by now apply Rmult_lt_0_compat.
    assert (least p * q <= e * least p / 4).
    { apply Rle_trans with (least p * (e / 4)); [apply Rmult_le_compat_l; lra|lra]. }
    revert Nl. rewrite (Rabs_left1 (f - z)) by lra. unfold Rabs. destruct Rcase_abs; lra.
  - destruct (Rle_or_lt f (largest p)) as [|L]; [assumption|exfalso].
    pose proof (N _ (largest_format p Hp)) as Nl.
    assert (z <= largest p + B * q) as Hz2.
    { assert (y * q <= B * q) by (apply Rmult_le_compat_r; nra). lra. }
    assert (0 < e * B) by now apply Rmult_lt_0_compat.
    assert (B * q <= e * B / 4).
    { apply Rle_trans with (B * (e / 4)); [apply Rmult_le_compat_l; lra|lra]. }
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
Theorem working_precision_sharp : forall (p : Z) (y d r : R), (1 <= p)%Z -> least p <= Rabs y <= largest p ->
  Rabs d <= u p * u p / (1 + 2 * u p) ->
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

Theorem working_precision_in_range : forall (p : Z) (y d r : R), (1 <= p)%Z -> least p <= Rabs y <= largest p ->
  Rabs d <= bpow radix2 (- 2 * p - 2) ->
  paper_float p r -> (forall f, paper_float p f -> Rabs (r - y * (1 + d)) <= Rabs (f - y * (1 + d))) ->
  Rabs (r - y) <= bpow radix2 (- p) * Rabs y.
Proof.
  intros p y d r Hp Hy Hd. apply working_precision_sharp; [exact Hp|exact Hy|].
  apply Rle_trans with (1 := Hd). apply (inner_bounds p Hp).
Qed.
