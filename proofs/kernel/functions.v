(* lem:exp, lem:sqrt. The whole algorithms, for every p: reduction of the argument, a series with the stated number of
   terms, one rounding to a nearest float of F_p; the result is within 2^-p, relatively. *)
From Precise Require Export working taylor root.

Definition nearest_float (p : Z) (x f : R) : Prop :=
  paper_float p f /\ forall g, paper_float p g -> Rabs (f - x) <= Rabs (g - x).

Lemma half_power n : (/ 2) ^ n = bpow radix2 (- Z.of_nat n).
Proof.
  induction n as [|n IH]; [reflexivity|]. simpl pow. rewrite IH. change (/ 2) with (bpow radix2 (-1)).
  rewrite <- bpow_plus. f_equal. lia.
Qed.

(* A value with relative error at most 2^(-2p-2), rounded to a nearest float. *)
Lemma close_value (p : Z) (y z f : R) : (1 <= p)%Z -> least p <= y <= largest p ->
  Rabs (z - y) <= bpow radix2 (- 2 * p - 2) * y -> nearest_float p z f -> Rabs (f - y) <= bpow radix2 (- p) * y.
Proof.
  intros Hp Hy Hz [Pf Nf]. assert (0 < least p) as H0 by apply bpow_gt_0. assert (0 < y) as Y by lra.
  rewrite <- (Rabs_pos_eq y) at 2 by lra.
  apply working_precision_in_range with (d := z / y - 1); [exact Hp|rewrite Rabs_pos_eq; lra| |exact Pf|].
  - apply Rmult_le_reg_r with y; [exact Y|]. rewrite <- (Rabs_pos_eq y) at 2 by lra. rewrite <- Rabs_mult.
    replace ((z / y - 1) * y) with (z - y) by (field; lra). exact Hz.
  - replace (y * (1 + (z / y - 1))) with z by (field; lra). exact Nf.
Qed.

Lemma one_in_range p : (1 <= p)%Z -> least p <= 1 <= largest p.
Proof.
  intros Hp. assert (p < 2 ^ p)%Z as H by (apply Z.pow_gt_lin_r; lia). split.
  - change 1 with (bpow radix2 0). apply bpow_le. lia.
  - unfold largest. rewrite <- (Rmult_1_r 1). apply Rmult_le_compat; [lra|lra|apply IZR_le; lia|].
    change 1 with (bpow radix2 0). apply bpow_le. lia.
Qed.

Lemma float_in_range p x : (1 <= p)%Z -> paper_float p x -> 0 < x -> least p <= x <= largest p.
Proof.
  intros Hp (m & e & -> & Hm & He) Hx. pose proof (bpow_gt_0 radix2 e) as Hb.
  assert (0 < IZR m) as M by nra. apply lt_IZR in M. destruct Hm as [->|[H1 H2]]; [lia|]. rewrite Z.abs_eq in * by lia.
  split.
  - unfold least. replace (p - 1 - 2 ^ p)%Z with (p - 1 + - 2 ^ p)%Z by lia. rewrite bpow_plus.
    apply Rmult_le_compat; [apply bpow_ge_0|apply bpow_ge_0| |apply bpow_le; lia].
    rewrite <- IZR_Zpower by lia. apply IZR_le. exact H1.
  - unfold largest. apply Rmult_le_compat; [apply IZR_le; lia|lra|now apply IZR_le|apply bpow_le; lia].
Qed.

Lemma root_in_range p x : (1 <= p)%Z -> least p <= x <= largest p -> least p <= sqrt x <= largest p.
Proof.
  intros Hp [Hl Hh]. pose proof (one_in_range p Hp) as [L O]. assert (0 < least p) as L0 by apply bpow_gt_0.
  rewrite <- (sqrt_square (least p)), <- (sqrt_square (largest p)) by lra.
  split; apply sqrt_le_1_alt; nra.
Qed.

Theorem sqrt_algorithm : forall (n : nat) (x r f : R) (j : Z), (1 <= n)%nat -> let p := Z.of_nat n in
  paper_float p x -> 0 < x -> / 4 <= r < 1 -> x = r * bpow radix2 (2 * j) ->
  nearest_float p (bpow radix2 j * sum_f_R0 (fun i => binomial_half i * (r - 1) ^ i) (5 * n + 14)) f ->
  Rabs (f - sqrt x) <= bpow radix2 (- p) * sqrt x.
