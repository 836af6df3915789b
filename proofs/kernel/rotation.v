(* def:rotation. Over the reals R_a^T R_b = R_{b-a} for block-diagonal rotations of every even size, all integer
   positions and all angles; hence each R_a is orthogonal. *)
From Coq Require Export Reals ZArith Lia Lra Arith.
Global Open Scope R_scope.

(* The 2 x 2 rotation, and the block-diagonal one at position t with one angle a plane; indices from 0. *)
Definition plane (x : R) (i j : nat) : R :=
  match i, j with O, O => cos x | O, S _ => - sin x | S _, O => sin x | S _, S _ => cos x end.
Definition rotation (theta : nat -> R) (t : Z) (i j : nat) : R :=
  if Nat.eqb (i / 2) (j / 2) then plane (IZR t * theta (i / 2)%nat) (i mod 2) (j mod 2) else 0.

Fixpoint sum_below (n : nat) (f : nat -> R) : R := match n with O => 0 | S m => sum_below m f + f m end.

Lemma plane_product a b i j : (i < 2)%nat -> (j < 2)%nat ->
  plane a 0 i * plane b 0 j + plane a 1 i * plane b 1 j = plane (b - a) i j.
Proof.
  intros Hi Hj. destruct i as [|[|i]], j as [|[|j]]; try lia; simpl; rewrite ?cos_minus, ?sin_minus; ring.
Qed.

Lemma sum_of_blocks theta a b i j h :
  sum_below (2 * h) (fun k => rotation theta a k i * rotation theta b k j)
    = if Nat.ltb (i / 2) h then rotation theta (b - a) i j else 0.
Proof.
  induction h as [|h IH]; [reflexivity|].
  replace (2 * S h)%nat with (S (S (2 * h))) by lia.
  change (sum_below (2 * h) (fun k => rotation theta a k i * rotation theta b k j)
    + rotation theta a (2 * h) i * rotation theta b (2 * h) j
    + rotation theta a (S (2 * h)) i * rotation theta b (S (2 * h)) j
    = if Nat.ltb (i / 2) (S h) then rotation theta (b - a) i j else 0).
  rewrite IH. unfold rotation.
  assert ((2 * h) / 2 = h)%nat as -> by (rewrite Nat.mul_comm; apply Nat.div_mul; lia).
  assert (S (2 * h) / 2 = h)%nat as ->.
  { replace (S (2 * h)) with (1 + h * 2)%nat by lia. rewrite Nat.div_add by lia. reflexivity. }
  assert ((2 * h) mod 2 = 0)%nat as -> by (rewrite Nat.mul_comm; apply Nat.mod_mul; lia).
  assert (S (2 * h) mod 2 = 1)%nat as ->.
  { replace (S (2 * h)) with (1 + h * 2)%nat by lia. rewrite Nat.mod_add by lia. reflexivity. }
  destruct (Nat.eqb_spec h (i / 2)) as [E|E].
  - rewrite E, Nat.ltb_irrefl. assert ((i / 2 <? S (i / 2))%nat = true) as -> by (apply Nat.ltb_lt; lia).
    destruct (Nat.eqb_spec (i / 2) (j / 2)) as [F|F]; [|ring].
    rewrite Rplus_0_l, plane_product by (apply Nat.mod_upper_bound; lia).
    f_equal. rewrite minus_IZR. ring.
  - assert ((i / 2 <? S h)%nat = (i / 2 <? h)%nat) as ->.
    { destruct (Nat.ltb_spec (i / 2) (S h)), (Nat.ltb_spec (i / 2) h); try reflexivity; lia. }
    ring.
Qed.

Theorem rotations_of_differences : forall (h : nat) (theta : nat -> R) (a b : Z) (i j : nat),
  (i < 2 * h)%nat -> (j < 2 * h)%nat ->
  sum_below (2 * h) (fun k => rotation theta a k i * rotation theta b k j) = rotation theta (b - a) i j.
Proof.
  intros h theta a b i j Hi Hj. rewrite sum_of_blocks.
  assert ((i / 2 <? h)%nat = true) as ->; [|reflexivity].
  apply Nat.ltb_lt. apply Nat.div_lt_upper_bound; lia.
Qed.

Theorem rotation_orthogonal : forall (h : nat) (theta : nat -> R) (a : Z) (i j : nat),
  (i < 2 * h)%nat -> (j < 2 * h)%nat ->
  sum_below (2 * h) (fun k => rotation theta a k i * rotation theta a k j) = if Nat.eqb i j then 1 else 0.
Proof.
  intros h theta a i j Hi Hj. rewrite (rotations_of_differences h theta a a i j Hi Hj). unfold rotation.
  rewrite Z.sub_diag, Rmult_0_l.
  pose proof (Nat.div_mod_eq i 2) as Ei. pose proof (Nat.div_mod_eq j 2) as Ej.
  destruct (Nat.eqb_spec (i / 2) (j / 2)) as [E|E], (Nat.eqb_spec i j) as [F|F]; try (subst; lia); [| |reflexivity].
  - subst. destruct (j mod 2); simpl; apply cos_0.
  - assert (i mod 2 <> j mod 2)%nat as D by lia.
    pose proof (Nat.mod_upper_bound i 2 ltac:(lia)). pose proof (Nat.mod_upper_bound j 2 ltac:(lia)).
    destruct (i mod 2) as [|[|]], (j mod 2) as [|[|]]; try lia; simpl; rewrite sin_0; ring.
Qed.
