"""What a definition says and what a new version changes, in words that can be translated."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from webapp.rules.deadline import format_clock, wait_words
from webapp.rules.escalation import reach_window
from webapp.rules.moment_words import whole_date
from webapp.rules.sentences import N_, say, say_many
from webapp.services.definitions.cadences import said_rule
from webapp.services.definitions.draft import DraftLevel, DraftStep, ProcessDraft
from webapp.services.definitions.step_words import WORDING_WORDS, said_of, step_words

ROLE_WORDS = {
    "assignee": N_("Responsible"),
    "backup": N_("Backup"),
    "fallback": N_("Fallback"),
    "owner": N_("The owner"),
}
REVIEW_WORDS = {
    "none": N_("none"),
    "photos": N_("photos"),
    "risky": N_("risky"),
    "all": N_("all"),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of two definitions side by side; "" where one of them says nothing of it."""

    what: str
    before: str
    after: str

    @property
    def is_other(self) -> bool:
        """Whether the two differ here."""
        return self.before != self.after


def differences(
    before: ProcessDraft | None, after: ProcessDraft, names: Mapping[str, str]
) -> list[str]:
    """Each difference as "Deadline: 07:30, was 07:15"; `names` gives words for ids.

    Both drafts are in the form that `save` stores.
    """
    if before is None:
        told = [each for each in _facts(after, names) if each[1]]
        return [
            *(say("%(fact)s: %(value)s", fact=fact, value=value) for fact, value in told),
            *_added(after.steps, names, after.steps),
        ]
    changed = [
        say("%(fact)s: %(new)s, was %(old)s", fact=each.what, new=each.after, old=each.before)
        for each in _compared_facts(before, after, names)
        if each.is_other
    ]
    return changed + list(_step_differences(before.steps, after.steps, names))


def side_by_side(
    before: ProcessDraft, after: ProcessDraft, names: Mapping[str, str]
) -> list[Compared]:
    """Both definitions whole, line by line: the facts, then each step with its place."""
    return [
        *_compared_facts(before, after, names),
        *_compared_steps(before.steps, after.steps, names),
    ]


def _compared_facts(
    before: ProcessDraft, after: ProcessDraft, names: Mapping[str, str]
) -> Iterator[Compared]:
    old, new = (
        dict(_facts(_dated(each, other), names))
        for each, other in ((before, after), (after, before))
    )
    for fact in dict.fromkeys((*new, *old)):
        yield Compared(fact, old.get(fact) or _silent(fact), new.get(fact) or _silent(fact))


def _dated(draft: ProcessDraft, other: ProcessDraft) -> ProcessDraft:
    """The draft with the date it counts from, where the other one says its own."""
    return (
        replace(draft, starts_on=draft.starts_on or draft.counted_from)
        if other.starts_on
        else draft
    )


def _compared_steps(
    before: Sequence[DraftStep], after: Sequence[DraftStep], names: Mapping[str, str]
) -> Iterator[Compared]:
    old = {step.key: (number, step) for number, step in enumerate(before, 1)}
    new = {step.key: (number, step) for number, step in enumerate(after, 1)}
    for key in dict.fromkeys((*new, *old)):
        title = (new.get(key) or old[key])[1].title
        was = _placed(old.get(key), names, before)
        now = _placed(new.get(key), names, after)
        for fact in dict.fromkeys((*now, *was)):
            what = say("“%(title)s”: %(fact)s", title=title, fact=fact)
            yield Compared(what, was.get(fact, ""), now.get(fact, ""))


def _placed(
    found: tuple[int, DraftStep] | None, names: Mapping[str, str], steps: Sequence[DraftStep]
) -> dict[str, str]:
    """What is to be said of a step, with its place; nothing where it is not."""
    if found is None:
        return {}
    number, step = found
    # Translators: the place of a step among the others: “2nd”, “step 2”.
    return {say("place"): say("step %(number)s", number=number)} | said_of(step, names, steps)


