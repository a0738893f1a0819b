"""What is held about a person, put into words, and as a table."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from webapp.formats import city, day, local_time, quoted, row
from webapp.rules.left_words import LEFT
from webapp.rules.moment_words import local_date, span_words
from webapp.rules.sentences import N_
from webapp.services.about import COUNTED, Part
from webapp.services.about_facts import Fact
from webapp.views import event_words
from webapp.views.trail_entries import GIVEN
from webapp.words import count, translated
from webapp.words import gettext as _

TITLES = {
    "devices": N_("Devices"),
    "absences": N_("Absences"),
    "proofs": N_("Proofs given"),
    "handoffs": N_("Handoffs, given and taken"),
    "reviews": N_("Reviews made"),
    "fix_notes": N_("Fix notes written"),
    "record_about": N_("Events of the record about this person"),
    "record_acted": N_("Events of the record in which this person acted"),
}
# A spreadsheet takes what begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def clocks(parts: Iterable[Part], zone: str, now: datetime) -> bool:
    """Whether several clocks are on the page, so that each time has to say whose it is."""
    zones = {each.get("time_zone", zone) for part in parts for each in part.facts}
    return len({now.astimezone(ZoneInfo(each)).utcoffset() for each in zones}) > 1


def shown(part: Part, name: str, zone: str, *, whose: bool = False) -> dict[str, Any]:
    """Return one part for the page: its title, how many there are, and the newest as sentences.

    `whose` has each time say by which clock it is.
    """
    say = _SAY[part.kind]
    return {
        "kind": part.kind,
        "title": _(TITLES[part.kind]),
        "says": _how_many(part),
        "rows": [
            _row(each, say(each, name), each.get("time_zone", zone), whose) for each in part.facts
        ],
    }


def _how_many(part: Part) -> str:
    """How many there are, and whether the rows below are all of them."""
    if part.count > COUNTED:
        return _("More than %(count)s in all. The newest are:", count=count(COUNTED))
    if part.count > len(part.facts):
        return _("%(count)s in all. The newest are:", count=count(part.count))
    return _("%(count)s in all:", count=count(part.count))


def _row(each: Fact, sentence: str, zone: str, whose: bool) -> dict[str, Any]:
    at = each["at"]
    sha256 = each.get("sha256") if each.get("kind") == "photo" else None
    clock = city(zone) if whose else ""
    there = row(day(local_date(at, zone), year=True), local_time(at, zone), clock)
    return {"at": at, "when": there, "sentence": sentence, "photo": sha256}


def _device(each: Fact, name: str) -> str:
    if each["takes_messages"]:
        return _("%(device)s, which takes messages.", device=each["name"])
    return _("%(device)s.", device=each["name"])


def _absence(each: Fact, name: str) -> str:
    first = each["first_day"]
    span = translated(span_words(first, each["last_day"], date(1, 1, 1)))
    said = _("Away %(days)s, as %(by)s said.", days=span, by=each["said_by"])
    return f"{said} {quoted(each['reason'])}" if each["reason"] else said


def _proof(each: Fact, name: str) -> str:
    kind = each["kind"]
    given = _(GIVEN[kind], by=name)
    return _("%(given)s: %(where)s.", given=given, where=_where(each))


def _handoff(each: Fact, name: str) -> str:
    reason = each["reason"]
    why = _(LEFT[reason], name=each["from"])
    if each["words"]:
        words = each["words"].rstrip(".")  # the sentence around it ends with one
        why = _("%(sentence)s: “%(words)s”", sentence=why, words=words)
    return _(
        "%(where)s: from %(before)s to %(to)s. %(why)s.",
        where=_where(each),
        before=each["from"],
        to=each["to"],
        why=why,
    )


def _review(each: Fact, name: str) -> str:
    if each["decision"] == "approve":
        return _("Approved %(where)s.", where=_where(each))
    return _("Sent back %(where)s: “%(reason)s”", where=_where(each), reason=each["reason"] or "")


def _note(each: Fact, name: str) -> str:
    return _("“%(text)s”, on %(where)s.", text=each["text"], where=_where(each))


def _event(each: Fact, name: str) -> str:
    number, kind = count(each["event"]), event_words.about(each["kind"])
    if each["says"] is None:
        return _("Event %(number)s, %(kind)s: erased.", number=number, kind=kind)
    return _("Event %(number)s, %(kind)s.", number=number, kind=kind)


def _where(each: Fact) -> str:
    return _(
        "“%(step)s” of %(process)s at %(location)s",
        step=each["step"],
        process=each["process"],
        location=each["location"],
    )


_SAY: dict[str, Callable[[Fact, str], str]] = {
    "devices": _device,
    "absences": _absence,
    "proofs": _proof,
    "handoffs": _handoff,
    "reviews": _review,
    "fix_notes": _note,
    "record_about": _event,
    "record_acted": _event,
}


def as_json(profile: Fact, everything: Iterable[tuple[str, Iterable[Fact]]]) -> Iterator[str]:
    """Yield everything as one JSON document, a line for each fact; moments in ISO 8601."""
    yield f'{{\n"person": {_json(profile)}'
    for kind, facts in everything:
        yield f',\n"{kind}": ['
        for number, each in enumerate(facts):
            yield f",\n{_json(each)}" if number else f"\n{_json(each)}"
        yield "]"
    yield "\n}\n"


def as_csv(profile: Fact, everything: Iterable[tuple[str, Iterable[Fact]]]) -> Iterator[str]:
    """Yield everything as rows of kind, moment, and each further fact with its name."""
    line = csv.writer(_Lines()).writerow
    yield line(["what", "at", "fact", "value"])
    for name, value in profile.items():
        yield line(["person", "", name, _cell(value)])
    for kind, facts in everything:
        for each in facts:
            for name, value in each.items():
                if name != "at":
                    yield line([kind, each["at"].isoformat(), name, _cell(value)])


class _Lines:
    """Where a table is written so that each line comes back."""

    def write(self, line: str) -> str:
        return line


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _cell(value: Any) -> str:
    """A value as a spreadsheet shows it, and does not reckon with it."""
    if isinstance(value, dict | list):
        value = _json(value)
    text = "" if value is None else str(_plain(value) if hasattr(value, "isoformat") else value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(value: Any) -> str:
    return str(value.isoformat())
