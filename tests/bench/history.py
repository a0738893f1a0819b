"""Years of a large organisation beside a month of it: pages, the clock's look, the record."""

import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, cast

from flask import Flask, current_app
from sqlalchemy.orm import Session

from tests.bench.databases import Fresh
from tests.bench.row import Row, seconds
from tests.bench.years import generate
from tests.bench.years.asking import Asked, ask_all
from tests.bench.years.generate import NOW, Model
from webapp import context
from webapp.extensions import db
from webapp.models import Event, Person, Process
from webapp.rules import record as rules
from webapp.services import audit, planning, record, record_segments, signal_pieces
from webapp.services.patterns import looking
from worker.duties import tick

LOCATIONS, PLAYED, MONTH = 50, 4, 28
SHORT, FULL = 91, 5 * 365
MOST, TIMES = 0.3, 1.25
# What differs by less, in seconds, is as quick: an answer of one millisecond varies by itself.
SAME = 0.001
SAMPLE = 20_000


class Measured(NamedTuple):
    """What one organisation took: pages by name, looks of the clock by name, the record's check."""

    events: int
    made: float
    pages: dict[str, Asked]
    looks: dict[str, float]
    naive: float
    alone: float
    together: float


def compare(kind: str, directory: Path, fresh: Fresh, *, full: bool = False) -> Iterator[Row]:
    """A row for each page, and for what else could grow with history."""
    model = generate.model(PLAYED)
    month = _measured(model, directory / "month", fresh(), MONTH)
    years = _measured(model, directory / "years", fresh(), FULL if full else SHORT)
    of = f"{LOCATIONS} locations, {kind}"
    yield Row(
        f"made, {of}", f"{years.made:,.0f}/s", "", "", ">= 40,000/s", f"{years.events:,} events"
    )
    both = [
        (page, years.pages[page], before)
        for page, before in month.pages.items()
        if page in years.pages
    ]
    for page, asked, before in sorted(both, key=lambda each: -each[1].best):
        yield _page(page, asked, before)
    well = sum(_is_well(asked.best, before.best) for _, asked, before in both)
    for page in sorted(month.pages.keys() - years.pages.keys()):
        yield Row(page, "refused", "", "", "", "too much for a page: there is a command for it")
    yield Row("pages within both", f"{well}", "", f"of {len(both)}", f"{len(both)}")
    for look, took in years.looks.items():
        yield _against(look, took, month.looks[look])
    yield _verifying("verify, one core", years.alone, years.naive)
    yield _verifying("verify, every core", years.together, years.naive)


def _is_well(years: float, month: float) -> bool:
    return years <= min(MOST, max(TIMES * month, month + SAME))


def _page(page: str, asked: Asked, before: Asked) -> Row:
    median = f"median {asked.median * 1e3:.0f} ms, p95 {asked.slow * 1e3:.0f} ms"
    return _against(
        page, asked.best, before.best, f"{median}; a month {before.median * 1e3:.0f} ms"
    )


def _against(what: str, years: float, month: float, note: str = "") -> Row:
    ours, theirs = f"{years * 1e3:.0f} ms", f"a month {month * 1e3:.0f} ms"
    return Row(
        what, ours, theirs, f"{years / month:.2f} of it", f"<= {TIMES}, {MOST * 1e3:.0f} ms", note
    )


def _verifying(what: str, rate: float, naive: float) -> Row:
    peer = f"one by one {naive:,.0f}/s"
    return Row(what, f"{rate:,.0f}/s", peer, f"{rate / naive:.1f}x", ">= 100,000/s")


def _measured(model: Model, directory: Path, url: str | None, days: int) -> Measured:
    with generate.application(directory, url) as session:
        owner: list[Person] = []
        took = seconds(lambda: owner.append(generate.fill(session, model, LOCATIONS, days)))
        events = generate.count_of_events(session)
        app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
        pages = {each.page: each for each in ask_all(app, session, owner[0])}
        org_id = owner[0].org_id
        session.rollback()
        looks = dict(_looks(session, org_id))
        return Measured(events, events / took, pages, looks, *_verify(session, org_id, events))


def _looks(session: Session, org_id: str) -> Iterator[tuple[str, float]]:
    """What the clock does by itself, and by night for each process."""
    process = session.scalars(db.select(Process).where(Process.org_id == org_id).limit(1)).one()
    looks: dict[str, Callable[[], object]] = {
        "idle tick": lambda: tick(session, NOW),
        "planning of a process": lambda: planning.replan_process(session, process, NOW),
        "signals of a process": lambda: signal_pieces.found(session, process.id, NOW),
        "patterns and fixes of a process": lambda: looking.look(session, process, NOW),
    }
    for name, look in looks.items():
        look()
        yield name, statistics.median(seconds(look) for _ in range(9))
        session.rollback()
    yield "audit of a running clock", _audit()


def _audit() -> float:
    """As the clock does it every 15 s, once it has come to know its way."""
    memory = audit.Memory()

    def look() -> None:
        with audit.snapshot(db.engine) as reading:
            audit.audit(reading, NOW, context.settings().blob_dir, memory)

    look()
    return statistics.median(seconds(look) for _ in range(5))


def _verify(session: Session, org_id: str, events: int) -> tuple[float, float, float]:
    """Events a second: as rows of the object mapper one by one, by one core, by every core."""
    query = db.select(Event).where(Event.org_id == org_id).order_by(Event.seq).limit(SAMPLE)
    names = [name for name in rules.Event.__slots__ if name != "org"]

    def one_by_one() -> None:
        rows = session.scalars(query.execution_options(yield_per=1000))
        found = (rules.Event(each.org_id, **{n: getattr(each, n) for n in names}) for each in rows)
        assert isinstance(rules.verify(found), rules.Verified)

    naive = min(events, SAMPLE) / seconds(one_by_one)
    session.rollback()
    alone = events / seconds(lambda: record.verify(session, org_id))
    together = events / seconds(lambda: record_segments.verify(session, org_id))
    session.rollback()
    return naive, alone, together
