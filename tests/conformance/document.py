"""docs/conformance.md, written from the tables: it always says what the tests prove."""

from collections import Counter
from collections.abc import Iterator

from tests.conformance.hidden import HIDDEN
from tests.conformance.hostile import HOSTILE
from tests.conformance.table import CHAPTERS, ROOT, Rule, rules

FILE = ROOT / "docs" / "conformance.md"
LONGEST = 64


def document() -> str:
    """The whole page."""
    return "\n".join([*_head(), *_chapters(), *_hostile(), *_hidden()]) + "\n"


def _head() -> Iterator[str]:
    yield "# Conformance of web push"
    yield ""
    yield f"{len(rules())} rules of RFC 8030, RFC 8291, RFC 8292 and of the browsers' push"
    yield "services, each with the test that proves it of the product, and the endpoints that a"
    yield "push never goes to. Written from `tests/conformance` by"
    yield "`python -m tests.conformance > docs/conformance.md`; a test keeps the two equal."


def _chapters() -> Iterator[str]:
    for number, title in CHAPTERS.items():
        yield from (
            "",
            f"## {number}. {title}",
            "",
            "| | source | rule | proof |",
            "|---|---|---|---|",
        )
        yield from (_row(each) for each in rules() if each.chapter == number)


def _row(each: Rule) -> str:
    file, _, test = each.proof.partition("::")
    return f"| {each.number} | {each.source} | {each.sentence} | [{_words(test)}](../{file}) |"


def _words(test: str) -> str:
    return test.removeprefix("test_").replace("_", " ")


def _hostile() -> Iterator[str]:
    yield from ("", f"## {len(HOSTILE)} endpoints that are refused for their form", "")
    yield "Refused when a browser hands them over and, should one stand in the database, again when"
    yield "it would be sent to. Nothing is looked up and nothing is connected to."
    tried = ""
    for each in HOSTILE:
        if each.tries != tried:
            tried = each.tries
            yield from ("", f"**{tried[0].upper()}{tried[1:]}** (`{each.reason}`)", "")
        yield f"- `{_shown(each.endpoint)}`" if each.endpoint else "- nothing at all"


def _hidden() -> Iterator[str]:
    yield from ("", f"## {len(HIDDEN)} answers of the name service that are refused", "")
    yield "The name is one of a real push service; what it resolves to is not public, or not all of"
    yield "it. The name is looked up once, nothing is connected to."
    yield ""
    kinds = Counter(leads_to for leads_to, _ in HIDDEN)
    for kind in kinds:
        answers = [", ".join(addresses) for leads_to, addresses in HIDDEN if leads_to == kind]
        yield f"- {kind}: " + " · ".join(f"`{answer}`" for answer in answers)


def _shown(endpoint: str) -> str:
    """An endpoint in visible ASCII, shortened."""
    text = endpoint.encode("unicode_escape").decode() if not endpoint.isprintable() else endpoint
    text = text if text.isascii() else text.encode("unicode_escape").decode()
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
