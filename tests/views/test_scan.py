"""The scan on its pages: screen by screen, without an account, to a read and a draft."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.views.pages import words, words_in
from tests.views.process_forms import value
from tests.views.test_sandbox import rows
from webapp.rules.fragility import ORDER
from webapp.views.fragility_words import BLAME, WHY

OWN = "Wash the floor"
ANSWERS: list[dict[str, Any]] = [
    {"kind": "daycare", "owner": "Mara", "people": "Maria, James"},
    {"task": ["Fridge temperatures", "Locking up", "Fire drill"], "own": OWN},
    {"often-3": "FREQ=DAILY"},
    {"who-0": "Maria", "who-1": "Maria", "who-2": "@owner", "who-3": "Maria"}
    | {"stand_in-0": "@nobody", "stand_in-1": "James", "stand_in-2": "@nobody"},
    {"known_by-0": "luck", "known_by-1": "proof", "known_by-2": "told"},
    {"missed-0": "month", "noticed_by-0": "outside", "missed-1": "never"},
    {"harm-0": "high", "harm-1": "some"},
    {"landed": ["0"], "away": "stops"},
]


def scanned(client: FlaskClient, answers: list[dict[str, Any]] = ANSWERS) -> Any:
    """The page of the read, after all screens."""
    for number, given in enumerate(answers, start=1):
        answer = client.post("/scan", data={"screen": number} | given)
        assert answer.status_code == 303, answer.text
    assert answer.location == "/scan/read"
    return client.get(answer.location)


def test_a_look_at_the_first_screen_keeps_nothing(client: FlaskClient, session: Session) -> None:
    page = client.get("/scan")
    assert page.status_code == 200
    assert "What kind of business is it?" in page.text
    assert rows(session) == 0


def test_the_first_screen_says_what_to_bring_and_leads_to_an_example(
    client: FlaskClient, session: Session
) -> None:
    page = client.get("/scan").text
    for shown in ("What to bring", 'href="/import"', "Where each tool makes its export", "Trello"):
        assert shown in page
    assert 'href="/scan/example"' in page
    example = client.get("/scan/example")
    assert "It can do serious harm and leaves no proof. Nobody would notice" in words(example)
    assert "Begin the scan" in example.text
    assert rows(session) == 0


def test_drafts_that_were_kept_before_come_along_with_whom_they_name(client: FlaskClient) -> None:
    sentence = "Every Monday at 9 Lin counts the till, backup Kim"
    client.post("/sandbox/drafts", data={"sentence": sentence})
    page = client.get("/scan")
    assert "1 draft that you have kept comes along." in words(page)
    assert value(page, "people") == "Kim, Lin"
    client.post("/scan", data={"screen": "1", "owner": "Kim", "people": "Lin"})
    assert 'value="Count the till"' in client.get("/scan?screen=2").text
    client.post("/scan", data={"screen": "2", "task": "Count the till"})
    page = client.get("/scan?screen=4").text
    assert re.search(r'name="who-0" value="Lin" checked', page)
    assert re.search(r'name="stand_in-0" value="@owner" checked', page)
    page = client.get(client.post("/scan/drafts", data={"task": "0"}).location)
    assert (value(page, "responsible"), value(page, "backup")) == ("Lin", "Kim")


def test_the_read_says_the_worst_first_with_both_numbers_and_a_draft(client: FlaskClient) -> None:
    page = scanned(client)
    counted = re.findall(r"<li><b>(.*?)</b>", page.text)
    assert counted == [
        "1 of 1 recurring tasks that can do serious harm leaves no proof.",
        "Maria alone does 3 of 4 recurring tasks.",
        "2 of 3 recurring tasks have nobody named to take over.",
        "2 of 3 recurring tasks leave nothing that shows they were done.",
        "2 of 4 recurring tasks fall to the owner.",
        "1 of 2 recurring tasks was missed in the last month.",
    ]
    assert "and much would stand still" in page.text


def test_the_read_names_each_task_once_with_all_that_is_weak_and_a_draft(
    client: FlaskClient,
) -> None:
    page = scanned(client).text
    names = re.findall(r"<h3>(.*?)</h3>", page)
    assert names == ["Fridge temperatures", "Fire drill", "Locking up", OWN]
    worst = words_in(page.partition('<li class="weak">')[2].partition("</form>")[0])
    for weak in (
        "It can do serious harm and leaves no proof. Nobody would notice for days.",
        "Much else hangs on the same person.",
        "Nobody is named to take over. Maria does it.",
        "It was missed in the last month.",
    ):
        assert weak in worst
    assert page.count("Open the draft that would mend it") == len(names)


def test_an_owner_who_is_not_named_is_nobody_in_the_draft(client: FlaskClient) -> None:
    scanned(client, [{"people": "Maria, James"}, *ANSWERS[1:]])
    page = client.get(client.post("/scan/drafts", data={"task": "2"}).location)
    assert value(page, "responsible") == ""
    assert "You named Maria and James." in page.text
    assert "By what time is it due?" in page.text
    assert "The owner cannot" not in page.text


def test_the_draft_that_mends_opens_in_the_builder(client: FlaskClient) -> None:
    scanned(client)
    answer = client.post("/scan/drafts", data={"task": "0"})
    page = client.get(answer.location)
    assert value(page, "name") == "Fridge temperatures"
    assert (value(page, "responsible"), value(page, "backup")) == ("Maria", "")
    assert "Who takes over when Maria cannot?" in page.text
    assert '<option value="James">' in page.text
    assert client.post("/scan/drafts", data={"task": "0"}).location == answer.location


def test_what_was_answered_stands_in_the_screens_again(client: FlaskClient) -> None:
    scanned(client)
    assert value(client.get("/scan"), "people") == "Maria, James"
    page = client.get("/scan?screen=2").text
    assert 'value="Fire drill" checked' in page
    assert f">{OWN}</textarea>" in page
    assert 'value="luck" checked' in client.get("/scan?screen=5").text


def test_without_a_task_it_asks_for_one(client: FlaskClient) -> None:
    page = client.post("/scan", data={"screen": "2"})
    assert page.status_code == 422
    assert "Tap or type at least one task." in page.text
    assert "What comes round again and again?" in client.get("/scan?screen=7").text
    assert client.get("/scan/read").location == "/scan"


@pytest.mark.parametrize("screen", ["0", "-1", "99", "x", "٣", ""])
def test_a_screen_that_is_none_is_no_fault(client: FlaskClient, screen: str) -> None:
    assert client.get(f"/scan?screen={screen}").status_code == 200
    assert client.post("/scan", data={"screen": screen}).status_code in (303, 422)


@pytest.mark.parametrize("task", ["", "-1", "9", "x", "٣"])
def test_a_task_that_is_none_is_not_found(client: FlaskClient, task: str) -> None:
    scanned(client)
    assert client.post("/scan/drafts", data={"task": task}).status_code == 404


def test_nobody_elses_answers_are_read(app: Any, client: FlaskClient) -> None:
    scanned(client)
    page = app.test_client().get("/scan/read")
    assert page.status_code == 410
    assert "Begin again" in page.text


def test_answers_that_know_nothing_give_a_read_that_says_so(client: FlaskClient) -> None:
    page = scanned(client, [{}, {"own": OWN}, {}, {}, {}, {}, {}, {}])
    assert "Of 1 recurring task nothing weak is known from your answers." in words(page)


def test_what_is_typed_is_shown_as_text(client: FlaskClient) -> None:
    page = scanned(client, [{}, {"own": "<script>alert(1)</script>"}, *ANSWERS[2:]])
    assert "<script>alert" not in page.text


def test_every_kind_says_why_it_matters_and_what_is_weak_about_a_task() -> None:
    assert set(ORDER) == set(WHY) == set(BLAME)
