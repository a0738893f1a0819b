"""What if nobody does it: the page of a process, its picture, and the API."""

import re
from datetime import date
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import (
    FRIDGE,
    Crew,
    crew_of_a_daycare,
    process,
    proof,
    reached_by_phone,
    signed_in,
)
from tests.views.pages import words
from tests.views.test_api_processes import wish
from webapp.services import absences, definitions
from worker.duties import tick

CHICAGO = ZoneInfo("America/Chicago")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def olivia(app: Any, session: Session, crew: Crew, clock: FixedClock) -> FlaskClient:
    return signed_in(app, session, crew.olivia, clock.now())


@pytest.fixture
def opening(session: Session, crew: Crew, clock: FixedClock):
    """Everybody has a phone that answers; Ben is away on Wednesday."""
    reached_by_phone(session, crew.ana, crew.ben, crew.fay, crew.olivia, confirmed_at=clock.now())
    made = process(session, crew, clock.now())
    wednesday = date(2026, 11, 25)
    absences.declare(session, crew.ben, crew.ben, wednesday, wednesday, "", clock.now())
    session.commit()
    return made


def page(client: FlaskClient, made, days: str = "") -> str:
    answer = client.get(f"/processes/{made.id}/rehearsal{days}")
    assert answer.status_code == 200
    return answer.text


def pictures(text: str) -> list[ElementTree.Element]:
    found = re.findall(r"<svg class=\"timeline\".*?</svg>", text, re.DOTALL)
    return [
        ElementTree.fromstring(each.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))
        for each in found
    ]


def test_the_page_says_who_hears_when(olivia, opening):
    said = page(olivia, opening)
    assert (
        "If nobody does it on Monday 23 November, Ben hears at 07:20, Fay at 07:40, you at 08:10."
    ) in said


def test_days_that_go_the_same_way_are_shown_once(olivia, opening):
    said = page(olivia, opening)
    assert said.count('<h2 id="day-') == 2
    assert "The same on 3 other days: 24 November, 26 November, 27 November." in said


def test_who_is_away_is_passed_over_in_words_and_in_the_picture(olivia, opening):
    said = page(olivia, opening)
    assert (
        "Ben is away, and is passed over. It moves to Fay, because Ana did not get to it." in said
    )
    wednesday = pictures(said)[1]
    assert [text.text for text in wednesday.iter(f"{SVG}text")] == [
        "due 07:15",
        "06:30 Ana",
        "Ben, away",
        "07:20 Fay",
        "07:50 Olivia",
    ]


def test_what_goes_from_the_owner_to_the_owner_is_said_to_stay(olivia, opening, session, crew):
    version = opening.versions[0]
    session.delete(version.chain[2])
    version.chain[1].person = crew.olivia
    session.commit()
    said = page(olivia, opening)
    assert "It moves to Olivia, because Ana did not get to it. Olivia is told by push." in said
    assert "It stays with Olivia, who comes last. Olivia is told by push." in said
    assert "because Olivia did not" not in said


def test_the_picture_has_a_name_and_an_ordered_list_that_says_the_same(olivia, opening):
    said = page(olivia, opening)
    for picture in pictures(said):
        assert picture.get("role") == "img"
        title = picture.find(f"{SVG}title")
        assert picture.get("aria-labelledby") == title.get("id")
        assert title.text.startswith("If nobody does it on")
        assert f'<ol class="told" id="{picture.get("aria-describedby")}">' in said


def test_bars_lie_within_the_picture_one_after_the_other(olivia, opening):
    for picture in pictures(page(olivia, opening)):
        bars = [bar.attrib for bar in picture.iter(f"{SVG}rect")]
        starts = [float(bar["x"].rstrip("%")) for bar in bars]
        ends = [
            start + float(bar["width"].rstrip("%")) for start, bar in zip(starts, bars, strict=True)
        ]
        assert starts == sorted(starts)
        assert (starts[0], round(max(ends))) == (0, 100)


