"""Who could not be told is known before the shift, with the way to mend it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import crew_of_a_daycare, process, reached_by_phone
from webapp.models import Event, OutboxMessage, Run
from webapp.problems import Problem
from webapp.services import people, reachability
from webapp.services.other_channels import MAIL_IS_SET_UP


@pytest.fixture
def crew(stored, clock):
    made = crew_of_a_daycare(stored, clock.now())
    for person in made.people.values():
        person.password_hash = "joined"
    stored.commit()
    return made


def test_a_device_that_has_had_a_message_works(stored, clock, crew):
    reached_by_phone(stored, crew.ben, confirmed_at=clock.now())
    how = reachability.of_person(stored, crew.ben)
    assert (how.state, how.works, how.since) == ("works", True, clock.now())


def test_a_device_that_nothing_has_reached_yet_is_not_known_to_work(stored, crew):
    reached_by_phone(stored, crew.ben)
    how = reachability.of_person(stored, crew.ben)
    assert (how.state, how.works, how.lacks_device) == ("unconfirmed", False, False)
    assert how.sentence == "Ben has turned messages on, and none has arrived there yet."


def test_a_device_that_the_push_service_refuses_is_said_with_the_way_to_mend_it(
    stored, clock, crew
):
    reached_by_phone(stored, crew.ben, confirmed_at=clock.now(), last_error="http_403")
    how = reachability.of_person(stored, crew.ben)
    assert (how.state, how.lacks_device, how.is_cut_off) == ("refused", True, True)
    assert "Ask Ben to open Baton on their phone" in how.sentence


def test_one_device_that_works_is_enough(stored, clock, crew):
    reached_by_phone(stored, crew.ben, device="old", last_error="http_403")
    reached_by_phone(stored, crew.ben, confirmed_at=clock.now())
    assert reachability.of_person(stored, crew.ben).works


def test_without_a_device_it_says_what_to_ask_for(stored, crew):
    how = reachability.of_person(stored, crew.ben)
    assert how.state == "no_device"
    assert how.sentence == (
        "No device tells Ben anything. Ask Ben to open Baton on their phone and press "
        "“Tell me when something becomes mine”."
    )


def test_who_has_not_joined_needs_a_link_first(stored, crew):
    crew.ben.password_hash = None
    stored.commit()
    words = reachability.of_person(stored, crew.ben).sentence
    assert words.endswith("Ben has not joined yet. Give them a new invitation link.")


def test_who_is_told_by_e_mail_only_has_no_device_but_is_not_cut_off(stored, crew):
    stored.connection()
    stored.info[MAIL_IS_SET_UP] = True
    how = reachability.of_person(stored, crew.ben)
    assert (how.state, how.lacks_device, how.is_cut_off) == ("other_only", True, False)
    assert how.sentence.startswith("Ben is told by e-mail only.")


def test_another_channel_counts_like_e_mail(stored, crew):
    crew.ben.extra_url = "ntfy://example/ben"
    stored.commit()
    assert reachability.of_person(stored, crew.ben).state == "other_only"


def test_who_has_left_is_not_asked_for(stored, clock, crew):
    people.deactivate(stored, crew.olivia, crew.ben, clock.now())
    assert reachability.of_person(stored, crew.ben).state == "left"


def names(found) -> list[str]:
    return [each.person.name for each in found]


def test_each_person_who_cannot_be_told_comes_once_with_the_next_run_first(stored, clock, crew):
    process(stored, crew, clock.now())
    process(stored, crew, clock.now(), name="Closing check")
    for who in ("ana", "fay", "olivia"):
        reached_by_phone(stored, crew.people[who], confirmed_at=clock.now())
    (only,) = reachability.cut_off_soon(stored, crew.olivia, clock.now())
    assert only.person.name == "Ben"
    assert len(only.runs) == 2
    assert only.runs[0].deadline_at - clock.now() < timedelta(hours=2)


def test_the_owner_counts_in_every_chain(stored, clock, crew):
    process(stored, crew, clock.now())
    found = reachability.cut_off_soon(stored, crew.olivia, clock.now())
    assert names(found) == ["Ana", "Ben", "Fay", "Olivia"]


def test_only_the_next_day_is_looked_at(stored, clock, crew):
    process(stored, crew, clock.now(), rrule="FREQ=WEEKLY;BYDAY=FR")
    assert reachability.cut_off_soon(stored, crew.olivia, clock.now()) == []
    clock.advance(days=4)
    assert names(reachability.cut_off_soon(stored, crew.olivia, clock.now()))[0] == "Ana"


def test_a_manager_sees_those_of_their_own_locations(stored, clock, crew):
    process(stored, crew, clock.now())
    assert reachability.cut_off_soon(stored, crew.maya, clock.now())
    crew.maya.locations = []
    stored.commit()
    assert reachability.cut_off_soon(stored, crew.maya, clock.now()) == []


def test_runs_that_are_over_concern_nobody(stored, clock, crew):
    process(stored, crew, clock.now())
    for run in stored.scalars(select(Run)):
        run.state, run.closed_at = "closed", clock.now()
    stored.commit()
    assert reachability.cut_off_soon(stored, crew.olivia, clock.now()) == []


def test_a_test_message_goes_to_the_person_and_into_the_record(stored, clock, crew):
    message = reachability.send_test(stored, crew.olivia, crew.ben, clock.now())
    stored.commit()
    assert (message.kind, message.person_id) == ("test", crew.ben.id)
    assert message.dedupe_key.startswith("test:")
    assert message.expires_at == clock.now() + timedelta(minutes=10)
    assert stored.scalars(select(Event).where(Event.kind == "message.tested")).one()


def test_a_person_is_sent_one_test_a_minute(stored, clock, crew):
    reachability.send_test(stored, crew.olivia, crew.ben, clock.now())
    reachability.send_test(stored, crew.olivia, crew.fay, clock.now())
    with pytest.raises(Problem) as refused:
        reachability.send_test(stored, crew.maya, crew.ben, clock.advance(seconds=59))
    assert refused.value.code == "too_many_requests"
    stored.rollback()
    reachability.send_test(stored, crew.olivia, crew.ben, clock.advance(seconds=1))


def test_nobody_tests_those_they_do_not_look_after(stored, clock, crew):
    for asking, person in ((crew.ana, crew.ben), (crew.maya, crew.olivia)):
        with pytest.raises(Problem) as refused:
            reachability.send_test(stored, asking, person, clock.now())
        assert refused.value.code == "not_allowed"
    reachability.send_test(stored, crew.ana, crew.ana, clock.now())
    assert stored.scalars(select(OutboxMessage.person_id)).one() == crew.ana.id
