(* A decider for the closure problem that keeps the values of the blocks that may be open, for every finite monoid.

   Settles, for def:closure, decider_agrees: for every set F of elements, every r and every word it says whether the
   word is a product of blocks of at most r letters with values in F. *)

From Precise Require Export words_closure.

Section Decider.
Variables (A : monoid) (elements : list A) (dec : forall a b : A, {a = b} + {a <> b}) (F : A -> bool) (r : nat).

(* The least length of an open block, by its value. *)
Definition memory := A -> option nat.
Definition least (l : list nat) : option nat :=
  fold_right (fun n m => match m with None => Some n | Some k => Some (Nat.min n k) end) None l.
Definition start : memory := fun a => if dec a unit then Some 0 else None.

(* Every open block of fewer than r letters goes on; where one may end, an empty block is open. *)
Definition lengths (st : memory) (x b a : A) : list nat :=
  match st a with Some l => if l <? r then if dec (op a x) b then [S l] else [] else [] | None => [] end.
Definition goes_on (st : memory) (x b : A) : option nat := least (flat_map (lengths st x b) elements).
Definition ends (st : memory) : bool :=
  existsb (fun f => F f && match st f with Some _ => true | None => false end) elements.
Definition extend (st : memory) (x : A) : memory :=
  let on := goes_on st x in fun b => if ends on && (if dec b unit then true else false) then Some 0 else on b.
Definition accepts (st : memory) : bool := match st unit with Some O => true | _ => false end.
Definition decides (w : list A) : bool := accepts (fold_left extend w start).

Hypothesis complete : forall a, In a elements.

(* A block of value a and length l may be open after the word. *)
Definition open (w : list A) (a : A) (l : nat) : Prop :=
  exists w1 w2, w = w1 ++ w2 /\ closure F r w1 /\ value w2 = a /\ length w2 = l /\ l <= r.
Definition first (P : nat -> Prop) (m : option nat) : Prop :=
  match m with Some l => P l /\ (forall k, P k -> l <= k) | None => forall k, ~ P k end.

Lemma least_first l : first (fun n => In n l) (least l).
Proof.
  induction l as [|n l IH]; [intros k []|]. simpl. destruct (least l) as [m|]; simpl in *.
  - destruct IH as [I H]. split.
    + destruct (Nat.min_spec n m) as [[_ ->]|[_ ->]]; [now left|now right].
    + intros k [->|K]; [lia|]. specialize (H k K). lia.
  - split; [now left|]. intros k [->|K]; [lia|]. now apply IH in K.
Qed.

Lemma first_agrees P Q m : (forall k, P k <-> Q k) -> first P m -> first Q m.
Proof.
  intros H. destruct m as [l|]; simpl.
  - intros [p L]. split; [now apply H|]. intros k K. now apply L, H.
  - intros N k K. now apply (N k), H.
Qed.

(* The blocks that end with the letter x. *)
Definition longer (w : list A) (x b : A) (l : nat) : Prop := exists a k, open w a k /\ k < r /\ op a x = b /\ l = S k.

Lemma goes_on_right w st x : (forall a, first (open w a) (st a)) -> forall b, first (longer w x b) (goes_on st x b).
Proof.
  intros H b. unfold goes_on.
  pose proof (least_first (flat_map (lengths st x b) elements)) as L.
  assert (M : forall l, In l (flat_map (lengths st x b) elements) ->
    longer w x b l).
  { intros l I. apply in_flat_map in I. destruct I as (a & _ & I). unfold lengths in I. specialize (H a).
    destruct (st a) as [k|]; [|easy]. destruct (Nat.ltb_spec k r); [|easy]. destruct (dec (op a x) b) as [E|]; [|easy].
    destruct I as [<-|[]]. exists a, k. destruct H as [O _]. now repeat split. }
  assert (N : forall l, longer w x b l -> exists k, k <= l /\ In k (flat_map (lengths st x b) elements)).
  { intros l (a & k & O & K & E & ->). specialize (H a). destruct (st a) as [m|] eqn:Q; [|now apply H in O].
    destruct H as [_ H]. specialize (H k O). exists (S m). split; [lia|]. apply in_flat_map. exists a.
    split; [apply complete|]. unfold lengths. rewrite Q. destruct (Nat.ltb_spec m r); [|lia].
    destruct (dec (op a x) b); [now left|contradiction]. }
  destruct (least _) as [m|]; simpl in *.
  - destruct L as [I L]. split; [now apply M|]. intros l K. destruct (N l K) as (k & Kl & Ik). specialize (L k Ik). lia.
  - intros l K. destruct (N l K) as (k & _ & Ik). exact (L k Ik).
Qed.

Lemma value_snoc (w : list A) x : value (w ++ [x]) = op (value w) x.
Proof. rewrite value_app. simpl. now rewrite unit_right. Qed.

