"""Who leaves keeps nothing in hand: steps move on at once, and no device is told any more."""

import pytest
from sqlalchemy import select

from tests.day import Day, photo, photo_proof
from tests.factories import crew_of_a_daycare, proof
from webapp.models import Handoff, OutboxMessage, Person, PushSubscription
from webapp.services import commands, people
from worker import standing

GATE = (("Gate latch", proof("note")),)
NOTE = {"kind": "note", "text": "Closed."}


@pytest.fixture
def day(stored, clock):
    crew = crew_of_a_daycare(stored, clock.now())
    return lambda **options: Day(stored, clock, crew, **options)


def second_owner(monday: Day) -> Person:
    sam = people.add(
        monday.session, monday.crew.organisation, "Sam", None, "owner", monday.clock.now()
    )
    sam.password_hash = "set"
    monday.crew.people["sam"] = sam
    monday.session.commit()
    return sam


def leaves(monday: Day, who: str) -> None:
    actor = monday.crew.people["sam" if who == "olivia" else "olivia"]
    people.deactivate(monday.session, actor, monday.crew.people[who], monday.clock.now())
    monday.session.commit()


def has_phone(monday: Day, who: str) -> None:
    person, now = monday.crew.people[who], monday.clock.now()
    commands.known_device(monday.session, person, f"phone-of-{who}", now)
    monday.session.add(
        PushSubscription(
            org_id=person.org_id,
            person_id=person.id,
            device_id=f"phone-of-{who}",
            endpoint=f"https://push.example/{who}",
            p256dh="key",
            auth="auth",
            created_at=now,
        )
    )
    monday.session.commit()


def test_what_somebody_held_moves_on_with_the_next_look_because_they_left(day):
    monday = day(steps=GATE)
    leaves(monday, "ana")
    monday.later(seconds=1)
    (handoff,) = monday.session.scalars(select(Handoff))
    assert (monday.step.holder.name, handoff.reason, monday.step.missed_at) == (
        "Ben",
        "deactivated",
        None,
    )


def test_who_leaves_after_the_miss_of_another_did_not_miss_it(day):
    monday = day(steps=GATE)
    monday.later(minutes=50)
    leaves(monday, "ben")
    monday.later(seconds=1)
    assert [each.reason for each in monday.step.handoffs] == ["missed", "deactivated"]
    assert monday.step.holder.name == "Fay"


def test_a_claim_of_somebody_who_left_moves_on_too(day):
    monday = day()
    monday.does("ana", proof=photo_proof(photo()))
    leaves(monday, "ana")
    monday.later(seconds=1)
    assert (monday.step.state, monday.step.holder.name) == ("open", "Ben")


def test_what_was_missed_already_when_its_holder_left_stays_missed(day):
    monday = day(steps=GATE)
    monday.clock.advance(minutes=55)
    leaves(monday, "ana")
    monday.later(seconds=1)
    assert [each.reason for each in monday.step.handoffs] == ["missed"]


def test_the_devices_of_somebody_who_left_are_forgotten(day):
    monday = day(steps=GATE)
    has_phone(monday, "ana")
    has_phone(monday, "ben")
    leaves(monday, "ana")
    kept = monday.session.scalars(select(PushSubscription.device_id)).all()
    assert kept == ["phone-of-ben"]


def test_a_device_that_outlived_its_persons_leaving_is_told_nothing(day):
    monday = day(steps=GATE)
    monday.later(minutes=50)
    has_phone(monday, "ben")
    row = monday.session.scalars(select(OutboxMessage)).one()
    assert len(standing.targets(monday.session, [row])[row.id]) == 1
    monday.crew.ben.deactivated_at = monday.clock.now()
    monday.session.commit()
    assert standing.targets(monday.session, [row])[row.id] == ()


def test_the_last_level_is_an_owner_who_is_here(day):
    monday = day(steps=GATE)
    second_owner(monday)
    leaves(monday, "olivia")
    for minutes in (50, 20, 30):
        monday.later(minutes=minutes)
    assert (monday.step.level, monday.step.holder.name) == (3, "Sam")
    assert monday.step.chain[-1]["name"] == "Sam"
    last = select(OutboxMessage.person_id).where(OutboxMessage.level == 3)
    assert monday.session.scalars(last).all() == [monday.crew.sam.id]
    assert monday.does("sam", proof=NOTE).status == "applied"


def test_a_step_that_nobody_can_do_reaches_an_owner_who_is_here(day):
    monday = day(steps=GATE)
    second_owner(monday)
    leaves(monday, "olivia")
    for who in ("ana", "ben", "fay"):
        monday.does(who, "cannot_do", reason="No key.")
    assert (monday.step.level, monday.step.holder.name) == (3, "Sam")


@pytest.mark.parametrize(("left", "asked"), [(False, "olivia"), (True, "sam")])
def test_a_proof_is_reviewed_by_an_owner_who_is_here(day, left, asked):
    monday = day(steps=GATE, review="all")
    second_owner(monday)
    if left:
        leaves(monday, "olivia")
    monday.does("ana", proof=NOTE)
    told = select(OutboxMessage.person_id).where(OutboxMessage.kind == "review")
    assert monday.session.scalars(told).all() == [monday.crew.people[asked].id]
