"""Auditing beside the clock: in a thread of its own, so that a long audit delays no tick."""

import threading
from datetime import datetime

import structlog
from apiflask import APIFlask

from webapp import context
from webapp.extensions import db
from webapp.services import audit
from webapp.services.audit import Finding, Memory
from worker.heartbeat import Heartbeat

log = structlog.get_logger()

AUDIT_EVERY = 15.0
AUDIT_EVERY_ON_TEST_CLOCK = 1.0
# The clock's first tick comes first.
FIRST_AFTER = 2.0


def begin(app: APIFlask, stop: threading.Event) -> None:
    """Audit until told to stop, beside whoever calls this; the process never waits for it."""
    threading.Thread(target=_go_on, args=(app, stop), name="auditor", daemon=True).start()


def _go_on(app: APIFlask, stop: threading.Event) -> None:
    with app.app_context():
        settings = context.settings()
        auditor = Auditor(Heartbeat(settings.heartbeat_url))
        every = AUDIT_EVERY_ON_TEST_CLOCK if settings.test_clock else AUDIT_EVERY
        pause = min(FIRST_AFTER, every)
        while not stop.wait(pause):
            pause = every
            auditor.audit_or_leave()


class Auditor:
    """Audits again and again, and remembers how far it has come."""

    def __init__(self, heartbeat: Heartbeat) -> None:
        self._memory = Memory()
        self._heartbeat = heartbeat
        self._said: set[tuple[str, str]] = set()

    def audit_or_leave(self) -> None:
        """Audit once; an audit that cannot be made shows by its age, and the next is tried."""
        try:
            self.audit_once(context.now())
        except Exception:
            log.exception("the audit could not be made")
        finally:
            db.session.remove()

    def audit_once(self, now: datetime) -> list[Finding]:
        """Audit, keep what was found, and tell the outside monitor when all is well."""
        with audit.snapshot(db.engine) as reading:
            findings = audit.audit(reading, now, context.settings().blob_dir, self._memory)
        audit.keep(context.session(), findings, now)
        context.session().commit()
        self._say(findings)
        if not findings:
            self._heartbeat.beat()
        return findings

    def _say(self, findings: list[Finding]) -> None:
        """Each finding once, while it stands."""
        for each in findings:
            if (each.code, each.subject) not in self._said:
                log.error("audit", code=each.code, subject=each.subject, finding=each.sentence)
        self._said = {(each.code, each.subject) for each in findings}
