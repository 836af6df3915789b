"""The circuits, trees and deciders of the proof scripts are those of the package and the ledger, gate by gate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
from kernel_terms import Claim, computed, needs_coq, written

from precise.circuits import Circuit, Port, build
from precise.circuits.circuit import finish
from precise.circuits.integer_operations import words_in
from proofs._block_words import Closure
from proofs._circuits import gates_of
from proofs._classes import lookahead
from proofs._formulas import AND, NOT, OR, Formula, parse_infix
from proofs._gate_lists import Gate
from proofs._majority_by_adders import majority
from proofs._omega_words import direct_test, splits_of, value
from proofs._storing import CONSTRUCTIONS, kept, made
from proofs.conv_io import decoded, encoded
from proofs.def_l_uniform import Counters, generator
from proofs.hyp_weights import Steps, sign_bit

FAMILIES: dict[str, tuple[str, Callable[[int], Circuit]]] = {
    "netlist_parity": ("parity_gates", lambda n: build("parity", n)),
    "netlist_carry": ("carry_gates", lookahead),
    "netlist_comparison": ("comparison_gates", lambda n: build("integer_compare", n)),
}


def gates(listed: Sequence[Gate]) -> str:
    """Return gates in Coq's notation."""
    found = []
    for sources, weights, threshold in listed:
        wires = "; ".join(f"({s}%nat, ({w})%Z)" for s, w in zip(sources, weights, strict=True))
        found.append(f"([{wires}], ({threshold})%Z)")
    return "[" + "; ".join(found) + "]"


def family_claims(module: str, shift: int = 0) -> list[Claim]:
    """Return the gate lists of a script for 2 to 5 bits, as the package builds them, perhaps for another width."""
    name, member = FAMILIES[module]
    return [(f"{name} {n}", gates(gates_of(member(n + shift)))) for n in range(2, 6)]


@needs_coq
def test_the_lists_of_gates_are_what_the_package_builds() -> None:
    for module in FAMILIES:
        assert computed(module, "", family_claims(module)), module
        assert not computed(module, "", family_claims(module, shift=1)), module


def stored_claims(backwards: bool = False) -> list[Claim]:
    """Return what the script stores of a builder's gates in the order of the package: the finished circuit."""
    claims = []
    for construction in CONSTRUCTIONS.values():
        b, (x, y) = words_in(2, 2)
        word = b.materialise(construction(b, x, y))
        circuit = finish(b, [Port("x", 4)], [("result", word)])
        order = kept(b, [next(iter(bit.terms), -1) for bit in word])
        listed = written(order[::-1] if backwards else order)
        claims.append((f"stored 4 {gates(made(b))} {listed}", gates(gates_of(circuit))))
    return claims


@needs_coq
def test_finished_circuits_are_the_stored_gates_of_the_builder() -> None:
    assert computed("netlist_storing", "", stored_claims())
    assert not computed("netlist_storing", "", stored_claims(backwards=True))


def majority_claims(depth: int = 0) -> list[Claim]:
    """Return values and depths of MAJORITY at up to 7 inputs, and at 20, from the circuit of the ledger."""
    every = [list(bits) for n in range(1, 6) for bits in product((0, 1), repeat=n)]
    some = [[1, 0, 1, 1, 0, 1, 0], [0] * 20, [1, 1, 0, 0] * 5, [1] * 11 + [0] * 9]
    return [
        (f"majority {written([bool(b) for b in bits])}", f"Wire {str(wire.bit == 1).lower()} {wire.depth + depth}")
        for bits in every + some
        for wire in (majority(bits),)
    ]


@needs_coq
def test_the_adder_tree_has_the_values_and_depths_of_the_circuit() -> None:
    assert computed("adder_tree", "", majority_claims())
    assert not computed("adder_tree", "", majority_claims(depth=1))


def heap_claims(first: int = 0) -> list[Claim]:
    """Return the lines of the tree in heap order, as the generator writes them."""
    claims = []
    for n in range(1, 7):
        lines = [
            f"({i}, {f'Both {left} {right}' if kind == 'and' else f'Input {i - n + first}'})"
            for i, kind, left, right in generator(n, Counters())
        ]
        claims.append((f"written {n}", "[" + "; ".join(lines) + "]"))
    return claims


@needs_coq
def test_the_generator_writes_the_lines() -> None:
    assert computed("heap_tree", "", heap_claims())
    assert not computed("heap_tree", "", heap_claims(first=1))


def weight_claims(sign: int = 1) -> list[Claim]:
    """Return sign bits with their operations, and the table by Kronecker products of NumPy."""
    claims = []
    for k in range(5):
        for i, j in product(range(2**k), repeat=2):
            steps = Steps()
            bit = sign_bit(i, j, steps)
            claims.append((f"sign_bit {k} {i}%N {j}%N", f"({str(bit == 1).lower()}, {steps.taken})"))
    table = np.array([[1]])
    for _ in range(3):
        table = np.kron(np.array([[1, 1], [1, -sign]]), table)
    for i, j in product(range(8), repeat=2):
        claims.append((f"table 3 {i}%N {j}%N", f"({table[i, j]})%Z"))
    return claims


@needs_coq
def test_sign_bits_and_their_time_are_those_of_the_function() -> None:
    assert computed("sign_weights", "", weight_claims())
    assert not computed("sign_weights", "", weight_claims(sign=-1))


LETTERS = {"0": "Zero", "1": "One", AND: "And", OR: "Or", NOT: "Not", "(": "Open", ")": "Close"}


