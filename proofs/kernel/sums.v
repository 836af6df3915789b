(* lem:matmul, lem:softmax-entry, lem:attention-output. Errors of an entry of a matrix product, of a softmax entry and
   of a weighted sum, for every p >= 2 and every number of terms; a sum is exact, then rounded once. *)
From Precise Require Export rounding.

(* A rounding of F_p: any function that is right wherever the exact value is 0 or in range. *)
Definition rounds (p : Z) (rnd : R -> R) : Prop := forall x, in_range p x -> paper_round p x (rnd x).

Definition total (l : list R) : R := fold_right Rplus 0 l.

(* One term of a softmax or of a weighted sum: a score, its computed exponential, and a value to be weighted. *)
Record term := Term { score : R; weight : R; value : R }.

Lemma rounds_error p rnd x : (2 <= p)%Z -> rounds p rnd -> in_range p x -> Rabs (rnd x - x) <= v p * Rabs x.
Proof.
  intros Hp H Hx. pose proof (H x Hx) as E. apply round_in_range in E; [|exact Hp|exact Hx]. rewrite E.
  now apply rne_error.
Qed.

Lemma total_nonneg {A} (h : A -> R) l : (forall t, In t l -> 0 <= h t) -> 0 <= total (map h l).
Proof.
  induction l as [|t l IH]; simpl; intros H; [lra|].
  pose proof (H t (or_introl eq_refl)). assert (0 <= total (map h l)) by auto. unfold total in *. lra.
Qed.

Lemma total_pos {A} (h : A -> R) l t : (forall s, In s l -> 0 < h s) -> In t l -> h t <= total (map h l).
Proof.
  induction l as [|s l IH]; simpl; [contradiction|intros H [->|I]].
  - pose proof (total_nonneg h l (fun s I => Rlt_le _ _ (H s (or_intror I)))). unfold total in *. lra.
  - pose proof (H s (or_introl eq_refl)). assert (h t <= total (map h l)) by auto. unfold total in *. lra.
Qed.

Lemma total_le {A} (f g : A -> R) l : (forall t, In t l -> f t <= g t) -> total (map f l) <= total (map g l).
Proof.
  induction l as [|t l IH]; simpl; intros H; [lra|].
  pose proof (H t (or_introl eq_refl)). assert (total (map f l) <= total (map g l)) by auto. unfold total in *. lra.
Qed.

(* A sum has at most the error of its terms, relative to the sum of magnitudes. *)
Lemma total_error {A} (f g h : A -> R) c l : (forall t, In t l -> Rabs (f t - g t) <= c * h t) ->
  Rabs (total (map f l) - total (map g l)) <= c * total (map h l).
Proof.
  induction l as [|t l IH]; simpl; intros H.
  - rewrite Rminus_0_r, Rabs_R0. lra.
  - pose proof (H t (or_introl eq_refl)) as Ht.
    assert (Rabs (total (map f l) - total (map g l)) <= c * total (map h l)) as Hl by auto.
    unfold total in *. apply Rabs_le_inv in Ht. apply Rabs_le_inv in Hl. apply Rabs_le. lra.
Qed.

Lemma total_abs {A} (f : A -> R) l : Rabs (total (map f l)) <= total (map (fun t => Rabs (f t)) l).
Proof.
  induction l as [|t l IH]; simpl; [rewrite Rabs_R0; lra|].
  apply Rle_trans with (1 := Rabs_triang _ _). unfold total in *. lra.
Qed.

Lemma total_scaled {A} (w f : A -> R) e l : e <> 0 ->
  total (map (fun s => w s * f s) l) = e * total (map (fun s => w s / e * f s) l).
Proof.
  intros He. induction l as [|s l IH]; simpl; [ring|].
  change (w s * f s + total (map (fun s => w s * f s) l)
    = e * (w s / e * f s + total (map (fun s => w s / e * f s) l))).
  rewrite IH. field. exact He.
Qed.

Theorem matmul_entry_error : forall (p : Z) (rnd : R -> R) (l : list (R * R)), (2 <= p)%Z -> rounds p rnd ->
  (forall a b, In (a, b) l -> in_range p (a * b)) ->
  in_range p (total (map (fun t => rnd (fst t * snd t)) l)) ->
  Rabs (rnd (total (map (fun t => rnd (fst t * snd t)) l)) - total (map (fun t => fst t * snd t) l))
    <= ((1 + u p / (1 + u p)) ^ 2 - 1) * total (map (fun t => Rabs (fst t) * Rabs (snd t)) l).
