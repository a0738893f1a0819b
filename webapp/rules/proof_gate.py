"""The gate: a step closes only with its proof."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from webapp.rules.likeness import Like
from webapp.rules.proof import (
    BLOB_KINDS,
    KINDS,
    ProofError,
    Requirement,
    evidence_sha256,
    is_inside,
    parse_number,
    requirement_from_json,
    requirement_to_json,
)
from webapp.rules.proof_gate_words import MISSING, NAMES, ON_ITS_WAY, OUTSIDE, SENT_BACK
from webapp.rules.sentences import Reading, say

__all__ = [
    "BLOB_KINDS",
    "KINDS",
    "LIKE_NOTES",
    "OF_REFERENCE",
    "Evidence",
    "Outcome",
    "ProofError",
    "Requirement",
    "ReviewPolicy",
    "Verdict",
    "evidence_sha256",
    "judge",
    "parse_number",
    "requirement_from_json",
    "requirement_to_json",
]

# What makes a proof worth judging beside the earlier one that it is like.
LIKE_NOTES = frozenset({"photo_used_before", "photo_like_before"})
# It is the picture of how the step should look: no earlier proof is there to lay beside it.
OF_REFERENCE = "photo_of_reference"

ReviewPolicy = Literal["none", "photos", "risky", "all"]
Outcome = Literal["closes", "claims", "refused"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was handed in. Times are aware; `value` is None when the number could not be read.

    `like`: the earlier proof that it looks like, or whose bytes it has. `of_reference`: it is the
    picture of how the step should look. `was_sent_back`: the same sha256 was sent back on this very
    step.
    """

    kind: str
    value: Decimal | None = None
    text: str | None = None
    corrective: str | None = None
    blob_sha256: str | None = None
    blob_ready: bool = False
    blob_is_image: bool = False
    like: Like | None = None
    of_reference: bool = False
    was_sent_back: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the evidence does. `code` and `message` are None only when it closes the step.

    `review`: it closes into review. `notes` are facts for the reviewer and the record, `like` the
    earlier proof to look at beside it.
    """

    outcome: Outcome
    code: str | None = None
    message: str | None = None
    review: bool = False
    notes: tuple[str, ...] = ()
    like: Like | None = None


def judge(
    requirement: Requirement, evidence: Evidence | None, review_policy: ReviewPolicy
) -> Verdict:
    """Whether the evidence closes the step, claims it until its bytes are here, or is refused.

    A blob that already proved another step run, a photo that looks suspiciously like an earlier
    one or is the picture of how it should look, and a scan at a spot that has no code yet, always
    go to review, whatever the policy.
    """
    if evidence is None:
        return _refused("proof_missing", MISSING[requirement.kind])
    if evidence.kind != requirement.kind:
        return _refused(
            "wrong_kind",
            say(
                "This step asks for %(proof)s. %(ask)s",
                proof=say(NAMES[requirement.kind]),
                ask=say(MISSING[requirement.kind]),
            ),
        )
    verdict = _JUDGES[requirement.kind](requirement, evidence)
    if verdict.outcome != "closes":
        return verdict
    review = verdict.review or review_policy == "all"
    review = review or (review_policy == "photos" and requirement.kind == "photo")
    return replace(verdict, review=review)


def _refused(code: str, message: str) -> Verdict:
    return Verdict("refused", code, message)


def _judge_blob(requirement: Requirement, evidence: Evidence) -> Verdict:
    kind = requirement.kind
    if not evidence.blob_sha256:
        return _refused("proof_missing", MISSING[kind])
    if evidence.was_sent_back:
        return _refused(
            "same_as_sent_back",
            say(SENT_BACK[kind], ask=say(MISSING[kind])),
        )
    if not evidence.blob_ready:
        return Verdict("claims", "proof_on_its_way", ON_ITS_WAY[kind])
    if kind != "file" and not evidence.blob_is_image:
        return _refused(
            "not_an_image", say("This file is not a picture. %(ask)s", ask=say(MISSING[kind]))
        )
    notes = tuple(_doubts(kind, evidence))
    return Verdict("closes", review=bool(notes), notes=notes, like=evidence.like)


def _doubts(kind: str, evidence: Evidence) -> Iterator[str]:
    """Why somebody has to look at what was handed in, whatever the policy."""
    if evidence.of_reference:
        yield OF_REFERENCE
    like = evidence.like
    if like is not None and like.suspicious:
        yield f"{kind}_used_before" if like.is_same else f"{kind}_like_before"


def _judge_number(requirement: Requirement, evidence: Evidence) -> Verdict:
    value = evidence.value
    if value is None or not value.is_finite():
        return _refused("number_not_a_number", MISSING["number"])
    if is_inside(requirement, value):
        return Verdict("closes")
    if evidence.corrective and evidence.corrective.strip():
        return Verdict("closes", notes=("outside_range",))
    return _refused("number_outside_range", _outside_words(requirement, value))


def _outside_words(requirement: Requirement, value: Decimal) -> str:
    low, high = requirement.minimum, requirement.maximum
    side, limit = ("below", low) if low is not None and value < low else ("above", high)
    assert limit is not None, "it is outside of something"
    ask = (requirement.if_outside or "").strip().rstrip(".")
    said = {"value": value, "limit": limit}
    readings = {name: Reading.of(each, requirement.unit) for name, each in said.items()}
    return say(OUTSIDE[side, bool(ask)], **readings, **({"ask": ask} if ask else {}))


def _judge_note(requirement: Requirement, evidence: Evidence) -> Verdict:
    if not (evidence.text and evidence.text.strip()):
        return _refused("note_empty", MISSING["note"])
    return Verdict("closes")


def _judge_timed(requirement: Requirement, evidence: Evidence) -> Verdict:
    if evidence.started_at is None or evidence.ended_at is None:
        return _refused("proof_missing", MISSING["timed"])
    took = evidence.ended_at - evidence.started_at
    if took < timedelta(0):
        return _refused(
            "ends_before_start", say("The end is before the start. Start this check anew.")
        )
    if took < timedelta(seconds=requirement.min_seconds):
        return _refused(
            "too_fast",
            say(
                "This check takes at least %(min_seconds)s seconds. Take the time it needs, then"
                " close it.",
                min_seconds=requirement.min_seconds,
            ),
        )
    return Verdict("closes")


def _judge_scan(requirement: Requirement, evidence: Evidence) -> Verdict:
    if not (evidence.code and evidence.code.strip()):
        return _refused("proof_missing", MISSING["scan"])
    if requirement.scan_code is None:
        return Verdict("closes", review=True, notes=("scan_not_checked",))
    if evidence.code.strip() != requirement.scan_code.strip():
        return _refused(
            "scan_mismatch", say("This is another spot's code. Scan the one at this spot.")
        )
    return Verdict("closes")


_JUDGES: dict[str, Callable[[Requirement, Evidence], Verdict]] = {
    "photo": _judge_blob,
    "signature": _judge_blob,
    "file": _judge_blob,
    "number": _judge_number,
    "note": _judge_note,
    "timed": _judge_timed,
    "scan": _judge_scan,
}
