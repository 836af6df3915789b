(* def:rope-tensor-attention. The six readings of the rotation of a triple (i, j, k), over the reals, for every even
   size, all angles, all integer positions and all rows:
     triple_relative    pair-sum, first-key, factors-relative and complex are unchanged when i, j, k grow alike
     triple_symmetric   pair-sum, factors-absolute, factors-relative and complex are unchanged when (a, j) and (b, k)
                        change places
     triple_splits      flat, pair-sum and first-key are inner products of a rotated query and a rotated pair
   q, a, b are the rows q_i, a_j, b_k of 2 h entries; tokens is n; indices of entries count from 0. *)

From Precise Require Export rotation.

Inductive variant := flat | pair_sum | first_key | factors_absolute | factors_relative | complex.

(* R_t x, the inner product, and the entrywise product. *)
Definition rotated (h : nat) (theta : nat -> R) (t : Z) (x : nat -> R) (i : nat) : R :=
  sum_below (2 * h) (fun j => rotation theta t i j * x j).
Definition inner (h : nat) (x y : nat -> R) : R := sum_below (2 * h) (fun i => x i * y i).
Definition both (x y : nat -> R) (i : nat) : R := x i * y i.

(* The real part of the sum of conj(x_l) y_l z_l over the planes, read as complex numbers. *)
Definition complex_sum (h : nat) (x y z : nat -> R) : R := sum_below h (fun l =>
  x (2 * l)%nat * (y (2 * l)%nat * z (2 * l)%nat - y (2 * l + 1)%nat * z (2 * l + 1)%nat)
  + x (2 * l + 1)%nat * (y (2 * l)%nat * z (2 * l + 1)%nat + y (2 * l + 1)%nat * z (2 * l)%nat)).

Definition query_position (v : variant) (i : Z) : Z := match v with pair_sum | complex => 2 * i | _ => i end.
Definition pair_position (tokens : Z) (v : variant) (j k : Z) : Z :=
  match v with flat => j + (k - 1) * tokens | pair_sum => j + k | _ => j end.

Definition score (h : nat) (tokens : Z) (theta : nat -> R) (v : variant) (i j k : Z) (q a b : nat -> R) : R :=
  match v with
  | flat | pair_sum | first_key =>
      inner h q (rotated h theta (pair_position tokens v j k - query_position v i) (both a b))
  | factors_absolute => inner h (rotated h theta i q) (both (rotated h theta j a) (rotated h theta k b))
  | factors_relative => inner h q (both (rotated h theta (j - i) a) (rotated h theta (k - i) b))
  | complex => complex_sum h (rotated h theta (2 * i) q) (rotated h theta j a) (rotated h theta k b)
  end.

Definition relative (v : variant) : Prop :=
  match v with pair_sum | first_key | factors_relative | complex => True | _ => False end.
Definition symmetric (v : variant) : Prop :=
  match v with pair_sum | factors_absolute | factors_relative | complex => True | _ => False end.
Definition one_rotation (v : variant) : Prop := match v with flat | pair_sum | first_key => True | _ => False end.

Lemma sum_ext n f g : (forall i, (i < n)%nat -> f i = g i) -> sum_below n f = sum_below n g.
Proof. induction n as [|n IH]; intros H; simpl; [easy|]. rewrite H, IH by (intros; try apply H; lia). reflexivity. Qed.

Lemma sum_zero n f : (forall i, (i < n)%nat -> f i = 0) -> sum_below n f = 0.
Proof. induction n as [|n IH]; intros H; simpl; [easy|]. rewrite H, IH by (intros; try apply H; lia). ring. Qed.

(* Only the two columns of a plane count. *)
Lemma sum_of_plane h l (f : nat -> R) : (l < h)%nat -> (forall j, (j / 2)%nat <> l -> f j = 0) ->
  sum_below (2 * h) f = f (2 * l)%nat + f (2 * l + 1)%nat.