Proof.
  intros p rnd l Hp Hr Hl Hs. fold (v p).
  set (exact := total (map (fun t => fst t * snd t) l)).
  set (size := total (map (fun t => Rabs (fst t) * Rabs (snd t)) l)).
  set (sum := total (map (fun t => rnd (fst t * snd t)) l)) in *.
  assert (Rabs (sum - exact) <= v p * size) as E.
  { apply total_error. intros [a b] I. simpl. rewrite <- Rabs_mult. apply rounds_error; auto. }
  assert (Rabs exact <= size) as B.
  { apply Rle_trans with (1 := total_abs _ _). apply Req_le. unfold size. f_equal. apply map_ext.
    intros t. apply Rabs_mult. }
  pose proof (rounds_error p rnd sum Hp Hr Hs) as F. pose proof (v_pos p) as V.
  assert (Rabs sum <= (1 + v p) * size) as G.
  { apply Rabs_le_inv in E. apply Rabs_le_inv in B. apply Rabs_le. nra. }
  apply Rle_trans with (v p * Rabs sum + v p * size).
  - replace (rnd sum - exact) with (rnd sum - sum + (sum - exact)) by ring.
    apply Rle_trans with (1 := Rabs_triang _ _). lra.
  - assert (v p * Rabs sum <= v p * ((1 + v p) * size)) by (apply Rmult_le_compat_l; lra). nra.
Qed.

Lemma least_is_least p a : (1 <= p)%Z -> paper_float p a -> 0 < a -> least p <= a.
Proof.
  intros Hp (m & e & -> & Hm & He & _) Ha. pose proof (bpow_gt_0 radix2 e) as Hb.
  assert (0 < IZR m) as H by nra. apply lt_IZR in H. destruct Hm as [->|[Hm _]]; [lia|].
  unfold least. replace (p - 1 - 2 ^ p)%Z with (p - 1 + - 2 ^ p)%Z by lia. rewrite bpow_plus.
  apply Rmult_le_compat; [apply bpow_ge_0|apply bpow_ge_0| |now apply bpow_le].
  rewrite <- IZR_Zpower by lia. apply IZR_le. rewrite Z.abs_eq in Hm by lia. exact Hm.
Qed.

(* The denominator: the sum of the exponentials, rounded, has relative error c of its terms and one v more. *)
Lemma denominator p rnd c l t : (2 <= p)%Z -> rounds p rnd -> 0 <= c < 1 -> In t l ->
  (forall s, In s l -> paper_float p (weight s) /\ Rabs (weight s - exp (score s)) <= c * exp (score s)) ->
  total (map weight l) <= largest p ->
  let E := total (map (fun s => exp (score s)) l) in
  0 < E /\ (1 - c) * (1 - v p) * E <= rnd (total (map weight l)) <= (1 + c) * (1 + v p) * E.
Proof.
  intros Hp Hr Hc It Hl Hs E. pose proof (v_pos p) as V. pose proof (v_lt_u p). pose proof (u_small p ltac:(lia)).
  assert (0 < E) as HE.
  { apply Rlt_le_trans with (exp (score t)); [apply exp_pos|].
    apply (total_pos (fun s => exp (score s))); [intros; apply exp_pos|exact It]. }
  assert (Rabs (total (map weight l) - E) <= c * E) as B by (apply total_error; intros s Is; now apply Hl).
  assert (forall s, In s l -> 0 < weight s) as Wpos.
  { intros s Is. destruct (Hl s Is) as [_ D]. pose proof (exp_pos (score s)). apply Rabs_le_inv in D. nra. }
  assert (in_range p (total (map weight l))) as Rg.
  { right. pose proof (total_pos weight l t Wpos It) as Lt. pose proof (Wpos t It) as Lt0.
    destruct (Hl t It) as [Fl _]. pose proof (least_is_least p _ ltac:(lia) Fl Lt0).
    rewrite Rabs_pos_eq by lra. lra. }
  pose proof (rounds_error p rnd _ Hp Hr Rg) as D.
  apply Rabs_le_inv in B. set (A := total (map weight l)) in *.
  assert (0 < A) by nra. rewrite (Rabs_pos_eq A) in D by lra. apply Rabs_le_inv in D.
  split; [exact HE|split].
  - apply Rle_trans with ((1 - v p) * A); [|lra].
    replace ((1 - c) * (1 - v p) * E) with ((1 - v p) * ((1 - c) * E)) by ring. apply Rmult_le_compat_l; lra.
  - apply Rle_trans with ((1 + v p) * A); [lra|].
    replace ((1 + c) * (1 + v p) * E) with ((1 + v p) * ((1 + c) * E)) by ring. apply Rmult_le_compat_l; lra.
