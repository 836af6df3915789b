"""Every label of this ledger in the order of the paper; one without a file is shown as open."""

from precise.claims import Entry

CATALOGUE = (
    Entry("lem:scores-depth", "Depth of the attention matrix", "M", "the depth of the body, by the cost semantics"),
    Entry("lem:rotated-entry", "Error of one rotated coordinate", "D", "a bound for all p, and all small cases"),
    Entry("thm:rope-in-tc0", "RoPE transformers are in uniform TC0", "M", "circuits for the steps, and composition"),
)
SECTIONS = {"lem:scores-depth": "Lemmas", "thm:rope-in-tc0": "Theorem"}
