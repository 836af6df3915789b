(* Formulas, permutations, finite memory and small circuits: elementary statements for all sizes.

   Settles
     def:bool-formula         the postfix word of a formula evaluates to the formula's value (postfix_value)
     def:arith-formula        1 + x, x y, x + y + x y over Z_2 are NOT, AND, OR in every formula (arithmetic_value)
     def:perm-composition     the product of permutations is what each point goes through (product_traced)
     lem:membership-direct-test@one-less   exponents below |S| suffice (direct_test_one_less)
     lem:membership-in-nc1    the values of the splits of v can be updated letter by letter (splits_updated)
     fact:strictness          AND depends on every input (and_sees_all)
     fact:hierarchy           carry-save, addition and comparison are right for every width (adders_are_right)
     def:l-uniform            three counters have at most 3 bits(n) + 4 bits (counters_are_short)
     conv:io                  a significand is positive iff one of its bits is 1 (positive_iff_some_bit)
     thm:fixed-membership, thm:closure   the chain of implications (no_family_decides) *)

From Precise Require Export words_omega.

Inductive tree := Leaf (b : bool) | Neg (f : tree) | Conj (f g : tree) | Disj (f g : tree).

Fixpoint truth (f : tree) : bool :=
  match f with
  | Leaf b => b | Neg f => negb (truth f) | Conj f g => truth f && truth g | Disj f g => truth f || truth g
  end.

Inductive mark := Bit (b : bool) | MarkNot | MarkAnd | MarkOr.

Fixpoint postfix (f : tree) : list mark :=
  match f with
  | Leaf b => [Bit b] | Neg f => postfix f ++ [MarkNot]
  | Conj f g => postfix f ++ postfix g ++ [MarkAnd] | Disj f g => postfix f ++ postfix g ++ [MarkOr]
  end.

(* One letter of a postfix word, on a stack; None where there is too little on it. *)
Definition push (stack : option (list bool)) (m : mark) : option (list bool) :=
  match m, stack with
  | Bit b, Some l => Some (b :: l)
  | MarkNot, Some (a :: l) => Some (negb a :: l)
  | MarkAnd, Some (b :: a :: l) => Some (a && b :: l)
  | MarkOr, Some (b :: a :: l) => Some (a || b :: l)
  | _, _ => None
  end.

Lemma postfix_on_stack f : forall l, fold_left push (postfix f) (Some l) = Some (truth f :: l).
Proof.
  induction f as [b|f IH|f IHf g IHg|f IHf g IHg]; intros l; [easy| | |]; simpl postfix; rewrite !fold_left_app.
  - now rewrite IH.
  - now rewrite IHf, IHg.
  - now rewrite IHf, IHg.
Qed.

Theorem postfix_value : forall f : tree, fold_left push (postfix f) (Some []) = Some [truth f].
Proof. intros f; apply postfix_on_stack. Qed.

(* The arithmetic formula over Z_2: addition is xorb, multiplication andb. *)
Fixpoint arithmetic (f : tree) : bool :=
  match f with
  | Leaf b => b | Neg f => xorb true (arithmetic f) | Conj f g => andb (arithmetic f) (arithmetic g)
  | Disj f g => xorb (xorb (arithmetic f) (arithmetic g)) (andb (arithmetic f) (arithmetic g))
  end.

Theorem arithmetic_value : forall f : tree, arithmetic f = truth f.
Proof.
  induction f as [b|f IH|f IHf g IHg|f IHf g IHg]; simpl; [easy| | |]; rewrite ?IH, ?IHf, ?IHg; [easy|easy|].
  now destruct (truth f), (truth g).
Qed.

(* The product of maps of points, the first one first. *)
Definition after {X : Type} (a b : X -> X) : X -> X := fun x => b (a x).

Theorem product_traced : forall (X : Type) (word : list (X -> X)) (x : X),
  fold_left after word (fun y => y) x = fold_left (fun y g => g y) word x.
Proof.
  intros X word x. assert (E : forall f, fold_left after word f x = fold_left (fun y g => g y) word (f x)).
  { induction word as [|g word IH]; intros f; simpl; [easy|]. now rewrite IH. }
  apply E.
Qed.

Definition split_values {S : semigroup} {A : Type} (h : A -> S) (v : list A) (a b : option S) : Prop :=
  exists v1 v2, v = v1 ++ v2 /\ a = image h v1 /\ b = image h v2.

