"""A visitor has the same draft open in two windows: neither undoes what the other one kept."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.views.pages import words
from tests.views.process_forms import Fields, titles, told, value
from tests.views.test_sandbox import ZONE, kept

Sent = dict[str, Any]


@pytest.fixture
def draft(client: FlaskClient) -> str:
    """A draft of Maria's and James', due at 09:00, that is ready to run."""
    address = kept(client)
    client.post(address, data=opened(client, address) | ZONE)
    return address


def opened(client: FlaskClient, address: str) -> Sent:
    """What a window that is opened now would send."""
    return sent_by(client.get(address))


def sent_by(page: Any) -> Sent:
    return Fields(page.text).sent.to_dict(flat=False) | {"action": "save"}


def test_what_two_windows_changed_in_different_places_is_joined_and_said(
    client: FlaskClient, draft: str
) -> None:
    window = opened(client, draft)
    client.post(draft, data=opened(client, draft) | {"deadline": "09:30", "backup": "Kim"})
    saved = client.post(draft, data=window | {"name": "Leads", "step-1-title": "Call them"})
    said = words(client.get(saved.location))
    assert "This holds what you changed meanwhile in another window, too: Deadline: 09:30" in said
    assert "Backup: Kim, was James" in said
    page = client.get(draft)
    assert (value(page, "name"), value(page, "deadline")) == ("Leads", "09:30")
    assert (value(page, "backup"), titles(page)[0]) == ("Kim", "Call them")
    assert "another window" not in words(client.get("/sandbox"))


def test_the_time_zone_of_one_window_is_not_undone_by_another(
    client: FlaskClient, draft: str
) -> None:
    window = opened(client, draft)
    zone = {"time_zone": "Europe/Lisbon"}
    client.post(draft, data=opened(client, draft) | zone)
    client.post(draft, data=window | {"name": "Leads"})
    page = client.get(draft)
    assert 'value="Europe/Lisbon" selected' in page.text
    clash = client.post(draft, data=window | {"time_zone": "Europe/Berlin"})
    assert "Time zone of your place: Europe/Lisbon, was America/Chicago." in words(clash)


def test_steps_added_in_two_windows_are_both_kept_and_one_sent_twice_once(
    client: FlaskClient, draft: str
) -> None:
    window, count = opened(client, draft), len(titles(client.get(draft)))
    at = f"step-{count + 1}-"
    more = {f"{at}key": "", f"{at}proof": "note"}
    client.post(draft, data=opened(client, draft) | more | {f"{at}title": "Ring them"})
    mine = window | more | {f"{at}title": "Write to them"}
    client.post(draft, data=mine)
    client.post(draft, data=mine)
    assert titles(client.get(draft))[count:] == ["Write to them", "Ring them"]


@pytest.fixture
def clashing(client: FlaskClient, draft: str) -> Any:
    window = opened(client, draft)
    client.post(draft, data=opened(client, draft) | {"deadline": "09:30", "review": "all"})
    return client.post(draft, data=window | {"deadline": "09:20", "name": "Leads"})


def test_what_both_windows_changed_is_not_kept_but_told_with_all_that_was_typed(
    client: FlaskClient, clashing: Any, draft: str
) -> None:
    assert clashing.status_code == 409
    assert "You changed this meanwhile in another window. Nothing is saved yet." in words(clashing)
    said = "Changed meanwhile in another window. Deadline: 09:30, was 09:00."
    assert told(clashing, "deadline") == said
    assert (value(clashing, "deadline"), value(clashing, "name")) == ("09:20", "Leads")
    assert value(client.get(draft), "deadline") == "09:30"


def test_saving_once_more_keeps_mine_and_what_only_the_other_changed(
    client: FlaskClient, clashing: Any, draft: str
) -> None:
    assert client.post(draft, data=sent_by(clashing)).status_code == 303
    now = opened(client, draft)
    assert (now["deadline"], now["name"], now["review"]) == (["09:20"], ["Leads"], ["all"])


def test_theirs_is_taken_by_one_press_and_another_button_keeps_nothing_yet(
    client: FlaskClient, clashing: Any, draft: str
) -> None:
    page = client.post(draft, data=sent_by(clashing) | {"action": "add_step"})
    assert told(page, "deadline").startswith("Changed meanwhile in another window.")
    assert value(client.get(draft), "name") != "Leads"
    [name] = re.findall(r'name="action" value="(theirs:.*?)"', clashing.text)
    page = client.post(draft, data=sent_by(clashing) | {"action": name})
    assert (value(page, "deadline"), value(page, "name")) == ("09:30", "Leads")
    assert "What you changed in another window is in the form now." in words(page)
    client.post(draft, data=sent_by(page))
    assert value(client.get(draft), "name") == "Leads"


@pytest.mark.parametrize(
    "base",
    [
        "",
        "no form",
        "[]",
        '{"steps": 3}',
        '{"steps": [{"title": 1, "proof": "smell", "only_if": "full moon"}], "review": "never"}',
        '{"cadence_kind": "words", "cadence_text": "now and then", "wording": "x"}',
        "[" * 5000,
    ],
)
def test_a_base_that_is_anything_breaks_nothing(client: FlaskClient, draft: str, base: str) -> None:
    answer = client.post(draft, data=opened(client, draft) | {"base": base, "name": "Leads"})
    assert answer.status_code in (303, 409)
