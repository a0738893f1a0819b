"""A healthy organisation, day by day: people are ill, on leave, late now and then, and honest.

Two locations, eight processes of three to five steps. Of the runs 2 to 4 in a hundred are missed,
one in a hundred proofs is sent back, one in sixteen is done by whoever happens to be there.
People are ill for one to three days, half of the time without saying so, and on leave for five
weeks a year. Of the failures six in ten get a fix note.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from webapp.rules.patterns import HeldDay, Noted, Scope, Seen

BEGAN = date(2025, 1, 6)
PLACES = ("downtown", "northside")
HOLIDAYS = {(1, 1), (5, 25), (7, 4), (9, 1), (11, 27), (12, 25)}
# How often each process runs: on which days of the week.
DAYS = (range(5), range(5), range(7), range(5), range(7), (0, 2, 4), (4,), (0,))
WINDOW = 120
ORDINARY_DARK = 0.02

# Changes what would have been seen of one step: the fault that is planted.
Fault = Callable[[Seen, int, Random], Seen]


@dataclass
class Process:
    """One process of the organisation and how it usually goes."""

    key: str
    days: tuple[int, ...]
    steps: tuple[str, ...]
    people: dict[str, tuple[str, str]]
    missed: float
    at_the_end: float
    runs: dict[str, deque[list[Seen]]] = field(default_factory=dict)
    notes: deque[Noted] = field(default_factory=lambda: deque(maxlen=500))

    def window(self) -> list[Seen]:
        """The last runs of each place, the oldest first."""
        kept = [seen for runs in self.runs.values() for run in runs for seen in run]
        return sorted(kept, key=lambda each: (each.due_at, each.run))


class World:
    """Its processes and people, and a day at a time."""

    def __init__(self, seed: int, fault: Fault | None = None, at: str = "p0") -> None:
        self.rng = Random(seed)
        self.fault, self.at = fault, at
        # On how many days the phone of the first of its people is dark.
        self.dark_share = ORDINARY_DARK
        self.day = BEGAN
        self.ill: dict[str, int] = {}
        self.runs_since = -1
        self.processes = [self._process(number) for number in range(len(DAYS))]
        self.people = sorted({p for each in self.processes for p, _ in each.people.values()})
        self.dark: dict[str, list[HeldDay]] = {person: [] for person in self.people}
        self.leave = {person: self._leave() for person in self.people}

    @property
    def scope(self) -> Scope:
        """All that is looked at."""
        steps = sum(len(each.steps) for each in self.processes)
        return Scope(steps * len(PLACES), len(self.processes) * len(PLACES), len(self.people))

    def _process(self, number: int) -> Process:
        steps = tuple(f"p{number}s{n}" for n in range(self.rng.randint(3, 5)))
        people = {
            place: (f"{place}-{number % 3}", f"{place}-{(number + 1) % 3}") for place in PLACES
        }
        missed, at_the_end = self.rng.uniform(0.02, 0.04), self.rng.uniform(0.03, 0.15)
        return Process(f"p{number}", tuple(DAYS[number]), steps, people, missed, at_the_end)

    def _leave(self) -> set[date]:
        starts = [BEGAN + timedelta(days=self.rng.randrange(0, 730)) for _ in range(10)]
        return {start + timedelta(days=n) for start in starts for n in range(5)}

    def live(self) -> None:
        """Let one day pass."""
        self._fall_ill()
        closed = (self.day.month, self.day.day) in HOLIDAYS
        for process in self.processes:
            if not closed and self.day.weekday() in process.days:
                for place in PLACES:
                    self._run(process, place)
        if not closed:
            self._phones()
        self.day += timedelta(days=1)

    def _fall_ill(self) -> None:
        for person in self.people:
            left = self.ill.get(person, 0)
            if left:
                self.ill[person] = left - 1
            elif self.rng.random() < 0.012:
                self.ill[person] = self.rng.randint(1, 3)

    def _away(self, person: str) -> tuple[bool, bool]:
        """Whether somebody is not there, and whether that is known."""
        if self.day in self.leave[person]:
            return True, True
        return bool(self.ill.get(person)), self.rng.random() < 0.5

    def _run(self, process: Process, place: str) -> None:
        first, backup = process.people[place]
        is_away, is_known = self._away(first)
        unknown = is_away and not is_known
        missed = self.rng.random() < process.missed or (unknown and self.rng.random() < 0.3)
        some = missed and self.rng.random() < 0.5
        stands_in = is_away or missed or self.rng.random() < 0.06
        due = datetime.combine(self.day, time(8), UTC)
        hit = self.rng.randrange(len(process.steps))
        if process.key == self.at and place == PLACES[0]:
            self.runs_since += 1
        run: list[Seen] = []
        process.runs.setdefault(place, deque(maxlen=WINDOW)).append(run)
        for number, step in enumerate(process.steps):
            made = Seen(
                step_run=f"{step}-{place}-{self.day}",
                run=f"{process.key}-{place}-{self.day}",
                step=step,
                title=step,
                place=place,
                due_at=due,
                failed=self._failed(missed and (not some or number == hit)),
                first=first,
                closer=backup if stands_in else first,
                first_away=is_away and is_known,
                at_the_end=self.rng.random() < process.at_the_end,
            )
            run.append(self._noted(process, self._with_fault(process, made)))

    def _failed(self, missed: bool) -> str:
        if missed:
            return "missed"
        return "sent_back" if self.rng.random() < 0.01 else ""

    def _with_fault(self, process: Process, made: Seen) -> Seen:
        if self.fault and process.key == self.at and made.place == PLACES[0]:
            return self.fault(made, self.runs_since, self.rng)
        return made

    def _noted(self, process: Process, made: Seen) -> Seen:
        if made.failed and self.rng.random() < 0.6:
            at = made.due_at + timedelta(hours=2)
            note = Noted(made.step_run, made.step, made.place, at, "Mended.")
            process.notes.append(note)
        return replace(made, at_the_end=made.at_the_end and not made.failed)

    def _phones(self) -> None:
        for person in self.people:
            if self.day in self.leave[person]:
                continue
            share = self.dark_share if person == self.people[0] else ORDINARY_DARK
            dark = self.rng.random() < share or bool(self.ill.get(person))
            self.dark[person] = [*self.dark[person][-39:], HeldDay(self.day, dark)]
