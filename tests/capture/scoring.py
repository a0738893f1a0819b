"""Score what the grammar makes of phrases: right, asked, or wrong without a word about it.

A table holds groups: a line "= MEANING" and the phrases that mean it, one a line. A meaning is an
RRULE, or "?" when only a question is right, or "once" for work that happens once; behind an "@" may
stand the deadline ("@09:00"), "@?" when it must be asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from dateutil.rrule import rrulestr

from webapp.rules.capture import Draft, capture

MONDAY = datetime(2026, 1, 5)
ABOUT_THE_CADENCE = {"cadence", "starts", "ends", "exception", "holidays", "second"}


@dataclass(frozen=True, slots=True)
class Case:
    """One phrase with what it means: a rule, None when it must be asked; `due` likewise."""

    phrase: str
    meaning: str
    due: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One phrase with its verdict (right, asked or wrong) and what was made of it."""

    case: Case
    verdict: str
    got: str


def cases_of(table: Path) -> Iterator[Case]:
    """The phrases of a table in its own form."""
    meaning, due = "?", None
    for line in table.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            meaning, at, time = line[2:].partition("@")
            meaning, due = meaning.strip(), time.strip() if at else None
        elif line.strip() and not line.startswith("#"):
            yield Case(line.strip(), meaning, due)


def score(case: Case) -> Result:
    """The verdict on one phrase."""
    captured = capture(case.phrase)
    if case.meaning == "once":
        verdict = "right" if captured["once"] and not captured["drafts"] else "asked"
        return Result(case, verdict, f"{len(captured['once'])} once")
    if not captured["drafts"]:
        return Result(case, "wrong", "no draft")
    draft = captured["drafts"][0]
    got = f"{draft['cadence']['rrule']} ({draft['cadence']['confidence']}) @{draft['deadline']}"
    return Result(case, _worst(_cadence(case, draft), _due(case, draft)), got)


def _worst(*verdicts: str) -> str:
    return next((each for each in ("wrong", "asked") if each in verdicts), "right")


def _cadence(case: Case, draft: Draft) -> str:
    rrule = draft["cadence"]["rrule"]
    is_asked = any(each["about"] in ABOUT_THE_CADENCE for each in draft["asked"])
    if case.meaning == "?":
        return "right" if is_asked and draft["cadence"]["confidence"] != "stated" else "wrong"
    if rrule and same_dates(rrule, case.meaning):
        return "right"
    return "asked" if is_asked and (not rrule or is_unsure(draft)) else "wrong"


def is_unsure(draft: Draft) -> bool:
    """Does the draft say itself that it is not sure of the cadence?"""
    return draft["cadence"]["confidence"] in ("maybe", "likely")


def _due(case: Case, draft: Draft) -> str:
    is_asked = any(each["about"] == "deadline" for each in draft["asked"])
    if case.due is None:
        return "right"
    if case.due == "?":
        return "right" if is_asked and not draft["deadline"] else "wrong"
    if draft["deadline"] == case.due:
        return "right"
    return "asked" if is_asked and not draft["deadline"] else "wrong"


def same_dates(one: str, other: str) -> bool:
    """Do two rules fall on the same dates, over four years from a Monday, and as often a day?"""
    return one == other or _dates(one) == _dates(other)


def _dates(rule: str) -> list[datetime]:
    start = MONDAY
    until = datetime(2030, 1, 5)
    found = rrulestr(rule.removeprefix("RRULE:"), dtstart=start)
    return [
        each for each in found.between(start, until, inc=True) if each.date() >= date(2026, 1, 5)
    ]
