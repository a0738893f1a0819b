"""The forms in which people are named: as responsible, as backup, as final fallback."""

import re

from webapp.rules.capture.feasts import FEAST_WORDS
from webapp.rules.capture.reading import MARK, TAKEN
from webapp.rules.capture.verbs import is_verb
from webapp.rules.capture.vocabulary import DAYS, FORMS

_NO_NAME_WORDS = """
the our all a an i we if when and or then sometimes otherwise back backup please every daily weekly
monthly yearly quarterly nightly safety stock fridge freezer cash till fire gate kitchen room
bathroom stuff temperature health site quality opening closing security staff team it he she they
who so well ok okay nobody somebody someone anyone everyone everybody both neither either one this
that these those there here first second third next last finally lastly after before once while
whenever whoever whichever also always never usually normally new old trash garbage rubbish bins bin
floors floor grill oven dishes laundry windows toilets tables shop store office payroll rent
invoices bank report reports newsletter inventory orders order supplies backups plants deliveries
delivery food water coffee machine machines equipment vehicles van truck car pool playground
classroom reception front end day shift week month quarter year morning afternoon evening night noon
mornings afternoons evenings nights days eod cob pm am no not must should remember make sure need
needs to in on at by of for from until except recurring task process procedure name owner
responsible deadline due time frequency schedule steps step where why how what which my your her his
their vat tax hvac cctv haccp nhs osha pos crm hr ceo emails email petty safe alarm door doors
lights doctor google excel slack asana monday trello notion clickup linear whatsapp teams zoom
quickbooks xero
"""
NO_NAMES = (
    frozenset(_NO_NAME_WORDS.split())
    | {word for word, form in FORMS.items() if form.rstrip("s") in DAYS} - {"sun"}
    | FEAST_WORDS
    | {"january", "february", "march", "july", "september", "october", "november", "december"}
)
_ABBREVIATION = re.compile(r"[A-Z]{2,}s?$")
_WORD = r"[A-Z][\w’'-]*\w"
_NAME = rf"(?:(?:Mrs?|Ms|Dr|Miss|Chef|Nurse)\.? )?{_WORD}(?: [A-Z][\w’'-]*\w|(?: [A-Z]\.))?"
_COVERS = (
    r"(?:(?:can|will|usually|sometimes|normally|may|could|would|always) )*(?:covers?(?: for)?"
    r"|fills? in|steps? in|stands? in"
    r"|takes? over|helps? out|jumps? in|is next|is second|is on call|substitutes?|deputi[sz]es"
    r"|backs? (?:her|him|them|[A-Z]\w+) up|backs? up (?:her|him|them)"
    r"|(?:has|has got|got) (?:her|his|their|[A-Z]\w+['’]s) back"
    r"|is (?:the |her |his |their |my )?(?:back-?up|stand-?in|deputy|cover|substitute))\b"
)
_LEAD = (
    r"[\s,;.(–—-]*(?:\b(?:and|but|while|with|otherwise|or else|[Oo]r)\b,? )?(?i:\bsometimes,? )?"
)
_AWAY = (
    r"(?:out|away|off|sick|ill|absent|unavailable|busy|on (?:holiday|vacation|leave)|not (?:in"
    r"|there|around"
    r"|available|working)|in a meeting|at lunch)"
)
_CANNOT = (
    rf"(?:is|are|was|has|can|isn|can['’]t|cannot|could|does|do|doesn|calls? in|happens to be"
    rf"|['’]s {_AWAY}|['’]s)"
)
_SUBJECT_AWAY = (
    rf"(?:she|he|they|both|[A-Z][\w-]+(?: [A-Z][\w-]+)?)(?=['’]s| )(?:['’]s)? ?(?:{_CANNOT})?\b"
)
_DOES_IT = (
    rf"(?: (?:{_COVERS}|(?:can |will |should |must |may |could )?(?:does|do|handles?|takes?|has"
    rf" to do|gets|picks) (?:it|this|that)"
    r"(?: up| instead)?|does|will|should|instead|can|got (?:it|this))[^,;.|]*)?"
)
_WHEN_AWAY = (
    rf"\b(?i:if|when|whenever|while|in case) {_SUBJECT_AWAY}[^,;.]*?(?:, (?:then )?| then "
    rf"|(?<={{}}) )"
    rf"(?P<name>{_NAME})\b{_DOES_IT}"
)
_WHEN_AWAY_PLAIN = (
    r"\b(?i:if|when|whenever|in case) (?:she|he|they|[A-Z][\w-]+)(?:['’]s| is| are| calls in|"
    r" can['’]t| cannot"
    rf"| isn['’]t| can not| has)?(?: {_AWAY})?(?: (?:make it|do it|come|be there|a day off))?,?"
    rf" (?:then )?"
    rf"(?P<name>{_NAME})\b{_DOES_IT}"
)
_FOR_ALL = (
    r"(?: (?:for )?(?:both|all|each|everything|it|this|that|everyone)(?: of (?:them|it|these))?)?"
)
_SOMEBODY_COVERS = (
    rf"(?:(?P<either>{_NAME}) (?:or|and) )?\b(?P<name>{_NAME}) {_COVERS}"
    rf"(?: (?:for )?(?:her|him|them|[A-Z]\w+))?{_FOR_ALL}(?: on [A-Z]\w+days?)?"
    r"(?:,? (?:if|when|whenever|while) [^,;.|]*)?\)?"
)
BACKUPS = tuple(
    re.compile(_LEAD + pattern)
    for pattern in (
        _WHEN_AWAY.replace("|(?<={}) ", ""),
        _WHEN_AWAY_PLAIN,
        _SOMEBODY_COVERS,
        (
            rf"(?i:\b(?:(?:(?:her|his|their|the|our|my) )?(?:back-?up|stand-?in|deputy|substitute"
            rf"|cover|second)|backed up))(?: person)?(?: is| will be|:|"
            rf" by|"
            rf" =|,| -)? ?(?-i:(?P<name>{_NAME}))\)?{_FOR_ALL}"
        ),
        (
            rf"\b(?P<name>{_NAME})(?: as| is|['’]s) (?:the |her |his |a |my )?(?:back-?up|stand-?in"
            rf"|deputy|cover|substitute)\)?"
        ),
        rf"\b(?P<name>{_NAME}) backs? up (?P<covered>{_NAME})(?=\W*$|[.;,|])",
        rf"\b(?P<name>{_NAME}) backing (?:her|him|them|[A-Z]\w+) up",
        rf"\b(?P<name>{_NAME}) \((?:as )?(?:the )?(?:back-?up|stand-?in|deputy)\)",
        rf"\bor (?P<name>{_NAME}) (?:if|when|whenever) [^,;.|]*",
        rf"\b(?P<name>{_NAME}) (?:if|when|whenever) (?:she|he|they|[A-Z]\w+)(?:['’]s)?[^,;.|]*",
        (
            rf"\b(?P<name>{_NAME}) (?:can |will )?(?:does|do|handles?|takes?) (?:it|this|that)(?:"
            rf" (?:if|when|whenever|in)[^,;.|]*| instead)"
        ),
        (
            rf"\b(?:(?:failing|in|during) (?:that|her|his|their|[A-Z]\w+['’]s)(?: absence)?"
            rf"|otherwise(?: by)?|or else|if not|failing [A-Z]\w+),? (?P<name>{_NAME})\b{_DOES_IT}"
        ),
        rf"\bor (?P<name>{_NAME})(?=[.;,)]|$)",
    )
)
# "Ben covers the pool", "Kim fills in the form": that is the work itself.
COVERS_A_THING = re.compile(
    r"(?:covers?|fills? in|takes? over|steps? in|helps? out) (?:the|an?|all|our|its|with|every)\b"
)
FALLBACKS = tuple(
    re.compile(_LEAD + pattern)
    for pattern in (
        (
            r"\b(?i:if|when) (?:neither|both|nobody|no one|none|they both|all else)[^,;.]*?(?:,"
            r" (?:then )?| then | )"
            rf"(?P<name>{_NAME})\b(?: (?:{_COVERS}|does|will|should|has|is|takes)[^,;.|]*)?"
        ),
        (
            rf"(?i:\b(?:final |last )?(?:fallback|fall-back|last resort|third))(?: person)?(?:"
            rf" is|:|"
            rf" =|,)? ?(?-i:(?P<name>{_NAME}))\)?"
        ),
        rf"\b(?P<name>{_NAME}) (?:as|is) (?:the |a )?(?:final fallback|fallback|last resort)\)?",
        rf"\b(?:and|or)? ?(?:then|after (?:that|her|him)|finally),? (?P<name>{_NAME})(?=\)|[.;]|$)",
    )
)
MARKED = (
    re.compile(rf"\((?:by |assigned to |owner:? )?[ ,;]*(?P<name>{_NAME})[ ,;]*(?:\)|:|$)"),
    re.compile(rf"(?<!\w)@(?P<name>{_NAME}|[a-z]\w+)"),
    re.compile(
        r"\b(?i:responsible(?: person)?|owner|assigned to|assignee|owned by|done by|handled by"
        r"|performed by"
        rf"|completed by|person|who)(?: is|:| =)? ?(?-i:(?P<name>{_NAME}))"
    ),
    re.compile(rf"^\W*(?P<name>{_NAME}):"),
    re.compile(rf"\s[–—-]+ (?P<name>{_NAME})\W*$"),
    re.compile(
        rf"\b(?P<name>{_NAME}) (?:is|should be|will be) (?:(?:responsible|in charge)(?: (?:for"
        rf"|of)| person)?|on duty)(?=\W|$)"
    ),
    re.compile(rf"\b(?P<name>{_NAME})['’]s (?:job|task|turn|duty|responsibility) (?:is )?to "),
    re.compile(
        r"\b(?i:(?:please )?(?:have|ask|get|want|tell|remind|let|it['’]s up to|i need|i want|we"
        r" need|we want"
        rf"|would like|i['’]d like)) (?P<name>{_NAME})(?: to)? (?=[a-z])"
    ),
    re.compile(rf"\bby (?P<name>{_NAME})(?=\W*$|[.;]|, )"),
    re.compile(
        rf"(?:^|[,;.] ?)(?P<name>{_NAME}) (?:does|handles|takes care of|is on|owns|runs|has)"
        rf" (?:it|this|that|them)\b"
    ),
    re.compile(rf"(?:^|(?<=[a-z\d)])[,;.]\s+|;\s*|\n\W*)(?P<name>{_NAME})(?=\s*(?:;|\.?\s*$))"),
)
AT_END = re.compile(rf"{re.escape(TAKEN)}[ \t]+(?P<name>{_NAME})\s*$")
_ROLE = (
    r"team|staff|everyone|everybody|someone|somebody|anyone|crew|manager|supervisor|cook|chef"
    r"|cleaners?"
    r"|teachers?|nurses?|shift leads?|shift leaders?|we|i|receptionist|barista|baker|driver|janitor"
    r"|caretaker|accountant|bookkeeper|assistant|lead|owner|boss|director|opener|closer|person"
    r" on duty"
    r"|duty manager|front desk|housekeeping|maintenance|reception|accounting|finance|night shift"
    r"|day shift|morning shift|technician|guard|volunteers?|employees?|servers?|waiters?|bartender"
    r"|head \w+|whoever [a-z ]{2,20}?|intern|admin|office|secretary|dentist|hygienist|lifeguard"
    r"|coach|host"
)
GROUP = re.compile(
    rf"(?i)^(?:(?:the|our|all|a|my) )?(?:\w+ )?(?:{_ROLE})\b(?: (?:from|in|at|on) (?:the"
    rf" )?\w+(?: (?:desk|team|staff|office|floor))?)?(?:,? (?=\w))(?:(?:must|should|will"
    rf"|has to|have to|needs? to) )?"
)
HEADING = re.compile(
    r"^(?P<heading>[^:\n.]{3,80}):\s+|^(?P<line>[^:\n.]{3,60})\n(?=\s*(?:[-*•]|\d+[.)]))"
)
OPENERS = re.compile(
    r"(?i)^(?:(?:fyi|nb|ps|note|it[\'’]s|it is|after (?:that|this)|afterwards|so|well|ok|okay"
    r"|and|also|then|but|um|finally|lastly|hi|hello|basically|right|now"
    r"|plus|first thing(?: in the morning)?)\b[,:]?\s+)+"
)
_MUST = r"(?: (?:must|should|has to|have to|needs to|need to|will|is to|always|usually|also|then))"
SUBJECT = re.compile(
    rf"^(?P<name>{_NAME}|[a-z]+)(?: (?:and|or|&) (?P<other>[A-Z]\w+))?"
    rf"(?P<must>{_MUST})? (?P<verb>[a-z]+)(?: (?P<object>\w+)|(?=,)|\W*$)"
)
# What goes on from somebody named before: "she also cleans", "cleans".
GOES_ON = re.compile(
    rf"^\W*(?:(?P<he>[Hh]e|[Ss]he)\b{_MUST}* +)?(?:also |then )*(?P<verb>[a-z]+)(?=\W|$)"
)
DETERMINERS = (
    "the",
    "a",
    "an",
    "all",
    "our",
    "her",
    "his",
    "new",
    "every",
    "up",
    "out",
    "with",
    "off",
    "down",
    "each",
    "any",
)
IN_A_STEP = re.compile(
    rf"(?:^|[\n.;:,]|\b(?:then|and|that|first|next|finally)|\d{{1,2}}[.)])\s*(?:\d{{1,2}}[.)]"
    rf"|[-*•]|{MARK.pattern})?\s*(?P<name>{_NAME})"
    rf" (?P<verb>[a-z]+s) (?=(?P<object>\w+))"
)


def is_name(words: str) -> bool:
    """Whether all of these words can be the name of somebody."""
    return not any(_is_no_name(word) for word in words.split())


def _is_no_name(word: str) -> bool:
    """Is it a word of work, a verb, "It's", or an abbreviation such as FYI?"""
    plain = word.lower().replace("’", "'")
    short = plain.removesuffix("'s")
    return (
        plain in NO_NAMES or short in NO_NAMES or is_verb(word) or bool(_ABBREVIATION.match(word))
    )
