"""A person's extra channel: an SMS or chat message through Apprise, in a few words and a link."""

from collections.abc import Collection

from webapp.apprise_address import service_of
from webapp.rules.extra_channel import ExtraAddressError, check
from worker.message import Note, said
from worker.push.outcome import Outcome

# Apprise says only that it failed, not whether for good. After so many tries, some eight minutes,
# the channel counts as broken: who set it up is told, and the others go on.
MOST_TRIES = 8


def words_of(notes: list[Note], public_url: str) -> tuple[str, str]:
    """Return title and text for rows of one bundle: what a push says, and where to do it."""
    words = said(notes)
    return str(words["title"]), f"{words['body']}\n{public_url}{words['url']}"


def send(
    address: str, title: str, text: str, *, tries: int, admitted: Collection[str] = ()
) -> Outcome:
    """What the service said; `tries` counts this one. A failure is an outcome, no exception.

    The address is checked again: it may have been kept before the rules, or the operator's
    additions, became stricter.
    """
    try:
        service = service_of(check(address, admitted))
    except ExtraAddressError:
        service = None
    if service is None:
        return Outcome("refused", reason="extra_not_valid")
    try:
        is_taken = service.notify(text, title, body_format="text")
    except Exception:  # of a plug-in that is not ours; its words may hold the secret
        is_taken = False
    if is_taken:
        return Outcome("accepted")
    return Outcome("retry" if tries < MOST_TRIES else "refused", reason="extra_failed")
