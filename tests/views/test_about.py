"""What is held about a person: they see it all, an owner the same, and nobody else anything."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import webapp
from tests.day import Day, photo, photo_proof
from tests.factories import crew_of_a_daycare, proof, signed_in
from tests.statements import statements
from tests.views.pages import words
from webapp.models import Signal
from webapp.services import about, absences, locations, reviews
from webapp.services.places import Place
from webapp.views import about_words, event_words

STEPS = (("Front room", proof("photo")), ("Gate latch", proof("note")))


@pytest.fixture
def day(session, clock, crew) -> Day:
    """A morning of Ana's: a photo, a note that was sent back, an absence; Ben took the rest."""
    day = Day(session, clock, crew, steps=STEPS, review="all")
    day.uploads(photo())
    front, gate = day.step.run.step_runs
    day.does("ana", step=front, proof=photo_proof(photo()))
    day.does("ana", step=gate, proof={"kind": "note", "text": "=SUM(A1)"})
    seen = gate.proof.evidence_sha256
    reviews.send_back(session, crew.olivia, gate, seen, "Which latch?", clock.now())
    days = (date(2026, 12, 1), date(2026, 12, 4))
    absences.declare(session, crew.ana, crew.ana, *days, "Dentist", clock.now())
    session.commit()
    day.later(minutes=50)
    return day


@pytest.fixture
def browser(app, session, clock, crew):
    return lambda who: signed_in(app, session, crew.people[who], clock.now())


def test_a_person_reads_all_that_is_held_about_them(browser, day):
    page = words(browser("ana").get("/me/about"))
    assert "What is held about you" in page
    assert "ana@sunflower.example" in page
    assert "Ana sent a photo: “Front room” of Opening check at Downtown." in page
    assert "The photo" in page
    assert "from Ana to Ben. Ana did not get to it." in page
    assert "Away 1–4 December" in page
    assert "“Dentist”" in page
    assert "Ana's" in page
    assert "work on a step" in page
    assert "step.done" not in page
    assert "Chicago" not in page
    assert "To be erased, ask Olivia" in page


def test_an_owner_sees_the_very_same_and_no_more(browser, crew, day):
    def parts(page: str) -> str:
        return page[
            page.index('<h2 id="profile">') : page.index('<section aria-labelledby="kept">')
        ]

    theirs = browser("olivia").get(f"/people/{crew.ana.id}/about").text
    assert f'href="/people/{crew.ana.id}/erase"' in theirs
    assert parts(theirs) == parts(browser("ana").get("/me/about").text)


@pytest.mark.parametrize("ending", ["", ".json", ".csv"])
def test_nobody_else_sees_it(app, session, clock, crew, browser, ending):
    address = f"/people/{crew.ana.id}/about{ending}"
    assert browser("ben").get(address).status_code == 403
    assert browser("maya").get(address).status_code == 403
    stranger = crew_of_a_daycare(session, clock.now(), name="Bakery").olivia
    assert signed_in(app, session, stranger, clock.now()).get(address).status_code == 404


def test_what_others_did_is_not_among_it(browser, day):
    ben = browser("ben").get("/me/about").text
    assert "Which latch?" not in ben
    assert "Dentist" not in ben


def test_the_file_has_everything_and_no_secret(browser, crew, session, day):
    crew.ana.password_hash, crew.ana.pin_hash = "argon-of-word", "argon-of-pin"
    session.commit()
    answer = browser("ana").get("/me/about.json")
    found = json.loads(answer.text)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert [each["kind"] for each in found["proofs"]] == ["note", "photo"]
    assert found["person"]["has_pin"] is True
    assert found["record_acted"]
    assert "argon" not in answer.text


def test_a_file_of_years_comes_in_pieces(app, browser, crew, monkeypatch):
    at = datetime(2026, 11, 23, 7, tzinfo=UTC)
    given = []

    def notes():
        for number in range(1200):
            given.append(number)
            yield {"at": at, "text": f"Note {number}", "step": "Gate latch"}

    monkeypatch.setattr(about, "everything", lambda session, person: [("fix_notes", notes())])
    for ending, last in ((".json", '"step": "Gate latch"}]\n}\n'), (".csv", "Gate latch\r\n")):
        given.clear()
        pieces = browser("ana").get(f"/me/about{ending}", buffered=False).iter_encoded()
        assert "Note 0" in next(pieces).decode()
        assert len(given) < 600
        assert b"".join(pieces).decode().endswith(last)
        assert len(given) == 1200


