"""Whether words are English, the one language that the grammar reads, by their small words."""

import re
import unicodedata

from webapp.rules.capture.reading import TAKEN, Reading
from webapp.rules.capture.verbs import base_verb, is_verb
from webapp.rules.capture.vocabulary import DAYS, FORMS
from webapp.rules.sentences import say

# How often and when, in Spanish, French, German, Portuguese, Italian and Dutch.
_OF_TIME_WORDS = """
cada día días dia dias diario todos todas lunes martes miércoles miercoles jueves viernes sábado
sábados domingos diariamente semanal semanalmente mensual mensualmente mañana mañanas tardes noches
suplente chaque jour jours tous toutes lundi lundis mardi mardis mercredi mercredis jeudi jeudis
vendredi vendredis samedi samedis dimanche quotidien quotidiennement hebdomadaire mensuel matin
matins soir soirs remplaçant remplaçante jeden jede jedes täglich taeglich wöchentlich woechentlich
monatlich montag montags dienstag dienstags mittwoch mittwochs donnerstag donnerstags freitag
freitags samstag samstags sonntag sonntags morgens abends uhr vertretung werktags toda segunda terça
quarta quinta sexta feira manhã manhãs noite ogni lunedì martedì mercoledì giovedì venerdì sabato
domenica dagelijks maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
"""
_SMALL_WORDS = """
el la los las lo le les des du de del una uno por para con y e antes hasta desde às ao os dos das da
à et une avec avant dans sur aux est der dem den und mit von nach vor bis ist wird todo com não até
em na il gli di della het een naar
"""
_ENGLISH_WORDS = """
every each daily weekly monthly quarterly yearly annually once twice at by before after the and is
are of to from until if when with backup weekday weekdays weekend weekends day days week month
morning mornings evening evenings night noon her his then it
"""
_OF_TIME, _SMALL = frozenset(_OF_TIME_WORDS.split()), frozenset(_SMALL_WORDS.split())
_ENGLISH = frozenset(_ENGLISH_WORDS.split())


def is_foreign(words: str) -> bool:
    """Are they words of another language, or of another script?"""
    found = re.findall(r"[^\W\d_]+", words)
    of_time = sum(word.lower() in _OF_TIME for word in found)
    # A capital may begin a name: "La Marzocco".
    small = sum(word in _SMALL for word in found)
    english = sum(map(_is_english, found))
    if of_time:
        return of_time + small > english
    return (small > 1 and not english) or _is_other_script(words)


def leave_unread(reading: Reading) -> None:
    """Let nothing be read from the words, and ask whether that is right."""
    reading.plain = TAKEN * len(reading.plain)
    reading.raw = TAKEN * len(reading.raw)
    question = say(
        "This looks like another language, and plain words are read in English. Is it right to read"
        " nothing from it?"
    )
    reading.ask("language", question)


def _is_english(word: str) -> bool:
    plain = word.lower()
    is_day = FORMS.get(plain, "").rstrip("s") in DAYS and plain not in _OF_TIME
    return plain in _ENGLISH or is_day or is_verb(plain) or bool(base_verb(plain))


def _is_other_script(words: str) -> bool:
    letters = [letter for letter in words if letter.isalpha()]
    others = [each for each in letters if not unicodedata.name(each, "").startswith("LATIN")]
    return 2 * len(others) > len(letters)
