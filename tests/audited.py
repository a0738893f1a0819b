"""What tests ask of the auditor once they are through."""

from sqlalchemy.orm import Session

from webapp.context import settings
from webapp.services.audit import audit
from worker.duties import tick

# No worker runs beside the services.
NO_WORKER = {"worker_silent", "message_overdue", "message_endless"}


def finds_nothing(session: Session, clock) -> None:
    """Once the engine has looked again, the auditor finds nothing, save that no worker runs."""
    tick(session, clock.advance(seconds=1))
    found = audit(session, clock.now(), settings().blob_dir)
    assert [each for each in found if each.code not in NO_WORKER] == []
