"""Facts of outbox rows become one e-mail: who it is for, what it says, and its headers. Pure.

Handoffs to one person travel in one e-mail, whichever run they are of. The text is plain: it
reads the same on every phone, and carries nothing that tells when it was opened.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from itertools import groupby
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from webapp.formats import day, weekday
from webapp.mail_server import MailServer
from webapp.rules.sentences import N_
from webapp.words import gettext as _
from webapp.words import ngettext
from worker.digest_words import letter
from worker.message import Note, part_key, said

# Seven bits pass through every mail server; what is not ASCII is encoded.
POLICY = SMTP.clone(cte_type="7bit")
SUBJECT_LENGTH = 150

_TO_DO = {
    "handoff": N_("Do it, or say why you can't"),
    "reminder": N_("Do it"),
    "review": N_("Approve it or send it back"),
    "sent_back": N_("Do it again"),
    "test": N_("Look at it"),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who an e-mail is for, and where they work."""

    name: str
    email: str
    organisation: str


class AddressError(ValueError):
    """An address that not every mail server takes."""


def deliverable(address: str) -> str:
    """Return the address in ASCII, its domain as IDNA (RFC 5891), or raise AddressError."""
    local, _, domain = address.rpartition("@")
    try:
        text = f"{local}@{domain.encode('idna').decode()}"
        local.encode("ascii")
        return Address(addr_spec=text).addr_spec
    except (UnicodeError, ValueError, HeaderParseError) as error:
        raise AddressError from error


def bundle_of(note: Note) -> tuple[str, ...]:
    """Rows with the same key travel as one e-mail: a person's handoffs; all else goes alone."""
    return (note.kind,) if note.kind == "handoff" else (note.kind, note.id)


def write(
    notes: list[Note],
    reader: Reader,
    server: MailServer,
    public_url: str,
    now: datetime,
    lead: str | None = None,
) -> EmailMessage:
    """Return one e-mail for rows of the same person and bundle; the first row leads.

    Its Message-ID comes from that row, or from `lead`, which led them on their first try, so
    that an e-mail handed in twice, after a crash between sending and settling, is the same one
    to the reader's mail program (RFC 5322 section 3.6.4).
    AddressError when the reader's address is none that every mail server takes.
    """
    host = urlsplit(public_url).hostname or "localhost"
    letter = EmailMessage(policy=POLICY)
    letter["From"] = Address(_line(server.sender_name), addr_spec=server.sender)
    letter["To"] = Address(_line(reader.name), addr_spec=deliverable(reader.email))
    letter["Subject"] = _subject(notes)
    letter["Date"] = now
    letter["Message-ID"] = f"<{lead or notes[0].id}@{host}>"
    letter["List-Id"] = f"<work.{host}>"
    # No out-of-office reply comes back (RFC 3834 section 5; the second is Exchange's own).
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    letter.set_content(_text(notes, reader, public_url))
    return letter


def _subject(notes: list[Note]) -> str:
    groups = _groups(notes)
    if len(groups) > 1:
        return ngettext("%(num)s step is now yours", "%(num)s steps are now yours", len(notes))
    line = _line(str(said(groups[0])["title"]))
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1].rstrip() + "…"


def _text(notes: list[Note], reader: Reader, public_url: str) -> str:
    hello = _("Hello %(name)s,", name=_line(reader.name))
    if notes[0].kind == "digest":
        week = letter(notes[0].facts, reader.organisation, public_url)
        return f"{hello}\n\n{week}"
    parts = [_part(group, public_url) for group in _groups(notes)]
    end = "\n".join(
        (
            "--",
            _(
                "Baton wrote this for %(organisation)s, because none of your devices has shown the"
                " message, or you have none yet.",
                organisation=reader.organisation,
            ),
            _(
                "To be told on your phone, sign in there and allow messages: %(address)s",
                address=f"{public_url}/today",
            ),
            "",
        )
    )
    return "\n\n".join([hello, *parts, end])


def _groups(notes: list[Note]) -> list[list[Note]]:
    return [list(group) for _, group in groupby(sorted(notes, key=part_key), key=part_key)]


def _part(notes: list[Note], public_url: str) -> str:
    words, facts = said(notes), notes[0].facts
    lines = [words["title"], words["body"]]
    if len(notes) > 1:
        lines += [f"- {note.facts['step']}" for note in notes]
    if "deadline_at" in facts:
        lines.append(_("Due: %(moment)s", moment=_moment(facts["deadline_at"], facts["time_zone"])))
    lines.append(f"{_(_TO_DO.get(notes[0].kind, 'Look at it'))}: {public_url}{words['url']}")
    return "\n".join(lines)


def _moment(at: str, zone: str) -> str:
    there = datetime.fromisoformat(at).astimezone(ZoneInfo(zone))
    # Translators: “Monday, 23 November 2026, 07:15 (America/Chicago)”.
    return _(
        "%(weekday)s, %(day)s, %(time)s (%(zone)s)",
        weekday=weekday(there.weekday()),
        day=day(there.date(), weekday=False, year=True),
        time=f"{there:%H:%M}",
        zone=zone,
    )


def _line(text: str) -> str:
    """One line without control characters: what people typed can begin no header of its own."""
    kept = "".join(" " if unicodedata.category(each)[0] == "C" else each for each in text)
    return " ".join(kept.split())
