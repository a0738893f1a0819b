"""Facts become words: what one push says, how long it is, and what travels together."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from worker.message import MOST_BYTES, Note, bundle_key, compose, topic

ABOUT = {
    "process": "Opening check",
    "location": "Downtown",
    "time_zone": "America/Chicago",
    "step": "Front room ready",
    "deadline_at": "2026-11-23T13:15:00+00:00",
}
SEEN = "ab" * 32


def handoff(number: int = 1, run: str = "run", **facts: Any) -> Note:
    told = {"from": "Ana", "reason": "missed", "words": None, "last_resort": False}
    return Note(f"message-{number}", "handoff", run, f"step-{number}", ABOUT | told | facts)


def review(**facts: Any) -> Note:
    told = {"by": "Ben", "seen": SEEN, "photo": SEEN, "notes": []}
    return Note("message-1", "review", "run", "step-1", ABOUT | told | facts)


def sent_back(**facts: Any) -> Note:
    told = {"by": "Olivia", "reason": "Too dark."}
    return Note("message-1", "sent_back", "run", "step-1", ABOUT | told | facts)


def not_needed(**facts: Any) -> Note:
    return Note("message-1", "not_needed", "run", "step-1", ABOUT | {"by": "Ana"} | facts)


def reminder(steps: tuple[str, ...] | None = None, step: str = "Front room ready") -> Note:
    about = {name: value for name, value in ABOUT.items() if name != "step"}
    titles = list(steps or (step,))
    only = "step-1" if len(titles) == 1 else None
    return Note("message-1", "reminder", "run", only, about | {"steps": titles})


def handed_back(**facts: Any) -> Note:
    return Note("message-1", "handed_back", "run", "step-1", ABOUT | {"by": "Ana"} | facts)


def trial(**facts: Any) -> Note:
    return Note("message-1", "test", None, None, {"by": "Olivia"} | facts)


EACH_KIND = [handoff, review, sent_back, not_needed, handed_back, trial]


def said(*notes: Note) -> dict[str, Any]:
    return json.loads(compose(list(notes)).payload)


@pytest.mark.parametrize(
    ("note", "title", "body"),
    [
        (
            handoff(),
            "Now yours: Front room ready",
            "Opening check, Downtown, due 07:15. Ana did not get to it.",
        ),
        (
            handoff(last_resort=True),
            "Now yours: Front room ready",
            "Opening check, Downtown, due 07:15. Ana did not get to it. Nobody comes after you.",
        ),
        (
            handoff(reason="cannot_do", words="I am at the dentist."),
            "Now yours: Front room ready",
            "Opening check, Downtown, due 07:15. Ana can't do it: I am at the dentist.",
        ),
        (
            handoff(reason="deactivated"),
            "Now yours: Front room ready",
            "Opening check, Downtown, due 07:15. Ana no longer works here.",
        ),
        (
            handoff(reason="absent"),
            "Now yours: Front room ready",
            "Opening check, Downtown, due 07:15. Ana is away.",
        ),
        (
            handoff(reason="unreached", last_resort=True),
            "Now yours: Front room ready",
            (
                "Opening check, Downtown, due 07:15. Ana could not be reached. "
                "Nobody comes after you."
            ),
        ),
        (
            reminder(),
            "Still to do: Front room ready",
            "Opening check, Downtown, due 07:15.",
        ),
        (
            reminder(("Front room ready", "Gate latch", "Fridge")),
            "Still to do: 3 steps of Opening check",
            "Opening check, Downtown, due 07:15.",
        ),
        (
            handed_back(),
            "Back with Ana: Front room ready",
            "Ana is back. “Front room ready” is with Ana again.",
        ),
        (
            trial(),
            "Test message",
            "Olivia asked for it. You are told like this when something becomes yours.",
        ),
        (review(), "To review: Front room ready", "Ben, Opening check, Downtown."),
        (
            review(notes=["photo_used_before", "outside_range", "something_new"]),
            "To review: Front room ready",
            (
                "Ben, Opening check, Downtown. This photo was used before. "
                "The reading is outside its range."
            ),
        ),
        (
            review(notes=["photo_like_before"]),
            "To review: Front room ready",
            "Ben, Opening check, Downtown. This photo looks like an earlier one.",
        ),
        (
            review(notes=["photo_of_reference"]),
            "To review: Front room ready",
            (
                "Ben, Opening check, Downtown. "
                "This is the picture of how it should look, not a photo of today."
            ),
        ),
        (sent_back(), "Sent back: Front room ready", "Olivia: Too dark."),
        (
            not_needed(),
            "No longer needed: Front room ready",
            "Ana had done it in time. Opening check, Downtown.",
        ),
    ],
)
def test_a_push_says_what_happened_and_who_is_concerned(note, title, body):
    push = said(note)
    assert (push["title"], push["body"]) == (title, body)


def test_the_time_that_is_told_is_the_locations_own():
    assert "due 18:45" in said(handoff(time_zone="Asia/Kolkata"))["body"]


@pytest.mark.parametrize(
    ("note", "url"),
    [
        (handoff(), "/run/run#step-1"),
        (review(), "/approve/step-1"),
        (sent_back(), "/run/run#step-1"),
        (not_needed(), "/run/run#step-1"),
        (handed_back(), "/run/run#step-1"),
        (reminder(), "/run/run#step-1"),
        (reminder(("Front room ready", "Gate latch")), "/run/run"),
        (trial(), "/today"),
    ],
)
def test_a_push_leads_to_the_place_where_it_can_be_dealt_with(note, url):
    assert said(note)["url"] == url


@pytest.mark.parametrize("make", EACH_KIND)
def test_a_push_has_the_members_that_the_service_worker_reads_and_no_secret(make):
    push = said(make())
    assert set(push) == {
        "id", "kind", "title", "body", "url", "tag", "image", "actions", "step_run", "seen",
    }  # fmt: skip
    assert (push["id"], push["kind"]) == ("message-1", make().kind)
    assert push["url"].startswith("/")
    assert "token" not in json.dumps(push)


def test_only_a_review_has_buttons_and_they_are_bound_to_what_was_seen():
    push = said(review())
    assert [button["action"] for button in push["actions"]] == ["approve", "send_back"]
    assert (push["seen"], push["image"]) == (SEEN, f"/api/v1/blobs/{SEEN}?size=page")
    for make in (handoff, sent_back, not_needed, reminder, handed_back, trial):
        assert (said(make())["actions"], said(make())["seen"]) == ([], None)


@pytest.mark.parametrize("note", ["photo_like_before", "photo_used_before"])
def test_a_photo_like_an_earlier_one_is_not_approved_from_a_message_that_shows_one(note):
    push = said(review(notes=[note]))
    assert push["actions"] == [{"action": "look", "title": "Look at both"}]
    assert push["url"] == f"/approve/{push['step_run']}"


def test_the_picture_of_how_it_should_look_is_not_approved_from_a_message():
    alone = said(review(notes=["photo_of_reference"]))
    used = said(review(notes=["photo_of_reference", "photo_used_before"]))
    assert alone["actions"] == [{"action": "look", "title": "Look"}]
    assert used["actions"] == [{"action": "look", "title": "Look at both"}]


def test_a_review_of_a_number_shows_no_image():
    assert said(review(photo=None))["image"] is None


@pytest.mark.parametrize(
    ("make", "urgency"),
    [
        (handoff, "high"),
        (reminder, "high"),
        (sent_back, "high"),
        (review, "normal"),
        (not_needed, "normal"),
        (handed_back, "normal"),
    ],
)
def test_what_must_be_done_now_is_urgent(make, urgency):
    assert compose([make()]).urgency == urgency


def test_eight_steps_of_one_run_are_one_message_that_leads_to_the_run():
    push = said(*[handoff(number) for number in range(1, 9)])
    assert push["title"] == "8 steps of Opening check are now yours"
    assert (push["url"], push["tag"], push["id"]) == ("/run/run", "run-run", "message-1")


def test_steps_of_several_runs_are_one_message_that_leads_to_the_list_of_today():
    fridge = handoff(3, run="other", deadline_at="2026-11-23T13:00:00+00:00", step="Fridge")
    push = said(handoff(1), handoff(2), fridge)
    assert push["title"] == "3 steps in 2 runs are now yours"
    assert push["body"] == "First: Fridge, Opening check, Downtown, due 07:00."
    assert (push["url"], push["id"], push["step_run"]) == ("/today", "message-1", None)


def test_a_message_about_several_runs_replaces_no_message_about_one_of_them():
    bundle = [handoff(1), handoff(2, run="other")]
    alone = [compose([each]) for each in bundle]
    assert compose(bundle).topic not in {push.topic for push in alone}
    tags = {json.loads(push.payload)["tag"] for push in alone}
    assert said(*bundle)["tag"] not in tags
    assert said(*bundle)["tag"] != said(handoff(3), handoff(4, run="other"))["tag"]


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (handoff(1), handoff(2), True),
        (handoff(1), handoff(2, run="other"), True),
        (handoff(1), replace(sent_back(), id="message-2"), False),
        (review(), replace(review(), id="message-2"), False),
        (sent_back(), replace(sent_back(), id="message-2"), False),
    ],
)
def test_only_handoffs_travel_together(one, other, together):
    assert (bundle_key(one) == bundle_key(other)) is together


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (handoff(1), handoff(2), True),
        (handoff(1), handoff(2, run="other"), False),
        (review(), replace(review(), id="message-2"), True),
        (review(), replace(review(), step_run_id="step-2"), False),
        (review(), sent_back(), False),
        (handoff(), not_needed(), False),
        (reminder(), reminder(("Gate latch", "Fridge")), True),
        (reminder(), handoff(), False),
    ],
)
def test_a_newer_push_about_the_same_thing_replaces_the_unread_one(one, other, same):
    assert (topic(one) == topic(other)) is same


@pytest.mark.parametrize("make", EACH_KIND)
def test_a_topic_is_one_that_every_push_service_takes(make):
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,32}", topic(make()))


@pytest.mark.parametrize("letter", ["x", "é", "保", "👩‍🍳", '"', "\\", "\n", "\x01", "\x7f"])
@pytest.mark.parametrize("make", [each for each in EACH_KIND if each is not trial])
def test_absurdly_long_words_still_fit_one_push(make, letter):
    long = letter * 5000
    names = {"process": long, "location": long, "step": long}
    note = make(**names | {"from": long, "by": long, "reason": long, "words": long})
    note = replace(note, facts=note.facts | ({"reason": "cannot_do"} if make is handoff else {}))
    pushed = compose([note])
    assert len(pushed.payload) <= MOST_BYTES == 3993
    assert json.loads(pushed.payload)["title"].endswith("…")


def test_words_that_fit_are_left_as_they_are_and_longer_ones_end_visibly():
    fits = said(sent_back(by="O", reason="x" * 397))["body"]
    cut = said(sent_back(by="O", reason="x" * 398))["body"]
    assert (len(fits), fits[-1], len(cut), cut[-1]) == (400, "x", 400, "…")
