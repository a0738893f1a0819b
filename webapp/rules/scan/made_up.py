"""A made-up daycare that has taken the scan, for whoever wants to see a read before they begin."""

from webapp.rules.scan import answers as said
from webapp.rules.scan.answers import Answers, Translate
from webapp.rules.scan.questions import HARM, KNOWN_BY, MISSED, NOBODY, OWNER, STAND_IN, WHO
from webapp.rules.sentences import N_

KIND, OWN_NAME, PEOPLE = "daycare", "Mara", "Maria, James"
TASKS = (
    (
        N_("Fridge temperatures"),
        {"who": "Maria", "stand_in": NOBODY, "known_by": "luck", "missed": "month", "harm": "high"},
    ),
    (
        N_("Playground safety walk"),
        {"who": "Maria", "stand_in": "James", "known_by": "told", "missed": "year", "harm": "high"},
    ),
    (
        N_("Sending the invoices"),
        {"who": OWNER, "stand_in": NOBODY, "known_by": "proof", "missed": "never", "harm": "some"},
    ),
    (
        N_("Locking up"),
        {"who": "James", "stand_in": "Maria", "known_by": "proof", "missed": "never"},
    ),
)


def made_up(translate: Translate) -> Answers:
    """Return its answers, its tasks named in the language of the reader."""
    answers = said.about(said.nothing(), KIND, OWN_NAME, PEOPLE)
    names = [translate(name) for name, _ in TASKS]
    answers = said.work(answers, names, "", said.usual(KIND, translate))
    tapped = {
        f"{question}-{number}": given
        for number, (_, facts) in enumerate(TASKS)
        for question, given in facts.items()
    }
    answers = said.asked(answers, (WHO, STAND_IN, KNOWN_BY, MISSED, HARM), tapped)
    return said.landed(answers, ["2"], "")
