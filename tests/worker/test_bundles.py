"""What travels together: a broken message harms no other, and a second try is the first again."""

from collections.abc import Callable
from dataclasses import replace

from flask import current_app

from tests.factories import process, proof
from tests.mail_server import MailServerOfTests
from tests.worker.chat_service import ChatService
from tests.worker.conftest import UNTIL_MISSED, Post
from webapp.mail_server import MailServer
from webapp.models import OutboxMessage
from worker.duties import tick

THREE = tuple((f"Step {number}", proof("note")) for number in (1, 2, 3))
THREE_LEFT = "3 steps in 2 runs are now yours"


def opens_two_runs(post: Callable[..., Post]) -> Post:
    monday = post(steps=THREE)
    process(monday.session, monday.crew, monday.clock.now(), name="Fridge round")
    tick(monday.session, monday.clock.now())
    return monday


def breaks_the_last(monday: Post, channel: str) -> None:
    """One step's message loses its facts; those before it in its bundle are sound."""
    rows = [row for row in monday.rows() if row.channel == channel]
    max((row for row in rows if row.facts["process"] == "Opening check"), key=id_of).facts = {}
    monday.session.commit()


def id_of(row: OutboxMessage) -> str:
    return row.id


def became(monday: Post, channel: str) -> list[tuple[str | None, str | None]]:
    rows = [row for row in monday.rows() if row.channel == channel]
    return sorted(((row.outcome, row.last_error) for row in rows), key=str)


ONE_REFUSED = [
    *[("accepted", None)] * 3,
    ("refused", "it could not be put into words"),
]


def test_of_a_bundled_push_only_the_broken_message_is_refused(post):
    monday = opens_two_runs(post)
    phone = monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    breaks_the_last(monday, "push")
    monday.delivers()
    monday.service.expect(phone, title=THREE_LEFT)
    assert became(monday, "push") == ONE_REFUSED


def test_of_a_bundled_e_mail_only_the_broken_message_is_refused(post):
    with MailServerOfTests() as mail:
        server = MailServer("127.0.0.1", mail.port, "baton@baton.example")
        settings = current_app.config["SETTINGS"]
        current_app.config["SETTINGS"] = replace(settings, mail=server)
        monday = opens_two_runs(post)
        monday.later(**UNTIL_MISSED)
        breaks_the_last(monday, "email")
        monday.delivers()
        mail.expect("ben@sunflower.example", Subject="3 steps are now yours")
    assert became(monday, "email") == ONE_REFUSED


def test_of_a_bundled_chat_message_only_the_broken_one_is_refused(post):
    settings = current_app.config["SETTINGS"]
    current_app.config["SETTINGS"] = replace(settings, extra_schemes=("json",))
    with ChatService() as chat:
        monday = opens_two_runs(post)
        monday.crew.ben.extra_url = chat.address("TIiajkdnlazkcOXrIdevi7Fx9")
        monday.session.commit()
        monday.later(**UNTIL_MISSED)
        breaks_the_last(monday, "extra")
        monday.delivers()
        assert [came["title"] for came in chat.taken] == [THREE_LEFT]
    assert became(monday, "extra") == ONE_REFUSED
