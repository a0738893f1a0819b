"""Simulated crews, honest and not, whose pieces of evidence the signals are measured on.

Seeded: the same number gives the same month. Fridges are read in tenths, drift from day to day and
differ; people differ in pace, and in how they work.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from webapp.rules.signals import Piece, Turn

BEGAN = datetime(2026, 9, 1, 7, tzinfo=UTC)
HISTORY, MONTH = 62, 28
PEOPLE = ("ana", "ben", "fay")
PLACES = ("downtown", "riverside")
# A round: a photo, three readings, a scan, a tap and a note; seconds that each takes on average.
STEPS = (
    ("room", "photo", 75),
    ("fridge", "number", 60),
    ("milk", "number", 40),
    ("freezer", "number", 90),
    ("gate", "scan", 80),
    ("lights", "timed", 5),
    ("handover", "note", 15),
)
WINDOW = timedelta(minutes=60)


@dataclass(frozen=True)
class Way:
    """How somebody works: `pace` times the usual, readings on a grid, and what they fake when.

    `share` of their rounds is faked: "burst", "late", "copy", "constant", "narrow", "head", "even",
    "hurry"; `borrows`: whose PIN they type after their own.
    """

    pace: float = 1.0
    spread: float = 0.35
    grid: str = "0.1"
    late_taps: bool = False
    last_minute: bool = False
    fake: str = ""
    share: float = 1.0
    borrows: str = ""
    paper: bool = False
    since: int = HISTORY


@dataclass
class Crew:
    """Who works how at each place, and the instruments there."""

    ways: dict[str, Way] = field(default_factory=dict)
    grids: dict[str, str] = field(default_factory=dict)
    dark: frozenset[str] = frozenset()
    beside: float = 0.0

    def way(self, place: str, person: str) -> Way:
        """How this person works at this place; people who are not named work as usual."""
        return self.ways.get(f"{person}@{place}", Way())


@dataclass
class World:
    """What one seed makes of a crew."""

    crew: Crew
    rng: Random
    pieces: list[Piece] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    last: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    own: dict[tuple[str, str, str], Decimal] = field(default_factory=dict)
    levels: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def play(self, days: int) -> "World":
        """Two runs a day at each place: an opening and a closing round."""
        for place in PLACES:
            for step, kind, _seconds in STEPS:
                if kind == "number":
                    found = self.rng.uniform(36, 38.5), self.rng.uniform(0.55, 1.0)
                    self.levels[place, step] = found
            for day in range(days):
                for part in range(2):
                    self._run(place, day, part)
        return self

    def _run(self, place: str, day: int, part: int) -> None:
        opens = BEGAN + timedelta(days=day, hours=9 * part)
        run = f"{place}-{day}-{part}"
        for name in self._on_duty(day, part):
            self._round(place, run, name, opens, (day, part))

    def _on_duty(self, day: int, part: int) -> list[str]:
        if self.crew.beside:
            pair = ["ana", "ben"] if self.rng.random() < self.crew.beside else ["ben", "ana"]
            return pair if (day + part) % 4 else [self.rng.choice(PEOPLE)]
        return [PEOPLE[(day * 2 + part + self.rng.randrange(2)) % 3]]

    def _round(
        self, place: str, run: str, person: str, opens: datetime, when: tuple[int, int]
    ) -> None:
        way = self.crew.way(place, person)
        is_fake = bool(way.fake) and when[0] >= way.since and self.rng.random() < way.share
        fake = way.fake if is_fake else ""
        at = self._start(way, fake, opens)
        turn = f"{run}-{person}" if self.crew.beside or self._is_kiosk() else None
        began = at
        for step, kind, seconds in STEPS:
            took = self._took(way, fake, kind, seconds)
            at += timedelta(seconds=took)
            value = self._read(place, step, person, way, fake, when) if kind == "number" else None
            self._give(run, place, step, person, kind, at, opens, value, turn)
        if turn:
            self._turn(place, turn, person, began, at)
        if way.borrows and when[0] >= HISTORY and person != way.borrows:
            self._borrow(place, run, way.borrows, opens, at)

    def _is_kiosk(self) -> bool:
        return any(way.borrows for way in self.crew.ways.values())

    def _borrow(self, place: str, run: str, person: str, opens: datetime, at: datetime) -> None:
        """One more round at once, under another's PIN."""
        began = at + timedelta(seconds=self.rng.uniform(4, 15))
        at, turn = began, f"{run}-{person}-borrowed"
        for step, kind, seconds in STEPS[:3]:
            at += timedelta(seconds=self._took(Way(), "", kind, seconds))
            value = self._true(place, step, "0.1") if kind == "number" else None
            self._give(f"{run}-second", place, step, person, kind, at, opens, value, turn)
        self._turn(place, turn, person, began, at)

    def _turn(self, place: str, turn: str, person: str, began: datetime, at: datetime) -> None:
        if self.crew.beside:  # both did their round before they came to the tablet
            began = max([each.last_at for each in self.turns[-1:]] + [began], default=began)
            began += timedelta(seconds=self.rng.uniform(2, 12))
            at = began + timedelta(seconds=25)
        self.turns.append(Turn(turn, place, person, began, at))

    def _give(self, run, place, step, person, kind, at, opens, value, turn) -> None:  # type: ignore[no-untyped-def]
        last = self.last.get((place, step))
        piece = Piece(
            run, place, step, person, kind, at, opens, opens + WINDOW, value, last, "°F", turn
        )
        if place not in self.crew.dark or self.rng.random() > 0.2:
            self.pieces.append(piece)  # a fifth of what comes out of the dark proves no time
        if value is not None:
            self.last[place, step] = value

    def _start(self, way: Way, fake: str, opens: datetime) -> datetime:
        if fake == "late":
            return opens + WINDOW - timedelta(seconds=self.rng.uniform(130, 240))
        if way.last_minute:
            return opens + WINDOW - timedelta(minutes=self.rng.uniform(9, 14))
        return opens + timedelta(minutes=self.rng.uniform(5, 35))

    def _took(self, way: Way, fake: str, kind: str, seconds: float) -> float:
        if fake == "burst" or way.paper:
            return self.rng.uniform(4, 11)
        if fake == "late":
            return self.rng.uniform(8, 20)
        if way.late_taps and kind in ("timed", "note"):
            return self.rng.uniform(1, 3)
        if fake == "hurry" and kind == "scan":
            return self.rng.uniform(6, 14)
        return max(4, seconds * way.pace * self.rng.lognormvariate(0, way.spread))

    def _true(self, place: str, step: str, grid: str) -> Decimal:
        level, deviation = self.levels[place, step]
        unit = Decimal(self.crew.grids.get(place, grid))
        unit = max(unit, Decimal(grid))
        value = Decimal(str(self.rng.gauss(level, deviation)))
        return (value / unit).quantize(Decimal(1)) * unit

    def _read(
        self, place: str, step: str, person: str, way: Way, fake: str, when: tuple[int, int]
    ) -> Decimal:
        made = FAKED.get(fake)
        value = made(self, place, step, person, when) if made else None
        value = self._true(place, step, way.grid) if value is None else value
        self.own[place, step, person] = value
        return value

    def _copied(self, place: str, step: str, *_: object) -> Decimal | None:
        return self.last.get((place, step))

    def _constant(self, *_: object) -> Decimal:
        return Decimal(37)

    def _narrow(self, place: str, step: str, *_: object) -> Decimal:
        level = self.levels[place, step][0]
        return Decimal(str(round(self.rng.gauss(level, 0.18), 1)))

    def _from_the_head(self, place: str, step: str, *_: object) -> Decimal:
        """A likely whole, and a digit that is liked: seldom 0 or 5, often 3, 4, 7 or 8."""
        whole = round(self.rng.gauss(self.levels[place, step][0], 0.8) - 0.5)
        digit = self.rng.choices(range(10), (2, 7, 12, 18, 14, 3, 10, 19, 11, 4))[0]
        return Decimal(whole) + Decimal(digit) / 10

    def _evenly(self, place: str, step: str, person: str, when: tuple[int, int]) -> Decimal:
        turns = sum(each.person == person and each.step == step for each in self.pieces)
        return Decimal("36.6") + Decimal("0.4") * (turns % 4 if turns % 8 < 4 else 4 - turns % 4)


