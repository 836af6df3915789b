(* Addition of two and of many numbers by threshold gates, for every width and every number of summands.

   Settles, for the addition circuits (def:circuit, lem:basic-ops, lem:iterated-sum),
     carry_by_gates      the carry into place i+1 is g_i + the sum over j < i of [g_j + x_(j+1) + ... + x_i >= i-j+1]
                         + [c_0 + x_0 + ... + x_i >= i+2]; g_i = a_i AND b_i, x_i = a_i XOR b_i
     at_most_one_born    of these gates at most one is 1
     sum_by_carries      the bits a_i + b_i + c_i - 2 c_(i+1) are 0 or 1 and write the sum
     columns_keep_sum    numbers may be added column by column
     block_save          with columns of height at most h and h (2^L - 1) < 2^(2L), the blocks of L columns of even and
                         of odd number each write one number without overlap, and the two add up to the total *)

From Coq Require Export Arith Lia Bool Nat.

Definition bit (b : bool) : nat := if b then 1 else 0.
Fixpoint sum (n : nat) (f : nat -> nat) : nat := match n with O => 0 | S m => sum m f + f m end.
Definition number (n : nat) (a : nat -> bool) : nat := sum n (fun i => 2 ^ i * bit (a i)).

Section TwoNumbers.
Variables (a b : nat -> bool) (c0 : bool).

(* The carry into place i, by the schoolbook. *)
Fixpoint carry (i : nat) : bool :=
  match i with O => c0 | S k => 2 <=? bit (a k) + bit (b k) + bit (carry k) end.

Definition generate (i : nat) : bool := 2 <=? bit (a i) + bit (b i).
Definition propagate (i : nat) : bool := xorb (a i) (b i).

(* The gate for a carry born at j that survives to i, and the gate for the carry that came in. *)
Definition survives (j i : nat) : bool :=
  i - j + 1 <=? bit (generate j) + sum (i - j) (fun k => bit (propagate (j + 1 + k))).
Definition came_in (i : nat) : bool := i + 2 <=? bit c0 + sum (i + 1) (fun k => bit (propagate k)).

Definition sum_bit (i : nat) : nat := bit (a i) + bit (b i) + bit (carry i) - 2 * bit (carry (S i)).

Lemma sum_at_most n f : (forall k, k < n -> f k <= 1) -> sum n f <= n.
Proof.
  induction n as [|n IH]; intros H; simpl; [lia|]. specialize (IH ltac:(intros; apply H; lia)). specialize (H n). lia.
Qed.

Lemma bit_at_most x : bit x <= 1.
Proof. destruct x; simpl; lia. Qed.

Lemma survives_step j i : j <= i -> survives j (S i) = survives j i && propagate (S i).
Proof.
  intros H. unfold survives. replace (S i - j) with (S (i - j)) by lia. simpl sum.
  replace (j + 1 + (i - j)) with (S i) by lia.
  pose proof (sum_at_most (i - j) (fun k => bit (propagate (j + 1 + k))) ltac:(intros; apply bit_at_most)).
  pose proof (bit_at_most (generate j)).
  apply eq_true_iff_eq. rewrite andb_true_iff, !Nat.leb_le. destruct (propagate (S i)); simpl bit; lia.
Qed.

Lemma survives_itself i : survives i i = generate i.
Proof. unfold survives. rewrite Nat.sub_diag. simpl sum. now destruct (generate i). Qed.

Lemma came_in_step i : came_in (S i) = came_in i && propagate (S i).
Proof.
  unfold came_in. replace (S i + 1) with (S (i + 1)) by lia. simpl sum. replace (i + 1) with (S i) at 2 by lia.
  pose proof (sum_at_most (i + 1) (fun k => bit (propagate k)) ltac:(intros; apply bit_at_most)).
  pose proof (bit_at_most c0).
  apply eq_true_iff_eq. rewrite andb_true_iff, !Nat.leb_le. destruct (propagate (S i)); simpl bit; lia.
Qed.

