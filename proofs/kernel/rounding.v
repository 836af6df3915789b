(* lem:round-rel-error, def:round. For every precision p >= 2 and real x in the range of the papers' floats F_p,
   rounding to nearest even in F_p is rounding in Flocq's FLX(p), its relative error is at most u/(1+u), u = 2^-p,
   and the tie above a power of two attains that. *)
From Coq Require Export Reals ZArith Lia Lra List.
From Flocq Require Export Core Relative.
Global Open Scope R_scope.

(* Rounding to nearest even with p bits and any exponent; 2^-p; the constant of one rounding. *)
Definition rne (p : Z) (x : R) : R := round radix2 (FLX_exp p) ZnearestE x.
Definition u (p : Z) : R := bpow radix2 (- p).
Definition v (p : Z) : R := u p / (1 + u p).

(* The floats of the papers, the range of rounding, and what round_p is: a nearest float, even in a tie. *)
Definition normal (p m : Z) : Prop := (2 ^ (p - 1) <= Z.abs m <= 2 ^ p - 1)%Z.
Definition paper_float (p : Z) (x : R) : Prop :=
  exists m e : Z, x = IZR m * bpow radix2 e /\ (m = 0 \/ normal p m)%Z /\ (- 2 ^ p <= e <= 2 ^ p - 1)%Z.
Definition least (p : Z) : R := bpow radix2 (p - 1 - 2 ^ p).
Definition largest (p : Z) : R := IZR (2 ^ p - 1) * bpow radix2 (2 ^ p - 1).
Definition in_range (p : Z) (x : R) : Prop := x = 0 \/ least p <= Rabs x <= largest p.
Definition paper_round (p : Z) (x r : R) : Prop :=
  paper_float p r /\
  (forall f, paper_float p f -> Rabs (r - x) <= Rabs (f - x)) /\
  (forall f, paper_float p f -> Rabs (f - x) = Rabs (r - x) -> f <> r ->
     exists m e : Z, r = IZR m * bpow radix2 e /\ normal p m /\ Z.even m = true).

Lemma u_pos p : 0 < u p.
Proof. apply bpow_gt_0. Qed.

Lemma u_small p : (1 <= p)%Z -> u p <= / 2.
Proof. intros Hp. change (/ 2) with (bpow radix2 (-1)). apply bpow_le. lia. Qed.

Lemma v_pos p : 0 < v p.
Proof. pose proof (u_pos p). apply Rdiv_lt_0_compat; lra. Qed.

Lemma v_lt_u p : v p < u p.
Proof.
  pose proof (u_pos p). unfold v. apply Rmult_lt_reg_r with (1 + u p); [lra|].
  field_simplify; [|lra]. nra.
Qed.

Lemma half_ulp_is_u p : / 2 * bpow radix2 (- p + 1) = u p.
Proof. unfold u. rewrite bpow_plus. change (bpow radix2 1) with 2. lra. Qed.

Theorem rne_rel_error : forall (p : Z) (x : R), (2 <= p)%Z ->
  Rabs (round radix2 (FLX_exp p) ZnearestE x - x)
    <= bpow radix2 (- p) / (1 + bpow radix2 (- p)) * Rabs x.
