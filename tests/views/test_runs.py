"""The trail of a run reads as sentences in the order of time."""

import hashlib
import re
from html import unescape

import pytest
from sqlalchemy import select

from tests.day import Day, photo, photo_proof
from tests.factories import crew_of_a_daycare, proof, signed_in
from webapp.models import OutboxMessage, Run
from webapp.services import locations, receipts, reviews

NOTE = (("Gate latch", proof("note")),)


@pytest.fixture
def trail(app, session, clock, crew):
    """The page of the day's run as the owner reads it: its words alone."""

    def read(day: Day) -> str:
        browser = signed_in(app, session, crew.olivia, clock.now())
        page = browser.get(f"/runs/{day.step.run_id}")
        assert page.status_code == 200
        words = unescape(re.sub(r"<[^>]+>", " ", page.text))
        return re.sub(r"\s+", " ", words)

    return read


@pytest.fixture
def day(session, clock, crew) -> Day:
    return Day(session, clock, crew, steps=NOTE)


def test_a_missed_step_tells_who_had_it_and_why_it_moved(day, trail):
    day.later(minutes=50)
    words = trail(day)
    assert "Monday 23 November, due at 07:15. 1 of 1 steps is not closed yet." in words
    assert "06:30 Opened, with Ana." in words
    assert "07:20 Handed to Ben, because Ana did not get to it." in words
    assert "Ben holds it. Fay at 07:40." in words


def test_somebody_who_cannot_do_it_is_quoted(day, trail):
    day.does("ana", kind="cannot_do", reason="The latch is broken.")
    assert "Handed to Ben, because Ana could not do it: “The latch is broken.”" in trail(day)


def test_a_backup_who_left_was_passed_over(day, trail, crew, session, clock):
    crew.ben.deactivated_at = clock.now()
    session.commit()
    day.later(minutes=50)
    assert "Passed over Ben, who no longer works here." in trail(day)


def test_a_photo_sent_back_and_given_anew_is_told_in_order(session, clock, crew, trail):
    day = Day(session, clock, crew)
    day.uploads(photo("black"))
    day.does("ana", proof=photo_proof(photo("black")))
    seen = day.step.proof.evidence_sha256
    reviews.send_back(session, crew.olivia, day.step, seen, "too dark", clock.advance(minutes=5))
    session.commit()
    clock.advance(minutes=5)
    day.uploads(photo("white"))
    day.does("ana", proof=photo_proof(photo("white")))
    words = trail(day)
    told = ["Ana sent a photo.", "Olivia sent it back: “too dark”", "06:40 Ana sent a photo."]
    places = [words.index(sentence) for sentence in told]
    assert places == sorted(places)
    assert "Ana, 06:30, sent back" in words
    assert "Done by Ana. It waits for a review." in words


def test_photos_are_shown_from_their_own_address(app, session, clock, crew):
    day = Day(session, clock, crew)
    blob = day.uploads(photo())
    day.does("ana", proof=photo_proof(photo()))
    page = signed_in(app, session, crew.olivia, clock.now()).get(f"/runs/{day.step.run_id}").text
    assert f'src="/api/v1/blobs/{blob.sha256}?size=thumb"' in page
    assert 'alt="Photo of Front room ready, Ana, 06:30"' in page


def test_the_picture_of_how_it_should_look_is_called_so_beside_it(session, clock, crew, trail):
    day = Day(session, clock, crew)
    step, blob = day.step, day.uploads(photo())
    step.picture_sha256, step.picture_alt = blob.sha256, "A tidy room"
    session.commit()
    day.does("ana", proof=photo_proof(photo()))
    assert "Ana, 06:30, the picture of how it should look" in trail(day)


def test_work_brought_late_shows_its_times_and_takes_the_miss_back(day, trail, clock):
    captured_at = clock.now()
    day.later(minutes=52)
    day.does("ana", captured_at=captured_at, proof={"kind": "note", "text": "Fine."})
    words = trail(day)
    assert "Ana wrote a note (06:30 by the phone, received 07:22)." in words
    assert "Ben need not do it: it was done in time." in words
    assert "Ana closed it." in words
    assert "It was missed." not in words


