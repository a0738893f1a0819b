"""What was held waits for a decision; using it goes through the proof gate all the same."""

from io import BytesIO

import pytest
from PIL import Image

from tests.day import Day, photo_proof
from tests.factories import Crew, crew_of_a_daycare, proof
from tests.statements import statements
from webapp.models import Event, Person
from webapp.problems import Problem
from webapp.services import held, locations, record

NOTE = (("Gate latch", proof("note")),)


@pytest.fixture
def crew(stored, clock) -> Crew:
    return crew_of_a_daycare(stored, clock.now())


@pytest.fixture
def day(stored, clock, crew) -> Day:
    """Fay, who does not hold the step, has sent its note."""
    made = Day(stored, clock, crew, steps=NOTE)
    made.does("fay", proof={"kind": "note", "text": "It catches."}, id="from-fay")
    return made


def a_photo() -> bytes:
    picture = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(picture, "JPEG")
    return picture.getvalue()


def refusal(call, *args) -> str:
    with pytest.raises(Problem) as caught:
        call(*args)
    return caught.value.code


def kinds(session) -> list[str]:
    return [event.kind for event in session.query(Event).order_by(Event.seq)]


def test_work_by_somebody_who_does_not_hold_the_step_waits_with_its_proof(stored, crew, day):
    (waiting,) = held.waiting(stored, crew.olivia)
    assert waiting.command.id == "from-fay"
    assert waiting.proof.content["text"] == "It catches."
    assert waiting.why == "Fay did not hold this step at the time."
    assert held.why_not(stored, waiting) is None


def test_work_from_another_location_by_somebody_never_on_the_chain_waits_too(
    stored, clock, crew, day
):
    place = locations.Place("Harbour", "America/New_York")
    crew.maya.locations = [locations.add(stored, crew.org_id, place, clock.now())]
    stored.commit()
    assert day.does("maya", proof={"kind": "note", "text": "It is shut."}).status == "held"
    newest = next(each for each in held.waiting(stored, crew.olivia) if each.by is crew.maya)
    assert newest.proof.content["text"] == "It is shut."
    assert newest.why == "Maya did not hold this step at the time."
    assert day.step.state == "open"


def test_using_it_closes_the_step_and_settles_the_command(stored, clock, crew, day):
    found = held.find(stored, crew.olivia, "from-fay", lock=True)
    held.use(stored, crew.olivia, found, clock.now())
    stored.commit()
    assert (day.step.state, day.step.closed_by.name) == ("done", "Fay")
    assert day.step.run.state == "closed"
    assert found.command.settled_at == clock.now()
    assert held.waiting(stored, crew.olivia) == []
    assert kinds(stored)[-3:] == ["step.done", "run.closed", "held.used"]
    assert record.verify(stored, crew.org_id).count == len(kinds(stored))


def test_a_photo_used_by_the_owner_is_still_reviewed_where_the_process_asks_for_it(
    stored, clock, crew
):
    day = Day(stored, clock, crew)
    day.uploads(a_photo())
    day.does("fay", proof=photo_proof(a_photo()), id="photo-of-fay")
    found = held.find(stored, crew.olivia, "photo-of-fay", lock=True)
    assert held.use(stored, crew.olivia, found, clock.now()).code == "in_review"
    assert day.step.state == "in_review"


def test_a_photo_that_has_not_arrived_closes_nothing(stored, clock, crew):
    day = Day(stored, clock, crew)
    day.does("fay", proof=photo_proof(a_photo()), id="words-only")
    found = held.find(stored, crew.olivia, "words-only", lock=True)
    assert held.why_not(stored, found) == "Received. The photo is on its way."
    assert refusal(held.use, stored, crew.olivia, found, clock.now()) == "proof_refused"
    assert day.step.state == "open"
    day.uploads(a_photo())
    assert held.why_not(stored, found) is None


def test_it_cannot_be_used_once_the_step_is_done(stored, clock, crew, day):
    day.does("ana", proof={"kind": "note", "text": "Fine."})
    found = held.find(stored, crew.olivia, "from-fay", lock=True)
    assert held.why_not(stored, found) == "This step is not open."
    assert refusal(held.use, stored, crew.olivia, found, clock.now()) == "step_not_open"


