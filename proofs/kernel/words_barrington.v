(* Barrington's theorem: Boolean formulas as words over a finite non-solvable group, for every formula.

   Settles, for fact:barrington,
     barrington            every formula of depth d is computed by a word of length at most (4|G|)^d over every finite
                           group whose derived series never becomes trivial; each letter depends on one variable
     barrington_cycles     the same with length at most 4^d if each value of a set is a commutator of two of the set
                           (S_5 with its 5-cycles: words_five.v)
   and, with words_closure.v and words_periodic.v,
     formula_in_closure    for lem:closure-hard: a formula is false iff a word with one variable a letter is in the
                           closure for F = {1}, r = 4|G|+1
     formula_in_omega      for lem:membership-hard: a formula is false iff u 1 1 1 ... is in [P], P = {(1,1)}
   Depth counts AND and OR; NOT is free. *)

From Precise Require Export words_closure.
From Precise Require Export words_periodic.

Inductive formula :=
  | Var (i : nat) | Const (b : bool) | Not (f : formula) | And (f g : formula) | Or (f g : formula).

Fixpoint eval (x : nat -> bool) (f : formula) : bool :=
  match f with
  | Var i => x i | Const b => b | Not f => negb (eval x f)
  | And f g => eval x f && eval x g | Or f g => eval x f || eval x g
  end.

Fixpoint depth (f : formula) : nat :=
  match f with
  | Var _ | Const _ => 0 | Not f => depth f | And f g | Or f g => S (Nat.max (depth f) (depth g))
  end.

(* A letter reads one variable and is one of two elements; a program is a word of such letters. *)
Record instruction (G : finite_group) := { variable : nat; if_true : G; if_false : G }.
Arguments variable {G}. Arguments if_true {G}. Arguments if_false {G}.
Definition letter_at {G : finite_group} (x : nat -> bool) (a : instruction G) : G :=
  if x (variable a) then if_true a else if_false a.
Definition word_at {G : finite_group} (x : nat -> bool) (p : list (instruction G)) : list G := map (letter_at x) p.

(* The word has the value c where the condition is true, and 1 where it is false. *)
Definition computes {G : finite_group} (p : list (instruction G)) (b : (nat -> bool) -> bool) (c : G) : Prop :=
  forall x, value (word_at x p) = if b x then c else unit.

Definition commutator {G : finite_group} (a b : G) : G := op a (op b (op (inv a) (inv b))).
Definition commutators {G : finite_group} (l : list (G * G)) : G :=
  value (map (fun ab => commutator (fst ab) (snd ab)) l).

(* The derived series: all elements, then the products of commutators of elements of the term before. *)
Fixpoint derived (G : finite_group) (n : nat) (c : G) : Prop :=
  match n with
  | O => True
  | S m => exists l, Forall (fun ab => derived G m (fst ab) /\ derived G m (snd ab)) l /\ c = commutators l
  end.
Definition nonsolvable (G : finite_group) : Prop := forall n, exists c, derived G n c /\ c <> unit.

Section Programs.
Variable G : finite_group.

Lemma inv_inv (a : G) : inv (inv a) = a.
Proof. rewrite <- (unit_right G (inv (inv a))), <- (inv_left G a), op_assoc, inv_left. apply unit_left. Qed.

Lemma inv_unit : inv (@unit G) = unit.
Proof. rewrite <- (unit_right G (inv unit)). apply inv_left. Qed.

Lemma inv_op (a b : G) : inv (op a b) = op (inv b) (inv a).
Proof.
  rewrite <- (unit_left G (op (inv b) (inv a))), <- (inv_left G (op a b)), <- !op_assoc.
  now rewrite (op_assoc G b), inv_right, unit_left, inv_right, unit_right.
Qed.

Lemma commutator_unit_left (b : G) : commutator unit b = unit.
Proof. unfold commutator. now rewrite inv_unit, !unit_left, inv_right. Qed.

Lemma commutator_unit_right (a : G) : commutator a unit = unit.
Proof. unfold commutator. now rewrite inv_unit, unit_left, unit_right, inv_right. Qed.

Lemma commutator_inverse (a b : G) : inv (commutator a b) = commutator b a.
Proof. unfold commutator. now rewrite !inv_op, !inv_inv, <- !op_assoc. Qed.

Lemma derived_inverse n (c : G) : derived G n c -> derived G n (inv c).
Proof.
  destruct n as [|n]; [easy|]. intros (l & H & ->). exists (rev (map (fun ab => (snd ab, fst ab)) l)). split.
  - apply Forall_rev, Forall_map. revert H; apply Forall_impl; intros ab [? ?]; now split.
  - unfold commutators. clear H; induction l as [|[a b] l IH]; simpl; [apply inv_unit|].
    rewrite map_app, value_app, <- IH, inv_op; simpl. now rewrite unit_right, commutator_inverse.
