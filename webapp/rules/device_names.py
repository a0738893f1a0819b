"""What a device is called until somebody gives it a name: its person and its kind."""

import re

from webapp.rules.sentences import N_, say

LONGEST = 60

# The first that fits. Browsers on an iPad say that they are on a Mac unless asked otherwise, and
# only those that are not Apple's own give themselves away (Mozilla, "Browser detection using the
# user agent"; WebKit since iPadOS 13).
KINDS = (
    (r"\biPad\b|Macintosh.*(?:CriOS|FxiOS|EdgiOS)", "iPad"),
    (r"\biPhone\b|\biPod\b", "iPhone"),
    (r"\bAndroid\b.*\bMobile\b", N_("Android phone")),
    (r"\bAndroid\b.*\bTablet\b|\bAndroid\b", N_("Android tablet")),
    (r"\bCrOS\b", "Chromebook"),
    (r"\bWindows\b", N_("Windows computer")),
    (r"\bMacintosh\b.*\b(?:Chrome|Firefox|Edg)/", "Mac"),
    (r"\bMacintosh\b", N_("Mac or iPad")),
    (r"\bLinux\b|\bX11\b", N_("Linux computer")),
)


def kind_of(user_agent: str) -> str | None:
    """Return "Android phone", "iPad", … by what its browser says of itself; None if it says none.

    Firefox for Android says "Android 13; Mobile", others "Android 10; K) … Mobile Safari".
    """
    return next((kind for pattern, kind in KINDS if re.search(pattern, user_agent)), None)


def called(person: str, device_id: str, kind: str | None, name: str | None) -> str:
    """Return the name that somebody gave it, else "Ben's Android phone" or "Ben's device 3F2A"."""
    if name:
        return name
    if kind is None:
        return say("%(name)s's device %(id)s", name=person, id=short(device_id))
    return _of(person, kind)


def said_again(person: str, name: str) -> str:
    """Return a name that `called` once gave, which was kept as English, as it can be said anew."""
    owned = f"{person}'s "
    kind = name.removeprefix(owned)
    return _of(person, kind) if name.startswith(owned) and _known(kind) else name


def _of(person: str, kind: str) -> str:
    known = _known(kind) or kind
    number = kind.removeprefix(known).strip()
    # Translators: %(kind)s is like “Android phone” or “iPad”.
    named = say("%(name)s's %(kind)s", name=person, kind=say(known))
    # Translators: the name of a device and what tells it apart: “Ben's iPad 3F2A”.
    return say("%(device)s %(number)s", device=named, number=number) if number else named


def _known(kind: str) -> str | None:
    """The kind without what tells a second one apart."""
    return next((each for _, each in KINDS if kind == each or kind.startswith(f"{each} ")), None)


def short(device_id: str) -> str:
    """Return what tells two devices of one kind apart, such as "3F2A"."""
    return "".join(filter(str.isalnum, device_id))[:4].upper()
