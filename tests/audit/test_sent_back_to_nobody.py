"""A step that is open again stays with nobody who cannot take it."""

import hashlib

import pytest

from tests.audit.busy import Busy
from tests.factories import proof
from webapp.services import absences, locations, people

TO_REVIEW = {"steps": (("Gate", proof("note")),), "review": "all"}
DONE = {"kind": "note", "text": "Closed."}


def goes(day: Busy, how: str) -> None:
    """Ana falls sick, or leaves for good."""
    ana, olivia, now = day.crew.ana, day.crew.olivia, day.clock.now()
    if how == "absent":
        absences.sick_today(day.session, ana, ana, now)
    else:
        people.deactivate(day.session, olivia, ana, now)
    day.session.commit()


@pytest.mark.parametrize("how", ["absent", "deactivated"])
def test_what_is_sent_back_to_somebody_who_is_gone_moves_on_at_once(busy, how):
    day = busy(**TO_REVIEW)
    day.does("ana", proof=DONE)
    goes(day, how)
    day.decides(day.step, "Once more.")
    assert day.found() == []
    day.later(seconds=1)
    assert (day.step.holder.name, day.step.handoffs[-1].reason) == ("Ben", how)
    assert day.found() == []


def test_what_is_sent_back_to_somebody_who_is_back_is_missed_not_absent(busy, clock):
    day = busy(**TO_REVIEW)
    absence = absences.sick_today(day.session, day.crew.ana, day.crew.ana, clock.now())
    day.does("ana", proof=DONE)
    absences.end(day.session, day.crew.ana, absence, clock.now())
    day.session.commit()
    day.decides(day.step, "Once more.")
    assert day.found() == []
    day.later(minutes=51)
    assert (day.step.holder.name, day.step.handoffs[-1].reason) == ("Ben", "missed")


def test_a_claim_whose_bytes_are_refused_leaves_nobody_sick_with_the_step(busy):
    day = busy()
    sha256 = hashlib.sha256(b"text").hexdigest()
    claim = {"kind": "photo", "sha256": sha256, "bytes": 4, "media_type": "image/jpeg"}
    day.does("ana", proof=claim)
    assert day.step.state == "claimed"
    goes(day, "absent")
    day.uploads(b"text")
    assert day.step.state == "open"
    day.later(seconds=1)
    assert (day.step.holder.name, day.found()) == ("Ben", [])


def opens_on(day: Busy, *days: str) -> None:
    """The owner changes the days on which the location is open."""
    place = locations.changed(day.crew.location, {"open_days": days})
    locations.edit(day.session, day.crew.location, place, day.clock.now())
    day.session.commit()


@pytest.mark.parametrize("how", ["absent", "deactivated"])
def test_what_is_taken_up_again_moves_on_from_somebody_who_is_gone(busy, how):
    day = busy(**TO_REVIEW)
    opens_on(day, "TU")
    assert (day.step.state, day.found()) == ("void", [])
    goes(day, how)
    opens_on(day, "MO", "TU", "WE", "TH", "FR")
    assert (day.step.state, day.found()) == ("open", [])
    day.later(seconds=1)
    assert (day.step.holder.name, day.found()) == ("Ben", [])


def test_who_is_back_before_the_engine_looked_still_has_to_be_reached(busy, clock):
    day = busy(steps=(("Gate", proof("note")),), review="none")
    day.reached = False
    day.later(minutes=50)
    ben = day.crew.ben
    absence = absences.sick_today(day.session, ben, day.crew.ben, clock.now())
    absences.end(day.session, ben, absence, clock.now())
    day.session.commit()
    day.later(seconds=30)
    assert (day.step.holder.name, day.found()) == ("Ben", [])
    day.later(seconds=40)
    assert (day.step.holder.name, day.step.handoffs[-1].reason) == ("Fay", "unreached")
    assert day.found() == []
