(* Lists of threshold gates: the netlists of the package as a model, for every number of inputs and gates.

   Signals are numbers: first the inputs, then the gates in their order. A gate is a list of wires, which are sources
   with weights, and a threshold. Settles, for def:circuit, where every source comes before its gate,
     values_are_unique            every input has exactly one assignment that satisfies all gates
     depth_is_the_longest_path    no path returns to its beginning, and the level of a signal, one more than the
                                  greatest level of its sources, is the length of the longest path to it *)

From Coq Require Export ZArith List Lia Bool.
Export ListNotations.

Definition gate := (list (nat * Z) * Z)%type.
Definition as_integer (b : bool) : Z := if b then 1%Z else 0%Z.

Definition weighted (s : nat -> bool) (wires : list (nat * Z)) : Z :=
  fold_right (fun wire total => (snd wire * as_integer (s (fst wire)) + total)%Z) 0%Z wires.
Definition fires (s : nat -> bool) (g : gate) : bool := (snd g <=? weighted s (fst g))%Z.

(* What holds of each gate and its number, the first of which is n. *)
Definition each (n : nat) (gates : list gate) (holds : nat -> gate -> Prop) : Prop :=
  forall k g, nth_error gates k = Some g -> holds (n + k) g.

(* With n inputs, every source of a gate comes before the gate. *)
Definition ordered (n : nat) (gates : list gate) : Prop :=
  each n gates (fun j g => forall i w, In (i, w) (fst g) -> i < j).

(* Signals that begin with the inputs x, each gate the value that a rule finds from its sources. *)
Definition computed {V : Type} (rule : (nat -> V) -> gate -> V) (n : nat) (gates : list gate) (x s : nat -> V) : Prop :=
  (forall i, i < n -> s i = x i) /\ each n gates (fun j g => s j = rule s g).

(* The bits s satisfy every gate. *)
Definition assignment (n : nat) (gates : list gate) (x s : nat -> bool) : Prop := computed fires n gates x s.

(* Levels: 0 for inputs, one more than the greatest level of its sources for a gate. *)
Definition greatest (l : nat -> nat) (wires : list (nat * Z)) : nat :=
  fold_right (fun wire m => Nat.max (l (fst wire)) m) 0 wires.
Definition levels (n : nat) (gates : list gate) (l : nat -> nat) : Prop :=
  computed (fun l g => S (greatest l (fst g))) n gates (fun _ => 0) l.

Lemma each_app n l m P : each n (l ++ m) P <-> each n l P /\ each (n + length l) m P.
Proof.
  split.
  - intros H; split; intros k g E.
    + apply H. rewrite nth_error_app1; [exact E|]. apply nth_error_Some. now rewrite E.
    + rewrite <- Nat.add_assoc. apply H. rewrite nth_error_app2 by lia.
      now replace (length l + k - length l) with k by lia.
  - intros [Hl Hm] k g E. destruct (Nat.lt_ge_cases k (length l)) as [L|L].
    + rewrite nth_error_app1 in E by exact L. exact (Hl k g E).
    + rewrite nth_error_app2 in E by exact L. specialize (Hm _ g E).
      now replace (n + k) with (n + length l + (k - length l)) by lia.
Qed.

Lemma each_one n g P : each n [g] P <-> P n g.
Proof.
  split; [intros H; rewrite <- (Nat.add_0_r n); now apply H|].
  intros H [|k] h E; simpl in E; [injection E as <-; now rewrite Nat.add_0_r|destruct k; discriminate].
Qed.

(* The gates f a, ..., f (a + m - 1). *)
Lemma each_row n f a m P : each n (map f (seq a m)) P <-> forall k, k < m -> P (n + k) (f (a + k)).
Proof.
  assert (N : forall k, k < m -> nth_error (map f (seq a m)) k = Some (f (a + k))).
  { intros k L. apply map_nth_error. rewrite nth_error_nth' with (d := 0) by (now rewrite seq_length).
    now rewrite seq_nth. }
  split; intros H k; [intros L; apply H; now apply N|]. intros g E.
  assert (L : k < m) by (rewrite <- (seq_length m a), <- (map_length f); apply nth_error_Some; now rewrite E).
  rewrite N in E by exact L. injection E as <-. now apply H.
Qed.

Section Rules.
Variables (V : Type) (rule : (nat -> V) -> gate -> V).
Hypothesis local : forall s t g, (forall i w, In (i, w) (fst g) -> s i = t i) -> rule s g = rule t g.

Lemma computed_once n gates x s t : ordered n gates -> computed rule n gates x s -> computed rule n gates x t ->
  forall i, i < n + length gates -> s i = t i.
Proof.
  intros O [Hs Gs] [Ht Gt] i. induction i as [i IH] using lt_wf_ind. intros L.
  destruct (Nat.lt_ge_cases i n) as [I|I]; [now rewrite Hs, Ht|].
  destruct (nth_error gates (i - n)) as [g|] eqn:E; [|apply nth_error_None in E; lia].
  replace i with (n + (i - n)) by lia. rewrite (Gs _ g E), (Gt _ g E). apply local.
  intros j w J. specialize (O _ g E j w J). apply IH; lia.
Qed.

