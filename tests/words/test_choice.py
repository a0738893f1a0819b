"""In which language somebody is answered, and how it is chosen."""

import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.factories import signed_in
from webapp import words

SPANISH = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}


def lang_of(page):
    return page.text.partition('<html lang="')[2][:2]


def test_a_page_is_in_the_language_that_the_browser_asks_for(client):
    assert lang_of(client.get("/sign-in", headers=SPANISH)) == "es"


def test_a_language_that_baton_does_not_speak_is_english(client):
    assert lang_of(client.get("/sign-in", headers={"Accept-Language": "tlh"})) == "en"


def test_a_choice_in_this_browser_goes_before_what_the_browser_asks_for(client):
    answer = client.post("/language", data={"language": "ar", "back": "/sign-in"})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    page = client.get("/sign-in", headers=SPANISH)
    assert '<html lang="ar" dir="rtl"' in page.text


def test_what_a_person_chose_goes_with_them_to_another_browser(app, session, crew, clock):
    client = signed_in(app, session, crew.maya, clock.now())
    client.post("/language", data={"language": "fr"})
    elsewhere = signed_in(app, session, crew.maya, clock.now())
    assert crew.maya.language == "fr"
    assert lang_of(elsewhere.get("/me", headers=SPANISH)) == "fr"


def test_who_chose_nothing_reads_the_language_of_the_organisation(app, session, crew, clock):
    crew.organisation.language = "de"
    session.commit()
    assert lang_of(signed_in(app, session, crew.maya, clock.now()).get("/me")) == "de"


def test_an_organisation_speaks_the_language_of_the_browser_that_began_it(client, session):
    form = {
        "organisation": "Kita Sonne",
        "location": "Mitte",
        "time_zone": "Europe/Berlin",
        "name": "Olga",
        "email": "olga@example.org",
        "password": "vier Wörter sind gut",
    }
    client.post("/start", data=form, headers={"Accept-Language": "de"})
    found = session.execute(text("SELECT language FROM organisation")).scalars().all()
    assert found == ["de"]


def test_an_unknown_language_is_refused_and_nothing_changes(app, session, crew, clock):
    answer = signed_in(app, session, crew.ana, clock.now()).post(
        "/language", data={"language": "tlh"}
    )
    assert answer.status_code == 422
    assert crew.ana.language is None


@pytest.mark.parametrize("table", ["person", "organisation"])
def test_the_database_refuses_a_language_that_does_not_exist(session, crew, table):
    with pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE {table} SET language = 'tlh'"))


def test_the_way_back_stays_on_this_site(client):
    answer = client.post("/language", data={"language": "es", "back": "//elsewhere.example"})
    assert answer.location == "/"


def test_a_shell_is_the_same_for_everybody(client):
    assert client.get("/today", headers=SPANISH).text == client.get("/today").text


@pytest.mark.parametrize("address", ["/today", "/device", "/kiosk"])
def test_a_shell_says_in_every_language_that_it_needs_scripts(client, address):
    said = client.get(address).text.partition("<noscript>")[2].partition("</noscript>")[0]
    assert said.count("JavaScript") == 6
    assert '<p class="notice need" lang="ar" dir="rtl">' in said


def test_no_language_is_left_behind_for_the_next_request(client):
    client.get("/sign-in", headers=SPANISH)
    assert words.language() == "en"


@pytest.mark.parametrize("language", ["es", "fr", "de", "pt", "ar"])
def test_the_words_for_the_browser_are_kept_with_its_other_files(client, language):
    address = f"/static/words/{language}.json"
    assert isinstance(json.loads(client.get(address).text), dict)
    assert address in client.get("/sw/precache.js").text


def test_english_needs_no_words_for_the_browser(client):
    assert client.get("/static/words/en.json").status_code == 404


def test_the_phone_keeps_its_persons_language(app, session, crew, clock):
    client = signed_in(app, session, crew.ana, clock.now())
    answer = client.patch(
        f"/api/v1/people/{crew.ana.id}", json={"language": "pt"}, headers={"Baton-Client": "1"}
    )
    assert (answer.status_code, answer.json["language"]) == (200, "pt")
    assert client.get("/api/v1/today").json["person"]["language"] == "pt"


def test_nobody_chooses_for_somebody_else(app, session, crew, clock):
    answer = signed_in(app, session, crew.olivia, clock.now()).patch(
        f"/api/v1/people/{crew.ana.id}", json={"language": "pt"}, headers={"Baton-Client": "1"}
    )
    assert answer.status_code == 403
