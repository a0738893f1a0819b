"""What chain lint found, as the pages and the API show it."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import url_for

from webapp.rules.lint_facts import Finding, Link
from webapp.rules.sentences import N_
from webapp.words import gettext as _
from webapp.words import translated

# Where each page is, what it needs to know, and what a link to it says.
PAGES = {
    "people": ("people.people", None, N_("People")),
    "processes": ("processes.processes", None, N_("Processes")),
    "away": ("absences.person_away", "person_id", N_("When they are away")),
    "location": ("locations.location_edit", "location_id", N_("The location")),
}


def shown(found: Iterable[Finding], field_of: Callable[[str], str] = str) -> list[dict[str, Any]]:
    """The findings in words; `field_of` leads from a field of the draft to one of the page."""
    return [
        {
            "code": each.code,
            "severity": each.severity,
            "field": field_of(each.field),
            "here": each.field != "chain",  # the chain as a whole is no field to go to
            "sentence": translated(each.sentence),
            "mend": translated(each.mend),
            "link": _link(each.link),
        }
        for each in found
    ]


def findings_json(found: Iterable[Finding]) -> list[dict[str, Any]]:
    """The same for the API, where a link is the path of its page."""
    return [
        {key: row[key] for key in row if key != "here"}
        | {"link": row["link"] and row["link"]["url"]}
        for row in shown(found)
    ]


def _link(link: Link | None) -> dict[str, str] | None:
    if link is None:
        return None
    endpoint, key, words = PAGES[link.page]
    given: dict[str, Any] = {key: link.id} if key else {}
    return {"url": url_for(endpoint, **given), "words": _(words)}
