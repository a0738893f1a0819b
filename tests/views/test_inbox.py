"""The page of what needs an owner or manager, and the page where held work is decided."""

from datetime import time
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from tests.day import Day, photo, photo_proof
from tests.factories import Crew, crew_of_a_daycare, proof, reached_by_phone, signed_in
from tests.kiosks import paired
from webapp.models import EngineState, Location, PushSubscription
from webapp.services import engine, inbox, organisations
from webapp.views import inbox_rows

NOTE = (("Gate latch", proof("note")),)


@pytest.fixture
def as_person(app, session, clock, crew):
    """A browser of the person of that name."""

    def browser(name: str) -> FlaskClient:
        return signed_in(app, session, crew.people[name], clock.now())

    return browser


@pytest.fixture
def day(session, clock, crew: Crew) -> Day:
    """A day on which everybody can be told."""
    reached_by_phone(session, *crew.people.values())
    return Day(session, clock, crew, steps=NOTE)


def missed(day: Day) -> None:
    for minutes in (50, 20, 30):
        day.later(minutes=minutes)


@pytest.mark.parametrize("address", ["/inbox", "/held/some-command"])
def test_staff_may_not_look(as_person, day, address):
    assert as_person("ana").get(address).status_code == 403


def test_a_quiet_morning_says_that_nothing_needs_you(as_person, day):
    page = as_person("olivia").get("/inbox").text
    assert "Nothing needs you." in page
    assert "1 run today: 1 is open." in page


def test_missed_work_leads_its_holder_to_the_run_to_do_it(as_person, day):
    missed(day)
    page = as_person("olivia").get("/inbox").text
    assert "has reached you: nobody closed “Gate latch” since 07:15." in page
    assert f'href="/run/{day.step.run_id}"' in page


def test_what_is_counted_is_named_by_its_days_and_not_as_the_week_of_the_other_page(as_person, day):
    day.does("ana", proof={"kind": "note", "text": "Done."})
    day.later(hours=2)
    page = as_person("olivia").get("/inbox").text
    assert "1 of 1 runs in the last seven days needed nobody to chase." in page
    assert '<h2 id="coverage">The last seven days without you</h2>' in page
    assert "this week" not in page


def test_what_waits_since_another_day_says_which(as_person, day, clock):
    missed(day)
    assert "yesterday" not in as_person("olivia").get("/inbox").text
    clock.advance(minutes=24 * 60)
    page = as_person("olivia").get("/inbox").text
    assert '<span class="day">yesterday</span>' in page


def test_times_of_several_clocks_name_the_city_of_each(session, as_person, day):
    here, now = day.crew.location, day.clock.now()
    hours = {"time_zone": here.time_zone, "opens": time(0, 0), "closes": time(23, 59)}
    place = Location(org_id=here.org_id, name="Riverside", created_at=now, **hours)
    session.add(place)
    paired(session, day.crew, now, location=place)
    missed(day)
    page = as_person("olivia").get("/inbox").text
    assert page.count('class="t"') == 2
    assert "Chicago" not in page
    place.time_zone = "America/New_York"
    session.commit()
    page = as_person("olivia").get("/inbox").text
    assert '<span class="day">Chicago</span>' in page
    assert '<span class="day">New York</span>' in page


def test_a_new_owner_is_led_to_the_first_run(app, session, clock):
    owner = organisations.create(session, "Kiln", "Mill", "UTC", "Ora", None, None, clock.now())
    client = signed_in(app, session, owner, clock.now())
    page = client.get("/inbox").text
    assert "Two things are needed first." in page
    assert 'href="/people#invite"' in page
    assert 'href="/processes/new"' in page
    assert "A process takes two people" in client.get("/processes/new").text
    client.post("/people", data={"name": "Lin", "email": "lin@kiln.example", "role": "staff"})
    assert "One thing is needed" in client.get("/inbox").text
    assert "A process takes two people" not in client.get("/processes/new").text


def test_missed_work_leads_a_manager_to_its_trail(as_person, day):
    missed(day)
    page = as_person("maya").get("/inbox").text
    assert "has reached Olivia" in page
    assert f'href="/runs/{day.step.run_id}"' in page


