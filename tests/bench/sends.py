"""Sustained sends: leased, sealed, posted, and settled durably; beside loops that only send."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pywebpush import webpush
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.bench.databases import Fresh
from tests.bench.installation import fill, insert_many
from tests.bench.row import Row, percentile, seconds, times
from tests.bench.rq_peer import CLAIMS, MESSAGE, private_key
from tests.bench.sink import Sink
from tests.push_service.devices import Device
from tests.worker.certificates import authority_file, server_context
from webapp import create_app, database
from webapp.config import Settings
from webapp.extensions import db
from webapp.models import OutboxMessage, StepRun, new_id
from worker import deliver
from worker.channels import close_channels, open_channels
from worker.loop import MOST_SENDERS

OURS, THEIRS = 6000, 400
GOOD, BAD = 200, 300
NODE = Path(__file__).with_name("node_peer.js")
FACTS = {
    "process": "Opening check",
    "location": "Downtown",
    "time_zone": "America/Chicago",
    "step": "Front room ready",
    "from": "Ana",
    "reason": "missed",
    "words": None,
    "last_resort": False,
}


def pywebpush_rate(directory: Path) -> float:
    """Pushes a second of pywebpush's own loop."""
    directory.mkdir()
    with Sink() as sink:
        taken, key = Device().subscription(sink.origin), private_key(directory)
        info = {"endpoint": taken.endpoint, "keys": {"p256dh": taken.p256dh, "auth": taken.auth}}

        def send() -> None:
            for _ in range(THEIRS):
                webpush(info, MESSAGE, vapid_private_key=key, vapid_claims=dict(CLAIMS), ttl=60)

        return THEIRS / seconds(send)


def node_rate(directory: Path) -> float | None:
    """Pushes a second of npm's web-push, over kept-alive TLS; None where there is no node."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        return None
    directory.mkdir()
    install = [npm, "install", "--silent", "--no-audit", "--no-fund", "web-push@3"]
    if subprocess.run(install, cwd=directory, check=False).returncode:
        return None
    with Sink(tls=server_context("localhost")) as sink:
        taken = Device().subscription(sink.origin)
        given = [taken.endpoint, taken.p256dh, taken.auth, str(THEIRS)]
        trust = {"NODE_EXTRA_CA_CERTS": str(authority_file(directory))}
        script = shutil.copy(NODE, directory)
        done = subprocess.run(
            [node, script, *given],
            cwd=directory,
            env=os.environ | trust,
            capture_output=True,
            text=True,
            check=True,
        )
    return float(done.stdout)


def compare(
    kind: str, directory: Path, fresh: Fresh, by_python: float, by_node: float | None
) -> Iterator[Row]:
    """Our rate with the durable mark, and what one bad origin costs the others."""
    with Sink() as sink:
        ours = _rate(directory / "sends", fresh(), sink)
    yield Row(
        f"sustained sends, settled, {kind}",
        f"{ours:.0f}/s",
        f"pywebpush's loop {by_python:.0f}/s",
        times(ours / by_python),
        ">= 10x",
    )
    yield Row(
        f"   the same, {kind}",
        f"{ours:.0f}/s",
        "not measured: no node" if by_node is None else f"node web-push {by_node:.0f}/s",
        "" if by_node is None else times(ours / by_node),
        ">= 7x",
    )
    yield _one_bad_origin(kind, directory, fresh)


def _rate(directory: Path, url: str | None, sink: Sink) -> float:
    with _app(directory, url).app_context():
        open_channels(min(MOST_SENDERS, os.cpu_count() or 1))
        _fill_outbox(db.session(), [sink.origin] * OURS)
        taken = seconds(deliver.drain)
        _leave()
    return OURS / taken


def _one_bad_origin(kind: str, directory: Path, fresh: Fresh) -> Row:
    """As many messages each time, most of them to another origin, which answers or does not."""
    with Sink() as good, Sink() as other:
        origins = [other.origin] * BAD + [good.origin] * GOOD
        well = _p99_of_good(directory / "well", fresh(), good, origins)
    with Sink() as good, Sink(silent=True) as other:
        origins = [other.origin] * BAD + [good.origin] * GOOD
        ill = _p99_of_good(directory / "ill", fresh(), good, origins)
    return Row(
        f"one silent origin delays the others, p99, {kind}",
        f"{1000 * (ill - well):+.0f} ms",
        f"{GOOD} behind {BAD} to another: it answers {1000 * well:.0f} ms, not {1000 * ill:.0f} ms",
        "",
        "<= 50 ms",
    )


def _p99_of_good(directory: Path, url: str | None, good: Sink, origins: list[str]) -> float:
    with _app(directory, url).app_context():
        open_channels(min(MOST_SENDERS, os.cpu_count() or 1))
        _fill_outbox(db.session(), origins)
        began = datetime.now(UTC).timestamp()
        deliver.drain()
        _leave()
    return percentile([moment - began for moment in good.accepted()], 0.99)


def _app(directory: Path, url: str | None) -> Any:
    directory.mkdir()
    given = {
        "BATON_DATA_DIR": str(directory),
        "BATON_PUSH_INSECURE": "1",
        "BATON_PUSH_CONTACT": "mailto:operator@baton.example",
    }
    settings = Settings.from_env(given | ({"DATABASE_URL": url} if url else {}))
    database.upgrade(settings)
    return create_app(settings)


def _leave() -> None:
    close_channels()
    db.session.remove()
    db.engine.dispose()


def _fill_outbox(session: Session, origins: list[str]) -> None:
    """One message that is due for each origin, each to a person of its own, in this order."""
    now = datetime.now(UTC)
    fill(session, len(origins), now + timedelta(days=30), now, *origins)
    query = select(StepRun.id, StepRun.org_id, StepRun.run_id, StepRun.chain)
    steps = session.execute(query.where(StepRun.escalate_at == StepRun.moves_at)).all()
    people = sorted((step.chain[1]["person"], step) for step in steps)[-len(origins) :]
    insert_many(session, OutboxMessage, _messages(people, now))
    db.session.remove()


def _messages(people: list[tuple[str, Any]], now: datetime) -> Iterator[dict[str, Any]]:
    for person_id, step in people:
        yield {
            "id": new_id(),
            "org_id": step.org_id,
            "person_id": person_id,
            "dedupe_key": f"bench:{person_id}",
            "kind": "handoff",
            "channel": "push",
            "run_id": step.run_id,
            "step_run_id": step.id,
            "level": 0,
            "facts": FACTS | {"deadline_at": now.isoformat()},
            "created_at": now,
            "expires_at": now + timedelta(hours=1),
            "next_attempt_at": now,
            "attempts": 0,
        }
