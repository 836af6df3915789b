"""The doubts about the papers' statements, numbered before anything was checked, and the sections of the catalogue."""

from precise.claims import Doubt, Suspect

SECTIONS = {
    "def:circuit": "Circuit classes and uniformity",
    "def:float": "The float model",
    "lem:exp": "exp, square root, log, sin and cos",
    "def:kron": "Tensor products",
    "def:softmax": "Architecture",
    "lem:rope-matrix": "Depth, size and error of the layers",
    "thm:tensor-attention": "Main theorems",
    "fact:barrington": "The hardness side",
}
"""The first label of each section in the order of the catalogue, with the title of the section."""

FALSE, GAP, VAGUE, HARMLESS = Doubt.FALSE, Doubt.GAP, Doubt.VAGUE, Doubt.HARMLESS

SUSPECTS = (
    Suspect("S1", FALSE, "Modular gates are said to replace majority gates."),
    Suspect("S2", FALSE, "The chain of classes is put inside P without uniformity."),
    Suspect("S3", FALSE, "A whole circuit is to be written in logarithmic time."),
    Suspect("S4", FALSE, r"The range of negative significands is open at $-2^{p-1}$."),
    Suspect("S5", VAGUE, "Nothing is said of overflow."),
    Suspect("S6", FALSE, "Zero has as many names as there are exponents, and sums depend on the name."),
    Suspect("S7", VAGUE, r"The tie between $0$ and $\lambda$, and all ties for $p=1$, have no even choice."),
    Suspect("S8", FALSE, "Truncated division adds 1/8 to the exact quotient instead of to the truncated one."),
    Suspect("S9", FALSE, r"Floor returns its argument where $e<0$."),
    Suspect("S10", FALSE, "One operation, an iterated sum and an iterated product are given the same depth."),
    Suspect("S11", VAGUE, "Whether an iterated sum is rounded once or at every addition is left open."),
    Suspect("S12", FALSE, "exp is claimed for every float, in range or not."),
    Suspect("S13", GAP, r"A series with error $2^{-p}$ is taken for a result with error $2^{-p}$."),
    Suspect("S14", VAGUE, r"The square root is stated without $x\ge0$."),
    Suspect("S15", FALSE, "The series of the logarithm is expanded on an interval where it hardly converges."),
    Suspect("S16", GAP, "sin and cos are claimed for every float, with any exponent."),
    Suspect("S17", FALSE, r"Range reduction with a $p$-bit $\pi/2$ keeps no relative accuracy near its multiples."),
    Suspect("S18", VAGUE, r"The case split of sin and cos is written for $x\ge0$."),
    Suspect("S19", VAGUE, "The width of a rotation must be even, and its table computable."),
    Suspect("S20", VAGUE, r"$R_i^\top R_j=R_{j-i}$ does not hold in floats."),
    Suspect("S21", HARMLESS, "The depth of sin and cos is added after the projections beside which they can run."),
    Suspect("S22", VAGUE, "How the rotation of a triple depends on its three positions is not pinned down."),
    Suspect("S23", FALSE, "Softmax divides by a sum that can round to zero or overflow."),
    Suspect("S24", FALSE, "Layer norm divides by zero, or by noise, on constant rows."),
    Suspect("S25", FALSE, "Entries that are each accurate are taken to give an accurate sum of mixed signs."),
    Suspect("S26", VAGUE, "Whether the model is the p-bit circuit or a real function is not said."),
    Suspect("S27", HARMLESS, 'The "MLP" is affine.'),
    Suspect("S28", FALSE, "Weights that grow with n are not required to be uniform."),
    Suspect("S29", GAP, "Hardness is drawn from membership in NC1."),
    Suspect("S30", FALSE, "Both hardness theorems are stated for the whole family of problems."),
    Suspect("S31", VAGUE, "The closure theorem is cited without its correction."),
    Suspect("S32", HARMLESS, "TC0 = NC1 is written where the opposite is meant."),
    Suspect("S33", VAGUE, "How a word becomes a matrix and a float a verdict is not said."),
    Suspect("X1", FALSE, "One operation is taken to have relative error $2^{-p}$ for all floats."),
    Suspect("X2", FALSE, "A softmax entry is taken to be within $2^{-p}$."),
    Suspect("X3", VAGUE, r"Angles, $\pi$ and $\ln2$ are not charged, and positions need not be floats."),
    Suspect("X4", VAGUE, "exp within a relative error is a relation, not a function."),
)
"""A reader who compares them with the ledger finds the number of each in the `suspects` of the statements."""
