"""Polynomial time; a definition that is cited, since nothing in it can be run."""

from precise.claims import Statement, cited

STATEMENT = Statement(
    label="def:p",
    title="Polynomial time",
    mark="R",
    tex=(
        "$P$ is the class of languages decided by deterministic Turing machines in time polynomial in the input's "
        "length"
    ),
    steps=(
        cited(
            id="definition",
            says="The definition of the literature; it is used in `fact:hierarchy` only.",
            formal="P = union over k of DTIME(n^k)",
            source=(
                "Cobham, The intrinsic computational difficulty of functions, 1965; Arora and Barak 2009, section 1.6"
            ),
        ),
    ),
)
