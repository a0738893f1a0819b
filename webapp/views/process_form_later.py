"""The part of the builder form that says what a step waits for; it names other steps by number."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from webapp.rules.capture import DraftStep as CapturedStep
from webapp.rules.deadline import format_wait, parse_wait
from webapp.rules.proof import parse_number
from webapp.services.definitions import DraftCondition, DraftFollowUp, DraftStep
from webapp.words import gettext as _

PARTS = ("only_if", "only_if_step", "only_if_value", "after_step", "after_wait", "after_due")
NAMING = ("only_if_step", "after_step")
# Stands before the title of a step that is removed and still waited for, in place of its number.
GONE = "gone:"
FIELD_OF_PART = {
    "only_if.step": "only_if_step",
    "only_if.is": "only_if",
    "only_if.value": "only_if_value",
    "after.step": "after_step",
    "after.wait": "after_wait",
    "after.due": "after_due",
}

Parts = dict[str, Any]
Parsed = Callable[[str, str, Callable[[str], Any]], Any]


class StepGoneError(ValueError):
    """A step waits for one that is removed; str(error) is a sentence for people."""


def fields_of(step: DraftStep) -> Parts:
    """What stands in the fields of a step."""
    asked, after = step.only_if, step.follow_up
    return {
        "only_if": asked.becomes if asked else "",
        "only_if_step": _number(asked.step) if asked else "",
        "only_if_value": _digits(asked.value) if asked else "",
        "after_step": _number(after.step) if after else "",
        "after_wait": format_wait(after.wait_minutes) if after else "",
        "after_due": format_wait(after.due_minutes) if after else "",
    }


def of_captured(step: CapturedStep, after: int) -> Parts:
    """What stands in the fields of a step that opens a while after the one of that number."""
    if "wait_minutes" not in step:
        return {}
    wait, due = step["wait_minutes"], step.get("due_minutes")
    return {
        "after_step": str(after),
        "after_wait": format_wait(wait) if wait else "",
        "after_due": format_wait(due) if due else "",
    }


def condition(at: str, parts: Parts, parsed: Parsed) -> DraftCondition | None:
    """The condition that is chosen; `parsed` tells what cannot be read at its field."""
    if not parts["only_if"]:
        return None
    value = parsed(f"{at}-only_if_value", parts["only_if_value"], parse_number)
    asked = _asked(at, "only_if_step", parts, parsed)
    return DraftCondition(asked, parts["only_if"], value)


def follow_up(at: str, parts: Parts, parsed: Parsed) -> DraftFollowUp | None:
    """The follow-up that is chosen: without a step there is none."""
    if not parts["after_step"]:
        return None
    wait, due = (
        parsed(f"{at}-{part}", parts[part], parse_wait) or 0 for part in ("after_wait", "after_due")
    )
    return DraftFollowUp(_asked(at, "after_step", parts, parsed), wait, due)


def _asked(at: str, part: str, parts: Parts, parsed: Parsed) -> int | None:
    asked: int | None = parsed(f"{at}-{part}", parts[part], partial(_index, parts["title"]))
    return asked


def renumbered(before: list[Parts], after: list[Parts]) -> list[Parts]:
    """The steps in their new order, each naming the same other steps as it did before.

    A step that is gone is named by its title, so that nothing that waits for it opens unasked.
    """
    new = {id(step): str(number) for number, step in enumerate(after, 1)}
    number_of = {
        str(number): new.get(id(step), gone(step["title"])) for number, step in enumerate(before, 1)
    }
    return [
        step | {part: number_of.get(step[part], step[part]) for part in NAMING} for step in after
    ]


def gone(title: str) -> str:
    """What names a step of that title after it was removed."""
    return GONE + title.strip()


def _number(index: int | None) -> str:
    return "" if index is None else str(index + 1)


def _index(title: str, number: str) -> int | None:
    """The index of the step that the one of that title waits for; None where none is meant."""
    if number.startswith(GONE) and number != GONE:
        raise StepGoneError(
            _(
                "“%(title)s” waits for “%(gone)s”, which is removed. Say when it opens instead.",
                title=title.strip() or _("no title yet"),
                gone=number.removeprefix(GONE),
            )
        )
    return int(number) - 1 if number.isascii() and number.isdecimal() and len(number) < 5 else None


def _digits(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"
