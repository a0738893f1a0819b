"""The record over the API: its events, and whether it stands."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import AwareDatetime, BaseModel, Field

from webapp.context import session
from webapp.models import Event
from webapp.rules.record import Broken
from webapp.services import record, record_segments
from webapp.views.identity import somebody
from webapp.views.policy import OWNERS, policy

blueprint = APIBlueprint("api_record", __name__, url_prefix="/api/v1/record", tag="Record")


class Page(BaseModel):
    """Which part of the record: events after a sequence number, oldest first."""

    after: int = Field(default=0, ge=0)
    limit: int = Field(default=100, ge=1, le=1000)


class EventOut(BaseModel):
    """One event with everything that its hashes are made of; the salt is in hex.

    Payload and salt are null once they were erased; an event record.erased says when and why.
    """

    seq: int
    at: AwareDatetime
    kind: str
    actor: str
    subject: str
    payload: dict[str, Any] | None
    salt: str | None
    payload_hash: str
    prev_hash: str
    hash: str


class HeadOut(BaseModel):
    """The last event of the record."""

    seq: int
    hash: str


class RecordOut(BaseModel):
    """Part of the record, and its head."""

    organisation: str
    head: HeadOut
    events: list[EventOut]


class VerdictOut(BaseModel):
    """Whether every event stands; if not, the first that does not and why."""

    ok: bool
    count: int | None = None
    head: str | None = None
    seq: int | None = None
    reason: str | None = None


@blueprint.get("")
@policy(OWNERS)
@blueprint.input(Page, location="query")
@blueprint.output(RecordOut)
def events(query_data: Page) -> dict[str, Any]:
    """Events of my organisation's record, oldest first."""
    org_id = somebody().org_id
    seq, digest = record.head(session(), org_id)
    found = record.events(session(), org_id, query_data.after, query_data.limit)
    return {
        "organisation": org_id,
        "head": {"seq": seq, "hash": digest},
        "events": [_event(each) for each in found],
    }


def _event(event: Event) -> dict[str, Any]:
    shown = {name: getattr(event, name) for name in EventOut.model_fields if name != "salt"}
    return shown | {"salt": event.salt.hex() if event.salt is not None else None}


@blueprint.get("/verify")
@policy(OWNERS)
@blueprint.output(VerdictOut)
def verify() -> dict[str, Any]:
    """Check the whole record against its head."""
    verdict = record_segments.verify(session(), somebody().org_id)
    if isinstance(verdict, Broken):
        return {"ok": False, "seq": verdict.seq, "reason": verdict.reason}
    return {"ok": True, "count": verdict.count, "head": verdict.head}
