"""A plan: who works, what they do and what breaks. All of it follows from the seed."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ROLES = ("ana", "ben", "fay", "olivia")
BYSTANDERS = ("maya", "gus")


@dataclass(frozen=True)
class Phone:
    """One device. Its browser says that messages came ("good"), or never does ("silent").

    The push service of others accepts and drops everything ("dropped"), or cannot be talked to
    ("tls"); a person without phone has none.
    """

    name: str
    nature: str

    @property
    def can_show(self) -> bool:
        """Whether what is sent there is seen."""
        return self.nature in ("good", "silent")


@dataclass(frozen=True)
class Act:
    """What one person does with one step (its position, from 0)."""

    who: str
    verb: str
    step: int
    minutes_earlier: int = 0

    def words(self) -> str:
        """The line of the timeline."""
        earlier = f", done {self.minutes_earlier} min earlier" if self.minutes_earlier else ""
        return f"{self.who} {self.verb.replace('_', ' ')}, step {self.step + 1}{earlier}"


@dataclass(frozen=True)
class Fault:
    """One thing that breaks, `delay` real seconds after its beat began, for `hold` seconds.

    It ends with the beat that is `beats` further on; `who` is whose phone it concerns, `times`
    how many pushes.
    """

    kind: str
    delay: float = 0.0
    hold: float = 0.0
    beats: int = 0
    who: str = ""
    times: int = 1

    def words(self) -> str:
        """The line of the timeline."""
        whose = f" for {self.who}, {self.times} times" if self.who else ""
        held = f", for {self.hold:g} s" if self.hold else ""
        until = f", until {self.beats} beats later" if self.beats else ""
        return f"*** {self.kind}{whose} after {self.delay:g} s{held}{until}"


@dataclass(frozen=True)
class Beat:
    """A moment of the morning, in minutes after the deadline (before it: negative).

    In a hurry nobody waits until the engine has done what is due: the next moment just comes.
    """

    minute: float
    acts: tuple[Act, ...] = ()
    faults: tuple[Fault, ...] = ()
    hurry: bool = False


@dataclass(frozen=True)
class Plan:
    """One seeded run."""

    seed: int
    database: str
    zone: str
    day: date
    deadline: time
    grace: int
    waits: tuple[int, ...]  # fallback (if there is one), owner
    review: str
    steps: tuple[str, ...]  # the kind of proof of each
    phones: dict[str, tuple[Phone, ...]]
    beats: tuple[Beat, ...] = field(default=())

    @property
    def chain(self) -> tuple[str, ...]:
        """Who is on the chain, in order."""
        return ROLES if len(self.waits) == 2 else ("ana", "ben", "olivia")

    @property
    def deadline_at(self) -> datetime:
        """The deadline in UTC: a time that the clocks skip is shifted, of two the first counts."""
        local = datetime.combine(self.day, self.deadline, ZoneInfo(self.zone))
        return local.astimezone(UTC)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All faults in order."""
        return tuple(fault for beat in self.beats for fault in beat.faults)

    def at(self, minute: float) -> datetime:
        """The moment of a beat."""
        return self.deadline_at + timedelta(minutes=minute)

    def words(self) -> str:
        """The plan as a timeline that people read."""
        waits = " ".join(f"{wait} min" for wait in self.waits)
        lines = [
            (
                f"seed {self.seed} on {self.database}: {self.day} {self.deadline:%H:%M} {self.zone}"
                f" = {self.deadline_at:%Y-%m-%d %H:%M} UTC"
            ),
            (
                f"  chain {' > '.join(self.chain)}; grace {self.grace} min, then {waits};"
                f" steps {', '.join(self.steps)}; review {self.review}"
            ),
            *(
                f"  {who}: {', '.join(each.nature for each in phones) or 'no phone'}"
                for who, phones in self.phones.items()
            ),
        ]
        for beat in self.beats:
            faults = [fault.words() for fault in beat.faults]
            what = [*faults, *(act.words() for act in beat.acts)] or ["time goes on"]
            hurry = " (in a hurry)" if beat.hurry else ""
            lines.append(f"  {beat.minute:+7.1f} min  {'; '.join(what)}{hurry}")
        return "\n".join(lines)
