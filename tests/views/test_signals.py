"""What was noticed, on the page of the process, on one's own page, and over the API."""

import pytest
from sqlalchemy import select

from tests.factories import FRIDGE, process, signed_in
from tests.views.pages import words
from webapp.models import Signal
from webapp.rules.signals import KINDS, Found
from webapp.services import signals
from webapp.views import signal_words

SAME = {"hits": 14, "of": 20, "against": "elsewhere", "there_hits": 4, "there_of": 56}
SAME |= {"what": "most", "value": "38.5", "unit": "°F", "chance": "6e-05"}
HERS = {"hits": 18, "of": 20, "against": "others", "there_hits": 1, "there_of": 38}
HERS |= {"seconds": 24, "usual": 240, "chance": "2e-11"}


@pytest.fixture
def made(session, crew, clock):
    for person in crew.people.values():
        person.password_hash = "set"
    made = process(session, crew, clock.now(), steps=(("Fridge", FRIDGE),), review="risky")
    key, place = made.versions[0].steps[0].key, crew.location.id
    both = [Found("same", place, key, None, SAME), Found("burst", place, None, crew.ana.id, HERS)]
    signals.keep(session, made, both, clock.now())
    session.commit()
    return made


@pytest.fixture
def hers(session, made) -> Signal:
    return session.scalars(select(Signal).where(Signal.person_id.is_not(None))).one()


def test_the_process_tells_the_place_first_then_the_person(app, session, crew, clock, made):
    page = words(signed_in(app, session, crew.olivia, clock.now()).get(f"/processes/{made.id}"))
    assert "What looks too regular" in page
    place = "14 of 20 readings of “Fridge” at Downtown were exactly 38.5 °F."
    name = "18 of 20 rounds at Downtown were given within about 24 seconds. Usual is 4 min."
    assert 0 < page.index(place) < page.index(name)
    assert "At other places: 4 of 56." in page
    assert "Of the others there: 1 of 38." in page
    assert "An honest cause:" in page
    assert "one in three of these proofs instead of one in ten" in page
    assert "Ana reads the same here, and has said nothing to it yet." in page


def test_a_manager_reads_what_is_of_the_place_alone(app, session, crew, clock, made):
    page = words(signed_in(app, session, crew.maya, clock.now()).get(f"/processes/{made.id}"))
    assert "14 of 20 readings" in page
    assert "18 of 20 rounds" not in page


def test_a_process_without_any_does_not_speak_of_it(app, session, crew, clock):
    quiet = process(session, crew, clock.now())
    page = words(signed_in(app, session, crew.olivia, clock.now()).get(f"/processes/{quiet.id}"))
    assert "too regular" not in page


def test_she_reads_the_same_words_and_answers_and_the_owner_reads_the_answer(
    app, session, crew, clock, made, hers
):
    browser = signed_in(app, session, crew.ana, clock.now())
    page = words(browser.get("/me"))
    assert "18 of 20 rounds at Downtown were given within about 24 seconds." in page
    assert "You and the owner read this, in the same words, and nobody else." in page
    answer = browser.post(f"/me/signals/{hers.id}", data={"explanation": "On <paper> first."})
    assert (answer.status_code, answer.location) == (303, f"/me#signal-{hers.id}")
    owner = signed_in(app, session, crew.olivia, clock.now())
    page = words(owner.get(f"/processes/{made.id}"))
    assert "What Ana says, Monday 23 November: “On <paper> first.”" in page


def test_an_empty_answer_comes_back_with_a_sentence_at_its_field(
    app, session, crew, clock, made, hers
):
    browser = signed_in(app, session, crew.ana, clock.now())
    answer = browser.post(f"/me/signals/{hers.id}", data={"explanation": " "})
    assert answer.status_code == 422
    assert f'href="#explanation-{hers.id}"' in answer.text
    assert "Write what you want to say about it." in words(answer)


def test_nobody_answers_for_another(app, session, crew, clock, made, hers):
    for who in (crew.ben, crew.olivia):
        browser = signed_in(app, session, who, clock.now())
        asked = {"explanation": "It was not."}
        assert browser.post(f"/me/signals/{hers.id}", data=asked).status_code == 404
        assert browser.put(f"/api/v1/me/signals/{hers.id}", json=asked).status_code == 404
        assert "18 of 20" not in words(browser.get("/me"))


def test_of_whom_nothing_is_noticed_reads_that(app, session, crew, clock, made):
    page = words(signed_in(app, session, crew.ben, clock.now()).get("/me"))
    assert "Nothing stands out in the last four weeks." in page


def test_the_api_tells_the_same_with_its_numbers(app, session, crew, clock, made, hers):
    owner = signed_in(app, session, crew.olivia, clock.now())
    [place, person] = owner.get(f"/api/v1/processes/{made.id}/signals").json["signals"]
    assert (place["kind"], place["person"], place["step"]["title"]) == ("same", None, "Fridge")
    assert (person["person"]["name"], person["facts"]["hits"]) == ("Ana", 18)
    browser = signed_in(app, session, crew.ana, clock.now())
    [mine] = browser.get("/api/v1/me/signals").json["signals"]
    assert mine["sentence"] == person["sentence"]
    said = browser.put(f"/api/v1/me/signals/{hers.id}", json={"explanation": "On paper."}).json
    assert said["explanation"] == "On paper."
    refused = browser.put(f"/api/v1/me/signals/{hers.id}", json={"explanation": ""})
    assert (refused.status_code, refused.json["code"]) == (422, "explanation_missing")


FACTS = {
    "burst": [HERS | {"hits": 19}],
    "deadline": [{"hits": 9, "of": 12, "against": "others", "minutes": 6}],
    "pace": [HERS | {"hits": 17}],
    "same": [SAME, {"hits": 20, "of": 50, "against": "others", "what": "last"}],
    "regular": [SAME | {"what": "spread", "width": "1.2"}, SAME | {"what": "even"}],
    "digits": [{"hits": 30, "of": 50, "against": "others", "digits": "3 4 7"}],
    "two_pins": [{"hits": 12, "of": 13, "seconds": 20}],
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_sentence_its_honest_cause_and_what_to_do(
    app, session, crew, clock, made, kind
):
    key, place = made.versions[0].steps[0].key, crew.location.id
    for facts in FACTS[kind]:
        both = {"first": crew.ana.id, "second": crew.ben.id} if kind == "two_pins" else {}
        for more, person in (({}, None), (both, crew.ana.id)):
            found = Found(kind, place, key, person, facts | more)
            signals.keep(session, made, [found], clock.now())
            session.flush()
            rows = signals.of_process(session, made, crew.olivia)
            [shown] = signal_words.shown(
                each for each in rows if (each.facts, each.person_id) == (found.facts, person)
            )
            assert f"{facts['hits']} of {facts['of']}" in shown["sentence"]
            assert shown["cause"].startswith("An honest cause: ")
            assert "%" not in shown["sentence"]
            assert shown["to_do"]
