"""Rehearsals: "what if nobody does it?", played for the days to come.

Occurrences come from the rules of cadence, as for planning; what becomes of each comes from the
rules of holding, as for the engine. Nothing is written.

Without a database, for whoever has no account yet, call `of_plain_draft`:

    of_plain_draft(draft, people, places, owner, now, days) -> Rehearsal

`draft` is a `ProcessDraft` whose chain names keys of `people` (plain `Someone`) and whose locations
are keys of `places` (plain `Place`); `owner` is the key of the last of the chain. It raises
"process_not_valid" with a sentence for each field that must be mended before it can be played.
"""

from webapp.rules.course import Course, Moment, Someone
from webapp.services.places import Place
from webapp.services.rehearsals.as_json import as_json
from webapp.services.rehearsals.gathering import of_draft, of_organisation, of_process
from webapp.services.rehearsals.plain import (
    DAYS,
    MOST_DAYS,
    Rehearsal,
    Rehearsed,
    of_plain_draft,
)

__all__ = [
    "DAYS",
    "MOST_DAYS",
    "Course",
    "Moment",
    "Place",
    "Rehearsal",
    "Rehearsed",
    "Someone",
    "as_json",
    "of_draft",
    "of_organisation",
    "of_plain_draft",
    "of_process",
]
