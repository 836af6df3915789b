(* Products of matrices over an arbitrary commutative ring, for all shapes.

   Settles, for every commutative ring and all shapes:
     def:kron, def:khatri-rao, def:face-split    the entry at each place, and that every place is a pair once
     fact:kron-mixed                             (P1 x P2)(Q1 x Q2) = (P1 Q1) x (P2 Q2)
     fact:kron-khatri-rao                        (W1 x W2)(A1 o A2) = (W1 A1) o (W2 A2)
     fact:khatri-rao-transpose                   (A1 o A2)^T = A1^T - A2^T            (row-wise product)
     fact:face-split-kron                        (Z1 - Z2)(V1 x V2) = (Z1 V1) - (Z2 V2)
     fact:tensor-key                             (X W1) o (X W2) = (X x X)(W1 o W2), and the scores as trilinear forms

   Indices count from 1 and the first index of a pair runs fastest, as in the papers: the pair (i1, i2) stands at
   i1 + (i2 - 1) n1.  A matrix is a function of two indices; shapes are arguments of the products. *)

From Coq Require Export Arith Lia Ring Ring_theory.

Record ring := {
  carrier :> Type;
  zero : carrier; one : carrier;
  add : carrier -> carrier -> carrier;
  mul : carrier -> carrier -> carrier;
  sub : carrier -> carrier -> carrier;
  opp : carrier -> carrier;
  laws : ring_theory zero one add mul sub opp (@eq carrier)
}.
Arguments zero {r}. Arguments one {r}. Arguments add {r}. Arguments mul {r}. Arguments sub {r}. Arguments opp {r}.

Definition matrix (R : ring) := nat -> nat -> R.

(* The sum of f 1, ..., f n. *)
Fixpoint total {R : ring} (n : nat) (f : nat -> R) : R :=
  match n with O => zero | S m => add (total m f) (f n) end.

(* The product of a matrix with m columns and a matrix with m rows. *)
Definition times {R : ring} (m : nat) (A B : matrix R) : matrix R := fun i j => total m (fun k => mul (A i k) (B k j)).
Definition transpose {R : ring} (A : matrix R) : matrix R := fun i j => A j i.

(* The place of the pair (i1, i2) if the first index runs to n1, and the two indices of a place. *)
Definition place (n1 i1 i2 : nat) : nat := i1 + (i2 - 1) * n1.
Definition first (n1 i : nat) : nat := S ((i - 1) mod n1).
Definition second (n1 i : nat) : nat := S ((i - 1) / n1).

(* n1 rows and d1 columns of the first factor. *)
Definition kron {R : ring} (n1 d1 : nat) (A B : matrix R) : matrix R :=
  fun i j => mul (A (first n1 i) (first d1 j)) (B (second n1 i) (second d1 j)).
Definition khatri_rao {R : ring} (n1 : nat) (A B : matrix R) : matrix R :=
  fun i j => mul (A (first n1 i) j) (B (second n1 i) j).
Definition face_split {R : ring} (d1 : nat) (A B : matrix R) : matrix R :=
  fun i j => mul (A i (first d1 j)) (B i (second d1 j)).

(* Places. *)

Lemma place_from_0 n1 i1 i2 : 1 <= i1 -> place n1 i1 i2 - 1 = i1 - 1 + (i2 - 1) * n1.
Proof. unfold place; set (rest := (i2 - 1) * n1); lia. Qed.

Lemma first_place n1 i1 i2 : 1 <= i1 <= n1 -> 1 <= i2 -> first n1 (place n1 i1 i2) = i1.
Proof.
  intros H1 H2; unfold first. rewrite place_from_0, Nat.mod_add, Nat.mod_small; lia.
Qed.

Lemma second_place n1 i1 i2 : 1 <= i1 <= n1 -> 1 <= i2 -> second n1 (place n1 i1 i2) = i2.
Proof.
  intros H1 H2; unfold second. rewrite place_from_0, Nat.div_add, Nat.div_small; lia.
Qed.

Theorem place_in_range : forall n1 n2 i1 i2,
  1 <= i1 <= n1 -> 1 <= i2 <= n2 -> 1 <= place n1 i1 i2 <= n1 * n2.
Proof.
  intros n1 n2 i1 i2 H1 H2; unfold place; destruct i2 as [|i2]; [lia|].
  replace (S i2 - 1) with i2 by lia. nia.
Qed.

Theorem place_of_indices : forall n1 n2 i, 1 <= i <= n1 * n2 ->
  1 <= first n1 i <= n1 /\ 1 <= second n1 i <= n2 /\ place n1 (first n1 i) (second n1 i) = i.
