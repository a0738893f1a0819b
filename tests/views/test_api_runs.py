"""What people see of runs: what is theirs now, and nothing that is not theirs to see."""

from datetime import timedelta

import pytest

from tests.factories import proof
from tests.views.api_day import NOTES, api_day  # noqa: F401


@pytest.fixture
def monday(api_day):  # noqa: F811
    return api_day(steps=NOTES)


def today(day, who: str) -> list[dict]:
    return day.browser(who).get("/api/v1/today").json["runs"]


def runs(day, who: str, **asked: str) -> list[str]:
    answer = day.browser(who).get("/api/v1/runs", query_string=asked)
    assert answer.status_code == 200, answer.json
    return [run["occurrence"][:10] for run in answer.json["runs"]]


def test_today_says_who_asks_and_what_is_theirs_now_and_in_the_next_days(monday):
    answer = monday.browser("ana").get("/api/v1/today").json
    assert answer["person"] == {
        "id": monday.crew.ana.id,
        "name": "Ana",
        "role": "staff",
        "language": None,
    }
    assert answer["organisation"]["name"] == "Sunflower"
    assert [run["occurrence"][:10] for run in answer["runs"]] == [
        "2026-11-23",
        "2026-11-24",
        "2026-11-25",
    ]
    assert [run["state"] for run in answer["runs"]] == ["open", "planned", "planned"]


def test_a_step_says_all_that_is_needed_to_do_it_offline(monday):
    step = today(monday, "ana")[0]["steps"][0]
    assert (step["state"], step["mine"], step["attempt"], step["level"]) == ("open", True, 1, 0)
    assert step["proof"]["kind"] == "note"
    assert step["deadline_at"] == "2026-11-23T13:15:00Z"
    assert step["escalate_at"] == "2026-11-23T13:20:00Z"
    assert [(each["role"], each["person"]["name"]) for each in step["chain"]] == [
        ("assignee", "Ana"),
        ("backup", "Ben"),
        ("fallback", "Fay"),
        ("owner", "Olivia"),
    ]
    assert step["handed_over"] is step["sent_back"] is step["closed"] is step["missed_at"] is None


def test_a_planned_run_is_its_responsible_persons_already(monday):
    planned = today(monday, "ana")[1]
    assert [step["mine"] for step in planned["steps"]] == [True] * 3


def test_a_handed_over_step_comes_up_for_its_new_holder_and_says_why(monday):
    assert today(monday, "ben") == []
    monday.later(minutes=50)
    step = today(monday, "ben")[0]["steps"][0]
    assert (step["mine"], step["level"]) == (True, 1)
    assert step["handed_over"]["from"]["name"] == "Ana"
    assert step["handed_over"]["reason"] == "missed"
    assert step["missed_at"] == "2026-11-23T13:20:00Z"


def test_what_one_did_today_stays_in_sight_until_the_next_morning(monday):
    monday.sync("ana", *[monday.command(position) for position in (1, 2, 3)])
    shown = today(monday, "ana")[0]
    assert (shown["state"], shown["steps"][0]["closed"]["by"]["name"]) == ("closed", "Ana")
    assert shown["steps"][0]["closed"]["words"] == "Done."
    monday.later(hours=20)
    assert "2026-11-23" not in [run["occurrence"][:10] for run in today(monday, "ana")]


def test_a_note_on_how_it_was_fixed_comes_with_the_next_run(monday):
    asked = monday.command(1, kind="fix_note", proof=None)
    answer = monday.sync("ana", asked | {"text": "Oiled the latch."})
    assert answer.json["results"][0]["code"] == "noted"
    shown = today(monday, "ana")[1]["fix_note"]
    assert (shown["text"], shown["by"]["name"]) == ("Oiled the latch.", "Ana")
    assert (shown["step"], shown["held"]) == (monday.step.title, None)


def test_a_fix_after_which_the_step_failed_once_more_did_not_hold(monday):
    monday.later(minutes=50)
    asked = monday.command(1, kind="fix_note", proof=None)
    monday.sync("ana", asked | {"text": "Oiled the latch."})
    monday.later(hours=23)
    assert held(monday) == {None}  # its own run was missed: that is what it was written for
    monday.later(hours=1)
    assert held(monday) == {False}


def held(day) -> set[bool | None]:
    """Whether the fix held, as the days ahead of its own say."""
    found = day.browser("olivia").get("/api/v1/runs").json["runs"]
    return {run["fix_note"]["held"] for run in found if run["occurrence"][:10] > "2026-11-24"}


