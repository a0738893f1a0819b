"""The picture of one rehearsed due time: a row for each person, time from one side to the other.

Positions are per cent of the width from where the line begins, so that text keeps its size on any
screen; right to left the template mirrors them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.rules.course import Moment
from webapp.services.rehearsals import Rehearsal, Rehearsed, words
from webapp.words import direction
from webapp.words import gettext as _

# What the last person holds is drawn so much longer than what came before: it has no end.
BEYOND = 0.18
NARROWEST = 3.0
# From here on words stand above the end of their bar, for there may be no room after its beginning.
LATE = 50.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: words, and a bar of this width; `kind` is first, told, screen or passed."""

    words: str
    kind: str
    start: float
    width: float
    need: bool = False

    @property
    def left(self) -> float:
        """Where the bar begins on the screen."""
        return mirrored(self.start, self.width)

    @property
    def far(self) -> float:
        """The far side of the picture, up to which who is passed over is drawn."""
        return mirrored(100.0)

    @property
    def anchor(self) -> str:
        """Which end of the words stands at `words_at`."""
        return "end" if self.start > LATE else "start"

    @property
    def words_at(self) -> float:
        """Where the words stand on the screen: above the beginning of the bar, or its end."""
        if self.start <= LATE:
            return mirrored(self.start)
        return self.far if self.kind == "passed" else mirrored(self.start + self.width)


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn; `due` is where the deadline lies."""

    rows: list[Bar]
    due: Bar


def mirrored(start: float, width: float = 0.0) -> float:
    """Return where something begins from the left, as the language is written."""
    return round(100 - start - width if direction() == "rtl" else start, 2)


def picture(rehearsal: Rehearsal, run: Rehearsed) -> Picture:
    """Return the picture of one due time."""
    scale = _Scale.of(run)
    moments = run.course.moments
    rows = [
        bar
        for moment in moments
        for bar in (*_passed(rehearsal, run, moment, scale), _held(rehearsal, run, moment, scale))
    ]
    due = words.time_words(run, run.deadline_at)
    return Picture(rows, Bar(_("due %(time)s", time=due), "due", scale.at(run.deadline_at), 0))


@dataclass(frozen=True, slots=True)
class _Scale:
    """From the first moment to a while after the last one."""

    first: datetime
    span: timedelta

    @classmethod
    def of(cls, run: Rehearsed) -> "_Scale":
        first = run.course.moments[0].at
        last = max(run.course.moments[-1].at, run.deadline_at)
        return cls(first, max(last - first, timedelta(minutes=1)) * (1 + BEYOND))

    def at(self, moment: datetime) -> float:
        return round((moment - self.first) / self.span * 100, 2)


def _held(rehearsal: Rehearsal, run: Rehearsed, moment: Moment, scale: _Scale) -> Bar:
    start = scale.at(moment.at)
    end = scale.at(moment.until) if moment.until else 100.0
    kind = "first" if moment.reason is None else "told" if moment.told else "screen"
    is_end = moment is run.course.moments[-1] and bool(run.course.dead_ends)
    width = round(max(end - start, NARROWEST), 2)
    return Bar(_words(rehearsal, run, moment), kind, start, width, is_end)


def _passed(rehearsal: Rehearsal, run: Rehearsed, moment: Moment, scale: _Scale) -> list[Bar]:
    return [
        Bar(words.passed_words(rehearsal, each, short=True), "passed", scale.at(moment.at), 0)
        for each in moment.passed
    ]


def _words(rehearsal: Rehearsal, run: Rehearsed, moment: Moment) -> str:
    name, at = rehearsal.people[moment.person].name, words.time_words(run, moment.at)
    if moment.reason is not None and not moment.told:
        # Translators: beside a bar in a picture: when somebody gets work, and that nothing says so.
        return _("%(time)s %(name)s, not told", time=at, name=name)
    # Translators: beside a bar in a picture: when somebody gets work.
    return _("%(time)s %(name)s", time=at, name=name)
