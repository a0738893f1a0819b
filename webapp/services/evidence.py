"""Between a proof as sent, as kept, and as the proof gate judges it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.models import Blob
from webapp.problems import Problem
from webapp.rules.likeness import Like
from webapp.rules.proof_gate import BLOB_KINDS, Evidence, ProofError, parse_number
from webapp.services import blobs


def announce(session: Session, org_id: str, content: dict[str, Any], now: datetime) -> Blob | None:
    """Return the blob that the proof speaks of, making room for bytes still on their way."""
    if content["kind"] not in BLOB_KINDS or not content.get("sha256"):
        return None
    return blobs.expect(session, org_id, content["sha256"], content.get("bytes") or 0, now)


def as_evidence(
    content: dict[str, Any],
    blob: Blob | None,
    *,
    like: Like | None,
    of_reference: bool,
    was_sent_back: bool,
) -> Evidence:
    """Return what the proof gate judges. Raises `Problem` for a number that is none."""
    return Evidence(
        kind=content["kind"],
        value=_number(content),
        text=content.get("text"),
        corrective=content.get("corrective"),
        blob_sha256=content.get("sha256"),
        blob_ready=blob is not None and blob.completed_at is not None,
        blob_is_image=blob is not None and blob.width is not None,
        like=like,
        of_reference=of_reference,
        was_sent_back=was_sent_back,
        started_at=_moment(content.get("started_at")),
        ended_at=_moment(content.get("ended_at")),
        code=content.get("code"),
    )


def kept_form(content: dict[str, Any]) -> dict[str, Any]:
    """Return the proof without its empty parts, a number in its plain form."""
    kept = {name: value for name, value in content.items() if value is not None}
    number = _number(content)
    return kept if number is None else kept | {"value": f"{number:f}"}


def _number(content: dict[str, Any]) -> Any:
    if content["kind"] != "number" or not content.get("value"):
        return None
    try:
        return parse_number(content["value"])
    except ProofError as problem:
        raise Problem("proof_refused", problem.message, reason=problem.code) from problem


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
