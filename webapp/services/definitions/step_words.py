"""What a step of a definition says, in words that can be translated."""

from collections.abc import Mapping, Sequence

from webapp.rules.proof_gate import Requirement
from webapp.rules.sentences import N_, in_a_row, say
from webapp.services.definitions import later
from webapp.services.definitions.draft import DraftPicture, DraftStep, DraftWording

KIND_WORDS = {
    "photo": N_("photo"),
    "number": N_("number"),
    "note": N_("note"),
    "signature": N_("signature"),
    "file": N_("file"),
    "scan": N_("scan"),
    "timed": N_("timed check"),
}

WORDING_WORDS = {
    "locked": N_("the same at every location"),
    "open": N_("each location may word it"),
}


def said_of(
    step: DraftStep, names: Mapping[str, str], steps: Sequence[DraftStep]
) -> dict[str, str]:
    """What is to be said of a step among these, by what it is about; `names`: words for ids."""
    facts = {
        say("title"): step.title,
        say("proof"): proof_words(step.requirement),
        say("how"): f"“{step.instructions}”" if step.instructions else "",
        say("picture"): _picture_words(step.picture),
        say("not applicable"): say("may be skipped") if step.may_skip else "",
        # Translators: what a step waits for, before “Only if …” or “Opens 2 h after …”.
        say("waits"): in_a_row(later.words(step, steps)),
        say("wording"): say(WORDING_WORDS[step.wording]) if step.wording else "",
    }
    for each in sorted(step.wordings, key=lambda each: names.get(each.location, "")):
        facts[say("at %(place)s", place=names.get(each.location, ""))] = _own_words(each)
    return {fact: value for fact, value in facts.items() if value}


def _own_words(wording: DraftWording) -> str:
    """What a location says in place of the title, of the instructions, or of both."""
    parts = [wording.title or "", f"“{wording.instructions}”" if wording.instructions else ""]
    return in_a_row(parts)


def step_words(step: DraftStep, names: Mapping[str, str], steps: Sequence[DraftStep]) -> str:
    """A step in a few words: "Front room ready (photo, may be skipped)"."""
    parts = [value for fact, value in said_of(step, names, steps).items() if fact != "title"]
    # Translators: a step, and in brackets what it asks for.
    return say("%(title)s (%(parts)s)", title=step.title, parts=in_a_row(parts))


def _picture_words(picture: DraftPicture | None) -> str:
    """Another picture may show the same in words, so its name is among them."""
    if picture is None:
        return ""
    return say("picture %(name)s of “%(alt)s”", name=picture.sha256[:8], alt=picture.alt)


def proof_words(requirement: Requirement) -> str:
    """A requirement in a few words: "number, 33 to 41 °F, outside: Move the food"."""
    wanted = requirement
    parts = [
        say(KIND_WORDS[wanted.kind]),
        _range_words(wanted),
        say("outside: %(words)s", words=wanted.if_outside) if wanted.if_outside else "",
        say("at least %(seconds)s s", seconds=wanted.min_seconds) if wanted.min_seconds else "",
        say("code %(code)s", code=wanted.scan_code) if wanted.scan_code else "",
    ]
    return in_a_row(parts)


def _range_words(wanted: Requirement) -> str:
    low, high, unit = wanted.minimum, wanted.maximum, wanted.unit or ""
    if low is not None and high is not None:
        span = say("%(low)s to %(high)s", low=f"{low:f}", high=f"{high:f} {unit}".strip())
    elif low is not None:
        span = say("from %(low)s", low=f"{low:f} {unit}".strip())
    elif high is not None:
        span = say("up to %(high)s", high=f"{high:f} {unit}".strip())
    else:
        return unit
    return span