Lemma closure_snoc w x : closure F r (w ++ [x]) <-> exists b l, F b = true /\ longer w x b l.
Proof.
  split.
  - intros (blocks & H & E). revert H E. induction blocks as [|b blocks IH] using rev_ind; intros H E.
    + now apply app_eq_nil in E.
    + apply Forall_app in H. destruct H as [H Hb]. apply Forall_inv in Hb. destruct Hb as [L Fb].
      rewrite concat_app in E. simpl in E. rewrite app_nil_r in E.
      destruct b as [|y b _] using rev_ind; [rewrite app_nil_r in E; now apply IH|].
      rewrite app_assoc in E. apply app_inj_tail in E. destruct E as [-> <-].
      exists (value (b ++ [x])), (S (length b)). split; [exact Fb|]. exists (value b), (length b).
      rewrite app_length in L. simpl in L. split; [|split; [lia|split; [symmetry; apply value_snoc|easy]]].
      exists (concat blocks), b. repeat split; [now exists blocks|lia].
  - intros (b & l & Fb & a & k & (w1 & w2 & -> & (blocks & H & ->) & <- & <- & _) & K & <- & ->).
    exists (blocks ++ [w2 ++ [x]]). split.
    + apply Forall_app. split; [exact H|]. repeat constructor; [rewrite app_length; simpl; lia|now rewrite value_snoc].
    + rewrite concat_app. simpl. now rewrite app_nil_r, app_assoc.
Qed.

Lemma open_snoc w x a l : open (w ++ [x]) a l <-> (l = 0 /\ a = unit /\ closure F r (w ++ [x])) \/ longer w x a l.
Proof.
  split.
  - intros (w1 & w2 & E & C & V & L & R). destruct w2 as [|y w2 _] using rev_ind.
    + left. rewrite app_nil_r in E. subst w1. simpl in V, L. now subst.
    + right. rewrite app_assoc in E. apply app_inj_tail in E. destruct E as [-> <-]. rewrite app_length in L.
      simpl in L.
      exists (value w2), (length w2). rewrite value_snoc in V. split; [|split; [lia|split; [exact V|lia]]].
      exists w1, w2. repeat split; [exact C|lia].
  - intros [(-> & -> & C)|(b & k & (w1 & w2 & -> & C & <- & <- & _) & K & <- & ->)].
    + exists (w ++ [x]), []. rewrite app_nil_r. repeat split; [exact C|lia].
    + exists w1, (w2 ++ [x]). rewrite app_assoc. split; [easy|]. split; [exact C|].
      split; [apply value_snoc|]. rewrite app_length. simpl. lia.
Qed.

Lemma memory_right w : forall a, first (open w a) (fold_left extend w start a).
Proof.
  induction w as [|x w IH] using rev_ind; intros a.
  - simpl. unfold start. destruct (dec a unit) as [->|N]; simpl.
    + split; [|lia]. exists [], []. repeat split; [now exists []|lia].
    + intros k (w1 & w2 & E & _ & V & _). symmetry in E. apply app_eq_nil in E. destruct E as [-> ->]. simpl in V.
      congruence.
  - rewrite fold_left_app. simpl. set (st := fold_left extend w start) in *.
    pose proof (goes_on_right w st x IH) as G. unfold extend. cbv zeta.
    assert (E : ends (goes_on st x) = true <-> closure F r (w ++ [x])).
    { rewrite closure_snoc. unfold ends. rewrite existsb_exists. split.
      - intros (f & _ & B). apply andb_prop in B. destruct B as [B C]. specialize (G f).
        destruct (goes_on st x f) as [l|]; [|easy]. exists f, l. split; [exact B|]. now destruct G.
      - intros (f & l & B & L). exists f. split; [apply complete|]. rewrite B. specialize (G f).
        destruct (goes_on st x f); [easy|]. now apply G in L. }
    destruct (dec a unit) as [U|U].
    + destruct (ends (goes_on st x)) eqn:Q; simpl.
      * split; [|lia]. apply open_snoc. left. repeat split; [exact U|now apply E].
      * apply first_agrees with (longer w x a); [|apply G]. intros k. rewrite open_snoc. split; [now right|].
        intros [(_ & _ & C)|L]; [|exact L]. apply E in C. congruence.
    + rewrite andb_false_r. apply first_agrees with (longer w x a); [|apply G]. intros k. rewrite open_snoc.
      split; [now right|]. now intros [(_ & C & _)|L].
Qed.

Lemma decides_right w : closure F r w <-> decides w = true.
Proof.
  unfold decides, accepts. pose proof (memory_right w unit) as H.
  assert (O : closure F r w <-> open w unit 0).
  { split.
    - intros C. exists w, []. rewrite app_nil_r. repeat split; [exact C|lia].
    - intros (w1 & w2 & -> & C & _ & L & _). destruct w2; [now rewrite app_nil_r|discriminate]. }
  rewrite O. destruct (fold_left extend w start unit) as [[|l]|]; simpl in H.
  - destruct H as [H _]. easy.
  - destruct H as [_ H]. split; [intros K; specialize (H 0 K); lia|easy].
  - split; [intros K; now apply H in K|easy].
Qed.
End Decider.

Theorem decider_agrees : forall (A : monoid) (elements : list A) (dec : forall a b : A, {a = b} + {a <> b})
    (F : A -> bool) (r : nat) (w : list A), (forall a, In a elements) ->
  (closure F r w <-> decides A elements dec F r w = true).
Proof. intros A l dec F r w C. now apply decides_right. Qed.
