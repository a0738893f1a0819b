"""The operator's mail server, read from `SMTP_URL` and `BATON_MAIL_FROM`."""

import re
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

PORTS = {"smtp": 587, "smtps": 465}
EXAMPLE = "smtp://user:password@mail.example.org:587"
NOT_AN_ADDRESS = (
    f"SMTP_URL: use an address like {EXAMPLE} or smtps://…; write / and @ of a password as %2F "
    "and %40."
)

_ADDRESS = re.compile(r"[^@\s<>,;:\"()\\]+@[^@\s<>,;:\"()\\]+")


class MailSettingError(ValueError):
    """A setting of the mail server is wrong; the message names it, but no secret of it."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, as whom, and how the way there is kept private.

    `encrypted` speaks TLS from the first byte. Without it STARTTLS is used where it is offered,
    and insisted on (`must_start_tls`) when there is a password to keep; `may_start_tls` is false
    only for a relay nearby that has no certificate.
    """

    host: str
    port: int
    sender: str
    sender_name: str = "Baton"
    encrypted: bool = False
    may_start_tls: bool = True
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def must_start_tls(self) -> bool:
        """Whether a password would otherwise travel in the clear."""
        return self.user is not None and not self.encrypted


def read(url: str, sender: str | None) -> MailServer:
    """Return the server of an address such as smtps://user:password@host, or MailSettingError."""
    parts, port = _parts(url)
    user = unquote(parts.username) if parts.username else None
    name, address = _sender(sender, user)
    server = MailServer(
        host=parts.hostname or "",
        port=port,
        sender=address,
        sender_name=name,
        encrypted=parts.scheme == "smtps",
        may_start_tls=_may_start_tls(parts),
        user=user,
        password=unquote(parts.password) if parts.password else None,
    )
    if (server.user is None) != (server.password is None):
        raise MailSettingError(f"SMTP_URL: name both user and password, or neither: {EXAMPLE}")
    if server.must_start_tls and not server.may_start_tls:
        raise MailSettingError("SMTP_URL: starttls=never would show the password. Leave it out.")
    return server


def _parts(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise MailSettingError(NOT_AN_ADDRESS) from None  # it quotes the password
    if not port or not parts.hostname or parts.path.strip("/") or parts.fragment:
        raise MailSettingError(NOT_AN_ADDRESS)
    return parts, port


def _may_start_tls(parts: SplitResult) -> bool:
    options: dict[str, Any] = parse_qs(parts.query, keep_blank_values=True)
    chosen = options.pop("starttls", ["offered"])[-1]
    if options or chosen not in ("offered", "never"):
        raise MailSettingError("SMTP_URL: after the ? only starttls=never is known.")
    return bool(chosen == "offered")


def _sender(given: str | None, user: str | None) -> tuple[str, str]:
    """The name and address in From: as given, else the user when that is an address."""
    name, address = parseaddr(given or user or "")
    if _ADDRESS.fullmatch(address) and (given or "").isprintable() and address.isascii():
        return name or "Baton", address
    if given is None:
        raise MailSettingError("BATON_MAIL_FROM: name the address that e-mail comes from.")
    raise MailSettingError(
        f"BATON_MAIL_FROM: {given!r} is not an address like Baton <baton@example.org>."
    )
