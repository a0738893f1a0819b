"""Published heads bind the tree over the record, which is read by blocks and never whole."""

import pytest
from sqlalchemy import func, select

from tests.factories import crew_of_a_daycare
from tests.statements import statements
from webapp.models import Event, RecordSubtree
from webapp.rules import merkle
from webapp.rules.record import Verified
from webapp.services import record, record_heads, record_tree
from webapp.services.record_tree import Tree


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks of four events, so that a small record has many."""
    monkeypatch.setattr(record_tree, "BLOCK", 4)


def crew_with(stored, clock, count: int) -> str:
    org_id = crew_of_a_daycare(stored, clock.now()).org_id
    for number in range(count):
        record.note(stored, org_id, clock.now(), "test.told", record.SYSTEM, "it", {"n": number})
    stored.commit()
    return org_id


def leaves(session, org_id: str) -> list[bytes]:
    query = select(Event.hash).where(Event.org_id == org_id).order_by(Event.seq)
    return [merkle.leaf(bytes.fromhex(each)) for each in session.scalars(query)]


def test_a_head_binds_the_root_over_all_events_before_it(stored, clock, small_blocks):
    org_id = crew_with(stored, clock, 9)
    before = leaves(stored, org_id)
    head = record_heads.publish(stored, org_id, clock.now())
    stored.commit()
    event = stored.get(Event, (org_id, head.seq))
    assert head.seq == len(before) + 1
    assert event.payload == {"size": len(before), "root": merkle.root(before).hex()}
    assert record_heads.latest(stored, org_id) == head
    assert record.verify(stored, org_id) == Verified(head.seq, head.hash)


def test_what_the_same_transaction_noted_before_comes_before_the_head(stored, clock):
    org_id = crew_with(stored, clock, 1)
    record.note(stored, org_id, clock.now(), "test.told", record.SYSTEM, "it", {})
    head = record_heads.publish(stored, org_id, clock.now())
    record.note(stored, org_id, clock.now(), "test.after", record.SYSTEM, "it", {})
    stored.commit()
    assert stored.get(Event, (org_id, head.seq - 1)).kind == "test.told"
    assert stored.get(Event, (org_id, head.seq + 1)).kind == "test.after"
    assert isinstance(record.verify(stored, org_id), Verified)


def test_there_is_no_head_before_the_first_nor_after_a_rollback(stored, clock):
    org_id = crew_with(stored, clock, 1)
    record_heads.publish(stored, org_id, clock.now())
    stored.rollback()
    assert record_heads.latest(stored, org_id) is None
    assert isinstance(record.verify(stored, org_id), Verified)


@pytest.mark.parametrize("size", [1, 3, 4, 5, 8, 11, 13])
def test_each_event_of_a_tree_in_blocks_is_proved(session, clock, small_blocks, size):
    org_id = crew_with(session, clock, 13)
    every = leaves(session, org_id)[:size]
    record_tree.fill(session, org_id, size)
    tree = Tree(session, org_id, size)
    assert tree.root() == merkle.root(every)
    for seq in range(1, size + 1):
        proof = tree.inclusion(seq)
        assert merkle.root_by_path(seq - 1, size, every[seq - 1], proof) == tree.root()


def test_blocks_are_kept_once_and_may_be_filled_in_parts(stored, clock, small_blocks):
    org_id = crew_with(stored, clock, 13)
    assert not record_tree.fill(stored, org_id, 13, most=2)
    assert record_tree.fill(stored, org_id, 13, most=2)
    record_tree.fill(stored, org_id, 13)
    stored.commit()
    count = select(func.count()).select_from(RecordSubtree)
    assert stored.scalar(count) == 3


def test_a_proof_asks_for_its_own_block_once(session, clock, small_blocks):
    org_id = crew_with(session, clock, 13)
    record_tree.fill(session, org_id, 12)
    session.commit()
    with statements(session) as ran:
        tree = Tree(session, org_id, 12)
        proofs = [tree.inclusion(seq) for seq in (5, 6, 7, 8)]
    assert len([sql for sql, _ in ran if "FROM event" in sql]) == 1
    assert len({tuple(proof) for proof in proofs}) == 4
