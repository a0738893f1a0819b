"""A pattern as one sentence, for its page, the week and the digest."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import FixNote, Pattern, Person, Run, StepRun
from webapp.services import fix_notes
from webapp.words import count
from webapp.words import gettext as _


def sentences(session: Session, rows: Sequence[Pattern]) -> list[str]:
    """Return the sentence of each pattern alone."""
    known = Known(session, rows)
    return [known.sentence(row) for row in rows]


class Known:
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


def _repeated(row: Pattern, known: Known) -> str:
    return _(
        "“%(step)s” of %(process)s failed in %(times)s of the last %(of)s runs at %(location)s.",
        **known.said(row),
    )


def _fix_failed(row: Pattern, known: Known) -> str:
    note = known.notes.get(row.facts["note"])
    return _(
        "The fix “%(text)s” did not hold: “%(step)s” of %(process)s failed in %(times)s of"
        " %(of)s runs at %(location)s since.",
        text=note.text if note else "…",
        **known.said(row),
    )


def _by_another(row: Pattern, known: Known) -> str:
    return _(
        "%(first)s is responsible for “%(step)s” of %(process)s at %(location)s, but %(other)s"
        " or another did it in %(times)s of the last %(of)s runs.",
        **known.said(row),
    )


def _at_deadline(row: Pattern, known: Known) -> str:
    return _(
        "“%(step)s” of %(process)s at %(location)s closed at the last moment in %(times)s of the"
        " last %(of)s runs.",
        **known.said(row),
    )


def _drift(row: Pattern, known: Known) -> str:
    elsewhere, of_those = row.facts["others"]
    return _(
        "%(process)s fails more often at %(location)s than elsewhere: in %(times)s of its last"
        " %(of)s runs, elsewhere in %(others)s of %(of_those)s.",
        others=count(elsewhere),
        of_those=count(of_those),
        **known.said(row),
    )


def _one_person(row: Pattern, known: Known) -> str:
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


def _dark_device(row: Pattern, known: Known) -> str:
    return _(
        "The phone of %(person)s was dark on %(times)s of the last %(of)s days on which steps"
        " were theirs.",
        **known.said(row),
    )


def _no_proof(row: Pattern, known: Known) -> str:
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
