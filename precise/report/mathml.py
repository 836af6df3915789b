"""Turn text with TeX between dollar signs into safe HTML with MathML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from functools import cache
from html import escape
from unicodedata import lookup

from precise.claims.statement import LABEL
from precise.errors import DomainError
from precise.report.parts import link

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
TAGS = frozenset(
    {"math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "msub", "msup", "msubsup", "munder", "mover", "munderover"}
    | {"mfrac", "msqrt", "mroot", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom"}
)
ATTRIBUTES = frozenset({"stretchy", "minsize", "maxsize", "width", "columnalign"})
TIGHT = frozenset({"|", "‖", "/"})
SPACES = {"negativethinmathspace": "-0.167em", "thinmathspace": "0.167em"}
CODE = re.compile(r"`([^`]+)`")
PAIR = re.compile(r"<(-?\w+, *-?\w+)>")
POWER = re.compile(r"(?:\*\*|\^)(?:\(([^()]*)\)|(-?\w+))")
WORD = re.compile(
    r"((?<!\\)round(?=_)|(?<![\\a-zA-Z])"
    r"(?:round|poly|diag|Attn|TF|sqrt|std|select|path|total|factor|ACC|[NAT]C|BIT|MAJ)(?![a-zA-Z]))"
)
"""Names in formulas, which are set as words and not as products of letters."""
WIDEST = 24
"""How many letters of a formula are kept on one line."""
BREAKS = frozenset("=<>≤≥≠∈→⇔⇒+−±")
OPEN, CLOSED = frozenset("([{⟨⌊⌈"), frozenset(")]}⟩⌋⌉")
SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠"}
ALPHABETS = {"double-struck": "DOUBLE-STRUCK", "script": "SCRIPT", "fraktur": "FRAKTUR", "bold": "BOLD"}


def rich_text(text: str) -> str:
    """Return HTML of a sentence in which ``$...$`` is TeX and all else is plain text."""
    return "".join(formula(piece) if i % 2 else with_code(piece) for i, piece in pieces_of(text))


def with_code(text: str) -> str:
    """Return HTML of plain text in which names between backticks are code, and those of labels links."""
    return CODE.sub(
        lambda found: link(found[1]) if LABEL.fullmatch(found[1]) else f"<code>{found[1]}</code>", escape(text)
    )


def readable(text: str) -> str:
    """Return HTML of a line of plain text: powers raised, relations and pairs with their signs.

    Examples
    --------
    >>> readable("<3, -4> <= 2**-p")
    '⟨3, -4⟩ ≤ 2<sup>-p</sup>'
    """
    text = PAIR.sub(r"⟨\1⟩", text)
    for ascii_sign, sign in SIGNS.items():
        text = text.replace(ascii_sign, sign)
    return POWER.sub(r"<sup>\1\2</sup>", rich_text(text))


def pieces_of(text: str) -> list[tuple[int, str]]:
    """Return the pieces between dollar signs with their numbers; odd ones are TeX."""
    pieces = text.split("$")
    return list(enumerate(pieces)) if len(pieces) % 2 else [(0, text)]


@cache
def formula(tex: str) -> str:
    """Return MathML of one formula, or its escaped source where it cannot be converted."""
    from latex2mathml.converter import convert

    try:
        root = ET.fromstring(convert(WORD.sub(r"\\text{\1}", tex)))
        for element in root.iter():
            clean(element)
        flatten(root)
        space_functions(root)
    except Exception:
        return f"<code>{escape(tex)}</code>"
    return "".join(ET.tostring(piece, encoding="unicode", short_empty_elements=False) for piece in lines_of(root))


def space_functions(element: ET.Element) -> None:
    """Put a thin space between the name of a function and an argument without brackets."""
    for child in element:
        space_functions(child)
    for i in reversed(range(len(element) - 1)):
        name, argument = element[i], element[i + 1]
        if name.tag == "mi" and len(name.text or "") > 1 and (name.text or "").isalpha() and argument.text not in OPEN:
            element.insert(i + 1, ET.Element("mspace", {"width": SPACES["thinmathspace"]}))


def lines_of(root: ET.Element) -> list[ET.Element]:
    """Return a long formula as several, between which a line may break: browsers do not break inside one.

    Breaks are before relations and signs, outside of brackets where that is enough.
    """
    atoms = [
        piece
        for atom in split_before_signs(list(root), inside=False)
        for piece in (split_before_signs(atom, inside=True) if width(atom) > WIDEST else [atom])
    ]
    lines: list[ET.Element] = []
    for atom in atoms:
        if not lines or width([*lines[-1], *atom]) > WIDEST:
            lines.append(ET.Element("math"))
            if len(lines) > 1 and atom[0].tag == "mo":
                atom[0].set("form", "infix")
        lines[-1].extend(atom)
    return lines


def split_before_signs(elements: Sequence[ET.Element], *, inside: bool) -> list[list[ET.Element]]:
    """Return the elements in groups, a new one before each relation or sign, `inside` of brackets too."""
    groups: list[list[ET.Element]] = [[]]
    depth = 0
    for element in elements:
        text = element.text if element.tag == "mo" else ""
        if text in BREAKS and groups[-1] and (inside or depth == 0):
            groups.append([])
        depth += (text in OPEN) - (text in CLOSED)
        groups[-1].append(element)
    return [group for group in groups if group]


def width(elements: Sequence[ET.Element]) -> int:
    """Return the number of letters of some elements of a formula."""
    return sum(len("".join(element.itertext())) for element in elements)


def flatten(element: ET.Element) -> None:
    """Take away rows that group nothing: a row of one, and the one row of a formula."""
    for child in element:
        flatten(child)
    for i, child in enumerate(element):
        if child.tag == "mrow" and len(child) == 1:
            child[0].tail = child.tail
            element[i] = child[0]
    if element.tag == "math" and len(element) == 1 and element[0].tag == "mrow":
        element[:] = element[0][:]


def clean(element: ET.Element) -> None:
    """Leave of an element what browsers implement: plain tags, few attributes, letters for letter styles.

    Fences and slashes get no space around them, and names of functions are set as names. A tag that is not
    MathML, which can only come from the text of a formula, is refused.
    """
    element.tag = element.tag.removeprefix(NAMESPACE)
    if element.tag not in TAGS:
        raise DomainError(f"formula: tags must be MathML; got {element.tag}")
    variant = element.attrib.get("mathvariant", "")
    if variant and element.text:
        element.text = "".join(styled(letter, variant) for letter in element.text)
    kept = {k: SPACES.get(v, v) for k, v in element.attrib.items() if k in ATTRIBUTES}
    if variant == "normal":
        kept["mathvariant"] = variant
    if element.tag == "mo" and element.text in TIGHT:
        kept |= {"lspace": "0", "rspace": "0"}
    if element.tag == "mo" and (element.text or "").isalpha() and len(element.text or "") > 1:
        element.tag = "mi"
    element.attrib.clear()
    element.attrib.update(kept)


def styled(letter: str, variant: str) -> str:
    """Return the letter of the mathematical alphabet that a `mathvariant` names, or the letter itself."""
    alphabet = ALPHABETS.get(variant)
    if alphabet is None or not letter.isascii() or not letter.isalpha():
        return letter
    name = f"{alphabet} {'CAPITAL' if letter.isupper() else 'SMALL'} {letter.upper()}"
    for prefix in ("MATHEMATICAL ", "", "BLACK-LETTER "):
        try:
            return lookup(f"{prefix}{name.removeprefix('FRAKTUR ') if prefix.startswith('BLACK') else name}")
        except KeyError:
            continue
    return letter
