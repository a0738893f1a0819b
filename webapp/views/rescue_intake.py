"""Going through a rescue file: every thing in a transaction of its own, for page and command."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.formats import quoted, row
from webapp.models import Organisation, Person
from webapp.problems import Problem
from webapp.rules.sentences import N_
from webapp.services import blobs, commands, completion, kiosk_work, kiosks, rescue
from webapp.services.rescue import Item
from webapp.services.rescue_file import RescueFile
from webapp.services.step_commands import Asked
from webapp.views import asked, kiosk_turns
from webapp.words import gettext as _

log = structlog.get_logger()

WORK, BYTES = N_("Work"), N_("A photo or file")
NOT_OURS = N_("It belongs to nobody of this organisation, so it was not taken in.")
NOT_TAKEN = N_("It could not be taken in now, for a fault on our side. Take the file in again.")
NO_ROOM = N_("It could not be stored now. Make room, then take the file in again.")


class Intake:
    """One rescue file on its way in.

    With `dry_run` nothing of it stays: each thing is judged by itself, against what is stored,
    and rolled back before the next. Carrying the whole in one transaction would hold the record's
    head, which everybody locks last, while the next step is locked.
    """

    def __init__(
        self, session: Session, organisation: Organisation, directory: Path, now: datetime
    ) -> None:
        self._session, self._directory, self._now = session, directory, now
        self._organisation, self._org_id = organisation, organisation.id
        self._dry_run = False
        self._unreadable_known: set[str] = set()
        self._would_expect: set[str] = set()

    def take(self, file: RescueFile, actor_id: str, *, dry_run: bool = False) -> list[Item]:
        """Return what became of each thing in the file, commands first, in their order.

        Nothing is taken in twice, neither from the same file again nor when the device itself
        sends it before or after: each thing has one receipt. The record notes each taking in.
        Raises rescue_not_valid when nothing can be taken in.
        """
        self._dry_run = dry_run
        rescue.check_organisation(file.contents, self._organisation)
        items = self._take_commands(file)
        for sha256 in file.contents.hashes:
            items.append(self._guarded(BYTES, partial(self._take_bytes, file, sha256)))
        if not dry_run:
            self._note(file, actor_id, items)
        return rescue.by_now(self._session, items)

    def _note(self, file: RescueFile, actor_id: str, items: list[Item]) -> None:
        rescue.note_taken_in(self._session, self._org_id, actor_id, file.contents, items, self._now)
        self._session.commit()

    def _take_commands(self, file: RescueFile) -> list[Item]:
        contents = file.contents
        people = self._people(file)
        self._end()
        self._settle_turns(file)
        items = [
            self._guarded(WORK, partial(self._take_command, file, raw, people))
            for raw in sorted(contents.commands, key=lambda raw: asked.number_of(raw) or 0)
        ]
        arrived = rescue.arrived_from(self._session, self._org_id, contents.device, items)
        rescue.note_arrived(self._session, self._org_id, contents.device, arrived)
        self._end()
        return items

    def _settle_turns(self, file: RescueFile) -> None:
        """Have the PINs of a kiosk's work looked at, each once; a dry run looks at none."""
        device_id = file.contents.device
        if self._dry_run or kiosks.of_device(self._session, self._org_id, device_id) is None:
            return
        needed = {kiosk_turns.named_by(raw) for raw in file.contents.commands}
        for raw in file.contents.turns:
            if kiosk_turns.named_by(raw) in needed:
                kiosk = kiosks.of_device(self._session, self._org_id, device_id)
                assert kiosk is not None, "what was once a kiosk stays in the list"
                kiosk_turns.settled(kiosk, raw)

    def _people(self, file: RescueFile) -> set[str]:
        people = set(rescue.people_of(self._session, file.contents, self._org_id))
        if file.contents.commands and not people:
            words = _(
                "Nobody whose work is in this file is of this organisation. Nothing was taken in."
            )
            raise Problem("rescue_not_valid", words)
        self._unreadable_known = commands.unreadable_known(self._session, self._org_id, people)
        return people

    def _guarded(self, what: str, take: Callable[[], Item]) -> Item:
        """One thing that fails, for whatever reason, never stands in the way of the others."""
        try:
            return take()
        except Exception:
            self._session.rollback()
            log.exception("not taken in from a rescue file", what=what)
            return Item(what, "", "failed", _(NOT_TAKEN))

    def _take_command(self, file: RescueFile, raw: object, people: set[str]) -> Item:
        person_id = raw.get("person") if isinstance(raw, dict) else None
        if not isinstance(person_id, str) or person_id not in people:
            return Item(WORK, "", "skipped", _(NOT_OURS))
        try:
            command = asked.read(raw, file.contents.made_at)
        except asked.Unreadable as error:
            return self._unreadable(person_id, raw, str(error))
        command = replace(command, is_rescued=True)
        turn_id = kiosk_turns.named_by(raw)
        try:
            return self._carry_out(person_id, file.contents.device, command, turn_id)
        except IntegrityError:
            # The device brought the same command at this very moment: now it has its receipt.
            self._session.rollback()
            return self._carry_out(person_id, file.contents.device, command, turn_id)

    def _unreadable(self, person_id: str, raw: object, why: str) -> Item:
        """Keep it in the record, once: the file may be thrown away now."""
        person = self._session.get_one(Person, person_id)
        name, sent = person.name, json.dumps(raw)
        key = commands.unreadable_key(person_id, sent)
        words = _("It could not be read (%(why)s). It is kept in the record.", why=why)
        if key in self._unreadable_known:
            return Item(WORK, name, "here", _("It had arrived before. %(words)s", words=words))
        commands.keep_unreadable(self._session, person, sent, why, self._now)
        self._end()
        self._unreadable_known.add(key)
        return Item(WORK, name, "rejected", words)

    def _carry_out(
        self, person_id: str, device_id: str, command: Asked, turn_id: str | None
    ) -> Item:
        session, now = self._session, self._now
        person = session.get_one(Person, person_id)
        if kiosk := kiosks.of_device(session, self._org_id, device_id):
            command = kiosk_work.from_file(session, kiosk, turn_id, person_id, command)
        try:
            item = rescue.take_command(session, person, device_id, command, now)
        except Problem as problem:
            session.rollback()
            person = session.get_one(Person, person_id)
            item = rescue.refuse(session, person, device_id, command, problem, now)
        if self._dry_run:
            self._note_expected(command)
        self._end()
        return item

    def _note_expected(self, command: Asked) -> None:
        """Remember whose bytes would be waited for, before that is rolled back."""
        sha256 = (command.content.get("proof") or {}).get("sha256")
        if sha256 and blobs.find(self._session, self._org_id, sha256) is not None:
            self._would_expect.add(sha256)

    def _take_bytes(self, file: RescueFile, sha256: str) -> Item:
        """Keep the bytes that something here waits for; others were of no use to anybody."""
        blob = blobs.find(self._session, self._org_id, sha256)
        arriving = None if blob is None else blobs.upload_of(blob)
        self._session.rollback()  # files are read, written and decoded outside any transaction
        if arriving is None and sha256 not in self._would_expect:
            return Item(
                BYTES, "", "skipped", _("Nothing here asks for it, so it was not taken in.")
            )
        if arriving is not None and arriving.is_complete:
            return Item(BYTES, "", "here", _("It had arrived before."))
        try:
            content = file.bytes_of(sha256)
        except Problem as problem:
            return Item(BYTES, "", "rejected", problem.detail)
        if arriving is None or self._dry_run:
            return Item(BYTES, "", "applied", _("It is complete, and belongs to a step here."))
        return self._keep_bytes(arriving, content)

    def _keep_bytes(self, arriving: blobs.Upload, content: bytes) -> Item:
        session, now, size = self._session, self._now, len(content)
        try:
            blobs.write_part(self._directory, arriving, 0, content)
            kept = blobs.finish(self._directory, arriving, size)
        except (OSError, MemoryError):
            return Item(BYTES, "", "failed", _(NO_ROOM))
        blob = blobs.expect(session, self._org_id, arriving.sha256, size, now)
        blobs.note_part(blob, size, size, kept, now)
        session.commit()
        blobs.forget_part(self._directory, arriving)
        concerned = completion.bytes_arrived(session, self._org_id, arriving.sha256, now)
        titles = row(*(quoted(each.title) for each in concerned))
        problem = Problem(blob.problem).detail if blob.problem else ""
        session.commit()
        if problem:
            return Item(BYTES, "", "rejected", problem)
        about = (
            _("It belongs to %(titles)s.", titles=titles)
            if titles
            else _("It is kept with its step.")
        )
        return Item(BYTES, "", "applied", about)

    def _end(self) -> None:
        """End the transaction: what was done in it stays, unless this is a dry run."""
        if self._dry_run:
            self._session.rollback()
        else:
            self._session.commit()
