"""The organisation of one run: people, their phones, and the process that they do."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.crash.faults.house import House
from tests.crash.faults.plan import Phone, Plan
from tests.push_service import Subscription
from webapp.models import Organisation, Person, Process, Run
from webapp.rules.proof_gate import requirement_from_json
from webapp.services import definitions, organisations, people, sign_in, subscriptions
from webapp.services.definitions import DraftLevel, DraftStep, ProcessDraft

BEFORE = timedelta(hours=3)
OPENS_BEFORE = timedelta(minutes=45)
ALWAYS_DROPS = 300


@dataclass
class Member:
    """One person: the token that their browser signs in with, and their phones."""

    id: str
    token: str
    phones: dict[str, tuple[Phone, Subscription]]


@dataclass
class World:
    """What a run needs to know of its organisation."""

    org_id: str
    process_id: str
    run_id: str
    steps: list[str]
    members: dict[str, Member]

    def name_of(self, person_id: str | None) -> str:
        """Who has this id."""
        for name, member in self.members.items():
            if member.id == person_id:
                return name
        return str(person_id)


def world_of(house: House, plan: Plan) -> World:
    """Makes the organisation, before its first run opens."""
    now = plan.deadline_at - BEFORE
    house.set_clock(now)
    phones = {
        who: {phone.name: (phone, _subscription(house, phone)) for phone in owned}
        for who, owned in plan.phones.items()
    }
    return house.work(lambda session: _make(session, plan, phones, now))


def _subscription(house: House, phone: Phone) -> Subscription:
    taken = house.pushes.subscribe()
    if phone.nature == "dropped":
        house.pushes.answer(taken, times=ALWAYS_DROPS, dropped=True)
    if phone.nature == "tls":
        endpoint = taken.endpoint.replace("http://", "https://", 1)
        return Subscription(endpoint, taken.p256dh, taken.auth)
    return taken


def _make(
    session: Session,
    plan: Plan,
    phones: dict[str, dict[str, tuple[Phone, Subscription]]],
    now: datetime,
) -> World:
    owner = organisations.create(
        session, "Sunflower", "Downtown", plan.zone, "Olivia", None, None, now
    )
    crew = {"olivia": owner}
    for who, role in (("ana", "staff"), ("ben", "staff"), ("fay", "staff"), ("gus", "staff")):
        crew[who] = _person(session, owner, who, role, now)
    crew["maya"] = _person(session, owner, "maya", "manager", now)
    session.flush()
    members = {who: _member(session, person, phones[who], now) for who, person in crew.items()}
    process = definitions.save(session, owner.id, owner.org_id, _draft(plan, owner, crew), now)
    session.flush()
    run = _run(session, process, plan)
    steps = [step.id for step in sorted(run.step_runs, key=lambda step: step.position)]
    return World(owner.org_id, process.id, run.id, steps, members)


def _person(session: Session, owner: Person, who: str, role: str, now: datetime) -> Person:
    organisation = session.get_one(Organisation, owner.org_id)
    return people.add(session, organisation, who.title(), None, role, now, owner.locations)


def _member(
    session: Session, person: Person, phones: dict[str, tuple[Phone, Subscription]], now: datetime
) -> Member:
    for name, (_, taken) in phones.items():
        subscriptions.subscribe(
            session, person, name, taken.endpoint, taken.p256dh, taken.auth, now, insecure=True
        )
    return Member(person.id, sign_in.create_token(session, person, now), phones)


def _draft(plan: Plan, owner: Person, crew: dict[str, Person]) -> ProcessDraft:
    nominal = datetime.combine(plan.day, plan.deadline)
    opens = nominal - OPENS_BEFORE
    waits = (0, plan.grace, *plan.waits)
    roles = ("assignee", "backup", "fallback")[: len(plan.chain) - 1]
    chain = [
        DraftLevel(role, crew[who].id, wait)
        for role, who, wait in zip(roles, plan.chain, waits, strict=False)
    ]
    return ProcessDraft(
        name="Opening check",
        locations=(owner.locations[0].id,),
        rrule=f"FREQ=YEARLY;BYMONTH={plan.day.month};BYMONTHDAY={plan.day.day}",
        deadline=plan.deadline,
        opens=opens.time(),
        opens_days_before=(nominal.date() - opens.date()).days,
        chain=(*chain, DraftLevel("owner", None, waits[-1])),
        steps=tuple(_step(kind, number) for number, kind in enumerate(plan.steps, start=1)),
        grace_minutes=plan.grace,
        review=plan.review,
    )


def _step(kind: str, number: int) -> DraftStep:
    empty = {"unit": None, "min": None, "max": None, "if_outside": None, "scan_code": None}
    requirement = requirement_from_json({"kind": kind, "min_seconds": 0, **empty})
    return DraftStep(f"Step {number}", "", requirement)


def _run(session: Session, process: Process, plan: Plan) -> Run:
    """The run of the day: exactly one, due when the calendar says and not a minute beside it."""
    runs = session.scalars(select(Run).where(Run.process_id == process.id)).all()
    day = plan.day.isoformat()
    today = [run for run in runs if run.occurrence.startswith(day)]
    assert len(today) == 1, f"{len(today)} runs on {day}: {[run.occurrence for run in runs]}"
    assert today[0].deadline_at.astimezone(UTC) == plan.deadline_at, (
        f"due {today[0].deadline_at}, the calendar says {plan.deadline_at}"
    )
    return today[0]
