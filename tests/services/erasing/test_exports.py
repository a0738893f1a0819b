"""What was erased stays erased in what is handed on, and the export says so and stands."""

import json

import pytest

from tests.services.erasing.traces import erases, leaves
from tests.services.exports import ALL, changed, content, export, lines, told, worked
from webapp.models import Blob
from webapp.services import erasure
from webapp.services.erasure import photos


@pytest.fixture
def day(session, clock, crew):
    return worked(session, clock, crew)


def erased_photo(day) -> str:
    """The only photo goes, as it does after some months."""
    (sent,) = (blob.sha256 for blob in day.session.query(Blob))
    org_id, now = day.crew.org_id, day.clock.now()
    photos.mark(day.session, org_id, [sent], now, 12)
    erasure.note(day.session, org_id, "baton", now, "retention", photos=[sent])
    day.session.commit()
    return sent


def test_an_erased_photo_is_listed_with_its_date_and_the_export_stands(day, session, tmp_path):
    sent = erased_photo(day)
    path = export(session, day.crew.org_id, tmp_path, ALL)
    files = content(path)
    assert told(path)[0]
    assert json.loads(files["manifest.json"])["photos"][sent]["erased"].startswith("2026-11-2")
    assert b"A photo or file was erased on 2026-11-2" in files["report.html"]
    assert b" (erased)," in files["steps.csv"]
    assert not [name for name in files if name.startswith("photos/")]


def test_a_photo_that_is_gone_without_an_erasing_is_named(day, session, tmp_path):
    (sent,) = (blob.sha256 for blob in session.query(Blob))
    photos.mark(session, day.crew.org_id, [sent], day.clock.now(), 12)
    session.commit()
    stands, said = told(export(session, day.crew.org_id, tmp_path, ALL))
    assert (stands, "names a photo that is missing" in said[0]) == (False, True)


def test_an_erased_person_is_in_no_file_of_an_export_and_it_stands(day, session, tmp_path):
    leaves(day)
    erases(day)
    path = export(session, day.crew.org_id, tmp_path, ALL)
    files = content(path)
    assert told(path)[0], told(path)[1]
    for name in ("events.jsonl", "report.html", "steps.csv", "manifest.json"):
        assert b"Ana" not in files[name]
    assert b"What this event said was erased." in files["report.html"]


def test_words_taken_out_of_an_export_do_not_pass_for_erased(day, session, tmp_path):
    path = export(session, day.crew.org_id, tmp_path, ALL)
    assert told(path)[0]

    def empty(events):
        return [*events[:3], events[3] | {"payload": None, "salt": None}, *events[4:]]

    seq = json.loads(lines(content(path))[3]["facts"])["seq"]
    said = told(changed(path, empty))[1]
    assert f"Event {seq} is empty, and no event tells of an erasing." in said
