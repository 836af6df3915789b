(* The depth of MAJORITY by carry-save adders, for every number of inputs.

   Settles, for fact:hierarchy, majority_is_shallow: at n >= 1 inputs the depth is at most 14 log n + 8, where log is
   the binary logarithm rounded down. A round adds at most 6, and there are at most 2 log n rounds. *)

From Precise Require Export adder_tree.

(* Depths: all wires at most d; wires that may be 2 deeper from place to place. *)
Definition below (d : nat) (l : list wire) : Prop := Forall (fun a => deep a <= d) l.
Fixpoint climbs (d : nat) (l : list wire) : Prop :=
  match l with [] => True | a :: l => deep a <= d /\ climbs (d + 2) l end.
Fixpoint many (fuel m : nat) : nat :=
  match fuel with O => 0 | S f => if m <=? 2 then 0 else 1 + many f (m - m / 3) end.

Lemma below_padded d w l : below d l -> below d (padded w l).
Proof.
  intros H. apply Forall_app; split; [exact H|]. apply Forall_forall. intros a I. apply repeat_spec in I. subst a.
  simpl; lia.
Qed.

Lemma below_combined {A} (P : A -> Prop) (l m : list A) : Forall P l -> Forall P m ->
  Forall (fun t => P (fst t) /\ P (snd t)) (combine l m).
Proof.
  intros L; revert m; induction L as [|a l Ha L IH]; intros m M; [constructor|].
  destruct M as [|b m Hb M]; [constructor|].
  simpl. constructor; [easy|now apply IH].
Qed.

Lemma below_cut d w l : below d l -> below d (firstn w l).
Proof. intros H. revert w; induction H as [|a l Ha H IH]; intros [|w]; [constructor..|].
constructor; [exact Ha|apply IH]. Qed.

Lemma round_below d w l : Forall (below d) l -> Forall (below (d + 6)) (round w l).
Proof.
  assert (M : forall d e a, d <= e -> below d a -> below e a).
  { intros e f a L H. induction H; constructor; [lia|assumption]. }
  intros H. apply Forall_app; split; revert H; induction l as [l L|a b c l IH] using by_threes; intros H.
  - rewrite few_left_over by exact L. apply Forall_impl with (2 := H). intros a. apply M. lia.
  - apply IH. now do 3 apply Forall_inv_tail in H.
  - rewrite few_triples by exact L. constructor.
  - inversion H as [|? ? Ha H1]; subst. inversion H1 as [|? ? Hb H2]; subst. inversion H2 as [|? ? Hc H3]; subst.
    assert (C : Forall (fun t => (deep (fst (fst t)) <= d /\ deep (snd (fst t)) <= d) /\
      deep (snd t) <= d) (columns a b c)).
    { unfold columns. cbv zeta. set (m := Nat.max _ _).
      pose proof (below_combined _ _ _ (below_padded d m a Ha) (below_padded d m b Hb)) as F.
      pose proof (below_padded d m c Hc) as G. revert F G. generalize (combine (padded m a) (padded m b)) (padded m c).
      intros l0 l1 F; revert l1; induction F as [|t l0 Ht F IHF]; intros l1 G; [constructor|].
      destruct G as [|u l1 Hu G]; [constructor|]. simpl. constructor; [easy|now apply IHF]. }
    constructor; [|constructor; [|now apply IH]]; apply below_cut.
    + unfold below, sums. apply Forall_map. apply Forall_impl with (2 := C). intros [[x y] z] [[Hx Hy] Hz].
      simpl in *. lia.
    + constructor; [simpl; lia|]. apply Forall_map. apply Forall_impl with (2 := C).
      intros [[x y] z] [[Hx Hy] Hz]. simpl in *. lia.
Qed.

Lemma rounds_below fuel d w l : Forall (below d) l -> Forall (below (d + 6 * many fuel (length l))) (rounds fuel w l).
Proof.
  revert d l; induction fuel as [|fuel IH]; intros d l H; cbn [rounds many]; [now rewrite Nat.mul_0_r, Nat.add_0_r|].
  destruct (Nat.leb_spec (length l) 2); [now rewrite Nat.mul_0_r, Nat.add_0_r|].
  specialize (IH (d + 6) (round w l) (round_below d w l H)). rewrite round_length in IH.
  replace (d + 6 * (1 + many fuel (length l - length l / 3))) with (d + 6 + 6 * many fuel (length l - length l / 3))
    by lia.
  exact IH.
Qed.

Lemma many_small m : m < 20 -> forall fuel, many fuel m <= 2 * Nat.log2 m.
Proof.
  intros H fuel. do 20 (destruct m as [|m]; [destruct fuel as [|[|[|[|[|[|[|[|fuel]]]]]]]]; vm_compute; lia|]). lia.
Qed.

