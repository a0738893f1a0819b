"""The Merkle tree over an organisation's events, by whole blocks that are worked out once.

A leaf is the hash of an event; event `seq` is the leaf seq - 1. Neither a root nor a proof reads
more events than the blocks of 1,024 that it is about.
"""

from collections import OrderedDict

from sqlalchemy import Insert, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.models import Event, RecordSubtree
from webapp.rules import merkle

BLOCK = 1024
_KEPT_BLOCKS = 8
_INSERT: dict[str, type[postgresql.Insert] | type[sqlite.Insert]] = {
    "postgresql": postgresql.Insert,
    "sqlite": sqlite.Insert,
}


def fill(session: Session, org_id: str, size: int, most: int | None = None) -> bool:
    """Keep the hashes of the whole blocks among the first `size` events that are not kept yet.

    With `most` only so many; whether all are there then. So a first filling can go in parts.
    """
    first, last = _filled(session, org_id), size // BLOCK
    until = last if most is None else min(last, first + most)
    for position in range(first, until):
        made = merkle.root(_leaves(session, org_id, position * BLOCK, (position + 1) * BLOCK))
        session.execute(_kept(session, org_id, position, made))
    return until >= last


def _filled(session: Session, org_id: str) -> int:
    newest = select(func.max(RecordSubtree.position)).where(RecordSubtree.org_id == org_id)
    position = session.scalar(newest)
    return 0 if position is None else position + 1


def _kept(session: Session, org_id: str, position: int, made: bytes) -> Insert:
    """Somebody else may be just keeping the same block: it is the same hash."""
    insert = _INSERT[session.get_bind().dialect.name](RecordSubtree)
    fresh = {"org_id": org_id, "position": position, "hash": made.hex()}
    return insert.values(fresh).on_conflict_do_nothing()


def _leaves(session: Session, org_id: str, first: int, last: int) -> list[bytes]:
    query = select(Event.hash).where(Event.org_id == org_id, Event.seq > first, Event.seq <= last)
    found = session.scalars(query.order_by(Event.seq))
    return [merkle.leaf(bytes.fromhex(each)) for each in found]


class Tree:
    """The tree over the first `size` events, whose whole blocks are kept (`fill`)."""

    def __init__(self, session: Session, org_id: str, size: int) -> None:
        self._session, self._org_id, self._size = session, org_id, size
        self._blocks: OrderedDict[int, list[list[bytes]]] = OrderedDict()
        self._tops = merkle.levels(self._top())

    def root(self) -> bytes:
        """Return the root."""
        return self._tops[-1][0] if self._tops else merkle.EMPTY

    def inclusion(self, seq: int) -> list[bytes]:
        """Return the proof that event `seq` is in the tree."""
        block, index = divmod(seq - 1, BLOCK)
        return merkle.path(self._levels(block), index) + merkle.path(self._tops, block)

    def _top(self) -> list[bytes]:
        whole = self._size // BLOCK
        query = select(RecordSubtree.hash).where(
            RecordSubtree.org_id == self._org_id, RecordSubtree.position < whole
        )
        kept = self._session.scalars(query.order_by(RecordSubtree.position))
        tops = [bytes.fromhex(each) for each in kept]
        return tops + ([self._levels(whole)[-1][0]] if self._size % BLOCK else [])

    def _levels(self, block: int) -> list[list[bytes]]:
        """The levels of one block; of the last few that were asked for they are kept at hand."""
        if block not in self._blocks:
            first, last = block * BLOCK, min(self._size, (block + 1) * BLOCK)
            found = _leaves(self._session, self._org_id, first, last)
            self._blocks[block] = merkle.levels(found)
            if len(self._blocks) > _KEPT_BLOCKS:
                self._blocks.popitem(last=False)
        return self._blocks[block]