def test_owners_see_all_runs_managers_their_locations_and_staff_their_own(monday):
    week = [f"2026-11-{day}" for day in (23, 24, 25, 26, 27)]
    assert runs(monday, "olivia") == week
    assert runs(monday, "maya") == week
    assert runs(monday, "ana") == ["2026-11-23"]
    assert runs(monday, "ben") == []
    monday.crew.maya.locations = []
    monday.session.commit()
    assert runs(monday, "maya") == []


def test_runs_are_found_by_state_place_process_and_time(monday):
    run = monday.step.run
    assert runs(monday, "olivia", state="open") == ["2026-11-23"]
    assert len(runs(monday, "olivia", state="planned")) == 4
    assert len(runs(monday, "olivia", location=run.location_id, process=run.process_id)) == 5
    assert runs(monday, "olivia", location="01NEVER0000000000000000000") == []
    since = run.deadline_at + timedelta(days=1)
    until = since + timedelta(days=1)
    found = runs(monday, "olivia", since=since.isoformat(), until=until.isoformat())
    assert found == ["2026-11-24"]


def test_runs_come_page_by_page_in_their_order(monday):
    browser, seen, after = monday.browser("olivia"), [], None
    while True:
        asked = {"limit": 2} | ({"after": after} if after else {})
        page = browser.get("/api/v1/runs", query_string=asked).json
        seen.append([run["occurrence"][8:10] for run in page["runs"]])
        after = page["next"]
        if after is None:
            break
    assert seen == [["23", "24"], ["25", "26"], ["27"]]


@pytest.mark.parametrize("wrong", [{"after": "01NEVER0000000000000000000"}, {"limit": 0}])
def test_a_page_after_no_run_or_of_no_length_is_refused(monday, wrong):
    answer = monday.browser("olivia").get("/api/v1/runs", query_string=wrong)
    assert answer.status_code == (404 if "after" in wrong else 422)


@pytest.mark.parametrize(
    "wrong",
    [{"since": "yesterday"}, {"since": "2026-11-23"}, {"until": "0001-01-01T00:00:00+14:00"}],
)
def test_a_time_that_cannot_be_read_is_refused_by_name(monday, wrong):
    answer = monday.browser("olivia").get("/api/v1/runs", query_string=wrong)
    assert (answer.status_code, answer.json["code"]) == (422, "not_valid")
    assert next(iter(wrong)) in answer.json["fields"]


def test_staff_see_the_runs_in_whose_chain_they_stand_and_no_other(api_day):  # noqa: F811
    monday = api_day(steps=NOTES)
    address = f"/api/v1/runs/{monday.step.run_id}"
    assert monday.browser("fay").get(address).status_code == 200
    for step in monday.step.run.step_runs:
        step.chain = [level for level in step.chain if level["name"] != "Fay"]
        step.last_level = 2
    monday.session.commit()
    answer = monday.browser("fay").get(address)
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_a_step_run_shows_every_proof_and_every_move(monday):
    monday.later(minutes=50)
    monday.sync("ben", monday.command(1, text="All good."))
    shown = monday.browser("olivia").get(f"/api/v1/step-runs/{monday.step.id}").json
    given, moved = shown["proofs"][0], shown["handoffs"][0]
    assert (given["by"]["name"], given["text"], given["state"]) == ("Ben", "All good.", "current")
    assert (moved["from"]["name"], moved["to"]["name"], moved["level"]) == ("Ana", "Ben", 1)
    assert moved["due_at"] == "2026-11-23T13:20:00Z"
    assert moved["told"] == {
        "queued_at": "2026-11-23T13:20:00Z",
        "accepted_at": None,
        "reached_at": "2026-11-23T13:20:00Z",
        "opened_at": "2026-11-23T13:20:00Z",
        "acted_at": "2026-11-23T13:20:00Z",
        "state": "acted",
        "channel": "push",
        "outcome": "not_needed",
    }


def test_staff_see_how_far_only_their_own_messages_came(monday):
    monday.later(minutes=50)
    address = f"/api/v1/step-runs/{monday.step.id}"
    told = {
        who: monday.browser(who).get(address).json["handoffs"][0]["told"]
        for who in ("ana", "ben", "maya")
    }
    assert told["ana"] is None
    assert told["ben"]["state"] == told["maya"]["state"] == "queued"


def test_looking_changes_nothing(api_day):  # noqa: F811
    monday = api_day(steps=(("Room", proof("photo")),))
    before = monday.browser("ana").get(f"/api/v1/step-runs/{monday.step.id}").json
    for address in ("/api/v1/today", "/api/v1/runs", f"/api/v1/runs/{monday.step.run_id}"):
        assert monday.browser("ana").head(address).status_code == 200
        monday.browser("ana").get(address)
    assert monday.browser("ana").get(f"/api/v1/step-runs/{monday.step.id}").json == before
