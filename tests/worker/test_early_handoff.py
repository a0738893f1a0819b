"""From push to early handoff, with a push service that answers as told."""

from sqlalchemy import select

from tests.factories import proof
from tests.worker.conftest import UNTIL_MISSED
from webapp.models import OutboxMessage
from webapp.services import receipts

ONE = (("Front room", proof("note")),)
TWO = (*ONE, ("Gate latch", proof("note")))


def holders(monday) -> list[str]:
    monday.session.expire_all()
    return [step.holder.name for step in monday.step.run.step_runs]


def reports(monday, push, who: str) -> None:
    """The service worker of the phone says that the push came."""
    message, now = push.payload["id"], monday.clock.now()
    person = monday.crew.people[who]
    receipts.acknowledge(monday.session, person, message, f"push-phone-of-{who}", "reached", now)
    monday.session.commit()


def test_what_nobody_reports_goes_to_the_next_level_who_is_told_why(post):
    monday = post(steps=ONE)
    bens, fays = monday.has_phone("ben"), monday.has_phone("fay")
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    monday.service.expect(bens, kind="handoff")
    monday.later(seconds=60)
    monday.delivers()
    body = monday.service.expect(fays, kind="handoff").payload["body"]
    assert body.endswith(
        "Ben could not be reached. Ben's device PUSH was last heard from at 06:30."
    )


def test_one_report_counts_for_all_that_travelled_together(post):
    monday = post(steps=TWO)
    bens, _ = monday.has_phone("ben"), monday.has_phone("fay")
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    reports(monday, monday.service.expect(bens, kind="handoff"), "ben")
    monday.later(seconds=60)
    assert holders(monday) == ["Ben", "Ben"]


def test_a_push_service_that_only_errs_reaches_nobody(post):
    monday = post(steps=ONE)
    bens, fays = monday.has_phone("ben"), monday.has_phone("fay")
    monday.service.answer(bens, status=503, times=9)
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    monday.later(seconds=60)
    assert holders(monday) == ["Fay"]
    monday.delivers()
    monday.service.expect(fays, kind="handoff")
    assert monday.outcomes() == ["not_needed", "accepted"]


def test_who_has_no_device_at_all_is_passed_by_after_a_minute(post):
    monday = post(steps=ONE)
    fays = monday.has_phone("fay")
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    assert monday.outcomes() == ["no_device"]
    monday.later(seconds=60)
    monday.delivers()
    monday.service.expect(fays, kind="handoff")


def test_while_our_own_worker_is_away_nobody_loses_a_step_for_it(post):
    monday = post(steps=ONE)
    bens, _ = monday.has_phone("ben"), monday.has_phone("fay")
    monday.later(**UNTIL_MISSED)
    monday.later(minutes=10)
    assert holders(monday) == ["Ben"]
    monday.delivers()
    reports(monday, monday.service.expect(bens, kind="handoff"), "ben")
    monday.later(minutes=9)
    assert holders(monday) == ["Ben"]


def test_a_reminder_is_one_push_for_the_run_and_ends_with_the_deadline(post):
    monday = post(steps=TWO)
    phone = monday.has_phone("ana")
    monday.later(minutes=34)
    monday.delivers()
    push = monday.service.expect(phone, kind="reminder")
    assert push.payload["title"] == "Still to do: 2 steps of Opening check"
    assert (push.ttl, push.urgency) == (11 * 60, "high")
    kinds = monday.session.scalars(select(OutboxMessage.kind))
    assert list(kinds) == ["reminder"]
