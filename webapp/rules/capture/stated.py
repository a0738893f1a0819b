"""A cadence alone, in any words of the grammar that mean one thing: what the builder is typed."""

import re

from webapp.rules.capture.reading import TAKEN, Reading
from webapp.rules.capture.when import read_when

_LETTER = re.compile(r"[^\W_]")


def stated_rule(words: str) -> str | None:
    """The rule that the words state, with nothing left over and nothing to ask; else None.

    A time of day counts only where the rule holds it, as it does several a day.
    """
    reading = Reading(words)
    when = read_when(reading)
    is_lost = bool(when.times) and "BYHOUR" not in (when.rrule or "")
    is_left = bool(_LETTER.search(reading.raw.replace(TAKEN, "")))
    if when.confidence != "stated" or reading.asked or is_lost or is_left:
        return None
    return when.rrule
