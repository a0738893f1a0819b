"""An export in three moves, each its own transaction: prepare, seal, write.

What is read for people comes first. Sealing lists what is in it (the manifest), notes that list's
hash in the record and publishes a head right after it, so that the head vouches for the whole
export. Then the events are written out with their proofs up to that head.
"""

import hashlib
import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from webapp import record_out
from webapp.models import Organisation
from webapp.problems import Problem
from webapp.rules.record import canonical
from webapp.rules.sentences import say
from webapp.services import blobs, record, record_heads, stamps
from webapp.services.record_export import chosen, files, told
from webapp.services.record_export.asked import Part
from webapp.services.record_export.readme import STAMPS, readme
from webapp.services.record_export.report import Report
from webapp.services.record_export.steps_csv import Table
from webapp.services.record_heads import Head
from webapp.services.stamps import Stamped

EXPORTED = "record.exported"
VERIFY = Path(record_out.__file__).with_name("verify.py")


@dataclass(frozen=True, slots=True)
class Limit:
    """How large an export may be; None for what nobody waits for."""

    events: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """What an export will hold, apart from its events; `directory` has the files made for it.

    `until` is the last event that was looked at.
    """

    part: Part
    photos: Path
    directory: Path
    until: int
    ranges: list[chosen.Range]
    kept: list[files.Bytes]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Sealed:
    """An export that the record vouches for: `heads` are those before its own."""

    prepared: Prepared
    heads: list[tuple[int, str]]
    manifest: bytes
    head: Head


def bind(session: Session, part: Part, now: datetime) -> None:
    """Note what is kept of photos that came before the record named it."""
    for blob in chosen.unbound(session, part):
        blobs.note_kept(session, blob, now)


def prepare(
    session: Session,
    part: Part,
    photos: Path,
    directory: Path,
    now: datetime,
    limit: Limit | None,
) -> Prepared:
    """Work out what belongs to the part, and write into the directory what people read."""
    until = record.head(session, part.org_id)[0]
    ranges = chosen.ranges(session, part, until)
    kept = list(files.of(session, photos, part))
    _check(limit, sum(last - first + 1 for first, last in ranges), sum(each.size for each in kept))
    name = session.get_one(Organisation, part.org_id).name
    _write_stamps(stamps.all_of(session, part.org_id, until), directory)
    _write_reading(session, part, name, until, kept, directory, now)
    return Prepared(part, photos, directory, until, ranges, kept, now)


def seal(session: Session, prepared: Prepared, actor_id: str, now: datetime) -> Sealed:
    """Vouch for the manifest in the record, and publish the head that binds it."""
    part = prepared.part
    if part.is_all:
        prepared = _up_to_here(session, prepared)
    published = record_heads.all_of(session, part.org_id, prepared.until)
    heads = [(each.seq, _root(each.payload)) for each in published]
    manifest = canonical(_manifest(session, prepared, heads))
    facts = {"asked": part.as_json(), "manifest": hashlib.sha256(manifest).hexdigest()}
    record.note(session, part.org_id, now, EXPORTED, actor_id, part.org_id, facts)
    return Sealed(prepared, heads, manifest, record_heads.publish(session, part.org_id, now))


def _up_to_here(session: Session, prepared: Prepared) -> Prepared:
    """The same with what came meanwhile; from now on the record is locked.

    All of the record is each event of it, or whoever is handed it could not see one left out.
    """
    org_id = prepared.part.org_id
    record_heads.make_ready(session, org_id)
    until = record.lock_head(session, org_id)
    came = files.since(session, prepared.photos, org_id, prepared.until)
    kept = {each.sent: each for each in (*prepared.kept, *came)}
    ranges = chosen.ranges(session, prepared.part, until)
    return replace(prepared, until=until, ranges=ranges, kept=list(kept.values()))


def _manifest(session: Session, prepared: Prepared, heads: list[tuple[int, str]]) -> dict[str, Any]:
    org_id = prepared.part.org_id
    return {
        "format": "baton-record-1",
        "organisation": {"id": org_id, "name": session.get_one(Organisation, org_id).name},
        "asked": prepared.part.as_json(),
        "made_at": prepared.made_at,
        "events": [list(each) for each in prepared.ranges],
        "heads": [list(each) for each in heads],
        "photos": {each.sent: _named(each) for each in prepared.kept},
        "files": {name: _sha256(path) for name, path in files.made(prepared.directory)},
    }


def _check(limit: Limit | None, events: int, size: int) -> None:
    if limit and (events > limit.events or size > limit.bytes):
        raise Problem(
            "export_too_large",
            say(
                "This is %(events)s events and %(size)s MB of photos, too much for a page. "
                "Choose fewer days or one location, or use: baton record export.",
                events=f"{events:,}",
                size=f"{size // 1_000_000:,}",
            ),
        )


def _root(payload: dict[str, Any] | None) -> str:
    return str((payload or {}).get("root") or "")


def _named(each: files.Bytes) -> dict[str, Any]:
    if each.erased_at:
        return {"erased": each.erased_at}
    return {"file": each.name, "stored": each.stored, "bytes": each.size}


def _write_stamps(stamped: list[Stamped], directory: Path) -> None:
    """What the authority answered, as it came, and how to check it."""
    (directory / "README.txt").write_text(readme(stamped), encoding="utf-8")
    (directory / STAMPS).mkdir()
    for each in stamped:
        (directory / STAMPS / f"{each.seq}.tsr").write_bytes(each.answer)


def _write_reading(
    session: Session,
    part: Part,
    name: str,
    until: int,
    kept: list[files.Bytes],
    directory: Path,
    now: datetime,
) -> None:
    shutil.copyfile(VERIFY, directory / "verify.py")
    here = {each.sent: each.name for each in kept if each.path}
    gone = {each.sent: each.erased_at for each in kept if each.erased_at}
    with (
        (directory / "report.html").open("w", encoding="utf-8") as page,
        (directory / "steps.csv").open("w", encoding="utf-8", newline="") as sheet,
    ):
        report, table = Report(page, here, gone), Table(sheet, gone)
        report.begin(name, part.as_json(), now)
        for run in told.runs(session, part, until):
            report.add(run)
            table.add(run)
        report.end()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
