"""A pattern as people read it: one sentence, its numbers, its chance, the runs, what to do next."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.formats import count, listed, local_day, quoted
from webapp.models import FixNote, Pattern, Person, Run, StepRun
from webapp.rules.patterns import one_in
from webapp.rules.patterns.chance import between
from webapp.rules.sentences import N_
from webapp.services import fix_notes
from webapp.words import gettext as _
from webapp.words import ngettext, translated

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


def shown(session: Session, rows: Sequence[Pattern]) -> list[dict[str, Any]]:
    """Return each pattern with all that the page shows of it."""
    known = _Known(session, rows)
    return [_shown(row, known) for row in rows]


def sentences(session: Session, rows: Sequence[Pattern]) -> list[str]:
    """Return the sentence of each pattern alone."""
    known = _Known(session, rows)
    return [known.sentence(row) for row in rows]


def chance_words(row: Pattern) -> str:
    """Say how often luck alone would show such a thing; a fact needs no luck."""
    if not row.chance:
        return ""
    months = count(one_in(row.chance))
    return _("By luck alone such a thing shows in at most 1 of %(months)s months.", months=months)


class _Known:
    """The names, notes and runs that these patterns speak of, each read once."""

    def __init__(self, session: Session, rows: Sequence[Pattern]) -> None:
        facts = [row.facts for row in rows]
        people = {each.get("first") for each in facts} | {
            who for each in facts for who in each.get("closers", {})
        }
        names = select(Person.id, Person.name).where(Person.id.in_(filter(None, people)))
        self.names: dict[str, str] = dict(iter(session.execute(names)))
        ids = [each["note"] for each in facts if "note" in each]
        notes = select(FixNote).join(FixNote.person).where(FixNote.id.in_(ids))
        notes = notes.where(Person.erased_at.is_(None))
        self.notes = {note.id: note for note in session.scalars(notes)} if ids else {}
        runs = select(Run).where(Run.id.in_([run for row in rows for run in row.runs]))
        self.runs = {run.id: run for run in session.scalars(runs).unique()}
        steps = [each["step_run"] for each in facts if "step_run" in each]
        failing = select(StepRun).where(StepRun.id.in_(steps))
        self.steps = {step.id: step for step in session.scalars(failing).unique()}
        self.offers = fix_notes.offers(session, self.steps.values())

    def sentence(self, row: Pattern) -> str:
        """The one sentence."""
        return SENTENCES[row.kind](row, self)

    def closed_by(self, row: Pattern) -> str:
        """Who then did what had failed, where it was mostly somebody else."""
        closers = row.facts.get("closers", {})
        who, times = next(iter(closers.items()), ("", 0))
        if row.kind != "repeated" or who == row.facts["first"] or 2 * times < row.times:
            return ""
        name = self.names.get(who, _("somebody"))
        return _("%(name)s then did it %(times)s times.", name=name, times=times)

    def said(self, row: Pattern) -> dict[str, str]:
        """What the sentences are filled with."""
        closers = [who for who in row.facts.get("closers", {}) if who != row.facts.get("first")]
        return {
            "process": row.process.name if row.process else "",
            "location": row.location.name if row.location else "",
            "person": row.person.name if row.person else "",
            "step": row.facts.get("title", ""),
            "first": self.names.get(row.facts.get("first", ""), _("somebody")),
            "other": self.names.get(closers[0], _("somebody")) if closers else _("somebody"),
            "times": count(row.times),
            "of": count(row.of),
        }


def _repeated(row: Pattern, known: _Known) -> str:
    return _(
        "“%(step)s” of %(process)s failed in %(times)s of the last %(of)s runs at %(location)s.",
        **known.said(row),
    )


def _fix_failed(row: Pattern, known: _Known) -> str:
    note = known.notes.get(row.facts["note"])
    return _(
        "A fix did not hold: “%(step)s” of %(process)s failed in %(times)s of %(of)s runs"
        " at %(location)s since “%(text)s”.",
        text=note.text if note else "…",
        **known.said(row),
    )


def _by_another(row: Pattern, known: _Known) -> str:
    return _(
        "%(first)s is responsible for “%(step)s” of %(process)s at %(location)s, but %(other)s"
        " or another did it in %(times)s of the last %(of)s runs.",
        **known.said(row),
    )


def _at_deadline(row: Pattern, known: _Known) -> str:
    return _(
        "“%(step)s” of %(process)s at %(location)s closed at the last moment in %(times)s of the"
        " last %(of)s runs.",
        **known.said(row),
    )


def _drift(row: Pattern, known: _Known) -> str:
    elsewhere, of_those = row.facts["others"]
    return _(
        "%(process)s fails more often at %(location)s than elsewhere: in %(times)s of its last"
        " %(of)s runs, elsewhere in %(others)s of %(of_those)s.",
        others=count(elsewhere),
        of_those=count(of_those),
        **known.said(row),
    )


def _one_person(row: Pattern, known: _Known) -> str:
    if row.facts["why"] == "alone":
        return _(
            "Hardly anybody but %(first)s does %(process)s at %(location)s: %(first)s alone did"
            " %(times)s of the last %(of)s runs.",
            **known.said(row),
        )
    failed, of_those = row.facts["others"]
    return _(
        "%(process)s at %(location)s fails without %(first)s: in %(times)s of %(of)s runs when"
        " they were away, with them in %(others)s of %(of_those)s.",
        others=count(failed),
        of_those=count(of_those),
        **known.said(row),
    )


def _dark_device(row: Pattern, known: _Known) -> str:
    return _(
        "The phone of %(person)s was dark on %(times)s of the last %(of)s days on which steps"
        " were theirs.",
        **known.said(row),
    )


def _no_proof(row: Pattern, known: _Known) -> str:
    return _(
        "%(process)s ran %(times)s times, and nothing but taps shows that it was done.",
        **known.said(row),
    )


SENTENCES = {
    "fix_failed": _fix_failed,
    "repeated": _repeated,
    "drift": _drift,
    "by_another": _by_another,
    "one_person": _one_person,
    "at_deadline": _at_deadline,
    "dark_device": _dark_device,
    "no_proof": _no_proof,
}


def _shown(row: Pattern, known: _Known) -> dict[str, Any]:
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
        "noted_at": row.noted_at,
        "row": row,
    }


def _evidence(row: Pattern, known: _Known) -> list[str]:
    """The numbers beside the sentence: how it failed, the others, how sure so few runs are."""
    found = [_how(row.facts.get("how", {})), known.closed_by(row)]
    if row.kind in ("repeated", "fix_failed") and row.facts["others"][1]:
        times, of = row.facts["others"]
        found.append(_("At the other locations: %(times)s of %(of)s.", times=times, of=of))
    if row.facts.get("also"):
        also = listed([quoted(title) for title in row.facts["also"]])
        found.append(_("The same is so of %(also)s.", also=also))
    if row.chance and row.of < MANY:
        found.append(_roughly(row))
    return [words for words in found if words]


def _roughly(row: Pattern) -> str:
    low, high = (round(100 * share) for share in between(row.times, row.of))
    return ngettext(
        "%(num)s is a small number: the true share lies between %(low)s and %(high)s of 100.",
        "%(num)s are a small number: the true share lies between %(low)s and %(high)s of 100.",
        row.of,
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
