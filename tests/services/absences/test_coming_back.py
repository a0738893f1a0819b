"""Who comes back gets what is not missed, and the handoffs leave their trace."""

from sqlalchemy import select

from tests.services.absences.shared import DAY, NOTE, TODAY, ends, moves, sick, told
from webapp.models import Event, OutboxMessage
from webapp.services import people, stand_ins


def test_coming_back_gives_back_what_is_not_missed_and_tells_who_stood_in(day):
    monday = day()
    absence = sick(monday, "ana")
    assert ends(monday, absence) == 1
    assert (monday.step.holder.name, monday.step.level) == ("Ana", 0)
    assert told(monday.session) == [("handoff", "Ben"), ("handed_back", "Ben")]
    assert monday.session.scalars(select(OutboxMessage.outcome)).first() == "not_needed"


def test_what_came_back_begins_its_chain_anew(day):
    monday = day()
    ends(monday, sick(monday, "ana"))
    monday.later(minutes=50)
    assert (monday.step.holder.name, monday.step.level) == ("Ben", 1)
    assert moves(monday.step)[-1] == ("Ana", "Ben", None, "missed")
    levels = [each.level for each in monday.step.handoffs]
    assert levels == [1]


def test_a_handoff_that_came_back_stays_in_the_record_with_its_level(day):
    monday = day()
    ends(monday, sick(monday, "ana"))
    (handoff,) = monday.step.moves
    assert handoff.returned_at == monday.clock.now()
    assert monday.step.handoffs == []
    kept = monday.session.scalars(select(Event).order_by(Event.seq)).all()
    told = [(e.kind, e.payload.get("level")) for e in kept if e.kind.startswith("step.handed")]
    assert told == [("step.handed_on", 1), ("step.handed_back", 1)]


def test_what_was_missed_stays_with_who_took_it(day):
    monday = day()
    absence = sick(monday, "ana")
    monday.later(minutes=75)
    assert monday.step.holder.name == "Fay"
    assert ends(monday, absence) == 0
    assert monday.step.holder.name == "Fay"


def test_what_was_done_meanwhile_stays_done(day):
    monday = day()
    absence = sick(monday, "ana")
    assert monday.does("ben", proof=NOTE).status == "applied"
    assert ends(monday, absence) == 0
    assert (monday.step.state, monday.step.closed_by.name) == ("done", "Ben")


def test_who_stood_in_may_still_close_what_went_back(day):
    monday = day()
    ends(monday, sick(monday, "ana"))
    assert monday.does("ben", proof=NOTE).status == "applied"
    assert monday.step.closed_by.name == "Ben"


def test_ending_an_absence_twice_gives_nothing_back_twice(day):
    monday = day()
    absence = sick(monday, "ana")
    assert [ends(monday, absence), ends(monday, absence)] == [1, 0]


def test_falling_ill_again_after_coming_back_hands_on_again(day):
    monday = day()
    ends(monday, sick(monday, "ana"))
    sick(monday, "ana")
    assert monday.step.holder.name == "Ben"
    assert [each.returned_at is None for each in monday.step.moves] == [False, True]
    assert [kind for kind, _ in told(monday.session)] == ["handoff", "handed_back", "handoff"]


def test_of_two_absences_over_one_day_both_must_end(day, away):
    monday = day()
    first, second = away("ana", TODAY, TODAY + DAY), away("ana", TODAY - DAY, TODAY)
    monday.later(seconds=1)
    assert (ends(monday, first), monday.step.holder.name) == (0, "Ben")
    assert (ends(monday, second), monday.step.holder.name) == (1, "Ana")


def test_sick_within_a_longer_absence_is_that_absence(day, away):
    monday = day()
    longer = away("ana", TODAY, TODAY + 3 * DAY)
    assert sick(monday, "ana").id == longer.id


def test_absences_in_a_row_are_one_time_away(stored, clock, crew, away):
    away("ana", TODAY), away("ana", TODAY + DAY, TODAY + 3 * DAY), away("ana", TODAY + 9 * DAY)
    found = stand_ins.away_now(stored, crew.ana, clock.now())
    assert (found.until, len(found.absences)) == (TODAY + 3 * DAY, 1)


def test_coming_back_ends_what_covers_today_and_not_what_lies_ahead(stored, clock, crew, away):
    today, later = away("ana", TODAY), away("ana", TODAY + 5 * DAY)
    stand_ins.come_back(stored, crew.ana, crew.ana, clock.now())
    assert (today.ended_at, later.ended_at) == (clock.now(), None)
    assert stand_ins.away_now(stored, crew.ana, clock.now()) is None


def test_who_stood_in_comes_back_first_and_then_the_responsible_one(day):
    monday = day()
    first, second = sick(monday, "ana"), sick(monday, "ben")
    assert (ends(monday, second), monday.step.holder.name) == (1, "Ben")
    assert (ends(monday, first), monday.step.holder.name) == (1, "Ana")


def test_who_comes_back_first_gets_it_even_when_who_stood_in_fell_ill_too(day):
    monday = day()
    anas, _bens = sick(monday, "ana"), sick(monday, "ben")
    assert monday.step.holder.name == "Fay"
    assert ends(monday, anas) == 1
    assert (monday.step.holder.name, monday.step.level) == ("Ana", 0)
    assert monday.step.handoffs == []
    assert told(monday.session)[-1] == ("handed_back", "Fay")


def test_a_step_that_moved_on_for_another_reason_stays_where_it_is(day):
    monday = day()
    absence = sick(monday, "ana")
    monday.does("ben", "cannot_do", reason="I am alone in the kitchen.")
    assert ends(monday, absence) == 0
    assert monday.step.holder.name == "Fay"


def test_who_comes_back_gets_it_from_behind_somebody_who_left(day):
    monday = day()
    absence = sick(monday, "ana")
    people.deactivate(monday.session, monday.crew.olivia, monday.crew.ben, monday.clock.now())
    monday.session.commit()
    monday.later(seconds=1)
    assert monday.step.holder.name == "Fay"
    assert ends(monday, absence) == 1
    assert monday.step.holder.name == "Ana"
