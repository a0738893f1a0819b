"""The part of a process about reminders and reaching people: its choices, and in words."""

from datetime import timedelta
from typing import Any

from webapp.rules import reminder
from webapp.rules.deadline import DeadlineError, parse_wait, wait_words
from webapp.services.definitions import ProcessDraft
from webapp.services.definitions.words import reaching_words

Option = tuple[str, str]

REMINDERS = (5, 10, 15, 30, 60, 120, 24 * 60)
REACHES = (1, 2, 5, 10, 15, 30, 60)


def choices_of(
    form: dict[str, Any], draft: ProcessDraft, window: timedelta | None
) -> dict[str, Any]:
    """What can be chosen in the form; what it says already is always among it."""
    remind = [
        ("", _first_up(reminder.in_words(window, None))),
        ("0", "Never"),
        *((str(each), f"{wait_words(each).capitalize()} before") for each in REMINDERS),
    ]
    reach = [
        ("", _first_up(reaching_words(None, _wait_after_backup(draft)))),
        ("0", "Never: everybody keeps their whole time"),
        *((str(each), f"After {wait_words(each)}") for each in REACHES),
    ]
    return {
        "remind_options": _with(remind, form["remind"], "{} before"),
        "reach_options": _with(reach, form["reached_within"], "After {}"),
    }


def words_of(draft: ProcessDraft, window: timedelta | None) -> dict[str, str]:
    """How a process reminds and reaches people, for its page."""
    wait = _wait_after_backup(draft)
    return {
        "remind": reminder.in_words(window, draft.remind_minutes),
        "reaching": reaching_words(draft.reached_within_minutes, wait),
    }


def _wait_after_backup(draft: ProcessDraft) -> int:
    """The time of whoever is handed a step first, which is what an early handoff cuts short."""
    later = [level for level in draft.chain if level.role in ("fallback", "owner")]
    return later[0].wait_minutes if later else 0


def _with(options: list[Option], chosen: str, words: str) -> list[Option]:
    if chosen in dict(options):
        return options
    try:
        return [*options, (chosen, words.format(wait_words(parse_wait(chosen))))]
    except DeadlineError:
        return [*options, (chosen, chosen)]


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]
