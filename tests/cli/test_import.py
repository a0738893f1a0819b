"""`baton import`: drafts on standard output, the report on standard error."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from tests.importers.exports import asana, weekly
from webapp.cli import baton
from webapp.cli.imports import import_
from webapp.problems import Problem

EXPORT = asana(*weekly("Safety walk", date(2026, 9, 4), 5, Assignee="Maria"), {"Name": "Once"})


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "tasks.csv"
    path.write_bytes(EXPORT)
    return path


def run(*arguments: object):
    return CliRunner().invoke(import_, [str(each) for each in arguments])


def test_json_is_one_document_with_drafts_and_report(file):
    answer = run(file, "--json")
    found = json.loads(answer.stdout)
    (draft,) = found["drafts"]
    assert answer.exit_code == 0
    assert draft["responsible"] == "Maria"
    assert draft["cadence"]["words"] == "every Friday"
    assert found["report"]["tool"] == "asana"
    assert (found["report"]["rows_read"], found["report"]["rows_used"]) == (6, 5)
    assert found["report"]["skipped"][0]["row"] == 7


def test_words_say_the_same_with_the_report_aside(file):
    answer = run(file)
    assert "  cadence: every Friday (likely)\n    because: 5 due dates" in answer.stdout
    assert "asana: 6 rows read, 5 of them in 1 draft." in answer.stderr
    assert "row 7, Once: It comes up once" in answer.stderr


def test_no_drafts_are_an_empty_list_in_json(tmp_path):
    path = tmp_path / "once.csv"
    path.write_bytes(asana({"Name": "Once"}))
    assert json.loads(run(path, "--json").stdout)["drafts"] == []


def test_a_tool_that_is_not_known_is_wrong_usage(file):
    answer = run(file, "--tool", "jira")
    assert answer.exit_code == 2
    assert "asana" in answer.stderr


def test_the_tool_can_be_named(file):
    assert run(file, "--tool", "asana").exit_code == 0
    assert isinstance(run(file, "--tool", "linear").exception, Problem)


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_cannot_be_opened_is_a_sentence(tmp_path, name):
    problem = run(tmp_path / name).exception
    assert isinstance(problem, Problem)
    assert "cannot be read" in problem.detail


def test_it_is_one_of_the_commands():
    assert "import" in baton.commands
