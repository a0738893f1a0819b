"""Exports of a day at the daycare for tests: made by the real thing, opened, and tampered with."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.day import Day, photo, photo_proof
from tests.factories import FRIDGE, proof
from webapp import exporting
from webapp.record_out import verify
from webapp.services import record_export, record_heads
from webapp.services.record_export import Asked

ALL = Asked()
STEPS = (("Front room ready", proof("photo")), ("Fridge temperature", FRIDGE))


def worked(session, clock, crew) -> Day:
    """A Monday with a photo, a reading, a published head, and another run's miss afterwards."""
    day = Day(session, clock, crew, steps=STEPS, review="none")
    day.uploads(photo())
    room, fridge = day.step.run.step_runs
    day.does("ana", proof=photo_proof(photo()), step=room)
    record_heads.publish(session, crew.org_id, clock.now())
    session.commit()
    day.does("ana", proof={"kind": "number", "value": "38"}, step=fridge)
    day.later(hours=30)
    return day


def export(session, org_id: str, into: Path, asked: Asked = ALL) -> Path:
    """Make an export, as the command does; returns the ZIP."""
    part = record_export.find(session, org_id, asked)
    with exporting.made(part, "baton") as made:
        path = into / f"record-{len(list(into.iterdir()))}.zip"
        path.write_bytes(made.path.read_bytes())
    return path


def told(path: Path, *heads: str) -> tuple[bool, list[str]]:
    return verify.told(path, list(heads))


def content(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def lines(files: dict[str, bytes], name: str = "events.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in files[name].splitlines()]


def unlined(events: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in events)


def seq_of(event: dict[str, Any]) -> int:
    return json.loads(event["facts"])["seq"]


def packed(files: dict[str, bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in files.items():
            archive.writestr(name, each)
    return path


def changed(path: Path, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Path:
    """The export with its events put through `change`."""
    files = content(path)
    files["events.jsonl"] = unlined(change(lines(files)))
    return packed(files, path.with_name("changed.zip"))