Proof.
  intros Hl Hf. induction h as [|h IH]; [lia|].
  replace (2 * S h)%nat with (S (S (2 * h))) by lia. simpl sum_below at 1. fold (sum_below (2 * h) f).
  change (sum_below (h + (h + 0)) f) with (sum_below (2 * h) f).
  assert (E0 : ((2 * h) / 2 = h)%nat) by (rewrite Nat.mul_comm; apply Nat.div_mul; lia).
  assert (E1 : (S (2 * h) / 2 = h)%nat).
  { replace (S (2 * h)) with (1 + h * 2)%nat by lia. rewrite Nat.div_add by lia. reflexivity. }
  destruct (Nat.eq_dec l h) as [->|N].
  - rewrite (sum_zero (2 * h) f).
    + replace (2 * h + 1)%nat with (S (2 * h)) by lia. change (h + (h + 0))%nat with (2 * h)%nat. ring.
    + intros j Hj. apply Hf. pose proof (Nat.div_lt_upper_bound j 2 h). lia.
  - change (h + (h + 0))%nat with (2 * h)%nat.
    rewrite IH by lia. rewrite (Hf (2 * h)%nat), (Hf (S (2 * h))) by lia. ring.
Qed.

Lemma sum_of_planes h f : sum_below (2 * h) f = sum_below h (fun l => f (2 * l)%nat + f (2 * l + 1)%nat).
Proof.
  induction h as [|h IH]; [reflexivity|]. replace (2 * S h)%nat with (S (S (2 * h))) by lia.
  change (sum_below (2 * h) f + f (2 * h)%nat + f (S (2 * h))
    = sum_below h (fun l => f (2 * l)%nat + f (2 * l + 1)%nat) + (f (2 * h)%nat + f (2 * h + 1)%nat)).
  rewrite IH, Nat.add_1_r. ring.
Qed.

Lemma plane_index l : ((2 * l) / 2 = l /\ (2 * l + 1) / 2 = l /\ (2 * l) mod 2 = 0 /\ (2 * l + 1) mod 2 = 1)%nat.
Proof.
  rewrite (Nat.mul_comm 2 l), (Nat.add_comm _ 1), Nat.div_mul, Nat.div_add, Nat.mod_mul, Nat.mod_add by lia.
  repeat split.
Qed.

Section Planes.
Variables (h : nat) (theta : nat -> R).

Lemma rotated_even t x l : (l < h)%nat ->
  rotated h theta t x (2 * l) = cos (IZR t * theta l) * x (2 * l)%nat - sin (IZR t * theta l) * x (2 * l + 1)%nat.
Proof.
  intros Hl; destruct (plane_index l) as (E0 & E1 & M0 & M1).
  unfold rotated. rewrite (sum_of_plane h l) by (exact Hl ||
    (intros j Hj; unfold rotation; rewrite E0; destruct (Nat.eqb_spec l (j / 2)); [congruence|ring])).
  unfold rotation. rewrite E0, E1, M0, M1, Nat.eqb_refl. simpl plane. ring.
Qed.

Lemma rotated_odd t x l : (l < h)%nat ->
  rotated h theta t x (2 * l + 1) = sin (IZR t * theta l) * x (2 * l)%nat + cos (IZR t * theta l) * x (2 * l + 1)%nat.
Proof.
  intros Hl; destruct (plane_index l) as (E0 & E1 & M0 & M1).
  unfold rotated. rewrite (sum_of_plane h l) by (exact Hl ||
    (intros j Hj; unfold rotation; rewrite E1; destruct (Nat.eqb_spec l (j / 2)); [congruence|ring])).
  unfold rotation. rewrite E0, E1, M0, M1, Nat.eqb_refl. simpl plane. ring.
Qed.

(* A rotation by a difference of positions is two rotations. *)
Lemma inner_splits s t x y :
  inner h x (rotated h theta (t - s) y) = inner h (rotated h theta s x) (rotated h theta t y).
