"""An export as a ZIP: events with their proofs, photos, and what was made to be read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from sqlalchemy.orm import Session

from webapp.rules.record import Event, canonical
from webapp.services.record_export import chosen, files
from webapp.services.record_export.making import Sealed
from webapp.services.record_tree import Tree


def write(session: Session, sealed: Sealed, path: Path) -> None:
    """Write the sealed export to the path, with bounded memory."""
    prepared, head = sealed.prepared, sealed.head
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, made in files.made(prepared.directory):
            archive.write(made, name)
        archive.writestr("manifest.json", sealed.manifest)
        with archive.open("events.jsonl", "w", force_zip64=True) as lines:
            _write_events(session, sealed, lines)
        with archive.open("head.jsonl", "w") as lines:
            for event in _rows(session, sealed, [(head.seq - 1, head.seq)]):
                lines.write(_line(event, {}))
        for kept in prepared.kept:
            if kept.path is not None:
                archive.write(kept.path, kept.name, ZIP_STORED)


def _write_events(session: Session, sealed: Sealed, lines: IO[bytes]) -> None:
    proofs = _Proofs(session, sealed)
    for event in _rows(session, sealed, sealed.prepared.ranges):
        lines.write(_line(event, proofs.of(event.seq)))


def _rows(session: Session, sealed: Sealed, ranges: list[chosen.Range]) -> Iterator[Event]:
    return chosen.rows(session, sealed.prepared.part.org_id, ranges)


def _line(event: Event, more: dict[str, Any]) -> bytes:
    """Texts stay as they were hashed, to the byte, so that nobody has to write them anew."""
    facts = {name: getattr(event, name) for name in _FACTS}
    line = {
        "facts": canonical(facts | {"v": 1}).decode(),
        "payload": None if event.payload is None else canonical(event.payload).decode(),
        "salt": None if event.salt is None else event.salt.hex(),
        "hash": event.hash,
    }
    return json.dumps(line | more, ensure_ascii=False).encode() + b"\n"


_FACTS = ("org", "seq", "at", "kind", "actor", "subject", "payload_hash", "prev_hash")


class _Proofs:
    """The last event of each range is proved up to the next head; the chain binds the others."""

    def __init__(self, session: Session, sealed: Sealed) -> None:
        self._session, self._org_id = session, sealed.prepared.part.org_id
        self._ends = {last for _, last in sealed.prepared.ranges if last != sealed.head.seq - 2}
        self._heads = [*(seq for seq, _ in sealed.heads), sealed.head.seq]
        self._tree: Tree | None = None

    def of(self, seq: int) -> dict[str, Any]:
        """Return what goes with the event of that number."""
        while self._heads[0] <= seq:
            self._heads.pop(0)
            self._tree = None
        if seq not in self._ends:
            return {}
        if self._tree is None:
            self._tree = Tree(self._session, self._org_id, self._heads[0] - 1)
        return {"proof": [each.hex() for each in self._tree.inclusion(seq)]}
