"""The photos over locations, for who looks after them."""

import pytest

from tests.day import Day, photo, photo_proof
from tests.factories import crew_of_a_daycare, proof, signed_in
from webapp.services import gallery, locations, reviews


@pytest.fixture
def day(session, clock, crew) -> Day:
    steps = (("Front room", proof("photo")), ("Yard", proof("photo")))
    return Day(session, clock, crew, steps=steps)


@pytest.fixture
def page(app, session, clock, crew):
    def read(address: str = "/gallery", person=None) -> str:
        person = person or crew.olivia
        return signed_in(app, session, person, clock.now()).get(address).text

    return read


def gives(day, colour: str, position: int = 0):
    content = photo(colour)
    day.uploads(content)
    step = day.step.run.step_runs[position]
    day.does("ana", step=step, proof=photo_proof(content))
    day.clock.advance(minutes=1)
    return step


def sends_back(day, step) -> None:
    seen = step.proof.evidence_sha256
    reviews.send_back(day.session, day.crew.olivia, step, seen, "Dark.", day.clock.now())
    day.session.commit()


def test_a_photo_is_shown_small_with_who_when_and_where(day, page):
    step = gives(day, "red")
    text = page()
    sha256 = step.proof.blob_sha256
    assert f'src="/api/v1/blobs/{sha256}?size=thumb" alt="Front room, Opening check at' in text
    assert 'loading="lazy"' in text
    assert "Ana, 06:30" in text
    assert "1 photo." in text


def test_what_was_sent_back_stands_beside_what_came_then(day, page, session):
    step = gives(day, "red")
    sends_back(day, step)
    assert "<b>Sent back. </b>" in page()
    gives(day, "blue")
    text = page()
    assert text.index("<b>Sent back. </b>") < text.index("<b>Then. </b>")
    assert "1 photo." in text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("step=Yard", 1),
        ("step=Attic", 0),
        ("days=7", 2),
        ("person=nobody", 0),
        ("page=2", 0),
        ("page=x&days=y", 2),
    ],
)
def test_filters_narrow_what_is_shown(day, page, query, count):
    gives(day, "red")
    gives(day, "blue", 1)
    assert page(f"/gallery?{query}").count('class="photo"') == count


def test_sixty_are_on_a_page_and_the_address_keeps_the_filters(day, page, monkeypatch):
    monkeypatch.setattr(gallery, "PER_PAGE", 1)
    gives(day, "red")
    gives(day, "blue", 1)
    first = page("/gallery?days=7")
    assert "2 photos." in first
    assert 'href="/gallery?page=2&amp;days=7">Older' in first
    assert 'href="/gallery?page=1&amp;days=7">Newer' in page("/gallery?page=2&days=7")


def test_managers_see_their_locations_and_staff_nothing(day, page, session, clock, crew):
    gives(day, "red")
    assert "1 photo." in page(person=crew.maya)
    place = locations.Place("Riverside", "America/New_York")
    crew.maya.locations = [locations.add(session, crew.org_id, place, clock.now())]
    session.commit()
    assert "No photo fits." in page(person=crew.maya)
    assert "<h1>Photos</h1>" not in page(person=crew.ana)


def test_another_organisation_sees_none_of_them(day, page, session, clock):
    gives(day, "red")
    stranger = crew_of_a_daycare(session, clock.now(), name="Bakery").olivia
    assert "No photo fits." in page(person=stranger)
