"""The checks of the fault suite find what they are for: each kind of harm, done on purpose."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from tests.crash.faults import (
    checks_of_messages,
    checks_of_owner,
    checks_of_promises,
    checks_of_steps,
)
from tests.crash.faults.facts import Facts, read
from tests.crash.faults.house import House
from tests.crash.faults.plan import Act, Beat, Phone, Plan
from tests.crash.faults.planning import plan_of
from tests.crash.faults.play import Played, Player
from tests.crash.faults.runs import residence
from webapp.models import OutboxMessage

GOOD = {who: (Phone(f"{who}-1", "good"),) for who in ("ana", "ben", "fay", "olivia", "maya", "gus")}
# Step 1 is done in time, step 2 by nobody.
PLAN = replace(
    plan_of(1, "sqlite", "leap_day"),
    grace=5,
    waits=(20, 30),
    review="none",
    steps=("photo", "note"),
    phones=GOOD,
    beats=(
        Beat(-45.0),
        Beat(-10.0, (Act("ana", "completes", 0),)),
        *(Beat(minute) for minute in (5.0, 25.0, 55.0)),
    ),
)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with residence("sqlite") as place:
        yield place.house()


@pytest.fixture(scope="module")
def played(house: House) -> Played:
    return Player(house, PLAN, 0).play()


@pytest.fixture
def session(house: House) -> Iterator[Session]:
    """Nothing that a test does to the rows is kept."""
    with house.inside() as session:
        yield session
        session.rollback()


def found(facts: Facts, session: Session) -> list[str]:
    return [
        *checks_of_steps.violations(facts),
        *checks_of_messages.violations(facts),
        *checks_of_promises.violations(facts, session),
    ]


def test_a_morning_without_faults_passes(played: Played, session: Session):
    facts = read(session, played)
    assert found(facts, session) == []
    assert [len(facts.handoffs[step.id]) for step in facts.steps] == [0, 3]


def lost(facts: Facts) -> None:
    facts.steps[1].level = 2


def never_missed(facts: Facts) -> None:
    facts.steps[1].missed_at = None


def with_a_stranger(facts: Facts) -> None:
    facts.steps[1].holder_id = facts.played.world.members["gus"].id


def set_aside(facts: Facts) -> None:
    facts.steps[1].set_aside_at = facts.played.now


def ghost(facts: Facts) -> None:
    done, undone = (facts.events[step.id] for step in facts.steps)
    done.append(next(event for event in undone if event.kind == "step.handed_on"))


def skipped_level(facts: Facts) -> None:
    events = facts.events[facts.steps[1].id]
    events.remove(next(event for event in events if event.kind == "step.handed_on"))


def lost_handoff_row(facts: Facts) -> None:
    facts.handoffs[facts.steps[1].id].pop()


def lost_message(facts: Facts) -> None:
    facts.outbox.remove(_first_handoff(facts))


def message_to_an_outsider(facts: Facts) -> None:
    _first_handoff(facts).person_id = facts.played.world.members["gus"].id


def endless_message(facts: Facts) -> None:
    _first_handoff(facts).next_attempt_at = facts.played.now


def given_up(facts: Facts) -> None:
    row = _first_handoff(facts)
    row.outcome, row.id = "no_device", "another"


def counted_as_taken(facts: Facts) -> None:
    _first_handoff(facts).id = "another"


def pushed_to_a_bystander(facts: Facts) -> None:
    arrivals = facts.played.pockets.arrivals
    arrivals.append(replace(arrivals[0], who="gus", phone=GOOD["gus"][0]))


def shown_again_under_another_tag(facts: Facts) -> None:
    arrivals = facts.played.pockets.arrivals
    payload = arrivals[0].message.payload | {"tag": "another"}
    message = replace(arrivals[0].message, payload=payload)
    arrivals.append(replace(arrivals[0], message=message))


def sent_twice(facts: Facts) -> None:
    facts.played.pockets.arrivals.append(facts.played.pockets.arrivals[0])


def forgotten_command(facts: Facts) -> None:
    facts.commands.clear()


def forgotten_proof(facts: Facts) -> None:
    facts.proofs.clear()


def forgotten_photo(facts: Facts) -> None:
    facts.blobs.clear()


def forgotten_receipt(facts: Facts) -> None:
    facts.receipts.clear()


def _first_handoff(facts: Facts) -> OutboxMessage:
    return next(row for row in facts.outbox if row.kind == "handoff")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lost, "a handoff was lost"),
        (never_missed, "was missed, and nothing says so"),
        (with_a_stranger, "is held by gus"),
        (set_aside, "was set aside"),
        (ghost, "although it was done"),
        (skipped_level, "moved from level 0 to 2"),
        (lost_handoff_row, "2 handoffs, the record tells 3"),
        (lost_message, "has no message to its new holder"),
        (message_to_an_outsider, "outside the chain"),
        (endless_message, "never came to an end"),
        (given_up, "given up as no_device although they have a phone"),
        (counted_as_taken, "no push service took it"),
        (pushed_to_a_bystander, "which is not for them"),
        (shown_again_under_another_tag, "under 2 tags"),
        (sent_twice, "and nothing had broken"),
        (forgotten_command, "was acknowledged (proof_on_its_way) and is gone"),
        (forgotten_proof, "the proof of ana-1 was acknowledged and is gone"),
        (forgotten_photo, "was acknowledged and is not complete"),
        (forgotten_receipt, "the receipt is gone"),
    ],
)
def test_harm_done_on_purpose_is_found(
    played: Played, session: Session, harm: Callable[[Facts], None], words: str
):
    with session.no_autoflush:
        facts = read(session, played)
        before = list(played.pockets.arrivals)
        harm(facts)
        sentences = [
            *checks_of_steps.violations(facts),
            *checks_of_messages.violations(facts),
            *checks_of_promises.of_commands(facts),
            *checks_of_promises.of_the_rest(facts),
        ]
        played.pockets.arrivals[:] = before
    assert any(words in sentence for sentence in sentences), sentences


def test_a_holder_who_was_not_told_and_is_not_on_the_owners_page_is_found(
    house: House, session: Session
):
    plan: Plan = replace(PLAN, waits=(60, 60), beats=PLAN.beats[:3])
    player = Player(house, plan, 0)
    for number, beat in enumerate(plan.beats):
        player._beat(number, beat)
    player.pockets.arrivals.clear()
    later = plan.at(30)
    assert any(
        "ben was not told for a minute" in sentence
        for sentence in checks_of_owner.untold(session, player.world, player.pockets, later)
    )
