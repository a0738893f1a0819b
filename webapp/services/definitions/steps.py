"""What is wrong with a draft's steps: how many, their titles, the proof that each asks for."""

from collections.abc import Iterator, Sequence

from webapp.rules.proof_gate import (
    KINDS,
    ProofError,
    Requirement,
    requirement_from_json,
    requirement_to_json,
)
from webapp.rules.sentences import say
from webapp.services.definitions import later, wordings
from webapp.services.definitions.draft import DraftStep
from webapp.services.definitions.fault import Fault

MOST_STEPS = 60


def faults(steps: Sequence[DraftStep]) -> Iterator[Fault]:
    """Every fault of the steps, by field; those of the locations' own words are not here."""
    if not steps:
        yield "steps", say("Add at least one step.")
    if len(steps) > MOST_STEPS:
        yield (
            "steps",
            say("A process has at most %(most)s steps. Make two processes of it.", most=MOST_STEPS),
        )
    for index, step in enumerate(steps):
        for part, sentence in (
            *_title(step.title.strip()),
            *_requirement(step.requirement),
            *later.faults(index, steps),
        ):
            yield f"steps[{index}].{part}", sentence


def _title(title: str) -> Iterator[Fault]:
    if not title:
        yield "title", say("Say what is to be done in this step.")
    elif len(title) > wordings.LONGEST_TITLE:
        yield "title", wordings.too_long()


def _requirement(wanted: Requirement) -> Iterator[Fault]:
    ranged = wanted.minimum is not None or wanted.maximum is not None
    if wanted.kind not in KINDS:
        yield (
            "proof",
            say(
                "“%(kind)s” is no proof. Use one of %(kinds)s.",
                kind=wanted.kind,
                kinds=", ".join(KINDS),
            ),
        )
        return
    if wanted.kind != "number" and (ranged or wanted.unit or wanted.if_outside):
        limit = "min" if wanted.minimum is not None else "max"
        part = limit if ranged else "unit" if wanted.unit else "if_outside"
        yield part, say("Only a number has a unit and a range. Choose number as the proof.")
    elif wanted.if_outside and not ranged:
        yield "if_outside", say("Say which numbers are fine, or leave out what to do outside them.")
    if wanted.kind != "timed" and wanted.min_seconds:
        yield "min_seconds", say("Only a timed check has a least time. Choose timed as the proof.")
    if wanted.kind != "scan" and wanted.scan_code:
        yield "scan_code", say("Only a scan has a code. Choose scan as the proof.")
    try:
        requirement_from_json(requirement_to_json(wanted))
    except ProofError as problem:
        yield "min" if problem.code == "range_empty" else "min_seconds", problem.message
