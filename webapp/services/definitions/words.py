"""What a new version changes, in words."""

from collections.abc import Iterator, Mapping
from datetime import time, timedelta

from webapp.rules.cadence_words import rrule_to_words
from webapp.rules.deadline import format_clock, format_wait, wait_words
from webapp.rules.escalation import reach_window
from webapp.rules.proof_gate import Requirement
from webapp.rules.sentences import say
from webapp.services.definitions.draft import DraftPicture, DraftStep, ProcessDraft

ROLE_WORDS = {
    "assignee": "Responsible",
    "backup": "Backup",
    "fallback": "Fallback",
    "owner": "The owner",
}


def differences(
    before: ProcessDraft | None, after: ProcessDraft, names: Mapping[str, str]
) -> list[str]:
    """Each difference as "Deadline: 07:30, was 07:15"; `names` gives words for ids.

    Both drafts are in the form that `save` stores.
    """
    new = _facts(after, names)
    if before is None:
        return [f"{fact}: {value}" for fact, value in new.items() if value] + [
            f"Step added: {_step_words(step)}" for step in after.steps
        ]
    old = _facts(before, names)
    changed = [
        f"{fact}: {new.get(fact) or _silent(fact)}, was {old.get(fact) or _silent(fact)}"
        for fact in dict.fromkeys((*new, *old))
        if new.get(fact) != old.get(fact)
    ]
    return changed + list(_step_differences(before.steps, after.steps))


def _facts(draft: ProcessDraft, names: Mapping[str, str]) -> dict[str, str]:
    facts = {
        "Name": draft.name,
        "Locations": ", ".join(sorted(names[place] for place in draft.locations)),
        "Cadence": rrule_to_words(draft.rrule),
        "Opens": _opening(draft.opens, draft.opens_days_before),
        "Deadline": format_clock(draft.deadline) if draft.deadline else "",
        "Grace": format_wait(draft.grace_minutes),
        "Review": draft.review,
        "Reminder": _wait_or_never(draft.remind_minutes, " before"),
        "Reached within": _wait_or_never(draft.reached_within_minutes),
    }
    for level in draft.chain:
        facts[ROLE_WORDS[level.role]] = names.get(level.person_id or "", "takes over")
        if level.role in ("fallback", "owner"):
            facts[ROLE_WORDS[level.role]] += f" after {format_wait(level.wait_minutes)}"
    return facts


def _silent(fact: str) -> str:
    """What a fact is when nothing is said of it."""
    return "by rule" if fact in ("Reminder", "Reached within") else "none"


def _wait_or_never(minutes: int | None, before: str = "") -> str:
    if minutes is None:
        return ""
    return f"{format_wait(minutes)}{before}" if minutes else "never"


def reaching_words(set_minutes: int | None, next_wait: int) -> str:
    """When a step goes on early because nobody was reached; `next_wait` in minutes is the chain's.

    "by rule: after 1 minute".
    """
    window = reach_window(set_minutes, timedelta(minutes=next_wait))
    words = say("never")
    if window:
        words = say("after %(wait)s", wait=wait_words(int(window.total_seconds() // 60)))
    return say("by rule: %(words)s", words=words) if set_minutes is None else words


def _opening(opens: time | None, days_before: int) -> str:
    words = format_clock(opens) if opens else ""
    if days_before:
        days = "1 day" if days_before == 1 else f"{days_before} days"
        words = f"{words} {days} before".strip()
    return words


def _step_differences(before: tuple[DraftStep, ...], after: tuple[DraftStep, ...]) -> Iterator[str]:
    old = {step.key: step for step in before}
    new = {step.key: step for step in after}
    for key, step in new.items():
        if key not in old:
            yield f"Step added: {_step_words(step)}"
        elif step != old[key]:
            yield f"Step changed: {_step_words(step)}, was {_step_words(old[key])}"
    yield from (f"Step removed: {step.title}" for key, step in old.items() if key not in new)
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield "Steps in another order: " + ", ".join(step.title for step in after)


def _step_words(step: DraftStep) -> str:
    parts = [
        proof_words(step.requirement),
        "may be skipped" if step.may_skip else "",
        f"“{step.instructions}”" if step.instructions else "",
        _picture_words(step.picture),
    ]
    return f"{step.title} ({', '.join(filter(None, parts))})"


def _picture_words(picture: DraftPicture | None) -> str:
    """Another picture may show the same in words, so its name is among them."""
    return f"picture {picture.sha256[:8]} of “{picture.alt}”" if picture else ""


def proof_words(requirement: Requirement) -> str:
    """A requirement in a few words: "number, 33 to 41 °F, outside: Move the food"."""
    low, high = requirement.minimum, requirement.maximum
    if low is not None and high is not None:
        span = f"{low:f} to {high:f}"
    elif low is not None:
        span = f"from {low:f}"
    else:
        span = f"up to {high:f}" if high is not None else ""
    parts = [
        requirement.kind,
        f"{span} {requirement.unit or ''}".strip(),
        f"outside: {requirement.if_outside}" if requirement.if_outside else "",
        f"at least {requirement.min_seconds} s" if requirement.min_seconds else "",
        f"code {requirement.scan_code}" if requirement.scan_code else "",
    ]
    return ", ".join(filter(None, parts))
