(* MAJORITY by gates of at most two inputs: carry-save adders in rounds, one addition, one comparison; every fan-in.

   A wire has a value and a depth. Settles, for fact:hierarchy, majority_by_small_gates: the circuit is 1 iff more than
   half of the inputs are 1, for every number of inputs. Depths are in adder_depth.v. *)

From Precise Require Export hardness.

Record wire := Wire { on : bool; deep : nat }.
Definition zero : wire := Wire false 0.
Definition not_ (a : wire) : wire := Wire (negb (on a)) (deep a + 1).
Definition and_ (a b : wire) : wire := Wire (on a && on b) (Nat.max (deep a) (deep b) + 1).
Definition or_ (a b : wire) : wire := Wire (on a || on b) (Nat.max (deep a) (deep b) + 1).
Definition xor (a b : wire) : wire := or_ (and_ a (not_ b)) (and_ (not_ a) b).
Definition carried (a b c : wire) : wire := or_ (and_ a b) (and_ c (or_ a b)).
Definition summed (a b c : wire) : wire := xor (xor a b) c.

(* Numbers are lists of wires, the lowest place first. *)
Definition value (l : list wire) : nat := number (map on l).
Definition padded (width : nat) (l : list wire) : list wire := l ++ repeat zero (width - length l).
Definition columns (a b c : list wire) : list (wire * wire * wire) :=
  let width := Nat.max (length a) (Nat.max (length b) (length c)) in
  combine (combine (padded width a) (padded width b)) (padded width c).
Definition sums (a b c : list wire) : list wire := map (fun t => summed (fst (fst t)) (snd (fst t)) (snd t))
  (columns a b c).
Definition carries (a b c : list wire) : list wire :=
  zero :: map (fun t => carried (fst (fst t)) (snd (fst t)) (snd t)) (columns a b c).

(* One round: each three numbers become two, cut to the width; what is left over comes first. *)
Fixpoint left_over (l : list (list wire)) : list (list wire) :=
  match l with a :: b :: c :: rest => left_over rest | _ => l end.
Fixpoint triples (width : nat) (l : list (list wire)) : list (list wire) :=
  match l with
  | a :: b :: c :: rest => firstn width (sums a b c) :: firstn width (carries a b c) :: triples width rest | _ => []
  end.
Definition round (width : nat) (l : list (list wire)) : list (list wire) := left_over l ++ triples width l.
Fixpoint rounds (fuel width : nat) (l : list (list wire)) : list (list wire) :=
  match fuel with O => l | S f => if length l <=? 2 then l else rounds f width (round width l) end.

Fixpoint rippled (places : list (wire * wire)) (rest : wire) : list wire :=
  match places with [] => [rest] | (a, b) :: l => summed a b rest :: rippled l (carried a b rest) end.
Definition added (a b : list wire) : list wire :=
  let width := Nat.max (length a) (length b) in rippled (combine (padded width a) (padded width b)) zero.
Definition total (l : list (list wire)) : list wire :=
  match l with [a; b] => added a b | a :: _ => a | [] => [] end.
Fixpoint exceeds (l : list wire) (limit : nat) (greater : wire) : wire :=
  match l with
  | [] => greater | a :: l => exceeds l (limit / 2) (if Nat.odd limit then and_ a greater else or_ a greater)
  end.

Definition bits_of (n : nat) : nat := Nat.log2 n + 1.
Definition majority (inputs : list bool) : wire :=
  let n := length inputs in
  exceeds (firstn (bits_of n) (total (rounds n (bits_of n) (map (fun b => [Wire b 0]) inputs)))) (n / 2) zero.

Lemma number_zeros l k : number (l ++ repeat false k) = number l.
Proof.
  induction l as [|b l IH]; simpl; [|now rewrite IH]. induction k as [|k IH]; [easy|]. simpl. now rewrite IH.
Qed.

Lemma value_padded w l : value (padded w l) = value l.
Proof.
  assert (Z : forall k, map on (repeat zero k) = repeat false k) by (induction k as [|k IH]; simpl;
    [easy|now rewrite IH]).
  unfold value, padded. rewrite map_app, Z. apply number_zeros.
Qed.

Lemma padded_length w l : length l <= w -> length (padded w l) = w.
Proof. intros H. unfold padded. rewrite app_length, repeat_length. lia. Qed.