FAKED: dict[str, Callable[..., Decimal | None]] = {
    "copy": World._copied,
    "constant": World._constant,
    "narrow": World._narrow,
    "head": World._from_the_head,
    "even": World._evenly,
}
AT = "@downtown"
EVERYBODY = [f"{who}{AT}" for who in PEOPLE]

# What they do is honest, and yet it looks as if it were not: said of the place alone.
PAPER = {"a whole place writes on paper first": Crew(dict.fromkeys(EVERYBODY, Way(paper=True)))}
HONEST = {
    "as usual": Crew(),
    "one fast and practised": Crew({f"ana{AT}": Way(pace=0.45, spread=0.25)}),
    "one slow, one fast": Crew({f"ana{AT}": Way(pace=0.6), f"ben{AT}": Way(pace=1.6)}),
    "taps and notes at the end": Crew(dict.fromkeys(EVERYBODY, Way(late_taps=True))),
    "one begins at the last minute": Crew({f"ana{AT}": Way(last_minute=True, pace=0.8)}),
    "a thermometer in whole degrees": Crew(grids={"downtown": "1"}),
    "one who rounds to whole degrees": Crew({f"ana{AT}": Way(grid="1")}),
    "a cellar in the dark, synced later": Crew(dark=frozenset({"downtown"})),
    "two side by side at the kiosk": Crew(beside=0.5),
    "two side by side, mostly in one order": Crew(beside=0.75),
}


def _one(fake: str, share: float = 1.0) -> Crew:
    return Crew({f"ana{AT}": Way(fake=fake, share=share)})


DISHONEST = {
    "all at once in the car park": (_one("burst"), ("burst",)),
    "all at once, 30 % of the time": (_one("burst", 0.3), ("burst",)),
    "all in the last minutes": (_one("late"), ("deadline", "burst")),
    "one step without going there": (_one("hurry"), ("pace",)),
    "yesterday's numbers again": (_one("copy"), ("same",)),
    "yesterday's numbers, 30 % of the time": (_one("copy", 0.3), ("same",)),
    "always 37": (_one("constant"), ("same",)),
    "always nearly the same": (_one("narrow"), ("regular", "same")),
    "numbers in even steps": (_one("even"), ("regular", "same", "digits")),
    "numbers from the head": (_one("head"), ("digits", "same", "regular")),
    "another's PIN": (Crew({f"ana{AT}": Way(borrows="ben")}), ("two_pins",)),
}
DISHONEST |= {
    "numbers from the head, for 90 days": (
        Crew({f"ana{AT}": Way(fake="head", since=0)}),
        ("digits", "same", "regular"),
    ),
    "a whole place at once in the car park": (
        Crew(dict.fromkeys(EVERYBODY, Way(fake="burst"))),
        ("burst",),
    ),
    "a whole place copies yesterday's": (
        Crew(dict.fromkeys(EVERYBODY, Way(fake="copy"))),
        ("same",),
    ),
}


HONEST |= PAPER


def month(crew: Crew, seed: int, days: int = HISTORY + MONTH) -> World:
    """Return what a crew does in its first days; whoever fakes begins after the history."""
    return World(replace(crew), Random(f"{seed}")).play(days)
