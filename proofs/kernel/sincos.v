(* lem:sincos, the case table. For every integer k, negative ones too, and both branches of the reduction: sin and cos
   of x are plus or minus those of r, as k mod 4 says. *)
From Coq Require Export Reals ZArith Lia Lra.
Global Open Scope R_scope.

Lemma whole_turns (q : Z) (x : R) : sin (x + 2 * IZR q * PI) = sin x /\ cos (x + 2 * IZR q * PI) = cos x.
Proof.
  destruct (Z_le_gt_dec 0 q) as [H|H].
  - rewrite <- (Z2Nat.id q H), <- INR_IZR_INZ. split; [apply sin_period|apply cos_period].
  - assert (x = x + 2 * IZR q * PI + 2 * INR (Z.to_nat (- q)) * PI) as E.
    { rewrite INR_IZR_INZ, Z2Nat.id by lia. rewrite opp_IZR. ring. }
    split; [rewrite E at 2; symmetry; apply sin_period|rewrite E at 2; symmetry; apply cos_period].
Qed.

(* The values at m quarter turns and y, m = 0, 1, 2, 3. *)
Lemma quarter_values (y : R) :
  (sin (0 * (PI / 2) + y) = sin y /\ cos (0 * (PI / 2) + y) = cos y) /\
  (sin (1 * (PI / 2) + y) = cos y /\ cos (1 * (PI / 2) + y) = - sin y) /\
  (sin (2 * (PI / 2) + y) = - sin y /\ cos (2 * (PI / 2) + y) = - cos y) /\
  (sin (3 * (PI / 2) + y) = - cos y /\ cos (3 * (PI / 2) + y) = sin y).
Proof.
  replace (2 * (PI / 2)) with PI by field. rewrite Rmult_0_l, Rmult_1_l, Rplus_0_l.
  repeat split; rewrite ?sin_plus, ?cos_plus, ?sin_PI, ?cos_PI, ?sin_PI2, ?cos_PI2,
    ?sin_3PI2, ?cos_3PI2; ring.
Qed.

Theorem quarter_turns : forall (k m : Z) (x y : R), x = IZR k * (PI / 2) + y -> (k mod 4 = m)%Z ->
  (m = 0%Z -> sin x = sin y /\ cos x = cos y) /\ (m = 1%Z -> sin x = cos y /\ cos x = - sin y) /\
  (m = 2%Z -> sin x = - sin y /\ cos x = - cos y) /\ (m = 3%Z -> sin x = - cos y /\ cos x = sin y).
Proof.
  intros k m x y Hx Hm. pose proof (Z.div_mod k 4 ltac:(lia)) as E. rewrite Hm in E.
  assert (x = (IZR m * (PI / 2) + y) + 2 * IZR (k / 4) * PI) as X.
  { rewrite Hx, E at 1. rewrite plus_IZR, mult_IZR. field. }
  destruct (whole_turns (k / 4) (IZR m * (PI / 2) + y)) as [S C]. rewrite <- X in S, C. rewrite S, C.
  destruct (quarter_values y) as (Q0 & Q1 & Q2 & Q3).
  repeat apply conj; intros ->; assumption.
Qed.

(* The keep branch has x = k pi/2 + r, the other one x = (k + 1) pi/2 - r. *)
Theorem case_table : forall (k m : Z) (x r : R), (k mod 4 = m)%Z ->
  (x = IZR k * (PI / 2) + r ->
    (m = 0%Z -> sin x = sin r /\ cos x = cos r) /\ (m = 1%Z -> sin x = cos r /\ cos x = - sin r) /\
    (m = 2%Z -> sin x = - sin r /\ cos x = - cos r) /\ (m = 3%Z -> sin x = - cos r /\ cos x = sin r)) /\
  (x = IZR (k + 1) * (PI / 2) - r ->
    (m = 0%Z -> sin x = cos r /\ cos x = sin r) /\ (m = 1%Z -> sin x = sin r /\ cos x = - cos r) /\
    (m = 2%Z -> sin x = - cos r /\ cos x = - sin r) /\ (m = 3%Z -> sin x = - sin r /\ cos x = cos r)).
Proof.
  intros k m x r Hm. split; intros Hx; [now apply quarter_turns with (k := k)|].
  assert (x = IZR k * (PI / 2) + (PI / 2 - r)) as Hx2 by (rewrite Hx, plus_IZR; ring).
  pose proof (quarter_turns k m x (PI / 2 - r) Hx2 Hm) as T. rewrite sin_shift, cos_shift in T. exact T.
Qed.
