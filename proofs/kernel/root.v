(* lem:sqrt. The binomial series of sqrt about 1: for |r - 1| <= 3/4 and every N >= 1 its first N terms are within
   4 |r - 1|^N sqrt r of sqrt r; 5 (p + 3) terms leave at most 2^(-2p-4), relatively, for every p. *)
From Precise Require Export derivatives.

Fixpoint binomial_half (i : nat) : R :=
  match i with O => 1 | S j => binomial_half j * (/ 2 - INR j) / INR (S j) end.

Lemma binomial_small i : Rabs (binomial_half (S i)) <= / 2.
Proof.
  induction i as [|i IH].
  - simpl. replace (1 * (/ 2 - 0) / 1) with (/ 2) by field. rewrite Rabs_pos_eq; lra.
  - change (binomial_half (S (S i))) with (binomial_half (S i) * (/ 2 - INR (S i)) / INR (S (S i))).
    unfold Rdiv. rewrite !Rabs_mult. pose proof (lt_0_INR (S i) ltac:(lia)) as P. rewrite (S_INR (S i)).
    assert (1 <= INR (S i)) as P1 by (change 1 with (INR 1); apply le_INR; lia).
    rewrite (Rabs_left (/ 2 - INR (S i))) by lra. rewrite (Rabs_pos_eq (/ _)) by (apply Rlt_le, Rinv_0_lt_compat; lra).
    rewrite <- (Rmult_1_r (/ 2)) at 2. rewrite Rmult_assoc. apply Rmult_le_compat; [apply Rabs_pos| |exact IH|].
    + apply Rmult_le_pos; [lra|]. apply Rlt_le, Rinv_0_lt_compat. lra.
    + apply Rmult_le_reg_r with (INR (S i) + 1); [lra|]. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

Definition root_sum (n : nat) (t : R) : R := sum_f_R0 (fun i => binomial_half i * t ^ i) n.
Definition root_slope (n : nat) (t : R) : R :=
  sum_f_R0 (fun i => binomial_half i * (INR i * t ^ pred i)) n.

Lemma root_sum_derivative n t : derivable_pt_lim (root_sum n) t (root_slope n t).
Proof.
  apply (derivative_of_sum (fun i t => binomial_half i * t ^ i) (fun i t => binomial_half i * (INR i * t ^ pred i))).
  intros i _. apply derivable_pt_lim_scal with (f := fun t => t ^ i). apply derivable_pt_lim_pow.
Qed.

