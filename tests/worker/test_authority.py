"""A time stamp authority is asked over HTTP, and nothing that it answers is taken unchecked."""

import hashlib

import pytest

from tests.stamp_authority import REFUSAL, SIGNER, Authority, another, stamped
from worker import authority
from worker.authority import NoStamp

TEXT = "51234:" + "ab" * 32


@pytest.fixture
def office():
    with Authority() as office:
        yield office


def on_something_else(query: bytes) -> bytes:
    """A stamp for this very question's nonce, on another text."""
    at = query.index(b"\x04\x20") + 2  # the hash, a string of 32 bytes
    return stamped(query[:at] + hashlib.sha256(b"else").digest() + query[at + 32 :])


def nameless(query: bytes) -> bytes:
    """A stamp without the certificate that was asked for."""
    assert query.endswith(b"\x01\x01\xff")
    return stamped(query[:-1] + b"\x00")


def cut(query: bytes) -> bytes:
    return stamped(query)[:-1]


HOSTILE = [
    ("refuses", {"answers": lambda _: REFUSAL}, "it refuses with status 2"),
    (
        "wrong nonce",
        {"answers": lambda _: stamped(another(TEXT.encode()))},
        "it answers another question",
    ),
    ("other imprint", {"answers": on_something_else}, "its stamp is on something else"),
    ("nameless", {"answers": nameless}, "its stamp does not say who signed it"),
    ("cut", {"answers": cut}, "what it answers is no time stamp"),
    ("more", {"answers": lambda q: stamped(q) + b"\0"}, "what it answers is no time stamp"),
    ("garbage", {"answers": lambda _: b"<html>Sign in"}, "what it answers is no time stamp"),
    ("nothing", {"answers": lambda _: b""}, "what it answers is no time stamp"),
    ("endless", {"is_endless": True}, "its answer is too long"),
    ("error", {"status": 500}, "it answers 500"),
    ("redirect", {"status": 302, "headers": {"Location": "/elsewhere"}}, "it answers 302"),
    ("kept redirect", {"status": 307, "headers": {"Location": "/elsewhere"}}, "it answers 307"),
    ("drips", {"pause": 0.2}, "it takes too long to answer"),
]


def be(office: Authority, hostile: dict[str, object]) -> None:
    for name, value in hostile.items():
        setattr(office, name, value)


def test_a_good_answer_is_kept_as_it_came_with_its_time_and_its_signer(office):
    answers = []
    office.answers = lambda query: answers.append(stamped(query)) or answers[0]
    stamp = authority.stamp(office.url, TEXT)
    assert (stamp.answer, stamp.authority) == (answers[0], SIGNER)
    assert stamp.at.utcoffset().total_seconds() == 0
    assert hashlib.sha256(TEXT.encode()).digest() in office.asked[0]


@pytest.mark.parametrize(
    ("hostile", "why"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE]
)
def test_what_is_no_answer_to_the_question_is_no_stamp(office, monkeypatch, hostile, why):
    monkeypatch.setattr(authority, "PATIENCE", 0.5)
    be(office, hostile)
    with pytest.raises(NoStamp) as refused:
        authority.stamp(office.url, TEXT)
    assert str(refused.value) == why
    assert office.paths == ["/tsr"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://nowhere.invalid/"])
def test_an_authority_that_is_away_gives_no_stamp(url):
    with pytest.raises(NoStamp, match="it does not answer"):
        authority.stamp(url, TEXT)


def test_each_question_has_a_nonce_of_its_own(office):
    for _ in range(2):
        authority.stamp(office.url, TEXT)
    assert office.asked[0] != office.asked[1]
