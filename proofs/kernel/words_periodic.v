(* Membership of omega-words for a group with its elements as letters and P = {(g,1)}, for every finite group.

   Settles lem:membership-hard, steps 1 to 3:
     hard_pair_is_linked   (g,1) is a linked pair
     hard_infinitely_often an omega-word is in [P] iff its prefix value is g infinitely often
     hard_identity_letter  u 1 1 1 ... is in [P] iff h(u) = g *)

From Coq Require Import ConstructiveEpsilon.
From Precise Require Export words_closure.
From Precise Require Export words_omega.

(* A finite group as a semigroup; its elements are its letters and the morphism is evaluation. *)
Definition semigroup_of (G : finite_group) : semigroup := {| member := G; prod := op; prod_assoc := op_assoc G |}.
Definition letter {G : finite_group} (a : G) : semigroup_of G := a.
Definition only {G : finite_group} (g : G) (s e : semigroup_of G) : Prop := s = g /\ e = unit.

(* The value of the first n letters. *)
Definition prefix_value {G : finite_group} (x : nat -> G) (n : nat) : G := value (map x (seq 0 n)).

Theorem hard_pair_is_linked : forall (G : finite_group) (g : G), @linked (semigroup_of G) g unit.
Proof. intros G g; split; apply unit_right. Qed.

Section Group.
Variable G : finite_group.

Lemma image_value (w : list G) : w <> [] -> image letter w = Some (value w).
Proof.
  induction w as [|a w IH]; [easy|]. intros _. destruct w as [|b w].
  - simpl. now rewrite unit_right.
  - change (join _ (Some (letter a)) (image letter (b :: w)) = Some (op a (value (b :: w)))). now rewrite IH.
Qed.

Lemma factor_value (x : nat -> G) i j : i < j -> image letter (factor x i j) = Some (value (factor x i j)).
Proof.
  intros H. apply image_value. intros E. apply (f_equal (@length G)) in E. rewrite factor_length in E. simpl in E; lia.
Qed.

Lemma prefix_factor (x : nat -> G) i j : i <= j -> prefix_value x j = op (prefix_value x i) (value (factor x i j)).
Proof.
  intros H. unfold prefix_value. rewrite <- value_app.
  pose proof (factor_app _ x 0 i j ltac:(lia)) as E. unfold factor in E at 1 2.
  rewrite !Nat.sub_0_r in E. now rewrite E.
Qed.

Lemma prefix_from_0 (x : nat -> G) n : factor x 0 n = map x (seq 0 n).
Proof. unfold factor. now rewrite Nat.sub_0_r. Qed.

Lemma cancel (a b : G) : a = op a b -> b = unit.
Proof. intros E. rewrite <- (unit_left G b), <- (inv_left G a), <- op_assoc, <- E. reflexivity. Qed.

Variables (g : G) (x : nat -> G).

(* Positions with prefix value g are found by search. *)
Definition next (often : forall N, exists n, N < n /\ prefix_value x n = g) (N : nat) : nat.
  refine (proj1_sig (constructive_indefinite_ground_description_nat
    (fun n => N < n /\ prefix_value x n = g) _ (often N))).
  intros n. destruct (lt_dec N n) as [L|L]; [|right; lia].
  destruct (equal (prefix_value x n) g) eqn:E; [left|right].
  - split; [exact L|now apply equal_spec].
  - intros [_ F]. apply equal_spec in F. rewrite F in E; discriminate.
Defined.

Lemma next_spec often N : N < next often N /\ prefix_value x (next often N) = g.
Proof. unfold next. exact (proj2_sig (constructive_indefinite_ground_description_nat _ _ (often N))). Qed.

Fixpoint cut often (k : nat) : nat := match k with O => next often 0 | S k' => next often (cut often k') end.

Lemma infinite_is_member : (forall N, exists n, N < n /\ prefix_value x n = g) -> omega_member letter (only g) x.
Proof.
  intros often. exists (g : semigroup_of G), (unit : semigroup_of G). split; [now split|]. exists (cut often).
  assert (V : forall k, prefix_value x (cut often k) = g) by (intros [|k]; apply next_spec).
  split.
  - rewrite factor_value by apply (next_spec often 0). rewrite prefix_from_0. f_equal. apply (V 0).
  - intros k. rewrite Nat.add_1_r. pose proof (next_spec often (cut often k)) as [L _].
    rewrite factor_value by exact L. f_equal. apply (cancel g).
    pose proof (prefix_factor x (cut often k) (cut often (S k)) ltac:(simpl; lia)) as E. now rewrite !V in E.
Qed.

Lemma member_is_infinite : omega_member letter (only g) x -> forall N, exists n, N < n /\ prefix_value x n = g.
Proof.
  intros (s & e & [-> ->] & c & H0 & H) N.
  pose proof (cuts_increase (semigroup_of G) G letter x g unit c H0 H N) as [L _].
  exists (c N); split; [exact L|].
  pose proof (merged_prefix (semigroup_of G) G letter x g unit c (hard_pair_is_linked G g) H0 H N) as E.
  rewrite factor_value, prefix_from_0 in E by lia. now injection E.
Qed.

End Group.

Theorem hard_infinitely_often : forall (G : finite_group) (g : G) (x : nat -> G),
  omega_member letter (only g) x <-> forall N, exists n, N < n /\ prefix_value x n = g.
Proof. intros; split; [apply member_is_infinite|apply infinite_is_member]. Qed.

Lemma prefix_with_identities (G : finite_group) (u : list G) n : length u <= n ->
  prefix_value (periodic unit u [unit]) n = value u.
Proof.
  intros L. unfold prefix_value. rewrite <- prefix_from_0.
  pose proof (prefix_word G unit u [unit] ltac:(discriminate) (n - length u) 0 ltac:(simpl; lia)) as E.
  simpl length in E. replace (length u + (n - length u) * 1 + 0) with n in E by lia. rewrite E, value_app.
  assert (R : forall k, value (repeated [@unit G] k) = unit).
  { induction k as [|k IH]; [easy|]. simpl. now rewrite IH, unit_left. }
  rewrite value_app, R; simpl. now rewrite !unit_right.
Qed.

Theorem hard_identity_letter : forall (G : finite_group) (g : G) (u : list G),
  omega_member letter (only g) (periodic unit u (unit :: nil)) <-> value u = g.
Proof.
  intros G g u; rewrite hard_infinitely_often; split.
  - intros H. destruct (H (length u)) as (n & L & E). rewrite prefix_with_identities in E by lia. exact E.
  - intros E N. exists (N + length u + 1). split; [lia|]. rewrite prefix_with_identities by lia. exact E.
Qed.
