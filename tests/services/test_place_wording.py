"""Wording of steps by location: who may, what it reaches, and what it leaves alone."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew
from tests.services.definition_wishes import events, wish
from webapp.models import Location, Person, Process, Run, StepRun
from webapp.problems import Problem
from webapp.services import definitions, locations, step_runs
from webapp.services.definitions import DraftWording, ProcessDraft, place_wording
from webapp.services.definitions.effect_words import at_places, sentences
from webapp.services.locations import Place


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


@pytest.fixture
def riverside(session: Session, crew: Crew, now: datetime) -> Location:
    place = Place("Riverside", "America/Chicago")
    return locations.add(session, crew.org_id, place, now, crew.olivia.id)


def draft(crew: Crew, **more: Any) -> ProcessDraft:
    asked = {"locations": ("Downtown", "Riverside"), "opens": time(6), "wording": "open"}
    return wish(crew, **(asked | more))


def save(
    session: Session,
    actor: Person,
    wished: ProcessDraft,
    now: datetime,
    process: Process | None = None,
) -> Process:
    saved = definitions.save(session, actor.id, actor.org_id, wished, now, process)
    session.commit()
    return saved


def keys(process: Process) -> list[str]:
    return [step.key for step in definitions.current_version(process).steps]


def titles_at(session: Session, place: Location) -> set[str]:
    query = select(StepRun.title).join(Run, Run.id == StepRun.run_id)
    return set(session.scalars(query.where(Run.location_id == place.id, Run.state == "planned")))


def faults(session: Session, crew: Crew, now: datetime, wished: ProcessDraft) -> dict[str, str]:
    return definitions.faults(session, crew.org_id, wished, now)


def test_a_manager_words_the_steps_of_their_own_location(
    session: Session, crew: Crew, now: datetime, riverside: Location
) -> None:
    made = save(session, crew.olivia, draft(crew), now)
    front, gate = keys(made)
    words = {front: ("Hall ready", "Chairs along the wall.")}
    _same, effect = place_wording.word(session, crew.maya.id, made, crew.location, words, now)
    session.commit()
    assert titles_at(session, crew.location) == {"Hall ready", "Gate latch checked"}
    assert titles_at(session, riverside) == {"Front room ready", "Gate latch checked"}
    assert [(str(at_places(each.places)), str(sentences(each)[0])) for each in effect.places] == [
        (
            "Downtown",
            "In 5 runs “Front room ready” is called “Hall ready”: today to Friday 27 November.",
        )
    ]
    assert events(session, "process.saved")[-1]["changes"] == [
        "Step “Front room ready”, at Downtown: Hall ready, “Chairs along the wall.”, was none"
    ]
    assert keys(made) == [front, gate]


def test_proof_chain_and_cadence_stay_as_they_are_where_a_location_has_its_own_words(
    session: Session, crew: Crew, now: datetime, riverside: Location
) -> None:
    made = save(session, crew.olivia, draft(crew), now)
    before = definitions.draft_of(definitions.current_version(made))
    place_wording.word(session, crew.maya.id, made, crew.location, {keys(made)[0]: ("X", "")}, now)
    after = definitions.draft_of(definitions.current_version(made))
    steps = tuple(replace(step, wordings=()) for step in after.steps)
    assert replace(after, steps=steps) == before


def test_a_manager_words_no_other_location(
    session: Session, crew: Crew, now: datetime, riverside: Location
) -> None:
    made = save(session, crew.olivia, draft(crew), now)
    with pytest.raises(Problem) as caught:
        place_wording.word(session, crew.maya.id, made, riverside, {keys(made)[0]: ("X", "")}, now)
    assert caught.value.code == "not_allowed"
    assert "Riverside" in caught.value.detail


def test_a_manager_who_words_changes_nothing_else_on_the_way(
    session: Session, crew: Crew, now: datetime, riverside: Location
) -> None:
    made = save(session, crew.olivia, draft(crew), now)
    worded = replace(draft(crew).steps[0], wordings=(DraftWording("Downtown", "Hall ready", None),))
    both = draft(crew, steps=(worded, draft(crew).steps[1]), deadline=time(9))
    with pytest.raises(Problem) as caught:
        save(session, crew.maya, both, now, made)
    assert caught.value.code == "not_allowed"


@pytest.mark.parametrize(
    "opened",
    [{"wording": "open"}, {"steps": "open"}],
)
def test_only_an_owner_opens_the_wording(
    session: Session, crew: Crew, now: datetime, opened: dict[str, str]
) -> None:
    first, *others = wish(crew).steps
    if "steps" in opened:
        wished = wish(crew, steps=(replace(first, wording="open"), *others))
    else:
        wished = wish(crew, wording="open")
    with pytest.raises(Problem, match="Only an owner decides"):
        save(session, crew.maya, wished, now)
    session.rollback()
    made = save(session, crew.maya, wish(crew), now)
    save(session, crew.olivia, wished, now, made)
    with pytest.raises(Problem, match="Only an owner decides"):
        save(session, crew.maya, wish(crew), now, made)


def test_a_manager_edits_a_process_whose_wording_an_owner_opened(
    session: Session, crew: Crew, now: datetime
) -> None:
    made = save(session, crew.olivia, wish(crew, wording="open"), now)
    save(session, crew.maya, wish(crew, wording="open", deadline=time(8)), now, made)
    assert made.version_number == 2


def test_a_step_that_is_locked_keeps_its_words(
    session: Session, crew: Crew, now: datetime, riverside: Location
) -> None:
    first, second = draft(crew).steps
    made = save(
        session, crew.olivia, draft(crew, steps=(replace(first, wording="locked"), second)), now
    )
    front, gate = keys(made)
    open_to_it = place_wording.open_steps(made, crew.location)
    assert [step.key for step in open_to_it] == [gate]
    with pytest.raises(Problem) as caught:
        place_wording.word(session, crew.olivia.id, made, riverside, {front: ("X", "")}, now)
    assert caught.value.fields == {
        front: "The wording of this step is locked. An owner can open it."
    }


def test_a_run_that_has_begun_stays_on_its_wording(
    session: Session, crew: Crew, now: datetime, riverside: Location
) -> None:
    made = save(session, crew.olivia, draft(crew), now)
    query = select(Run).where(Run.location_id == crew.location.id).order_by(Run.deadline_at)
    run = session.scalars(query).first()
    assert run is not None
    later = run.opens_at + timedelta(minutes=1)
    step_runs.open_run(session, run, later)
    words = {keys(made)[0]: ("Hall ready", "")}
    place_wording.word(session, crew.maya.id, made, crew.location, words, later)
    assert [step.title for step in run.step_runs] == ["Front room ready", "Gate latch checked"]


def test_words_that_are_the_same_as_everywhere_are_none(
    session: Session, crew: Crew, now: datetime, riverside: Location
) -> None:
    made = save(session, crew.olivia, draft(crew), now)
    words = {keys(made)[0]: (" Front room ready ", "")}
    _same, effect = place_wording.word(session, crew.maya.id, made, crew.location, words, now)
    assert (effect.version, made.version_number) == (None, 1)


def test_locking_a_step_ends_its_words_and_the_version_before_brings_them_back(
    session: Session, crew: Crew, now: datetime, riverside: Location
) -> None:
    made = save(session, crew.olivia, draft(crew), now)
    words = {keys(made)[0]: ("Hall ready", "")}
    place_wording.word(session, crew.maya.id, made, crew.location, words, now)
    save(session, crew.olivia, draft(crew, wording="locked"), now, made)
    assert titles_at(session, crew.location) == {"Front room ready", "Gate latch checked"}
    definitions.restore(session, crew.olivia.id, made, 2, now)
    session.commit()
    assert titles_at(session, crew.location) == {"Hall ready", "Gate latch checked"}


def test_a_manager_takes_their_own_words_back(
    session: Session, crew: Crew, now: datetime, riverside: Location
) -> None:
    made = save(session, crew.olivia, draft(crew), now)
    words = {keys(made)[0]: ("Hall ready", "")}
    place_wording.word(session, crew.maya.id, made, crew.location, words, now)
    definitions.restore(session, crew.maya.id, made, 1, now)
    session.commit()
    assert titles_at(session, crew.location) == {"Front room ready", "Gate latch checked"}


@pytest.mark.parametrize(
    ("policy", "wordings", "field", "sentence"),
    [
        ("open", [DraftWording("Nowhere", "X")], "location", "It does not run at “Nowhere”."),
        (
            "open",
            [DraftWording("Downtown", "X"), DraftWording("Downtown", "Y")],
            "location",
            "This location words the step twice.",
        ),
        ("open", [DraftWording("Downtown", "x" * 201)], "title", "at most 200 characters"),
        ("locked", [DraftWording("Downtown", "X")], "", "The wording of this step is locked."),
        ("loose", [], "wording", "must be locked or open"),
    ],
)
def test_what_cannot_be_said_is_told_at_its_place(
    session: Session,
    crew: Crew,
    now: datetime,
    policy: str,
    wordings: list[DraftWording],
    field: str,
    sentence: str,
) -> None:
    step = replace(wish(crew).steps[0], wordings=tuple(wordings))
    told = faults(session, crew, now, wish(crew, steps=(step,), wording=policy))
    (where, words), *others = told.items()
    assert not others
    assert where.endswith(field)
    assert sentence in words


def test_a_step_is_worded_by_the_id_of_its_location_too(
    session: Session, crew: Crew, now: datetime
) -> None:
    step = replace(wish(crew).steps[0], wordings=(DraftWording(crew.location.id, "Hall ready"),))
    save(session, crew.olivia, wish(crew, steps=(step,), wording="open"), now)
    assert titles_at(session, crew.location) <= {"Hall ready"}
