"""A pattern as people read it: one sentence, its numbers, its chance, the runs, what to do next."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from webapp.formats import listed, local_day, quoted
from webapp.models import Pattern, Person, Process, Run, StepRun
from webapp.rules.patterns import one_in
from webapp.rules.patterns.chance import between
from webapp.rules.sentences import N_
from webapp.services import fix_notes, patterns
from webapp.services.patterns.words import Known, sentences
from webapp.words import count, ngettext, translated
from webapp.words import gettext as _

WORDS = {
    "fix_failed": N_("Say what was done instead"),
    "repeated": N_("Say what was done about it"),
    "drift": N_("See the process"),
    "by_another": N_("Change who does it"),
    "one_person": N_("Change who stands in"),
    "at_deadline": N_("Change when it is due"),
    "dark_device": N_("See the devices"),
    "no_proof": N_("Ask for proof"),
}
# From so many runs on the count speaks for itself.
MANY = 30


def shown(
    session: Session, rows: Sequence[Pattern], person: Person | None = None
) -> list[dict[str, Any]]:
    """Return each pattern with all that the page shows of it, to this person or to anybody."""
    known = Known(session, rows)
    made = [_shown(row, known) for row in rows]
    return [_for(person, each, known) for each in made] if person else made


def of_process(session: Session, person: Person, process: Process) -> list[str]:
    """Return the sentences of what stands of one process, as this person may see it."""
    return sentences(session, patterns.of_process(session, person, process.id))


def chance_words(row: Pattern) -> str:
    """Say how often luck alone would show such a thing; a fact needs no luck."""
    if not row.chance:
        return ""
    months = count(one_in(row.chance))
    return _("By luck alone such a thing shows in at most 1 of %(months)s months.", months=months)


def _shown(row: Pattern, known: Known) -> dict[str, Any]:
    step = known.steps.get(row.facts.get("step_run", ""))
    offer = known.offers.get(step.id) if step else None
    return {
        "id": row.id,
        "kind": row.kind,
        "sentence": known.sentence(row),
        "evidence": _evidence(row, known),
        "chance": chance_words(row),
        "runs": [_run(known.runs[each]) for each in row.runs if each in known.runs],
        "url": _where_to(row, step),
        "word": translated(WORDS[row.kind]),
        "offer": _offer(offer, step) if offer and step else None,
        "is_quiet": row.is_quiet,
        "may_note": True,
        "noted_at": row.noted_at,
        "row": row,
    }


def _for(person: Person, each: dict[str, Any], known: Known) -> dict[str, Any]:
    """What of it is theirs: of a process that runs elsewhere too, the runs at their locations."""
    places = patterns.part_of(person, each["row"])
    if not places:
        return each
    names = listed([place.name for place in places])
    theirs = [run for run in each["runs"] if patterns.sees_run(person, known.runs[run["id"]])]
    yours = _("You see its runs at %(locations)s.", locations=names)
    return each | {"runs": theirs, "evidence": [*each["evidence"], yours], "may_note": False}


def _evidence(row: Pattern, known: Known) -> list[str]:
    """The numbers beside the sentence: how it failed, the others, how sure so few runs are."""
    found = [_how(row.facts.get("how", {})), known.closed_by(row)]
    if row.kind in ("repeated", "fix_failed") and row.facts["others"][1]:
        times, of = row.facts["others"]
        found.append(_("At the other locations: %(times)s of %(of)s.", times=times, of=of))
    if row.facts.get("tried", 1) > 1:
        tried = row.facts["tried"]
        found.append(ngettext("%(num)s fix was tried.", "%(num)s fixes were tried.", tried))
    if row.facts.get("also"):
        also = listed([quoted(title) for title in row.facts["also"]])
        found.append(_("The same is so of %(also)s.", also=also))
    if row.chance and row.of < MANY:
        found.append(_roughly(row))
    return [words for words in found if words]


def _roughly(row: Pattern) -> str:
    low, high = (round(100 * share) for share in between(row.times, row.of))
    return _(
        "So few say it roughly: the true share lies between %(low)s and %(high)s of 100.",
        low=low,
        high=high,
    )


def _how(counts: dict[str, int]) -> str:
    if sum(counts.values()) == 0:
        return ""
    words = {
        "missed": _("missed %(num)s", num=counts.get("missed", 0)),
        "sent_back": _("sent back %(num)s", num=counts.get("sent_back", 0)),
        "cannot_do": _("handed on %(num)s", num=counts.get("cannot_do", 0)),
    }
    said = listed([words[kind] for kind in counts])
    # Translators: %(said)s is like “missed 4 and sent back 1”.
    return _("Of those: %(said)s.", said=said)


def _run(run: Run) -> dict[str, Any]:
    day = local_day(run.deadline_at, run.location.time_zone)
    return {"url": url_for("runs.run", run_id=run.id), "words": day, "id": run.id}


def _offer(offer: fix_notes.Offer, step: StepRun) -> dict[str, Any]:
    return {
        "sentence": offer_words(offer),
        "url": url_for("runs.fix", run_id=step.run_id, step_run_id=step.id),
        "take": offer.note.id,
    }


def offer_words(offer: fix_notes.Offer) -> str:
    """Return "At Northside, “door seal replaced” has held for 12 runs."."""
    return ngettext(
        "At %(location)s, “%(text)s” has held for %(num)s run.",
        "At %(location)s, “%(text)s” has held for %(num)s runs.",
        offer.note.clean_runs,
        location=offer.location,
        text=offer.note.text,
    )


def _where_to(row: Pattern, step: StepRun | None) -> str:
    if row.kind in ("repeated", "fix_failed") and step:
        return url_for("runs.run", run_id=step.run_id, _anchor=f"fix-{step.id}")
    if row.kind == "dark_device":
        return url_for("devices.devices")
    if row.kind == "drift":
        return url_for("processes.process", process_id=row.process_id)
    return url_for("processes.process_edit", process_id=row.process_id)
