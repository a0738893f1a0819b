"""Text of any encoding and any separator to rows of cells, one row at a time."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO, TextIOWrapper
from typing import IO

from charset_normalizer import from_bytes

from webapp.problems import Problem
from webapp.rules.sentences import N_, say

SAMPLE = 256 * 1024
LARGEST_CELL = 4 * 1024 * 1024
MOST_CELLS_IN_ROW = 2000
DELIMITERS = ",;\t|"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAID = re.compile(r"sep=(.)\r?\n?")

csv.field_size_limit(LARGEST_CELL)


def encoding_of(sample: bytes) -> str:
    """The encoding of a text by its beginning: its mark, UTF-8, UTF-16 without a mark, a guess."""
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    if _is_utf8(sample):
        return "utf-8"
    nothing = [sample[start::2].count(0) for start in (0, 1)]
    if max(nothing) > len(sample) // 8:
        return "utf-16-be" if nothing[0] > nothing[1] else "utf-16-le"
    best = from_bytes(sample[: 64 * 1024]).best()
    return best.encoding if best else "cp1252"


def _is_utf8(sample: bytes) -> bool:
    if b"\0" in sample:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def decoded(content: bytes) -> str:
    """A whole text; what cannot be read in its encoding is shown as a replacement mark."""
    return content.decode(encoding_of(content[:SAMPLE]), errors="replace")


class Lines:
    """The rows of a delimited text in an open file, from its beginning each time they are asked."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        stream.seek(0)
        sample = stream.read(SAMPLE)
        self.encoding = encoding_of(sample)
        text = codecs.getincrementaldecoder(self.encoding)("replace").decode(sample)
        said = _SAID.match(text)
        self.delimiter = said[1] if said else delimiter_of(text)
        self._starts_with_said = bool(said)
        self.is_cut_off = False

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row with its number, counted from 1 as a spreadsheet shows it."""
        self._stream.seek(0)
        text = TextIOWrapper(self._stream, self.encoding, errors="replace", newline="")
        try:
            yield from self._parsed(text)
        except csv.Error as error:
            raise Problem("import_damaged", _CELL_TOO_LARGE) from error
        finally:
            if not text.buffer.closed:
                text.detach()

    def _parsed(self, text: TextIOWrapper) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(self._watched(text), delimiter=self.delimiter)
        for number, row in enumerate(reader, 1):
            if self._starts_with_said and number == 1:
                continue
            if len(row) > MOST_CELLS_IN_ROW:
                words = say("Row %(row)s has more columns than any export.", row=number)
                raise Problem("import_damaged", words)
            yield number, row

    def _watched(self, text: TextIOWrapper) -> Iterator[str]:
        """The lines; an odd number of quotes at the end means that it ended inside a cell."""
        quotes = 0
        for line in _lines(text):
            quotes += line.count('"')
            yield line
        self.is_cut_off = quotes % 2 == 1


_CELL_TOO_LARGE = N_(
    "A cell of this file does not end, or is larger than any export writes. Export it again."
)


def _lines(text: TextIOWrapper) -> Iterator[str]:
    """Lines of bounded length: one without any end must not be taken into memory whole."""
    while line := text.readline(LARGEST_CELL):
        yield line


def delimiter_of(text: str) -> str:
    """The separator that cuts the first rows into the most even columns."""
    sample = text[: 64 * 1024]
    return max(DELIMITERS, key=lambda each: (_evenness(sample, each), -DELIMITERS.index(each)))


def _evenness(sample: str, delimiter: str) -> int:
    widths: Counter[int] = Counter()
    try:
        for number, row in enumerate(csv.reader(StringIO(sample, newline=""), delimiter=delimiter)):
            widths[len(row)] += 1
            if number >= 60:
                break
    except csv.Error:
        return 0
    return max((width * count for width, count in widths.items() if width > 1), default=0)
