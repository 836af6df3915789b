"""Reports of a run of the ledger: a terminal table, one story, JSON, JUnit, one HTML file; the same numbers in each."""

from precise.report.document import document, write_json
from precise.report.explain import explain
from precise.report.html import html, write_html
from precise.report.junit import junit, write_junit
from precise.report.terminal import print_run

__all__ = [
    "document",
    "explain",
    "html",
    "junit",
    "print_run",
    "write_html",
    "write_json",
    "write_junit",
]
