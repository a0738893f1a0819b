"""The judge sees each harm: otherwise a suite that finds nothing says nothing."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.offline.checks import Facts, Seen, freed_early, violations
from tests.offline.ledger import Ledger
from tests.offline.plan import FAULTS, Job, plan_of
from webapp.models import Blob, Command, Event, FixNote, Proof, StepRun

NOW = datetime(2026, 11, 23, 12, 35, tzinfo=UTC)
HASH = "ab" * 32


def a_job(number: int, kind: str) -> Job:
    return Job(number, number, kind, f"Words {number}", 1, 240, 0)


def a_command(id_: str, status: str = "applied") -> Command:
    return Command(id=id_, status=status, result={"detail": "Not accepted."}, content={})


def a_proof(command: str, step: str) -> Proof:
    return Proof(command_id=command, step_run_id=step)


def a_blob(directory: Path, **more: object) -> Blob:
    path = directory / "org" / HASH[:2]
    path.mkdir(parents=True, exist_ok=True)
    (path / f"{HASH}.page.jpg").write_bytes(b"picture")
    plain = {"length": 9, "received": 9, "completed_at": NOW}
    return Blob(org_id="org", sha256=HASH, **(plain | more))


class Shift:
    """A fix note and a photo on one step, both saved and both arrived."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.ledger = Ledger()
        self.ledger.expect([(a_job(1, "fix_note"), "S1"), (a_job(2, "photo"), "S1")])
        self.ledger.told({"job": 1, "id": "c1", "seq": 1, "sha256": None})
        self.ledger.told({"job": 2, "id": "c2", "seq": 2, "sha256": HASH})
        stored = hashlib.sha256(b"picture").hexdigest()
        self.facts = Facts(
            {"c1": a_command("c1"), "c2": a_command("c2")},
            [a_proof("c2", "S1")],
            {HASH: a_blob(directory, stored_sha256=stored)},
            {"S1": StepRun(id="S1", title="photo 1", state="done")},
            [
                Event(kind="fix.noted", subject="S1", payload={"text": "Words 1"}),
                Event(kind="step.done", subject="S1", payload={}),
            ],
            [FixNote(text="Words 1")],
        )
        self.receipts = {"c1": "applied", "c2": "applied"}
        self.left: list[str] = []

    def found(self) -> str:
        seen = Seen(self.receipts, "Safe on the server 06:40", self.left)
        return "; ".join(violations(self.ledger, self.facts, seen, self.directory))


@pytest.fixture
def shift(tmp_path: Path) -> Shift:
    return Shift(tmp_path)


def test_a_shift_that_arrived_whole_is_well(shift: Shift) -> None:
    assert shift.found() == ""


def test_a_command_that_is_gone_is_lost(shift: Shift) -> None:
    del shift.facts.commands["c1"]
    assert "is lost" in shift.found()


def test_a_receipt_that_the_phone_never_got_is_told(shift: Shift) -> None:
    del shift.receipts["c2"]
    assert "the phone has None, the server applied" in shift.found()


def test_a_step_that_stayed_open_is_told(shift: Shift) -> None:
    shift.facts.steps["S1"].state = "claimed"
    assert "its step is claimed" in shift.found()


def test_a_command_carried_out_twice_is_told(shift: Shift) -> None:
    shift.facts.proofs.append(a_proof("c2", "S1"))
    shift.facts.notes.append(FixNote(text="Words 1"))
    found = shift.found()
    assert "gave 2 proofs" in found
    assert "is there 2 times" in found


def test_a_photo_that_is_not_whole_is_told(shift: Shift) -> None:
    shift.facts.blobs[HASH].received = 5
    assert "is not whole" in shift.found()


def test_a_stored_picture_that_changed_is_told(shift: Shift) -> None:
    (shift.directory / "org" / HASH[:2] / f"{HASH}.page.jpg").write_bytes(b"another")
    assert "is not what the server says" in shift.found()


def test_what_was_done_first_must_be_recorded_first(shift: Shift) -> None:
    shift.facts.events.reverse()
    assert "in the order [2, 1]" in shift.found()


def test_what_stays_on_the_phone_is_told(shift: Shift) -> None:
    shift.left.append("c1")
    assert "still on the phone" in shift.found()


def test_a_refusal_that_the_page_does_not_show_is_told(shift: Shift) -> None:
    shift.facts.commands["c1"].status = shift.receipts["c1"] = "rejected"
    assert "the page says nothing" in shift.found()


def test_what_is_on_neither_side_was_freed_too_early(shift: Shift) -> None:
    shift.facts.blobs.clear()
    del shift.facts.commands["c1"]
    found = "; ".join(freed_early({"commands": [], "blobs": []}, shift.ledger, shift.facts))
    assert "job 1" in found
    assert "the photo of job 2" in found
    assert not list(freed_early({"commands": ["c1"], "blobs": [HASH]}, shift.ledger, shift.facts))


def test_a_seed_makes_the_same_plan_again() -> None:
    assert plan_of(7).words() == plan_of(7).words()
    assert plan_of(7).words() != plan_of(8).words()


def test_a_few_seeds_see_every_fault() -> None:
    played = {scene.fault for seed in range(5) for scene in plan_of(seed).scenes}
    assert played == set(FAULTS)
