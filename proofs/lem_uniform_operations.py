"""Uniformity of the operations: connection functions in closed form where they are known, tables where they are not."""

from __future__ import annotations

from precise.circuits.connection_plan import Plan
from precise.claims import Further, Mutant, Statement, Step, Tier, cited
from precise.modes import RTN, RTP
from proofs._uniformity import MORE_ON_FLOATS, floats_agree, integers_agree, same_as_built, same_in_every_mode, without
from proofs._uniformity_far import both_directions, far_iterated_sums, far_products, far_sums, queries_are_cheap
from proofs._uniformity_parts import chain_computes, float_chain_computes, lanes_multiply, majority_agrees

STEPS = 180
SIZES = (8, 32, 1024)
SMALL_SUMS = (("integer_sum", 2, 3), ("max", 2, 3), ("min", 2, 2))
LARGER_SUMS = (
    ("integer_sum", 3, 8),
    ("max", 3, 4),
    ("min", 3, 3),
    ("sum", 2, 2),
    ("sum", 2, 3),
    ("sum", 3, 2),
    ("sum", 4, 2),
    ("dot", 2, 2),
    ("dot", 3, 2),
)


def blocks_doubled(plan: Plan, h: int, g: int, weight: int) -> int:
    """Return twice the weight in the gates of blocks."""
    return 2 * weight if plan.kind(g).name.endswith("block") else weight


CLOSED_FORM = Statement(
    label="lem:uniform-operations",
    of_code=True,
    title="Connection functions of the operations",
    mark="D",
    tex=(
        r"Symmetric functions, counts, the leading one, addition, comparison, shift, iterated addition and "
        r"multiplication of integers, and $\le,+,-,\times,\lfloor\cdot\rfloor$, negation, choice, $\max$, $\min$ and "
        r"the iterated sum with one rounding on $\mathbb F_p$ have families whose direct connection functions take a "
        r"bounded number of additions, comparisons, shifts and masks of words of $O(\log size)$ bits; so have lanes, "
        r"chains such as the inner product, and the plain MAJORITY circuits of such families."
    ),
    uses=("def:dlogtime-uniform",),
    steps=(
        Step(
            id="integers-from-connections",
            says="The circuits that the connection functions give, and nothing else, compute, on integers.",
            formal=(
                "for parity, interval, count, leading one, two-number sum, comparison, shift, iterated sum, product, "
                "the sizes listed, all inputs: circuit assembled from weight(h, g) over all pairs gives the result, "
                "depth <= 2, 2, 2, 1, 3, 3, 3, 5, 6"
            ),
            check=integers_agree,
            mutants=(
                Mutant("no carries", lambda: integers_agree(without("carry"))),
                Mutant("blocks that weigh double", lambda: integers_agree(blocks_doubled)),
                Mutant("depth one less", lambda: integers_agree(depth=1)),
            ),
        ),
        Step(
            id="floats-from-connections",
            says=(
                r"The same for $\le,+,-,\times,\lfloor\cdot\rfloor$, negation, $\max$, $\min$ and the sum with one "
                r"rounding on floats, in depth $4,12,12,11,6,1,6,6,27$."
            ),
            formal=(
                "for p in the list, all pairs of F_p (floor, negation: all numbers): circuit assembled from "
                "weight(h, g) over all pairs of addresses gives the result, rounded to nearest even; depth <= 4, 12, "
                "12, 11, 6, 1, 6, 6, 27"
            ),
            check=lambda: floats_agree((2,)),
            mutants=(
                Mutant("nothing moves up", lambda: floats_agree((2,), without("moves up"))),
                Mutant("nothing is shifted", lambda: floats_agree((2,), without("shift"))),
                Mutant("depth one less", lambda: floats_agree((2,), depth=1)),
            ),
            further=(
                Further(
                    tier=Tier.FULL,
                    check=lambda: floats_agree((2, 3, 4)),
                    mutants=(Mutant("nothing is lost", lambda: floats_agree((3,), without("lost"))),),
                ),
            ),
        ),
        Step(
            id="gate-by-gate-as-built",
            says="With the built circuits' sizes in place of powers of two the gates are those of the built circuits.",
            formal=(
                "for p in the list, parity, count, integer +, >=, x, shift, float <=, +, -, x, floor, negation, | |, "
                "choice, and sums, extrema, inner products with the (p, n) in the list: gates and outputs that one of "
                "the two circuits has and the other has not: 0"
            ),
            check=lambda: same_as_built((2,), several=SMALL_SUMS),
            mutants=(Mutant("what is shifted out is forgotten", lambda: same_as_built((2,), without("lost all"))),),
            further=(
                Further(
                    tier=Tier.FULL,
                    check=lambda: same_as_built((2, 3, 4, 5, 6, 8), several=LARGER_SUMS),
                    mutants=(Mutant("no inexact bit", lambda: same_as_built((3,), without("inexact"))),),
                ),
            ),
        ),
        Step(
            id="queries-take-few-word-operations",
            says=(
                f"A query takes at most {STEPS} additions, comparisons, shifts, masks and counts of ones, and no "
                r"product of two words, on words of at most $3\log_2n+9$ bits, at corner addresses for $n$ up to "
                r"$2^{1024}$."
            ),
            formal=(
                "n = p = 2^8, 2^32, 2^1024, sixteen families, corner addresses: steps of weight, and of threshold with "
                f"is_gate, <= {STEPS}; products of two words = 0; words <= 3 log2 n + 9 bits"
            ),
            check=lambda: queries_are_cheap(STEPS, SIZES),
            mutants=(
                Mutant("at most 100 steps", lambda: queries_are_cheap(100, (8,))),
                Mutant("words of 3 log2 n bits", lambda: queries_are_cheap(STEPS, (8,), 0)),
            ),
        ),
        Step(
            id="lanes-share-inputs",
            says=r"A tensor product of vectors is lanes $i\mid j$ that read $x_i$ and $y_j$: one depth for all.",
            formal="shapes listed, all inputs: lanes give x_i y_j; depth and gates a lane are those of one block",
            check=lanes_multiply,
            mutants=(Mutant("every lane reads the first", lambda: lanes_multiply(lambda _: lambda lane, operand: 0)),),
        ),
        Step(
            id="chains-add-depths",
            says="One family after another, joined at gates by addresses alone, has at most the sum of the depths.",
            formal="for W in 1..3, all x, y of W bits, z of 2 W bits: the chain of product and sum gives x y + z",
            check=lambda: chain_computes((1, 2, 3)),
            mutants=(Mutant("joined one bit off", lambda: chain_computes((1, 2, 3), 1)),),
        ),
        Step(
            id="plain-majority-by-slots",
            says=(
                r"Weights become plain MAJORITY gates slot by slot: $|w|$ copies of the literal, each with a constant "
                r"beside it, and $|2t-1|$ constants; no sum of weights is needed."
            ),
            formal=(
                "for six small members, all inputs: every gate as a majority of its slots has the value of the gate"
            ),
            check=majority_agrees,
            mutants=(
                Mutant("two zeros more", lambda: majority_agrees(2)),
                Mutant("two ones more", lambda: majority_agrees(-2)),
            ),
        ),
    ),
)

