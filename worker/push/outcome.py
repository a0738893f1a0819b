"""What became of one try to send, in the few ways that matter to whoever sends."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

LONGEST_WAIT = 24 * 3600

Kind = Literal["accepted", "gone", "retry", "refused", "put_off", "lapsed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one try.

    accepted: the service took it. gone: delete the subscription. retry: try again, not before
    `after` seconds when the service named them. refused: the same push would fail again.
    put_off: not tried, since its push service is stuck. lapsed: not tried, since the lease is
    over and somebody else may have it in hand.
    `reason` is one short code; `status` is None when no answer came.
    """

    kind: Kind
    status: int | None = None
    after: int | None = None
    reason: str = ""


def outcome_of(status: int, retry_after: str | None, body: bytes, now: float) -> Outcome:
    """The outcome of an answer (RFC 8030 sections 5, 7.3 and 8.4, RFC 8292 section 4.2).

    `now` is real seconds since 1970, to count a Retry-After date from.
    """
    if 200 <= status < 300:
        return Outcome("accepted", status)
    if status in (404, 410):
        return Outcome("gone", status, reason="gone")
    if status in (408, 429) or status >= 500:
        return Outcome("retry", status, seconds_until(retry_after, now), "busy")
    return Outcome("refused", status, reason=_refusal(status, body))


def seconds_until(retry_after: str | None, now: float) -> int | None:
    """Whole seconds from either form of Retry-After (RFC 9110 section 10.2.3), a day at most.

    None when the header is absent or says nothing that can be read.
    """
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the latter from an offset beyond all days
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    wait = (aware - datetime.fromtimestamp(now, UTC)).total_seconds()
    return min(max(round(wait), 0), LONGEST_WAIT)


def _refusal(status: int, body: bytes) -> str:
    if 300 <= status < 400:
        return "redirect"
    # Google answers 403 and Mozilla 401 to keys that do not match, Apple 400 or 403 and a word.
    words = body.lower()
    if status in (401, 403) or (status == 400 and (b"vapid" in words or b"jwt" in words)):
        return "vapid"
    return "too_large" if status == 413 else "refused"
