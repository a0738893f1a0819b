"""Brings the catalogues up to date with the sources and says what is not translated yet."""

from datetime import UTC, datetime

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from tests.words.extraction import extracted, languages, updated
from webapp.rules.languages import LANGUAGES
from webapp.words import path_of

# Forms in the order of CLDR's categories, which is also that of Intl.PluralRules in the browser.
PLURALS = {
    "es": (2, "(n != 1)"),
    "fr": (2, "(n > 1)"),
    "de": (2, "(n != 1)"),
    "pt": (2, "(n > 1)"),
    "ar": (
        6,
        "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)",
    ),
}
EPOCH = datetime(2026, 11, 23, tzinfo=UTC)


def main() -> None:
    template = extracted()
    for language in languages():
        catalogue = updated(language, template)
        write(catalogue, language)
        open_ones = sum(1 for message in catalogue if message.id and not is_translated(message))
        print(f"{language}: {len(catalogue)} sentences, {open_ones} not translated")  # noqa: T201


def write(catalogue: Catalog, language: str) -> None:
    """Write a catalogue so that two runs differ only where its sentences do."""
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.header_comment = f"# What Baton says in {LANGUAGES[language]}."
    catalogue.project, catalogue.version, catalogue.fuzzy = "Baton", "1", False
    catalogue._num_plurals, catalogue._plural_expr = PLURALS[language]  # what the file will say
    catalogue.creation_date = catalogue.revision_date = EPOCH
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)


def is_translated(message: object) -> bool:
    """Whether every form of the sentence is there."""
    said = getattr(message, "string", "")
    return all(said) if isinstance(said, tuple | list) else bool(said)


if __name__ == "__main__":
    main()
