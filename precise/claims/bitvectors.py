"""Terms over bit vectors of fixed width, written as SMT-LIB text or evaluated with integers.

A term of width 0 is a truth value. Operands of one operation have the same width; an integer operand takes the
width of the other one. Nothing here is extended silently: `wide` does it, and a result that needs more bits than
it has is cut to its width, as the standard says. So a model states how wide its numbers must be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from precise.errors import DomainError

Values = Mapping[str, int]
"""Unsigned values of the declared names."""


@dataclass(frozen=True, eq=False)
class Term:
    """An operation with its operands, or a name, or a numeral.

    Parameters
    ----------
    head
        The operation of SMT-LIB, the name, or "numeral".
    width
        Number of bits; 0 for a truth value.
    parts
        The operands.
    number
        The value of a numeral, or the amount by which `wide` extends.
    """

    head: str
    width: int
    parts: tuple[Term, ...] = ()
    number: int = 0

    def __bool__(self) -> bool:
        """Refuse: a term has no truth value until it is evaluated."""
        raise DomainError(f"Term: a truth value must come from evaluate; got {self.head}")

    def like(self, other: Term | int) -> Term:
        """Return the other operand as a term of this width."""
        if isinstance(other, int):
            return numeral(other, self.width)
        if other.width != self.width:
            raise DomainError(f"Term: both operands must have one width; got {self.width} and {other.width}")
        return other

    def _with(self, head: str, other: Term | int) -> Term:
        return Term(head, self.width, (self, self.like(other)))

    def _than(self, head: str, other: Term | int) -> Term:
        return Term(head, 0, (self, self.like(other)))

    def __add__(self, other: Term | int) -> Term:
        return self._with("bvadd", other)

    def __sub__(self, other: Term | int) -> Term:
        return self._with("bvsub", other)

    def __mul__(self, other: Term | int) -> Term:
        return self._with("bvmul", other)

    def __and__(self, other: Term | int) -> Term:
        return self._with("bvand", other)

    def __or__(self, other: Term | int) -> Term:
        return self._with("bvor", other)

    def __lshift__(self, other: Term | int) -> Term:
        return self._with("bvshl", other)

    def __rshift__(self, other: Term | int) -> Term:
        """Return the shift that brings in zeros."""
        return self._with("bvlshr", other)

    def __floordiv__(self, other: Term | int) -> Term:
        """Return the quotient of the unsigned values; all ones for a divisor 0."""
        return self._with("bvudiv", other)

    def __neg__(self) -> Term:
        return Term("bvneg", self.width, (self,))

    def asr(self, other: Term | int) -> Term:
        """Return the shift that brings in copies of the sign."""
        return self._with("bvashr", other)

    def equals(self, other: Term | int) -> Term:
        """Return whether the two are equal."""
        return self._than("=", other)

    def __lt__(self, other: Term | int) -> Term:
        """Return whether this one is less, unsigned."""
        return self._than("bvult", other)

    def __le__(self, other: Term | int) -> Term:
        """Return whether this one is at most the other, unsigned."""
        return self._than("bvule", other)

    def below(self, other: Term | int) -> Term:
        """Return whether this one is less, signed."""
        return self._than("bvslt", other)

    def at_most(self, other: Term | int) -> Term:
        """Return whether this one is at most the other, signed."""
        return self._than("bvsle", other)


def name(word: str, width: int) -> Term:
    """Return a declared name."""
    return Term(word, width)


def numeral(value: int, width: int) -> Term:
    """Return the numeral of `value` in two's complement."""
    if not (-(1 << width) <= 2 * value and value < 1 << width):
        raise DomainError(f"Term: a numeral of {width} bits must hold its value; got {value}")
    return Term("numeral", width, (), value % (1 << width))


def wide(x: Term, width: int, *, signed: bool = False) -> Term:
    """Return x with more bits, zeros or copies of the sign."""
    return Term("sign_extend" if signed else "zero_extend", width, (x,), width - x.width)


def choose(condition: Term, yes: Term, no: Term | int) -> Term:
    """Return one of two terms."""
    return Term("ite", yes.width, (condition, yes, yes.like(no)))


def magnitude(x: Term) -> Term:
    """Return the magnitude of a signed value."""
    return choose(x.below(0), -x, x)


