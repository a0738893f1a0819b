"""Many steps missed at once: from the moment they are due to the last push that is accepted."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, select

from tests.bench import rq_peer
from tests.bench.databases import Fresh
from tests.bench.house import House, house
from tests.bench.row import Row, percentile, times
from tests.bench.sink import Sink
from webapp.extensions import db
from webapp.models import Handoff

MANY, VERY_MANY = 500, 10_000
DUE_AFTER = 3.0


def peer(directory: Path) -> list[float]:
    """Latencies of an RQ job a push."""
    return rq_peer.latencies(directory / "rq", MANY)


def compare(kind: str, directory: Path, fresh: Fresh, theirs: list[float]) -> Iterator[Row]:
    """The engine and the delivery, all of it, on one kind of database."""
    many = _latencies(directory / "many", fresh(), MANY)
    yield Row(
        f"{MANY} due at once, to last accepted, {kind}",
        f"{max(many):.2f} s",
        f"RQ job a push, pywebpush: {max(theirs):.2f} s",
        times(max(theirs) / max(many)),
        ">= 14x",
    )
    yield Row(f"   p99, {kind}", f"{percentile(many, 0.99):.2f} s", "", "", "<= 1.5 s")
    yield _very_many(kind, directory, fresh)


def _very_many(kind: str, directory: Path, fresh: Fresh) -> Row:
    taken, cost = _measured(directory / "very_many", fresh(), VERY_MANY)
    return Row(
        f"{VERY_MANY:,} due at once, to last accepted, {kind}",
        f"{max(taken):.1f} s",
        f"healthchecks, 500 alerts: 27.5 s (as published); p50 {percentile(taken, 0.5):.1f} s",
        "",
        "<= 10 s",
        f"{len(taken):,} accepted; the last handoff after {cost.last_handoff:.1f} s; "
        f"CPU a handoff: clock {cost.clock:.2f} ms, worker and senders {cost.worker:.2f} ms",
    )


class _Cost(NamedTuple):
    """Seconds until the last handoff, and CPU milliseconds for each."""

    last_handoff: float
    clock: float
    worker: float


def _latencies(directory: Path, url: str | None, count: int) -> list[float]:
    return _measured(directory, url, count)[0]


def _measured(directory: Path, url: str | None, count: int) -> tuple[list[float], _Cost]:
    with Sink() as sink, house(directory, url) as made:
        made.fill(count, sink.origin)
        made.start("worker")
        made.start("clock")
        before = {name: made.cpu_seconds(name) for name in ("clock", "worker")}
        due = made.come_due(DUE_AFTER).timestamp()
        moments = sink.wait_for(count, within=900.0)
        assert len(moments) >= count, f"only {len(moments)} of {count} pushes came"
        used = {name: 1000 * (made.cpu_seconds(name) - before[name]) / count for name in before}
        cost = _Cost(_last_handoff(made) - due, **used)
        return [moment - due for moment in moments[:count]], cost


def _last_handoff(made: House) -> float:
    with made.app.app_context():
        last = db.session.scalar(select(func.max(Handoff.at)))
        db.session.remove()
    assert last is not None, "steps were handed on"
    return last.timestamp()
