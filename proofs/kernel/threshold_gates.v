(* Gates with integer weights and plain MAJORITY, for every fan-in, all weights and thresholds.

   Settles, for rem:threshold-gates,
     majority_is_threshold     MAJORITY of n inputs is the gate with weights 1 and threshold n/2 + 1, rounded down
     threshold_by_majority     the gate [sum of w x >= t] is the MAJORITY of |w| copies of each input, negated where
                               w < 0, and of constants; the same depth
     majority_wires            it has at most 2 s + 1 inputs, s the sum of |w|, if 0 <= t' <= s + 1
   and the telescopic sums of threshold gates:
     symmetric_function        f(number of ones) = f(0) + sum over k of (f(k) - f(k-1)) [number of ones >= k] *)

From Coq Require Export ZArith List Lia Bool.
Export ListNotations.
Global Open Scope Z_scope.

Definition bit (b : bool) : Z := if b then 1 else 0.
Definition ones (l : list bool) : Z := fold_right (fun b n => bit b + n) 0 l.

(* More than half of the inputs are 1. *)
Definition majority (l : list bool) : bool := Z.of_nat (length l) <? 2 * ones l.

(* A gate is a list of weights with their inputs. *)
Definition weighted (gate : list (Z * bool)) : Z := fold_right (fun wx n => fst wx * bit (snd wx) + n) 0 gate.
Definition threshold (t : Z) (gate : list (Z * bool)) : bool := t <=? weighted gate.

(* |w| copies of an input, negated where w < 0; the sums of |w| and of |w| over w < 0. *)
Definition copies (wx : Z * bool) : list bool :=
  repeat (if fst wx <? 0 then negb (snd wx) else snd wx) (Z.to_nat (Z.abs (fst wx))).
Definition size (gate : list (Z * bool)) : Z := fold_right (fun wx n => Z.abs (fst wx) + n) 0 gate.
Definition negative (gate : list (Z * bool)) : Z := fold_right (fun wx n => Z.max 0 (- fst wx) + n) 0 gate.

(* The threshold after negation, the number of constants 1 if positive, of constants 0 if negative. *)
Definition raised (t : Z) (gate : list (Z * bool)) : Z := t + negative gate.
Definition padding (t : Z) (gate : list (Z * bool)) : Z := size gate - 2 * raised t gate + 1.
Definition padded (t : Z) (gate : list (Z * bool)) : list bool :=
  flat_map copies gate ++ repeat (0 <? padding t gate) (Z.to_nat (Z.abs (padding t gate))).

Lemma ones_app l m : ones (l ++ m) = ones l + ones m.
Proof. induction l as [|b l IH]; simpl; [reflexivity|]. rewrite IH; lia. Qed.

Lemma ones_repeat b n : ones (repeat b n) = bit b * Z.of_nat n.
Proof. induction n as [|n IH]; [simpl; lia|]. rewrite Nat2Z.inj_succ. simpl repeat. simpl ones. rewrite IH; lia. Qed.

Lemma copies_ones gate : ones (flat_map copies gate) = weighted gate + negative gate.
Proof.
  induction gate as [|[w x] gate IH]; [reflexivity|]. simpl flat_map. rewrite ones_app, IH. unfold copies at 1.
  rewrite ones_repeat, Z2Nat.id by apply Z.abs_nonneg.
  change (bit (if w <? 0 then negb x else x) * Z.abs w + (weighted gate + negative gate)
    = w * bit x + weighted gate + (Z.max 0 (- w) + negative gate)).
  destruct (Z.ltb_spec w 0), x; unfold bit, negb; lia.
Qed.

Lemma copies_length gate : Z.of_nat (length (flat_map copies gate)) = size gate.
Proof.
  induction gate as [|[w x] gate IH]; [reflexivity|]. simpl flat_map. rewrite app_length, Nat2Z.inj_add, IH.
  unfold copies. rewrite repeat_length, Z2Nat.id by apply Z.abs_nonneg. reflexivity.
Qed.

Theorem threshold_by_majority : forall (gate : list (Z * bool)) (t : Z), majority (padded t gate) = threshold t gate.
Proof.
  intros gate t. unfold majority, threshold, padded.
  rewrite app_length, repeat_length, Nat2Z.inj_add, copies_length, Z2Nat.id by apply Z.abs_nonneg.
  rewrite ones_app, copies_ones, ones_repeat, Z2Nat.id by apply Z.abs_nonneg.
  apply eq_true_iff_eq. rewrite Z.ltb_lt, Z.leb_le. unfold padding, raised.
  destruct (Z.ltb_spec 0 (size gate - 2 * (t + negative gate) + 1)); simpl bit; lia.