Lemma computable gates : forall n x, ordered n gates -> exists s, computed rule n gates x s.
Proof.
  induction gates as [|g gates IH] using rev_ind; intros n x O.
  - exists x. split; [easy|]. intros [|k] h E; discriminate.
  - apply each_app in O. destruct O as [O1 O2]. destruct (IH n x O1) as (s & Hs & Gs). set (m := n + length gates).
    assert (B : forall i, i < m -> (fun i => if i =? m then rule s g else s i) i = s i).
    { intros i Hi. destruct (Nat.eqb_spec i m); [lia|easy]. }
    exists (fun i => if i =? m then rule s g else s i). split.
    + intros i Hi. rewrite B by (unfold m; lia). now apply Hs.
    + apply each_app; split.
      * intros k h E. assert (k < length gates) by (apply nth_error_Some; now rewrite E).
        rewrite B by (unfold m; lia). rewrite (Gs k h E). apply local.
        intros i w I. symmetry. apply B. specialize (O1 k h E i w I). unfold m; lia.
      * apply each_one. fold m. rewrite Nat.eqb_refl. apply local.
        intros i w I. symmetry. apply B. specialize (O2 0 g eq_refl i w I). unfold m; lia.
Qed.
End Rules.

Lemma fires_locally s t (g : gate) : (forall i w, In (i, w) (fst g) -> s i = t i) -> fires s g = fires t g.
Proof.
  intros H. unfold fires. f_equal. induction (fst g) as [|[i w] wires IH]; [easy|]. simpl.
  rewrite (H i w) by now left. rewrite IH; [easy|]. intros j v J. apply (H j v). now right.
Qed.

Lemma rises_locally l m (g : gate) : (forall i w, In (i, w) (fst g) -> l i = m i) ->
  S (greatest l (fst g)) = S (greatest m (fst g)).
Proof.
  intros H. f_equal. induction (fst g) as [|[i w] wires IH]; [easy|]. simpl.
  rewrite (H i w) by now left. rewrite IH; [easy|]. intros j v J. apply (H j v). now right.
Qed.

Theorem values_are_unique : forall (n : nat) (gates : list gate) (x : nat -> bool), ordered n gates ->
  (exists s, assignment n gates x s) /\
  (forall s t, assignment n gates x s -> assignment n gates x t -> forall i, i < n + length gates -> s i = t i).
Proof.
  intros n gates x O; split; [exact (computable _ _ fires_locally gates n x O)|].
  intros s t. exact (computed_once _ _ fires_locally n gates x s t O).
Qed.

(* There is a path of m wires from signal i to signal j. *)
Inductive path (n : nat) (gates : list gate) (i : nat) : nat -> nat -> Prop :=
| stay : path n gates i i 0
| wire : forall j k g w m, path n gates i j m -> nth_error gates k = Some g -> In (j, w) (fst g) ->
    path n gates i (n + k) (S m).

Lemma greatest_least l wires i w : In (i, w) wires -> l i <= greatest l wires.
Proof.
  induction wires as [|v wires IH]; [easy|]. simpl. intros [->|I]; simpl; [lia|]. specialize (IH I). lia.
Qed.

Lemma greatest_attained l wires : wires <> [] -> exists i w, In (i, w) wires /\ l i = greatest l wires.
Proof.
  induction wires as [|[i w] wires IH]; [easy|]. intros _. destruct wires as [|v wires].
  - exists i, w; split; [now left|simpl; lia].
  - destruct IH as (j & u & J & E); [easy|].
    destruct (Nat.le_gt_cases (l i) (l j)) as [H|H]; [exists j, u; split; [now right|]|exists i, w; split; [now left|]].
    + change (l j = Nat.max (l i) (greatest l (v :: wires))). lia.
    + change (l i = Nat.max (l i) (greatest l (v :: wires))). lia.
Qed.

Lemma path_rises n gates l i j m : levels n gates l -> path n gates i j m -> l i + m <= l j.
Proof.
  intros [_ R] P. induction P as [|j k g w m P IH E I]; [lia|].
  rewrite (R k g E). pose proof (greatest_least l (fst g) j w I). lia.
Qed.

Lemma path_attained n gates l : ordered n gates -> levels n gates l -> (forall g, In g gates -> fst g <> []) ->
  forall j, j < n + length gates -> exists i, i < n /\ path n gates i j (l j).
Proof.
  intros O [Z R] W j. induction j as [j IH] using lt_wf_ind. intros L.
  destruct (Nat.lt_ge_cases j n) as [J|J]; [exists j; split; [exact J|]; rewrite Z by exact J; constructor|].
  destruct (nth_error gates (j - n)) as [g|] eqn:E; [|apply nth_error_None in E; lia].
  destruct (greatest_attained l (fst g)) as (h & w & I & M); [apply W; now apply nth_error_In with (j - n)|].
  pose proof (O _ g E h w I). destruct (IH h) as (i & Hi & P); [lia|lia|]. exists i; split; [exact Hi|].
  replace j with (n + (j - n)) at 2 by lia. rewrite (R _ g E), <- M.
  replace j with (n + (j - n)) at 1 by lia. now apply wire with h g w.
Qed.

Theorem depth_is_the_longest_path : forall (n : nat) (gates : list gate), ordered n gates ->
  (forall g, In g gates -> fst g <> nil) ->
  (forall i m, path n gates i i m -> m = 0) /\
  (exists l, levels n gates l /\ forall j, j < n + length gates ->
    (exists i, i < n /\ path n gates i j (l j)) /\ (forall i m, path n gates i j m -> m <= l j)).
Proof.
  intros n gates O W. destruct (computable _ _ rises_locally gates n (fun _ => 0) O) as (l & H). split.
  - intros i m P. pose proof (path_rises n gates l i i m H P). lia.
  - exists l; split; [exact H|]. intros j J; split; [now apply path_attained|].
    intros i m P. pose proof (path_rises n gates l i j m H P). lia.
Qed.
