"""What is to be done, in a captured text: as imperative step titles."""

import re
from dataclasses import dataclass

from webapp.rules.capture.reading import MARK, number_of
from webapp.rules.capture.told_proof import (
    apart,
    begins_proof,
    is_range_of,
    kind_of,
    proves,
    refused,
    required,
)
from webapp.rules.capture.verbs import base_verb, is_verb, of_gerund, of_participle, third_person

_FILLER = re.compile(
    r"(?i)^(?:(?:please|then|and|also|plus|but|so|make sure (?:to|that)|makes sure (?:to|that)"
    r"|remembers? to|don['’]t forget to|needs? to|has to|have to|must|should|will|to|we|i|she|he"
    r"|they"
    r"|always|usually|gotta|got to|it['’]s time to|be sure to|first(?:ly)?(?: of all| off)?"
    r"|second(?:ly)?"
    r"|third(?:ly)?|next|after (?:that|this|which)|afterwards|finally|lastly|last|at the end|to"
    r" finish|in the end"
    r"|once (?:that['’]s|that is) done|step \d+|the first step is to|there is|there['’]s"
    r"|(?:is )?responsible for|in charge of|takes care of|our|my job is to|each time)\b[,:]?\s*)+"
)
_JOINT = re.compile(
    r"(\s*(?:,\s*(?:and |then |and then )*|;|\band then\b|\band\b(?!\s+\d)|\bthen\b|\bplus\b)\s+)"
)
_LINES = re.compile(
    r"\n\s*|(?<=[.!?])\s+(?=[A-Z*•\d-])|\s*[;•·]\s*|(?:^|(?<=\s))(?:[-*]|\(?\d{1,2}[.)]"
    r"|\[[ xX]?\])\s+"
    r"|(?:[,;:]|\band)\s+(?=(?i:first|then|next|afterwards|after that|finally|lastly)\b)"
    r"|\s+(?=then\b)"
)
_APART = re.compile(f"({_LINES.pattern})")
_ITEM = re.compile(r"[\n*•·\d\]-]")
_LAST = re.compile(
    r"(?i)\W*(?:and |then )*(?:finally|lastly|last|at the end|to finish|in the end)\b"
)
_SAYS_NOTHING = """
every each on at in by before it the and then from due for of until is once this a an to with first
deadline when who frequency schedule steps or please but done backup we i that not also happens time
so between only task recurring around as no off day days
"""
NO_TASK_WORDS = frozenset(_SAYS_NOTHING.split())
_NO_TASK = NO_TASK_WORDS | {
    "is due", "it is due", "it's due", "this is due", "this happens", "this is done", "is done",
    "it happens", "it must be done", "must be done", "do", "does", "does so",
}  # fmt: skip
_THE = re.compile(r"(?i)(?:the|an?|all|our|every|each|out|up|off|down|its|their|her|his)\b")
_ITS = re.compile(r"(?i)(?:the|an?|all|our|every|each|its|their|her|his|it|them)\b")
_OF_A_PERSON = re.compile(r"(?i)^\W*(?:is )?(?:responsible for|in charge of|takes care of)")
_MUST_BE = re.compile(
    r"(?i),? (?:and )?(?:it|they|this|which|that) (?:must|should|has to|have to|needs? to|is to)"
    r" (?:be|stay|read|show) "
)
_GOES_OUT = re.compile(
    r"(?i)^(?P<thing>(?:the |all )?[\w’' -]{2,40}?) (?:goes|go|must go) out\b(?P<rest>.*)$"
)
_SIGH = re.compile(r"(?i)(?:[ ,]+(?:oh|um|uh))+$")
_LONGEST_TITLE = 120
_PASSIVE = re.compile(
    r"(?i)^(?P<the>(?:the|all|our|every|each|a|an) )?(?P<thing>[\w’' -]{2,60}?) (?:also"
    r" )?(?:gets?|is|are|must be|should be"
    r"|needs? to be|has to be|have to be|needs? to get|to be|will be|be) "
    r"(?:also |always |then )?(?P<verb>\w+)(?P<rest>\b.*)$"
)
_NEEDS = re.compile(
    r"(?i)^(?P<thing>(?:the |all |our )?[\w’' -]{2,40}?) needs? (?P<verb>\w+)ing\b(?P<rest>.*)$"
)


@dataclass(slots=True)
class Told:
    """A step as it is told: its title, the words about its proof, the mark of when it opens."""

    title: str
    proof: str = ""
    wait: int | None = None