Lemma combine_first {A B} (l : list A) (m : list B) : length l = length m -> map fst (combine l m) = l.
Proof. revert m; induction l as [|a l IH]; intros [|b m] H; simpl in *; try easy. f_equal. apply IH. lia. Qed.

Lemma combine_second {A B} (l : list A) (m : list B) : length l = length m -> map snd (combine l m) = m.
Proof. revert m; induction l as [|a l IH]; intros [|b m] H; simpl in *; try easy. f_equal. apply IH. lia. Qed.

Lemma number_cut w l : number l = number (firstn w l) + 2 ^ w * number (skipn w l).
Proof.
  revert l; induction w as [|w IH]; intros l; [simpl; lia|]. destruct l as [|b l]; [simpl; lia|].
  simpl firstn. simpl skipn. simpl number at 1 2. rewrite (IH l), Nat.pow_succ_r'. lia.
Qed.

Lemma value_cut w l : value l < 2 ^ w -> value (firstn w l) = value l.
Proof.
  unfold value. intros H. rewrite <- firstn_map. pose proof (number_cut w (map on l)).
  destruct (number (skipn w (map on l))) as [|k]; nia.
Qed.

Lemma columns_length a b c : length (columns a b c) = Nat.max (length a) (Nat.max (length b) (length c)).
Proof. unfold columns. rewrite !combine_length, !padded_length by lia. lia. Qed.

Lemma columns_parts a b c : let w := Nat.max (length a) (Nat.max (length b) (length c)) in
  map (fun t => fst (fst t)) (columns a b c) = padded w a /\ map (fun t => snd (fst t)) (columns a b c) = padded w b
  /\ map snd (columns a b c) = padded w c.
Proof.
  intros w. unfold columns. fold w. cbv zeta.
  assert (La : length (padded w a) = w) by (apply padded_length; lia).
  assert (Lb : length (padded w b) = w) by (apply padded_length; lia).
  assert (Lc : length (padded w c) = w) by (apply padded_length; lia).
  assert (L : length (combine (padded w a) (padded w b)) = length (padded w c)) by (rewrite combine_length; lia).
  rewrite <- (map_map fst fst), <- (map_map fst snd), (combine_first _ _ L), (combine_second _ _ L).
  rewrite combine_first, combine_second by lia. easy.
Qed.

Lemma carry_save_value a b c : value (sums a b c) + value (carries a b c) = value a + value b + value c.
Proof.
  destruct (columns_parts a b c) as (A & B & C). set (w := Nat.max (length a) (Nat.max (length b) (length c))) in *.
  rewrite <- (value_padded w a), <- (value_padded w b), <- (value_padded w c), <- A, <- B, <- C.
  pose proof (carry_save_keeps_sums (map (fun t => (on (fst (fst t)), on (snd (fst t)),
    on (snd t))) (columns a b c))) as E.
  rewrite !map_map in E. cbn [fst snd] in E. unfold value, sums, carries. cbn [map]. rewrite !map_map. exact E.
Qed.

Lemma added_value a b : value (added a b) = value a + value b.
Proof.
  set (w := Nat.max (length a) (length b)). rewrite <- (value_padded w a), <- (value_padded w b).
  unfold added. fold w.
  assert (R : forall l r, map on (rippled l r) = ripple (map (fun p => (on (fst p), on (snd p))) l) (on r)).
  { induction l as [|[x y] l IH]; intros r; [easy|]. simpl. now rewrite IH. }
  assert (L : length (padded w a) = length (padded w b)) by (rewrite !padded_length; unfold w; lia).
  unfold value at 1. rewrite R, ripple_adds, !map_map. cbn [fst snd on zero]. unfold value.
  rewrite <- (map_map fst on), <- (map_map snd on), (combine_first _ _ L), (combine_second _ _ L). simpl. lia.
Qed.

(* The sum of the numbers of a list, and the greatest sum that numbers of their lengths can have. *)
Definition sum_of (l : list (list wire)) : nat := fold_right (fun a n => value a + n) 0 l.
Definition capacity (a : list wire) : nat := 2 ^ length a - 1.
Definition room (l : list (list wire)) : nat := fold_right (fun a n => capacity a + n) 0 l.

Lemma by_threes {A} (P : list A -> Prop) : (forall l, length l <= 2 -> P l) ->
  (forall a b c l, P l -> P (a :: b :: c :: l)) -> forall l, P l.