Qed.

(* A product of commutators has one with at most |G| factors: cut out the part between two equal partial products. *)
Lemma few_commutators (P : G * G -> Prop) (l : list (G * G)) : Forall P l ->
  exists m, Forall P m /\ commutators m = commutators l /\ length m <= order G.
Proof.
  remember (length l) as n eqn:E; revert l E; induction n as [n IH] using lt_wf_ind; intros l -> H.
  destruct (le_lt_dec (length l) (order G)) as [L|L]; [now exists l|].
  assert (dec : forall a b : G, {a = b} + {a <> b}).
  { intros a b. destruct (equal a b) eqn:D; [left; now apply equal_spec|right].
    intros F; apply equal_spec in F; congruence. }
  destruct (pigeonhole dec (members G) (fun k => commutators (firstn k l)) (length l)) as (a & b & Hab & E).
  - intros; apply members_all.
  - exact L.
  - destruct (IH (length (firstn a l ++ skipn b l))) with (l := firstn a l ++ skipn b l) as (m & Hm & Em & Lm).
    + rewrite app_length, firstn_length, skipn_length; lia.
    + reflexivity.
    + pose proof H as H'. rewrite <- (firstn_skipn a l) in H. rewrite <- (firstn_skipn b l) in H'.
      apply Forall_app in H, H'. now apply Forall_app.
    + exists m; split; [exact Hm|split; [|exact Lm]]. rewrite Em. unfold commutators in *.
      rewrite map_app, value_app, E, <- value_app, <- map_app, firstn_skipn. reflexivity.
Qed.

Lemma derived_unit n : derived G n unit.
Proof. destruct n as [|n]; [easy|]. now exists []. Qed.

Lemma order_positive : 1 <= order G.
Proof. unfold order. pose proof (members_all G unit). destruct (members G); [easy|simpl; lia]. Qed.

Lemma derived_step n (c : G) : derived G (S n) c -> exists l, 1 <= length l <= order G /\
  Forall (fun ab => derived G n (fst ab) /\ derived G n (snd ab)) l /\ c = commutators l.
Proof.
  intros (l & H & ->). destruct (few_commutators _ l H) as (m & Hm & E & L). pose proof order_positive.
  destruct m as [|ab m]; [|exists (ab :: m); simpl in *; repeat split; (lia || easy)].
  exists [(unit, unit)]; simpl; repeat split; try lia.
  - constructor; [split; apply derived_unit|constructor].
  - rewrite <- E. unfold commutators; simpl. now rewrite commutator_unit_left, unit_right.
Qed.

(* Words for compound conditions. *)

Lemma word_app x (p q : list (instruction G)) :
  value (word_at x (p ++ q)) = op (value (word_at x p)) (value (word_at x q)).
Proof. unfold word_at. now rewrite map_app, value_app. Qed.

(* NOT: the last letter is multiplied by c. *)
Lemma negation (p : list (instruction G)) b c : 1 <= length p -> computes p b (inv c) ->
  exists q, length q = length p /\ computes q (fun x => negb (b x)) c.
Proof.
  intros L H. destruct (exists_last (l := p)) as (r & a & ->); [destruct p; [simpl in L; lia|discriminate]|].
  exists (r ++ [Build_instruction G (variable a) (op (if_true a) c) (op (if_false a) c)]). split.
  - now rewrite !app_length.
  - intros x. specialize (H x). rewrite word_app in *. simpl in *. rewrite unit_right in *.
    assert (E : letter_at x (Build_instruction G (variable a) (op (if_true a) c) (op (if_false a) c))
      = op (letter_at x a) c) by (unfold letter_at; simpl; now destruct (x (variable a))).
    rewrite E, op_assoc, H. destruct (b x); simpl; [apply inv_left|apply unit_left].
Qed.

(* AND of two conditions for one commutator. *)
Lemma conjunction (p q p' q' : list (instruction G)) b1 b2 c1 c2 :
  computes p b1 c1 -> computes q b2 c2 -> computes p' b1 (inv c1) -> computes q' b2 (inv c2) ->
  computes (p ++ q ++ p' ++ q') (fun x => b1 x && b2 x) (commutator c1 c2).
Proof.
  intros H1 H2 H3 H4 x. rewrite !word_app, H1, H2, H3, H4.
  destruct (b1 x), (b2 x); simpl; unfold commutator; rewrite ?unit_left, ?unit_right, ?inv_right; reflexivity.
