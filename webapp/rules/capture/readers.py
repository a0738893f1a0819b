"""The phrases that say how often, each with its reader; and the ones that only raise a question."""

import re
from collections.abc import Callable

from webapp.rules.capture import dated as by_date
from webapp.rules.capture import often
from webapp.rules.capture import phrases as p
from webapp.rules.capture.feasts import FEAST
from webapp.rules.capture.often import FREQUENCY, JOIN, LEAD, PERIOD, Often
from webapp.rules.capture.reading import TAKEN, Asked, whole
from webapp.rules.sentences import N_, say

_TIMES = (
    r"(?P<times>twice|\d{1,2} times|[1-6] (?:days|nights|mornings|evenings)|several times|a few"
    r" times)"
)
_TIMES_PER = (
    rf"{_TIMES}(?: (?:an?|per|every|in an?))? "
    r"(?P<period>day|week|fortnight|month|quarter|year|daily|weekly|monthly|yearly|annually)"
)
_WEEKLY = (
    r"(?:(?:in|on|of|,) )?(?:every (?:(?P<step>other|\d{1,2}(?:th)?) )?(?P<unit>week)s?"
    r"|(?P<often>weekly|fortnightly|on alternate weeks))"
)
READERS: tuple[tuple[str, Callable[[re.Match[str]], Often | None]], ...] = (
    ((rf"{_TIMES_PER}{JOIN} (?:(?P<days>{p.DAY_LIST})|(?P<dates>{p.DATE_LIST})"
     rf"|(?P<which>{p.COUNTED_LIST}))"), by_date.times_on_days),
    ((rf"(?:{FREQUENCY}{JOIN} )?(?:every )?(?P<days>{p.DAY_LIST}) (?:in|of) week"
      r" (?P<week>\d{1,2})"), by_date.in_week),
    (rf"{FREQUENCY}{JOIN} (?P<which>{p.COUNTED_LIST}) (?:in|of) (?P<months>{p.MONTH_LIST})",
     by_date.counted_in_month),
    ((rf"{LEAD}(?P<which>{p.COUNTED_LIST}) (?:in|of) (?:every )?(?P<months>{p.MONTH_LIST})"
     r"(?:,? (?:every (?P<unit>year)|(?P<often>yearly|annually)))?"), by_date.counted_in_month),
    (rf"every (?P<months>{p.MONTH_LIST})(?: ,)?(?: on| by)? (?P<which>{p.COUNTED_LIST})",
     by_date.counted_in_month),
    (rf"{FREQUENCY}{JOIN} (?P<dates>{p.DATE_LIST})", by_date.every_date),
    (rf"(?:on )?every (?P<dates>{p.DATE_LIST})", by_date.every_date),
    ((rf"(?:(?:on|by) )?(?P<dates>{p.DATE_LIST})(?: ,)? "
     rf"(?:of )?{FREQUENCY}"), by_date.every_date),
    (rf"{FREQUENCY}(?: ,)?(?: in| every| during)? (?P<months>{p.MONTH_LIST})",
     by_date.every_month_named),
    (rf"every (?P<months>{p.MONTH_LIST})", by_date.every_month_named),
    (rf"{FREQUENCY}{JOIN} (?P<days>{p.DAY_LIST})", often.on_days),
    (rf"(?:(?:on|every) )?(?P<days>{p.DAY_LIST}) (?:of )?{_WEEKLY}", often.on_days),
    (rf"{FREQUENCY}{JOIN} (?P<which>{p.COUNTED_LIST})", often.of_period),
    (rf"{LEAD}(?P<which>{p.COUNTED_LIST}){PERIOD}", often.of_period),
    ((rf"(?:{FREQUENCY} )?{LEAD}(?:before )?{often.EDGE}(?: (?:day )?of)?(?: (?:the|every|an?))? "
     r"(?:calendar )?(?P<of>week|month|quarter|year)"), often.edge),
    ((r"(?:(?:at|by|on|before) )?(?:(?:the|every) )?(?P<unit>month|quarter|year)(?: -)? end"
      r"|(?:by )?eom"), often.month_end),
    ((rf"(?:(?P<every>every|all|on every) |on |by |before |from (?={p.DAY}s? ))?"
     r"(?:(?P<step>other|alternate|alternating"
     rf"|\d{{1,2}}(?:th)?) )?(?P<days>{p.DAY_LIST})"), by_date.weekdays),
    (rf"{FREQUENCY}(?: of the (?:week|month|year))?", often.alone),
    (rf"(?:(?:on|by) )?(?:the )?day (?P<number>\d{{1,2}}){PERIOD}", often.day_number),
    (rf"{FREQUENCY}{JOIN} day (?P<number>\d{{1,2}})", often.day_number),
    (rf"(?P<lead>(?:on|by) (?:the )?)?(?P<every>every )?(?P<which>{p.COUNTED_LIST})",
     by_date.counted),
    (r"(?:all )?7 days (?:a|per|every) week|every and every day|all days", lambda _: often.DAILY),
)  # fmt: skip

