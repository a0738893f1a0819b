"""A definition that was made from an older version, put on top of the current one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from webapp.models import Process
from webapp.problems import Problem
from webapp.rules import merging
from webapp.rules.merging import Whole
from webapp.rules.sentences import in_a_row, listed, say
from webapp.services.definitions.check import places_of
from webapp.services.definitions.draft import (
    DraftCondition,
    DraftFollowUp,
    DraftStep,
    DraftWording,
    ProcessDraft,
    draft_of,
)
from webapp.services.definitions.finding import current_version, names_of
from webapp.services.definitions.history import Since, since, version_of
from webapp.services.definitions.rows import settled
from webapp.services.definitions.saving import hold
from webapp.services.definitions.words import differences

FACTS = (
    "name",
    "locations",
    "rrule",
    "deadline",
    "opens",
    "opens_days_before",
    "grace_minutes",
    "review",
    "remind_minutes",
    "reached_within_minutes",
    "wording",
    "starts_on",
)
ROLES = ("assignee", "backup", "fallback", "owner")
FACTS_OF_STEP = ("title", "instructions", "requirement", "may_skip", "picture", "wording")
WORDS_OF = "wordings "
# How problems call what a draft calls otherwise.
FIELDS = {
    "rrule": "cadence",
    "grace_minutes": "grace",
    "remind_minutes": "remind",
    "reached_within_minutes": "reached_within",
    "requirement": "proof",
}


def put_on_top(
    session: Session, process: Process, draft: ProcessDraft, number: int
) -> tuple[ProcessDraft, tuple[str, ...]]:
    """Return the draft, made from version `number`, with what was changed since; and that in words.

    Nobody else saves the process until the transaction ends. The draft has no faults. Raises
    "changed_meanwhile" where both changed the same, by field, and "not_valid" for no such version.
    """
    hold(session, process)
    if not 0 < number <= process.version_number:
        words = say("This process has no version %(number)s.", number=number)
        raise Problem("not_valid", fields={"base_version": words})
    if number == process.version_number:
        return draft, ()
    base = draft_of(version_of(session, process, number))
    mine = settled(draft, places_of(session, process.org_id, draft.locations), base)
    mine = replace(mine, starts_on=draft.starts_on or base.starts_on)
    current = draft_of(current_version(process))
    three = _whole(base), _whole(mine), _whole(current)
    whole, clashes = merging.merge(*three)
    changed = since(session, process, number, process.version_number)
    if clashes:
        names = names_of(session, process.org_id)
        told = {name: _told(name, base, current, names) or changed.differences for name in clashes}
        raise _problem(process, changed, mine, told)
    joined = _draft(whole)
    # A date that nobody chose anew is not said: a rule that is new begins today.
    is_said = draft.starts_on or joined.starts_on != base.starts_on
    return joined if is_said else replace(joined, starts_on=None), changed.differences


def _told(
    name: str, base: ProcessDraft, current: ProcessDraft, names: Mapping[str, str]
) -> Sequence[str]:
    """What the current version has made of one thing."""
    theirs = merging.with_part(_whole(base), _whole(current), name)
    return differences(base, _draft(theirs), names)


def _problem(
    process: Process, changed: Since, mine: ProcessDraft, told: Mapping[str, Sequence[str]]
) -> Problem:
    people = [*changed.people.values()]
    fields = {
        _field(name, mine): say(
            "Changed meanwhile by %(people)s. %(what)s.",
            people=listed(people),
            what=in_a_row(sentences),
        )
        for name, sentences in told.items()
    }
    version = process.version_number
    return Problem("changed_meanwhile", fields=fields, version=version, changed_by=people)


def _field(name: str, mine: ProcessDraft) -> str:
    """The field of the draft that a clash is about; a step that is not there stands for all."""
    if (found := merging.row_of(name)) is None:
        return FIELDS.get(name, name)
    key, part = found
    keys = [step.key for step in mine.steps]
    if key not in keys:
        return merging.ORDER
    part = FIELDS.get(part, part).partition(" ")[0]
    return ".".join(filter(None, (f"steps[{keys.index(key)}]", part)))


def _whole(draft: ProcessDraft) -> Whole:
    facts = {name: getattr(draft, name) for name in FACTS}
    for level in draft.chain:
        is_backup = level.role == "backup"  # its wait is the grace
        facts[f"chain.{level.role}"] = replace(level, wait_minutes=0) if is_backup else level
    return Whole(facts, {str(step.key): _row(step, draft.steps) for step in draft.steps})


def _row(step: DraftStep, steps: Sequence[DraftStep]) -> dict[str, Any]:
    row = {name: getattr(step, name) for name in FACTS_OF_STEP}
    if (asked := step.only_if) is not None:
        row["only_if"] = (_key(asked.step, steps), asked.becomes, asked.value)
    if (after := step.follow_up) is not None:
        row["after"] = (_key(after.step, steps), after.wait_minutes, after.due_minutes)
    return row | {f"{WORDS_OF}{each.location}": each for each in step.wordings}


def _key(index: int | None, steps: Sequence[DraftStep]) -> str:
    return "" if index is None else str(steps[index].key)


def _draft(whole: Whole) -> ProcessDraft:
    facts = {name: whole.facts[name] for name in FACTS}
    levels = [whole.facts.get(f"chain.{role}") for role in ROLES]
    keys = [*whole.rows]
    steps = tuple(_step(key, row, keys) for key, row in whole.rows.items())
    return ProcessDraft(**facts, chain=tuple(filter(None, levels)), steps=steps)


def _step(key: str, row: merging.Fields, keys: list[str]) -> DraftStep:
    facts = {name: row[name] for name in FACTS_OF_STEP}
    words: list[DraftWording] = [row[name] for name in row if name.startswith(WORDS_OF)]
    return DraftStep(
        **facts,
        key=key,
        wordings=tuple(each for each in words if each),
        only_if=_condition(row.get("only_if"), keys),
        follow_up=_follow_up(row.get("after"), keys),
    )


def _condition(asked: tuple[Any, ...] | None, keys: list[str]) -> DraftCondition | None:
    return DraftCondition(_index(asked[0], keys), *asked[1:]) if asked else None


def _follow_up(asked: tuple[Any, ...] | None, keys: list[str]) -> DraftFollowUp | None:
    return DraftFollowUp(_index(asked[0], keys), *asked[1:]) if asked else None


def _index(key: str, keys: list[str]) -> int | None:
    return keys.index(key) if key in keys else None
