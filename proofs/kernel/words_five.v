(* The permutations of five points: a finite non-solvable group, and Barrington's bound 4^d.

   Settles, for fact:barrington,
     five_cycles_are_commutators   every 5-cycle is a commutator of two 5-cycles
     symmetric_nonsolvable         the derived series of S_5 never becomes trivial
     barrington_symmetric          every formula of depth d and every 5-cycle c: a word of length <= 4^d over S_5 that
                                   is c where the formula is true, 1 where it is false
   Products are read from left to right: a b means first a, then b. *)

From Coq Require Import Eqdep_dec.
From Precise Require Export words_barrington.

Inductive point := P0 | P1 | P2 | P3 | P4.
Definition points := [P0; P1; P2; P3; P4].
Definition same (a b : point) : bool :=
  match a, b with P0, P0 | P1, P1 | P2, P2 | P3, P3 | P4, P4 => true | _, _ => false end.

(* The images of the five points. *)
Record table := { at0 : point; at1 : point; at2 : point; at3 : point; at4 : point }.
Definition image_of (t : table) (x : point) : point :=
  match x with P0 => at0 t | P1 => at1 t | P2 => at2 t | P3 => at3 t | P4 => at4 t end.
Definition table_of (f : point -> point) : table := Build_table (f P0) (f P1) (f P2) (f P3) (f P4).
Definition then_ (a b : table) : table := table_of (fun x => image_of b (image_of a x)).
Definition identity : table := table_of (fun x => x).
Definition preimage (t : table) (y : point) : point :=
  match find (fun x => same (image_of t x) y) points with Some x => x | None => P0 end.
Definition inverse (t : table) : table := table_of (preimage t).
Definition same_table (a b : table) : bool := forallb (fun x => same (image_of a x) (image_of b x)) points.

(* Every point is an image. *)
Definition is_permutation (t : table) : bool :=
  forallb (fun y => existsb (fun x => same (image_of t x) y) points) points.

Definition tables : list table :=
  flat_map (fun a => flat_map (fun b => flat_map (fun c => flat_map (fun d =>
    map (fun e => Build_table a b c d e) points) points) points) points) points.
Definition permutations : list table := filter is_permutation tables.

Lemma same_spec a b : same a b = true <-> a = b.
Proof. destruct a, b; simpl; split; congruence. Qed.

Lemma same_table_spec a b : same_table a b = true <-> a = b.
Proof.
  unfold same_table. destruct a as [a0 a1 a2 a3 a4], b as [b0 b1 b2 b3 b4]; simpl.
  rewrite !andb_true_iff, !same_spec. split.
  - intros (-> & -> & -> & -> & -> & _); reflexivity.
  - intros E; injection E; intros; subst; easy.
Qed.

Lemma points_all x : In x points.
Proof. destruct x; simpl; tauto. Qed.

Lemma tables_all t : In t tables.
Proof.
  destruct t as [a b c d e]. unfold tables.
  repeat (apply in_flat_map; eexists; split; [apply points_all|]). apply in_map, points_all.
Qed.

Lemma permutations_all t : is_permutation t = true -> In t permutations.
Proof. intros H. apply filter_In. split; [apply tables_all|exact H]. Qed.

(* Facts about all permutations are decided by going through the 120 of them. *)
Lemma for_all_permutations (P : table -> bool) : forallb P permutations = true ->
  forall t, is_permutation t = true -> P t = true.
Proof. intros H t Ht. rewrite forallb_forall in H. apply H, permutations_all, Ht. Qed.

Lemma identity_permutes : is_permutation identity = true.
Proof. reflexivity. Qed.

Lemma then_permutes a b : is_permutation a = true -> is_permutation b = true -> is_permutation (then_ a b) = true.
Proof.
  intros Ha Hb. revert b Hb. apply for_all_permutations. revert a Ha. apply for_all_permutations.
  vm_compute. reflexivity.
Qed.

Lemma inverse_permutes a : is_permutation a = true -> is_permutation (inverse a) = true.
Proof. revert a. apply for_all_permutations. vm_compute. reflexivity. Qed.

