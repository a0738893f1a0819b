"""What the page of the builder form shows beside what was typed, whoever it belongs to."""

from typing import Any

from webapp.context import now
from webapp.models import ProcessVersion
from webapp.services.definitions import ProcessDraft
from webapp.services.definitions.preview import next_window
from webapp.views import process_dates, process_reaching
from webapp.views.process_form import Form
from webapp.views.process_form_names import where
from webapp.views.process_form_offers import offers
from webapp.views.process_form_reading import FormReader
from webapp.views.workplace import Workplace


def shown(
    form: Form, draft: ProcessDraft, workplace: Workplace, current: ProcessVersion | None = None
) -> dict[str, Any]:
    """Whom and where the form can name, and what follows from what it says."""
    return {
        "locations": [(place.id, place.name) for place in workplace.places],
        "people": [(person.id, person.name) for person in workplace.people],
        "typed": workplace.typed,
        "no_dates_for": _unread_words(form),
        "where": where,
        "offers": offers(form, workplace),
        **_ahead(form, draft, workplace, current),
    }


def _unread_words(form: Form) -> str:
    """Why the typed words of how often give no dates; "" where they do, or nothing is typed."""
    if form["cadence_kind"] != "words":
        return ""
    reader = FormReader(form)
    reader.draft()
    return reader.faults.get("cadence_text", "")


def _ahead(
    form: Form, draft: ProcessDraft, workplace: Workplace, current: ProcessVersion | None
) -> dict[str, Any]:
    """The next dates on the first chosen location's clock, and what fits their windows."""
    chosen = [place for place in workplace.places if place.id in form["location"]]
    if not chosen:
        return process_reaching.choices_of(form, draft, None) | {"dates": None}
    window = next_window(draft, chosen[0], now(), current)
    dates = process_dates.shown(draft, chosen, now(), current)
    return process_reaching.choices_of(form, draft, window) | {"dates": dates}
