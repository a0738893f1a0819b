"""A seeded morning for each kind of fault: nothing is lost, nothing doubled, nobody forgotten."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.faults import kinds
from tests.crash.faults.disk import can_be_full
from tests.crash.faults.planning import plan_of
from tests.crash.faults.runs import Residence, residence, run

SEED = 1
# Faults that concern the database are played on both; of the others half are played on each.
ON_BOTH = (*kinds.PROCESSES, "at_after_outbox", "at_after_send", "holder_frozen", "clock_back")


def on(database: str) -> list[str]:
    """The kinds of fault that are played on this database."""
    own = kinds.SQLITE if database == "sqlite" else kinds.POSTGRESQL
    others = [kind for kind in kinds.ANYWHERE if kind not in ON_BOTH]
    return [*ON_BOTH, *own, *others[database == "sqlite" :: 2]]


@pytest.fixture(scope="module")
def on_sqlite() -> Iterator[Residence]:
    with residence("sqlite") as place:
        yield place


@pytest.fixture(scope="module")
def on_postgresql() -> Iterator[Residence]:
    with residence("postgresql") as place:
        yield place


@pytest.mark.parametrize("kind", on("sqlite"))
def test_on_sqlite_nothing_is_lost_after(kind: str, on_sqlite: Residence, tmp_path: Path):
    if kind == "disk_full" and not can_be_full(tmp_path):
        pytest.skip("a full disk needs the right to mount one")
    plays_well(on_sqlite, "sqlite", kind)


@pytest.mark.postgres
@pytest.mark.parametrize("kind", on("postgresql"))
def test_on_postgresql_nothing_is_lost_after(kind: str, on_postgresql: Residence):
    plays_well(on_postgresql, "postgresql", kind)


def plays_well(place: Residence, database: str, kind: str) -> None:
    plan = plan_of(SEED, database, only=kind)
    verdict, logs = run(place, plan)
    assert not verdict.violations, "\n".join([*verdict.violations, plan.words(), logs])


def test_a_seed_makes_the_same_plan_again():
    for database in ("sqlite", "postgresql"):
        assert plan_of(7, database).words() == plan_of(7, database).words()
        assert plan_of(7, database).words() != plan_of(8, database).words()


def test_every_kind_of_fault_strikes_on_one_database_at_least():
    played = {*on("sqlite"), *on("postgresql")}
    assert played == {*kinds.of("sqlite"), *kinds.of("postgresql")}
