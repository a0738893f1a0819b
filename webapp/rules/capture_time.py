"""When a proof was captured: what the device said, our estimate, and how far to trust it."""

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime, timedelta, tzinfo
from typing import Literal

from webapp.rules.sentences import N_, say

# A phone set by its network is right to seconds; two minutes also covers a slow upload.
# Translators: short names of the months.
MONTHS = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    N_("May"),
    N_("Jun"),
    N_("Jul"),
    N_("Aug"),
    N_("Sep"),
    N_("Oct"),
    N_("Nov"),
    N_("Dec"),
)
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


def within_bounds(moment: datetime) -> datetime:
    """Return a time that has a date in every zone, or raise ValueError.

    Not so in the first year there is, nor in the last.
    """
    if not MINYEAR < moment.year < MAXYEAR:
        raise ValueError("this time is out of all bounds")
    return moment


def estimate(
    device: datetime, skew_ms: int | None, sent_at: datetime, received: datetime
) -> CaptureTime:
    """Judges the capture time that a device claims. All times are aware.

    `skew_ms` is server clock minus device clock as the device last sampled it, None if it never
    did, or not since its clock was set. The offset between `sent_at` (device clock) and `received`
    (server clock) then stands in; it proves only what was captured as it was sent.
    live: that offset and the time from capture to sending are each within two minutes.
    estimated: the skew corrects the device's time. unproven: the offset is no longer the skew
    (the clock was set in between, and nobody can say on which side of that the capture lies),
    captured after it was sent or received, or more than 14 days ago. Only moments in UTC are
    compared, so that another time zone on the device changes nothing.
    """
    if abs(received - sent_at) <= TOLERANCE and abs(sent_at - device) <= TOLERANCE:
        return CaptureTime(device, min(device, received), received, "live")
    corrected = _corrected(device, skew_ms, received - sent_at)
    if corrected is None or _was_moved(skew_ms, received - sent_at):
        return CaptureTime(device, received, received, "unproven")
    is_of_its_time = -TOLERANCE <= received - corrected <= OLDEST
    believable = device - sent_at <= TOLERANCE and is_of_its_time
    is_sampled = skew_ms is not None or abs(sent_at - device) <= TOLERANCE
    trust: Trust = "estimated" if believable and is_sampled else "unproven"
    return CaptureTime(device, min(corrected, received), received, trust)


def from_file(device: datetime, received: datetime) -> CaptureTime:
    """Judge the capture time of work in a rescue file: always unproven.

    The file is not signed, so whoever carries it can write any time into it, in anybody's name.
    """
    return CaptureTime(device, received, received, "unproven")


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
    words = [say("%(moment)s by the phone", moment=_moment(device, dated))]
    if capture.trust == "unproven":
        words.append(say("not proven"))
    elif abs(estimated - device) > TOLERANCE:
        words.append(say("%(moment)s by our clock", moment=_moment(estimated, dated)))
    words.append(say("received %(moment)s", moment=_moment(received, dated)))
    first, *others = words
    for other in others:
        # Translators: two parts of a list of times.
        first = say("%(before)s, %(after)s", before=first, after=other)
    return first


def _was_moved(skew_ms: int | None, offset: timedelta) -> bool:
    """Whether the device's clock was set between its last sample and the sending."""
    if skew_ms is None:
        return False
    try:
        return abs(offset - timedelta(milliseconds=skew_ms)) > TOLERANCE
    except OverflowError:
        return True


def _corrected(device: datetime, skew_ms: int | None, offset: timedelta) -> datetime | None:
    try:
        return device + (offset if skew_ms is None else timedelta(milliseconds=skew_ms))
    except OverflowError:
        return None


def _moment(moment: datetime, dated: bool) -> str:
    if not dated:
        return f"{moment:%H:%M}"
    # Translators: “3 Oct 07:15”: day of the month, month and time.
    return say(
        "%(day)s %(month)s %(time)s",
        day=moment.day,
        month=say(MONTHS[moment.month - 1]),
        time=f"{moment:%H:%M}",
    )