_OFTEN_A_DAY = (
    r"hourly|on the hour|(?:every|per|once an?) (?:half(?: an)? |(?P<each>\d{1,3}|other|few"
    r"|couple of) )?"
    r"(?:hours?|minutes?|seconds?)"
)
_EVENTS = (
    r"shift|deliver(?:y|ies)|use|service|visit|class|meeting|customer|guest|booking|meal|event"
    r"|session|order|trip|ride|flight|client|patient|appointment|time|sale|hire|incident|opening"
    r"|closing|game|match|lesson|rain|storm|load|batch"
)
_PARTS_OF_DAY = r"(?:mornings|afternoons|evenings|nights)"
_Phrase = tuple[str, str, tuple[str, ...]]
UNCLEAR: tuple[_Phrase, ...] = (
    (rf"(?:bi ?(?:- )?weekly|biweekly)(?:{JOIN} {p.DAY_LIST})?",
     N_("Is “%(words)s” every 2 weeks, or twice a week?"), ("every 2 weeks", "twice a week")),
    (rf"(?:bi ?(?:- )?monthly|bimonthly)(?:{JOIN} {p.COUNTED_LIST})?",
     N_("Is “%(words)s” every 2 months, or twice a month?"), ("every 2 months", "twice a month")),
    (r"semi ?(?:- )?(?:weekly|monthly)|semiweekly|semimonthly",
     N_("On which days is “%(words)s”?"), ()),
    (_TIMES_PER, N_("On which days is “%(words)s”?"), ()),
    (r"every (?:few|several|couple of|so often|now and then)(?: (?:\w+s|" + p.DAY + r"s?))?"
     r"|(?:most|some|many) (?:days|weekdays|weeks|morning|evening|night|months)",
     N_("How often exactly is “%(words)s”?"), ()),
    ((r"every morning and (?:every )?(?:evening|night|afternoon)"
     r"|(?:in the )?morning and (?:in the )?(?:evening|night) (?:every day|daily)"),
     N_("At which times of the day is “%(words)s”?"), ()),
    (rf"every {FEAST}", N_("On which days is “%(words)s”?"), ()),
    (r"(?:during|over|in|at) the (?:working )?week(?:end)?",
     N_("On which days is “%(words)s”, and is it every week?"), ()),
)  # fmt: skip
# These only count where nothing else says how often.
VAGUE: tuple[_Phrase, ...] = (
    ((r"regularly|periodically|occasionally|frequently|from time to time|now and (?:then|again)"
     r"|often|routinely"), N_("How often exactly is “%(words)s”?"), ()),
    (rf"(?:(?:in|during) the )?{_PARTS_OF_DAY}", N_("How often exactly is “%(words)s”?"), ()),
    ((r"(?:(?:after|before|during|at|for|on|with|at the (?:start|end|beginning) of) )?"
     rf"(?:every|(?:once )?per|once an?) (?:{_EVENTS})s?"
     r"|whenever|as (?:and when )?(?:needed|required|necessary)|when(?:ever)? (?:needed|required"
     r"|necessary)|ad hoc|on demand|if needed|every shift change"
     r"|every \d+ (?:km|kilometres|miles|uses|visits|guests|orders)"),
     N_("“%(words)s” has no date in the calendar. How often does that come, and on which days?"),
     ()),
    ((rf"(?:on|by|before|until|in|during|around) (?:the )?(?:(?:end|start|beginning|middle) of )?"
     rf"(?:{p.DATE}|{p.MONTH})|(?:on|by|before|after|during|around|over|at|for) {FEAST}"),
     N_("Is “%(words)s” every year, or only once?"), ()),
)  # fmt: skip

