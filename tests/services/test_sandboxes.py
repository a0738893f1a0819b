"""Sandboxes on both kinds of database: they expire, are swept, or move in."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import crew_of_a_daycare
from webapp.models import Person, Sandbox
from webapp.problems import Problem
from webapp.services import moving_in, sandboxes
from worker import duties

FORM = {"name": "Locking up", "responsible": "Lin", "backup": "", "fallback": "", "steps": []}


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Sandbox)) or 0


def test_it_is_found_until_its_week_is_over(stored: Session, clock: FixedClock) -> None:
    made = sandboxes.begin(stored, clock.now())
    kept = sandboxes.keep(made, FORM | {"note": "\0 ٣ 😀"}, ["Who takes over?"])
    stored.commit()
    stored.expire_all()
    found = sandboxes.of_visitor(stored, made.id, clock.now(), lock=True)
    assert sandboxes.draft(found, kept["id"])["form"]["name"] == "Locking up"
    clock.advance(days=7)
    with pytest.raises(Problem) as caught:
        sandboxes.of_visitor(stored, made.id, clock.now())
    assert caught.value.code == "sandbox_gone"


def test_the_clock_sweeps_what_has_expired_and_nothing_else(
    stored: Session, clock: FixedClock
) -> None:
    sandboxes.begin(stored, clock.now())
    stored.commit()
    clock.advance(days=6)
    sandboxes.begin(stored, clock.now())
    stored.commit()
    duties.tick(stored, clock.now())
    assert count(stored) == 2
    clock.advance(days=1)
    duties.tick(stored, clock.now())
    assert count(stored) == 1


def test_what_moved_in_does_not_expire_and_goes_with_its_last_draft(
    stored: Session, clock: FixedClock
) -> None:
    crew = crew_of_a_daycare(stored, clock.now())
    made = sandboxes.begin(stored, clock.now())
    kept = sandboxes.keep(made, FORM, [])
    ids = moving_in.move_in(stored, crew.olivia, made, ["Lin", "ana", "OLIVIA"], clock.now())
    stored.commit()
    assert (ids["ana"], ids["OLIVIA"]) == (crew.ana.id, crew.olivia.id)
    assert stored.get_one(Person, ids["Lin"]).locations == [crew.location]
    assert sandboxes.sweep(stored, clock.advance(days=99)) == 0
    (draft,) = sandboxes.drafts_of_organisation(stored, crew.org_id)
    assert sandboxes.holding(stored, crew.org_id, draft["id"]) is made
    sandboxes.remove(stored, made, kept["id"])
    stored.commit()
    assert count(stored) == 0
