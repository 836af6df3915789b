(* The closure problem of words over a monoid, for every monoid and for words of every length.

   Settles
     lem:closure-group   F a group in A with A's identity: w is a product of blocks of length <= r with values in F
                         iff v(w) is in F and consecutive positions with prefix value in F are at most r apart
     lem:closure-hard    steps 1 to 4: for every finite group, g1 s g2 s ... gk s is in the closure for F = {1} and
                         r = 4|G|+1 iff g1 ... gk = 1; also for every r >= 4|G|-1, the greatest gap
     def:closure         the closure is the star of the blocks (closure_is_star)

   A set of elements is a Boolean function, so membership in F is decidable, as it is in a finite monoid. *)

From Coq Require Export List Arith Lia Bool.
Export ListNotations.

Record monoid := {
  element :> Type;
  unit : element;
  op : element -> element -> element;
  op_assoc : forall a b c, op a (op b c) = op (op a b) c;
  unit_left : forall a, op unit a = a;
  unit_right : forall a, op a unit = a
}.
Arguments unit {m}. Arguments op {m}.

(* The product of a word. *)
Fixpoint value {A : monoid} (w : list A) : A :=
  match w with [] => unit | a :: w' => op a (value w') end.

Definition block {A : monoid} (F : A -> bool) (r : nat) (b : list A) : Prop := length b <= r /\ F (value b) = true.

(* w is a product of blocks. *)
Definition closure {A : monoid} (F : A -> bool) (r : nat) (w : list A) : Prop :=
  exists blocks, Forall (block F r) blocks /\ w = concat blocks.

(* The powers of a language and its star: the union of all powers. *)
Fixpoint power {X : Type} (L : list X -> Prop) (k : nat) (w : list X) : Prop :=
  match k with O => w = [] | S k' => exists u v, L u /\ power L k' v /\ w = u ++ v end.

Theorem closure_is_star : forall (A : monoid) (F : A -> bool) r (w : list A),
  closure F r w <-> exists k, power (block F r) k w.
Proof.
  intros A F r w; split.
  - intros (blocks & H & ->). exists (length blocks).
    induction H as [|b bs Hb H IH]; simpl; [easy|]. now exists b, (concat bs).
  - intros (k & H); revert w H; induction k as [|k IH]; simpl; intros w H.
    + subst w; now exists [].
    + destruct H as (u & v & Hu & Hv & ->). destruct (IH v Hv) as (bs & Hbs & ->).
      exists (u :: bs); split; [now constructor|easy].
Qed.

