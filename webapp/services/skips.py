"""When a step was marked as not applicable; of a proof its own row says it, of this the record."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Event, StepRun
from webapp.rules.capture_time import CaptureTime

KIND = "step.skipped"


def times(capture: CaptureTime) -> dict[str, Any]:
    """Return what the record keeps of it, as of a proof."""
    return {
        "device_at": capture.device,
        "captured_at": capture.estimated,
        "trust": capture.trust,
    }


def captured(session: Session, step_runs: Iterable[StepRun]) -> dict[str, CaptureTime]:
    """Return when each of these steps was marked, by its id, where that is known.

    Older marks do not say it, nor those whose words were erased.
    """
    marked = {each.id: each.org_id for each in step_runs if each.state == "skipped"}
    if not marked:
        return {}
    of_them = Event.org_id.in_(set(marked.values())) & Event.subject.in_(marked)
    query = select(Event.subject, Event.at, Event.payload).where(of_them, Event.kind == KIND)
    rows = session.execute(query.order_by(Event.seq))
    return {
        subject: _capture(payload, at)
        for subject, at, payload in rows
        if payload is not None and "captured_at" in payload
    }


def _capture(payload: dict[str, Any], at: datetime) -> CaptureTime:
    device, estimated = (
        datetime.fromisoformat(payload[name]) for name in ("device_at", "captured_at")
    )
    return CaptureTime(device, estimated, at, payload["trust"])
