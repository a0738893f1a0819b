"""What a browser is told that installs Baton (W3C Web Application Manifest)."""

from typing import Any

from flask import url_for

from webapp.rules.sentences import N_
from webapp.words import direction, language
from webapp.words import gettext as _

PAPER = "#faf8f3"
# Name, width and height, for which kind of screen, and what it shows.
SCREENSHOTS = (
    (
        "today-narrow.webp",
        "780x1688",
        "narrow",
        N_("What is yours today, first things first"),
    ),
    ("run-narrow.webp", "780x1688", "narrow", N_("One step, whole, with its proof at the thumb")),
    ("inbox-wide.webp", "1280x800", "wide", N_("What needs the owner, one sentence each")),
)


def manifest() -> dict[str, Any]:
    """Return the manifest in the language spoken now, which changes nothing of its identity.

    A second press on the icon goes on in the window that is open.
    """
    return {
        "id": "/today",
        "name": "Baton",
        "short_name": "Baton",
        "description": _("What is yours today, with its proof, also without a connection."),
        "lang": language(),
        "dir": direction(),
        "categories": ["business", "productivity"],
        "start_url": "/today",
        "scope": "/",
        "display": "standalone",
        "display_override": ["standalone", "minimal-ui"],
        "launch_handler": {"client_mode": ["navigate-existing", "auto"]},
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            _icon("icon-192.png", "192x192", "any"),
            _icon("icon-512.png", "512x512", "any"),
            _icon("maskable-512.png", "512x512", "maskable"),
        ],
        "shortcuts": [
            _shortcut(_("Yours today"), _("What waits for you now"), "/today"),
            _shortcut(_("Needs you"), _("What waits for your decision"), "/inbox"),
            _shortcut(_("This device"), _("What is not yet on the server"), "/device"),
        ],
        "screenshots": [_screenshot(*each) for each in SCREENSHOTS],
    }


def _icon(name: str, sizes: str, purpose: str) -> dict[str, str]:
    source = url_for("static", filename=f"icons/{name}")
    return {"src": source, "sizes": sizes, "type": "image/png", "purpose": purpose}


def _shortcut(name: str, description: str, url: str) -> dict[str, Any]:
    icons = [_icon("icon-192.png", "192x192", "any")]
    return {"name": name, "description": description, "url": url, "icons": icons}


def _screenshot(name: str, sizes: str, form_factor: str, label: str) -> dict[str, str]:
    return {
        "src": url_for("static", filename=f"screenshots/{name}"),
        "sizes": sizes,
        "type": "image/webp",
        "form_factor": form_factor,
        "label": _(label),
    }
