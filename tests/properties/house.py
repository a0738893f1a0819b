"""The daycare as a machine handles it: what everybody can do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from sqlalchemy import select, update

from tests.day import photo, photo_proof
from tests.factories import FRIDGE, process, proof
from tests.properties.promises import Promises
from webapp.models import Command, Process, PushSubscription, Step, StepRun
from webapp.problems import Problem
from webapp.services import (
    absences,
    definitions,
    held,
    locations,
    people,
    places,
    receipts,
)
from webapp.services.definitions.draft import draft_of

STAFF = ("ana", "ben", "fay")
EVERYBODY = (*STAFF, "olivia")
POINTS = ("after_claim", "after_handoff", "after_outbox", "after_commit")
DONE = {
    "Front": None,
    "Fridge": {"kind": "number", "value": "38"},
    "Gate": {"kind": "note", "text": "Closed."},
    "Food": {"kind": "note", "text": "Moved."},
    "Check": {"kind": "note", "text": "Looked again."},
    "Clear": {"kind": "note", "text": "Cleared."},
}
WARM = {"kind": "number", "value": "45", "corrective": "Called the repair line."}
LATER = {
    "Food": {"only_if": {"step": "Fridge", "is": "outside", "value": None}},
    "Check": {"only_if": {"step": "Gate", "is": "skipped", "value": None}},
    "Clear": {"follow_up": {"step": "Food", "wait_minutes": 20, "due_minutes": 10}},
}


class House(Promises):
    """A daycare with two processes. Each method is one thing that can happen."""

    def __init__(self, session, clock, crew):
        super().__init__(session, clock, crew)
        later = tuple((title, proof("note")) for title in LATER)
        steps = (("Front", proof("photo")), ("Fridge", FRIDGE), ("Gate", proof("note")), *later)
        asked = {"steps": steps, "later": LATER, "rrule": "FREQ=DAILY", "review": "all"}
        process(session, crew, clock.now(), **asked)
        often = "FREQ=DAILY;BYHOUR=8,12,16;BYMINUTE=0"
        gate = (("Gate", proof("note")),)
        process(
            session,
            crew,
            clock.now(),
            name="Rounds",
            rrule=often,
            opens=None,
            steps=gate,
            review="none",
            grace=1,
            waits=(2, 3),
        )
        session.execute(update(Step).where(Step.title == "Gate").values(may_skip=True))
        session.commit()
        self.begin()

    # People

    def completes(self, who: str, step: StepRun, ago: timedelta, *, bytes_too: bool, shade: int):
        """Sends a proof, captured now or while the phone was in the dark; often a warm fridge."""
        now = self.clock.now()
        content = DONE[step.title] or photo_of(shade)[0]
        if step.title == "Fridge" and shade % 2:
            content = WARM
        command = self.does(
            who,
            proof=content,
            step=step,
            attempt=step.attempt,
            captured_at=now - ago,
            sent_at=now,
        )
        self._remember(command)
        if DONE[step.title] is None and bytes_too:
            self.uploads(photo_of(shade)[1])

    def brings_the_bytes(self, shade: int) -> None:
        """A photo's bytes arrive, whether they were announced or not."""
        self.uploads(photo_of(shade)[1])

    def says_cannot(self, who: str, step: StepRun) -> None:
        command = self.does(
            who, "cannot_do", step=step, attempt=step.attempt, reason="My hands are full."
        )
        self._remember(command)

    def skips(self, who: str, step: StepRun) -> None:
        reason = "There is no gate today."
        self._remember(
            self.does(who, "not_applicable", step=step, attempt=step.attempt, reason=reason)
        )

    def decides_on_held(self, pick: int, use: bool) -> None:
        """The owner takes up what was set beside, or leaves it beside."""
        owner, now = self.crew.olivia, self.clock.now()
        waiting = held.waiting(self.session, owner)
        if not waiting:
            return
        chosen = waiting[pick % len(waiting)]
        with self._unless_refused():
            if use:
                held.use(self.session, owner, chosen, now)
            else:
                held.put_aside(self.session, owner, chosen, "It was too late.", now)

    def _remember(self, command: Command) -> None:
        self.acknowledged[command.id] = (command.status, command.content_sha256)

    def decides_on(self, step: StepRun, reason: str | None) -> None:
        with self._unless_refused():
            self.decides(step, reason)

    def falls_sick(self, who: str) -> None:
        person = self.crew.people[who]
        with self._unless_refused():
            absences.sick_today(self.session, person, person, self.clock.now())

    def goes_away(self, who: str, days: int) -> None:
        person, now = self.crew.people[who], self.clock.now()
        first = now.date() + timedelta(days=1)
        last = first + timedelta(days=days)
        with self._unless_refused():
            absences.declare(self.session, person, person, first, last, "Holiday", now)

    def comes_back(self, who: str) -> None:
        person, now = self.crew.people[who], self.clock.now()
        for absence in absences.of_person(self.session, person, now):
            with self._unless_refused():
                absences.end(self.session, person, absence, now)

    def leaves(self, who: str) -> None:
        with self._unless_refused():
            person = self.crew.people[who]
            people.deactivate(self.session, self.crew.olivia, person, self.clock.now())

    def reads(self, who: str) -> None:
        """Opens the page of what they hold."""
        person = self.crew.people[who]
        held = [step.id for step in self.steps("open") if step.holder_id == person.id]
        receipts.opened_page(self.session, person, held, f"phone-of-{who}", self.clock.now())
        self.session.commit()

    def gets_a_phone(self, who: str) -> None:
        person = self.crew.people[who]
        known = select(PushSubscription).where(PushSubscription.person_id == person.id)
        row = self.session.scalars(known).one_or_none()
        if row is not None:
            row.last_error = None
        elif person.deactivated_at is None:
            self.has_phone(who)
        self.session.commit()

    # The owner's edits

    def edits(self, name: str, **changes: Any) -> None:
        """Saves the process with these changes, on the owner's authority."""
        found = self.session.scalars(select(Process).where(Process.name == name)).one()
        draft = replace(draft_of(definitions.current_version(found)), **changes)
        with self._unless_refused():
            definitions.save(
                self.session, self.crew.olivia.id, self.crew.org_id, draft, self.clock.now(), found
            )

    def swaps_the_chain(self, name: str) -> None:
        """The first and the second of the chain change places."""
        found = self.session.scalars(select(Process).where(Process.name == name)).one()
        first, second, *rest = draft_of(definitions.current_version(found)).chain
        chain = (
            replace(first, person_id=second.person_id),
            replace(second, person_id=first.person_id),
            *rest,
        )
        self.edits(name, chain=chain)

    def moves_the_deadline(self, name: str, minutes: int) -> None:
        self.edits(name, deadline=time(7 + minutes // 60, minutes % 60))

    def edits_the_place(self, **changes: Any) -> None:
        place = replace(places.present(self.crew.location), **changes)
        with self._unless_refused():
            locations.edit(self.session, self.crew.location, place, self.clock.now())

    @contextmanager
    def _unless_refused(self) -> Iterator[None]:
        """Commits; what the product refuses with a sentence changes nothing."""
        try:
            yield
            self.session.commit()
        except Problem:
            self.session.rollback()


_PHOTOS: dict[int, tuple[dict[str, Any], bytes]] = {}


def photo_of(shade: int) -> tuple[dict[str, Any], bytes]:
    """A photo of that shade, as its proof and as its bytes."""
    if shade not in _PHOTOS:
        content = photo(f"rgb({shade}, {shade}, {shade})")
        _PHOTOS[shade] = (photo_proof(content), content)
    return _PHOTOS[shade]
