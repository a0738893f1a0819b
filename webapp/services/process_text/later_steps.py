"""What a step of a process text waits for: read with the places of its parts, and written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from webapp.rules.deadline import format_wait
from webapp.rules.later import CONDITIONS
from webapp.services.definitions.draft import DraftCondition, DraftFollowUp, DraftStep
from webapp.services.process_text.nodes import Field

CONDITION_KEYS = ("step", "is", "value")
FOLLOW_UP_KEYS = ("step", "wait", "due")


def titles_of(items: Sequence[Field]) -> list[str]:
    """Return the titles of the steps as they are written, "" for one without."""
    return [item.member_text("title") for item in items]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what the step at the path `at` waits for; `fields` remembers where each part stands."""

    titles: Sequence[str]
    at: str
    fields: dict[str, Field]

    def condition(self, given: Field | None) -> DraftCondition | None:
        """The condition of `only_if: {step: Fridge temperature, is: outside}`."""
        if given is None or given.is_empty():
            return None
        parts = self._parts("only_if", given, CONDITION_KEYS)
        becomes = parts["is"].one_of(CONDITIONS) if "is" in parts else None
        if "is" not in parts:
            given.fault(f"Say what it is: {', '.join(CONDITIONS)}.")
        value = parts["value"].number() if "value" in parts else None
        return DraftCondition(self._step(parts), becomes or CONDITIONS[0], value)

    def follow_up(self, given: Field | None) -> DraftFollowUp | None:
        """The follow-up of `after: {step: Buffet out, wait: 2h, due: 15m}`."""
        if given is None or given.is_empty():
            return None
        parts = self._parts("after", given, FOLLOW_UP_KEYS)
        wait, due = (self._wait(parts, name) for name in ("wait", "due"))
        return DraftFollowUp(self._step(parts), wait, due)

    def _parts(self, name: str, given: Field, keys: Sequence[str]) -> dict[str, Field]:
        parts = given.members(keys)
        self.fields.update({f"{self.at}.{name}.{key}": part for key, part in parts.items()})
        return parts

    def _wait(self, parts: dict[str, Field], name: str) -> int:
        return (parts[name].wait() or 0) if name in parts else 0

    def _step(self, parts: dict[str, Field]) -> int | None:
        """The index of the step that is named: by its title, or by its number in the list."""
        if "step" not in parts:
            return None
        field = parts["step"]
        named = " ".join((field.text() or "").split())
        found = [index for index, title in enumerate(self.titles) if title == named]
        is_number = named.isdecimal() and 1 <= int(named) <= len(self.titles)
        if is_number and (field.is_whole() or not found):
            return int(named) - 1
        if len(found) == 1:
            return found[0]
        says = "There is no step called" if not found else "Write the number of one: several are"
        field.fault(f"{says} “{named}”.")
        return None


def written(step: DraftStep, steps: Sequence[DraftStep]) -> dict[str, dict[str, Any] | None]:
    """Return the parts `only_if` and `after` of a step as the text says them."""
    only_if = _condition(step.only_if, steps) if step.only_if else None
    after = _follow_up(step.follow_up, steps) if step.follow_up else None
    return {"only_if": only_if, "after": after}


def _condition(asked: DraftCondition, steps: Sequence[DraftStep]) -> dict[str, Any]:
    limit = {} if asked.value is None else {"value": asked.value}
    return {"step": _name(asked.step, steps), "is": asked.becomes} | limit


def _follow_up(asked: DraftFollowUp, steps: Sequence[DraftStep]) -> dict[str, Any]:
    return {
        "step": _name(asked.step, steps),
        "wait": format_wait(asked.wait_minutes),
        "due": format_wait(asked.due_minutes),
    }


def _name(index: int | None, steps: Sequence[DraftStep]) -> str | int:
    """The title, or the number where others have the same title, or the title is a number."""
    place = index or 0
    title = steps[place].title
    is_clear = [step.title for step in steps].count(title) == 1 and not title.isdecimal()
    return title if is_clear else place + 1