Lemma inverse_left a : is_permutation a = true -> same_table (then_ (inverse a) a) identity = true.
Proof. revert a. apply for_all_permutations. vm_compute. reflexivity. Qed.

Lemma inverse_right a : is_permutation a = true -> same_table (then_ a (inverse a)) identity = true.
Proof. revert a. apply for_all_permutations. vm_compute. reflexivity. Qed.

Lemma image_table_of f x : image_of (table_of f) x = f x.
Proof. now destruct x. Qed.

Lemma then_assoc a b c : then_ a (then_ b c) = then_ (then_ a b) c.
Proof.
  apply same_table_spec. unfold same_table. apply forallb_forall. intros x _.
  unfold then_. rewrite !image_table_of. now apply same_spec.
Qed.

Definition permutation := { t : table | is_permutation t = true }.
Definition table_in (a : permutation) : table := proj1_sig a.

Lemma permutation_eq (a b : permutation) : proj1_sig a = proj1_sig b -> a = b.
Proof.
  destruct a as [a Ha], b as [b Hb]; simpl. intros ->. f_equal. apply UIP_dec, bool_dec.
Qed.

Definition product (a b : permutation) : permutation :=
  exist _ (then_ (proj1_sig a) (proj1_sig b)) (then_permutes _ _ (proj2_sig a) (proj2_sig b)).
Definition neutral : permutation := exist _ identity identity_permutes.
Definition opposite (a : permutation) : permutation :=
  exist _ (inverse (proj1_sig a)) (inverse_permutes _ (proj2_sig a)).

Lemma then_identity a : then_ identity a = a.
Proof. destruct a; reflexivity. Qed.

Lemma identity_then a : then_ a identity = a.
Proof. destruct a as [a b c d e]. now destruct a, b, c, d, e. Qed.

Definition permutation_monoid : monoid.
Proof.
  refine {| element := permutation; unit := neutral; op := product |}.
  - intros a b c. apply permutation_eq. apply then_assoc.
  - intros a. apply permutation_eq. apply then_identity.
  - intros a. apply permutation_eq. apply identity_then.
Defined.

(* The list of all permutations with their proofs. *)
Definition packed (t : table) : list permutation :=
  match bool_dec (is_permutation t) true with left H => [exist _ t H] | right _ => [] end.
Definition all_permutations : list permutation := flat_map packed tables.

Lemma all_permutations_all (a : permutation) : In a all_permutations.
Proof.
  destruct a as [t H]. apply in_flat_map. exists t; split; [apply tables_all|]. unfold packed.
  destruct (bool_dec (is_permutation t) true) as [H'|N]; [|contradiction]. left. now apply permutation_eq.
Qed.

Lemma all_permutations_order : map table_in all_permutations = permutations.
Proof.
  unfold all_permutations, permutations. induction tables as [|t l IH]; [reflexivity|].
  simpl. rewrite map_app, IH. unfold packed.
  destruct (bool_dec (is_permutation t) true) as [H|N].
  - simpl. now rewrite H.
  - apply not_true_is_false in N. simpl. now rewrite N.
Qed.

Fixpoint distinct (l : list table) : bool :=
  match l with [] => true | t :: l' => negb (existsb (same_table t) l') && distinct l' end.

Lemma distinct_spec l : distinct l = true -> NoDup l.
Proof.
  induction l as [|t l IH]; intros H; constructor; simpl in H; apply andb_prop in H; destruct H as [H1 H2].
  - intros I. apply negb_true_iff in H1.
    assert (E : existsb (same_table t) l = true).
    { apply existsb_exists; exists t; split; [exact I|now apply same_table_spec]. }
    congruence.
  - now apply IH.
Qed.

Definition symmetric : finite_group.
Proof.
  refine {| base := permutation_monoid; inv := opposite;
            equal := fun a b => same_table (proj1_sig a) (proj1_sig b); members := all_permutations |}.
  - intros a. apply permutation_eq, same_table_spec. exact (inverse_left _ (proj2_sig a)).
  - intros a. apply permutation_eq, same_table_spec. exact (inverse_right _ (proj2_sig a)).
  - intros a b. rewrite same_table_spec. split; [apply permutation_eq|congruence].
  - apply all_permutations_all.
  - apply (NoDup_map_inv table_in). rewrite all_permutations_order. apply distinct_spec. vm_compute. reflexivity.
