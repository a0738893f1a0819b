"""The builder form as a browser fills and reads it."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tests.factories import Crew
from webapp.models import Process
from webapp.services import definitions
from webapp.services.definitions import ProcessDraft


def filled(crew: Crew, **more: Any) -> dict[str, Any]:
    form = {
        "name": "Opening check",
        "location": [crew.location.id],
        "cadence_kind": "weekdays",
        "opens": "06:30",
        "deadline": "07:15",
        "responsible": crew.ana.id,
        "backup": crew.ben.id,
        "grace": "5",
        "fallback": crew.fay.id,
        "fallback_after": "20",
        "owner_after": "30",
        "review": "photos",
        "step-1-title": "Front room ready",
        "step-1-instructions": "From the door.",
        "step-1-proof": "photo",
        "step-2-title": "Fridge temperature",
        "step-2-proof": "number",
        "step-2-unit": "°F",
        "step-2-min": "33",
        "step-2-max": "41.5",
        "step-2-if_outside": "Move the food.",
        "step-2-may_skip": "yes",
        "action": "save",
    }
    return form | more


def the_draft(session: Session) -> ProcessDraft:
    return definitions.draft_of(definitions.current_version(session.scalars(select(Process)).one()))


def told(page: Any, field: str) -> str:
    found = re.search(rf'<p class="error" id="{re.escape(field)}-error">(.*?)</p>', page.text)
    return unescape(found[1]) if found else ""


def value(page: Any, field: str) -> str | None:
    found = re.search(rf'<input[^>]* name="{re.escape(field)}"[^>]* value="(.*?)"', page.text)
    return unescape(found[1]) if found else None


def titles(page: Any) -> list[str]:
    return [
        unescape(title)
        for title in re.findall(r'name="step-\d-title"[^>]*value="(.*?)"', page.text)
    ]


class Fields(HTMLParser):
    """What a browser would send of the form on a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: MultiDict[str, str] = MultiDict()
        self.open: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, text = given.get("name") or "", given.get("value") or ""
        if tag == "input" and ("checked" in given or given["type"] not in ("radio", "checkbox")):
            self.sent.add(name, text)
        elif tag in ("select", "textarea"):
            self.open = name
            self.sent.setdefault(name, "")
        elif tag == "option" and "selected" in given:
            self.sent[self.open or ""] = text

    def handle_data(self, data: str) -> None:
        if self.lasttag == "textarea" and self.open:
            self.sent[self.open] = data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self.open = None
