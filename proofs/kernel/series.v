(* lem:constants. Tail bounds, for every number of terms, of the series of ln 2 and of arctan, and Machin's formula. *)
From Coq Require Export Machin.
From Precise Require Export derivatives.

Lemma ln_derivative x : x < 1 -> derivable_pt_lim (fun t => - ln (1 - t)) x (/ (1 - x)).
Proof.
  intros Hx. apply derivative_ext with (f := fun t => - ((comp ln (fun s => 1 - s)) t)) (l := - (/ (1 - x) * -1)).
  - reflexivity.
  - field. lra.
  - apply derivable_pt_lim_opp with (f := comp ln (fun s => 1 - s)). apply derivable_pt_lim_comp.
    + apply derivative_ext with (f := fun s => 1 - s) (l := 0 - 1); [reflexivity|ring|].
      apply derivable_pt_lim_minus with (f1 := fun _ => 1) (f2 := fun s => s);
        [apply derivable_pt_lim_const|apply derivable_pt_lim_id].
    + apply derivable_pt_lim_ln. lra.
Qed.

(* ln 2 = sum 1/(i 2^i): N = n + 1 terms leave at most 1/((N + 1) 2^N). *)
Theorem ln2_tail : forall n : nat,
  Rabs (ln 2 - sum_f_R0 (fun i => / (INR (S i) * 2 ^ S i)) n) <= / (INR (n + 2) * 2 ^ (n + 1)).
Proof.
  intros n.
  pose proof (below_by_derivative
    (fun t => - ln (1 - t) - sum_f_R0 (fun i => / INR (S i) * t ^ S i) n)
    (fun t => 2 / INR (n + 2) * t ^ S (S n))
    (fun t => / (1 - t) - sum_f_R0 (fun i => / INR (S i) * (INR (S i) * t ^ i)) n)
    (fun t => 2 / INR (n + 2) * (INR (S (S n)) * t ^ S n)) (/ 2) ltac:(lra)) as B.
  assert (INR (S (S n)) = INR (n + 2)) as E2 by (f_equal; lia).
  assert (0 < INR (n + 2)) as P2 by (apply lt_0_INR; lia).
  assert (forall m, sum_f_R0 (fun i => / INR (S i) * 0 ^ S i) m = 0) as Z.
  { induction m as [|m IH]; [simpl; ring|]. rewrite tech5, IH. simpl. ring. }
  replace (ln 2) with (- ln (1 - / 2)).
  - replace (sum_f_R0 (fun i => / (INR (S i) * 2 ^ S i)) n) with (sum_f_R0 (fun i => / INR (S i) * (/ 2) ^ S i) n).
    + apply Rle_trans with (2 / INR (n + 2) * (/ 2) ^ S (S n)); [apply B|].
      * intros t Ht. apply derivable_pt_lim_minus; [apply ln_derivative; lra|].
        apply (derivative_of_sum (fun i t => / INR (S i) * t ^ S i) (fun i t => / INR (S i) * (INR (S i) * t ^ i))).
        intros i _. apply derivative_of_power.
      * intros t _. apply derivative_of_power.
      * intros t Ht. replace (sum_f_R0 (fun i => / INR (S i) * (INR (S i) * t ^ i)) n)
          with ((1 - t ^ S n) / (1 - t)).
        -- replace (/ (1 - t) - (1 - t ^ S n) / (1 - t)) with (t ^ S n / (1 - t)) by (field; lra).
           assert (0 <= t ^ S n) as T by (apply pow_le; lra).
           assert (0 < / (1 - t) <= 2) as I.
           { split; [apply Rinv_0_lt_compat; lra|]. rewrite <- (Rinv_inv 2). apply Rinv_le_contravar; lra. }
           unfold Rdiv at 1. rewrite Rabs_pos_eq by (apply Rmult_le_pos; lra). rewrite E2.
           replace (2 / INR (n + 2) * (INR (n + 2) * t ^ S n)) with (t ^ S n * 2) by (field; lra).
           apply Rmult_le_compat_l; lra.
        -- rewrite <- tech3 by lra. apply sum_eq. intros i _. pose proof (lt_0_INR (S i) ltac:(lia)). field. lra.
      * cbv beta. rewrite Z. replace (1 - 0) with 1 by ring. rewrite ln_1. ring.
      * simpl. ring.
      * apply Req_le. replace (S (S n)) with (n + 1 + 1)%nat by lia. rewrite pow_add, pow_1, pow_inv.
        pose proof (pow_lt 2 (n + 1) ltac:(lra)). field. lra.
    + apply sum_eq. intros i _. rewrite pow_inv, Rinv_mult. reflexivity.
  - rewrite <- ln_Rinv by lra. f_equal. field.
Qed.

Definition atan_sum (n : nat) (x : R) : R := sum_f_R0 (fun i => (-1) ^ i / INR (2 * i + 1) * x ^ S (2 * i)) n.

Lemma geometric_alternating n t :
  / (1 + t ^ 2) - sum_f_R0 (fun i => (-1) ^ i * t ^ (2 * i)) n = (-1) ^ S n * t ^ (2 * n + 2) / (1 + t ^ 2).
Proof.
  assert (0 < 1 + t ^ 2) as H by (pose proof (pow2_ge_0 t); lra).
  induction n as [|n IH]; [simpl; simpl in H; field; lra|].
  rewrite tech5. replace (2 * S n)%nat with (2 * n + 2)%nat by lia.
  replace (2 * n + 2 + 2)%nat with (2 * n + 2 + 2)%nat by lia.
  rewrite (pow_add t (2 * n + 2) 2). simpl ((-1) ^ S (S n)). simpl ((-1) ^ S n) in *.
  apply (Rplus_eq_reg_r (-1 * (-1) ^ n * t ^ (2 * n + 2))).
  transitivity (/ (1 + t ^ 2) - sum_f_R0 (fun i => (-1) ^ i * t ^ (2 * i)) n); [ring|]. rewrite IH. field. lra.
Qed.

Theorem atan_remainder : forall (n : nat) (x : R), 0 <= x ->
  Rabs (atan x - sum_f_R0 (fun i => (-1) ^ i / INR (2 * i + 1) * x ^ S (2 * i)) n) <= x ^ (2 * n + 3) / INR (2 * n + 3).
Proof.
  intros n x Hx. assert (0 < INR (2 * n + 3)) as P by (apply lt_0_INR; lia).
  replace (x ^ (2 * n + 3) / INR (2 * n + 3)) with (/ INR (2 * n + 3) * x ^ S (2 * n + 2))
    by (replace (S (2 * n + 2)) with (2 * n + 3)%nat by lia; field; lra).
  apply (below_by_derivative (fun t => atan t - atan_sum n t) (fun t => / INR (2 * n + 3) * t ^ S (2 * n + 2))
    (fun t => / (1 + t ^ 2) - sum_f_R0 (fun i => (-1) ^ i / INR (2 * i + 1) * (INR (S (2 * i)) * t ^ (2 * i))) n)
    (fun t => / INR (2 * n + 3) * (INR (S (2 * n + 2)) * t ^ (2 * n + 2))) x Hx).
  - intros t _. apply derivable_pt_lim_minus.
    + apply derivable_pt_lim_atan.
    + apply (derivative_of_sum (fun i t => (-1) ^ i / INR (2 * i + 1) * t ^ S (2 * i))
        (fun i t => (-1) ^ i / INR (2 * i + 1) * (INR (S (2 * i)) * t ^ (2 * i)))). intros i _.
      apply derivative_of_power.
  - intros t _. apply derivative_of_power.
  - intros t Ht. replace (sum_f_R0 (fun i => (-1) ^ i / INR (2 * i + 1) * (INR (S (2 * i)) * t ^ (2 * i))) n)
      with (sum_f_R0 (fun i => (-1) ^ i * t ^ (2 * i)) n).
    + rewrite geometric_alternating. replace (S (2 * n + 2)) with (2 * n + 3)%nat by lia.
      replace (/ INR (2 * n + 3) * (INR (2 * n + 3) * t ^ (2 * n + 2))) with (t ^ (2 * n + 2)) by (field; lra).
      assert (0 <= t ^ (2 * n + 2)) as T by (apply pow_le; lra).
      assert (0 < / (1 + t ^ 2) <= 1) as I.
      { pose proof (pow2_ge_0 t). split; [apply Rinv_0_lt_compat; lra|].
        rewrite <- Rinv_1. apply Rinv_le_contravar; lra. }
      unfold Rdiv. rewrite !Rabs_mult, pow_1_abs, (Rabs_pos_eq (t ^ _)), (Rabs_pos_eq (/ _)) by lra.
      rewrite Rmult_1_l. rewrite <- (Rmult_1_r (t ^ (2 * n + 2))) at 2. apply Rmult_le_compat_l; lra.
    + apply sum_eq. intros i _. replace (S (2 * i)) with (2 * i + 1)%nat by lia.
      pose proof (lt_0_INR (2 * i + 1) ltac:(lia)). field. lra.
  - rewrite atan_0. assert (atan_sum n 0 = 0) as ->; [|ring]. unfold atan_sum. clear P.
    induction n as [|n IH]; [simpl; field|]. rewrite tech5, IH. simpl. unfold Rdiv. ring.
  - simpl. ring.
Qed.

(* Machin: pi/4 = 4 arctan(1/5) - arctan(1/239), with both series cut after n + 1 terms. *)
Theorem pi_tail : forall n : nat,
  let arctan x := sum_f_R0 (fun i => (-1) ^ i / INR (2 * i + 1) * x ^ S (2 * i)) n in
  Rabs (PI - 4 * (4 * arctan (/ 5) - arctan (/ 239)))
    <= (16 * (/ 5) ^ (2 * n + 3) + 4 * (/ 239) ^ (2 * n + 3)) / INR (2 * n + 3).
Proof.
  intros n arctan. pose proof (atan_remainder n (/ 5) ltac:(lra)) as A.
  pose proof (atan_remainder n (/ 239) ltac:(lra)) as B.
  fold (arctan (/ 5)) in A. fold (arctan (/ 239)) in B. pose proof Machin_4_5_239 as M.
  apply between_of_abs in A. apply between_of_abs in B. unfold Rdiv in *. rewrite Rmult_plus_distr_r. apply Rabs_le.
  replace PI with (4 * (4 * atan (/ 5) - atan (/ 239))) by lra. lra.
Qed.
