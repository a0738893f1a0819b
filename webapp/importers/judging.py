"""How often recurring work comes round: what says so, how surely, and what has to be asked.

Words come first, then dates; where the two disagree neither is taken and both are shown.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from webapp.importers import groups, recurring, repeats, words
from webapp.importers.evidence import gap_words, listed
from webapp.importers.groups import Group
from webapp.importers.repeats import Pattern
from webapp.importers.words import Said
from webapp.rules.cadence_words import rrule_to_words
from webapp.rules.rrule_text import parse_rule
from webapp.rules.sentences import N_, in_a_row, say

_COUNTED = {
    # what changes from title to title, the rule that it counts, how the evidence names it
    "month": ("FREQ=MONTHLY", N_("a month")),
    "week": ("FREQ=WEEKLY", N_("a week")),
    "week of": ("FREQ=WEEKLY", N_("a week")),
    "quarter": ("FREQ=MONTHLY;INTERVAL=3", N_("a quarter")),
    "half": ("FREQ=MONTHLY;INTERVAL=6", N_("half a year")),
}
_OPEN_DAY = {
    "FREQ=WEEKLY": N_("On which day of the week is it due?"),
    "FREQ=MONTHLY": N_("On which day of the month is it due?"),
    "FREQ=YEARLY": N_("On which day of the year is it due?"),
    "FREQ=MONTHLY;INTERVAL=3": N_("On which day of the quarter is it due?"),
    "FREQ=MONTHLY;INTERVAL=6": N_("On which day is it due?"),
}
HOW_OFTEN = N_("How often is this done?")


@dataclass(slots=True)
class Verdict:
    """A cadence with its evidence; rrule None and confidence unknown where it must be asked."""

    rrule: str | None = None
    confidence: str = "unknown"
    evidence: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    @property
    def words(self) -> str | None:
        """The rule in words."""
        return rrule_to_words(self.rrule) if self.rrule else None


class OneOff(NamedTuple):
    """Why it is no recurring work."""

    why: str


def judge(group: Group, *, is_unclear: bool = False) -> Verdict | OneOff:
    """What the occurrences say of a cadence, or why there is none.

    `is_unclear`: dates of the file can be read in two ways, and were not read.
    """
    if all(item.is_closed for item in group.items):
        return OneOff(N_("It is archived."))
    said = _said(group)
    pattern = repeats.pattern_of(group.dates)
    counted = _counted(group)
    has_unread = is_unclear and not group.dates and len(group.items) > 2
    if not has_unread and not recurring.is_recurring(group, said, pattern, counted is not None):
        return OneOff(recurring.why_once(group, pattern))
    verdict = _settled(group, said, pattern, counted)
    _ask_the_rest(verdict, group)
    _ask_about_steps(verdict, group)
    return verdict


def _said(group: Group) -> Said | None:
    found = [said for item in reversed(group.items[-5:]) if (said := words.said_of(item))]
    return next(
        (said for said in found if said.confidence == words.STATED), found[0] if found else None
    )


def _counted(group: Group) -> Verdict | None:
    """Titles that count their periods: "October Emails", "November Emails"."""
    for kind, (rrule, name) in _COUNTED.items():
        values = list(dict.fromkeys(text for each, text in group.changing if each == kind))
        if len(values) > 1:
            shown = in_a_row([say("“%(text)s”", text=value) for value in values[-4:]])
            confidence = repeats.LIKELY if len(values) > 2 else repeats.MAYBE
            evidence = say(
                "%(titles)s in the titles: one %(period)s", titles=shown, period=say(name)
            )
            return Verdict(rrule, confidence, [evidence])
    return None


def _settled(group: Group, said: Said | None, pattern: Pattern, counted: Verdict | None) -> Verdict:
    verdict = _from_dates(group, pattern)
    if counted and not verdict.rrule:
        verdict = Verdict(counted.rrule, counted.confidence, counted.evidence + verdict.evidence)
    elif counted:
        verdict.evidence = counted.evidence + verdict.evidence
        if _same_pace(counted.rrule, verdict.rrule) and verdict.confidence == repeats.MAYBE:
            verdict.confidence = repeats.LIKELY
    return _with_words(verdict, said) if said else verdict


def _from_dates(group: Group, pattern: Pattern) -> Verdict:
    verdict = Verdict()
    if group.dates and pattern.gaps:
        verdict.evidence = [
            say(
                "%(count)s %(source)s: %(dates)s",
                count=len(group.dates),
                source=say(group.source),
                dates=listed(group.dates),
            ),
            gap_words(pattern.gaps),
        ]
    if not pattern.rrule:
        return verdict
    verdict.rrule, verdict.confidence = pattern.rrule, pattern.confidence
    if group.source in (groups.CREATED, groups.DONE):
        verdict.confidence = repeats.MAYBE
        asked = say(
            "The file holds no due dates, only %(source)s. Is the rhythm right?",
            source=say(group.source),
        )
        verdict.questions.append(asked)
    if pattern.unsure:
        verdict.questions.append(pattern.unsure)
    return verdict


def _with_words(verdict: Verdict, said: Said) -> Verdict:
    """The words beside the dates: together surer, against each other neither."""
    verdict.evidence.insert(0, said.evidence)
    if said.rrule is None:
        if not verdict.rrule:
            verdict.questions.append(say("On which days is “%(words)s”?", words=said.phrase))
        return verdict
    if not verdict.rrule:
        verdict.rrule, verdict.confidence = said.rrule, said.confidence
        if said.confidence == words.MAYBE:
            asked = say("Is it done every %(words)s, or was it only once?", words=said.phrase)
            verdict.questions.append(asked)
        return verdict
    if said.where == words.OWN_RULE:
        verdict.rrule, verdict.confidence = said.rrule, words.STATED
        return verdict
    if _same_pace(said.rrule, verdict.rrule):
        return _agreed(verdict, said)
    if said.confidence == words.MAYBE:
        return verdict
    shown = rrule_to_words(verdict.rrule)
    asked = say(
        "“%(words)s” is in %(where)s, but the dates say %(often)s. Which is right?",
        words=said.phrase,
        where=say(said.where),
        often=shown,
    )
    return Verdict(None, repeats.UNKNOWN, verdict.evidence, [*verdict.questions, asked])


def _agreed(verdict: Verdict, said: Said) -> Verdict:
    assert said.rrule is not None
    if verdict.rrule and (said.rrule == verdict.rrule or said.rrule not in _OPEN_DAY):
        verdict.rrule, verdict.confidence = said.rrule, said.confidence
        verdict.questions = []
    elif verdict.confidence == repeats.MAYBE:
        verdict.confidence = repeats.LIKELY
    return verdict


def _same_pace(one: str | None, two: str | None) -> bool:
    """Do two rules come round equally often? Days that both of them name must overlap."""
    if one is None or two is None:
        return False
    first, second = parse_rule(one), parse_rule(two)
    if (first.freq, first.interval) != (second.freq, second.interval):
        return False
    days, others = ({day for _n, day in rule.by_day} for rule in (first, second))
    return not days or not others or bool(days & others)


def _ask_the_rest(verdict: Verdict, group: Group) -> None:
    if not verdict.rrule:
        if not verdict.questions:
            verdict.questions.append(HOW_OFTEN)
        verdict.confidence = repeats.UNKNOWN
        return
    if verdict.rrule in _OPEN_DAY and not any("day" in each for each in verdict.questions):
        verdict.questions.append(_OPEN_DAY[verdict.rrule])
        if verdict.confidence == words.STATED:
            verdict.confidence = repeats.LIKELY
    _ask_about_counts(verdict, group)


def _ask_about_counts(verdict: Verdict, group: Group) -> None:
    """Ask about "(3x)", and about "#1" to "#5" where no dates say how far apart they are."""
    if times := next((text for kind, text in group.changing if kind == "times"), None):
        asked = say("“%(times)s” is in the title: how often in which time?", times=times)
        verdict.questions.append(asked)
    counted = [text for kind, text in group.changing if kind in ("number", "day")]
    if len(counted) > 2 and len(group.dates) < len(counted):
        asked = say("The titles count up to “%(last)s”: all in which time?", last=counted[-1])
        verdict.questions.append(asked)


def _ask_about_steps(verdict: Verdict, group: Group) -> None:
    """Steps with dates of their own may each be a run: "October Emails" with one a week."""
    days = [child.due.day for item in group.items for child in item.children if child.due]
    found = repeats.pattern_of(days)
    if found.rrule and verdict.rrule and not _same_pace(found.rrule, verdict.rrule):
        shown, often = listed(sorted(set(days))), rrule_to_words(found.rrule)
        verdict.questions.append(
            say(
                "Its steps are dated %(dates)s: about %(often)s. Is each its own run?",
                dates=shown,
                often=often,
            )
        )
