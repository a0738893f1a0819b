"""What a phone is given to keep: today and the next two days, on the calendar of each location."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from flask.testing import FlaskClient

from tests.factories import signed_in
from tests.services.definition_wishes import wish
from tests.views.api_day import api_day  # noqa: F401
from webapp.rules.proof_gate import Requirement
from webapp.services import definitions, locations
from webapp.services.definitions import DraftLevel, DraftStep


@pytest.fixture
def daily(session, crew, clock):
    """Defines what one person does every day; until 06:30 to 07:15 unless told otherwise."""

    def define(who: str, **more):
        backup = crew.ben if who != "ben" else crew.ana
        chain = (
            DraftLevel("assignee", crew.people[who].id, 0),
            DraftLevel("backup", backup.id, 0),
        )
        step = DraftStep("Gate", "Let it fall shut three times.", Requirement("note"))
        draft = wish(crew, chain=chain, rrule="FREQ=DAILY", opens=time(6, 30), steps=(step,))
        draft = replace(draft, **more)
        definitions.save(session, crew.olivia.id, crew.org_id, draft, clock.now())
        session.commit()

    return define


@pytest.fixture
def browser(app, session, crew, clock):
    def of(who: str) -> FlaskClient:
        return signed_in(app, session, crew.people[who], clock.now())

    return of


def occurrences(client: FlaskClient) -> list[str]:
    return [run["occurrence"] for run in client.get("/api/v1/today").json["runs"]]


@pytest.mark.parametrize("who", ["ana", "maya", "olivia"])
def test_staff_managers_and_owners_are_given_three_days(daily, browser, who):
    daily(who)
    assert occurrences(browser(who)) == [
        "2026-11-23T07:15",
        "2026-11-24T07:15",
        "2026-11-25T07:15",
    ]


@pytest.mark.parametrize("minutes", [0, 12 * 60, 24 * 60 - 1])
def test_it_is_the_same_three_days_all_day_long(daily, browser, clock, minutes):
    """Midnight in Chicago is 06:00 UTC; a run of the fourth day does not come at noon."""
    clock.shows = datetime(2026, 11, 23, 6, tzinfo=UTC)
    daily("ana", opens=None, deadline=time(23, 55))
    clock.advance(minutes=minutes)
    days = [each[:10] for each in occurrences(browser("ana"))]
    assert days == ["2026-11-23", "2026-11-24", "2026-11-25"]


def test_a_day_with_an_hour_more_is_carried_to_its_end(daily, browser, clock):
    """In Chicago 1 November 2026 has 25 hours."""
    clock.shows = datetime(2026, 10, 31, 5, 10, tzinfo=UTC)  # ten past midnight
    daily("ana", opens=time(23, 45), deadline=time(23, 50))
    days = [each[:10] for each in occurrences(browser("ana"))]
    assert days == ["2026-10-31", "2026-11-01", "2026-11-02"]


def test_a_day_with_an_hour_less_brings_no_fourth(daily, browser, clock):
    """In Chicago 14 March 2027 has 23 hours."""
    clock.shows = datetime(2027, 3, 13, 6, 10, tzinfo=UTC)
    daily("ana", opens=time(0, 30), deadline=time(0, 45))
    days = [each[:10] for each in occurrences(browser("ana"))]
    assert days == ["2027-03-13", "2027-03-14", "2027-03-15"]


def test_each_location_has_its_own_today(daily, browser, session, crew, clock):
    """When it is Monday 05:30 in Chicago it is Tuesday 01:30 on Kiritimati."""
    locations.add(
        session, crew.org_id, locations.Place("Island", "Pacific/Kiritimati"), clock.now()
    )
    daily("ana")
    daily("ana", name="Island check", locations=("Island",))
    runs = browser("ana").get("/api/v1/today").json["runs"]
    days = {place: [] for place in ("Downtown", "Island")}
    for run in runs:
        days[run["location"]].append(run["occurrence"][8:10])
    assert days == {"Downtown": ["23", "24", "25"], "Island": ["24", "25", "26"]}


def test_the_days_ahead_come_with_instructions_and_the_last_fix_note(daily, browser, session, crew):
    daily("ana")
    client = browser("ana")
    [first, *_] = client.get("/api/v1/today").json["runs"]
    command = {
        "id": "note-1",
        "seq": 1,
        "kind": "fix_note",
        "step_run": first["steps"][0]["id"],
        "captured_at": "2026-11-23T11:30:00+00:00",
        "text": "Oiled the latch.",
    }
    batch = {"batch": "b", "device": "d", "sent_at": "2026-11-23T11:30:00+00:00"}
    sent = client.post("/api/v1/sync", json=batch | {"commands": [command]})
    assert sent.json["results"][0]["status"] == "applied", sent.json
    runs = client.get("/api/v1/today").json["runs"]
    assert [run["state"] for run in runs] == ["planned"] * 3
    assert [run["fix_note"]["text"] for run in runs] == ["Oiled the latch."] * 3
    assert [run["steps"][0]["instructions"] for run in runs] == [
        "Let it fall shut three times."
    ] * 3
