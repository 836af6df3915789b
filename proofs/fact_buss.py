"""The Boolean formula value problem; cited, and not needed by the theorems."""

from precise.claims import Statement, cited

STATEMENT = Statement(
    label="fact:buss",
    title="Boolean formula value is NC1-complete",
    mark="R, M",
    suspects=("S29",),
    tex=r"the Boolean formula value problem is complete for $NC^1$",
    steps=(
        cited(
            id="formula-value-is-complete",
            says=(
                "It is in alternating logarithmic time, which is uniform $NC^1$, and complete for it. Membership "
                "alone, which is what is printed, says nothing about hardness; no theorem here uses this entry."
            ),
            formal="the Boolean formula value problem is complete for ALOGTIME under many-one reductions",
            source="Buss, The Boolean formula value problem is in ALOGTIME, STOC 1987, 123-131",
        ),
    ),
)
