"""What a text says of the proof itself ("takes a photo", "with a signature"), which is no work."""

import re

from webapp.rules.capture.measures import Measure, measure_of
from webapp.rules.capture.proofs import said_in, suggested_proof
from webapp.rules.sentences import say

_A = r"(?:(?:an?|the|one|his|her|their) )?(?:quick |short |clear |brief )?"
_PHOTO = rf"{_A}(?:photo(?:graph)?|picture|pic|snapshot)s?"
_IS_TAKEN = rf"{_PHOTO} (?:is|are|gets?|must be|has to be|should be) (?:taken|made|added|sent)"
_SIGNATURE = rf"{_A}signature"
_NOTE = rf"{_A}notes?"
# "it must be signed", "needs a photo", "signature required"
_MUST = (
    r"(?:(?:it|this|that|they|these|both|all|each|everything) )?(?:(?:must|should|has to|have to"
    r"|needs? to|is to|are to) )?(?:always |also )?"
)
_NEEDS = rf"{_MUST}(?:needs?|requires?|have|has|wants?)"
_IS_NEEDED = r"(?: (?:is|are))?(?: always| also)? (?:required|needed|mandatory|a must)"
_SHOWN = r"(?:documented|proven|proved|shown|confirmed|recorded) (?:with|by|in) "
_REQUIRED = {
    "photo": (
        rf"{_MUST}be (?:{_SHOWN}{_PHOTO}|photographed)|{_NEEDS} {_PHOTO}|{_PHOTO}{_IS_NEEDED}"
    ),
    "signature": (
        rf"{_MUST}be (?:{_SHOWN}{_SIGNATURE}|signed(?: off)?(?: for)?)|{_NEEDS} (?:{_SIGNATURE}"
        rf"|signing(?: off)?|signed(?: off)?)|{_SIGNATURE}{_IS_NEEDED}"
    ),
    "note": rf"{_NEEDS} {_NOTE}|{_NOTE}{_IS_NEEDED}",
}
_READ = (
    r"(?:temperatures?|temps?|readings?|numbers?|counts?|levels?|pressure|weights?|totals?|values?"
    r"|amounts?|figures?|result)"
)
_IN_RANGE = rf"(?:(?:(?:the|its|their) )?{_READ} )?{_MUST}(?:be|stay|read|remain|show|keep) "
_GIVES = r"(?:takes?|sends?|attach(?:es)?|adds?|uploads?|snaps?|makes?|posts?|gives?|shoots?)"
_OF_IT = (
    r"(?:,? (?:of (?:it|that|this|them|the result)|for it|about it|as (?:a )?proof|afterwards?"
    r"|after that|at the end|when done|in))*"
)
# Each kind of proof with the words that ask for it and for nothing else.
_KINDS = (
    ("photo", rf"{_GIVES} (?:in )?{_PHOTO}|photographs? (?:it|them)|{_IS_TAKEN}|{_PHOTO}"),
    ("signature",
     rf"(?:adds?|gives?|leaves?) {_SIGNATURE}|signs?(?: (?:for )?it| them)?(?: off)?|{_SIGNATURE}"),
    ("note", rf"(?:leaves?|writes?|adds?|makes?|takes?) {_NOTE}|{_NOTE}"),
    ("number",
     (r"(?:writes? down|notes?(?: down)?|jots? down|puts? down|records?|logs?|enters?|reads? off)"
     rf" (?:the|its|their) {_READ}")),
)  # fmt: skip
_PROVES = r"(?:(?:proves?|documents?|shows?|confirms?) (?:it|this|that) (?:with|by) )?"
_OF_A_THING = re.compile(r"(?i) (?:of|for|from) (?:the|its|his|her|our) (?P<thing>[\w’' -]{2,40})$")
_BARE = rf"(?:{_PHOTO}|{_SIGNATURE}|{_NOTE})"
_WITH = re.compile(
    rf"(?i)(?:\s+(?:with|plus|by)|\s*[,(]\s*(?:with )?|\s+[–—-]\s+)\s*(?P<bare>{_BARE}"
    rf"(?:(?:,| and| plus| &)+ {_BARE})*)(?:{_IS_NEEDED})?(?: as (?:a )?proof)?\)?\s*$"
)
# "no photo needed", "without a photo", "does not need a signature"
_PROOF = r"(?:photo(?:graph)?|picture|pic|snapshot|signature|note)s?"
_REFUSED = re.compile(
    rf"(?i)\b(?:(?:no|without(?: an?)?) {_PROOF}|{_PROOF} (?:(?:is|are) )?(?:not|never) (?:required"
    rf"|needed|necessary)|(?:not|never|doesn['’]t|don['’]t) (?:needs?|requires?|have to have)"
    rf"(?: an?| any)? {_PROOF})\b"
)
_TITLES = {"photo": "Take a photo", "signature": "Sign", "note": "Write a note"}


