"""What is held about a person: they see all of it, and an owner sees the same page and no more."""

from collections.abc import Iterable, Iterator

from apiflask import APIBlueprint
from flask import Response, render_template, stream_with_context, url_for

from webapp.context import now, session
from webapp.models import Person
from webapp.services import about, organisations, people, signals
from webapp.views import about_words, signal_words
from webapp.views.identity import somebody
from webapp.views.policy import OWNERS, SIGNED_IN, policy

blueprint = APIBlueprint("about", __name__, enable_openapi=False)

_WRITTEN = {
    "json": (about_words.as_json, "application/json"),
    "csv": (about_words.as_csv, "text/csv; charset=utf-8"),
}
AT_ONCE = 500


@blueprint.get("/me/about", endpoint="mine")
@policy(SIGNED_IN)
def show_mine() -> str:
    """Show what is held about me."""
    return _page(somebody())


@blueprint.get("/me/about.json", endpoint="mine_json")
@policy(SIGNED_IN)
def mine_as_json() -> Response:
    """Give all of it as one JSON file."""
    return _file(somebody(), "json")


@blueprint.get("/me/about.csv", endpoint="mine_csv")
@policy(SIGNED_IN)
def mine_as_csv() -> Response:
    """Give all of it as a table."""
    return _file(somebody(), "csv")


@blueprint.get("/people/<person_id>/about", endpoint="theirs")
@policy(OWNERS)
def show_theirs(person_id: str) -> str:
    """Show what that person sees about themselves."""
    return _page(people.of(session(), somebody().org_id, person_id))


@blueprint.get("/people/<person_id>/about.json", endpoint="theirs_json")
@policy(OWNERS)
def theirs_as_json(person_id: str) -> Response:
    """Give all that is held about a person as one JSON file."""
    return _file(people.of(session(), somebody().org_id, person_id), "json")


@blueprint.get("/people/<person_id>/about.csv", endpoint="theirs_csv")
@policy(OWNERS)
def theirs_as_csv(person_id: str) -> Response:
    """Give all that is held about a person as a table."""
    return _file(people.of(session(), somebody().org_id, person_id), "csv")


def _page(person: Person) -> str:
    zone = person.locations[0].time_zone if person.locations else "UTC"
    found = about.parts(session(), person)
    whose = about_words.clocks(found, zone, now())
    owner = organisations.owner_of(session(), person.org_id)
    return render_template(
        "manage/about.html",
        whose={"name": person.name, "is_you": person.id == somebody().id},
        profile=about.profile(person),
        parts=[
            about_words.shown(part, person.name, zone, whose=whose)
            for part in found
            if part.kind != "signals"
        ],
        noticed=signal_words.shown(signals.of_person(session(), person.id, now())),
        photo_months=person.organisation.photo_months,
        owner={"name": owner.name, "email": owner.email, "is_you": owner.id == person.id},
        files=_addresses(person),
    )


def _addresses(person: Person) -> dict[str, str]:
    if person.id == somebody().id:
        return {kind: url_for(f"about.mine_{kind}") for kind in ("json", "csv")}
    return {kind: url_for(f"about.theirs_{kind}", person_id=person.id) for kind in ("json", "csv")}


def _file(person: Person, kind: str) -> Response:
    write, media_type = _WRITTEN[kind]
    texts = write(about.profile(person), about.everything(session(), person))
    answer = Response(stream_with_context(_pieces(texts)), content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="about-{person.id}.{kind}"'
    return answer


def _pieces(texts: Iterable[str]) -> Iterator[str]:
    """The same text in larger pieces: each of them is sent by itself."""
    waiting: list[str] = []
    for text in texts:
        waiting.append(text)
        if len(waiting) == AT_ONCE:
            yield "".join(waiting)
            waiting.clear()
    yield "".join(waiting)