def _facts(draft: ProcessDraft, names: Mapping[str, str]) -> list[tuple[str, str]]:
    return [
        (say("Name"), draft.name),
        (say("Locations"), ", ".join(sorted(names[place] for place in draft.locations))),
        (say("Cadence"), said_rule(draft.rrule) if draft.rrule else ""),
        *([(say("First due"), whole_date(draft.starts_on))] if draft.starts_on else []),
        (say("Opens"), _opening(draft)),
        (say("Deadline"), format_clock(draft.deadline) if draft.deadline else ""),
        (say("Grace"), wait_words(draft.grace_minutes)),
        (say("Review"), say(REVIEW_WORDS[draft.review])),
        (say("Wording"), say(WORDING_WORDS[draft.wording]) if draft.wording != "locked" else ""),
        (say("Reminder"), _reminder(draft.remind_minutes)),
        (say("Reached within"), _wait_or_never(draft.reached_within_minutes)),
        *((say(ROLE_WORDS[level.role]), _station(level, names)) for level in draft.chain),
    ]


def _station(level: DraftLevel, names: Mapping[str, str]) -> str:
    who = names.get(level.person_id or "") or (say("takes over") if level.role == "owner" else "")
    if level.role not in ("fallback", "owner"):
        return who
    # Translators: “Fay after 20 minutes”, “takes over after 30 minutes”.
    return say("%(who)s after %(wait)s", who=who, wait=wait_words(level.wait_minutes))


def _silent(fact: str) -> str:
    """What a fact is when nothing is said of it."""
    if fact == "Wording":
        return say(WORDING_WORDS["locked"])
    return say("by rule") if fact in ("Reminder", "Reached within") else say("none")


def _wait_or_never(minutes: int | None) -> str:
    if minutes is None:
        return ""
    return wait_words(minutes) if minutes else say("never")


def _reminder(minutes: int | None) -> str:
    if not minutes:
        return _wait_or_never(minutes)
    return say("%(wait)s before", wait=wait_words(minutes))


def reaching_words(set_minutes: int | None, next_wait: int) -> str:
    """When a step goes on early because nobody was reached; `next_wait` in minutes is the chain's.

    "by rule: after 1 minute".
    """
    window = reach_window(set_minutes, timedelta(minutes=next_wait))
    words = say("never")
    if window:
        words = say("after %(wait)s", wait=wait_words(int(window.total_seconds() // 60)))
    return say("by rule: %(words)s", words=words) if set_minutes is None else words


def _opening(draft: ProcessDraft) -> str:
    words = format_clock(draft.opens) if draft.opens else ""
    days_before = draft.opens_days_before
    if draft.opens and draft.deadline and draft.opens >= draft.deadline:
        days_before = days_before or 1  # as the cadence reads it: not before means the day before
    if not days_before:
        return words
    before = say_many("%(num)s day before", "%(num)s days before", days_before)
    # Translators: when a run opens: “06:30, 2 days before”.
    return say("%(time)s, %(before)s", time=words, before=before) if words else before


def _step_differences(
    before: Sequence[DraftStep], after: Sequence[DraftStep], names: Mapping[str, str]
) -> Iterator[str]:
    old = {step.key: step for step in before}
    new = {step.key: step for step in after}
    for key, step in new.items():
        if key not in old:
            yield from _added([step], names, after)
        elif step != old[key]:
            was, now = said_of(old[key], names, before), said_of(step, names, after)
            yield from _changes_of(was, now, old[key].title)
    for key, step in old.items():
        if key not in new:
            yield say("Step removed: %(title)s", title=step.title)
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield say(
            "Steps in another order: %(titles)s", titles=", ".join(step.title for step in after)
        )


def _added(
    added: Sequence[DraftStep], names: Mapping[str, str], steps: Sequence[DraftStep]
) -> Iterator[str]:
    for step in added:
        yield say("Step added: %(step)s", step=step_words(step, names, steps))


def _changes_of(was: Mapping[str, str], now: Mapping[str, str], title: str) -> Iterator[str]:
    for fact in dict.fromkeys((*now, *was)):
        if was.get(fact) != now.get(fact):
            yield say(
                # Translators: a step, which part of it changes, and the new and the old of it.
                "Step “%(title)s”, %(fact)s: %(new)s, was %(old)s",
                title=title,
                fact=fact,
                new=now.get(fact) or say("none"),
                old=was.get(fact) or say("none"),
            )
