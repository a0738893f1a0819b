"""Checking a long record with every core at once.

Each link of the chain is local: a segment needs no more than the hash before it. So segments are
checked side by side, in processes of their own, and each must end where the next begins.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context

from sqlalchemy import create_engine, select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from webapp.models import Event
from webapp.rules import record as rules
from webapp.services import record

# Shorter ones are checked sooner than another process starts.
LEAST = 100_000
# Each process takes some 80 MB.
MOST_CORES = 8
# More segments than cores, so that none waits long for the slowest.
SEGMENTS_A_CORE = 4

Seam = tuple[int, str]


def verify(
    session: Session, org_id: str, cores: int | None = None
) -> rules.Verified | rules.Broken:
    """Check the organisation's record against its head: what `record.verify` says, sooner."""
    cores = cores or len(os.sched_getaffinity(0))
    seams = _seams(session, org_id, cores * SEGMENTS_A_CORE) if cores > 1 else []
    try:
        after = _stands_up_to(session, org_id, seams, cores) if seams else (0, rules.GENESIS)
    except (OSError, BrokenProcessPool):
        after = (0, rules.GENESIS)
    return record.verify(session, org_id, after=after)


def _seams(session: Session, org_id: str, segments: int) -> list[Seam]:
    """Where the segments end; none for a record that is short."""
    length, _ = record.head(session, org_id)
    if length < LEAST:
        return []
    ends = [length * number // segments for number in range(1, segments + 1)]
    query = select(Event.seq, Event.hash).where(Event.org_id == org_id, Event.seq.in_(ends))
    return [(seq, digest) for seq, digest in session.execute(query.order_by(Event.seq))]


def _stands_up_to(session: Session, org_id: str, seams: Sequence[Seam], cores: int) -> Seam:
    """The last seam up to which every segment stands; what comes after is for a closer look."""
    begins = [(0, rules.GENESIS), *seams[:-1]]
    check = partial(_verdict, _address(session), org_id)
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        verdicts = pool.map(check, begins, seams)
        for after, seam, verdict in zip(begins, seams, verdicts, strict=True):
            if verdict != rules.Verified(*seam):
                pool.shutdown(wait=False, cancel_futures=True)
                return after
    return seams[-1]


def _address(session: Session) -> URL:
    return session.get_bind().engine.url


def _verdict(address: URL, org_id: str, after: Seam, until: Seam) -> rules.Verified | rules.Broken:
    """What a process of its own says of one segment."""
    engine = create_engine(address).execution_options(only_reads=True)
    try:
        with Session(engine) as session:
            return record.verify(session, org_id, after=after, most=until[0] - after[0])
    finally:
        engine.dispose()