Theorem splits_updated : forall (S : semigroup) (A : Type) (h : A -> S) (v : list A) (x : A) (a b : option S),
  split_values h (v ++ [x]) a b <->
  (exists c, split_values h v a c /\ b = join S c (Some (h x))) \/ (a = image h (v ++ [x]) /\ b = None).
Proof.
  intros S A h v x a b; split.
  - intros (v1 & v2 & E & -> & ->). destruct v2 as [|y v2] using rev_ind.
    + right. rewrite app_nil_r in E. now rewrite E.
    + left. rewrite app_assoc in E. apply app_inj_tail in E. destruct E as [-> ->].
      exists (image h v2); split; [now exists v1, v2|]. now rewrite image_app.
  - intros [(c & (v1 & v2 & -> & -> & ->) & ->)|[-> ->]].
    + exists v1, (v2 ++ [x]). rewrite app_assoc, image_app. now split.
    + exists (v ++ [x]), []. now rewrite app_nil_r.
Qed.

Theorem and_sees_all : forall (before behind : nat),
  forallb (fun b => b) (repeat true before ++ true :: repeat true behind) = true
  /\ forallb (fun b => b) (repeat true before ++ false :: repeat true behind) = false.
Proof.
  intros m n. assert (T : forall k, forallb (fun b => b) (repeat true k) = true) by (induction k; easy).
  rewrite !forallb_app; simpl. now rewrite !T.
Qed.

(* The number of a list of bits, the lowest first. *)
Definition digit (b : bool) : nat := if b then 1 else 0.
Fixpoint number (bits : list bool) : nat := match bits with [] => 0 | b :: l => digit b + 2 * number l end.

Definition exclusive (a b : bool) : bool := orb (andb a (negb b)) (andb (negb a) b).
Definition sum_bit (a b c : bool) : bool := exclusive (exclusive a b) c.
Definition carry_bit (a b c : bool) : bool := orb (andb a b) (andb c (orb a b)).

Theorem carry_save_keeps_sums : forall columns : list (bool * bool * bool),
  number (map (fun t => sum_bit (fst (fst t)) (snd (fst t)) (snd t)) columns)
  + number (false :: map (fun t => carry_bit (fst (fst t)) (snd (fst t)) (snd t)) columns)
  = number (map (fun t => fst (fst t)) columns) + number (map (fun t => snd (fst t)) columns) + number (map snd columns).
Proof.
  induction columns as [|[[a b] c] columns IH]; [easy|]. simpl in *. destruct a, b, c; simpl in *; lia.
Qed.

Fixpoint ripple (columns : list (bool * bool)) (c : bool) : list bool :=
  match columns with
  | [] => [c] | (a, b) :: rest => sum_bit a b c :: ripple rest (carry_bit a b c)
  end.

Theorem ripple_adds : forall (columns : list (bool * bool)) (c : bool),
  number (ripple columns c) = number (map fst columns) + number (map snd columns) + digit c.
Proof.
  induction columns as [|[a b] columns IH]; intros c; [simpl; lia|].
  simpl. rewrite IH. destruct a, b, c; simpl; lia.
Qed.

(* A bit of the number, a bit of the limit, and whether the number is greater so far. *)
Definition greater_so_far (g : bool) (place : bool * bool) : bool :=
  if snd place then andb (fst place) g else orb (fst place) g.

Theorem comparison_is_right : forall (places : list (bool * bool)) (g : bool),
  fold_left greater_so_far places g = (number (map snd places) <? number (map fst places) + digit g).
Proof.
  induction places as [|[a b] places IH]; intros g; [now destruct g|]. simpl. rewrite IH.
  apply eq_true_iff_eq. rewrite !Nat.ltb_lt. destruct a, b, g; simpl; lia.
Qed.

Theorem adders_are_right :
  (forall columns : list (bool * bool * bool),
    number (map (fun t => sum_bit (fst (fst t)) (snd (fst t)) (snd t)) columns)
    + number (false :: map (fun t => carry_bit (fst (fst t)) (snd (fst t)) (snd t)) columns)
    = number (map (fun t => fst (fst t)) columns) + number (map (fun t => snd (fst t)) columns) + number (map snd columns))
  /\ (forall columns c, number (ripple columns c) = number (map fst columns) + number (map snd columns) + digit c)
  /\ (forall places g,
    fold_left greater_so_far places g = (number (map snd places) <? number (map fst places) + digit g)).
