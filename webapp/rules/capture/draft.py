"""One part of a text as a draft, in the shape that imports give too."""

from datetime import time

from webapp.rules.capture.answers import Answers, answers_in
from webapp.rules.capture.apart import ask_whether_two
from webapp.rules.capture.aside import take_questions
from webapp.rules.capture.backups import take_backups
from webapp.rules.capture.language import is_foreign, leave_unread
from webapp.rules.capture.later import take_later
from webapp.rules.capture.reading import Asked, Reading
from webapp.rules.capture.settle import overrule
from webapp.rules.capture.shape import (
    Draft,
    DraftCadence,
    DraftStep,
    HeardWords,
    OnceOnly,
    Question,
)
from webapp.rules.capture.split import Part
from webapp.rules.capture.steps import read_steps
from webapp.rules.capture.tokens import typos_in
from webapp.rules.capture.understood import When
from webapp.rules.capture.when import read_when
from webapp.rules.capture.who import Who, names_in, read_who
from webapp.rules.deadline import format_clock
from webapp.rules.sentences import say


def once_of(text: str, part: Part) -> OnceOnly:
    """The words for work that happens once."""
    words = " ".join(text[part.start : part.end].split()).strip(" .;,")
    why = say(
        "“%(once)s” sounds like work that happens once. Your project tool is the right"
        " place for it; bring it here once it comes round again and again.",
        once=part.once,
    )
    return {"text": words, "why": why, "start": part.start, "end": part.end}


def drafts_of(text: str, part: Part, before: str | None = None) -> list[Draft]:
    """The draft of one part; several where one rule cannot hold all its times of day.

    `before` is the one person whom the parts before this one name.
    """
    words = text[part.start : part.end]
    answers = answers_in(words)
    reading = Reading(words)
    for line in answers.lines:
        reading.take_raw(line.start, line.end, line.part)
    if is_foreign(reading.raw):
        leave_unread(reading)
        before = None
    take_questions(reading)
    take_later(reading)
    backups, fallback = take_backups(reading)
    when = read_when(reading)
    ask_whether_two(reading, when, words)
    who = read_who(reading, backups, fallback, before)
    overrule(answers, reading, when, who)
    times = when.times if _needs_several(when) else [when.times[0] if when.times else None]
    return [_draft(reading, answers, when, who, part, each, len(times) > 1) for each in times]


def _needs_several(when: When) -> bool:
    return len(when.times) > 1 and "BYHOUR" not in (when.rrule or "")


def _draft(
    reading: Reading,
    answers: Answers,
    when: When,
    who: Who,
    part: Part,
    due: time | None,
    is_one_of_several: bool,
) -> Draft:
    steps, of_steps = read_steps(reading, who.task, answers)
    name = answers.of("name") or _name(steps, who.heading)
    if is_one_of_several and due and name:
        name = f"{name} ({format_clock(due)})"
    asked = _asked(reading, who, steps, of_steps, answers)
    draft: Draft = {
        "name": name,
        "responsible": who.responsible,
        "backup": who.backup,
        "cadence": _cadence(when),
        "deadline": format_clock(due) if due is not None else None,
        "steps": steps,
        "questions": [each.question for each in asked],
        "opens": format_clock(when.opens) if when.opens else None,
        "fallback": who.fallback,
        "heard": _heard(reading, part),
        "assumed": [*reading.assumed, *typos_in(reading.tokens)],
        "asked": [_question(each) for each in asked],
        "start": part.start,
        "end": part.end,
    }
    if who.carried and who.carried == who.responsible:
        draft["carried"] = {"responsible": who.carried}
    return draft


def _cadence(when: When) -> DraftCadence:
    cadence: DraftCadence = {
        "rrule": when.rrule,
        "words": when.words,
        "confidence": when.confidence,
        "evidence": when.evidence,
    }
    if when.starts:
        cadence["starts"] = when.starts
    if when.ends:
        cadence["ends"] = when.ends
    return cadence


def _name(steps: list[DraftStep], heading: str | None) -> str | None:
    titles = [step["title"].partition(":")[0].strip() for step in steps]
    if heading:
        return heading
    if len(titles) > 2:
        return f"{titles[0]} and {len(titles) - 1} more steps"
    first, *others = titles or [""]
    return " and ".join([first, *(_inside(each) for each in others)]) or None


def _inside(title: str) -> str:
    """A title within a sentence; the name of a person keeps its capital."""
    return title if names_in(title) else f"{title[:1].lower()}{title[1:]}"


def _heard(reading: Reading, part: Part) -> list[HeardWords]:
    """The words used, in the order of the text and without overlap."""
    heard: list[HeardWords] = []
    for words in sorted(reading.heard, key=lambda each: (each.start, -each.end)):
        start, end = words.start + part.start, words.end + part.start
        if not heard or start >= heard[-1]["end"]:
            heard.append({"part": words.part, "start": start, "end": end})
    return heard


def _asked(
    reading: Reading, who: Who, steps: list[DraftStep], of_steps: list[Asked], answers: Answers
) -> list[Asked]:
    asked = [Asked("name", say("What has to be done?"))] if not steps else []
    asked += reading.asked
    asked += [_about_person(question, who) for question in who.questions]
    asked += of_steps
    if who.responsible and who.backup and not who.fallback:
        question = say(
            "Who takes over when neither %(responsible)s nor %(backup)s can?",
            responsible=who.responsible,
            backup=who.backup,
        )
        asked.append(Asked("fallback", question))
    settled = answers.settled()
    asked.sort(key=lambda each: each.about != "language")
    return [each for each in asked if each.about not in settled]


def _about_person(question: str, who: Who) -> Asked:
    is_backup = (
        question.startswith(("Who takes over", "Who is the backup")) or "own backup" in question
    )
    return Asked("backup" if is_backup else "responsible", question)


def _question(asked: Asked) -> Question:
    return {"about": asked.about, "question": asked.question, "choices": list(asked.choices)}
