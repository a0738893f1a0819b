"""A visitor's draft that was changed in another window while its form stood open.

A draft has no versions: the form carries what it was begun from itself, in a hidden field.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from flask import session as cookie
from pydantic import ConfigDict, ValidationError, create_model

from webapp.models import Sandbox
from webapp.models.process import REVIEW_POLICIES, WORDINGS
from webapp.problems import Problem
from webapp.rules.later import CONDITIONS
from webapp.rules.proof_gate import KINDS
from webapp.rules.sentences import say
from webapp.services.definitions.words import differences
from webapp.services.sandboxes import KeptDraft
from webapp.views import meanwhile_words, process_form, visitor
from webapp.views.process_form import SINGLE, Form
from webapp.views.process_form_merging import ZONE, field_of, put_on_top, with_part
from webapp.views.process_form_reading import FormReader
from webapp.words import spoken

THEIRS = "theirs:"
_TOLD = "draft_told"
_FIELDS: dict[str, Any] = {
    **dict.fromkeys((*SINGLE, ZONE), (str, "")),
    **dict.fromkeys(("location", "weekday"), (list[str], [])),
    "steps": (list[dict[str, str]], []),
}
_FORM = create_model("_FORM", __config__=ConfigDict(coerce_numbers_to_str=True), **_FIELDS)


@dataclass(frozen=True, slots=True)
class Joined:
    """What is in a form, what it was begun from, and the state whose changes it holds.

    `base` and `seen` differ while it is to be decided what counts. `told` says what was put to it.
    """

    form: Form
    base: Form
    seen: Form
    told: str = ""

    @property
    def is_open(self) -> bool:
        """Whether something is to be decided yet."""
        return self.base != self.seen


def opened(sandbox: Sandbox, kept: KeptDraft) -> Joined:
    """Return the form filled from the draft as it is kept."""
    now = _now(sandbox, kept)
    return Joined(process_form.kept(kept["form"]), now, now)


def sent(sandbox: Sandbox, kept: KeptDraft, action: str) -> Joined:
    """Return the form as it was sent, after its button; without a base it is what is kept now."""
    now = _now(sandbox, kept)
    base = _read("base") or now
    seen = _read("seen") or base
    form = process_form.typed(request.form) | {ZONE: request.form.get(ZONE, "")}
    form["location"] = seen["location"]
    if action.startswith(THEIRS):
        return Joined(with_part(form, seen, action.removeprefix(THEIRS)), base, seen)
    return Joined(process_form.rearranged(form, action), base, seen)


def join(typed: Joined, sandbox: Sandbox, kept: KeptDraft) -> Joined:
    """Put the form on top of what is kept by now; `is_open` where both windows changed the same."""
    now = _now(sandbox, kept)
    if typed.seen == now:
        return replace(typed, base=now)
    merged, clashes = put_on_top(typed.seen, typed.form, now)
    if clashes:
        return Joined(merged, typed.seen, now)
    return Joined(merged, now, now, meanwhile_words.joined("", _told(typed.seen, now)))


def shown(joined: Joined) -> dict[str, Any]:
    """Return what the page says of what is to be decided, and what travels with its form."""
    standing = {
        "base": _written(joined.base),
        "seen": _written(joined.seen) if joined.is_open else "",
    }
    if not joined.is_open:
        return {"standing": standing, "joined": joined.told}
    clashes = list(_clashes(joined))
    title = meanwhile_words.title("") if clashes else meanwhile_words.settled("")
    everything = [*map(spoken, _told(joined.base, joined.seen))]
    fields = {each["field"]: each["sentence"] for each in clashes}
    problem = Problem("changed_meanwhile", fields=fields).document() if clashes else None
    meanwhile = {"title": title, "clashes": clashes, "all": everything}
    return {"standing": standing, "meanwhile": meanwhile, "problem": problem}


def tell(kept: KeptDraft, words: str) -> None:
    """Let the page of drafts say once what was put together in this one."""
    if words:
        cookie[_TOLD] = {"draft": kept["id"], "words": words}


def once() -> dict[str, str]:
    """Return what is to be said, by the id of its draft, and forget it."""
    said = cookie.pop(_TOLD, None)
    return {said["draft"]: said["words"]} if said else {}


def _clashes(joined: Joined) -> Iterator[dict[str, str]]:
    for name in put_on_top(joined.base, joined.form, joined.seen)[1]:
        told = _told(joined.base, with_part(joined.base, joined.seen, name))
        told = told or _told(joined.base, joined.seen)
        sentence = meanwhile_words.clash("", "; ".join(map(spoken, told)))
        yield {"name": name, "field": field_of(joined.form, name), "sentence": sentence}


def _now(sandbox: Sandbox, kept: KeptDraft) -> Form:
    """What is kept now, as a form carries it: the time zone is that of all drafts."""
    return _plain(_FORM.model_validate(kept["form"] | {ZONE: sandbox.content["zone"]}))


def _plain(found: Any) -> Form:
    return process_form.kept(found.model_dump())


def _written(form: Form) -> str:
    return json.dumps(form, ensure_ascii=False, separators=(",", ":"))


def _read(name: str) -> Form | None:
    try:
        return _plain(_FORM.model_validate_json(request.form.get(name, "")))
    except ValidationError:
        return None


def _told(before: Form, after: Form) -> list[str]:
    """How two states of the draft differ, in words."""
    forms = before, after
    names = {form[part]: form[part] for form in forms for part in visitor.NAMED}
    drafts = [FormReader(_known(form)).draft() for form in forms]
    told = differences(drafts[0], drafts[1], names | {visitor.HERE: visitor.here()})
    if before[ZONE] == after[ZONE]:
        return told
    new, old = (form[ZONE] or say("none") for form in (after, before))
    fact = say("Time zone of your place")
    return [*told, say("%(fact)s: %(new)s, was %(old)s", fact=fact, new=new, old=old)]


def _known(form: Form) -> Form:
    """The form with choices that there are: what is sent may be anything."""
    of_step = {"proof": KINDS, "wording": WORDINGS, "only_if": CONDITIONS}
    steps = [_chosen(step, of_step) | {"key": key} for key, step in _by_key(form).items()]
    place = {"location": [visitor.HERE] if form["location"] else [], "steps": steps}
    return _chosen(form, {"review": REVIEW_POLICIES, "wording": WORDINGS}) | place


def _chosen(parts: Form, known: dict[str, tuple[str, ...]]) -> Form:
    instead = {"proof": "photo"}
    return parts | {
        name: parts[name] if parts[name] in choices else instead.get(name, "")
        for name, choices in known.items()
    }


def _by_key(form: Form) -> dict[str, Form]:
    """The steps by key; one that has none yet by its number."""
    return {step["key"] or str(number): step for number, step in enumerate(form["steps"])}