def all_true(*conditions: Term) -> Term:
    """Return whether all conditions hold."""
    return Term("and", 0, conditions) if len(conditions) > 1 else conditions[0]


def some_true(*conditions: Term) -> Term:
    """Return whether some condition holds."""
    return Term("or", 0, conditions) if len(conditions) > 1 else conditions[0]


def is_false(condition: Term) -> Term:
    """Return the negation."""
    return Term("not", 0, (condition,))


def in_order(roots: tuple[Term, ...]) -> Iterator[Term]:
    """Yield each term below the roots once, operands first."""
    seen: set[int] = set()
    stack: list[tuple[Term, bool]] = [(root, False) for root in reversed(roots)]
    while stack:
        term, done = stack.pop()
        if done:
            yield term
        elif id(term) not in seen:
            seen.add(id(term))
            stack += [(term, True), *((part, False) for part in term.parts)]


def script(asserted: tuple[Term, ...]) -> str:
    """Return the SMT-LIB text that declares the names and asserts the terms; shared terms are written once."""
    lines, written = ["(set-logic QF_BV)"], dict[int, str]()
    declared: dict[str, int] = {}
    for number, term in enumerate(in_order(asserted)):
        if term.head == "numeral":
            written[id(term)] = f"(_ bv{term.number} {term.width})"
        elif not term.parts:
            if declared.setdefault(term.head, term.width) != term.width:
                raise DomainError(f"Term: a name must have one width; got {term.head} with two")
            written[id(term)] = term.head
        else:
            sort = f"(_ BitVec {term.width})" if term.width else "Bool"
            head = f"(_ {term.head} {term.number})" if term.head.endswith("extend") else term.head
            text = f"({head} {' '.join(written[id(part)] for part in term.parts)})"
            written[id(term)] = f"t!{number}"
            lines.append(f"(define-fun t!{number} () {sort} {text})")
    lines[1:1] = [f"(declare-fun {word} () (_ BitVec {width}))" for word, width in declared.items()]
    return "\n".join([*lines, *(f"(assert {written[id(term)]})" for term in asserted)]) + "\n"


def signed_value(value: int, width: int) -> int:
    """Return the signed value of an unsigned one."""
    return value - (1 << width) if value >> (width - 1) else value


ON_VALUES: dict[str, Callable[[int, int, int], int]] = {
    "bvadd": lambda a, b, w: a + b,
    "bvsub": lambda a, b, w: a - b,
    "bvmul": lambda a, b, w: a * b,
    "bvand": lambda a, b, w: a & b,
    "bvor": lambda a, b, w: a | b,
    "bvshl": lambda a, b, w: a << b if b < w else 0,
    "bvlshr": lambda a, b, w: a >> min(b, w),
    "bvashr": lambda a, b, w: signed_value(a, w) >> min(b, w),
    "bvudiv": lambda a, b, w: a // b if b else -1,
    "=": lambda a, b, w: int(a == b),
    "bvult": lambda a, b, w: int(a < b),
    "bvule": lambda a, b, w: int(a <= b),
    "bvslt": lambda a, b, w: int(signed_value(a, w) < signed_value(b, w)),
    "bvsle": lambda a, b, w: int(signed_value(a, w) <= signed_value(b, w)),
}
"""The operations of two operands of a width, before the result is cut to its width."""


def evaluate(root: Term, values: Values) -> int:
    """Return the unsigned value of a term (0 or 1 for a truth value), in integers."""
    found: dict[int, int] = {}
    for term in in_order((root,)):
        parts = [found[id(part)] for part in term.parts]
        match term.head:
            case "numeral":
                result = term.number
            case "not":
                result = 1 - parts[0]
            case "and":
                result = min(parts)
            case "or":
                result = max(parts)
            case "ite":
                result = parts[1] if parts[0] else parts[2]
            case "bvneg":
                result = -parts[0]
            case "zero_extend":
                result = parts[0]
            case "sign_extend":
                result = signed_value(parts[0], term.parts[0].width)
            case head if not term.parts:
                result = values[head]
            case head:
                result = ON_VALUES[head](parts[0], parts[1], term.parts[0].width)
        found[id(term)] = result % (1 << term.width) if term.width else result
    return found[id(root)]
