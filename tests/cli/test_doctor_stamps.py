"""`baton doctor` says who stamps the heads of the record, and what the last try met with."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from tests.factories import crew_of_a_daycare
from webapp import create_app
from webapp.cli.doctor import doctor
from webapp.extensions import db
from webapp.services import record_heads, stamps

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "http://user:s3cret@stamps.example/tsr?key=k3y"


@pytest.fixture
def said(data_dir, monkeypatch):
    def look(url: str) -> str:
        monkeypatch.setenv("BATON_TIMESTAMP_URL", url)
        return CliRunner().invoke(doctor).stdout

    return look


def test_without_an_authority_it_says_what_that_means(said):
    assert "hint  BATON_TIMESTAMP_URL is not set: heads of the record carry Baton's own" in said("")


def test_an_authority_is_named_by_its_host_alone(said):
    words = said(URL)
    assert "ok    Heads of the record are stamped by stamps.example." in words
    assert "s3cret" not in words
    assert "k3y" not in words


def test_an_authority_that_gives_none_is_a_hint_with_the_reason(said):
    with create_app().app_context():
        org_id = crew_of_a_daycare(db.session(), NOW).org_id
        seq = record_heads.publish(db.session(), org_id, NOW).seq
        db.session.commit()
        (due,) = stamps.due(db.session(), NOW)
        stamps.claim(db.session(), due, NOW)
        stamps.failed(db.session(), due, "it answers 500")
        db.session.commit()
    words = said(URL)
    assert f"hint  stamps.example was asked once to stamp head {seq}: it answers 500. It" in words
