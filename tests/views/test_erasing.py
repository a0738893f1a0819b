"""An owner erases somebody who left, and chooses how long photos are kept."""

import re

import pytest
from sqlalchemy import select

from tests.factories import signed_in
from tests.services.erasing.traces import NAME, leaves, steps, traces
from tests.views.pages import words
from webapp.models import Event, Organisation, Person
from webapp.services import erasure, keeping
from webapp.services.erasure import length


@pytest.fixture
def day(session, clock):
    return traces(session, clock)


@pytest.fixture
def owner(app, session, day, clock):
    return signed_in(app, session, day.crew.olivia, clock.now())


def address(day) -> str:
    return f"/people/{day.crew.ana.id}/erase"


def test_the_page_says_in_one_sentence_what_goes_and_what_stays(day, owner):
    leaves(day)
    page = words(owner.get(address(day)))
    said = re.search(rf"Of {NAME} this goes for good: .*?\.", page)[0]
    assert "every word they wrote" in said
    assert re.search(r"what \d+ events say and 1 signature", said)
    assert said.endswith("what was measured stays, and the record still stands.")
    assert "backups, exports, and messages" in page


def test_the_name_is_typed_before_anything_goes(day, owner):
    """Whatever else is typed leaves all as it was, with a sentence at the field."""
    leaves(day)
    for typed in ("", "Anahita", "x" * 5000, "\0"):
        answer = owner.post(address(day), data={"name": typed})
        assert answer.status_code == 422
        assert "Type the name exactly as it stands here." in words(answer)
    assert day.session.get_one(Person, day.crew.ana.id).name == NAME


def test_erased_the_person_is_on_no_page_any_more(day, owner, app):
    leaves(day)
    run = f"/runs/{day.step.run_id}"
    assert NAME in owner.get("/people").text
    assert NAME in owner.get(run).text
    done = owner.post(address(day), data={"name": f"  {NAME} "}, follow_redirects=True)
    assert "Erased. The record says that it was, and names nobody." in words(done)
    for page in ("/people", run, "/gallery", "/inbox", "/keeping", "/processes", "/devices"):
        shown = owner.get(page)
        assert shown.status_code == 200
        assert NAME not in shown.text
    assert "Erased person 1" in owner.get(run).text
    assert "Erased on 23 November 2026." in words(owner.get(run))
    assert "Signature erased on 23 November 2026." in words(owner.get(run))


def test_photos_go_where_the_box_is_ticked(day, owner):
    leaves(day)
    photo = steps(day)["Front room ready"].proof.blob_sha256
    owner.post(address(day), data={"name": NAME, "photos": "1"})
    answer = owner.get(f"/api/v1/blobs/{photo}?size=thumb")
    assert (answer.status_code, answer.json["code"]) == (410, "photo_erased")
    assert answer.json["detail"] == "Photo erased on 23 November 2026."


def test_what_must_be_settled_first_stands_there_with_the_way_on(day, owner):
    """Without a form: nothing can be pressed that would not work."""
    page = owner.get(address(day))
    assert "First settle this" in words(page)
    assert "Deactivate them first" in words(page)
    assert "Erase for good" not in words(page)
    answer = owner.post(address(day), data={"name": NAME})
    assert answer.status_code == 409


@pytest.mark.parametrize("who", ["maya", "ben"])
def test_only_an_owner_opens_these_pages(day, app, session, clock, who):
    leaves(day)
    browser = signed_in(app, session, day.crew.people[who], clock.now())
    for page in (address(day), "/keeping"):
        assert browser.get(page).status_code == 403
        assert browser.post(page, data={"name": NAME, "months": "3"}).status_code == 403
    for call in ("GET", "PUT"):
        assert browser.open("/api/v1/keeping", method=call, json={}).status_code == 403


def test_a_person_who_was_erased_has_no_page_to_erase(day, owner):
    leaves(day)
    owner.post(address(day), data={"name": NAME})
    assert owner.get(address(day)).status_code == 410
    assert owner.get("/people/nobody/erase").status_code == 404


def test_a_record_that_takes_minutes_is_not_read_while_a_page_waits(day, owner, monkeypatch):
    """The page says so before it reads anything, with the command that takes its time."""
    monkeypatch.setattr(length, "MOST_EVENTS", 3)
    monkeypatch.setattr(erasure, "foresee", None)
    for answer in (owner.get(address(day)), owner.post(address(day), data={"name": NAME})):
        assert f"Use: baton person erase {day.crew.ana.id}" in words(answer)
        assert "Erase for good" not in words(answer)


def test_nor_does_the_api_read_it(day, owner, monkeypatch):
    monkeypatch.setattr(length, "MOST_EVENTS", 3)
    leaves(day)
    person = f"/api/v1/people/{day.crew.ana.id}"
    asked = owner.get(f"{person}/erasure"), owner.delete(person, json={"name": NAME})
    for answer in asked:
        assert (answer.status_code, answer.json["code"]) == (409, "person_not_erasable")
        assert f"Use: baton person erase {day.crew.ana.id}" in answer.json["reasons"][0]
    assert day.session.get_one(Person, day.crew.ana.id).name == NAME


