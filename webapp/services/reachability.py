"""Whether a message would reach somebody, and how to mend it where it would not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from webapp.models import (
    ChainLevel,
    OutboxMessage,
    Person,
    ProcessVersion,
    PushSubscription,
    Run,
)
from webapp.problems import Problem
from webapp.rules.sentences import say
from webapp.services import messages, organisations, people, reach, record
from webapp.services.other_channels import MAIL_IS_SET_UP
from webapp.words import gettext as _

# How far ahead people are looked at who could not be told.
AHEAD = timedelta(hours=24)
TEST_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Reachability:
    """How a person is reached.

    `state` is works (a message has arrived on a device), unconfirmed (a device is set up, and
    nothing has arrived there yet), refused (the push service takes nothing for their devices),
    other_only (told by e-mail or their extra channel, on no device), no_device or left. `since`
    is when it began, where that is known.
    """

    state: str
    since: datetime | None
    sentence: str

    @property
    def works(self) -> bool:
        """Whether a message has arrived on a device of theirs, and none was refused since."""
        return self.state == "works"

    @property
    def lacks_device(self) -> bool:
        """Whether no device of theirs takes messages."""
        return self.state in ("refused", "other_only", "no_device")

    @property
    def is_cut_off(self) -> bool:
        """Whether nothing at all would tell them."""
        return self.state in ("refused", "no_device")


@dataclass(frozen=True, slots=True)
class CutOff:
    """Somebody who cannot be told, with the runs soon that may come to them, the next one first."""

    person: Person
    how: Reachability
    runs: Sequence[Run]


def of_person(session: Session, person: Person) -> Reachability:
    """Return how the person is reached."""
    return of_people(session, [person])[person.id]


def of_people(session: Session, people: Iterable[Person]) -> dict[str, Reachability]:
    """Return by id how each of these people is reached, in one statement."""
    wanted = {person.id: person for person in people}
    query = select(PushSubscription).where(PushSubscription.person_id.in_(wanted))
    devices: dict[str, list[PushSubscription]] = {}
    for each in session.scalars(query.order_by(PushSubscription.created_at)):
        devices.setdefault(each.person_id, []).append(each)
    has_mail = bool(session.info.get(MAIL_IS_SET_UP))
    return {
        person.id: _judged(person, devices.get(person.id, []), has_mail)
        for person in wanted.values()
    }


def of_versions(
    session: Session, versions: Iterable[ProcessVersion], owner: Person
) -> dict[str, Reachability]:
    """Return by id how everybody in these versions' chains is reached; `owner` is the last."""
    named = [level.person for version in versions for level in version.chain if level.person]
    return of_people(session, [*named, owner])


def cut_off_soon(session: Session, asking: Person, now: datetime) -> list[CutOff]:
    """Return who would be told by nothing of the runs of the next 24 hours that `asking` sees."""
    query = select(Run).where(
        Run.org_id == asking.org_id,
        Run.state.in_(("planned", "open")),
        Run.deadline_at > now,
        Run.deadline_at <= now + AHEAD,
    )
    runs = session.scalars(reach.of_runs(asking, query)).unique()
    return cut_off(session, runs.all())


def cut_off(session: Session, runs: Sequence[Run]) -> list[CutOff]:
    """Return who in the chains of these runs would be told by nothing, in the order of the runs."""
    found: dict[str, tuple[Person, list[Run]]] = {}
    chains = _chains(session, runs)
    for run in sorted(runs, key=lambda run: (run.deadline_at, run.id)):
        for person in chains.get(run.version_id, ()):
            found.setdefault(person.id, (person, []))[1].append(run)
    how = of_people(session, [person for person, _ in found.values()])
    return [
        CutOff(person, how[person.id], theirs)
        for person, theirs in found.values()
        if how[person.id].is_cut_off
    ]


def send_test(session: Session, asking: Person, person: Person, now: datetime) -> OutboxMessage:
    """Send the person a message that asks for nothing, to see whether it arrives.

    People may test themselves; owners and managers those they look after. Once a minute: raises
    "too_many_requests" before that, "not_allowed" or "not_found" for anybody else.
    """
    if asking.id != person.id and not people.may_look_after(asking, person):
        raise Problem("not_allowed" if asking.org_id == person.org_id else "not_found")
    if person.deactivated_at is not None:
        raise Problem("not_allowed", say("%(person)s works here no more.", person=person.name))
    just_sent = exists().where(
        OutboxMessage.person_id == person.id,
        OutboxMessage.kind == "test",
        OutboxMessage.created_at > now - TEST_EVERY,
    )
    if session.scalar(select(just_sent)):
        words = _("%(person)s was sent a test message just now. Wait a minute.", person=person.name)
        raise Problem("too_many_requests", words)
    payload = {"by": {"id": asking.id, "name": asking.name}, "to": person.name}
    record.note(session, person.org_id, now, "message.tested", asking.id, person.id, payload)
    message = messages.tell_test(session, person, asking, now)
    session.flush()
    return message


def test_of(session: Session, person: Person, message_id: str) -> OutboxMessage:
    """Return a test message to this person; raises "not_found" for any other message."""
    message = session.get(OutboxMessage, message_id)
    if message is None or message.person_id != person.id or message.kind != "test":
        raise Problem("not_found")
    return message


def _chains(session: Session, runs: Sequence[Run]) -> dict[str, list[Person]]:
    """The people of each version that these runs follow."""
    versions = {run.version_id for run in runs}
    if not versions:
        return {}
    owner = organisations.owner_of(session, runs[0].org_id)
    chains: dict[str, list[Person]] = {}
    query = select(ChainLevel).where(ChainLevel.version_id.in_(versions))
    for level in session.scalars(query.order_by(ChainLevel.version_id, ChainLevel.level)):
        chains.setdefault(level.version_id, []).append(level.person or owner)
    return chains


def _judged(person: Person, devices: list[PushSubscription], has_mail: bool) -> Reachability:
    good = [each for each in devices if each.last_error is None]
    confirmed = [each.confirmed_at for each in good if each.confirmed_at is not None]
    name = person.name
    if person.deactivated_at is not None:
        return Reachability(
            "left", person.deactivated_at, _("%(name)s works here no more.", name=name)
        )
    if confirmed:
        return Reachability("works", min(confirmed), _("Messages reach %(name)s.", name=name))
    if good:
        words = _("%(name)s has turned messages on, and none has arrived there yet.", name=name)
        return Reachability("unconfirmed", good[0].created_at, words)
    return _without_device(person, bool(devices), has_mail)


def _without_device(person: Person, is_refused: bool, has_mail: bool) -> Reachability:
    name = person.name
    ask = _(
        "Ask %(name)s to open Baton on their phone and press “Tell me when something"
        " becomes mine”.",
        name=name,
    )
    if person.password_hash is None and not is_refused:
        ask = _("%(name)s has not joined yet. Give them a new invitation link.", name=name)
    if person.extra_url or (has_mail and person.email):
        by = "e-mail" if has_mail and person.email else _("another channel")
        return Reachability(
            "other_only",
            None,
            _("%(name)s is told by %(by)s only. %(ask)s", name=name, by=by, ask=ask),
        )
    if is_refused:
        words = _(
            "The push service takes no messages for %(name)s's device any more. %(ask)s",
            name=name,
            ask=ask,
        )
        return Reachability("refused", None, words)
    return Reachability(
        "no_device", None, _("No device tells %(name)s anything. %(ask)s", name=name, ask=ask)
    )
