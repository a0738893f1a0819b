"""A paragraph as the processes that it tells of, and the work in it that happens only once."""

import re
from dataclasses import dataclass

from webapp.rules.capture.answers import answers_in
from webapp.rules.capture.reading import Reading
from webapp.rules.capture.recurring import happens_once, is_named_by, names_time, recurs
from webapp.rules.capture.task import NO_TASK_WORDS
from webapp.rules.capture.verbs import base_verb, is_verb
from webapp.rules.capture.when import read_when

_SENTENCE_END = re.compile(
    r"(?<=[.!?;])\s+(?=[A-Z\"'“‘])|\n\s*\n|\n(?=\s*[^\W\d_])|(?<=[a-z\d)]);\s+"
)
_SIGN = r"[ \t]*(?:[-*•]|\(?\d{1,2}[.)]|\[[ xX]?\])[ \t]+"
_BULLET = re.compile(rf"(?m)^{_SIGN}(?=\S)")
_DANGLING = re.compile(rf"\n{_SIGN}$|,?\s+(?:and|while|but|plus)\s*$")
_SIGNS = " \t-*•.()[]xX0123456789"
AND_ANOTHER = re.compile(r"(?:,|;)?\s+(?:and|while|but|plus)\s+|,\s+|\s+(?=then\s)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mrs?|Ms|Dr|St|No|approx|incl|excl|temp|min|max|[Aa]\.?m|[Pp]\.?m|e\.g|i\.e|etc)\."
    r"|(?:^|[a-z] )[A-Z]\.)$"
)

# What begins like this belongs to the work before it.
_LEANS = re.compile(
    r"\s*(?i:if|when|backup|sometimes|otherwise|owner|responsible|due|then|after that"
    r"|finally|first)\b"
    r"|\s*[A-Z]\w+ (?:covers|fills in|steps in|stands in|takes over|helps out)\b"
    r"(?! (?:the|an?|all|our)\b)"
)
# Words that only put the work in an order: what they lead may have a cadence of its own.
_IN_ORDER = re.compile(
    r"(?i)\s*(?:(?:and|but|then|also|after (?:that|this)|afterwards|finally|lastly|first)\b,?\s*)+"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the text about one process, or about work that happens once."""

    start: int
    end: int
    once: str | None = None


def parts_of(text: str) -> list[Part]:
    """The processes of a text in order: a sentence with a cadence of its own begins a process.

    What names no cadence belongs to the process before it, or to the first one.
    """
    parts: list[Part] = []
    open_start, has_cadence = 0, False
    for start, end in clauses(text):
        words = text[start:end]
        once = happens_once(words)
        is_line = _is_line(text, start, end)
        is_due = not once and (recurs(words) or (is_line and names_time(words)))
        if once:
            parts = _closed(parts, text, open_start, start, has_cadence)
            parts.append(Part(start, end, once))
            open_start, has_cadence = end, False
        elif is_due and has_cadence and (has_work(words) or is_line):
            parts = _closed(parts, text, open_start, start, has_cadence)
            open_start, has_cadence = start, True
        else:
            has_cadence = has_cadence or is_due
    return _closed(parts, text, open_start, len(text), has_cadence) or [Part(0, len(text))]


def _closed(parts: list[Part], text: str, start: int, end: int, has_cadence: bool) -> list[Part]:
    words = _DANGLING.sub("", text[start:end])
    if not re.search(r"[^\W\d_]{2}", words):
        return parts
    if not has_cadence and parts and not parts[-1].once and not has_work(words):
        return [*parts[:-1], Part(parts[-1].start, end)]
    if not has_cadence and parts and parts[-1].once and not has_work(words):
        return parts
    lead = len(words) - len(words.lstrip())
    return [*parts, Part(start + lead, start + len(words.rstrip()))]


def clauses(text: str) -> list[tuple[int, int]]:
    """Sentences; and the halves of a sentence in which each has its own cadence and work."""
    pieces: list[tuple[int, int]] = []
    start = 0
    for found in _ends(text):
        if _ABBREVIATION.search(text[: found.start()]):
            continue
        pieces += _halves(text, start, found.start())
        start = found.end()
    return pieces + _halves(text, start, len(text))


def _ends(text: str) -> list[re.Match[str]]:
    """Where sentences end and items of a list begin; the dot of "1. Mop" ends no sentence."""
    items = _bullets(text)
    ends = [
        end
        for end in _SENTENCE_END.finditer(text)
        if not any(item.start() <= end.start() < item.end() for item in items)
    ]
    return sorted([*ends, *items], key=lambda found: found.start())


def _bullets(text: str) -> list[re.Match[str]]:
    """Where the items of a list begin, if each of them is a process of its own and no step."""
    found = list(_BULLET.finditer(text))
    ends = [each.start() for each in found[1:]] + [len(text)]
    items = [text[each.end() : end].strip() for each, end in zip(found, ends, strict=False)]
    own = all("\n" not in item and names_time(item) and _thing_in(item) for item in items)
    return found if len(found) > 1 and own and not text[: found[0].start()].strip() else []


def _halves(text: str, start: int, end: int) -> list[tuple[int, int]]:
    for found in AND_ANOTHER.finditer(text, start, end):
        head, tail = text[start : found.start()], text[found.end() : end]
        if _begins_work(tail) and _stands_alone(head) and _stands_alone(tail):
            return [(start, found.start()), *_halves(text, found.end(), end)]
    return [(start, end)] if end > start else []


def _is_line(text: str, start: int, end: int) -> bool:
    """Is it a line of a list that names a thing ("fridge temps twice a day Jo") besides when?"""
    words = text[start:end].rstrip()
    before, after = text[:start].rpartition("\n")[2], text[start + len(words) :].lstrip(" \t.;,")
    if before.strip(_SIGNS) or after[:1] not in ("", "\n"):
        return False
    return not _leans(words) and not answers_in(words).lines and bool(_thing_in(words))


def _thing_in(words: str) -> list[str]:
    """The words of a line besides when it is due and the name that it ends with."""
    reading = Reading(words)
    read_when(reading)
    left = re.findall(r"[^\W\d_]{3,}", reading.raw)
    if left and left[-1][0].isupper():
        left.pop()
    return [word for word in left if word.lower() not in NO_TASK_WORDS]


def _stands_alone(words: str) -> bool:
    return has_work(words) and recurs(words)


def _begins_work(words: str) -> bool:
    """Does a clause begin with somebody who does something, a verb, or a cadence of its own?"""
    words = _IN_ORDER.sub("", words, count=1)
    first, second = ([*words.split()[:2], "", ""])[:2]
    if (is_verb(first) or base_verb(first)) and is_named_by(words):
        return False
    if is_verb(first) or base_verb(first) or (first[:1].isupper() and base_verb(second.lower())):
        return True
    return bool(
        re.match(
            r"(?i)(?:every|each|once|on|at|daily|weekly|monthly|yearly|quarterly"
            r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days)\b",
            words,
        )
    )


def has_work(words: str) -> bool:
    """Is there a verb of work in it (else it only says when, who or how)?"""
    return any(
        is_verb(word)
        or base_verb(word)
        or (word.endswith("ed") and (is_verb(word[:-2]) or is_verb(word[:-1])))
        for word in re.findall(r"[a-z]+", words.lower())
    ) and not _leans(words)


def _leans(words: str) -> bool:
    """Does it belong to the work before it ("then …"), without a cadence of its own?"""
    order = _IN_ORDER.match(words)
    return bool(_LEANS.match(words)) and not (order and recurs(words[order.end() :]))
