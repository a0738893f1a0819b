"""Invitations: a secret that lets one person in once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.little_oaks import NOW, PASSWORD, refusal
from webapp.models import Event, Invitation, Person
from webapp.problems import Problem
from webapp.services import invitations, people, sign_in


@pytest.fixture
def session(stored: Session) -> Session:
    return stored


def joined(session, owner: Person, name: str, role: str) -> Person:
    email = f"{name.lower()}@example.org"
    _, secret = people.invite(session, owner, name, email, role, owner.locations, NOW)
    return invitations.accept(session, secret, PASSWORD, NOW)


def kinds(session, subject: str) -> list[str]:
    session.commit()
    query = select(Event.kind).where(Event.subject == subject).order_by(Event.seq)
    return list(session.scalars(query))


def test_an_invitation_lets_a_person_in_with_the_password_they_choose(session, mara):
    ana, secret = people.invite(
        session, mara, " Ana  Lima ", "Ana@Example.org", "staff", mara.locations, NOW
    )
    assert (ana.name, ana.email, ana.locations) == ("Ana Lima", "ana@example.org", mara.locations)
    assert invitations.peek(session, secret, NOW) is ana
    assert invitations.accept(session, secret, PASSWORD, NOW) is ana
    assert sign_in.check_password(session, "ana@example.org", PASSWORD, NOW) is ana
    assert kinds(session, ana.id) == ["person.invited", "person.password_changed", "person.joined"]


def test_only_the_hash_of_an_invitations_secret_is_kept(session, mara):
    _, secret = people.invite(session, mara, "Ana", None, "staff", [], NOW)
    kept = session.scalars(select(Invitation)).one()
    assert len(secret) >= 43
    assert secret not in repr(vars(kept))
    session.commit()
    assert secret not in repr([event.payload for event in session.scalars(select(Event))])


def test_an_invitation_works_once(session, mara):
    _, secret = people.invite(session, mara, "Ana", None, "staff", [], NOW)
    invitations.accept(session, secret, PASSWORD, NOW)
    assert refusal(invitations.accept, session, secret, PASSWORD, NOW) == "invitation_unknown"
    assert refusal(invitations.peek, session, secret, NOW) == "invitation_unknown"


def test_of_two_who_use_an_invitation_in_the_same_moment_one_gets_in(session, mara):
    ana, secret = people.invite(session, mara, "Ana", None, "staff", [], NOW)
    engine, start, ana_id = session.get_bind(), Barrier(2), ana.id
    session.commit()

    def accept(password: str) -> str:
        with Session(engine) as mine:
            start.wait()
            try:
                invitations.accept(mine, secret, password, NOW)
            except Problem as problem:
                return problem.code
            mine.commit()
            return password

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(accept, ["first plain sentence", "second plain sentence"]))
    session.expire_all()
    assert outcomes.count("invitation_unknown") == 1
    (winner,) = set(outcomes) - {"invitation_unknown"}
    kept = session.get(Person, ana_id).password_hash
    assert sign_in.passwords.matches(kept, winner)


@pytest.mark.parametrize(
    ("after", "code"),
    [
        (timedelta(hours=72) - timedelta(seconds=1), None),
        (timedelta(hours=72), "invitation_unknown"),
    ],
)
def test_an_invitation_ends_after_three_days(session, mara, after, code):
    _, secret = people.invite(session, mara, "Ana", None, "staff", [], NOW)
    if code is None:
        assert invitations.accept(session, secret, PASSWORD, NOW + after)
    else:
        assert refusal(invitations.accept, session, secret, PASSWORD, NOW + after) == code


def test_a_refused_password_leaves_the_invitation_unused(session, mara):
    _, secret = people.invite(session, mara, "Ana", None, "staff", [], NOW)
    assert refusal(invitations.accept, session, secret, "short", NOW) == "password_too_short"
    assert invitations.accept(session, secret, PASSWORD, NOW).name == "Ana"


@pytest.mark.parametrize("secret", ["", "made up", "\ud800"])
def test_a_made_up_secret_lets_nobody_in(session, mara, secret):
    people.invite(session, mara, "Ana", None, "staff", [], NOW)
    assert refusal(invitations.accept, session, secret, PASSWORD, NOW) == "invitation_unknown"


def test_inviting_again_ends_the_link_before(session, mara):
    ana, first = people.invite(session, mara, "Ana", None, "staff", [], NOW)
    second = people.invite_again(session, mara, ana, NOW)
    assert refusal(invitations.accept, session, first, PASSWORD, NOW) == "invitation_unknown"
    assert invitations.accept(session, second, PASSWORD, NOW) is ana


def test_a_new_link_replaces_a_forgotten_password_and_ends_the_old_sessions(session, mara):
    ana = joined(session, mara, "Ana", "staff")
    old = sign_in.start_session(session, ana, NOW)
    secret = people.invite_again(session, mara, ana, NOW)
    assert sign_in.session_of(session, old.id, NOW)
    invitations.accept(session, secret, "a wholly new sentence", NOW)
    assert sign_in.session_of(session, old.id, NOW) is None
    assert refusal(sign_in.check_password, session, ana.email, PASSWORD, NOW) == "wrong_sign_in"


def test_a_link_lies_in_the_fragment(session):
    assert invitations.link("https://b.example", "s3cret") == "https://b.example/join#s3cret"
