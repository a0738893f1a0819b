"""The record is chained at commit, and whatever is done to it afterwards shows."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from tests.factories import crew_of_a_daycare
from webapp.models import Event, RecordHead
from webapp.models.event import POSTGRESQL_GUARDS
from webapp.rules.record import Broken, Verified
from webapp.services import record


@pytest.fixture
def told(stored, clock):
    """A daycare with six more events in its record."""
    crew = crew_of_a_daycare(stored, clock.now())
    for number in range(6):
        payload = {"number": number, "at": clock.now()}
        record.note(stored, crew.org_id, clock.now(), "test.told", record.SYSTEM, "it", payload)
        stored.commit()
    return crew


def unguarded(session, statement: str, **values) -> None:
    """Change the record as somebody with the database in hand would: triggers taken away."""
    if session.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER IF EXISTS event_no_{change}"))
    elif POSTGRESQL_GUARDS:
        session.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
    session.execute(text(statement), values)
    session.commit()


def last(session) -> Event:
    return session.scalars(select(Event).order_by(Event.seq.desc())).first()


def test_an_untouched_record_verifies_up_to_its_head(stored, told):
    verdict = record.verify(stored, told.org_id)
    assert verdict == Verified(last(stored).seq, last(stored).hash)


def test_events_noted_before_a_rollback_are_forgotten(stored, told, clock):
    before = last(stored).seq
    record.note(stored, told.org_id, clock.now(), "test.undone", record.SYSTEM, "it", {})
    stored.rollback()
    record.note(stored, told.org_id, clock.now(), "test.kept", record.SYSTEM, "it", {})
    stored.commit()
    assert (last(stored).seq, last(stored).kind) == (before + 1, "test.kept")


def test_two_organisations_have_a_chain_each(stored, told, clock):
    other = crew_of_a_daycare(stored, clock.now(), name="Riverside")
    heads = {head.org_id: head.seq for head in stored.scalars(select(RecordHead))}
    assert heads[told.org_id] != heads[other.org_id]
    assert isinstance(record.verify(stored, other.org_id), Verified)


@pytest.mark.parametrize("statement", ["UPDATE event SET kind = 'x'", "DELETE FROM event"])
def test_the_database_refuses_to_change_the_record(stored, told, statement):
    with pytest.raises(DatabaseError, match="the record cannot be changed"):
        stored.execute(text(statement))
    stored.rollback()


@pytest.mark.parametrize(
    ("statement", "found_at"),
    [
        ("UPDATE event SET kind = 'test.else' WHERE seq = 4", 4),
        ("UPDATE event SET actor = 'somebody' WHERE seq = 4", 4),
        ("""UPDATE event SET payload = '{"number": 9}' WHERE seq = 5""", 5),
        ("DELETE FROM event WHERE seq = 4", 4),
        ("DELETE FROM event WHERE seq = 1", 1),
    ],
    ids=["changed", "actor changed", "payload changed", "removed", "first removed"],
)
def test_a_touched_event_is_named(stored, told, statement, found_at):
    unguarded(stored, statement)
    verdict = record.verify(stored, told.org_id)
    assert isinstance(verdict, Broken)
    assert verdict.seq == found_at


def test_a_cut_tail_is_found_against_the_head(stored, told):
    end = last(stored).seq
    unguarded(stored, "DELETE FROM event WHERE seq > :end", end=end - 2)
    assert record.verify(stored, told.org_id).seq == end - 1


def test_two_events_in_each_others_place_are_found(stored, told):
    unguarded(stored, "UPDATE event SET seq = 900 WHERE seq = 4")
    unguarded(stored, "UPDATE event SET seq = 4 WHERE seq = 5")
    unguarded(stored, "UPDATE event SET seq = 5 WHERE seq = 900")
    assert record.verify(stored, told.org_id).seq == 4


ERASE = "UPDATE event SET payload = NULL, salt = NULL WHERE seq = 4"


def test_what_an_event_says_can_be_erased_and_the_record_still_stands(stored, told):
    """Payload and salt go together; the hash of both stays in the chain."""
    stored.execute(text(ERASE))
    stored.commit()
    event = stored.scalars(select(Event).where(Event.seq == 4)).one()
    assert (event.payload, event.salt) == (None, None)
    assert record.verify(stored, told.org_id) == Verified(last(stored).seq, last(stored).hash)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET payload = NULL WHERE seq = 4",
        "UPDATE event SET salt = NULL WHERE seq = 4",
        "UPDATE event SET payload = '{}' WHERE seq = 4",
        "UPDATE event SET payload = 'null', salt = NULL WHERE seq = 4",
        *(
            f"UPDATE event SET payload = NULL, salt = NULL, {column} = {value} WHERE seq = 4"
            for column, value in (
                ("org_id", "'other'"),
                ("seq", "900"),
                ("at", "'2020-01-01 00:00:00+00'"),
                ("kind", "'x'"),
                ("actor", "'x'"),
                ("subject", "'x'"),
                ("payload_hash", "'x'"),
                ("prev_hash", "'x'"),
                ("hash", "'x'"),
            )
        ),
        "DELETE FROM event WHERE seq = 4",
    ],
)
def test_nothing_else_of_an_event_can_be_changed_while_it_is_erased(stored, told, statement):
    """Half an erasure, one that changes another column, and a removal are refused."""
    with pytest.raises(DatabaseError, match="the record cannot be changed"):
        stored.execute(text(statement))
    stored.rollback()


def test_what_was_erased_does_not_come_back(stored, told):
    """Neither by the same update the other way round, nor by erasing once more."""
    kept = stored.execute(text("SELECT payload, salt FROM event WHERE seq = 4")).one()
    stored.execute(text(ERASE))
    stored.commit()
    back = text("UPDATE event SET payload = '{\"number\": 3}', salt = :salt WHERE seq = 4")
    for statement, values in ((back, {"salt": kept.salt}), (text(ERASE), {})):
        with pytest.raises(DatabaseError, match="the record cannot be changed"):
            stored.execute(statement, values)
        stored.rollback()


def test_an_event_is_not_replaced_by_inserting_it_anew(session, clock):
    """SQLite's way of replacing a row asks no guard against removal; PostgreSQL has none."""
    crew_of_a_daycare(session, clock.now())
    with pytest.raises(DatabaseError, match="the record cannot be changed"):
        session.execute(text("INSERT OR REPLACE INTO event SELECT * FROM event WHERE seq = 1"))
    session.rollback()


def test_the_whole_record_is_not_emptied(stored, told):
    """PostgreSQL has a way to empty a table that asks no guard of its rows."""
    is_sqlite = stored.get_bind().dialect.name == "sqlite"
    with pytest.raises(DatabaseError, match="the record cannot be changed"):
        stored.execute(text("DELETE FROM event" if is_sqlite else "TRUNCATE event"))
    stored.rollback()
