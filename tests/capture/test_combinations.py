"""How often, when, who and what are heard in whatever order they are said."""

from itertools import cycle
from pathlib import Path

import pytest

from tests.capture.scoring import Case, cases_of, same_dates
from webapp.rules.capture import Draft, capture
from webapp.rules.capture.verbs import base_verb, is_verb

TIMES = {
    "by 9am": "09:00", "before 9": "09:00", "at 17:30": "17:30", "no later than noon": "12:00",
    "by 4:15 pm": "16:15", "at 22h00": "22:00", "at half past eight": "08:30",
}  # fmt: skip
ORDERS = (
    "{often} {time} Ana wipes the tables, backup Ben",
    "{often}, {time}, Ana wipes the tables; Ben covers",
    "Ana wipes the tables {often} {time}. Backup: Ben",
    "Ana wipes the tables {time} {often} (backup Ben)",
    "{time} {often} Ana wipes the tables, sometimes Ben covers",
    "Wipe the tables {often} {time} (Ana). If Ana is away, Ben does it.",
    "Wipe the tables: {often}, {time}. Owner: Ana. Backup: Ben",
)
PART_OF_DAY = ("morning", "afternoon", "evening", "night")


def said_often() -> list[Case]:
    """The phrases that say only how often: no work in them, no time, no part of the day."""
    table = Path(__file__).with_name("phrases.txt")
    return [case for case in cases_of(table) if case.meaning.startswith("FREQ") and _is_plain(case)]


def _is_plain(case: Case) -> bool:
    words = case.phrase.lower().split()
    has_work = any(is_verb(word) or base_verb(word) for word in words) or "check" in case.phrase
    has_time = case.due or "BYHOUR" in case.meaning or set(PART_OF_DAY) & set(words)
    return not has_work and not has_time and "nightly" not in words and "Kim" not in case.phrase


@pytest.mark.parametrize("order", ORDERS)
def test_the_order_of_a_sentence_makes_nothing_wrong(order: str) -> None:
    cases = [(case, *each) for case, each in zip(said_often(), cycle(TIMES.items()), strict=False)]
    wrong, unheard = [], 0
    for case, time, deadline in cases:
        text = order.format(often=case.phrase, time=time)
        (draft, *others) = capture(text[:1].upper() + text[1:])["drafts"]
        rrule = draft["cadence"]["rrule"]
        heard = (draft["responsible"], draft["backup"], draft["deadline"])
        unheard += not rrule or heard != ("Ana", "Ben", deadline)
        if others or (rrule and not _is_right(draft, case.meaning)) or not _fits(heard, deadline):
            wrong.append((text, rrule, heard))
    assert wrong == []
    assert unheard <= 0.03 * len(cases)


def _is_right(draft: Draft, meaning: str) -> bool:
    rrule = draft["cadence"]["rrule"] or ""
    return same_dates(rrule, meaning) or draft["cadence"]["confidence"] != "stated"


def _fits(heard: tuple[str | None, str | None, str | None], deadline: str) -> bool:
    """What was heard is right; what was not is asked."""
    wanted = ("Ana", "Ben", deadline)
    return all(each in (None, right) for each, right in zip(heard, wanted, strict=True))
