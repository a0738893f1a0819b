"""The builder form: what was typed, moved about without losing a word, and filled from a draft.

A form is a plain mapping of the field names of the page to what stands in them; `steps` is a list
of mappings with the parts of each step.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from webapp.rules.capture import Draft
from webapp.rules.capture import DraftStep as CapturedStep
from webapp.rules.capture.first_due import first_due
from webapp.rules.deadline import format_clock
from webapp.services.definitions import DEFAULT_WAITS, DraftStep, ProcessDraft, words_of_rule
from webapp.views import process_form_later
from webapp.views.workplace import Workplace

Form = dict[str, Any]

SINGLE = (
    "name",
    "cadence_kind",
    "month_day",
    "cadence_text",
    "starts_on",
    "opens",
    "deadline",
    "grace",
    "responsible",
    "backup",
    "fallback",
    "fallback_after",
    "owner_after",
    "remind",
    "reached_within",
    "review",
    "wording",
)
STEP_PARTS = (
    "key",
    "title",
    "instructions",
    "proof",
    "unit",
    "min",
    "max",
    "if_outside",
    "min_minutes",
    "may_skip",
    "picture",
    "picture_alt",
    "wording",
    *process_form_later.PARTS,
)
RULE_OF_KIND = {
    "every_day": "FREQ=DAILY",
    "weekdays": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "month_end": "FREQ=MONTHLY;BYMONTHDAY=-1",
}
_STEP_FIELD = re.compile(r"step-([0-9]{1,4})-[a-z_]+")


def empty() -> Form:
    """The form of a process that nothing is known of yet."""
    return dict.fromkeys(SINGLE, "") | {
        "location": [],
        "weekday": [],
        "cadence_kind": "weekdays",
        "grace": str(DEFAULT_WAITS["backup"]),
        "fallback_after": str(DEFAULT_WAITS["fallback"]),
        "owner_after": str(DEFAULT_WAITS["owner"]),
        "review": "none",
        "steps": [_empty_step()],
    }


def typed(sent: MultiDict[str, str]) -> Form:
    """What was typed, as it was typed."""
    form: Form = {field: sent.get(field, "") for field in SINGLE}
    form["location"] = sent.getlist("location")
    form["weekday"] = sent.getlist("weekday")
    form["steps"] = [
        {part: sent.get(f"step-{number}-{part}", "") for part in STEP_PARTS}
        for number in step_numbers(sent)
    ] or [_empty_step()]
    return form


def kept(form: Form) -> Form:
    """A form that was kept for a while, with the fields that the page has got since."""
    return empty() | form | {"steps": [_empty_step() | step for step in form["steps"]]}


def step_numbers(sent: Iterable[str]) -> list[int]:
    """The numbers of the steps that fields of these names belong to, in the order of the form."""
    return sorted({int(found[1]) for name in sent if (found := _STEP_FIELD.fullmatch(name))})


def text_of(form: Form, field: str) -> str:
    """What stands in a field of the page ("deadline", "step-2-title"); "" when nothing does."""
    found = re.fullmatch(r"step-([0-9]{1,4})-([a-z_]+)", field)
    parts = form["steps"][int(found[1]) - 1] if found else form
    text = parts.get(found[2] if found else field) or ""
    return "".join(text).strip()


def rearranged(form: Form, action: str) -> Form:
    """The form after a button: "add_step", "remove_step:2", "up:2", "down:2", "no_picture:2".

    `open` is the number of the step that is shown unfolded, which the button was about.
    """
    verb, _, number = action.partition(":")
    steps = list(form["steps"])
    at = int(number) - 1 if number.isascii() and number.isdigit() else -1
    moved = {"up": at, "down": at + 2, "no_picture": at + 1}.get(verb, 0)
    if verb == "add_step":
        steps.append(_empty_step())
    elif verb == "remove_step" and 0 <= at < len(steps) > 1:
        del steps[at]
    elif verb == "no_picture" and 0 <= at < len(steps):
        steps[at].update(picture="", picture_alt="")
    elif verb == "up" and 1 <= at < len(steps):
        steps[at - 1], steps[at] = steps[at], steps[at - 1]
    elif verb == "down" and 0 <= at < len(steps) - 1:
        steps[at + 1], steps[at] = steps[at], steps[at + 1]
    return form | {"steps": process_form_later.renumbered(form["steps"], steps), "open": moved}


def form_of(draft: ProcessDraft) -> Form:
    """The form filled from a definition."""
    people = {level.role: level.person_id for level in draft.chain}
    waits = {level.role: str(level.wait_minutes) for level in draft.chain}
    return (
        empty()
        | _cadence_fields(draft.rrule)
        | {
            "name": draft.name,
            "location": list(draft.locations),
            "starts_on": draft.starts_on.isoformat() if draft.starts_on else "",
            "opens": format_clock(draft.opens) if draft.opens else "",
            "deadline": format_clock(draft.deadline) if draft.deadline else "",
            "grace": str(draft.grace_minutes),
            "responsible": people.get("assignee", ""),
            "backup": people.get("backup", ""),
            "fallback": people.get("fallback", ""),
            "fallback_after": waits.get("fallback", str(DEFAULT_WAITS["fallback"])),
            "owner_after": waits.get("owner", str(DEFAULT_WAITS["owner"])),
            "remind": _minutes_or_rule(draft.remind_minutes),
            "reached_within": _minutes_or_rule(draft.reached_within_minutes),
            "review": draft.review,
            "wording": draft.wording,
            "steps": [_step_fields(step) for step in draft.steps],
        }
    )


def form_of_captured(draft: Draft, workplace: Workplace) -> Form:
    """The form filled with what a sentence said; who is not known by name stays open."""
    form = empty() | {"name": draft["name"] or "", "deadline": draft["deadline"] or ""}
    if rrule := draft["cadence"]["rrule"]:
        form |= _cadence_fields(rrule)
    if len(workplace.places) == 1:
        form["location"] = [workplace.places[0].id]
    first = first_due(draft["cadence"].get("starts", ""))
    form["starts_on"] = first.isoformat() if first else ""
    form["opens"] = draft.get("opens") or ""
    form["responsible"] = workplace.named(draft["responsible"])
    form["backup"] = workplace.named(draft["backup"])
    form["fallback"] = workplace.named(draft.get("fallback"))
    return form | {"steps": _captured_steps(draft["steps"]) or [_empty_step()]}


def _captured_steps(steps: list[CapturedStep]) -> list[Form]:
    return [
        _captured_step(step) | process_form_later.of_captured(step, after=number)
        for number, step in enumerate(steps)
    ]


def _captured_step(step: CapturedStep) -> Form:
    return _empty_step() | {
        "title": step["title"],
        "proof": step["proof"] or "note",
        "unit": step.get("unit", ""),
        "min": str(step.get("min", "")),
        "max": str(step.get("max", "")),
    }


def _empty_step() -> Form:
    return dict.fromkeys(STEP_PARTS, "") | {"proof": "photo"}


def _cadence_fields(rrule: str) -> Form:
    for kind, rule in RULE_OF_KIND.items():
        if rrule == rule:
            return {"cadence_kind": kind}
    if days := re.fullmatch(r"FREQ=WEEKLY;BYDAY=([A-Z,]+)", rrule):
        return {"cadence_kind": "chosen", "weekday": days[1].split(",")}
    if day := re.fullmatch(r"FREQ=MONTHLY;BYMONTHDAY=([0-9]+)", rrule):
        return {"cadence_kind": "month_day", "month_day": day[1]}
    return {"cadence_kind": "words", "cadence_text": words_of_rule(rrule)}


def _step_fields(step: DraftStep) -> Form:
    wanted = step.requirement
    return {
        "key": step.key,
        "title": step.title,
        "instructions": step.instructions,
        "proof": wanted.kind,
        "unit": wanted.unit or "",
        "min": _digits(wanted.minimum),
        "max": _digits(wanted.maximum),
        "if_outside": wanted.if_outside or "",
        "min_minutes": _minutes(wanted.min_seconds) if wanted.min_seconds else "",
        "may_skip": "yes" if step.may_skip else "",
        "picture": step.picture.sha256 if step.picture else "",
        "picture_alt": step.picture.alt if step.picture else "",
        "wording": step.wording or "",
        **process_form_later.fields_of(step),
    }


def _minutes_or_rule(minutes: int | None) -> str:
    return "" if minutes is None else str(minutes)


def _digits(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


def _minutes(seconds: int) -> str:
    return f"{round(Decimal(seconds) / 60, 2).normalize():f}"