Lemma few_rounds m : forall fuel, many fuel m <= 2 * Nat.log2 m.
Proof.
  induction m as [m IH] using lt_wf_ind. intros fuel. destruct (Nat.lt_ge_cases m 20) as [H|H]; [now apply many_small|].
  assert (L : 1 <= Nat.log2 (m / 2) /\ Nat.log2 m = S (Nat.log2 (m / 2))).
  { pose proof (Nat.div_mod m 2 ltac:(lia)). pose proof (Nat.mod_upper_bound m 2 ltac:(lia)). split.
    - apply (Nat.log2_le_mono 2). lia.
    - apply Nat.log2_unique; [lia|]. pose proof (Nat.log2_spec (m / 2) ltac:(lia)) as [P Q].
      rewrite !Nat.pow_succ_r' in *. lia. }
  destruct L as [L E]. rewrite E. destruct fuel as [|fuel]; cbn [many]; [lia|].
  destruct (Nat.leb_spec m 2); [lia|]. destruct fuel as [|fuel]; cbn [many]; [lia|].
  destruct (Nat.leb_spec (m - m / 3) 2); [lia|]. set (k := m - m / 3 - (m - m / 3) / 3).
  assert (K : k <= m / 2 /\ k < m).
  { unfold k. pose proof (Nat.div_mod m 2 ltac:(lia)). pose proof (Nat.mod_upper_bound m 2 ltac:(lia)).
    pose proof (Nat.div_mod m 3 ltac:(lia)). pose proof (Nat.mod_upper_bound m 3 ltac:(lia)).
    pose proof (Nat.div_mod (m - m / 3) 3 ltac:(lia)). pose proof (Nat.mod_upper_bound (m - m / 3) 3 ltac:(lia)). lia. }
  pose proof (IH k (proj2 K) fuel). pose proof (Nat.log2_le_mono k (m / 2) (proj1 K)). lia.
Qed.

Lemma rippled_climbs d l r : Forall (fun t => deep (fst t) <= d /\ deep (snd t) <= d) l -> deep r <= d + 1 ->
  climbs (d + 6) (rippled l r).
Proof.
  intros H. assert (G : forall e r, d <= e -> deep r <= e + 1 -> climbs (e + 6) (rippled l r)).
  { clear r. induction H as [|[a b] l [Ha Hb] H IH]; intros e r L R; simpl in *; [lia|]. split; [lia|].
    replace (e + 6 + 2) with (e + 2 + 6) by lia. apply IH; simpl; lia. }
  now apply G.
Qed.

Lemma climbs_cut e w l : climbs e l -> climbs e (firstn w l).
Proof. revert e w; induction l as [|a l IH]; intros e [|w]; simpl; try easy.
intros [A C]; split; [exact A|now apply IH]. Qed.

Lemma exceeds_depth l : forall e limit g, climbs e l -> deep g <= e -> deep (exceeds l limit g) <= e + 2 * length l.
Proof.
  induction l as [|a l IH]; intros e limit g C G; [simpl; lia|]. destruct C as [A C]. cbn [exceeds length].
  specialize (IH (e + 2) (limit / 2) (if Nat.odd limit then and_ a g else or_ a g) C).
  assert (deep (if Nat.odd limit then and_ a g else or_ a g) <= e + 2) by (destruct (Nat.odd limit); simpl; lia). lia.
Qed.

Theorem majority_is_shallow : forall inputs : list bool, inputs <> nil ->
  deep (majority inputs) <= 14 * Nat.log2 (length inputs) + 8.
Proof.
  intros inputs N. unfold majority. set (n := length inputs). set (w := bits_of n).
  set (numbers := map (fun b : bool => [Wire b 0]) inputs).
  assert (B : Forall (below 0) numbers) by (apply Forall_map, Forall_forall; intros b _; repeat constructor).
  pose proof (rounds_below n 0 w numbers B) as R. replace (length numbers) with n in R by (symmetry; apply map_length).
  set (d := 0 + 6 * many n n) in R. pose proof (few_rounds n n) as F.
  assert (T : climbs (d + 6) (total (rounds n w numbers))).
  { assert (C : forall a e, below e a -> climbs (e + 6) a).
    { intros a e H. assert (G : forall f, e <= f -> climbs f a); [|apply G; lia].
      induction H as [|x l Hx H IH]; intros f L; simpl; [easy|]. split; [lia|apply IH; lia]. }
    destruct R as [|a l Ha R]; [easy|]. destruct R as [|b l Hb R]; [now apply C|].
    destruct R as [|c l Hc R]; [|now apply C].
    simpl. unfold added. cbv zeta. apply rippled_climbs; [|simpl; lia].
    apply below_combined with (P := fun x => deep x <= d); now apply below_padded. }
  pose proof (exceeds_depth _ (d + 6) (n / 2) zero (climbs_cut _ w _ T) ltac:(simpl; lia)) as E.
  rewrite firstn_length in E. fold d in E. unfold w, bits_of in *. unfold d in *. lia.
Qed.
