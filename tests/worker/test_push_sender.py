"""One push, from the call to the device."""

import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
import webpush
from cryptography.hazmat.primitives.asymmetric import ec

from tests.push_service import PushService, RemotePushService, collapsed
from webapp.push_keys import VapidKeys, load_or_create_keys
from worker.push.outcome import Outcome
from worker.push.sender import MAX_PAYLOAD, PushSender, Subscription, Timeouts

CONTACT = "mailto:ops@daycare.example"
TEXT = json.dumps({"kind": "handoff", "title": "Fridge at 7 °C"}).encode()


@pytest.fixture
def keys(tmp_path: Path) -> VapidKeys:
    return load_or_create_keys(tmp_path)


@pytest.fixture
def sender(keys: VapidKeys) -> Iterator[PushSender]:
    sender = PushSender(keys, insecure=True)
    yield sender
    sender.close()


def of(subscription: Any) -> Subscription:
    return Subscription(subscription.endpoint, subscription.p256dh, subscription.auth)


def send(sender: PushSender, subscription: Any, message: bytes = TEXT, **given: Any) -> Outcome:
    settings = {"ttl": 900, "urgency": "high", "topic": "step-1", "contact": CONTACT, **given}
    return sender.send(of(subscription), message, **settings)


def unpadded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_device_reads_what_was_sent(sender: PushSender, push_service: PushService) -> None:
    device = push_service.subscribe()
    assert send(sender, device) == Outcome("accepted", 201)
    message = push_service.expect(device, kind="handoff", title="Fridge at 7 °C")
    assert (message.ttl, message.urgency, message.topic) == (900, "high", "step-1")
    assert message.headers["content-type"] == "application/octet-stream"


def test_a_message_without_topic_carries_no_topic(
    sender: PushSender, push_service: PushService
) -> None:
    device = push_service.subscribe()
    send(sender, device, topic=None, urgency="normal")
    assert "topic" not in push_service.expect(device).headers


def test_a_topic_replaces_what_a_sleeping_device_has_not_seen(
    sender: PushSender, push_service: PushService
) -> None:
    device = push_service.subscribe()
    for number in (b"1", b"2"):
        send(sender, device, number)
    send(sender, device, b"3", topic="step-2")
    assert [message.payload for message in collapsed(push_service.take())] == [2, 3]


def test_the_longest_ttl_is_28_days(sender: PushSender, push_service: PushService) -> None:
    device = push_service.subscribe()
    send(sender, device, ttl=10**9)
    assert push_service.expect(device).ttl == 28 * 24 * 3600


def test_the_largest_message_passes(sender: PushSender, push_service: PushService) -> None:
    device = push_service.subscribe()
    assert send(sender, device, b"x" * MAX_PAYLOAD).kind == "accepted"
    assert push_service.expect(device).payload == "x" * MAX_PAYLOAD


@pytest.mark.parametrize(
    "given",
    [
        {"message": b"x" * (MAX_PAYLOAD + 1)},
        {"ttl": 0},
        {"ttl": -1},
        {"urgency": "urgent"},
        {"topic": ""},
        {"topic": "x" * 33},
        {"topic": "step 1"},
        {"topic": "step\r\nX: y"},
        {"contact": "ops@daycare.example"},
        {"contact": "mailto:ops@localhost"},
    ],
    ids=str,
)
def test_a_mistake_of_the_caller_raises_and_sends_nothing(
    sender: PushSender, push_service: PushService, given: dict[str, Any]
) -> None:
    with pytest.raises(ValueError):
        send(sender, push_service.subscribe(), **given)
    assert push_service.connections == 0


def test_messages_to_one_service_share_one_signed_header(
    sender: PushSender, push_service: PushService
) -> None:
    with PushService() as other:
        for service in (push_service, push_service, other):
            send(sender, service.subscribe())
        first, second = (m.headers["authorization"] for m in push_service.take())
        assert first == second
        assert other.take()[0].headers["authorization"] != first


def test_the_header_follows_the_wall_clock(keys: VapidKeys, push_service: PushService) -> None:
    now = time.time()
    moments = iter([now, now, now + 11.5 * 3600, now + 11.5 * 3600])
    sender = PushSender(keys, insecure=True, wall=lambda: next(moments))
    for _ in range(2):
        send(sender, push_service.subscribe())
    sender.close()
    first, second = (message.headers["authorization"] for message in push_service.take())
    assert first != second


def test_twenty_messages_use_one_connection(sender: PushSender, push_service: PushService) -> None:
    device = push_service.subscribe()
    assert {send(sender, device).kind for _ in range(20)} == {"accepted"}
    assert len(push_service.take()) == 20
    assert push_service.connections == 1


