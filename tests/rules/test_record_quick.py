"""The quick look at a record says exactly what the thorough one says."""

import json
from collections.abc import Callable
from dataclasses import astuple, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.rules.record import GENESIS, Broken, CanonicalError, Event, canonical, make_event
from webapp.rules.record import verify as thorough
from webapp.rules.record_quick import Row, canonical_text, verify_rows

AT = datetime(2026, 11, 22, 7, 15, tzinfo=UTC)
SALT = bytes(range(16))
ODD = 'ab"\\\n\x00\x7fé\u2028\ufb33\U0001f600\ud800'

texts = st.text(alphabet=ODD, max_size=4)
payloads = st.dictionaries(
    texts,
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | texts,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=3,
)


words = st.text(alphabet="ab,:{ ", max_size=3)
plain = st.dictionaries(
    words, words | st.integers(0, 2) | st.dictionaries(words, words, max_size=2), max_size=3
)


def record_of(count: int) -> list[Event]:
    events: list[Event] = []
    last = GENESIS
    for seq in range(1, count + 1):
        payload = {"n": seq, "é": ["\u2028", None], "deep": {"b": True, "a": "x"}}
        at = AT + timedelta(microseconds=seq)
        events.append(make_event("org", seq, at, "step.done", "ana", "it", payload, SALT, last))
        last = events[-1].hash
    return events


RECORD = record_of(5)
HEAD = (5, RECORD[-1].hash)


def as_row(event: Event, written: Callable[[Any], str] = json.dumps) -> Row:
    facts = list(astuple(event))
    facts[6] = None if event.payload is None else written(event.payload)
    return tuple(facts)


@settings(max_examples=200, deadline=None)
@given(payload=payloads, ascii_only=st.booleans())
def test_the_quick_canonical_form_is_the_canonical_form_or_none(payload, ascii_only) -> None:
    written = json.dumps(payload, ensure_ascii=ascii_only)
    try:
        truth = canonical(json.loads(written))
    except CanonicalError:
        truth = None
    assert canonical_text(written) in (None, truth)


def test_usual_payloads_need_no_closer_look() -> None:
    for event in RECORD:
        assert canonical_text(json.dumps(event.payload)) == canonical(event.payload)


@pytest.mark.parametrize(
    "written",
    ["1.0", "1e2", "NaN", "-Infinity", str(2**53), "{} ", "[1", "", '{"\\ud83d\\ude00": 1}', "é"],
)
def test_what_the_quick_form_cannot_vouch_for_it_leaves(written: str) -> None:
    assert canonical_text(written) is None


@pytest.mark.parametrize(
    "like_it",
    [
        '{"a": "x", "b": {"c": "y", "d": 1}}',
        '{"a": "", "b": {"c": "{\\"}", "d": 1}}',
        '{"a": ", ", "b": {"c": ": {", "d": 1}}',
        '{"a": "x", "b": {"d": "y", "c": 1}}',
        '{"b": "x", "a": {"c": "y", "d": 1}}',
        '{"a": "x", "a": {"c": "y", "d": 1}}',
        '{"a": "x", "b": {"c": "\t", "d": 1}}',
        '{"a": "x", "b": {"c": "\x7f", "d": 1}}',
        '{"a": "x", "b": {"c": "y", "d": 1.0}}',
        '{"a": "x", "b": {"c": "y", "d": -0}}',
        '{"a" : "x", "b": {"c": "y", "d": 1}}',
        '{"a": "x", "b": ["c", "y", "d", 1]}',
        '{"a": "x", "b": {"c": "y", "d": 1}',
    ],
)
def test_what_looks_like_a_payload_before_it_is_told_apart(like_it: str) -> None:
    """The same around strings is not the same, where names or an escape differ."""
    for _ in range(2):
        assert canonical_text('{"a": "k", "b": {"c": "l", "d": 1}}') is not None
        try:
            truth = canonical(json.loads(like_it))
        except ValueError:
            truth = None
        assert canonical_text(like_it) in (None, truth)


