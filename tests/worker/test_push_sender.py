"""One push, from the call to the device."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.push_service import PushService, RemotePushService
from webapp.push_keys import VapidKeys, load_or_create_keys
from worker.push.outcome import Outcome
from worker.push.sender import PushSender, Subscription

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


def test_the_device_reads_what_was_sent(sender: PushSender, push_service: PushService) -> None:
    device = push_service.subscribe()
    assert send(sender, device) == Outcome("accepted", 201)
    message = push_service.expect(device, kind="handoff", title="Fridge at 7 °C")
    assert (message.ttl, message.urgency, message.topic) == (900, "high", "step-1")
    assert message.headers["content-type"] == "application/octet-stream"


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
