"""Write docs/peers.md: what other packages offer, where their answers are wrong, and ours beside them.

Every answer is computed when this runs: theirs where the package is installed, ours always. What is right comes from
MPFR and rational arithmetic: tests/vectors/peers.toml holds it, and the tests check it there.
"""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import click
import peers_calls
import peers_features
import peers_ours
from bench_measure import NotOfferedError
from bench_peers import version_of
from oracles.floats import as_value
from peers_counts import counts

OURS, WRONG = "## What we offer", "## Where answers are wrong"
PAGE = Path(__file__).resolve().parent.parent / "docs" / "peers.md"
INTRODUCTION = """\
Written by `python scripts/peers.py`, which anyone can run: it asks the packages that are installed, and says "not run
here" of the others. The words on formats, functions and matrix products are ours; modes and the sum in the fifth column
are asked. "NumPy, then gfloat" is NumPy's function in binary64 and then a rounding that is right by itself: two
roundings.

Modes: RNE and RNA to nearest, ties to even and away; RNZ ties towards zero; RTZ RTP RTN RAZ towards zero, up, down,
away from zero; RTO to odd; SR stochastic. How fast each is, `python scripts/bench.py` measures.
"""
BETTER = """\
## What each is better at

* Right on every hard input of `scripts/bench.py`: apytypes' arithmetic, gmpy2's contexts, fpy2, gfloat's
  `round_ndarray`, NumPy's conversion to float16. Reported right, not run here: Universal's + - * /, CPFloat's
  rounding of values up to 40 bits but for signs of zero.
* For native binary16 and bfloat16 on a GPU or CPU, and for training: torch.
* For describing hardware, fixed point of any width, and word lengths: apytypes.
* For bit-exact models of tensor cores as they are: mmaemu and mmasim.
* For compiling numerical programs and reasoning about them: fpy2.
* For breadth of correctly rounded functions on scalars: MPFR, through gmpy2.
* For the description of a format: gfloat, whose record of P3109, OCP and MX formats is the best that there is.
* For storing arrays in 4 to 16 bits beside NumPy and JAX: ml_dtypes.
* For functions of fixed-point numbers, softmax and layer norm rounded once: crfix.

A sum of 4096 ones that stops at 256 in bfloat16 is no error but an order of summation, and is not counted here.
"""
REPORTED = """\
## Reported by their users

Double rounding on the way from binary64: <https://github.com/jax-ml/ml_dtypes/pull/401>. Signs of zero, directed
overflow and subnormals: <https://github.com/apytypes/apytypes/issues/406>,
<https://github.com/apytypes/apytypes/issues/742>. Subnormals flushed in place of rounded:
<https://github.com/higham/chop/pull/6>. Nearest that is not ties-to-even:
<https://github.com/Tiiiger/QPyTorch/issues/23>. The fused multiply-add of bfloat16 that rounds twice:
<https://github.com/stillwater-sc/universal/pull/1232>.
"""


def line(cells: Sequence[str]) -> str:
    """Return a line of a Markdown table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def lines(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    return "\n".join([line(headings), "|" + "---|" * len(headings), *map(line, rows)]) + "\n"


def shown_answer(kind: str, answer: object) -> str:
    """Return a package's answer as text: a number, several, a pair of integers, or the name of an error."""
    if isinstance(answer, str):
        return answer
    if isinstance(answer, tuple):
        c, q = answer
        return peers_ours.text_of(Fraction(c) * Fraction(2) ** q)
    values = answer if isinstance(answer, list) else [answer]
    return peers_ours.shown_list(kind, [as_value(float(v)) for v in values])


def their_answer(kind: str, package: str, row: peers_ours.Row) -> str:
    """Return what a package gives now, or that it was not run."""
    try:
        return shown_answer(kind, peers_calls.answer(package, row))
    except NotOfferedError:
        return "not run here"


def our_answer(kind: str, row: peers_ours.Row) -> str:
    """Return what we give, or `WRONG` and that."""
    try:
        ours = peers_ours.ANSWER[kind](row)
    except Exception as error:
        return f"WRONG {type(error).__name__}"
    values = ours if isinstance(ours, list) else [ours]
    shown = peers_ours.shown_list(kind, values)
    return shown if peers_ours.is_right(kind, values, peers_ours.right_answer(row)) else f"WRONG {shown}"


def without_peers(kind: str, package: str, row: peers_ours.Row) -> tuple[str, str, str, str]:
    """Return the cells of a row that need no other package."""
    right = peers_ours.shown_list(kind, peers_ours.right_answer(row))
    return package, peers_ours.question(kind, row), our_answer(kind, row), right


def wrong_tables() -> str:
    """Return the tables of inputs on which packages are wrong."""
    parts = []
    for kind, title in peers_ours.KINDS.items():
        rows = []
        for row in peers_ours.read().get(kind, []):
            for package in row["packages"]:
                name, question, ours, right = without_peers(kind, str(package), row)
                theirs = their_answer(kind, name, row)
                rows.append((name, question, theirs, ours, right))
        parts.append(
            f"### {title[:1].upper()}{title[1:]}\n\n" + lines(("package", "input", "gives", "ours", "right"), rows)
        )
    return "\n".join(parts)


def count_table() -> str:
    """Return the table of counts."""
    rows = []
    for c in counts():
        wrong = "not run here" if c.wrong is None else f"{c.wrong:,}"
        rows.append((c.package, c.what, f"{c.cases:,}", wrong, f"{c.ours:,}"))
    return lines(("package", "inputs", "cases", "wrong", "ours wrong"), rows)


def feature_table() -> str:
    """Return the table of what other packages offer."""
    return lines(peers_features.HEADINGS, peers_features.table(version_of))


def our_table() -> str:
    """Return the table of what we offer; it needs no other package."""
    rows = [*peers_ours.features(), (peers_features.HEADINGS[4], peers_features.ours())]
    return lines(("of ours", ""), rows)


def page() -> str:
    """Return the whole page."""
    packages = sorted({str(p) for rows in peers_ours.read().values() for row in rows for p in row["packages"]})
    found = peers_calls.versions([p for p in packages if p in peers_calls.ASK and "," not in p])
    run = ", ".join(f"{p} {v}" for p, v in found.items())
    parts = [
        "# Other packages\n",
        INTRODUCTION,
        "## What they offer\n",
        feature_table(),
        f"{OURS}\n",
        our_table(),
        f"{WRONG}\n",
        f"Asked: {run}. What is right comes from MPFR and rational arithmetic, not from us.\n",
        wrong_tables(),
        "## Counted\n",
        count_table(),
        BETTER,
        REPORTED,
    ]
    return "\n".join(parts).rstrip() + "\n"


def renewed(text: str) -> str:
    """Return the page with the section on this package as it is now."""
    return f"{text[: text.index(OURS)]}{OURS}\n\n{our_table()}\n{text[text.index(WRONG) :]}"


@click.command(help=__doc__)
@click.option("--output", type=click.Path(path_type=Path), default=PAGE, help="Write the page here.")
@click.option("--ours", is_flag=True, help="Renew only what the page says of this package, and ask no other.")
def main(output: Path, ours: bool) -> None:
    """Write the page."""
    if ours:
        output.write_text(renewed(output.read_text(encoding="utf-8")), encoding="utf-8")
        return
    logging.disable(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = page()
    output.write_text(text, encoding="utf-8")
    wrong = text.count("WRONG")
    click.echo(f"{output.name}: {text.count('not run here')} answers not run here, {wrong} of ours wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