Proof.
  unfold inner. rewrite !sum_of_planes. apply sum_ext; intros l Hl.
  rewrite !rotated_even, !rotated_odd by exact Hl.
  replace (IZR (t - s) * theta l) with (IZR t * theta l - IZR s * theta l) by (rewrite minus_IZR; ring).
  rewrite cos_minus, sin_minus. ring.
Qed.

Lemma complex_angle i j k q a b :
  complex_sum h (rotated h theta i q) (rotated h theta j a) (rotated h theta k b)
  = sum_below h (fun l =>
      cos (IZR (j + k - i) * theta l)
        * (q (2 * l)%nat * (a (2 * l)%nat * b (2 * l)%nat - a (2 * l + 1)%nat * b (2 * l + 1)%nat)
          + q (2 * l + 1)%nat * (a (2 * l)%nat * b (2 * l + 1)%nat + a (2 * l + 1)%nat * b (2 * l)%nat))
      - sin (IZR (j + k - i) * theta l)
        * (q (2 * l)%nat * (a (2 * l)%nat * b (2 * l + 1)%nat + a (2 * l + 1)%nat * b (2 * l)%nat)
          - q (2 * l + 1)%nat * (a (2 * l)%nat * b (2 * l)%nat - a (2 * l + 1)%nat * b (2 * l + 1)%nat))).
Proof.
  unfold complex_sum. apply sum_ext; intros l Hl. rewrite !rotated_even, !rotated_odd by exact Hl.
  replace (IZR (j + k - i) * theta l) with (IZR j * theta l + IZR k * theta l - IZR i * theta l)
    by (rewrite minus_IZR, plus_IZR; ring).
  rewrite cos_minus, sin_minus, cos_plus, sin_plus. ring.
Qed.
End Planes.

Theorem triple_relative : forall (h : nat) (tokens : Z) (theta : nat -> R) (v : variant) (i j k t : Z)
    (q a b : nat -> R), relative v ->
  score h tokens theta v (i + t) (j + t) (k + t) q a b = score h tokens theta v i j k q a b.
Proof.
  intros h n theta v i j k t q a b Hv. destruct v; simpl in Hv; try contradiction; unfold score.
  - unfold pair_position, query_position. now replace (j + t + (k + t) - 2 * (i + t))%Z with (j + k - 2 * i)%Z by lia.
  - unfold pair_position, query_position. now replace (j + t - (i + t))%Z with (j - i)%Z by lia.
  - replace (j + t - (i + t))%Z with (j - i)%Z by lia. now replace (k + t - (i + t))%Z with (k - i)%Z by lia.
  - rewrite !complex_angle. now replace (j + t + (k + t) - 2 * (i + t))%Z with (j + k - 2 * i)%Z by lia.
Qed.

Theorem triple_symmetric : forall (h : nat) (tokens : Z) (theta : nat -> R) (v : variant) (i j k : Z)
    (q a b : nat -> R), symmetric v ->
  score h tokens theta v i j k q a b = score h tokens theta v i k j q b a.
Proof.
  intros h n theta v i j k q a b Hv. destruct v; simpl in Hv; try contradiction; unfold score.
  - unfold pair_position. rewrite (Z.add_comm k j). unfold inner, rotated, both.
    apply sum_ext; intros m _. f_equal. apply sum_ext; intros; ring.
  - unfold inner, both. apply sum_ext; intros; ring.
  - unfold inner, both. apply sum_ext; intros; ring.
  - unfold complex_sum. apply sum_ext; intros; ring.
Qed.

Theorem triple_splits : forall (h : nat) (tokens : Z) (theta : nat -> R) (v : variant) (i j k : Z)
    (q a b : nat -> R), one_rotation v ->
  score h tokens theta v i j k q a b
  = inner h (rotated h theta (query_position v i) q) (rotated h theta (pair_position tokens v j k) (both a b)).
Proof.
  intros h n theta v i j k q a b Hv. destruct v; simpl in Hv; try contradiction; unfold score; apply inner_splits.
Qed.
