"""Every body: the narrow engine gives the bits of the reference engine, or refuses; and the automatic choice agrees."""

from __future__ import annotations

import numpy as np
import pytest
from bodies import NAMES, SUBJECTS, Subject, inputs

from precise import (
    RAZ,
    RNA,
    RNE,
    RTN,
    RTO,
    RTP,
    RTZ,
    Float,
    Sequential,
    bfloat16,
    binary32,
    paper_float,
    rounded,
    stochastic,
)
from precise.errors import DomainError, UnsupportedError

MODES = (RNE, RNA, RTZ, RTP, RTN, RAZ, RTO, stochastic(seed=3, bits=8))
ACCUMULATIONS = ("exact", "exact-products", "sequential", "pairwise", "fma", Sequential(binary32))
FORMATS = ("binary16", "bfloat16", "float8_e5m2", "float8_e4m3fn", "binary32", "p=11", paper_float(6), Float(3, -2, 2))


def outcome(subject: Subject, policy: dict[str, object], engine: str | None) -> list[str] | str:
    """Return the elements of the result as text, or how the run was refused."""
    try:
        xp = rounded(policy["format"], policy["rounding"], accumulate=policy["accumulate"], engine=engine)
        result = subject.call(*map(xp.asarray, inputs(subject)))
    except UnsupportedError:
        return "unsupported"
    except DomainError:
        return "undefined"  # 0 / 0 in a format without NaN
    return [str(x) for x in result.elements().ravel()]


@pytest.mark.parametrize("subject", SUBJECTS, ids=NAMES)
def test_narrow_agrees_with_reference_or_refuses(subject: Subject) -> None:
    rng = np.random.default_rng(7 + NAMES.index(subject.name))
    served = defined = 0
    for mode in MODES:
        for fmt in rng.permutation(len(FORMATS))[:3]:
            how = ACCUMULATIONS[int(rng.integers(len(ACCUMULATIONS)))]
            policy = {"format": FORMATS[fmt], "rounding": mode, "accumulate": how}
            truth = outcome(subject, policy, "reference")
            narrow, chosen = outcome(subject, policy, "narrow"), outcome(subject, policy, None)
            assert chosen == truth, policy
            assert narrow in ("unsupported", truth), policy
            served += narrow == truth
            defined += truth != "undefined"
    assert served >= 12, f"narrow served only {served} of 24 policies"
    assert defined >= 8


def test_the_comparison_sees_a_wrong_bit() -> None:
    subject = SUBJECTS[NAMES.index("softmax paper")]
    policy = {"format": bfloat16, "rounding": RNE, "accumulate": "sequential"}
    before = outcome(subject, policy, "narrow")
    assert before == outcome(subject, policy, "reference")
    assert before != outcome(subject, policy | {"rounding": RAZ}, "reference")
