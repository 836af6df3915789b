(* lem:closure-hard. The least length of blocks for which the padded words of a group decide its word problem: it is
   4|G| - 1 for every finite group and every order of sigma in which the identity is neither first nor last. *)

From Precise Require Export words_closure.

Section Sharp.
Variable G : finite_group.

(* From prefix value q no prefix of w, the empty one included, leads to 1. *)
Definition avoids (q : G) (w : list G) : Prop := forall k, op q (value (firstn k w)) <> unit.

Lemma avoids_nil q : q <> unit -> avoids q [].
Proof. intros H k. rewrite firstn_nil. simpl. now rewrite unit_right. Qed.

Lemma avoids_cons q a w : q <> unit -> avoids (op q a) w -> avoids q (a :: w).
Proof.
  intros H Hw [|k]; [simpl; now rewrite unit_right|]. simpl. rewrite op_assoc. apply Hw.
Qed.

(* h h^-1 for each h of a list. *)
Definition pairs (l : list G) : list G := concat (map (fun h => [h; inv h]) l).

Lemma value_of_pairs l : value (pairs l) = unit.
Proof. apply pairs_value. Qed.

Lemma length_of_pairs l : length (pairs l) = 2 * length l.
Proof. apply pairs_length. Qed.

Lemma avoids_pairs q l w : q <> unit -> (forall h, In h l -> op q h <> unit) -> avoids q w -> avoids q (pairs l ++ w).
Proof.
  unfold pairs; intros Hq Hl Hw; induction l as [|h l IH]; [exact Hw|]. simpl.
  apply avoids_cons; [exact Hq|]. apply avoids_cons; [apply Hl; now left|].
  rewrite <- op_assoc, inv_right, unit_right. apply IH. intros x Hx; apply Hl; now right.
Qed.

Lemma inverse_of (a b : G) : op (inv a) b = unit -> b = a.
Proof. intros E. rewrite <- (unit_left G b), <- (inv_right G a), <- op_assoc, E. apply unit_right. Qed.

Lemma inverse_not_unit (a : G) : a <> unit -> inv a <> unit.
Proof. intros H E. apply H. rewrite <- (unit_left G a), <- E at 1. apply inv_left. Qed.

(* A stretch that avoids 1, between two positions with prefix value 1, makes a gap. *)
Lemma gap_is_seen r u a m b w : value u = unit -> avoids a m -> value (a :: m ++ [b]) = unit ->
  gaps_at_most (@trivial G) r (u ++ a :: m ++ b :: w) -> length m + 2 <= r.
Proof.
  intros Hu Hm Hb Gaps. set (whole := u ++ a :: m ++ b :: w).
  assert (Cut : forall k, value (firstn (length u + k) whole) = value (firstn k (a :: m ++ b :: w))).
  { intros k. unfold whole. rewrite firstn_app_2, value_app, Hu. apply unit_left. }
  enough (length u + (length m + 2) - (length u + 0) <= r) by lia.
  apply Gaps; fold whole.
  - unfold whole. rewrite app_length. simpl. rewrite app_length. simpl. lia.
  - rewrite Cut. now apply trivial_spec.
  - rewrite Cut. apply trivial_spec. rewrite <- Hb. f_equal.
    replace (length m + 2) with (S (length (m ++ [b]))) by (rewrite app_length; simpl; lia).
    simpl. f_equal. change (b :: w) with ([b] ++ w). rewrite app_assoc, firstn_app, Nat.sub_diag, firstn_all.
    apply app_nil_r.
  - intros k Hk. replace k with (length u + (k - length u)) by lia. rewrite Cut.
    destruct (trivial _) eqn:E; [|reflexivity]. exfalso. apply trivial_spec in E.
    destruct (k - length u) as [|n] eqn:N; [lia|]. simpl in E. rewrite firstn_app in E.
    replace (n - length m) with 0 in E by lia. simpl in E. rewrite app_nil_r in E. exact (Hm n E).
Qed.

Variables (h1 hn : G) (mid : list G) (r : nat).
Hypothesis Order : members G = h1 :: mid ++ [hn].
Hypothesis First : h1 <> unit.
Hypothesis Last : hn <> unit.

Definition worst : list G := [inv h1; op h1 (inv hn); hn].

