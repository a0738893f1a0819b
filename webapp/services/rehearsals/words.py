"""What a rehearsal says, in words: one sentence for all of it, and one for each thing in it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from webapp.formats import day, first_up, listed, quoted, row
from webapp.rules.course import (
    AFTER_CLOSING,
    LAST_AWAY,
    LAST_UNTOLD,
    NOBODY_TOLD,
    Moment,
    Passed,
)
from webapp.rules.sentences import N_
from webapp.services.rehearsals.groups import day_of
from webapp.services.rehearsals.plain import Rehearsal, Rehearsed
from webapp.words import gettext as _
from webapp.words import ngettext

CHANNELS = {"push": N_("push"), "email": N_("e-mail"), "extra": N_("another channel")}
# So many days are all named; of more only the first.
MOST_DAYS = 3
MOVES = {
    "missed": N_("It moves to %(name)s, because %(before)s did not get to it."),
    "absent": N_("It moves to %(name)s, because %(before)s is away."),
    "deactivated": N_("It moves to %(name)s, because %(before)s works here no more."),
    "unreached": N_("It moves to %(name)s early, because no device told %(before)s."),
}
PASSED = {
    "absent": N_("%(name)s is away, and is passed over."),
    "deactivated": N_("%(name)s works here no more, and is passed over."),
}
# As short as there is room for in a picture.
NOT_THERE = {
    "absent": N_("%(name)s, away"),
    "deactivated": N_("%(name)s, left"),
}
# Of one due time.
DEAD_END = {
    NOBODY_TOLD: N_("Nobody can be told: whoever takes over hears of it on a screen only."),
    LAST_UNTOLD: N_("It ends with %(name)s, whom nothing tells but a screen."),
    LAST_AWAY: N_("It ends with %(name)s, who is away."),
    AFTER_CLOSING: N_("Nobody is told before %(place)s has closed."),
}
# Of several days together.
DEAD_ENDS = {
    NOBODY_TOLD: N_("On %(days)s nobody can be told."),
    LAST_UNTOLD: N_("On %(days)s nothing tells %(name)s, who comes last."),
    LAST_AWAY: N_("On %(days)s %(name)s, who comes last, is away."),
    AFTER_CLOSING: N_("On %(days)s nobody is told before the place has closed."),
}
# The same where whoever reads it comes last.
YOUR_DEAD_ENDS = DEAD_ENDS | {
    LAST_UNTOLD: N_("On %(days)s nothing tells you, who come last."),
    LAST_AWAY: N_("On %(days)s you come last, and are away."),
}


def summary(rehearsal: Rehearsal, you: str | None = None) -> str:
    """Say all of it in a sentence, and one for each kind of dead end; `you` is who reads it."""
    if not rehearsal.runs:
        days = (rehearsal.until - rehearsal.since).days
        return ngettext(
            "Nothing is due in the next %(num)s day.",
            "Nothing is due in the next %(num)s days.",
            days,
        )
    if all(NOBODY_TOLD in run.course.dead_ends for run in rehearsal.runs):
        others = (kind for kind in DEAD_ENDS if kind != NOBODY_TOLD)
        return " ".join([_never_told(rehearsal), *_dead_ends(rehearsal, you, others)])
    worst = (None, NOBODY_TOLD)
    holds = next(run for kind in worst for run in rehearsal.runs if _is_spared(run, kind))
    return " ".join([run_words(rehearsal, holds, you), *_dead_ends(rehearsal, you, DEAD_ENDS)])


def run_words(rehearsal: Rehearsal, run: Rehearsed, you: str | None = None) -> str:
    """Say who hears of one due time, and when."""
    told = [moment for moment in run.course.moments if moment.told]
    which = _which(rehearsal, run)
    if not told:
        return _("If nobody does it on %(day)s, nobody can be told.", day=which)
    heard = [_hears(rehearsal, run, told[0], you)]
    heard += [_at(rehearsal, run, moment, you) for moment in told[1:]]
    # Translators: %(heard)s is “Ben hears at 07:20, Fay at 07:40, you at 08:10”.
    return _("If nobody does it on %(day)s, %(heard)s.", day=which, heard=row(*heard))


def moment_words(rehearsal: Rehearsal, run: Rehearsed, number: int) -> list[str]:
    """Say in sentences what happens at one moment: who has it, why, and what tells them."""
    moment, name = run.course.moments[number], _named(rehearsal, run.course.moments[number].person)
    said = [passed_words(rehearsal, each) for each in moment.passed]
    sentences = [*said, _comes(rehearsal, run, number), *_told(run, number, name)]
    return [first_up(sentence) for sentence in sentences]


def passed_words(rehearsal: Rehearsal, passed: Passed, *, short: bool = False) -> str:
    """Say who was passed over, and why; `short` is for a picture."""
    sentences = NOT_THERE if short else PASSED
    return _(sentences[passed.why], name=_named(rehearsal, passed.person))


def line_words(rehearsal: Rehearsal, run: Rehearsed) -> list[tuple[str, str]]:
    """Return each moment with its time and its sentences, the reminder among them."""
    lines = [
        (moment.at, " ".join(moment_words(rehearsal, run, number)))
        for number, moment in enumerate(run.course.moments)
    ]
    reminder = run.course.reminder
    if reminder and (said := reminder_words(rehearsal, run)):
        lines.append((reminder.at, said))
    return [(time_words(run, at), said) for at, said in sorted(lines, key=lambda line: line[0])]


def reminder_words(rehearsal: Rehearsal, run: Rehearsed) -> str:
    """Say who is reminded, and how; nothing where nobody can be."""
    reminder = run.course.reminder
    if reminder is None or not reminder.channels:
        return ""
    name = _named(rehearsal, reminder.person)
    by = _channels(reminder.channels)
    return first_up(_("%(name)s is reminded by %(channels)s.", name=name, channels=by))


def dead_end_words(rehearsal: Rehearsal, run: Rehearsed, kind: str) -> str:
    """Say how one due time dead-ends."""
    place = rehearsal.places[run.place].name
    return _(DEAD_END[kind], name=_named(rehearsal, run.course.moments[-1].person), place=place)


def time_words(run: Rehearsed, moment: datetime) -> str:
    """Say when it is at the place: the time, with its day when that is not the day it is due."""
    there = moment.astimezone(run.zone)
    if there.date() == day_of(run):
        return f"{there:%H:%M}"
    # Translators: a time, and the day on which it is.
    return _("%(time)s on %(day)s", time=f"{there:%H:%M}", day=day(there.date()))


def _never_told(rehearsal: Rehearsal) -> str:
    first, *others = {day_of(run) for run in rehearsal.runs}
    if not others:
        return _("If nobody does it on %(day)s, nobody can be told.", day=day(first))
    return _("If nobody does it, nobody can be told on any of these days.")


def _is_spared(run: Rehearsed, kind: str | None) -> bool:
    """Whether it does not dead-end in this way; None is for every way."""
    ends = run.course.dead_ends
    return kind not in ends if kind else not ends


def _dead_ends(rehearsal: Rehearsal, you: str | None, kinds: Iterable[str]) -> Iterator[str]:
    for kind in kinds:
        runs = [run for run in rehearsal.runs if kind in run.course.dead_ends]
        for last in dict.fromkeys(run.course.moments[-1].person for run in runs):
            theirs = [run for run in runs if run.course.moments[-1].person == last]
            days = _days(theirs, rehearsal.runs)
            sentence = (YOUR_DEAD_ENDS if last == you else DEAD_ENDS)[kind]
            yield _(sentence, days=days, name=_named(rehearsal, last))


def _days(runs: Sequence[Rehearsed], of: Iterable[Rehearsed]) -> str:
    dates = sorted({day_of(run) for run in runs})
    if len(dates) == len({day_of(run) for run in of}) > 1:
        return _("every one of these days")
    if len(dates) <= MOST_DAYS:
        return listed([day(each) for each in dates])
    first, more = row(*map(day, dates[: MOST_DAYS - 1])), len(dates) - MOST_DAYS + 1
    return ngettext(
        "%(days)s and %(num)s other day", "%(days)s and %(num)s other days", more, days=first
    )


def _which(rehearsal: Rehearsal, run: Rehearsed) -> str:
    """The day it is due, with the place and the time where these do not go without saying."""
    due = run.deadline_at.astimezone(run.zone)
    here = (each for each in rehearsal.runs if each.place == run.place and each.step is None)
    times = sum(day_of(each) == due.date() for each in here)
    parts = [day(due.date())]
    if times > 1:
        parts.append(f"{due:%H:%M}")
    if len({each.place for each in rehearsal.runs}) > 1:
        parts.append(rehearsal.places[run.place].name)
    if run.step is not None:
        parts.append(quoted(run.step.title))
    return row(*parts)


def _hears(rehearsal: Rehearsal, run: Rehearsed, moment: Moment, you: str | None) -> str:
    at = time_words(run, moment.told[0].at)
    if moment.person == you:
        # Translators: part of “If nobody does it on Tuesday 24 November, you hear at 07:20.”
        return _("you hear at %(time)s", time=at)
    # Translators: part of “If nobody does it on Tuesday 24 November, Ben hears at 07:20.”
    return _("%(name)s hears at %(time)s", name=_named(rehearsal, moment.person), time=at)


def _at(rehearsal: Rehearsal, run: Rehearsed, moment: Moment, you: str | None) -> str:
    at = time_words(run, moment.told[0].at)
    if moment.person == you:
        # Translators: “you at 08:10”, after “Ben hears at 07:20”.
        return _("you at %(time)s", time=at)
    # Translators: “Fay at 07:40”, after “Ben hears at 07:20”.
    return _("%(name)s at %(time)s", name=_named(rehearsal, moment.person), time=at)


def _comes(rehearsal: Rehearsal, run: Rehearsed, number: int) -> str:
    moment = run.course.moments[number]
    name = _named(rehearsal, moment.person)
    if _is_announced(run, number):
        return _("It opens, and %(name)s has it first.", name=name)
    if moment.reason is None:
        return _("%(name)s has it from the start.", name=name)
    if number == 0 and run.occasion.begun is None:
        return _("It begins with %(name)s.", name=name)
    if number == 0:
        return _("%(name)s has it.", name=name)
    if run.course.moments[number - 1].person == moment.person:
        return _("It stays with %(name)s, who comes last.", name=name)
    before = _named(rehearsal, run.course.moments[number - 1].person)
    return _(MOVES[moment.reason], name=name, before=before)


def _told(run: Rehearsed, number: int, name: str) -> Iterator[str]:
    moment = run.course.moments[number]
    if moment.reason is not None or _is_announced(run, number):
        if moment.told:
            by = _channels(told.channel for told in moment.told)
            yield _("%(name)s is told by %(channels)s.", name=name, channels=by)
        else:
            yield _("Nothing tells %(name)s but a screen.", name=name)
    if moment.told and moment.after_closing:
        yield _("The place has closed by then.")


def _is_announced(run: Rehearsed, number: int) -> bool:
    """Whether the step opens at this moment, in the midst of its run, and whoever has it hears."""
    occasion = run.occasion
    opens = occasion.begun is None and run.course.moments[number].reason is None
    return occasion.is_announced and opens


def _channels(channels: Iterable[str]) -> str:
    return listed([_(CHANNELS[channel]) for channel in channels])


def _named(rehearsal: Rehearsal, person: str) -> str:
    return rehearsal.people[person].name
