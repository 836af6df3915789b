(* Boolean formulas as words: a word is a formula in at most one way, and a parser reads exactly the formulas.

   Settles, for def:bool-formula, words_are_told_apart: for every word over 0, 1, and, or, not and parentheses. *)

From Coq Require Export List Lia Bool.
Export ListNotations.

Inductive letter := Zero | One | And | Or | Not | Open | Close.

(* The grammar: 0 and 1 are formulas, and with a, b also (not a), (a and b), (a or b). *)
Inductive formula_word : list letter -> Prop :=
| zero_word : formula_word [Zero]
| one_word : formula_word [One]
| not_word : forall a, formula_word a -> formula_word (Open :: Not :: a ++ [Close])
| and_word : forall a b, formula_word a -> formula_word b -> formula_word (Open :: a ++ And :: b ++ [Close])
| or_word : forall a b, formula_word a -> formula_word b -> formula_word (Open :: a ++ Or :: b ++ [Close]).

(* Formulas as trees, and the word of a tree. *)
Inductive tree := Leaf (b : bool) | Neg (f : tree) | Conj (f g : tree) | Disj (f g : tree).
Fixpoint infix (f : tree) : list letter :=
  match f with
  | Leaf b => [if b then One else Zero]
  | Neg f => Open :: Not :: infix f ++ [Close]
  | Conj f g => Open :: infix f ++ And :: infix g ++ [Close]
  | Disj f g => Open :: infix f ++ Or :: infix g ++ [Close]
  end.

(* The formula that a word begins with, and the rest of the word. *)
Definition closed (found : option (tree * list letter)) (make : tree -> tree) : option (tree * list letter) :=
  match found with Some (f, Close :: rest) => Some (make f, rest) | _ => None end.
Fixpoint parse (fuel : nat) (word : list letter) : option (tree * list letter) :=
  match fuel, word with
  | S n, Zero :: rest => Some (Leaf false, rest)
  | S n, One :: rest => Some (Leaf true, rest)
  | S n, Open :: Not :: rest => closed (parse n rest) Neg
  | S n, Open :: rest =>
      match parse n rest with
      | Some (f, And :: rest) => closed (parse n rest) (Conj f)
      | Some (f, Or :: rest) => closed (parse n rest) (Disj f)
      | _ => None
      end
  | _, _ => None
  end.
Definition read (word : list letter) : option tree :=
  match parse (length word) word with Some (f, []) => Some f | _ => None end.

Lemma parse_sound n : forall word f rest, parse n word = Some (f, rest) -> word = infix f ++ rest.
Proof.
  induction n as [|n IH]; intros word f rest H; [discriminate|].
  assert (C : forall w make, closed (parse n w) make = Some (f, rest) ->
    exists g, make g = f /\ w = infix g ++ Close :: rest).
  { intros w make E. unfold closed in E. destruct (parse n w) as [[g [|[] r]]|] eqn:P; try discriminate.
    injection E as <- <-. exists g; split; [easy|]. now apply IH. }
  assert (B : forall w, match parse n w with
      | Some (f, And :: rest) => closed (parse n rest) (Conj f) | Some (f, Or :: rest) => closed (parse n rest) (Disj f)
      | _ => None end = Some (f, rest) -> Open :: w = infix f ++ rest).
  { intros w E. destruct (parse n w) as [[g [|[] r]]|] eqn:P; try discriminate; apply IH in P; apply C in E;
      destruct E as (h & <- & ->); subst w; simpl; now rewrite <- !app_assoc; simpl; rewrite <- app_assoc. }
  destruct word as [|[] word]; try discriminate; simpl in H.
  - now injection H as <- <-.
  - now injection H as <- <-.
  - destruct word as [|[] word]; try (now apply B).
    apply C in H. destruct H as (g & <- & ->). simpl. now rewrite <- app_assoc.
Qed.

Lemma infix_long f : 1 <= length (infix f).
Proof. destruct f; simpl; lia. Qed.

Lemma infix_head f : exists a w, infix f = a :: w /\ a <> Not.
Proof. destruct f as [[]| | |]; simpl; eexists; eexists; (split; [reflexivity|discriminate]). Qed.

Lemma parse_complete f : forall n rest, length (infix f) <= n -> parse n (infix f ++ rest) = Some (f, rest).
Proof.
  assert (B : forall n w, (exists a v, w = a :: v /\ a <> Not) -> parse (S n) (Open :: w) = match parse n w with
      | Some (f, And :: rest) => closed (parse n rest) (Conj f) | Some (f, Or :: rest) => closed (parse n rest) (Disj f)
      | _ => None end).
  { intros n w (a & v & -> & A). now destruct a. }
  assert (H : forall g w, exists a v, infix g ++ w = a :: v /\ a <> Not).
  { intros g w. destruct (infix_head g) as (a & v & E & A). exists a, (v ++ w). now rewrite E. }
  induction f as [b|f IH|f IHf g IHg|f IHf g IHg]; intros n rest L; destruct n as [|n]; simpl in L; try lia.
  - now destruct b.
  - rewrite app_length in L. simpl. rewrite <- app_assoc, IH by lia. easy.
  - rewrite app_length in L; simpl in L; rewrite app_length in L; simpl in L. simpl infix.
    rewrite <- app_comm_cons, <- app_assoc, B by apply H. rewrite IHf by lia. simpl.
    rewrite <- app_assoc, IHg by lia. easy.
  - rewrite app_length in L; simpl in L; rewrite app_length in L; simpl in L. simpl infix.
    rewrite <- app_comm_cons, <- app_assoc, B by apply H. rewrite IHf by lia. simpl.
    rewrite <- app_assoc, IHg by lia. easy.
Qed.

Lemma formula_word_of_tree w : formula_word w <-> exists f, w = infix f.
Proof.
  split.
  - intros H; induction H as [| |a _ [f ->]|a b _ [f ->] _ [g ->]|a b _ [f ->] _ [g ->]].
    + now exists (Leaf false).
    + now exists (Leaf true).
    + now exists (Neg f).
    + now exists (Conj f g).
    + now exists (Disj f g).
  - intros [f ->]. induction f as [[]|f IH|f IHf g IHg|f IHf g IHg]; simpl; constructor; assumption.
Qed.

Lemma read_right w f : read w = Some f <-> w = infix f.
Proof.
  unfold read. split.
  - destruct (parse (length w) w) as [[g [|a r]]|] eqn:E; try discriminate. intros H; injection H as <-.
    apply parse_sound in E. now rewrite app_nil_r in E.
  - intros ->. rewrite <- (app_nil_r (infix f)) at 2. now rewrite parse_complete by lia.
Qed.

Theorem words_are_told_apart : forall w : list letter,
  (forall f, read w = Some f <-> w = infix f) /\
  (forall f g, w = infix f -> w = infix g -> f = g) /\
  (formula_word w <-> read w <> None).
Proof.
  intros w; split; [intros f; apply read_right|split].
  - intros f g F G. apply read_right in F, G. congruence.
  - rewrite formula_word_of_tree. split.
    + intros [f F]. apply read_right in F. now rewrite F.
    + intros H. destruct (read w) as [f|] eqn:E; [|easy]. exists f. now apply read_right.
Qed.
