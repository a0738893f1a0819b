"""Where recurring work is most fragile: a written read of tasks, the worst first.

The same for what an owner answers in the scan and for an organisation's processes: only what is
known counts, each finding says of how many, and nothing is added up to a score.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from webapp.rules.fragility.by_task import WANT_OF_PROOF, WeakTask, by_task
from webapp.rules.fragility.finding import Case, Finding
from webapp.rules.fragility.task import (
    HIGH,
    LITTLE,
    LUCK,
    OUTSIDE,
    PROOF,
    SOME,
    TAP,
    TOLD,
    Share,
    Task,
)
from webapp.rules.fragility.weaknesses import WEAKNESSES, Weakness, cover_words
from webapp.rules.sentences import Sentence, say_many

__all__ = [
    "HIGH",
    "LITTLE",
    "LUCK",
    "OUTSIDE",
    "PROOF",
    "SOME",
    "TAP",
    "TOLD",
    "Case",
    "Finding",
    "Share",
    "Task",
    "WeakTask",
    "by_task",
    "read",
]

# From so many tasks on, and from this share of all on, one person stands behind everything.
FEWEST_OF_ONE, SHARE_OF_ONE = 3, 0.5
ONE_PERSON = "one_person"
_KINDS = tuple(each.kind for each in WEAKNESSES)
ORDER = (*_KINDS[:2], ONE_PERSON, *_KINDS[2:])


def read(tasks: Sequence[Task]) -> list[Finding]:
    """Return what is fragile, the worst first; nothing when nothing is known to be.

    First what touches most tasks that do serious harm or were missed lately, then what is true of
    most, then in the order of the kinds. The same tasks are not told twice for want of proof.
    """
    found = [*filter(None, (_found(each, tasks) for each in WEAKNESSES)), *_one_person(tasks)]
    found.sort(key=_worst_first)
    return list(_each_mends_another(_told_once(found)))


def _found(weakness: Weakness, tasks: Sequence[Task]) -> Finding | None:
    known = [task for task in tasks if weakness.known(task)]
    true = [task for task in known if weakness.true_of(task)]
    if not true:
        return None
    sentence = say_many(*weakness.sentence, len(true), all=len(known))
    return _finding(weakness.kind, sentence, true, len(known), weakness.words)


def _one_person(tasks: Sequence[Task]) -> Iterator[Finding]:
    """Whoever does three tasks or more, and at least half of all that have somebody."""
    done = [task for task in tasks if task.who]
    for who, count in Counter(task.who for task in done).items():
        if count < FEWEST_OF_ONE or count < SHARE_OF_ONE * len(done):
            continue
        theirs = [task for task in done if task.who == who]
        sentence = say_many(
            "%(who)s alone does %(num)s of %(all)s recurring tasks.",
            "%(who)s alone does %(num)s of %(all)s recurring tasks.",
            count,
            all=len(done),
            who=who,
        )
        yield _finding(ONE_PERSON, sentence, theirs, len(done), cover_words)


def _finding(
    kind: str, sentence: Sentence, tasks: Iterable[Task], of: int, words: Callable[[Task], str]
) -> Finding:
    worst = sorted(tasks, key=lambda task: not task.hurts)
    return Finding(kind, sentence, tuple(Case(task, words(task)) for task in worst), of, worst[0])


def _worst_first(finding: Finding) -> tuple[int, float, int]:
    hurting = sum(case.task.hurts for case in finding.cases)
    return -hurting, -len(finding.cases) / finding.of, ORDER.index(finding.kind)


def _told_once(found: Sequence[Finding]) -> Iterator[Finding]:
    """Leave out that nothing shows it was done where that is said of the same tasks already."""
    said: set[frozenset[str]] = set()
    for finding in found:
        about = frozenset(case.task.key for case in finding.cases)
        if finding.kind in WANT_OF_PROOF:
            if about in said:
                continue
            said.add(about)
        yield finding


def _each_mends_another(found: Iterable[Finding]) -> Iterator[Finding]:
    """Let each finding mend a task that none before it does, where it has one."""
    taken: set[str] = set()
    for finding in found:
        tasks = [case.task for case in finding.cases]
        mend = next((task for task in tasks if task.key not in taken), tasks[0])
        taken.add(mend.key)
        yield replace(finding, mend=mend)