Qed.

Section Series.
(* Sets such that an element of one is a product of at most K commutators of elements of the set before. *)
Variables (D : nat -> G -> Prop) (K : nat).
Hypothesis D_inverse : forall n c, D n c -> D n (inv c).
Hypothesis D_step : forall n c, D (S n) c -> exists l, 1 <= length l <= K /\
  Forall (fun ab => D n (fst ab) /\ D n (snd ab)) l /\ c = commutators l.

Lemma conjunctions n B b1 b2 :
  (forall c, D n c -> exists p, 1 <= length p <= B /\ computes p b1 c) ->
  (forall c, D n c -> exists p, 1 <= length p <= B /\ computes p b2 c) ->
  forall c, D (S n) c -> exists p, 1 <= length p <= 4 * K * B /\ computes p (fun x => b1 x && b2 x) c.
Proof.
  intros H1 H2 c Hc. destruct (D_step n c Hc) as (l & [Ll Lu] & Hl & ->). clear Hc.
  enough (exists p, 4 * length l <= length p <= 4 * length l * B /\ computes p (fun x => b1 x && b2 x) (commutators l))
    as (p & Lp & Hp) by (exists p; split; [nia|exact Hp]).
  clear Ll Lu; induction Hl as [|[a c] l [Ha Hc] Hl (r & Lr & Hr)].
  - exists []; split; [simpl; lia|]. intros x; simpl. now destruct (b1 x && b2 x).
  - simpl in Ha, Hc. destruct (H1 a Ha) as (p & Lp & Hp). destruct (H2 c Hc) as (q & Lq & Hq).
    destruct (H1 _ (D_inverse n a Ha)) as (p' & Lp' & Hp'). destruct (H2 _ (D_inverse n c Hc)) as (q' & Lq' & Hq').
    exists ((p ++ q ++ p' ++ q') ++ r). split.
    + rewrite !app_length. simpl length. nia.
    + intros x. rewrite word_app, (conjunction p q p' q' b1 b2 a c Hp Hq Hp' Hq'), Hr.
      unfold commutators; simpl. destruct (b1 x && b2 x); [reflexivity|apply unit_left].
Qed.

Lemma words_of_formulas (f : formula) : forall n c, depth f <= n -> D n c ->
  exists p, 1 <= length p <= (4 * K) ^ depth f /\ computes p (fun x => eval x f) c.
