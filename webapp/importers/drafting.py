"""From what a tool's reader found to drafts of the recurring work in it, and the report."""

from collections import Counter
from collections.abc import Sequence
from datetime import time

from webapp.importers import people, proofs, titles
from webapp.importers.columns import UNCLEAR_DATES
from webapp.importers.drafts import Import, ImportedDraft, ImportedStep, Report, SkippedRow
from webapp.importers.families import below, rows_of, steps_of
from webapp.importers.groups import CREATED, DONE, Group, grouped
from webapp.importers.items import Item, Reading, Skip, Step
from webapp.importers.judging import OneOff, Verdict, judge
from webapp.importers.people import Known
from webapp.importers.recurring import ONCE
from webapp.rules.deadline import format_clock
from webapp.rules.sentences import N_, say

LONGEST_NAME = 120
MOST_SHOWN = 12
RECENT = 5
_ENOUGH = 0.6
_SURENESS = ("stated", "likely", "maybe", "unknown")


def drafts_of(reading: Reading, tool: str, file: str, known: Sequence[Known] | None) -> Import:
    """The drafts, surest first, and what became of every row.

    With `known` people each name is matched to one of them, to be confirmed.
    """
    found: list[tuple[Group, ImportedDraft]] = []
    groups, once = grouped(reading.items)
    reading.items = []  # so that what is left out can be forgotten before the drafts are made
    once.reverse()
    while once:
        _skip(reading, once.pop(), ONCE)
    for group in groups:
        verdict = judge(group, is_unclear=UNCLEAR_DATES in reading.questions)
        if isinstance(verdict, OneOff):
            for item in group.items:
                _skip(reading, item, verdict.why)
        else:
            found.append((group, _draft(group, verdict, reading.questions)))
    drafts = [draft for _group, draft in sorted(found, key=_order)]
    if known is not None:
        _match(drafts, known)
    return {"drafts": drafts, "report": _report(reading, drafts, tool, file)}


def _order(found: tuple[Group, ImportedDraft]) -> tuple[int, int, str]:
    group, draft = found
    sureness = _SURENESS.index(draft["cadence"]["confidence"])
    return sureness, -len(group.items), draft["name"] or ""


def _skip(reading: Reading, item: Item, why: str) -> None:
    reading.skip(item.row, item.title, why)
    for row, title in below(item):
        why_too = say("It is a step of “%(title)s”, which was left out.", title=item.title)
        reading.skip(row, title, why_too)


def _draft(group: Group, verdict: Verdict, asked: list[str]) -> ImportedDraft:
    who = people.holders(group.items)
    steps = _steps(group)
    deadline, about_time = _deadline(group.items)
    questions = [
        *verdict.questions,
        *asked,
        *about_time,
        *who.questions,
    ]
    return {
        "name": _name(group),
        "responsible": who.responsible,
        "backup": who.backup,
        "cadence": {
            "rrule": verdict.rrule,
            "words": verdict.words,
            "confidence": verdict.confidence,
            "evidence": verdict.evidence,
        },
        "deadline": deadline,
        "steps": steps,
        "questions": list(dict.fromkeys(questions)),
        "occurrences": _occurrences(group),
        "next_due": _next_due(group),
        "found_in": _found_in(group.latest),
        "rows": sorted(row for item in group.items for row in rows_of(item)),
    }


def _name(group: Group) -> str:
    """The lasting part of the title; the title itself where it stands alone or nothing is left."""
    latest = group.latest
    if len(group.items) == 1 and not latest.is_template:
        return latest.title[:LONGEST_NAME]
    words = titles.take_apart(latest.title).words or latest.place or latest.group or latest.title
    return f"{words[:1].upper()}{words[1:]}"[:LONGEST_NAME]


def _steps(group: Group) -> list[ImportedStep]:
    """The steps of the latest occurrence that has any; the work itself where none has."""
    latest = next((item for item in reversed(group.items) if steps_of(item)), group.latest)
    found = steps_of(latest) or (Step(_name(group)),)
    had_files = any(item.has_files for item in group.items)
    return [_step(step, had_files) for step in found]


