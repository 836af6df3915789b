#!/usr/bin/env python3
"""Renew the generated tables of docs/formats.md."""

from __future__ import annotations

from pathlib import Path

from precise.commands.formats_page import with_tables

PAGE = Path(__file__).resolve().parents[1] / "docs" / "formats.md"

if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