def test_right_to_left_the_picture_is_mirrored(olivia, opening):
    olivia.set_cookie("baton-language", "ar")
    for picture in pictures(page(olivia, opening)):
        starts = [float(bar.get("x").rstrip("%")) for bar in picture.iter(f"{SVG}rect")]
        assert starts == sorted(starts, reverse=True)
        assert starts[-1] == 0


def test_a_dead_end_comes_first_and_says_what_is_wrong(olivia, session, crew, clock, opening):
    thursday = date(2026, 11, 26)
    absences.declare(session, crew.olivia, crew.olivia, thursday, thursday, "", clock.now())
    session.commit()
    said = page(olivia, opening)
    assert "On Thursday 26 November you come last, and are away." in said
    assert said.index("Thursday 26 November</h2>") < said.index("Monday 23 November</h2>")
    assert "It ends with Olivia, who is away." in said


def test_that_nobody_can_be_told_is_said_once(app, session, crew, clock):
    made = process(session, crew, clock.now())
    client = signed_in(app, session, crew.olivia, clock.now())
    said = page(client, made)
    assert "If nobody does it, nobody can be told on any of these days." in said
    assert "On every one of these days nobody can be told." not in said
    one = page(client, made, "?days=1")
    assert "If nobody does it on Monday 23 November, nobody can be told.</p>" in one


def test_a_run_that_is_open_says_since_when_and_why(olivia, session, crew, clock):
    made = process(session, crew, clock.now(), opens=None)
    tick(session, clock.now())
    said = page(olivia, made)
    assert f"It is open already, since {clock.now().astimezone(CHICAGO):%H:%M}." in said
    assert "No time is set at which it opens, so it opens when its day begins." in said
    assert "It is open already" not in page(olivia, process(session, crew, clock.now(), name="B"))


NOTE = proof("note")
STEPS = (("Fridge", FRIDGE), ("Move the food", NOTE), ("Buffet out", NOTE), ("Clear it", NOTE))
LATER = {
    "Move the food": {"only_if": {"step": "Fridge", "is": "outside", "value": None}},
    "Clear it": {"follow_up": {"step": "Buffet out", "wait_minutes": 120, "due_minutes": 15}},
}


@pytest.fixture
def lunch(session, crew, clock):
    reached_by_phone(session, crew.ana, crew.ben, crew.fay, crew.olivia, confirmed_at=clock.now())
    return process(session, crew, clock.now(), name="Lunch", steps=STEPS, later=LATER)


def test_a_step_that_opens_later_is_shown_at_its_time_with_what_it_waits_for(olivia, lunch):
    said = words(olivia.get(f"/processes/{lunch.id}/rehearsal?days=1"))
    assert (
        "Monday 23 November, “Clear it” Downtown, due at 09:30. Opens 2 h after Buffet out. Played"
        " as if it were needed, and what it waits for done when it is due."
    ) in said
    assert "It opens, and Ana has it first. Ana is told by push." in said
    assert "09:35 It moves to Ben, because Ana did not get to it." in said


def test_a_step_that_only_an_answer_opens_is_named_and_nobody_misses_it(olivia, lunch):
    said = words(olivia.get(f"/processes/{lunch.id}/rehearsal?days=1"))
    assert "Only if an answer asks for it" in said
    assert "Move the food Only if Fridge is outside 33 to 41 °F." in said
    assert "Before that nobody misses it." in said
    document = olivia.post("/api/v1/rehearsals", json={"process": lunch.id, "days": 1}).json
    assert [run["step"] and run["step"]["title"] for run in document["runs"]] == [None, "Clear it"]
    assert [step["title"] for step in document["conditional"]] == ["Move the food"]


def test_a_process_without_later_steps_says_nothing_of_them(olivia, opening):
    assert "Only if an answer asks for it" not in page(olivia, opening)


def test_the_days_are_chosen_by_links(olivia, opening):
    said = page(olivia, opening, "?days=14")
    assert '?days=14" aria-current="page">14 days</a>' in said
    assert '?days=30">30 days</a>' in said
    assert "The same on 8 other days" in said


@pytest.mark.parametrize("days", ["0", "401", "soon", "-1", "1e3", "99999999999", "\u0663"])
def test_other_days_are_refused_with_a_sentence(olivia, opening, days):
    answer = olivia.get(f"/processes/{opening.id}/rehearsal?days={days}")
    assert answer.status_code == 422


