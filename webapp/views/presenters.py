"""Runs, steps, proofs and reviews as the API shows them."""

from typing import Any

from sqlalchemy.orm import Session

from webapp.models import FixNote, Person, Proof, Review, Run, StepRun
from webapp.rules.capture_time import CaptureTime
from webapp.rules.fix_outcome import FixOutcome
from webapp.rules.proof import code_check
from webapp.services import (
    availability,
    fix_notes,
    fix_outcomes,
    later,
    reviews,
    skips,
    step_runs,
    told,
)
from webapp.views import (
    beside_json,
    chain_json,
    closed_json,
    erased_words,
    fix_words,
    later_json,
    review_words,
)
from webapp.views.chain_json import who
from webapp.views.picture_json import picture_json


def runs_json(session: Session, person: Person | None, runs: list[Run]) -> list[dict[str, Any]]:
    """Return runs with their steps, as `person` sees them; None is a kiosk, which nobody is."""
    notes = fix_notes.newest(session, runs)
    outcomes = fix_outcomes.outcomes(session, notes.values())
    passed = availability.passed_at_opening(session, runs)
    steps = [step for run in runs for step in run.step_runs]
    decisions = reviews.last_decisions(session, [step.id for step in steps])
    asked, skipped = fix_words.asked(session, steps), skips.captured(session, steps)
    return [
        _run(person, run, decisions, passed.get(run.id, []), asked, skipped)
        | {"fix_note": _fix_note(run, notes, outcomes)}
        for run in runs
    ]


def _run(
    person: Person | None,
    run: Run,
    decisions: dict[str, Review],
    passed: list[str],
    asked: dict[str, dict[str, Any]],
    skipped: dict[str, CaptureTime],
) -> dict[str, Any]:
    return {
        "id": run.id,
        "process": run.process.name,
        "location": run.location.name,
        "time_zone": run.location.time_zone,
        "occurrence": run.occurrence,
        "opens_at": run.opens_at,
        "deadline_at": run.deadline_at,
        "state": run.state,
        "steps": [
            step_json(person, step, decisions.get(step.id), passed, skipped.get(step.id))
            | _fix_asked(asked.get(step.id))
            for step in run.step_runs
        ],
    }


def _fix_asked(asked: dict[str, Any] | None) -> dict[str, Any]:
    """Whether whoever closes the step is asked for a fix note, and what held elsewhere."""
    offer = {"text": asked["text"], "words": asked["offer"]} if asked and asked["offer"] else None
    return {"asks_fix": asked is not None, "fix_offer": offer}


def _fix_note(
    run: Run, notes: dict[tuple[str, str], FixNote], outcomes: dict[str, FixOutcome]
) -> dict[str, Any] | None:
    """Return the newest note on a step of the run, and what became of it."""
    known = [(notes.get((step.step_key, run.location_id)), step) for step in run.step_runs]
    found = [(note, step) for note, step in known if note]
    if not found:
        return None
    note, step = max(found, key=lambda each: each[0].at)
    return {
        "text": note.text,
        "by": who(note.person),
        "at": note.at,
        "step": step.title,
        "held": fix_words.held(outcomes[note.id]),
        "so_far": fix_words.so_far(outcomes[note.id]),
    }


def step_json(
    person: Person | None,
    step: StepRun,
    decided: Review | None,
    passed: list[str],
    skipped_at: CaptureTime | None,
) -> dict[str, Any]:
    """Return one step run with the newest decision on it.

    `mine` says whether this person holds it now, or will be the first to: `passed` is why each
    level before the one that a planned run will begin with is passed over.
    """
    sent_back = decided is not None and decided.decision == "send_back" and not step.is_closed
    proof = {name: value for name, value in step.requirement.items() if name != "scan_code"}
    proof["code_check"] = code_check(step.requirement.get("scan_code"))
    return {
        "id": step.id,
        "run": step.run_id,
        "position": step.position,
        "title": step.title,
        "instructions": step.instructions,
        "proof": proof,
        "state": step.state,
        "mine": _is_mine(person, step, len(passed)),
        "attempt": step.attempt,
        "level": len(passed) or step.level,
        "holder": who(step.holder),
        "deadline_at": later.due_at(step),
        "escalate_at": step.moves_at if step.escalate_why == "missed" else step.escalate_at,
        "missed_at": None if step.miss_explained_at else step.missed_at,
        "chain": chain_json.chain(step, passed),
        "handed_over": chain_json.handed_over(step_runs.last_taking(step)),
        "sent_back": _decision(decided) if decided and sent_back else None,
        "closed": closed_json.closed(step, decided, skipped_at),
        "may_skip": step.may_skip,
        "picture": picture_json(step),
        **review_words.why(step),
        "later": later_json.step_later(step, step.run.step_runs),
    }


