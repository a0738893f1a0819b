"""The table is whole: enough rules, no number twice, and a test behind each."""

import ast
from collections import Counter
from pathlib import Path

from tests.conformance.document import FILE, document
from tests.conformance.table import CHAPTERS, HERE, ROOT, Rule, rule, rules

AT_LEAST = 100


def test_there_are_rules_enough_and_no_number_stands_twice() -> None:
    numbers = Counter(each.number for each in rules())
    assert [number for number, times in numbers.items() if times > 1] == []
    assert len(numbers) >= AT_LEAST


def test_the_numbers_of_a_chapter_run_without_a_gap() -> None:
    for chapter in CHAPTERS:
        positions = [each.order[1] for each in rules() if each.chapter == chapter]
        assert positions == list(range(1, len(positions) + 1)), f"chapter {chapter}"


def test_every_rule_says_where_it_stands_in_one_sentence() -> None:
    for each in rules():
        assert each.source, each
        assert each.sentence.endswith(".") or each.sentence.endswith("`."), each
        assert "|" not in each.sentence + each.source, each


def test_behind_every_rule_stands_a_test() -> None:
    assert [each.proof for each in rules() if not _stands(each)] == []


def test_no_test_here_is_without_a_rule() -> None:
    of_rules = {each.proof for each in rules()}
    chapters = [path for path in HERE.glob("test_*.py") if path.stem not in NOT_IN_THE_TABLE]
    tests = {f"{_place(path)}::{name}" for path in chapters for name in _tests_of(path)}
    assert sorted(tests - of_rules) == []


NOT_IN_THE_TABLE = ("test_table", "test_hostile_endpoints")


def test_a_marked_test_carries_its_rule() -> None:
    @rule("9.1", "here", "A rule.")
    def marked() -> None:
        """Nothing."""

    assert marked.rule == Rule("9.1", "here", "A rule.")  # type: ignore[attr-defined]


def test_the_page_says_what_the_tests_prove() -> None:
    written = FILE.read_text(encoding="utf-8")
    assert written == document(), "python -m tests.conformance > docs/conformance.md"


def _stands(each: Rule) -> bool:
    file, _, test = each.proof.partition("::")
    return (ROOT / file).exists() and test in _tests_of(ROOT / file)


def _tests_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_bytes())
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    return {name for name in names if name.startswith("test_")}


def _place(path: Path) -> str:
    return str(path.relative_to(ROOT))
