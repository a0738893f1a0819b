"""What the page of the builder form shows beside what was typed, whoever it belongs to."""

from typing import Any

from webapp.context import now
from webapp.formats import day
from webapp.models import ProcessVersion
from webapp.services.definitions import ProcessDraft
from webapp.services.definitions.preview import next_deadlines, next_window
from webapp.views import process_reaching
from webapp.views.process_form import Form
from webapp.views.workplace import Workplace
from webapp.words import gettext as _


def shown(
    form: Form, draft: ProcessDraft, workplace: Workplace, current: ProcessVersion | None = None
) -> dict[str, Any]:
    """Whom and where the form can name, and what follows from what it says."""
    return {
        "locations": [(place.id, place.name) for place in workplace.places],
        "people": [(person.id, person.name) for person in workplace.people],
        "typed": workplace.typed,
        **_ahead(form, draft, workplace, current),
    }


def _ahead(
    form: Form, draft: ProcessDraft, workplace: Workplace, current: ProcessVersion | None
) -> dict[str, Any]:
    """The next deadlines on the first chosen location's clock, and what fits their windows."""
    chosen = [place for place in workplace.places if place.id in form["location"]]
    if not chosen:
        return process_reaching.choices_of(form, draft, None) | {"next_dates": []}
    due = next_deadlines(draft, chosen[0], now(), current)
    window = next_window(draft, chosen[0], now(), current)
    dates = [
        # Translators: a day with its year, and a time.
        _("%(day)s, %(time)s", day=day(each.date(), year=True), time=f"{each:%H:%M}")
        for each in due
    ]
    return process_reaching.choices_of(form, draft, window) | {"next_dates": dates}
