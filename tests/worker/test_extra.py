"""Messages by the extra channel: through the real Apprise, to a service in this process."""

import logging

import pytest

from tests.worker.chat_service import ChatService
from tests.worker.test_mail import HANDOFF, REVIEW, URL, note
from webapp.apprise_address import service_of
from webapp.rules.extra_channel import SCHEMES
from worker.extra import MOST_TRIES, send, words_of

SECRET = "TIiajkdnlazkcOXrIdevi7Fx9"


@pytest.fixture
def chat():
    with ChatService() as service:
        yield service


def try_(address: str, tries: int = 1, admitted=("json",)) -> tuple[str, str]:
    outcome = send(address, "Now yours", "Front room", tries=tries, admitted=admitted)
    return outcome.kind, outcome.reason


def test_a_message_says_what_a_push_says_and_where_to_do_it():
    title, text = words_of([note(1)], URL)
    assert title == "Now yours: Front room ready"
    assert text.splitlines() == [
        "Opening check, Downtown, due 07:15. Ana did not get to it.",
        f"{URL}/run/RUN1#STEP1",
    ]


def test_a_review_links_to_its_page_and_a_bundle_to_its_run():
    assert words_of([note(1, "review", facts=REVIEW)], URL)[1].endswith(f"{URL}/approve/STEP1")
    assert words_of([note(1), note(2)], URL)[1].endswith(f"{URL}/run/RUN1")
    assert HANDOFF["process"] in words_of([note(1), note(2)], URL)[0]


def test_a_message_reaches_the_service(chat):
    assert try_(chat.address(SECRET)) == ("accepted", "")
    assert [(each["title"], each["message"]) for each in chat.taken] == [
        ("Now yours", "Front room")
    ]


@pytest.mark.parametrize("status", [404, 429, 500])
def test_a_service_that_fails_is_tried_again_but_not_for_ever(chat, status):
    chat.status = status
    assert try_(chat.address(SECRET), tries=1) == ("retry", "extra_failed")
    assert try_(chat.address(SECRET), tries=MOST_TRIES) == ("refused", "extra_failed")


def test_a_service_that_is_away_is_tried_again():
    with ChatService() as gone:
        address = gone.address(SECRET)
    assert try_(address) == ("retry", "extra_failed")


def test_an_address_is_checked_again_before_it_is_used(chat):
    assert try_(chat.address(SECRET), admitted=()) == ("refused", "extra_not_valid")
    assert chat.taken == []


def test_an_incomplete_address_is_refused():
    assert try_("slack://short") == ("refused", "extra_not_valid")


def test_no_secret_is_logged(chat, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    for status in (200, 500):
        chat.status = status
        try_(chat.address(SECRET))
    try_(f"slack://{SECRET}")
    service_of(f"slack://{SECRET}?{SECRET}")
    with ChatService() as gone:
        address = gone.address(SECRET)
    try_(address)
    said = capfd.readouterr()
    assert SECRET not in caplog.text + said.out + said.err


@pytest.fixture
def plugins():
    service_of("slack://")
    from apprise.manager_plugins import NotificationManager

    return NotificationManager()


def test_every_admitted_service_is_one_that_apprise_knows(plugins):
    assert set(plugins.schemas()) >= SCHEMES


def test_no_admitted_service_takes_its_host_from_the_address(plugins):
    """A plug-in whose address begins with a host could be made to connect to any."""
    for scheme in sorted(SCHEMES):
        templates = plugins[scheme].templates
        assert not any("{host}" in template for template in templates), scheme
