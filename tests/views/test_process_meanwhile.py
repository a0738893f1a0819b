"""Two people have the form of the same process open: neither undoes what the other one saved."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, signed_in
from tests.views.pages import words
from tests.views.process_forms import Fields, filled, the_draft, titles, told, value
from webapp.services.definitions import ProcessDraft

Sent = dict[str, Any]


@pytest.fixture
def olivia(app: Any, session: Session, crew: Crew, clock: FixedClock) -> FlaskClient:
    return signed_in(app, session, crew.olivia, clock.now())


@pytest.fixture
def maya(app: Any, session: Session, crew: Crew, clock: FixedClock) -> FlaskClient:
    return signed_in(app, session, crew.maya, clock.now())


@pytest.fixture
def edit(olivia: FlaskClient, crew: Crew) -> str:
    """The form of a process due at 07:15."""
    return f"{olivia.post('/processes/new', data=filled(crew)).location}/edit"


def opened(client: FlaskClient, edit: str) -> Sent:
    """What a tab that is opened now would send."""
    return sent_by(client.get(edit))


def sent_by(page: Any) -> Sent:
    return Fields(page.text).sent.to_dict(flat=False) | {"action": "save"}


def minutes(draft: ProcessDraft) -> dict[str, int]:
    return {level.role: level.wait_minutes for level in draft.chain}


def test_a_form_that_nobody_touched_changes_nothing_of_what_was_saved_meanwhile(
    olivia: FlaskClient, session: Session, edit: str
) -> None:
    tab = opened(olivia, edit)
    olivia.post(edit, data=opened(olivia, edit) | {"deadline": "07:30"})
    before = the_draft(session)
    assert olivia.post(edit, data=tab).status_code == 303
    assert the_draft(session) == before


def test_what_two_people_changed_in_different_places_is_joined_and_said(
    olivia: FlaskClient, maya: FlaskClient, session: Session, edit: str
) -> None:
    tab = opened(olivia, edit)
    maya.post(edit, data=opened(maya, edit) | {"deadline": "07:30", "step-1-title": "Hall ready"})
    saved = olivia.post(edit, data=tab | {"owner_after": "45", "step-2-max": "42"})
    assert saved.status_code == 303
    draft = the_draft(session)
    assert (f"{draft.deadline:%H:%M}", minutes(draft)["owner"]) == ("07:30", 45)
    assert draft.steps[0].title == "Hall ready"
    assert str(draft.steps[1].requirement.maximum) == "42"
    assert (
        "This holds what Maya changed meanwhile, too: Deadline: 07:30, was 07:15; "
        "Step “Front room ready”, title: Hall ready, was Front room ready."
    ) in words(olivia.get(saved.location))


def test_what_oneself_saved_in_another_tab_is_joined_and_called_so(
    olivia: FlaskClient, session: Session, edit: str
) -> None:
    tab = opened(olivia, edit)
    olivia.post(edit, data=opened(olivia, edit) | {"name": "Morning check"})
    saved = olivia.post(edit, data=tab | {"deadline": "07:30"})
    said = words(olivia.get(saved.location))
    assert "This holds what you changed meanwhile in another window, too: Name: Morning" in said
    assert the_draft(session).name == "Morning check"


def test_steps_that_both_added_moved_and_took_out_are_put_together(
    olivia: FlaskClient, maya: FlaskClient, session: Session, edit: str
) -> None:
    tab = opened(olivia, edit)
    added = {"step-3-key": "", "step-3-title": "Lights on", "step-3-proof": "note"}
    hers = opened(maya, edit)
    hers = {name: given for name, given in hers.items() if not name.startswith("step-1-")}
    maya.post(edit, data=hers | added)
    olivia.post(edit, data=tab | {**added, "step-3-title": "Doors open"})
    found = [step.title for step in the_draft(session).steps]
    assert found == ["Fridge temperature", "Doors open", "Lights on"]


def test_a_form_that_is_sent_twice_adds_its_step_once(
    olivia: FlaskClient, session: Session, edit: str
) -> None:
    form = opened(olivia, edit) | {"step-3-title": "Lights on", "step-3-proof": "note"}
    olivia.post(edit, data=form)
    olivia.post(edit, data=form)
    assert [step.title for step in the_draft(session).steps][2:] == ["Lights on"]


@pytest.fixture
def clashing(olivia: FlaskClient, maya: FlaskClient, edit: str) -> Any:
    """The page after both changed the deadline and a title, and each something else."""
    tab = opened(olivia, edit)
    hers = {"deadline": "07:30", "step-1-title": "Hall ready", "review": "all"}
    maya.post(edit, data=opened(maya, edit) | hers)
    mine = {"deadline": "07:20", "step-1-title": "Rooms ready", "owner_after": "45"}
    return olivia.post(edit, data=tab | mine)


def test_what_both_changed_is_not_saved_but_told_with_all_that_was_typed(
    clashing: Any, session: Session
) -> None:
    assert clashing.status_code == 409
    assert f"{the_draft(session).deadline:%H:%M}" == "07:30"
    assert "Maya changed this meanwhile. Nothing is saved yet." in words(clashing)
    said = "Changed meanwhile by Maya. Deadline: 07:30, was 07:15."
    assert told(clashing, "deadline") == said
    assert f'<a href="#deadline">{said}</a>' in clashing.text
    assert "Step “Front room ready”, title: Hall ready" in told(clashing, "step-1-title")
    assert value(clashing, "deadline") == "07:20"
    assert value(clashing, "owner_after") == "45"
    assert titles(clashing)[0] == "Rooms ready"
    assert sent_by(clashing)["review"] == ["all"]
    assert "Everything that was changed meanwhile" in words(clashing)


def test_saving_once_more_keeps_mine_and_what_only_they_changed(
    olivia: FlaskClient, clashing: Any, session: Session, edit: str
) -> None:
    assert olivia.post(edit, data=sent_by(clashing)).status_code == 303
    draft = the_draft(session)
    assert (f"{draft.deadline:%H:%M}", draft.review) == ("07:20", "all")
    assert (draft.steps[0].title, minutes(draft)["owner"]) == ("Rooms ready", 45)


def test_theirs_is_taken_by_one_press_and_the_rest_stays_to_be_decided(
    olivia: FlaskClient, clashing: Any, session: Session, edit: str
) -> None:
    names = re.findall(r'name="action" value="(theirs:.*?)"', clashing.text)
    assert names[0] == "theirs:deadline"
    page = olivia.post(edit, data=sent_by(clashing) | {"action": names[0]})
    assert (value(page, "deadline"), titles(page)[0]) == ("07:30", "Rooms ready")
    assert re.findall(r'name="action" value="(theirs:.*?)"', page.text) == names[1:]
    page = olivia.post(edit, data=sent_by(page) | {"action": names[1]})
    assert titles(page)[0] == "Hall ready"
    assert "What Maya changed is in the form now. Nothing is saved yet." in words(page)
    olivia.post(edit, data=sent_by(page))
    draft = the_draft(session)
    assert (f"{draft.deadline:%H:%M}", draft.steps[0].title) == ("07:30", "Hall ready")
    assert minutes(draft)["owner"] == 45


def test_another_button_of_the_form_forgets_nothing_that_is_to_be_decided(
    olivia: FlaskClient, clashing: Any, edit: str
) -> None:
    page = olivia.post(edit, data=sent_by(clashing) | {"action": "add_step"})
    assert len(titles(page)) == 3
    assert told(page, "deadline") == "Changed meanwhile by Maya. Deadline: 07:30, was 07:15."


def test_a_third_change_is_told_too(
    olivia: FlaskClient, maya: FlaskClient, clashing: Any, session: Session, edit: str
) -> None:
    maya.post(edit, data=opened(maya, edit) | {"deadline": "07:45"})
    page = olivia.post(edit, data=sent_by(clashing))
    assert page.status_code == 409
    assert told(page, "deadline") == "Changed meanwhile by Maya. Deadline: 07:45, was 07:30."
    assert told(page, "step-1-title") == ""


@pytest.mark.parametrize(
    ("mine", "theirs", "said", "kept", "taken"),
    [
        (
            "out",
            "change",
            "title: Hall ready, was Front room ready.",
            ["Fridge"],
            ["Hall", "Fridge"],
        ),
        ("change", "out", "Step removed: Front room ready.", ["Hall", "Fridge"], ["Fridge"]),
    ],
)
def test_a_step_that_one_changed_and_the_other_took_out_is_decided(
    olivia: FlaskClient,
    maya: FlaskClient,
    session: Session,
    edit: str,
    mine: str,
    theirs: str,
    said: str,
    kept: list[str],
    taken: list[str],
) -> None:
    tab = opened(olivia, edit)
    maya.post(edit, data=done_to_step_1(opened(maya, edit), theirs))
    page = olivia.post(edit, data=done_to_step_1(tab, mine))
    assert page.status_code == 409
    assert said in words(page)
    assert [title.split()[0] for title in titles(page)] == kept
    [name] = re.findall(r'name="action" value="(theirs:.*?)"', page.text)
    page = olivia.post(edit, data=sent_by(page) | {"action": name})
    assert [title.split()[0] for title in titles(page)] == taken
    olivia.post(edit, data=sent_by(page))
    assert [step.title.split()[0] for step in the_draft(session).steps] == taken


def done_to_step_1(form: Sent, what: str) -> Sent:
    if what == "change":
        return form | {"step-1-title": "Hall ready"}
    return {name: given for name, given in form.items() if not name.startswith("step-1-")}


def test_a_step_that_waits_for_one_that_was_taken_out_does_not_lose_it_unsaid(
    olivia: FlaskClient, maya: FlaskClient, edit: str
) -> None:
    tab = opened(olivia, edit)
    maya.post(edit, data=done_to_step_1(opened(maya, edit), "out"))
    waits = {"step-2-after_step": "1", "step-2-after_wait": "2h", "step-2-after_due": "15m"}
    page = olivia.post(edit, data=tab | waits)
    assert page.status_code == 409
    assert "Step removed: Front room ready." in told(page, "step-1-title")


def test_a_look_at_the_change_joins_before_it_tells_what_saving_does(
    olivia: FlaskClient, maya: FlaskClient, session: Session, edit: str
) -> None:
    tab = opened(olivia, edit)
    maya.post(edit, data=opened(maya, edit) | {"review": "all"})
    page = olivia.post(edit, data=tab | {"deadline": "07:20", "action": "look"})
    assert "This holds what Maya changed meanwhile, too: Review: all, was photos." in words(page)
    assert "Deadline: 07:20, was 07:15" in words(page)
    assert "Review: photos" not in words(page)
    olivia.post(edit, data=sent_by(page))
    assert the_draft(session).review == "all"


def test_a_process_that_was_retired_meanwhile_is_not_taken_up_again_unasked(
    olivia: FlaskClient, maya: FlaskClient, session: Session, edit: str
) -> None:
    tab = opened(olivia, edit) | {"deadline": "07:20"}
    maya.post(edit.replace("/edit", "/retire"))
    page = olivia.post(edit, data=tab)
    assert page.status_code == 409
    assert "This process was retired meanwhile. Nothing is saved yet." in words(page)
    assert value(page, "deadline") == "07:20"
    assert olivia.post(edit, data=sent_by(page)).status_code == 303
    assert f"{the_draft(session).deadline:%H:%M}" == "07:20"


@pytest.mark.parametrize("base", ["", "0", "999", "²", "one", "-1", "1" * 30])
def test_a_version_that_there_is_none_of_is_taken_for_the_current_one(
    olivia: FlaskClient, session: Session, edit: str, base: str
) -> None:
    form = opened(olivia, edit) | {"base": base, "seen": base, "deadline": "07:20"}
    assert olivia.post(edit, data=form).status_code == 303
    assert f"{the_draft(session).deadline:%H:%M}" == "07:20"


@pytest.mark.parametrize("name", ["", "nothing", "steps[x]", "steps[x].title", "steps", "cadence"])
def test_a_press_for_theirs_that_means_nothing_breaks_nothing(
    olivia: FlaskClient, edit: str, name: str
) -> None:
    page = olivia.post(edit, data=opened(olivia, edit) | {"action": f"theirs:{name}"})
    assert page.status_code == 200
    assert titles(page) == ["Front room ready", "Fridge temperature"]
