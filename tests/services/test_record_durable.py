"""On PostgreSQL the head is free before the disk has it, and a commit returns only when it has."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.crash.faults.postgresql import FragileServer
from tests.factories import crew_of_a_daycare
from tests.statements import statements
from webapp.models import Base, Event
from webapp.rules.record import Verified
from webapp.services import record

COMMITS = 20


@pytest.fixture
def told(stored, clock):
    """A daycare, and what notes an event of it."""
    crew = crew_of_a_daycare(stored, clock.now())

    def tell() -> str:
        record.note(stored, crew.org_id, clock.now(), "test.told", record.SYSTEM, "it", {})
        return crew.org_id

    return tell


def waits(session: Session) -> int:
    """How often the commit waits for the disk after it has given the head free."""
    with statements(session) as made:
        session.commit()
    return sum("pg_logical_emit_message" in sql for sql, _ in made)


def early(session: Session) -> int:
    return int(session.get_bind().dialect.name == "postgresql")


def test_a_commit_that_chains_waits_once_for_the_disk(stored, told):
    told()
    assert waits(stored) == early(stored)
    told()
    with record.attempt(stored):
        record.chain(stored)
        told()
    assert waits(stored) == early(stored), "a savepoint is no commit"


def test_a_commit_that_chains_nothing_is_as_ever(stored, told):
    told()
    stored.rollback()
    assert waits(stored) == 0


def test_what_is_told_from_reading_is_seen_only_once_it_is_on_the_disk(stored, told):
    told()
    record.on_disk_first(stored)
    assert waits(stored) == 0
    told()
    assert waits(stored) == early(stored), "only that one commit"


def test_a_commit_that_cannot_know_whether_the_disk_has_it_fails(stored, told):
    """As one whose connection breaks: it may be there, and nobody was told that it is."""
    engine = stored.get_bind().engine

    def breaks(_connection, _cursor, sql, *_rest):
        if "pg_logical_emit_message" in sql:
            raise OperationalError(sql, {}, Exception("the connection is gone"))

    if not early(stored):
        return
    event.listen(engine, "before_cursor_execute", breaks)
    org_id = told()
    with pytest.raises(OperationalError):
        stored.commit()
    event.remove(engine, "before_cursor_execute", breaks)
    stored.rollback()
    told()
    stored.commit()
    assert isinstance(record.verify(stored, org_id), Verified)


@pytest.mark.postgres
def test_what_was_committed_is_there_after_the_server_was_killed(postgresql, tmp_path: Path, clock):
    server = FragileServer(tmp_path)
    try:
        server.make("kept", "template1")
        engine = create_engine(server.address("kept"))
        Base.metadata.create_all(engine)
        with Session(engine) as session:
            record.keep(session)
            org_id = crew_of_a_daycare(session, clock.now()).org_id
            for number in range(COMMITS):
                what = {"number": number}
                record.note(session, org_id, clock.now(), "test.told", record.SYSTEM, "it", what)
                session.commit()
            server.kill()
        engine.dispose()
        server.start()
        with Session(engine) as session:
            told = select(func.count()).where(Event.kind == "test.told")
            assert session.scalar(told) == COMMITS
            assert isinstance(record.verify(session, org_id), Verified)
        engine.dispose()
    finally:
        server.stop()