Qed.

(* A quotient of products of factors is extreme where every factor is: lo below, hi above, or the reverse. *)
Lemma between_factors r s lo hi : 0 < lo <= hi -> 0 <= s -> lo / hi * s <= r <= hi / lo * s ->
  Rabs (r - s) <= (hi / lo - 1) * s.
Proof.
  intros H Hs Hr. assert (lo / hi + hi / lo - 2 = (hi - lo) * (hi - lo) / (hi * lo)) as E by (field; lra).
  assert (0 <= (hi - lo) * (hi - lo) / (hi * lo)) as P.
  { apply Rmult_le_pos; [nra|]. apply Rlt_le, Rinv_0_lt_compat. nra. }
  rewrite <- E in P. assert (0 <= (lo / hi + hi / lo - 2) * s) by (apply Rmult_le_pos; lra).
  apply Rabs_le. lra.
Qed.

Lemma div_le x y a b : 0 < b <= a -> 0 <= x <= y -> x / a <= y / b.
Proof.
  intros Hab Hxy. unfold Rdiv. apply Rmult_le_compat; [lra|apply Rlt_le, Rinv_0_lt_compat; lra|lra|].
  apply Rinv_le; lra.
Qed.

Lemma softmax_entry_general p rnd c l t : (2 <= p)%Z -> rounds p rnd -> 0 <= c < 1 -> In t l ->
  (forall s, In s l -> paper_float p (weight s) /\ Rabs (weight s - exp (score s)) <= c * exp (score s)) ->
  total (map weight l) <= largest p -> in_range p (weight t / rnd (total (map weight l))) ->
  Rabs (rnd (weight t / rnd (total (map weight l))) - exp (score t) / total (map (fun s => exp (score s)) l))
    <= ((1 + c) * (1 + v p) / ((1 - c) * (1 - v p)) - 1)
       * (exp (score t) / total (map (fun s => exp (score s)) l)).
Proof.
  intros Hp Hr Hc It Hl Hs Hq. destruct (denominator p rnd c l t Hp Hr Hc It Hl Hs) as [HE HD].
  set (E := total (map (fun s => exp (score s)) l)) in *. set (D := rnd (total (map weight l))) in *.
  destruct (Hl t It) as [_ Ht]. pose proof (exp_pos (score t)) as He. apply Rabs_le_inv in Ht.
  pose proof (v_pos p) as V. pose proof (v_lt_u p). pose proof (u_small p ltac:(lia)).
  assert (0 < (1 - c) * (1 - v p)) as Lo by (apply Rmult_lt_0_compat; lra).
  assert (0 < (1 - c) * (1 - v p) * E) as LoE by (apply Rmult_lt_0_compat; lra).
  pose proof (rounds_error p rnd _ Hp Hr Hq) as Q.
  assert (0 < weight t / D) as Hpos.
  { apply Rmult_lt_0_compat; [nra|apply Rinv_0_lt_compat; lra]. }
  rewrite (Rabs_pos_eq (weight t / D)) in Q by lra. apply Rabs_le_inv in Q.
  apply between_factors.
  - split; [exact Lo|]. apply Rmult_le_compat; lra.
  - apply Rlt_le, Rmult_lt_0_compat; [exact He|now apply Rinv_0_lt_compat].
  - assert (0 < (1 + c) * (1 + v p)) as Hi by (apply Rmult_lt_0_compat; lra). split.
    + apply Rle_trans with ((1 - v p) * (weight t / D)); [|lra].
      replace ((1 - c) * (1 - v p) / ((1 + c) * (1 + v p)) * (exp (score t) / E))
        with ((1 - v p) * (((1 - c) * exp (score t)) / ((1 + c) * (1 + v p) * E))) by (field; lra).
      apply Rmult_le_compat_l; [lra|]. apply div_le; [lra|nra].
    + apply Rle_trans with ((1 + v p) * (weight t / D)); [lra|].
      replace ((1 + c) * (1 + v p) / ((1 - c) * (1 - v p)) * (exp (score t) / E))
        with ((1 + v p) * (((1 + c) * exp (score t)) / ((1 - c) * (1 - v p) * E))) by (field; lra).
      apply Rmult_le_compat_l; [lra|]. apply div_le; [lra|nra].