Qed.

Theorem majority_is_threshold : forall l : list bool,
  majority l = threshold (Z.of_nat (length l) / 2 + 1) (map (fun x => (1, x)) l).
Proof.
  intros l. assert (E : weighted (map (fun x => (1, x)) l) = ones l).
  { induction l as [|b l IH]; [reflexivity|]. change (1 * bit b + weighted (map (fun x => (1, x)) l) = bit b + ones l).
    rewrite IH; lia. }
  unfold majority, threshold. rewrite E. apply eq_true_iff_eq. rewrite Z.ltb_lt, Z.leb_le.
  pose proof (Z.div_mod (Z.of_nat (length l)) 2 ltac:(lia)).
  pose proof (Z.mod_pos_bound (Z.of_nat (length l)) 2 ltac:(lia)). lia.
Qed.

Theorem majority_wires : forall (gate : list (Z * bool)) (t : Z), 0 <= raised t gate <= size gate + 1 ->
  Z.of_nat (length (padded t gate)) <= 2 * size gate + 1.
Proof.
  intros gate t H. unfold padded.
  rewrite app_length, repeat_length, Nat2Z.inj_add, copies_length, Z2Nat.id by apply Z.abs_nonneg.
  unfold padding. lia.
Qed.

(* The sum of f 1, ..., f n. *)
Fixpoint total (n : nat) (f : Z -> Z) : Z := match n with O => 0 | S m => total m f + f (Z.of_nat n) end.

Lemma telescope (f : Z -> Z) n c : 0 <= c -> c <= Z.of_nat n ->
  total n (fun k => (f k - f (k - 1)) * bit (k <=? c)) = f c - f 0.
Proof.
  revert c; induction n as [|n IH]; intros c H0 H.
  - replace c with 0 by lia. simpl; lia.
  - change (total n (fun k => (f k - f (k - 1)) * bit (k <=? c))
      + (f (Z.of_nat (S n)) - f (Z.of_nat (S n) - 1)) * bit (Z.of_nat (S n) <=? c) = f c - f 0).
    destruct (Z.leb_spec (Z.of_nat (S n)) c) as [L|L].
    + replace c with (Z.of_nat (S n)) by lia. replace (Z.of_nat (S n) - 1) with (Z.of_nat n) by lia.
      rewrite <- (Z.sub_simpl_r (f (Z.of_nat n)) (f 0)), <- (IH (Z.of_nat n)) by lia.
      assert (E : forall m d, (forall k, 1 <= k <= Z.of_nat m -> (k <=? d) = true) ->
        total m (fun k => (f k - f (k - 1)) * bit (k <=? d)) = total m (fun k => f k - f (k - 1))).
      { induction m as [|m IHm]; intros d Hd; [reflexivity|].
        change (total m (fun k => (f k - f (k - 1)) * bit (k <=? d))
          + (f (Z.of_nat (S m)) - f (Z.of_nat (S m) - 1)) * bit (Z.of_nat (S m) <=? d)
          = total m (fun k => f k - f (k - 1)) + (f (Z.of_nat (S m)) - f (Z.of_nat (S m) - 1))).
        rewrite IHm by (intros; apply Hd; lia). rewrite Hd by lia. simpl bit; lia. }
      rewrite !E by (intros; apply Z.leb_le; lia). simpl bit; lia.
    + simpl bit. rewrite IH by lia. lia.
Qed.

Lemma ones_bounds l : 0 <= ones l <= Z.of_nat (length l).
Proof.
  induction l as [|b l IH]; simpl ones; [lia|]. simpl length. rewrite Nat2Z.inj_succ. destruct b; simpl bit; lia.
Qed.

Theorem symmetric_function : forall (f : Z -> Z) (l : list bool),
  f (ones l) = f 0 + total (length l) (fun k => (f k - f (k - 1)) * bit (threshold k (map (fun x => (1, x)) l))).
Proof.
  intros f l. assert (E : forall k, threshold k (map (fun x => (1, x)) l) = (k <=? ones l)).
  { intros k. unfold threshold. f_equal. induction l as [|b l IH]; [reflexivity|].
    change (1 * bit b + weighted (map (fun x => (1, x)) l) = bit b + ones l). rewrite IH; lia. }
  pose proof (ones_bounds l) as B. rewrite <- (Z.sub_simpl_r (f (ones l)) (f 0)).
  rewrite <- (telescope f (length l) (ones l)) by lia. rewrite Z.add_comm. f_equal.
  generalize (length l). induction n as [|n IH]; [reflexivity|]. simpl total. now rewrite IH, E.
Qed.
