"""What each answer of a push service means (RFC 8030, RFC 9110, and what the services do)."""

import time
from email.utils import formatdate
from typing import Any

import pytest

from tests.conformance.raw_service import ACCEPTED, raw_service
from tests.conformance.table import rule
from tests.conformance.wire import Line, Phone, post, subscription_of
from tests.push_service import PushService
from webapp.push_keys import VapidKeys
from worker.push.outcome import Outcome, outcome_of, seconds_until
from worker.push.sender import PushSender, Timeouts

NOW = 1_800_000_000.0  # Fri, 15 Jan 2027 08:00:00 GMT
DAY = 86400

GONE = "RFC 8030 §7.3"
RETRY_AFTER = "RFC 9110 §10.2.3"


def answered(line: Line, **answer: Any) -> Outcome:
    outcome = line.send(line.answering(**answer))
    line.service.take()
    return outcome


def told(line: Line, *answers: bytes, ends: bool = False) -> list[Outcome]:
    """The outcome of one try for each answer, at a service that answers in raw bytes."""
    with raw_service(*answers, ends=ends) as service:
        return [post(line.sender, subscription_of(Phone(), service.origin)) for _ in answers]


@rule("4.1", "RFC 8030 §5", "201 Created: the push service has taken the message.")
def test_created_is_accepted(line: Line) -> None:
    assert answered(line, status=201) == Outcome("accepted", 201)


@rule("4.2", "RFC 8030 §5.1; WNS, FCM", "202 Accepted and any other 2xx are as good.")
@pytest.mark.parametrize("status", [200, 202, 204])
def test_any_success_is_accepted(line: Line, status: int) -> None:
    assert answered(line, status=status) == Outcome("accepted", status)


@rule("4.3", GONE, "404: the subscription has expired and is not used again.")
def test_not_found_is_gone(line: Line) -> None:
    assert answered(line, status=404) == Outcome("gone", 404, reason="gone")


@rule("4.4", "Mozilla, FCM, Apple", "410 Gone means the same.")
def test_gone_is_gone(line: Line) -> None:
    assert answered(line, status=410) == Outcome("gone", 410, reason="gone")


@rule("4.5", "RFC 8030 §8.4", "429: try again, later.")
def test_too_many_requests_is_tried_again(line: Line) -> None:
    assert answered(line, status=429) == Outcome("retry", 429, None, "busy")


@rule("4.6", "RFC 8030 §8.4", "429 with Retry-After in seconds: not before then.")
def test_retry_after_in_seconds_is_kept(line: Line) -> None:
    outcome = answered(line, status=429, headers={"Retry-After": "30"})
    assert outcome == Outcome("retry", 429, 30, "busy")


@rule("4.7", RETRY_AFTER, "Retry-After as a date counts from the real clock, not from Baton's.")
def test_retry_after_as_a_date_is_kept(line: Line) -> None:
    later = formatdate(time.time() + 600, usegmt=True)
    outcome = answered(line, status=429, headers={"Retry-After": later})
    assert outcome.after == pytest.approx(600, abs=30)


@rule("4.8", RETRY_AFTER, "Each form of an HTTP date is read, the obsolete ones too.")
@pytest.mark.parametrize(
    "header",
    [
        "Fri, 15 Jan 2027 08:02:00 GMT",
        "Friday, 15-Jan-27 08:02:00 GMT",
        "Fri Jan 15 08:02:00 2027",
        "Fri, 15 Jan 2027 09:02:00 +0100",
        " 120 ",
    ],
)
def test_every_form_of_retry_after_is_read(header: str) -> None:
    assert seconds_until(header, NOW) == 120


@rule("4.9", RETRY_AFTER, "A Retry-After that cannot be read counts as none.")
@pytest.mark.parametrize(
    "header",
    [None, "", "soon", "-5", "1.5", "\u0663", "Fri, 99 Foo 2027 08:02:00 GMT", "\x00", "0x10"],
)
def test_a_retry_after_without_sense_counts_as_none(header: str | None) -> None:
    assert seconds_until(header, NOW) is None


@rule("4.10", RETRY_AFTER, "A Retry-After in the past asks for no wait.")
@pytest.mark.parametrize("header", ["0", "Fri, 15 Jan 2027 07:00:00 GMT", "Thu, 01 Jan 1970"])
def test_a_retry_after_in_the_past_asks_for_no_wait(header: str) -> None:
    assert not seconds_until(header, NOW)


@rule("4.11", RETRY_AFTER, "An absurdly long Retry-After is a day at most.")
@pytest.mark.parametrize(
    "header", ["86401", "9" * 400, "Fri, 15 Jan 2100 08:02:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"]
)
def test_a_retry_after_is_a_day_at_most(header: str) -> None:
    assert seconds_until(header, NOW) == DAY


@rule("4.12", "RFC 9110 §5.1", "The names of an answer's headers are read in any case.")
@pytest.mark.parametrize("name", [b"retry-after", b"RETRY-AFTER"])
def test_header_names_are_read_in_any_case(line: Line, name: bytes) -> None:
    answer = b"HTTP/1.1 429 Slow down\r\n" + name + b": 7\r\nContent-Length: 0\r\n\r\n"
    assert told(line, answer) == [Outcome("retry", 429, 7, "busy")]


@rule("4.13", "RFC 9110 §15.6", "5xx and 408: the service is in trouble, try again.")
@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 507])
def test_a_service_in_trouble_is_tried_again(line: Line, status: int) -> None:
    assert answered(line, status=status) == Outcome("retry", status, None, "busy")


