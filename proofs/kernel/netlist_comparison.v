(* The comparison circuit of the package as a list of gates, for every number of bits.

   Settles, for def:recognition: with n >= 1 bits each, 3 n + 1 gates with weights 1 and -1 give 1 iff x >= y
   (comparison_by_gates): the last carry of x - y, which is x plus the complement of y plus 1. *)

From Precise Require Export netlist_carry.

(* Inputs x_0, ..., x_(n-1), y_0, ...; signal 2 n + 2 i is x_i OR NOT y_i, signal 2 n + 2 i + 1 is x_i AND NOT y_i. *)
Definition difference_gate (n k : nat) : gate :=
  ([(k / 2, 1%Z); (n + k / 2, (-1)%Z)], if Nat.even k then 0%Z else 1%Z).
(* The places i with x_i XOR NOT y_i, each as the difference of its two gates. *)
Definition passing (n : nat) (places : list nat) : list (nat * Z) :=
  flat_map (fun i => [(2 * n + 2 * i, 1%Z); (2 * n + 2 * i + 1, (-1)%Z)]) places.
(* The carry is born in place j, n - 2 downto 0, and survives to the end; the carry that came in survives. *)
Definition surviving_gate (n m : nat) : gate :=
  let j := n - 2 - m in
  ((2 * n + 2 * j + 1, 1%Z) :: passing n (seq (j + 1) (n - 1 - j)), Z.of_nat (n - j)).
Definition came_in_gate (n : nat) : gate := (passing n (seq 0 n), Z.of_nat n).
Definition comparison_gates (n : nat) : list gate :=
  ((map (difference_gate n) (seq 0 (2 * n)) ++ map (surviving_gate n) (seq 0 (n - 1))) ++ [came_in_gate n])
  ++ [any_of ((4 * n - 1) :: seq (4 * n) n)].

Lemma comparison_parts n s : each (2 * n) (comparison_gates n) (fun j g => s j = fires s g) -> 0 < n ->
  (forall k, k < 2 * n -> s (2 * n + k) = fires s (difference_gate n k)) /\
  (forall m, m < n - 1 -> s (4 * n + m) = fires s (surviving_gate n m)) /\
  s (5 * n - 1) = fires s (came_in_gate n) /\ s (5 * n) = fires s (any_of ((4 * n - 1) :: seq (4 * n) n)).
Proof.
  intros H N. apply each_app in H. rewrite !app_length, !map_length, !seq_length in H. destruct H as [H L].
  apply each_app in H. rewrite app_length, !map_length, !seq_length in H. destruct H as [H C].
  apply each_app in H. rewrite map_length, seq_length in H. destruct H as [P B].
  apply each_one in L. apply each_one in C. split; [|split; [|split]].
  - intros k K. now apply (proj1 (each_row _ _ _ _ _)) with (k := k) in P.
  - intros m M. apply (proj1 (each_row _ _ _ _ _)) with (k := m) in B; [|exact M].
    now replace (4 * n + m) with (2 * n + 2 * n + m) by lia.
  - now replace (5 * n - 1) with (2 * n + (2 * n + (n - 1))) by lia.
  - simpl length in L. now replace (5 * n) with (2 * n + (2 * n + (n - 1) + 1)) by lia.
Qed.

Section Compared.
Variables (n : nat) (x s : nat -> bool).
Hypothesis N : 0 < n.
Hypothesis A : assignment (2 * n) (comparison_gates n) x s.

Definition complement (i : nat) : bool := negb (x (n + i)).

Lemma place_gates i : i < n -> s (2 * n + 2 * i) = x i || complement i /\ s (2 * n + 2 * i + 1) = x i && complement i.
Proof.
  intros I. destruct A as [X G]. destruct (comparison_parts n s G N) as (P & _).
  rewrite <- Nat.add_assoc, !P by lia. unfold fires, difference_gate. cbn [fst snd].
  replace (2 * i / 2) with i by (apply Nat.div_unique with 0; lia).
  replace ((2 * i + 1) / 2) with i by (apply Nat.div_unique with 1; lia).
  rewrite (proj2 (Nat.even_spec (2 * i))) by (now exists i).
  rewrite <- (Nat.negb_odd (2 * i + 1)), (proj2 (Nat.odd_spec (2 * i + 1))) by (now exists i).
  cbn [negb weighted fold_right fst snd]. unfold complement. rewrite !X by lia.
  destruct (x i), (x (n + i)); split; reflexivity.
Qed.

Lemma passing_weighted places : (forall i, In i places -> i < n) ->
  weighted s (passing n places) = Z.of_nat (length (filter (propagate x complement) places)).
