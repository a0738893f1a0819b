"""The week of an organisation on one page: what ran by itself, what needed the owner and why."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from apiflask import APIBlueprint
from flask import render_template, request, url_for

from webapp.context import now, session
from webapp.formats import day, short_weekday
from webapp.models import Person
from webapp.rules import weeks
from webapp.rules.moment_words import local_date, span_words
from webapp.rules.weeks import WEEK
from webapp.services import patterns
from webapp.services import week as services
from webapp.services import week_words as words
from webapp.services.coverage import Due
from webapp.services.patterns import words as pattern_words
from webapp.services.week import Week
from webapp.services.week_words import Came
from webapp.views import dead_end_words, drawing
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy
from webapp.words import gettext as _
from webapp.words import translated

blueprint = APIBlueprint("week", __name__, enable_openapi=False)

MOST_ROWS, MOST_PATTERNS = 12, 5
DAY = timedelta(days=1)


@blueprint.get("/week", endpoint="week")
@policy(MANAGERS)
def show() -> str:
    """Show the week that the address names, or this one."""
    person, moment = somebody(), now()
    this = weeks.monday_of(local_date(moment, _zone(person)))
    monday = weeks.parse(request.args.get("week", "")) or this
    found = services.of(session(), person, monday, moment)
    is_over = found.ends_at is not None and found.ends_at <= moment
    came = words.needed(found, services.owner_name(session(), person))
    taken = words.moved(found)
    return render_template(
        "manage/week.html",
        title=_span(monday, this),
        lead=words.lead(found.coverage, is_over=is_over),
        coverage=found.coverage,
        days=_days(found),
        most=MOST_ROWS,
        needed=[_came(each, moment) for each in came],
        unread=found.unread,
        who_took=words.who_took(found),
        taken=taken,
        nothing_moved=not (taken or found.reached),
        fixes=words.fixes(found),
        more_fixes=found.more_fixes,
        patterns=_patterns(person) if monday >= this - WEEK else None,
        ahead=dead_end_words.rows(session(), person, moment) if monday >= this - WEEK else None,
        before=_week_url(monday - WEEK) if found.came_before else None,
        after=_week_url(monday + WEEK) if monday < this else None,
        is_first=not (found.came_before or found.coverage.total or came),
    )


def _patterns(person: Person) -> list[str]:
    """What stands today, the worst first; an older week is not judged by it."""
    rows = patterns.current(session(), person.org_id, person)[:MOST_PATTERNS]
    return pattern_words.sentences(session(), rows)


def _zone(person: Person) -> str:
    """The zone of the first location that the person works at; a week begins there."""
    return person.locations[0].time_zone if person.locations else "UTC"


def _span(monday: date, this: date) -> str:
    return translated(span_words(monday, monday + WEEK - DAY, this))


def _week_url(monday: date) -> str:
    return url_for("week.week", week=weeks.name_of(monday))


def _days(found: Week) -> list[dict[str, Any]]:
    """A bar for each day, with the same in words."""
    dates = [found.monday + DAY * number for number in range(7)]
    by_day = {which: [run for run in found.runs if run.day == f"{which}"] for which in dates}
    most = max(sum(run.number for run in runs) for runs in by_day.values())
    return [_day(which, runs, most) for which, runs in by_day.items()]


def _day(which: date, runs: Sequence[Due], most: int) -> dict[str, Any]:
    total, went = sum(run.number for run in runs), sum(run.went for run in runs)
    chased = sum(run.number for run in runs if run.chased)
    return {
        "picture": drawing.bar(went, chased, total - went - chased, most),
        "short": short_weekday(which),
        "name": day(which),
        # Translators: under a day of the week: how many of its runs needed nobody.
        "words": _("%(went)s of %(total)s", went=went, total=total) if total else _("none"),
        "rest": _rest(chased, total - went - chased, total),
    }


def _rest(chased: int, going_on: int, total: int) -> list[str]:
    """What the striped and the dashed part of a bar say, for who does not see them."""
    said = []
    if chased:
        said.append(_("%(num)s of %(total)s missed", num=chased, total=total))
    if going_on:
        said.append(_("%(num)s of %(total)s not closed yet", num=going_on, total=total))
    return said


def _came(each: Came, moment: datetime) -> dict[str, Any]:
    url = None
    if each.command_id:
        url = url_for("held.show", command_id=each.command_id)
    elif each.run_id:
        url = url_for("runs.run", run_id=each.run_id)
    there = local_date(each.at, each.zone)
    return {
        "at": each.at,
        "zone": each.zone,
        "day": f"{short_weekday(there)} {there.day}",
        "sentence": each.sentence,
        "why": each.why,
        "url": url,
    }
