"""What labelled lines overrule: an answer counts more than what the sentence left open."""

import re

from webapp.rules.cadence import CadenceError, parse_rrule
from webapp.rules.capture.answers import Answers
from webapp.rules.capture.first_due import ask_start
from webapp.rules.capture.reading import Reading
from webapp.rules.capture.said import said
from webapp.rules.capture.understood import When
from webapp.rules.capture.when import read_when
from webapp.rules.capture.who import Who
from webapp.rules.rrule_text import parse_rule, rule_text
from webapp.rules.sentences import say

SEVERAL = re.compile(r"(?i)\b(?:and|or|team|staff|everyone|anyone|manager|crew|shift)\b|[,/&+]")


def overrule(answers: Answers, reading: Reading, when: When, who: Who) -> None:
    """Put the answers in the place of what was read, and drop the questions they answer."""
    _people(answers, who)
    if cadence := answers.of("cadence"):
        _cadence(cadence, reading, when)
    if due := answers.of("deadline"):
        _deadline(due, reading, when)
    if starts := answers.of("starts"):
        when.starts = starts
        _drop(reading, "starts")
        ask_start(reading, starts)


def _people(answers: Answers, who: Who) -> None:
    responsible = answers.of("responsible")
    if responsible and SEVERAL.search(responsible):
        question = say(
            "“%(responsible)s” is not one person. Which one person is responsible?",
            responsible=responsible,
        )
        who.questions = [question, *(q for q in who.questions if not _about_responsible(q))]
    elif responsible:
        who.responsible = responsible[:60]
        who.questions = [each for each in who.questions if not _about_responsible(each)]
    if fallback := answers.of("fallback"):
        who.fallback = fallback[:60]
    backup = answers.of("backup") or who.backup
    if not backup:
        _name_in_question(who)
        return
    who.questions = [each for each in who.questions if _about_responsible(each)]
    if backup == who.responsible:
        who.backup = None
        who.questions.append(
            say("%(backup)s cannot be their own backup. Who is the backup?", backup=backup)
        )
    else:
        who.backup = backup[:60]


def _about_responsible(question: str) -> bool:
    return not (
        question.startswith(("Who takes over", "Who is the backup")) or "own backup" in question
    )


def _name_in_question(who: Who) -> None:
    unnamed = say("Who takes over when this person cannot?")
    if who.responsible:
        named = say("Who takes over when %(responsible)s cannot?", responsible=who.responsible)
        who.questions = [named if each == unnamed else each for each in who.questions]


def _cadence(words: str, reading: Reading, when: When) -> None:
    answer = Reading(words)
    read = _of_rule(words) or read_when(answer)
    _drop(reading, "cadence", "second", *(["starts"] if read.rrule else []))
    reading.asked[:0] = [each for each in answer.asked if each.about not in ("deadline",)]
    when.rrule, when.words, when.confidence = read.rrule, read.words, read.confidence
    when.evidence = [*when.evidence, words]
    _within_limits(reading, when)
    if read.times and not when.times:
        when.times, when.opens = read.times, read.opens
        _drop(reading, "deadline")


def _within_limits(reading: Reading, when: When) -> None:
    """Leave out of the answered cadence, too, what the text leaves out."""
    if not when.rrule:
        return
    rule = parse_rule(when.rrule)
    limited = when.limits.on(rule)
    if not limited:
        reading.ask("exception", say("Which days are left out, and which are not?"))
    elif limited != rule:
        when.rrule, when.words = rule_text(limited), said(limited)


def _of_rule(words: str) -> When | None:
    if "FREQ=" not in words.upper():
        return None
    try:
        rrule = parse_rrule(words)
    except CadenceError:
        return None
    return When(rrule=rrule, words=words, confidence="stated")


def _deadline(words: str, reading: Reading, when: When) -> None:
    answer = Reading(f"daily at {words}")
    read = read_when(answer)
    if not read.times:
        answer = Reading(f"daily {words}")
        read = read_when(answer)
    if read.times:
        _drop(reading, "deadline")
        when.times, when.opens = read.times[:1], read.opens or when.opens


def _drop(reading: Reading, *parts: str) -> None:
    reading.asked[:] = [each for each in reading.asked if each.about not in parts]
