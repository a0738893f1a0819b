"""Steps that open later, over the API: in today's runs, and in one batch of a device."""

from typing import Any

import pytest
from apiflask import APIFlask
from flask import current_app

from tests.factories import crew_of_a_daycare
from tests.services.test_later import LATER, STEPS
from tests.views.api_day import ApiDay

WARM = {"kind": "number", "value": "45", "corrective": "Called the repair line."}


@pytest.fixture
def monday(stored, clock) -> ApiDay:
    app: APIFlask = current_app._get_current_object()
    crew = crew_of_a_daycare(stored, clock.now())
    return ApiDay(app, stored, clock, crew, steps=STEPS, later=LATER, review="none")


def steps_of(day: ApiDay, who: str = "ana") -> list[dict[str, Any]]:
    runs = day.browser(who).get("/api/v1/today").json["runs"]
    (run,) = [run for run in runs if run["state"] == "open"]
    return run["steps"]


def test_a_device_has_the_question_with_the_run(monday):
    fridge, food, buffet, clear = steps_of(monday)
    assert fridge["later"] is None
    assert food["later"] == {
        "opens_at": None,
        "said": [
            {
                "text": "Only if %(step)s is outside %(low)s to %(high)s",
                "values": {"step": "Fridge", "low": "33", "high": "41 °F"},
            }
        ],
        "only_if": {
            "step": fridge["id"],
            "skipped": False,
            "inside": False,
            "min": "33",
            "max": "41",
        },
        "after": None,
    }
    after = {"step": buffet["id"], "wait_minutes": 120, "due_minutes": 15}
    assert (clear["later"]["only_if"], clear["later"]["after"]) == (None, after)
    assert (food["state"], food["mine"]) == ("waiting", True)


def test_an_answer_and_what_follows_from_it_arrive_in_one_batch(monday):
    reading = monday.command(1, proof=WARM)
    moved, early = monday.command(2, seq=2), monday.command(4, seq=3)
    answer = monday.sync("ana", reading, moved, early)
    codes = [(each["status"], each["code"]) for each in answer.json["results"]]
    assert codes == [("applied", "done"), ("applied", "done"), ("held", "not_open_yet")]


def test_a_time_that_is_known_is_given_with_its_deadline(monday):
    monday.sync("ana", monday.command(3))
    clear = steps_of(monday)[3]
    assert clear["later"]["opens_at"] is not None
    assert clear["deadline_at"] > clear["later"]["opens_at"]


def test_who_is_left_out_says_why(monday):
    monday.sync("ana", monday.command(1, proof={"kind": "number", "value": "38"}))
    food = steps_of(monday)[1]
    assert (food["state"], food["closed"], food["mine"]) == ("skipped", None, False)
    assert food["later"]["said"] == [
        {"text": "Not needed: %(step)s was %(said)s", "values": {"step": "Fridge", "said": "38 °F"}}
    ]


def test_the_page_of_the_run_says_what_its_steps_wait_for(monday):
    run_id = monday.step.run_id
    page = monday.browser("olivia").get(f"/runs/{run_id}").text
    assert "Only if Fridge is outside 33 to 41 °F." in page
    assert "Opens 2 h after Buffet out." in page
    monday.sync("ana", monday.command(1, proof={"kind": "number", "value": "38"}))
    monday.sync("ana", monday.command(3))
    page = monday.browser("olivia").get(f"/runs/{run_id}").text
    assert "Not needed: Fridge was 38 °F." in page
    assert "Opens at 08:30." in page