Proof.
  intros n1 n2 i H. assert (n1 <> 0) by nia.
  pose proof (Nat.mod_upper_bound (i - 1) n1 ltac:(lia)).
  pose proof (Nat.div_mod (i - 1) n1 ltac:(lia)) as E.
  assert ((i - 1) / n1 < n2) by (apply Nat.div_lt_upper_bound; lia).
  unfold first, second, place. rewrite Nat.sub_succ, Nat.sub_0_r, Nat.mul_comm.
  repeat split; lia.
Qed.

(* Pairs have places of their own. *)
Theorem place_one_to_one : forall n1 n2 i1 i2 j1 j2 : nat,
  1 <= i1 <= n1 -> 1 <= i2 <= n2 -> 1 <= j1 <= n1 -> 1 <= j2 <= n2 ->
  1 <= place n1 i1 i2 <= n1 * n2 /\ (place n1 i1 i2 = place n1 j1 j2 -> i1 = j1 /\ i2 = j2).
Proof.
  intros n1 n2 i1 i2 j1 j2 H1 H2 H3 H4; split; [now apply place_in_range|]. intros E.
  pose proof (f_equal (first n1) E) as F1. pose proof (f_equal (second n1) E) as F2.
  rewrite !first_place in F1 by lia. now rewrite !second_place in F2 by lia.
Qed.

(* Every place within the range is that of exactly one pair. *)
Theorem place_is_one_pair : forall n1 n2 i, 1 <= i <= n1 * n2 ->
  exists i1 i2, (1 <= i1 <= n1 /\ 1 <= i2 <= n2 /\ place n1 i1 i2 = i) /\
    forall k1 k2, 1 <= k1 <= n1 -> 1 <= k2 <= n2 -> place n1 k1 k2 = i -> k1 = i1 /\ k2 = i2.
Proof.
  intros n1 n2 i H; exists (first n1 i), (second n1 i); split.
  - apply place_of_indices; assumption.
  - intros k1 k2 H1 H2 E; subst i. now rewrite first_place, second_place by lia.
Qed.

(* The definitions have the entries of the papers. *)

Theorem kron_entry : forall (R : ring) n1 d1 (K1 K2 : matrix R) i1 i2 j1 j2,
  1 <= i1 <= n1 -> 1 <= i2 -> 1 <= j1 <= d1 -> 1 <= j2 ->
  kron n1 d1 K1 K2 (i1 + (i2 - 1) * n1) (j1 + (j2 - 1) * d1) = mul (K1 i1 j1) (K2 i2 j2).
Proof.
  intros; unfold kron; fold (place n1 i1 i2); fold (place d1 j1 j2).
  now rewrite !first_place, !second_place by lia.
Qed.

Theorem khatri_rao_entry : forall (R : ring) n1 (K1 K2 : matrix R) i1 i2 j,
  1 <= i1 <= n1 -> 1 <= i2 ->
  khatri_rao n1 K1 K2 (i1 + (i2 - 1) * n1) j = mul (K1 i1 j) (K2 i2 j).
Proof.
  intros; unfold khatri_rao; fold (place n1 i1 i2). now rewrite first_place, second_place by lia.
Qed.

Theorem face_split_entry : forall (R : ring) d1 (K1 K2 : matrix R) i j1 j2,
  1 <= j1 <= d1 -> 1 <= j2 ->
  face_split d1 K1 K2 i (j1 + (j2 - 1) * d1) = mul (K1 i j1) (K2 i j2).
Proof.
  intros; unfold face_split; fold (place d1 j1 j2). now rewrite first_place, second_place by lia.
Qed.

(* Sums. *)

Section Sums.
Variable R : ring.
Add Ring the_ring : (laws R).

Lemma total_ext n (f g : nat -> R) : (forall k, 1 <= k <= n -> f k = g k) -> total n f = total n g.
Proof.
  induction n as [|n IH]; intros E; simpl; [easy|]. rewrite IH by (intros; apply E; lia). now rewrite E by lia.
Qed.

Lemma total_scale n (f : nat -> R) c : total n (fun k => mul (f k) c) = mul (total n f) c.
Proof. induction n as [|n IH]; simpl; [ring|]. rewrite IH; ring. Qed.

Lemma total_append n m (f : nat -> R) : total (m + n) f = add (total n f) (total m (fun k => f (n + k))).
Proof.
  induction m as [|m IH]; simpl; [ring|]. rewrite IH.
  replace (n + S m) with (S (m + n)) by lia. ring.
Qed.

