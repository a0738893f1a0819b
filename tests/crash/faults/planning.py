"""From a seed to a plan: the same seed makes the same plan, on the same database."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from random import Random

from tests.crash.faults import kinds
from tests.crash.faults.plan import BYSTANDERS, ROLES, Act, Beat, Fault, Phone, Plan

ZONES = ("America/Chicago", "Europe/Berlin", "Australia/Adelaide", "Asia/Kolkata", "UTC")
FIRST_DAY = date(2026, 11, 23)
# Days on which local time is odd: zone, date, and deadlines around the oddity.
ODD_DAYS = {
    "spring_forward": (
        "America/Chicago",
        date(2027, 3, 14),
        (time(1, 50), time(2, 30), time(3, 5)),
    ),
    "autumn_back": ("Europe/Berlin", date(2027, 10, 31), (time(1, 55), time(2, 30), time(3, 10))),
    "leap_day": ("Europe/London", date(2028, 2, 29), (time(7, 15), time(0, 5), time(23, 50))),
}
NATURES = ("good",) * 7 + ("silent", "silent", "dropped", "tls")
OPENS_BEFORE = 45  # minutes
LONG_ENOUGH = 20.0  # seconds that Redis is stopped, now and then


def plan_of(seed: int, database: str, only: str | None = None) -> Plan:
    """The plan of this seed; `only` names the one kind of fault that it may hold."""
    random = Random(f"{seed} {database} {only or ''}")
    wanted = [only] if only else _several(random, database)
    zone, day, deadline = _when(random, wanted)
    waits = tuple(random.choice((5, 10, 20, 45, 90)) for _ in range(random.choice((1, 2, 2))))
    plan = Plan(
        seed=seed,
        database=database,
        zone=zone,
        day=day,
        deadline=deadline,
        grace=random.choice((0, 2, 5, 10)),
        waits=waits,
        review=random.choice(("none", "none", "photos", "all")),
        steps=tuple(random.choice(("note", "photo")) for _ in range(random.choice((1, 2, 2, 3)))),
        phones={who: _phones(random, who) for who in (*ROLES, *BYSTANDERS)},
    )
    if "push_tls" in wanted:
        plan.phones["ben"] = (Phone("ben-1", "tls"),)
    beats = _with_faults(random, _beats(random, plan), plan, wanted)
    return Plan(**{**vars(plan), "beats": tuple(beats)})


def _several(random: Random, database: str) -> list[str]:
    return random.sample(kinds.of(database), random.choice((1, 2, 2, 3, 3, 4)))


def _when(random: Random, wanted: list[str]) -> tuple[str, date, time]:
    for kind in wanted:
        if kind in ODD_DAYS:
            zone, day, deadlines = ODD_DAYS[kind]
            return zone, day, random.choice(deadlines)
    day = FIRST_DAY + timedelta(days=random.randrange(700))
    return random.choice(ZONES), day, time(random.randrange(2, 22), random.randrange(0, 60, 5))


def _phones(random: Random, who: str) -> tuple[Phone, ...]:
    if who in BYSTANDERS:
        return (Phone(f"{who}-1", "good"),)
    count = random.choice((0, 1, 1, 1, 1, 2))
    return tuple(Phone(f"{who}-{number + 1}", random.choice(NATURES)) for number in range(count))


def _beats(random: Random, plan: Plan) -> list[Beat]:
    """The moments at which the chain moves, and those at which people do something."""
    due = _due(plan)
    moments: dict[float, list[Act]] = {minute: [] for minute in (-OPENS_BEFORE, 0.0, *due)}
    for step in range(len(plan.steps)):
        for minute, act in _story(random, plan, step, due):
            moments.setdefault(minute, []).append(act)
    return [
        Beat(minute, tuple(acts), hurry=random.random() < 0.15)
        for minute, acts in sorted(moments.items())
    ]


def _due(plan: Plan) -> list[float]:
    due = [float(plan.grace)]
    for wait in plan.waits:
        due.append(due[-1] + wait)
    return due


def _story(random: Random, plan: Plan, step: int, due: list[float]) -> Iterator[tuple[float, Act]]:
    """What becomes of one step, by people."""
    last = due[-1]
    early, late = _minute(random, -40, -1), _minute(random, 1, last)
    kind = random.choice(
        (
            "nothing",
            "nothing",
            "nothing",
            "nothing",
            "in_time",
            "late",
            "offline",
            "cannot",
            "claim",
            "sick",
            "back",
        )
    )
    if kind == "in_time":
        yield early, Act("ana", "completes", step)
        yield from _judged(random, step, early)
    elif kind == "late":
        who = random.choice(plan.chain)
        yield late, Act(who, "completes", step)
        yield from _judged(random, step, late)
    elif kind == "offline":
        yield late, Act("ana", "completes", step, minutes_earlier=round(late - early))
    elif kind == "cannot":
        yield random.choice((early, late)), Act(random.choice(plan.chain), "cannot", step)
    elif kind == "claim":
        yield from _claimed(random, plan, step, random.choice((early, late)))
    elif kind == "sick":
        who = random.choice(plan.chain[:-1])
        yield early, Act(who, "is_sick", step)
        if random.random() < 0.6:
            yield _minute(random, early + 1, last), Act(who, "is_back", step)
    elif kind == "back":
        yield early, Act("ana", "completes", step)
        yield early + 3, Act("olivia", "sends_back", step)
        if random.random() < 0.5:
            yield _minute(random, early + 4, last), Act("ana", "completes", step)


def _judged(random: Random, step: int, minute: float) -> Iterator[tuple[float, Act]]:
    if random.random() < 0.5:
        verdict = random.choice(("approves", "approves", "sends_back"))
        yield minute + random.choice((2, 10)), Act("olivia", verdict, step)


def _claimed(random: Random, plan: Plan, step: int, minute: float) -> Iterator[tuple[float, Act]]:
    who = "ana" if minute < 0 else random.choice(plan.chain)
    yield minute, Act(who, "claims", step)
    if random.random() < 0.7:
        yield minute + random.choice((1, 15, 29, 40)), Act(who, "uploads", step)


def _minute(random: Random, first: float, last: float) -> float:
    return float(random.randint(int(first), max(int(first), int(last))))


def _with_faults(random: Random, beats: list[Beat], plan: Plan, wanted: list[str]) -> list[Beat]:
    """Faults strike most often where a step moves."""
    due = {0.0, *_due(plan)}
    moving = [index for index, beat in enumerate(beats) if beat.minute in due and beat.minute > 0]
    struck = [list(beat.faults) for beat in beats]
    for kind in wanted:
        if kind in (*kinds.DATES, "push_tls"):
            continue
        several = kind in (*kinds.PROCESSES, *kinds.POINTS, *kinds.REDIS)
        for _ in range(random.choice((1, 2)) if several else 1):
            where = random.choice(moving if random.random() < 0.75 else range(len(beats)))
            struck[where].append(_fault(random, kind, plan))
    return [
        Beat(beat.minute, beat.acts, tuple(faults), beat.hurry)
        for beat, faults in zip(beats, struck, strict=True)
    ]


def _fault(random: Random, kind: str, plan: Plan) -> Fault:
    delay = round(random.choice((0.0, random.uniform(0, 0.1), random.uniform(0, 0.5))), 3)
    if kind in kinds.PUSH:
        phoned = [who for who in plan.chain[1:] if plan.phones[who]] or ["ben"]
        return Fault(kind, who=random.choice(phoned), times=random.choice((1, 1, 2, 4)))
    if kind == "redis_stopped":
        return Fault(kind, delay, hold=_mostly_short(random, LONG_ENOUGH))
    if kind == "sqlite_locked":
        return Fault(kind, delay, hold=_mostly_short(random, 10.0))
    if kind in ("postgresql_frozen", "postgresql_killed", "postgresql_stopped"):
        return Fault(kind, delay, hold=round(random.uniform(0.2, 2.0), 2))
    if kind == "disk_full":
        return Fault(kind, delay, hold=round(random.uniform(0.5, 1.5), 2))
    if kind == "redis_killed":
        return Fault(kind, delay, beats=random.choice((0, 1, 2)))
    if kind in kinds.JUMPS:
        return Fault(kind, beats=random.choice((1, 2, 3)))
    if kind in kinds.SEVERAL:
        return Fault(kind, beats=2)
    return Fault(kind, delay)


def _mostly_short(random: Random, full: float) -> float:
    """The full time in one of twenty, else a second or two: a thousand runs must end today."""
    return full if random.random() < 0.05 else round(random.uniform(0.5, 2.0), 2)
