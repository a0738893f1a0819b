"""A proof for each step, suggested by its words, and why: always to be changed by whoever knows."""

import re

from webapp.rules.sentences import N_

_KINDS = (
    # what the words say, the proof, why
    (r"sign(?:s|ed)?(?:[ -]?off)?|approv\w+|hand ?over|countersign\w*", "signature",
     N_("Agreement is proven by a signature.")),
    (r"temperatures?|temps?|readings?|meter|weigh\w*|measur\w+|level|ph", "number",
     N_("A reading is proven by the number itself, and a range can be checked at once.")),
    (r"count(?:s|ing)?|tally|till|cash|balances?|amount|mileage|how many|stock ?take|inventory",
     "number", N_("A count is proven by its number, which can be compared with the next one.")),
    ((r"reconcil\w+|reports?|invoic\w+|export\w*|statements?|back-?ups?|payroll|ledger|contracts?"
     r"|minutes|spreadsheet|document|pdf|certificates?|timesheets?"), "file",
     N_("Paperwork is proven by the document that it produced.")),
    ((r"post(?:s|ed)?|publish\w*|newsletters?|tweet\w*|blog|website|web page|landing page"
     r"|update (?:the )?(?:page|site)|upload\w*|deploy\w*|release\w*"), "note",
     N_("What went online is proven by its address: paste the link into the note.")),
    ((r"follow(?:s|ed)?[ -]?up|call|phone|e-?mails?|contact|meet(?:ing)?|talk|visit|leads?|ask"
     r"|remind|reply|interview|discuss"), "note",
     N_("A conversation leaves nothing to photograph; a note says who was reached and what is"
        " next.")),
    (r"for \d+ min(?:ute)?s?|drill|flush|soak|timer", "timed",
     N_("What matters is how long it took, so the start and the end are the proof.")),
    (r"gate|latch|patrol|rounds", "scan",
     N_("A code scanned at the spot shows that somebody was there.")),
    ((r"clean\w*|check(?:s|ed|ing)?|fridges?|freezers?|open(?:s|ing)?|clos(?:e|es|ing)|deliver\w*"
     r"|install\w*|tidy|wipe|mop|sweep|wash|sanit\w+|disinfect\w*|vacuum|hoover|empty|restock"
     r"|stock|photo|picture|set ?up|bins?|trash|rubbish|shel(?:f|ves)|tables?|toilets?|bathrooms?"
     r"|kitchen|floors?|display|lock|water|plants|inspect\w*|lights?|doors?|windows?"), "photo",
     N_("The result can be seen, so a photo taken on the spot proves it.")),
)  # fmt: skip
_REVIEW = re.compile(r"(?i)\breview(?:s|ed|ing)?\b")
_PATTERNS = tuple((re.compile(rf"(?i)\b(?:{words})\b"), proof, why) for words, proof, why in _KINDS)
FILES = N_("Earlier occurrences had files attached, so the file proves it.")
PLAIN = N_("Nothing in the words says what would prove it; a note says how it went.")


def suggested(title: str, *, had_files: bool = False) -> tuple[str, str]:
    """The proof that suits a step, and why."""
    for pattern, proof, why in _PATTERNS:
        if pattern.search(title):
            return proof, why
    if _REVIEW.search(title):
        return "signature", N_("A review is proven by the signature of whoever did it.")
    return ("file", FILES) if had_files else ("note", PLAIN)