def test_threads_share_the_sender_and_no_message_is_mixed_up(
    sender: PushSender, push_service: PushService
) -> None:
    devices = [push_service.subscribe() for _ in range(40)]
    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(lambda d: send(sender, d, d.token.encode()), devices))
    assert {outcome.kind for outcome in outcomes} == {"accepted"}
    assert all(message.payload == message.subscription for message in push_service.take())


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"status": 404}, Outcome("gone", 404, reason="gone")),
        ({"status": 410}, Outcome("gone", 410, reason="gone")),
        ({"status": 429}, Outcome("retry", 429, None, "busy")),
        ({"status": 429, "headers": {"Retry-After": "30"}}, Outcome("retry", 429, 30, "busy")),
        ({"status": 500}, Outcome("retry", 500, None, "busy")),
        ({"status": 503, "headers": {"Retry-After": "5"}}, Outcome("retry", 503, 5, "busy")),
        ({"status": 403, "body": "VAPID mismatch"}, Outcome("refused", 403, reason="vapid")),
        ({"status": 400, "body": "x" * 100_000}, Outcome("refused", 400, reason="refused")),
        ({"reset": True}, Outcome("retry", reason="connection")),
    ],
    ids=str,
)
def test_each_answer_becomes_an_outcome(
    sender: PushSender, push_service: PushService, answer: dict[str, Any], outcome: Outcome
) -> None:
    device = push_service.subscribe()
    push_service.answer(device, **answer)
    assert send(sender, device) == outcome
    assert send(sender, device).kind == "accepted"
    push_service.expect(device)


def test_a_date_to_retry_after_becomes_seconds(
    sender: PushSender, push_service: PushService
) -> None:
    device = push_service.subscribe()
    later = formatdate(time.time() + 600, usegmt=True)
    push_service.answer(device, status=429, headers={"Retry-After": later})
    assert send(sender, device).after == pytest.approx(600, abs=5)


def test_a_redirect_is_never_followed(sender: PushSender, push_service: PushService) -> None:
    device, elsewhere = push_service.subscribe(), push_service.subscribe()
    push_service.answer(device, status=307, headers={"Location": elsewhere.endpoint})
    assert send(sender, device) == Outcome("refused", 307, reason="redirect")


def test_a_silent_service_is_left_after_the_time_out(
    keys: VapidKeys, push_service: PushService
) -> None:
    device = push_service.subscribe()
    push_service.answer(device, status=503, delay=60)
    sender = PushSender(keys, insecure=True, timeouts=Timeouts(read=0.05))
    assert send(sender, device) == Outcome("retry", reason="timeout")
    sender.close()


def test_a_service_that_is_down_is_tried_again(sender: PushSender) -> None:
    with PushService() as service:
        device = service.subscribe()
    assert send(sender, device) == Outcome("retry", reason="connection")


def test_keys_that_cannot_encrypt_are_refused_before_anything_is_sent(
    sender: PushSender, push_service: PushService
) -> None:
    device = push_service.subscribe()
    assert send(sender, replace(device, auth="AAAA")).reason == "bad_auth"
    assert send(sender, replace(device, p256dh="AAAA")).reason == "bad_p256dh"
    assert push_service.connections == 0


def test_the_body_equals_the_example_of_the_standard(
    keys: VapidKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 8291 section 5, with its salt and its sender's key in place of random ones."""
    salt = unpadded("DGv6ra1nlYgDCS1FRnbzlw")
    private = int.from_bytes(unpadded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
    key = ec.derive_private_key(private, ec.SECP256R1())
    monkeypatch.setattr(webpush.os, "urandom", lambda size: salt)
    monkeypatch.setattr(webpush.ec, "generate_private_key", lambda *given: key)
    subscription = Subscription(
        "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
    )
    body = PushSender(keys)._encrypted(b"When I grow up, I want to be a watermelon", subscription)
    assert body == unpadded(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLoc"
        "InmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLV"
        "WGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_the_service_in_its_own_process_keeps_its_ledger_on_disk(
    sender: PushSender, remote_push_service: RemotePushService
) -> None:
    device = remote_push_service.subscribe()
    remote_push_service.answer(device, status=503)
    assert send(sender, device).kind == "retry"
    assert send(sender, device).kind == "accepted"
    (message,) = remote_push_service.wait_for(1)
    assert message.payload["kind"] == "handoff"
    assert [entry.status for entry in remote_push_service.ledger.messages()] == [503, 201]
