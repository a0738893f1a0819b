"""E-mail is the last way of each hop: it comes when push does not, once, and to nobody else."""

import re
from dataclasses import replace

import pytest
from flask import current_app

from tests.day import photo, photo_proof
from tests.factories import proof, signed_in
from tests.mail_server import MailServerOfTests
from tests.worker.conftest import UNTIL_MISSED
from webapp.mail_server import MailServer
from webapp.services import channel_trouble, health, people, receipts
from worker.channels import close_channels
from worker.outbox import LEASE

NOTE = (("Front room ready", proof("note")),)
TWO = (*NOTE, ("Gate latch", proof("note")))
BEN, FAY, OLIVIA = (f"{who}@sunflower.example" for who in ("ben", "fay", "olivia"))


@pytest.fixture
def mail():
    """The mail server of this installation; a test fails on an e-mail that it did not expect."""
    with MailServerOfTests() as server:
        yield server


@pytest.fixture
def post(post, mail):
    settings = current_app.config["SETTINGS"]
    server = MailServer("127.0.0.1", mail.port, "baton@baton.example")
    current_app.config["SETTINGS"] = replace(settings, mail=server)
    return post


def acknowledges(monday, who: str) -> None:
    """The person's phone shows what push brought it."""
    message = next(row for row in monday.rows() if row.channel == "push")
    person = monday.crew.people[who]
    receipts.acknowledge(
        monday.session, person, message.id, f"push-phone-of-{who}", "reached", monday.clock.now()
    )
    monday.session.commit()


def by_channel(monday) -> list[tuple[str, str | None]]:
    return [(row.channel, row.outcome) for row in monday.rows()]


def test_who_has_no_device_gets_an_e_mail_at_once(post, mail):
    monday = post(steps=NOTE)
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    mail.expect(BEN, Subject="Now yours: Front room ready")
    assert by_channel(monday) == [("push", "no_device"), ("email", "accepted")]


def test_who_does_not_look_is_mailed_after_30_seconds_and_then_the_next_is_told(post, mail):
    monday = post(steps=NOTE)
    bens, fays = monday.has_phone("ben"), monday.has_phone("fay")
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    monday.service.expect(bens, kind="handoff")
    monday.later(seconds=29)
    monday.delivers()
    mail.assert_nothing_more()
    monday.later(seconds=1)
    monday.delivers()
    mail.expect(BEN)
    monday.later(seconds=30)
    monday.delivers()
    monday.service.expect(fays, kind="handoff")
    assert monday.step.holder.name == "Fay"


def test_who_was_reached_gets_no_e_mail(post, mail):
    monday = post(steps=NOTE)
    bens = monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    monday.service.expect(bens, kind="handoff")
    acknowledges(monday, "ben")
    monday.later(seconds=30)
    monday.delivers()
    assert by_channel(monday) == [("push", "accepted"), ("email", "not_needed")]


def test_who_has_done_it_gets_no_e_mail(post, mail):
    monday = post(steps=NOTE)
    monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    monday.does("ben", proof={"kind": "note", "text": "Done."})
    monday.later(seconds=30)
    monday.delivers()
    assert by_channel(monday) == [("push", "not_needed"), ("email", "not_needed")]


def test_the_link_of_a_review_opens_its_page(post, mail):
    monday = post()
    monday.uploads(photo())
    monday.does("ana", proof=photo_proof(photo()))
    monday.delivers()
    letter = mail.expect(OLIVIA, Subject="To review: Front room ready")
    path = re.search(r"http://localhost:8000(/approve/\w+)", letter.text)[1]
    app, crew = current_app._get_current_object(), monday.crew
    browser = signed_in(app, monday.session, crew.olivia, monday.clock.now())
    assert browser.get(path).status_code == 200
    assert browser.get(f"/api/v1/reviews/{path.rpartition('/')[2]}").json["state"] == "in_review"


def test_what_comes_to_one_person_in_one_round_is_one_e_mail(post, mail):
    monday = post(steps=TWO)
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    letter = mail.expect(BEN, Subject="2 steps of Opening check are now yours")
    assert "- Front room ready" in letter.text
    assert "- Gate latch" in letter.text
    assert [row.outcome for row in monday.rows() if row.channel == "email"] == ["accepted"] * 2


def test_the_chain_and_nobody_else_is_mailed(post, mail):
    monday = post(steps=NOTE)
    for minutes, who in ((50, BEN), (20, FAY), (30, OLIVIA)):
        monday.later(minutes=minutes)
        monday.delivers()
        letter = mail.expect(who)
        assert set(re.findall(r"\w+@sunflower\.example", letter.source)) == {who}
    monday.later(hours=10)
    monday.delivers()


def test_who_has_left_meanwhile_is_not_mailed(post, mail):
    monday = post(steps=NOTE)
    monday.later(**UNTIL_MISSED)
    people.deactivate(monday.session, monday.crew.olivia, monday.crew.ben, monday.clock.now())
    monday.session.commit()
    monday.delivers()
    assert "accepted" not in monday.outcomes()


