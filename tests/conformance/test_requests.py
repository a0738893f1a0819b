"""The request that carries a push (RFC 8030)."""

import re
from typing import Any

import pytest

from tests.conformance.table import rule
from tests.conformance.wire import Line
from tests.push_service import collapsed

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@rule(
    "1.1",
    "RFC 8030 §5",
    "A push is a POST to exactly the address that the browser gave, path and query unchanged.",
)
def test_a_push_is_posted_to_the_browsers_own_address(line: Line) -> None:
    line.pushed(phone=line.phone(token="w?token=BQY%3d%2F&x=~:@!$'()*+,;"))


@rule("1.2", "RFC 9110 §7.2", "The Host header names the push service with its port.")
def test_the_host_is_the_push_services_own(line: Line) -> None:
    assert line.pushed().headers["host"] == line.service.origin.removeprefix("http://")


@rule("1.3", "RFC 8030 §5.2", "The TTL header is on every push: digits alone, in seconds.")
@pytest.mark.parametrize("ttl", [1, 900, 86400])
def test_a_ttl_is_always_sent(line: Line, ttl: int) -> None:
    assert line.pushed(ttl=ttl).headers["ttl"] == str(ttl)


@rule(
    "1.4",
    "RFC 8030 §5.2; phones that doze",
    "No push has a TTL of zero, which a phone that sleeps would never get.",
)
@pytest.mark.parametrize("ttl", [0, -1])
def test_a_ttl_of_nothing_is_never_sent(line: Line, ttl: int) -> None:
    refused_before_it_is_sent(line, ttl=ttl)


@rule("1.5", "FCM", "No TTL is longer than the four weeks that push services keep a message.")
def test_a_ttl_is_bounded(line: Line) -> None:
    assert line.pushed(ttl=10**9).message.ttl == 28 * 24 * 3600


@rule("1.6", "RFC 8030 §5.3", "Urgency is one of very-low, low, normal and high, once.")
@pytest.mark.parametrize("urgency", ["very-low", "low", "normal", "high"])
def test_every_urgency_of_the_standard_can_be_sent(line: Line, urgency: str) -> None:
    assert line.pushed(urgency=urgency).headers["urgency"] == urgency


@rule("1.7", "RFC 8030 §5.3", "No other word is ever sent as an urgency.")
@pytest.mark.parametrize("urgency", ["", "urgent", "High", "high, low", "high\r\nX: y"])
def test_no_other_urgency_is_sent(line: Line, urgency: str) -> None:
    refused_before_it_is_sent(line, urgency=urgency)


@rule("1.8", "RFC 8030 §5.4", "A topic has 1 to 32 characters of the base64url alphabet.")
@pytest.mark.parametrize("topic", ["a", ALPHABET[:32], ALPHABET[32:]])
def test_every_topic_of_the_standard_can_be_sent(line: Line, topic: str) -> None:
    assert line.pushed(topic=topic).headers["topic"] == topic


@rule("1.9", "RFC 8030 §5.4", "A topic that a push service would refuse is never sent.")
@pytest.mark.parametrize("topic", ["", "x" * 33, "step 1", "a=", "a+b", "é", "step\r\nX: y"])
def test_no_other_topic_is_sent(line: Line, topic: str) -> None:
    refused_before_it_is_sent(line, topic=topic)


@rule("1.10", "RFC 8030 §5.4", "A push without a topic carries no Topic header.")
def test_without_a_topic_there_is_no_header(line: Line) -> None:
    assert "topic" not in line.pushed(topic=None).headers


@rule(
    "1.11",
    "RFC 8030 §5.4",
    "A newer push of the same topic replaces the one that was not delivered yet.",
)
def test_a_topic_replaces_what_a_sleeping_device_has_not_seen(line: Line) -> None:
    phone = line.phone()
    for number, topic in ((b"1", "step-1"), (b"2", "step-1"), (b"3", "step-2")):
        assert line.send(phone, number, topic=topic).kind == "accepted"
    assert [message.payload for message in collapsed(line.service.take())] == [2, 3]


@rule("1.12", "RFC 9112 §6.2; WNS", "The length of the body is told; it is never chunked.")
def test_the_length_of_the_body_is_told(line: Line) -> None:
    pushed = line.pushed()
    assert pushed.headers["content-length"] == str(len(pushed.body))
    assert "transfer-encoding" not in pushed.headers


@rule(
    "1.13",
    "RFC 8030 §5.1 and §8.2",
    "No header tells more than a push needs: no cookie, no user agent, no receipt asked for.",
)
def test_no_header_tells_more_than_a_push_needs(line: Line) -> None:
    needed = {"ttl", "urgency", "topic", "content-encoding", "authorization"}
    plumbing = {"host", "content-length", "content-type", "connection", "accept"}
    sent = set(line.pushed().headers)
    assert needed <= sent <= needed | plumbing


@rule("1.14", "RFC 9110 §5.5", "Header values hold visible ASCII and blanks, nothing else.")
def test_header_values_are_visible_ascii(line: Line) -> None:
    values = line.pushed(urgency="low", topic="t").headers.values()
    assert all(re.fullmatch(r"[\x20-\x7e]+", value) for value in values)


def refused_before_it_is_sent(line: Line, message: bytes = b"{}", **given: Any) -> None:
    phone, before = line.phone(), len(line.service.messages)
    with pytest.raises(ValueError):
        line.send(phone, message, **given)
    assert (len(line.service.messages), phone.bodies) == (before, [])
