"""What the builder says of a form that somebody else's change overtook; "" is another window."""

from collections.abc import Sequence

from webapp.words import gettext as _
from webapp.words import ngettext, spoken

# A cookie carries the sentence to the next page.
MOST_TOLD = 400


def title(people: str) -> str:
    """The heading of a form that is not saved for what both sides changed."""
    if not people:
        return _("You changed this meanwhile in another window. Nothing is saved yet.")
    return _("%(people)s changed this meanwhile. Nothing is saved yet.", people=people)


def settled(people: str) -> str:
    """The heading of a form in which nothing clashes any more."""
    if not people:
        return _("What you changed in another window is in the form now. Nothing is saved yet.")
    return _("What %(people)s changed is in the form now. Nothing is saved yet.", people=people)


def clash(people: str, what: str) -> str:
    """What the other side made of one thing that both changed."""
    if not people:
        return _("Changed meanwhile in another window. %(what)s.", what=what)
    return _("Changed meanwhile by %(people)s. %(what)s.", people=people, what=what)


def joined(people: str, differences: Sequence[str]) -> str:
    """The one sentence that says what was put together; whole differences, the first ones."""
    what = _in_short([spoken(each) for each in differences])
    if not people:
        return _(
            "This holds what you changed meanwhile in another window, too: %(what)s.", what=what
        )
    return _(
        "This holds what %(people)s changed meanwhile, too: %(what)s.", people=people, what=what
    )


def _in_short(words: list[str]) -> str:
    told = words[:1]
    for each in words[1:]:
        if len("; ".join([*told, each])) > MOST_TOLD:
            break
        told.append(each)
    text, more = "; ".join(told)[: 2 * MOST_TOLD], len(words) - len(told)
    if not more:
        return text
    return ngettext(
        "%(what)s; and %(num)s more change", "%(what)s; and %(num)s more changes", more, what=text
    )
