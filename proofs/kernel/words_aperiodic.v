(* The automaton of fixed membership has no group but trivial ones if the semigroup has none.

   Settles, for lem:membership-in-nc1@regular, aperiodic_stays_aperiodic: for every finite semigroup without nontrivial
   groups and every word over its letters and the mark, some power of the word does to all states what the next one
   does. A state is the value of u, and behind the mark the set of values of the splits of v. *)

From Precise Require Export words_omega.

(* A group inside a semigroup, with a unit of its own. *)
Definition is_group {S : semigroup} (G : S -> Prop) : Prop :=
  (forall a b, G a -> G b -> G (prod a b)) /\
  exists e, G e /\ (forall a, G a -> prod e a = a /\ prod a e = a) /\ (forall a, G a -> exists b, G b /\ prod a b = e).
Definition aperiodic (S : semigroup) : Prop := forall G : S -> Prop, is_group G -> forall a b, G a -> G b -> a = b.

Section Automaton.
Variables (S : semigroup) (A : Type) (h : A -> S).

Definition splits := option S -> option S -> Prop.
Inductive state := Before (x : option S) | After (x : option S) (t : splits) | Lost.

(* The splits of v a from those of v; None is the value of the empty word. *)
Definition longer (t : splits) (a : A) : splits := fun x y =>
  (exists c, t x c /\ y = join S c (Some (h a))) \/ (exists c, t None c /\ x = join S c (Some (h a)) /\ y = None).

(* Letters, and None for the mark; a second mark is a loss. *)
Definition step (q : state) (letter : option A) : state :=
  match q, letter with
  | Before x, Some a => Before (join S x (Some (h a)))
  | Before x, None => After x (fun a b => a = None /\ b = None)
  | After x t, Some a => After x (longer t a)
  | After _ _, None => Lost
  | Lost, _ => Lost
  end.
Definition run (q : state) (w : list (option A)) : state := fold_left step w q.

Definition same (q r : state) : Prop :=
  match q, r with
  | Before x, Before y => x = y
  | After x t, After y u => x = y /\ forall a b, t a b <-> u a b
  | Lost, Lost => True
  | _, _ => False
  end.

Definition after_word (t : splits) (v : list A) : splits := fun x y =>
  (exists c, t x c /\ y = join S c (image h v)) \/
  (exists c v1 v2, t None c /\ v = v1 ++ v2 /\ v1 <> [] /\ x = join S c (image h v1) /\ y = image h v2).

Lemma join_none x : join S x None = x.
Proof. now destruct x. Qed.

Lemma join_some x s : join S x (Some s) <> None.
Proof. now destruct x. Qed.

Lemma image_some v : v <> [] -> exists s, image h v = Some s.
Proof. destruct v as [|a v]; [easy|]. intros _. simpl. destruct (image h v); simpl; eauto. Qed.

Lemma run_before x v : run (Before x) (map Some v) = Before (join S x (image h v)).
Proof.
  revert x; induction v as [|a v IH]; intros x; [simpl; now rewrite join_none|].
  change (run (Before (join S x (Some (h a)))) (map Some v) = Before (join S x (join S (Some (h a)) (image h v)))).
  now rewrite IH, join_assoc.
Qed.

Lemma run_after x t v : same (run (After x t) (map Some v)) (After x (after_word t v)).
Proof.
  induction v as [|a v IH] using rev_ind.
  - simpl. split; [easy|]. intros p q. split.
    + intros H. left. exists q. now rewrite join_none.
    + intros [(c & H & ->)|(c & v1 & v2 & _ & E & N & _)]; [now rewrite join_none|]. now destruct v1.
  - rewrite map_app. unfold run in *. rewrite fold_left_app.
    destruct (fold_left step (map Some v) (After x t)) as [|y u|];
      try contradiction. destruct IH as [-> IH]. simpl. split; [easy|]. intros p q. unfold longer. split.
    + intros [(c & H & ->)|(c & H & -> & ->)]; apply IH in H.
      * destruct H as [(d & H & ->)|(d & v1 & v2 & H & -> & N & -> & ->)].
        -- left. exists d. split; [exact H|]. now rewrite image_app, join_assoc.
        -- right. exists d, v1, (v2 ++ [a]). rewrite app_assoc, image_app. now repeat split.
      * destruct H as [(d & H & ->)|(d & v1 & v2 & _ & _ & N & E & _)].
        -- right. exists d, (v ++ [a]), []. rewrite app_nil_r, image_app, join_assoc. repeat split; [exact H|].
           intros F. now apply app_eq_nil in F.
        -- destruct (image_some v1 N) as [s E1]. rewrite E1 in E. symmetry in E. now apply join_some in E.
    + intros [(c & H & ->)|(c & v1 & v2 & H & E & N & -> & ->)].
      * left. exists (join S c (image h v)). split; [apply IH; left; now exists c|]. now rewrite image_app, join_assoc.
      * destruct v2 as [|b v2 _] using rev_ind.
        -- rewrite app_nil_r in E. subst v1. right. exists (join S c (image h v)).
           split; [apply IH; left; now exists c|]. now rewrite image_app, join_assoc.
        -- rewrite app_assoc in E. apply app_inj_tail in E. destruct E as [-> ->]. left. exists (image h v2).
           split; [apply IH; right; now exists c, v1, v2|]. now rewrite image_app.