# What stands before or after a phrase and bends its meaning: then nothing is read from it.
_BENT_BEFORE = re.compile(
    rf"(?:(?:\d+ )?(?:(?:working|business|calendar) )?(?:days?|weeks?|hours?) |(?:the |{p.COUNT} )*"
    rf"{p.DAY}s? )?(?:(?<= )|^)(?:\d+ (?:(?:working|business) )?(?:days?|weeks?|hours)"
    rf"|(?:in )?(?:the )?{p.COUNT} (?:full )?week of|except|not|after|following|before|preceding"
    rf"|prior to|of|around|about"
    r"|roughly|approximately|some|few|several|between|most|days?|weeks?|hours|without|never|nearly"
    r"|almost|every|other|once|than|\d+\w*|last|next|this|half|within|twice|\d+ times|through|to"
    r"|until) (?:the "
    r"|an? )?$"
)
_BENT_AFTER = re.compile(
    r"^ (?:or (?=\S)"
    r"|(?:after|before|following|preceding) (?:the |an? |every |that )?"
    r"(?:\d|last|1th|bank|public|holiday|payday|month|quarter|week|year|christmas|easter"
    r"|thanksgiving|new year|"
    r"school|term|"
    rf"{p.DAY}|{p.MONTH})|- ?ish|or so|in (?:which|case)|(?:an?|per|in an?) (?:month|quarter|year)"
    r"|and (?:(?:public|bank|school) )?holidays)\S*"
)
# Words right behind a phrase that leave out or pick some of its dates.
_NARROWED_AFTER = re.compile(
    r"^(?: ,| \()? (?:(?:that|which) \S+|(?:but|minus|bar|save) (?:for |on |in )?(?:the )?\S+"
    r"|not \S+"
    r"|(?:only )?(?:in |on )?(?:odd|even)\b.*|(?:this|next|last|coming) (?:week|month|quarter"
    r"|year|season)"
    rf"|of (?:the |every |an? )?(?:{p.MONTH}|{p.COUNT}|week|month|quarter|year|season|holidays"
    rf"|summer)(?: \S+)?"
    r"|x \d+|(?:the )?\d{1,2}th|and an? half)(?= |$)"
)

# What is said to come round beside a phrase that was read ("every full moon and |", "Evenings:").
_BESIDE = re.compile(
    rf"(?:^|(?<= )){_PARTS_OF_DAY}(?= :)|"
    rf"(?:^|(?<=[.;:,{TAKEN}] ))every \w+(?: \w+){{0,2}}(?= (?:, )?(?:and|plus) (?:on )?[{TAKEN}])"
    rf"|(?<=[{TAKEN}] and )every \w+|(?<=[{TAKEN}] , and )every \w+"
)


def hourly(plain: str) -> re.Match[str] | None:
    """Where the text asks for more often than daily."""
    return whole(_OFTEN_A_DAY).search(plain)


def unclear(plain: str) -> tuple[int, int, Often] | None:
    """The first phrase that has no single meaning, with its question."""
    return _first(plain, UNCLEAR)


def vague(plain: str) -> tuple[int, int, Often] | None:
    """The first phrase that names no date at all ("as needed", "after every shift")."""
    return _first(plain, VAGUE)


def _first(plain: str, phrases: tuple[_Phrase, ...]) -> tuple[int, int, Often] | None:
    for pattern, question, choices in phrases:
        for found in whole(pattern).finditer(plain):
            if not _is_settled(plain, found):
                asked = Asked("cadence", say(question, words=found[0]), choices)
                return found.start(), found.end(), Often(None, "unknown", (asked,))
    return None


def _is_settled(plain: str, found: re.Match[str]) -> bool:
    """Do the words around it name the days ("twice a week on Monday and Thursday")?"""
    settled = read(plain)
    return bool(
        settled and settled[2].rule and settled[0] <= found.start() < found.end() < settled[1]
    )


def read(plain: str) -> tuple[int, int, Often] | None:
    """The longest phrase of the text that says how often; its places, and what it means."""
    best: tuple[int, int, Often] | None = None
    for pattern, reader in READERS:
        for found in whole(pattern).finditer(plain):
            longer = best is None or found.end() - found.start() > best[1] - best[0]
            meant = reader(found) if longer else None
            if meant:
                best = (found.start(), found.end(), meant)
    return best


def unread(plain: str) -> re.Match[str] | None:
    """What "every" names beside a phrase that was read, and is no phrase itself."""
    return _BESIDE.search(plain)


def dated(plain: str) -> tuple[int, int, Often] | None:
    """A date of the year that stands alone ("on 3 March"); yearly only if other words say so."""
    found = whole(rf"(?:on|by|before) (?:the )?(?P<dates>{p.DATE})").search(plain)
    rule = p.dates_of(found["dates"]) if found else None
    return (found.start(), found.end(), Often(None, perhaps=rule)) if found and rule else None


def bent(plain: str, start: int, end: int) -> tuple[int, int] | None:
    """The wider phrase, where the words around one change its meaning ("the day after the 1st")."""
    before = _BENT_BEFORE.search(plain[:start])
    after = _BENT_AFTER.match(plain[end:]) or _NARROWED_AFTER.match(plain[end:])
    if not before and not after:
        return None
    return (before.start() if before else start), end + (after.end() if after else 0)
