"""A holder whom no device told loses the step early, and only then."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.day import Day
from tests.factories import crew_of_a_daycare, proof, reached_by_phone
from webapp.models import Event, OutboxMessage, PushSubscription
from webapp.services import absences, receipts

NOTE = {"kind": "note", "text": "Done."}
ONE = (("Front room", proof("note")),)
# The run opens at 06:30, is due at 07:15, and moves at 07:20.
UNTIL_MISSED = {"minutes": 50}
UNTIL_DUE = {"minutes": 45}


@pytest.fixture
def crew(stored, clock):
    return crew_of_a_daycare(stored, clock.now())


@pytest.fixture
def morning(stored, clock, crew):
    """Opens a run; everybody in the chain has a phone, unless the test takes it away."""

    def begin(**process) -> Day:
        day = Day(stored, clock, crew, steps=ONE, review="none", **process)
        reached_by_phone(stored, crew.ana, crew.ben, crew.fay, crew.olivia)
        return day

    return begin


@pytest.fixture
def missed(stored, clock, morning) -> Day:
    """Ben was handed the step just now, and a push service took his message."""
    day = morning()
    day.later(**UNTIL_MISSED)
    taken(day)
    return day


def has_no_phone(session, *people, last_error: str | None = None) -> None:
    """Their phones are gone, or refused by the push service."""
    ids = [person.id for person in people]
    for row in session.scalars(
        select(PushSubscription).where(PushSubscription.person_id.in_(ids))
    ).all():
        if last_error:
            row.last_error = last_error
        else:
            session.delete(row)
    session.commit()


def newest(day: Day) -> OutboxMessage:
    query = select(OutboxMessage).where(OutboxMessage.kind == "handoff")
    return day.session.scalars(query.order_by(OutboxMessage.id.desc())).first()


def taken(day: Day) -> None:
    """A push service took the newest message."""
    message = newest(day)
    message.attempts, message.next_attempt_at = 1, None
    message.outcome, message.settled_at = "accepted", day.clock.now()
    day.session.commit()


def tried(day: Day) -> None:
    """The push service was in trouble: it is tried again later."""
    message = newest(day)
    message.attempts, message.last_error = 3, "http_503"
    day.session.commit()


def holder(day: Day) -> str:
    return day.step.holder.name


def last_reason(day: Day) -> str:
    return day.step.handoffs[-1].reason


def test_without_a_receipt_the_next_level_takes_it_after_a_minute(missed):
    missed.later(seconds=59)
    assert holder(missed) == "Ben"
    missed.later(seconds=1)
    assert (holder(missed), missed.step.level, last_reason(missed)) == ("Fay", 2, "unreached")


def test_whoever_takes_it_early_has_their_whole_window(missed):
    missed.later(seconds=60)
    assert missed.step.moves_at == missed.clock.now() + timedelta(minutes=30)


@pytest.mark.parametrize("event", ["reached", "opened", "acted"])
def test_with_a_receipt_in_time_the_chain_keeps_its_time(missed, crew, event):
    now = missed.clock.advance(seconds=50)
    receipts.acknowledge(missed.session, crew.ben, newest(missed).id, "phone", event, now)
    missed.later(seconds=10)
    assert (holder(missed), missed.step.escalate_at) == ("Ben", missed.step.moves_at)
    missed.later(minutes=18)
    assert holder(missed) == "Ben"
    missed.later(minutes=1)
    assert (holder(missed), last_reason(missed)) == ("Fay", "missed")


def test_a_page_that_the_holder_opened_counts(missed, crew):
    now = missed.clock.advance(seconds=50)
    receipts.opened_page(missed.session, crew.ben, [missed.step.id], "laptop", now)
    missed.later(minutes=5)
    assert holder(missed) == "Ben"


def test_a_page_that_somebody_else_opened_does_not(missed, crew):
    now = missed.clock.advance(seconds=50)
    receipts.opened_page(missed.session, crew.ana, [missed.step.id], "laptop", now)
    missed.later(seconds=10)
    assert holder(missed) == "Fay"


def test_while_no_worker_has_tried_nothing_moves_early(morning):
    day = morning()
    day.later(**UNTIL_MISSED)
    for _ in range(3):
        day.later(minutes=5)
    assert holder(day) == "Ben"
    day.later(minutes=5)
    assert (holder(day), last_reason(day)) == ("Fay", "missed")


def test_a_worker_that_died_with_the_message_in_hand_costs_nobody_a_step(morning):
    day = morning()
    day.later(**UNTIL_MISSED)
    message = newest(day)
    message.attempts, message.lease = 1, "of-a-dead-worker"
    day.session.commit()
    day.later(minutes=10)
    assert holder(day) == "Ben"


def test_when_the_worker_is_back_the_minute_counts_from_the_telling(morning):
    day = morning()
    day.later(**UNTIL_MISSED)
    day.later(minutes=5)
    taken(day)
    day.later(seconds=55)
    assert holder(day) == "Ben"
    day.later(seconds=10)
    assert (holder(day), last_reason(day)) == ("Fay", "unreached")


def test_a_push_service_in_trouble_reaches_nobody(morning):
    day = morning()
    day.later(**UNTIL_MISSED)
    tried(day)
    day.later(seconds=60)
    assert (holder(day), last_reason(day)) == ("Fay", "unreached")


def test_it_goes_on_until_somebody_is_reached(missed, crew):
    missed.later(seconds=60)
    taken(missed)
    missed.later(seconds=60)
    assert (holder(missed), missed.step.level) == ("Olivia", 3)


def test_with_the_last_person_it_stays(missed):
    for _ in range(2):
        missed.later(seconds=60)
        taken(missed)
    missed.later(hours=10)
    assert (holder(missed), missed.step.escalate_at) == ("Olivia", None)


@pytest.mark.parametrize("last_error", [None, "http_400"])
def test_when_nobody_later_has_a_device_that_works_nothing_moves_early(missed, crew, last_error):
    has_no_phone(missed.session, crew.fay, crew.olivia, last_error=last_error)
    missed.later(minutes=19)
    assert holder(missed) == "Ben"
    missed.later(minutes=1)
    assert (holder(missed), last_reason(missed)) == ("Fay", "missed")


def test_a_device_further_down_is_enough(missed, crew):
    has_no_phone(missed.session, crew.fay)
    missed.later(seconds=60)
    assert holder(missed) == "Fay"


@pytest.mark.parametrize(
    ("waits", "set_minutes", "minutes"),
    [
        pytest.param((20, 30), 0, 20, id="never: only the chain itself"),
        pytest.param((20, 30), 5, 5, id="five minutes"),
        pytest.param((60, 30), None, 1, id="minutes: a minute"),
        pytest.param((120, 30), None, 12, id="hours: a tenth of the wait"),
        pytest.param((3 * 24 * 60, 30), None, 60, id="days: an hour at most"),
        pytest.param((1, 30), None, 1, id="a wait that is as short"),
    ],
)
def test_how_long_it_waits_fits_the_process(morning, waits, set_minutes, minutes):
    day = morning(waits=waits, reached_within=set_minutes)
    day.later(**UNTIL_MISSED)
    taken(day)
    day.later(seconds=minutes * 60 - 1)
    assert holder(day) == "Ben"
    day.later(seconds=1)
    assert holder(day) == "Fay"
    assert last_reason(day) == ("missed" if waits[0] == minutes else "unreached")


def test_before_the_deadline_nobody_is_in_a_hurry(morning):
    day = morning()
    day.does("ana", "cannot_do", reason="I am at the dentist.")
    taken(day)
    day.later(**UNTIL_DUE)
    day.later(seconds=59)
    assert holder(day) == "Ben"
    day.later(seconds=1)
    assert (holder(day), last_reason(day)) == ("Fay", "unreached")


def test_who_stands_in_for_somebody_away_is_in_no_hurry_either(stored, clock, crew, morning):
    day = morning()
    absences.sick_today(stored, crew.ana, crew.ana, clock.now())
    stored.commit()
    day.later(seconds=1)
    taken(day)
    assert holder(day) == "Ben"
    day.later(minutes=45)
    assert holder(day) == "Ben"
    day.later(minutes=1)
    assert (holder(day), last_reason(day)) == ("Fay", "unreached")


def test_what_is_claimed_does_not_move_early(stored, clock, crew):
    day = Day(stored, clock, crew)
    reached_by_phone(stored, crew.ben, crew.fay)
    day.later(**UNTIL_MISSED)
    taken(day)
    claim = {"kind": "photo", "sha256": "ab" * 32, "bytes": 9, "media_type": "image/jpeg"}
    day.does("ana", proof=claim)
    day.later(minutes=29)
    assert (day.step.state, holder(day)) == ("claimed", "Ben")


def test_the_record_says_that_nobody_was_reached(missed):
    due_at = missed.clock.now() + timedelta(seconds=60)
    missed.later(seconds=61)
    query = select(Event).where(Event.kind == "step.handed_on").order_by(Event.seq.desc())
    payload = missed.session.scalars(query).first().payload
    assert (payload["from"]["name"], payload["to"]["name"]) == ("Ben", "Fay")
    assert (payload["reason"], payload["level"]) == ("unreached", 2)
    assert missed.step.handoffs[-1].due_at == due_at


def test_who_takes_it_early_reads_why(missed):
    missed.later(seconds=60)
    facts = newest(missed).facts
    assert (facts["from"], facts["reason"]) == ("Ben", "unreached")


def test_who_was_not_reached_may_still_close_it(missed):
    missed.later(seconds=60)
    command = missed.does("ben", proof=NOTE)
    assert (command.status, missed.step.state) == ("applied", "done")
    assert missed.step.closed_by.name == "Ben"


def test_after_an_outage_of_the_clock_nobody_who_was_reached_loses_it(missed, crew):
    receipts.acknowledge(
        missed.session, crew.ben, newest(missed).id, "phone", "reached", missed.clock.now()
    )
    missed.later(minutes=19)
    assert holder(missed) == "Ben"
