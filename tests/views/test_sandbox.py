"""A visitor's sandbox: theirs alone, for a week, without an account."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.views.process_forms import Fields, titles, told, value
from webapp.extensions import db, limiter
from webapp.models import Sandbox
from webapp.services import sandboxes

SENTENCE = "Every weekday before 9 Maria follows up with new leads; sometimes James covers"
ZONE = {"time_zone": "America/Chicago"}


def kept(client: FlaskClient, sentence: str = SENTENCE) -> str:
    """The address of the builder with the draft of this sentence."""
    answer = client.post("/sandbox/drafts", data={"sentence": sentence})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def sent(client: FlaskClient, address: str, **more: Any) -> Any:
    """What the page answers when its form is sent with these fields instead."""
    fields = Fields(client.get(address).text).sent
    return client.post(address, data=fields.to_dict(flat=False) | more)


def rows(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Sandbox)) or 0


def test_a_typed_task_opens_in_the_builder_with_names_instead_of_accounts(
    client: FlaskClient,
) -> None:
    page = client.get(kept(client))
    assert value(page, "name") == "Follow up with new leads"
    assert (value(page, "responsible"), value(page, "backup")) == ("Maria", "James")
    assert value(page, "deadline") == "09:00"
    assert '<option value="Maria">' in page.text
    assert "until Monday 30 November" in page.text


def test_a_look_at_an_empty_sandbox_keeps_nothing(client: FlaskClient, session: Session) -> None:
    answer = client.get("/sandbox")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert rows(session) == 0


def test_a_finished_draft_is_kept_and_ready_to_run(client: FlaskClient) -> None:
    address = kept(client)
    answer = sent(client, address, **ZONE)
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert "Ready to run." in page.text
    assert "Kept." in page.text


def test_an_unfinished_draft_is_kept_and_says_what_it_needs(client: FlaskClient) -> None:
    address = kept(client, "Every Friday Lee cleans the grill")
    page = sent(client, address)
    assert page.status_code == 422
    assert told(page, "backup") == "Name one backup who takes over when it is missed."
    assert told(page, "deadline") == "Say by what time it must be done, like 07:15."
    assert told(page, "time_zone") == "Choose the time zone of your place."
    assert "Your draft is kept" in page.text
    sent(client, address, backup="Kim")
    assert value(client.get(address), "backup") == "Kim"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"responsible": "the team"}, "responsible"),
        ({"backup": "Ana or Ben"}, "backup"),
        ({"backup": "maria"}, "backup"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"name": ""}, "name"),
        ({"step-1-title": ""}, "step-1-title"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    client: FlaskClient, fields: dict[str, str], field: str
) -> None:
    page = sent(client, kept(client), **ZONE | fields)
    assert page.status_code == 422
    assert told(page, field)


def test_the_buttons_of_the_builder_keep_what_was_typed(client: FlaskClient) -> None:
    address = kept(client)
    sent(client, address, action="add_step", **{"step-1-title": "Call"})
    page = sent(client, address, action="dates", **ZONE | {"step-2-title": "Write it down"})
    assert titles(page) == ["Call", "Write it down"]
    assert "Tuesday 24 November 2026, 09:00" in page.text
    assert titles(client.get(address)) == ["Call", "Write it down"]


def test_a_name_can_be_written_anew_and_is_else_written_alike(client: FlaskClient) -> None:
    address = kept(client)
    sent(client, address, backup="james")
    assert value(client.get(address), "backup") == "james"
    sent(client, address, backup="James")
    assert value(client.get(address), "backup") == "James"
    other = kept(client, "Every Monday at 9 Lin counts the till, backup Kim")
    sent(client, other, backup="JAMES")
    assert value(client.get(other), "backup") == "James"


def test_what_follows_from_the_typing_is_shown_and_not_kept(client: FlaskClient) -> None:
    address = kept(client)
    fields = Fields(client.get(address).text).sent.to_dict(flat=False)
    page = client.post(f"{address}/live", data=fields | ZONE | {"backup": "", "name": "Leads"})
    assert "Tuesday 24 November 2026, 09:00" in page.text
    assert "Name one backup who takes over when it is missed." in page.text
    again = client.get(address)
    assert (value(again, "backup"), value(again, "name")) == ("James", "Follow up with new leads")
    assert "Tuesday 24 November" not in again.text


def test_an_opening_of_the_day_before_is_told_to_a_visitor_too(client: FlaskClient) -> None:
    address = kept(client)
    fields = Fields(client.get(address).text).sent.to_dict(flat=False)
    page = client.post(f"{address}/live", data=fields | ZONE | {"opens": "10:00"})
    assert "Opens at 10:00 the day before, due at 09:00." in page.text
    assert "It opens at 10:00 the day before, 23 hours before it is due at 09:00." in page.text


def test_an_export_goes_the_same_way(client: FlaskClient) -> None:
    export = b"Name,Assignee,Due Date,Completed At\n" + b"".join(
        b"Check the fridge,Ana,2026-11-%02d,2026-11-%02d\n" % (day, day) for day in range(2, 20)
    )
    from io import BytesIO

    page = client.post("/import", data={"file": (BytesIO(export), "tasks.csv")})
    packed = re.search(r'name="draft" value="([^"]+)"', page.text)
    assert packed
    answer = client.post("/sandbox/drafts", data={"draft": packed[1]})
    assert value(client.get(answer.location), "responsible") == "Ana"


def test_nobody_else_sees_a_visitors_drafts(app: Any, client: FlaskClient) -> None:
    address = kept(client)
    other = app.test_client()
    assert other.get(address).status_code == 410
    kept(other, "Every Monday at 9 Lin counts the till, backup Kim")
    assert other.get(address).status_code == 404
    assert other.post(f"{address}/remove").status_code == 404
    assert "Follow up" not in other.get("/sandbox").text
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("token", ["nonsense", "", "a.b", "é", "x" * 3000])
def test_a_forged_cookie_opens_nothing(app: Any, client: FlaskClient, token: str) -> None:
    address = kept(client)
    thief = app.test_client()
    thief.set_cookie("baton-sandbox", token)
    assert thief.get(address).status_code == 410


def test_the_id_alone_opens_nothing(app: Any, client: FlaskClient, session: Session) -> None:
    address = kept(client)
    thief = app.test_client()
    thief.set_cookie("baton-sandbox", session.scalars(select(Sandbox.id)).one())
    page = thief.get(address)
    assert page.status_code == 410
    assert "Begin again" in page.text


def test_after_a_week_it_has_ended_with_a_kind_sentence(
    client: FlaskClient, clock: FixedClock
) -> None:
    address = kept(client)
    clock.advance(days=7)
    page = client.get(address)
    assert page.status_code == 410
    assert "kept for a week" in page.text
    assert "Begin again" in page.text
    assert client.get("/sandbox").status_code == 200


def test_the_sweep_leaves_nothing_of_what_has_expired(
    client: FlaskClient, session: Session, clock: FixedClock
) -> None:
    kept(client)
    assert sandboxes.sweep(session, clock.now()) == 0
    clock.advance(days=7)
    assert sandboxes.sweep(session, clock.now(), dry_run=True) == 1
    assert sandboxes.sweep(session, clock.now()) == 1
    assert rows(session) == 0


def test_who_comes_back_after_it_ended_begins_a_new_one(
    client: FlaskClient, clock: FixedClock
) -> None:
    kept(client)
    clock.advance(days=8)
    assert client.get(kept(client)).status_code == 200


def test_one_draft_or_all_can_be_deleted(client: FlaskClient, session: Session) -> None:
    first = kept(client)
    kept(client, "Every Monday at 9 Lin counts the till, backup Kim")
    client.post(f"{first}/remove")
    assert "Follow up" not in client.get("/sandbox").text
    answer = client.post("/sandbox/forget")
    assert (answer.status_code, rows(session)) == (303, 0)
    assert client.get("/sandbox").status_code == 200


def test_it_takes_so_many_drafts_and_no_more(client: FlaskClient) -> None:
    for _ in range(sandboxes.MOST_DRAFTS):
        kept(client)
    answer = client.post("/sandbox/drafts", data={"sentence": SENTENCE})
    assert answer.status_code == 422
    assert "no room" in answer.text


def test_a_draft_too_large_to_keep_is_refused_in_words(client: FlaskClient) -> None:
    address = kept(client)
    page = sent(client, address, **{"step-1-instructions": "x" * sandboxes.LARGEST})
    assert page.status_code == 422
    assert value(client.get(address), "name") == "Follow up with new leads"


def test_so_many_visitors_and_no_more(client: FlaskClient, monkeypatch: Any) -> None:
    monkeypatch.setattr(sandboxes, "MOST_AT_ONCE", 1)
    kept(client)
    client.delete_cookie("baton-sandbox")
    answer = client.post("/sandbox/drafts", data={"sentence": SENTENCE})
    assert answer.status_code == 503
    assert "Try again in a while" in answer.text


def test_keeping_is_limited(client: FlaskClient) -> None:
    limiter.enabled = True
    limiter.reset()
    data = {"sentence": ""}
    codes = [client.post("/sandbox/drafts", data=data).status_code for _ in range(61)]
    assert codes == [422] * 60 + [429]


def test_nothing_of_it_lies_anywhere_else(client: FlaskClient, session: Session) -> None:
    sent(client, kept(client), **ZONE)
    counted = {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in db.metadata.sorted_tables
    }
    assert {name for name, count in counted.items() if count} == {"sandbox"}


def test_the_cookie_is_for_the_server_alone_and_ends_with_the_week(client: FlaskClient) -> None:
    answer = client.post("/sandbox/drafts", data={"sentence": SENTENCE})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert f"Max-Age={int(timedelta(days=7).total_seconds())}" in cookie


def test_a_finished_draft_is_rehearsed_as_if_everybody_had_a_phone(client: FlaskClient) -> None:
    address = kept(client)
    sent(client, address, **ZONE)
    page = client.get(f"{address}/rehearsal")
    assert page.status_code == 200
    assert "James hears at 09:10, the owner at 09:40" in page.text
    assert "It moves to the owner, because James did not get to it. The owner is told" in page.text
    again = client.get(f"{address}/rehearsal?away=James&silent=@owner").text
    assert "Dead end" in again
    assert 'value="James" checked' in again


def test_a_drafts_rehearsal_lets_choose_the_days_and_keeps_who_is_away(
    client: FlaskClient,
) -> None:
    address = kept(client)
    sent(client, address, **ZONE)
    page = unescape(client.get(f"{address}/rehearsal?away=James&days=14").text)
    assert re.search(r'\?days=14&away=James" aria-current="page">14 days</a>', page)
    assert re.search(r'\?days=30&away=James">30 days</a>', page)
    assert '<input type="hidden" name="days" value="14">' in page
    assert "The same on 9 other days" in page
    assert client.get(f"{address}/rehearsal?days=soon").status_code == 422
    assert client.get(f"{address}/rehearsal?days=401").status_code == 422


def test_an_unfinished_draft_is_asked_for_what_it_lacks_first(client: FlaskClient) -> None:
    address = kept(client)
    assert client.get(f"{address}/rehearsal").location == address


def test_a_name_that_nobody_has_plays_nothing_else(client: FlaskClient) -> None:
    address = kept(client)
    sent(client, address, **ZONE)
    page = client.get(f"{address}/rehearsal?away=Nobody&silent=%00")
    assert "James hears at 09:10" in page.text


TWO_TASKS = "Every Monday at 9 Lin counts the till.\nEvery Friday at 17:00 Kim cleans the grill."


def test_all_drafts_of_a_paragraph_are_kept_at_once_and_only_once(client: FlaskClient) -> None:
    page = client.post("/draft", data={"sentence": TWO_TASKS}, follow_redirects=True).text
    assert 'action="/sandbox/drafts/all"' in page
    for _again in range(2):
        answer = client.post("/sandbox/drafts/all", data={"sentence": TWO_TASKS})
        assert (answer.status_code, answer.location) == (303, "/sandbox")
        names = re.findall(r"<h2><a [^>]*>(.*?)</a>", client.get(answer.location).text)
        assert names == ["Count the till", "Clean the grill"]
    assert "2 drafts: Count the till and Clean the grill." in client.get("/start").text


def test_one_draft_alone_is_not_offered_as_all_of_them(client: FlaskClient) -> None:
    page = client.post("/draft", data={"sentence": SENTENCE}, follow_redirects=True).text
    assert "/sandbox/drafts/all" not in page


def test_no_words_are_no_drafts_to_keep(client: FlaskClient, session: Session) -> None:
    answer = client.post("/sandbox/drafts/all", data={"sentence": " "})
    assert (answer.status_code, rows(session)) == (422, 0)


def test_typed_words_that_give_no_dates_say_why_and_the_example_of_the_page_does(
    client: FlaskClient,
) -> None:
    address = kept(client)
    example = re.search(r"For example: (every [^.]+)\.", client.get(address).text)
    assert example
    typed = ZONE | {"action": "dates", "cadence_kind": "words"}
    page = sent(client, address, **typed, cadence_text="every second Tuesday")
    dates = page.text.partition('id="dates"')[2].partition("</div>")[0]
    assert "does not say one thing clearly" in dates
    page = sent(client, address, **typed, cadence_text=example[1])
    dates = page.text.partition('id="dates"')[2].partition("</div>")[0]
    assert "does not say one thing clearly" not in dates
    assert dates.count("Tuesday") == 10


def test_a_draft_that_is_two_by_an_answer_is_kept_as_two(client: FlaskClient) -> None:
    sentence = "Every weekday Maria checks the fridge and the grill on Fridays"
    given = {"sentence": sentence, "start": "0", "end": str(len(sentence))}
    answer = client.post("/sandbox/drafts", data=given | {"answer second": "two processes"})
    assert value(client.get(answer.location), "name") == "Check the fridge"
    page = client.get("/sandbox").text
    assert "Check the fridge" in page
    assert "Check the grill" in page
