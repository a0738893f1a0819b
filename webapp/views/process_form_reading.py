"""The builder form read into a draft, with a sentence for each field that cannot be read."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain
from typing import TypeVar

from webapp.rules.cadence import CadenceError
from webapp.rules.deadline import DeadlineError, parse_clock, parse_date, parse_wait
from webapp.rules.proof_gate import ProofError, Requirement, parse_number
from webapp.services.definitions import (
    DEFAULT_WAITS,
    DraftLevel,
    DraftPicture,
    DraftStep,
    ProcessDraft,
    rule_of,
)
from webapp.views import process_form_later
from webapp.views.process_form import RULE_OF_KIND, Form
from webapp.views.process_form_later import StepGoneError
from webapp.words import gettext as _

Value = TypeVar("Value")

LONGEST_CHECK_MINUTES = 24 * 60
FIELD_OF_PATH = {
    "locations": "location",
    "opens_days_before": "opens",
    "chain": "responsible",
    "chain.assignee": "responsible",
    "chain.backup": "backup",
    "chain.fallback": "fallback",
    "chain.fallback.after": "fallback_after",
    "chain.owner.after": "owner_after",
    "steps": "step-1-title",
}
FIELD_OF_PART = {
    "min_seconds": "min_minutes",
    "scan_code": "proof",
    "picture.alt": "picture_alt",
    **process_form_later.FIELD_OF_PART,
}
FIELD_OF_KIND = {"chosen": "weekday", "month_day": "month_day", "words": "cadence_text"}


@dataclass(slots=True)
class FormReader:
    """Reads a form; `before` is the definition that it edits, for what the page does not show."""

    form: Form
    before: ProcessDraft | None = None
    faults: dict[str, str] = field(default_factory=dict)

    def draft(self) -> ProcessDraft:
        """The draft; what cannot be read is told in `faults` and left empty."""
        return ProcessDraft(
            name=self.form["name"],
            locations=tuple(self.form["location"]),
            rrule=self._rrule(),
            deadline=self._read("deadline", parse_clock),
            chain=self._chain(),
            steps=tuple(
                self._step(f"step-{number}", parts)
                for number, parts in enumerate(self.form["steps"], 1)
            ),
            opens=self._read("opens", parse_clock),
            opens_days_before=self.before.opens_days_before if self.before else 0,
            grace_minutes=self._wait("grace", DEFAULT_WAITS["backup"]),
            review=self.form["review"] or "none",
            remind_minutes=self._read("remind", parse_wait),
            reached_within_minutes=self._read("reached_within", parse_wait),
            wording=self.form["wording"] or "locked",
            starts_on=self._read("starts_on", parse_date),
        )

    def field_of(self, path: str) -> str:
        """The field of the page that a field of the draft is typed in."""
        if path == "cadence":
            return FIELD_OF_KIND.get(self.form["cadence_kind"], "cadence_kind")
        if found := re.fullmatch(r"steps\[([0-9]+)\]\.([a-z_.]+)", path):
            part = FIELD_OF_PART.get(found[2], found[2])
            return f"step-{int(found[1]) + 1}-{part}"
        return FIELD_OF_PATH.get(path, path)

    def _read(self, name: str, parse: Callable[[str], Value]) -> Value | None:
        return self._parsed(name, str(self.form[name]), parse)

    def _parsed(self, name: str, text: str, parse: Callable[[str], Value]) -> Value | None:
        if not text.strip():
            return None
        try:
            return parse(text)
        except (DeadlineError, ProofError, CadenceError, StepGoneError) as error:
            self.faults[name] = str(error)
            return None

    def _wait(self, name: str, default: int) -> int:
        if not str(self.form[name]).strip():
            self.faults[name] = _("Say after how many minutes. 0 moves it on at once.")
        minutes = self._read(name, parse_wait)
        return default if minutes is None else minutes

    def _rrule(self) -> str:
        kind = self.form["cadence_kind"]
        if kind == "chosen":
            days = ",".join(self.form["weekday"])
            text = f"FREQ=WEEKLY;BYDAY={days}" if days else ""
        elif kind == "month_day":
            day = str(self.form["month_day"]).strip()
            text = f"FREQ=MONTHLY;BYMONTHDAY={day}" if day else ""
        else:
            text = RULE_OF_KIND.get(kind) or self.form["cadence_text"]
        return self._parsed(self.field_of("cadence"), text, rule_of) or ""

    def _chain(self) -> tuple[DraftLevel, ...]:
        levels = [
            DraftLevel("assignee", self.form["responsible"], 0),
            DraftLevel("backup", self.form["backup"], 0),
        ]
        if self.form["fallback"]:
            wait = self._wait("fallback_after", DEFAULT_WAITS["fallback"])
            levels.append(DraftLevel("fallback", self.form["fallback"], wait))
        last = DraftLevel("owner", None, self._wait("owner_after", DEFAULT_WAITS["owner"]))
        return (*levels, last)

    def _step(self, at: str, parts: Form) -> DraftStep:
        step = DraftStep(
            title=parts["title"],
            instructions=parts["instructions"],
            requirement=self._requirement(at, parts),
            may_skip=bool(parts["may_skip"]),
            key=parts["key"] or None,
            picture=_picture(parts),
            wording=parts["wording"] or None,
            only_if=process_form_later.condition(at, parts, self._parsed),
            follow_up=process_form_later.follow_up(at, parts, self._parsed),
        )
        return self._with_what_is_not_shown(step)

    def _requirement(self, at: str, parts: Form) -> Requirement:
        """Only the fields of the chosen proof count; the others stand unseen on the page."""
        kind = parts["proof"]
        if kind == "timed":
            minutes = self._parsed(f"{at}-min_minutes", parts["min_minutes"], _minutes)
            return Requirement(kind, min_seconds=round((minutes or Decimal(0)) * 60))
        if kind != "number":
            return Requirement(kind)
        return Requirement(
            kind,
            unit=parts["unit"] or None,
            minimum=self._parsed(f"{at}-min", parts["min"], parse_number),
            maximum=self._parsed(f"{at}-max", parts["max"], parse_number),
            if_outside=parts["if_outside"] or None,
        )

    def _with_what_is_not_shown(self, step: DraftStep) -> DraftStep:
        """Keep the code of a spot, and how locations word the step while it is open to them."""
        old = self._before(step)
        if old is None:
            return step
        if step.requirement.kind == "scan":
            code = old.requirement.scan_code
            step = replace(step, requirement=replace(step.requirement, scan_code=code))
        is_open = (step.wording or self.form["wording"]) == "open"
        said = [each for each in old.wordings if each.location in self.form["location"]]
        return replace(step, wordings=tuple(said)) if is_open else step

    def _before(self, step: DraftStep) -> DraftStep | None:
        """The step as it was, known by its key, else by its title."""
        steps = self.before.steps if self.before else ()
        by_key = (old for old in steps if step.key and step.key == old.key)
        by_title = (old for old in steps if not step.key and step.title.strip() == old.title)
        return next(chain(by_key, by_title), None)


def _picture(parts: Form) -> DraftPicture | None:
    return DraftPicture(parts["picture"], parts["picture_alt"]) if parts["picture"] else None


def _minutes(text: str) -> Decimal:
    minutes = parse_number(text)
    if not 0 <= minutes <= LONGEST_CHECK_MINUTES:
        raise ProofError("min_seconds_wrong", _("Give 0 to 1440 minutes."))
    return minutes