Proof.
  intros n x r f j Hn p Px Hx Hr Ex N. assert (1 <= p)%Z as Hp by (unfold p; lia).
  pose proof (bpow_gt_0 radix2 j) as Hj.
  assert (sqrt x = bpow radix2 j * sqrt r) as Es.
  { rewrite Ex. replace (2 * j)%Z with (j + j)%Z by lia. rewrite bpow_plus, Rmult_comm.
    rewrite sqrt_mult by nra. rewrite sqrt_square by lra. reflexivity. }
  apply close_value with (z := bpow radix2 j * sum_f_R0 (fun i => binomial_half i * (r - 1) ^ i) (5 * n + 14));
    [exact Hp|now apply root_in_range; [|apply float_in_range]| |exact N].
  rewrite Es, <- Rmult_minus_distr_l, Rabs_mult, (Rabs_pos_eq (bpow radix2 j)) by lra.
  apply Rle_trans with (bpow radix2 j * ((/ 2) ^ (2 * n + 4) * sqrt r)).
  - apply Rmult_le_compat_l; [lra|now apply sqrt_number_of_terms].
  - rewrite half_power. pose proof (sqrt_pos r).
    assert (bpow radix2 (- Z.of_nat (2 * n + 4)) <= bpow radix2 (- 2 * p - 2)) as B by (apply bpow_le; unfold p; lia).
    assert (0 <= bpow radix2 j * sqrt r) as P by (apply Rmult_le_pos; lra).
    apply Rle_trans with (bpow radix2 (- Z.of_nat (2 * n + 4)) * (bpow radix2 j * sqrt r)); [apply Req_le; ring|].
    now apply Rmult_le_compat_r.
Qed.

(* A change g of the exponent changes exp by at most 2 |g|, relatively, for |g| <= 1/2. *)
Lemma exp_near_0 g q : Rabs g <= q -> q <= / 2 -> Rabs (exp g - 1) <= q + 2 * (q * q).
Proof.
  intros Hg Hq. apply between_of_abs in Hg. pose proof (exp_pos g). pose proof (exp_ineq1_le g) as Lo.
  pose proof (exp_ineq1_le (- g)) as Hi. rewrite exp_Ropp in Hi.
  assert (exp g * / exp g = 1) as E by (apply Rinv_r; lra).
  assert (exp g * (1 - g) <= 1) as Up by (rewrite <- E; apply Rmult_le_compat_l; lra).
  apply Rabs_le. split; [nra|].
  assert (exp g * (1 - q) <= 1) as Up2 by nra.
  assert (1 <= (1 + q + 2 * (q * q)) * (1 - q)) as K.
  { replace ((1 + q + 2 * (q * q)) * (1 - q)) with (1 + q * q * (1 - 2 * q)) by ring.
    assert (0 <= q * q * (1 - 2 * q)); [|lra]. apply Rmult_le_pos; [|lra]. apply Rle_0_sqr. }
  assert (exp g <= 1 + q + 2 * (q * q)); [|lra].
  apply Rmult_le_reg_r with (1 - q); lra.
Qed.

Lemma exponent_grows n : (2 <= n)%nat -> 4 * INR n - 1 <= 2 * 2 ^ n.
Proof.
  induction n as [|n IH]; [lia|]. intros Hn. destruct (Nat.eq_dec n 1) as [->|H1]; [simpl; lra|].
  assert (2 <= n)%nat as Hn2 by lia. specialize (IH Hn2). rewrite S_INR. simpl pow.
  assert (2 <= INR n) by (change 2 with (INR 2); apply le_INR; lia). lra.
Qed.

(* The quotient k = floor(x/L) has |k| <= 2^(p+1) where exp x is in range. *)
Lemma quotient_bound n x L : (2 <= n)%nat -> 3 / 4 * ln 2 <= L <= ln 2 ->
  Rabs x <= (2 ^ n + INR n) * ln 2 - ln 2 -> Rabs (IZR (Zfloor (x / L))) <= 2 * 2 ^ n.
