"""Some of the days have another time: "every day at 10pm, 10:30pm on weekends"."""

from webapp.rules.capture import phrases as p
from webapp.rules.capture.hours import ONE
from webapp.rules.capture.readers import read
from webapp.rules.capture.reading import Reading, whole
from webapp.rules.capture.understood import Limits
from webapp.rules.sentences import say

_JOINT = r"(?:(?:,|;|\(|and|but|except|then) )+"
_AT = r"(?:(?:at|by|before|until) )?"
_DAYS = rf"(?:on |every |on every )?{p.DAY_LIST}"
_OTHER = rf"{_JOINT}(?:{_AT}{ONE} {_DAYS}|{_DAYS} {_AT}{ONE})(?: \))?"
_OWN = rf"{_OTHER}(?: {_OTHER}){{0,5}}"


def take_own_times(reading: Reading, limits: Limits) -> None:
    """Take such times out with their days, and ask what is due then."""
    found = reading.search(_OWN)
    before = reading.plain[: found.start()] if found else ""
    often = read(before) if whole(ONE).search(before) else None
    if not found or not often or not often[2].rule:
        return
    words = reading.take(*found.span(), "cadence")
    limits.unsure = limits.loose = True
    reading.ask("second", say("What is due at “%(words)s”?", words=words.removeprefix("and ")))
