"""A part of the record goes out with its proofs, and is checked where no Baton is."""

import csv
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.day import photo
from tests.factories import crew_of_a_daycare
from tests.services import exports
from tests.services.exports import content, export, lines, seq_of, told, worked
from webapp import context, exporting
from webapp.models import Blob, Event, Location
from webapp.problems import Problem
from webapp.rules.record import Verified
from webapp.services import record, record_export, record_heads
from webapp.services.record_export import Asked, Limit

STEP = Asked(step="Fridge temperature")


def kinds(path: Path) -> list[str]:
    return [json.loads(each["facts"])["kind"] for each in lines(content(path))]


@pytest.fixture
def day(session, clock, crew):
    return worked(session, clock, crew)


@pytest.mark.parametrize(
    "asked",
    [
        Asked(),
        Asked(process="opening CHECK"),
        Asked(location="Downtown"),
        STEP,
        Asked(since=date(2026, 11, 23), until=date(2026, 11, 23)),
    ],
    ids=["all", "process", "location", "step", "days"],
)
def test_each_part_verifies_by_itself(stored, clock, tmp_path, asked):
    day = worked(stored, clock, crew_of_a_daycare(stored, clock.now()))
    path = export(stored, day.crew.org_id, tmp_path, asked)
    head = record_heads.latest(stored, day.crew.org_id)
    stands, said = told(path, f"{head.seq}:{head.hash}")
    assert stands, said
    assert said[0].endswith(f"head {head.seq} {head.hash}")
    assert isinstance(record.verify(stored, day.crew.org_id), Verified)


def test_it_is_checked_where_there_is_nothing_but_python(day, session, tmp_path):
    path = export(session, day.crew.org_id, tmp_path, STEP)
    away = tmp_path / "away"
    with zipfile.ZipFile(path) as archive:
        archive.extractall(away)
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py"], cwd=away, env={}, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith(f"OK {len(lines(content(path))) + 2} events, 0 photos, head ")
    (away / "events.jsonl").write_bytes(b"")
    assert subprocess.run([sys.executable, "-I", "-S", "verify.py"], cwd=away, env={}).returncode


def test_what_a_mac_leaves_in_a_folder_is_no_fault(day, session, tmp_path):
    away = tmp_path / "away"
    with zipfile.ZipFile(export(session, day.crew.org_id, tmp_path)) as archive:
        archive.extractall(away)
    for left in (".DS_Store", "photos/.DS_Store", "__MACOSX/._events.jsonl"):
        (away / left).parent.mkdir(exist_ok=True)
        (away / left).write_bytes(b"Bud1")
    stands, said = told(away)
    assert (stands, ", 1 photo, " in said[0]) == (True, True), said
    (away / "photos" / "x.jpg").write_bytes(b"")
    assert told(away) == (False, ["No event names 'photos/x.jpg'."])


@pytest.mark.parametrize("head", ["foo", "", "12", "x:" + "a" * 64, "12:abc", "12:" + "a" * 63])
def test_a_head_that_is_none_is_told_in_a_sentence(day, session, tmp_path, head):
    path = export(session, day.crew.org_id, tmp_path)
    said = f"A head is SEQ:HASH with all 64 signs of its hash, not {head!a}."
    assert told(path, head) == (False, [said])


def test_the_check_is_short_enough_to_be_read(tmp_path):
    source = Path(exports.verify.__file__).read_text()
    imported = {
        line.split()[1] for line in source.splitlines() if line.startswith(("import", "from"))
    }
    assert len(source.splitlines()) < 150
    assert imported <= set(sys.stdlib_module_names)


def test_one_step_shows_nothing_of_the_others(day, session, tmp_path):
    files = content(export(session, day.crew.org_id, tmp_path, STEP))
    everything = b"".join(files.values())
    assert "step.done" in kinds(export(session, day.crew.org_id, tmp_path, STEP))
    assert b"Front room ready" not in everything
    assert not [name for name in files if name.startswith("photos/")]


def test_days_are_those_of_the_location(day, session, tmp_path):
    monday = date(2026, 11, 23)
    assert "step.done" in kinds(
        export(session, day.crew.org_id, tmp_path, Asked(since=monday, until=monday))
    )
    tuesday = Asked(since=date(2026, 11, 24), until=date(2026, 11, 24))
    found = kinds(export(session, day.crew.org_id, tmp_path, tuesday))
    assert "step.handed_on" in found
    assert "step.done" not in found


def test_the_photo_is_the_one_that_the_record_names(day, session, tmp_path):
    files = content(export(session, day.crew.org_id, tmp_path, Asked(process="Opening check")))
    (name,) = (name for name in files if name.startswith("photos/"))
    manifest = json.loads(files["manifest.json"])
    blob = session.scalars(select(Blob)).one()
    assert name == f"photos/{blob.sha256}.jpg"
    assert manifest["photos"][blob.sha256]["stored"] == blob.stored_sha256
    assert name.encode() in files["report.html"]


