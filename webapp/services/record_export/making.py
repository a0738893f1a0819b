"""An export in three moves, each its own transaction: prepare, seal, write.

What is read for people and the list of what is in it (the manifest) come first. Sealing notes the
manifest's hash in the record and publishes a head right after it, so that the head vouches for
the whole export. Then the events are written out with their proofs up to that head.
"""

import hashlib
import shutil
from dataclasses import dataclass
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
    """What an export will hold, apart from its events; `directory` has the files made for it."""

    part: Part
    directory: Path
    ranges: list[chosen.Range]
    heads: list[tuple[int, str]]
    kept: list[files.Bytes]
    manifest: bytes


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
    heads = [
        (each.seq, _root(each.payload)) for each in record_heads.all_of(session, part.org_id, until)
    ]
    manifest = {
        "format": "baton-record-1",
        "organisation": {"id": part.org_id, "name": name},
        "asked": part.as_json(),
        "made_at": now,
        "events": [list(each) for each in ranges],
        "heads": [list(each) for each in heads],
        "photos": {each.sent: _named(each) for each in kept},
        "files": {name: _sha256(path) for name, path in files.made(directory)},
    }
    return Prepared(part, directory, ranges, heads, kept, canonical(manifest))


def seal(session: Session, prepared: Prepared, actor_id: str, now: datetime) -> Head:
    """Vouch for the manifest in the record, and publish the head that binds it."""
    org_id = prepared.part.org_id
    facts = {
        "asked": prepared.part.as_json(),
        "manifest": hashlib.sha256(prepared.manifest).hexdigest(),
    }
    record.note(session, org_id, now, EXPORTED, actor_id, org_id, facts)
    return record_heads.publish(session, org_id, now)


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
        report, table = Report(page, here, gone), Table(sheet)
        report.begin(name, part.as_json(), now)
        for run in told.runs(session, part, until):
            report.add(run)
            table.add(run)
        report.end()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