Qed.

(* Both constants: exponentials within u, or within u/(1+u) as a correctly rounded exp is. *)
Theorem softmax_entry_error : forall (p : Z) (rnd : R -> R) (l : list term) (t : term) (c : R), (2 <= p)%Z ->
  rounds p rnd -> In t l ->
  (forall s, In s l -> paper_float p (weight s) /\ Rabs (weight s - exp (score s)) <= c * exp (score s)) ->
  total (map weight l) <= largest p -> in_range p (weight t / rnd (total (map weight l))) ->
  let exact := exp (score t) / total (map (fun s => exp (score s)) l) in
  let error := Rabs (rnd (weight t / rnd (total (map weight l))) - exact) in
  (c = u p -> error <= (4 * u p + 2 * u p ^ 2) / (1 - u p) * exact) /\
  (c = u p / (1 + u p) -> error <= (4 * u p + 4 * u p ^ 2) * exact).
Proof.
  intros p rnd l t c Hp Hr It Hl Hs Hq exact error.
  pose proof (u_pos p) as U. pose proof (u_small p ltac:(lia)) as U2. pose proof (v_lt_u p) as V.
  pose proof (v_pos p) as V0.
  split; intros ->.
  - replace ((4 * u p + 2 * u p ^ 2) / (1 - u p)) with ((1 + u p) * (1 + v p) / ((1 - u p) * (1 - v p)) - 1)
      by (unfold v; field; lra).
    apply softmax_entry_general; auto. lra.
  - fold (v p) in *.
    replace (4 * u p + 4 * u p ^ 2) with ((1 + v p) * (1 + v p) / ((1 - v p) * (1 - v p)) - 1)
      by (unfold v; field; lra).
    apply softmax_entry_general; auto. lra.
Qed.

Theorem attention_output_error : forall (p : Z) (rnd : R -> R) (l : list term), (2 <= p)%Z -> rounds p rnd ->
  l <> nil ->
  (forall s, In s l -> paper_float p (weight s) /\ Rabs (weight s - exp (score s)) <= u p * exp (score s)) ->
  total (map weight l) <= largest p ->
  (forall s, In s l -> in_range p (weight s * value s)) ->
  let products := total (map (fun s => rnd (weight s * value s)) l) in
  let computed := rnd products / rnd (total (map weight l)) in
  in_range p products -> in_range p computed ->
  let exact_weight s := exp (score s) / total (map (fun s => exp (score s)) l) in
  Rabs (rnd computed - total (map (fun s => exact_weight s * value s) l))
    <= ((1 + u p) ^ 4 / (1 - u p) ^ 2 - 1) * total (map (fun s => exact_weight s * Rabs (value s)) l).
