"""Turn text with TeX between dollar signs into safe HTML with MathML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import cache
from html import escape
from unicodedata import lookup

from precise.errors import DomainError

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
TAGS = frozenset(
    {"math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "msub", "msup", "msubsup", "munder", "mover", "munderover"}
    | {"mfrac", "msqrt", "mroot", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom"}
)
ATTRIBUTES = frozenset({"stretchy", "minsize", "maxsize", "width", "columnalign"})
TIGHT = frozenset({"|", "‖", "/"})
SPACES = {"negativethinmathspace": "-0.167em", "thinmathspace": "0.167em"}
PAIR = re.compile(r"<(-?\w+, *-?\w+)>")
POWER = re.compile(r"(?:\*\*|\^)(?:\(([^()]*)\)|(-?\w+))")
WORD = re.compile(r"(?<![\\a-zA-Z])(round|poly|diag|Attn|sqrt|std|select|path|total|factor)(?![a-zA-Z])")
"""Names in formulas, which are set as words and not as products of letters."""
SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠"}
ALPHABETS = {"double-struck": "DOUBLE-STRUCK", "script": "SCRIPT", "fraktur": "FRAKTUR", "bold": "BOLD"}


def rich_text(text: str) -> str:
    """Return HTML of a sentence in which ``$...$`` is TeX and all else is plain text."""
    return "".join(formula(piece) if i % 2 else escape(piece) for i, piece in pieces_of(text))


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
    return POWER.sub(r"<sup>\1\2</sup>", "".join(formula(x) if i % 2 else escape(x) for i, x in pieces_of(text)))


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
    except Exception:
        return f"<code>{escape(tex)}</code>"
    return ET.tostring(root, encoding="unicode", short_empty_elements=False)


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
