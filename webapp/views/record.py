"""The page of the record: what it shows and what not, its head, a check, and parts to hand on."""

from datetime import date
from typing import Any

from apiflask import APIBlueprint
from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.context import session, settings
from webapp.exporting import ON_A_PAGE
from webapp.formats import day, local_time
from webapp.problems import Problem
from webapp.rules.record import Verified
from webapp.rules.sentences import N_
from webapp.services import (
    definitions,
    locations,
    record,
    record_anchors,
    record_check,
    record_export,
    record_heads,
    stamps,
)
from webapp.services.record_export import Asked
from webapp.views.forms import form_again
from webapp.views.handed_on import handed_on
from webapp.views.identity import somebody
from webapp.views.policy import OWNERS, policy

blueprint = APIBlueprint("record", __name__, url_prefix="/record", enable_openapi=False)

PAGE = "manage/record.html"
FIELDS = ("from", "until", "process", "location", "step")
# What a page can check while somebody waits for it.
MOST_EVENTS = 1_000_000


@blueprint.get("", endpoint="record")
@policy(OWNERS)
def show() -> str:
    """Show the head, and the forms; the address may fill in which part."""
    form = {name: request.args.get(name, "") for name in FIELDS}
    return render_template(PAGE, form=form, **_page())


@blueprint.post("/verify")
@policy(OWNERS)
def verify() -> ResponseReturnValue:
    """Check the record, and a head that was kept elsewhere."""
    try:
        faults = _faults(request.form.get("head", "").strip())
    except Problem as problem:
        problem.fields = problem.fields or {"head": problem.detail}
        return form_again(PAGE, problem, _page, form=request.form)
    return render_template(PAGE, form=request.form, checked=True, faults=faults, **_page())


@blueprint.post("/export")
@policy(OWNERS)
def export() -> ResponseReturnValue:
    """Give a part of the record as a ZIP."""
    try:
        asked = _asked()
        part = record_export.find(session(), somebody().org_id, asked)
        return handed_on(part, somebody().id)
    except Problem as problem:
        problem.fields = problem.fields or {_field(problem): problem.detail}
        return form_again(PAGE, problem, _page, form=request.form)


def _page() -> dict[str, Any]:
    org_id = somebody().org_id
    count, _own = record.head(session(), org_id)
    head = record_heads.latest(session(), org_id)
    in_use = [
        *definitions.processes(session(), org_id),
        *definitions.processes(session(), org_id, retired=True),
    ]
    return {
        "count": count,
        "head": head,
        "head_on": day(head.at.date(), year=True) if head else "",
        "stamped": _stamped(org_id),
        "asks_for_stamps": settings().timestamp_url is not None,
        "processes": [(each.id, each.name) for each in in_use],
        "places": [(each.id, each.name) for each in locations.all_of(session(), org_id)],
        "most": ON_A_PAGE,
    }


def _stamped(org_id: str) -> dict[str, Any] | None:
    """The newest head that an authority has stamped, when and by whom; in the stamp's own zone."""
    found = stamps.latest(session(), org_id)
    if found is None:
        return None
    on, at = day(found.at.date(), year=True), local_time(found.at, "UTC")
    return {"seq": found.seq, "on": on, "at": at, "by": found.authority}


def _faults(head: str) -> list[str]:
    """What does not stand, as sentences; English, as all of the record is."""
    org_id = somebody().org_id
    anchors = [record_anchors.read(head)] if head else []
    if record.head(session(), org_id)[0] > MOST_EVENTS:
        raise Problem(
            "export_too_large",
            N_("This record is too long to be checked on a page. Use: baton record verify"),
        )
    verdict = record_check.check(session(), org_id, anchors)
    return [] if isinstance(verdict, Verified) else [each.reason for each in verdict]


def _asked() -> Asked:
    said = {name: request.form.get(name, "").strip() for name in FIELDS}
    return Asked(
        _day("from", said["from"]),
        _day("until", said["until"]),
        said["process"],
        said["location"],
        said["step"],
    )


def _day(name: str, written: str) -> date | None:
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        sentence = N_("Write the day like 2026-11-23.")
        raise Problem("not_valid", sentence, fields={name: sentence}) from error


def _field(problem: Problem) -> str:
    """The field that a sentence stands at, where it does not name one itself."""
    return "until" if problem.code == "not_valid" else "step"