Qed.

Definition behind (q : state) : Prop := match q with Before _ => False | _ => True end.

Lemma run_behind w : forall q, behind q -> behind (run q w).
Proof. induction w as [|a w IH]; intros q H; [exact H|]. simpl. apply IH. now destruct q, a. Qed.

Lemma run_lost w : run Lost w = Lost.
Proof. induction w as [|a w IH]; [easy|]. exact IH. Qed.

Lemma two_marks w1 w2 w3 q : run q (w1 ++ None :: w2 ++ None :: w3) = Lost.
Proof.
  unfold run. rewrite fold_left_app. simpl. rewrite fold_left_app. simpl.
  fold (run q w1). fold (run (step (run q w1) None) w2).
  assert (H : behind (run (step (run q w1) None) w2)) by (apply run_behind; now destruct (run q w1)).
  destruct (run (step (run q w1) None) w2); [contradiction|apply run_lost|apply run_lost].
Qed.

Lemma marked (w : list (option A)) : (exists v, w = map Some v) \/ (exists w1 w2, w = w1 ++ None :: w2).
Proof.
  induction w as [|[a|] w [[v ->]|(w1 & w2 & ->)]].
  - left. now exists [].
  - left. now exists (a :: v).
  - right. now exists (Some a :: w1), w2.
  - right. now exists [], (map Some v).
  - right. exists [], (w1 ++ None :: w2). easy.
Qed.

Variable elements : list S.
Hypothesis complete : forall a, In a elements.
Hypothesis dec : forall a b : S, {a = b} + {a <> b}.
Hypothesis free : aperiodic S.

(* The powers of a word become constant: what they repeat is a group. *)
Lemma powers_become_constant v : exists k, 1 <= k /\ forall i j, k <= i -> k <= j ->
  image h (repeated v i) = image h (repeated v j).
Proof.
  assert (Nil : forall i, repeated (@nil A) i = []) by (induction i as [|i IH]; simpl; [easy|exact IH]).
  destruct v as [|a0 v0]; [exists 1; split; [lia|]; intros; now rewrite !Nil|]. set (v := a0 :: v0).
  set (f := fun k => image h (repeated v k)).
  assert (Add : forall i j, f (i + j) = join S (f i) (f j)) by (intros; unfold f; now rewrite repeated_app, image_app).
  assert (Some1 : forall i, 1 <= i -> exists s, f i = Some s).
  { intros i I. apply image_some. destruct i; [lia|]. easy. }
  destruct (pigeonhole (X := option S) ltac:(decide equality) (None :: map Some elements) f (length elements + 2))
    as (a & b & Hab & E).
  { intros k _. destruct (f k) as [s|]; [right; now apply in_map|now left]. }
  { simpl. rewrite map_length. lia. }
  set (p := b - a) in *.
  assert (Once : forall m, f (a + m + p) = f (a + m)).
  { intros m. replace (a + m + p) with (b + m) by (unfold p; lia). now rewrite !Add, E. }
  assert (Period : forall c m, f (a + m + c * p) = f (a + m)).
  { induction c as [|c IH]; intros m; [simpl; now rewrite Nat.add_0_r|].
    replace (a + m + Datatypes.S c * p) with (a + (m + c * p) + p) by (simpl; lia). rewrite Once.
    replace (a + (m + c * p)) with (a + m + c * p) by lia. apply IH. }
  assert (P : 1 <= p) by (unfold p; lia). set (m0 := p * (a + 1)). assert (M : a + 1 <= m0) by (unfold m0; nia).
  assert (Zero : forall c, 1 <= c -> f (c * m0) = f m0).
  { intros c C. replace (c * m0) with (a + (m0 - a) + ((c - 1) * (a + 1)) * p).
    - rewrite Period. f_equal. lia.
    - unfold m0 in *. destruct c as [|c]; [lia|]. simpl. rewrite Nat.sub_0_r. nia. }
  set (G := fun s => exists j, m0 <= j /\ f j = Some s).
  assert (Is : is_group G).
  { split.
    - intros x y (i & I & X) (j & J & Y). exists (i + j). split; [lia|]. now rewrite Add, X, Y.
    - destruct (Some1 m0) as [e He]; [lia|]. exists e. split; [now exists m0|].
      assert (Shift : forall j, m0 <= j -> f (m0 + j) = f j).
      { intros j J. replace (m0 + j) with (a + (j - a) + (a + 1) * p) by (unfold m0 in *; lia).
        rewrite Period. f_equal. lia. }
      split.
      + intros x (j & J & X). pose proof (Shift j J) as Q. assert (R : f (j + m0) = f j) by (now rewrite Nat.add_comm).
        rewrite Add, He, X in Q, R. simpl in Q, R. split; congruence.
      + intros x (j & J & X). destruct (Some1 (j * (2 * m0 - 1))) as [y Y]; [nia|].
        exists y. split; [exists (j * (2 * m0 - 1)); split; [nia|exact Y]|].
        pose proof (Zero (2 * j) ltac:(lia)) as Q. replace (2 * j * m0) with (j + j * (2 * m0 - 1)) in Q by nia.
        rewrite Add, X, Y, He in Q. simpl in Q. congruence. }
  exists m0. split; [lia|]. intros i j I J. destruct (Some1 i) as [x X]; [lia|]. destruct (Some1 j) as [y Y]; [lia|].
  fold (f i) (f j). rewrite X, Y. f_equal. apply (free G Is); [now exists i|now exists j].
