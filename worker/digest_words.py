"""What the digest of a week says as a push and as an e-mail; its words were made when it was due.

Pure.
"""

from collections.abc import Iterator
from typing import Any

from webapp.words import gettext as _
from worker.note import Note, shown


def digest(notes: list[Note]) -> dict[str, Any]:
    """What is shown of it: both numbers, and the head of the record."""
    facts = notes[0].facts
    url = str(facts["url"])
    return shown(
        title=facts["title"], body=facts["short"], url=url, tag=f"digest-{url}", step_run=None
    )


def letter(facts: dict[str, Any], organisation: str, public_url: str) -> str:
    """Return the text of the e-mail, from its first sentence to its last line."""
    return "\n\n".join([*_paragraphs(facts, public_url), _end(organisation, public_url)])


def _paragraphs(facts: dict[str, Any], public_url: str) -> Iterator[str]:
    yield f"{facts['title']}\n{facts['lead']}"
    for part in facts["parts"]:
        yield "\n".join([part["title"], *(f"- {line}" for line in part["lines"])])
    whole = _("The whole week")
    yield f"{whole}: {public_url}{facts['url']}"
    if head := facts["head"]:
        yield f"{head['title']}\n{head['anchor']}\n{head['why']}"


def _end(organisation: str, public_url: str) -> str:
    return "\n".join(
        (
            "--",
            _(
                "Baton writes this to the owners of %(organisation)s every Monday.",
                organisation=organisation,
            ),
            _(
                "To be told otherwise, or not at all: %(address)s",
                address=f"{public_url}/me#digest",
            ),
            "",
        )
    )
