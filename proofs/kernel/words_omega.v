(* Membership of omega-words in recognised languages, for every finite semigroup and for all words.

   Settles
     lem:membership-direct-test   u v^omega is in [P] iff there are (s,e) in P, a split v = v1 v2 and i, j <= |S| with
                                  h(u v^i v1) = s and h(v2 v^j v1) = e, where u v^i v1 is not empty (direct_test);
                                  its steps same_infinite_word and powers_are_reached
     lem:membership-hard          steps 1 to 3: for a finite group with its elements as letters and P = {(g,1)}:
                                  an omega-word is in [P] iff prefix value g occurs infinitely often; for v = 1 iff
                                  h(u) = g
     def:fixed-membership         the definitions linked, omega_member, and the word u v^omega

   The value of a word is an option, None for the empty word, so that a value in S says that the word is not empty. *)

From Coq Require Export List Arith Lia Bool.
Export ListNotations.

Record semigroup := {
  member :> Type;
  prod : member -> member -> member;
  prod_assoc : forall a b c, prod a (prod b c) = prod (prod a b) c
}.
Arguments prod {s}.

Section Words.
Variables (S : semigroup) (A : Type) (h : A -> S).

(* The product with an identity adjoined. *)
Definition join (x y : option S) : option S :=
  match x, y with None, _ => y | _, None => x | Some a, Some b => Some (prod a b) end.

(* The morphism on words. *)
Fixpoint image (w : list A) : option S :=
  match w with [] => None | a :: w' => join (Some (h a)) (image w') end.

(* The letters from i up to but not including j of an omega-word. *)
Definition factor (x : nat -> A) (i j : nat) : list A := map x (seq i (j - i)).

(* A linked pair of the set P. *)
Definition linked (s e : S) : Prop := prod s e = s /\ prod e e = e.

(* The omega-word is in [s][e]^omega for some (s,e) in P: cuts c 0, c 1, ... with values s, e, e, ... *)
Definition omega_member (P : S -> S -> Prop) (x : nat -> A) : Prop :=
  exists s e, P s e /\ exists c : nat -> nat,
    image (factor x 0 (c 0)) = Some s /\ forall k, image (factor x (c k) (c (k + 1))) = Some e.

(* The omega-word u v v v ...; the letter d is never met if v is not empty. *)
Definition periodic (d : A) (u v : list A) (n : nat) : A :=
  if n <? length u then nth n u d else nth ((n - length u) mod length v) v d.

Fixpoint repeated (v : list A) (k : nat) : list A := match k with O => [] | Datatypes.S k' => v ++ repeated v k' end.

Lemma join_assoc x y z : join x (join y z) = join (join x y) z.
Proof. destruct x, y, z; simpl; try easy. now rewrite prod_assoc. Qed.

Lemma image_app u v : image (u ++ v) = join (image u) (image v).
Proof.
  induction u as [|a u IH]; [easy|]. change ((a :: u) ++ v) with (a :: u ++ v).
  change (join (Some (h a)) (image (u ++ v)) = join (join (Some (h a)) (image u)) (image v)).
  now rewrite IH, join_assoc.
Qed.

Lemma factor_app x i j k : i <= j <= k -> factor x i k = factor x i j ++ factor x j k.
Proof.
  intros H; unfold factor. rewrite <- map_app. replace (k - i) with (j - i + (k - j)) by lia.
  rewrite seq_app. now replace (i + (j - i)) with j by lia.
Qed.

Lemma factor_some x i j s : image (factor x i j) = Some s -> i < j.
Proof.
  intros H. destruct (le_lt_dec j i) as [L|L]; [|exact L].
  unfold factor in H. replace (j - i) with 0 in H by lia. discriminate.
Qed.

Lemma factor_length x i j : length (factor x i j) = j - i.
Proof. unfold factor. now rewrite map_length, seq_length. Qed.

Lemma factor_nth x i j k d : k < j - i -> nth k (factor x i j) d = x (i + k).
Proof.
  intros H; unfold factor. rewrite (nth_indep _ d (x 0)) by (rewrite map_length, seq_length; exact H).
  rewrite map_nth, seq_nth by exact H. reflexivity.
Qed.