Qed.

(* A split of v^k goes through some copy of v. *)
Lemma split_of_repeated (v : list A) k : forall v1 v2, 1 <= k -> repeated v k = v1 ++ v2 ->
  exists i u1 u2, i < k /\ v = u1 ++ u2 /\ v1 = repeated v i ++ u1 /\ v2 = u2 ++ repeated v (k - 1 - i).
Proof.
  induction k as [|k IH]; intros v1 v2 K E; [lia|]. simpl in E.
  destruct (Nat.le_gt_cases (length v1) (length v)) as [L|L].
  - exists 0, v1, (skipn (length v1) v). assert (F : v = v1 ++ skipn (length v1) v).
    { rewrite <- (firstn_skipn (length v1) v) at 1. f_equal.
      apply (f_equal (firstn (length v1))) in E. rewrite !firstn_app, Nat.sub_diag, firstn_all in E.
      replace (length v1 - length v) with 0 in E by lia. simpl in E. now rewrite !app_nil_r in E. }
    split; [lia|]. split; [exact F|]. split; [easy|]. rewrite F in E at 1. rewrite <- app_assoc in E.
    apply app_inv_head in E. rewrite <- E. now replace (Datatypes.S k - 1 - 0) with k by lia.
  - assert (F : v1 = v ++ skipn (length v) v1).
    { rewrite <- (firstn_skipn (length v) v1) at 1. f_equal.
      apply (f_equal (firstn (length v))) in E. rewrite !firstn_app, Nat.sub_diag, firstn_all in E.
      replace (length v - length v1) with 0 in E by lia. simpl in E. now rewrite !app_nil_r in E. }
    rewrite F, <- app_assoc in E. apply app_inv_head in E. destruct k as [|k].
    + simpl in E. symmetry in E. apply app_eq_nil in E. destruct E as [E _]. rewrite E, app_nil_r in F. subst v1. lia.
    + destruct (IH _ _ ltac:(lia) E) as (i & u1 & u2 & I & V & V1 & V2). exists (Datatypes.S i), u1, u2.
      split; [lia|]. split; [exact V|]. split; [rewrite F, V1; simpl; now rewrite app_assoc|].
      now replace (Datatypes.S (Datatypes.S k) - 1 - Datatypes.S i) with (Datatypes.S k - 1 - i) by lia.
Qed.

Lemma repeated_map (v : list A) k : repeated (map Some v) k = map Some (repeated v k).
Proof. induction k as [|k IH]; [easy|]. simpl. now rewrite IH, map_app. Qed.

Lemma after_powers v k : 1 <= k -> (forall i j, k <= i -> k <= j -> image h (repeated v i) = image h (repeated v j)) ->
  forall m n, 2 * k + 1 <= m -> 2 * k + 1 <= n -> n <= m + 1 -> m <= n + 1 ->
  forall t x y, after_word t (repeated v m) x y -> after_word t (repeated v n) x y.
