"""What the definitions in the algebra scripts mean: the kernel computes small instances, outside code the values."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations, product

import numpy as np
from kernel_terms import Claim, computed, needs_coq, written

INTEGERS = (
    "From Coq Require Import ZArith List. Import ListNotations. Open Scope Z_scope.\n"
    "Definition integers : ring := {| carrier := Z; zero := 0; one := 1; add := Z.add; mul := Z.mul; sub := Z.sub;\n"
    "  opp := Z.opp; laws := InitialRing.Zth |}.\n"
    "Definition entries (m : matrix integers) (n d : nat) : list (list Z) :=\n"
    "  map (fun i => map (fun j => m i j) (seq 1 d)) (seq 1 n).\n"
    "Definition from (rows : list (list Z)) : matrix integers := fun i j => nth (j - 1) (nth (i - 1) rows []) 0.\n"
)


def tensor_claims(kron: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> list[Claim]:
    """Return products of two integer matrices of several shapes, by an outside Kronecker product."""
    claims = []
    for (n, d), (k, e) in product(((2, 3), (3, 2), (1, 2)), ((2, 2), (3, 1))):
        a, b = np.arange(1, n * d + 1).reshape(n, d), np.arange(5, 5 + k * e).reshape(k, e)
        left, right = (f"(from {written(m.tolist())})" for m in (a, b))
        whole = kron(a, b)
        claims.append((f"entries (kron {n}%nat {d}%nat {left} {right}) {n * k} {d * e}", written(whole.tolist())))
        both = np.stack([kron(a[:, [0]], b[:, [j]])[:, 0] for j in range(e)], axis=1)
        claims.append(
            (f"entries (khatri_rao {n}%nat (fun i _ => {left} i 1%nat) {right}) {n * k} {e}", written(both.tolist()))
        )
    return claims


@needs_coq
def test_the_products_are_those_of_numpy_with_the_factors_exchanged() -> None:
    assert computed("tensor_products", INTEGERS, tensor_claims(lambda a, b: np.kron(b, a)))
    assert not computed("tensor_products", INTEGERS, tensor_claims(np.kron))


def permutation_claims(compose: Callable[[tuple[int, ...], tuple[int, ...]], tuple[int, ...]]) -> list[Claim]:
    """Return what the script says of all permutations of five points, and of some products."""
    every = list(permutations(range(5)))
    cycles = [p for p in every if len({p[0], p[p[0]], p[p[p[0]]], p[p[p[p[0]]]], 0}) == 5 and p[p[p[p[p[0]]]]] == 0]
    assert len(cycles) == 24

    def table(p: tuple[int, ...]) -> str:
        return f"(Build_table {' '.join(f'P{x}' for x in p)})"

    some = [(every[i], every[j]) for i, j in ((7, 64), (64, 7), (100, 33), (119, 1))]
    return [
        ("length permutations", "120"),
        ("permutations", "[" + "; ".join(map(table, every)) + "]"),
        ("filter is_cycle permutations", "[" + "; ".join(map(table, cycles)) + "]"),
        *((f"then_ {table(a)} {table(b)}", table(compose(a, b))) for a, b in some),
        *((f"then_ {table(a)} (inverse {table(a)})", "identity") for a, _ in some),
    ]


@needs_coq
def test_the_permutations_are_all_and_compose_from_left_to_right() -> None:
    assert computed("words_five", "", permutation_claims(lambda a, b: tuple(b[x] for x in a)))
    assert not computed("words_five", "", permutation_claims(lambda a, b: tuple(a[x] for x in b)))


GROUP = (
    "Definition bits : monoid.\n"
    "Proof.\n  refine {| element := bool; unit := false; op := xorb |};\n"
    "    intros; repeat match goal with a : bool |- _ => destruct a end; reflexivity.\nDefined.\n"
    "Definition two : finite_group.\n"
    "Proof.\n"
    "  refine {| base := bits; inv := fun a : bits => a; equal := eqb; members := [true; false] : list bits |}.\n"
    "  - now intros [].\n"
    "  - now intros [].\n"
    "  - exact eqb_true_iff.\n"
    "  - intros []; simpl; tauto.\n"
    "  - repeat constructor; simpl; intuition discriminate.\n"
    "Defined.\n"
    "Definition sum_of_bits (p : list (instruction two)) (x : nat -> bool) : bool := value (word_at x p).\n"
)


def word_claims(last: bool = True) -> list[Claim]:
    """Return words over the group of two elements, periodic words, formulas and programs, by hand and by Python."""
    u, v = [1, 0, 1], [0, 1]
    bits = [(u[n] if n < 3 else v[(n - 3) % 2]) == 1 for n in range(9)]
    sigma = [True, True, False, False]
    word = [letter for g in (True, False) for letter in (g, *sigma)]
    formula = "And (Not (Var 0)) (Or (Var 1) (Const false))"
    inputs = list(product((False, True), repeat=2))
    claims = [
        ("map (periodic false [true; false; true] [false; true]) (seq 0 9)", written(bits)),
        ("repeated [true; false] 3", written([True, False] * 3)),
        ("sigma two", written(sigma)),
        ("encoded (G := two) [true; false]", written(word)),
        ("order two", "2"),
        (f"depth ({formula})", "2"),
        *((f"eval (fun i => nth i {written(list(x))} false) ({formula})", written(not x[0] and x[1])) for x in inputs),
    ]
    for x in inputs:
        program = "[Build_instruction two 0 true false; Build_instruction two 1 false true]"
        right = x[0] != (not x[1]) if last else x[0]
        claims.append((f"sum_of_bits {program} (fun i => nth i {written(list(x))} false)", written(right)))
    return claims


@needs_coq
def test_words_formulas_and_programs_mean_what_they_say() -> None:
    assert computed("words_barrington", GROUP, word_claims())
    assert not computed("words_barrington", GROUP, word_claims(last=False))


def gate_claims(shift: int = 0) -> list[Claim]:
    """Return threshold gates and their literals, with the threshold shifted on the Python side."""
    claims = []
    for weights, t in (((2, -1, 3), 2), ((-2, -2, 1), -1), ((1, 1, 1), 2), ((0, 4, -3), 5)):
        for x in product((False, True), repeat=3):
            gate = "[" + "; ".join(f"({w}, {written(b)})" for w, b in zip(weights, x, strict=True)) + "]"
            total = sum(w for w, b in zip(weights, x, strict=True) if b)
            claims.append((f"threshold ({t}) {gate}", written(total >= t + shift)))
            claims.append((f"length (flat_map copies {gate})", f"{sum(map(abs, weights))}%nat"))
    for x in product((False, True), repeat=4):
        claims.append((f"majority {written(list(x))}", written(2 * sum(x) > 4)))
    return claims


@needs_coq
def test_gates_compare_the_weighted_sum() -> None:
    assert computed("threshold_gates", "Open Scope Z_scope.\n", gate_claims())
    assert not computed("threshold_gates", "Open Scope Z_scope.\n", gate_claims(shift=1))


LISTED = (
    "From Coq Require Import List. Import ListNotations.\nDefinition of_bits (n i : nat) : bool := Nat.testbit n i.\n"
)


def addition_claims(carry_in: bool = True) -> list[Claim]:
    """Return carries and sums of all pairs of numbers of three bits, by the sum of Python's integers."""
    claims = []
    for a, b, c in product(range(8), range(8), (0, 1)):
        given = f"(of_bits {a}) (of_bits {b}) {written(bool(c))}"
        total = a + b + (c if carry_in else 0)
        carries = [((a % 2**i) + (b % 2**i) + c) >> i & 1 == 1 for i in range(4)]
        claims.append((f"map (carry {given}) (seq 0 4)", written(carries)))
        claims.append(
            (f"map (sum_bit {given}) (seq 0 3)", "[" + "; ".join(str(total >> i & 1) for i in range(3)) + "]")
        )
    claims += [(f"number 5 (of_bits {n})", str(n)) for n in (0, 13, 31)]
    return claims


@needs_coq
def test_carries_and_sums_are_those_of_the_integers() -> None:
    assert computed("binary_addition", LISTED, addition_claims())
    assert not computed("binary_addition", LISTED, addition_claims(carry_in=False))
