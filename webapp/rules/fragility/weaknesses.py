"""What can be weak about a recurring task, and how each weakness is said."""

from collections.abc import Callable
from typing import NamedTuple

from webapp.rules.fragility.task import HIGH, LUCK, OUTSIDE, PROOF, TAP, TOLD, Share, Task
from webapp.rules.sentences import N_, Forms, n_, say


class Weakness(NamedTuple):
    """`known`: whether it can be told of a task; `true_of`: whether it is so; `words` say why."""

    kind: str
    known: Callable[[Task], bool]
    true_of: Callable[[Task], bool]
    sentence: Forms
    words: Callable[[Task], str]


KNOWN_BY = {
    TOLD: N_("Somebody would say so, or not."),
    OUTSIDE: N_("A customer or an inspector would notice first."),
    LUCK: N_("Nobody would notice for days."),
    TAP: N_("A tap closes it, and nothing shows what was done."),
}
NOTICED_BY = {
    OUTSIDE: N_("A customer noticed the last miss."),
    LUCK: N_("The last miss was noticed by chance."),
}


def _who_words(task: Task) -> str:
    return say("%(who)s does it.", who=task.who) if task.who else ""


def cover_words(task: Task) -> str:
    """Who takes over, where somebody does."""
    return say("%(who)s takes over.", who=task.stand_in) if task.stand_in else ""


def _proof_words(task: Task) -> str:
    return KNOWN_BY.get(task.known_by or "", "")


def _luck_words(task: Task) -> str:
    return NOTICED_BY.get(task.noticed_by or "", "") or _proof_words(task)


def _owner_words(task: Task) -> str:
    if task.fell and task.fell.num:
        return say("%(num)s of %(of)s runs ended there.", num=task.fell.num, of=task.fell.of)
    if task.who_is_owner:
        return N_("The owner does it.")
    if task.stand_in_is_owner:
        return N_("The owner takes over.")
    return N_("It landed there in the last two weeks.")


def _missed_words(task: Task) -> str:
    if task.missed:
        return say("%(num)s of %(of)s runs were missed.", num=task.missed.num, of=task.missed.of)
    return ""


def _uncovered_words(task: Task) -> str:
    ahead = task.uncovered or Share(0, 0)
    return say("%(num)s of %(of)s runs ahead.", num=ahead.num, of=ahead.of)


def _leaves_nothing(task: Task) -> bool:
    return task.known_by != PROOF


def _falls_to_owner(task: Task) -> bool:
    fell = bool(task.fell_lately) or bool(task.fell and task.fell.num)
    return task.who_is_owner or task.stand_in_is_owner or fell


def _by_luck(task: Task) -> bool:
    return task.known_by in (LUCK, OUTSIDE) or task.noticed_by in (LUCK, OUTSIDE)


# In the order in which they are told when nothing else decides.
WEAKNESSES = (
    Weakness(
        "no_backup",
        lambda task: task.stand_in is not None,
        lambda task: not task.stand_in,
        n_(
            "%(num)s of %(all)s recurring tasks has nobody named to take over.",
            "%(num)s of %(all)s recurring tasks have nobody named to take over.",
        ),
        _who_words,
    ),
    Weakness(
        "nobody",
        lambda task: task.who is not None,
        lambda task: not task.who,
        n_(
            "%(num)s of %(all)s recurring tasks belongs to nobody in particular.",
            "%(num)s of %(all)s recurring tasks belong to nobody in particular.",
        ),
        cover_words,
    ),
    Weakness(
        "harm_without_proof",
        lambda task: task.harm == HIGH and task.known_by is not None,
        _leaves_nothing,
        n_(
            "%(num)s of %(all)s recurring tasks that can do serious harm leaves no proof.",
            "%(num)s of %(all)s recurring tasks that can do serious harm leave no proof.",
        ),
        _proof_words,
    ),
    Weakness(
        "by_luck",
        lambda task: task.known_by is not None,
        _by_luck,
        n_(
            "%(num)s of %(all)s recurring tasks could be missed without anyone inside noticing.",
            "%(num)s of %(all)s recurring tasks could be missed without anyone inside noticing.",
        ),
        _luck_words,
    ),
    Weakness(
        "unreached",
        lambda task: task.reaches is not None,
        lambda task: not task.reaches,
        n_(
            "For %(num)s of %(all)s recurring tasks no phone would tell anyone before the owner.",
            "For %(num)s of %(all)s recurring tasks no phone would tell anyone before the owner.",
        ),
        _who_words,
    ),
    Weakness(
        "falls_to_owner",
        lambda task: task.who is not None or task.fell is not None,
        _falls_to_owner,
        n_(
            "%(num)s of %(all)s recurring tasks falls to the owner.",
            "%(num)s of %(all)s recurring tasks fall to the owner.",
        ),
        _owner_words,
    ),
    Weakness(
        "missed",
        lambda task: task.was_missed is not None or task.missed is not None,
        lambda task: bool(task.was_missed) or bool(task.missed and task.missed.num),
        n_(
            "%(num)s of %(all)s recurring tasks was missed in the last month.",
            "%(num)s of %(all)s recurring tasks were missed in the last month.",
        ),
        _missed_words,
    ),
    Weakness(
        "uncovered",
        lambda task: task.uncovered is not None,
        lambda task: bool(task.uncovered and task.uncovered.num),
        n_(
            "For %(num)s of %(all)s recurring tasks only the owner is there on some day ahead.",
            "For %(num)s of %(all)s recurring tasks only the owner is there on some day ahead.",
        ),
        _uncovered_words,
    ),
    Weakness(
        "never_verified",
        lambda task: task.known_by is not None,
        _leaves_nothing,
        n_(
            "%(num)s of %(all)s recurring tasks leaves nothing that shows it was done.",
            "%(num)s of %(all)s recurring tasks leave nothing that shows they were done.",
        ),
        _proof_words,
    ),
)
