"""Who may say where else a person is told; the address itself is shown to nobody."""

import pytest
from sqlalchemy import select

from tests.factories import crew_of_a_daycare
from webapp.models import Event
from webapp.problems import Problem
from webapp.services import extra_channels

SECRET = "TIiajkdnlazkcOXrIdevi7Fx9"
SLACK = f"slack://T1JJ3T3L2/A1BRTD4JD/{SECRET}"


@pytest.fixture
def crew(stored, clock):
    return crew_of_a_daycare(stored, clock.now())


@pytest.fixture
def set_for(stored, clock, crew):
    def change(actor: str, who: str, address: str | None, **more) -> None:
        people = crew.people
        extra_channels.set_for(stored, people[actor], people[who], address, clock.now(), **more)
        stored.commit()

    return change


@pytest.mark.parametrize(
    ("actor", "who", "may"),
    [
        ("ana", "ana", True),
        ("maya", "ana", True),
        ("olivia", "maya", True),
        ("olivia", "olivia", True),
        ("maya", "maya", True),
        ("maya", "olivia", False),
        ("ana", "ben", False),
    ],
)
def test_the_person_and_who_looks_after_them_may_set_it(crew, set_for, actor, who, may):
    if may:
        set_for(actor, who, SLACK)
        assert crew.people[who].extra_url == SLACK
        return
    with pytest.raises(Problem) as refused:
        set_for(actor, who, SLACK)
    assert refused.value.code == "not_allowed"


def test_another_organisation_sets_nothing(stored, clock, crew):
    bakery = crew_of_a_daycare(stored, clock.now(), name="Bakery")
    with pytest.raises(Problem) as refused:
        extra_channels.set_for(stored, bakery.olivia, crew.ana, SLACK, clock.now())
    assert refused.value.code == "not_found"


def test_the_record_says_who_set_it_but_not_the_address(stored, crew, set_for):
    set_for("olivia", "ana", f"  {SLACK} ")
    set_for("olivia", "ana", SLACK)
    set_for("ana", "ana", " ")
    told_also = select(Event).where(Event.kind == "person.told_also").order_by(Event.seq)
    noted = stored.scalars(told_also).all()
    assert [(each.actor, each.payload) for each in noted] == [
        (crew.olivia.id, {"extra": "slack, ends in …x9"}),
        (crew.ana.id, {"extra": None}),
    ]
    everything = [str(each.payload) for each in stored.scalars(select(Event))]
    assert not any(SECRET in payload for payload in everything)


def test_an_address_is_shown_by_its_service_and_end(crew, set_for):
    assert extra_channels.shown(crew.ana) is None
    set_for("ana", "ana", SLACK)
    assert extra_channels.shown(crew.ana) == "slack, ends in …x9"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (f"json://127.0.0.1/{SECRET}", "does not send to json"),
        (f"mailto://user:{SECRET}@example.org", "does not send to mailto"),
        (f"slack://T1JJ3T3L2/A1BRTD4JD/{SECRET}?template=/etc/passwd", "After the ?"),
        (f"slack://{SECRET}/x", "Part of this slack address is missing"),
        (SECRET, "Write the address like"),
    ],
)
def test_a_wrong_address_is_refused_in_words_that_do_not_repeat_it(crew, set_for, address, words):
    with pytest.raises(Problem) as refused:
        set_for("ana", "ana", address)
    assert refused.value.code == "extra_not_valid"
    assert words in refused.value.fields["extra_url"]
    assert SECRET not in str(refused.value.document())
    assert refused.value.__cause__ is None


def test_what_the_operator_admits_can_be_set(crew, set_for):
    set_for("ana", "ana", "ntfys://ntfy.example.org/sunflower", admitted=("ntfys",))
    assert extra_channels.shown(crew.ana) == "ntfys, ends in …er"
