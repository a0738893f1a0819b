"""Every script and style as it is sent is, to a parser, the one that is written."""

import re
from pathlib import Path

import minify
import pytest

from webapp.lean import TYPES, source_of

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for pattern in ("webapp/static/**/*.js", "webapp/static/**/*.css", "service_worker/*.js")
    for path in ROOT.glob(pattern)
)


def parsed(text: str, path: Path) -> str:
    """What a parser makes of it: the same for two texts that differ in comments and space alone."""
    return str(minify.string(TYPES[path.suffix], text))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_sent_reads_as_what_is_written(path: Path) -> None:
    assert parsed(source_of(path), path) == parsed(path.read_text(), path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_only_authors_read_is_not_sent(path: Path) -> None:
    if "vendor" not in path.parts:
        sent = source_of(path).splitlines()
        assert not [line for line in sent if re.search(r"// |/\*[* ]", line)]


def test_a_word_that_is_left_out_would_be_seen(tmp_path: Path) -> None:
    script = tmp_path / "script.js"
    script.write_text("export const words = `\n  two lines`;\n")
    assert parsed(source_of(script), script) != parsed(script.read_text(), script)