Proof.
  intros p rnd l Hp Hr Hne Hl Hs Hb products computed Hn Hq exact_weight.
  pose proof (u_pos p) as U. pose proof (u_small p ltac:(lia)) as U2. pose proof (v_lt_u p) as V.
  pose proof (v_pos p) as V0.
  assert (exists t, In t l) as [t It] by (destruct l as [|t l']; [now elim Hne|exists t; now left]).
  assert (0 <= u p < 1) as Hu by lra.
  destruct (denominator p rnd (u p) l t Hp Hr Hu It Hl Hs) as [HE HD].
  set (E := total (map (fun s => exp (score s)) l)) in *. set (D := rnd (total (map weight l))) in *.
  set (x := u p) in *. set (y := v p) in *.
  set (o := total (map (fun s => exact_weight s * value s) l)).
  set (m := total (map (fun s => exact_weight s * Rabs (value s)) l)).
  assert (0 <= m) as Hm.
  { apply total_nonneg. intros s _. apply Rmult_le_pos; [|apply Rabs_pos].
    apply Rlt_le, Rmult_lt_0_compat; [apply exp_pos|now apply Rinv_0_lt_compat]. }
  assert (Rabs o <= m) as Ho.
  { apply Rle_trans with (1 := total_abs _ _). apply Req_le. unfold m. f_equal. apply map_ext. intros s.
    rewrite Rabs_mult. f_equal. apply Rabs_pos_eq.
    apply Rlt_le, Rmult_lt_0_compat; [apply exp_pos|now apply Rinv_0_lt_compat]. }
  (* the numerator: exp, product, and rounding of the sum *)
  assert (Rabs (products - E * o) <= ((1 + x) * (1 + y) - 1) * (E * m)) as P.
  { replace (E * o) with (total (map (fun s => exp (score s) * value s) l)).
    replace (E * m) with (total (map (fun s => exp (score s) * Rabs (value s)) l)).
    - apply total_error. intros s Is. destruct (Hl s Is) as [_ W]. pose proof (exp_pos (score s)) as He.
      pose proof (rounds_error p rnd _ Hp Hr (Hb s Is)) as F. fold y in F. rewrite Rabs_mult in F.
      replace (rnd (weight s * value s) - exp (score s) * value s) with
        ((rnd (weight s * value s) - weight s * value s) + (weight s - exp (score s)) * value s) by ring.
      apply Rle_trans with (1 := Rabs_triang _ _). rewrite Rabs_mult.
      pose proof (Rabs_pos (value s)) as Hv.
      assert (Rabs (weight s) <= (1 + x) * exp (score s)) as Wl.
      { apply Rabs_le_inv in W. apply Rabs_le. nra. }
      assert (Rabs (weight s) * Rabs (value s) <= (1 + x) * exp (score s) * Rabs (value s)) as W1
        by (apply Rmult_le_compat_r; assumption).
      assert (Rabs (weight s - exp (score s)) * Rabs (value s) <= x * exp (score s) * Rabs (value s)) as W2
        by (apply Rmult_le_compat_r; assumption).
      assert (y * (Rabs (weight s) * Rabs (value s)) <= y * ((1 + x) * exp (score s) * Rabs (value s))) as W3
        by (apply Rmult_le_compat_l; lra).
      lra.
    - apply total_scaled. lra.
    - apply total_scaled. lra. }
  pose proof (rounds_error p rnd _ Hp Hr Hn) as N. fold y in N.
  pose proof (rounds_error p rnd _ Hp Hr Hq) as Q. fold y in Q.
  (* the quotient: lo and hi are the ends of the denominator, k the constant of the numerator *)
  set (lo := (1 - x) * (1 - y)) in *. set (hi := (1 + x) * (1 + y)) in *. set (k := hi * (1 + y) - 1).
  assert (0 < lo) as Hlo by (apply Rmult_lt_0_compat; lra).
  assert (lo <= 1 <= hi) as Hone by (unfold lo, hi; nra).
  assert (Rabs (rnd products - E * o) <= k * (E * m)) as R1.
  { assert (Rabs (E * o) <= E * m) as Eo.
    { rewrite Rabs_mult, (Rabs_pos_eq E) by lra. apply Rmult_le_compat_l; lra. }
    assert (Rabs products <= hi * (E * m)) as Pm.
    { apply Rabs_le_inv in P. apply Rabs_le_inv in Eo. apply Rabs_le. lra. }
    assert (y * Rabs products <= y * (hi * (E * m))) by (apply Rmult_le_compat_l; lra).
    replace (rnd products - E * o) with (rnd products - products + (products - E * o)) by ring.
    apply Rle_trans with (1 := Rabs_triang _ _). unfold k. lra. }
  set (g := D / E).
  assert (lo <= g <= hi) as Hg.
  { assert (g * E = D) as Gd by (unfold g; field; lra). split; apply Rmult_le_reg_r with E; lra. }
  assert (computed = (o + (rnd products - E * o) / E) / g) as Ec.
  { assert (0 < lo * E) by now apply Rmult_lt_0_compat. unfold computed, g. fold D. field. split; lra. }
  set (w := (rnd products - E * o) / E) in *.
  assert (Rabs w <= k * m) as Hw.
  { unfold w, Rdiv. rewrite Rabs_mult, (Rabs_pos_eq (/ E)) by (apply Rlt_le, Rinv_0_lt_compat; lra).
    apply Rmult_le_reg_r with E; [exact HE|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. lra. }
  assert (0 < / g <= / lo) as Hi by (split; [apply Rinv_0_lt_compat; lra|apply Rinv_le; lra]).
  assert (/ lo * lo = 1) as Jlo by (apply Rinv_l; lra). assert (/ g * g = 1) as Jg by (apply Rinv_l; lra).
  assert (1 <= / lo) as Hj by (rewrite <- Rinv_1; apply Rinv_le; lra).
  assert (hi * lo <= 1) as Hl1.
  { replace (hi * lo) with ((1 - x * x) * (1 - y * y)) by (unfold hi, lo; ring).
    assert (0 <= x * x) by (apply Rmult_le_pos; lra). assert (0 <= y * y) by (apply Rmult_le_pos; lra).
    assert (0 <= (1 - x) * (1 + x)) by (apply Rmult_le_pos; lra).
    assert (0 <= (1 - x * x) * (y * y)) by (apply Rmult_le_pos; lra). lra. }
  assert (Rabs (/ g - 1) <= / lo - 1) as Hi1.
  { apply Rabs_le. split; [|lra].
    assert (lo <= / g); [|assert (0 <= (1 - lo) * (/ lo - 1)) by (apply Rmult_le_pos; lra); lra].
    apply Rmult_le_reg_r with g; [lra|]. rewrite Jg.
    apply Rle_trans with (lo * hi); [apply Rmult_le_compat_l; lra|lra]. }
  assert (Rabs (rnd computed - o) <= ((1 + k) * (1 + y) * / lo - 1) * m) as R2.
  { assert (Rabs (o + w) <= (1 + k) * m) as Ow by (apply Rle_trans with (1 := Rabs_triang _ _); lra).
    assert (0 <= k) as K0 by (unfold k, hi; nra).
    assert (Rabs computed <= (1 + k) * m * / lo) as Cm.
    { rewrite Ec. unfold Rdiv. rewrite Rabs_mult, (Rabs_pos_eq (/ g)) by lra.
      apply Rmult_le_compat; [apply Rabs_pos|lra|exact Ow|lra]. }
    assert (Rabs w * / g <= k * m * / lo) as Wm by (apply Rmult_le_compat; [apply Rabs_pos|lra|exact Hw|lra]).
    assert (Rabs o * Rabs (/ g - 1) <= m * (/ lo - 1)) as Om by (apply Rmult_le_compat; auto using Rabs_pos).
    assert (y * Rabs computed <= y * ((1 + k) * m * / lo)) as Ym by (apply Rmult_le_compat_l; lra).
    replace (rnd computed - o) with (rnd computed - computed + (w * / g + o * (/ g - 1)))
      by (rewrite Ec; unfold Rdiv; ring).
    apply Rle_trans with (1 := Rabs_triang _ _).
    pose proof (Rabs_triang (w * / g) (o * (/ g - 1))) as T.
    rewrite !Rabs_mult, (Rabs_pos_eq (/ g)) in T by lra. lra. }
  apply Rle_trans with (1 := R2). apply Rmult_le_compat_r; [exact Hm|]. apply Rplus_le_compat_r.
  replace ((1 + k) * (1 + y) * / lo) with ((1 + x) * ((1 + y) * (1 + y) * (1 + y)) / ((1 - x) * (1 - y)))
    by (unfold k, hi, lo; field; lra).
  apply div_le.
  - replace ((1 - x) ^ 2) with ((1 - x) * (1 - x)) by ring.
    split; [apply Rmult_lt_0_compat; lra|apply Rmult_le_compat_l; lra].
  - split; [|replace ((1 + x) ^ 4) with ((1 + x) * ((1 + x) * (1 + x) * (1 + x))) by ring;
      apply Rmult_le_compat_l; [lra|]].
    + repeat apply Rmult_le_pos; lra.
    + repeat apply Rmult_le_compat; try lra; repeat apply Rmult_le_pos; lra.
Qed.
