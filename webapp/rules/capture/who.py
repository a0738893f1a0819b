"""Who, in a captured text: the one person responsible, the backup, and the final fallback."""

import re
from dataclasses import dataclass, field

from webapp.rules.capture.names import (
    AT_END,
    DETERMINERS,
    GOES_ON,
    GROUP,
    HEADING,
    IN_A_STEP,
    MARKED,
    OPENERS,
    SUBJECT,
    is_name,
)
from webapp.rules.capture.reading import TAKEN, Reading
from webapp.rules.capture.task import step_titles
from webapp.rules.capture.verbs import base_verb, is_verb
from webapp.rules.sentences import listed, say


@dataclass(slots=True)
class Who:
    """What was understood; task is what remains of the text to say what is done.

    carried is the responsible person where only the text before this one names them.
    """

    task: str
    responsible: str | None = None
    backup: str | None = None
    fallback: str | None = None
    heading: str | None = None
    carried: str | None = None
    questions: list[str] = field(default_factory=list)


def read_who(
    reading: Reading, backups: list[str], fallback: str | None, before: str | None = None
) -> Who:
    """The people, from what is left of the text once cadence, time and backup are taken out.

    `before` is whom the text before this one names, and so whom "she" means here.
    """
    text = reading.raw
    who = Who(_without_gaps(text), fallback=fallback)
    who.task = OPENERS.sub("", who.task)
    if not _cut_marked(who) and not _cut_at_end(who, text) and not _cut_group(who):
        _cut_subject(who)
    _cut_heading(who)
    if who.responsible is None and not who.questions:
        _cut_names_in_steps(who)
    elif who.responsible:
        _ask_for_others(who)
    if before and who.responsible is None and not who.questions:
        _carry_on(who, reading, before)
    if who.responsible is None and not who.questions:
        who.questions.append(say("Which one person is responsible?"))
    if who.responsible and (at := reading.text.find(who.responsible)) >= 0:
        reading.take_raw(at, at + len(who.responsible), "responsible")
    _settle_backup(who, backups)
    return who


def _without_gaps(text: str) -> str:
    words = re.sub(rf"[ \t]*(?:{re.escape(TAKEN)}+[ \t]*)+", " ", text)
    words = re.sub(r"(?<=\()[ \t,;]+|[ \t]+(?=[,;.)])", "", re.sub(r"[ \t]+", " ", words))
    words = re.sub(r"\(\W*\)|,(?=\s*[,;.):])", "", words)
    return re.sub(r"[ \t]+", " ", words).strip(" .,;:–—-\n")


def _cut_heading(who: Who) -> None:
    """Take "Opening check:" off the front of a list of steps; it names the process."""
    found = HEADING.match(who.task)
    if not found or (is_name(_words_of(found)) and len(_words_of(found).split()) < 3):
        return
    rest = who.task[found.end() :].strip()
    if len(step_titles(rest)) < 2 and rest.count(",") > 1:
        rest = re.sub(r",\s+(?:and )?", "\n", rest)
    if len(step_titles(rest)) > 1:
        heading = step_titles(_words_of(found))
        who.heading = heading[0] if heading else None
        who.task = rest


def _words_of(heading: re.Match[str]) -> str:
    return re.sub(
        r"(?i) (?:is|are|includes?|goes like this|as follows)$",
        "",
        heading["heading"] or heading["line"],
    )


def _cut_marked(who: Who) -> bool:
    for pattern in MARKED:
        found = pattern.search(who.task)
        if found and is_name(found["name"]):
            who.responsible = found["name"][:1].upper() + found["name"][1:]
            rest = f"{who.task[: found.start()]} {who.task[found.end() :]}"
            who.task = _without_gaps(rest)
            return True
    return False


def _cut_at_end(who: Who, text: str) -> bool:
    """Take "Jo" off "fridge temps twice a day Jo": a name alone behind all that was taken out."""
    found = AT_END.search(text)
    if not found or not is_name(found["name"]) or not who.task.endswith(found["name"]):
        return False
    who.responsible = found["name"]
    who.task = _without_gaps(who.task.removesuffix(found["name"]))
    return True


