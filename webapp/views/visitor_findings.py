"""What follows from a visitor's draft as it stands, as far as it is known without accounts."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import request

from webapp.context import now
from webapp.models import Location, Sandbox
from webapp.rules import chain_lint
from webapp.rules.lint_facts import ERROR, Facts, Finding, Place, Station
from webapp.rules.moment_words import local_date
from webapp.rules.scan.questions import OWNER
from webapp.services import sandboxes
from webapp.services.definitions import ProcessDraft
from webapp.services.definitions.preview import next_dates
from webapp.services.sandboxes import KeptDraft
from webapp.views import process_findings, process_form, visitor, visitor_meanwhile
from webapp.views.process_form import Form
from webapp.views.process_form_reading import FormReader
from webapp.views.workplace import Workplace
from webapp.words import gettext as _


def missing(form: Form, workplace: Workplace) -> dict[str, str]:
    """What the draft needs before it can be a process, by field of the page."""
    reader = FormReader(form)
    found = visitor.faults(reader.draft(), workplace)
    return {_field(reader, path): why for path, why in found.items()} | reader.faults


def shown(form: Form, workplace: Workplace) -> dict[str, Any]:
    """What chain lint finds in the draft, for the page of the builder."""
    reader = FormReader(form)
    draft = reader.draft()
    found = [
        Finding("not_valid", path, why, severity=ERROR)
        for path, why in visitor.faults(draft, workplace).items()
    ]
    found += [warning for place in workplace.places for warning in _warnings(draft, place)]
    return process_findings.parted(form, reader.faults, found, lambda path: _field(reader, path))


def _field(reader: FormReader, path: str) -> str:
    return "time_zone" if path == "locations" else reader.field_of(path)


def _warnings(draft: ProcessDraft, place: Location) -> list[Finding]:
    here = Place(place.id, place.name, tuple(next_dates(draft, place, now()).due))
    return chain_lint.warnings(
        Facts(
            chain=tuple(_stations(draft)),
            today=local_date(now(), place.time_zone),
            places=(here,),
            proofs=tuple(step.requirement.kind for step in draft.steps),
            opens=draft.opens,
        )
    )


def _stations(draft: ProcessDraft) -> Iterator[Station]:
    for level in draft.chain:
        minutes = draft.grace_minutes if level.role == "backup" else level.wait_minutes
        wait = timedelta(minutes=minutes)
        if level.role == "owner":
            yield Station("owner", OWNER, _("The owner"), wait)
        elif level.person_id:
            yield Station(level.role, level.person_id, level.person_id, wait)


def rows(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The drafts for their page, each with what it lacks and what was just put together in it."""
    joined = visitor_meanwhile.once()
    kept = sandboxes.drafts(sandbox)
    return [_row(sandbox, each) | {"joined": joined.get(each["id"], "")} for each in kept]


def _row(sandbox: Sandbox, kept: KeptDraft) -> dict[str, Any]:
    form = process_form.kept(kept["form"])
    needs = missing(form, visitor.workplace_of(sandbox))
    return {
        "id": kept["id"],
        "name": form["name"],
        "deadline": form["deadline"],
        "who": [name for name in (form["responsible"], form["backup"]) if name],
        "steps_count": sum(bool(step["title"].strip()) for step in form["steps"]),
        "missing": list(dict.fromkeys(needs.values())),
        "is_new": request.args.get("kept") == kept["id"],
    }
