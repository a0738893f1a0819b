"""One more way to tell a person: an address of an SMS or chat service, in Apprise's form.

The address comes from people, and it says where Baton's server connects to. Only services whose
host is fixed in Apprise itself are admitted, so that nobody can make the server knock at doors
inside; the operator can add others by their scheme. The same check runs when an address is saved
and before each message.
"""

import re
from collections.abc import Collection, Iterator
from urllib.parse import unquote

from webapp.rules.sentences import N_, say

LONGEST_ADDRESS = 500

CHAT = ("discord", "flock", "gchat", "groupme", "line", "slack", "tgram", "threema", "twist")
CHAT_TOO = ("pbul", "pover", "viber", "webex", "whatsapp", "wxteams")
SMS = ("46elks", "atalk", "bulksms", "clickatell", "clicksend", "d7sms", "elks", "freemobile")
SMS_TOO = ("httpsms", "msgbird", "nexmo", "octopush", "plivo", "seven", "sinch", "sns", "telnyx")
SCHEMES = frozenset({*CHAT, *CHAT_TOO, *SMS, *SMS_TOO, "twilio", "voipms", "vonage"})

# These act on the machine that Baton runs on: no operator can mean them.
NEVER = frozenset(
    ("aprs", "dbus", "file", "gio", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows")
)
# Apprise's options name files to read, certificates to ignore and the like; these say only whom.
OPTIONS = frozenset(("channel", "from", "thread", "to", "topic"))
READS_FILES = frozenset(("attach", "config", "keyfile", "subfile", "template"))

_SCHEME = re.compile(r"[a-z0-9]+")
_TAIL = re.compile(r"[A-Za-z0-9]{2}$")


class ExtraAddressError(ValueError):
    """An address that Baton will not send to; the message says what to do, never the address."""


def check(address: str, added: Collection[str] = ()) -> str:
    """Return the address without blanks around it, or raise ExtraAddressError.

    `added` are the schemes that the operator admits beside those of `SCHEMES`; their options are
    free, as long as they name no file.
    """
    address = address.strip()
    if len(address) > LONGEST_ADDRESS or not address.isprintable() or " " in address:
        raise ExtraAddressError(
            say(
                "Write one address of at most %(most)s characters, without blanks.",
                most=LONGEST_ADDRESS,
            )
        )
    scheme = scheme_of(address)
    if scheme not in SCHEMES and scheme not in set(added) - NEVER:
        raise ExtraAddressError(
            say(
                "Baton does not send to %(scheme)s. Use an SMS or chat service such as"
                " slack or twilio.",
                scheme=scheme,
            )
        )
    _check_options(address, scheme)
    return address


def scheme_of(address: str) -> str:
    """Return what stands before "://", in lower case, or raise ExtraAddressError."""
    scheme, mark, rest = address.partition("://")
    scheme = scheme.lower()
    if not mark or not rest or not _SCHEME.fullmatch(scheme):
        raise ExtraAddressError(N_("Write the address like slack://… or twilio://…"))
    return scheme


def masked(address: str) -> str:
    """Return what may be shown of an address: "slack, ends in …x9".

    The end shows only where enough stays hidden that it gives nothing away.
    """
    scheme, _, rest = address.partition("://")
    kept = rest.partition("?")[0].rstrip("/")
    tail = _TAIL.search(kept) if len(kept) >= 12 else None
    return f"{scheme.lower()}, ends in …{tail[0]}" if tail else scheme.lower()


def check_added(scheme: str) -> None:
    """Raise ExtraAddressError unless an operator may admit this scheme."""
    if not _SCHEME.fullmatch(scheme):
        raise ExtraAddressError(
            say("%(scheme)s is not a scheme. Write it like ntfys or msteams.", scheme=scheme)
        )
    if scheme in NEVER:
        raise ExtraAddressError(
            say("%(scheme)s acts on the server itself and cannot be admitted.", scheme=scheme)
        )


def _check_options(address: str, scheme: str) -> None:
    given = set(_options(address.partition("?")[2]))
    wrong = given - OPTIONS if scheme in SCHEMES else given & READS_FILES
    if wrong:
        names = ", ".join(sorted(OPTIONS))
        raise ExtraAddressError(say("After the ? Baton takes only: %(names)s.", names=names))


def _options(query: str) -> Iterator[str]:
    """The names of the options as Apprise reads them: split at & and ;, without their signs."""
    for pair in re.split("[&;]", query) if query else ():
        yield unquote(pair.partition("=")[0]).strip().lower().lstrip("+-:")
