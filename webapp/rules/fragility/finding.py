"""What the read finds: one weakness, with the tasks that it is true of."""

from dataclasses import dataclass
from typing import NamedTuple

from webapp.rules.fragility.task import Task
from webapp.rules.sentences import Sentence


class Case(NamedTuple):
    """One task of a finding, with what is known of it there."""

    task: Task
    words: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One weakness: a sentence with both numbers, the tasks it is true of, and which to mend."""

    kind: str
    sentence: Sentence
    cases: tuple[Case, ...]
    of: int
    mend: Task