def _is_mine(person: Person | None, step: StepRun, first: int) -> bool:
    if person is None:
        return False
    if step.state == "waiting":
        return bool(step.chain) and step.chain[first]["person"] == person.id
    return step.holder_id == person.id and not step.is_closed


def detail_json(session: Session, person: Person, step: StepRun) -> dict[str, Any]:
    """Return one step run with all its proofs and handoffs.

    How far a message came is for its person, and for those who look after the place.
    """
    decided = reviews.last_decisions(session, [step.id]).get(step.id)
    passed = availability.passed_at_opening(session, [step.run]).get(step.run_id, [])
    seen = [each for each in step.moves if person.role != "staff" or each.to_id == person.id]
    messages = told.of_handoffs(session, seen)
    skipped = skips.captured(session, [step]).get(step.id)
    return step_json(person, step, decided, passed, skipped) | {
        "proofs": [proof_json(proof) for proof in reviews.proofs_of(session, step)],
        "handoffs": [chain_json.move(each, messages.get(each.id)) for each in step.moves],
    }


def proof_json(proof: Proof) -> dict[str, Any]:
    """Return one proof with its three times; of an erased photo the text says that it is."""
    content = proof.content
    erased = erased_words.of_proof(proof, "UTC")
    return {
        "id": proof.id,
        "kind": proof.kind,
        "state": proof.state,
        "attempt": proof.attempt,
        "by": who(proof.person),
        "evidence": proof.evidence_sha256,
        "sha256": None if erased else proof.blob_sha256,
        "name": content.get("name"),
        "bytes": content.get("bytes"),
        "media_type": content.get("media_type"),
        "value": content.get("value"),
        "corrective": content.get("corrective"),
        "text": erased or content.get("text"),
        "code": content.get("code"),
        "started_at": content.get("started_at"),
        "ended_at": content.get("ended_at"),
        "notes": proof.notes,
        "captured": {
            "device": proof.device_at,
            "estimated": proof.captured_at,
            "received": proof.received_at,
            "trust": proof.trust,
        },
    }


def review_json(session: Session, person: Person, step: StepRun) -> dict[str, Any]:
    """Return what a reviewer needs to decide on the step's current proof."""
    queue = [each.id for each in reviews.waiting(session, person)]
    decided = reviews.last_decisions(session, [step.id]).get(step.id)
    return _review(step, queue, decided) | beside_json.beside(session, person, [step])[step.id]


def reviews_json(session: Session, person: Person) -> list[dict[str, Any]]:
    """Return all that waits for this reviewer, oldest first."""
    waiting = reviews.waiting(session, person)
    queue = [each.id for each in waiting]
    decisions = reviews.last_decisions(session, queue)
    earlier = beside_json.beside(session, person, waiting)
    return [_review(each, queue, decisions.get(each.id)) | earlier[each.id] for each in waiting]


def _review(step: StepRun, queue: list[str], decided: Review | None) -> dict[str, Any]:
    """Return the step's review with its place in the queue, which is 0 when it is not there."""
    proof = step.proof
    if proof and decided and decided.proof_id != proof.id:
        decided = None
    return {
        "step_run": step.id,
        "run": step.run_id,
        "title": step.title,
        "process": step.run.process.name,
        "location": step.run.location.name,
        "time_zone": step.run.location.time_zone,
        "requirement": {k: v for k, v in step.requirement.items() if k != "scan_code"},
        "attempt": step.attempt,
        "state": step.state,
        "by": who(proof.person) if proof else None,
        "took_over_from": _took_over_from(step, proof),
        "proof": proof_json(proof) if proof else None,
        "picture": picture_json(step),
        "position": queue.index(step.id) + 1 if step.id in queue else 0,
        "of": len(queue),
        "next": next((each for each in queue if each != step.id), None),
        "decided": _decision(decided) if decided else None,
    }


def _took_over_from(step: StepRun, proof: Proof | None) -> dict[str, str] | None:
    taking = step_runs.last_taking(step)
    if taking is None or proof is None or taking.to_id != proof.person_id:
        return None
    return who(taking.from_person)


def _decision(review: Review) -> dict[str, Any]:
    return {
        "decision": review.decision,
        "by": who(review.reviewer),
        "at": review.at,
        "reason": review.reason,
    }