(* F is a group in A that contains A's identity. *)
Record group_with_unit {A : monoid} (F : A -> bool) : Prop := {
  has_unit : F unit = true;
  has_products : forall a b, F a = true -> F b = true -> F (op a b) = true;
  has_inverses : forall a, F a = true -> exists b, F b = true /\ op a b = unit /\ op b a = unit
}.

(* From a position with prefix value in F to the next one there are at most r letters. *)
Definition gaps_at_most {A : monoid} (F : A -> bool) (r : nat) (w : list A) : Prop :=
  forall i j, i < j <= length w ->
    F (value (firstn i w)) = true -> F (value (firstn j w)) = true ->
    (forall k, i < k < j -> F (value (firstn k w)) = false) -> j - i <= r.

Lemma value_app {A : monoid} (u v : list A) : value (u ++ v) = op (value u) (value v).
Proof. induction u as [|a u IH]; simpl; [now rewrite unit_left|]. now rewrite IH, op_assoc. Qed.

Section ClosureGroup.
Variables (A : monoid) (F : A -> bool).
Hypothesis G : group_with_unit F.

Lemma cancel_left a b : F a = true -> F (op a b) = F b.
Proof.
  intros Ha. apply eq_true_iff_eq; split; intros H; [|now apply (has_products F G)].
  destruct (has_inverses F G a Ha) as (c & Hc & _ & E).
  rewrite <- (unit_left A b), <- E, <- op_assoc. now apply (has_products F G).
Qed.

Lemma closure_cons r b w : block F r b -> closure F r w -> closure F r (b ++ w).
Proof. intros Hb (bs & H & ->). exists (b :: bs); split; [now constructor|easy]. Qed.

(* Blocks with value in F keep the prefix value in F. *)
Lemma closure_value r w : closure F r w -> F (value w) = true.
Proof.
  intros (bs & H & ->); induction H as [|b bs [_ Hb] H IH]; simpl; [apply (has_unit F G)|].
  rewrite value_app. now apply (has_products F G).
Qed.

Lemma prefix_of_tail b (w : list A) i : length b <= i -> F (value b) = true ->
  F (value (firstn i (b ++ w))) = F (value (firstn (i - length b) w)).
Proof. intros Hi Hb. rewrite firstn_app, (firstn_all2 b) by lia. rewrite value_app. now apply cancel_left. Qed.

Lemma closure_gaps r w : closure F r w -> gaps_at_most F r w.
Proof.
  intros (bs & H & ->); induction H as [|b bs [Hl Hb] H IH]; intros i j Hij Fi Fj None; simpl in *; [lia|].
  destruct (le_lt_dec (length b) i) as [Hi|Hi].
  - rewrite prefix_of_tail in Fi, Fj by (lia || assumption).
    enough (j - length b - (i - length b) <= r) by lia.
    rewrite app_length in Hij. apply IH; try (lia || assumption).
    intros k Hk. rewrite <- (None (k + length b)) by lia.
    rewrite prefix_of_tail by (lia || assumption). f_equal; f_equal; f_equal; lia.
  - destruct (le_lt_dec j (length b)) as [Hj|Hj]; [lia|].
    specialize (None (length b) ltac:(lia)). rewrite firstn_app, Nat.sub_diag, firstn_all in None.
    simpl in None; rewrite app_nil_r, Hb in None; discriminate.
Qed.

Lemma least_cut (P : nat -> bool) n : 0 < n -> P n = true ->
  exists j, 0 < j <= n /\ P j = true /\ forall k, 0 < k < j -> P k = false.
Proof.
  induction n as [n IH] using lt_wf_ind; intros Hn Pn.
  destruct (existsb (fun k => (0 <? k) && P k) (seq 0 n)) eqn:E.
  - apply existsb_exists in E; destruct E as (m & Hm & E). apply in_seq in Hm.
    apply andb_prop in E; destruct E as [E1 E2]. apply Nat.ltb_lt in E1.
    destruct (IH m ltac:(lia) E1 E2) as (j & Hj & H). exists j; split; [lia|assumption].
  - exists n; repeat split; try lia; try assumption. intros k Hk.
    destruct (P k) eqn:Pk; [|easy]. rewrite <- E. symmetry; apply existsb_exists. exists k; split.
    + apply in_seq; lia.
    + rewrite Pk, andb_true_r. apply Nat.ltb_lt; lia.
Qed.

Lemma gaps_closure r w : F (value w) = true -> gaps_at_most F r w -> closure F r w.
Proof.
  remember (length w) as n eqn:En; revert w En.
  induction n as [n IH] using lt_wf_ind; intros w En Fw Gaps.
  destruct (Nat.eq_dec n 0) as [Z|Z].
  - exists []; split; [constructor|]. now destruct w; [|simpl in En; lia].
  - destruct (least_cut (fun j => F (value (firstn j w))) n) as (j & Hj & Fj & None).
    + lia.
    + now rewrite En, firstn_all.
    + assert (Lj : length (firstn j w) = j) by (rewrite firstn_length; lia).
      rewrite <- (firstn_skipn j w). apply closure_cons.
      * split; [rewrite Lj|assumption]. rewrite <- (Nat.sub_0_r j).
        apply Gaps; [lia|apply (has_unit F G)|assumption|assumption].
      * apply (IH (n - j)); [lia|rewrite skipn_length; lia| |].
        -- rewrite <- (firstn_skipn j w), value_app, cancel_left in Fw; assumption.
        -- intros a b Hab Fa Fb Nab. rewrite skipn_length in Hab.
           assert (Shift : forall k, F (value (firstn k (skipn j w))) = F (value (firstn (j + k) w))).
           { intros k. rewrite <- (firstn_skipn j w) at 2. rewrite prefix_of_tail by (assumption || lia).
             now rewrite Lj, Nat.add_comm, Nat.add_sub. }
           rewrite Shift in Fa, Fb. replace (b - a) with (j + b - (j + a)) by lia.
           apply Gaps; try (lia || assumption).
           intros k Hk. replace k with (j + (k - j)) by lia. rewrite <- Shift. apply Nab; lia.
Qed.

End ClosureGroup.

Theorem closure_group : forall (A : monoid) (F : A -> bool) (r : nat) (w : list A), group_with_unit F ->
  (closure F r w <-> F (value w) = true /\ gaps_at_most F r w).
Proof.
  intros A F r w G; split.
  - intros H; split; [now apply closure_value with r|now apply closure_gaps].
  - intros [Fw H]; now apply gaps_closure.
Qed.

(* A finite group: a monoid with inverses, decidable equality and a list of all elements without repetition. *)
Record finite_group := {
  base :> monoid;
  inv : base -> base;
  inv_left : forall a : base, op (inv a) a = unit;
  inv_right : forall a : base, op a (inv a) = unit;
  equal : base -> base -> bool;
  equal_spec : forall a b, equal a b = true <-> a = b;
  members : list base;
  members_all : forall a, In a members;
  members_once : NoDup members
}.
Arguments inv {f}. Arguments equal {f}.

Definition order (G : finite_group) : nat := length (members G).
Definition trivial {G : finite_group} (a : G) : bool := equal a unit.

(* The word h1 h1^-1 h2 h2^-1 ... over all elements in the order of the list. *)
Definition sigma (G : finite_group) : list G := concat (map (fun h => [h; inv h]) (members G)).

(* g1 sigma g2 sigma ... gk sigma *)
Definition encoded {G : finite_group} (gs : list G) : list G := concat (map (fun g => g :: sigma G) gs).

Section ClosureHard.
Variable G : finite_group.

Lemma trivial_spec (a : G) : trivial a = true <-> a = unit.
Proof. apply equal_spec. Qed.

Lemma pairs_value (l : list G) : value (concat (map (fun h => [h; inv h]) l)) = unit.
Proof. induction l as [|h l IH]; simpl; [easy|]. now rewrite IH, unit_right, inv_right. Qed.

Lemma pairs_length (l : list G) : length (concat (map (fun h => [h; inv h]) l)) = 2 * length l.
Proof. induction l as [|h l IH]; simpl; [easy|]. rewrite IH; lia. Qed.

Lemma encoded_value (gs : list G) : value (encoded gs) = value gs.
Proof.
  induction gs as [|g gs IH]; [easy|]. unfold encoded in *; simpl.
  rewrite value_app. rewrite IH. unfold sigma; now rewrite pairs_value, unit_left.
Qed.

Lemma trivial_is_group : group_with_unit (@trivial G).
Proof.
  constructor.
  - now apply trivial_spec.
  - intros a b Ha Hb; apply trivial_spec in Ha, Hb; subst. apply trivial_spec, unit_left.
  - intros a Ha; exists a. apply trivial_spec in Ha; subst. rewrite unit_left. repeat split; now apply trivial_spec.
Qed.

(* After u, which is shorter than sigma, the next block ends inside the next sigma. *)
Lemma encoded_blocks r (gs : list G) : 4 * order G - 1 <= r -> forall u, length u <= 2 * order G - 1 ->
  op (value u) (value gs) = unit -> closure (@trivial G) r (u ++ encoded gs).
Proof.
  intros Hr; induction gs as [|g gs IH]; intros u Hu E.
  - exists [u]; split; [|reflexivity]. simpl in E; rewrite unit_right in E.
    constructor; [split; [lia|now apply trivial_spec]|constructor].
  - set (h := inv (op (value u) g)).
    destruct (in_split h (members G) (members_all G h)) as (l1 & l2 & Eh).
    assert (Order : order G = length l1 + S (length l2)) by (unfold order; rewrite Eh, app_length; reflexivity).
    set (s1 := concat (map (fun h => [h; inv h]) l1)). set (s2 := concat (map (fun h => [h; inv h]) l2)).
    assert (S : sigma G = s1 ++ h :: inv h :: s2).
    { unfold sigma. rewrite Eh, map_app, concat_app. reflexivity. }
    replace (u ++ encoded (g :: gs)) with ((u ++ g :: s1 ++ [h]) ++ (inv h :: s2) ++ encoded gs).
    2:{ unfold encoded; simpl map; simpl concat. rewrite S. repeat (rewrite <- app_assoc; simpl). reflexivity. }
    apply closure_cons.
    + split.
      * rewrite app_length; simpl. rewrite app_length; simpl. unfold s1; rewrite pairs_length. lia.
      * apply trivial_spec. rewrite value_app; simpl. rewrite value_app; simpl.
        unfold s1; rewrite pairs_value, unit_left, unit_right, op_assoc. apply inv_right.
    + apply IH.
      * simpl; unfold s2; rewrite pairs_length; lia.
      * simpl in E |- *; unfold s2; rewrite pairs_value, unit_right. rewrite op_assoc in E.
        assert (X : inv h = op (value u) g).
        { rewrite <- (unit_right G (inv h)), <- (inv_left G (op (value u) g)), op_assoc.
          fold h. now rewrite inv_left, unit_left. }
        now rewrite X.
Qed.

End ClosureHard.

Theorem sigma_value_and_length : forall G : finite_group, value (sigma G) = unit /\ length (sigma G) = 2 * order G.
Proof. intros G; split; [apply pairs_value|apply pairs_length]. Qed.

(* Step 1: cuts into blocks of value 1 are exactly the positions with prefix value 1. *)
Theorem cuts_are_trivial_prefixes : forall (G : finite_group) (blocks : list (list G)),
  Forall (fun b => value b = unit) blocks <-> forall k, value (concat (firstn k blocks)) = unit.
Proof.
  intros G bs; split.
  - intros H; induction H as [|b bs Hb H IH]; intros [|k]; simpl; try easy.
    rewrite value_app, Hb, unit_left; apply IH.
  - induction bs as [|b bs IH]; intros H; constructor.
    + specialize (H 1); simpl in H. now rewrite app_nil_r in H.
    + apply IH; intros k. pose proof (H 1) as H1; simpl in H1; rewrite app_nil_r in H1.
      specialize (H (S k)); simpl in H. now rewrite value_app, H1, unit_left in H.
Qed.

(* Step 2: inside sigma the prefixes run from any value q through q h for all h, so every value occurs. *)
Theorem sigma_reaches_all : forall (G : finite_group) (q x : G), exists u v,
  sigma G = u ++ v /\ op q (value u) = x.
Proof.
  intros G q x. destruct (in_split (op (inv q) x) (members G) (members_all G _)) as (l1 & l2 & E).
  exists (concat (map (fun h => [h; inv h]) l1) ++ [op (inv q) x]),
    (inv (op (inv q) x) :: concat (map (fun h => [h; inv h]) l2)).
  split.
  - unfold sigma. rewrite E, map_app, concat_app, <- app_assoc. reflexivity.
  - rewrite value_app, pairs_value, unit_left; simpl. now rewrite unit_right, op_assoc, inv_right, unit_left.
Qed.

(* Steps 1 to 4 for every r from the greatest gap on. *)
Theorem closure_hard_from : forall (G : finite_group) (r : nat) (gs : list G), 4 * order G - 1 <= r ->
  (closure trivial r (encoded gs) <-> value gs = unit).
Proof.
  intros G r gs Hr; split.
  - intros H. rewrite <- encoded_value. apply trivial_spec.
    exact (closure_value G trivial (trivial_is_group G) r _ H).
  - intros E. apply (encoded_blocks G r gs Hr []); [simpl; lia|]. simpl; now rewrite unit_left.
Qed.

Theorem closure_hard : forall (G : finite_group) (gs : list G),
  closure trivial (4 * order G + 1) (encoded gs) <-> value gs = unit.
Proof. intros; apply closure_hard_from; lia. Qed.

(* Step 3: gaps between positions with prefix value 1 are at most 4|G| - 1, whatever the product. *)
Theorem closure_hard_gaps : forall (G : finite_group) (gs : list G),
  gaps_at_most trivial (4 * order G - 1) (encoded gs).
Proof.
  intros G gs i j Hij Fi Fj None.
  set (whole := encoded (gs ++ [inv (value gs)])).
  assert (W : whole = encoded gs ++ encoded [inv (value gs)]).
  { unfold whole, encoded; now rewrite map_app, concat_app. }
  assert (P : forall k, k <= length (encoded gs) -> firstn k whole = firstn k (encoded gs)).
  { intros k Hk. rewrite W, firstn_app. replace (k - length (encoded gs)) with 0 by lia. simpl; apply app_nil_r. }
  assert (C : gaps_at_most (@trivial G) (4 * order G - 1) whole).
  { apply closure_group; [apply trivial_is_group|]. apply closure_hard_from; [lia|].
    rewrite value_app; simpl. now rewrite unit_right, inv_right. }
  apply C; try (rewrite P by lia; assumption).
  - rewrite W, app_length; lia.
  - intros k Hk; rewrite P by lia; now apply None.
Qed.