Proof.
  intros K H m n M N D1 D2 t x y [(c & T & ->)|(c & v1 & v2 & T & E & Ne & -> & ->)].
  - left. exists c. split; [exact T|]. now rewrite (H n m) by lia.
  - right. destruct (split_of_repeated v m v1 v2 ltac:(lia) E) as (i & u1 & u2 & I & V & -> & ->).
    assert (Vn : v <> []).
    { intros Z. rewrite Z in V. symmetry in V. apply app_eq_nil in V. destruct V as [-> ->]. apply Ne.
      rewrite Z, app_nil_r. clear. induction i as [|i IH]; [easy|exact IH]. }
    assert (Split : forall i j, repeated v (i + 1 + j) = (repeated v i ++ u1) ++ u2 ++ repeated v j).
    { intros a b. rewrite !repeated_app. change (repeated v 1) with (v ++ []). rewrite app_nil_r, <- !app_assoc.
      f_equal.
      now rewrite (app_assoc u1), <- V. }
    destruct (Nat.le_gt_cases (k + 1) i) as [G|G].
    + exists c, (repeated v (n - m + i - (m - n)) ++ u1), (u2 ++ repeated v (m - 1 - i)).
      split; [exact T|]. split; [rewrite <- Split; f_equal; lia|]. split.
      * intros Z. apply app_eq_nil in Z. destruct Z as [Z _]. destruct (n - m + i - (m - n)) as [|q] eqn:Q; [lia|].
        simpl in Z. apply app_eq_nil in Z. now destruct Z.
      * split; [|easy]. rewrite !image_app. now rewrite (H (n - m + i - (m - n)) i) by lia.
    + exists c, (repeated v i ++ u1), (u2 ++ repeated v (n - 1 - i)).
      split; [exact T|]. split; [rewrite <- Split; f_equal; lia|]. split; [exact Ne|]. split; [easy|].
      rewrite !image_app. now rewrite (H (n - 1 - i) (m - 1 - i)) by lia.
Qed.

Lemma same_trans p q r : same p q -> same q r -> same p r.
Proof.
  destruct p as [x|x t|], q as [y|y u|], r as [z|z v|]; simpl; try contradiction; [congruence| |easy].
  intros [-> A1] [-> A2]. split; [easy|]. intros a b.
  now rewrite A1.
Qed.

Lemma same_sym p q : same p q -> same q p.
Proof.
  destruct p as [x|x t|], q as [y|y u|]; simpl; try contradiction; [easy| |easy].
  intros [-> H]. split; [easy|]. intros a b. now rewrite H.
Qed.

Lemma constant_on_states w : exists k, forall q, same (run q (repeated w k)) (run q (repeated w (k + 1))).
Proof.
  destruct (marked w) as [[v ->]|(w1 & w2 & ->)].
  - destruct (powers_become_constant v) as (k & K & H). exists (2 * k + 1). intros q. rewrite !repeated_map.
    destruct q as [x|x t|].
    + rewrite !run_before. simpl same. f_equal. apply H; lia.
    + apply same_trans with (1 := run_after x t _). apply same_sym, (same_trans _ _ _ (run_after x t _)). simpl.
      split; [easy|]. intros a b. split; apply (after_powers v k K H); lia.
    + rewrite !run_lost. exact I.
  - exists 2. intros q. assert (L : forall more, run q ((w1 ++ None :: w2) ++ (w1 ++ None :: w2) ++ more) = Lost).
    { intros more. rewrite <- (two_marks w1 (w2 ++ w1) (w2 ++ more) q). f_equal. now rewrite <- !app_assoc. }
    change (same (run q ((w1 ++ None :: w2) ++ (w1 ++ None :: w2) ++ []))
      (run q ((w1 ++ None :: w2) ++ (w1 ++ None :: w2) ++ (w1 ++ None :: w2) ++ []))). rewrite !L. exact I.
Qed.
End Automaton.

Theorem aperiodic_stays_aperiodic : forall (S : semigroup) (elements : list S) (A : Type) (h : A -> S)
    (w : list (option A)), (forall a, In a elements) -> (forall a b : S, {a = b} + {a <> b}) -> aperiodic S ->
  exists k, forall q, same S (run S A h q (repeated w k)) (run S A h q (repeated w (k + 1))).
Proof. intros S l A h w C D F. exact (constant_on_states S A h l C D F w). Qed.
