"""Whole texts are understood or asked about, each draft of them; none is wrong in silence."""

from collections import Counter
from pathlib import Path

import pytest

from tests.capture.whole.scoring import texts_of, verdict

TABLES = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_no_draft_of_a_text_is_wrong_in_silence(table: Path) -> None:
    told = [(text.words, *verdict(text)) for text in texts_of(table)]
    assert [(words, got) for words, worst, got in told if worst == "wrong"] == []


def test_most_texts_are_right_without_a_question() -> None:
    counts = Counter(verdict(text)[0] for table in TABLES for text in texts_of(table))
    assert counts.total() >= 70
    assert counts["right"] >= 0.85 * counts.total()
