"""Passwords: how they are kept, and which are refused."""

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from tests.services.little_oaks import NOW, PASSWORD, refusal
from webapp.problems import Problem
from webapp.services import passwords, sign_in


@pytest.fixture
def session(stored: Session) -> Session:
    return stored


def test_a_damaged_hash_lets_nobody_in(session, mara):
    mara.password_hash = "plain"
    assert refusal(sign_in.check_password, session, mara.email, "plain", NOW) == "wrong_sign_in"


def test_passwords_are_hashed_with_argon2id_at_19_mebibytes():
    assert passwords.hash_of(PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_hash_with_old_parameters_is_renewed_at_the_next_sign_in(session, mara):
    mara.password_hash = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    sign_in.check_password(session, mara.email, PASSWORD, NOW)
    assert not passwords.needs_rehash(mara.password_hash)
    assert passwords.matches(mara.password_hash, PASSWORD)


def test_one_password_typed_on_two_keyboards_is_the_same(mara, session):
    sign_in.set_password(session, mara, "cafe\u0301 au lait chaud", NOW)
    assert passwords.matches(mara.password_hash, "caf\u00e9 au lait chaud")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_too_short"),
        ("elevenchars", "password_too_short"),
        ("password1234", "password_too_common"),
        ("Password-2026!", "password_too_common"),
        ("123456789012", "password_too_common"),
        ("aaaaaaaaaaaaaaaa", "password_too_common"),
        ("mara@example.org", "password_too_common"),
        ("mara12345678", "password_too_common"),
        ("Little Oaks 1", "password_too_common"),
        ("baton-baton-", "password_too_common"),
    ],
)
def test_a_password_that_is_short_or_easy_to_guess_is_refused(password, code):
    words = ("Mara", "mara@example.org", "Little Oaks", "baton baton")
    with pytest.raises(Problem) as caught:
        passwords.check(password, words)
    assert caught.value.code == code
    assert "password" in caught.value.fields


@pytest.mark.parametrize(
    "password",
    [
        "four plain words here",
        "twelve chars",
        "ALLINCAPITALS",
        "830172645091",
        "крепкий-пароль",
        "x" * 8 + "abcdefghi" * 90,
    ],
)
def test_a_long_password_needs_no_mixture_of_signs(password):
    passwords.check(password, ("Mara", "mara@example.org", "Little Oaks"))
