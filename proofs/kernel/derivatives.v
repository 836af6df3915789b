(* Tools for lem:exp, lem:sqrt, lem:constants: a function whose derivative is below that of another stays below it. *)
From Coq Require Export Reals ZArith Lia Lra Factorial.
Global Open Scope R_scope.

Lemma below_by_derivative (f g f' g' : R -> R) (x : R) : 0 <= x ->
  (forall t, 0 <= t <= x -> derivable_pt_lim f t (f' t)) ->
  (forall t, 0 <= t <= x -> derivable_pt_lim g t (g' t)) ->
  (forall t, 0 <= t <= x -> Rabs (f' t) <= g' t) -> f 0 = 0 -> g 0 = 0 -> Rabs (f x) <= g x.
Proof.
  intros Hx Hf Hg H f0 g0. destruct Hx as [Hx|<-]; [|rewrite f0, g0, Rabs_R0; lra].
  destruct (MVT_cor2 (fun t => g t - f t) (fun t => g' t - f' t) 0 x Hx) as (c & Ec & Hc).
  { intros c Hc. apply derivable_pt_lim_minus; auto. }
  destruct (MVT_cor2 (fun t => g t + f t) (fun t => g' t + f' t) 0 x Hx) as (d & Ed & Hd).
  { intros d Hd. apply derivable_pt_lim_plus; auto. }
  pose proof (H c ltac:(lra)) as Bc. pose proof (H d ltac:(lra)) as Bd.
  apply Rabs_le. unfold Rabs in Bc, Bd. destruct (Rcase_abs (f' c)), (Rcase_abs (f' d));
    rewrite f0, g0 in *; split; nra.
Qed.

Lemma derivative_of_power (c : R) (n : nat) (x : R) :
  derivable_pt_lim (fun t => c * t ^ S n) x (c * (INR (S n) * x ^ n)).
Proof. apply derivable_pt_lim_scal with (f := fun t => t ^ S n). apply derivable_pt_lim_pow. Qed.

Lemma derivative_of_sum (f f' : nat -> R -> R) (n : nat) (x : R) :
  (forall i, (i <= n)%nat -> derivable_pt_lim (f i) x (f' i x)) ->
  derivable_pt_lim (fun t => sum_f_R0 (fun i => f i t) n) x (sum_f_R0 (fun i => f' i x) n).
Proof.
  induction n as [|n IH]; intros H; simpl; [now apply H|].
  apply derivable_pt_lim_plus with (f1 := fun t => sum_f_R0 (fun i => f i t) n); auto.
Qed.

Lemma fact_pos n : 0 < INR (fact n).
Proof. apply lt_0_INR, lt_O_fact. Qed.

Lemma derivative_ext (f g : R -> R) x l m : (forall t, f t = g t) -> l = m -> derivable_pt_lim f x l ->
  derivable_pt_lim g x m.
Proof.
  intros E <- H eps Heps. destruct (H eps Heps) as [d Hd]. exists d. intros h Hh Hs. rewrite <- !E. now apply Hd.
Qed.

Lemma between_of_abs a b : Rabs a <= b -> - b <= a <= b.
Proof. unfold Rabs. destruct (Rcase_abs a); lra. Qed.
