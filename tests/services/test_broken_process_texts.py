"""Every broken process text is told by line and column, and none by a traceback.

In each text ‸ stands before the place where the fault is told.
"""

import re
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew
from tests.services.process_texts import CONTRACT, faults
from webapp.problems import Problem
from webapp.services import process_text

HEAD = "processes:\n  - name: Closing\n    locations: [Downtown]\n    cadence: every day\n"
TIMES = '    opens: "17:00"\n    deadline: "18:00"\n'
CHAIN = "    chain: [{assignee: Ana}, {backup: Ben}]\n"
STEPS = "    steps: [{title: Lock up, proof: note}]\n"


def step(inside: str) -> str:
    """A whole process with this step."""
    return f"{HEAD}{TIMES}{CHAIN}    steps:\n      - {inside}\n"


def process(more: str) -> str:
    """A whole process with these lines too."""
    return f"{HEAD}{TIMES}{CHAIN}{more}\n{STEPS}"


BROKEN = {
    # what is no YAML, or more than is read
    "a list without an end": ("people: [Ana‸", "Expected ',' or ']'"),
    "a tab for an indent": ("people:\n‸\t- name: Ana", "Found character '\\t'"),
    "a quote without an end": ('people: [{name: "Ana}]‸', "Found unexpected end of stream"),
    "a colon too many": ("people: Ana‸: staff", "Mapping values are not allowed here"),
    "a line that hangs": ("processes:\n  - name: A\n ‸locations: [B]", "Expected <block end>"),
    "an anchor": ("people: ‸&all [Ana]", "anchors and aliases are not taken"),
    "an alias": ("people: ‸*all", "anchors and aliases are not taken"),
    "two documents": (
        "people: []\n‸---\nlocations: []",
        "Expected a single document in the stream, but found another",
    ),
    "deeper than anybody needs": ("[" * 12 + "‸" + "[", "nested too deeply"),
    "a character that is none": ("people: [{name: A‸\x07}]", "This character cannot stand"),
    "an escape that no database keeps": (r'people: [{name: ‸"A\0"}]', "cannot be kept"),
    "half a character": (r'people: [{name: ‸"A\uD800"}]', "cannot be kept"),
    "a tag that would build something": ("people: !!python/name:os.system [‸x]", "a mapping"),
    # sections and members
    "a list at the top": ("‸- Ana", "a mapping with locations, people, processes"),
    "a section that nobody knows": ("‸proceses: []", "Did you mean processes?"),
    "a section twice": ("people: []\n‸people: []", "given twice"),
    "a section that is no list": ("processes: ‸Closing", "must be a list"),
    "an item that is no mapping": ("processes: [‸Closing]", "must be a mapping"),
    "an item without a name": ("locations: [‸{time_zone: UTC}]", "Give it a name"),
    "a name twice": ("people: [{name: Ana}, {name: ‸Ana}]", "there twice"),
    "a key that is a list": ("people: [{‸[a]: b}]", "not known here"),
    # locations and people
    "a zone that is none": ("locations: [{name: Up, time_zone: ‸Mars/Base}]", "time zone"),
    "a zone on the disk": ("locations: [{name: Up, time_zone: ‸../../etc/passwd}]", "time zone"),
    "a weekday that is none": ("locations: [{name: Downtown, open_days: ‸[mo, xx]}]", "weekday"),
    "a date that is none": ("locations: [{name: Downtown, closed: [‸2026-02-30]}]", "not a date"),
    "holidays of nowhere": (
        "locations: [{name: Downtown, holidays: ‸XX}]",
        "not a country we know",
    ),
    "a role that is none": ("people: [{name: Gus, role: ‸boss}]", "Use one of"),
    "an address that is none": ("people: [{name: Gus, email: ‸gus}]", "e-mail"),
    # a process as a whole
    "nowhere": (process("").replace("[Downtown]", "‸[Nowhere]"), "no location called"),
    "a cadence that says two things": (
        process("").replace("every day", "‸twice a week"),
        "does not say one thing clearly",
    ),
    "a rule that never comes": (
        process("").replace("every day", "‸FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
        "never falls on any date",
    ),
    "a time that is none": (process("").replace('"18:00"', '‸"25:00"'), "not a time of day"),
    "a number that is too long": (
        process("").replace('"18:00"', "‸" + "9" * 5000),
        "not a time of day",
    ),
    "a wait that is none": (process("    grace: ‸soon"), "not a waiting time"),
    "a wait over a month": (process("    grace: ‸40d"), "31 days at most"),
    "a reminder before it opens": (process("    remind: ‸2h"), "would never come"),
    "days before that are too many": (process("    opens_days_before: ‸99"), "0 to 31 days"),
    "a first date that is none": (process("    starts: ‸2026-02-30"), "not a date"),
    "a first date too far ahead": (process("    starts: ‸2062-12-04"), "within the next ten years"),
    "a review that is none": (process("    review: ‸sometimes"), "none, photos, risky, all"),
    "a wording that is none": (process("    wording: ‸loose"), "locked, open"),
    "a member of another trade": (process("    ‸colour: red"), "not known here"),
    # the chain
    "nobody": (process("").replace("backup: Ben", "backup: ‸Zoe"), "Nobody called “Zoe”"),
    "the same person twice": (process("").replace("backup: Ben", "backup: ‸Ana"), "both"),
    "two roles at one station": (
        process("").replace("{backup: Ben}", "‸{backup: Ben, fallback: Fay}"),
        "Name one here",
    ),
    "no backup": (
        process("").replace(", {backup: Ben}", "").replace("[{assignee", "‸[{assignee"),
        "backup",
    ),
    "an owner who is left out": (
        process("").replace("{backup: Ben}", "{backup: Ben}, {owner: ‸no}"),
        "always the last",
    ),
    # steps and their proofs
    "no steps": (f"{HEAD}{TIMES}{CHAIN}    steps: ‸[]\n", "at least one step"),
    "a step without a proof": (step("‸{title: Lock up}"), "Say which proof"),
    "a proof that is none": (step("{title: Lock up, proof: ‸smell}"), "Use one of"),
    "a range upside down": (
        step("{title: Fridge, proof: number, min: ‸5, max: 4}"),
        "above 5 and below 4",
    ),
    "a limit that is no number": (
        step("{title: Fridge, proof: number, min: ‸cold}"),
        "Write the number in digits",
    ),
    "a limit without a measure": (
        step("{title: Fridge, proof: number, min: ‸1e999999999}"),
        "number",
    ),
    "a range of a photo": (step("{title: Fridge, proof: photo, max: ‸4}"), "Only a number"),
    "a unit of a note": (step("{title: Fridge, proof: note, unit: ‸kg}"), "Only a number"),
    "what to do outside of nothing": (
        step("{title: Fridge, proof: number, if_outside: ‸Call}"),
        "Say which numbers are fine",
    ),
    "a least time of a scan": (
        step("{title: Gate, proof: scan, min_seconds: ‸5}"),
        "Only a timed check",
    ),
    "a least time in words": (
        step("{title: Gate, proof: timed, min_seconds: ‸long}"),
        "not a whole number",
    ),
    "a code of a photo": (step("{title: Gate, proof: photo, scan_code: ‸g-7}"), "Only a scan"),
    "a picture by no name": (
        step("{title: Gate, proof: note, picture: ‸{alt: Shut}}"),
        "Name the picture",
    ),
    "a picture by a wrong name": (
        step("{title: Gate, proof: note, picture: {sha256: ‸abc, alt: Shut}}"),
        "64 hex digits",
    ),
    "a picture that is not here": (
        step(f"{{title: Gate, proof: note, picture: ‸{{sha256: {'ab' * 32}, alt: Shut}}}}"),
        "not here yet",
    ),
    "a skip in words": (step("{title: Gate, proof: note, may_skip: ‸perhaps}"), "true or false"),
    "words of a location for a locked step": (
        step("{title: Gate, proof: note, wordings: ‸[{location: Downtown, title: Door}]}"),
        "is locked",
    ),
    "words of a location where it does not run": (
        step("{title: Gate, proof: note, wording: open, wordings: [{location: ‸Up, title: X}]}"),
        "It does not run at “Up”.",
    ),
}


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_text_is_told_where_it_is_broken(
    session: Session, crew: Crew, now: datetime, what: str
) -> None:
    marked, sentence = BROKEN[what]
    text = marked.replace("‸", "")
    before = marked.partition("‸")[0]
    where = f"line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"
    told = faults(session, crew, now, text)
    assert [place for place in told if not re.search(r"line \d+, column \d+$", place)] == []
    here = [words for place, words in told.items() if place.endswith(where)]
    assert here, told
    assert sentence in here[0]


def test_a_text_that_is_too_long_is_told_where_it_goes_too_far(
    session: Session, crew: Crew, now: datetime
) -> None:
    told = faults(session, crew, now, "# a line\n" * 120_000)
    assert told == {"line 111112, column 2": "Here the text goes over 1 MB. Divide it."}


def test_there_are_many_ways_to_break_a_text() -> None:
    assert len(BROKEN) > 40
    assert all(text.count("‸") == 1 for text, _sentence in BROKEN.values())


@pytest.mark.parametrize("cut", range(0, 1000, 23))
def test_a_text_that_was_cut_off_is_taken_or_told(
    session: Session, crew: Crew, now: datetime, cut: int
) -> None:
    places = told_places(session, crew, now, CONTRACT[:cut])
    assert all(re.search(r"line \d+, column \d+$", place) for place in places)


def told_places(session: Session, crew: Crew, now: datetime, text: str) -> list[str]:
    """Where faults of the text are told; none where it is taken."""
    try:
        process_text.diff(session, crew.org_id, crew.olivia.id, text, now)
    except Problem as problem:
        return list(problem.fields) or [""]
    return []
