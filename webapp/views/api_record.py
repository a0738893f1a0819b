"""The record over the API: its events, and whether it stands."""

from datetime import date
from typing import Any

from apiflask import APIBlueprint
from flask import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from webapp.context import session
from webapp.extensions import limiter
from webapp.models import Event
from webapp.rules.record import Verified
from webapp.services import record, record_anchors, record_check, record_export
from webapp.services.record_export import Asked
from webapp.views.handed_on import handed_on
from webapp.views.identity import somebody
from webapp.views.policy import OWNERS, policy

blueprint = APIBlueprint("api_record", __name__, url_prefix="/api/v1/record", tag="Record")


class Page(BaseModel):
    """Which part of the record: events after a sequence number, oldest first."""

    after: int = Field(default=0, ge=0, lt=2**63)
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


class Known(BaseModel):
    """A head that is known from elsewhere, as SEQ:HASH."""

    head: str = Field(default="", max_length=100)


@blueprint.get("/verify")
@policy(OWNERS)
@blueprint.input(Known, location="query")
@blueprint.output(VerdictOut)
def verify(query_data: Known) -> dict[str, Any]:
    """Check the whole record against its head, and against one that is known from elsewhere."""
    org_id = somebody().org_id
    anchors = [record_anchors.read(query_data.head)] if query_data.head else []
    verdict = record_check.check(session(), org_id, anchors)
    if isinstance(verdict, Verified):
        return {"ok": True, "count": verdict.count, "head": verdict.head}
    return {"ok": False, "seq": verdict[0].seq, "reason": verdict[0].reason}


_ZIP: dict[int | str, Any] = {200: {"description": "The ZIP", "content": {"application/zip": {}}}}


class ExportIn(BaseModel):
    """Which part: days on which runs were due (both included), a process, a location, a step.

    A process and a location are an id or a name, a step is its key or title. Nothing is all of it;
    so a member of another name is refused, or a slip of the pen would hand on everything.
    """

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    since: date | None = Field(default=None, alias="from")
    until: date | None = None
    process: str = Field(default="", max_length=200)
    location: str = Field(default="", max_length=200)
    step: str = Field(default="", max_length=500)


@blueprint.post("/exports")
@policy(OWNERS)
@limiter.limit("20 per minute")
@blueprint.input(ExportIn)
@blueprint.doc(
    summary="Make an export: a ZIP with events, proofs, photos and the program that checks it",
    description="The header Baton-Record-Head names the head that binds it, as SEQ:HASH.",
    responses=_ZIP,
)
def export(json_data: ExportIn) -> Response:
    """Hand on a part of the record."""
    person = somebody()
    asked = Asked(**json_data.model_dump())
    return handed_on(record_export.find(session(), person.org_id, asked), person.id)
