"""Who works here: invitations that work once, roles, leaving."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.little_oaks import NOW, PASSWORD, refusal
from webapp.models import Event, Person
from webapp.problems import Problem
from webapp.services import invitations, organisations, people, sign_in


@pytest.fixture
def session(stored: Session) -> Session:
    return stored


@pytest.fixture
def stranger(session) -> Person:
    return organisations.create(
        session, "Bakery", "Shop", "UTC", "Otto", "otto@example.org", PASSWORD, NOW
    )


def joined(session, owner: Person, name: str, role: str) -> Person:
    email = f"{name.lower()}@example.org"
    _, secret = people.invite(session, owner, name, email, role, owner.locations, NOW)
    return invitations.accept(session, secret, PASSWORD, NOW)


def kinds(session, subject: str) -> list[str]:
    session.commit()
    query = select(Event.kind).where(Event.subject == subject).order_by(Event.seq)
    return list(session.scalars(query))


ROLE_MATRIX = [
    ("owner", "owner", None),
    ("owner", "manager", None),
    ("owner", "staff", None),
    ("manager", "owner", "not_allowed"),
    ("manager", "manager", None),
    ("manager", "staff", None),
    ("staff", "owner", "not_allowed"),
    ("staff", "manager", "not_allowed"),
    ("staff", "staff", "not_allowed"),
]


@pytest.mark.parametrize(("inviter", "role", "code"), ROLE_MATRIX)
def test_managers_invite_staff_and_managers_and_only_owners_make_owners(
    session, mara, inviter, role, code
):
    asking = mara if inviter == "owner" else joined(session, mara, "Ines", inviter)
    if code:
        assert refusal(people.invite, session, asking, "New", None, role, [], NOW) == code
    else:
        assert people.invite(session, asking, "New", None, role, [], NOW)[0].role == role


@pytest.mark.parametrize(
    ("actor", "subject", "allowed"),
    [
        ("owner", "owner", True),
        ("owner", "manager", True),
        ("owner", "staff", True),
        ("manager", "owner", False),
        ("manager", "manager", False),
        ("manager", "staff", True),
        ("staff", "owner", False),
        ("staff", "manager", False),
        ("staff", "staff", False),
    ],
)
def test_nobody_can_open_or_end_an_account_above_their_own(session, mara, actor, subject, allowed):
    asking = mara if actor == "owner" else joined(session, mara, "Ines", actor)
    other = joined(session, mara, "Omar", subject)
    for act in (
        lambda: people.invite_again(session, asking, other, NOW),
        lambda: people.change(session, asking, other, NOW, name="Renamed"),
        lambda: people.deactivate(session, asking, other, NOW),
    ):
        if allowed:
            act()
        else:
            assert refusal(act) == "not_allowed"


def test_a_manager_may_mend_the_invitation_of_a_manager_who_has_not_joined(session, mara):
    ines = joined(session, mara, "Ines", "manager")
    new, _ = people.invite(session, ines, "Omar", None, "manager", [], NOW)
    assert people.invite_again(session, ines, new, NOW)


def test_a_manager_cannot_make_anybody_an_owner(session, mara):
    ines, ana = joined(session, mara, "Ines", "manager"), joined(session, mara, "Ana", "staff")
    assert refusal(people.change, session, ines, ana, NOW, role="owner") == "not_allowed"
    people.change(session, ines, ana, NOW, role="manager")
    assert ana.role == "manager"


def test_nobody_looks_after_the_people_of_another_organisation(session, mara, stranger):
    for act in (people.invite_again, people.change, people.deactivate):
        assert refusal(act, session, mara, stranger, NOW) == "not_found"
    assert refusal(people.of, session, mara.org_id, stranger.id) == "not_found"


def test_leaving_ends_sessions_tokens_links_and_the_password_at_once(session, mara):
    ana = joined(session, mara, "Ana", "staff")
    started = sign_in.start_session(session, ana, NOW)
    token = sign_in.create_token(session, ana, NOW)
    secret = people.invite_again(session, mara, ana, NOW)
    people.deactivate(session, mara, ana, NOW)
    assert sign_in.session_of(session, started.id, NOW) is None
    assert sign_in.person_of_token(session, token) is None
    assert refusal(invitations.accept, session, secret, PASSWORD, NOW) == "invitation_unknown"
    assert refusal(sign_in.check_password, session, ana.email, PASSWORD, NOW) == "wrong_sign_in"
    assert kinds(session, ana.id)[-1] == "person.deactivated"


def test_somebody_who_left_comes_back_by_a_new_link_and_no_other_way(session, mara):
    ana = joined(session, mara, "Ana", "staff")
    token = sign_in.create_token(session, ana, NOW)
    people.deactivate(session, mara, ana, NOW)
    secret = people.invite_again(session, mara, ana, NOW)
    assert refusal(sign_in.check_password, session, ana.email, PASSWORD, NOW) == "wrong_sign_in"
    assert sign_in.person_of_token(session, token) is None
    assert invitations.accept(session, secret, "a wholly new sentence", NOW) is ana


def test_deactivating_twice_changes_nothing_more(session, mara):
    ana = joined(session, mara, "Ana", "staff")
    people.deactivate(session, mara, ana, NOW)
    people.deactivate(session, mara, ana, NOW + timedelta(days=1))
    assert ana.deactivated_at == NOW


def test_the_last_owner_can_neither_leave_nor_step_down(session, mara):
    assert refusal(people.deactivate, session, mara, mara, NOW) == "last_owner"
    assert refusal(people.change, session, mara, mara, NOW, role="staff") == "last_owner"
    people.invite(session, mara, "Sam", None, "owner", [], NOW)
    assert refusal(people.deactivate, session, mara, mara, NOW) == "last_owner"


def test_an_owner_may_leave_once_another_has_joined(session, mara):
    sam = joined(session, mara, "Sam", "owner")
    people.deactivate(session, mara, mara, NOW)
    assert organisations.owner_of(session, sam.org_id) is sam


def test_an_owner_who_never_joined_may_be_removed(session, mara):
    sam, _ = people.invite(session, mara, "Sam", None, "owner", [], NOW)
    people.deactivate(session, mara, sam, NOW)
    assert sam.deactivated_at == NOW


@pytest.mark.parametrize(
    ("name", "email", "role", "code", "field"),
    [
        ("  ", None, "staff", "name_missing", "name"),
        ("x" * 121, None, "staff", "not_valid", "name"),
        ("A\0na", None, "staff", "not_valid", "name"),
        ("A\ud800na", None, "staff", "not_valid", "name"),
        ("Mara", None, "staff", "name_taken", "name"),
        ("Ana", "ana", "staff", "email_not_valid", "email"),
        ("Ana", "ana@home", "staff", "email_not_valid", "email"),
        ("Ana", "a na@example.org", "staff", "email_not_valid", "email"),
        ("Ana", "a@b@example.org", "staff", "email_not_valid", "email"),
        ("Ana", "MARA@example.org", "staff", "email_taken", "email"),
        ("Ana", None, "boss", "role_unknown", "role"),
    ],
)
def test_a_wrong_invitation_says_what_is_wrong_at_its_field(
    session, mara, name, email, role, code, field
):
    with pytest.raises(Problem) as caught:
        people.invite(session, mara, name, email, role, [], NOW)
    assert (caught.value.code, set(caught.value.fields)) == (code, {field})


def test_an_address_is_taken_across_organisations_and_a_name_is_not(session, mara, stranger):
    code = refusal(people.invite, session, stranger, "M", "mara@example.org", "staff", [], NOW)
    assert code == "email_taken"
    assert people.invite(session, stranger, "Mara", None, "staff", [], NOW)


def test_two_people_without_an_address_do_not_collide(session, mara):
    for name in ("Ana", "Ben"):
        people.invite(session, mara, name, "", "staff", [], NOW)
    assert [person.email for person in people.all_of(session, mara.org_id)].count(None) == 2


def test_a_name_taken_in_the_same_moment_is_a_problem_too(session, mara, monkeypatch):
    monkeypatch.setattr(people, "_free_name", lambda _session, _org, name: name)
    assert refusal(people.invite, session, mara, "Mara", None, "staff", [], NOW) == "name_taken"


def test_an_address_taken_in_the_same_moment_is_a_problem_too(session, mara, monkeypatch):
    monkeypatch.setattr(people, "_free_email", lambda _session, email: email)
    code = refusal(people.invite, session, mara, "Ana", "mara@example.org", "staff", [], NOW)
    assert code == "email_taken"


def test_a_change_that_changes_nothing_leaves_no_event(session, mara):
    ana = joined(session, mara, "Ana", "staff")
    before = kinds(session, ana.id)
    people.change(session, mara, ana, NOW, name="Ana", role="staff", locations=mara.locations)
    assert kinds(session, ana.id) == before
    people.change(session, mara, ana, NOW, name="Ana Lima", locations=[])
    assert (ana.name, ana.locations) == ("Ana Lima", [])
    assert kinds(session, ana.id) == [*before, "person.changed"]


def test_a_person_is_found_by_name_while_they_work_here(session, mara, stranger):
    ana = joined(session, mara, "Ana", "staff")
    assert people.by_name(session, mara.org_id, " Ana ") is ana
    assert refusal(people.by_name, session, stranger.org_id, "Ana") == "person_unknown"
    people.deactivate(session, mara, ana, NOW)
    assert refusal(people.by_name, session, mara.org_id, "Ana") == "person_unknown"


def test_a_person_is_found_by_address_for_the_command_line(session, mara):
    assert people.by_email(session, "Mara@example.org") is mara
    assert refusal(people.by_email, session, "nobody@example.org") == "person_unknown"
