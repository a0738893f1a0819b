"""What the draft that fills the form of a new process left open."""

from flask import request

from webapp.rules.capture import CaptureError, Draft, capture, first_draft
from webapp.views import kept_drafts
from webapp.views.identity import somebody
from webapp.views.packed_draft import unpack
from webapp.views.workplace import of_person
from webapp.words import gettext as _


def left_open() -> list[str]:
    """What the draft in the address left open; asked until the process is saved."""
    if kept := kept_drafts.asked_for(somebody()):
        return kept["questions"]
    if draft := unpack(request.args.get("draft", "")):
        return [*draft["questions"], *_unknown(draft)]
    try:
        sentence = request.args.get("sentence", "")
        draft, others = first_draft(sentence), capture(sentence)["drafts"][1:]
    except CaptureError:
        return []
    return [*draft["questions"], *_unknown(draft), *(_apart(sentence, each) for each in others)]


def _apart(sentence: str, other: Draft) -> str:
    """What else the words tell of, which this form does not hold."""
    name = other["name"] or sentence[other["start"] : other["end"]]
    return _("“%(name)s” is a process of its own. Make it after this one.", name=name)


def _unknown(draft: Draft) -> list[str]:
    """Whom the draft names and the form cannot."""
    named = dict.fromkeys((draft["responsible"], draft["backup"], draft["fallback"]))
    workplace = of_person(somebody())
    return [
        _("“%(name)s” is nobody here, or could be several. Choose or invite somebody.", name=name)
        for name in named
        if name and not workplace.named(name)
    ]
