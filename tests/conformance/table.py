"""The table: each rule has a number, where it stands, one sentence, and the test that proves it.

A test names its rule with `@rule`; a rule that another part's tests prove stands in `elsewhere`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TypeVar

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

CHAPTERS = {
    "1": "The request",
    "2": "Encryption",
    "3": "Who sends: VAPID",
    "4": "What a push service answers",
    "5": "Trying again",
    "6": "What the message holds",
    "7": "What a browser hands over",
    "8": "On the device",
}

Test = TypeVar("Test", bound=Callable[..., None])


@dataclass(frozen=True)
class Rule:
    """`number` is chapter.position, `proof` is file::test from the root of the repository."""

    number: str
    source: str
    sentence: str
    proof: str = ""

    @property
    def chapter(self) -> str:
        return self.number.partition(".")[0]

    @property
    def order(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.number.split("."))


def rule(number: str, source: str, sentence: str) -> Callable[[Test], Test]:
    """Marks the test that proves the rule."""

    def mark(test: Test) -> Test:
        test.rule = Rule(number, source, sentence)  # type: ignore[attr-defined]
        return test

    return mark


def rules() -> list[Rule]:
    """The whole table, in the order of the numbers."""
    elsewhere: list[Rule] = import_module("tests.conformance.elsewhere").ELSEWHERE
    return sorted([*_rules_here(), *elsewhere], key=lambda each: each.order)


def _rules_here() -> Iterator[Rule]:
    for path in sorted(HERE.glob("test_*.py")):
        module = import_module(f"tests.conformance.{path.stem}")
        tests = {name: of for name, of in vars(module).items() if name.startswith("test_")}
        for name, marked in ((name, getattr(of, "rule", None)) for name, of in tests.items()):
            if isinstance(marked, Rule):
                yield replace(marked, proof=f"{path.relative_to(ROOT)}::{name}")
