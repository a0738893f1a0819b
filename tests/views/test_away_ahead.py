"""Before the shift, the process and the inbox say who is away and what will happen."""

from datetime import date

import pytest

from tests.factories import process, signed_in
from tests.views.pages import words
from webapp.services import absences, locations

TUESDAY, WEDNESDAY, FRIDAY = (date(2026, 11, day) for day in (24, 25, 27))


@pytest.fixture
def made(session, clock, crew):
    return process(session, crew, clock.now())


@pytest.fixture
def away(session, clock, crew):
    def note(who: str, first: date, last: date | None = None):
        person = crew.people[who]
        said = absences.declare(session, person, person, first, last or first, "", clock.now())
        session.commit()
        return said

    return note


@pytest.fixture
def page(app, session, clock, crew):
    def read(address: str, who: str = "olivia") -> str:
        return words(signed_in(app, session, crew.people[who], clock.now()).get(address))

    return read


def test_a_process_says_until_when_its_responsible_is_away_and_who_begins(made, away, page, clock):
    away("ana", clock.now().date(), FRIDAY)
    expected = "Ana is away until Friday 27 November; Ben holds it from the start."
    assert expected in page(f"/processes/{made.id}")


def test_each_way_to_be_away_has_its_sentence(made, away, page):
    away("ana", TUESDAY)
    away("ben", WEDNESDAY, FRIDAY)
    away("olivia", TUESDAY)
    text = page(f"/processes/{made.id}")
    assert "Ana is away on Tuesday 24 November; Ben holds it from the start." in text
    spoken = "Ben is away from Wednesday 25 November to Friday 27 November"
    assert f"{spoken}; what is missed passes over Ben." in text
    assert "Olivia is away on Tuesday 24 November; what reaches the owner stays there." in text
    assert "nobody of the chain" not in text


def test_days_that_touch_are_one_and_ended_ones_are_none(made, away, page, session, crew, clock):
    away("ana", TUESDAY)
    away("ana", WEDNESDAY, FRIDAY)
    absences.end(session, crew.fay, away("fay", TUESDAY), clock.now())
    session.commit()
    text = page(f"/processes/{made.id}")
    assert "Ana is away from Tuesday 24 November to Friday 27 November; Ben" in text
    assert "Fay is away" not in text


def test_when_only_the_owner_is_there_the_process_and_the_inbox_say_so(made, away, page):
    assert "Nobody but you is there" not in page("/inbox")
    for who in ("ana", "ben", "fay"):
        away(who, TUESDAY, WEDNESDAY)
    alone = "On Tuesday 24 November and on Wednesday 25 November nobody of the chain but Olivia"
    assert f"{alone} is there: Olivia holds it from the start." in page(f"/processes/{made.id}")
    text = page("/inbox")
    assert (
        "Nobody but you is there for Opening check at Downtown, due at 07:15 tomorrow, nor for "
        "1 more run." in text
    )
    assert "Ana, Ben and Fay are away or have left. Name somebody else, or it is yours" in text
    assert "Nobody but Olivia is there" in page("/inbox", "maya")


def test_when_the_owner_is_away_too_nobody_is_there(made, away, page):
    for who in ("ana", "ben", "fay"):
        away(who, TUESDAY, WEDNESDAY)
    away("olivia", TUESDAY)
    text = page(f"/processes/{made.id}")
    assert (
        "On Tuesday 24 November nobody of the chain is there: it waits for Olivia, who comes last."
        in text
    )
    assert "On Wednesday 25 November nobody of the chain but Olivia is there" in text
    assert "It begins with Olivia then, who is away too on 24 November." in text
    text = page("/inbox")
    assert "Nobody is there for Opening check at Downtown, due at 07:15 tomorrow." in text
    assert "have left, and you are away. Name somebody else, or it waits for you." in text
    assert "Nobody but you is there for Opening check at Downtown, due at 07:15 on Wednes" in text
    assert "and Olivia is away. Name somebody else, or it waits for Olivia." in page(
        "/inbox", "maya"
    )
    away("olivia", WEDNESDAY)
    text = page("/inbox")
    assert "due at 07:15 tomorrow, nor for 1 more run. Ana, Ben and Fay" in text
    assert "Nobody but you" not in text


def test_who_begins_is_said_apart_for_days_on_which_only_the_owner_is_there(made, away, page):
    away("ana", TUESDAY, FRIDAY)
    away("ben", WEDNESDAY, FRIDAY)
    away("fay", FRIDAY)
    text = page(f"/processes/{made.id}")
    assert "On Friday 27 November nobody of the chain but Olivia is there" in text
    assert "to Friday 27 November; Ben or Fay holds it from the start." in text


def test_one_who_is_there_is_enough(made, away, page):
    for who in ("ana", "ben"):
        away(who, TUESDAY)
    assert "Nobody but you" not in page("/inbox")
    assert "Ana is away on Tuesday 24 November; Fay holds it" in page(f"/processes/{made.id}")


def test_a_manager_reads_it_of_their_own_locations_only(made, away, page, session, clock, crew):
    for who in ("ana", "ben", "fay"):
        away(who, TUESDAY)
    place = locations.Place("Harbour", "America/Chicago")
    crew.maya.locations = [locations.add(session, crew.org_id, place, clock.now())]
    session.commit()
    assert "Nobody but" not in page("/inbox", "maya")
