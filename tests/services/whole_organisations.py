"""Organisations as anybody might define them: locations, people and processes, for properties."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from hypothesis import strategies as st
from sqlalchemy.orm import Session

from webapp.models import Person
from webapp.models.process import REVIEW_POLICIES
from webapp.rules.later import OF_LIMIT, OF_RANGE
from webapp.rules.proof_gate import KINDS, Requirement
from webapp.services import definitions, locations, organisations, people
from webapp.services.definitions import (
    DraftCondition,
    DraftFollowUp,
    DraftLevel,
    DraftStep,
    DraftWording,
    ProcessDraft,
)
from webapp.services.locations import Place

# Whatever can be typed on one line, and some of what YAML would read as something else.
TRICKY = (
    "1",
    "2",
    "yes",
    "no",
    "~",
    "07:15",
    "1_000",
    "0x1F",
    "a: b",
    "- x",
    "# no",
    "'",
    '"',
    "{}",
)
TEXT = (
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
) | st.sampled_from(TRICKY)
LINES = st.just("") | TEXT | st.sampled_from(("one\n\ntwo", "a\n  b: c\n# d", " spaced "))
CLOCK = st.times().map(lambda value: value.replace(second=0, microsecond=0))
LIMIT = st.decimals(-99, 99, places=1, allow_nan=False)
DATES = st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=3)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ZONES = ("America/Chicago", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland")
CONDITIONS_OF = {"number": (*OF_RANGE, *OF_LIMIT), "note": ("skipped",)}
CREW = ("Ana", "Ben", "Fay")


@dataclass(frozen=True)
class Asked:
    """What an organisation has: people who work nowhere in particular may be in any chain."""

    places: tuple[Place, ...]
    roles: dict[str, tuple[str, list[str]]]
    processes: tuple[ProcessDraft, ...]


@st.composite
def places(draw: st.DrawFn, name: str) -> Place:
    return Place(
        name=name,
        time_zone=draw(st.sampled_from(ZONES)),
        opens=draw(st.none() | CLOCK),
        closes=draw(st.none() | CLOCK),
        closed=draw(DATES),
        open_days=tuple(day for day in WEEKDAYS if draw(st.booleans())),
        holidays=draw(st.sampled_from((None, "US", "US-IL", "DE-BE"))),
        open_dates=draw(DATES),
    )


@st.composite
def rules(draw: st.DrawFn) -> str:
    freq = draw(st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")))
    day = draw(st.sampled_from(("MO", "WE,FR", "MO,TU,WE,TH,FR", "SU")))
    counted = draw(st.sampled_from(("1MO", "-1FR", "2TU,4TU")))
    parts = {
        "DAILY": ["", "BYHOUR=8,12;BYMINUTE=30", "BYDAY=SA,SU"],
        "WEEKLY": ["", f"BYDAY={day}", f"BYDAY={day};WKST=SU"],
        "MONTHLY": [f"BYDAY={counted}", "BYMONTHDAY=-1", "BYMONTHDAY=1,15", f"BYDAY={day}"],
        "YEARLY": ["BYMONTH=2;BYMONTHDAY=29", f"BYMONTH=3;BYDAY={counted}", "BYWEEKNO=20"],
    }
    interval = draw(st.sampled_from(("", ";INTERVAL=2", ";INTERVAL=3")))
    rest = draw(st.sampled_from(parts[freq]))
    return f"FREQ={freq}{interval}{';' if rest else ''}{rest}"


@st.composite
def requirements(draw: st.DrawFn) -> Requirement:
    kind = draw(st.sampled_from(KINDS))
    if kind == "number":
        low, high = sorted((draw(LIMIT), draw(LIMIT)))
        asked = draw(st.sampled_from(((None, None), (low, None), (None, high), (low, high))))
        fix = draw(st.none() | TEXT) if asked != (None, None) else None
        return Requirement(kind, draw(st.none() | TEXT), *asked, fix)
    if kind == "timed":
        return Requirement(kind, min_seconds=draw(st.integers(0, 9999)))
    return Requirement(kind, scan_code=draw(st.none() | TEXT) if kind == "scan" else None)


@st.composite
def steps(draw: st.DrawFn, at: tuple[str, ...], policy: str) -> DraftStep:
    wording = draw(st.sampled_from((None, "locked", "open")))
    own = draw(st.lists(st.sampled_from(at), unique=True)) if (wording or policy) == "open" else []
    return DraftStep(
        title=draw(TEXT),
        instructions=draw(LINES),
        requirement=draw(requirements()),
        may_skip=draw(st.booleans()),
        wording=wording,
        wordings=tuple(DraftWording(place, draw(TEXT), draw(LINES)) for place in own),
    )


@st.composite
def waiting(draw: st.DrawFn, found: list[DraftStep]) -> tuple[DraftStep, ...]:
    """Some of the steps wait for an earlier one: for an answer, or a while."""
    made = found[:1]
    for step in found[1:]:
        earlier = draw(st.integers(0, len(made) - 1))
        asked = CONDITIONS_OF.get(made[earlier].requirement.kind, ())
        if asked and draw(st.booleans()):
            becomes = draw(st.sampled_from(asked))
            limit = draw(LIMIT) if becomes in OF_LIMIT else None
            step = replace(step, only_if=DraftCondition(earlier, becomes, limit))
        if draw(st.booleans()):
            waits = draw(st.integers(1, 44640)), draw(st.integers(1, 44640))
            step = replace(step, follow_up=DraftFollowUp(draw(st.integers(0, earlier)), *waits))
        made.append(step)
    return tuple(made)


@st.composite
def drafts(draw: st.DrawFn, name: str, known: tuple[str, ...]) -> ProcessDraft:
    at = tuple(draw(st.lists(st.sampled_from(known), min_size=1, unique=True)))
    chosen = draw(st.permutations(CREW))
    policy = draw(st.sampled_from(("locked", "open")))
    chain = [DraftLevel("assignee", chosen[0], 0), DraftLevel("backup", chosen[1], 0)]
    if draw(st.booleans()):
        chain.append(DraftLevel("fallback", chosen[2], draw(st.integers(0, 44640))))
    return ProcessDraft(
        name=name,
        locations=at,
        rrule=draw(rules()),
        deadline=draw(CLOCK),
        chain=(*chain, DraftLevel("owner", None, draw(st.integers(0, 44640)))),
        steps=draw(waiting(draw(st.lists(steps(at, policy), min_size=1, max_size=4)))),
        opens=draw(st.none() | CLOCK),
        opens_days_before=draw(st.integers(0, 31)),
        grace_minutes=draw(st.integers(0, 44640)),
        review=draw(st.sampled_from(REVIEW_POLICIES)),
        remind_minutes=draw(st.none() | st.integers(0, 90)),
        reached_within_minutes=draw(st.none() | st.integers(0, 44640)),
        wording=policy,
        starts_on=draw(st.none() | st.dates(date(2025, 1, 1), date(2028, 12, 31))),
    )


@st.composite
def organisations_asked(draw: st.DrawFn) -> Asked:
    names = ("Downtown", *draw(st.lists(TEXT, max_size=2, unique=True)))
    names = tuple(dict.fromkeys(names))
    roles = {
        name: (
            draw(st.sampled_from(("staff", "manager"))),
            draw(st.lists(st.sampled_from(names), unique=True)),
        )
        for name in CREW
    }
    titles = draw(st.lists(TEXT, min_size=1, max_size=2, unique_by=str.casefold))
    return Asked(
        tuple(draw(places(name)) for name in names),
        roles,
        tuple(draw(drafts(title, names)) for title in titles),
    )


def owner_of_nothing(session: Session, name: str, now: datetime) -> Person:
    """The owner of an organisation in which nothing is defined yet."""
    mail = f"olivia@{name.lower()}.example"
    return organisations.create(
        session, name, "Downtown", "America/Chicago", "Olivia", mail, None, now
    )


def build(session: Session, owner: Person, asked: Asked, now: datetime) -> int:
    """Make all of it by the services, and return how many processes could be saved."""
    known = {place.name: place for place in locations.all_of(session, owner.org_id)}
    for place in asked.places:
        if place.name in known:
            locations.edit(session, known[place.name], place, now, owner.id)
        else:
            locations.add(session, owner.org_id, place, now, owner.id)
    known = {place.name: place for place in locations.all_of(session, owner.org_id)}
    ids = {
        name: people.add(
            session, owner.organisation, name, None, role, now, [known[each] for each in works_at]
        ).id
        for name, (role, works_at) in asked.roles.items()
    }
    session.flush()
    saved = 0
    for draft in asked.processes:
        chain = tuple(
            replace(level, person_id=ids.get(level.person_id or "")) for level in draft.chain
        )
        wished = replace(draft, chain=chain)
        if not definitions.faults(session, owner.org_id, wished, now):
            definitions.save(session, owner.id, owner.org_id, wished, now)
            saved += 1
    return saved
