"""Chains that dead-end in the days ahead, as sentences of the owner's page."""

from datetime import date

import pytest

from tests.factories import process, reached_by_phone, signed_in
from tests.views.pages import words
from webapp.models import ChainLevel
from webapp.services import absences

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)


@pytest.fixture
def made(session, clock, crew):
    reached_by_phone(session, *crew.people.values())
    made = process(session, crew, clock.now())
    session.commit()
    return made


@pytest.fixture
def page(app, session, clock, crew):
    def read(who: str = "olivia") -> str:
        return words(signed_in(app, session, crew.people[who], clock.now()).get("/inbox"))

    return read


def test_who_is_away_on_the_same_day_is_said_with_who_holds_it_then(
    session, clock, crew, made, page
):
    for person, last in ((crew.ana, WEDNESDAY), (crew.ben, WEDNESDAY)):
        absences.declare(session, person, person, TUESDAY, last, "", clock.now())
    session.commit()
    text = page()
    assert (
        "Ana and Ben are both away for Opening check at Downtown, due at 07:15 tomorrow, and 1 "
        "more run. Fay holds it from the start." in text
    )
    assert "Nothing needs you now. 1 thing needs you before it matters." in text


def test_an_owner_behind_one_person_reads_to_name_a_backup(session, clock, crew, made, page):
    for level in session.query(ChainLevel).where(ChainLevel.role.in_(("backup", "fallback"))):
        level.person = crew.olivia
    session.commit()
    assert "Only you stand behind Ana in Opening check. Name a backup." in page()
    assert "Only the owner stands behind Ana" in page("maya")
