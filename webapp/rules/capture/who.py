"""Who, in a captured sentence: the one person responsible and the backup."""

import re
from dataclasses import dataclass, field

from webapp.rules.capture.task import base_verb, is_verb

_NO_NAME_WORDS = (
    "the our all a an i we if when and or then sometimes otherwise back backup please every daily"
    " weekly monthly safety stock fridge freezer cash till fire gate kitchen room bathroom stuff"
    " temperature health site quality opening closing security staff team it he she they who"
)
_NO_NAMES = frozenset(_NO_NAME_WORDS.split())
_NAME = r"[A-Z][\w’'-]*\w(?: [A-Z][\w’'-]*\w)?"
_COVERS = (
    r"(?:(?:can|will|usually|sometimes) )?(?:covers?|fills? in|steps? in|stands? in|takes? over"
    r"|helps? out|is (?:the |her |his |their )?back-?up)\b"
)
_LEAD = r"[\s,;.(–—-]*(?:\b(?:and|but|while|with|otherwise|or else)\b,? )?(?i:\bsometimes,? )?"
_WHEN_AWAY = (
    r"\b(?i:if|when) (?:she|he|they|[A-Z]\w+) (?:can|is|are|isn)\b[^,;.]*, (?:then )?"
    rf"(?P<name>{_NAME})\b(?: (?:{_COVERS}|does|will|should)[^,;.|]*)?"
)
_SOMEBODY_COVERS = (
    rf"(?:(?P<either>{_NAME}) (?:or|and) )?\b(?P<name>{_NAME}) {_COVERS}"
    r"(?: for (?:her|him|them|[A-Z]\w+))?(?:,? (?:if|when) [^,;.|]*)?\)?"
)
_BACKUPS = tuple(
    re.compile(_LEAD + pattern)
    for pattern in (
        _WHEN_AWAY,
        _SOMEBODY_COVERS,
        rf"(?i:\bback-?up)(?: is|:| by| =|,)? (?P<name>{_NAME})\)?",
        rf"\b(?P<name>{_NAME}) as (?:the |her |his )?back-?up\)?",
        rf"\bor (?P<name>{_NAME}) (?:if|when) [^,;.|]*",
    )
)
_MARKED = (
    re.compile(rf"\((?:by )?(?P<name>{_NAME})\)"),
    re.compile(rf"@(?P<name>{_NAME})"),
    re.compile(rf"\b(?i:responsible|owner|assigned to|assignee)(?: is|:)? (?P<name>{_NAME})"),
    re.compile(rf"^\W*(?P<name>{_NAME}):"),
    re.compile(rf"\s[–—-] (?P<name>{_NAME})\W*$"),
)
_GROUP = re.compile(
    r"(?i)^(?:(?:the|our|all) )?(?:\w+ )?(?:team|staff|everyone|everybody|someone|somebody|anyone"
    r"|crew|manager|cook|chef|cleaner|teachers?|nurses?|shift lead|we|i)\b(?: (?=\w))"
)
_MUST = r"(?: (?:must|should|has to|have to|needs to|need to|will|is to))"
_SUBJECT = re.compile(
    rf"^(?P<name>{_NAME}|[a-z]+)(?: (?:and|or) (?P<other>[A-Z]\w+))?"
    rf"(?P<must>{_MUST})? (?P<verb>[a-z]+) (?P<object>\w+)"
)
_DETERMINERS = ("the", "a", "an", "all", "our", "her", "his", "new", "every", "up", "out", "with")


@dataclass(slots=True)
class Who:
    """What was understood; task is what remains of the sentence."""

    task: str
    responsible: str | None = None
    backup: str | None = None
    questions: list[str] = field(default_factory=list)


def cut_backup(sentence: str) -> tuple[str, list[str]]:
    """The sentence without its backup clause, and the names in the clause."""
    for pattern in _BACKUPS:
        found = pattern.search(sentence)
        if found and _is_name(found["name"]):
            either = found.groupdict().get("either")
            names = [name for name in (either, found["name"]) if name]
            return f"{sentence[: found.start()]} | {sentence[found.end() :]}", names
    return sentence, []


def read_who(text: str, backups: list[str]) -> Who:
    """The people, from a text whose cadence, time and backup clause are cut out (as " | ")."""
    who = Who(" ".join(text.replace("|", " ").split()).strip(" .,;:–—-"))
    if not _cut_marked(who) and not _cut_group(who):
        _cut_subject(who)
    if who.responsible is None and not who.questions:
        who.questions.append("Which one person is responsible?")
    _settle_backup(who, backups)
    return who


def _cut_marked(who: Who) -> bool:
    found = next((found for each in _MARKED if (found := each.search(who.task))), None)
    if not found or not _is_name(found["name"]):
        return False
    who.responsible = found["name"]
    who.task = f"{who.task[: found.start()]} {who.task[found.end() :]}".strip(" ,;:")
    return True


def _cut_group(who: Who) -> bool:
    found = _GROUP.match(who.task)
    if not found:
        return False
    who.task = who.task[found.end() :]
    group = found[0].strip()
    if group.lower() not in ("i", "we"):
        who.questions.append(f"“{group}” is not one person. Which one person is responsible?")
    return True


def _cut_subject(who: Who) -> None:
    found = _SUBJECT.match(who.task)
    if not found or not _is_name(found["name"]) or not _does(found):
        return
    who.task = who.task[found.start("verb") :]
    if found["other"]:
        both = f"{found['name']} and {found['other']}"
        who.questions.append(f"Only one person holds a step. Who of {both} is responsible?")
        return
    who.responsible = found["name"] if found["name"][0].isupper() else found["name"].capitalize()
    if found["name"].islower():
        who.questions.append(f"Is “{who.responsible}” the name of the person responsible?")


def _does(found: re.Match[str]) -> bool:
    """Is the first word somebody who does the second, rather than part of a title?"""
    if found["must"] or found["other"]:
        return True
    if base_verb(found["verb"]):
        return True
    is_capital = found["name"][0].isupper()
    return is_capital and found["verb"].endswith("s") and found["object"] in _DETERMINERS


def _is_name(words: str) -> bool:
    return not any(word.lower() in _NO_NAMES or is_verb(word) for word in words.split())


def _settle_backup(who: Who, backups: list[str]) -> None:
    if len(backups) > 1:
        who.questions.append(f"Who is the backup: {' or '.join(backups)}?")
    elif backups and backups[0] == who.responsible:
        who.questions.append(f"{backups[0]} cannot be their own backup. Who is the backup?")
    elif backups:
        who.backup = backups[0]
    else:
        who.questions.append(f"Who takes over when {who.responsible or 'this person'} cannot?")
