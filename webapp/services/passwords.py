"""Passwords: hashed with Argon2id, checked for length and for being easy to guess."""

import re
import unicodedata
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.problems import Problem
from webapp.rules.sentences import N_, say

MIN_LENGTH = 12
MIN_DIFFERENT_CHARACTERS = 5

# OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# Verified when nobody has the e-mail address, so that the answer takes as long as any other.
NOBODYS_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$mOX+HY2rPWqoNgpFN/5KAQ"
    "$fmkFFTT4iB5Y9KjQTbvO6Fk4OgVKyb7bCOZcDRcBZjE"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The letters of passwords that lead every list; digits and signs add little.
COMMON_LETTERS = _words(
    "abcdefghijkl abcdefghijklm administrator asdfghjkl baseball basketball changeme dragon "
    "football iloveyou iloveyouiloveyou letmein letmeinletmein master monkey mypassword "
    "newpassword passphrase password passwordpassword princess qazwsx qazwsxedc qwert qwerty "
    "qwertyqwerty qwertyuiop qwertyuiopasdf secret secretpassword starwars sunshine superman "
    "temppassword test testpassword testtest thisismypassword trustno unbelievable welcome "
    "welcomewelcome yourpassword zxcvbnm"
)
COMMON_WHOLE = _words(
    "012345678910 098765432109 112233445566 121212121212 123123123123 123456123456 123456789012 "
    "1234567890123 12345678901234 123456789123 1234567891011 123454321234 159753159753 "
    "1q2w3e4r5t6y 1qaz2wsx3edc 1qaz2wsx3edc4rfv 741852963741 789456123789 987654321098 "
    "987654321987 9876543210987 a1b2c3d4e5f6 p4ssw0rd1234 p@ssw0rd1234 passw0rd1234 "
    "q1w2e3r4t5y6 q1w2e3r4t5y6u7 zaq12wsxcde3"
)


def check(password: str, personal_words: Iterable[str | None] = ()) -> None:
    """Refuse a password that is short or easy to guess (ASVS 5.0, 6.2).

    `personal_words` are names and addresses of the person. Raises "password_too_short" or
    "password_too_common", with the field `password`. What it is composed of does not matter.
    """
    password = _normal(password)
    if len(password) < MIN_LENGTH:
        raise _refused(
            "password_too_short",
            say("It has %(num)s characters. Use 12 or more.", num=len(password)),
        )
    if _is_common(password.casefold()):
        raise _refused("password_too_common", N_("This one is easy to guess. Choose another one."))
    if _letters(password) in {_letters(word) for word in _parts(personal_words)}:
        raise _refused(
            "password_too_common", N_("Do not use your name or address as the password.")
        )


def hash_of(password: str) -> str:
    """Return the Argon2id hash of the password, with its salt and parameters."""
    return _hasher.hash(_normal(password))


def matches(kept_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; None takes as long and never matches."""
    try:
        _hasher.verify(kept_hash or NOBODYS_HASH, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept_hash is not None


def needs_rehash(kept_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(kept_hash)


def _normal(password: str) -> str:
    """One form for the same characters, whichever keyboard they came from (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)


def _is_common(password: str) -> bool:
    return (
        password in COMMON_WHOLE
        or _letters(password) in COMMON_LETTERS
        or len(set(password)) < MIN_DIFFERENT_CHARACTERS
    )


def _parts(words: Iterable[str | None]) -> set[str]:
    given = [word for word in words if word]
    return {"baton", *given, *(word.partition("@")[0] for word in given)}


def _letters(text: str) -> str | None:
    return re.sub(r"[\W\d_]+", "", text.casefold()) or None


def _refused(code: str, sentence: str) -> Problem:
    return Problem(code, fields={"password": sentence})
