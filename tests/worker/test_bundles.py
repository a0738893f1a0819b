"""What travels together: a broken message harms no other, and a second try is the first again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from tests.factories import process, proof
from tests.mail_server import MailServerOfTests
from tests.worker.chat_service import ChatService
from tests.worker.conftest import UNTIL_MISSED, Post
from webapp.mail_server import MailServer
from webapp.models import OutboxMessage, StepRun
from worker import parcels
from worker.duties import tick
from worker.outbox import LEASE

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


def never_settles(monday: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is due is sent; then the worker dies, and its lease runs out."""

    def dies(name: str) -> None:
        if name == "after_send":
            raise PowerCut

    with monkeypatch.context() as dying:
        dying.setattr("worker.deliver.reached", dies)
        with pytest.raises(PowerCut):
            monday.delivers()
    monday.clock.advance(seconds=LEASE.total_seconds())


class PowerCut(BaseException):
    pass


def test_what_was_tried_alone_is_the_same_push_again_although_more_has_come(post, monkeypatch):
    monkeypatch.setattr(parcels, "TOGETHER_WITHIN", timedelta(0))
    monday = opens_two_runs(post)
    phone = monday.has_phone("ben")
    query = select(StepRun).order_by(StepRun.run_id, StepRun.position)
    first, *_, other = monday.session.scalars(query)
    monday.does("ana", "cannot_do", step=first, reason="No key.")
    never_settles(monday, monkeypatch)
    monday.does("ana", "cannot_do", step=other, reason="No key.")
    monday.delivers()
    alone, *came = monday.service.take(phone)
    assert sorted(push.payload["tag"] for push in came) == sorted(
        f"run-{step.run_id}" for step in (first, other)
    )
    assert alone.payload in [push.payload for push in came]


def test_what_is_left_of_a_push_about_two_runs_replaces_it(post, monkeypatch):
    monday = opens_two_runs(post)
    phone = monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    never_settles(monday, monkeypatch)
    lead, *_ = rows = sorted(monday.rows(), key=id_of)
    for row in rows:
        if row.run_id == lead.run_id:
            monday.session.get(StepRun, row.step_run_id).level += 1
    monday.delivers()
    both, left = monday.service.take(phone)
    assert (left.payload["id"], left.payload["tag"]) == (lead.id, f"handoffs-{lead.id}")
    assert (left.topic, left.replaces) == (both.topic, both.seq)
    assert both.payload["tag"] == left.payload["tag"]


def test_what_never_went_out_forgets_with_whom_it_was_to_travel(post):
    monday = post(steps=THREE)
    phone = monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    lead, *others = sorted(monday.rows(), key=id_of)
    for row in others:
        row.sent_as = lead.id
    monday.session.get(StepRun, lead.step_run_id).level += 1
    monday.delivers()
    assert monday.service.expect(phone).payload["id"] == others[0].id
    assert [others[0].sent_as, others[1].sent_as] == [None, others[0].id]


def test_what_is_left_of_an_e_mail_keeps_its_message_id(post, monkeypatch):
    with MailServerOfTests() as mail:
        server = MailServer("127.0.0.1", mail.port, "baton@baton.example")
        settings = current_app.config["SETTINGS"]
        current_app.config["SETTINGS"] = replace(settings, mail=server)
        monday = post(steps=THREE)
        monday.later(**UNTIL_MISSED)
        never_settles(monday, monkeypatch)
        lead = min((row for row in monday.rows() if row.channel == "email"), key=id_of)
        monday.session.get(StepRun, lead.step_run_id).level += 1
        monday.delivers()
        whole, left = mail.next(), mail.next()
    assert left.id == whole.id
    assert lead.id in left.id
