"""The record cannot be changed without it showing."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.rules.record import (
    GENESIS,
    Broken,
    CanonicalError,
    Event,
    Verified,
    canonical,
    event_hash,
    make_event,
    payload_hash,
    verify,
)

AT = datetime(2026, 11, 22, 7, 15, tzinfo=UTC)
SALT = bytes(range(16))


def record_of(count: int) -> list[Event]:
    events: list[Event] = []
    previous = GENESIS
    for seq in range(1, count + 1):
        at = AT + timedelta(minutes=seq)
        event = make_event(
            "org", seq, at, "step_closed", "ana", f"step-{seq}", {"n": seq}, SALT, previous
        )
        events.append(event)
        previous = event.hash
    return events


RECORD = record_of(5)
HEAD = (5, RECORD[-1].hash)


def test_the_hashes_of_a_known_event() -> None:
    payload = {"value": Decimal("38.50"), "unit": "°F", "at": AT, "level": 1, "by": None}
    hashed = payload_hash(SALT, payload)
    assert hashed == "53f20e2a2c23c9dbdc55e2048e74914897d4eecef13b09cc016364b68f340f4b"
    own = event_hash("org", 1, AT, "step_closed", "ana", "step-1", hashed, GENESIS)
    assert own == "71066d7c153be0cf14ed7b667afd85b17ce2029f0817e3500eb371e097e4e166"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        pytest.param({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}', id="sorted keys"),
        pytest.param({"\U0001f600": 1, "\ufb33": 2}, '{"\U0001f600":1,"\ufb33":2}', id="UTF-16"),
        pytest.param('é\n\x01\x7f"\\/', '"é\\n\\u0001\x7f\\"\\\\/"', id="escapes"),
        pytest.param(AT, '"2026-11-22T07:15:00.000000Z"', id="UTC microseconds"),
        pytest.param(
            AT.astimezone(timezone(timedelta(hours=-6))),
            '"2026-11-22T07:15:00.000000Z"',
            id="a time in another zone",
        ),
        pytest.param(Decimal("38.50"), '"38.50"', id="a decimal keeps its digits"),
        pytest.param(Decimal("1E+3"), '"1000"', id="a decimal has no exponent"),
        pytest.param((1, 2), "[1,2]", id="a tuple is a list"),
        pytest.param("e\u0301", '"e\u0301"', id="text is not normalised"),
    ],
)
def test_the_canonical_form(value: Any, written: str) -> None:
    assert canonical(value) == written.encode()


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"value": 38.5}, id="a float"),
        pytest.param([float("nan")], id="not a number"),
        pytest.param(Decimal("NaN"), id="a decimal that is no number"),
        pytest.param(AT.replace(tzinfo=None), id="a time without a zone"),
        pytest.param({1: "one"}, id="a key that is no text"),
        pytest.param(2**53, id="an integer that JSON readers round"),
        pytest.param({"a", "b"}, id="a set"),
        pytest.param("\ud800", id="half a character"),
        pytest.param(b"raw", id="bytes"),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(CanonicalError):
        canonical(value)


texts = st.text(alphabet='ab"\\\n\x00\x7fé\u2028\ufb33\U0001f600', max_size=5)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=8,
)


@settings(max_examples=50, deadline=None)
@given(value=json_values)
def test_the_canonical_form_is_json_and_stable(value: Any) -> None:
    assert json.loads(canonical(value)) == value
    assert canonical(json.loads(canonical(value))) == canonical(value)


def test_the_stored_payload_hashes_like_the_given_one() -> None:
    payload = {"at": AT, "value": Decimal("38.50"), "notes": ("outside_range",)}
    event = make_event("org", 1, AT, "step.done", "ana", "step", payload, SALT, GENESIS)
    assert json.loads(json.dumps(event.payload)) == event.payload
    assert payload_hash(SALT, event.payload) == payload_hash(SALT, payload) == event.payload_hash


def test_a_salt_has_a_fixed_length() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        payload_hash(b"short", {})


def test_another_salt_gives_another_hash() -> None:
    assert payload_hash(bytes(16), {}) != payload_hash(SALT, {})


def test_an_untouched_record_is_verified() -> None:
    assert verify(RECORD) == verify(iter(RECORD), HEAD) == Verified(5, RECORD[-1].hash)


def test_an_empty_record_is_verified() -> None:
    assert verify([], (0, GENESIS)) == Verified(0, GENESIS)


def test_an_erased_payload_leaves_the_chain_verifiable() -> None:
    erased = [*RECORD[:2], replace(RECORD[2], payload=None, salt=None), *RECORD[3:]]
    assert verify(erased, HEAD) == Verified(5, RECORD[-1].hash)


@pytest.mark.parametrize(
    "change",
    [
        {"at": AT},
        {"kind": "step_skipped"},
        {"actor": "ben"},
        {"actor": None},
        {"subject": "step-9"},
        {"payload": {"n": 4}},
        {"payload": {"n": 3.0}},
        {"salt": bytes(16)},
        {"salt": b"short"},
        {"payload": None},
        {"salt": None},
        {"payload_hash": payload_hash(SALT, {"n": 4})},
        {"prev_hash": GENESIS},
        {"hash": GENESIS},
        {"org": "other"},
        {"seq": 9},
        {"at": AT.replace(tzinfo=None)},
    ],
    ids=str,
)
def test_a_changed_event_is_found(change: dict[str, Any]) -> None:
    touched = [*RECORD[:2], replace(RECORD[2], **change), *RECORD[3:]]
    found = verify(touched, HEAD)
    assert isinstance(found, Broken)
    assert found.seq == 3
    assert found.reason.endswith(".")


def test_an_event_rewritten_with_fresh_hashes_is_found_at_the_next() -> None:
    ours = RECORD[2]
    forged = make_event(
        "org", 3, ours.at, ours.kind, "eve", ours.subject, {"n": 3}, SALT, ours.prev_hash
    )
    assert verify([*RECORD[:2], forged, *RECORD[3:]]) == Broken(
        4, "Event 4 does not follow from the event before it."
    )


def test_an_event_of_another_organisation_is_found() -> None:
    foreign = make_event("other", 6, AT, "step_closed", None, None, {}, SALT, RECORD[-1].hash)
    assert verify([*RECORD, foreign]) == Broken(6, "Event 6 belongs to another organisation.")


def swapped(events: list[Event]) -> list[Event]:
    return [events[0], events[2], events[1], *events[3:]]


def renumbered(events: list[Event]) -> list[Event]:
    return [replace(event, seq=seq) for seq, event in enumerate(events, start=1)]


@pytest.mark.parametrize(
    ("tampered", "seq"),
    [
        pytest.param(lambda events: [*events[:2], *events[3:]], 3, id="removed"),
        pytest.param(lambda events: events[1:], 1, id="the first removed"),
        pytest.param(lambda events: renumbered([*events[:2], *events[3:]]), 3, id="renumbered"),
        pytest.param(swapped, 2, id="reordered"),
        pytest.param(lambda events: renumbered(swapped(events)), 2, id="reordered, renumbered"),
        pytest.param(lambda events: [*events[:3], *events[2:]], 4, id="twice"),
        pytest.param(lambda events: events[:-1], 5, id="the tail cut off"),
        pytest.param(lambda events: [], 1, id="all gone"),
        pytest.param(lambda events: record_of(6), 6, id="more than the head knows"),
    ],
)
def test_a_touched_record_is_found(
    tampered: Callable[[list[Event]], list[Event]], seq: int
) -> None:
    found = verify(tampered(RECORD), HEAD)
    assert isinstance(found, Broken)
    assert found.seq == seq


def test_a_record_forged_from_the_start_is_found_by_its_head() -> None:
    forged: list[Event] = []
    for event in RECORD:
        previous = forged[-1].hash if forged else GENESIS
        forged.append(make_event("org", event.seq, AT, "quiet", None, None, {}, SALT, previous))
    assert isinstance(verify(forged), Verified)
    assert verify(forged, HEAD) == Broken(5, "Event 5 is not the one that the head names.")
