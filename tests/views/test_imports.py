"""Handing in an export on the page and through to the form of a process."""

import io
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from tests.factories import signed_in
from tests.importers import exports
from tests.importers.exports import asana, weekly
from webapp.extensions import db, limiter
from webapp.views import imports
from webapp.views.packed_draft import LONGEST, pack, unpack

FRIDAY = date(2026, 9, 4)
EXPORT = asana(
    *weekly("Safety walk", FRIDAY, 5, Assignee="Ana, Ben"), {"Name": "Paint <b>the</b> fence"}
)
START = {
    "organisation": "Little Oaks",
    "location": "Downtown",
    "time_zone": "America/Chicago",
    "name": "Mara",
    "email": "mara@example.org",
    "password": "four plain words here",
}


def hand_in(client, content=EXPORT, name="tasks.csv"):
    return client.post("/import", data={"file": (io.BytesIO(content), name)})


def hidden(page) -> str:
    return page.text.partition('name="draft" value="')[2].partition('"')[0]


def test_the_page_asks_for_a_file_and_names_every_tool(client):
    page = client.get("/import")
    assert page.status_code == 200
    for words in ("Asana", "Monday", "ClickUp", "Trello", "Linear", "Notion", 'type="file"'):
        assert words in page.text
    assert 'href="/import"' in client.get("/").text


def test_a_visitor_sees_the_drafts_with_their_evidence_and_nothing_is_kept(client, session):
    page = hand_in(client)
    assert page.status_code == 200
    for words in ("Safety walk", "Every Friday", "each 7 days apart", "Is Ben the backup?",
                  "Make this a process", "6 rows, 5 of them", "It comes up once"):  # fmt: skip
        assert words in page.text
    for table in db.metadata.sorted_tables:
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_a_tool_is_written_as_it_writes_itself_and_a_table_is_one(client):
    row = {"Task Name": "Safety walk", "Task ID": "1"}
    assert "read as ClickUp:" in hand_in(client, exports.clickup(row)).text
    table = b"Task,Owner\n" + b"Safety walk every Friday,Ana\n" * 3
    assert "read as a table:" in hand_in(client, table).text


def test_what_a_draft_does_not_know_is_answered_when_it_becomes_a_process(client):
    assert "You answer this when you make it a process." in hand_in(client).text


