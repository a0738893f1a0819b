"""What was at fault is looked at again, however much of it there is, and leaves when it is over."""

from importlib import import_module

import pytest

from tests.audit.busy import Busy
from tests.factories import proof
from webapp.services.audit import Memory

AFTER_THE_LAST = "~"
look = import_module("webapp.services.audit.look")


@pytest.fixture
def three(busy, monkeypatch) -> tuple[Busy, list[str]]:
    """Three steps at rest that nobody will look at; one suspect fits into an audit."""
    monkeypatch.setattr(look, "AT_ONCE", 1)
    steps = tuple((title, proof("note")) for title in ("Gate", "Door", "Stove"))
    day = busy(steps=steps, review="none")
    ids = sorted(each.id for each in day.step.run.step_runs)
    day.spoils("UPDATE step_run SET escalate_at = NULL WHERE run_id = :id", id=day.step.run_id)
    return day, ids


def subjects(day: Busy, memory: Memory) -> list[str]:
    return sorted(subject for _, subject in day.found(memory))


def test_suspects_beyond_one_turn_are_still_seen(three):
    (day, ids), memory = three, Memory()
    for _ in range(3):
        assert subjects(day, memory) == ids


def test_suspects_take_turns(three):
    (day, ids), memory = three, Memory(suspect_steps=set(three[1]))
    seen = []
    for _ in range(4):
        memory.step_after = AFTER_THE_LAST
        seen += subjects(day, memory)
    assert seen == [*ids, ids[0]]


def test_a_suspect_that_is_void_or_gone_leaves(three):
    (day, ids), memory = three, Memory(suspect_steps={*three[1], "0" * 26})
    day.spoils("UPDATE step_run SET state = 'void' WHERE id = :id", id=ids[0])
    for _ in range(4):
        day.found(memory)
    assert memory.suspect_steps == {*ids[1:]}


def test_more_suspects_than_a_query_takes_do_not_stop_the_audit(busy):
    day, memory = busy(), Memory(suspect_steps={f"{each:026}" for each in range(300_000)})
    assert day.found(memory) == []
    assert len(memory.suspect_steps) == 300_000 - look.AT_ONCE
