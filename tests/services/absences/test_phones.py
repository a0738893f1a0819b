"""What phones show of work that somebody else will hold."""

from tests.factories import process
from tests.services.absences.shared import DAY, GATE, TODAY
from webapp.services import board, stand_ins


def test_planned_work_is_shown_to_who_will_hold_it_and_not_to_who_is_away(
    stored, clock, crew, away
):
    process(stored, crew, clock.now(), steps=GATE)
    away("ana", TODAY + DAY)

    def shown(who: str) -> list[str]:
        return [run.occurrence[:10] for run in board.mine(stored, crew.people[who], clock.now())]

    assert shown("ana") == ["2026-11-23", "2026-11-25"]
    assert shown("ben") == ["2026-11-24"]
    assert shown("fay") == shown("olivia") == []


def test_with_nobody_else_there_the_owner_sees_the_planned_work(stored, clock, crew, away):
    process(stored, crew, clock.now(), steps=GATE)
    for who in ("ana", "ben", "fay"):
        away(who, TODAY + DAY)
    (run,) = board.mine(stored, crew.olivia, clock.now())
    assert run.occurrence[:10] == "2026-11-24"


def test_the_planned_work_of_somebody_who_left_is_shown_to_the_next(stored, clock, crew):
    process(stored, crew, clock.now(), steps=GATE)
    crew.ana.deactivated_at = clock.now()
    stored.commit()
    assert len(board.mine(stored, crew.ben, clock.now())) == 3


def test_who_stands_in_is_named_now_and_for_the_next_days(stored, clock, crew, day, away):
    monday = day()
    away("ben", TODAY + DAY)
    away("ana", TODAY, TODAY + DAY)
    before = stand_ins.away_now(stored, crew.ana, clock.now())
    monday.later(seconds=1)
    after = stand_ins.away_now(stored, crew.ana, clock.now())
    assert before.held_by == after.held_by == ("Ben", "Fay")
