"""What tests share: an instruction set, and the counts at the end of a run of what was compared with which oracle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
from oracles import optional, tally

from precise.engines import compiled


@pytest.fixture(params=["avx512", "avx2", "baseline"])
def instruction_set(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run with one instruction set of the extension, then go back to the one that was in use."""
    module = compiled.extension()
    if module is None:
        pytest.skip("the extension is not built: NumPy gives the same bits")
    before = module.instruction_set()
    try:
        module.use(request.param)
    except ValueError:
        pytest.skip(f"this machine has no {request.param}")
    yield request.param
    module.use(before)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the counts of `oracles.tally`, one line an operation."""
    if not (tally.cases or tally.missing):
        return
    out = terminalreporter
    out.section("cases compared, 0 wrong" if not out.stats.get("failed") else "cases that agreed")
    by_operation: dict[str, list[str]] = defaultdict(list)
    for (operation, oracle), number in sorted(tally.cases.items()):
        by_operation[operation].append(f"{number:,} {oracle}")
    for operation, counts in by_operation.items():
        out.write_line(f"{operation:<14} {'; '.join(counts)}")
    out.write_line(f"{'total':<14} {sum(tally.cases.values()):,}")
    out.write_line("oracles        " + ", ".join(optional.present()))
    for oracle, reason in sorted(tally.missing.items()):
        out.write_line(f"oracle absent  {oracle}: {reason}")
    if tally.seeds:
        out.write_line("seeds          " + ", ".join(f"{k} {v}" for k, v in sorted(tally.seeds.items())))