LARGER = Statement(
    label="lem:uniform-operations@larger",
    of_code=True,
    title="Connection functions of more operands, every mode, float chains",
    mark="D",
    tex=(
        r"The connection functions of $\max$, $\min$, iterated sum and inner product of several floats, of $+$, "
        r"$\times$ and the iterated sum in each deterministic mode, and of $xy+z$ on floats, give circuits that "
        r"compute them."
    ),
    uses=("lem:uniform-operations",),
    steps=(
        Step(
            id="several-floats-from-connections",
            says=(
                r"The connection functions alone give $\max$, $\min$ and the sum of three floats, and the inner "
                r"product of two pairs, in depth $6,6,27,38$."
            ),
            formal=(
                "for p = 2, all triples, all pairs of pairs: circuit assembled from weight(h, g) over all pairs of "
                "addresses gives the result, products and sum rounded to nearest even; depth <= 6, 6, 27, 38"
            ),
            check=lambda: floats_agree((2,), subjects=MORE_ON_FLOATS),
            tier=Tier.FULL,
            mutants=(
                Mutant("no ranks", lambda: floats_agree((2,), without("first below"), subjects=MORE_ON_FLOATS)),
                Mutant("depth one less", lambda: floats_agree((2,), depth=1, subjects=MORE_ON_FLOATS)),
            ),
        ),
        Step(
            id="every-mode-as-built",
            says="In each of the seven deterministic modes the gates are those of the built circuits.",
            formal="p = 2, RNE, RNA, RTZ, RTP, RTN, RAZ, RTO, +, x, iterated sum: differing gates and outputs: 0",
            check=lambda: same_in_every_mode(2),
            tier=Tier.FULL,
            mutants=(Mutant("up and down confused", lambda: same_in_every_mode(2, {RTP: RTN})),),
        ),
        Step(
            id="float-chains-add-depths",
            says="A product of floats followed by a sum is a chain: $xy+z$, rounded twice, in depth $11+12$.",
            formal="for p = 2, all x, y, z: the chain of float x and + gives round(round(x y) + z); depth <= 23",
            check=lambda: float_chain_computes(2),
            tier=Tier.FULL,
            mutants=(Mutant("a sum, then a product", lambda: float_chain_computes(2, "add then multiply")),),
        ),
    ),
)

