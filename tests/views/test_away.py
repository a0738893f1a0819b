"""The page on which people say that they are away, and the same over the API."""

import re
from datetime import date
from html import unescape

import pytest
from sqlalchemy import select

from tests.factories import Crew, crew_of_a_daycare, process, proof, signed_in
from tests.views.process_forms import filled
from webapp.models import Absence, StepRun
from worker.duties import tick

NOTE = (("Gate latch", proof("note")),)
DAYS = {"first_day": "2026-11-23", "last_day": "2026-11-27"}


@pytest.fixture
def browser(app, session, crew, clock):
    def of(who: str):
        return signed_in(app, session, getattr(crew, who), clock.now())

    return of


@pytest.fixture
def opened(session, clock, crew):
    """A step of Ana's that is open and due today."""
    process(session, crew, clock.now(), steps=NOTE)
    tick(session, clock.advance(hours=1))
    return session.scalars(select(StepRun).order_by(StepRun.deadline_at)).first()


def words(answer) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def follow(client, answer):
    assert answer.status_code == 303
    return client.get(answer.location)


# the page


def test_sick_today_is_one_press_with_the_way_to_take_it_back(browser, opened, session, clock):
    ana = browser("ana")
    page = follow(ana, ana.post("/away/sick"))
    assert "Noted: you are away 23 November." in words(page)
    assert "You are away today. Ben holds your work." in words(page)
    tick(session, clock.advance(seconds=1))
    assert opened.holder.name == "Ben"
    undo = re.search(r'action="(/away/\w+/end)"', page.text)[1]
    page = follow(ana, ana.post(undo))
    assert "You are back. 1 step is with you again." in words(page)
    assert opened.holder.name == "Ana"


def test_the_owner_is_not_said_to_hold_her_own_work_while_she_is_away(browser, crew):
    olivia = browser("olivia")
    wish = filled(crew, responsible=crew.olivia.id, fallback="")
    assert olivia.post("/processes/new", data=wish).status_code == 303
    browser("ben").post("/away/sick")
    page = words(follow(olivia, olivia.post("/away/sick")))
    assert "You are away today. What nobody else closes still comes to you" in page
    assert "Olivia holds" not in page


def test_days_are_entered_with_a_reason_and_shown(browser, opened):
    ana = browser("ana")
    page = follow(ana, ana.post("/away", data=DAYS | {"reason": "Holiday"}))
    assert "You are away until Friday 27 November. Ben holds your work." in words(page)
    assert "23–27 November Holiday" in words(page)


def test_days_that_lie_ahead_are_taken_back_without_a_word_of_coming_back(browser):
    ana = browser("ana")
    page = ana.post("/away", data={"first_day": "2026-12-30", "last_day": "2027-01-02"})
    page = follow(ana, page)
    assert "30 December – 2 January 2027" in words(page).replace("2026 ", "")
    page = follow(ana, ana.post(re.search(r'action="(/away/\w+/end)"', page.text)[1]))
    assert "Those days are taken back." in words(page)
    assert "You are back" not in words(page)


def test_who_is_back_says_so_and_gets_the_work_again(browser, opened, session, clock):
    ana = browser("ana")
    ana.post("/away", data=DAYS)
    tick(session, clock.advance(seconds=1))
    page = follow(ana, ana.post("/away/back"))
    assert "You are back. 1 step is with you again." in words(page)
    assert "I am sick today" in words(page)


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"first_day": ""}, "first_day", "Choose the first day."),
        ({"first_day": "", "last_day": ""}, "last_day", "Choose the last."),
        ({"last_day": "soon"}, "last_day", "“soon” is not a date."),
        ({"last_day": "2026-11-22"}, "last_day", "The last day is before the first."),
        ({"first_day": "2026-11-01", "last_day": "2026-11-02"}, "last_day", "days are over"),
        ({"first_day": "2026-11-21"}, "first_day", "An absence begins yesterday at the earliest"),
        ({"last_day": "2028-11-22"}, "last_day", "over a year"),
    ],
)
def test_wrong_days_come_back_with_what_was_typed(browser, session, wrong, field, sentence):
    page = browser("ana").post("/away", data=DAYS | {"reason": "Holiday"} | wrong)
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert sentence in words(page)
    assert 'value="Holiday"' in page.text
    assert session.scalars(select(Absence)).all() == []


def test_a_manager_enters_and_ends_an_absence_for_staff(browser, opened, crew, session, clock):
    maya = browser("maya")
    address = f"/people/{crew.ana.id}/away"
    assert address in maya.get("/people").text
    page = follow(maya, maya.post(address, data=DAYS))
    assert "Ana is away until Friday 27 November. Ben holds the work." in words(page)
    assert "Entered by Maya" in words(page)
    assert "Away 23–27 November." in words(maya.get("/people"))
    tick(session, clock.advance(seconds=1))
    page = follow(maya, maya.post(f"{address}/back"))
    assert "Ana is back. 1 step is with Ana again." in words(page)
    assert "Away 23" not in words(maya.get("/people"))


def test_a_manager_says_that_somebody_is_sick(browser, opened, crew, session, clock):
    maya = browser("maya")
    page = follow(maya, maya.post(f"/people/{crew.ana.id}/away/sick"))
    assert "Noted: Ana is away 23 November." in words(page)
    tick(session, clock.advance(seconds=1))
    assert opened.holder.name == "Ben"


