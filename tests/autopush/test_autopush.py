"""The push service of the Firefox tests keeps the rules on which those tests rely."""

import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpcore
import pytest
from websockets.sync.client import ClientConnection, connect

from tests.autopush import Autopush, Mailbox
from tests.autopush.conversation import SUBPROTOCOL
from webapp.push_keys import VapidKeys, load_or_create_keys
from worker.push.vapid import VapidSigner

CONTACT = "mailto:ops@daycare.example"


class Seconds:
    """The mailbox's clock."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Browser:
    """What Firefox says, and what it is answered."""

    socket: ClientConnection

    def says(self, **message: object) -> dict[str, Any]:
        self.socket.send(json.dumps(message))
        return self.hears()

    def hears(self) -> dict[str, Any]:
        heard: dict[str, Any] = json.loads(self.socket.recv(timeout=5))
        return heard

    def hello(self, name: str | None = None) -> str:
        known = {"uaid": name} if name else {}
        answer = self.says(messageType="hello", use_webpush=True, broadcasts={}, **known)
        assert (answer["messageType"], answer["status"]) == ("hello", 200)
        return str(answer["uaid"])

    def registers(self, channel: str, key: str | None = None) -> str:
        answer = self.says(messageType="register", channelID=channel, key=key)
        assert (answer["channelID"], answer["status"]) == (channel, 200)
        return str(answer["pushEndpoint"])

    def acknowledges(self, notification: dict[str, Any]) -> None:
        update = {"channelID": notification["channelID"], "version": notification["version"]}
        self.socket.send(json.dumps({"messageType": "ack", "updates": [update | {"code": 100}]}))
        assert self.says(messageType="ping") == {}


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def service(seconds: Seconds) -> Iterator[Autopush]:
    with Autopush(Mailbox(seconds)) as running:
        yield running


@pytest.fixture
def keys(tmp_path: Path) -> VapidKeys:
    return load_or_create_keys(tmp_path)


@contextmanager
def browser(service: Autopush) -> Iterator[Browser]:
    with connect(service.url, subprotocols=[SUBPROTOCOL]) as socket:
        yield Browser(socket)


def post(endpoint: str, keys: VapidKeys, body: bytes = b"sealed", **more: str) -> httpcore.Response:
    origin = "/".join(endpoint.split("/")[:3])
    headers: dict[str | bytes, str | bytes] = {
        "Authorization": VapidSigner(keys, time.time).header(origin, CONTACT),
        "Content-Encoding": "aes128gcm",
        "TTL": "60",
    }
    return httpcore.request("POST", endpoint, headers={**headers, **more}, content=body)


def content_of(notification: dict[str, Any]) -> bytes:
    text = notification["data"]
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_push_reaches_the_browser_as_it_was_posted(service: Autopush, keys: VapidKeys) -> None:
    with browser(service) as firefox:
        firefox.hello()
        endpoint = firefox.registers("c1", keys.application_server_key)
        answer = post(endpoint, keys, b"sealed")
        assert answer.status == 201
        headers = dict(answer.headers)
        assert headers[b"TTL"] == b"60"
        heard = firefox.hears()
        assert headers[b"Location"].endswith(heard["version"].encode())
        assert (heard["messageType"], heard["channelID"]) == ("notification", "c1")
        assert heard["headers"] == {"encoding": "aes128gcm"}
        assert content_of(heard) == b"sealed"
        firefox.acknowledges(heard)
    assert [each.code for each in service.notices] == [100]


def test_what_was_not_acknowledged_comes_again_and_what_was_does_not(
    service: Autopush, keys: VapidKeys
) -> None:
    with browser(service) as firefox:
        name = firefox.hello()
        endpoint = firefox.registers("c1")
        post(endpoint, keys, b"one")
        firefox.acknowledges(firefox.hears())
        post(endpoint, keys, b"two")
        firefox.hears()
    with browser(service) as firefox:
        assert firefox.hello(name) == name
        assert content_of(firefox.hears()) == b"two"


def test_a_browser_that_is_away_gets_the_last_of_a_topic_and_nothing_too_old(
    service: Autopush, keys: VapidKeys, seconds: Seconds
) -> None:
    with browser(service) as firefox:
        name = firefox.hello()
        endpoint = firefox.registers("c1")
    # What is posted before the service sees that the browser has left waits all the same.
    post(endpoint, keys, b"at once or never", TTL="0")
    post(endpoint, keys, b"soon", TTL="10")
    post(endpoint, keys, b"old news", Topic="gate")
    post(endpoint, keys, b"news", Topic="gate")
    seconds.now = 11
    with browser(service) as firefox:
        firefox.hello(name)
        assert content_of(firefox.hears()) == b"news"
        assert firefox.says(messageType="ping") == {}


def test_a_stranger_is_given_a_name_of_this_service(service: Autopush) -> None:
    with browser(service) as firefox:
        assert firefox.hello("named elsewhere") != "named elsewhere"


def test_an_endpoint_that_was_given_up_is_gone(service: Autopush, keys: VapidKeys) -> None:
    with browser(service) as firefox:
        firefox.hello()
        endpoint = firefox.registers("c1")
        answer = firefox.says(messageType="unregister", channelID="c1", code=200)
        assert (answer["messageType"], answer["status"]) == ("unregister", 200)
    assert post(endpoint, keys).status == 410
    assert post(f"{service.origin}/wpush/unheard-of", keys).status == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": "vapid t=a, k=b"}, 401),
        ({"TTL": "soon"}, 400),
        ({"Topic": "not a topic"}, 400),
        ({"Content-Encoding": "aesgcm"}, 400),
    ],
)
def test_a_push_against_the_rules_is_refused(
    service: Autopush, keys: VapidKeys, headers: dict[str, str], status: int
) -> None:
    with browser(service) as firefox:
        firefox.hello()
        endpoint = firefox.registers("c1")
    assert post(endpoint, keys, b"sealed", **headers).status == status
    assert service.notices == []


def test_a_push_of_another_application_or_too_long_is_refused(
    service: Autopush, keys: VapidKeys, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with browser(service) as firefox:
        firefox.hello()
        endpoint = firefox.registers("c1", keys.application_server_key)
    assert post(endpoint, load_or_create_keys(other)).status == 401
    assert post(endpoint, keys, b"x" * 4097).status == 413
    assert service.notices == []
