"""Reports of a run of the ledger: a terminal table, a JSON document, one HTML file; the same numbers in each."""

from precise.report.document import document, write_json
from precise.report.html import html, write_html
from precise.report.terminal import print_run

__all__ = ["document", "html", "print_run", "write_html", "write_json"]