Lemma worst_value : value worst = unit.
Proof.
  unfold worst; simpl. rewrite unit_right, <- (op_assoc G h1), inv_left, unit_right. apply inv_left.
Qed.

Lemma first_once h : In h (mid ++ [hn]) -> h <> h1.
Proof.
  intros I ->. pose proof (members_once G) as D. rewrite Order in D. inversion D; contradiction.
Qed.

Lemma last_once h : In h (h1 :: mid) -> h <> hn.
Proof.
  intros I ->. pose proof (members_once G) as D. rewrite Order, app_comm_cons in D.
  apply NoDup_remove_2 in D. rewrite app_nil_r in D. contradiction.
Qed.

Lemma worst_gap : closure trivial r (encoded worst) -> 4 * order G - 1 <= r.
Proof.
  intros C. apply closure_group in C; [|apply trivial_is_group]. destruct C as [_ Gaps].
  set (m := pairs (mid ++ [hn]) ++ op h1 (inv hn) :: pairs (h1 :: mid)).
  assert (S1 : sigma G = h1 :: inv h1 :: pairs (mid ++ [hn])) by (unfold sigma; rewrite Order; reflexivity).
  assert (S2 : sigma G = pairs (h1 :: mid) ++ [hn; inv hn]).
  { unfold sigma, pairs. rewrite Order, app_comm_cons, map_app, concat_app. reflexivity. }
  assert (E : exists w, encoded worst = [inv h1; h1] ++ inv h1 :: m ++ hn :: w).
  { exists (inv hn :: hn :: sigma G). unfold encoded, worst. simpl map. simpl concat. rewrite app_nil_r.
    rewrite S1 at 1. rewrite S2 at 1. unfold m. simpl. repeat (rewrite <- app_assoc; simpl). reflexivity. }
  destruct E as (w & E). rewrite E in Gaps.
  assert (Q1 : inv h1 <> unit) by now apply inverse_not_unit.
  assert (Q2 : inv hn <> unit) by now apply inverse_not_unit.
  assert (V : op (inv h1) (op h1 (inv hn)) = inv hn) by now rewrite op_assoc, inv_left, unit_left.
  pose proof (gap_is_seen r [inv h1; h1] (inv h1) m hn w) as Gap.
  assert (L : length m = 4 * order G - 3).
  { unfold m, pairs, order. rewrite Order, app_length. simpl length. rewrite !pairs_length. simpl length.
    rewrite !app_length. simpl length. lia. }
  assert (1 <= order G) by (unfold order; rewrite Order; simpl; lia).
  enough (length m + 2 <= r) by lia. apply Gap; [| | |exact Gaps].
  - simpl. now rewrite unit_right, inv_left.
  - unfold m. apply avoids_pairs; [exact Q1| |].
    + intros h Hh F. apply inverse_of in F. exact (first_once h Hh F).
    + apply avoids_cons; [exact Q1|]. rewrite V. rewrite <- (app_nil_r (pairs (h1 :: mid))). apply avoids_pairs.
      * exact Q2.
      * intros h Hh F. apply inverse_of in F. exact (last_once h Hh F).
      * now apply avoids_nil.
  - change (inv h1 :: m ++ [hn]) with ([inv h1] ++ m ++ [hn]). unfold m.
    rewrite !value_app, value_of_pairs, unit_left.
    change (op h1 (inv hn) :: pairs (h1 :: mid)) with ([op h1 (inv hn)] ++ pairs (h1 :: mid)).
    rewrite value_app, value_of_pairs, unit_right. simpl value. rewrite !unit_right, op_assoc, V. apply inv_left.
Qed.

End Sharp.

Theorem closure_hard_sharp : forall (G : finite_group) (h1 hn : G) (mid : list G) (r : nat),
  members G = h1 :: mid ++ hn :: nil -> h1 <> unit -> hn <> unit ->
  ((forall gs : list G, closure trivial r (encoded gs) <-> value gs = unit) <-> 4 * order G - 1 <= r).
Proof.
  intros G h1 hn mid r O H1 Hn; split.
  - intros H. apply (worst_gap G h1 hn mid r O H1 Hn). apply H. now apply worst_value.
  - intros H gs. now apply closure_hard_from.
Qed.
