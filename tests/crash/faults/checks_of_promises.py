"""What was acknowledged is still there, and the record stands."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from tests.crash.faults.facts import Facts
from webapp.models import Command
from webapp.rules.record import Verified
from webapp.services import record


def violations(facts: Facts, session: Session) -> Iterator[str]:
    """What is wrong with the promises of the run."""
    yield from facts.played.odd
    yield from of_commands(facts)
    yield from of_the_rest(facts)
    found = record.verify(session, facts.played.world.org_id)
    if not isinstance(found, Verified):
        yield f"the record does not verify: {found}"


def of_commands(facts: Facts) -> Iterator[str]:
    """Acknowledged commands that are gone, or became something else."""
    for command_id, told in facts.played.promises.commands.items():
        command = facts.commands.get(command_id)
        if command is None:
            yield f"{command_id} was acknowledged ({told['code']}) and is gone"
        elif (command.status, command.result["code"]) != (told["status"], told["code"]):
            yield f"{command_id} was acknowledged as {told}, kept as {command.result}"
        elif _left_a_proof(command, told["status"]) and command_id not in facts.proofs:
            yield f"the proof of {command_id} was acknowledged and is gone"


def _left_a_proof(command: Command, status: str) -> bool:
    return command.kind == "complete_step" and status != "rejected"


def of_the_rest(facts: Facts) -> Iterator[str]:
    """Acknowledged photos, decisions and receipts that are gone."""
    promises = facts.played.promises
    for sha256 in promises.blobs:
        blob = facts.blobs.get(sha256)
        if blob is None or blob.completed_at is None:
            yield f"the photo {sha256[:8]} was acknowledged and is not complete"
    decided = {(each.step_run_id, each.evidence_sha256, each.decision) for each in facts.reviews}
    for review in promises.reviews:
        if review not in decided:
            yield f"the decision {review} was acknowledged and is gone"
    for message, device in promises.receipts:
        receipt = facts.receipts.get((message, device))
        if receipt is None or receipt.reached_at is None:
            yield f"{device} had acknowledged {message}; the receipt is gone"