Proof.
  induction places as [|i l IH]; intros H; [easy|]. unfold passing. cbn [flat_map app weighted fold_right fst snd].
  fold (passing n l). fold (weighted s (passing n l)).
  rewrite IH by (intros j J; apply H; now right). destruct (place_gates i (H i (or_introl eq_refl))) as [-> ->].
  cbn [filter]. change (propagate x complement i) with (xorb (x i) (complement i)).
  destruct (x i), (complement i); cbn [xorb orb andb as_integer length]; lia.
Qed.

Lemma counted f a m : Z.of_nat (length (filter f (seq a m))) = Z.of_nat (sum m (fun k => binary_addition.bit (f (a +
  k)))).
Proof.
  induction m as [|m IH]; [easy|]. rewrite seq_S, filter_app, app_length. simpl sum. simpl filter.
  destruct (f (a + m)); simpl length; simpl binary_addition.bit; lia.
Qed.

Lemma survivors m : m < n - 1 -> s (4 * n + m) = survives x complement (n - 2 - m) (n - 1).
Proof.
  intros M. destruct (comparison_parts n s (proj2 A) N) as (_ & B & _). rewrite B by exact M.
  set (j := n - 2 - m). unfold fires, surviving_gate, survives. fold j. cbv zeta. cbn [fst snd].
  change (weighted s ((2 * n + 2 * j + 1, 1%Z) :: passing n (seq (j + 1) (n - 1 - j))))
    with (1 * as_integer (s (2 * n + 2 * j + 1)) + weighted s (passing n (seq (j + 1) (n - 1 - j))))%Z.
  rewrite passing_weighted by (intros i I; apply in_seq in I; lia). rewrite counted.
  destruct (place_gates j ltac:(unfold j; lia)) as [_ ->].
  apply eq_true_iff_eq. rewrite Z.leb_le, Nat.leb_le. unfold generate.
  assert (n - j = n - 1 - j + 1) by (unfold j; lia). destruct (x j), (complement j); cbn - [Z.add sum Z.of_nat]; lia.
Qed.

Lemma survivor_in : s (5 * n - 1) = came_in x complement true (n - 1).
Proof.
  destruct (comparison_parts n s (proj2 A) N) as (_ & _ & C & _). rewrite C. unfold fires, came_in_gate, came_in.
  cbn [fst snd].
  rewrite passing_weighted by (intros i I; apply in_seq in I; lia). rewrite counted.
  replace (n - 1 + 1) with n by lia. apply eq_true_iff_eq. rewrite Z.leb_le, Nat.leb_le. simpl Nat.add.
  simpl binary_addition.bit.
  lia.
Qed.

Lemma last_is_carry : s (5 * n) = carry x complement true n.
Proof.
  destruct (comparison_parts n s (proj2 A) N) as (_ & _ & _ & L). rewrite L, any_fires. clear L.
  pose proof (carry_by_gates x complement true (n - 1)) as E. replace (S (n - 1)) with n in E by lia.
  replace (seq (4 * n) n) with (seq (4 * n) (n - 1) ++ [5 * n - 1]).
  2:{ replace (5 * n - 1) with (4 * n + (n - 1)) by lia. rewrite <- seq_S. f_equal. lia. }
  cbn [existsb]. rewrite existsb_app. cbn [existsb]. rewrite survivor_in.
  replace (4 * n - 1) with (2 * n + 2 * (n - 1) + 1) by lia. destruct (place_gates (n - 1) ltac:(lia)) as [_ ->].
  replace (x (n - 1) && complement (n - 1)) with (generate x complement (n - 1))
    by (unfold generate; now destruct (x (n - 1)), (complement (n - 1))).
  rewrite existsb_shift, (existsb_agrees _ (fun m => survives x complement (n - 2 - m) (n - 1)))
    by (intros m M; apply in_seq in M; apply survivors; lia).
  assert (Z : existsb (fun m => survives x complement (n - 2 - m) (n - 1)) (seq 0 (n - 1))
    = (0 <? sum (n - 1) (fun j => binary_addition.bit (survives x complement j (n - 1))))).
  { apply eq_true_iff_eq. rewrite existsb_exists, Nat.ltb_lt. revert E. clear - N. intros _.
    assert (H : forall f k, 0 < sum k (fun j => binary_addition.bit (f j)) <-> exists j, j < k /\ f j = true).
    { intros f; induction k as [|k IH]; simpl; [split; [lia|intros (j & J & _); lia]|]. split.
      - intros P. destruct (f k) eqn:F; [exists k; split; [lia|exact F]|]. simpl in P.
        destruct (proj1 IH) as (j & J & K); [lia|]. exists j; split; [lia|exact K].
      - intros (j & J & K). destruct (Nat.eq_dec j k) as [->|D]; [rewrite K; simpl; lia|].
        assert (0 < sum k (fun j => binary_addition.bit (f j))) by (apply IH; exists j; split; [lia|exact K]). lia. }
    rewrite H. split.
    - intros (m & M & S). apply in_seq in M. exists (n - 2 - m); split; [lia|exact S].
    - intros (j & J & S). exists (n - 2 - j). split; [apply in_seq; lia|].
      now replace (n - 2 - (n - 2 - j)) with j by lia. }
  rewrite Z, orb_false_r. revert E. set (t := sum _ _). intros E.
  destruct (carry x complement true n), (generate x complement (n - 1)), (came_in x complement true (n - 1)),
    t; simpl in E |- *;
    try reflexivity; lia.
