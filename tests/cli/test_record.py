"""`baton record`: the record out, and checked."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from tests.factories import crew_of_a_daycare
from webapp import create_app
from webapp.cli import baton
from webapp.config import Settings
from webapp.extensions import db
from webapp.models import Event
from webapp.problems import Problem
from webapp.services import record_heads


@pytest.fixture
def head(data_dir, clock):
    """An installation with one organisation, whose head was published."""
    with create_app(Settings.from_env({"BATON_DATA_DIR": str(data_dir)})).app_context():
        crew = crew_of_a_daycare(db.session(), clock.now())
        published = record_heads.publish(db.session(), crew.org_id, clock.now())
        db.session.commit()
        yield f"{published.seq}:{published.hash}"


def run(*arguments: object):
    return CliRunner().invoke(baton, ["record", *(str(each) for each in arguments)])


def test_an_export_is_written_and_checked_against_a_head(head, tmp_path):
    file = tmp_path / "out.zip"
    made = run("export", file)
    assert (made.exit_code, made.output.startswith(f"OK {file}: head ")) == (0, True)
    own = made.output.split()[-1]
    checked = run("verify", file, "--head", head, "--head", own)
    assert (checked.exit_code, checked.output.startswith("OK ")) == (0, True)
    seq = head.partition(":")[0]
    other = run("verify", file, "--head", f"{seq}:{'0' * 64}")
    assert other.exit_code == 1
    assert f"Event {seq} is not the one that the head names" in other.output


def test_the_stored_record_is_checked_against_a_head(head):
    assert run("verify", "--photos", "--head", head).output.startswith("OK Sunflower: ")
    seq = head.partition(":")[0]
    other = run("verify", "--head", f"{seq}:{'0' * 64}")
    assert (other.exit_code, f"Event {seq} " in other.output) == (1, True)


def test_a_touched_record_is_named_by_its_event(head):
    for trigger in ("update", "delete", "replace"):
        db.session.execute(text(f"DROP TRIGGER IF EXISTS event_no_{trigger}"))
    db.session.execute(text("UPDATE event SET kind = 'x' WHERE seq = 2"))
    db.session.commit()
    found = run("verify")
    assert (found.exit_code, "BROKEN Sunflower: Event 2 " in found.output) == (1, True)


@pytest.mark.parametrize(
    "options",
    [("--from", "yesterday"), ("--organisation", "Nobody")],
)
def test_wrong_usage_is_a_sentence(head, tmp_path, options):
    assert run("export", tmp_path / "out.zip", *options).exit_code == 2


def test_a_head_that_is_none_is_wrong_usage(head):
    assert run("verify", "--head", "5").exit_code == 2


def test_a_process_that_is_not_there_leaves_no_file(head, tmp_path):
    made = run("export", tmp_path / "out.zip", "--process", "Nothing")
    assert isinstance(made.exception, Problem)
    assert not (tmp_path / "out.zip").exists()


def test_a_place_that_cannot_be_written_is_a_sentence(head, tmp_path):
    made = run("export", tmp_path / "no" / "out.zip")
    assert isinstance(made.exception, Problem)
    assert "cannot be written" in made.exception.detail
    noted = db.session.scalars(select(Event.kind))
    assert "record.exported" not in set(noted), "nothing was handed on"


def test_a_file_that_is_none_is_a_sentence(tmp_path):
    assert "cannot be read" in run("verify", tmp_path / "nothing.zip").output
