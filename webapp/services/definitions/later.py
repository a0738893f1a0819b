"""What a draft's steps wait for: checked, kept as JSON with the keys of steps, and in words."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from webapp.rules import later
from webapp.rules.deadline import LONGEST_WAIT
from webapp.rules.later_ahead import Step
from webapp.rules.later_words import asks
from webapp.rules.sentences import say
from webapp.services.definitions.draft import DraftCondition, DraftFollowUp, DraftStep
from webapp.services.definitions.fault import Fault


def to_json(step: DraftStep, keys: Sequence[str]) -> dict[str, dict[str, Any] | None]:
    """Return the columns of a stored step; `keys` are those of the draft's steps."""
    return {
        "only_if": later.condition_to_json(_condition(step, keys)),
        "follow_up": later.follow_up_to_json(_follow_up(step, keys)),
    }


def words(step: DraftStep, steps: Sequence[DraftStep]) -> list[str]:
    """Say what the step waits for: "Only if Fridge temperature is outside 33 to 41 °F"."""
    names = [str(number) for number in range(len(steps))]
    earlier = {
        name: later.Earlier(each.title, "unknown", each.requirement)
        for name, each in zip(names, steps, strict=True)
    }
    return list(asks(_condition(step, names), _follow_up(step, names), earlier))


def steps_ahead(steps: Sequence[DraftStep]) -> list[Step]:
    """Return the steps of a draft as they stand ahead of a run; a faulty wait is none."""
    names = [str(number) for number in range(len(steps))]
    return [_ahead(index, steps, names) for index in range(len(steps))]


def _ahead(index: int, steps: Sequence[DraftStep], names: Sequence[str]) -> Step:
    step = steps[index]
    earlier = later.Earlier(step.title, "unknown", step.requirement)
    if any(faults(index, steps)):
        return Step(names[index], earlier)
    return Step(names[index], earlier, _condition(step, names), _follow_up(step, names))


def _condition(step: DraftStep, keys: Sequence[str]) -> later.Condition | None:
    asked = step.only_if
    if asked is None:
        return None
    return later.Condition(keys[asked.step or 0], asked.becomes, asked.value)


def _follow_up(step: DraftStep, keys: Sequence[str]) -> later.FollowUp | None:
    asked = step.follow_up
    if asked is None:
        return None
    wait, due = (timedelta(minutes=each) for each in (asked.wait_minutes, asked.due_minutes))
    return later.FollowUp(keys[asked.step or 0], wait, due)


def faults(index: int, steps: Sequence[DraftStep]) -> Iterator[Fault]:
    """Yield what is wrong with what a step waits for, by its part.

    Only earlier steps can be asked, so a chain of them never comes back to where it began.
    """
    step = steps[index]
    if (only_if := step.only_if) is not None:
        if words := _place_fault(only_if.step, index, steps):
            yield "only_if.step", words
        else:
            yield from _condition_faults(only_if, steps[only_if.step or 0])
    if (follow_up := step.follow_up) is not None:
        if words := _place_fault(follow_up.step, index, steps):
            yield "after.step", words
        yield from _time_faults(follow_up)


def _place_fault(asked: int | None, index: int, steps: Sequence[DraftStep]) -> str | None:
    if asked is None or not 0 <= asked < len(steps):
        return say("Choose the earlier step that this one waits for.")
    if asked == index:
        return say("A step cannot wait for itself. Choose an earlier one.")
    if asked > index:
        return say(
            "“%(title)s” comes after this step. Choose an earlier one, or move this step down.",
            title=steps[asked].title,
        )
    return None


def _condition_faults(asked: DraftCondition, step: DraftStep) -> Iterator[Fault]:
    wanted = step.requirement
    has_range = wanted.minimum is not None or wanted.maximum is not None
    if asked.becomes not in later.CONDITIONS:
        kinds = ", ".join(later.CONDITIONS)
        yield "only_if.is", say("Choose one of %(kinds)s.", kinds=kinds)
    elif asked.becomes == "skipped" and not step.may_skip:
        words = say("“%(title)s” may not be marked not applicable. Allow that.", title=step.title)
        yield "only_if.is", words
    elif asked.becomes in later.OF_NUMBER and wanted.kind != "number":
        yield "only_if.is", say("“%(title)s” does not ask for a number.", title=step.title)
    elif asked.becomes in later.OF_RANGE and not has_range:
        words = say("“%(title)s” has no range. Give it one, or a limit here.", title=step.title)
        yield "only_if.is", words
    elif asked.becomes in later.OF_LIMIT and asked.value is None:
        yield "only_if.value", say("Write the number from which on the step is needed.")


def _time_faults(asked: DraftFollowUp) -> Iterator[Fault]:
    for part, minutes in (("wait", asked.wait_minutes), ("due", asked.due_minutes)):
        if minutes < 1:
            yield f"after.{part}", say("Give a minute at least.")
        elif minutes > LONGEST_WAIT:
            yield f"after.{part}", say("Wait 31 days at most.")