FAR = Statement(
    label="lem:uniform-operations@far",
    of_code=True,
    title="Connection functions of members far too large to build",
    mark="D",
    tex=(
        r"For $n=p=2^{32}$ the connection functions say what they say for small members: numbers of two bits anywhere "
        r"in long words are added and multiplied, and bits weigh as they are listed."
    ),
    uses=("lem:uniform-operations",),
    steps=(
        Step(
            id="far-sums",
            says=r"Two numbers of two bits at either end and inside words of $2^{32}$ and $2^{1024}$ bits are added.",
            formal="words of 2^32 and 2^1024 bits, three places, all pairs below 4: gates of the window give x + y",
            check=lambda: far_sums((32, 1024)),
            mutants=(Mutant("no carries", lambda: far_sums((32,), without("carry"))),),
        ),
        Step(
            id="far-iterated-sums",
            says=r"Three numbers below 3 among $2^{32}$ numbers of $2^{32}$ bits are added.",
            formal="2^32 numbers of 2^32 bits, three blocks, all triples below 3: gates of the window give the sum",
            check=lambda: far_iterated_sums((32,)),
            mutants=(Mutant("blocks that weigh double", lambda: far_iterated_sums((32,), blocks_doubled)),),
        ),
        Step(
            id="far-products",
            says=r"Two numbers of two bits inside words of $2^{32}$ and $2^{1024}$ bits are multiplied.",
            formal="words of 2^32 and 2^1024 bits, three places, all pairs below 4: gates of the window give x y",
            check=lambda: far_products((32, 1024)),
            mutants=(Mutant("blocks that weigh double", lambda: far_products((32,), blocks_doubled)),),
        ),
        Step(
            id="bits-weigh-as-listed",
            says="At random gates the signals that a bit is listed to have are those that the closed form finds.",
            formal=(
                "n = p = 2^8, 2^32, 2^1024, sixteen families, 64 random gates each: signals listed for sampled bits "
                "have the weight that is asked for, and a lower level"
            ),
            check=lambda: both_directions(SIZES, 64),
            mutants=(Mutant("no generated carries", lambda: both_directions((8,), 64, without("both"))),),
        ),
    ),
)

PAPER = "Hesse, Allender and Barrington, J. Comput. Syst. Sci. 65 (2002) 695-716"

BY_TABLES = Statement(
    label="lem:uniform-operations@by-tables",
    title="Operations whose circuits are wired from tables",
    mark="P HAB",
    tex=(
        r"As built, the circuits of $\div$, $\prod$, $\sqrt{\cdot}$, $\exp$, $\sin$ and $\cos$ are P-uniform: primes, "
        r"powers and inverses modulo primes, discrete logarithms, bits of multiples of $M/\ell$ and coefficients of "
        r"series are wired in. That DLOGTIME-uniform circuits of constant depth compute the same functions is assumed."
    ),
    steps=(
        cited(
            id="division-and-iterated-product-are-uniform",
            says=(
                "Division and iterated multiplication of integers, with all tables of the Chinese remainders, are in "
                r"DLOGTIME-uniform $TC^0$. The circuits of the package are not those circuits."
            ),
            formal="division, iterated multiplication in DLOGTIME-uniform TC0",
            source=f"{PAPER}: division and iterated multiplication in uniform TC0",
        ),
        cited(
            id="series-follow-from-iterated-products",
            says=(
                r"Rational series with uniform coefficients, so $\sqrt{\cdot}$, $\exp$, $\sin$, $\cos$ to polynomially "
                r"many bits, are in DLOGTIME-uniform $TC^0$ too."
            ),
            formal="approximable series in DLOGTIME-uniform TC0, given iterated products",
            source=f"{PAPER}; series by iterated products: Reif and Tate, SIAM J. Comput. 21 (1992) 896-908",
        ),
    ),
)

STATEMENTS = (CLOSED_FORM, LARGER, FAR, BY_TABLES)