Proof.
  intros Hn HL Hx. pose proof ln_lt_2 as L2. assert (0 < L) as L0 by lra.
  assert (Rabs (x / L) <= 4 / 3 * (2 ^ n + INR n - 1)) as B.
  { unfold Rdiv. rewrite Rabs_mult, (Rabs_pos_eq (/ L)) by (apply Rlt_le, Rinv_0_lt_compat; lra).
    apply Rmult_le_reg_r with L; [exact L0|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    apply Rle_trans with (1 := Hx). pose proof (pow_R1_Rle 2 n ltac:(lra)).
    assert (2 <= INR n) by (change 2 with (INR 2); apply le_INR; lia).
    assert ((2 ^ n + INR n - 1) * (3 / 4 * ln 2) <= (2 ^ n + INR n - 1) * L) by (apply Rmult_le_compat_l; lra). lra. }
  pose proof (exponent_grows n Hn) as G. apply between_of_abs in B.
  pose proof (Zfloor_lb (x / L)). pose proof (Zfloor_ub (x / L)). apply Rabs_le. lra.
Qed.

(* e^x in range bounds x. *)
Lemma exponent_in_range n x : (2 <= n)%nat -> least (Z.of_nat n) <= exp x <= largest (Z.of_nat n) ->
  Rabs x <= (2 ^ n + INR n) * ln 2 - ln 2.
Proof.
  intros Hn [Hl Hh]. set (p := Z.of_nat n) in *.
  assert (forall k : Z, bpow radix2 k = exp (IZR k * ln 2)) as Power.
  { intros k. rewrite bpow_exp. reflexivity. }
  assert (IZR (2 ^ p) = 2 ^ n) as E2 by (unfold p; rewrite pow_IZR; reflexivity).
  assert (IZR p = INR n) as Ep by (unfold p; now rewrite <- INR_IZR_INZ).
  pose proof ln_lt_2 as L2. assert (2 <= INR n) by (change 2 with (INR 2); apply le_INR; lia).
  apply Rabs_le. split.
  - unfold least in Hl. rewrite Power in Hl.
    assert (IZR (p - 1 - 2 ^ p) * ln 2 <= x) as B.
    { destruct (Rle_or_lt (IZR (p - 1 - 2 ^ p) * ln 2) x) as [H'|H']; [exact H'|]. apply exp_increasing in H'. lra. }
    rewrite !minus_IZR, E2, Ep in B. nra.
  - assert (exp x <= bpow radix2 (p + (2 ^ p - 1))) as B.
    { apply Rle_trans with (1 := Hh). unfold largest. rewrite bpow_plus. apply Rmult_le_compat_r; [apply bpow_ge_0|].
      rewrite <- IZR_Zpower by (unfold p; lia). apply IZR_le. simpl. lia. }
    rewrite Power in B. assert (x <= IZR (p + (2 ^ p - 1)) * ln 2) as C.
    { destruct (Rle_or_lt x (IZR (p + (2 ^ p - 1)) * ln 2)) as [H'|H']; [exact H'|]. apply exp_increasing in H'. lra. }
    rewrite plus_IZR, minus_IZR, E2, Ep in C. nra.
Qed.

Theorem exp_algorithm : forall (n : nat) (x L f : R), (2 <= n)%nat -> let p := Z.of_nat n in
  least p <= exp x <= largest p -> ln 2 - bpow radix2 (- 3 * p - 5) <= L <= ln 2 ->
  let k := Zfloor (x / L) in let r := x - IZR k * L in
  nearest_float p (bpow radix2 k * sum_f_R0 (fun i => r ^ i / INR (fact i)) (2 * n + 3)) f ->
  Rabs (f - exp x) <= bpow radix2 (- p) * exp x.
Proof.
  intros n x L f Hn p Hx HL k r N. assert (2 <= p)%Z as Hp by (unfold p; lia).
  pose proof ln_lt_2 as L2. pose proof (exp_pos x) as X0.
  assert (bpow radix2 (- 3 * p - 5) <= / 8) as Small.
  { change (/ 8) with (bpow radix2 (-3)). apply bpow_le. lia. }
  assert (3 / 4 * ln 2 <= L <= ln 2) as HL2 by lra. assert (0 < L) as L0 by lra.
  pose proof (quotient_bound n x L Hn HL2 (exponent_in_range n x Hn Hx)) as K. fold k in K.
  assert (0 <= r <= ln 2) as Hr.
  { pose proof (Zfloor_lb (x / L)) as A. pose proof (Zfloor_ub (x / L)) as B. fold k in A, B.
    assert (x / L * L = x) as E by (field; lra).
    assert (IZR k * L <= x / L * L) by (apply Rmult_le_compat_r; lra).
    assert (x / L * L < (IZR k + 1) * L) by (apply Rmult_lt_compat_r; lra). unfold r. lra. }
  set (q := bpow radix2 (- 2 * p - 4)).
  assert (0 < q) as Q0 by apply bpow_gt_0.
  assert (q <= / 16) as Q1 by (change (/ 16) with (bpow radix2 (-4)); apply bpow_le; lia).
  assert (bpow radix2 (- 2 * p - 2) = 4 * q) as Q4.
  { unfold q. change 4 with (bpow radix2 2). rewrite <- bpow_plus. f_equal. lia. }
  (* the constant: r = x - k ln 2 + g *)
  set (g := IZR k * (ln 2 - L)).
  assert (Rabs g <= q) as G.
  { unfold g. rewrite Rabs_mult. rewrite (Rabs_pos_eq (ln 2 - L)) by lra.
    replace q with (2 * 2 ^ n * bpow radix2 (- 3 * p - 5)).
    - apply Rmult_le_compat; [apply Rabs_pos|lra|exact K|lra].
    - replace (2 ^ n) with (bpow radix2 p) by (unfold p; rewrite <- IZR_Zpower by lia; simpl; now rewrite pow_IZR).
      change 2 with (bpow radix2 1). unfold q. rewrite <- !bpow_plus. f_equal. lia. }
  pose proof (exp_near_0 g q G ltac:(lra)) as EG.
  assert (bpow radix2 k * exp r = exp x * exp g) as Ex.
  { rewrite bpow_exp. change (IZR radix2) with 2. rewrite <- !exp_plus. f_equal. unfold g, r. ring. }
  pose proof (exp_number_of_terms n r Hr) as T. rewrite half_power in T.
  replace (- Z.of_nat (2 * n + 4))%Z with (- 2 * p - 4)%Z in T by (unfold p; lia). fold q in T.
  apply close_value with (z := bpow radix2 k * sum_f_R0 (fun i => r ^ i / INR (fact i)) (2 * n + 3));
    [lia|exact Hx| |exact N].
  set (s := sum_f_R0 (fun i => r ^ i / INR (fact i)) (2 * n + 3)) in *. rewrite Q4.
  pose proof (bpow_gt_0 radix2 k) as Bk.
  assert (Rabs (bpow radix2 k * s - exp x * exp g) <= q * (exp x * exp g)) as A1.
  { rewrite <- Ex, <- Rmult_minus_distr_l, Rabs_mult, (Rabs_pos_eq (bpow radix2 k)), Rabs_minus_sym by lra.
    replace (q * (bpow radix2 k * exp r)) with (bpow radix2 k * (q * exp r)) by ring. apply Rmult_le_compat_l; lra. }
  assert (Rabs (exp x * exp g - exp x) <= exp x * (q + 2 * (q * q))) as A2.
  { replace (exp x * exp g - exp x) with (exp x * (exp g - 1)) by ring. rewrite Rabs_mult, (Rabs_pos_eq (exp x)) by lra.
    apply Rmult_le_compat_l; lra. }
  assert (exp x * exp g <= exp x * 2) as A3.
  { apply Rmult_le_compat_l; [lra|]. apply between_of_abs in EG. nra. }
  assert (q * (exp x * exp g) <= q * (exp x * 2)) as A4 by (apply Rmult_le_compat_l; lra).
  assert (exp x * (q + 2 * (q * q)) <= exp x * (2 * q)) as A5 by (apply Rmult_le_compat_l; [lra|nra]).
  replace (bpow radix2 k * s - exp x) with ((bpow radix2 k * s - exp x * exp g) + (exp x * exp g - exp x)) by ring.
  apply Rle_trans with (1 := Rabs_triang _ _). lra.
Qed.
