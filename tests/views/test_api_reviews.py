"""The owner decides on exactly the evidence that was seen."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests.audited import finds_nothing
from tests.day import photo
from tests.factories import proof
from tests.likeness.shots import by_hand, handed_in_again
from tests.statements import statements
from tests.views.api_day import api_day  # noqa: F401
from webapp.models import Event, Location, OutboxMessage, Run, StepRun

TWO_ROOMS = (("Room", proof("photo")), ("Yard", proof("photo")))


@pytest.fixture
def monday(api_day):  # noqa: F811
    return api_day(steps=TWO_ROOMS)


def gives(day, who: str, colour: str, position: int = 1) -> StepRun:
    content = photo(colour)
    day.put(who, content)
    step = day.step.run.step_runs[position - 1]
    day.announces(who, content, step_run=step.id, attempt=step.attempt)
    day.session.expire_all()
    return step


def decides(day, who: str, step: StepRun, decision: str = "approve", **more):
    body = {"decision": decision, "seen": step.proof.evidence_sha256 if step.proof else "0" * 64}
    return day.browser(who).post(f"/api/v1/reviews/{step.id}", json=body | more)


def told(answer) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def test_what_waits_is_listed_oldest_first_with_what_is_needed_to_decide(monday):
    first = gives(monday, "ana", "red")
    monday.clock.advance(minutes=1)
    second = gives(monday, "ana", "blue", 2)
    waiting = monday.browser("olivia").get("/api/v1/reviews").json["reviews"]
    assert [each["step_run"] for each in waiting] == [first.id, second.id]
    assert [(each["position"], each["of"]) for each in waiting] == [(1, 2), (2, 2)]
    shown = waiting[0]
    assert (shown["title"], shown["process"], shown["location"]) == (
        "Room",
        "Opening check",
        "Downtown",
    )
    assert (shown["by"]["name"], shown["took_over_from"], shown["next"]) == ("Ana", None, second.id)
    assert shown["proof"]["evidence"] == first.proof.evidence_sha256
    assert shown["proof"]["sha256"] == first.proof.blob_sha256
    assert shown["proof"]["captured"]["trust"] == "live"
    assert shown["decided"] is None


def test_a_review_says_from_whom_the_step_was_taken_over(monday):
    monday.later(minutes=50)
    step = gives(monday, "ben", "red")
    shown = monday.browser("olivia").get(f"/api/v1/reviews/{step.id}").json
    assert (shown["by"]["name"], shown["took_over_from"]["name"]) == ("Ben", "Ana")


def test_approving_what_was_seen_closes_the_step(monday):
    step = gives(monday, "ana", "red")
    answer = decides(monday, "olivia", step)
    assert answer.status_code == 200
    assert answer.json["decided"]["decision"] == "approve"
    assert answer.json["decided"]["by"]["name"] == "Olivia"
    assert (step.state, step.closed_at) == ("done", monday.clock.now())
    assert monday.session.scalars(select(Event).where(Event.kind == "review.approved")).one()


def test_sending_back_says_why_and_reopens_only_that_step(monday):
    first, second = gives(monday, "ana", "red"), gives(monday, "ana", "blue", 2)
    answer = decides(monday, "olivia", first, "send_back", reason="Too dark.")
    assert answer.json["decided"]["reason"] == "Too dark."
    assert (first.state, first.attempt, second.state) == ("open", 2, "in_review")
    shown = monday.browser("ana").get(f"/api/v1/step-runs/{first.id}").json
    assert (shown["sent_back"]["reason"], shown["sent_back"]["by"]["name"]) == (
        "Too dark.",
        "Olivia",
    )


@pytest.mark.parametrize("reason", [None, "", "   ", "\x00"])
def test_sending_back_without_a_reason_is_refused(monday, reason):
    step = gives(monday, "ana", "red")
    answer = decides(monday, "olivia", step, "send_back", reason=reason)
    assert told(answer) == (422, "reason_missing")
    assert step.state == "in_review"


def test_an_approval_of_evidence_that_was_replaced_is_refused(monday):
    step = gives(monday, "ana", "red")
    seen = step.proof.evidence_sha256
    decides(monday, "olivia", step, "send_back", reason="Too dark.")
    gives(monday, "ana", "blue")
    assert told(decides(monday, "olivia", step, seen=seen)) == (409, "proof_replaced")
    assert step.state == "in_review"
    assert decides(monday, "olivia", step).status_code == 200


@pytest.mark.parametrize("again", ["approve", "send_back"])
def test_what_is_decided_stays_decided(monday, again):
    step = gives(monday, "ana", "red")
    seen = step.proof.evidence_sha256
    decides(monday, "olivia", step)
    answer = decides(monday, "maya", step, again, seen=seen, reason="Not so.")
    assert told(answer) == (409, "already_decided")
    assert step.state == "done"


def test_a_manager_decides_for_their_locations_and_for_no_other(monday):
    step = gives(monday, "ana", "red")
    monday.crew.maya.locations = []
    monday.session.commit()
    assert told(decides(monday, "maya", step)) == (404, "not_found")
    assert monday.browser("maya").get("/api/v1/reviews").json["reviews"] == []
    monday.crew.maya.locations = [monday.crew.location]
    monday.session.commit()
    assert decides(monday, "maya", step).status_code == 200


def test_staff_do_not_decide_not_even_on_others(monday):
    step = gives(monday, "ana", "red")
    assert told(decides(monday, "ben", step)) == (403, "not_allowed")


@pytest.mark.parametrize("asked", ["one that is there", "01NEVER0000000000000000000"])
def test_for_staff_a_proof_is_not_there_whether_it_is_or_not(monday, asked):
    step = gives(monday, "ana", "red")
    address = step.id if asked == "one that is there" else asked
    assert told(monday.browser("ben").get(f"/api/v1/reviews/{address}")) == (404, "not_found")


@pytest.mark.parametrize(
    "wrong",
    [{"decision": "maybe"}, {"seen": "short"}, {"seen": None}, {"reason": ["x"]}, {"extra": 1}],
)
def test_a_decision_that_cannot_be_read_is_refused(monday, wrong):
    step = gives(monday, "ana", "red")
    assert told(decides(monday, "olivia", step, **wrong)) == (422, "not_valid")
    assert step.state == "in_review"


def test_a_step_without_proof_has_nothing_to_decide(monday):
    assert told(decides(monday, "olivia", monday.step)) == (409, "already_decided")


def test_the_code_at_the_spot_is_not_told(api_day):  # noqa: F811
    monday = api_day(steps=(("Gate", proof("scan", scan_code="SECRET-SPOT")),), review="all")
    step = monday.step
    monday.sync("ana", monday.command(proof={"kind": "scan", "code": "SECRET-SPOT"}))
    assert step.state == "in_review"
    for who in ("ana", "ben"):
        for address in ("/api/v1/today", f"/api/v1/runs/{step.run_id}"):
            assert "scan_code" not in monday.browser(who).get(address).text


def test_a_longer_queue_takes_no_more_statements(api_day):  # noqa: F811
    colours = ("red", "blue", "green", "navy")
    day = api_day(steps=tuple((colour, proof("photo")) for colour in colours))
    olivia = day.browser("olivia")

    def asked() -> tuple[int, int]:
        day.session.expire_all()
        with statements(day.session) as ran:
            listed = olivia.get("/api/v1/reviews").json["reviews"]
        return len(listed), len(ran)

    gives(day, "ana", colours[0])
    one, few = asked()
    for position, colour in enumerate(colours[1:], start=2):
        gives(day, "ana", colour, position)
    assert (one, asked()) == (1, (4, few))


def alike(day) -> tuple[StepRun, StepRun]:
    """Two rooms with one picture: the second step is reviewed for it."""
    steps = day.step.run.step_runs
    for step, content in zip(steps, (by_hand(0), handed_in_again("mirrored")), strict=True):
        day.put("ana", content)
        day.announces("ana", content, step_run=step.id)
    day.session.expire_all()
    return steps[0], steps[1]


def test_a_photo_that_looks_like_an_earlier_one_is_shown_beside_it(monday):
    first, second = alike(monday)
    listed = monday.browser("olivia").get("/api/v1/reviews").json["reviews"]
    shown = monday.browser("olivia").get(f"/api/v1/reviews/{second.id}").json
    assert [each["like"] for each in listed] == [None, shown["like"]]
    at = shown["like"].pop("at")
    assert at == listed[0]["proof"]["captured"]["estimated"]
    assert shown["like"] == {
        "kind": "alike",
        "rotated": True,
        "step_run": first.id,
        "title": "Room",
        "process": "Opening check",
        "location": "Downtown",
        "time_zone": "America/Chicago",
        "by": {"id": monday.crew.ana.id, "name": "Ana"},
        "sha256": first.proof.blob_sha256,
    }


def test_who_took_a_photo_like_an_earlier_one_is_told_why_it_waits(monday):
    _first, second = alike(monday)
    step = monday.browser("ana").get(f"/api/v1/step-runs/{second.id}").json
    assert (step["state"], step["review_why"]) == ("in_review", "photo_like_before")
    assert step["review_words"].endswith("because it looks like an earlier photo.")


def test_how_it_should_look_is_shown_with_the_proof(monday):
    step = gives(monday, "ana", "red")
    assert monday.browser("olivia").get(f"/api/v1/reviews/{step.id}").json["picture"] is None
    step.picture_sha256, step.picture_alt = step.proof.blob_sha256, "A tidy room"
    monday.session.commit()
    shown = monday.browser("olivia").get(f"/api/v1/reviews/{step.id}").json["picture"]
    assert shown == {"sha256": step.proof.blob_sha256, "alt": "A tidy room"}


def test_the_same_bytes_are_shown_beside_themselves(monday):
    first, second = gives(monday, "ana", "red"), gives(monday, "ana", "red", 2)
    shown = monday.browser("maya").get(f"/api/v1/reviews/{second.id}").json["like"]
    assert (shown["kind"], shown["step_run"]) == ("same", first.id)


def test_a_photo_of_a_place_that_is_not_the_managers_is_named_by_when_and_where(monday):
    first, second = alike(monday)
    elsewhere = Location(
        org_id=first.org_id, name="Uptown", time_zone="UTC", created_at=monday.clock.now()
    )
    run = Run(
        org_id=first.org_id,
        process=first.run.process,
        version=first.run.version,
        location=elsewhere,
        occurrence=first.run.occurrence,
        opens_at=first.run.opens_at,
        deadline_at=first.run.deadline_at,
    )
    monday.session.add(run)
    first.run = run
    monday.session.commit()
    shown = monday.browser("maya").get(f"/api/v1/reviews/{second.id}").json["like"]
    assert shown["location"] == "Uptown"
    hidden = ("step_run", "title", "process", "by", "sha256")
    assert [shown[name] for name in hidden] == [None] * 5


def takes_back(day, who: str, step: StepRun):
    answer = day.browser(who).delete(f"/api/v1/reviews/{step.id}")
    day.session.expire_all()
    return answer


def kinds_of(day, subject: str) -> list[str]:
    query = select(Event.kind).where(Event.subject == subject).order_by(Event.seq)
    return list(day.session.scalars(query))


def test_an_approval_is_taken_back_with_the_run_that_it_closed(api_day):  # noqa: F811
    day = api_day(steps=TWO_ROOMS[:1])
    step = gives(day, "ana", "red")
    decides(day, "olivia", step)
    day.session.expire_all()
    assert (step.state, step.run.state) == ("done", "closed")
    day.clock.advance(seconds=59)
    answer = takes_back(day, "olivia", step)
    assert (answer.status_code, answer.json["decided"]) == (200, None)
    assert (step.state, step.run.state, step.closed_at) == ("in_review", "open", None)
    assert kinds_of(day, step.id)[-2:] == ["review.approved", "review.withdrawn"]
    assert decides(day, "olivia", step, "send_back", reason="Dark.").status_code == 200


def test_a_proof_sent_back_by_mistake_waits_again_and_nobody_was_told(monday):
    step = gives(monday, "ana", "red")
    decides(monday, "olivia", step, "send_back", reason="Dark.")
    assert takes_back(monday, "olivia", step).json["state"] == "in_review"
    assert (step.attempt, step.proof.state, step.sent_back_at) == (1, "current", None)
    query = select(OutboxMessage.outcome).where(OutboxMessage.kind == "sent_back")
    assert set(monday.session.scalars(query)) == {"not_needed"}
    assert decides(monday, "olivia", step).status_code == 200


@pytest.mark.parametrize(("decision", "seconds"), [("approve", 60), ("send_back", 10)])
def test_only_who_decided_is_told_until_when_it_may_be_taken_back(monday, decision, seconds):
    step = gives(monday, "ana", "red")
    reason = "Dark." if decision != "approve" else None
    until = decides(monday, "olivia", step, decision, reason=reason).json["undo_until"]
    assert datetime.fromisoformat(until) == monday.clock.now() + timedelta(seconds=seconds)
    address = f"/api/v1/reviews/{step.id}"
    monday.clock.advance(seconds=seconds - 1)
    assert monday.browser("olivia").get(address).json["undo_until"] == until
    assert monday.browser("maya").get(address).json["undo_until"] is None
    monday.clock.advance(seconds=1)
    assert monday.browser("olivia").get(address).json["undo_until"] is None


def test_what_was_built_on_tells_no_time_to_take_it_back(monday):
    step = gives(monday, "ana", "red")
    decides(monday, "olivia", step, "send_back", reason="Dark.")
    gives(monday, "ana", "blue")
    shown = monday.browser("olivia").get(f"/api/v1/reviews/{step.id}").json
    assert shown["undo_until"] is None
    assert datetime.fromisoformat(shown["server_time"]) == monday.clock.now()


@pytest.mark.parametrize(("decision", "seconds"), [("approve", 60), ("send_back", 10)])
def test_after_its_time_a_decision_stays(monday, decision, seconds):
    step = gives(monday, "ana", "red")
    decides(monday, "olivia", step, decision, reason="Dark." if decision != "approve" else None)
    monday.clock.advance(seconds=seconds)
    assert told(takes_back(monday, "olivia", step)) == (409, "undo_too_late")


def test_what_was_built_on_keeps_its_decision(monday):
    step = gives(monday, "ana", "red")
    decides(monday, "olivia", step, "send_back", reason="Dark.")
    monday.session.expire_all()
    gives(monday, "ana", "blue")
    assert told(takes_back(monday, "olivia", step)) == (409, "undo_too_late")


def test_only_who_decided_takes_it_back(monday):
    step = gives(monday, "ana", "red")
    assert told(takes_back(monday, "olivia", step)) == (404, "not_found")
    decides(monday, "olivia", step)
    assert takes_back(monday, "ana", step).status_code == 403
    assert told(takes_back(monday, "maya", step)) == (404, "not_found")


@pytest.mark.parametrize("decision", ["approve", "send_back"])
def test_the_auditor_finds_nothing_after_a_second_thought(api_day, decision):  # noqa: F811
    day = api_day(steps=TWO_ROOMS[:1])
    step = gives(day, "ana", "red")
    decides(day, "olivia", step, decision, reason="Dark." if decision != "approve" else None)
    assert takes_back(day, "olivia", step).status_code == 200
    finds_nothing(day.session, day.clock)
    decides(day, "olivia", step, "send_back", reason="Dark.")
    finds_nothing(day.session, day.clock)


def test_what_was_sent_back_is_seen_beside_what_came_then(monday):
    step = gives(monday, "ana", "red")
    address = f"/api/v1/reviews/{step.id}"
    assert monday.browser("olivia").get(address).json["sent_back"] is None
    first = step.proof
    decides(monday, "olivia", step, "send_back", reason="Chairs on the left are missing.")
    monday.session.expire_all()
    gives(monday, "ana", "blue")
    seen = monday.browser("maya").get(address).json
    assert seen["sent_back"]["reason"] == "Chairs on the left are missing."
    assert seen["sent_back"]["by"]["name"] == "Olivia"
    assert (seen["sent_back"]["kind"], seen["sent_back"]["sha256"]) == ("photo", first.blob_sha256)
    assert seen["proof"]["sha256"] != first.blob_sha256
    [listed] = monday.browser("maya").get("/api/v1/reviews").json["reviews"]
    assert listed["sent_back"] == seen["sent_back"]