def test_a_process_that_is_due_no_more_says_so(olivia, session, crew, clock, opening):
    definitions.retire(session, crew.olivia.id, opening, clock.now())
    session.commit()
    assert "Nothing is due in the next 7 days." in page(olivia, opening)


def test_the_page_of_the_process_leads_there(olivia, opening):
    said = olivia.get(f"/processes/{opening.id}").text
    assert f'href="/processes/{opening.id}/rehearsal"' in said


def test_staff_rehearse_nothing(app, session, crew, clock, opening):
    ben = signed_in(app, session, crew.ben, clock.now())
    assert ben.get(f"/processes/{opening.id}/rehearsal").status_code == 403
    assert ben.post("/api/v1/rehearsals", json={"process": opening.id}).status_code == 403


def test_a_process_is_rehearsed_over_the_api(olivia, crew, opening):
    document = olivia.post("/api/v1/rehearsals", json={"process": opening.id, "days": 3}).json
    assert document["process"] == {"id": opening.id, "name": "Opening check"}
    assert [run["occurrence"] for run in document["runs"]] == [
        "2026-11-23T07:15",
        "2026-11-24T07:15",
        "2026-11-25T07:15",
    ]
    moments = document["runs"][0]["moments"]
    assert [each["holder"]["name"] for each in moments] == ["Ana", "Ben", "Fay", "Olivia"]
    assert moments[1]["told"] == [{"channel": "push", "at": moments[1]["at"]}]
    assert document["dead_ends"] == []
    (passed,) = document["runs"][2]["moments"][1]["passed_over"]
    assert (passed["person"]["name"], passed["reason"]) == ("Ben", "absent")


def test_a_definition_is_rehearsed_before_it_is_saved(olivia, crew, opening):
    asked = wish(crew, name="", steps=[], deadline="09:00", locations=["Downtown"])
    document = olivia.post("/api/v1/rehearsals", json={"definition": asked}).json
    assert document["process"] == {"id": None, "name": ""}
    assert document["runs"][0]["occurrence"] == "2026-11-23T09:00"
    assert len(olivia.get("/api/v1/processes").json["processes"]) == 1


def test_a_definition_is_rehearsed_as_the_next_version(olivia, session, crew, opening):
    asked = {"process": opening.id, "definition": wish(crew, deadline="08:00"), "days": 1}
    document = olivia.post("/api/v1/rehearsals", json=asked).json
    assert document["process"]["id"] == opening.id
    assert [run["occurrence"] for run in document["runs"]] == ["2026-11-23T08:00"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"chain": []}, "chain.assignee"),
        ({"deadline": None}, "deadline"),
        ({"cadence": "now and then"}, "cadence"),
        ({"locations": ["Nowhere"]}, "locations"),
        ({"chain": [{"role": "assignee", "person": "01NOBODY"}]}, "chain.assignee"),
        ({"locations": []}, "locations"),
    ],
)
def test_what_must_be_mended_first_is_told_by_field(olivia, crew, change, field):
    answer = olivia.post("/api/v1/rehearsals", json={"definition": wish(crew, **change)})
    assert (answer.status_code, answer.json["code"]) == (422, "process_not_valid")
    assert field in answer.json["fields"]


@pytest.mark.parametrize("asked", [{}, {"days": 0}, {"days": 401}, {"process": 7}, {"more": 1}])
def test_what_cannot_be_rehearsed_is_refused(olivia, asked):
    answer = olivia.post("/api/v1/rehearsals", json=asked)
    assert (answer.status_code, answer.json["code"]) == (422, "not_valid")


def test_a_process_of_another_organisation_is_not_there(app, session, clock, olivia, opening):
    bakery = crew_of_a_daycare(session, clock.now(), name="Bakery")
    theirs = signed_in(app, session, bakery.olivia, clock.now())
    assert theirs.get(f"/processes/{opening.id}/rehearsal").status_code == 404
    assert theirs.post("/api/v1/rehearsals", json={"process": opening.id}).status_code == 404
