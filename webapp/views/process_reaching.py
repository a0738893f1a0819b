"""The part of a process about reminders and reaching people: its choices, and in words."""

from datetime import timedelta
from typing import Any

from webapp.formats import first_up
from webapp.rules import reminder
from webapp.rules.deadline import DeadlineError, parse_wait, wait_words
from webapp.rules.sentences import N_
from webapp.services.definitions import ProcessDraft
from webapp.services.definitions.words import reaching_words
from webapp.words import gettext as _
from webapp.words import translated

Option = tuple[str, str]

REMINDERS = (5, 10, 15, 30, 60, 120, 24 * 60)
REACHES = (1, 2, 5, 10, 15, 30, 60)


def choices_of(
    form: dict[str, Any], draft: ProcessDraft, window: timedelta | None
) -> dict[str, Any]:
    """What can be chosen in the form; what it says already is always among it."""
    remind = [
        ("", first_up(translated(reminder.in_words(window, None)))),
        ("0", _("Never")),
        *(
            (str(each), _("%(wait)s before", wait=first_up(translated(wait_words(each)))))
            for each in REMINDERS
        ),
    ]
    reach = [
        ("", first_up(translated(reaching_words(None, _wait_after_backup(draft))))),
        ("0", _("Never: everybody keeps their whole time")),
        *((str(each), _("After %(wait)s", wait=wait_words(each))) for each in REACHES),
    ]
    return {
        "remind_options": _with(remind, form["remind"], N_("%(wait)s before")),
        "reach_options": _with(reach, form["reached_within"], N_("After %(wait)s")),
    }


def words_of(draft: ProcessDraft, window: timedelta | None) -> dict[str, str]:
    """How a process reminds and reaches people, for its page."""
    wait = _wait_after_backup(draft)
    return {
        "remind": translated(reminder.in_words(window, draft.remind_minutes)),
        "reaching": translated(reaching_words(draft.reached_within_minutes, wait)),
    }


def _wait_after_backup(draft: ProcessDraft) -> int:
    """The time of whoever is handed a step first, which is what an early handoff cuts short."""
    later = [level for level in draft.chain if level.role in ("fallback", "owner")]
    return later[0].wait_minutes if later else 0


def _with(options: list[Option], chosen: str, words: str) -> list[Option]:
    if chosen in dict(options):
        return options
    try:
        return [*options, (chosen, _(words, wait=wait_words(parse_wait(chosen))))]
    except DeadlineError:
        return [*options, (chosen, chosen)]
