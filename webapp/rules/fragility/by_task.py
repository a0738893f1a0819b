"""The read turned round: each task that is weak somewhere, with all that is, the worst first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from webapp.rules.fragility.finding import Finding
from webapp.rules.fragility.task import Task

# For want of proof a task is blamed once, by the first of these that is found.
WANT_OF_PROOF = ("by_luck", "harm_without_proof", "never_verified")


class Blame(NamedTuple):
    """What kind of weakness it is, and what is known of the task there."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class WeakTask:
    """A task with what is weak about it, in the order of the findings."""

    task: Task
    blames: tuple[Blame, ...]


def by_task(findings: Sequence[Finding]) -> list[WeakTask]:
    """Return every task of the findings once.

    First what does serious harm or was missed lately, then what is weak in most ways, then in the
    order of the findings.
    """
    tasks = {case.task.key: case.task for finding in findings for case in finding.cases}
    weak = [WeakTask(task, tuple(_blames(task, findings))) for task in tasks.values()]
    return sorted(weak, key=lambda each: (not each.task.hurts, -len(each.blames)))


def _blames(task: Task, findings: Iterable[Finding]) -> list[Blame]:
    blames: list[Blame] = []
    for finding in findings:
        for case in finding.cases:
            if case.task.key == task.key and not _is_told(finding.kind, blames):
                blames.append(Blame(finding.kind, case.words))
    return blames


def _is_told(kind: str, blames: Iterable[Blame]) -> bool:
    return kind in WANT_OF_PROOF and any(each.kind in WANT_OF_PROOF for each in blames)
