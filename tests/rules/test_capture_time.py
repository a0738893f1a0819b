"""Three times are kept for each proof, and nothing is claimed that is not so."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.rules.capture_time import CaptureTime, estimate, from_file, in_words

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
            "unproven",
            id="never sampled: the sending shows the offset, and proves nothing",
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
            DONE + HOUR,
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


DAY, DAY_MS = timedelta(days=1), 86_400_000
SHIFT = timedelta(hours=9)


def offline_for_a_shift(
    skew_ms: int | None, at_capture: timedelta, at_sending: timedelta
) -> CaptureTime:
    """Done at DONE, sent nine hours later, by a clock that is off by so much at each moment."""
    sent, received = DONE + SHIFT + at_sending, DONE + SHIFT
    return estimate(DONE + at_capture, skew_ms, sent, received)


@pytest.mark.parametrize(
    ("skew_ms", "at_capture", "at_sending", "trust"),
    [
        pytest.param(0, 0 * DAY, 0 * DAY, "estimated", id="never moved"),
        pytest.param(0, 0 * DAY, DAY, "unproven", id="a day forward after the capture"),
        pytest.param(0, 0 * DAY, -DAY, "unproven", id="a day back after the capture"),
        pytest.param(0, DAY, DAY, "unproven", id="a day forward before the capture"),
        pytest.param(0, -DAY, -DAY, "unproven", id="a day back before the capture"),
        pytest.param(
            0, -DAY, 0 * DAY, "estimated", id="a day back and set right, which nobody can see"
        ),
        pytest.param(0, DAY, 0 * DAY, "unproven", id="a day forward for the capture alone"),
        pytest.param(-DAY_MS, DAY, DAY, "estimated", id="a day fast all along, and sampled so"),
        pytest.param(DAY_MS, -DAY, -DAY, "estimated", id="a day slow all along, and sampled so"),
        pytest.param(-DAY_MS, DAY, 0 * DAY, "unproven", id="a day fast, set right by its network"),
        pytest.param(None, DAY, DAY, "unproven", id="a day fast all along, never sampled"),
        pytest.param(None, -DAY, 0 * DAY, "unproven", id="a day back, as the phone noticed"),
        pytest.param(0, SECOND, 2 * SECOND, "estimated", id="a clock that drifts by a second"),
        pytest.param(0, MINUTE, 2 * MINUTE, "estimated", id="honest drift of two minutes"),
        pytest.param(0, MINUTE, 3 * MINUTE, "unproven", id="drift that no clock has"),
        pytest.param(600_000, -10 * MINUTE, 0 * DAY, "unproven", id="ten minutes slow, set right"),
        pytest.param(10**18, 0 * DAY, 0 * DAY, "unproven", id="absurd skew"),
    ],
)
def test_a_clock_that_was_moved_proves_nothing(
    skew_ms: int | None, at_capture: timedelta, at_sending: timedelta, trust: str
) -> None:
    capture = offline_for_a_shift(skew_ms, at_capture, at_sending)
    assert capture.trust == trust
    assert capture.received == DONE + SHIFT


def test_another_time_zone_on_the_phone_changes_nothing() -> None:
    auckland, chicago = ZoneInfo("Pacific/Auckland"), ZoneInfo("America/Chicago")
    there = estimate(DONE.astimezone(auckland), 0, (DONE + SHIFT).astimezone(chicago), DONE + SHIFT)
    assert there == offline_for_a_shift(0, 0 * DAY, 0 * DAY)


@pytest.mark.parametrize("captured", [DONE, DONE - HOUR, DONE + DAY])
def test_a_time_in_a_rescue_file_proves_nothing_whatever_it_is(captured: datetime) -> None:
    assert from_file(captured, DONE) == CaptureTime(captured, DONE, DONE, "unproven")


def test_a_sending_at_the_end_of_all_times_is_judged_too() -> None:
    sent_at = datetime.max.replace(tzinfo=UTC)
    skew_ms = (DONE - sent_at) // timedelta(milliseconds=1)
    capture = estimate(sent_at - HOUR, skew_ms, sent_at, DONE)
    assert (capture.trust, DONE - capture.estimated < HOUR + SECOND) == ("estimated", True)


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
