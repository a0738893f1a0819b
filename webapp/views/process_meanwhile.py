"""The builder form of a process that was changed while the form stood open."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from flask import request

from webapp.context import session
from webapp.formats import listed
from webapp.models import Process
from webapp.problems import Problem
from webapp.rules.sentences import N_
from webapp.services import definitions
from webapp.services.definitions import ProcessDraft
from webapp.views import meanwhile_words, process_form
from webapp.views.identity import somebody
from webapp.views.process_form import Form
from webapp.views.process_form_merging import field_of, put_on_top, with_part
from webapp.views.process_form_reading import FormReader
from webapp.words import spoken

THEIRS = "theirs:"
RETIRED = N_("This process was retired meanwhile. Nothing is saved yet. Saving takes it up again.")


class Standing(NamedTuple):
    """Which versions a form knows of, by number; they travel with it as hidden fields.

    It was begun from `base` and holds what was changed up to `seen`. The two differ while it is
    to be decided what of both counts. `retired` is "yes" where it was said that it is retired.
    """

    base: int
    seen: int
    retired: str = ""

    @property
    def is_open(self) -> bool:
        """Whether something is to be decided yet."""
        return self.base != self.seen


@dataclass(frozen=True, slots=True)
class Joined:
    """What is in a form and where it stands: None where there is no process yet.

    `told` says what was put to it that others changed.
    """

    form: Form
    standing: Standing | None = None
    told: str = ""
    is_refused: bool = False

    def rearranged(self, action: str) -> "Joined":
        """Return the same after a button of the form."""
        return replace(self, form=process_form.rearranged(self.form, action))


def opened(process: Process) -> Joined:
    """Return the form filled from the current version."""
    now = _now(process)
    return Joined(_form(process, now.seen), now)


def sent(form: Form, process: Process | None) -> Joined:
    """Return the form as it was sent; one that names no version is taken for the current one's."""
    if process is None:
        return Joined(form)
    newest = process.version_number
    base = _number("base", newest, newest)
    retired = request.form.get("retired", "") if "base" in request.form else "yes"
    return Joined(form, Standing(base, _number("seen", base, newest), retired))


def join(typed: Joined, process: Process) -> Joined:
    """Put the form on top of what was changed meanwhile; nobody else saves until this request ends.

    Refused while both sides changed the same, or when it was retired: saving what the form then
    holds once more keeps it.
    """
    definitions.hold(session(), process)
    now, before = _now(process), typed.standing or _now(process)
    if now.retired and not before.retired:
        return replace(typed, standing=before._replace(retired=now.retired), is_refused=True)
    if before.seen == now.seen:
        return replace(typed, standing=now)
    base, current = (_form(process, number) for number in (before.seen, now.seen))
    merged, clashes = put_on_top(base, typed.form, current)
    if clashes:
        return Joined(merged, now._replace(base=before.seen), is_refused=True)
    since = definitions.since(session(), process, before.seen, now.seen)
    return Joined(merged, now, meanwhile_words.joined(_people(since), since.differences))


def with_theirs(typed: Joined, process: Process, action: str) -> Joined:
    """Return the form with what a clash is about as the version has it that the form has seen."""
    seen = (typed.standing or _now(process)).seen
    name = action.removeprefix(THEIRS)
    return replace(typed, form=with_part(typed.form, _form(process, seen), name))


def shown(joined: Joined, process: Process | None) -> dict[str, Any]:
    """Return what the page says of what is to be decided, and why nothing was saved."""
    if process is None or joined.standing is None or not joined.standing.is_open:
        return {"problem": _refused(RETIRED)} if joined.is_refused else {}
    base, seen, _retired = joined.standing
    since = definitions.since(session(), process, base, seen)
    clashes = list(_clashes(joined.form, process, joined.standing, since))
    told = meanwhile_words.title if clashes else meanwhile_words.settled
    title, differences = told(_people(since)), [*map(spoken, since.differences)]
    fields = {each["field"]: each["sentence"] for each in clashes}
    meanwhile = {"title": title, "clashes": clashes, "all": differences}
    return {"meanwhile": meanwhile, "problem": _refused(fields=fields) if clashes else None}


def _clashes(
    form: Form, process: Process, standing: Standing, since: definitions.Since
) -> Iterator[dict[str, str]]:
    """What both sides changed: its name, where it stands on the page, what the other made of it."""
    base, theirs = (_form(process, number) for number in (standing.base, standing.seen))
    for name in put_on_top(base, form, theirs)[1]:
        told = _told(process, base, with_part(base, theirs, name)) or since.differences
        sentence = meanwhile_words.clash(_people(since), "; ".join(map(spoken, told)))
        yield {"name": name, "field": field_of(form, name), "sentence": sentence}


def _refused(*detail: str, **more: Any) -> dict[str, Any]:
    return Problem("changed_meanwhile", *detail, **more).document()


def _now(process: Process) -> Standing:
    number = process.version_number
    return Standing(number, number, "yes" if process.retired_at else "")


def _number(name: str, default: int, newest: int) -> int:
    text = request.form.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    return number if 0 < number <= newest else default


def _form(process: Process, number: int) -> Form:
    return process_form.form_of(_draft(process, number))


def _draft(process: Process, number: int) -> ProcessDraft:
    return definitions.draft_of(definitions.version_of(session(), process, number))


def _told(process: Process, before: Form, after: Form) -> list[str]:
    """How two forms of the process differ; what the page does not show is alike in both."""
    hidden = definitions.draft_of(definitions.current_version(process))
    drafts = [FormReader(form, hidden).draft() for form in (before, after)]
    return definitions.told_apart(session(), process, *drafts)


def _people(since: definitions.Since) -> str:
    """Who changed it; "" when nobody but the asking person did."""
    others = since.people.keys() - {somebody().id}
    return listed([*since.people.values()]) if others else ""
