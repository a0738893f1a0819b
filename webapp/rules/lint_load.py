"""Lint of load: one person with more steps at the same time than the time is enough for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from webapp.rules.lint_facts import Facts, Finding, Link, Station, Window
from webapp.rules.moment_words import date_words
from webapp.rules.sentences import N_, listed, n_, say_many

# What a step takes with the way to it, and how many at once are one person behind everything.
EACH_TAKES = timedelta(minutes=5)
MANY_STEPS, MANY_RUNS = 12, 3
# Who has longer than this chooses when; only what presses lies at the same time.
LONGEST = timedelta(hours=4)
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Heap:
    """Windows of one person that lie at the same time, the definition's own first."""

    windows: tuple[Window, ...]

    @property
    def steps(self) -> int:
        """How many steps lie there together."""
        return sum(each.steps for each in self.windows)

    @property
    def first(self) -> datetime:
        """When it begins, on the clock of the definition's own location."""
        return min(each.first for each in self.windows).astimezone(self.windows[0].first.tzinfo)

    @property
    def last(self) -> datetime:
        """When it ends, on the same clock."""
        return max(each.last for each in self.windows).astimezone(self.windows[0].first.tzinfo)

    @property
    def processes(self) -> list[str]:
        """What they are steps of, each once."""
        return list(dict.fromkeys(each.process for each in self.windows))

    @property
    def is_too_much(self) -> bool:
        """Whether the time is too short, or it is simply too much to hang on one person."""
        runs = {(each.process, each.place) for each in self.windows}
        if len(runs) < 2:
            return False
        is_short = self.steps * EACH_TAKES > self.last - self.first
        return is_short or (self.steps >= MANY_STEPS and len(runs) >= MANY_RUNS)


def too_much_at_once(facts: Facts) -> Iterator[Finding]:
    """For the responsible person and the backup, the worst of the times to come."""
    for role in ("assignee", "backup"):
        heaps = (_heap(window, facts) for window in facts.windows if _presses(window, role))
        worst = max((heap for heap in heaps if heap.is_too_much), key=_badness, default=None)
        station = facts.station(role)
        if worst and station:
            yield _finding(station, worst, facts.today)


def _badness(heap: Heap) -> tuple[int, float]:
    return heap.steps, -heap.first.timestamp()


def _presses(window: Window, role: str) -> bool:
    return window.role == role and window.last - window.first <= LONGEST


def _heap(window: Window, facts: Facts) -> Heap:
    beside = (
        each
        for each in (*facts.windows, *facts.others)
        if each.person == window.person
        and each is not window
        and each.last - each.first <= LONGEST
        and each.first < window.last
        and window.first < each.last
    )
    return Heap((window, *beside))


_SENTENCES = {
    "assignee": n_(
        "%(name)s has %(num)s step of %(processes)s to do at the same time: on %(day)s from"
        " %(first)s to %(last)s.",
        "%(name)s has %(num)s steps of %(processes)s to do at the same time: on %(day)s from"
        " %(first)s to %(last)s.",
    ),
    "backup": n_(
        "%(name)s stands behind %(num)s step of %(processes)s at the same time: on %(day)s from"
        " %(first)s to %(last)s.",
        "%(name)s stands behind %(num)s steps of %(processes)s at the same time: on %(day)s from"
        " %(first)s to %(last)s.",
    ),
}
_MENDS = {
    "assignee": N_("Move one of the times, or name somebody else as responsible."),
    "backup": N_("Move one of the times, or name somebody else as the backup."),
}


def _finding(station: Station, heap: Heap, today: date) -> Finding:
    sentence = say_many(
        *_SENTENCES[station.role],
        heap.steps,
        name=station.name,
        processes=_processes(heap.processes),
        day=date_words(heap.first.date(), today),
        first=f"{heap.first:%H:%M}",
        last=f"{heap.last:%H:%M}",
    )
    field = f"chain.{station.role}"
    return Finding("too_much_at_once", field, sentence, _MENDS[station.role], Link("processes"))


def _processes(names: list[str]) -> str:
    if len(names) <= MOST_NAMED:
        return listed(names)
    return say_many("%(num)s process", "%(num)s processes", len(names))
