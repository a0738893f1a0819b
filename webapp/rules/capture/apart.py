"""One sentence that may tell of two processes, the second without a verb of its own.

"Maria checks the fridge every weekday and the grill on Fridays" is asked about, and can be written
as two sentences.
"""

import re

from webapp.rules.capture.answers import answers_in
from webapp.rules.capture.names import is_name
from webapp.rules.capture.reading import Asked, Reading
from webapp.rules.capture.recurring import is_named_by, recurs
from webapp.rules.capture.split import AND_ANOTHER, clauses, has_work
from webapp.rules.capture.understood import When
from webapp.rules.capture.verbs import base_verb, is_verb
from webapp.rules.capture.when import read_when
from webapp.rules.sentences import say

TWO, ONE = "two processes", "one process"
_THING = re.compile(r"(?i)\b(?:the|an?|all|our|its|their|her|his)\s+[a-z]{3,}")


def told_apart(text: str) -> tuple[str, str] | None:
    """The text as two, where what follows an "and" has a cadence and a thing but no verb.

    What else the text says, answers on lines of their own too, stays with the first.
    """
    lines = answers_in(text).lines
    last = min((line.start for line in lines), default=len(text))
    for start, end in clauses(text[:last]):
        for found in reversed(list(AND_ANOTHER.finditer(text, start, end))):
            if second := _second(text[start : found.start()], text[found.end() : end]):
                return f"{text[: found.start()].rstrip(' ,;')}.{text[end:]}", second
    return None


def _second(head: str, tail: str) -> str | None:
    """The words after an "and" as a sentence with the verb of those before, if they are one."""
    tail, doing, at = tail.strip(" .;,\n"), _doing(head), _thing_at(tail.strip(" .;,\n"))
    if at is None or not doing or has_work(tail[:at]) or is_named_by(tail):
        return None
    if not (has_work(head) and recurs(head) and recurs(tail)):
        return None
    words = f"{tail[:at]}{_for_another(doing, tail[:at])} {tail[at:]}"
    return f"{words[:1].upper()}{words[1:]}."


def ask_whether_two(reading: Reading, when: When, text: str) -> None:
    """Ask whether a sentence of two cadences tells of two processes, instead of what was asked."""
    both = told_apart(text)
    if not both:
        return
    when.lower("maybe")
    reading.asked[:] = [each for each in reading.asked if each.about != "second"]
    question = say("“%(words)s” may be a process of its own. Are these two or one?", words=both[1])
    reading.asked.append(Asked("second", question, (TWO, ONE)))


def _doing(head: str) -> str:
    """Who does it, if they are named, and the verb: "Maria checks"."""
    words = re.findall(r"[\w’'-]+", head)
    for before, word in zip(["", *words], words, strict=False):
        if is_verb(word) or base_verb(word.lower()):
            who = before if _is_somebody(before) else ""
            return f"{who} {word.lower()}".strip()
    return ""


def _for_another(doing: str, lead: str) -> str:
    """The same verb alone, where the second part names somebody of its own."""
    *_who, verb = doing.split()
    return verb if any(map(_is_somebody, lead.split())) else doing


def _is_somebody(word: str) -> bool:
    return word[:1].isupper() and is_name(word)


def _thing_at(words: str) -> int | None:
    """Where the thing begins that something is done with, besides when."""
    reading = Reading(words)
    read_when(reading)
    found = _THING.search(reading.raw)
    return found.start() if found else None
