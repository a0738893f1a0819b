"""A chain is one responsible person, one backup, maybe a fallback, and the owner last."""

from datetime import timedelta

import pytest

from webapp.rules import chain as rules
from webapp.rules.chain import Level

MINUTE = timedelta(minutes=1)


def level(role: str, person: str, minutes: float = 10) -> Level:
    wait = timedelta(0) if role == "assignee" else minutes * MINUTE
    return Level(role, person, person.title(), wait)


ANA, BEN = level("assignee", "ana"), level("backup", "ben", 5)
FAY, OLA = level("fallback", "fay", 20), level("owner", "ola", 30)


@pytest.mark.parametrize(
    "chain",
    [
        pytest.param((ANA, BEN, FAY, OLA), id="four people"),
        pytest.param((ANA, BEN, OLA), id="no fallback"),
        pytest.param((ANA, level("backup", "ben", 0), OLA), id="no grace"),
        pytest.param((ANA, level("backup", "ola"), OLA), id="the owner is also the backup"),
        pytest.param((ANA, BEN, level("fallback", "ola"), OLA), id="the owner is also fallback"),
        pytest.param((level("assignee", "ola"), BEN, OLA), id="the owner is also responsible"),
    ],
)
def test_a_chain_may_be_saved(chain: rules.Chain) -> None:
    assert rules.problems(chain) == []


@pytest.mark.parametrize(
    ("chain", "codes"),
    [
        pytest.param((BEN, OLA), ["no_responsible"], id="nobody is responsible"),
        pytest.param((ANA, OLA), ["no_backup"], id="no backup"),
        pytest.param((ANA, BEN), ["no_owner"], id="no owner"),
        pytest.param((), ["no_responsible", "no_backup", "no_owner"], id="nobody at all"),
        pytest.param(
            (ANA, level("backup", "ana"), OLA), ["backup_is_responsible"], id="backup is himself"
        ),
        pytest.param((ANA, BEN, level("fallback", "ben"), OLA), ["person_twice"], id="twice"),
        pytest.param((ANA, BEN, level("fallback", "ana"), OLA), ["person_twice"], id="a loop"),
        pytest.param(
            (ANA, level("assignee", "amy"), BEN, OLA), ["role_twice"], id="a team is responsible"
        ),
        pytest.param((ANA, BEN, FAY, level("fallback", "flo"), OLA), ["role_twice"], id="two"),
        pytest.param((BEN, ANA, OLA), ["wrong_order"], id="the backup before the responsible"),
        pytest.param((ANA, OLA, BEN), ["no_owner", "wrong_order"], id="the owner not last"),
        pytest.param((ANA, BEN, level("boss", "bo"), OLA), ["role_unknown"], id="unknown role"),
        pytest.param((ANA, level("backup", ""), OLA), ["no_person"], id="a backup without a name"),
        pytest.param((ANA, level("backup", "ben", -1), OLA), ["negative_wait"], id="before due"),
        pytest.param((ANA, level("backup", "ben", 0.5), OLA), ["wait_part_minute"], id="30 s"),
        pytest.param((ANA, level("backup", "ben", 10**6), OLA), ["wait_too_long"], id="2 years"),
        pytest.param(
            (Level("assignee", "ana", "Ana", MINUTE), BEN, OLA),
            ["responsible_waits"],
            id="the responsible waits",
        ),
    ],
)
def test_a_chain_is_refused(chain: rules.Chain, codes: list[str]) -> None:
    assert [problem.code for problem in rules.problems(chain)] == codes


def test_a_refusal_says_what_to_do_and_names_the_person() -> None:
    [problem] = rules.problems((ANA, level("backup", "ana"), OLA))
    assert problem.message == (
        "Ana is both responsible and backup. Name somebody else as the backup."
    )


def test_a_snapshot_gives_the_same_chain_back() -> None:
    chain = (ANA, BEN, FAY, OLA)
    assert rules.from_json(rules.to_json(chain)) == chain
    assert rules.to_json(chain)[1] == {
        "role": "backup",
        "person": "ben",
        "name": "Ben",
        "wait_minutes": 5,
    }


def test_a_snapshot_never_rounds_a_wait() -> None:
    with pytest.raises(ValueError, match="whole minutes"):
        rules.to_json((ANA, level("backup", "ben", 0.5), OLA))