def test_a_photo_of_before_the_record_named_what_is_kept_is_bound_now(day, session, tmp_path):
    blob = session.scalars(select(Blob)).one()
    older = json.dumps({"sha": blob.sha256})
    session.connection().exec_driver_sql("DROP TRIGGER event_no_update")
    query = update(Event).where(Event.kind == "upload.kept")
    session.execute(query.values(subject="before", payload=json.loads(older)))
    session.commit()
    path = export(session, day.crew.org_id, tmp_path, Asked(process="Opening check"))
    assert kinds(path).count("upload.kept") == 1
    assert told(path)[0]


def test_the_table_is_for_a_spreadsheet_and_nothing_in_it_is_a_formula(day, session, tmp_path):
    place = session.scalars(select(Location)).one()
    place.name = "=HYPERLINK(1)"
    session.commit()
    files = content(export(session, day.crew.org_id, tmp_path))
    assert files["steps.csv"].startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(files["steps.csv"].decode("utf-8-sig"))))
    fridge = next(row for row in rows if row["Step"] == "Fridge temperature")
    assert fridge["Location"] == "'=HYPERLINK(1)"
    assert (fridge["Result"], fridge["Says"], fridge["Unit"]) == ("done", "38", "°F")
    assert any(row["Missed"] for row in rows)


def test_the_report_tells_the_trail_and_loads_nothing(day, session, tmp_path):
    day.crew.location.name = "<script>alert(1)</script>"
    session.commit()
    page = content(export(session, day.crew.org_id, tmp_path))["report.html"].decode()
    assert "Ana gave a reading “38”" in page
    assert "Handed from Ana to Ben, because it was not done in time." in page
    assert "</time><span>" not in page, "day and words must not run together on a phone"
    assert "<script" not in page
    assert "http" not in page


def test_an_export_is_itself_an_event_and_can_follow_another(day, session, tmp_path):
    first = export(session, day.crew.org_id, tmp_path)
    head = record_heads.latest(session, day.crew.org_id)
    assert "record.exported" in kinds(export(session, day.crew.org_id, tmp_path))
    assert told(export(session, day.crew.org_id, tmp_path, STEP), f"{head.seq}:{head.hash}")[0]
    assert told(first)[0]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Asked(process="Nothing"), "not_found"),
        (Asked(location="Nowhere"), "not_found"),
        (Asked(step="No such step"), "not_found"),
        (Asked(since=date(2026, 2, 1), until=date(2026, 1, 1)), "not_valid"),
    ],
)
def test_what_is_not_there_is_a_sentence(day, session, asked, code):
    with pytest.raises(Problem) as caught:
        record_export.find(session, day.crew.org_id, asked)
    assert caught.value.code == code


def test_another_organisation_s_process_is_not_there(day, session, clock):
    other = crew_of_a_daycare(session, clock.now(), name="Riverside")
    with pytest.raises(Problem):
        record_export.find(session, other.org_id, Asked(process="Opening check"))


def test_what_is_too_large_for_a_page_is_a_sentence_and_leaves_nothing_behind(day, session):
    part = record_export.find(session, day.crew.org_id, Asked())
    with pytest.raises(Problem) as caught, exporting.made(part, "baton", Limit(3, 10**9)):
        pass
    assert "Choose fewer days" in caught.value.detail
    assert not list(context.settings().data_dir.glob("export-*"))


def test_what_a_killed_export_left_goes_with_the_next_one(day, session, tmp_path):
    """One that is still being made, beside it, stays."""
    left, beside = (context.settings().data_dir / f"export-{each}" for each in ("left", "beside"))
    for each in (left, beside):
        (each / "reading").mkdir(parents=True)
    two_days_ago = time.time() - 2 * 86400
    os.utime(left, (two_days_ago, two_days_ago))
    export(session, day.crew.org_id, tmp_path)
    assert (left.exists(), beside.exists()) == (False, True)


def test_a_part_that_has_nothing_is_still_an_export_that_stands(day, session, tmp_path):
    path = export(session, day.crew.org_id, tmp_path, Asked(until=date(2020, 1, 1)))
    assert told(path)[0]
    assert b"No run belongs" in content(path)["report.html"]
    assert seq_of(lines(content(path))[0]) > 1
    assert os.path.getsize(path) < 50_000


def test_all_of_the_record_has_what_came_while_it_was_made(day, session, clock, tmp_path):
    org_id, photos = day.crew.org_id, context.settings().blob_dir
    part = record_export.find(session, org_id, Asked())
    reading = tmp_path / "reading"
    reading.mkdir()
    prepared = record_export.prepare(session, part, photos, reading, clock.now(), None)
    session.commit()
    day.uploads(photo("red"))
    head = record_heads.publish(session, org_id, clock.now())
    session.commit()
    sealed = record_export.seal(session, prepared, "baton", clock.now())
    session.commit()
    path = tmp_path / "record.zip"
    record_export.write(session, sealed, path)
    assert told(path, f"{head.seq}:{head.hash}") == told(path)
    assert told(path)[0]
    assert len([name for name in content(path) if name.startswith("photos/")]) == 2
