(* lem:exp, lem:sincos. Remainders of the series of exp, sin and cos for every number of terms, the number of terms
   that lem:exp needs for every p, and the reduction of the argument of exp by multiples of ln 2. *)
From Precise Require Export derivatives.

Definition exp_sum (x : R) (n : nat) : R := sum_f_R0 (fun i => x ^ i / INR (fact i)) n.

Lemma exp_sum_derivative n x : derivable_pt_lim (fun t => exp_sum t (S n)) x (exp_sum x n).
Proof.
  induction n as [|n IH].
  - unfold exp_sum. simpl. apply derivative_ext with (f := fun t => 1 + / 1 * t ^ 1) (l := 0 + / 1 * (INR 1 * x ^ 0)).
    + intros t. simpl. field.
    + simpl. field.
    + apply derivable_pt_lim_plus with (f1 := fun _ => 1); [apply derivable_pt_lim_const|apply derivative_of_power].
  - apply derivative_ext with (f := fun t => exp_sum t (S n) + / INR (fact (S (S n))) * t ^ S (S n))
      (l := exp_sum x n + / INR (fact (S (S n))) * (INR (S (S n)) * x ^ S n)).
    + intros t. unfold exp_sum. rewrite (tech5 _ (S n)). unfold Rdiv. ring.
    + unfold exp_sum. rewrite (tech5 _ n). f_equal. rewrite (fact_simpl (S n)), mult_INR.
      pose proof (fact_pos (S n)). pose proof (lt_0_INR (S (S n)) ltac:(lia)). field. lra.
    + apply derivable_pt_lim_plus with (f1 := fun t => exp_sum t (S n)); [exact IH|apply derivative_of_power].
Qed.

Lemma exp_sum_derivative_0 x : derivable_pt_lim (fun t => exp_sum t 0) x 0.
Proof.
  apply derivative_ext with (f := fun _ => 1) (l := 0); [|reflexivity|apply derivable_pt_lim_const].
  intros t. unfold exp_sum. simpl. field.
Qed.

(* The bound e^x x^N / N! and its derivative. *)
Lemma exp_bound_derivative n x :
  derivable_pt_lim (fun t => exp t * (t ^ S n / INR (fact (S n)))) x
    (exp x * (x ^ S n / INR (fact (S n))) + exp x * (x ^ n / INR (fact n))).
Proof.
  apply derivative_ext with (f := fun t => exp t * (/ INR (fact (S n)) * t ^ S n))
    (l := exp x * (/ INR (fact (S n)) * x ^ S n) + exp x * (/ INR (fact (S n)) * (INR (S n) * x ^ n))).
  - intros t. unfold Rdiv. ring.
  - rewrite fact_simpl, mult_INR. pose proof (fact_pos n). pose proof (lt_0_INR (S n) ltac:(lia)). field. lra.
  - apply (derivable_pt_lim_mult exp (fun t => / INR (fact (S n)) * t ^ S n));
      [apply derivable_pt_lim_exp|apply derivative_of_power].
Qed.

(* N = n + 1 terms leave at most e^x x^N / N!. *)
Theorem exp_remainder : forall (n : nat) (x : R), 0 <= x ->
  Rabs (exp x - sum_f_R0 (fun i => x ^ i / INR (fact i)) n) <= exp x * (x ^ S n / INR (fact (S n))).
Proof.
  intros n. change (forall x, 0 <= x -> Rabs (exp x - exp_sum x n) <= exp x * (x ^ S n / INR (fact (S n)))).
  induction n as [|n IH]; intros x Hx.
  - apply (below_by_derivative (fun t => exp t - exp_sum t 0) (fun t => exp t * (t ^ 1 / INR (fact 1)))
      (fun t => exp t - 0)
      (fun t => exp t * (t ^ 1 / INR (fact 1)) + exp t * (t ^ 0 / INR (fact 0))) x Hx).
    + intros t _. apply derivable_pt_lim_minus; [apply derivable_pt_lim_exp|apply exp_sum_derivative_0].
    + intros t _. apply exp_bound_derivative.
    + intros t Ht. pose proof (exp_pos t). rewrite Rminus_0_r, Rabs_pos_eq by lra. simpl. nra.
    + unfold exp_sum. simpl. rewrite exp_0. field.
    + simpl. field.
  - apply (below_by_derivative (fun t => exp t - exp_sum t (S n))
      (fun t => exp t * (t ^ S (S n) / INR (fact (S (S n)))))
      (fun t => exp t - exp_sum t n)
      (fun t => exp t * (t ^ S (S n) / INR (fact (S (S n)))) + exp t * (t ^ S n / INR (fact (S n)))) x Hx).
    + intros t _. apply derivable_pt_lim_minus; [apply derivable_pt_lim_exp|apply exp_sum_derivative].
    + intros t _. apply exp_bound_derivative.
    + intros t Ht. apply Rle_trans with (1 := IH t (proj1 Ht)).
      assert (0 <= exp t * (t ^ S (S n) / INR (fact (S (S n))))); [|lra].
      apply Rmult_le_pos; [apply Rlt_le, exp_pos|]. apply Rmult_le_pos; [apply pow_le; lra|].
      apply Rlt_le, Rinv_0_lt_compat, fact_pos.
    + assert (forall m, exp_sum 0 m = 1) as S0.
      { intros m. unfold exp_sum. induction m as [|m E]; simpl; [field|]. simpl in E. rewrite E. unfold Rdiv. ring. }
      rewrite exp_0, S0. ring.
    + simpl. unfold Rdiv. ring.
