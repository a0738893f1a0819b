"""The page on which locations stand side by side, process by process; by name, never by rank."""

from collections.abc import Sequence
from typing import Any

from apiflask import APIBlueprint
from flask import render_template, request, url_for

from webapp.context import now, session
from webapp.formats import listed
from webapp.models import Process
from webapp.services import comparison
from webapp.services.comparison import Side
from webapp.views import drawing
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy
from webapp.words import gettext as _
from webapp.words import ngettext

blueprint = APIBlueprint("comparison", __name__, enable_openapi=False)


@blueprint.get("/locations/compare", endpoint="compare")
@policy(MANAGERS)
def show() -> str:
    """Show one process at each location where it is done: that of the address, else the busiest."""
    processes = comparison.comparable(session(), somebody())
    chosen = _chosen(processes)
    places = comparison.places_of(chosen, somebody()) if chosen else []
    sides = comparison.of(session(), chosen, places, now()) if chosen else []
    return render_template(
        "manage/compare.html",
        processes=[
            {"name": each.name, "url": _url(each), "is_chosen": each is chosen}
            for each in processes
        ],
        chosen=chosen.name if chosen else None,
        lead=_lead(sides),
        sides=[_side(chosen, each) for each in sides] if chosen else [],
        few=_few(sides),
    )


def _chosen(processes: Sequence[Process]) -> Process | None:
    wanted = request.args.get("process", "")
    named = next((each for each in processes if each.id == wanted), None)
    return named or comparison.busiest(session(), processes, now())


def _url(process: Process) -> str:
    return url_for("comparison.compare", process=process.id)


def _lead(sides: Sequence[Side]) -> str:
    total, went = sum(side.runs for side in sides), sum(side.went for side in sides)
    if not total:
        return _("No run was due in the last twelve weeks.")
    return ngettext(
        "%(num)s of %(total)s runs in twelve weeks needed nobody to chase.",
        "%(num)s of %(total)s runs in twelve weeks needed nobody to chase.",
        went,
        total=total,
    )


def _few(sides: Sequence[Side]) -> str:
    """Say where there is too little to go by; nothing where there is enough."""
    names = [side.location.name for side in sides if side.is_few]
    if not names:
        return ""
    return _(
        "Fewer than %(few)s runs at %(places)s: one more or less would look like a difference.",
        few=comparison.FEW,
        places=listed(names),
    )


def _side(process: Process, side: Side) -> dict[str, Any]:
    shares = [done / total if total else None for done, total in side.weeks]
    return {
        "name": side.location.name,
        "url": url_for("process_year.year", process_id=process.id, location=side.location.id),
        "picture": drawing.line(shares),
        "weeks": [_week(done, total) for done, total in side.weeks],
        "counts": _counts(side),
    }


def _week(done: int, total: int) -> str:
    return _("%(went)s of %(total)s", went=done, total=total) if total else _("none")


def _counts(side: Side) -> list[str]:
    """Every count with what it is counted of."""
    if not side.runs:
        return [_("No run was due.")]
    going_on = side.runs - side.went - side.chased
    said = [
        _("%(num)s of %(total)s needed nobody to chase", num=side.went, total=side.runs),
        _("%(num)s of %(total)s missed", num=side.chased, total=side.runs),
        _("%(num)s of %(total)s sent back", num=side.sent_back, total=side.runs),
    ]
    if going_on:
        said.append(_("%(num)s of %(total)s not closed yet", num=going_on, total=side.runs))
    return said