FILE = b"%PDF-1.4 the list of the day"
IN_THE_DARK = {
    "timed": (
        {
            "kind": "timed",
            "started_at": "2026-11-23T12:28:00+00:00",
            "ended_at": "2026-11-23T12:30:00+00:00",
        },
        "Ana made the check",
    ),
    "file": (
        {
            "kind": "file",
            "sha256": hashlib.sha256(FILE).hexdigest(),
            "bytes": len(FILE),
            "media_type": "application/pdf",
            "name": "list.pdf",
        },
        "Ana sent a file",
    ),
    "number": ({"kind": "number", "value": "38.5"}, "Ana wrote the reading"),
    "note": (None, "Ana marked it as not applicable"),
}


@pytest.mark.parametrize("kind", IN_THE_DARK)
def test_work_of_each_kind_says_when_it_was_done_and_when_it_came(
    app, session, clock, crew, trail, kind
):
    given, words = IN_THE_DARK[kind]
    day = Day(session, clock, crew, steps=(("Gate latch", proof(kind)),))
    day.step.may_skip = True
    done_at = clock.now()
    day.later(minutes=5)
    if given is None:
        day.does("ana", "not_applicable", captured_at=done_at, reason="It is closed.")
    else:
        day.does("ana", captured_at=done_at, proof=given)
    if kind == "file":
        day.uploads(FILE)
    assert f"{words} (06:30 by the phone, received 06:35)." in trail(day)
    runs = signed_in(app, session, crew.ana, clock.now()).get("/api/v1/today").json["runs"]
    closed = runs[0]["steps"][0]["closed"]
    assert (closed["captured_at"], closed["at"]) == ("2026-11-23T12:30:00Z", "2026-11-23T12:35:00Z")


def test_what_was_marked_before_its_time_was_kept_shows_when_it_came(app, session, clock, crew):
    day = Day(session, clock, crew, steps=NOTE)
    step, came = day.step, clock.now()
    step.state, step.skip_reason, step.closed_at = "skipped", "It is closed.", came
    step.closed_by, step.escalate_at = crew.ana, None
    session.commit()
    runs = signed_in(app, session, crew.ana, clock.now()).get("/api/v1/today").json["runs"]
    closed = runs[0]["steps"][0]["closed"]
    assert closed["captured_at"] == closed["at"] == "2026-11-23T12:30:00Z"


def test_a_note_and_a_fix_note_are_quoted(day, trail):
    day.later(minutes=50)
    day.later(minutes=5)
    day.does("ben", proof={"kind": "note", "text": "It catches."})
    day.does("ben", kind="fix_note", text="Oiled the latch.")
    words = trail(day)
    assert "It was missed. Done by Ben." in words
    assert "It catches. Ben, 07:25" in words
    assert "Ben noted: “Oiled the latch.”" in words
    assert "Closed at 07:25." in words


def test_the_next_run_says_that_the_fix_did_not_hold(app, session, clock, crew, day):
    day.later(minutes=50)
    day.later(minutes=5)
    day.does("ben", proof={"kind": "note", "text": "It catches."})
    day.does("ben", kind="fix_note", text="Oiled the latch.")
    day.later(hours=23, minutes=10)
    day.later(minutes=46)
    tomorrow = session.scalars(select(Run).where(Run.state == "open")).one()
    browser = signed_in(app, session, crew.olivia, clock.now())
    page = browser.get(f"/runs/{tomorrow.id}").text
    assert "This fix did not hold." in page
    assert "Oiled the latch." in page


def test_a_run_that_has_not_opened_says_when_it_will(app, session, clock, crew, day):
    browser = signed_in(app, session, crew.olivia, clock.now())
    planned = select(Run.id).where(Run.state == "planned").order_by(Run.deadline_at).limit(1)
    page = browser.get(f"/runs/{session.scalar(planned)}").text
    assert "It opens Tuesday 24 November at 06:30." in page