Defined.

Theorem symmetric_order : order symmetric = 120.
Proof.
  unfold order. change (length all_permutations = 120).
  rewrite <- (map_length table_in), all_permutations_order. vm_compute. reflexivity.
Qed.

(* A 5-cycle takes P0 through five different points and back. *)
Definition is_cycle (t : table) : bool :=
  let s := image_of t in
  forallb (fun y => existsb (same y) [P0; s P0; s (s P0); s (s (s P0)); s (s (s (s P0)))]) points &&
  same (s (s (s (s (s P0))))) P0.
Definition five_cycle (a : symmetric) : Prop := is_cycle (proj1_sig a) = true.
Definition cycles : list table := filter is_cycle permutations.

Definition commutes_to (c a b : table) : bool := same_table c (then_ a (then_ b (then_ (inverse a) (inverse b)))).

Definition from_two_cycles (c : table) : bool := existsb (fun a => existsb (fun b => commutes_to c a b) cycles) cycles.
Definition cycle_facts (c : table) : bool := negb (is_cycle c) || (is_cycle (inverse c) && from_two_cycles c).

Lemma cycle_data : forallb cycle_facts permutations = true.
Proof. vm_compute. reflexivity. Qed.

Lemma five_cycle_facts : forall c : symmetric, five_cycle c ->
  five_cycle (inv c) /\ exists a b, five_cycle a /\ five_cycle b /\ c = commutator a b.
Proof.
  intros c Hc. pose proof (for_all_permutations _ cycle_data (table_in c) (proj2_sig c)) as H.
  change (is_cycle (table_in c) = true) in Hc. unfold cycle_facts in H.
  apply orb_prop in H. rewrite Hc in H. destruct H as [H|H]; [discriminate|].
  apply andb_prop in H. destruct H as [H1 H].
  split; [exact H1|]. apply existsb_exists in H. destruct H as (a & Ia & H). apply existsb_exists in H.
  destruct H as (b & Ib & H). apply filter_In in Ia, Ib. destruct Ia as [Ia Ca], Ib as [Ib Cb].
  apply filter_In in Ia, Ib. destruct Ia as [_ Ia], Ib as [_ Ib].
  exists (exist _ a Ia : symmetric), (exist _ b Ib : symmetric). split; [exact Ca|]. split; [exact Cb|].
  apply permutation_eq. apply same_table_spec in H. exact H.
Qed.

Theorem five_cycles_are_commutators : forall c : symmetric, five_cycle c ->
  exists a b, five_cycle a /\ five_cycle b /\ c = commutator a b.
Proof. intros c Hc. now apply five_cycle_facts. Qed.

Lemma one_commutator (G : finite_group) (a b : G) : commutators [(a, b)] = commutator a b.
Proof. unfold commutators; simpl. apply unit_right. Qed.

Definition a_cycle : symmetric := exist _ (Build_table P1 P2 P3 P4 P0) eq_refl.

Theorem symmetric_nonsolvable : nonsolvable symmetric.
Proof.
  assert (H : forall n (c : symmetric), five_cycle c -> derived symmetric n c).
  { induction n as [|n IH]; [easy|]. intros c Hc.
    destruct (five_cycles_are_commutators c Hc) as (a & b & Ha & Hb & ->).
    exists [(a, b)]; split; [constructor; [split; now apply IH|constructor]|].
    symmetry; apply one_commutator. }
  intros n. exists a_cycle; split; [now apply H|]. intros E. apply (f_equal table_in) in E. discriminate.
Qed.

Theorem barrington_symmetric : forall (f : formula) (c : symmetric), five_cycle c ->
  exists p : list (instruction symmetric), 1 <= length p <= 4 ^ depth f /\ computes p (fun x => eval x f) c.
Proof.
  intros f c Hc. apply (barrington_cycles symmetric five_cycle); [| |exact Hc].
  - intros a Ha. now apply five_cycle_facts.
  - intros a Ha. now apply five_cycles_are_commutators.
Qed.
