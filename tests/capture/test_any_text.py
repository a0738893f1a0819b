"""Whatever is typed: a draft or a sentence that refuses, a valid rule, and places in the text."""

import string
from datetime import datetime
from itertools import pairwise

from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.rules.cadence import parse_rrule
from webapp.rules.capture import Capture, CaptureError, capture

SOME_WORDS = """
every each daily weekly monthly Monday tuesdays weekdays weekend 1st 2nd last third first day of the
month quarter year week other second to at by before after between and or 9 12 17:30 8am noon EOD
until from April July except not in Ana Ben Maria covers sometimes if she is out then finally checks
cleans the fridge below 41 °F backup: owner: ( ) , ; . - 1) * times twice 2027 next spring starting
tomorrow for 3 weeks biweekly hourly every 2 hours
"""
WORDS = (*SOME_WORDS.split(), "\n")
sentences = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
anything = st.text(st.characters(codec="utf-8") | st.sampled_from(string.printable), max_size=200)


def captured(text: str) -> Capture:
    try:
        return capture(text)
    except CaptureError:
        return {"drafts": [], "once": []}


@settings(max_examples=300, deadline=None)
@given(sentences | anything)
def test_any_text_gives_drafts_that_hold(text: str) -> None:
    found = captured(text)
    for draft in found["drafts"]:
        assert 0 <= draft["start"] <= draft["end"] <= len(text)
        places = [(heard["start"], heard["end"]) for heard in draft["heard"]]
        assert all(draft["start"] <= start < end <= draft["end"] for start, end in places)
        assert all(one[1] <= other[0] for one, other in pairwise(places))
        assert draft["questions"] == [asked["question"] for asked in draft["asked"]]
        rrule = draft["cadence"]["rrule"]
        if rrule:
            assert parse_rrule(rrule) == rrule
            rrulestr(rrule, dtstart=datetime(2026, 1, 5))
        assert (draft["cadence"]["confidence"] == "unknown") == (rrule is None)


@settings(deadline=None)
@given(sentences)
def test_the_same_text_always_gives_the_same(text: str) -> None:
    assert captured(text) == captured(text)
