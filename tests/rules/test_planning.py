"""What the planner creates, moves and drops."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.rules.cadence import Occurrence, Schedule, occurrences, several_a_day
from webapp.rules.planning import Plan, PlannedRun, RunState, plan

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
LONDON = ZoneInfo("Europe/London")


def due(key: str, window: int = 45) -> Occurrence:
    """An occurrence in London in winter, so that its key reads as UTC."""
    deadline_at = datetime.fromisoformat(key).replace(tzinfo=UTC)
    return Occurrence(key, deadline_at - timedelta(minutes=window), deadline_at)


def run(key: str, state: RunState = "planned", window: int = 45) -> PlannedRun:
    wanted = due(key, window)
    return PlannedRun(key, wanted.opens_at, wanted.deadline_at, state)


def keys(found: Plan) -> tuple[list[str], list[str], list[str]]:
    return (
        [each.key for each in found.create],
        [each.key for _run, each in found.move],
        [each.key for each in found.drop],
    )


def test_missing_runs_are_created_in_the_order_they_are_due() -> None:
    wanted = [due("2026-11-24T09:00"), due("2026-11-23T09:00")]
    assert keys(plan(wanted, [], NOW)) == (["2026-11-23T09:00", "2026-11-24T09:00"], [], [])


def test_a_plan_that_is_right_changes_nothing() -> None:
    wanted = [due("2026-11-23T09:00"), due("2026-11-24T09:00")]
    existing = [run("2026-11-23T09:00"), run("2026-11-24T09:00")]
    assert keys(plan(wanted, existing, NOW)) == ([], [], [])


def test_a_run_is_not_created_once_its_deadline_is_behind_it() -> None:
    wanted = [due("2026-11-22T06:59"), due("2026-11-22T07:00"), due("2026-11-22T07:01")]
    assert keys(plan(wanted, [], NOW, several_a_day=True)) == (["2026-11-22T07:01"], [], [])


def test_a_run_whose_window_has_begun_is_created_while_its_deadline_is_ahead() -> None:
    assert keys(plan([due("2026-11-22T07:15")], [], NOW))[0] == ["2026-11-22T07:15"]


def test_a_planned_run_with_new_times_moves_under_its_key() -> None:
    planned = run("2026-11-23T09:00")
    later = due("2026-11-23T09:00", window=20)
    found = plan([later], [planned], NOW)
    assert found == Plan(create=[], move=[(planned, later)], drop=[])


def test_a_planned_run_that_nobody_wants_any_more_is_dropped() -> None:
    found = plan([due("2026-11-24T09:00")], [run("2026-11-23T09:00"), run("2026-11-24T09:00")], NOW)
    assert keys(found) == ([], [], ["2026-11-23T09:00"])


def test_open_closed_and_void_runs_are_never_touched() -> None:
    states: list[RunState] = ["open", "closed", "void"]
    existing = [run(f"2026-11-{23 + n}T09:00", state) for n, state in enumerate(states)]
    moved = [due(each.key, window=10) for each in existing]
    assert keys(plan(moved, existing, NOW)) == ([], [], [])
    assert keys(plan([], existing, NOW)) == ([], [], [])


def test_a_run_that_should_have_opened_during_an_outage_is_not_dropped() -> None:
    existing = [run("2026-11-21T09:00"), run("2026-11-22T07:15")]
    assert keys(plan([], existing, NOW)) == ([], [], [])


def test_an_edit_of_todays_deadline_makes_no_second_run_for_today() -> None:
    edited = [due("2026-11-22T08:00"), due("2026-11-23T08:00")]
    states: list[RunState] = ["open", "closed", "planned"]
    for state in states:
        existing = [run("2026-11-22T07:15", state), run("2026-11-23T07:15")]
        found = plan(edited, existing, NOW)
        assert keys(found) == ([], ["2026-11-23T08:00"], [])
        assert [moved.key for moved, _ in found.move] == ["2026-11-23T07:15"]


def test_an_edit_before_todays_run_opens_moves_it() -> None:
    found = plan([due("2026-11-22T10:00")], [run("2026-11-22T09:00")], NOW)
    assert keys(found) == ([], ["2026-11-22T10:00"], [])


def test_a_void_run_keeps_its_key_and_no_more() -> None:
    voided = [run("2026-11-22T09:00", "void")]
    assert keys(plan([due("2026-11-22T09:00")], voided, NOW)) == ([], [], [])
    assert keys(plan([due("2026-11-22T10:00")], voided, NOW))[0] == ["2026-11-22T10:00"]


def test_with_several_a_day_the_next_due_time_of_today_is_its_own_work() -> None:
    wanted = [due("2026-11-22T12:00"), due("2026-11-22T17:00")]
    existing = [run("2026-11-22T07:30", "open"), run("2026-11-22T12:00"), run("2026-11-22T16:00")]
    found = plan(wanted, existing, NOW, several_a_day=True)
    assert keys(found) == (["2026-11-22T17:00"], [], ["2026-11-22T16:00"])


def test_moving_a_location_to_another_zone_moves_its_runs_and_makes_no_second_one() -> None:
    schedule = Schedule("FREQ=DAILY", time(12, 15), date(2026, 1, 1), time(12))
    before = occurrences(schedule, LONDON, NOW, NOW + WEEK)
    existing = [PlannedRun(each.key, each.opens_at, each.deadline_at, "planned") for each in before]
    after = occurrences(schedule, ZoneInfo("America/Chicago"), NOW, NOW + WEEK)
    found = plan(after, existing, NOW)
    assert keys(found) == ([], [each.key for each in after], [])
    assert all(
        moved.deadline_at - planned.deadline_at == timedelta(hours=6)
        for planned, moved in found.move
    )


def test_planning_hour_by_hour_over_a_clock_change_gives_each_date_one_run() -> None:
    schedule = Schedule("FREQ=DAILY", time(1, 30), date(2026, 1, 1), time(0, 45))
    runs: dict[str, PlannedRun] = {}
    start = datetime(2026, 10, 20, tzinfo=UTC)
    for hour in range(24 * 10):
        now = start + timedelta(hours=hour)
        wanted = occurrences(schedule, LONDON, now, now + WEEK)
        found = plan(wanted, runs.values(), now, several_a_day=several_a_day(schedule))
        assert keys(found)[1:] == ([], [])
        for each in found.create:
            assert each.key not in runs
            runs[each.key] = PlannedRun(each.key, each.opens_at, each.deadline_at, "planned")
    dates = [key[:10] for key in runs]
    assert dates == [(date(2026, 10, 20) + timedelta(days=n)).isoformat() for n in range(17)]
