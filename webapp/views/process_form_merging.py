"""Builder forms merged: what was typed over an older state, put on top of the current one."""

from typing import Any

from webapp.rules import merging
from webapp.rules.merging import Whole
from webapp.views.process_form import SINGLE, Form
from webapp.views.process_form_later import GONE

# What stands in several fields and means one thing; a step that is named comes first.
PARTS_OF_FACT = {
    "cadence": ("cadence_kind", "month_day", "cadence_text", "weekday"),
    "fallback": ("fallback", "fallback_after"),
}
PARTS_OF_STEP = {
    "proof": ("proof", "unit", "min", "max", "if_outside", "min_minutes"),
    "picture": ("picture", "picture_alt"),
    "only_if": ("only_if_step", "only_if", "only_if_value"),
    "after": ("after_step", "after_wait", "after_due"),
}
ALONE = ("title", "instructions", "may_skip", "wording")
FIELD_OF_PART = {"cadence": "cadence_kind", "after": "after_step", "may_skip": "title", "": "title"}
# Only a visitor's form has it: there it stands for the place.
ZONE = "time_zone"


def put_on_top(base: Form, mine: Form, current: Form) -> tuple[Form, list[str]]:
    """The merged form and the names of what clashes, as the rule has them; there, mine stands."""
    merged, clashes = merging.merge(_whole(base), _whole(mine), _whole(current))
    return _form(merged), clashes


def with_part(form: Form, other: Form, name: str) -> Form:
    """The form, with what goes by the name of a clash as the other one has it."""
    return _form(merging.with_part(_whole(form), _whole(other), name))


def field_of(form: Form, name: str) -> str:
    """The id of the element of the page, filled with this form, that a clash is about."""
    found = merging.row_of(name)
    if found is None:
        return FIELD_OF_PART.get(name, name)
    key, part = found
    keys = _keys(form["steps"])
    if key not in keys:
        return "part-steps"
    return f"step-{keys.index(key) + 1}-{FIELD_OF_PART.get(part, part)}"


def _whole(form: Form) -> Whole:
    grouped = {field for fields in PARTS_OF_FACT.values() for field in fields}
    alone = [field for field in (*SINGLE, ZONE) if field in form and field not in grouped]
    facts = {field: _plain(form[field]) for field in alone}
    facts |= {name: _plain_of(form, fields) for name, fields in PARTS_OF_FACT.items()}
    facts["location"] = _plain(form["location"])
    return Whole(facts, _rows(form["steps"]))


def _rows(steps: list[Form]) -> dict[str, dict[str, Any]]:
    keys = _keys(steps)
    named = {str(number): key for number, key in enumerate(keys, 1)}
    rows = {}
    for key, step in zip(keys, steps, strict=True):
        row = {name: _plain_of(step, fields) for name, fields in PARTS_OF_STEP.items()}
        for name in merging.NAMING:
            number, *more = row[name]
            row[name] = (named.get(number, number), *more)
        rows[key] = row | {name: _plain(step[name]) for name in ALONE}
    return rows


def _keys(steps: list[Form]) -> list[str]:
    """The keys of the steps; a new one has its number instead."""
    keys: list[str] = []
    for number, step in enumerate(steps, 1):
        key = step["key"]
        keys.append(key if key and key not in keys else f"#{number}")
    return keys


def _form(whole: Whole) -> Form:
    form = {name: value for name, value in whole.facts.items() if name not in PARTS_OF_FACT}
    for name, fields in PARTS_OF_FACT.items():
        form |= zip(fields, whole.facts[name], strict=True)
    places = {name: [*form[name]] for name in ("location", "weekday")}
    return form | places | {"steps": _steps(whole.rows)}


def _steps(rows: merging.Rows) -> list[Form]:
    number_of = {key: str(number) for number, key in enumerate(rows, 1)}
    steps = []
    for key, row in rows.items():
        step: Form = {name: row[name] for name in ALONE}
        for name, fields in PARTS_OF_STEP.items():
            step |= zip(fields, row[name], strict=True)
            if name in merging.NAMING:
                step[fields[0]] = _number(step[fields[0]], number_of)
        steps.append(step | {"key": "" if key.startswith("#") else key})
    return steps


def _number(named: str, number_of: dict[str, str]) -> str:
    """The number of the step that is named; one that is in neither is still said to be gone."""
    if not named or named.startswith(GONE):
        return named
    return number_of.get(named, GONE)


def _plain_of(parts: Form, fields: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(_plain(parts[field]) for field in fields)


def _plain(value: Any) -> Any:
    """A value as forms compare: browsers send other ends of lines than were shown."""
    if isinstance(value, list):
        return tuple(sorted(value))
    return "\n".join(line.rstrip() for line in str(value).strip().splitlines())
