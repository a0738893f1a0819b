"""What each answer of a push service means."""

import pytest

from worker.push.outcome import Outcome, outcome_of, seconds_until

NOW = 1_800_000_000.0  # Fri, 15 Jan 2027 08:00:00 GMT


@pytest.mark.parametrize("status", [200, 201, 202])
def test_a_success_is_accepted(status: int) -> None:
    assert outcome_of(status, None, b"", NOW) == Outcome("accepted", status)


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_ended_is_gone(status: int) -> None:
    assert outcome_of(status, None, b"", NOW).kind == "gone"


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 507])
def test_a_busy_service_is_tried_again(status: int) -> None:
    assert outcome_of(status, "7", b"", NOW) == Outcome("retry", status, 7, "busy")


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (301, b"", "redirect"),
        (302, b"", "redirect"),
        (307, b"", "redirect"),
        (308, b"", "redirect"),
        (400, b"", "refused"),
        (400, b'{"reason":"VapidPkHashMismatch"}', "vapid"),
        (400, b'{"reason":"BadJwtToken"}', "vapid"),
        (401, b'{"errno":109}', "vapid"),
        (403, b"the VAPID credentials do not correspond", "vapid"),
        (403, b"", "vapid"),
        (405, b"", "refused"),
        (413, b"", "too_large"),
        (422, b"", "refused"),
    ],
)
def test_any_other_answer_is_refused_with_its_reason(status: int, body: bytes, reason: str) -> None:
    assert outcome_of(status, "7", body, NOW) == Outcome("refused", status, reason=reason)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("\u0663", None),
        ("0", 0),
        (" 120 ", 120),
        ("9" * 400, 86400),
        ("Fri, 15 Jan 2027 08:02:00 GMT", 120),
        ("Friday, 15-Jan-27 08:02:00 GMT", 120),
        ("Fri, 15 Jan 2027 09:02:00 +0100", 120),
        ("Fri, 15 Jan 2027 07:00:00 GMT", 0),
        ("Fri, 15 Jan 2100 08:02:00 GMT", 86400),
        ("Fri, 99 Foo 2027 08:02:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_forms(header: str | None, seconds: int | None) -> None:
    assert seconds_until(header, NOW) == seconds
