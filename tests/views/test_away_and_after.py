"""What the page says of days that stay after coming back, and of work that no absence moves."""

import re

import pytest
from sqlalchemy import select

from tests.factories import process, proof, signed_in
from tests.views.pages import words, words_in
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


def follow(client, answer):
    assert answer.status_code == 303
    return client.get(answer.location)


def test_who_is_back_sees_which_days_stay_and_ends_them_there(browser, opened, session):
    ana = browser("ana")
    ana.post("/away", data={"first_day": "2026-12-30", "last_day": "2026-12-31"})
    ana.post("/away/sick")
    page = follow(ana, ana.post("/away/back"))
    told = page.text[page.text.index('class="notice"') : page.text.index('id="sick"')]
    assert "You are back. You stay away on these days: 30–31 December" in words_in(told)
    page = follow(ana, ana.post(re.search(r'action="(/away/\w+/end)"', told)[1]))
    assert "Those days are taken back." in words(page)
    assert all(each.ended_at for each in session.scalars(select(Absence)))


def test_the_api_says_which_absences_stay(browser):
    ana = browser("ana")
    later = ana.post("/api/v1/absences", json=DAYS | {"last_day": "2026-11-24"}).json
    today = ana.post("/api/v1/absences", json=DAYS | {"last_day": "2026-11-23"}).json
    assert ana.delete(f"/api/v1/absences/{today['id']}").json["stay"] == [later]


def test_an_owner_who_is_sick_reads_that_what_reached_them_stays(
    browser, opened, crew, session, clock
):
    olivia, rest = browser("olivia"), "nobody comes after the owner."
    assert f"still comes to you: {rest}" in words(olivia.get("/away"))
    for minutes in (50, 20, 30):
        tick(session, clock.advance(minutes=minutes))
    assert opened.holder is crew.olivia
    page = words(follow(olivia, olivia.post("/away/sick")))
    stays = f"“Gate latch” of Opening check stays with you: {rest}"
    assert f"Noted: you are away 23 November. {stays}" in page
    assert rest not in words(browser("ana").get("/away"))
