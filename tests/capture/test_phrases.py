"""Phrases are understood or asked about; none is wrong in silence."""

from collections import Counter
from pathlib import Path

import pytest

from tests.capture.scoring import Result, cases_of, same_dates, score

TABLES = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_no_phrase_is_wrong_in_silence(table: Path) -> None:
    results = [score(case) for case in cases_of(table)]
    assert [_told(result) for result in results if result.verdict == "wrong"] == []


def test_hundreds_of_phrases_and_nearly_all_of_them_right() -> None:
    counts = Counter(score(case).verdict for table in TABLES for case in cases_of(table))
    assert counts.total() >= 400
    assert counts["right"] >= 0.97 * counts.total()


def test_the_scoring_tells_one_rule_from_another() -> None:
    assert same_dates("FREQ=DAILY;BYDAY=MO,TU", "FREQ=WEEKLY;BYDAY=TU,MO")
    assert not same_dates("FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO")
    assert not same_dates("FREQ=DAILY;BYHOUR=8,12", "FREQ=DAILY;BYHOUR=8")


def _told(result: Result) -> str:
    return f"{result.case.phrase} -> {result.got}, not {result.case.meaning} @{result.case.due}"