def _cut_group(who: Who) -> bool:
    found = GROUP.match(who.task)
    if not found or is_verb(found[0].split()[0]) or not _is_doing(who.task[found.end() :]):
        return False
    who.task = who.task[found.end() :]
    group = re.sub(r",? *(?:must|should|will|has to|have to|needs? to)? *$", "", found[0]).strip()
    if group.lower() not in ("i", "we"):
        who.questions.append(
            say("“%(group)s” is not one person. Which one person is responsible?", group=group)
        )
    return True


def _is_doing(rest: str) -> bool:
    """Does a verb follow the group ("the team cleans"), and not a noun ("the team meeting")?"""
    word = rest.split()[0].lower() if rest.split() else ""
    return is_verb(word) or bool(base_verb(word)) or not word.endswith(("ing", "ings"))


def _cut_subject(who: Who) -> None:
    found = SUBJECT.match(who.task)
    if not found or not is_name(found["name"]) or not _does(found):
        return
    who.task = who.task[found.start("verb") :]
    if found["other"]:
        both = f"{found['name']} and {found['other']}"
        who.questions.append(
            say("Only one person holds a step. Who of %(both)s is responsible?", both=both)
        )
        return
    who.responsible = found["name"] if found["name"][0].isupper() else found["name"].capitalize()
    if found["name"].islower():
        who.questions.append(
            say(
                "Is “%(responsible)s” the name of the person responsible?",
                responsible=who.responsible,
            )
        )


def _cut_names_in_steps(who: Who) -> None:
    """Take the person out of "1. Ana wipes the shelves", when only one person is named so."""
    found = [each for each in IN_A_STEP.finditer(who.task) if is_name(each["name"])]
    found = [each for each in found if base_verb(each["verb"])]
    names = list(dict.fromkeys(each["name"] for each in found))
    if len(names) == 1:
        who.responsible = names[0]
        for each in reversed(found):
            rest = who.task[each.start("verb") :]
            who.task = who.task[: each.start("name")] + rest[:1].upper() + rest[1:]
    elif names:
        who.questions.append(
            say(
                "Steps name %(listed)s. Which one person is responsible for all?",
                listed=listed(names),
            )
        )


def _ask_for_others(who: Who) -> None:
    """Ask where a step begins with somebody else: one person is responsible for all of it."""
    for other in names_in(who.task):
        if other != who.responsible:
            both = say(
                "%(other)s is named in a step, and %(responsible)s too. Which one person is"
                " responsible?",
                other=other,
                responsible=who.responsible,
            )
            who.questions.append(both)
            return


def names_in(steps: str) -> list[str]:
    """Whom the words of steps name as doing one ("Bram shapes the loaves")."""
    return [
        found["name"]
        for found in IN_A_STEP.finditer(steps)
        if is_name(found["name"]) and (base_verb(found["verb"]) or found["object"] in DETERMINERS)
    ]


def _carry_on(who: Who, reading: Reading, before: str) -> None:
    """Let "and on Fridays she cleans" or "and cleans" mean whoever was named before."""
    found = GOES_ON.match(who.task)
    if found and (found["he"] or base_verb(found["verb"])):
        who.responsible = who.carried = before
        reading.assumed.append(say("%(name)s, who was named before, does this too.", name=before))


def _does(found: re.Match[str]) -> bool:
    """Is the first word somebody who does the second, rather than part of a title?"""
    if found["verb"] in ("gets", "is", "are", "be", "goes", "get") or (found["object"] or "") in (
        "be",
        "been",
    ):
        return False
    if found["must"] or found["other"]:
        return True
    if base_verb(found["verb"]):
        return True
    is_capital = found["name"][0].isupper()
    return is_capital and found["verb"].endswith("s") and found["object"] in DETERMINERS


def _settle_backup(who: Who, backups: list[str]) -> None:
    others = [name for name in backups if name != who.responsible]
    if len(others) > 1:
        who.questions.append(say("Who is the backup: %(join)s?", join=" or ".join(others)))
    elif backups and not others:
        who.questions.append(
            say("%(backups)s cannot be their own backup. Who is the backup?", backups=backups[0])
        )
    elif others:
        who.backup = others[0]
    elif who.responsible:
        who.questions.append(
            say("Who takes over when %(responsible)s cannot?", responsible=who.responsible)
        )
    else:
        who.questions.append(say("Who takes over when this person cannot?"))
