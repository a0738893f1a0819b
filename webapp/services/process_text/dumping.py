"""Writing locations, people and processes as the text that `apply` reads."""

from collections.abc import Sequence
from datetime import time
from decimal import Decimal
from typing import Any, TypeVar

import yaml
from sqlalchemy.orm import Session

from webapp.models import Location, Person, Process
from webapp.rules.cadence_words import rrule_to_words
from webapp.rules.deadline import format_clock, format_wait
from webapp.rules.sentences import Sentence
from webapp.services import definitions, locations, people
from webapp.services.definitions.draft import DraftLevel, DraftPicture, DraftStep, ProcessDraft
from webapp.services.places import holidays_of, open_days_of
from webapp.services.process_text import later_steps

Mapping = TypeVar("Mapping", bound=dict[str, Any])


class _Line(dict[str, Any]):
    """A mapping on one line."""


class _Row(list[Any]):
    """A list on one line."""


class _Quoted(str):
    """Text that always stands in quotes, as times do."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Indents lists under their key, as people write them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


_Dumper.add_representer(_Line, lambda dumper, value: _flow_map(dumper, value))
_Dumper.add_representer(
    _Row, lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value, True)
)
_Dumper.add_representer(
    _Quoted, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:str", value, '"')
)
_Dumper.add_representer(
    Decimal, lambda dumper, value: dumper.represent_scalar(_number_tag(value), f"{value:f}")
)


_Dumper.add_representer(Sentence, _Dumper.represent_str)


def _flow_map(dumper: yaml.SafeDumper, value: _Line) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True)


def _number_tag(value: Decimal) -> str:
    return f"tag:yaml.org,2002:{'float' if '.' in f'{value:f}' else 'int'}"


def dump(session: Session, org_id: str) -> str:
    """The organisation's locations, active people and processes in use, as YAML."""
    active = [person for person in people.all_of(session, org_id) if not person.deactivated_at]
    places = locations.all_of(session, org_id)
    names = {place.id: place.name for place in places}
    names |= {person.id: person.name for person in people.all_of(session, org_id)}
    document = {
        "locations": [_location(place) for place in places],
        "people": [_person(person) for person in active],
        "processes": [_process(each, names) for each in definitions.processes(session, org_id)],
    }
    text: str = yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000
    )
    return text


def _location(location: Location) -> _Line:
    return _filled(
        _Line(
            name=location.name,
            time_zone=location.time_zone,
            opens=_clock(location.opens),
            closes=_clock(location.closes),
            open_days=_Row(day.lower() for day in open_days_of(location)),
            holidays=holidays_of(location),
            open_dates=_Row(sorted(location.open_dates)),
            closed=_Row(sorted(location.closed_dates)),
        )
    )


def _person(person: Person) -> _Line:
    places = _Row(sorted(location.name for location in person.locations))
    return _filled(_Line(name=person.name, email=person.email, role=person.role, locations=places))


def _process(process: Process, names: dict[str, str]) -> dict[str, Any]:
    draft = definitions.draft_of(definitions.current_version(process))
    return _filled(
        {
            "name": draft.name,
            "locations": _Row(sorted(names[place] for place in draft.locations)),
            "cadence": rrule_to_words(draft.rrule),
            "starts": draft.starts_on,
            "opens": _clock(draft.opens),
            "opens_days_before": draft.opens_days_before,
            "deadline": _clock(draft.deadline),
            "grace": format_wait(draft.grace_minutes),
            "remind": _wait_or_never(draft.remind_minutes),
            "reached_within": _wait_or_never(draft.reached_within_minutes),
            "chain": _chain(draft, names),
            "review": draft.review,
            "wording": draft.wording if draft.wording != "locked" else None,
            "steps": [_step(step, names, draft.steps) for step in draft.steps],
        }
    )


def _wait_or_never(minutes: int | None) -> str | None:
    if minutes is None:
        return None
    return format_wait(minutes) if minutes else "never"


def _chain(draft: ProcessDraft, names: dict[str, str]) -> list[_Line]:
    return [_station(level, names) for level in draft.chain]


def _station(level: DraftLevel, names: dict[str, str]) -> _Line:
    """The wait of the backup is the grace, which stands above."""
    station = _Line({level.role: names[level.person_id] if level.person_id else True})
    if level.role in ("fallback", "owner"):
        station["after"] = format_wait(level.wait_minutes)
    return station


def _step(step: DraftStep, names: dict[str, str], steps: Sequence[DraftStep]) -> _Line:
    wanted = step.requirement
    asked = later_steps.written(step, steps)
    return _filled(
        _Line(
            title=step.title,
            instructions=step.instructions,
            proof=wanted.kind,
            unit=wanted.unit,
            min=wanted.minimum,
            max=wanted.maximum,
            if_outside=wanted.if_outside,
            min_seconds=wanted.min_seconds,
            scan_code=wanted.scan_code,
            may_skip=step.may_skip,
            picture=_picture(step.picture),
            wording=step.wording,
            wordings=_Row(_wordings(step, names)),
            **{name: _Line(parts) for name, parts in asked.items() if parts},
        )
    )


def _wordings(step: DraftStep, names: dict[str, str]) -> list[_Line]:
    said = sorted(step.wordings, key=lambda each: names[each.location])
    return [
        _filled(
            _Line(location=names[each.location], title=each.title, instructions=each.instructions)
        )
        for each in said
    ]


def _picture(picture: DraftPicture | None) -> _Line | None:
    return _Line(sha256=picture.sha256, alt=picture.alt) if picture else None


def _filled(mapping: Mapping) -> Mapping:
    """Without the parts that say nothing; a limit of zero does say something."""
    silent = [k for k, v in mapping.items() if not v and not isinstance(v, Decimal)]
    for key in silent:
        del mapping[key]
    return mapping


def _clock(value: time | None) -> _Quoted | None:
    return _Quoted(format_clock(value)) if value else None
