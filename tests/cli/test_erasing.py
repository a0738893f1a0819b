"""`baton person erase` and `baton keeping`."""

import pytest
from click.testing import CliRunner

from tests.services.erasing.traces import EMAIL, NAME, leaves, left_in_rows, traces
from webapp.cli import baton, running
from webapp.services import erasure, record


@pytest.fixture
def run(app, monkeypatch):
    """The command line in the application of the test."""
    from contextlib import nullcontext

    monkeypatch.setattr(running, "application", nullcontext)
    return lambda *line, **more: CliRunner().invoke(baton, line, **more)


def test_a_person_is_erased_after_their_name_was_typed(run, session, clock):
    day = traces(session, clock)
    leaves(day)
    done = run("person", "erase", EMAIL, input=f"{NAME}\n")
    assert done.exit_code == 0
    assert f"Of {NAME} this goes for good" in done.stderr
    assert "events lost what they said." in done.stdout
    assert left_in_rows(session) == []
    (told,) = erasure.erasures(session, day.crew.org_id)
    assert told.actor == record.SYSTEM


def test_who_was_erased_before_is_named_by_their_id(run, session, clock):
    """Their address is gone; what came in since is taken all the same."""
    day = traces(session, clock)
    leaves(day)
    ana = day.crew.ana.id
    assert run("person", "erase", ana, input=f"{NAME}\n").exit_code == 0
    again = run("person", "erase", ana, "--name", "Erased person 1")
    assert (again.exit_code, again.stdout) == (0, "Erased. 0 events lost what they said.\n")


def test_another_name_erases_nobody(run, session, clock):
    leaves(traces(session, clock))
    done = run("person", "erase", EMAIL, "--name", "Ana")
    assert (done.exit_code, done.exception.code) == (1, "name_not_typed")
    assert left_in_rows(session)


def test_what_must_be_settled_is_said(run, session, clock):
    traces(session, clock)
    done = run("person", "erase", EMAIL, "--name", NAME)
    assert done.exception.code == "person_not_erasable"
    assert "First: " in done.stderr


def test_nobody_of_this_address(run, session, clock):
    done = run("person", "erase", "nobody@nowhere.example")
    assert done.exception.code == "person_unknown"


def test_keeping_is_said_and_changed(run, session, clock, crew):
    assert run("keeping").stdout == "Sunflower keeps photos for ever.\n"
    assert "for 12 months, from 2026-11-24" in run("keeping", "--photos", "12").stdout
    assert run("keeping", "--photos", "ever").stdout == "Sunflower keeps photos for ever.\n"
    assert run("keeping", "--photos", "soon").exit_code == 2
    assert run("keeping", "--photos", "0").exception.code == "months_not_valid"