(* A sum over places is a sum over pairs. *)
Lemma total_pairs m1 m2 (f : nat -> R) :
  total (m1 * m2) f = total m2 (fun k2 => total m1 (fun k1 => f (place m1 k1 k2))).
Proof.
  induction m2 as [|m2 IH]; [now rewrite Nat.mul_0_r|].
  rewrite Nat.mul_succ_r, Nat.add_comm, total_append, IH; simpl; f_equal.
  apply total_ext; intros k Hk; unfold place; f_equal; nia.
Qed.

(* For all lengths a sum over pairs of products is the product of the two sums. *)
Lemma total_product m1 m2 (f g : nat -> R) :
  total (m1 * m2) (fun k => mul (f (first m1 k)) (g (second m1 k))) = mul (total m1 f) (total m2 g).
Proof.
  rewrite total_pairs.
  rewrite (total_ext m2 _ (fun k2 => mul (g k2) (total m1 f))).
  - rewrite total_scale; ring.
  - intros k2 H2. rewrite (total_ext m1 _ (fun k1 => mul (f k1) (g k2))).
    + rewrite total_scale; ring.
    + intros k1 H1. now rewrite first_place, second_place by lia.
Qed.

Lemma total_product_of m1 m2 (f1 f2 g1 g2 : nat -> R) :
  total (m1 * m2) (fun k => mul (mul (f1 (first m1 k)) (f2 (second m1 k))) (mul (g1 (first m1 k)) (g2 (second m1 k))))
  = mul (total m1 (fun k => mul (f1 k) (g1 k))) (total m2 (fun k => mul (f2 k) (g2 k))).
Proof. rewrite <- total_product. apply total_ext; intros; ring. Qed.

End Sums.

(* The identities. *)

Theorem kron_mixed : forall (R : ring) (n1 m1 m2 d1 : nat) (P1 P2 Q1 Q2 : matrix R) (i j : nat),
  times (m1 * m2) (kron n1 m1 P1 P2) (kron m1 d1 Q1 Q2) i j = kron n1 d1 (times m1 P1 Q1) (times m2 P2 Q2) i j.
Proof.
  intros; unfold times, kron.
  exact (total_product_of R m1 m2 (P1 _) (P2 _) (fun k => Q1 k _) (fun k => Q2 k _)).
Qed.

Theorem kron_khatri_rao : forall (R : ring) (n1 m1 m2 : nat) (W1 W2 A1 A2 : matrix R) (i j : nat),
  times (m1 * m2) (kron n1 m1 W1 W2) (khatri_rao m1 A1 A2) i j = khatri_rao n1 (times m1 W1 A1) (times m2 W2 A2) i j.
Proof.
  intros; unfold times, kron, khatri_rao.
  exact (total_product_of R m1 m2 (W1 _) (W2 _) (fun k => A1 k j) (fun k => A2 k j)).
Qed.

Theorem khatri_rao_transpose : forall (R : ring) (n1 : nat) (A1 A2 : matrix R) (i j : nat),
  transpose (khatri_rao n1 A1 A2) i j = face_split n1 (transpose A1) (transpose A2) i j.
Proof. reflexivity. Qed.

Theorem face_split_kron : forall (R : ring) (m1 m2 d1 : nat) (Z1 Z2 V1 V2 : matrix R) (i j : nat),
  times (m1 * m2) (face_split m1 Z1 Z2) (kron m1 d1 V1 V2) i j = face_split d1 (times m1 Z1 V1) (times m2 Z2 V2) i j.
Proof.
  intros; unfold times, kron, face_split.
  exact (total_product_of R m1 m2 (Z1 i) (Z2 i) (fun k => V1 k _) (fun k => V2 k _)).
Qed.

Theorem tensor_key : forall (R : ring) (n d : nat) (X W1 W2 : matrix R) (i j : nat),
  khatri_rao n (times d X W1) (times d X W2) i j = times (d * d) (kron n d X X) (khatri_rao d W1 W2) i j.
Proof. intros; symmetry; apply kron_khatri_rao. Qed.

Theorem trilinear_scores : forall (R : ring) (n d : nat) (Q K1 K2 : matrix R) (i j k : nat),
  1 <= j <= n -> 1 <= k ->
  times d Q (transpose (khatri_rao n K1 K2)) i (j + (k - 1) * n)
  = total d (fun l => mul (mul (Q i l) (K1 j l)) (K2 k l)).
Proof.
  intros R n d Q K1 K2 i j k Hj Hk; unfold times, transpose; apply total_ext; intros l _.
  rewrite khatri_rao_entry by assumption. apply (Rmul_assoc (laws R)).
Qed.