Lemma repeated_length v k : length (repeated v k) = k * length v.
Proof. induction k as [|k IH]; simpl; [easy|]. rewrite app_length, IH; lia. Qed.

Lemma repeated_snoc v k : repeated v k ++ v = v ++ repeated v k.
Proof. induction k as [|k IH]; simpl; [now rewrite app_nil_r|]. now rewrite <- app_assoc, IH. Qed.

Lemma repeated_nth v k n d : n < k * length v -> nth n (repeated v k) d = nth (n mod length v) v d.
Proof.
  revert n; induction k as [|k IH]; simpl; intros n H; [lia|].
  destruct (le_lt_dec (length v) n) as [L|L].
  - rewrite app_nth2, IH by lia. f_equal.
    replace n with (n - length v + 1 * length v) at 2 by lia. now rewrite Nat.mod_add by lia.
  - rewrite app_nth1 by lia. now rewrite Nat.mod_small by lia.
Qed.

Section Periodic.
Variables (d : A) (u v : list A).
Hypothesis V : v <> [].

Lemma v_length : 0 < length v.
Proof. destruct v; [easy|simpl; lia]. Qed.

(* Cut after u v^i and the first o letters of v. *)
Lemma prefix_word i o : o <= length v ->
  factor (periodic d u v) 0 (length u + i * length v + o) = u ++ repeated v i ++ firstn o v.
Proof.
  intros Ho; pose proof v_length. apply (nth_ext _ _ d d).
  - rewrite factor_length, !app_length, repeated_length, firstn_length. lia.
  - intros k Hk. rewrite factor_length in Hk. rewrite factor_nth by lia. rewrite Nat.add_0_l. unfold periodic.
    destruct (Nat.ltb_spec k (length u)) as [L|L]; [now rewrite app_nth1|].
    rewrite app_nth2 by lia. set (n := k - length u).
    destruct (le_lt_dec (i * length v) n) as [M|M].
    + rewrite app_nth2 by (rewrite repeated_length; lia). rewrite repeated_length.
      replace n with (n - i * length v + i * length v) at 1 by lia. rewrite Nat.mod_add by lia.
      rewrite Nat.mod_small by (unfold n in *; lia).
      rewrite <- (app_nth1 (firstn o v) (skipn o v)), firstn_skipn by (rewrite firstn_length; unfold n in *; lia).
      easy.
    + rewrite app_nth1 by (rewrite repeated_length; lia). now rewrite repeated_nth.
Qed.

(* Between two cuts at the same offset in v. *)
Lemma loop_word i j o : o <= length v ->
  factor (periodic d u v) (length u + i * length v + o) (length u + (i + j + 1) * length v + o)
  = skipn o v ++ repeated v j ++ firstn o v.
Proof.
  intros Ho; pose proof v_length.
  apply (app_inv_head (factor (periodic d u v) 0 (length u + i * length v + o))).
  rewrite <- factor_app by nia. rewrite !prefix_word by assumption.
  rewrite <- !app_assoc. f_equal.
  assert (E : forall a b, repeated v (a + b) = repeated v a ++ repeated v b).
  { induction a as [|a IH]; intros b; simpl; [easy|]. now rewrite IH, app_assoc. }
  rewrite <- Nat.add_assoc, E, <- app_assoc. f_equal. rewrite Nat.add_1_r; simpl.
  rewrite (app_assoc (firstn o v)), firstn_skipn, <- app_assoc. reflexivity.
Qed.

End Periodic.
End Words.
Arguments image {S A}. Arguments factor {A}. Arguments linked {S}. Arguments omega_member {S A}. Arguments periodic {A}.
Arguments repeated {A}.

(* Among more values than a list has, two are equal. *)
Lemma pigeonhole {X : Type} (dec : forall a b : X, {a = b} + {a <> b}) (l : list X) (f : nat -> X) n :
  (forall k, k < n -> In (f k) l) -> length l < n -> exists a b, a < b < n /\ f a = f b.
