"""First contact, and what a monitor asks."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from tests.factories import process, signed_in
from webapp.extensions import db, limiter
from webapp.models import EngineState, Event, Organisation, OutboxMessage, Person
from webapp.services import demo, health, organisations
from webapp.views.zones import zone_choices

SENTENCE = "Every weekday before 9 Maria follows up with new leads; sometimes James covers"
START = {
    "organisation": "Little Oaks",
    "location": "Downtown",
    "time_zone": "America/Chicago",
    "name": "Mara",
    "email": "mara@example.org",
    "password": "four plain words here",
}


def drafted(client, given, headers=None):
    """The page of the drafts, at its own address."""
    return client.post("/draft", data=given, headers=headers, follow_redirects=True)


def test_an_empty_installation_explains_itself_on_one_screen(client):
    page = client.get("/")
    assert page.status_code == 200
    for words in ("Type one recurring task", "Create an organisation", "Open the demo daycare"):
        assert words in page.text
    assert "Sign in" not in page.text


def test_where_people_work_already_the_first_page_leads_to_signing_in(client, crew):
    assert 'href="/sign-in"' in client.get("/").text


@pytest.mark.parametrize(
    ("who", "home"), [("ana", "/today"), ("maya", "/inbox"), ("olivia", "/inbox")]
)
def test_somebody_signed_in_goes_straight_to_their_day(app, session, crew, clock, who, home):
    client = signed_in(app, session, getattr(crew, who), clock.now())
    assert client.get("/").location == home


def test_a_typed_task_becomes_a_draft_and_nothing_is_kept(client, session):
    page = drafted(client, {"sentence": SENTENCE})
    assert page.status_code == 200
    for words in ("Maria", "James", "09:00", "Make this a process"):
        assert words in page.text
    for table in db.metadata.sorted_tables:
        assert session.scalar(select(func.count()).select_from(table)) == 0


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", None), ("de", "auf Englisch"), ("es", "en inglés"), ("ar", "اكتب بالإنجليزية")],
)
def test_who_reads_another_language_is_told_that_english_is_read_here(client, language, said):
    page = client.get("/", headers={"Accept-Language": language}).text
    assert ('<p class="notice">' in page) == (said is not None)
    assert said is None or said in page.partition('<p class="notice">')[2].partition("</p>")[0]


def test_a_draft_is_said_in_the_language_of_who_typed_it(client):
    sentence = "Check the fridge is below 41.5 °F biweekly\nbins out tuesday night Sam"
    page = drafted(client, {"sentence": sentence}, {"Accept-Language": "de"}).text
    assert "Ist „biweekly“ alle 2 Wochen oder zweimal in der Woche?" in page
    assert "Alle 2 Wochen</option>" in page
    assert "Zweimal in der Woche</option>" in page
    assert "höchstens 41,5 °F" in page
    assert "Nicht sicher nach „biweekly“." in page
    assert "Is “" not in page


@pytest.mark.parametrize("sentence", ["", "   ", "x" * 2001, "…?!"])
def test_a_sentence_that_is_none_is_asked_for_again(client, sentence):
    page = drafted(client, {"sentence": sentence})
    assert page.status_code == 422
    assert 'id="sentence-error"' in page.text


def test_what_a_visitor_types_is_shown_as_text(client):
    page = drafted(client, {"sentence": "<script>alert(1)</script> every day"})
    assert "<script>alert" not in page.text


def test_nothing_typed_gives_no_draft_and_says_what_to_write(client):
    page = drafted(client, {"sentence": " "})
    assert page.status_code == 422
    assert "There is no draft yet." in page.text
    assert "Write what has to be done, how often and by whom." in page.text


def test_drafts_are_limited(client):
    limiter.enabled = True
    limiter.reset()
    codes = [client.post("/draft", data={"sentence": SENTENCE}).status_code for _ in range(31)]
    assert codes == [303] * 30 + [429]


def test_an_organisation_begins_with_its_owner_signed_in(client, session):
    answer = client.post("/start", data=START)
    assert (answer.status_code, answer.location) == (303, "/inbox")
    assert client.get("/").location == "/inbox"
    owner = session.scalars(select(Person)).one()
    assert (owner.name, owner.role, owner.organisation.name) == ("Mara", "owner", "Little Oaks")


def test_a_kept_sentence_leads_to_the_first_process(client):
    form = client.post("/start", data={"sentence": SENTENCE})
    assert form.status_code == 200
    assert "Your task is kept" in form.text
    answer = client.post("/start", data=START | {"sentence": "Lin checks the till & safe"})
    assert answer.location == "/processes/new?sentence=Lin+checks+the+till+%26+safe"


def test_who_has_an_organisation_already_goes_straight_to_the_process(app, session, crew, clock):
    client = signed_in(app, session, crew.olivia, clock.now())
    answer = client.post("/start", data={"sentence": "Lin checks the till"})
    assert answer.location == "/processes/new?sentence=Lin+checks+the+till"


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"organisation": ""}, 422, "organisation"),
        ({"location": ""}, 422, "location"),
        ({"time_zone": ""}, 422, "time_zone"),
        ({"time_zone": "Mars/Olympus"}, 422, "time_zone"),
        ({"name": ""}, 422, "name"),
        ({"email": ""}, 422, "email"),
        ({"email": "mara"}, 422, "email"),
        ({"password": "short"}, 422, "password"),
    ],
)
def test_a_wrong_beginning_keeps_what_was_typed_but_the_password(
    client, session, wrong, status, field
):
    page = client.post("/start", data=START | {"sentence": SENTENCE} | wrong)
    assert page.status_code == status
    assert f'id="{field}-error"' in page.text
    assert "Maria follows up" in page.text
    assert START["password"] not in page.text
    assert not organisations.any_exist(session)


def test_all_that_is_missing_is_named_at_once(client):
    page = client.post("/start", data=dict.fromkeys(START, ""))
    assert page.status_code == 422
    assert [field for field in START if f'id="{field}-error"' not in page.text] == []


def test_an_address_that_signs_in_elsewhere_is_refused(client, session, crew):
    page = client.post("/start", data=START | {"email": "Ana@sunflower.example"})
    assert (page.status_code, 'id="email-error"' in page.text) == (409, True)
    assert session.scalar(select(func.count()).select_from(Organisation)) == 1


def test_the_demo_opens_with_its_owner_signed_in(client, session, monkeypatch, clock):
    def small(session, now, _blobs):
        owner = organisations.create(session, "Demo", "Main", "UTC", "Dora", None, None, now)
        owner.organisation.is_demo = True
        return owner

    monkeypatch.setattr(demo, "open_demo", small)
    assert client.post("/demo").location == "/inbox"
    assert "Dora" in client.get("/password").text


def test_the_zones_of_a_form_are_places_that_exist():
    names = [name for name, _ in zone_choices()]
    assert {"America/Chicago", "Europe/Berlin", "UTC"} < set(names)
    assert not [name for name in names if name.startswith(("Etc/", "posix/", "right/"))]
    assert dict(zone_choices())["America/Argentina/Buenos_Aires"] == (
        "Buenos Aires (America, Argentina)"
    )


def alive(session, clock) -> None:
    now = clock.now()
    session.add(EngineState(id=1, last_tick_at=now, worker_seen_at=now, last_audit_at=now))
    session.commit()


def test_the_process_is_up_without_asking_the_database(client, monkeypatch):
    monkeypatch.setattr(db.session, "execute", lambda *_: pytest.fail("asked"))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


def test_all_is_well_while_clock_and_worker_are_alive(client, session, clock):
    alive(session, clock)
    clock.advance(seconds=60)
    assert client.get("/healthz/deep").json == {"ok": True, "reasons": []}


def test_an_engine_that_never_ran_is_not_well(client):
    answer = client.get("/healthz/deep")
    assert answer.status_code == 503
    assert answer.json == {
        "ok": False,
        "reasons": [
            "The clock has not run yet.",
            "The worker has not run yet.",
            "The auditor has not run yet.",
        ],
    }


def test_a_silent_clock_and_worker_are_named(client, session, clock):
    alive(session, clock)
    clock.advance(seconds=61)
    session.get(EngineState, 1).worker_seen_at = clock.now() - timedelta(minutes=3)
    session.commit()
    assert client.get("/healthz/deep").json["reasons"] == [
        "The clock has been silent for 1 minute.",
        "The worker has been silent for 3 minutes.",
        "The auditor has been silent for 1 minute.",
    ]


def test_work_that_nobody_handled_in_time_is_counted(app, session, crew, clock):
    process(session, crew, clock.now())
    clock.advance(hours=2)
    session.add(
        OutboxMessage(
            org_id=crew.org_id,
            person_id=crew.ana.id,
            dedupe_key="one",
            kind="test",
            facts={},
            created_at=clock.now(),
            expires_at=clock.now() + timedelta(days=1),
            next_attempt_at=clock.now() - timedelta(seconds=61),
        )
    )
    alive(session, clock)
    assert health.reasons(session, clock.now()) == [
        "1 run to open is overdue by more than a minute.",
        "1 message is overdue by more than a minute.",
    ]
    numbers = health.gauges(session, clock.now())
    assert (numbers["outbox_due"], numbers["tick_age_seconds"]) == (1, 0)


def test_an_unreachable_database_is_a_reason_not_a_crash(client, monkeypatch):
    def gone(*_):
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(health, "reasons", gone)
    answer = client.get("/healthz/deep")
    assert answer.status_code == 503
    assert answer.json["reasons"] == ["The database cannot be reached."]


def test_the_metrics_are_numbers_in_prometheus_text(client, session, clock, crew):
    alive(session, clock)
    answer = client.get("/metrics")
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert "baton_step_runs_open 0" in lines
    assert "# TYPE baton_outbox_due gauge" in lines
    assert "baton_tick_age_seconds 0" in lines
    assert "Ana" not in answer.text


def test_asking_writes_nothing_into_the_record(client, session, crew):
    before = session.scalar(select(func.count()).select_from(Event))
    for path in ("/", "/start", "/sign-in", "/join", "/healthz", "/healthz/deep", "/metrics"):
        client.get(path)
    assert session.scalar(select(func.count()).select_from(Event)) == before


PARAGRAPH = (
    "Every morning by 7:15 Ana opens the shop and counts the till, Ben covers if she is out. "
    "Every second Friday the manager does the safety walk before 6.\n"
    "And next spring we want to remodel the kitchen."
)


def test_the_words_that_a_draft_uses_are_marked(client):
    page = drafted(client, {"sentence": SENTENCE}).text
    assert '<mark title="how often">Every weekday</mark>' in page
    assert '<mark title="due">before 9</mark>' in page
    assert '<mark title="backup">sometimes James covers</mark>' in page


def test_a_paragraph_gives_several_drafts_and_says_what_happens_once(client):
    page = drafted(client, {"sentence": PARAGRAPH}).text
    assert page.count('<article class="card draft">') == 2
    assert "happens once" in page
    assert "Your project tool is the right place" in page


def test_a_question_is_a_field_and_its_answer_goes_into_the_draft(client):
    page = drafted(client, {"sentence": PARAGRAPH}).text
    assert "Is “before 6” 06:00 or 18:00?" in page
    given = {
        "sentence": PARAGRAPH,
        "start": str(PARAGRAPH.index("Every second")),
        "end": str(PARAGRAPH.index("\n")),
        "answer cadence": "every 2 weeks on Friday",
        "answer deadline": "18:00",
        "answer responsible": "Ned",
        "answer backup": "Kim",
        "answer starts": "",
    }
    page = drafted(client, given).text
    assert "Every 2 weeks on Friday" in page
    assert "<dd>18:00</dd>" in page
    assert "<dd>Ned</dd>" in page
    assert "<dd>Kim</dd>" in page
    assert "Is “before 6” 06:00 or 18:00?" not in page
    assert "On which date is it due first?" in page


def test_what_was_answered_goes_along_to_the_process(client):
    given = {"sentence": PARAGRAPH, "start": "0", "end": "88", "answer fallback": "Fay"}
    page = client.post("/start", data=given).text
    assert "Final fallback: Fay" in page
    assert "safety walk" not in page


@pytest.mark.parametrize("place", ["-1", "x", "99999", "٣", ""])
def test_a_place_outside_of_the_text_is_no_fault(client, place):
    given = {"sentence": SENTENCE, "start": place, "end": place, "answer backup": "Kim\r\nDue: 3"}
    assert drafted(client, given).status_code == 200


def test_a_question_about_what_was_heard_is_settled_by_a_yes(client):
    sentence = "Every Monday except in July Ana checks the pump at 9, backup Ben"
    question = "Is July left out every year?"
    assert question in drafted(client, {"sentence": sentence}).text
    given = {"sentence": sentence, "end": str(len(sentence)), "answer exception": "yes"}
    assert question not in drafted(client, given).text


def test_a_long_text_still_fits_into_the_address_of_the_form(client):
    answer = client.post("/start", data=START | {"sentence": "é" * 1999})
    assert answer.status_code == 303
    assert 1000 < len(answer.location) < 4000


def test_the_drafts_have_an_address_to_come_back_to_that_shows_no_words(client):
    answer = client.post("/draft", data={"sentence": SENTENCE})
    assert answer.status_code == 303
    assert answer.location.endswith("#draft")
    assert "Maria" not in answer.location
    for _again in range(2):
        assert '<mark title="due">before 9</mark>' in client.get(answer.location).text


def test_a_text_that_does_not_fit_into_an_address_is_answered_at_once(client):
    many = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(1900))
    page = client.post("/draft", data={"sentence": f"Ana checks the till every day {many}"})
    assert page.status_code == 200
    assert '<article class="card draft">' in page.text
    page = client.post("/draft", data={"sentence": "Ana checks the till. " * 9000})
    assert page.status_code == 422
    assert "Describe the work in at most 2000 characters." in page.text


@pytest.mark.parametrize("words", ["", "?words=", "?words=x", "?words=%00", "?words=" + "A" * 3900])
def test_an_address_that_holds_no_words_leads_to_the_first_page(client, words):
    answer = client.get(f"/draft{words}")
    assert (answer.status_code, answer.location) == (302, "/")


def test_a_step_that_opens_later_says_when_and_asks_by_when_it_is_due(client):
    sentence = "Every Friday at 9 Ana soaks the beans. Two hours later she boils the beans"
    page = drafted(client, {"sentence": sentence}).text
    assert "Opens 2 hours after the step before it." in page
    assert '<option value="30 minutes">30 minutes</option>' in page
    given = {"sentence": sentence, "end": str(len(sentence)), "answer window 2": "30 minutes"}
    page = drafted(client, given).text
    assert "Opens 2 hours after the step before it, due 30 minutes after that." in page


TWO_IN_ONE = "Every weekday Maria checks the fridge and the grill on Fridays, sometimes Lee covers"


def test_what_may_be_two_processes_is_asked_and_becomes_two_drafts(client):
    page = drafted(client, {"sentence": TWO_IN_ONE}).text
    assert "“Maria checks the grill on Fridays, sometimes Lee covers.” may be a process" in page
    assert page.count('<article class="card draft">') == 1
    given = {"sentence": TWO_IN_ONE, "start": "0", "end": str(len(TWO_IN_ONE))}
    page = drafted(client, given | {"answer second": "two processes", "answer deadline": "9:00"})
    assert page.text.count('<article class="card draft">') == 2
    assert "may be a process of its own" not in page.text
    for words in ("Every weekday", "Every Friday", "Check the fridge", "Check the grill"):
        assert words in page.text
    assert page.text.count("<dd>Maria</dd>") == 2


def test_what_is_one_process_by_an_answer_stays_one(client):
    given = {"sentence": TWO_IN_ONE, "start": "0", "end": str(len(TWO_IN_ONE))}
    page = drafted(client, given | {"answer second": "one process"}).text
    assert page.count('<article class="card draft">') == 1
    assert "may be a process of its own" not in page


def test_whom_the_words_before_name_goes_along_with_a_draft(client):
    sentence = "Every weekday Maria checks the fridge. On Fridays she also cleans the grill."
    page = drafted(client, {"sentence": sentence}).text
    assert '<input type="hidden" name="answer responsible" value="Maria">' in page
    start = sentence.index("On Fridays")
    given = {"sentence": sentence, "start": str(start), "end": str(len(sentence))}
    page = client.post("/start", data=given | {"answer responsible": "Maria"}).text
    assert "Responsible: Maria" in page


def test_the_work_and_the_days_go_along_with_each_of_two_people(client):
    sentence = "Every day by 7 Ana opens the shop. On Mondays Ben does it."
    page = drafted(client, {"sentence": sentence}).text
    assert page.count('<article class="card draft">') == 2
    hidden = dict(re.findall(r'<input type="hidden" name="(answer \w+)" value="(.*?)">', page))
    assert hidden.pop("answer cadence").startswith("every Tuesday")  # of the first
    start = sentence.index("On Mondays")
    given = {"sentence": sentence, "start": str(start), "end": str(len(sentence))}
    alone = drafted(client, {"sentence": sentence[start:]}).text
    assert "Open the shop" not in alone
    page = client.post("/start", data=given | hidden).text
    for line in ("Name: Open the shop (Monday)", "Work: Open the shop", "Due: 07:00"):
        assert line in page
