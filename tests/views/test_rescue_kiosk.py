"""A kiosk's rescue file: its work counts as a person's only where their PIN bears it out."""

from io import BytesIO

import pytest

from tests.kiosks import WRONG
from tests.rescue_files import contents, zipped
from tests.views.api_day import NOTES
from tests.views.kiosk_day import kiosk_day, sealed  # noqa: F401
from webapp import context
from webapp.models import Command, Event, Turn
from webapp.services import rescue_file
from webapp.views.rescue_intake import Intake


@pytest.fixture
def day(kiosk_day):  # noqa: F811
    return kiosk_day(steps=NOTES)


def kept(day, turn, who="ana", **more):
    """A command as it lies on the tablet."""
    command = day.tablet.command(turn, **more)
    return command | {"person": day.crew.people[who].id, "run": day.step.run_id}


def takes_in(day, *commands, turns=(), dry_run=False):
    document = contents(
        day.clock.now(), day.crew, list(commands), device=day.tablet.device, turns=list(turns)
    )
    intake = Intake(
        day.session, day.crew.organisation, context.settings().blob_dir, day.clock.now()
    )
    with rescue_file.opened(BytesIO(zipped(document))) as file:
        items = intake.take(file, day.crew.olivia.id, dry_run=dry_run)
    day.session.expire_all()
    return [(item.outcome, item.words) for item in items]


def test_work_whose_pin_was_right_at_the_tablet_is_its_persons(day):
    command = kept(day, day.tablet.verified("ana"))
    assert takes_in(day, command) == [("applied", "The step is done.")]
    noted = day.session.query(Event).filter_by(kind="step.done").one()
    assert noted.payload["kiosk"]["turn"] == command["turn"]


def test_a_seal_in_the_file_is_opened_when_it_is_taken_in(day):
    turn = day.tablet.turn("ana")
    command = kept(day, turn["turn"])
    assert takes_in(day, command, turns=[turn]) == [("applied", "The step is done.")]
    assert day.session.get_one(Turn, (day.crew.org_id, turn["turn"])).verified_at


def test_a_wrong_pin_in_the_file_is_counted_and_its_work_held(day):
    turn = day.tablet.turn("ana", WRONG)
    said = "Said to be by Ana; the PIN did not fit."
    assert takes_in(day, kept(day, turn["turn"]), turns=[turn]) == [("held", said)]
    answer = day.tablet.begins("ana", WRONG)
    assert answer.json["tries_left"] == 3


@pytest.mark.parametrize("named", ["turn-of-nobody", None])
def test_work_without_a_turn_that_is_known_is_held(day, named):
    command = kept(day, named)
    said = "Said to be by Ana; the PIN could not be checked."
    assert takes_in(day, command) == [("held", said)]
    assert day.session.get_one(Command, (day.crew.org_id, command["id"])).turn_id is None


def test_nobody_is_given_the_work_of_anothers_turn(day):
    command = kept(day, day.tablet.verified("ben"), who="ana")
    assert takes_in(day, command) == [("held", "Said to be by Ana; the PIN could not be checked.")]


def test_what_was_done_before_the_browser_became_a_kiosk_is_as_from_a_phone(day):
    command = kept(day, None, captured_at=day.clock.now().isoformat())
    day.clock.advance(minutes=1)
    day.tablet = day.another_tablet(name="Office")
    assert takes_in(day, command) == [("applied", "The step is done.")]


def test_a_dry_run_opens_no_seal(day):
    turn = day.tablet.turn("ana", WRONG)
    takes_in(day, kept(day, turn["turn"]), turns=[turn], dry_run=True)
    assert day.session.query(Turn).count() == 0