Lemma carry_step i : bit (carry (S i)) = bit (generate i) + bit (carry i && propagate i).
Proof. simpl. unfold generate, propagate. now destruct (a i), (b i), (carry i). Qed.

Lemma sum_and n f x : sum n (fun j => bit (f j && x)) = if x then sum n (fun j => bit (f j)) else 0.
Proof. induction n as [|n IH]; simpl; [now destruct x|]. rewrite IH. now destruct x, (f n). Qed.

Lemma sum_ext n f g : (forall k, k < n -> f k = g k) -> sum n f = sum n g.
Proof. induction n as [|n IH]; intros H; simpl; [easy|]. now rewrite H, IH by (intros; try apply H; lia). Qed.

Theorem carry_formula i :
  bit (carry (S i)) = bit (generate i) + sum i (fun j => bit (survives j i)) + bit (came_in i).
Proof.
  induction i as [|i IH].
  - rewrite carry_step. unfold came_in, generate, propagate. simpl. now destruct (a 0), (b 0), c0.
  - rewrite carry_step, came_in_step.
    rewrite (sum_ext (S i) _ (fun j => bit (survives j i && propagate (S i))))
      by (intros; f_equal; apply survives_step; lia).
    rewrite sum_and. simpl sum. rewrite survives_itself.
    revert IH; generalize (carry (S i)), (came_in i), (survives i i); intros c m s IH.
    destruct (propagate (S i)); rewrite ?andb_true_r, ?andb_false_r; [lia|change (bit false) with 0; lia].
Qed.

Lemma sum_bit_exact i : sum_bit i + 2 * bit (carry (S i)) = bit (a i) + bit (b i) + bit (carry i) /\ sum_bit i <= 1.
Proof. unfold sum_bit. simpl carry. destruct (a i), (b i), (carry i); simpl; lia. Qed.

Lemma sum_written n :
  sum n (fun i => 2 ^ i * sum_bit i) + 2 ^ n * bit (carry n) = number n a + number n b + bit c0.
Proof.
  unfold number. induction n as [|n IH]; [simpl; lia|]. simpl sum. destruct (sum_bit_exact n) as [E _].
  rewrite Nat.pow_succ_r'. nia.
Qed.
End TwoNumbers.

Theorem carry_by_gates : forall (a b : nat -> bool) (c0 : bool) (i : nat),
  bit (carry a b c0 (S i))
  = bit (generate a b i) + sum i (fun j => bit (survives a b j i)) + bit (came_in a b c0 i).
Proof. exact carry_formula. Qed.

Theorem at_most_one_born : forall (a b : nat -> bool) (c0 : bool) (i : nat),
  bit (generate a b i) + sum i (fun j => bit (survives a b j i)) + bit (came_in a b c0 i) <= 1.
Proof. intros; rewrite <- carry_by_gates. apply bit_at_most. Qed.

Theorem sum_by_carries : forall (a b : nat -> bool) (c0 : bool) (n : nat),
  (forall i, sum_bit a b c0 i <= 1) /\
  sum n (fun i => 2 ^ i * sum_bit a b c0 i) + 2 ^ n * bit (carry a b c0 n) = number n a + number n b + bit c0.
Proof. intros; split; [intros; now apply sum_bit_exact|apply sum_written]. Qed.

(* Many numbers: number k has the bits x k i, i < w; column i has the height sum n (fun k => bit (x k i)). *)

Lemma sum_add n f g : sum n (fun i => f i + g i) = sum n f + sum n g.
Proof. induction n as [|n IH]; simpl; [easy|]. rewrite IH; lia. Qed.

Lemma sum_zero n : sum n (fun _ => 0) = 0.
Proof. induction n as [|n IH]; simpl; lia. Qed.

Lemma sum_mul n f c : sum n (fun i => c * f i) = c * sum n f.
Proof. induction n as [|n IH]; simpl; [lia|]. rewrite IH; lia. Qed.

Theorem columns_keep_sum : forall (n w : nat) (x : nat -> nat -> bool),
  sum n (fun k => number w (x k)) = sum w (fun i => 2 ^ i * sum n (fun k => bit (x k i))).
