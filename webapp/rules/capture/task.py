"""What is to be done, in a captured sentence: imperative step titles, and a proof for each."""

import re

_VERB_WORDS = """
add answer arrange ask assign audit back book bring brush call carry cash change check clean
clear close collect complete confirm contact cook count cover cut defrost deliver deposit
disinfect do drain dry email empty enter fill file find finish fix flush fold follow get
give go hand have hold hoover inspect invoice label lay lead lock log look make measure meet
mop move note notify open order organise organize pack pay phone pick plan post prepare prep
print process pull put read reconcile record refill replace reply report reset restart restock
review rinse rotate run sanitise sanitize scan schedule send serve set sharpen shut sign stack
start stock store submit sweep switch take talk tally test throw tidy top track train turn
unlock unpack update vacuum validate verify visit walk wash water weigh wipe write
"""
_VERBS = frozenset(_VERB_WORDS.split())
_IRREGULAR = {"has": "have", "does": "do", "goes": "go"}
_FILLER = re.compile(
    r"(?i)^(?:(?:please|then|and|also|make sure (?:to|that)|remember to|don['’]t forget to"
    r"|needs? to|has to|have to|must|should|to|we|i)\b,?\s*)+"
)
_JOINT = re.compile(r"(\s*(?:,\s*(?:and |then )*|;|\band then\b|\band\b|\bthen\b)\s+)")
_NO_TASK = ("every", "each", "on", "at", "in", "by", "before", "it", "the")
_LONGEST_TITLE = 120
_VISIBLE = (
    r"lock|clean|tidy|wipe|mop|sweep|wash|sanit\w+|disinfect|vacuum|empty|restock|stock|photo"
    r"|picture|set up|open|close|display|bins?|trash|shel(?:f|ves)|fridges?|tables?|toilets?"
)
_PROOFS = (
    # keywords, the proof that is suggested, why
    (r"temperatures?|temps?|readings?|meter|weigh\w*|measur\w+|level", "number",
     "A reading is proven by the number itself, and a range can be checked at once."),
    (r"counts?|tally|till|cash", "number",
     "A count is proven by its number, which can be compared with the next one."),
    (r"reconcil\w+|reports?|invoices?|payroll|statements?|ledger|books|month", "file",
     "Paperwork is proven by the document that it produced."),
    (r"follow(?:s|ed)? up|call|phone|email|contact|meet|talk|visit|leads?", "note",
     "A conversation leaves nothing to photograph; a note says who was reached and what is next."),
    (r"gate|latch|patrol|rounds?|walk", "scan",
     "A code scanned at the spot shows that somebody was there."),
    (r"sign(?:s|ed)?(?: off)?|hand over", "signature", "Agreement is proven by a signature."),
    (r"for \d+ minutes|drill|flush|soak", "timed",
     "What matters is how long it took, so the start and the end are the proof."),
    (_VISIBLE, "photo", "The result can be seen, so a photo taken on the spot proves it."),
)  # fmt: skip


def base_verb(word: str) -> str | None:
    """The base of a known verb in the third person ("reconciles" gives "reconcile")."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    bases = (word[:-1], word[:-2], f"{word[:-3]}y" if word.endswith("ies") else "")
    return next((base for base in bases if word.endswith("s") and base in _VERBS), None)


def is_verb(word: str) -> bool:
    """Is the word the base of a verb of work, as at the start of an instruction?"""
    return word.lower() in _VERBS


def step_titles(task: str) -> list[str]:
    """Instructions in the imperative; a second verb after "and" or a comma begins a new step."""
    first, *others = _JOINT.split(task)
    pieces = [first]
    for joint, piece in zip(others[::2], others[1::2], strict=True):
        word = piece.partition(" ")[0].lower()
        if " " in piece and (is_verb(word) or base_verb(word)):
            pieces.append(piece)
        else:
            pieces[-1] += joint + piece
    return [title for piece in pieces if (title := _title(piece))]


def _title(piece: str) -> str:
    words = _FILLER.sub("", piece.strip(" .,;:–—-()"))[:_LONGEST_TITLE]
    if words.lower() in _NO_TASK:
        return ""
    first, space, rest = words.partition(" ")
    verb = (base_verb(first.lower()) if rest else None) or first
    return f"{verb[:1].upper()}{verb[1:]}{space}{rest}".strip(" .,;:–—-(")


def suggested_proof(title: str) -> tuple[str | None, str]:
    """The proof that suits a step, and why; None when no word of the title points to one."""
    for keywords, proof, why in _PROOFS:
        if re.search(rf"(?i)\b(?:{keywords})\b", title):
            return proof, why
    return None, "Nothing in the words says what would prove it."