def test_a_photo_to_review_leads_to_the_page_that_decides(as_person, session, clock, crew):
    day = Day(session, clock, crew)
    day.uploads(photo())
    day.does("ana", proof=photo_proof(photo()))
    page = as_person("olivia").get("/inbox").text
    assert "photo of “Front room ready” waits for you." in page
    assert f'href="/approve/{day.step.id}"' in page


def test_the_week_is_told_with_both_numbers(as_person, day):
    missed(day)
    page = as_person("olivia").get("/inbox").text
    assert "0 of 1 runs" in page


def test_a_silent_clock_is_said_at_the_top(as_person, session, clock, day):
    state = session.get(EngineState, 1)
    state.worker_seen_at = state.last_tick_at = clock.now()
    session.commit()
    assert "silent" not in as_person("olivia").get("/inbox").text
    clock.advance(minutes=3)
    assert "The clock has been silent for 3 minutes." in as_person("olivia").get("/inbox").text


@pytest.mark.parametrize("what", ["step", "run"])
def test_what_is_stuck_can_be_tried_again(as_person, session, clock, day, what):
    row = day.step if what == "step" else day.step.run
    engine.set_aside(session, type(row), row.id, "ValueError", clock.now())
    session.commit()
    browser, address = as_person("maya"), f"/inbox/try-again/{what}/{row.id}"
    page = browser.get("/inbox").text
    assert f'<form method="post" action="{address}">' in page
    answer = browser.post(address)
    assert (answer.status_code, answer.location) == (303, "/inbox")
    assert row.set_aside_at is None
    assert "Nothing needs you." in browser.get("/inbox").text


def test_held_work_is_shown_with_who_sent_it_and_why(as_person, day):
    day.does("fay", proof={"kind": "note", "text": "It catches."}, id="from-fay")
    browser = as_person("olivia")
    assert 'href="/held/from-fay"' in browser.get("/inbox").text
    page = browser.get("/held/from-fay").text
    assert "From Fay, received Monday 23 November at 06:30." in page
    assert "Fay did not hold this step at the time." in page
    assert "It catches." in page


def test_using_held_work_closes_the_step_and_leads_back(as_person, day):
    day.does("fay", proof={"kind": "note", "text": "It catches."}, id="from-fay")
    browser = as_person("olivia")
    answer = browser.post("/held/from-fay/use")
    assert (answer.status_code, answer.location) == (303, "/inbox")
    assert day.step.state == "done"
    assert "Nothing needs you." in browser.get("/inbox").text
    assert "This was decided already." in browser.get("/held/from-fay").text


def test_held_work_is_offered_for_use_only_when_its_photo_is_here(as_person, session, clock, crew):
    day = Day(session, clock, crew)
    day.does("fay", proof=photo_proof(photo()), id="words-only")
    browser = as_person("olivia")
    page = browser.get("/held/words-only").text
    assert "/held/words-only/use" not in page
    assert "The photo is on its way." in page
    day.uploads(photo())
    assert "/held/words-only/use" in browser.get("/held/words-only").text


def test_putting_held_work_aside_asks_why(as_person, day):
    day.does("fay", proof={"kind": "note", "text": "It catches."}, id="from-fay")
    browser = as_person("olivia")
    refused = browser.post("/held/from-fay/put-aside", data={"reason": " "})
    assert refused.status_code == 422
    assert "Say why, in a few words." in refused.text
    answer = browser.post("/held/from-fay/put-aside", data={"reason": "Ana does it."})
    assert (answer.status_code, day.step.state) == (303, "open")


def test_deciding_twice_is_a_conflict(as_person, day):
    day.does("fay", proof={"kind": "note", "text": "It catches."}, id="from-fay")
    browser = as_person("olivia")
    browser.post("/held/from-fay/use")
    assert browser.post("/held/from-fay/use").status_code == 409


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/held/from-fay"),
        ("POST", "/held/from-fay/use"),
        ("POST", "/held/from-fay/put-aside"),
    ],
)
def test_held_work_of_another_organisation_is_not_there(app, session, clock, day, method, address):
    day.does("fay", proof={"kind": "note", "text": "It catches."}, id="from-fay")
    stranger = crew_of_a_daycare(session, clock.now(), name="Bakery").olivia
    browser = signed_in(app, session, stranger, clock.now())
    assert browser.open(address, method=method, data={"reason": "x"}).status_code == 404


