"""The engine itself: one row, and a clock and a worker that show themselves."""

from collections.abc import Iterator

from sqlalchemy import select

from webapp.models import EngineState
from webapp.services.audit.finding import Finding
from webapp.services.audit.look import Look
from webapp.services.silence import silence


def check(look: Look) -> Iterator[Finding]:
    """Find an engine that is silent, doubled or not there."""
    rows = look.session.scalars(select(EngineState).order_by(EngineState.id)).all()
    if not rows:
        sentence = "The engine's own row is missing: the clock has not run yet."
        yield Finding("engine_missing", "engine", None, sentence)
        return
    if len(rows) > 1:
        yield Finding("engine_twice", "engine", None, "There are two engines in one database.")
    seen = {"clock": rows[0].last_tick_at, "worker": rows[0].worker_seen_at}
    for who, seen_at in seen.items():
        if says := silence(who, seen_at, look.now):
            yield Finding(f"{who}_silent", "engine", None, says)