def test_the_api_foresees_erases_and_lists(day, owner):
    """The same over the API; the second time nothing is left to take."""
    leaves(day)
    person = f"/api/v1/people/{day.crew.ana.id}"
    seen = owner.get(f"{person}/erasure").json
    assert (seen["signatures"], seen["photos"], seen["obstacles"]) == (1, 1, [])
    assert owner.delete(person, json={"name": "Ana"}).json["code"] == "name_not_typed"
    done = owner.delete(person, json={"name": NAME})
    assert (done.status_code, done.json["events"] >= seen["events"]) == (200, True)
    again = owner.delete(person, json={"name": "Erased person 1"})
    assert again.json == {"events": 0}
    assert "on request: no event said anything of them." in words(owner.get("/keeping"))
    told = owner.get("/api/v1/record/erasures").json["erasures"]
    assert [each["why"] for each in told] == ["person", "person"]
    lost = sum(last - first + 1 for first, last in told[0]["events"])
    assert (lost, len(told[0]["photos"])) == (done.json["events"], 1)
    assert owner.get("/api/v1/record/verify").json["ok"] is True


def test_the_api_says_all_that_stands_in_the_way(day, owner):
    answer = owner.delete(f"/api/v1/people/{day.crew.ana.id}", json={"name": NAME})
    assert (answer.status_code, answer.json["code"]) == (409, "person_not_erasable")
    assert any("chain of Opening check" in each for each in answer.json["reasons"])


def test_the_page_of_keeping_says_what_each_choice_would_erase(day, app, session, clock):
    owner = signed_in(app, session, day.crew.olivia, clock.advance(days=200))
    page = words(owner.get("/keeping"))
    assert re.search(r"6 months 1 photo is older and would go\.", page)
    assert "12 months 24 months" in page


def test_a_choice_is_saved_and_stands_from_tomorrow_on(day, owner, session):
    saved = words(owner.post("/keeping", data={"months": "12"}, follow_redirects=True))
    assert "Nothing is erased before Tuesday 24 November" in saved
    assert session.get_one(Organisation, day.crew.org_id).photo_months == 12
    owner.post("/keeping", data={"months": "ever"})
    assert session.get_one(Organisation, day.crew.org_id).photo_months is None


@pytest.mark.parametrize("typed", ["", "0", "-3", "121", "x", "9" * 400, "\0", "١٢"])
def test_nonsense_is_answered_with_a_sentence(owner, typed):
    answer = owner.post("/keeping", data={"months": typed})
    assert answer.status_code == 422
    assert "Keep photos for 1 to 120 months, or for ever." in words(answer)


def test_keeping_over_the_api(owner, clock):
    assert owner.get("/api/v1/keeping").json == {"photo_months": None, "begins_at": None}
    changed = owner.put("/api/v1/keeping", json={"photo_months": 24}).json
    assert (changed["photo_months"], bool(changed["begins_at"])) == (24, True)
    for wrong in (0, 500, 10**9):
        answer = owner.put("/api/v1/keeping", json={"photo_months": wrong})
        assert answer.json["code"] == "months_not_valid"
    for wrong in (True, "12", 1.0):
        assert owner.put("/api/v1/keeping", json={"photo_months": wrong}).status_code == 422
    assert owner.get("/api/v1/keeping").json["photo_months"] == 24


def test_an_old_photo_leaves_a_sentence_where_it_was(day, owner, session, clock):
    """On the page of the run, over the API, and not in the gallery."""
    photo = steps(day)["Front room ready"].proof.blob_sha256
    keeping.choose(session, day.crew.olivia, 12, clock.now())
    clock.advance(days=400)
    keeping.erase_old(session, clock.now())
    session.commit()
    owner = signed_in(owner.application, session, day.crew.olivia, clock.now())
    sentence = "Photo erased on 28 December 2027 after 12 months."
    assert sentence in words(owner.get(f"/runs/{day.step.run_id}"))
    assert photo not in owner.get("/gallery").text
    assert owner.get(f"/api/v1/blobs/{photo}").json["detail"] == sentence
    step = owner.get(f"/api/v1/step-runs/{steps(day)['Front room ready'].id}").json
    shown = next(each for each in step["proofs"] if each["kind"] == "photo")
    assert (shown["sha256"], shown["text"]) == (None, sentence)
    assert "1 photo, because its time was over" in words(owner.get("/keeping"))


def test_the_record_page_of_the_api_still_reads_whole(day, owner, session):
    leaves(day)
    owner.post(address(day), data={"name": NAME})
    shown = owner.get("/api/v1/record?limit=1000").json["events"]
    erased = session.scalars(select(Event.seq).where(Event.salt.is_(None))).all()
    assert [each["seq"] for each in shown if each["payload"] is None] == sorted(erased)