Proof. split; [exact carry_save_keeps_sums|split; [exact ripple_adds|exact comparison_is_right]]. Qed.

(* Bits of i >= 1 are Nat.log2 i + 1; the third counter is set only to gates below 2 n. *)
Theorem counters_are_short : forall n i j : nat, 1 <= i < 2 * n -> 1 <= j < 2 * n ->
  (Nat.log2 i + 1) + (Nat.log2 (2 * i) + 1) + (Nat.log2 j + 1) <= 3 * (Nat.log2 n + 1) + 4.
Proof.
  intros n i j Hi Hj. assert (H : forall k, 1 <= k < 2 * n -> Nat.log2 k <= Nat.log2 n + 1).
  { intros k Hk. rewrite Nat.add_1_r, <- Nat.log2_double by lia. apply Nat.log2_le_mono. lia. }
  rewrite (Nat.log2_double i) by lia. pose proof (H i Hi). pose proof (H j Hj). lia.
Qed.

Theorem positive_iff_some_bit : forall bits : list bool, 0 < number bits <-> existsb (fun b => b) bits = true.
Proof.
  induction bits as [|b bits IH]; simpl; [split; [lia|easy]|]. rewrite orb_true_iff, <- IH. destruct b; simpl; split.
  - now left.
  - lia.
  - intros H; right; lia.
  - intros [E|H]; [easy|lia].
Qed.

Theorem no_family_decides : forall decides member_of_tc0 hard included equal : Prop,
  (decides -> member_of_tc0) -> (member_of_tc0 -> hard -> included) -> (included -> equal) -> hard -> ~ equal -> ~ decides.
Proof. tauto. Qed.