def kind_of(words: str) -> str | None:
    """The kind of proof that these words ask for; None if they ask for anything else too."""
    said = words.strip(" .,;:!()")
    measure = measure_of(said)
    if measure and re.match(rf"(?i){_IN_RANGE}", said):
        return "number"
    for kind, pattern in _KINDS:
        ends = r"(?:\W.*)?" if kind == "number" and measure else _OF_IT
        if re.fullmatch(rf"(?i){_PROVES}(?:{pattern}){ends}", said):
            return kind
    return None


def begins_proof(words: str) -> bool:
    """Do the words begin with "a photo is taken" or "must be below 5", and with nobody's work?"""
    if re.match(rf"(?i){_IN_RANGE}", words) and measure_of(words):
        return True
    return bool(re.match(rf"(?i){_IS_TAKEN}\b", words) or required(words))


def is_range_of(words: str, proof: str) -> bool:
    """Do the words only say in which range a reading lies that was asked for before?"""
    return kind_of(proof) == kind_of(words) == "number" and not measure_of(proof)


def refused(words: str) -> bool:
    """Do the words say which proof is not wanted?"""
    return bool(_REFUSED.search(words))


def required(words: str) -> str | None:
    """The title of the proof that these words only demand ("must be signed" gives "Sign")."""
    said = words.strip(" .,;:!()")
    return next(
        (
            _TITLES[kind]
            for kind, pattern in _REQUIRED.items()
            if re.fullmatch(rf"(?i)(?:{pattern}){_OF_IT}", said)
        ),
        None,
    )


def proves(words: str, step: str) -> bool:
    """Are these words the proof of that step, whose own words ask for no other?"""
    if refused(words) and words.count(" ") < 6:
        return True
    thing = _OF_A_THING.search(words)
    is_its_thing = thing and re.search(rf"(?i)\b{re.escape(thing['thing'])}\b", step)
    kind = kind_of(words[: thing.start()] if thing and is_its_thing else words)
    own = said_in(step)
    return kind is not None and (own is None or own == kind)


def proof_told(words: str) -> tuple[str | None, str, Measure | None]:
    """The kind of proof that such words ask for, why, and the range if they name one."""
    if refused(words):
        return None, say("Nothing in the words says what would prove it."), None
    kind = kind_of(_OF_A_THING.sub("", words))
    if kind == "note":
        return kind, say("You said that a note is written, so the note proves it."), None
    _suggested, why, measure = suggested_proof(_TITLES.get(kind or "", words))
    return kind, why, measure


def apart(piece: str) -> list[str]:
    """A piece of work, and the proofs that stand behind it ("… with a photo and a signature")."""
    found = _WITH.search(piece)
    if not found or kind_of(piece) or required(piece) or not piece[: found.start()].strip():
        return [piece]
    named = re.split(r"(?i)(?:,| and| plus| &)+ ", found["bare"])
    return [piece[: found.start()], *(_TITLES[kind] for each in named if (kind := kind_of(each)))]