def test_what_an_export_says_is_never_markup(client):
    rows = weekly("<script>alert(1)</script> & walk", FRIDAY, 3, Assignee="<img src=x>")
    page = hand_in(client, asana(*rows), "<svg onload=1>.csv")
    assert page.status_code == 200
    for tag in ("<script>alert", "<img", "<svg onload"):
        assert tag not in page.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "There is nothing in this file"),
        (b"%PDF-1.7", "This is a PDF"),
        (exports.zipped(("../x.csv", EXPORT)), "leads out of it"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(client, content, words):
    page = hand_in(client, content)
    assert page.status_code == 422
    assert words in page.text
    assert 'id="file-error"' in page.text


def test_drafts_and_the_report_speak_the_language_of_who_reads_them(client):
    content = asana(
        *weekly("Safety walk", FRIDAY, 5, Assignee="Ana, Ben"),
        {"Name": ""},
        {"Name": "Paint the fence", "Parent task": "House"},
    )
    page = client.post("/import", data=_sent(content), headers=GERMAN).text
    assert "5 Fälligkeiten: 4. Sept., 11. Sept." in page
    assert "jeweils mit 7 Tagen Abstand" in page
    assert "Ana und Ben sind beide zugeteilt. Ist Ben die Vertretung?" in page
    assert "Kein Name." in page
    assert "„House“, die übergeordnete Aufgabe von Zeile" in page
    for english in ("days apart", "Which one person", "It has no name", "It comes up"):
        assert english not in page
    questions = unpack(hidden(client.post("/import", data=_sent(content), headers=GERMAN)))
    assert any("Vertretung" in each for each in questions["questions"])


GERMAN = {"Accept-Language": "de"}


def _sent(content: bytes) -> dict[str, object]:
    return {"file": (io.BytesIO(content), "tasks.csv")}


def test_no_file_at_all_is_asked_for(client):
    page = client.post("/import", data={})
    assert page.status_code == 422
    assert "Choose the file" in page.text


def test_more_than_25_mb_is_refused(client, monkeypatch):
    monkeypatch.setattr(imports, "LARGEST", 1000)
    monkeypatch.setattr(imports, "AROUND_IT", 1000)
    page = hand_in(client, EXPORT + b"x" * 5000)
    assert page.status_code == 413
    assert "over 25 MB" in page.text


def test_while_another_file_is_read_one_waits_and_is_told(client, monkeypatch):
    monkeypatch.setattr(imports, "PATIENCE", 0)
    with imports._one_at_a_time():
        assert hand_in(client).status_code == 503
    assert hand_in(client).status_code == 200


def test_too_many_files_in_a_minute_are_refused(client):
    limiter.enabled = True
    limiter.reset()
    codes = [hand_in(client).status_code for _ in range(7)]
    limiter.reset()
    assert codes == [200] * 6 + [429]


def test_signed_in_the_names_are_matched_to_the_people_here(app, session, crew, clock):
    client = signed_in(app, session, crew.olivia, clock.now())
    rows = weekly("Safety walk", FRIDAY, 5, Assignee=f"{crew.ana.name}x, Zoe Quill")
    page = hand_in(client, asana(*rows))
    assert "To be confirmed" in page.text
    assert "People who are not here" in page.text
    assert "Zoe Quill" in page.text


def test_a_manager_goes_on_to_the_form_filled_with_the_draft(app, session, crew, clock):
    client = signed_in(app, session, crew.olivia, clock.now())
    rows = weekly("Safety walk", FRIDAY, 5, Assignee=f"{crew.ana.name}, {crew.ben.name}")
    packed = hidden(hand_in(client, asana(*rows)))
    form = client.get("/processes/new", query_string={"draft": packed})
    assert form.status_code == 200
    assert 'value="Safety walk"' in form.text
    assert f'value="{crew.ana.id}" selected' in form.text
    assert f'value="{crew.ben.id}" selected' in form.text
    assert "By what time is it due?" in form.text


def test_a_visitor_keeps_the_draft_through_starting_an_organisation(client):
    packed = hidden(hand_in(client))
    page = client.post("/start", data={"draft": packed})
    assert "Your draft is kept" in page.text
    assert hidden(page) == packed
    assert hidden(client.post("/start", data={"organisation": "", "draft": packed})) == packed
    done = client.post("/start", data=START | {"draft": packed})
    assert done.status_code == 303
    assert parse_qs(urlsplit(done.location).query)["draft"] == [packed]
    assert 'value="Safety walk"' in client.get(done.location).text


def test_a_staff_member_makes_no_process_of_a_draft(app, session, crew, clock):
    client = signed_in(app, session, crew.ana, clock.now())
    assert "Make this a process" not in hand_in(client).text


def test_a_long_draft_fits_an_address_and_says_what_it_leaves_out():
    rows = [{"Title": "Weekly stock", "Description": "\n".join(
        f"- [ ] Step {n} of {hash((n, 'x')):x} things" for n in range(190))}]  # fmt: skip
    (draft,) = exports.read(exports.linear(*rows))["drafts"]
    packed = pack(draft)
    found = unpack(packed)
    assert len(packed) <= LONGEST
    assert found is not None
    assert 0 < len(found["steps"]) < 190
    assert "of 190 steps fit" in found["questions"][0]


@pytest.mark.parametrize("text", ["", "x", "!!!", "e30", "eJyrBgAAdQB6", "A" * 5000, "é"])
def test_an_address_that_holds_no_draft_is_passed_over(text):
    found = unpack(text)
    assert found is None or found["name"] is None


def test_the_api_gives_the_same_drafts_to_managers_only(app, session, crew, clock):
    client = signed_in(app, session, crew.olivia, clock.now())
    sent = {"data": {"file": (io.BytesIO(EXPORT), "tasks.csv")}, "headers": {"Baton-Client": "1"}}
    found = client.post("/api/v1/drafts/import", **sent)
    assert found.status_code == 200
    (draft,) = found.json["drafts"]
    assert draft["cadence"]["rrule"] == "FREQ=WEEKLY;BYDAY=FR"
    assert {each["written"] for each in draft["people"]} == {"Ana", "Ben"}
    assert found.json["report"]["rows_read"] == 6
    sent["data"] = {"file": (io.BytesIO(b"%PDF"), "x.pdf")}
    refused = client.post("/api/v1/drafts/import", **sent)
    assert (refused.status_code, refused.json["code"]) == (422, "import_not_recognised")
    sent["data"] = {"file": (io.BytesIO(EXPORT), "tasks.csv")}
    staff = signed_in(app, session, crew.ana, clock.now())
    assert staff.post("/api/v1/drafts/import", **sent).status_code == 403


def test_the_draft_is_kept_while_people_are_invited(app, session, crew, clock):
    client = signed_in(app, session, crew.olivia, clock.now())
    packed = hidden(hand_in(client))
    page = client.get("/people", query_string={"draft": packed})
    assert "Your draft is kept" in page.text
    assert f"/processes/new?draft={packed}" in page.text
