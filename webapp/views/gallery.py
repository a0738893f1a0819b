"""The page of photos over locations, for owners and managers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import render_template, request, url_for

from webapp.context import now, session
from webapp.models import Location, Person, Process, Proof
from webapp.rules.moment_words import clock_words
from webapp.rules.sentences import N_
from webapp.services import gallery, locations
from webapp.services.gallery import Shown, Wanted
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy
from webapp.words import gettext as _

blueprint = APIBlueprint("gallery", __name__, enable_openapi=False)

DAYS = {"7": N_("The last 7 days"), "30": N_("The last 30 days"), "": N_("All days")}
FILTERS = ("location", "process", "step", "person", "days")


@blueprint.get("/gallery", endpoint="gallery")
@policy(MANAGERS)
def index() -> str:
    """Show the photos that the filters in the address ask for, sixty to a page."""
    person, moment, wanted = somebody(), now(), _wanted()
    found = gallery.page(session(), person, wanted, moment)
    narrow = gallery.choices(session(), person, wanted.process_id)
    places = person.locations if person.role == "manager" else None
    return render_template(
        "manage/gallery.html",
        photos=[_photo(each, moment) for each in found.photos],
        of=min(found.of, gallery.COUNTED),
        are_more=found.of > gallery.COUNTED,
        places=_named(locations.all_of(session(), person.org_id) if places is None else places),
        processes=_named(narrow.processes),
        steps=[(title, title) for title in narrow.steps],
        people=_named(narrow.people),
        days=[(value, _(words)) for value, words in DAYS.items()],
        chosen={name: request.args.get(name, "") for name in FILTERS},
        newer=_to_page(wanted.page - 1) if wanted.page > 1 else None,
        older=_to_page(wanted.page + 1) if found.has_older else None,
    )


def _named(rows: Iterable[Location | Process | Person]) -> list[tuple[str, str]]:
    """The choices of a filter: id and name."""
    return [(row.id, row.name) for row in rows]


def _wanted() -> Wanted:
    """What the address asks for; what makes no sense there asks for nothing."""
    args = request.args
    page = args.get("page", "1")
    return Wanted(
        location_id=args.get("location", ""),
        process_id=args.get("process", ""),
        step=args.get("step", ""),
        person_id=args.get("person", ""),
        days=int(args["days"]) if args.get("days") in ("7", "30") else None,
        page=int(page) if page.isascii() and page.isdigit() and 0 < int(page) < 10_000 else 1,
    )


def _to_page(number: int) -> str:
    chosen: dict[str, Any] = {
        name: request.args[name] for name in FILTERS if request.args.get(name)
    }
    return url_for("gallery.gallery", page=number, **chosen)


def _photo(each: Shown, moment: datetime) -> dict[str, Any]:
    run = each.step_run.run
    return {
        "title": each.step_run.title,
        "where": _(
            "%(process)s at %(location)s", process=run.process.name, location=run.location.name
        ),
        "url": url_for("runs.run", run_id=run.id),
        "after": _picture(each.proof, run.location.time_zone, moment),
        "before": _picture(each.before, run.location.time_zone, moment) if each.before else None,
        "sent_back": each.proof.state == "sent_back",
    }


def _picture(proof: Proof, zone: str, moment: datetime) -> dict[str, str]:
    assert proof.blob_sha256 is not None, "a photo has bytes"
    return {
        "thumb": url_for("api_blobs.picture", sha256=proof.blob_sha256, size="thumb"),
        "by": proof.person.name,
        "at": clock_words(proof.captured_at, moment, zone),
    }
