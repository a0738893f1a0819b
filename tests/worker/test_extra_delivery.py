"""The extra channel stands behind push like e-mail, and goes only to the address of its person."""

from dataclasses import replace

import pytest
from flask import current_app

from tests.factories import proof
from tests.worker.chat_service import ChatService
from tests.worker.conftest import UNTIL_MISSED
from webapp.services import channel_trouble
from worker.extra import MOST_TRIES

NOTE = (("Front room ready", proof("note")),)


@pytest.fixture
def chat():
    with ChatService() as service:
        yield service


@pytest.fixture
def monday(post, chat):
    """Ben has an address of a service that the operator admitted."""
    settings = current_app.config["SETTINGS"]
    current_app.config["SETTINGS"] = replace(settings, extra_schemes=("json",))
    made = post(steps=NOTE)
    made.crew.ben.extra_url = chat.address("TIiajkdnlazkcOXrIdevi7Fx9")
    made.session.commit()
    return made


def extra_of(monday):
    return next(row for row in monday.rows() if row.channel == "extra")


def test_who_has_no_device_is_told_at_once(monday, chat):
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    (came,) = chat.taken
    assert came["title"] == "Now yours: Front room ready"
    assert came["message"].endswith(f"/run/{monday.step.run_id}#{monday.step.id}")
    assert extra_of(monday).outcome == "accepted"


def test_who_has_a_device_is_told_when_push_had_its_time(monday, chat):
    phone = monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    monday.service.expect(phone)
    assert chat.taken == []
    monday.clock.advance(seconds=30)
    monday.delivers()
    assert len(chat.taken) == 1


def test_a_service_that_fails_is_tried_again_and_then_named(monday, chat):
    monday.later(**UNTIL_MISSED)
    chat.status = 500
    for _ in range(MOST_TRIES):
        monday.delivers()
        monday.clock.advance(seconds=130)
    assert extra_of(monday).outcome == "refused"
    found = channel_trouble.of_people(monday.session, monday.crew.org_id)
    (said,) = found[monday.crew.ben.id]
    assert "did not go through" in said
    assert "TIiajkdnlazkcOXrIdevi7F" not in said


def test_an_address_that_was_removed_meanwhile_gets_nothing(monday, chat):
    monday.later(**UNTIL_MISSED)
    monday.crew.ben.extra_url = None
    monday.delivers()
    assert (extra_of(monday).outcome, chat.taken) == ("not_needed", [])


def test_an_address_that_is_admitted_no_more_gets_nothing(monday, chat):
    monday.later(**UNTIL_MISSED)
    current_app.config["SETTINGS"] = replace(current_app.config["SETTINGS"], extra_schemes=())
    monday.delivers()
    assert (extra_of(monday).last_error, chat.taken) == ("extra_not_valid", [])
