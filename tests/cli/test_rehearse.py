"""`baton rehearse`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from webapp.cli import baton

PROCESS = """
people: [{name: Ana}, {name: Ben}]
processes:
  - name: Opening check
    locations: [Main]
    cadence: every day
    opens: "06:30"
    deadline: "07:15"
    grace: 5m
    chain: [{assignee: Ana}, {backup: Ben}, {owner: true, after: 30m}]
    steps: [{title: Front room ready, proof: note}]
"""


@pytest.fixture(autouse=True)
def installation(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_TEST_CLOCK", "1")


def run(*words: str, text: str = "") -> Result:
    return CliRunner(catch_exceptions=False).invoke(baton, words, input=text)


@pytest.fixture
def sunflower() -> None:
    run("init", "--organisation", "Sunflower", "--owner", "olivia@example.org")
    run("clock", "set", "2026-11-23T12:00:00Z")
    assert run("apply", "-", text=PROCESS).exit_code == 0


def test_where_nobody_can_be_told_it_says_so_and_fails(sunflower: None) -> None:
    said = run("rehearse", "opening check")
    assert said.exit_code == 1
    assert "nobody can be told" in said.stdout
    assert "It moves to Ben, because Ana did not get to it. Nothing tells Ben but a screen." in (
        said.stdout
    )


def test_days_that_go_the_same_way_are_told_once(sunflower: None) -> None:
    assert run("rehearse", "Opening check").stdout.count("has it from the start") == 1


def test_later_steps_are_told_with_what_they_wait_for(sunflower: None) -> None:
    later = """
    steps:
      - {title: Buffet out, proof: note}
      - {title: Clear it, proof: note, after: {step: Buffet out, wait: 2h, due: 15m}}
      - {title: Say why, proof: note, may_skip: true}
      - {title: Tell Olivia, proof: note, only_if: {step: Say why, is: skipped}}
"""
    one = "    steps: [{title: Front room ready, proof: note}]\n"
    applied = run("apply", "-", text=PROCESS.replace(one, later))
    assert applied.exit_code == 0, applied.output
    said = run("rehearse", "Opening check", "--days", "1").stdout
    assert "due at 09:30\n  Clear it\n  Opens 2 h after Buffet out." in said
    assert "\n\nTell Olivia\nOnly if Say why is marked not applicable." in said


def test_the_document_has_a_run_for_each_due_time(sunflower: None) -> None:
    said = run("rehearse", "Opening check", "--days", "3", "--json")
    document = json.loads(said.stdout)
    days = [each["occurrence"][:10] for each in document["runs"]]
    assert days == ["2026-11-24", "2026-11-25", "2026-11-26"]
    assert [each["holder"]["name"] for each in document["runs"][0]["moments"]][:2] == ["Ana", "Ben"]
    assert {each["kind"] for each in document["dead_ends"]} == {"nobody_told"}
    assert "nobody can be told" in said.stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("Openin check",), "There is no process called 'Openin check'"),
        (("- Opening check",), "There is no process called '- Opening check'"),
        (("Opening check", "--days", "0"), "1<=x<=400"),
        (("Opening check", "--days", "soon"), "not a valid integer"),
        ((), "Missing argument"),
    ],
)
def test_wrong_usage_is_told_and_is_no_finding(sunflower: None, words, why: str) -> None:
    said = run("rehearse", *words)
    assert (said.exit_code, why in said.stderr) == (2, True)