(* A sequence in a list in which each value determines the next one takes all its values below the list's length. *)
Lemma orbit {X : Type} (dec : forall a b : X, {a = b} + {a <> b}) (l : list X) (f : nat -> X) :
  (forall k, In (f k) l) -> (forall a b, f a = f b -> f (a + 1) = f (b + 1)) ->
  forall i, exists k, k < length l /\ f k = f i.
Proof.
  intros H N i. induction i as [i IH] using lt_wf_ind.
  destruct (le_lt_dec (length l) i) as [L|L]; [|now exists i].
  destruct (pigeonhole dec l f (length l + 1)) as (a & b & Hab & E); [easy|lia|].
  assert (M : forall m, f (a + m) = f (b + m)).
  { induction m as [|m IHm]; [now rewrite !Nat.add_0_r|].
    replace (a + S m) with (a + m + 1) by lia. replace (b + S m) with (b + m + 1) by lia. now apply N. }
  destruct (IH (a + (i - b))) as (k & Hk & Ek); [lia|]. exists k; split; [exact Hk|].
  rewrite Ek, M. f_equal. lia.
Qed.

Section OneLess.
Variables (G : semigroup) (A : Type) (h : A -> G) (elements : list G).
Hypothesis complete : forall a, In a elements.
Hypothesis dec : forall a b : G, {a = b} + {a <> b}.

Lemma image_of_some (w : list A) : w <> [] -> In (image h w) (map Some elements).
Proof.
  destruct w as [|a w]; [easy|]. intros _. simpl. destruct (image h w) as [s|]; simpl; now apply in_map.
Qed.

Lemma powers_behind (v w : list A) i : w <> [] ->
  exists k, k < length elements /\ image h (w ++ repeated v k) = image h (w ++ repeated v i).
Proof.
  intros W. rewrite <- (map_length Some elements).
  apply (orbit (X := option G) ltac:(decide equality) _ (fun k => image h (w ++ repeated v k))).
  - intros k. apply image_of_some. now destruct w.
  - intros a b E. rewrite !Nat.add_1_r. simpl repeated. rewrite <- !repeated_snoc, !app_assoc, !(image_app _ _ h (_ ++ _)).
    now rewrite E.
Qed.

Lemma powers_before (v w : list A) i : w <> [] ->
  exists k, k < length elements /\ image h (repeated v k ++ w) = image h (repeated v i ++ w).
Proof.
  intros W. rewrite <- (map_length Some elements).
  apply (orbit (X := option G) ltac:(decide equality) _ (fun k => image h (repeated v k ++ w))).
  - intros k. apply image_of_some. intros E. apply app_eq_nil in E. easy.
  - intros a b E. rewrite !Nat.add_1_r. simpl repeated. rewrite <- !app_assoc, !(image_app _ _ h v). now rewrite E.
Qed.

Lemma fewer_in_test (u v v1 v2 : list A) (s e : option G) i j :
  v = v1 ++ v2 -> v <> [] -> u ++ v1 <> [] ->
  image h (u ++ repeated v i ++ v1) = s -> image h (v2 ++ repeated v j ++ v1) = e ->
  exists k l, k < length elements /\ l < length elements /\
    image h (u ++ repeated v k ++ v1) = s /\ image h (v2 ++ repeated v l ++ v1) = e.
Proof.
  intros E V U Hs He.
  assert (first : exists k, k < length elements /\ image h (u ++ repeated v k ++ v1) = s).
  { destruct u as [|a u].
    - destruct (powers_before v v1 i U) as (k & Hk & Ek). exists k; split; [exact Hk|]. simpl in *. now rewrite Ek.
    - destruct (powers_behind v (a :: u) i) as (k & Hk & Ek); [easy|]. exists k; split; [exact Hk|].
      rewrite app_assoc, image_app, Ek, <- image_app, <- app_assoc. exact Hs. }
  assert (second : exists l, l < length elements /\ image h (v2 ++ repeated v l ++ v1) = e).
  { destruct v2 as [|a v2].
    - destruct (powers_before v v1 j) as (l & Hl & El).
      + rewrite app_nil_r in E. now rewrite <- E.
      + exists l; split; [exact Hl|]. simpl in *. now rewrite El.
    - destruct (powers_behind v (a :: v2) j) as (l & Hl & El); [easy|]. exists l; split; [exact Hl|].
      rewrite app_assoc, image_app, El, <- image_app, <- app_assoc. exact He. }
  destruct first as (k & Hk & Ek), second as (l & Hl & El). now exists k, l.
Qed.
End OneLess.

Theorem direct_test_one_less : forall (G : semigroup) (elements : list G) (A : Type) (h : A -> G) (P : G -> G -> Prop)
    (d : A) (u v : list A),
  (forall a, In a elements) -> (forall a b : G, {a = b} + {a <> b}) -> (forall s e, P s e -> linked s e) -> v <> nil ->
  (omega_member h P (periodic d u v) <->
   exists s e v1 v2 i j, P s e /\ v = v1 ++ v2 /\ i < length elements /\ j < length elements /\
     image h (u ++ repeated v i ++ v1) = Some s /\ image h (v2 ++ repeated v j ++ v1) = Some e).
Proof.
  intros G l A h P d u v C D PL V; split.
  - intros M. apply (direct_test G l A h P d u v C D PL V) in M.
    destruct M as (s & e & v1 & v2 & i & j & Hp & E & _ & _ & Hs & He).
    assert (U : (u = [] /\ v1 = []) \/ u ++ v1 <> []) by (destruct u, v1; simpl; auto; right; easy).
    destruct U as [U|U].
    + destruct U as [-> ->]. simpl in E, Hs, He. subst v2. destruct i as [|i]; [easy|].
      rewrite app_nil_r in Hs. rewrite app_nil_r in He. simpl in Hs. rewrite <- repeated_snoc in Hs.
      rewrite <- repeated_snoc in He.
      destruct (fewer_in_test G A h l C D [] v v [] (Some s) (Some e) i j) as (k & m & Hk & Hm & Ek & Em);
        [now rewrite app_nil_r|exact V|exact V|exact Hs|exact He|].
      exists s, e, v, [], k, m. repeat split; try assumption. now rewrite app_nil_r.
    + destruct (fewer_in_test G A h l C D u v v1 v2 (Some s) (Some e) i j E V U Hs He) as (k & m & Hk & Hm & Ek & Em).
      now exists s, e, v1, v2, k, m.
  - intros (s & e & v1 & v2 & i & j & Hp & E & _ & _ & Hs & He).
    apply (test_suffices G A h P d u v V). now exists s, e, v1, v2, i, j.
Qed.
