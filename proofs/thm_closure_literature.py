"""The closure theorem of the literature, with the correction of 2013; cited."""

from precise.claims import Statement, cited

PAPER = "Allender, Arvind and Mahajan, Theory of Computing Systems 36 (2003), Theorem 7.3"
COMMENTS = "comments of 2013, https://link.springer.com/article/10.1007/s00224-013-9471-2"

STATEMENT = Statement(
    label="thm:closure-literature",
    title="The closure theorem of the literature",
    mark="P AAM",
    suspects=("S31",),
    tex=(
        "(a) for a non-solvable monoid $A$ there are $F$ and $r$ with an $NC^1$-complete closure problem; for "
        r"$F\ni1_A$: (b) it reduces to the word problem of $A$, (c) it is in $ACC^0$ for solvable and in $AC^0$ for "
        "aperiodic $A$"
    ),
    uses=("lem:closure-group", "fact:barrington"),
    steps=(
        cited(
            id="complete-for-some-group-and-length",
            says="Every non-solvable finite monoid has a group and a length for which the problem is $NC^1$-complete.",
            formal=(
                "for all non-solvable finite monoids A there are F, r: the closure problem of (A, F, r) is NC1-complete"
            ),
            source=f"{PAPER}, part (a)",
        ),
        cited(
            id="reduces-to-the-word-problem",
            says=(
                "With the identity of $A$ in $F$ the problem reduces to products of prefixes. The proof of 2003 did "
                "not ask for that identity; the least instance where it goes wrong is in "
                "`lem:closure-group@any-identity`."
            ),
            formal=(
                "for all finite monoids A, groups F with 1_A, all r: the problem AC0-Turing-reduces to products in A"
            ),
            source=f"{PAPER}, part (b), with the {COMMENTS}",
        ),
        cited(
            id="easy-for-solvable-and-aperiodic",
            says="With the identity of $A$ in $F$ it is in $ACC^0$ for solvable and in $AC^0$ for aperiodic $A$.",
            formal="for all finite monoids A, groups F with 1_A, all r: solvable gives ACC0, aperiodic gives AC0",
            source=f"{PAPER}, part (c), with the {COMMENTS}",
        ),
    ),
)
