"""What is said in a language that is spoken, with a small catalogue of the tests' own."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.support import NullTranslations, Translations
from flask import render_template_string

from webapp import formats, words
from webapp.problems import Problem
from webapp.rules.moment_words import clock_words
from webapp.rules.proof_gate import Evidence, Requirement, judge
from webapp.rules.sentences import N_, as_facts, of_facts, say, say_many
from worker import outbox

SPANISH = {
    "Now yours: %(step)s": "Ahora es tuyo: %(step)s",
    "Friday": "viernes",
    "%(time)s on %(day)s": "%(time)s del %(day)s",
    "Nobody called “%(name)s” works here.": "Aquí no trabaja nadie llamado «%(name)s».",
    ("%(num)s minute", "%(num)s minutes"): ("%(num)s minuto", "%(num)s minutos"),
    "Your role does not allow this. Ask the owner.": "Tu función no lo permite.",
}
ARABIC = {
    "Now yours: %(step)s": "لك الآن: %(step)s",
    ", ": "، ",
    "%(some)s and %(last)s": "%(some)s و %(last)s",
}


def compiled(language: str, said: dict) -> Translations:
    catalogue, file = Catalog(locale=language), BytesIO()
    for msgid, text in said.items():
        catalogue.add(msgid, text)
    write_mo(file, catalogue)
    file.seek(0)
    return Translations(file)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Spanish and Arabic as far as these tests need them."""
    known = {"es": compiled("es", SPANISH), "ar": compiled("ar", ARABIC)}
    monkeypatch.setattr(words, "catalogue", lambda chosen: known.get(chosen, NullTranslations()))
    yield
    words.speak(None)


def test_english_is_said_where_nothing_is_spoken():
    assert words.gettext("Now yours: %(step)s", step="Count") == "Now yours: Count"


def test_a_sentence_is_said_in_the_language_that_is_spoken():
    with words.speaking("es"):
        assert words.gettext("Now yours: %(step)s", step="Count") == "Ahora es tuyo: Count"
    assert words.language() == "en"


def test_what_is_not_translated_yet_stays_english():
    with words.speaking("es"):
        assert words.gettext("Nothing needs you.") == "Nothing needs you."


def test_a_sentence_made_by_the_rules_is_translated_with_the_words_inside_it():
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    said = clock_words(datetime(2026, 11, 27, 7, 15, tzinfo=UTC), now, "UTC")
    assert said == "07:15 on Friday"
    with words.speaking("es"):
        assert words.translated(said) == "07:15 del viernes"
        assert words.gettext("due %(at)s", at=said) == "due 07:15 del viernes"


def test_a_sentence_kept_as_facts_is_said_in_the_language_of_who_reads_it_later():
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    said = say("Now yours: %(step)s", step=clock_words(now + timedelta(days=4), now, "UTC"))
    kept = json.dumps([as_facts(said), as_facts(say_many("%(num)s minute", "%(num)s minutes", 2))])
    again, minutes = map(of_facts, json.loads(kept))
    assert again == said == "Now yours: 12:00 on Friday"
    with words.speaking("es"):
        assert words.translated(again) == "Ahora es tuyo: 12:00 del viernes"
        assert words.translated(minutes) == "2 minutos"


@pytest.mark.parametrize(("num", "said"), [(1, "1 minuto"), (2, "2 minutos")])
def test_a_number_chooses_the_form(num, said):
    with words.speaking("es"):
        assert words.ngettext("%(num)s minute", "%(num)s minutes", num) == said
        assert words.translated(say_many("%(num)s minute", "%(num)s minutes", num)) == said


def test_a_problem_is_told_in_the_language_of_whoever_reads_it():
    problem = Problem("not_allowed", say("Nobody called “%(name)s” works here.", name="Eva"))
    assert problem.document()["detail"] == "Nobody called “Eva” works here."
    with words.speaking("es"):
        document = problem.document()
    assert document["title"] == "Tu función no lo permite."
    assert document["detail"] == "Aquí no trabaja nadie llamado «Eva»."


def test_a_sentence_goes_through_an_error_that_is_raised_with_it():
    error = ValueError(say("Nobody called “%(name)s” works here.", name="Eva"))
    with words.speaking("es"):
        assert words.translated(str(error)) == "Aquí no trabaja nadie llamado «Eva»."


