"""The same work by somebody else on some days: "Ana opens daily, but on Mondays Ben does it"."""

from dataclasses import replace

from webapp.rules.cadence_words import DAY_NAMES
from webapp.rules.capture.answers import Answers, answers_in
from webapp.rules.capture.said import said
from webapp.rules.capture.shape import Draft, DraftCadence
from webapp.rules.recurrence import Rule
from webapp.rules.rrule_text import parse_rule, rule_text
from webapp.rules.sentences import listed, say

_ALL_WEEK = tuple((0, day) for day in range(7))
# Between steps on one line, as the grammar reads them back.
_JOINT = ", then "


def stand_in(first: Draft, other: Draft, text: str) -> tuple[Draft, Draft]:
    """Two drafts in their order, the second with the work of the first where it names none itself.

    The days of somebody else are left out of the first, which says so; `other` keeps its own.
    """
    answers = answers_in(text[other["start"] : other["end"]])
    has_work = other["steps"] and not answers.of("task")
    if has_work or not first["steps"] or not _are_two_people(first, other):
        return first, other
    theirs, all_days = _days(other["cadence"]), _days(first["cadence"])
    if not theirs:
        return first, other
    taken = _with_the_work(first, other, _named(theirs), answers)
    left = tuple(day for day in all_days if day not in theirs)
    if not left or left == all_days:
        return first, taken
    return _without(first, left, other["responsible"] or "", _named(theirs)), taken


def _are_two_people(first: Draft, other: Draft) -> bool:
    one, two = first["responsible"], other["responsible"]
    return bool(one and two and one != two)


def _days(cadence: DraftCadence) -> tuple[tuple[int, int], ...]:
    """The days of the week of a rule that comes round each week, and none of any other."""
    rule = parse_rule(cadence["rrule"]) if cadence["rrule"] else Rule("YEARLY")
    if replace(rule, by_day=()) == Rule("WEEKLY"):
        return rule.by_day
    return _ALL_WEEK if rule == Rule("DAILY") else ()


def _named(days: tuple[tuple[int, int], ...]) -> str:
    return listed([say(DAY_NAMES[day]) for _n, day in days])


def _with_the_work(first: Draft, other: Draft, days: str, answers: Answers) -> Draft:
    taken = other.copy()
    taken["steps"] = first["steps"]
    name = taken["name"] = answers.of("name") or f"{first['name']} ({days})"
    carried = {"name": name, "task": _JOINT.join(each["title"] for each in first["steps"])}
    if first["deadline"] and not other["deadline"]:
        taken["deadline"], taken["opens"] = first["deadline"], first["opens"]
        carried["deadline"] = first["deadline"]
    new = {part: value for part, value in carried.items() if not answers.of(part)}
    taken["carried"] = other.get("carried", {}) | new
    taken["asked"] = [each for each in other["asked"] if each["about"] not in carried]
    taken["questions"] = [each["question"] for each in taken["asked"]]
    taken["assumed"] = [
        *other["assumed"],
        say("It is the same work as %(name)s’s.", name=first["responsible"]),
    ]
    return taken


def _without(first: Draft, left: tuple[tuple[int, int], ...], name: str, days: str) -> Draft:
    rule = Rule("WEEKLY", by_day=left)
    words = said(rule) or ""
    narrowed = first.copy()
    narrowed["cadence"] = first["cadence"].copy()
    narrowed["cadence"]["rrule"], narrowed["cadence"]["words"] = rule_text(rule), words
    narrowed["carried"] = first.get("carried", {}) | {"cadence": words}
    narrowed["assumed"] = [
        *first["assumed"],
        say("Left out here: %(days)s, when %(name)s does it.", days=days, name=name),
    ]
    return narrowed
