(* thm:rope-tensor-attention, def:rope-tensor-attention. The positions whose rotations the readings of a triple use, for
   every number n of tokens: all integers of a range, and no other. *)

From Coq Require Export ZArith Lia.
Global Open Scope Z_scope.

Definition token (n i : Z) : Prop := 1 <= i <= n.

Theorem pair_sum_positions : forall n t : Z, 1 <= n ->
  ((exists i j k, token n i /\ token n j /\ token n k /\ t = j + k - 2 * i) <-> 2 - 2 * n <= t <= 2 * n - 2).
Proof.
  intros n t Hn; unfold token; split.
  - intros (i & j & k & Hi & Hj & Hk & ->). lia.
  - intros H. destruct (Z_le_gt_dec 0 t) as [P|P].
    + exists 1, (Z.min n (t + 1)), (t + 2 - Z.min n (t + 1)). lia.
    + exists n, (Z.min n (t + 2 * n - 1)), (t + 2 * n - Z.min n (t + 2 * n - 1)). lia.
Qed.

Theorem first_key_positions : forall n t : Z, 1 <= n ->
  ((exists i j, token n i /\ token n j /\ t = j - i) <-> 1 - n <= t <= n - 1).
Proof.
  intros n t Hn; unfold token; split.
  - intros (i & j & Hi & Hj & ->). lia.
  - intros H. destruct (Z_le_gt_dec 0 t) as [P|P]; [exists 1, (t + 1)|exists n, (t + n)]; lia.
Qed.

Theorem flat_positions : forall n t : Z, 1 <= n ->
  ((exists i j k, token n i /\ token n j /\ token n k /\ t = j + (k - 1) * n - i) <-> 1 - n <= t <= n * n - 1).
Proof.
  intros n t Hn; unfold token; split.
  - intros (i & j & k & Hi & Hj & Hk & ->). nia.
  - intros H. destruct (Z_le_gt_dec 0 t) as [P|P].
    + exists 1, (t mod n + 1), (t / n + 1).
      pose proof (Z.div_mod t n ltac:(lia)). pose proof (Z.mod_pos_bound t n ltac:(lia)).
      assert (0 <= t / n) by (apply Z.div_pos; lia). assert (t / n < n) by (apply Z.div_lt_upper_bound; lia). lia.
    + exists n, (t + n), 1. lia.
Qed.