@rule("4.14", "RFC 9110 §15.6.4", "503 with Retry-After: not before then.")
def test_a_service_in_trouble_may_say_how_long(line: Line) -> None:
    outcome = answered(line, status=503, headers={"Retry-After": "5"})
    assert outcome == Outcome("retry", 503, 5, "busy")


@rule("4.15", "RFC 8292 §4.2", "401 and 403: our key or token is refused; the same would be again.")
@pytest.mark.parametrize("status", [401, 403])
def test_refused_keys_are_said_to_be_so(line: Line, status: int) -> None:
    assert answered(line, status=status) == Outcome("refused", status, reason="vapid")


@rule("4.16", "Apple", "400 with VapidPkHashMismatch or BadJwtToken is about our key too.")
@pytest.mark.parametrize("reason", ["VapidPkHashMismatch", "BadJwtToken"])
def test_apples_words_about_keys_are_understood(line: Line, reason: str) -> None:
    outcome = answered(line, status=400, body=f'{{"reason":"{reason}"}}')
    assert outcome == Outcome("refused", 400, reason="vapid")


@rule("4.17", "RFC 8030 §7.2", "413: too large; the same message is not sent again.")
def test_too_large_is_refused(line: Line) -> None:
    assert answered(line, status=413) == Outcome("refused", 413, reason="too_large")


@rule("4.18", "RFC 9110 §15.5", "Any other 4xx: the same push would be refused again.")
@pytest.mark.parametrize("status", [400, 402, 405, 406, 411, 422, 451])
def test_any_other_refusal_is_final(line: Line, status: int) -> None:
    assert answered(line, status=status) == Outcome("refused", status, reason="refused")


@rule("4.19", "RFC 9110 §15", "An answer outside every class is a refusal, not an accident.")
def test_a_status_that_nobody_knows_is_a_refusal() -> None:
    assert outcome_of(199, None, b"", NOW).kind == outcome_of(304, None, b"", NOW).kind == "refused"


@rule("4.20", "RFC 9110 §15.2", "Interim answers are passed over; the final one counts.")
def test_interim_answers_are_passed_over(line: Line) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    assert told(line, early + ACCEPTED) == [Outcome("accepted", 201)]


@rule("4.21", "RFC 9112 §7.1", "A chunked answer is read to its end, and the line stays usable.")
def test_a_chunked_answer_leaves_the_line_usable(line: Line) -> None:
    chunked = b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    with raw_service(chunked) as service:
        to = subscription_of(Phone(), service.origin)
        assert {post(line.sender, to) for _ in range(3)} == {Outcome("accepted", 201)}
        assert (service.requests, service.connections) == (3, 1)


@rule("4.22", "RFC 9112 §9.3", "An answer that ends with the connection counts like any other.")
def test_an_answer_may_end_with_the_connection(line: Line) -> None:
    plain = b"HTTP/1.0 201 Created\r\n\r\n"
    assert told(line, plain, plain, ends=True) == [Outcome("accepted", 201)] * 2


@rule("4.29", "RFC 9112 §9.3.1", "A kept connection that the service closed costs no try.")
def test_a_closed_connection_costs_no_try(line: Line) -> None:
    with raw_service(ACCEPTED, ends=True) as service:
        to = subscription_of(Phone(), service.origin)
        for _ in range(3):
            assert post(line.sender, to) == Outcome("accepted", 201)
            assert service.closed.wait(5)
            service.closed.clear()


@rule("4.23", "RFC 9110 §17.5", "Of a long answer only the start is read: its status counts.")
def test_a_long_answer_is_not_read(line: Line) -> None:
    outcome = answered(line, status=400, body="x" * 500_000)
    assert outcome == Outcome("refused", 400, reason="refused")


@rule("4.24", "RFC 9112 §8", "An answer that never comes whole or is no HTTP: try again.")
@pytest.mark.parametrize(
    "answer", [b"", b"220 smtp ready\r\n", b"HTTP/1.1 201 Cre", b"\x16\x03\x01"]
)
def test_what_is_no_answer_is_tried_again(line: Line, answer: bytes) -> None:
    assert told(line, answer, ends=True) == [Outcome("retry", reason="connection")]


@rule("4.25", "RFC 9112 §9.6", "A connection that is reset: try again.")
def test_a_reset_is_tried_again(line: Line) -> None:
    assert answered(line, reset=True) == Outcome("retry", reason="connection")


@rule("4.26", "RFC 9112 §9.5", "A service that is down: try again.")
def test_a_service_that_is_down_is_tried_again(line: Line) -> None:
    with raw_service(ACCEPTED) as service:
        down = subscription_of(Phone(), service.origin)
    assert post(line.sender, down) == Outcome("retry", reason="connection")


@rule("4.27", "RFC 9112 §9.5", "A service that does not answer is left after a time-out.")
def test_a_silent_service_is_left(keys: VapidKeys, push_service: PushService) -> None:
    sender = PushSender(keys, insecure=True, timeouts=Timeouts(read=0.05))
    line = Line(push_service, sender)
    assert answered(line, status=503, delay=60) == Outcome("retry", reason="timeout")
    sender.close()


@rule("4.28", "RFC 9110 §15.4; SSRF", "No redirect is followed, wherever it leads.")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(line: Line, status: int) -> None:
    elsewhere = line.phone()
    target = subscription_of(elsewhere, line.service.origin).endpoint
    outcome = answered(line, status=status, headers={"Location": target})
    assert outcome == Outcome("refused", status, reason="redirect")
    assert elsewhere.bodies == []