def _step(step: Step, had_files: bool) -> ImportedStep:
    proof, why = proofs.suggested(step.title, had_files=had_files)
    made: ImportedStep = {"title": step.title, "proof": proof, "why": why}
    if step.section:
        made["section"] = step.section
    if step.person:
        made["person"] = step.person
    return made


def _deadline(items: Sequence[Item]) -> tuple[str | None, list[str]]:
    """The time of day that most of the last occurrences share, where the export gives a real one.

    A time in UTC says nothing of the clock on the wall, so it is asked for.
    """
    times: Counter[tuple[time, bool]] = Counter(
        (item.due.at, item.due.is_utc) for item in items[-RECENT:] if item.due and item.due.at
    )
    if not times:
        return None, [N_("By what time is it due?")]
    (at, is_utc), count = times.most_common(1)[0]
    if is_utc:
        asked = say(
            "It is due at %(time)s UTC. What time is that on the clock there?",
            time=format_clock(at),
        )
        return None, [asked, *_day_question(at)]
    if count / sum(times.values()) < _ENOUGH:
        return None, [N_("The times of day change. By what time is it due?")]
    return format_clock(at), []


def _day_question(at: time) -> list[str]:
    asked = N_("Dates in UTC can be a day off where you are. Is the day right?")
    return [asked] if at.hour < 8 or at.hour > 20 else []


def _occurrences(group: Group) -> list[str]:
    """The newest dates; when one card was made is no occurrence of anything."""
    if len(group.items) == 1 and group.source in (CREATED, DONE):
        return []
    return [day.isoformat() for day in group.dates[-MOST_SHOWN:]]


def _next_due(group: Group) -> str | None:
    """When the open occurrence is due; the last one where nothing says what is done."""
    open_ones = [item.due.day for item in group.items if item.due and not item.is_done]
    if not open_ones:
        return None
    told = any(item.is_done for item in group.items)
    return (min(open_ones) if told else max(open_ones)).isoformat()


def _found_in(item: Item) -> str | None:
    return " / ".join(part[:LONGEST_NAME] for part in (item.place, item.group) if part) or None


def _names(draft: ImportedDraft) -> list[str]:
    named = [
        draft["responsible"],
        draft["backup"],
        *(step.get("person") for step in draft["steps"]),
    ]
    return [name for name in dict.fromkeys(named) if name]


def _match(drafts: list[ImportedDraft], known: Sequence[Known]) -> None:
    for draft in drafts:
        draft["people"] = people.matches(_names(draft), known)
        for match in draft["people"]:
            if match["person"] and not match["sure"]:
                asked = say(
                    "Is “%(written)s” %(person)s?", written=match["written"], person=match["person"]
                )
                draft["questions"].append(asked)


def _unknown_people(drafts: list[ImportedDraft]) -> list[str]:
    unknown = (m["written"] for draft in drafts for m in draft.get("people", []) if not m["person"])
    return sorted(set(unknown))


def _report(reading: Reading, drafts: list[ImportedDraft], tool: str, file: str) -> Report:
    skipped = sorted(reading.skipped, key=lambda skip: skip.row)
    return {
        "tool": tool,
        "file": file,
        "rows_read": reading.rows_read,
        "rows_used": sum(len(draft["rows"]) for draft in drafts),
        "skipped": [_row(skip) for skip in skipped],
        "skipped_not_listed": reading.skipped_not_listed,
        "ambiguous_parents": [
            {"row": row, "parent": parent, "why": why} for row, parent, why in reading.ambiguous
        ],
        "unknown_people": _unknown_people(drafts),
        "notes": list(dict.fromkeys(reading.notes)),
    }


def _row(skip: Skip) -> SkippedRow:
    return {"row": skip.row, "what": skip.what, "why": skip.why}