def test_putting_it_aside_keeps_the_proof_and_leaves_the_step_open(stored, clock, crew, day):
    found = held.find(stored, crew.olivia, "from-fay", lock=True)
    held.put_aside(stored, crew.olivia, found, " Ana does it. ", clock.now())
    stored.commit()
    assert (day.step.state, found.proof.state) == ("open", "attached")
    assert held.waiting(stored, crew.olivia) == []
    last = stored.query(Event).order_by(Event.seq.desc()).first()
    assert (last.kind, last.payload["reason"]) == ("held.put_aside", "Ana does it.")


def test_putting_it_aside_needs_a_reason(stored, clock, crew, day):
    found = held.find(stored, crew.olivia, "from-fay")
    assert (
        refusal(held.put_aside, stored, crew.olivia, found, "  ", clock.now()) == "reason_missing"
    )


def test_nothing_is_decided_twice(stored, clock, crew, day):
    held.put_aside(
        stored, crew.olivia, held.find(stored, crew.olivia, "from-fay"), "No.", clock.now()
    )
    again = held.find(stored, crew.olivia, "from-fay")
    assert refusal(held.use, stored, crew.olivia, again, clock.now()) == "already_decided"
    assert refusal(held.put_aside, stored, crew.olivia, again, "No.", clock.now()) == (
        "already_decided"
    )


def test_a_manager_decides_only_at_their_own_locations(stored, clock, crew, day):
    assert len(held.waiting(stored, crew.maya)) == 1
    place = locations.Place("Riverside", "America/New_York")
    crew.maya.locations = [locations.add(stored, crew.org_id, place, clock.now())]
    assert held.waiting(stored, crew.maya) == []
    assert refusal(held.find, stored, crew.maya, "from-fay") == "not_found"


def test_staff_and_other_organisations_find_nothing(stored, clock, crew, day):
    stranger: Person = crew_of_a_daycare(stored, clock.now(), name="Bakery").olivia
    for person in (crew.fay, stranger):
        assert held.waiting(stored, person) == []
        assert refusal(held.find, stored, person, "from-fay") == "not_found"


def test_what_was_applied_is_not_held(stored, crew, day):
    day.does("ana", proof={"kind": "note", "text": "Fine."}, id="from-ana")
    assert refusal(held.find, stored, crew.olivia, "from-ana") == "not_found"


def test_work_on_an_unknown_step_is_for_the_owner_alone(stored, clock, crew, day):
    class Unknown:
        id = "gone"

    day.does("ana", step=Unknown, proof={"kind": "note", "text": "?"}, id="no-step")
    assert [each.command.id for each in held.waiting(stored, crew.maya)] == ["from-fay"]
    found = held.find(stored, crew.olivia, "no-step")
    assert found.why == "The step is not known here."
    assert held.why_not(stored, found) == "It belongs to no step here."
    assert refusal(held.use, stored, crew.olivia, found, clock.now()) == "step_not_open"
    held.put_aside(stored, crew.olivia, found, "An old phone.", clock.now())
    assert found.is_decided


def test_a_proof_that_came_to_be_held_after_it_was_taken_waits_too(stored, clock, crew, day):
    clock.advance(minutes=1)
    command = day.does("ana", proof={"kind": "note", "text": "Fine."}, id="from-ana")
    day.step.proof.state = "held"
    stored.commit()
    assert command.status == "applied"
    assert [each.command.id for each in held.waiting(stored, crew.maya)] == ["from-fay", "from-ana"]


def test_more_held_work_takes_no_more_statements(stored, crew, day):
    def asked() -> int:
        stored.expire_all()
        maya = stored.get_one(Person, crew.maya.id)
        with statements(stored) as ran:
            assert held.waiting(stored, maya)
        return len(ran)

    few = asked()
    for number in range(5):
        note = {"kind": "note", "text": f"Look {number}."}
        day.does(("ben", "fay")[number % 2], proof=note, id=f"more-{number}")
    assert len(held.waiting(stored, crew.maya)) == 6
    assert asked() <= few + 1  # the second sender's own row


def test_what_waits_is_found_by_index_however_much_was_ever_sent(session, clock):
    crew = crew_of_a_daycare(session, clock.now())
    Day(session, clock, crew, steps=NOTE).does("fay", proof={"kind": "note", "text": "It catches."})
    with statements(session) as ran:
        assert held.waiting(session, crew.olivia)
    about = [each for each in ran if "FROM command" in each[0] or "FROM proof" in each[0]]
    assert len(about) == 3
    for sql, values in about:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
        words = [row.detail for row in plan]
        assert not [each for each in words if each.startswith("SCAN")], words
        assert not [each for each in words if "CORRELATED" in each], words