(* The partial sum solves 2 (1 + t) y' = y up to its last term. *)
Lemma root_equation n t :
  2 * (1 + t) * root_slope n t - root_sum n t = - (2 * INR (S n)) * binomial_half (S n) * t ^ n.
Proof.
  unfold root_slope, root_sum. induction n as [|n IH]; [simpl; field|].
  rewrite !tech5. set (s := sum_f_R0 _ n) in *. set (d := sum_f_R0 (fun i => binomial_half i * t ^ i) n) in *.
  transitivity (2 * (1 + t) * s - d
    + (2 * (1 + t) * (binomial_half (S n) * (INR (S n) * t ^ pred (S n))) - binomial_half (S n) * t ^ S n)); [ring|].
  rewrite IH.
  change (binomial_half (S (S n))) with (binomial_half (S n) * (/ 2 - INR (S n)) / INR (S (S n))).
  rewrite (S_INR (S n)). pose proof (lt_0_INR (S n) ltac:(lia)). simpl pred. simpl (t ^ S n). field. lra.
Qed.

Lemma sqrt_derivative t : 0 < 1 + t -> derivable_pt_lim (fun s => sqrt (1 + s)) t (/ (2 * sqrt (1 + t))).
Proof.
  intros H. apply derivative_ext with (f := comp sqrt (fun s => 1 + s)) (l := / (2 * sqrt (1 + t)) * 1).
  - reflexivity.
  - ring.
  - apply derivable_pt_lim_comp; [|now apply derivable_pt_lim_sqrt].
    apply derivative_ext with (f := fun s => 1 + s) (l := 0 + 1); [reflexivity|ring|].
    apply derivable_pt_lim_plus with (f1 := fun _ => 1) (f2 := fun s => s);
      [apply derivable_pt_lim_const|apply derivable_pt_lim_id].
Qed.

(* The derivative of S(t)/sqrt(1 + t) is a single term. *)
Lemma ratio_derivative n t : 0 < 1 + t -> derivable_pt_lim (fun s => root_sum n s / sqrt (1 + s)) t
  (- INR (S n) * binomial_half (S n) * t ^ n / ((1 + t) * sqrt (1 + t))).
Proof.
  intros H. pose proof (sqrt_lt_R0 _ H) as Q. pose proof (sqrt_sqrt (1 + t) (Rlt_le _ _ H)) as QQ.
  apply derivative_ext with (f := (root_sum n / (fun s => sqrt (1 + s)))%F)
    (l := (root_slope n t * sqrt (1 + t) - / (2 * sqrt (1 + t)) * root_sum n t) / Rsqr (sqrt (1 + t))).
  - reflexivity.
  - pose proof (root_equation n t) as E.
    assert (root_slope n t = (root_sum n t - 2 * INR (S n) * binomial_half (S n) * t ^ n) / (2 * (1 + t))) as ->.
    { apply Rmult_eq_reg_r with (2 * (1 + t)); [|lra]. field_simplify; [|lra]. lra. }
    unfold Rsqr. set (q := sqrt (1 + t)) in *. rewrite <- QQ. field. lra.
  - apply (derivable_pt_lim_div (root_sum n) (fun s => sqrt (1 + s)));
      [apply root_sum_derivative|now apply sqrt_derivative|lra].
Qed.

Lemma ratio_slope_bound n t : Rabs t <= 3 / 4 ->
  Rabs (- INR (S n) * binomial_half (S n) * t ^ n / ((1 + t) * sqrt (1 + t))) <= 4 * INR (S n) * Rabs t ^ n.
Proof.
  intros Ht. apply between_of_abs in Ht. assert (/ 2 <= sqrt (1 + t)) as Q.
  { replace (/ 2) with (sqrt (/ 4)); [apply sqrt_le_1_alt; lra|]. replace (/ 4) with (/ 2 * / 2) by field.
    apply sqrt_square. lra. }
  assert (0 < INR (S n)) as P by (apply lt_0_INR; lia).
  assert (/ 8 <= (1 + t) * sqrt (1 + t)) as D.
  { replace (/ 8) with (/ 4 * / 2) by field. apply Rmult_le_compat; lra. }
  assert (0 < / ((1 + t) * sqrt (1 + t)) <= 8) as I.
  { split; [apply Rinv_0_lt_compat; lra|]. rewrite <- (Rinv_inv 8). apply Rinv_le_contravar; lra. }
  unfold Rdiv. rewrite !Rabs_mult, Rabs_Ropp, <- RPow_abs, (Rabs_pos_eq (INR _)), (Rabs_pos_eq (/ _)) by lra.
  pose proof (binomial_small n) as B. pose proof (pow_le (Rabs t) n (Rabs_pos t)) as T.
  assert (Rabs (binomial_half (S n)) * / ((1 + t) * sqrt (1 + t)) <= / 2 * 8) as BI
    by (apply Rmult_le_compat; [apply Rabs_pos|lra|exact B|lra]).
  assert (0 <= INR (S n) * Rabs t ^ n) as IT by (apply Rmult_le_pos; lra).
  apply Rle_trans with (INR (S n) * Rabs t ^ n * (Rabs (binomial_half (S n)) * / ((1 + t) * sqrt (1 + t)))).
  - apply Req_le. ring.
  - apply Rle_trans with (INR (S n) * Rabs t ^ n * (/ 2 * 8)); [now apply Rmult_le_compat_l|lra].
Qed.

Lemma root_sum_0 n : root_sum n 0 = 1.
Proof. unfold root_sum. induction n as [|n IH]; [simpl; ring|]. rewrite tech5, IH. simpl. ring. Qed.

Lemma ratio_close n t : Rabs t <= 3 / 4 -> Rabs (root_sum n t / sqrt (1 + t) - 1) <= 4 * Rabs t ^ S n.
Proof.
  intros Ht.
  assert (forall w, 0 <= w <= 3 / 4 -> forall s, (s = 1 \/ s = -1) ->
    Rabs (root_sum n (s * w) / sqrt (1 + s * w) - 1) <= 4 * w ^ S n) as Both.
  { intros w Hw s Hs.
    apply (below_by_derivative (fun x => root_sum n (s * x) / sqrt (1 + s * x) - 1) (fun x => 4 * x ^ S n)
      (fun x => - INR (S n) * binomial_half (S n) * (s * x) ^ n / ((1 + s * x) * sqrt (1 + s * x)) * s)
      (fun x => 4 * (INR (S n) * x ^ n)) w (proj1 Hw)).
    - intros x Hx. assert (0 < 1 + s * x) as P by (destruct Hs as [-> | ->]; lra).
      apply derivative_ext with (f := fun y => comp (fun z => root_sum n z / sqrt (1 + z)) (fun z => s * z) y - 1)
        (l := - INR (S n) * binomial_half (S n) * (s * x) ^ n / ((1 + s * x) * sqrt (1 + s * x)) * s - 0);
        [reflexivity|ring|].
      apply derivable_pt_lim_minus with (f2 := fun _ => 1); [|apply derivable_pt_lim_const].
      apply derivable_pt_lim_comp; [|now apply ratio_derivative].
      apply derivative_ext with (f := fun z => s * z) (l := s * 1); [reflexivity|ring|].
      apply derivable_pt_lim_scal with (f := fun z => z). apply derivable_pt_lim_id.
    - intros x _. apply derivative_of_power.
    - intros x Hx. assert (Rabs (s * x) = x) as E.
      { destruct Hs as [-> | ->]; unfold Rabs; destruct Rcase_abs; lra. }
      rewrite Rabs_mult. replace (Rabs s) with 1 by (destruct Hs as [-> | ->]; unfold Rabs; destruct Rcase_abs; lra).
      rewrite Rmult_1_r. apply Rle_trans with (1 := ratio_slope_bound n (s * x) ltac:(rewrite E; lra)).
      rewrite E. lra.
    - rewrite Rmult_0_r, root_sum_0, Rplus_0_r, sqrt_1. field.
    - simpl. ring. }
  unfold Rabs in Ht. destruct (Rcase_abs t) as [N|N].
  - specialize (Both (- t) ltac:(lra) (-1) (or_intror eq_refl)). replace (-1 * - t) with t in Both by ring.
    rewrite (Rabs_left t) by exact N. exact Both.
  - specialize (Both t ltac:(lra) 1 (or_introl eq_refl)). rewrite Rmult_1_l in Both.
    rewrite (Rabs_right t) by exact N. exact Both.
Qed.

Theorem sqrt_remainder : forall (n : nat) (r : R), Rabs (r - 1) <= 3 / 4 ->
  Rabs (sum_f_R0 (fun i => binomial_half i * (r - 1) ^ i) n - sqrt r) <= 4 * Rabs (r - 1) ^ S n * sqrt r.
Proof.
  intros n r Hr. change (sum_f_R0 (fun i => binomial_half i * (r - 1) ^ i) n) with (root_sum n (r - 1)).
  pose proof (ratio_close n (r - 1) Hr) as B. replace (1 + (r - 1)) with r in B by ring.
  apply between_of_abs in Hr. assert (0 < r) as P by lra. pose proof (sqrt_lt_R0 r P) as Q.
  replace (root_sum n (r - 1) - sqrt r) with ((root_sum n (r - 1) / sqrt r - 1) * sqrt r) by (field; lra).
  rewrite Rabs_mult, (Rabs_pos_eq (sqrt r)) by lra. apply Rmult_le_compat_r; lra.
Qed.

Theorem sqrt_number_of_terms : forall (p : nat) (r : R), / 4 <= r < 1 ->
  Rabs (sum_f_R0 (fun i => binomial_half i * (r - 1) ^ i) (5 * p + 14) - sqrt r) <= (/ 2) ^ (2 * p + 4) * sqrt r.
Proof.
  intros p r Hr. assert (Rabs (r - 1) <= 3 / 4) as H by (rewrite Rabs_left; lra).
  apply Rle_trans with (1 := sqrt_remainder (5 * p + 14) r H).
  apply Rmult_le_compat_r; [apply sqrt_pos|]. replace (S (5 * p + 14)) with (5 * (p + 3))%nat by lia.
  apply Rle_trans with (4 * (3 / 4) ^ (5 * (p + 3))).
  - apply Rmult_le_compat_l; [lra|]. apply pow_incr. split; [apply Rabs_pos|exact H].
  - rewrite pow_mult. replace (2 * p + 4)%nat with (2 * (p + 2))%nat by lia. rewrite (pow_mult (/ 2)).
    replace (p + 3)%nat with (S (p + 2)) by lia. simpl pow at 1.
    assert (((3 / 4) ^ 5) ^ (p + 2) <= ((/ 2) ^ 2) ^ (p + 2)) as A by (apply pow_incr; simpl; lra).
    assert (0 <= ((3 / 4) ^ 5) ^ (p + 2)) as A0 by (apply pow_le; simpl; lra).
    simpl in A, A0 |- *. lra.
Qed.
