"""What the pages of processes show."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from webapp.context import session
from webapp.formats import day, listed
from webapp.models import Person, Process, ProcessVersion, Run, Step
from webapp.rules.deadline import format_clock
from webapp.rules.moment_words import local_date
from webapp.rules.proof_gate import requirement_from_json
from webapp.services import (
    away_ahead,
    board,
    definitions,
    organisations,
    reachability,
    risk,
    signals,
)
from webapp.services.definitions import DraftStep, lint
from webapp.services.definitions.later import words as asked_words
from webapp.services.definitions.preview import next_window, opening
from webapp.services.reachability import Reachability
from webapp.views import (
    away_words,
    fix_words,
    lint_words,
    pattern_words,
    process_dates,
    process_reaching,
    proof_words,
    reach_words,
    signal_words,
)
from webapp.views.picture_json import picture_json
from webapp.views.process_versions import version_items
from webapp.views.process_wording import places_to_word
from webapp.words import gettext as _
from webapp.words import ngettext, translated

AHEAD = timedelta(days=7)
BEHIND = timedelta(days=14)
MOST_RUNS = 10
SAID_BY_THE_CHAIN = ("nobody_told", "backup_not_told")
MOST_VERSIONS = 3


def process_items(processes: Sequence[Process], person: Person) -> list[dict[str, Any]]:
    """The processes of the list."""
    owner = organisations.owner_of(session(), person.org_id)
    versions = definitions.current_versions(session(), processes)
    hows = reachability.of_versions(session(), versions, owner)
    return [_item(version, owner, hows) for version in versions]


def _item(version: ProcessVersion, owner: Person, hows: dict[str, Reachability]) -> dict[str, Any]:
    process = version.process
    return _summary(version, owner, hows) | {
        "id": process.id,
        "name": process.name,
        "steps_count": len(version.steps),
    }


def process_page(process: Process, person: Person, now: datetime) -> dict[str, Any]:
    """One process with its current version, the runs around now, and its versions."""
    version = definitions.current_version(process)
    owner = organisations.owner_of(session(), person.org_id)
    hows = reachability.of_versions(session(), [version], owner)
    ahead = board.Filter(state="planned", process_id=process.id, since=now, until=now + AHEAD)
    behind = board.Filter(process_id=process.id, since=now - BEHIND, until=now + AHEAD)
    planned = board.all_of(session(), person, ahead)
    begun = [run for run in board.all_of(session(), person, behind) if run.state != "planned"]
    return {
        "process": {"id": process.id, "name": process.name, "retired_at": process.retired_at},
        "version": _summary(version, owner, hows)
        | {"number": version.number}
        | {"grace_minutes": version.grace_minutes, "review": version.review}
        | {"looked_at": risk.rate(session(), process)}
        | {"opens": _opens(version, now)}
        | {"reach": _reach(version, now), "elsewhere": definitions.works_elsewhere(version)}
        | {"steps": _steps(version), "first_due": _first_due(version, now)}
        | {"has_scans": any(step.proof_kind == "scan" for step in version.steps)},
        "away": _away(version, owner, planned, now),
        "findings": _findings(process, now),
        "patterns": pattern_words.of_process(session(), person, process),
        "fixes": fix_words.of_process(session(), person, process),
        "signals": signal_words.shown(signals.of_process(session(), process, person)),
        "next_runs": [_run(run) for run in planned[:MOST_RUNS]],
        "recent_runs": [_begun_run(run) for run in reversed(begun[-MOST_RUNS:])],
        "versions": version_items(process, MOST_VERSIONS),
        "places_to_word": places_to_word(process),
        "more_versions": process.version_number > 1,
    }


def _first_due(version: ProcessVersion, now: datetime) -> str:
    """The first date while it lies ahead; "" after that, and where the definition says none."""
    first = definitions.draft_of(version).starts_on
    if first is None or first <= local_date(now, version.locations[0].time_zone):
        return ""
    return _("%(fact)s: %(value)s", fact=_("First due"), value=day(first, year=True))


def _findings(process: Process, now: datetime) -> list[dict[str, Any]]:
    """What chain lint finds; whom no device tells stands beside the chain already."""
    if process.retired_at:
        return []
    found = lint.of_process(session(), process, now)
    return lint_words.shown(each for each in found if each.code not in SAID_BY_THE_CHAIN)


def _away(
    version: ProcessVersion, owner: Person, planned: Sequence[Run], now: datetime
) -> list[str]:
    """Who of the chain is away ahead, on the calendar of the first location."""
    today = local_date(now, version.locations[0].time_zone)
    away = away_ahead.of_version(session(), version, owner, planned, now)
    alone = away_ahead.only_the_last(session(), planned)
    return away_words.sentences(away, alone, away_ahead.nobodys(session(), alone), today)


def _reach(version: ProcessVersion, now: datetime) -> dict[str, str]:
    draft = definitions.draft_of(version)
    windows = (next_window(draft, place, now, version) for place in version.locations)
    return process_reaching.words_of(draft, next(windows, None))


def _opens(version: ProcessVersion, now: datetime) -> str:
    found = opening(definitions.draft_of(version), version.locations, now, version)
    return process_dates.opening_words(found)


def _summary(
    version: ProcessVersion, owner: Person, hows: dict[str, Reachability]
) -> dict[str, Any]:
    chain = [level.person or owner for level in version.chain]
    return {
        "deadline": format_clock(version.deadline),
        "cadence_words": definitions.said_rule(version.rrule),
        "locations": [location.name for location in version.locations],
        "chain": _chain(version, owner.name),
        "untold": reach_words.without_device(chain, hows),
    }


def _chain(version: ProcessVersion, owner: str) -> list[dict[str, Any]]:
    return [
        {
            "name": level.person.name if level.person else owner,
            "role": level.role,
            "wait_minutes": level.wait_minutes,
        }
        for level in version.chain
    ]


def _steps(version: ProcessVersion) -> list[dict[str, Any]]:
    drafts = definitions.draft_of(version).steps
    return [_step(step, drafts[index], drafts) for index, step in enumerate(version.steps)]


def _step(step: Step, drafted: DraftStep, drafts: Sequence[DraftStep]) -> dict[str, Any]:
    requirement = requirement_from_json(step.requirement)
    return {
        "title": step.title,
        "instructions": step.instructions,
        "may_skip": step.may_skip,
        "proof": requirement.kind,
        "asked": proof_words.asked(requirement),
        "picture": picture_json(step),
        "waits": [translated(each) for each in asked_words(drafted, drafts)],
    }


def _run(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "location": run.location.name,
        "time_zone": run.location.time_zone,
        "deadline_at": run.deadline_at,
        "state": run.state,
    }


def _begun_run(run: Run) -> dict[str, Any]:
    trail = list(dict.fromkeys(_moves(run)))
    return _run(run) | {"need": run.state == "open" and bool(trail), "trail": [*trail, _end(run)]}


def _moves(run: Run) -> Iterable[str]:
    for step_run in run.step_runs:
        for handoff in step_run.handoffs:
            if handoff.passed_over is None:
                yield _(
                    "Moved from %(from_person)s to %(to_person)s.",
                    from_person=handoff.from_person.name,
                    to_person=handoff.to_person.name,
                )


def _end(run: Run) -> str:
    if run.state == "void":
        return _("Not needed.")
    done = sum(step_run.is_closed for step_run in run.step_runs)
    who = sorted({each.closed_by.name for each in run.step_runs if each.closed_by})
    if not who:
        return ngettext(
            "%(num)s of %(all)s steps closed.",
            "%(num)s of %(all)s steps closed.",
            done,
            all=len(run.step_runs),
        )
    return ngettext(
        "%(num)s of %(all)s steps closed, by %(names)s.",
        "%(num)s of %(all)s steps closed, by %(names)s.",
        done,
        all=len(run.step_runs),
        names=listed(list(who)),
    )
