"""`baton init` and `baton token create`."""

import pytest
from click.testing import CliRunner

from webapp.cli import people as commands
from webapp.services import invitations, sign_in

PASSWORD = "four plain words here"


@pytest.fixture
def terminal(monkeypatch, app):
    """A terminal whose commands run in the application of the test."""
    from contextlib import nullcontext

    monkeypatch.setattr(commands, "application", nullcontext)
    return CliRunner()


def test_init_prints_one_link_that_lets_the_owner_in(terminal, session, clock):
    line = ["--organisation", "Little Oaks", "--owner", "Mara.Lind@example.org"]
    ran = terminal.invoke(commands.init, [*line, "--time-zone", "America/Chicago"])
    assert ran.exit_code == 0
    address, _, secret = ran.stdout.strip().partition("#")
    assert address == "http://localhost:8000/join"
    owner = invitations.accept(session, secret, PASSWORD, clock.now())
    assert (owner.name, owner.email) == ("Mara Lind", "mara.lind@example.org")
    assert owner.locations[0].time_zone == "America/Chicago"


def test_init_names_what_is_wrong(terminal, session):
    ran = terminal.invoke(commands.init, ["--organisation", "Little Oaks", "--owner", "mara"])
    assert ran.exit_code == 1
    assert ran.exception.code == "email_not_valid"
    assert terminal.invoke(commands.init, ["--organisation", "Little Oaks"]).exit_code == 2


def test_token_create_prints_only_the_token(terminal, session, crew):
    ran = terminal.invoke(commands.token, ["create", "--person", "Maya@sunflower.example"])
    assert ran.stdout.count("\n") == 1
    assert sign_in.person_of_token(session, ran.stdout.strip()) is crew.maya


def test_a_token_for_nobody_is_refused(terminal, session, crew):
    ran = terminal.invoke(commands.token, ["create", "--person", "nobody@example.org"])
    assert (ran.exit_code, ran.exception.code) == (1, "person_unknown")