Proof.
  intros p x Hp. assert (H : Prec_gt_0 p) by (red; lia).
  pose proof (relative_error_N_FLX' radix2 p H (fun n => negb (Z.even n)) x) as E.
  unfold u_ro in E. rewrite half_ulp_is_u in E. exact E.
Qed.

Lemma rne_error p x : (2 <= p)%Z -> Rabs (rne p x - x) <= v p * Rabs x.
Proof. apply rne_rel_error. Qed.

(* The tie 2^(p-1) + 1/2 goes down to the even 2^(p-1). *)
Lemma round_at_tie p : (2 <= p)%Z -> rne p (bpow radix2 (p - 1) + / 2) = bpow radix2 (p - 1).
Proof.
  intros Hp. unfold rne, round, scaled_mantissa, cexp.
  assert (0 < bpow radix2 (p - 1)) as Hpos by apply bpow_gt_0.
  assert (bpow radix2 1 <= bpow radix2 (p - 1)) as H2 by (apply bpow_le; lia).
  change (bpow radix2 1) with 2 in H2.
  assert (mag radix2 (bpow radix2 (p - 1) + / 2) = p :> Z) as ->.
  { apply mag_unique. rewrite Rabs_pos_eq by lra.
    replace (bpow radix2 p) with (2 * bpow radix2 (p - 1)) by
      (change 2 with (bpow radix2 1); rewrite <- bpow_plus; f_equal; lia).
    lra. }
  unfold FLX_exp. replace (p - p)%Z with 0%Z by lia. simpl bpow at 2.
  replace (- 0)%Z with 0%Z by lia. simpl (bpow radix2 0).
  rewrite Rmult_1_r.
  assert (ZnearestE (bpow radix2 (p - 1) + / 2) = 2 ^ (p - 1))%Z as ->.
  { replace (bpow radix2 (p - 1)) with (IZR (2 ^ (p - 1))) by (rewrite <- IZR_Zpower by lia; reflexivity).
    unfold Znearest.
    assert (Zfloor (IZR (2 ^ (p - 1)) + / 2) = 2 ^ (p - 1))%Z as ->.
    { apply Zfloor_imp. rewrite plus_IZR. lra. }
    replace (IZR (2 ^ (p - 1)) + / 2 - IZR (2 ^ (p - 1))) with (/ 2) by ring.
    rewrite Rcompare_Eq by reflexivity.
    replace (p - 1)%Z with (Z.succ (p - 2)) by lia.
    rewrite Z.pow_succ_r by lia. rewrite Z.even_mul. reflexivity. }
  unfold F2R. simpl. rewrite <- IZR_Zpower by lia. simpl. ring.
Qed.

Theorem rne_rel_error_attained : forall p : Z, (2 <= p)%Z ->
  let x := bpow radix2 (p - 1) + / 2 in
  Rabs (round radix2 (FLX_exp p) ZnearestE x - x) = bpow radix2 (- p) / (1 + bpow radix2 (- p)) * Rabs x.
Proof.
  intros p Hp x. pose proof (round_at_tie p Hp) as E. unfold rne in E. unfold x. rewrite E.
  assert (0 < bpow radix2 (p - 1)) as Hpos by apply bpow_gt_0.
  rewrite (Rabs_pos_eq (bpow radix2 (p - 1) + / 2)) by lra.
  rewrite Rabs_left by lra.
  assert (bpow radix2 (- p) * bpow radix2 (p - 1) = / 2) as H.
  { rewrite <- bpow_plus. replace (- p + (p - 1))%Z with (-1)%Z by lia. reflexivity. }
  pose proof (u_pos p) as Hu. unfold u in Hu.
  apply Rmult_eq_reg_r with (1 + bpow radix2 (- p)); [|lra].
  field_simplify; [|lra]. nra.
Qed.

Lemma paper_float_format p x : (1 <= p)%Z -> paper_float p x -> generic_format radix2 (FLX_exp p) x.
Proof.
  intros Hp (m & e & -> & Hm & _). apply generic_format_FLX. exists (Float radix2 m e); [reflexivity|].
  simpl. destruct Hm as [->|[_ Hm]]; [|lia]. apply Z.pow_pos_nonneg; lia.
Qed.

Lemma mag_range p x : (1 <= p)%Z -> least p <= Rabs x <= largest p ->
  x <> 0 /\ (p - 2 ^ p <= mag radix2 x <= p + 2 ^ p - 1)%Z.
Proof.
  intros Hp [Hl Hh]. assert (x <> 0) as Hx.
  { intros ->. rewrite Rabs_R0 in Hl. pose proof (bpow_gt_0 radix2 (p - 1 - 2 ^ p)). unfold least in Hl. lra. }
  split; [exact Hx|split].
  - apply Z.le_trans with (p - 1 - 2 ^ p + 1)%Z; [lia|]. apply mag_ge_bpow.
    replace (p - 1 - 2 ^ p + 1 - 1)%Z with (p - 1 - 2 ^ p)%Z by lia. exact Hl.
  - apply mag_le_bpow; [exact Hx|]. apply Rle_lt_trans with (1 := Hh). unfold largest.
    replace (p + 2 ^ p - 1)%Z with (p + (2 ^ p - 1))%Z by lia. rewrite bpow_plus.
    apply Rmult_lt_compat_r; [apply bpow_gt_0|]. rewrite <- IZR_Zpower by lia. apply IZR_lt. simpl. lia.
Qed.

Lemma normal_significand p x : (1 <= p)%Z -> x <> 0 -> generic_format radix2 (FLX_exp p) x ->
  exists m : Z, x = IZR m * bpow radix2 (mag radix2 x - p) /\ normal p m.
Proof.
  intros Hp Hx F. exists (Ztrunc (scaled_mantissa radix2 (FLX_exp p) x)). split; [exact F|].
  assert (Rabs (IZR (Ztrunc (scaled_mantissa radix2 (FLX_exp p) x))) * bpow radix2 (mag radix2 x - p) = Rabs x) as E.
  { rewrite <- (Rabs_pos_eq (bpow radix2 (mag radix2 x - p))) by apply bpow_ge_0.
    rewrite <- Rabs_mult. f_equal. symmetry. exact F. }
  rewrite <- abs_IZR in E. destruct (mag radix2 x) as [k K]. simpl in *. specialize (K Hx). rewrite <- E in K.
  unfold normal. split.
  - apply le_IZR. apply Rmult_le_reg_r with (bpow radix2 (k - p)); [apply bpow_gt_0|].
    apply Rle_trans with (2 := proj1 K). replace (k - 1)%Z with (p - 1 + (k - p))%Z by lia.
    rewrite bpow_plus, <- (IZR_Zpower radix2 (p - 1)) by lia. apply Rle_refl.
  - apply Z.lt_le_pred. apply lt_IZR. apply Rmult_lt_reg_r with (bpow radix2 (k - p)); [apply bpow_gt_0|].
    apply Rlt_le_trans with (1 := proj2 K). replace k with (p + (k - p))%Z at 1 by lia.
    rewrite bpow_plus, <- (IZR_Zpower radix2 p) by lia. apply Rle_refl.
Qed.

Lemma format_paper_float p x : (1 <= p)%Z -> least p <= Rabs x <= largest p ->
  generic_format radix2 (FLX_exp p) x -> paper_float p x.
Proof.
  intros Hp Hr F. destruct (mag_range p x Hp Hr) as [Hx Hm]. destruct (normal_significand p x Hp Hx F) as (m & E & N).
  exists m, (mag radix2 x - p)%Z. repeat split; [exact E|now right|lia|lia].
Qed.

Lemma least_format p : (1 <= p)%Z -> generic_format radix2 (FLX_exp p) (least p).
Proof. intros Hp. apply generic_format_bpow. unfold FLX_exp. lia. Qed.

Lemma largest_format p : (1 <= p)%Z -> generic_format radix2 (FLX_exp p) (largest p).
Proof.
  intros Hp. apply generic_format_FLX. exists (Float radix2 (2 ^ p - 1) (2 ^ p - 1)); [reflexivity|].
  simpl. assert (0 < 2 ^ p)%Z by (apply Z.pow_pos_nonneg; lia). lia.
Qed.

Lemma rne_range p x : (1 <= p)%Z -> least p <= Rabs x <= largest p -> least p <= Rabs (rne p x) <= largest p.
Proof.
  intros Hp [Hl Hh]. assert (Prec_gt_0 p) by (red; lia). split.
  - apply abs_round_ge_generic; [apply FLX_exp_valid; assumption|apply valid_rnd_N|now apply least_format|exact Hl].
  - apply abs_round_le_generic; [apply FLX_exp_valid; assumption|apply valid_rnd_N|now apply largest_format|exact Hh].
Qed.

Lemma rne_nearest p x : (1 <= p)%Z -> Rnd_N_pt (generic_format radix2 (FLX_exp p)) x (rne p x).
Proof. intros Hp. assert (Prec_gt_0 p) by (red; lia). apply round_N_pt. apply FLX_exp_valid; assumption. Qed.

Lemma rne_even p x : (2 <= p)%Z -> Rnd_NE_pt radix2 (FLX_exp p) x (rne p x).
Proof.
  intros Hp. assert (Prec_gt_0 p) by (red; lia).
  apply round_NE_pt; [apply FLX_exp_valid; assumption|apply exists_NE_FLX; right; lia].
Qed.

(* In range, rounding to nearest even with any exponent is rounding in F_p, and nothing else is. *)
Theorem round_in_range : forall (p : Z) (x r : R), (2 <= p)%Z -> in_range p x ->
  (paper_round p x r <-> r = round radix2 (FLX_exp p) ZnearestE x).
Proof.
  intros p x r Hp Hr. change (round radix2 (FLX_exp p) ZnearestE x) with (rne p x).
  assert (1 <= p)%Z as Hp1 by lia.
  assert (Prec_gt_0 p) as Hq by (red; lia).
  assert (paper_float p 0) as F0.
  { exists 0%Z, 0%Z. assert (0 < 2 ^ p)%Z by (apply Z.pow_pos_nonneg; lia). repeat split; [ring|now left|lia|lia]. }
  destruct Hr as [->|Hr].
  - assert (rne p 0 = 0) as -> by (apply round_0; apply valid_rnd_N). split.
    + intros (_ & N & _). specialize (N 0 F0). unfold Rminus in N. rewrite Ropp_0, !Rplus_0_r, Rabs_R0 in N.
      destruct (Req_dec r 0) as [H|H]; [exact H|]. pose proof (Rabs_pos_lt r H). lra.
    + intros ->. split; [exact F0|split].
      * intros f _. unfold Rminus. rewrite Ropp_0, !Rplus_0_r, Rabs_R0. apply Rabs_pos.
      * intros f _ E H. unfold Rminus in E. rewrite Ropp_0, !Rplus_0_r, Rabs_R0 in E.
        exfalso. apply H. destruct (Req_dec f 0) as [Z|Z]; [exact Z|]. pose proof (Rabs_pos_lt f Z). lra.
  - pose proof (rne_range p x Hp1 Hr) as Hs. pose proof (rne_nearest p x Hp1) as [Fs Ns].
    assert (paper_float p (rne p x)) as Ps by now apply format_paper_float.
    assert (forall f, paper_float p f -> Rabs (f - x) = Rabs (rne p x - x) -> f <> rne p x ->
      exists m e : Z, rne p x = IZR m * bpow radix2 e /\ normal p m /\ Z.even m = true) as Even.
    { intros f Pf E D. destruct (rne_even p x Hp) as [_ [(g & Eg & Cg & Vg)|U]].
      - destruct (mag_range p (rne p x) Hp1 Hs) as [Hz _]. destruct (normal_significand p _ Hp1 Hz Fs) as (m & Em & Nm).
        exists m, (mag radix2 (rne p x) - p)%Z. repeat split; try assumption; try apply Nm.
        assert (Fnum g = m) as <-; [|exact Vg].
        unfold canonical, cexp in Cg. rewrite <- Eg in Cg. unfold FLX_exp in Cg.
        apply eq_IZR. apply Rmult_eq_reg_r with (bpow radix2 (mag radix2 (rne p x) - p)).
        + rewrite <- Em. rewrite <- Cg. symmetry. exact Eg.
        + apply Rgt_not_eq, bpow_gt_0.
      - exfalso. apply D. apply U. split; [now apply paper_float_format|].
        intros g Fg. rewrite E. now apply Ns. }
    split.
    + intros (Pr & Nr & Tr). assert (generic_format radix2 (FLX_exp p) r) as Fr by now apply paper_float_format.
      assert (Rabs (r - x) = Rabs (rne p x - x)) as E by (apply Rle_antisym; [now apply Nr|now apply Ns]).
      destruct (Req_dec (rne p x) r) as [H|H]; [now symmetry|].
      destruct (Tr (rne p x) Ps (eq_sym E) H) as (m & e & Em & Nm & Vm).
      assert (Rnd_NE_pt radix2 (FLX_exp p) x r) as Er.
      { split; [split; [exact Fr|intros g Fg; rewrite E; now apply Ns]|]. left.
        exists (Float radix2 m e). split; [exact Em|split; [|exact Vm]].
        unfold canonical, cexp. simpl Fexp. rewrite mag_F2R by (simpl; unfold normal in Nm; lia).
        simpl Fnum. simpl Fexp. rewrite (mag_unique radix2 (IZR m) p).
        - unfold FLX_exp. lia.
        - rewrite <- abs_IZR. rewrite <- !IZR_Zpower by lia. unfold normal in Nm. simpl. split.
          + apply IZR_le. lia.
          + apply IZR_lt. lia. }
      assert (Valid_exp (FLX_exp p)) by (apply FLX_exp_valid; assumption).
      assert (Exists_NE radix2 (FLX_exp p)) by (apply exists_NE_FLX; right; lia).
      pose proof (Rnd_NE_pt_monotone radix2 (FLX_exp p)) as M.
      apply Rle_antisym; [apply (M x x)|apply (M x x)]; try apply Rle_refl; try exact Er; now apply rne_even.
    + intros ->. split; [exact Ps|split; [intros f Pf; apply Ns; now apply paper_float_format|exact Even]].
Qed.

Theorem paper_round_rel_error : forall (p : Z) (x r : R), (2 <= p)%Z -> least p <= Rabs x <= largest p ->
  paper_round p x r -> Rabs (r - x) <= u p / (1 + u p) * Rabs x /\ u p / (1 + u p) < bpow radix2 (- p).
Proof.
  intros p x r Hp Hr H. apply round_in_range in H; [|exact Hp|now right]. rewrite H.
  split; [now apply rne_error|apply v_lt_u].
Qed.