def test_a_name_is_one_with_a_space_behind_it_too() -> None:
    assert canonical_text('{"a": {"b" : "x", "c" : "y"}}') == b'{"a":{"b":"x","c":"y"}}'
    assert canonical_text('{"a": {"d" : "x", "c" : "y"}}') == b'{"a":{"c":"y","d":"x"}}'


@settings(max_examples=200, deadline=None)
@given(pair=st.tuples(plain, plain))
def test_payloads_of_one_shape_have_each_their_own_canonical_form(pair) -> None:
    for payload in pair:
        for _ in range(2):
            assert canonical_text(json.dumps(payload)) == canonical(payload)


changed = st.fixed_dictionaries(
    {},
    optional={
        "at": st.sampled_from(
            [AT, AT.replace(tzinfo=None), AT.astimezone(timezone(timedelta(hours=1)))]
        ),
        "kind": texts,
        "actor": st.none() | texts,
        "subject": st.none() | texts,
        "payload": st.none() | payloads,
        "salt": st.sampled_from([None, b"", bytes(16), SALT]),
        "payload_hash": st.sampled_from([GENESIS, "\ud800"]),
        "prev_hash": st.just(GENESIS),
        "hash": st.just(GENESIS),
        "org": texts,
        "seq": st.integers(0, 9),
    },
)


@settings(max_examples=200, deadline=None)
@given(place=st.integers(0, 4), change=changed, head=st.sampled_from([None, HEAD, (7, GENESIS)]))
def test_both_say_the_same_of_a_changed_event(place, change, head) -> None:
    touched = [*RECORD[:place], replace(RECORD[place], **change), *RECORD[place + 1 :]]
    assert verify_rows(map(as_row, touched), head) == thorough(touched, head)


@settings(max_examples=100, deadline=None)
@given(order=st.lists(st.integers(0, 4), max_size=6), after=st.sampled_from([0, 2]))
def test_both_say_the_same_of_events_moved_removed_or_doubled(order, after) -> None:
    moved = [RECORD[each] for each in order]
    before = (after, RECORD[after - 1].hash if after else GENESIS)
    found = verify_rows(map(as_row, moved), HEAD, before)
    assert found == thorough(moved, HEAD, before)


@settings(max_examples=100, deadline=None)
@given(payload=payloads, kind=texts, actor=st.none() | texts, sorts=st.booleans())
def test_both_say_the_same_of_hashes_that_fit_what_is_no_event(payload, kind, actor, sorts) -> None:
    """Somebody with the rules in hand hashes whatever they like; bytes that fit are not enough."""
    written = json.dumps(payload, sort_keys=sorts, ensure_ascii=False, separators=(",", ":"))
    event = forged(written.encode("utf-8", "surrogatepass"), kind, actor)
    event = replace(event, payload=json.loads(written))
    assert verify_rows([as_row(event)]) == thorough([event])


def forged(payload: bytes, kind: str, actor: str | None) -> Event:
    from hashlib import sha256

    hashed = sha256(SALT + payload).hexdigest()
    facts = {
        "actor": actor,
        "at": "2026-11-22T07:15:00.000000Z",
        "kind": kind,
        "org": "org",
        "payload_hash": hashed,
        "prev_hash": GENESIS,
        "seq": 1,
        "subject": "it",
        "v": 1,
    }
    line = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    own = sha256(line.encode("utf-8", "surrogatepass")).hexdigest()
    return Event("org", 1, AT, kind, actor, "it", {}, SALT, hashed, GENESIS, own)


@pytest.mark.parametrize("written", ["{", "[" * 5000, "null", "7"], ids=["{", "deep", "null", "7"])
def test_a_payload_that_is_no_object_is_a_fault_and_no_failure(written: str) -> None:
    rows = [as_row(RECORD[0], lambda _: written)]
    assert isinstance(verify_rows(rows), Broken)