def tree(formula: Formula) -> str:
    """Return a formula in Coq's notation."""
    parts = " ".join(f"({tree(part)})" for part in formula.parts)
    if not formula.parts:
        return f"Leaf {str(formula.mark == '1').lower()}"
    return f"{ {NOT: 'Neg', AND: 'Conj', OR: 'Disj'}[str(formula.mark)] } {parts}"


def reading_claims(parser: Callable[[str], Formula | None] = parse_infix) -> list[Claim]:
    """Return what the parser reads in all words of at most 3 letters and in longer formulas, whole and mutilated."""
    long = ["(¬(0∧(¬1)))", "((0∨1)∧(1∨(¬0)))", "(((0∧0)∧0)∨(¬(¬1)))"]
    texts = ["".join(letters) for n in range(4) for letters in product(LETTERS, repeat=n)]
    texts += (
        [text[:k] + text[k + 1 :] for text in long for k in range(len(text))] + long + [text + ")" for text in long]
    )
    claims = []
    for text in texts:
        found = parser(text)
        term = "[" + "; ".join(LETTERS[letter] for letter in text) + "]"
        claims.append((f"read {term}", f"Some ({tree(found)})" if found else "None"))
    return claims


@needs_coq
def test_the_parser_of_the_script_reads_what_the_parser_reads() -> None:
    assert computed("formula_words", "", reading_claims())
    assert not computed("formula_words", "", reading_claims(lambda text: parse_infix(text.replace(NOT, ""))))


def word_claims(rows: slice = slice(None, None, -1)) -> list[Claim]:
    """Return words as rows of bits, and what is read from the rows in reverse order."""
    claims = []
    for word in product((0, 1), repeat=4):
        matrix = [[x == 1 for x in row] for row in encoded(word, 3)]
        claims.append((f"encoded 2 3 {written(list(word))}", written(matrix[rows][::-1])))
        read = decoded([[int(x) for x in row] for row in matrix[::-1]])
        claims.append((f"decoded 2 {written(matrix[::-1])}", written(list(read))))
    return claims


@needs_coq
def test_words_are_written_and_read_as_in_the_ledger() -> None:
    assert computed("words_encoded", "", word_claims())
    assert not computed("words_encoded", "", word_claims(slice(None)))


TABLES = (((0, 1), (1, 0)), ((0, 1), (1, 1)))
"""Two monoids with identity 0: addition modulo 2, and the greater of two."""
MONOIDS = (
    "Definition bits (f : bool -> bool -> bool) (assoc : forall a b c, f a (f b c) = f (f a b) c)\n"
    "  (left : forall a, f false a = a) (right : forall a, f a false = a) : monoid :=\n"
    "  {| element := bool; unit := false; op := f; op_assoc := assoc; unit_left := left; unit_right := right |}.\n"
    "Definition m0 : monoid. Proof. refine (bits xorb _ _ _); repeat (intros []); reflexivity. Defined.\n"
    "Definition m1 : monoid. Proof. refine (bits orb _ _ _); repeat (intros []); reflexivity. Defined.\n"
)


def decider_claims(longer: int = 0) -> list[Claim]:
    """Return what the decider of the closure problem says of all words of at most 4 letters."""
    claims = []
    for number, table in enumerate(TABLES):
        for group, r in product(((0,), (1,), (0, 1)), (1, 2, 3)):
            member = "fun a : bool => existsb (eqb a) " + written([g == 1 for g in group])
            closure = Closure(table, frozenset(group), r + longer)
            for word in (w for n in range(5) for w in product((0, 1), repeat=n)):
                said = f"decides m{number} [false; true] bool_dec ({member}) {r} {written([a == 1 for a in word])}"
                claims.append((said, str(closure.contains(word)).lower()))
    return claims


@needs_coq
def test_the_decider_of_the_script_is_the_one_of_the_ledger() -> None:
    assert computed("words_decider", MONOIDS, decider_claims())
    assert not computed("words_decider", MONOIDS, decider_claims(longer=1))


SEMIGROUPS = (
    "Definition bits (f : bool -> bool -> bool) (assoc : forall a b c, f a (f b c) = f (f a b) c) : semigroup :=\n"
    "  {| member := bool; prod := f; prod_assoc := assoc |}.\n"
    "Definition m0 : semigroup. Proof. refine (bits xorb _); repeat (intros []); reflexivity. Defined.\n"
    "Definition m1 : semigroup. Proof. refine (bits orb _); repeat (intros []); reflexivity. Defined.\n"
)


def search_claims(most: Sequence[int] = (2, 2)) -> list[Claim]:
    """Return what the search for linked pairs, splits and powers up to `most` finds in short words."""
    claims = []
    short = [w for n in range(3) for w in product((0, 1), repeat=n)]
    for number, table in enumerate(TABLES):
        for pair, u, v in product(((0, 0), (1, 0), (1, 1)), short, short):
            wanted = " && ".join(f"eqb {name} {str(x == 1).lower()}" for name, x in zip("se", pair, strict=True))
            if v:
                said = direct_test(table, pair, value(table, u), splits_of(table, v), most[number])
                words = " ".join(written([a == 1 for a in w]) for w in (u, v))
                term = f"found m{number} bool [false; true] bool_dec (fun a => a) (fun s e : bool => {wanted}) {words}"
                claims.append((term, str(said).lower()))
    return claims


@needs_coq
def test_the_search_of_the_script_is_the_direct_test() -> None:
    assert computed("words_linked", SEMIGROUPS, search_claims())
    assert not computed("words_linked", SEMIGROUPS, search_claims(most=(0, 0)))
