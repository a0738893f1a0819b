"""Turns at a kiosk: whose PIN was right, once; and when there were too many wrong ones."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import current_app
from sqlalchemy import select

from tests.factories import crew_of_a_daycare, process
from tests.kiosks import PIN, WRONG, paired, turn_ids, with_pin
from tests.services.little_oaks import NOW, refusal
from webapp.extensions import db
from webapp.models import Event, Location, Person, PinTries, Turn
from webapp.services import kiosks, pin_tries, pins, turns
from webapp.services.turns import Brought


@pytest.fixture
def crew(stored):
    made = crew_of_a_daycare(stored, NOW)
    with_pin(stored, made.ana, made.ben)
    return made


@pytest.fixture
def kiosk(stored, crew):
    return paired(stored, crew, NOW)[0]


def brought(person, **more):
    facts = {"id": next(turn_ids), "person_id": person.id, "started_at": NOW, "sealed": "s"}
    return Brought(**(facts | more))


def tried(stored, kiosk, person, pin=PIN, now=NOW, **more):
    """A whole try, as a request makes it."""
    turn = turns.begin(stored, kiosk, brought(person, **more), now)
    claim = turns.claim_of(turn)
    stored.commit()
    if turn.is_settled:
        return turn
    right = claim.is_borne_out(person.id, turn.id, pin)
    settled = turns.settle(stored, kiosk, turn.id, right, now)
    stored.commit()
    return settled


def at_another_place(stored, crew, name="Dana"):
    place = Location(org_id=crew.org_id, name="Riverside", time_zone="UTC", created_at=NOW)
    person = Person(org_id=crew.org_id, name=name, role="staff", created_at=NOW)
    person.locations = [place]
    stored.add(person)
    with_pin(stored, person)
    return person


def test_the_right_pin_verifies_a_turn(stored, crew, kiosk):
    turn = tried(stored, kiosk, crew.ana)
    assert (turn.verified_at, turn.refused_at) == (NOW, None)
    assert pin_tries.left(stored, kiosk, crew.ana) == 5
    assert pin_tries.wrong_today(stored, crew.org_id, NOW) == 0


def test_a_wrong_pin_refuses_it_counts_and_is_in_the_record(stored, crew, kiosk):
    turn = tried(stored, kiosk, crew.ana, WRONG)
    assert turn.refused_because == "pin_wrong"
    assert pin_tries.left(stored, kiosk, crew.ana) == 4
    event = stored.scalars(select(Event).where(Event.kind == "turn.refused")).one()
    assert event.payload["person"]["name"] == "Ana"
    assert event.payload["kiosk"]["id"] == kiosk.id


def test_a_try_counts_before_anybody_looks_at_the_pin(stored, crew, kiosk):
    turns.begin(stored, kiosk, brought(crew.ana), NOW)
    stored.commit()  # and the server stops here
    assert pin_tries.left(stored, kiosk, crew.ana) == 4


def test_no_pin_is_tried_while_the_person_has_to_wait(stored, crew, kiosk):
    for _ in range(5):
        tried(stored, kiosk, crew.ana, WRONG)
    assert tried(stored, kiosk, crew.ana).refused_because == "pin_locked"
    assert tried(stored, kiosk, crew.ben).verified_at
    assert tried(stored, kiosk, crew.ana, now=NOW + timedelta(seconds=30)).verified_at


def test_waits_are_of_one_kiosk_only(stored, crew, kiosk):
    other, _ = paired(stored, crew, NOW, name="Front desk")
    for _ in range(5):
        tried(stored, kiosk, crew.ana, WRONG)
    assert tried(stored, other, crew.ana).verified_at


def test_twenty_wrong_in_a_day_lock_the_kiosk_for_everybody_until_it_is_unlocked(
    stored, crew, kiosk
):
    _make_wrong(stored, kiosk, crew, 20)
    assert tried(stored, kiosk, crew.ben).refused_because == "pin_locked"
    assert [each.is_locked for each in kiosks.all_of(stored, crew.olivia, NOW)] == [True]
    kiosks.unlock(stored, crew.olivia, kiosk, NOW)
    assert tried(stored, kiosk, crew.ben).verified_at


def test_a_locked_kiosk_takes_pins_again_on_its_next_local_day(stored, crew, kiosk):
    _make_wrong(stored, kiosk, crew, 20)
    assert tried(stored, kiosk, crew.ben, now=NOW + timedelta(hours=17)).refused_at
    assert tried(stored, kiosk, crew.ben, now=NOW + timedelta(hours=18)).verified_at


def _make_wrong(stored, kiosk, crew, count):
    for _ in range(count):
        pin_tries.lock(stored, kiosk)
        pin_tries.count(stored, kiosk, crew.fay, NOW)
    stored.commit()


def test_a_hundred_wrong_in_a_day_alarm_owners_even_after_unlocking(stored, crew, kiosk):
    for _ in range(5):
        assert kiosks.many_wrong(stored, crew.olivia, NOW) is None
        _make_wrong(stored, kiosk, crew, 20)
        kiosks.unlock(stored, crew.olivia, kiosk, NOW)
    assert kiosks.many_wrong(stored, crew.olivia, NOW) == 100
    assert kiosks.many_wrong(stored, crew.maya, NOW) is None
    bakery = crew_of_a_daycare(stored, NOW, name="Bakery")
    assert kiosks.many_wrong(stored, bakery.olivia, NOW) is None


def test_the_same_turn_again_is_the_same_turn_and_counts_no_more(stored, crew, kiosk):
    first = tried(stored, kiosk, crew.ana, WRONG, id="t", sealed="one")
    again = tried(stored, kiosk, crew.ana, PIN, id="t", sealed="one")
    assert (first, again.refused_because) == (again, "pin_wrong")
    assert pin_tries.left(stored, kiosk, crew.ana) == 4


@pytest.mark.parametrize("other", [{"sealed": "two"}, {"person": "ben"}])
def test_a_turn_that_is_known_takes_no_other_seal_and_no_other_person(stored, crew, kiosk, other):
    tried(stored, kiosk, crew.ana, id="t", sealed="one")
    person = crew.people[other.get("person", "ana")]
    told = brought(person, id="t", sealed=other.get("sealed", "one"))
    assert refusal(turns.begin, stored, kiosk, told, NOW) == "id_reused"


def test_a_turn_of_one_kiosk_is_none_at_another(stored, crew, kiosk):
    other, _ = paired(stored, crew, NOW, name="Front desk")
    turn = tried(stored, kiosk, crew.ana, id="t")
    assert refusal(turns.begin, stored, other, brought(crew.ana, id="t"), NOW) == "id_reused"
    assert turns.find(stored, other, "t") is None
    assert turns.find(stored, kiosk, "t") is turn


def test_a_turn_stays_that_of_its_tablet_when_that_is_paired_again(stored, crew, kiosk):
    turn = tried(stored, kiosk, crew.ana, id="t")
    again, _ = paired(stored, crew, NOW, device=kiosk.device_id)
    assert turns.find(stored, again, "t") is turn


def test_a_turn_of_another_organisation_is_unknown(stored, crew, kiosk):
    tried(stored, kiosk, crew.ana, id="t")
    bakery = crew_of_a_daycare(stored, NOW, name="Bakery")
    theirs, _ = paired(stored, bakery, NOW, device=kiosk.device_id)
    assert turns.find(stored, theirs, "t") is None
    assert refusal(turns.begin, stored, theirs, brought(crew.ana), NOW) == "not_found"


def test_a_person_without_a_pin_is_refused_without_a_count(stored, crew, kiosk):
    assert tried(stored, kiosk, crew.fay).refused_because == "pin_missing"
    assert stored.scalars(select(PinTries)).all() == []


def test_a_person_of_another_location_has_no_turn_here(stored, crew, kiosk):
    dana = at_another_place(stored, crew)
    assert tried(stored, kiosk, dana).refused_because == "not_here"
    assert stored.scalars(select(PinTries)).all() == []


def test_who_stands_in_the_chain_of_a_run_here_has_a_turn_here(stored, crew, kiosk):
    dana = at_another_place(stored, crew)
    crew.people["fay"] = dana
    process(stored, crew, NOW)
    assert tried(stored, kiosk, dana).verified_at


def test_who_has_left_has_no_turn_here(stored, crew, kiosk):
    crew.ana.deactivated_at = NOW
    assert tried(stored, kiosk, crew.ana).refused_because == "not_here"


def test_a_seal_of_another_turn_or_person_bears_nothing_out(stored, crew, kiosk):
    turn = turns.begin(stored, kiosk, brought(crew.ana, id="t"), NOW)
    claim = turns.claim_of(turn)
    assert claim.is_borne_out(crew.ana.id, "t", PIN)
    assert not claim.is_borne_out(crew.ana.id, "other", PIN)
    assert not claim.is_borne_out(crew.ben.id, "t", PIN)
    assert not claim.is_borne_out(crew.ana.id, "t", WRONG)


def test_a_new_pin_ends_the_waits_of_its_person(stored, crew, kiosk):
    for _ in range(5):
        tried(stored, kiosk, crew.ana, WRONG)
    pin = pins.give_fresh(stored, crew.maya, crew.ana, NOW)
    assert tried(stored, kiosk, crew.ana, pin).verified_at


def test_what_another_request_settled_first_stands(stored, crew, kiosk):
    turn = turns.begin(stored, kiosk, brought(crew.ana, id="t"), NOW)
    turns.settle(stored, kiosk, "t", True, NOW)
    assert turns.settle(stored, kiosk, "t", False, NOW).verified_at == NOW
    assert turn.refused_at is None


def test_many_tries_at_once_are_counted_one_by_one(stored, crew, kiosk):
    app, together = current_app._get_current_object(), Barrier(4)
    told = [brought(crew.ana) for _ in range(4)]
    kiosk_id, problems = kiosk.id, []

    def once(each):
        with app.app_context():
            try:
                together.wait()
                turns.begin(db.session, db.session.get(type(kiosk), kiosk_id), each, NOW)
                db.session.commit()
            except Exception as problem:
                problems.append(problem)
            finally:
                db.session.remove()

    stored.commit()
    threads = [Thread(target=once, args=(each,)) for each in told]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stored.expire_all()
    assert problems == []
    assert pin_tries.left(stored, kiosk, crew.ana) == 1
    assert len(stored.scalars(select(Turn)).all()) == 4
