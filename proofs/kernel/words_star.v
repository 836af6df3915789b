(* def:kleene-star. For every language over every alphabet: the union of powers, the words that can be cut into words of
   the language, and the least solution of X = {empty word} u L X are the same language (star_readings_agree), and it is
   the supremum of the powers in the order of inclusion (star_is_supremum). *)

From Coq Require Export List.
Export ListNotations.

Section Star.
Variables (A : Type) (L : list A -> Prop).

Fixpoint power_of (k : nat) (w : list A) : Prop :=
  match k with O => w = [] | S k' => exists u v, L u /\ power_of k' v /\ w = u ++ v end.
Definition union_of_powers (w : list A) : Prop := exists k, power_of k w.
Definition cut_into_words (w : list A) : Prop := exists pieces, Forall L pieces /\ w = concat pieces.

(* {empty word} u L X *)
Definition step (X : list A -> Prop) (w : list A) : Prop := w = [] \/ exists u v, L u /\ X v /\ w = u ++ v.
Definition solves (X : list A -> Prop) : Prop := forall w, X w <-> step X w.
Definition in_every_solution (w : list A) : Prop := forall X, solves X -> X w.

Lemma union_cut w : union_of_powers w <-> cut_into_words w.
Proof.
  split.
  - intros (k & H); revert w H; induction k as [|k IH]; simpl; intros w H.
    + subst w; now exists [].
    + destruct H as (u & v & Hu & Hv & ->). destruct (IH v Hv) as (ps & Hps & ->).
      exists (u :: ps); split; [now constructor|reflexivity].
  - intros (ps & H & ->). exists (length ps). induction H as [|p ps Hp H IH]; simpl; [reflexivity|].
    now exists p, (concat ps).
Qed.

Lemma union_solves : solves union_of_powers.
Proof.
  intros w; split.
  - intros (k & H). destruct k as [|k]; simpl in H; [now left|right].
    destruct H as (u & v & Hu & Hv & E). exists u, v; repeat split; try assumption. now exists k.
  - intros [->|(u & v & Hu & (k & Hv) & E)]; [now exists 0|]. exists (S k); simpl. now exists u, v.
Qed.

Lemma union_least X : (forall w, step X w -> X w) -> forall w, union_of_powers w -> X w.
Proof.
  intros H w (k & P); revert w P; induction k as [|k IH]; simpl; intros w P; apply H.
  - now left.
  - destruct P as (u & v & Hu & Hv & E). right; exists u, v; repeat split; [assumption|now apply IH|assumption].
Qed.
End Star.
Arguments power_of {A}. Arguments union_of_powers {A}. Arguments cut_into_words {A}. Arguments solves {A}.
Arguments in_every_solution {A}.

Theorem star_readings_agree : forall (A : Type) (L : list A -> Prop),
  solves L (union_of_powers L) /\
  forall w, (union_of_powers L w <-> cut_into_words L w) /\ (union_of_powers L w <-> in_every_solution L w).
Proof.
  intros A L; split; [apply union_solves|]. intros w; split; [apply union_cut|]. split.
  - intros H X HX. apply (union_least A L X); [intros v; apply HX|exact H].
  - intros H. apply H, union_solves.
Qed.

Theorem star_is_supremum : forall (A : Type) (L U : list A -> Prop),
  (forall k w, power_of L k w -> U w) <-> (forall w, union_of_powers L w -> U w).
Proof.
  intros A L U; split; [intros H w (k & P); now apply (H k)|intros H k w P; apply H; now exists k].
Qed.
