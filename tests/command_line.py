"""How the tests of the command line run it, and what one line of refusal is."""

from __future__ import annotations

import re
import subprocess
import sys

from click.testing import CliRunner

from precise import cli


def run(*arguments, env=None):
    """Return the result of a command line."""
    return CliRunner().invoke(cli.main, [str(a) for a in arguments], env=env, catch_exceptions=False)


def process(*arguments, **extra):
    """Return the result of a command line in a process of its own."""
    command = [sys.executable, "-m", "precise.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, **extra)


def assert_one_line(result, match=""):
    """Check exit status 2, one line on the error stream, nothing else, and what the line says."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.endswith("\n")
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("precise")
    assert "Traceback" not in result.stderr
    assert re.search(match, result.stderr), result.stderr
