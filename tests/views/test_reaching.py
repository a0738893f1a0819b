"""People and processes show who is reached, and a test message shows whether it arrives."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from tests.factories import crew_of_a_daycare, process, reached_by_phone, signed_in
from webapp.models import OutboxMessage, Person
from webapp.services import receipts


@pytest.fixture
def browser(app, session, crew, clock):
    return lambda who: signed_in(app, session, crew.people[who], clock.now())


@pytest.fixture
def ben(session, crew):
    crew.ben.password_hash = "joined"
    session.commit()
    return crew.ben


def words(page) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


def address_of(person) -> str:
    return f"/people/{person.id}/test-message"


def test_the_page_of_people_says_how_each_is_reached(browser, session, ben, clock):
    page = words(browser("olivia").get("/people"))
    assert "No device No device tells Ben anything. Ask Ben to open Baton" in page
    session.query(Person).update({"password_hash": "joined"})
    session.commit()
    page = words(browser("olivia").get("/people"))
    assert page.count("open Baton on their phone") == 1
    assert "Ben" in page.partition("No device tells ")[2].partition(" anything.")[0]
    reached_by_phone(session, ben)
    assert "Not tried yet Ben has turned messages on" in words(browser("olivia").get("/people"))
    reached_by_phone(session, ben, device="tablet", confirmed_at=clock.now())
    assert "Reached Messages reach Ben." in words(browser("olivia").get("/people"))


def test_whoever_looks_reads_of_themselves_what_they_can_do(browser):
    mine = words(browser("olivia").get("/people")).partition("Olivia (you)")[2]
    mine = mine.partition("Set up this device")[0]
    assert "No device tells you when something becomes yours." in mine
    assert "joined" not in mine


def test_a_test_message_is_sent_and_its_way_is_shown(browser, session, ben, clock):
    reached_by_phone(session, ben)
    olivia = browser("olivia")
    answer = olivia.post(address_of(ben))
    message = session.scalars(select(OutboxMessage)).one()
    assert (answer.status_code, message.kind) == (303, "test")
    assert answer.location == f"/people?tested={message.id}#person-{ben.id}"
    page = answer.location.partition("#")[0]
    assert "Not sent yet Test message. It waits to be sent." in words(olivia.get(page))
    message.outcome, message.settled_at = "accepted", clock.now()
    message.next_attempt_at = None
    session.commit()
    assert "Sent Test message. Told Ben 05:30: accepted 05:30." in words(olivia.get(page))
    receipts.acknowledge(session, ben, message.id, "phone-of-Ben", "reached", clock.now())
    session.commit()
    told = words(olivia.get(page))
    assert "Reached Test message. Told Ben 05:30: accepted 05:30, reached a device 05:30." in told
    assert "Reached Messages reach Ben." in told


def test_a_second_test_within_a_minute_is_refused_in_words(browser, ben, clock):
    olivia = browser("olivia")
    olivia.post(address_of(ben))
    again = olivia.post(address_of(ben))
    assert again.status_code == 429
    assert "Ben was sent a test message just now. Wait a minute." in words(again)


def test_staff_and_other_organisations_send_no_test(browser, app, session, crew, ben, clock):
    assert browser("ana").post(address_of(ben)).status_code == 403
    other = crew_of_a_daycare(session, clock.now(), name="Bakery")
    stranger = signed_in(app, session, other.olivia, clock.now())
    assert stranger.post(address_of(ben)).status_code == 404
    assert session.scalars(select(OutboxMessage)).all() == []


def test_another_organisations_test_message_is_not_shown(browser, app, session, crew, ben, clock):
    olivia = browser("olivia")
    olivia.post(address_of(ben))
    message = session.scalars(select(OutboxMessage)).one()
    other = crew_of_a_daycare(session, clock.now(), name="Bakery")
    stranger = signed_in(app, session, other.olivia, clock.now())
    assert "Test message." not in words(stranger.get(f"/people?tested={message.id}"))


def test_a_manager_is_offered_a_test_for_those_they_look_after(browser, crew):
    page = browser("maya").get("/people").text
    assert address_of(crew.ben) in page
    assert address_of(crew.maya) in page
    assert address_of(crew.olivia) not in page


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("/processes", "No device Ben"),
        ("/processes/{id}", "No device No device tells Ben anything. Ask Ben to open Baton"),
    ],
)
def test_a_process_shows_whom_no_device_tells(browser, session, crew, ben, clock, where, said):
    made = process(session, crew, clock.now())
    address = where.format(id=made.id)
    assert said in words(browser("olivia").get(address))
    reached_by_phone(session, crew.ana, ben, crew.fay, crew.olivia, confirmed_at=clock.now())
    page = browser("olivia").get(address).text
    assert "signal failed" not in page
    reached_by_phone(session, crew.ana, device="old", last_error="http_403")
    assert "signal failed" not in browser("olivia").get(address).text


def test_a_person_whom_no_device_tells_is_helped_with_a_link(browser, session, ben, clock):
    page = browser("olivia").get("/people")
    assert "Make a link for Ben's phone" in words(page)
    made = browser("olivia").post(f"/people/{ben.id}/link", follow_redirects=True)
    assert "Give this link to Ben" in words(made)
    reached_by_phone(session, ben, confirmed_at=clock.now())
    assert "Make a link for Ben's phone" not in words(browser("olivia").get("/people"))


def test_everybody_sees_how_they_are_told_and_can_set_up_this_device(browser, session, ben, clock):
    page = browser("ben").get("/me")
    assert "No device No device tells you when something becomes yours." in words(page)
    assert "data-push" in page.text
    reached_by_phone(session, ben, confirmed_at=clock.now())
    assert "Reached Messages reach you." in words(browser("ben").get("/me"))
