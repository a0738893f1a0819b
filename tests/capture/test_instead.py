"""The same work by somebody else on some days is two processes that share no day."""

import pytest

from webapp.rules.capture import Draft, capture
from webapp.rules.capture.answers import LABELS, with_answers

OTHER_DAYS = "FREQ=WEEKLY;BYDAY=TU,WE,TH,FR,SA,SU"
WEEKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


def told(text: str) -> list[tuple[str | None, str | None, str | None, str | None, list[str]]]:
    return [
        (
            draft["name"],
            draft["responsible"],
            draft["cadence"]["rrule"],
            draft["deadline"],
            [step["title"] for step in draft["steps"]],
        )
        for draft in capture(text)["drafts"]
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Ana opens by 7 am every day but on Mondays Ben does it",
        "Ana opens by 7 am every day, and on Mondays Ben does it",
        "Ana opens by 7 am every day. On Mondays Ben does.",
        "Ana opens by 7 am daily. Every Monday Ben does it.",
    ],
)
def test_the_days_of_somebody_else_are_left_out_of_the_first(text: str) -> None:
    assert told(text) == [
        ("Open", "Ana", OTHER_DAYS, "07:00", ["Open"]),
        ("Open (Monday)", "Ben", "FREQ=WEEKLY;BYDAY=MO", "07:00", ["Open"]),
    ]


def test_what_was_made_of_it_is_said() -> None:
    first, other = capture("Ana opens every day but on Mondays Ben does it")["drafts"]
    assert first["assumed"] == ["Left out here: Monday, when Ben does it."]
    assert other["assumed"] == ["It is the same work as Ana’s."]
    assert [each["about"] for each in other["asked"]] == ["deadline", "backup"]


def test_a_time_of_their_own_stays_theirs() -> None:
    text = "Ana opens by 7 am every day but on Sundays Ben does it by 9 am"
    assert [draft["deadline"] for draft in capture(text)["drafts"]] == ["07:00", "09:00"]


def test_days_that_the_first_never_had_are_only_added() -> None:
    text = "Ana mops every weekday. On Saturdays Ben does it."
    assert [(name, rule) for name, _who, rule, _due, _steps in told(text)] == [
        ("Mop", WEEKDAYS),
        ("Mop (Saturday)", "FREQ=WEEKLY;BYDAY=SA"),
    ]


def test_other_work_of_somebody_else_leaves_the_first_as_it_is() -> None:
    text = "Ana opens every day and on Mondays Ben cleans the grill"
    assert [(name, rule) for name, _who, rule, _due, _steps in told(text)] == [
        ("Open", "FREQ=DAILY"),
        ("Clean the grill", "FREQ=WEEKLY;BYDAY=MO"),
    ]


TOGETHER = "Every day by 7 Ana opens, counts the till and unlocks the gate. On Mondays Ben does it."


def kept(text: str, draft: Draft, end: int, **more: str) -> str:
    """The text as the form of this draft sends it on."""
    said = draft.get("carried", {}) | more
    return with_answers(text, end, [(LABELS[part], value) for part, value in said.items()])


@pytest.mark.parametrize("n", [0, 1])
def test_each_of_the_two_can_be_kept_alone(n: int) -> None:
    draft = capture(TOGETHER)["drafts"][n]
    alone = TOGETHER[draft["start"] : draft["end"]]
    (again,) = capture(kept(alone, draft, len(alone)))["drafts"]
    for part in ("name", "responsible", "deadline", "steps"):
        assert again[part] == draft[part]  # type: ignore[literal-required]
    assert again["cadence"]["rrule"] == draft["cadence"]["rrule"]


@pytest.mark.parametrize("n", [0, 1])
def test_an_answer_to_one_leaves_the_other_as_it_was(n: int) -> None:
    draft = capture(TOGETHER)["drafts"][n]
    answered = kept(TOGETHER, draft, draft["end"], backup="Olivia")
    assert told(answered) == told(TOGETHER)
    assert kept(answered, capture(answered)["drafts"][n], 0) == answered  # nothing is said twice