def test_a_table_cell_is_never_a_formula(browser, crew, day):
    crew.ana.name = "=1+1"
    day.session.commit()
    answer = browser("ana").get("/me/about.csv")
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["what", "at", "fact", "value"]
    assert ["person", "", "name", "'=1+1"] in rows
    assert not [row for row in rows if row[3].startswith(("=", "+", "-", "@"))]


def test_an_event_that_was_erased_says_so():
    fact = {
        "at": datetime(2026, 11, 23, 7, tzinfo=UTC),
        "event": 51234,
        "kind": "step.done",
        "says": None,
    }
    part = about.Part("record_about", 1, [fact])
    (row,) = about_words.shown(part, "Ana", "UTC")["rows"]
    assert row["sentence"] == "Event 51,234, work on a step: erased."


def test_no_event_is_named_by_its_kind_where_people_read():
    """Every kind that the code writes has words, and the general ones are for few."""
    written = {
        kind
        for path in Path(webapp.__file__).parent.rglob("services/**/*.py")
        for kind in re.findall(r'"([a-z]+\.[a-z_]+)"', path.read_text())
    }
    said = {kind: event_words.about(kind) for kind in written}
    assert len(said) > 40
    assert not [words for words in said.values() if "." in words or "_" in words]
    assert said["review.sent_back"] == "a decision on a proof"
    assert said["record.head_published"] == "the organisation and its record"


def test_where_clocks_differ_each_time_says_whose_it_is(browser, crew, day, session):
    tokyo = locations.add(session, crew.org_id, Place("A", "Asia/Tokyo"), day.clock.now())
    crew.ana.locations[:] = [tokyo]
    session.commit()
    page = words(browser("ana").get("/me/about"))
    assert "06:30, Chicago" in page
    assert re.search(r"\d\d:\d\d, Tokyo", page)


def test_somebodys_own_words_bring_no_second_full_stop():
    said = {"from": "Ana", "to": "Ben", "reason": "cannot_do", "words": "A child is ill."}
    where = {"step": "Gate latch", "process": "Opening check", "location": "Downtown"}
    fact = {"at": datetime(2026, 11, 23, 7, tzinfo=UTC)} | said | where
    (row,) = about_words.shown(about.Part("handoffs", 1, [fact]), "Ana", "UTC")["rows"]
    assert row["sentence"].endswith("from Ana to Ben. Ana could not do it: “A child is ill”.")


def test_ten_of_each_are_shown_with_how_many_there_are(session, crew, day):
    for part in about.parts(session, crew.ana, 1):
        assert len(part.facts) == min(1, part.count)


def test_what_is_more_than_a_thousand_is_not_counted_to_its_end(session, crew, day, monkeypatch):
    monkeypatch.setattr(about, "COUNTED", 1)
    counts = {part.kind: part.count for part in about.parts(session, crew.ana)}
    assert (counts["proofs"], counts["absences"]) == (2, 1)


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (1, "1 in all:"),
        (1000, "1,000 in all. The newest are:"),
        (1001, "More than 1,000 in all. The newest are:"),
    ],
)
def test_the_page_says_how_many_there_are(there, said):
    fact = {"at": datetime(2026, 11, 23, 7, tzinfo=UTC), "event": 5, "kind": "a", "says": None}
    assert (
        about_words.shown(about.Part("record_about", there, [fact]), "Ana", "UTC")["says"] == said
    )


def test_the_page_costs_as_many_statements_however_much_there_is(session, crew, day):
    about.parts(session, crew.ana)
    with statements(session) as ran:
        about.parts(session, crew.ana)
    assert len(ran) <= 23


def test_what_was_noticed_is_there_with_what_its_person_said(session, clock, crew, browser, day):
    run = day.step.run
    signal = Signal(
        org_id=crew.org_id,
        process_id=run.process_id,
        location_id=run.location_id,
        person_id=crew.ana.id,
        kind="burst",
        facts={"hits": 9, "of": 20, "seconds": 4, "usual": 240},
        noticed_at=clock.now(),
        seen_from=clock.now(),
        seen_until=clock.now(),
        explanation="I tick at the end.",
        explained_at=clock.now(),
    )
    session.add(signal)
    session.commit()
    page = words(browser("ana").get("/me/about"))
    assert "9 of 20 rounds at Downtown" in page
    assert "“I tick at the end.”" in page
    assert "9 of 20 rounds" not in words(browser("ben").get("/me/about"))
    assert json.loads(browser("ana").get("/me/about.json").text)["signals"][0]["kind"] == "burst"
