"""Three times are kept for each proof, and nothing is claimed that is not so."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.rules.capture_time import CaptureTime, estimate, in_words

DONE = datetime(2026, 11, 22, 21, 58, tzinfo=UTC)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("device", "skew_ms", "sent_at", "received", "estimated", "trust"),
    [
        pytest.param(
            DONE, 0, DONE + SECOND, DONE + 2 * SECOND, DONE, "live", id="online, right clock"
        ),
        pytest.param(
            DONE, None, DONE + SECOND, DONE + SECOND, DONE, "live", id="online, never sampled"
        ),
        pytest.param(
            DONE,
            0,
            DONE + 2 * MINUTE,
            DONE + 4 * MINUTE,
            DONE,
            "live",
            id="two minutes each are within tolerance",
        ),
        pytest.param(
            DONE,
            0,
            DONE + 2 * MINUTE + SECOND,
            DONE + 3 * MINUTE,
            DONE,
            "estimated",
            id="more than two minutes on the device",
        ),
        pytest.param(
            DONE + SECOND,
            0,
            DONE + SECOND,
            DONE,
            DONE,
            "live",
            id="a clock a second ahead is never after received",
        ),
        pytest.param(
            DONE, 0, DONE + HOUR, DONE + HOUR, DONE, "estimated", id="offline for an hour"
        ),
        pytest.param(
            DONE - HOUR,
            HOUR_MS,
            DONE,
            DONE + HOUR,
            DONE,
            "estimated",
            id="offline, clock an hour slow, sampled",
        ),
        pytest.param(
            DONE + HOUR,
            -HOUR_MS,
            DONE + 2 * HOUR,
            DONE + HOUR,
            DONE,
            "estimated",
            id="offline, clock an hour fast, sampled",
        ),
        pytest.param(
            DONE - HOUR,
            None,
            DONE,
            DONE + HOUR,
            DONE,
            "estimated",
            id="never sampled: the sending shows the offset",
        ),
        pytest.param(
            DONE - HOUR,
            None,
            DONE - HOUR,
            DONE,
            DONE,
            "estimated",
            id="online with a clock an hour slow",
        ),
        pytest.param(
            DONE + HOUR,
            0,
            DONE,
            DONE,
            DONE,
            "unproven",
            id="captured after it was sent",
        ),
        pytest.param(
            DONE,
            0,
            DONE - HOUR,
            DONE + HOUR,
            DONE,
            "unproven",
            id="captured after it was sent, on a slow connection",
        ),
        pytest.param(
            DONE,
            2 * HOUR_MS,
            DONE + HOUR,
            DONE + HOUR,
            DONE + HOUR,
            "unproven",
            id="the skew puts it into the future",
        ),
        pytest.param(
            DONE - timedelta(days=14, seconds=1),
            0,
            DONE,
            DONE,
            DONE - timedelta(days=14, seconds=1),
            "unproven",
            id="more than 14 days ago",
        ),
        pytest.param(
            DONE - timedelta(days=14),
            0,
            DONE,
            DONE,
            DONE - timedelta(days=14),
            "estimated",
            id="14 days ago",
        ),
        pytest.param(
            DONE, 10**18, DONE + HOUR, DONE + HOUR, DONE + HOUR, "unproven", id="absurd skew"
        ),
        pytest.param(
            datetime.min.replace(tzinfo=UTC),
            -1,
            DONE,
            DONE,
            DONE,
            "unproven",
            id="before the calendar begins",
        ),
    ],
)
def test_the_estimate_and_its_trust(
    device: datetime,
    skew_ms: int | None,
    sent_at: datetime,
    received: datetime,
    estimated: datetime,
    trust: str,
) -> None:
    assert estimate(device, skew_ms, sent_at, received) == CaptureTime(
        device,
        estimated,
        received,
        trust,  # type: ignore[arg-type]
    )


seconds = st.integers(min_value=-(10**7), max_value=10**7)


@settings(max_examples=40, deadline=None)
@given(device=seconds, sent=seconds, skew=st.none() | st.integers(-(10**10), 10**10))
def test_nothing_was_captured_after_it_was_received(
    device: int, sent: int, skew: int | None
) -> None:
    capture = estimate(DONE + device * SECOND, skew, DONE + sent * SECOND, DONE)
    assert capture.estimated <= capture.received


@pytest.mark.parametrize(
    ("capture", "words"),
    [
        pytest.param(
            CaptureTime(DONE, DONE, DONE + 72 * MINUTE, "estimated"),
            "21:58 by the phone, received 23:10",
            id="done offline",
        ),
        pytest.param(CaptureTime(DONE, DONE, DONE + SECOND, "live"), "21:58", id="live"),
        pytest.param(
            CaptureTime(DONE - HOUR, DONE, DONE + 72 * MINUTE, "estimated"),
            "20:58 by the phone, 21:58 by our clock, received 23:10",
            id="a clock an hour slow",
        ),
        pytest.param(
            CaptureTime(DONE, DONE, DONE + 72 * MINUTE, "unproven"),
            "21:58 by the phone, not proven, received 23:10",
            id="unproven",
        ),
        pytest.param(
            CaptureTime(DONE, DONE, DONE + 9 * HOUR, "estimated"),
            "22 Nov 21:58 by the phone, received 23 Nov 06:58",
            id="over midnight",
        ),
    ],
)
def test_a_capture_in_words(capture: CaptureTime, words: str) -> None:
    assert in_words(capture, UTC) == words


def test_words_are_in_the_zone_of_the_location() -> None:
    capture = CaptureTime(DONE, DONE, DONE + 72 * MINUTE, "estimated")
    chicago = ZoneInfo("America/Chicago")
    assert in_words(capture, chicago) == "15:58 by the phone, received 17:10"
