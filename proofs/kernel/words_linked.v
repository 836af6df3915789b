(* Linked pairs, and a search that decides fixed membership, for every finite semigroup and all words.

   Settles, for def:fixed-membership,
     linked_pairs           for an idempotent e the elements s with s e = s are those of S e
     question_is_decided    the search over the pairs, the splits of v and powers up to |S| finds u v^omega in [P] *)

From Precise Require Export words_omega.

Theorem linked_pairs : forall (S : semigroup) (s e : S), prod e e = e -> (linked s e <-> exists t, s = prod t e).
Proof.
  intros S s e E; split; [intros [L _]; now exists s|]. intros [t ->]. split; [|exact E]. now rewrite <- prod_assoc, E.
Qed.

Section Search.
Variables (S : semigroup) (A : Type) (elements : list S) (dec : forall a b : S, {a = b} + {a <> b}).
Variables (h : A -> S) (P : S -> S -> bool).

Definition has_value (w : list A) (s : S) : bool :=
  match image h w with Some a => if dec a s then true else false | None => false end.

(* The pairs, the splits of v, and the exponents up to the number of elements. *)
Definition found (u v : list A) : bool :=
  let upto := seq 0 (length elements + 1) in
  existsb (fun se => P (fst se) (snd se) &&
    existsb (fun o => existsb (fun i => has_value (u ++ repeated v i ++ firstn o v) (fst se)) upto
      && existsb (fun j => has_value (skipn o v ++ repeated v j ++ firstn o v) (snd se)) upto)
    (seq 0 (length v + 1)))
  (list_prod elements elements).

Lemma has_value_right w s : has_value w s = true <-> image h w = Some s.
Proof.
  unfold has_value. destruct (image h w) as [a|]; [|easy]. destruct (dec a s) as [->|D]; [easy|].
  split; [easy|]. intros E. injection E as E. contradiction.
Qed.
End Search.

Theorem question_is_decided : forall (S : semigroup) (elements : list S) (dec : forall a b : S, {a = b} + {a <> b})
    (A : Type) (h : A -> S) (P : S -> S -> bool) (d : A) (u v : list A),
  (forall a, In a elements) -> (forall s e, P s e = true -> linked s e) -> v <> nil ->
  (found S A elements dec h P u v = true <-> omega_member h (fun s e => P s e = true) (periodic d u v)).
Proof.
  intros S l dec A h P d u v C L V.
  rewrite (direct_test S l A h (fun s e => P s e = true) d u v C dec L V). unfold found. cbv zeta.
  rewrite existsb_exists. split.
  - intros ([s e] & _ & T). cbn [fst snd] in T. apply andb_prop in T. destruct T as [Hp T].
    apply existsb_exists in T. destruct T as (o & _ & T). apply andb_prop in T. destruct T as [Ti Tj].
    apply existsb_exists in Ti, Tj. destruct Ti as (i & I & Ti), Tj as (j & J & Tj).
    apply in_seq in I, J. apply has_value_right in Ti, Tj.
    exists s, e, (firstn o v), (skipn o v), i, j. rewrite firstn_skipn. repeat split; try assumption; lia.
  - intros (s & e & v1 & v2 & i & j & Hp & E & I & J & Hs & He). exists (s, e). split; [apply in_prod; apply C|].
    cbn [fst snd]. rewrite Hp. apply existsb_exists. exists (length v1).
    assert (F : firstn (length v1) v = v1) by (rewrite E, firstn_app, Nat.sub_diag, firstn_all; apply app_nil_r).
    assert (K : skipn (length v1) v = v2) by (rewrite E, skipn_app, Nat.sub_diag, skipn_all; reflexivity).
    split; [apply in_seq; rewrite E, app_length; lia|]. rewrite F, K. apply andb_true_intro.
    split; apply existsb_exists.
    + exists i. split; [apply in_seq; lia|]. now apply has_value_right.
    + exists j. split; [apply in_seq; lia|]. now apply has_value_right.
Qed.