Proof.
  assert (Grow : forall a b, 1 <= K -> a <= b -> (4 * K) ^ a <= (4 * K) ^ b).
  { intros a b H1 H2. apply Nat.pow_le_mono_r; lia. }
  induction f as [i|b|f IH|f IHf g IHg|f IHf g IHg]; intros n c Hn Hc; simpl depth in *.
  - exists [Build_instruction G i c unit]; split; [simpl; lia|]. intros x; simpl. unfold letter_at; simpl.
    now rewrite unit_right.
  - exists [Build_instruction G 0 (if b then c else unit) (if b then c else unit)]; split; [simpl; lia|].
    intros x; simpl. unfold letter_at; simpl. rewrite unit_right. now destruct (x 0).
  - destruct (IH n (inv c) Hn (D_inverse n c Hc)) as (p & Lp & Hp).
    destruct (negation p _ c ltac:(lia) Hp) as (q & E & Hq). exists q; split; [lia|exact Hq].
  - destruct n as [|n]; [lia|]. assert (1 <= K) by (destruct (D_step n c Hc) as (l & ? & _); lia).
    apply (conjunctions n ((4 * K) ^ Nat.max (depth f) (depth g))); [| |exact Hc]; intros a Ha.
    + destruct (IHf n a ltac:(lia) Ha) as (p & Lp & Hp). exists p; split; [|exact Hp].
      pose proof (Grow (depth f) (Nat.max (depth f) (depth g)) ltac:(lia) ltac:(lia)). lia.
    + destruct (IHg n a ltac:(lia) Ha) as (p & Lp & Hp). exists p; split; [|exact Hp].
      pose proof (Grow (depth g) (Nat.max (depth f) (depth g)) ltac:(lia) ltac:(lia)). lia.
  - destruct n as [|n]; [lia|]. assert (1 <= K) by (destruct (D_step n c Hc) as (l & ? & _); lia).
    destruct (conjunctions n ((4 * K) ^ Nat.max (depth f) (depth g))
      (fun x => negb (eval x f)) (fun x => negb (eval x g))) with (c := inv c) as (p & Lp & Hp).
    + intros a Ha. destruct (IHf n (inv a) ltac:(lia) (D_inverse n a Ha)) as (p & Lp & Hp).
      destruct (negation p _ a ltac:(lia) Hp) as (q & E & Hq). exists q; split; [|exact Hq].
      pose proof (Grow (depth f) (Nat.max (depth f) (depth g)) ltac:(lia) ltac:(lia)). lia.
    + intros a Ha. destruct (IHg n (inv a) ltac:(lia) (D_inverse n a Ha)) as (p & Lp & Hp).
      destruct (negation p _ a ltac:(lia) Hp) as (q & E & Hq). exists q; split; [|exact Hq].
      pose proof (Grow (depth g) (Nat.max (depth f) (depth g)) ltac:(lia) ltac:(lia)). lia.
    + now apply D_inverse.
    + destruct (negation p _ c ltac:(lia) Hp) as (q & E & Hq). exists q; split; [rewrite Nat.pow_succ_r'; lia|].
      intros x. rewrite Hq. simpl. now destruct (eval x f), (eval x g).
Qed.

End Series.
End Programs.

(* The commutator of two words that compute f and g computes f AND g. *)
Theorem commutator_computes_and : forall (G : finite_group) (p q p' q' : list (instruction G))
    (f g : formula) (a b : G),
  computes p (fun x => eval x f) a -> computes q (fun x => eval x g) b ->
  computes p' (fun x => eval x f) (inv a) -> computes q' (fun x => eval x g) (inv b) ->
  computes (p ++ q ++ p' ++ q') (fun x => eval x (And f g)) (commutator a b).
Proof. intros G p q p' q' f g a b. apply conjunction. Qed.

(* Length at most 4^d where every element of a set, closed under inverses, is a commutator of two of the set. *)
Theorem barrington_cycles : forall (G : finite_group) (C : G -> Prop),
  (forall c, C c -> C (inv c)) -> (forall c, C c -> exists a b, C a /\ C b /\ c = commutator a b) ->
  forall (f : formula) (c : G), C c ->
  exists p, 1 <= length p <= 4 ^ depth f /\ computes p (fun x => eval x f) c.
Proof.
  intros G C I H f c Hc. apply (words_of_formulas G (fun _ => C) 1 (fun _ => I)) with (n := depth f); [|lia|exact Hc].
  intros _ e He. destruct (H e He) as (a & b & Ha & Hb & ->). exists [(a, b)]; simpl; repeat split; try lia.
  - constructor; [now split|constructor].
  - unfold commutators; simpl. now rewrite unit_right.
Qed.

(* For every element of the term of the derived series that the depth gives. *)
Theorem barrington_series : forall (G : finite_group) (f : formula) (c : G), derived G (depth f) c ->
  exists p, 1 <= length p <= (4 * order G) ^ depth f /\ computes p (fun x => eval x f) c.
Proof.
  intros G f c Hc.
  apply (words_of_formulas G (derived G) (order G) (derived_inverse G) (derived_step G)) with (depth f).
  - lia.
  - exact Hc.
Qed.

(* Every finite non-solvable group: the word has the value 1 iff the formula is false. *)
Theorem barrington : forall (G : finite_group), nonsolvable G -> forall f : formula,
  exists p : list (instruction G), 1 <= length p <= (4 * order G) ^ depth f /\
    forall x, value (word_at x p) = unit <-> eval x f = false.
Proof.
  intros G N f. destruct (N (depth f)) as (c & Hc & Ne). destruct (barrington_series G f c Hc) as (p & L & H).
  exists p; split; [exact L|]. intros x. rewrite H. now destruct (eval x f).
Qed.

(* The reductions to the closure problem and to membership of omega-words. *)
Theorem formula_in_closure : forall (G : finite_group), nonsolvable G -> forall f : formula,
  exists p : list (instruction G), 1 <= length p <= (4 * order G) ^ depth f /\
    forall x, closure trivial (4 * order G + 1) (encoded (word_at x p)) <-> eval x f = false.
Proof.
  intros G N f. destruct (barrington G N f) as (p & L & H). exists p; split; [exact L|].
  intros x. now rewrite closure_hard.
Qed.

Theorem formula_in_omega : forall (G : finite_group), nonsolvable G -> forall f : formula,
  exists p : list (instruction G), 1 <= length p <= (4 * order G) ^ depth f /\
    forall x, omega_member letter (only unit) (periodic unit (word_at x p) (unit :: nil)) <-> eval x f = false.
Proof.
  intros G N f. destruct (barrington G N f) as (p & L & H). exists p; split; [exact L|].
  intros x. now rewrite hard_identity_letter.
Qed.
