"""What the worker makes of an answer: when the next try is, and what it may not do."""

import time
from datetime import timedelta
from email.utils import formatdate
from typing import Any

import pytest
from sqlalchemy import select

from tests.conformance.table import rule
from tests.push_service import Message, Subscription
from tests.worker.conftest import UNTIL_MISSED, Post
from webapp.models import OutboxMessage, PushSubscription
from worker.outbox import FIRST_RETRY
from worker.push.outcome import LONGEST_WAIT

WINDOW = 20 * 60  # seconds that Ben has before the next level


class Missed:
    """A step that Ben holds since just now, and his phone at the push service."""

    def __init__(self, monday: Post, **answer: Any) -> None:
        self.monday = monday
        self.phone: Subscription = monday.has_phone("ben")
        if answer:
            monday.service.answer(self.phone, **answer)
        monday.later(**UNTIL_MISSED)
        monday.delivers()

    @property
    def row(self) -> OutboxMessage:
        """The push to Ben."""
        rows = [row for row in self.monday.rows() if row.channel == "push"]
        return next(row for row in rows if row.person_id == self.monday.crew.ben.id)

    @property
    def wait(self) -> timedelta:
        """How long until the next try."""
        return self.row.next_attempt_at - self.monday.clock.now()

    def arrives_after(self, wait: timedelta) -> Message:
        """The push that comes when the time of the next try has come."""
        self.monday.clock.advance(seconds=wait.total_seconds())
        self.monday.delivers()
        message: Message = self.monday.service.expect(self.phone, kind="handoff")
        return message

    def subscription(self) -> PushSubscription | None:
        return self.monday.session.scalar(
            select(PushSubscription).where(PushSubscription.endpoint == self.phone.endpoint)
        )


@rule("5.1", "RFC 8030 §8.4", "A date in Retry-After puts the next try off until then.")
def test_a_date_puts_the_next_try_off(post: Any) -> None:
    later = formatdate(time.time() + 120, usegmt=True)
    missed = Missed(post(), status=429, headers={"Retry-After": later})
    assert missed.wait.total_seconds() == pytest.approx(120, abs=30)
    wait = missed.wait
    assert missed.arrives_after(wait).ttl == WINDOW - wait.total_seconds()


@rule("5.2", "RFC 9110 §10.2.3", "A Retry-After of no wait or no sense never makes a tight loop.")
@pytest.mark.parametrize("header", ["0", "Thu, 01 Jan 1970 00:00:00 GMT", "soon", "-1"])
def test_no_wait_is_still_a_wait(post: Any, header: str) -> None:
    missed = Missed(post(), status=503, headers={"Retry-After": header})
    assert missed.wait >= FIRST_RETRY
    missed.arrives_after(missed.wait)


@rule("5.3", "RFC 9110 §10.2.3", "No Retry-After puts a message off by more than a day.")
def test_an_absurd_wait_is_a_day_at_most(post: Any) -> None:
    missed = Missed(post(), status=429, headers={"Retry-After": "9" * 30})
    assert missed.wait <= timedelta(seconds=LONGEST_WAIT)


@rule("5.4", "RFC 8030 §5.2", "What is worth nothing any more is not sent, however long it waited.")
def test_nothing_is_sent_after_its_time(post: Any) -> None:
    missed = Missed(post(), status=429, headers={"Retry-After": str(WINDOW)})
    missed.monday.clock.advance(seconds=WINDOW)
    missed.monday.delivers()
    assert missed.row.outcome == "expired"


@rule("5.5", "RFC 8030 §5.2", "TTL is what is left until the message is worth nothing, in full.")
@pytest.mark.parametrize(("passed", "ttl"), [(0.25, WINDOW - 1), (WINDOW - 0.5, 1)])
def test_a_ttl_is_what_is_left(post: Any, passed: float, ttl: int) -> None:
    monday = post()
    phone = monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    monday.clock.advance(seconds=passed)
    monday.delivers()
    assert monday.service.expect(phone, kind="handoff").ttl == ttl


@rule(
    "5.6",
    "RFC 8030 §5.4",
    "A second try is the same message: same id, words and topic, so that the first is replaced.",
)
def test_a_second_try_is_the_same_message(post: Any) -> None:
    missed = Missed(post(), status=502)
    second = missed.arrives_after(missed.wait)
    first = missed.monday.service.messages[second.replaces - 1]
    assert (first.status, first.payload) == (502, second.payload)
    assert (first.topic, first.urgency) == (second.topic, second.urgency)


@rule("5.7", "RFC 9112 §9.6", "After a reset the message comes with the next try.")
def test_a_reset_is_followed_by_a_try(post: Any) -> None:
    missed = Missed(post(), reset=True)
    assert missed.arrives_after(missed.wait).ttl < WINDOW


@rule(
    "5.8",
    "RFC 8030 §7.2; Apple, Mozilla",
    "400, 401, 403, 413 and a redirect are not tried again; the device stays, with the reason.",
)
@pytest.mark.parametrize(
    ("status", "reason"),
    [(400, "refused"), (401, "vapid"), (413, "too_large"), (307, "redirect")],
)
def test_a_refusal_is_kept_with_the_device(post: Any, status: int, reason: str) -> None:
    missed = Missed(post(), status=status, headers={"Location": "http://127.0.0.1/"})
    assert (missed.row.outcome, missed.row.next_attempt_at) == ("refused", None)
    kept = missed.subscription()
    assert kept is not None
    assert kept.last_error == reason


@rule("5.9", "RFC 8030 §5.1", "Any success settles the message, and nothing is sent twice.")
@pytest.mark.parametrize("status", [200, 202])
def test_a_success_settles_the_message(post: Any, status: int) -> None:
    missed = Missed(post(), status=status)
    missed.monday.service.expect(missed.phone, kind="handoff")
    assert (missed.row.outcome, missed.row.next_attempt_at) == ("accepted", None)