def test_colleagues_say_it_for_nobody_else(browser, crew, session):
    ben = browser("ben")
    for path in ("", "/sick", "/back"):
        assert ben.post(f"/people/{crew.ana.id}/away{path}", data=DAYS).status_code == 403
    maya = browser("maya")
    assert maya.get(f"/people/{crew.olivia.id}/away").status_code == 403
    assert f"/people/{crew.olivia.id}/away" not in maya.get("/people").text
    assert session.scalars(select(Absence)).all() == []


def test_nobody_ends_the_absence_of_a_colleague(browser, crew, session):
    ana, ben = browser("ana"), browser("ben")
    ana.post("/away", data=DAYS)
    absence = session.scalars(select(Absence)).one()
    assert ben.post(f"/away/{absence.id}/end").status_code == 404
    assert ben.delete(f"/api/v1/absences/{absence.id}").status_code == 404
    assert absence.ended_at is None


# the API


def test_an_absence_is_noted_listed_and_ended_over_the_api(browser, opened, crew, session, clock):
    ana = browser("ana")
    said = ana.post("/api/v1/absences", json={**DAYS, "reason": "Holiday"})
    assert said.status_code == 201
    ana_is, entered = ({"id": crew.ana.id, "name": "Ana"},) * 2
    expected = {**DAYS, "reason": "Holiday", "person": ana_is, "entered_by": entered}
    assert said.json == expected | {"id": said.json["id"]}
    assert ana.get("/api/v1/absences").json == {"absences": [said.json]}
    tick(session, clock.advance(seconds=1))
    ended = ana.delete(f"/api/v1/absences/{said.json['id']}")
    assert (ended.status_code, ended.json) == (200, {"came_back": 1, "stay": []})
    assert ana.get("/api/v1/absences").json == {"absences": []}


def test_sick_today_over_the_api_is_for_oneself_or_for_those_one_looks_after(browser, crew):
    mine = browser("ana").post("/api/v1/absences/sick-today", json={})
    theirs = browser("maya").post("/api/v1/absences/sick-today", json={"person": crew.ben.id})
    assert (mine.status_code, mine.json["person"]["name"]) == (201, "Ana")
    assert (theirs.status_code, theirs.json["entered_by"]["name"]) == (201, "Maya")
    refused = browser("ben").post("/api/v1/absences/sick-today", json={"person": crew.fay.id})
    assert refused.json["code"] == "not_allowed"


def test_staff_see_their_own_absences_and_managers_those_they_look_after(browser, crew):
    for who in ("ana", "ben", "olivia"):
        browser(who).post("/api/v1/absences", json=DAYS)

    def seen(who: str) -> set[str]:
        found = browser(who).get("/api/v1/absences").json["absences"]
        return {each["person"]["name"] for each in found}

    assert seen("ana") == {"Ana"}
    assert seen("maya") == {"Ana", "Ben"}
    assert seen("olivia") == {"Ana", "Ben", "Olivia"}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"last_day": "2026-11-01"}, "absence_not_valid"),
        ({"last_day": "soon"}, "not_valid"),
        ({"colour": "red"}, "not_valid"),
        ({"person": "0" * 26}, "not_found"),
    ],
)
def test_a_wrong_absence_is_refused_with_its_code(browser, session, wrong, code):
    answer = browser("olivia").post("/api/v1/absences", json=DAYS | wrong)
    assert answer.json["code"] == code
    assert session.scalars(select(Absence)).all() == []


def test_what_belongs_to_another_organisation_is_not_there(browser, session, clock):
    bakery: Crew = crew_of_a_daycare(session, clock.now(), name="Bakery")
    session.add(
        Absence(
            org_id=bakery.org_id,
            person=bakery.ana,
            first_day=date(2026, 11, 23),
            last_day=date(2026, 11, 27),
            created_by=bakery.ana,
            created_at=clock.now(),
        )
    )
    session.commit()
    theirs = session.scalars(select(Absence)).one()
    olivia = browser("olivia")
    for method, path in (
        ("GET", f"/people/{bakery.ana.id}/away"),
        ("POST", f"/people/{bakery.ana.id}/away/sick"),
        ("POST", f"/away/{theirs.id}/end"),
        ("DELETE", f"/api/v1/absences/{theirs.id}"),
    ):
        assert olivia.open(path, method=method).status_code == 404, path
    assert olivia.get("/api/v1/absences").json == {"absences": []}


def test_a_phone_hears_that_its_person_is_away_and_who_holds_the_work(
    browser, opened, session, clock
):
    ana = browser("ana")
    assert ana.get("/api/v1/today").json["away"] is None
    said = ana.post("/api/v1/absences", json=DAYS).json
    tick(session, clock.advance(seconds=1))
    today = ana.get("/api/v1/today").json
    assert today["away"] == {
        "until": "2026-11-27",
        "absences": [said["id"]],
        "held_by": ["Ben"],
    }
    assert today["runs"] == []


def test_the_phone_of_the_backup_holds_the_next_days_that_will_be_theirs(browser, opened):
    browser("ana").post("/api/v1/absences", json={**DAYS, "first_day": "2026-11-24"})
    runs = browser("ben").get("/api/v1/today").json["runs"]
    steps = [(run["occurrence"][:10], step["mine"]) for run in runs for step in run["steps"]]
    assert steps == [("2026-11-24", True), ("2026-11-25", True)]
    (first, *_) = runs[0]["steps"]
    assert first["level"] == 1
    assert [level["passed_over"] for level in first["chain"][:2]] == ["absent", None]
    (mine,) = browser("ana").get("/api/v1/today").json["runs"]
    assert mine["occurrence"][:10] == "2026-11-23"
