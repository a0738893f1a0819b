"""What an e-mail says, whom it is for, and that nothing typed by people changes its headers."""

import email
import email.policy
from datetime import UTC, datetime

import pytest

from webapp.mail_server import MailServer
from worker.mail import AddressError, Reader, bundle_of, deliverable, write
from worker.message import Note

NOW = datetime(2026, 11, 23, 13, 20, tzinfo=UTC)
SERVER = MailServer("mail.example.org", 587, "baton@example.org")
URL = "https://baton.example.org"
BEN = Reader("Ben", "ben@sunflower.example", "Sunflower")
ABOUT = {
    "process": "Opening check",
    "location": "Downtown",
    "time_zone": "America/Chicago",
    "deadline_at": "2026-11-23T13:15:00+00:00",
    "step": "Front room ready",
}
HANDOFF = ABOUT | {"from": "Ana", "reason": "missed", "words": None, "last_resort": False}
REVIEW = ABOUT | {"by": "Ana", "seen": "ab" * 32, "photo": None, "notes": []}
SENT_BACK = ABOUT | {"by": "Olivia", "reason": "Too dark."}


def note(number: int, kind: str = "handoff", run: str = "RUN1", facts=None, **more) -> Note:
    said = (facts or HANDOFF) | more
    return Note(f"ROW{number}", kind, run, f"STEP{number}", said)


def read(*notes: Note, reader: Reader = BEN, server: MailServer = SERVER):
    """As the reader's mail program sees it."""
    source = write(list(notes), reader, server, URL, NOW).as_bytes()
    assert source.isascii()
    return email.message_from_bytes(source, policy=email.policy.default)


def test_a_handoff_says_what_is_whose_and_where_to_do_it():
    letter = read(note(1))
    assert letter["Subject"] == "Now yours: Front room ready"
    assert letter["To"] == "Ben <ben@sunflower.example>"
    assert letter["From"] == "Baton <baton@example.org>"
    text = letter.get_content()
    assert "Opening check, Downtown, due 07:15. Ana did not get to it." in text
    assert "Due: Monday, 23 November 2026, 07:15 (America/Chicago)" in text
    assert f"{URL}/run/RUN1#STEP1" in text
    assert "Baton wrote this for Sunflower" in text


def test_a_review_opens_the_page_that_decides_it():
    letter = read(note(1, "review", facts=REVIEW))
    assert letter["Subject"] == "To review: Front room ready"
    assert f"Approve it or send it back: {URL}/approve/STEP1" in letter.get_content()


def test_what_was_sent_back_says_why():
    letter = read(note(1, "sent_back", facts=SENT_BACK))
    assert "Olivia: Too dark." in letter.get_content()
    assert f"Do it again: {URL}/run/RUN1#STEP1" in letter.get_content()


KINDS = [
    ("reminder", ABOUT | {"steps": ["Front room ready"]}),
    ("not_needed", ABOUT | {"by": "Ana"}),
    ("handed_back", ABOUT | {"by": "Ana"}),
    ("test", {"by": "Olivia"}),
]


@pytest.mark.parametrize(("kind", "facts"), KINDS)
def test_every_other_message_can_be_an_email_too(kind, facts):
    letter = read(Note("ROW1", kind, "RUN1", "STEP1", facts))
    assert letter["Subject"]
    assert URL in letter.get_content()


def test_eight_steps_of_a_run_are_one_email_that_names_them():
    notes = [note(number, step=f"Step {number}") for number in range(1, 9)]
    letter = read(*notes)
    assert letter["Subject"] == "8 steps of Opening check are now yours"
    assert [f"- Step {number}" in letter.get_content() for number in range(1, 9)] == [True] * 8


def test_handoffs_of_two_runs_are_one_email_too():
    notes = [note(1), note(2, run="RUN2", process="Closing check")]
    assert len({bundle_of(each) for each in notes}) == 1
    letter = read(*notes)
    assert letter["Subject"] == "2 steps are now yours"
    text = letter.get_content()
    assert f"{URL}/run/RUN1#STEP1" in text
    assert f"{URL}/run/RUN2#STEP2" in text


def test_all_else_is_an_email_of_its_own():
    notes = [note(1, "review", facts=REVIEW), note(2, "review", facts=REVIEW)]
    assert len({bundle_of(each) for each in notes}) == 2


def test_an_email_sent_twice_is_the_same_one():
    first, again = read(note(1)), read(note(1))
    assert first["Message-ID"] == again["Message-ID"] == "<ROW1@baton.example.org>"
    assert read(note(2))["Message-ID"] != first["Message-ID"]


def test_no_machine_answers_it_and_nothing_tells_that_it_was_opened():
    letter = read(note(1))
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["X-Auto-Response-Suppress"] == "All"
    assert letter["List-Id"] == "<work.baton.example.org>"
    assert letter.get_content_type() == "text/plain"
    assert "?" not in letter.get_content()


INJECTIONS = ["\r\nBcc: all@example.org", "\nTo: x@example.org", "\r\n\r\nBody", "\x00\x1b[2J"]


@pytest.mark.parametrize("bad", INJECTIONS)
def test_what_people_typed_begins_no_header(bad):
    reader = Reader(f"Ben{bad}", BEN.email, f"Sunflower{bad}")
    letter = read(note(1, step=f"Front room{bad}"), reader=reader)
    assert letter.keys() == read(note(1)).keys()
    assert letter["To"].addresses[0].addr_spec == BEN.email
    assert len(letter["To"].addresses) == 1
    assert not letter.defects


@pytest.mark.parametrize(
    "name", ['Ben "B" <x@example.org>', "Ben, Ana <ana@example.org>", "Žofie Nováková", "李", "a@b"]
)
def test_a_name_stays_a_name(name):
    letter = read(note(1), reader=Reader(name, BEN.email, "Sunflower"))
    (address,) = letter["To"].addresses
    assert (address.display_name, address.addr_spec) == (name, BEN.email)


def test_every_script_survives():
    letter = read(note(1, step="Küche – 厨房 – مطبخ 🧽", process="Öffnung"))
    assert letter["Subject"] == "Now yours: Küche – 厨房 – مطبخ 🧽"
    assert "Öffnung" in letter.get_content()


def test_a_long_title_is_shortened_in_the_subject_only():
    letter = read(note(1, step="x" * 500))
    assert len(letter["Subject"]) == 150
    assert "x" * 500 in letter.get_content()


NOBODY = ["ben@sunflower.example\nBcc: x@y.example", "a@b@c", "@", "a b@c.example", "anä@c.example"]


@pytest.mark.parametrize("address", [*NOBODY, f"ana@{'x' * 70}.example"])
def test_an_address_that_not_every_server_takes_is_refused(address):
    with pytest.raises(AddressError):
        read(note(1), reader=Reader("Ben", address, "Sunflower"))


def test_a_domain_of_any_script_is_written_as_servers_take_it():
    assert deliverable("ana@bücher.example") == "ana@xn--bcher-kva.example"
