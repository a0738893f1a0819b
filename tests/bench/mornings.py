"""Many steps missed at once: from the moment they are due to the last push that is accepted."""

from collections.abc import Iterator
from pathlib import Path

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
    handed_on: list[float] = []
    taken = _latencies(directory / "very_many", fresh(), VERY_MANY, handed_on)
    return Row(
        f"{VERY_MANY:,} due at once, to last accepted, {kind}",
        f"{max(taken):.1f} s",
        f"healthchecks, 500 alerts: 27.5 s (as published); p50 {percentile(taken, 0.5):.1f} s",
        "",
        "<= 10 s",
        f"{len(taken):,} accepted; the last handoff was committed after {max(handed_on):.1f} s",
    )


def _latencies(
    directory: Path, url: str | None, count: int, handed_on: list[float] | None = None
) -> list[float]:
    with Sink() as sink, house(directory, url) as made:
        made.fill(count, sink.origin)
        made.start("worker")
        made.start("clock")
        due = made.come_due(DUE_AFTER).timestamp()
        moments = sink.wait_for(count, within=900.0)
        if handed_on is not None:
            handed_on.append(_last_handoff(made) - due)
        assert len(moments) >= count, f"only {len(moments)} of {count} pushes came"
        return [moment - due for moment in moments[:count]]


def _last_handoff(made: House) -> float:
    with made.app.app_context():
        last = db.session.scalar(select(func.max(Handoff.at)))
        db.session.remove()
    assert last is not None, "steps were handed on"
    return last.timestamp()
