"""`precise verify`: tiers, journals, folders, stories and JUnit from the command line."""

from __future__ import annotations

import json
import sys
from xml.etree import ElementTree as ET

import pytest
from command_line import assert_one_line, run
from toy_ledgers import MANY, TIERS, runs, write

from precise.commands.verify import bar


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Set the user's cache directory to an empty one."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "platform", "linux")
    return tmp_path / "cache" / "precise"


def test_a_folder_is_the_source(tmp_path, monkeypatch):
    folder = write(tmp_path / "toy", MANY)
    assert "lem:toy@printed" in run("verify", folder).stdout
    assert run("verify", folder, "lem:toy").exit_code == 0
    assert run("verify", "lem:toy", folder).exit_code == 0
    assert_one_line(run("verify", folder, "lem:none"), "labels must be in the ledger; got 'lem:none'")
    # A label is a label, even if there is a folder of that name.
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "lem:floor", MANY)
    assert "lem:toy" not in run("verify", "lem:floor").stdout


def test_two_folders_are_refused(tmp_path):
    folder, other = write(tmp_path / "a", MANY), write(tmp_path / "b", MANY)
    assert_one_line(run("verify", folder, other), "there must be one folder; got .*a, .*b")
    assert_one_line(run("verify", folder, "--source", other), "there must be one folder; got .*a, .*b")


def test_tiers_of_the_command_line(tmp_path, cache):
    folder = write(tmp_path / "toy", TIERS)
    assert "proved" in run("verify", folder).stdout
    assert not cache.exists()
    found = run("verify", folder, "--tier", "full", "--tier", "kernel", "--update-lock", "--json", tmp_path / "v.json")
    assert found.exit_code == 0
    assert json.loads((tmp_path / "v.json").read_text())["tiers"] == ["quick", "full", "kernel"]
    words = " ".join(run("verify", folder, "--tier", "quick").stdout.split())
    assert "kernel check not re-run here: the lock holds proved [K] (p >= 2)" in words
    assert "Statements: 1 proved (0 re-run here, 1 not re-run here), 0 refuted (0 of them repaired)" in words
    assert "Steps: 2 proved (0 re-run here, 2 not re-run here)" in words
    assert "Not re-run here: 1 check of the full tier (precise verify --tier full)." in words
    assert "Not re-run here: 2 checks of the kernel tier (precise verify --tier kernel)." in words
    assert words.endswith("; exit status 0")


def test_a_missing_tool_is_told_and_can_be_made_to_fail(tmp_path, cache):
    folder = write(tmp_path / "toy", TIERS)
    (folder / ".no-tool").touch()
    found = run("verify", folder, "--tier", "kernel")
    assert found.exit_code == 0
    assert "Not re-run here: 2 checks; coqc is not on the path." in found.stdout
    assert "not re-run here (tool missing: coqc is not on the path)" in found.stdout
    found = run("verify", folder, "--tier", "kernel", "--need-tools")
    assert found.exit_code == 1
    assert "lem:toy/by-kernel: not re-run here (tool missing: coqc is not on the path)" in found.stdout


def test_a_long_run_keeps_a_journal_in_the_cache(tmp_path, cache):
    folder = write(tmp_path / "toy", MANY)
    assert run("verify", folder, "--tier", "full").exit_code == 0
    assert len(runs(folder)) == 8
    (journal,) = cache.iterdir()
    assert journal.name.startswith("verify-")
    found = run("verify", folder, "--tier", "full")
    assert len(runs(folder)) == 8
    assert "9 checks taken from the journal" in found.stdout
    assert "taken from the journal" not in run("verify", folder, "--tier", "full", "--fresh").stdout
    assert len(runs(folder)) == 16
    run("verify", folder)
    assert len(runs(folder)) == 20


def test_a_quick_run_keeps_a_journal_where_it_is_told_to(tmp_path, cache):
    folder, state = write(tmp_path / "toy", MANY), tmp_path / "state"
    for _ in range(2):
        assert run("verify", folder, "--state", state).exit_code == 0
    assert len(runs(folder)) == 4
    assert not cache.exists()


def test_without_a_cache_directory_there_is_no_journal(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert run("verify", write(tmp_path / "toy", MANY), "--tier", "full").exit_code == 0


def test_without_a_home_there_is_no_journal(tmp_path, monkeypatch):
    def nobody():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("precise.claims.journal.Path.home", nobody)
    assert run("verify", write(tmp_path / "toy", MANY), "--tier", "full").exit_code == 0


def test_junit_of_the_command_line(tmp_path):
    folder = write(tmp_path / "toy", MANY)
    assert run("verify", folder, "--junit", tmp_path / "j.xml").exit_code == 0
    assert ET.parse(tmp_path / "j.xml").getroot().get("tests") == "5"


def test_the_story_of_a_label(tmp_path):
    folder = write(tmp_path / "toy", MANY)
    found = run("verify", folder, "--explain", "lem:toy@printed")
    assert found.exit_code == 0
    assert "it refutes since a > limit" in found.stdout
    assert "Repaired by lem:toy" in found.stdout
    found = run("verify", folder, "--explain", "lem:toy/bounded-2")
    assert "bounded-2" in found.stdout
    assert "bounded-1" not in found.stdout
    assert max(map(len, found.stdout.splitlines())) <= 100
    assert_one_line(run("verify", folder, "--explain", "lem:none"), "lem:none")
    assert_one_line(run("verify", folder, "--explain", "lem:toy@none"), r"\(lem:toy@printed, lem:toy\); got 'lem:toy@n")
    assert_one_line(run("verify", folder, "--explain", "lem:toy/none"), "must name a step of lem:toy")


def test_the_bar_shows_how_far_the_run_is():
    assert bar(0, 4, "x") == "[....................] 0/4  x"
    assert bar(1, 4, "x") == "[#####...............] 1/4  x"
    assert bar(4, 4, "x") == "[####################] 4/4  x"
    assert bar(0, 0, "") == "[####################] 0/0  "


def test_dask_without_the_package(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "distributed", None)
    folder = write(tmp_path / "toy", MANY)
    assert_one_line(
        run("verify", folder, "--dask", "tcp://127.0.0.1:8786"), "needs the package distributed; pip install"
    )
