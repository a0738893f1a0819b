"""How the locations of a process word its steps: what may be said, and by whom."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace

from webapp.models import Location
from webapp.models.process import WORDINGS
from webapp.rules.sentences import say
from webapp.services.definitions.draft import DraftStep, DraftWording, ProcessDraft, is_open
from webapp.services.definitions.fault import Fault

LONGEST_TITLE = 200


def ids_of(places: Iterable[Location]) -> dict[str, str]:
    """The ids of these locations by whatever may name them."""
    found = list(places)
    return {place.name: place.id for place in found} | {place.id: place.id for place in found}


def faults(draft: ProcessDraft, places: Iterable[Location]) -> Iterator[Fault]:
    """What is wrong with the wordings, by field; `places` are the locations of the draft."""
    if draft.wording not in WORDINGS:
        yield "wording", say("The wording must be locked or open.")
    here = ids_of(places)
    for index, step in enumerate(draft.steps):
        at = f"steps[{index}]"
        if step.wording not in (None, *WORDINGS):
            yield f"{at}.wording", say("The wording must be locked or open.")
        elif step.wordings and not is_open(draft, step):
            yield (
                f"{at}.wordings",
                say("The wording of this step is locked. Open it, or leave these out."),
            )
        yield from ((f"{at}.{part}", words) for part, words in _of_step(step, here))


def _of_step(step: DraftStep, here: Mapping[str, str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, each in enumerate(step.wordings):
        at = f"wordings[{index}]"
        if each.location not in here:
            words = say("It does not run at “%(location)s”.", location=each.location)
            yield f"{at}.location", words
        elif here[each.location] in seen:
            yield f"{at}.location", say("This location words the step twice.")
        if len((each.title or "").strip()) > LONGEST_TITLE:
            words = say(
                "Use at most %(most)s characters. The rest belongs in “how”.", most=LONGEST_TITLE
            )
            yield f"{at}.title", words
        seen.add(here.get(each.location, ""))


def too_long() -> str:
    """The sentence for a title over its length."""
    return say("Use at most %(most)s characters. The rest belongs in “how”.", most=LONGEST_TITLE)


def settled(draft: ProcessDraft, step: DraftStep, here: Mapping[str, str]) -> DraftStep:
    """The step with its wordings in their one stored form; `here` gives ids of locations."""
    found = [_settled(step, each, here) for each in step.wordings if is_open(draft, step)]
    said = [each for each in found if each.title is not None or each.instructions is not None]
    return replace(
        step,
        wording=None if step.wording == draft.wording else step.wording,
        wordings=tuple(sorted(said, key=lambda each: each.location)),
    )


def _settled(step: DraftStep, given: DraftWording, here: Mapping[str, str]) -> DraftWording:
    """What says nothing, or the same as the step itself, is not kept."""
    title, instructions = (given.title or "").strip(), (given.instructions or "").strip()
    return DraftWording(
        here[given.location],
        title if title not in ("", step.title) else None,
        instructions if instructions not in ("", step.instructions) else None,
    )


def plain(draft: ProcessDraft) -> ProcessDraft:
    """The definition without what its locations say in their own words."""
    return replace(draft, steps=tuple(replace(step, wordings=()) for step in draft.steps))


def worded_anew(before: ProcessDraft, after: ProcessDraft) -> Set[str]:
    """The ids of the locations whose words differ between two definitions."""
    return {location for location, *_rest in _all(before) ^ _all(after)}


def _all(draft: ProcessDraft) -> Set[tuple[str, str | None, str | None, str | None]]:
    return {
        (each.location, step.key, each.title, each.instructions)
        for step in draft.steps
        for each in step.wordings
    }


def opened_anew(before: ProcessDraft | None, after: ProcessDraft) -> bool:
    """Whether it is decided differently which steps the locations may word."""
    if after.wording != (before.wording if before else "locked"):
        return True
    known = {step.key: step.wording for step in before.steps} if before else {}
    return any(step.wording != known.get(step.key) for step in after.steps)