Proof.
  intros H0 H3. fix F 1. intros [|a [|b [|c l]]]; [apply H0; simpl; lia|apply H0; simpl; lia|apply H0; simpl; lia|].
  apply H3, F.
Qed.

Lemma fold_app (f : list wire -> nat) l m :
  fold_right (fun a n => f a + n) 0 (l ++ m) = fold_right (fun a n => f a + n) 0 l + fold_right (fun a n => f a + n)
    0 m.
Proof. induction l as [|a l IH]; [easy|]. simpl. rewrite IH. lia. Qed.

Lemma few_left_over (l : list (list wire)) : length l <= 2 -> left_over l = l.
Proof. destruct l as [|a [|b [|c l]]]; simpl; intros; try easy; lia. Qed.

Lemma few_triples w (l : list (list wire)) : length l <= 2 -> triples w l = [].
Proof. destruct l as [|a [|b [|c l]]]; simpl; intros; try easy; lia. Qed.

Lemma round_sum w l : sum_of l < 2 ^ w -> sum_of (round w l) = sum_of l.
Proof.
  unfold round, sum_of. rewrite fold_app. induction l as [l L|a b c l IH] using by_threes; intros H.
  - rewrite few_left_over, few_triples by exact L. simpl. lia.
  - simpl in *. pose proof (carry_save_value a b c). rewrite !value_cut by lia. specialize (IH ltac:(lia)). lia.
Qed.

Lemma round_length w l : length (round w l) = length l - length l / 3.
Proof.
  unfold round. rewrite app_length. induction l as [l L|a b c l IH] using by_threes.
  - rewrite few_left_over, few_triples by exact L. rewrite Nat.div_small by lia. simpl. lia.
  - simpl length. replace (S (S (S (length l)))) with (length l + 1 * 3) by lia. rewrite Nat.div_add by lia.
    pose proof (Nat.div_le_upper_bound (length l) 3 (length l) ltac:(lia) ltac:(lia)). cbn [left_over triples length].
    lia.
Qed.

Lemma capacity_cut w a : Nat.min (2 ^ w - 1) (capacity a) <= capacity (firstn w a).
Proof.
  unfold capacity. rewrite firstn_length. destruct (Nat.min_spec w (length a)) as [[_ ->]|[_ ->]]; lia.
Qed.

