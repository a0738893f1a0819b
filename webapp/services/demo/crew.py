"""What the people of the demo daycare do with a device: give proofs, ask, note what was mended."""

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.models import Command, Person, StepRun
from webapp.rules.proof_gate import parse_number
from webapp.services import blobs, commands
from webapp.services.demo import pictures
from webapp.services.demo.processes import CLEARED, MOVED, SHORT
from webapp.services.step_commands import Asked

NOTES = {
    "Who is away today": ("Nobody.", "Ivy and Theo.", "Noah, with a cold.", "Mila until noon."),
    "Anything broken": ("Nothing.", "Nothing, sand raked.", "A loose board by the slide."),
    "Swaps made": ("None.", "Ivy: rice for pasta.", "Theo: oat milk.", "Mila: no egg."),
    "Reminders sent": ("Two, by e-mail.",),
    SHORT: ("None.", "None, all here.", "Toddlers until nine, I stood in.", "Babies at noon."),
    MOVED: ("In the staff fridge; the repair line comes at noon.", "All in the milk fridge."),
    CLEARED: ("Nothing.", "Half a tray of pasta.", "Two bowls of fruit.", "Some rice."),
}
CORRECTIVE = "Moved the milk to the kitchen fridge and called the repair line."
FEVER = "I am with a child who has a fever."
BROKEN_LATCH = "The latch does not catch."
LATCH_FIXES = (
    "Oiled the latch.",
    "Oiled it again, the spring is weak.",
    "Bent the plate back with a hammer.",
    "Tied the gate with a rope until the new latch comes.",
)
FIXES = (
    "Put the key back on its hook.",
    "Set an alarm on the kitchen clock.",
    "Wrote it on the door as well.",
    "Swapped shifts so that somebody is here by then.",
)
SEND_BACKS = {
    "Front room ready": "The reading corner is not in the picture.",
    "Ground and fence": "The gate is not in the picture.",
    "Front door locked": "Show the alarm's light from closer.",
}
SECOND = timedelta(seconds=1)
# What a fridge shows, in °F: mostly, and when its door was left open.
USUAL, WARM = 37.4, 44.5


class Devices:
    """One phone per person; everything goes through the same commands that real phones send."""

    def __init__(self, session: Session, blob_dir: Path, rng: Random) -> None:
        self._session = session
        self._blob_dir = blob_dir
        self._rng = rng

    def complete(
        self,
        person: Person,
        step_run: StepRun,
        now: datetime,
        captured_at: datetime | None = None,
    ) -> None:
        """Close the step with its proof, captured now or while the phone had no signal."""
        captured_at = captured_at or now - SECOND
        content = {"proof": self._proof(step_run, captured_at, now)}
        self._send(person, step_run, "complete_step", content, captured_at, now)

    def cannot_do(self, person: Person, step_run: StepRun, reason: str, now: datetime) -> None:
        """Say that the step can't be done, which hands it on."""
        self._send(person, step_run, "cannot_do", {"reason": reason}, now - SECOND, now)

    def fix_note(self, person: Person, step_run: StepRun, text: str, now: datetime) -> None:
        """Write down what was done about a miss or a failed step."""
        self._send(person, step_run, "fix_note", {"text": text}, now - SECOND, now)

    def _send(
        self,
        person: Person,
        step_run: StepRun,
        kind: str,
        content: dict[str, Any],
        captured_at: datetime,
        now: datetime,
    ) -> Command:
        device = commands.known_device(
            self._session, person, f"{person.name.lower()}-phone-{person.org_id}", now
        )
        device.kind = "Android phone"
        asked = Asked(
            id=str(UUID(int=self._rng.getrandbits(128), version=4)),
            seq=(device.last_seq or 0) + 1,
            kind=kind,
            step_run_id=step_run.id,
            attempt=step_run.attempt,
            captured_at=captured_at,
            skew_ms=self._rng.randint(-900, 900),
            sent_at=now,
            content=content,
        )
        return commands.carry_out(self._session, person, device, asked, now)

    def _proof(self, step_run: StepRun, captured_at: datetime, now: datetime) -> dict[str, Any]:
        kind = step_run.requirement["kind"]
        if kind == "photo":
            return self._photo(step_run, captured_at, now)
        if kind == "number":
            return self._reading(step_run)
        if kind == "note":
            return {"kind": "note", "text": self._rng.choice(NOTES[step_run.title])}
        took = step_run.requirement["min_seconds"] + self._rng.randint(5, 60)
        started_at = captured_at - took * SECOND
        return {
            "kind": "timed",
            "started_at": started_at.isoformat(),
            "ended_at": captured_at.isoformat(),
        }

    def _photo(self, step_run: StepRun, captured_at: datetime, now: datetime) -> dict[str, Any]:
        photo = pictures.draw(step_run.title, self._rng)
        sha256 = hashlib.sha256(photo).hexdigest()
        blob = blobs.expect(self._session, step_run.org_id, sha256, len(photo), now)
        arriving = blobs.upload_of(blob)
        blobs.write_part(self._blob_dir, arriving, 0, photo)
        kept = blobs.finish(self._blob_dir, arriving, len(photo))
        blobs.note_part(blob, len(photo), len(photo), kept, now)
        blobs.forget_part(self._blob_dir, arriving)
        return {
            "kind": "photo",
            "sha256": sha256,
            "bytes": len(photo),
            "media_type": "image/jpeg",
            "taken_at": captured_at.isoformat(),
        }

    def _reading(self, step_run: StepRun) -> dict[str, Any]:
        if step_run.requirement["unit"] == "children":
            return {"kind": "number", "value": str(self._rng.randint(13, 24))}
        usual = WARM if self._rng.random() < 0.08 else USUAL
        value = parse_number(f"{self._rng.gauss(usual, 1.3):.1f}")
        wanted = step_run.requirement
        inside = Decimal(wanted["min"]) <= value <= Decimal(wanted["max"])
        proof = {"kind": "number", "value": str(value)}
        return proof if inside else proof | {"corrective": CORRECTIVE}
