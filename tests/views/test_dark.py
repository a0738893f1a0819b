"""A holder's phone that is dark: said to the next in the chain, on the run's page, to the owner."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import proof
from tests.views.api_day import api_day  # noqa: F401
from webapp.models import Event, OutboxMessage
from worker.message import compose, note_of

GATE = (("Gate latch", proof("note")),)
HEARD = "Ana's Android phone was last heard from at 05:58."


@pytest.fixture
def monday(api_day, clock):  # noqa: F811
    """Ana's phone was last heard from at 05:58; her run opened at 06:30."""
    made = api_day(steps=GATE)
    opened_at = clock.shows
    clock.shows = opened_at - timedelta(minutes=32)
    made.sync("ana", user_agent="Mozilla/5.0 (Android 13; Mobile; rv:130.0)")
    clock.shows = opened_at
    return made


def missed(monday) -> str:
    """Ana misses it; returns what Ben is told."""
    monday.later(minutes=55)
    assert monday.step.holder.name == "Ben"
    query = select(OutboxMessage).where(
        OutboxMessage.kind == "handoff", OutboxMessage.person_id == monday.crew.ben.id
    )
    row = monday.session.scalars(query).one()
    return compose([note_of(row)]).payload.decode()


def page(monday) -> str:
    text = monday.browser("olivia").get(f"/runs/{monday.step.run_id}").text
    return text.replace("&#39;", "'")


def test_the_next_in_the_chain_is_told_that_the_phone_is_dark(monday):
    assert f"Ana did not get to it. {HEARD}" in missed(monday)
    assert HEARD in page(monday)
    told = monday.session.scalars(select(Event).where(Event.kind == "step.handed_on")).one()
    assert told.payload["dark_since"] is not None
    step = monday.browser("ben").get(f"/api/v1/step-runs/{monday.step.id}").json
    assert step["handed_over"]["dark_device"] == "Ana's Android phone"
    assert step["handed_over"]["dark_since"] == step["handoffs"][0]["dark_since"] is not None


def test_a_phone_that_was_heard_from_since_the_run_opened_is_not_dark(monday):
    monday.sync("ana")
    assert "last heard from" not in missed(monday)
    assert "last heard from" not in page(monday)


def test_a_phone_in_a_pocket_that_answered_a_push_is_not_dark(monday):
    opened = {"step_runs": [monday.step.id], "device": "phone-of-ana", "event": "opened"}
    assert monday.browser("ana").post("/api/v1/receipts", json=opened).status_code == 204
    assert "last heard from" not in missed(monday)


def test_of_somebody_without_any_device_nothing_is_said(api_day):  # noqa: F811
    assert "last heard from" not in missed(api_day(steps=GATE))


def test_who_says_that_they_cannot_do_it_is_not_dark(monday):
    monday.does("ana", "cannot_do", reason="No key.")
    monday.session.expire_all()
    assert monday.step.handoffs[0].dark_since is None


def test_the_second_holder_counts_from_when_they_had_it(monday):
    monday.sync("ben")
    missed(monday)
    monday.later(minutes=20)
    assert monday.step.holder.name == "Fay"
    assert "Ben's device PHON was last heard from at 06:30." in page(monday)


def test_a_trail_that_is_read_later_names_the_day_and_not_yesterday(monday):
    missed(monday)
    (handoff,) = monday.step.handoffs
    handoff.dark_since -= timedelta(days=1)
    monday.session.commit()
    assert "was last heard from at 05:58 yesterday." in page(monday)
    monday.clock.advance(days=7)
    assert "was last heard from at 05:58 on 22 November." in page(monday)


def test_work_done_in_time_that_arrives_afterwards_explains_the_miss_with_both_facts(monday):
    done = monday.command(1, captured_at=(monday.clock.now() + timedelta(minutes=30)).isoformat())
    missed(monday)
    answer = monday.sync("ana", done)
    assert [each["code"] for each in answer.json["results"]] == ["done_in_time"]
    query = select(OutboxMessage).where(OutboxMessage.kind == "not_needed")
    told = monday.session.scalars(query).one()
    assert told.person_id == monday.crew.ben.id
    shown = page(monday)
    assert "It was missed, as far as could be known then, and had been done in time." in shown
    assert "Ana had done it before it was missed at 07:20: 07:00 by the phone" in shown
    assert "Ben need not do it: it was done in time." in shown


def test_the_owners_page_names_a_phone_that_holds_work_back(monday):
    said = {"waiting": 3, "oldest": monday.clock.now().isoformat(), "seqs": [1, 2, 3]}
    monday.sync("ana", device_state=said)
    assert "pieces of work" not in inbox(monday)
    monday.clock.advance(days=7)
    shown = inbox(monday)
    assert "Ana's Android phone was last heard from at 06:30 on 23 November." in shown
    assert "3 pieces of work waited on it then" in shown
    assert "Ana holds open: “Gate latch”." in shown
    assert 'href="/devices#device-phone-of-ana"' in shown


def inbox(monday) -> str:
    return monday.browser("olivia").get("/inbox").text.replace("&#39;", "'")
