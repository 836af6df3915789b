"""Certificates with checks of their own: distances to multiples of pi/2, theorems of Coq, and slow arithmetic.

Part of `recheck.py`: standard library and `coqc` only, nothing of `precise`. Stand-alone use:
python _recheck_kinds.py CERTIFICATES.json, a list of certificates of the kinds below.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

GUARD = 64
ALLOWED = {
    "ClassicalDedekindReals.sig_not_dec",
    "ClassicalDedekindReals.sig_forall_dec",
    "FunctionalExtensionality.functional_extensionality_dep",
    "Classical_Prop.classic",
}
PRIMITIVE = ("PrimInt63.", "Uint63.", "Sint63.", "Uint63Axioms.", "PrimFloat.", "FloatAxioms.", "FloatOps.")
FORBIDDEN = r"\b(Admitted|admit|give_up|Axioms?|Parameters?|Conjectures?|Notation|Infix|Coercion|Canonical|Unset|Load"
FORBIDDEN += r"|Declare|Primitive|bypass_check|Hint)\b|\""


class SkippedError(Exception):
    """A certificate that cannot be checked here, since its tool is not installed."""


def require(condition: object, what: str) -> None:
    """Reject the certificate unless the condition is true."""
    if not condition:
        raise ValueError(what)


def exponent(p: int, n: int, d: int) -> int:
    """Return e with 2^(p-1) <= n/(d 2^e) < 2^p, by search from 0; n and d are positive."""
    e = 0
    while n >= d << p:
        d, e = 2 * d, e + 1
    while n < d << (p - 1):
        n, e = 2 * n, e - 1
    return e


def nearest(p: Any, x: Any) -> Fraction:
    """Return the number m 2^e, |m| < 2^p, nearest to x, of even m in a tie: e is searched, then m beside x."""
    p, x = int(p), Fraction(x)
    if not x:
        return Fraction(0)
    n, d = abs(x.numerator), x.denominator
    e = exponent(p, n, d)
    n, d = (n, d << e) if e >= 0 else (n << -e, d)
    below, rest = divmod(n, d)
    m = below + (2 * rest > d or (2 * rest == d and below % 2 == 1))
    size: Fraction = m * Fraction(2) ** e
    return size if x > 0 else -size


def cluster(p: Any, gap: Any, *terms: Any) -> Fraction:
    """Return the sum by clusters: cut where exponents of p-bit terms differ by more than the gap.

    The first cluster with a nonzero sum counts, with the sign of the next nonzero one far below its last place.
    """
    p, pairs = int(p), [(abs(x.numerator), x.denominator, x) for x in map(Fraction, terms) if x]
    with_exponents = sorted(((exponent(p, n, d), x) for n, d, x in pairs), reverse=True)
    groups: list[list[tuple[int, Fraction]]] = []
    for e, x in with_exponents:
        if groups and groups[-1][-1][0] - e <= gap:
            groups[-1].append((e, x))
        else:
            groups.append([(e, x)])
    sums = [(sum(x for _, x in g), g[-1][0]) for g in groups]
    left = [(total, last) for total, last in sums if total]
    if len(left) < 2:
        return nearest(p, left[0][0] if left else 0)
    sticky = Fraction(2) ** (left[0][1] - p - 4)
    return nearest(p, left[0][0] + (sticky if left[1][0] > 0 else -sticky))


@cache
def pi_scaled(bits: int) -> int:
    """Return an integer at most 1 away from 2^bits pi = 2^bits (16 atan(1/5) - 4 atan(1/239)), by Machin's formula."""
    w, total = bits + 32, 0
    for weight, x in ((16, 5), (-4, 239)):
        power, i = weight * 2**w // x, 0
        while abs(power) > 1:
            total += (power if i % 2 == 0 else -power) // (2 * i + 1)
            power, i = power // (x * x), i + 1
    return total >> 32  # fewer than 2^20 cuts, each below 2 units of 2^-w, for all widths in use


