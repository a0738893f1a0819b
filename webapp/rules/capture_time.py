"""When a proof was captured: what the device said, our estimate, and how far to trust it."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Literal

# A phone set by its network is right to seconds; two minutes also covers a slow upload.
TOLERANCE = timedelta(minutes=2)
# A device dark for longer than this cannot prove when something happened.
OLDEST = timedelta(days=14)

Trust = Literal["live", "estimated", "unproven"]


@dataclass(frozen=True, slots=True)
class CaptureTime:
    """The three times of a proof, all aware UTC; `estimated` is never after `received`."""

    device: datetime
    estimated: datetime
    received: datetime
    trust: Trust


def estimate(
    device: datetime, skew_ms: int | None, sent_at: datetime, received: datetime
) -> CaptureTime:
    """Judges the capture time that a device claims. All times are aware.

    `skew_ms` is server clock minus device clock as the device last sampled it, None if never;
    then the offset between `sent_at` (device clock) and `received` (server clock) stands in.
    live: that offset and the time from capture to sending are each within two minutes.
    estimated: the skew corrects the device's time. unproven: captured after it was sent or
    received, or more than 14 days ago.
    """
    if abs(received - sent_at) <= TOLERANCE and abs(sent_at - device) <= TOLERANCE:
        return CaptureTime(device, min(device, received), received, "live")
    corrected = _corrected(device, skew_ms, received - sent_at)
    if corrected is None:
        return CaptureTime(device, received, received, "unproven")
    believable = device <= sent_at + TOLERANCE and (
        received - OLDEST <= corrected <= received + TOLERANCE
    )
    trust: Trust = "estimated" if believable else "unproven"
    return CaptureTime(device, min(corrected, received), received, trust)


def in_words(capture: CaptureTime, zone: tzinfo) -> str:
    """The times as people read them in `zone`, such as "21:58 by the phone, received 23:10".

    A live capture is its time alone. Dates are added when they differ; so is the corrected
    time when the phone's clock was off by more than two minutes.
    """
    device, estimated, received = (
        moment.astimezone(zone) for moment in (capture.device, capture.estimated, capture.received)
    )
    if capture.trust == "live":
        return f"{estimated:%H:%M}"
    dated = len({device.date(), estimated.date(), received.date()}) > 1
    words = [f"{_moment(device, dated)} by the phone"]
    if capture.trust == "unproven":
        words.append("not proven")
    elif abs(estimated - device) > TOLERANCE:
        words.append(f"{_moment(estimated, dated)} by our clock")
    words.append(f"received {_moment(received, dated)}")
    return ", ".join(words)


def _corrected(device: datetime, skew_ms: int | None, offset: timedelta) -> datetime | None:
    try:
        return device + (offset if skew_ms is None else timedelta(milliseconds=skew_ms))
    except OverflowError:
        return None


def _moment(moment: datetime, dated: bool) -> str:
    return f"{moment.day} {moment:%b %H:%M}" if dated else f"{moment:%H:%M}"
