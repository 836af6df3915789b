(* Words as matrices of zeros and ones: a unit vector for each letter, binary digits for each position.

   Settles, for conv:io, words_survive: for every alphabet, word and order of the rows the word can be read back. *)

From Coq Require Export List Arith Lia Bool Permutation.
Export ListNotations.

Definition digit (b : bool) : nat := if b then 1 else 0.
Fixpoint number (bits : list bool) : nat := match bits with [] => 0 | b :: l => digit b + 2 * number l end.
Definition unit_vector (letters a : nat) : list bool := map (fun k => a =? k) (seq 0 letters).
Definition digits (width i : nat) : list bool := map (fun b => Nat.testbit i b) (seq 0 width).

(* Letter a at position i, and a word: positions begin with 1. *)
Definition row (letters width : nat) (place : nat * nat) : list bool :=
  unit_vector letters (fst place) ++ digits width (snd place).
Definition encoded (letters width : nat) (w : list nat) : list (list bool) :=
  map (row letters width) (combine w (seq 1 (length w))).

(* The place of the first 1 among the letters; the number of the position; the letters in the order of positions. *)
Fixpoint first_one (bits : list bool) : nat := match bits with [] => 0 | b :: l => if b then 0 else S (first_one l) end.
Definition letter_in (letters : nat) (r : list bool) : nat := first_one (firstn letters r).
Definition position_in (letters : nat) (r : list bool) : nat := number (skipn letters r).
Definition decoded (letters : nat) (rows : list (list bool)) : list nat :=
  map (fun i => match find (fun r => position_in letters r =? i) rows with Some r => letter_in letters r | None => 0
    end)
    (seq 1 (length rows)).

Lemma digits_next width i : digits (S width) i = Nat.odd i :: digits width (i / 2).
Proof.
  unfold digits. simpl seq. cbn [map]. rewrite Nat.bit0_odd. f_equal. rewrite <- seq_shift, map_map.
  apply map_ext. intros b. cbv beta. now rewrite Nat.div2_bits.
Qed.

Lemma number_of_digits width : forall i, i < 2 ^ width -> number (digits width i) = i.
Proof.
  induction width as [|width IH]; intros i H; [simpl in *; lia|].
  rewrite digits_next. cbn [number]. rewrite Nat.pow_succ_r' in H.
  rewrite IH by (apply Nat.div_lt_upper_bound; lia).
  pose proof (Nat.div_mod i 2 ltac:(lia)) as D. rewrite <- Nat.bit0_mod, Nat.bit0_odd in D.
  unfold digit. destruct (Nat.odd i); simpl Nat.b2n in D; lia.
Qed.

Lemma first_of_unit letters a : a < letters -> first_one (unit_vector letters a) = a.
Proof.
  unfold unit_vector. assert (H : forall n b, b <= a < b + n -> first_one (map (fun k => a =? k) (seq b n)) = a - b).
  { induction n as [|n IH]; intros b B; [lia|]. simpl. destruct (Nat.eqb_spec a b); [lia|]. rewrite IH by lia. lia. }
  intros L. rewrite H by lia. lia.
Qed.

Lemma row_letter letters width a i : a < letters -> letter_in letters (row letters width (a, i)) = a.
Proof.
  intros H. unfold letter_in, row. cbn [fst snd].
  assert (L : length (unit_vector letters a) = letters) by (unfold unit_vector; now rewrite map_length, seq_length).
  rewrite firstn_app, firstn_all2, L, Nat.sub_diag, firstn_O, app_nil_r by lia. now apply first_of_unit.
Qed.

Lemma row_position letters width a i : i < 2 ^ width -> position_in letters (row letters width (a, i)) = i.
Proof.
  intros H. unfold position_in, row. cbn [fst snd].
  assert (L : length (unit_vector letters a) = letters) by (unfold unit_vector; now rewrite map_length, seq_length).
  rewrite skipn_app, skipn_all2, L, Nat.sub_diag by lia. now apply number_of_digits.
Qed.

Theorem words_survive : forall (letters width : nat) (w : list nat) (rows : list (list bool)),
  Forall (fun a => a < letters) w -> length w < 2 ^ width -> Permutation rows (encoded letters width w) ->
  decoded letters rows = w.
Proof.
  intros letters width w rows A W P. unfold decoded.
  assert (L : length rows = length w).
  { rewrite (Permutation_length P). unfold encoded. rewrite map_length, combine_length, seq_length. lia. }
  rewrite L. apply (nth_ext _ _ 0 0); [now rewrite map_length, seq_length|].
  intros k K. rewrite map_length, seq_length in K.
  set (f := fun i => match find _ rows with Some r => letter_in letters r | None => 0 end).
  rewrite (nth_indep _ 0 (f 0)) by (now rewrite map_length, seq_length). rewrite map_nth, seq_nth by exact K. unfold f.
  assert (N : nth k (combine w (seq 1 (length w))) (0, 0) = (nth k w 0, 1 + k)).
  { rewrite combine_nth by (now rewrite seq_length). f_equal. now apply seq_nth. }
  assert (In0 : In (row letters width (nth k w 0, 1 + k)) rows).
  { apply Permutation_in with (1 := Permutation_sym P). unfold encoded. apply in_map. rewrite <- N. apply nth_In.
    rewrite combine_length, seq_length. lia. }
  destruct (find (fun r => position_in letters r =? 1 + k) rows) as [r|] eqn:F.
  - apply find_some in F. destruct F as [I E]. apply Nat.eqb_eq in E.
    apply Permutation_in with (1 := P) in I. unfold encoded in I. apply in_map_iff in I. destruct I as ([a i] & <- & I).
    apply (In_nth _ _ (0, 0)) in I. destruct I as (j & J & E2). rewrite combine_length, seq_length in J.
    rewrite combine_nth, seq_nth in E2 by (rewrite ?seq_length; lia). injection E2 as <- <-.
    rewrite row_position in E by lia. replace j with k by lia. apply row_letter.
    rewrite Forall_forall in A. apply A. now apply nth_In.
  - exfalso. apply (find_none _ _ F) in In0. rewrite row_position in In0 by lia. now rewrite Nat.eqb_refl in In0.
Qed.
