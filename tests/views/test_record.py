"""The page of the record: its head, a check, and parts of it as a download."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from tests.factories import crew_of_a_daycare, signed_in
from tests.services.exports import told, worked
from webapp.models import Event
from webapp.services import record_heads, stamps


@pytest.fixture
def day(session, clock, crew):
    return worked(session, clock, crew)


@pytest.fixture
def owner(app, session, day, clock):
    return signed_in(app, session, day.crew.olivia, clock.now())


def test_it_shows_the_newest_head_to_copy(owner, session, day):
    head = record_heads.latest(session, day.crew.org_id)
    page = owner.get("/record").text
    assert f"<code>{head.seq}:{head.hash}</code>" in page
    assert "It does not show that a photo shows what somebody says" in page


def test_before_the_first_head_it_says_so(app, session, clock, crew):
    page = signed_in(app, session, crew.olivia, clock.now()).get("/record").text
    assert "No head was published yet." in page


def test_a_press_checks_it_all_against_a_head(owner, session, day):
    head = record_heads.latest(session, day.crew.org_id)
    assert "All of it stands" in owner.post("/record/verify").text
    page = owner.post("/record/verify", data={"head": f"{head.seq}:{head.hash}"}).text
    assert "nothing up to there was written anew" in page
    page = owner.post("/record/verify", data={"head": f"{head.seq}:{'0' * 64}"}).text
    assert f"Event {head.seq} is not the one that the head names" in page


def test_a_touched_event_is_named_on_the_page(owner, session):
    for trigger in ("update", "delete", "replace"):
        session.execute(text(f"DROP TRIGGER event_no_{trigger}"))
    session.execute(text("UPDATE event SET kind = 'x' WHERE seq = 2"))
    session.commit()
    page = owner.post("/record/verify").text
    assert "Something does not stand." in page
    assert "Event 2 has been changed." in page


@pytest.mark.parametrize("head", ["5", "x:y", "<script>", "5:" + "g" * 64, "9" * 5000])
def test_a_head_that_is_none_comes_back_with_a_sentence(owner, head):
    answer = owner.post("/record/verify", data={"head": head})
    assert answer.status_code == 422
    assert "Write a head as its number" in answer.text
    assert "<script>" not in answer.text


def test_an_export_is_a_zip_that_stands(owner, day, session, tmp_path):
    path = tmp_path / "out.zip"
    asked = {"process": "Opening check", "from": "2026-11-23"}
    with owner.post("/record/export", data=asked) as answer:
        path.write_bytes(answer.data)
    head = record_heads.latest(session, day.crew.org_id)
    assert answer.headers["Baton-Record-Head"] == f"{head.seq}:{head.hash}"
    assert f"record-{head.seq}.zip" in answer.headers["Content-Disposition"]
    assert told(path, f"{head.seq}:{head.hash}")[0]
    noted = session.get(Event, (day.crew.org_id, head.seq - 1))
    assert (noted.kind, noted.actor) == ("record.exported", day.crew.olivia.id)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"from": "yesterday"}, "Write the day like 2026-11-23."),
        ({"from": "2026-02-01", "until": "2026-01-01"}, "The last day comes before the first."),
        ({"step": "No such step"}, "No step is called No such step."),
        ({"process": "\x00" * 3}, "Nothing here is called"),
        ({"until": "9999-12-31"}, None),
        ({"from": "0001-01-01", "until": "9999-12-31"}, None),
    ],
)
def test_what_makes_no_sense_is_a_sentence(owner, data, said):
    with owner.post("/record/export", data=data) as answer:
        if said is None:
            assert answer.mimetype == "application/zip"
        else:
            assert (answer.status_code in (404, 422), said in answer.text) == (True, True)


def test_the_page_of_a_process_leads_to_its_record(owner, session, day):
    process = day.step.run.process
    page = owner.get(f"/processes/{process.id}").text
    assert f"/record?process={process.id}#hand-on" in page.replace("&amp;", "&")
    assert f'value="{process.id}" selected' in owner.get(f"/record?process={process.id}").text


def test_the_api_gives_the_same_zip(owner, day, session, tmp_path):
    with owner.post("/api/v1/record/exports", json={"step": "Fridge temperature"}) as answer:
        assert answer.mimetype == "application/zip"
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            assert "verify.py" in archive.namelist()
    refused = owner.post("/api/v1/record/exports", json={"location": "Nowhere"})
    assert (refused.status_code, refused.json["code"]) == (404, "not_found")
    for body in ({"from": "soon"}, {"from": 5}, {"process": "x" * 5000}, []):
        assert owner.post("/api/v1/record/exports", json=body).status_code == 422


def test_the_api_checks_a_head_from_elsewhere(owner, session, day):
    head = record_heads.latest(session, day.crew.org_id)
    address = "/api/v1/record/verify?head="
    assert owner.get(f"{address}{head.seq}:{head.hash}").json["ok"] is True
    other = owner.get(f"{address}{head.seq}:{'0' * 64}").json
    assert (other["ok"], other["seq"]) == (False, head.seq)
    assert owner.get(f"{address}nothing").status_code == 422


def test_nobody_hands_on_what_belongs_to_others(app, session, clock, day):
    other = crew_of_a_daycare(session, clock.now(), name="Riverside")
    stranger = signed_in(app, session, other.olivia, clock.now())
    process = day.step.run.process_id
    assert stranger.post("/api/v1/record/exports", json={"process": process}).status_code == 404
    for who in (day.crew.maya, day.crew.ana):
        browser = signed_in(app, session, who, clock.now())
        assert browser.post("/record/export").status_code == 403
        assert browser.get("/record").status_code == 403


def stamp(session, clock, day) -> int:
    """The newest head is stamped by an authority with a name that is up to no good."""
    (due,) = stamps.due(session, clock.now())
    stamps.claim(session, due, clock.now())
    stamps.keep(session, due, b"answer", datetime(2026, 11, 24, 9, 5, tzinfo=UTC), "<b>Office</b>")
    session.commit()
    return due.seq


def test_it_says_when_the_newest_head_was_stamped_and_by_whom(owner, session, clock, day):
    stamp(session, clock, day)
    page = owner.get("/record").text
    assert "Stamped on Tuesday 24 November 2026 at 09:05 UTC by &lt;b&gt;Office&lt;/b&gt;." in page


def test_of_a_newer_head_it_says_that_only_the_one_before_is_stamped(owner, session, clock, day):
    seq = stamp(session, clock, day)
    record_heads.publish(session, day.crew.org_id, clock.now())
    session.commit()
    said = f"Head {seq} before it was stamped on Tuesday 24 November 2026 at 09:05 UTC by &lt;b&gt;"
    page = owner.get("/record").text
    assert said in page
    assert "It has no time stamp yet." not in page


def test_where_an_authority_is_set_it_says_that_a_stamp_is_still_to_come(app, owner):
    assert "time stamp" not in owner.get("/record").text
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, timestamp_url="http://stamps.example/")
    assert "It has no time stamp yet. Baton goes on asking for one." in owner.get("/record").text