Qed.

Lemma complemented m : number m complement + number m (fun i => x (n + i)) + 1 = 2 ^ m.
Proof.
  unfold number. induction m as [|m IH]; [easy|]. simpl sum. rewrite Nat.pow_succ_r'. unfold complement at 2.
  destruct (x (n + m)); simpl binary_addition.bit; lia.
Qed.

Lemma compared : s (5 * n) = (number n (fun i => x (n + i)) <=? number n x).
Proof.
  rewrite last_is_carry, carry_is_overflow. simpl binary_addition.bit. pose proof (complemented n).
  apply eq_true_iff_eq. rewrite !Nat.leb_le. lia.
Qed.
End Compared.

Lemma comparison_ordered n : 0 < n -> ordered (2 * n) (comparison_gates n).
Proof.
  intros N. assert (P : forall places i w, (forall k, In k places -> k < n) -> In (i, w) (passing n places) ->
    i < 4 * n).
  { intros places i w B I. apply in_flat_map in I. destruct I as (k & K & I). specialize (B k K).
    destruct I as [E|[E|[]]]; injection E as <- _; lia. }
  unfold comparison_gates. repeat (apply each_app; split); rewrite ?app_length, ?map_length, ?seq_length.
  + apply each_row. intros k K i w I. assert (D : (0 + k) / 2 < n) by (apply Nat.div_lt_upper_bound; lia).
    revert I. unfold difference_gate. cbn [fst]. revert D. generalize ((0 + k) / 2). intros h D I.
    destruct I as [E|[E|[]]]; injection E as <- _; lia.
  + apply each_row. intros m M i w [E|I]; [injection E as <- _; lia|]. apply P in I; [lia|]. intros k K.
    apply in_seq in K. lia.
  + apply each_one. intros i w I. apply P in I; [lia|]. intros k K. apply in_seq in K. lia.
  + apply each_one. intros i w I. apply plain_source in I. simpl length. destruct I as [<-|I]; [lia|].
    apply in_seq in I. lia.
Qed.

Theorem comparison_by_gates : forall n : nat, 0 < n ->
  length (comparison_gates n) = 3 * n + 1 /\
  (forall g i w, In g (comparison_gates n) -> In (i, w) (fst g) -> w = 1%Z \/ w = (-1)%Z) /\
  (forall x, (exists s, assignment (2 * n) (comparison_gates n) x s) /\
   (forall s, assignment (2 * n) (comparison_gates n) x s ->
    s (5 * n) = (number n (fun i => x (n + i)) <=? number n x))).
Proof.
  intros n N. split; [|split].
  - unfold comparison_gates. rewrite !app_length, !map_length, !seq_length. simpl length. lia.
  - assert (P : forall places i w, In (i, w) (passing n places) -> w = 1%Z \/ w = (-1)%Z).
    { intros places i w I. apply in_flat_map in I.
      destruct I as (k & _ & [E|[E|[]]]); injection E as _ <-; [now left|now right]. }
    intros g i w G I. unfold comparison_gates in G. repeat (apply in_app_or in G; destruct G as [G|G]).
    + apply in_map_iff in G. destruct G as (k & <- & _).
      destruct I as [E|[E|[]]]; injection E as _ <-; [now left|now right].
    + apply in_map_iff in G. destruct G as (k & <- & _). destruct I as [E|I]; [injection E as _ <-; now left|].
      now apply P in I.
    + destruct G as [<-|[]]. now apply P in I.
    + destruct G as [<-|[]]. apply in_map_iff in I. destruct I as (k & E & _). injection E as _ <-. now left.
  - intros x; split; [now apply values_are_unique, comparison_ordered|]. intros s A. now apply compared.
Qed.