Qed.

Lemma ln2_below : ln 2 < 7 / 10.
Proof.
  apply exp_lt_inv. rewrite exp_ln by lra.
  assert (forall n x, 0 <= x -> exp_sum x n <= exp x) as Low.
  { induction n as [|n IH]; intros x Hx.
    - unfold exp_sum. simpl. pose proof (exp_ineq1_le x). lra.
    - destruct Hx as [Hx|<-].
      + destruct (MVT_cor2 (fun t => exp t - exp_sum t (S n)) (fun t => exp t - exp_sum t n) 0 x Hx) as (c & Ec & Hc).
        { intros c Hc. apply derivable_pt_lim_minus; [apply derivable_pt_lim_exp|apply exp_sum_derivative]. }
        assert (exp_sum 0 (S n) = 1) as S0.
        { unfold exp_sum. clear. induction n as [|n E]; [simpl; field|]. rewrite tech5, E. simpl. unfold Rdiv. ring. }
        rewrite exp_0, S0 in Ec. pose proof (IH c ltac:(lra)). nra.
      + rewrite exp_0. apply Req_le. unfold exp_sum. clear.
        induction n as [|n E]; [simpl; field|]. rewrite tech5, E. simpl. unfold Rdiv. ring. }
  apply Rlt_le_trans with (2 := Low 3%nat (7 / 10) ltac:(lra)). unfold exp_sum. simpl. lra.
Qed.

Lemma fact_grows n : (2 <= n)%nat -> (7 / 5) ^ n <= INR (fact n).
Proof.
  induction n as [|n IH]; [lia|]. intros Hn. destruct (Nat.eq_dec n 1) as [->|H1]; [simpl; lra|].
  rewrite fact_simpl, mult_INR. simpl pow. assert (2 <= n)%nat as Hn2 by lia. specialize (IH Hn2).
  apply Rmult_le_compat; [lra|apply pow_le; lra| |exact IH].
  apply Rle_trans with (INR 2); [simpl; lra|apply le_INR; lia].
Qed.

(* 2p + 4 terms are enough for a truncation error of 2^-(2p+4) on [0, ln 2], for every p. *)
Theorem exp_number_of_terms : forall (p : nat) (r : R), 0 <= r <= ln 2 ->
  Rabs (exp r - sum_f_R0 (fun i => r ^ i / INR (fact i)) (2 * p + 3)) <= (/ 2) ^ (2 * p + 4) * exp r.
Proof.
  intros p r Hr. apply Rle_trans with (1 := exp_remainder (2 * p + 3) r (proj1 Hr)). rewrite Rmult_comm.
  replace (S (2 * p + 3)) with (2 * p + 4)%nat by lia.
  apply Rmult_le_compat_r; [apply Rlt_le, exp_pos|]. pose proof (fact_pos (2 * p + 4)) as F.
  apply Rmult_le_reg_r with (INR (fact (2 * p + 4))); [exact F|]. unfold Rdiv.
  rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. pose proof ln2_below.
  apply Rle_trans with ((7 / 10) ^ (2 * p + 4)); [apply pow_incr; lra|].
  replace (7 / 10) with (/ 2 * (7 / 5)) by field. rewrite Rpow_mult_distr.
  apply Rmult_le_compat_l; [apply pow_le; lra|apply fact_grows; lia].
Qed.

Theorem exp_reduction : forall (k : Z) (x : R), exp x = powerRZ 2 k * exp (x - IZR k * ln 2).
Proof.
  intros k x. replace (powerRZ 2 k) with (exp (IZR k * ln 2)).
  - rewrite <- exp_plus. f_equal. ring.
  - rewrite powerRZ_Rpower by lra. reflexivity.