def test_a_mailbox_that_is_busy_is_tried_again(post, mail):
    monday = post(steps=NOTE)
    monday.later(**UNTIL_MISSED)
    mail.goes_wrong(rcpt="450 Greylisted")
    monday.delivers()
    assert by_channel(monday)[1] == ("email", None)
    monday.clock.advance(seconds=2)
    monday.delivers()
    mail.expect(BEN)


def test_a_mailbox_that_does_not_exist_is_named_and_tried_no_more(post, mail):
    monday = post(steps=NOTE)
    monday.later(**UNTIL_MISSED)
    mail.goes_wrong(rcpt="550 No such user")
    monday.delivers()
    assert by_channel(monday)[1] == ("email", "refused")
    found = channel_trouble.of_people(monday.session, monday.crew.org_id)
    assert found == {
        monday.crew.ben.id: [f"The mail server refused the last e-mail to {BEN}. Is it right?"]
    }
    monday.clock.advance(minutes=10)
    assert monday.delivers() == 0


def test_an_address_that_cannot_be_mailed_keeps_nobody_else_waiting(post, mail):
    monday = post(steps=TWO)
    monday.crew.fay.email = "fäy@sunflower.example"
    first = monday.step
    monday.does("ana", "cannot_do", step=first, reason="No key.")
    monday.does("ben", "cannot_do", step=first, reason="Nor have I.")
    monday.does("ana", "cannot_do", step=first.run.step_runs[1], reason="No key.")
    monday.delivers()
    mail.expect(BEN, Subject="Now yours: Gate latch")
    assert [row.last_error for row in monday.rows() if row.outcome == "refused"] == ["mail_address"]


def test_a_mail_server_that_is_down_for_a_while_loses_nothing(post, mail):
    monday = post(steps=NOTE)
    monday.later(**UNTIL_MISSED)
    mail.close()
    for _ in range(10):
        monday.delivers()
        monday.later(minutes=1)
    said = "1 e-mail waits: the mail server does not answer."
    assert said in health.reasons(monday.session, monday.clock.now())
    with MailServerOfTests(port=mail.port) as back:
        close_channels()
        monday.clock.advance(minutes=5)
        monday.delivers()
        back.expect(BEN)
    assert by_channel(monday)[1] == ("email", "accepted")
    assert said not in health.reasons(monday.session, monday.clock.now())


def test_what_could_not_be_mailed_in_time_expires_and_says_why(post, mail):
    monday = post(steps=NOTE)
    monday.later(**UNTIL_MISSED)
    mail.close()
    monday.delivers()
    monday.clock.advance(minutes=20)
    monday.delivers()
    row = next(row for row in monday.rows() if row.channel == "email")
    assert (row.outcome, row.last_error) == ("expired", "mail_unreachable")


def test_a_worker_that_dies_between_sending_and_settling_sends_the_same_e_mail_again(
    post, mail, monkeypatch
):
    monday = post(steps=NOTE)
    monday.later(**UNTIL_MISSED)
    with monkeypatch.context() as dying:
        dies_before_it_settles(dying)
        with pytest.raises(PowerCut):
            monday.delivers()
    first = mail.next()
    monday.clock.advance(seconds=LEASE.total_seconds())
    monday.delivers()
    again = mail.next()
    assert first.id == again.id
    assert by_channel(monday) == [("push", "no_device"), ("email", "accepted")]


class PowerCut(BaseException):
    pass


def dies_before_it_settles(monkeypatch) -> None:
    def dies(name: str) -> None:
        if name == "after_send":
            raise PowerCut

    monkeypatch.setattr("worker.deliver.reached", dies)


def test_a_worker_without_a_mail_server_says_so_and_keeps_the_e_mail(post, mail):
    monday = post(steps=NOTE)
    monday.later(**UNTIL_MISSED)
    with_mail = current_app.config["SETTINGS"]
    current_app.config["SETTINGS"] = replace(with_mail, mail=None)
    monday.delivers()
    monday.clock.advance(minutes=2)
    said = "1 e-mail waits: SMTP_URL is not set for the worker."
    assert said in health.reasons(monday.session, monday.clock.now())
    current_app.config["SETTINGS"] = with_mail
    monday.delivers()
    mail.expect(BEN)


def test_a_mail_server_that_is_slow_keeps_no_push_waiting(post, mail, monkeypatch):
    monkeypatch.setattr("worker.by_thread.TURN_WITHIN", 0.1)
    monday = post(steps=TWO)
    phone = monday.has_phone("fay")
    first, second = monday.step.run.step_runs
    for who, step in (("ana", first), ("ana", second), ("ben", first)):
        monday.does(who, "cannot_do", step=step, reason="No key.")
    monday.clock.advance(seconds=30)
    mail.goes_wrong(wait=0.5)
    monday.delivers()
    push = monday.service.expect(phone, kind="handoff")
    slow = mail.next()
    assert push.at < slow.at
    waiting = [row for row in monday.rows() if row.channel == "email" and not row.outcome]
    assert [(row.attempts, row.last_error) for row in waiting] == [(0, "stuck")]
    monday.clock.advance(seconds=2)
    monday.delivers()
    assert {slow.to, mail.next().to} == {(BEN,), (FAY,)}
