"""The page on which people say that they are away, and owners and managers say it for them."""

from datetime import date, datetime
from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.models import Absence, Person
from webapp.problems import Problem
from webapp.rules.moment_words import date_words, span_words
from webapp.services import absences, people, stand_ins
from webapp.views.forms import form_again
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, SIGNED_IN, policy
from webapp.words import gettext as _
from webapp.words import ngettext

blueprint = APIBlueprint("absences", __name__, enable_openapi=False)

PAGE = "manage/away.html"


@blueprint.get("/away", endpoint="away")
@policy(SIGNED_IN)
def show_mine() -> ResponseReturnValue:
    """Show when I am away."""
    return render_template(PAGE, **_page(somebody()), form={})


@blueprint.post("/away")
@policy(SIGNED_IN)
def declare_mine() -> ResponseReturnValue:
    """Note the days on which I am away."""
    return _declare(somebody())


@blueprint.post("/away/sick", endpoint="sick")
@policy(SIGNED_IN)
def sick_myself() -> ResponseReturnValue:
    """Note that I am away today."""
    return _sick(somebody())


@blueprint.post("/away/back", endpoint="back")
@policy(SIGNED_IN)
def back_myself() -> ResponseReturnValue:
    """Note that I am back."""
    return _back(somebody())


@blueprint.post("/away/<absence_id>/end", endpoint="end")
@policy(SIGNED_IN)
def end(absence_id: str) -> ResponseReturnValue:
    """Take an absence back: mine, or that of somebody whom I look after."""
    absence = absences.of(session(), somebody(), absence_id)
    _zone, today = absences.todays(session(), absence.person, now())
    came_back = absences.end(session(), somebody(), absence, now())
    if absence.first_day > today:
        return _to_the_page(absence.person, taken_back=1)
    return _to_the_page(absence.person, back=came_back)


@blueprint.get("/people/<person_id>/away", endpoint="person_away")
@policy(MANAGERS)
def show_theirs(person_id: str) -> ResponseReturnValue:
    """Show when a person is away."""
    return render_template(PAGE, **_page(_looked_after(person_id)), form={})


@blueprint.post("/people/<person_id>/away")
@policy(MANAGERS)
def declare_theirs(person_id: str) -> ResponseReturnValue:
    """Note the days on which a person is away."""
    return _declare(_looked_after(person_id))


@blueprint.post("/people/<person_id>/away/sick", endpoint="person_sick")
@policy(MANAGERS)
def sick_themselves(person_id: str) -> ResponseReturnValue:
    """Note that a person is away today."""
    return _sick(_looked_after(person_id))


@blueprint.post("/people/<person_id>/away/back", endpoint="person_back")
@policy(MANAGERS)
def back_themselves(person_id: str) -> ResponseReturnValue:
    """Note that a person is back."""
    return _back(_looked_after(person_id))


def _looked_after(person_id: str) -> Person:
    person = people.of(session(), somebody().org_id, person_id)
    if not absences.may_say(somebody(), person):
        raise Problem(
            "not_allowed",
            _("Only somebody who looks after %(person)s can say this.", person=person.name),
        )
    return person


def _declare(person: Person) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    try:
        first, last = _days()
        absence = absences.declare(session(), somebody(), person, first, last, reason, now())
    except Problem as problem:
        return form_again(PAGE, problem, lambda: _page(person), form=request.form.to_dict())
    return _to_the_page(person, noted=absence.id)


def _days() -> tuple[date, date]:
    """The first and the last day as they were typed; what is wrong with both is told at once."""
    days: list[date] = []
    wrong: dict[str, str] = {}
    for field, choose in (
        ("first_day", _("Choose the first day.")),
        ("last_day", _("Choose the last.")),
    ):
        text = request.form.get(field, "").strip()
        try:
            days.append(date.fromisoformat(text))
        except ValueError:
            wrong[field] = _("“%(text)s” is not a date.", text=text) if text else choose
    if wrong:
        raise Problem("absence_not_valid", next(iter(wrong.values())), fields=wrong)
    first, last = days
    return first, last


def _sick(person: Person) -> ResponseReturnValue:
    absence = absences.sick_today(session(), somebody(), person, now())
    return _to_the_page(person, noted=absence.id)


def _back(person: Person) -> ResponseReturnValue:
    came_back = stand_ins.come_back(session(), somebody(), person, now())
    return _to_the_page(person, back=came_back)


def _to_the_page(person: Person, **said: Any) -> ResponseReturnValue:
    """Show what was said, with the way to take it back."""
    session().commit()
    if person is somebody():
        return redirect(url_for("absences.away", **said), 303)
    return redirect(url_for("absences.person_away", person_id=person.id, **said), 303)


def _page(person: Person) -> dict[str, Any]:
    moment = now()
    today, _zone = absences.todays(session(), person, moment)
    found = absences.of_person(session(), person, moment)
    shown = [_item(each, today) for each in found]
    noted = request.args.get("noted")
    return {
        "whose": {"id": person.id, "name": person.name, "is_you": person is somebody()},
        "today": today.isoformat(),
        "earliest": absences.first_possible(session(), person, moment).isoformat(),
        "away": _away(person, today, moment),
        "absences": shown,
        "noted": next((item for item in shown if item["id"] == noted), None),
        "back": request.args.get("back", type=int),
        "taken_back": "taken_back" in request.args,
        "stays": _stays(person),
    }


def _stays(person: Person) -> str:
    """What an absence of the last in the chain does not move, as a sentence; else nothing."""
    if not stand_ins.is_last(session(), person):
        return ""
    held = stand_ins.stays(session(), person)
    is_you = person is somebody()
    if not held:
        return _nothing_stays(person, is_you)
    first, more = held[0], len(held) - 1
    what = _("“%(step)s” of %(process)s", step=first.title, process=first.run.process.name)
    if more:
        what = ngettext(
            "%(what)s and %(num)s more step", "%(what)s and %(num)s more steps", more, what=what
        )
    if is_you:
        return ngettext(
            "%(what)s stays with you: nobody comes after the owner.",
            "%(what)s stay with you: nobody comes after the owner.",
            len(held),
            what=what,
        )
    return ngettext(
        "%(what)s stays with %(name)s: nobody comes after the owner.",
        "%(what)s stay with %(name)s: nobody comes after the owner.",
        len(held),
        what=what,
        name=person.name,
    )


def _nothing_stays(person: Person, is_you: bool) -> str:
    if is_you:
        return _("What nobody else closes still comes to you: nobody comes after the owner.")
    return _(
        "What nobody else closes still comes to %(name)s: nobody comes after the owner.",
        name=person.name,
    )


def _item(absence: Absence, today: date) -> dict[str, Any]:
    is_own = absence.created_by_id == absence.person_id
    return {
        "id": absence.id,
        "days": span_words(absence.first_day, absence.last_day, today),
        "reason": absence.reason,
        "entered_by": "" if is_own else absence.created_by.name,
    }


def _away(person: Person, today: date, moment: datetime) -> dict[str, Any] | None:
    away = stand_ins.away_now(session(), person, moment)
    if away is None:
        return None
    until = "today" if away.until <= today else f"until {date_words(away.until, today)}"
    return {"until": until, "held_by": list(away.held_by)}