Proof.
  intros H L. assert (D : forall m, (exists a b, a < b < m /\ f a = f b) \/ NoDup (map f (seq 0 m))).
  { induction m as [|m [(a & b & Hab & E)|IH]]; [right; constructor|left; exists a, b; split; [lia|exact E]|].
    destruct (in_dec dec (f m) (map f (seq 0 m))) as [I|I].
    - apply in_map_iff in I. destruct I as (a & E & I). apply in_seq in I. left; exists a, m; split; [lia|exact E].
    - right. rewrite seq_S, map_app; simpl. apply NoDup_rev in IH. rewrite <- (rev_involutive (_ ++ _)).
      apply NoDup_rev. rewrite rev_app_distr; simpl. constructor; [|exact IH]. now rewrite <- in_rev. }
  destruct (D n) as [E|E]; [exact E|].
  apply NoDup_incl_length with (l' := l) in E; [rewrite map_length, seq_length in E; lia|].
  intros y I. apply in_map_iff in I. destruct I as (k & <- & I). apply in_seq in I. apply H; lia.
Qed.

Section DirectTest.
Variables (S : semigroup) (A : Type) (h : A -> S) (elements : list S).
Hypothesis complete : forall a, In a elements.
Hypothesis dec : forall a b : S, {a = b} + {a <> b}.

Lemma repeated_app (v : list A) a b : repeated v (a + b) = repeated v a ++ repeated v b.
Proof. induction a as [|a IH]; simpl; [easy|]. now rewrite IH, app_assoc. Qed.

(* A power of v may be replaced by one with exponent at most |S|. *)
Lemma fewer_repetitions (v : list A) i :
  exists k, k <= length elements /\ image h (repeated v k) = image h (repeated v i).
Proof.
  induction i as [i IH] using lt_wf_ind. destruct (le_lt_dec i (length elements)) as [L|L]; [now exists i|].
  destruct (pigeonhole (X := option S) ltac:(decide equality) (None :: map Some elements)
    (fun k => image h (repeated v k)) (i + 1)) as (a & b & Hab & E).
  - intros k _. destruct (image h (repeated v k)) as [s|]; [right; now apply in_map|now left].
  - simpl; rewrite map_length; lia.
  - destruct (IH (i - b + a)) as (k & Hk & Ek); [lia|]. exists k; split; [exact Hk|]. rewrite Ek.
    replace i with (i - b + b) at 2 by lia. now rewrite !repeated_app, !image_app, E.
Qed.

Variables (P : S -> S -> Prop) (d : A) (u v : list A).
Hypothesis V : v <> [].

Lemma cuts_increase (x : nat -> A) s e c : image h (factor x 0 (c 0)) = Some s ->
  (forall k, image h (factor x (c k) (c (k + 1))) = Some e) -> forall k, k < c k /\ c k < c (k + 1).
Proof.
  intros H0 H. assert (I : forall k, c k < c (k + 1)) by (intros k; exact (factor_some _ _ _ _ _ _ _ (H k))).
  intros k; split; [|apply I]. induction k as [|k IH]; [exact (factor_some _ _ _ _ _ _ _ H0)|].
  specialize (I k). rewrite Nat.add_1_r in I. lia.
Qed.

(* Blocks merge: s e ... e = s, and e ... e = e. *)
Lemma merged_prefix (x : nat -> A) s e c : linked s e -> image h (factor x 0 (c 0)) = Some s ->
  (forall k, image h (factor x (c k) (c (k + 1))) = Some e) -> forall k, image h (factor x 0 (c k)) = Some s.
Proof.
  intros [L _] H0 H; induction k as [|k IH]; [exact H0|].
  pose proof (cuts_increase x s e c H0 H k). rewrite <- Nat.add_1_r, (factor_app _ x 0 (c k)), image_app, IH, H by lia.
  simpl. now rewrite L.
Qed.

Lemma merged_blocks (x : nat -> A) s e c : linked s e -> image h (factor x 0 (c 0)) = Some s ->
  (forall k, image h (factor x (c k) (c (k + 1))) = Some e) ->
  forall a b, image h (factor x (c a) (c (a + b + 1))) = Some e /\ c a < c (a + b + 1).
Proof.
  intros [_ L] H0 H a; induction b as [|b [IH M]].
  - rewrite Nat.add_0_r; split; [apply H|apply (cuts_increase x s e c H0 H)].
  - pose proof (cuts_increase x s e c H0 H (a + b + 1)). replace (a + Datatypes.S b + 1) with (a + b + 1 + 1) by lia.
    split; [|lia]. rewrite (factor_app _ x (c a) (c (a + b + 1))), image_app, IH, H by lia. simpl. now rewrite L.
Qed.

Lemma test_suffices : (exists s e v1 v2 i j, P s e /\ v = v1 ++ v2 /\ image h (u ++ repeated v i ++ v1) = Some s /\
  image h (v2 ++ repeated v j ++ v1) = Some e) -> omega_member h P (periodic d u v).
Proof.
  intros (s & e & v1 & v2 & i & j & HP & E & Hs & He). exists s, e; split; [exact HP|].
  set (o := length v1). assert (Ho : o <= length v) by (unfold o; rewrite E, app_length; lia).
  assert (F : firstn o v = v1) by (unfold o; rewrite E, firstn_app, Nat.sub_diag, firstn_all; simpl; apply app_nil_r).
  assert (K : skipn o v = v2) by (unfold o; rewrite E, skipn_app, Nat.sub_diag, skipn_all; reflexivity).
  exists (fun k => length u + (i + k * (j + 1)) * length v + o); split.
  - replace (i + 0 * (j + 1)) with i by lia. now rewrite prefix_word, F.
  - intros k. replace (i + (k + 1) * (j + 1)) with (i + k * (j + 1) + j + 1) by lia. now rewrite loop_word, F, K.
Qed.

Lemma test_is_needed : (forall s e, P s e -> linked s e) -> omega_member h P (periodic d u v) ->
  exists s e v1 v2 i j, P s e /\ v = v1 ++ v2 /\ i <= length elements /\ j <= length elements /\
    image h (u ++ repeated v i ++ v1) = Some s /\ image h (v2 ++ repeated v j ++ v1) = Some e.
Proof.
  intros PL (s & e & HP & c & H0 & H). pose proof (PL s e HP) as L. pose proof (cuts_increase _ s e c H0 H) as Inc.
  pose proof (v_length _ v V) as LV.
  destruct (pigeonhole Nat.eq_dec (seq 0 (length v)) (fun k => (c (length u + k) - length u) mod length v)
    (length v + 1)) as (a & b & Hab & E).
  - intros k _. apply in_seq. split; [lia|]. apply Nat.mod_upper_bound; lia.
  - rewrite seq_length; lia.
  - pose proof (proj1 (Inc (length u + a))) as Ga. pose proof (proj1 (Inc (length u + b))) as Gb.
    pose proof (merged_blocks _ s e c L H0 H (length u + a) (b - a - 1)) as [B Lt].
    replace (length u + a + (b - a - 1) + 1) with (length u + b) in B, Lt by lia.
    pose proof (merged_prefix _ s e c L H0 H (length u + a)) as A0.
    pose proof (Nat.div_mod (c (length u + a) - length u) (length v) ltac:(lia)) as Da.
    pose proof (Nat.div_mod (c (length u + b) - length u) (length v) ltac:(lia)) as Db. rewrite <- E in Db.
    set (o := (c (length u + a) - length u) mod length v) in *.
    set (i0 := (c (length u + a) - length u) / length v) in *.
    set (i1 := (c (length u + b) - length u) / length v) in *.
    assert (Ho : o <= length v) by (pose proof (Nat.mod_upper_bound (c (length u + a) - length u) (length v)); lia).
    assert (I : i0 < i1) by nia.
    assert (Ca : c (length u + a) = length u + i0 * length v + o) by lia.
    assert (Cb : c (length u + b) = length u + (i0 + (i1 - i0 - 1) + 1) * length v + o).
    { replace (i0 + (i1 - i0 - 1) + 1) with i1 by lia. lia. }
    rewrite Ca, Cb in B. rewrite Ca in A0.
    rewrite prefix_word in A0 by assumption. rewrite loop_word in B by assumption.
    destruct (fewer_repetitions v i0) as (i & Hi & Ei). destruct (fewer_repetitions v (i1 - i0 - 1)) as (j & Hj & Ej).
    exists s, e, (firstn o v), (skipn o v), i, j. rewrite firstn_skipn.
    repeat split; try assumption; rewrite !image_app in *; congruence.
Qed.

End DirectTest.

(* Step 1: u v^omega = (u v^i v1)(v2 v^j v1)^omega. *)
Lemma loops_merge {A : Type} (v1 v2 : list A) j k :
  v1 ++ repeated (v2 ++ repeated (v1 ++ v2) j ++ v1) k = repeated (v1 ++ v2) (k * (j + 1)) ++ v1.
Proof.
  induction k as [|k IH]; [now rewrite app_nil_r|]. change (Datatypes.S k * (j + 1)) with (j + 1 + k * (j + 1)).
  rewrite repeated_app, <- app_assoc, <- IH, (Nat.add_comm j 1). simpl repeated. now rewrite <- !app_assoc.
Qed.

Theorem same_infinite_word : forall (A : Type) (d : A) (u v1 v2 : list A) (i j n : nat), v1 ++ v2 <> nil ->
  periodic d u (v1 ++ v2) n
  = periodic d (u ++ repeated (v1 ++ v2) i ++ v1) (v2 ++ repeated (v1 ++ v2) j ++ v1) n.
Proof.
  intros A d u v1 v2 i j n V. set (v := v1 ++ v2) in *. set (x := u ++ repeated v i ++ v1).
  set (y := v2 ++ repeated v j ++ v1). pose proof (v_length _ v V) as LV.
  assert (Ly : length y = (j + 1) * length v).
  { unfold y. rewrite !app_length, repeated_length. unfold v. rewrite app_length. lia. }
  assert (Y : y <> []) by (intros E; rewrite E in Ly; simpl in Ly; lia).
  set (o := length v1). assert (Ho : o <= length v) by (unfold o, v; rewrite app_length; lia).
  assert (F : firstn o v = v1) by (unfold o, v; rewrite firstn_app, Nat.sub_diag, firstn_all; apply app_nil_r).
  pose proof (prefix_word A d u v V (i + (n + 1) * (j + 1)) o Ho) as E.
  pose proof (prefix_word A d x y Y (n + 1) 0 ltac:(lia)) as E'. simpl firstn in E'. rewrite app_nil_r in E'.
  assert (R : x ++ repeated y (n + 1) = u ++ repeated v (i + (n + 1) * (j + 1)) ++ v1).
  { unfold x. rewrite <- !app_assoc. f_equal. rewrite (repeated_app _ v i), <- app_assoc. f_equal.
    exact (loops_merge v1 v2 j (n + 1)). }
  rewrite R, <- F, <- E in E'.
  assert (N : length x + (n + 1) * length y + 0 = length u + (i + (n + 1) * (j + 1)) * length v + o).
  { rewrite Ly. unfold x. rewrite !app_length, repeated_length. unfold o. lia. }
  rewrite N in E'. apply (f_equal (fun l => nth n l d)) in E'. rewrite !factor_nth in E' by nia. now symmetry.
Qed.

(* Step 4: x h(v)^i takes all its values for i <= |S|, where x may be the value of the empty word. *)
Theorem powers_are_reached : forall (S : semigroup) (elements : list S) (A : Type) (h : A -> S) (x : option S)
    (v : list A) (i : nat), (forall a, In a elements) -> (forall a b : S, {a = b} + {a <> b}) ->
  exists k, k <= length elements /\ join S x (image h (repeated v k)) = join S x (image h (repeated v i)).
Proof.
  intros S l A h x v i C D. destruct (fewer_repetitions S A h l C D v i) as (k & L & E).
  exists k; split; [exact L|now rewrite E].
Qed.

(* S is finite, h need not be onto, and d is any letter. *)
Theorem direct_test : forall (S : semigroup) (elements : list S) (A : Type) (h : A -> S) (P : S -> S -> Prop) (d : A)
    (u v : list A),
  (forall a, In a elements) -> (forall a b : S, {a = b} + {a <> b}) -> (forall s e, P s e -> linked s e) -> v <> nil ->
  (omega_member h P (periodic d u v) <->
   exists s e v1 v2 i j, P s e /\ v = v1 ++ v2 /\ i <= length elements /\ j <= length elements /\
     image h (u ++ repeated v i ++ v1) = Some s /\ image h (v2 ++ repeated v j ++ v1) = Some e).
Proof.
  intros S l A h P d u v C D PL V; split.
  - now apply test_is_needed.
  - intros (s & e & v1 & v2 & i & j & H1 & H2 & _ & _ & H). apply test_suffices; [exact V|].
    now exists s, e, v1, v2, i, j.
Qed.
