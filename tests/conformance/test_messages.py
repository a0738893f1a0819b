"""What the device gets when it has decrypted a push: every kind that the product sends."""

import json
import re
from typing import Any

import pytest

from tests.conformance.table import rule
from tests.day import photo, photo_proof
from tests.push_service import Message
from tests.worker.conftest import UNTIL_MISSED, Post
from webapp.services import reviews

KINDS = {"handoff", "review", "sent_back", "not_needed"}
PLACE = re.compile(r"/(?!/)[A-Za-z0-9/_-]*(?:\?size=page)?(?:#[A-Za-z0-9]+)?")


class Sent:
    """A morning in which every kind of message goes out, and all that must not be in one."""

    def __init__(self, monday: Post) -> None:
        self.phones = [monday.has_phone(who) for who in ("ana", "ben", "olivia")]
        in_time = monday.clock.now()
        monday.uploads(photo())
        monday.does("ana", proof=photo_proof(photo()))
        monday.delivers()
        step, now = monday.step, monday.clock.now()
        seen, owner = step.proof.evidence_sha256, monday.crew.olivia
        reviews.send_back(monday.session, owner, step, seen, "Too dark.", now)
        monday.session.commit()
        monday.clock.advance(seconds=10)
        monday.delivers()
        monday.later(**UNTIL_MISSED)
        monday.delivers()
        monday.uploads(photo("red"))
        monday.does("ana", captured_at=in_time, proof=photo_proof(photo("red")))
        monday.delivers()
        self.messages: list[Message] = monday.service.take()
        self.kinds = {row.id: row.kind for row in monday.rows()}
        self.emails = [person.email for person in monday.crew.people.values()]

    @property
    def payloads(self) -> list[dict[str, Any]]:
        return [message.payload for message in self.messages]

    def secrets(self) -> list[str]:
        """Endpoints, keys and addresses: none of a push service's or a stranger's business."""
        told = [part for p in self.phones for part in (p.endpoint, p.token, p.p256dh, p.auth)]
        return told + self.emails


_MORNINGS: list[Sent] = []


@pytest.fixture
def sent(request: pytest.FixtureRequest) -> Sent:
    """The one morning of this file: it is only looked at."""
    if not _MORNINGS:
        _MORNINGS.append(Sent(request.getfixturevalue("post")()))
    return _MORNINGS[0]


@rule("6.1", "Apple, Chrome: userVisibleOnly", "Every message is a JSON object with a title.")
def test_every_message_has_a_title(sent: Sent) -> None:
    assert {payload["kind"] for payload in sent.payloads} >= KINDS
    assert all(isinstance(payload["title"], str) for payload in sent.payloads)
    assert all(payload["title"].strip() for payload in sent.payloads)


@rule("6.2", "RFC 8030 §8; OWASP ASVS 14.2.1", "No message holds a token, key or address.")
def test_no_message_holds_a_secret(sent: Sent) -> None:
    text = json.dumps(sent.payloads).lower()
    assert [secret for secret in sent.secrets() if secret.lower() in text] == []
    assert not re.search(r"token|bearer|signature=|session|vapid", text)


@rule("6.3", "OWASP ASVS 14.2.1", "Its addresses are places on this site, without a credential.")
def test_addresses_are_places_on_this_site(sent: Sent) -> None:
    places = [payload[name] for payload in sent.payloads for name in ("url", "image")]
    assert [place for place in places if place and not PLACE.fullmatch(place)] == []
    assert all(payload["url"] for payload in sent.payloads)


@rule("6.4", "Chrome, Firefox: maxActions", "It has two buttons at most, each with name and words.")
def test_buttons_are_ones_that_browsers_show(sent: Sent) -> None:
    buttons = [payload["actions"] for payload in sent.payloads]
    assert max(map(len, buttons)) == 2
    for button in (each for of_one in buttons for each in of_one):
        assert set(button) == {"action", "title"}
        assert all(button.values())


@rule("6.5", "Notifications API: tag", "It has a tag: a newer one takes the older one's place.")
def test_every_message_has_a_tag(sent: Sent) -> None:
    assert all(payload["tag"] for payload in sent.payloads)


@rule("6.6", "RFC 8030 §5.1", "Its id is the outbox's own, so that the device can say it came.")
def test_every_message_can_be_acknowledged(sent: Sent) -> None:
    for payload in sent.payloads:
        assert sent.kinds[payload["id"]] == payload["kind"]


@rule("6.7", "RFC 8030 §8.2", "Topics tell the push service nothing: no name, no id, no kind.")
def test_topics_tell_nothing(sent: Sent) -> None:
    for message in sent.messages:
        known = [message.payload[name] for name in ("id", "kind", "step_run", "tag")]
        assert message.topic is not None
        assert not any(part and part.lower() in message.topic.lower() for part in known)


@rule("6.8", "RFC 8030 §5.3 and §5.4", "Each kind of message has a topic and an urgency.")
def test_every_message_has_a_topic_and_an_urgency(sent: Sent) -> None:
    assert all(message.headers.keys() >= {"topic", "urgency"} for message in sent.messages)