Qed.

(* Alternating series: partial sums lie on alternate sides, so the error is below the first term left out. *)
Theorem sin_remainder : forall (n : nat) (x : R), 0 <= x <= PI / 4 ->
  Rabs (sin x - sum_f_R0 (fun i => (-1) ^ i * (x ^ (2 * i + 1) / INR (fact (2 * i + 1)))) n)
    <= x ^ (2 * n + 3) / INR (fact (2 * n + 3)).
Proof.
  intros n x [H0 H1]. pose proof PI_4. assert (x <= 4) as H4 by lra.
  change (sum_f_R0 _ n) with (sin_approx x n).
  assert (forall m,
    sin_approx x (S m) = sin_approx x m + (-1) ^ S m * (x ^ (2 * m + 3) / INR (fact (2 * m + 3)))) as Next.
  { intros m. unfold sin_approx. rewrite tech5. unfold sin_term. do 3 f_equal; [f_equal; lia|do 2 f_equal; lia]. }
  destruct (Nat.Even_or_Odd n) as [[m ->]|[m ->]].
  - assert (sin x <= sin_approx x (2 * m)) as Up.
    { destruct m as [|m].
      - assert (sin x <= x) by (destruct H0 as [P|<-]; [now apply Rlt_le, sin_lt_x|rewrite sin_0; lra]).
        unfold sin_approx, sin_term. simpl. lra.
      - replace (2 * S m)%nat with (2 * (m + 1))%nat by lia. apply pre_sin_bound; assumption. }
    assert (sin_approx x (2 * m + 1) <= sin x) as Lo by (apply pre_sin_bound; assumption).
    replace (2 * m + 1)%nat with (S (2 * m)) in Lo by lia. rewrite Next, pow_1_odd in Lo. apply Rabs_le. lra.
  - assert (sin_approx x (2 * m + 1) <= sin x) as Lo by (apply pre_sin_bound; assumption).
    assert (sin x <= sin_approx x (2 * (m + 1))) as Up by (apply pre_sin_bound; assumption).
    replace (2 * (m + 1))%nat with (S (2 * m + 1)) in Up by lia. rewrite Next in Up.
    replace (S (2 * m + 1)) with (2 * (m + 1))%nat in Up by lia. rewrite pow_1_even in Up. apply Rabs_le. lra.
Qed.

Theorem cos_remainder : forall (n : nat) (x : R), 0 <= x <= PI / 4 ->
  Rabs (cos x - sum_f_R0 (fun i => (-1) ^ i * (x ^ (2 * i) / INR (fact (2 * i)))) n)
    <= x ^ (2 * n + 2) / INR (fact (2 * n + 2)).
Proof.
  intros n x [H0 H1]. pose proof PI_4. assert (x <= 2) as H2 by lra. assert (- 2 <= x) as H2' by lra.
  change (sum_f_R0 _ n) with (cos_approx x n).
  assert (forall m,
    cos_approx x (S m) = cos_approx x m + (-1) ^ S m * (x ^ (2 * m + 2) / INR (fact (2 * m + 2)))) as Next.
  { intros m. unfold cos_approx. rewrite tech5. unfold cos_term. do 3 f_equal; [f_equal; lia|do 2 f_equal; lia]. }
  destruct (Nat.Even_or_Odd n) as [[m ->]|[m ->]].
  - assert (cos x <= cos_approx x (2 * m)) as Up.
    { destruct m as [|m]; [unfold cos_approx, cos_term; simpl; pose proof (COS_bound x); lra|].
      replace (2 * S m)%nat with (2 * (m + 1))%nat by lia. apply pre_cos_bound; assumption. }
    assert (cos_approx x (2 * m + 1) <= cos x) as Lo by (apply pre_cos_bound; assumption).
    replace (2 * m + 1)%nat with (S (2 * m)) in Lo by lia. rewrite Next, pow_1_odd in Lo. apply Rabs_le. lra.
  - assert (cos_approx x (2 * m + 1) <= cos x) as Lo by (apply pre_cos_bound; assumption).
    assert (cos x <= cos_approx x (2 * (m + 1))) as Up by (apply pre_cos_bound; assumption).
    replace (2 * (m + 1))%nat with (S (2 * m + 1)) in Up by lia. rewrite Next in Up.
    replace (S (2 * m + 1)) with (2 * (m + 1))%nat in Up by lia. rewrite pow_1_even in Up. apply Rabs_le. lra.
Qed.