Lemma round_room w n l : n < 2 ^ w -> n <= room l -> n <= room (round w l).
Proof.
  intros W. unfold round, room. rewrite fold_app. revert n W.
  induction l as [l L|a b c l IH] using by_threes; intros n W H.
  - rewrite few_left_over, few_triples by exact L. simpl. lia.
  - simpl in *. pose proof (capacity_cut w (sums a b c)) as S. pose proof (capacity_cut w (carries a b c)) as C.
    assert (E : capacity a + capacity b + capacity c <= capacity (sums a b c) + capacity (carries a b c)).
    { unfold capacity, sums, carries. simpl length. rewrite !map_length, columns_length. set (m := Nat.max _ _).
      assert (G : forall k, k <= m -> 1 <= 2 ^ k <= 2 ^ m).
      { intros k K. split; [pose proof (Nat.pow_nonzero 2 k); lia|now apply Nat.pow_le_mono_r]. }
      pose proof (G (length a) ltac:(lia)). pose proof (G (length b) ltac:(lia)). pose proof (G (length c) ltac:(lia)).
      rewrite Nat.pow_succ_r'. lia. }
    pose proof (IH (n - (capacity a + capacity b + capacity c)) ltac:(lia) ltac:(lia)). lia.
Qed.

Lemma rounds_keep fuel w l n : sum_of l < 2 ^ w -> n < 2 ^ w -> n <= room l -> length l <= fuel -> 1 <= length l ->
  sum_of (rounds fuel w l) = sum_of l /\ n <= room (rounds fuel w l) /\ 1 <= length (rounds fuel w l) <= 2.
Proof.
  revert l; induction fuel as [|fuel IH]; intros l S W R F L; [lia|]. cbn [rounds].
  destruct (Nat.leb_spec (length l) 2) as [H|H]; [repeat split; auto|].
  rewrite <- (round_sum w l S) in S |- *.
  pose proof (Nat.div_le_lower_bound (length l) 3 1 ltac:(lia) ltac:(lia)).
  pose proof (Nat.div_lt_upper_bound (length l) 3 (length l) ltac:(lia) ltac:(lia)).
  apply IH; rewrite ?round_length; try lia. now apply round_room.
Qed.

Lemma exceeds_right l : forall limit g, limit < 2 ^ length l ->
  on (exceeds l limit g) = (limit <? value l + digit (on g)).
Proof.
  unfold value. induction l as [|[b d] l IH]; intros limit g H.
  - simpl in *. destruct g as [[] d]; simpl; apply eq_true_iff_eq; rewrite Nat.ltb_lt; split; intros; try easy; lia.
  - cbn [exceeds]. pose proof (Nat.div_mod limit 2 ltac:(lia)) as D.
    pose proof (Nat.mod_upper_bound limit 2 ltac:(lia)).
    simpl length in H. rewrite Nat.pow_succ_r' in H.
    rewrite IH by (apply Nat.div_lt_upper_bound; lia). cbn [map number on].
    assert (O : (if Nat.odd limit then 1 else 0) = limit mod 2) by (rewrite <- Nat.bit0_mod,
      Nat.bit0_odd; now destruct (Nat.odd limit)).
    apply eq_true_iff_eq. rewrite !Nat.ltb_lt.
    destruct (Nat.odd limit), b, g as [[] e]; cbn [and_ or_ on digit andb orb]; lia.
Qed.

Lemma inputs_sum inputs : sum_of (map (fun b : bool => [Wire b 0]) inputs) = length (filter (fun b => b) inputs).
Proof.
  unfold sum_of. induction inputs as [|b l IH]; [easy|]. cbn [map fold_right filter]. rewrite IH. now destruct b.
Qed.

Theorem majority_by_small_gates : forall inputs : list bool, inputs <> [] ->
  on (majority inputs) = (length inputs <? 2 * length (filter (fun b => b) inputs)).
Proof.
  intros inputs N. unfold majority. set (n := length inputs). set (w := bits_of n).
  assert (P : 1 <= n) by (unfold n; destruct inputs; [easy|simpl; lia]).
  assert (W : n < 2 ^ w) by (unfold w, bits_of; rewrite Nat.add_1_r; now apply Nat.log2_spec).
  set (numbers := map (fun b : bool => [Wire b 0]) inputs).
  assert (Sum : sum_of numbers = length (filter (fun b => b) inputs)) by apply inputs_sum.
  assert (C : length (filter (fun b => b) inputs) <= n).
  { unfold n. clear. induction inputs as [|[] l IH]; simpl; lia. }
  assert (R : n <= room numbers).
  { unfold n, numbers, room, capacity. clear. induction inputs as [|b l IH]; simpl in *; lia. }
  assert (L : length numbers = n) by (unfold numbers; apply map_length).
  destruct (rounds_keep n w numbers n) as (E & Q & T); try lia.
  set (left := rounds n w numbers) in *.
  assert (V : value (total left) = sum_of left /\ n <= capacity (total left)).
  { destruct left as [|a [|b [|c l]]]; simpl in T; try lia; simpl; simpl in Q.
    - split; [lia|lia].
    - split; [rewrite added_value; lia|].
      assert (K : length (added a b) = S (Nat.max (length a) (length b))).
      { unfold added. set (m := Nat.max _ _). assert (F : forall l r, length (rippled l r) = S (length l)).
        { induction l as [|[x y] l IH]; intros r; simpl; [easy|now rewrite IH]. }
        rewrite F, combine_length, !padded_length by lia. lia. }
      unfold capacity in *. rewrite K, Nat.pow_succ_r'.
      assert (G : forall k, k <= Nat.max (length a) (length b) -> 1 <= 2 ^ k <= 2 ^ Nat.max (length a) (length b)).
      { intros k Hk. split; [pose proof (Nat.pow_nonzero 2 k); lia|now apply Nat.pow_le_mono_r]. }
      pose proof (G (length a) ltac:(lia)). pose proof (G (length b) ltac:(lia)). lia. }
  destruct V as [V K]. pose proof (capacity_cut w (total left)) as M. unfold capacity in M at 2.
  pose proof (Nat.div_mod n 2 ltac:(lia)). pose proof (Nat.mod_upper_bound n 2 ltac:(lia)).
  rewrite exceeds_right by lia. rewrite value_cut by lia. simpl digit.
  apply eq_true_iff_eq. rewrite !Nat.ltb_lt. lia.
Qed.
