"""What narrows a cadence, in words: exceptions, seasons, a first and a last date, a condition."""

import re

from webapp.rules.cadence_words import months_in_a_row
from webapp.rules.capture import phrases as p
from webapp.rules.capture.feasts import FEAST
from webapp.rules.capture.first_due import ask_start
from webapp.rules.capture.own_times import take_own_times
from webapp.rules.capture.reading import Reading
from webapp.rules.capture.seasons import take_season
from webapp.rules.capture.understood import Limits
from webapp.rules.sentences import say, say_many

_DATE = (
    rf"(?:tomorrow|today|now|tonight|(?:the )?(?:end|start|beginning|middle) of (?:the )?"
    rf"(?:{p.MONTH}|year|month|week|season|summer|winter|spring|autumn|fall|term)(?: \d{{4}})?"
    rf"|(?:next|this|coming|following) (?:{p.DAY}|{p.MONTH}|week|month|quarter|year|season|summer"
    rf"|winter|spring|autumn|fall)|{p.MONTH} (?:the )?\d{{1,2}}(?:th)?(?:(?: ,)? \d{{4}})?"
    rf"|(?:the )?\d{{1,2}}(?:th)?(?: of)? {p.MONTH}(?:(?: ,)? \d{{4}})?|{p.MONTH}(?: \d{{4}})?"
    rf"|\d{{4}} - \d{{1,2}} - \d{{1,2}}|\d{{1,2}} / \d{{1,2}}(?: / \d{{2,4}})?|20\d\d|{p.DAY}"
    rf"|{FEAST}|further notice)"
)
_TO_DATE = r"(?:(?:on|in|at|from|the|,) )*"
_STARTS = (
    r"(?:starting|beginning|begin|begins|start|starts|as of|as from|effective|commencing"
    rf"|with effect)(?: {_TO_DATE}{_DATE}| {_TO_DATE[:-1]}{_DATE})"
)
_FROM = rf"from {_TO_DATE}{_DATE}(?: (?:on|onwards?|onward)(?= |$))?"
_ENDS = (
    rf"(?:until|ending|ends|end|up until) {_TO_DATE}{_DATE}"
    rf"|(?:through|up to|to) {_TO_DATE}(?!{p.DAY}s? ){_DATE}"
    r"|(?:for|over) (?:(?:the|up to|at most|another|only|about) )*(?:next|coming|following)"
    r" (?:\d+ |few )?(?:days?|weeks?|months?|quarters?|years?)"
    r"|for (?:(?:up to|at most|another|only|about|exactly|just|a total of) )*"
    r"(?:\d+ (?:occurrences?|times|instances|weeks|months|quarters|years)|an? (?:week|month|year"
    r"|quarter))"
    r"|\d+ (?:occurrences|times)(?! (?:an?|per|every|day|week|month|quarter|year|daily|weekly))"
)
_DONE = (
    r"(?:when|once|after) (?:it is |its |it ' s )?(?:done|completed|finished)|after completion"
    r"|(?:from|since|after) (?:the )?(?:last )?completion(?: date)?|after (?:the )?last (?:time"
    r"|one)"
)
_BUT = (
    r"(?:except|exept|excluding|excl|other than|apart from|aside from|besides|bar|minus|skipping"
    r"|skip|with the exception of|but not|not|never|but)"
)
_FILL = r"(?: (?:for|on|in|during|every|any|the|if it is|it is|when it is|if|when))*"
_HOLIDAYS = r"(?:(?:public|bank|national|federal|legal|school|official) )?(?:holidays?|closures?)"
_PLAIN_BUT = (
    rf"{_BUT}{_FILL} (?:(?P<days>{p.DAY_LIST})|(?P<months>{p.MONTH_LIST})|(?P<off>{_HOLIDAYS})"
    rf"|(?P<feast>{FEAST}))"
)
_NO_DAYS = rf"no (?:(?P<days>(?:{p.DAY}s|weekends))|(?P<off>{_HOLIDAYS}))"
_OTHER_BUT = (
    r"(?:except|exept|excluding|other than|apart from|with the exception of|unless|skipping)(?:"
    r" [^,.;|]*)?"
    r"(?=(?: (?:,|\.|;|\|)| $|$))"
)
# What narrows an exception itself ("not on Wednesdays in July"), which no rule can hold.
_WITHIN = re.compile(
    r" (?:,? ?(?:in|during|of|over|on|before|after|throughout|outside|from|until|between|when|if)"
    rf" (?:the |every )?(?:{p.MONTH_LIST}|{p.DAY_LIST}|{p.COUNTED}|{FEAST}|summer|winter|spring"
    r"|autumn|fall|season|holidays|week|month|quarter|year)(?: (?:and|to|until|through|-)"
    rf" (?:{p.MONTH}|{FEAST}))?)(?![^ ])"
)
_CONDITION = (
    r"(?:if|when|as long as|provided|weather permitting|depending|during|throughout|outside)"
    r"(?: [^,.;|]+?)?"
    r"(?=(?: (?:,|\.|;|\|)| $|$))"
)