Proof.
  intros n w x; induction n as [|n IH]; simpl.
  - rewrite (sum_ext w _ (fun _ => 0)) by (intros; lia). now rewrite sum_zero.
  - rewrite IH. unfold number. rewrite <- sum_add. apply sum_ext; intros; lia.
Qed.

(* Block q holds the columns q L, ..., q L + L - 1. *)
Definition block (L : nat) (height : nat -> nat) (q : nat) : nat := sum L (fun v => 2 ^ v * height (q * L + v)).

Lemma geometric n : sum n (fun i => 2 ^ i) + 1 = 2 ^ n.
Proof. induction n as [|n IH]; simpl; [easy|]. lia. Qed.

Lemma sum_le n f g : (forall k, k < n -> f k <= g k) -> sum n f <= sum n g.
Proof.
  induction n as [|n IH]; intros H; simpl; [lia|]. specialize (IH ltac:(intros; apply H; lia)). specialize (H n). lia.
Qed.

Lemma sum_split n m f : sum (n + m) f = sum n f + sum m (fun k => f (n + k)).
Proof.
  induction m as [|m IH]; simpl; [now rewrite Nat.add_0_r|]. rewrite Nat.add_succ_r. simpl. rewrite IH; lia.
Qed.

Lemma blocks_keep_sum L height Q :
  sum (Q * L) (fun i => 2 ^ i * height i) = sum Q (fun q => 2 ^ (q * L) * block L height q).
Proof.
  induction Q as [|Q IH]; [easy|]. rewrite Nat.mul_succ_l, sum_split, IH. simpl sum at 3. f_equal.
  unfold block. rewrite <- sum_mul. apply sum_ext; intros. rewrite Nat.pow_add_r; lia.
Qed.

Lemma even_odd Q f : sum (2 * Q) f = sum Q (fun r => f (2 * r)) + sum Q (fun r => f (2 * r + 1)).
Proof.
  induction Q as [|Q IH]; [easy|]. replace (2 * S Q) with (S (S (2 * Q))) by lia.
  change (sum (2 * Q) f + f (2 * Q) + f (S (2 * Q))
    = sum Q (fun r => f (2 * r)) + f (2 * Q) + (sum Q (fun r => f (2 * r + 1)) + f (2 * Q + 1))).
  rewrite IH. replace (2 * Q + 1) with (S (2 * Q)) by lia. lia.
Qed.

Lemma no_overlap M f : (forall r, f r < M) -> 0 < M -> forall Q, sum Q (fun r => M ^ r * f r) < M ^ Q.
Proof. intros H HM; induction Q as [|Q IH]; simpl; [lia|]. specialize (H Q). nia. Qed.

Theorem block_save : forall (h L Q : nat) (height : nat -> nat),
  (forall i, height i <= h) -> h * (2 ^ L - 1) < 2 ^ (2 * L) ->
  (forall q, block L height q < 2 ^ (2 * L)) /\
  sum (2 * Q * L) (fun i => 2 ^ i * height i)
  = sum Q (fun r => 2 ^ (2 * L * r) * block L height (2 * r))
    + 2 ^ L * sum Q (fun r => 2 ^ (2 * L * r) * block L height (2 * r + 1)).
Proof.
  intros h L Q height H HL; split.
  - intros q. unfold block. pose proof (geometric L) as G.
    assert (sum L (fun v => 2 ^ v * height (q * L + v)) <= h * sum L (fun v => 2 ^ v)).
    { rewrite <- sum_mul. apply sum_le; intros k _. specialize (H (q * L + k)). nia. }
    replace (2 ^ L - 1) with (sum L (fun i => 2 ^ i)) in HL by lia. lia.
  - rewrite blocks_keep_sum, even_odd. f_equal.
    + apply sum_ext; intros r _. do 2 f_equal. lia.
    + rewrite <- sum_mul. apply sum_ext; intros r _. rewrite Nat.mul_assoc, <- Nat.pow_add_r. do 2 f_equal. lia.
Qed.