def has_no_phone(session, person):
    session.execute(delete(PushSubscription).where(PushSubscription.person_id == person.id))


def test_one_who_cannot_be_told_of_the_next_day_is_one_sentence(as_person, session, crew, day):
    has_no_phone(session, crew.ben)
    session.commit()
    page = unescape(as_person("olivia").get("/inbox").text)
    assert "No phone would tell Ben about Opening check at Downtown, due at 07:15." in page
    assert "Ben has not joined yet. Give them a new invitation link." in page
    assert f'href="/people#person-{crew.ben.id}"' in page
    assert "Nothing needs you now. 1 thing needs you before it matters." in page


def test_several_who_cannot_be_told_share_one_row_with_a_way_to_mend_each(
    as_person, session, crew, day
):
    for person in (crew.ana, crew.ben, crew.fay, crew.olivia):
        has_no_phone(session, person)
    session.commit()
    page = unescape(as_person("olivia").get("/inbox").text)
    assert "No phone would tell Ana, Ben and 2 others about Opening check at" in page
    assert page.count('">No phone would tell') == 1
    assert "<b>Fay</b> Opening check at Downtown, due at 07:15." in page
    assert page.count("Invite again") == 3
    assert 'href="#messages">Turn messages on' in page


def test_an_owner_who_cannot_be_told_reads_how_to_mend_it_here(as_person, session, crew, day):
    has_no_phone(session, crew.olivia)
    session.commit()
    page = as_person("olivia").get("/inbox").text
    assert "No phone would tell you about Opening check at Downtown, due at 07:15" in page
    assert "at the end of this page" in page


def test_a_chain_without_any_phone_is_said_once(as_person, session, crew, day):
    for person in (crew.ana, crew.ben, crew.fay, crew.olivia):
        has_no_phone(session, person)
    session.commit()
    page = as_person("olivia").get("/inbox").text
    assert page.count("Nobody in the chain of Opening check has a device that takes") == 1
    assert page.index("No phone would tell") < page.index("Nobody in the chain")
    assert "1 thing needs you before it matters." in page


def test_the_first_line_says_how_many_things_need_the_owner(as_person, day):
    day.does("fay", proof={"kind": "note", "text": "It catches."}, id="from-fay")
    assert "1 thing needs you now." in as_person("olivia").get("/inbox").text
    missed(day)
    assert "2 things need you now." in as_person("olivia").get("/inbox").text


def test_the_proofs_of_one_run_share_a_row(as_person, session, clock, crew):
    reached_by_phone(session, *crew.people.values())
    steps = (("Front room", proof("photo")), ("Back room", proof("photo")))
    day = Day(session, clock, crew, steps=steps)
    day.uploads(photo())
    for step in list(day.step.run.step_runs):
        day.does("ana", step=step, proof=photo_proof(photo()))
    page = as_person("olivia").get("/inbox").text
    assert "2 proofs of Opening check at Downtown wait for you." in page
    assert "1 thing needs you now." in page
    assert "photo of “Back room” waits for you." in page


def test_those_who_could_not_be_told_of_one_run_share_a_row(app, session, clock, crew):
    at = clock.now()
    run = Day(session, clock, crew, steps=NOTE).step.run
    items = [
        inbox.Item(
            "untold", run.id, at, "UTC", f"{name} could not be told.", "Why.", run=run, who=name
        )
        for name in ("Ana", "Ben")
    ]
    with app.test_request_context():
        (row,) = inbox_rows.grouped(items, at)
    assert row["sentence"] == (
        "2 people could not be told what is theirs of Opening check at Downtown."
    )
    assert [part["sentence"] for part in row["parts"]] == [item.sentence for item in items]
    assert row["parts"][0]["url"] == "/people#person-Ana"