def read_limits(reading: Reading) -> Limits:
    """Take everything that narrows a cadence out of the text."""
    limits = Limits()
    take_own_times(reading, limits)
    while _take_exception(reading, limits):
        pass
    _take_start(reading, limits, _STARTS)
    take_season(reading, limits)
    _take_start(reading, limits, _FROM)
    _take_end(reading, limits)
    return limits


def _take_exception(reading: Reading, limits: Limits) -> bool:
    plain = reading.search(_PLAIN_BUT) or reading.search(_NO_DAYS)
    within = _WITHIN.match(reading.plain, plain.end()) if plain else None
    if plain and (within or plain.groupdict().get("feast")):
        _ask_which(reading, limits, plain.start(), (within or plain).end())
        return True
    if plain:
        groups = plain.groupdict()
        words = reading.take(*plain.span(), "cadence")
        limits.words.append(words.lower())
        if groups.get("days"):
            limits.without_days += p.days_of(groups["days"])
        elif groups.get("months"):
            _leave_out_months(reading, limits, groups["months"])
        else:
            limits.unsure = True
            reading.ask(
                "holidays", say("“%(words)s”: which days is the location closed?", words=words)
            )
        return True
    if other := reading.search(_OTHER_BUT):
        _ask_which(reading, limits, *other.span())
    return bool(other)


def _ask_which(reading: Reading, limits: Limits, start: int, end: int) -> None:
    words = reading.take(start, end, "cadence")
    limits.unsure = limits.loose = True
    reading.ask("exception", say("Which dates does “%(words)s” leave out?", words=words))


def _leave_out_months(reading: Reading, limits: Limits, months: str) -> None:
    left_out = p.months_of(months)
    limits.without_months += left_out
    limits.unsure = True
    reading.ask(
        "exception",
        say_many(
            "Is %(names)s left out every year?",
            "Are %(names)s left out every year?",
            len(left_out),
            names=months_in_a_row(left_out),
        ),
    )


def _take_start(reading: Reading, limits: Limits, pattern: str) -> None:
    if pattern == _FROM and reading.search(rf"{_FROM} (?:to|until|through|-|and) "):
        return
    found = reading.search(pattern)
    if found and not re.search(rf"^from {p.DAY}$", found[0]):
        limits.loose = True
        limits.starts = reading.take(*found.span(), "starts")
        limits.unsure = True
        ask_start(reading, limits.starts)


def _take_end(reading: Reading, limits: Limits) -> None:
    if found := reading.search(_DONE):
        words = reading.take(*found.span(), "cadence")
        limits.unsure = limits.loose = True
        question = say(
            "“%(words)s”: Baton counts from the calendar. Should it be due whether or not the last"
            " one was late?",
            words=words,
        )
        reading.ask("ends", question)
    while found := reading.search(_ENDS):
        limits.ends = reading.take(*found.span(), "ends")
        limits.unsure = limits.loose = True
        reading.ask("ends", _goes_on(limits.ends))


def _goes_on(words: str) -> str:
    return say(
        "You said “%(words)s”. A process goes on until somebody retires it: is that right here?",
        words=words,
    )


def read_condition(reading: Reading) -> bool:
    """Take "if it rains" out, and ask what it changes; False when there is none."""
    found = reading.search(_CONDITION)
    if not found:
        return False
    words = reading.take(*found.span(), "cadence")
    reading.ask("exception", say("What does “%(words)s” change about the cadence?", words=words))
    return True


def take_repeats(reading: Reading) -> str | None:
    """Take "twice" at the end of a cadence out ("every 2 hours twice")."""
    found = re.search(r"\| (twice|\d+ times)(?= (?:\||\.|,|;)| ?$)", reading.plain)
    if not found:
        return None
    words = reading.take(found.start(1), found.end(1), "ends")
    reading.ask("ends", _goes_on(words))
    return words