def test_days_are_named_where_the_trail_crosses_midnight(session, clock, crew, trail):
    day = Day(session, clock, crew, steps=NOTE, grace=24 * 60)
    day.later(hours=25)
    assert "Tuesday 24 November. Handed to Ben" in trail(day)


def test_only_those_who_may_see_the_run_find_it(app, session, clock, crew, day):
    address = f"/runs/{day.step.run_id}"
    stranger = crew_of_a_daycare(session, clock.now(), name="Bakery").olivia
    place = locations.Place("Riverside", "America/New_York")
    crew.maya.locations = [locations.add(session, crew.org_id, place, clock.now())]
    session.commit()
    found = {
        person.name + person.organisation.name: signed_in(app, session, person, clock.now())
        .get(address)
        .status_code
        for person in (crew.olivia, crew.maya, crew.ana, stranger)
    }
    assert found == {
        "OliviaSunflower": 200,
        "MayaSunflower": 404,
        "AnaSunflower": 403,
        "OliviaBakery": 404,
    }


def told(day: Day) -> OutboxMessage:
    return day.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()


def settled(day: Day, outcome: str) -> OutboxMessage:
    message = told(day)
    message.outcome, message.settled_at = outcome, day.clock.now()
    message.next_attempt_at = None
    day.session.commit()
    return message


def test_a_handoff_says_how_far_its_message_came(day, trail, crew, clock, session):
    day.later(minutes=50)
    assert "Not sent yet It waits to be sent." in trail(day)
    message = settled(day, "accepted")
    assert "Sent Told Ben 07:20: accepted 07:20. No device has said yet that it came." in trail(day)
    receipts.acknowledge(session, crew.ben, message.id, "phone", "reached", clock.now())
    session.commit()
    assert "Reached Told Ben 07:20: accepted 07:20, reached a device 07:20." in trail(day)
    receipts.opened_page(session, crew.ben, [day.step.id], "phone", clock.advance(minutes=2))
    session.commit()
    assert ", reached a device 07:20, opened 07:22." in trail(day)
    day.does("ben", proof={"kind": "note", "text": "Done."})
    assert "Acted on Told Ben 07:20" in trail(day)


def test_work_over_the_api_is_told_as_such_and_reaches_no_device(day, trail, crew, session, clock):
    day.later(minutes=50)
    receipts.acted(session, crew.ben, day.step, None, clock.advance(minutes=1))
    session.commit()
    words = trail(day)
    assert "Acted on Told Ben 07:20: acted over the API 07:21." in words
    assert "reached a device" not in words


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("no_device", "Not told No device of Ben's took it."),
        ("refused", "Not told The push service did not take it for Ben."),
        ("expired", "Not told It could not be sent in time."),
        ("not_needed", "Not needed It was settled before it was sent."),
    ],
)
def test_a_handoff_that_told_nobody_says_so(day, trail, outcome, words):
    day.later(minutes=50)
    settled(day, outcome)
    assert words in trail(day)


def test_who_was_told_by_e_mail_is_shown_as_such(day, trail, session, crew):
    day.later(minutes=50)
    push = settled(day, "no_device")
    mail = OutboxMessage(
        org_id=push.org_id,
        person_id=push.person_id,
        dedupe_key=f"email:{push.id}",
        kind="handoff",
        channel="email",
        behind_id=push.id,
        facts=push.facts,
        created_at=push.created_at,
        expires_at=push.expires_at,
        next_attempt_at=None,
        outcome="accepted",
        settled_at=push.created_at,
    )
    session.add(mail)
    session.commit()
    assert "Sent Told Ben by e-mail 07:20: accepted 07:20." in trail(day)


def test_who_was_passed_over_was_told_nothing(day, trail, crew, session, clock):
    crew.ben.deactivated_at = clock.now()
    session.commit()
    day.later(minutes=50)
    before, _, after = trail(day).partition("Handed to Fay")
    assert "Not sent yet" in after
    assert "Not sent yet" not in before