@cache
def two_over_pi(bits: int) -> int:
    """Return floor(2^bits 2/pi), which both ends of pi must agree on."""
    pi = pi_scaled(bits + GUARD)
    ends = {(2 << (2 * bits + GUARD)) // (pi + i) for i in (-2, 2)}
    require(len(ends) == 1, "pi does not decide the bits of 2/pi")
    return ends.pop()


def neighbours(w: int, width: int, most: int) -> tuple[int, int, int, int]:
    """Return m1, k1, m2, k2 with k1/m1 < w/2^width < k2/m2, from the convergents with denominators up to `most`."""
    a, b, k0, m0, k1, m1, lower = w, 1 << width, 1, 0, 0, 1, True
    a, b = b, a
    while b:
        t = a // b
        if t * m1 + m0 > most:
            break
        a, b, k0, m0, k1, m1, lower = b, a - t * b, k1, m1, t * k1 + k0, t * m1 + m0, not lower
    t = (most - m0) // m1
    k0, m0 = k0 + t * k1, m0 + t * m1
    return (m1, k1, m0, k0) if lower else (m0, k0, m1, k1)


def check_distance(c: dict[str, Any]) -> None:
    """Check the least distance: neighbours of 2^e 2/pi for each exponent, found and tested here once more."""
    p, first, last = c["p"], c["first"], c["last"]
    stated = f"for all 0 < m < 2**{p}, {first} <= e <= {last} and integers k: abs(m*2**e*2/pi - k) >= low"
    require(c["claim"] == stated, "the claim is not that of the fields")
    require(p >= 2 and 1 - p <= first <= last, "the exponents are out of the range of the argument")
    require(c["pairs"] == last - first + 1, "wrong number of exponents")
    most, width, text = 2**p - 1, 2 * p + GUARD, []
    bits = max(last, 0) + width + 8
    best: tuple[Fraction, Fraction, int, int, int, list[int]] | None = None
    for e in range(first, last + 1):
        scaled = two_over_pi(bits) >> (bits - e - width)
        w, whole = scaled % 2**width, scaled // 2**width
        m1, k1, m2, k2 = neighbours(w, width, most)
        require(k2 * m1 - k1 * m2 == 1 and 0 < m1 <= most and 0 < m2 <= most < m1 + m2, "no neighbours")
        require(k1 << width < m1 * w and m2 * (w + 1) < k2 << width, "the window does not decide")
        text.append(f"{m1} {k1} {m2} {k2}\n")
        for m, k in ((m1, k1), (m2, k2)):
            ends = sorted(abs(Fraction(m * (w + i), 2**width) - k) for i in (0, 1))
            if best is None or ends[1] < best[0]:
                best = (ends[0], ends[1], m, e, k + m * whole, [m1, k1, m2, k2])
    require(hashlib.sha256("".join(text).encode()).hexdigest() == c["sha256_of_pairs"], "other neighbours")
    assert best is not None
    shift = p - len(bin(best[2])) + 2
    found = (str(best[0]), str(best[1]), str(best[2] << shift), best[3] - shift, hex(best[4]))
    require(found == (c["low"], c["high"], c["m"], c["e"], c["k"]), f"the least distance is another: {found}")
    require(c["pair"] == best[5], "other neighbours at the least distance")


@cache
def compiled(folder: Path, sources: tuple[tuple[str, str], ...]) -> Path:
    """Return a folder with the compiled sources, in the order of compilation."""
    place = Path(tempfile.mkdtemp(prefix="recheck"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    for name, _ in sources:
        shutil.copy(folder / name, place)
        asked(place, name)
    return place


def asked(place: Path, name: str) -> list[str]:
    """Return the lines that `coqc` prints for a file that it accepts."""
    command = ["coqc", "-q", "-Q", ".", "Precise", name]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=600)
    require(done.returncode == 0, f"coqc rejects {name}: {done.stderr[:200]}")
    return done.stdout.splitlines()


def check_coq(c: dict[str, Any]) -> None:
    """Check a theorem: hashes and words of the sources, then the statement and its axioms by `coqc`."""
    folder, sources = Path(__file__).resolve().with_name("kernel"), tuple(c["sources"].items())
    name, theorem, claim = c["module"], c["theorem"], c["claim"]
    require(re.fullmatch(r"[a-z][a-zA-Z0-9_']*", theorem), "the theorem has a strange name")
    require(sources and sources[-1][0] == f"{name}.v", "the last source is not the module")
    require(not re.search(r'\.(\s|$)|\(\*|"', claim), "the claim is more than one statement")
    before: set[str] = set()
    for file, stated in sources:
        require(re.fullmatch(r"[a-z][a-z0-9_]*\.v", file) and file != "ledger.v", "a source has a strange name")
        content = (folder / file).read_bytes()
        require(hashlib.sha256(content).hexdigest() == stated, f"{file} is not the source of the certificate")
        bare = re.sub(r"\(\*.*?\*\)", " ", content.decode(), flags=re.DOTALL)
        require(not (found := re.search(FORBIDDEN, bare)), f"{file} contains {found and found[0]}")
        needed = " ".join(re.findall(r"From\s+Precise\s+Require\s+(?:Import|Export)\s+([a-z0-9_\s]+)\.", bare)).split()
        require({f"{x}.v" for x in needed} <= before, f"{file} needs a source that is not named before it")
        before.add(file)
    if shutil.which("coqc") is None:
        raise SkippedError("no coqc")
    place = compiled(folder, sources)
    full = f"Precise.{name}.{theorem}"
    (place / "ledger.v").write_text(
        f"From Precise Require {name}.\nPrint Assumptions {full}.\nImport Precise.{name}.\n"
        f"Theorem ledger_claim : {claim}.\nProof. exact {full}. Qed.\n"
    )
    lines = asked(place, "ledger.v")
    require(lines and lines[0] in ("Axioms:", "Closed under the global context"), "no list of axioms")
    axioms = [line.split(" :")[0].strip() for line in lines[1:] if line and not line[0].isspace()]
    foreign = [a for a in axioms if a not in ALLOWED and not a.startswith(PRIMITIVE)]
    require(not foreign, f"axioms that are not allowed: {foreign}")


CHECKS: dict[str, Any] = {"distance": check_distance, "coq": check_coq}

if __name__ == "__main__":
    for certificate in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")):
        CHECKS[certificate["kind"]](certificate)
        print(f"passed  {certificate['kind']}  {certificate['claim']}")
