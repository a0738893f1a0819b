"""Passwords, sessions and tokens: what lets a person in, and what ends it."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.little_oaks import NOW, PASSWORD, refusal
from webapp.models import ApiToken, Event, SignIn
from webapp.problems import Problem
from webapp.services import passwords, people, sign_in


@pytest.fixture
def session(stored: Session) -> Session:
    return stored


def test_the_right_password_gives_the_person_however_the_address_is_written(session, mara):
    assert sign_in.check_password(session, " MARA@Example.org ", PASSWORD, NOW) is mara


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("mara@example.org", "another plain sentence"),
        ("nobody@example.org", PASSWORD),
        ("", ""),
        ("mara@example.org", ""),
    ],
)
def test_a_wrong_address_and_a_wrong_password_get_the_same_answer(session, mara, email, password):
    with pytest.raises(Problem) as caught:
        sign_in.check_password(session, email, password, NOW)
    assert caught.value.document() == Problem("wrong_sign_in").document()


def test_an_unknown_address_costs_as_much_hashing_as_a_known_one(session, mara, monkeypatch):
    seen = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(
        PasswordHasher,
        "verify",
        lambda self, kept, given: seen.append(kept) or verify(self, kept, given),
    )
    for email in ("mara@example.org", "nobody@example.org"):
        refusal(sign_in.check_password, session, email, "wrong", NOW)
    assert [passwords.needs_rehash(kept) for kept in seen] == [False, False]


def test_nobody_signs_in_with_the_password_behind_the_dummy_hash(session, mara):
    mara.password_hash = None
    assert refusal(sign_in.check_password, session, mara.email, PASSWORD, NOW) == "wrong_sign_in"


def test_somebody_deactivated_cannot_sign_in(session, mara):
    mara.deactivated_at = NOW
    assert refusal(sign_in.check_password, session, mara.email, PASSWORD, NOW) == "wrong_sign_in"


def test_each_session_has_its_own_long_random_id(session, mara):
    ids = {sign_in.start_session(session, mara, NOW).id for _ in range(20)}
    assert len(ids) == 20
    assert min(map(len, ids)) >= 43


def test_a_session_lasts_while_it_is_used(session, mara):
    started = sign_in.start_session(session, mara, NOW)
    later = NOW + timedelta(days=29)
    sign_in.touch(started, later)
    session.flush()
    assert sign_in.session_of(session, started.id, later + timedelta(days=29)) is started


@pytest.mark.parametrize(
    ("after", "used", "good"),
    [
        (timedelta(days=30) - timedelta(seconds=1), False, True),
        (timedelta(days=30), False, False),
        (timedelta(days=90) - timedelta(seconds=1), True, True),
        (timedelta(days=90), True, False),
    ],
)
def test_a_session_ends_after_30_days_idle_and_after_90_days_in_any_case(
    session, mara, after, used, good
):
    started = sign_in.start_session(session, mara, NOW)
    if used:
        sign_in.touch(started, NOW + after - timedelta(days=1))
        session.flush()
    assert (sign_in.session_of(session, started.id, NOW + after) is not None) == good


def test_use_is_remembered_at_most_once_an_hour(session, mara):
    started = sign_in.start_session(session, mara, NOW)
    sign_in.touch(started, NOW + timedelta(minutes=59))
    assert started.last_seen_at == NOW
    sign_in.touch(started, NOW + timedelta(minutes=60))
    assert started.last_seen_at == NOW + timedelta(minutes=60)


def test_an_ended_session_is_no_session(session, mara):
    started = sign_in.start_session(session, mara, NOW)
    sign_in.end_session(started, NOW)
    session.flush()
    assert sign_in.session_of(session, started.id, NOW) is None


def test_ending_a_session_twice_keeps_the_first_time(session, mara):
    started = sign_in.start_session(session, mara, NOW)
    sign_in.end_session(started, NOW)
    sign_in.end_session(started, NOW + timedelta(days=1))
    assert started.ended_at == NOW


def test_an_unknown_session_id_is_no_session(session, mara):
    assert sign_in.session_of(session, "made up", NOW) is None


def test_a_password_change_ends_every_other_session(session, mara):
    here, there = (sign_in.start_session(session, mara, NOW) for _ in range(2))
    sign_in.change_password(session, mara, PASSWORD, "a wholly new sentence", NOW, here.id)
    assert sign_in.session_of(session, here.id, NOW) is here
    assert sign_in.session_of(session, there.id, NOW) is None
    assert sign_in.check_password(session, mara.email, "a wholly new sentence", NOW) is mara


def test_a_password_changes_only_with_the_present_one(session, mara):
    started = sign_in.start_session(session, mara, NOW)
    with pytest.raises(Problem) as caught:
        sign_in.change_password(session, mara, "wrong one", "a wholly new sentence", NOW)
    assert (caught.value.code, set(caught.value.fields)) == ("wrong_sign_in", {"current"})
    assert passwords.matches(mara.password_hash, PASSWORD)
    assert sign_in.session_of(session, started.id, NOW)


def test_the_sessions_of_others_stay_when_mine_end(session, mara):
    ben, _ = people.invite(session, mara, "Ben", None, "staff", [], NOW)
    his = sign_in.start_session(session, ben, NOW)
    sign_in.end_all_sessions(session, mara, NOW)
    assert sign_in.session_of(session, his.id, NOW) is his


def test_a_token_gives_its_person_and_only_its_hash_is_kept(session, mara):
    token = sign_in.create_token(session, mara, NOW)
    assert token.startswith("baton_")
    assert sign_in.person_of_token(session, token) is mara
    kept = session.scalars(select(ApiToken)).one()
    assert token not in (kept.token_hash, kept.id)
    assert len(kept.token_hash) == 64


@pytest.mark.parametrize(
    "wrong", ["", "baton_", "baton_made_up", "\udcff".encode("utf-8", "replace").decode()]
)
def test_an_unknown_token_gives_nobody(session, mara, wrong):
    sign_in.create_token(session, mara, NOW)
    assert sign_in.person_of_token(session, wrong) is None


def test_a_withdrawn_token_gives_nobody(session, mara):
    token = sign_in.create_token(session, mara, NOW)
    sign_in.withdraw_tokens(session, mara, NOW)
    assert sign_in.person_of_token(session, token) is None


def test_no_secret_reaches_the_record(session, mara):
    token = sign_in.create_token(session, mara, NOW)
    sign_in.change_password(session, mara, PASSWORD, "a wholly new sentence", NOW)
    session.commit()
    written = repr([(event.kind, event.payload) for event in session.scalars(select(Event))])
    assert "token.created" in written
    assert "person.password_changed" in written
    for secret in (token, mara.password_hash, PASSWORD, "a wholly new sentence"):
        assert secret not in written


def test_a_session_row_keeps_when_it_began_and_ended(session, mara):
    started = sign_in.start_session(session, mara, NOW)
    sign_in.end_all_sessions(session, mara, NOW + timedelta(hours=1))
    session.commit()
    row = session.scalars(select(SignIn)).one()
    assert (row.created_at, row.ended_at) == (NOW, NOW + timedelta(hours=1))
    assert row.id == started.id