def step_titles(task: str) -> list[str]:
    """Instructions in the imperative, in their order.

    A line, a bullet, a sentence, "then", or a second verb after "and" or a comma begins a step.
    """
    return list(dict.fromkeys(told.title for told, _is_own in _told(task)))


def told_steps(task: str) -> list[Told]:
    """The steps as `step_titles`, each with what was said of its proof and of when it opens.

    Words that only ask for proof belong to the step before, if that has no other proof yet, and
    are a step of their own as an item of a list, or where "finally" says so.
    """
    steps: dict[str, Told] = {}
    last: Told | None = None
    for told, is_own in _told(task):
        is_free = last and (not last.proof or is_range_of(told.title, last.proof))
        if last and is_free and not is_own and proves(told.title, last.title):
            last.proof = told.title
        elif told.title not in steps:
            told.proof = told.title if kind_of(told.title) or refused(told.title) else ""
            last = steps[told.title] = told
    return list(steps.values())


def _told(task: str) -> list[tuple[Told, bool]]:
    """The steps as they are told, each with whether it was set apart from the one before."""
    told, is_item, wait = [], False, None
    for n, line in enumerate(_APART.split(task)):
        if n % 2:
            is_item = bool(_ITEM.search(line))
            continue
        for piece in _joined(line) if line else []:
            sign, words = MARK.search(piece), MARK.sub(" ", piece)
            wait = number_of(sign[0]) if sign else wait
            if title := _title(words):
                told.append((Told(title, wait=wait), is_item or bool(_LAST.match(words))))
                wait = None
            is_item = False
    return told


def _joined(line: str) -> list[str]:
    first, *others = _JOINT.split(line.strip())
    pieces = [first]
    for joint, piece in zip(others[::2], others[1::2], strict=True):
        words = _FILLER.sub("", piece)
        is_told = MARK.match(words) or begins_proof(words) or refused(words)
        if is_told or (_begins_work(words) and (" " in words or kind_of(words))):
            pieces.append(piece)
        else:
            pieces[-1] += joint + piece
    return [part for piece in pieces for part in apart(piece)]


def _begins_work(words: str) -> bool:
    """Is the first word a known verb, or any in the third person before its object?"""
    first, _blank, rest = words.partition(" ")
    known = is_verb(first) or base_verb(first.lower())
    return bool(known or (first.islower() and third_person(first) and _ITS.match(rest)))


def _title(piece: str) -> str:
    words = _FILLER.sub("", piece.strip(" .,;:–—-()!?")).strip(" .,;:–—-()!?")
    if proof := required(words):
        return proof
    words = _MUST_BE.sub(": ", " ".join(words.split()))
    words = _active(_SIGH.sub("", words))[:_LONGEST_TITLE].strip()
    if words.lower() in _NO_TASK or not re.search(r"[^\W\d_]{2}", words):
        return ""
    first, space, rest = words.partition(" ")
    verb = (base_verb(first.lower()) if rest or first.islower() else None) or first
    if _THE.match(rest) or _OF_A_PERSON.search(piece):
        verb = of_gerund(first.lower()) or verb
    if verb.islower() and _ITS.match(rest):
        verb = third_person(verb) or verb
    return f"{verb[:1].upper()}{verb[1:]}{space}{_without_end(rest)}".strip(" .,;:–—-(")


def _without_end(rest: str) -> str:
    """The words without what the cut-out parts left behind at the end."""
    return re.sub(
        r"(?i)(?:[ ,]+(?:and|or|then|by|at|in the|within|but|the|also|it is due|due|from|is"
        r" done|afterwards|after that))+$",
        "",
        rest,
    )


def _is_any_verb(word: str) -> bool:
    return is_verb(word) or bool(base_verb(word.lower()))


def _active(words: str) -> str:
    """Say "the grill gets cleaned" as an instruction: "clean the grill"."""
    found = _PASSIVE.match(words)
    base = of_participle(found["verb"].lower()) if found else None
    if found and base and not _is_any_verb(found["thing"].partition(" ")[0]):
        thing = (
            f"{(found['the'] or 'the ').lower()}{found['thing'][:1].lower()}{found['thing'][1:]}"
        )
        return f"{base} {thing}{found['rest']}"
    if out := _GOES_OUT.match(words):
        return f"take out {out['thing'][:1].lower()}{out['thing'][1:]}{out['rest']}"
    needs = _NEEDS.match(words)
    gerund = of_gerund(f"{needs['verb']}ing".lower()) if needs else None
    if needs and gerund:
        thing = needs["thing"][:1].lower() + needs["thing"][1:]
        return f"{gerund} {thing}{needs['rest']}"
    return words