def test_a_name_in_right_to_left_text_keeps_its_own_direction():
    with words.speaking("ar"):
        assert words.direction() == "rtl"
        assert (
            words.gettext("Now yours: %(step)s", step="Count 2") == "لك الآن: \u2068Count 2\u2069"
        )


def test_names_in_a_row_of_right_to_left_text_stand_apart_from_each_other():
    """Between two of them the comma would else run the way of their letters."""
    sam, lin, ben = "\u2068Sam\u2069", "\u2068Lin\u2069", "\u2068Ben\u2069"
    with words.speaking("ar"):
        assert formats.row("Sam", "", "Lin") == f"{sam}، {lin}"
        assert formats.listed(["Sam", "Lin", "Ben"]) == f"{sam}، {lin} و {ben}"
        said = words.gettext("Now yours: %(step)s", step=formats.row("Sam", "Lin"))
        assert said == f"لك الآن: {sam}، {lin}"
    assert formats.row("Sam", "Lin") == "Sam, Lin"


def test_a_page_escapes_what_people_typed_and_not_what_the_catalogue_says(app):
    with app.test_request_context():
        words.speak("es")
        page = render_template_string('{{ _("Now yours: %(step)s", step="<b>") }}')
    assert page == "Ahora es tuyo: &lt;b&gt;"


def test_a_marked_sentence_is_translated_where_a_page_shows_it(app):
    with app.test_request_context():
        words.speak("es")
        assert render_template_string("{{ day }}", day=say(N_("Friday"))) == "viernes"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Monday 23 November"),
        ("es", "lunes 23 de noviembre"),
        ("fr", "lundi 23 novembre"),
        ("de", "Montag, 23. November"),
        ("pt", "segunda-feira, 23 de novembro"),
        ("ar", "الاثنين 23 نوفمبر"),
    ],
)
def test_a_day_is_written_as_the_language_writes_it(language, said):
    with words.speaking(language):
        assert formats.day(date(2026, 11, 23)) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "1038.50"), ("de", "1038,50"), ("fr", "1038,50"), ("ar", "1038.50")],
)
def test_a_number_keeps_its_digits_and_has_the_decimal_sign_of_the_language(language, said):
    with words.speaking(language):
        assert formats.number("1038.50") == said


def test_a_reading_in_a_sentence_has_the_decimal_sign_of_who_reads_it():
    fridge = Requirement("number", unit="fl. oz", maximum=Decimal("41.5"), if_outside="Move it.")
    refused = judge(fridge, Evidence("number", value=Decimal("44.50")), "none").message
    assert refused.startswith("44.50 fl. oz is above 41.5 fl. oz. Move it. Then write")
    with words.speaking("de"):  # has no catalogue here, only its numbers
        assert words.translated(refused).startswith("44,50 fl. oz is above 41,5 fl. oz. Move it.")


def test_what_people_wrote_stands_in_the_quotation_marks_of_the_language(monkeypatch):
    german = compiled("de", {"“%(text)s”": "„%(text)s“"})
    monkeypatch.setattr(words, "catalogue", lambda chosen: german)
    with words.speaking("de"):
        assert formats.quoted("Gate") == "„Gate“"


def handoff(person_id: str, moment: datetime) -> outbox.Row:
    facts = {
        "process": "Closing",
        "location": "Downtown",
        "time_zone": "UTC",
        "deadline_at": moment.isoformat(),
        "step": "Count",
        "from": "Ben",
        "reason": "missed",
        "words": None,
        "last_resort": False,
        "at": moment.isoformat(),
    }
    return outbox.Row("m1", "o", person_id, "handoff", "r", "s", 1, facts, moment, None, 1, "l")


@pytest.mark.parametrize(
    ("theirs", "organisations", "title"),
    [
        ("es", "en", "Ahora es tuyo: Count"),
        (None, "es", "Ahora es tuyo: Count"),
        (None, "en", "Now yours: Count"),
    ],
)
def test_a_message_is_in_the_language_of_its_recipient(
    session, crew, clock, theirs, organisations, title
):
    from worker.language import in_theirs, languages_of
    from worker.message import note_of, said

    crew.ben.language, crew.organisation.language = theirs, organisations
    session.commit()
    rows = [handoff(crew.ben.id, clock.now())]
    spoken = in_theirs(
        languages_of(session, rows), lambda told: said([note_of(row) for row in told])
    )
    assert spoken(rows)["title"] == title
    assert words.language() == "en"
