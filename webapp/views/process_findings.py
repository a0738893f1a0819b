"""What chain lint says of the builder form: what is missing yet, what is wrong, what may slip."""

from collections.abc import Callable
from typing import Any

from webapp.context import now, session
from webapp.models import Process
from webapp.rules.lint_facts import Finding
from webapp.services.definitions import ProcessDraft, lint
from webapp.views import lint_words
from webapp.views.identity import somebody
from webapp.views.process_form import Form, text_of
from webapp.views.process_form_reading import FormReader

Rows = list[dict[str, Any]]


def shown(
    form: Form, reader: FormReader, draft: ProcessDraft, process: Process | None
) -> dict[str, Rows]:
    """The findings of a form of this organisation, in three parts."""
    found = lint.findings(session(), somebody().org_id, draft, now(), process)
    return parted(form, reader.faults, found, reader.field_of)


def parted(
    form: Form, faults: dict[str, str], found: list[Finding], field_of: Callable[[str], str]
) -> dict[str, Rows]:
    """Findings in three parts: an empty field is missing, not wrong. `faults` were not readable."""
    rows = lint_words.shown(found, field_of)
    read = [_as_read(row, faults) for row in rows]
    read += _unread(faults.keys() - {row["field"] for row in rows}, faults)
    errors = [row for row in read if row["severity"] == lint.ERROR]
    return {
        "missing": [row for row in errors if not text_of(form, row["field"])],
        "wrong": [row for row in errors if text_of(form, row["field"])],
        "look": [row for row in read if row["severity"] == lint.WARNING],
    }


def _as_read(row: dict[str, Any], faults: dict[str, str]) -> dict[str, Any]:
    """What cannot be read at a field is told rather than that nothing was read there."""
    is_error = row["severity"] == lint.ERROR
    return row | {"sentence": faults.get(row["field"], row["sentence"])} if is_error else row


def _unread(fields: set[str], faults: dict[str, str]) -> Rows:
    return lint_words.shown(
        Finding("not_valid", field, faults[field], severity=lint.ERROR) for field in sorted(fields)
    )
