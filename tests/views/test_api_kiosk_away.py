"""At the tablet on the wall somebody says that they are away today, and that they are back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import signed_in
from tests.kiosks import WRONG
from tests.views.api_day import NOTES
from tests.views.kiosk_day import kiosk_day, sealed  # noqa: F401
from tests.views.test_api_kiosk import elsewhere
from webapp.models import Absence, Event


@pytest.fixture
def day(kiosk_day):  # noqa: F811
    return kiosk_day(steps=NOTES)


def says(day, turn, away=True, tablet=None, **more):
    told = {"turn": turn, "at": day.clock.now().isoformat(), "away": away} | more
    return (tablet or day.tablet).client.put("/api/v1/kiosk/away", json=told)


def shown_away(day):
    return {each["name"]: each["away"] for each in day.tablet.board().json["people"]}


def holder(day):
    day.later(seconds=1)
    day.session.expire_all()
    return day.step.holder.name


def test_what_is_theirs_goes_to_the_next_and_the_record_names_the_kiosk(day):
    turn = day.tablet.verified("ana")
    answer = says(day, turn)
    assert (answer.status_code, answer.json) == (200, {"away": True, "came_back": 0})
    assert shown_away(day)["Ana"]
    assert holder(day) == "Ben"
    noted = day.session.scalars(select(Event).where(Event.kind == "person.away")).one()
    assert noted.actor == day.crew.ana.id
    assert noted.payload["kiosk"] == {
        "id": day.tablet.kiosk_id,
        "name": "Kitchen tablet",
        "turn": turn,
    }


def test_said_twice_it_is_one_absence(day):
    turn = day.tablet.verified("ana")
    assert says(day, turn).status_code == says(day, turn).status_code == 200
    assert len(day.session.scalars(select(Absence)).all()) == 1


def test_who_is_back_has_their_step_again(day):
    turn = day.tablet.verified("ana")
    says(day, turn)
    assert holder(day) == "Ben"
    answer = says(day, turn, away=False)
    assert answer.json == {"away": False, "came_back": len(NOTES)}
    assert not shown_away(day)["Ana"]
    assert holder(day) == "Ana"


@pytest.mark.parametrize("whose", ["nobody", "wrong pin", "another tablet", "old", "left"])
def test_it_takes_a_turn_that_is_going_on(day, whose):
    turn = day.tablet.verified("ana")
    if whose == "nobody":
        turn = "turn-of-nobody"
    if whose == "wrong pin":
        turn = "turn-wrong"
        day.tablet.begins("ana", WRONG, turn=turn)
    if whose == "another tablet":
        turn = day.another_tablet(location=elsewhere(day), name="Yard").verified("dana")
    if whose == "old":
        day.clock.advance(minutes=16)
    if whose == "left":
        day.crew.ana.deactivated_at = day.clock.now()
        day.session.commit()
    answer = says(day, turn)
    assert (answer.status_code, answer.json["code"]) == (409, "turn_over")
    assert not day.session.scalars(select(Absence)).all()


def test_work_makes_a_turn_last(day):
    turn, start = day.tablet.verified("ana"), day.clock.now()
    day.later(minutes=14)
    day.tablet.sync(
        day.tablet.command(turn, captured_at=(start + timedelta(minutes=14)).isoformat())
    )
    day.later(minutes=14)
    assert says(day, turn).status_code == 200


def test_a_person_who_is_signed_in_says_it_elsewhere(day):
    browser = signed_in(day.app, day.session, day.crew.ana, day.clock.now())
    told = {"turn": "t", "at": day.clock.now().isoformat(), "away": True}
    answer = browser.put("/api/v1/kiosk/away", json=told)
    assert (answer.status_code, answer.json["code"]) == (403, "not_allowed")
