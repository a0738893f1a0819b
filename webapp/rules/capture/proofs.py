"""The proof that suits a step, from the words of its title, and why."""

import re

from webapp.rules.capture.measures import Measure, measure_of
from webapp.rules.sentences import N_, say

_Suggestion = tuple[str, str, str]
_VISIBLE = (
    r"lock|clean|tidy|wipe|mop|sweep|wash|sanit\w+|disinfect|vacuum|empty|restock|stock"
    r"|photo(?:graph)?|picture|set up|open|close|display|bins?|trash|garbage|shel(?:f|ves)|fridges?"
    r"|tables?|toilets?|dust|polish|scrub|rubbish|dishes|rake|mow|weed|hoover|decorate|paint|install"
    r"|deliver\w*|grill|oven|floor|rinse"
)
# keywords, the proof that is suggested, why
_PROOFS: tuple[_Suggestion, ...] = (
    (r"take (?:an? )?(?:photo|picture)s?|photograph|snap (?:a )?(?:photo|picture)",
     "photo", N_("You said that a photo is taken, so the photo proves it.")),
    (r"temperatures?|temps?|readings?|meter|weigh\w*|measur\w+|level|degrees|pressure|chlorine",
     "number", N_("A reading is proven by the number itself, and a range can be checked at once.")),
    (r"counts?|tally|till|cash|float|inventory|stocktake|headcount",
     "number", N_("A count is proven by its number, which can be compared with the next one.")),
    (r"signs?(?: off)?|signature|signed|hand over|handover|sign-off|initial",
     "signature", N_("Agreement is proven by a signature.")),
    (r"scans?|qr|barcode|nfc|tag",
     "scan", N_("You said that a code is scanned, so the scan proves it.")),
    (r"for \d+ (?:minutes|mins?)|drill|flush|soak|preheat|warm up",
     "timed", N_("What matters is how long it took, so the start and the end are the proof.")),
    ((r"reconcil\w+|reports?|invoices?|payroll|statements?|ledger|books|month|export|back ?up"
     r"|roster|rota|certificate|tax(?:es)?|vat"),
     "file", N_("Paperwork is proven by the document that it produced.")),
    ((r"follow(?:s|ed)? up|call|phone|email|contact|meet|talk|visit|leads?|message|ask|chase"
     r"|greet|remind"),
     "note",
     N_("A conversation leaves nothing to photograph; a note says who was reached and what is"
        " next.")),
    (r"send|submit|order|notify|publish|post|announce|book|reply|answer",
     "note",
     N_("What was sent leaves nothing to photograph; a note says what went out and to whom.")),
    (r"gate|latch|patrol|rounds?|walk|extinguishers?|alarm|exits?",
     "scan", N_("A code scanned at the spot shows that somebody was there.")),
    (_VISIBLE, "photo", N_("The result can be seen, so a photo taken on the spot proves it.")),
)  # fmt: skip
# What names its proof, rather than work that one would suit: the first six of them.
_SAID = tuple(why for _keywords, _proof, why in _PROOFS[:6])
_RANGE_WHY = N_(
    "The words name a range, so the reading is the proof and is checked against it at once."
)


def said_in(title: str) -> str | None:
    """The kind of proof that the words of a step name themselves; None if only the work hints."""
    kind, why, _measure = suggested_proof(title)
    return kind if why == _RANGE_WHY or why in _SAID else None


def suggested_proof(title: str) -> tuple[str | None, str, Measure | None]:
    """The proof that suits a step, why, and the range named; None when no word points to one."""
    if measure := measure_of(title):
        return "number", _RANGE_WHY, measure
    for keywords, proof, why in _PROOFS:
        if re.search(rf"(?i)\b(?:{keywords})\b", title):
            return proof, why, None
    return None, say("Nothing in the words says what would prove it."), None
