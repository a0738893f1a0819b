"""A batch is kept in one transaction, and each command in it fares as if it had come alone."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from apiflask import APIFlask
from flask import current_app
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from tests.day import photo_proof
from tests.factories import crew_of_a_daycare, proof
from tests.statements import statements
from tests.views.api_day import ApiDay
from webapp.extensions import db
from webapp.models import Blob, Command, Event
from webapp.services import commands, record

STEPS = tuple((f"Step {number}", proof("note")) for number in range(1, 13))


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def monday(stored, clock):
    app: APIFlask = current_app._get_current_object()
    return ApiDay(app, stored, clock, crew_of_a_daycare(stored, clock.now()), steps=STEPS)


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json
    return [each["code"] for each in answer.json["results"]]


def kept(day: ApiDay) -> list[str]:
    day.session.rollback()
    return sorted(day.session.scalars(select(Command.id)))


def closings(day: ApiDay) -> list[str]:
    """The steps that the record says were done, as often as it says so."""
    query = select(Event.subject).where(Event.kind == "step.done").order_by(Event.seq)
    return list(day.session.scalars(query))


def is_whole(day: ApiDay) -> bool:
    found = record.verify(day.session, day.crew.org_id)
    return type(found).__name__ == "Verified"


def failing_at(monkeypatch: pytest.MonkeyPatch, number: int, error: BaseException) -> list[int]:
    """From here on the command of this number fails, once and so."""
    real, calls = commands.carry_out, []

    def carry_out(*given: Any, **more: Any) -> Command:
        calls.append(1)
        done = real(*given, **more)
        if len(calls) == number:
            raise error
        return done

    monkeypatch.setattr(commands, "carry_out", carry_out)
    return calls


def test_a_batch_is_one_transaction_and_what_the_device_says_another(monday):
    ended: list[object] = []
    tell = ended.append
    sent = [monday.command(n) for n in range(1, 13)]
    monday.browser("ana")
    event.listen(db.engine, "commit", tell)
    answer = monday.sync("ana", *sent)
    event.remove(db.engine, "commit", tell)
    assert codes(answer) == ["done"] * 12
    assert len(ended) == 2
    assert closings(monday) == [step.id for step in monday.step.run.step_runs]
    assert is_whole(monday)


def test_a_step_that_nobody_was_asked_for_costs_no_statement_of_its_own(monday):
    """Proofs, steps and commands are written together, each kind in one."""
    small, large = ([monday.command(n, seq=n) for n in of] for of in ((1, 2, 3), range(4, 12)))
    with statements(monday.session) as of_three:
        monday.sync("ana", *small)
    with statements(monday.session) as of_eight:
        monday.sync("ana", *large)
    assert len(of_eight) - len(of_three) <= 2, "the run is closed with the last of them"


def test_one_that_is_refused_leaves_what_came_before_and_after_it(monday):
    sent = [monday.command(n) for n in (1, 2, 3, 4)]
    sent[1] |= {"kind": "not_applicable", "reason": "No."}
    sent[2] |= {"proof": photo_proof(b"of a step that asks for a note")}
    assert codes(monday.sync("ana", *sent))[0::3] == ["done", "done"]
    assert kept(monday) == sorted(each["id"] for each in sent)
    first, *_, last = monday.step.run.step_runs[:4]
    assert closings(monday) == [first.id, last.id]
    assert monday.session.scalars(select(Blob)).all() == []
    assert is_whole(monday)


def test_what_was_killed_in_its_midst_left_nothing_and_comes_again_whole(monday, monkeypatch):
    sent = [monday.command(n) for n in (1, 2, 3)]
    with monkeypatch.context() as patch:
        failing_at(patch, 2, Killed())
        with pytest.raises(Killed):
            monday.sync("ana", *sent)
    assert kept(monday) == []
    assert closings(monday) == []
    assert codes(monday.sync("ana", *sent)) == ["done"] * 3
    assert codes(monday.sync("ana", *sent)) == ["done"] * 3
    assert len(closings(monday)) == 3
    assert is_whole(monday)


def test_what_one_transaction_cannot_take_is_gone_through_singly(monday, monkeypatch):
    waits = OperationalError("UPDATE", {}, Exception("deadlock detected"))
    calls = failing_at(monkeypatch, 2, waits)
    assert codes(monday.sync("ana", *[monday.command(n) for n in (1, 2, 3)])) == ["done"] * 3
    assert len(calls) == 5
    assert len(closings(monday)) == 3
    assert is_whole(monday)


def test_the_same_id_twice_in_a_batch_is_carried_out_once(monday):
    first, second = monday.command(1), monday.command(2)
    other = second | {"id": first["id"]}
    assert codes(monday.sync("ana", first, first, other)) == ["done", "done", "id_reused"]
    assert closings(monday) == [monday.step.run.step_runs[0].id]


def test_what_one_command_did_to_a_step_the_next_one_sees(monday):
    cannot = monday.command(1, kind="cannot_do", reason="I have to leave.", proof=None)
    answer = monday.sync("ana", cannot, monday.command(1), monday.command(1))
    together = codes(answer)
    cannot = monday.command(2, kind="cannot_do", reason="I have to leave.", proof=None)
    singly = [codes(monday.sync("ana", cannot))[0]]
    singly += [codes(monday.sync("ana", monday.command(2)))[0] for _ in range(2)]
    assert together == singly
    assert together[0] == "handed_on"
    moved = [(len(step.handoffs), step.state) for step in monday.step.run.step_runs[:2]]
    assert moved[0] == moved[1]


def test_two_phones_that_send_the_same_steps_at_once_both_get_their_receipts(monday):
    app: APIFlask = current_app._get_current_object()
    batches = [
        [monday.command(n) for n in range(1, 13)],
        [monday.command(n) for n in range(12, 0, -1)],
    ]
    browsers = [monday.browser("ana")]
    monday.signs_in_again("ana")
    browsers.append(monday.browser("ana"))
    moment = monday.clock.now().isoformat()
    monday.session.commit()

    def send(number: int) -> list[str]:
        whole = {"batch": "b", "device": f"phone-{number}", "sent_at": moment}
        with app.app_context():
            return codes(
                browsers[number].post("/api/v1/sync", json=whole | {"commands": batches[number]})
            )

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(send, (0, 1)))
    monday.session.rollback()
    assert sorted(found[0] + found[1]) == ["already_done"] * 12 + ["done"] * 12
    assert len(closings(monday)) == 12
    assert is_whole(monday)


def test_an_event_noted_in_vain_is_forgotten_and_those_before_it_are_not(monday):
    session, org, now = monday.session, monday.crew.org_id, monday.clock.now()
    before = record.head(session, org)[0]
    record.note(session, org, now, "first", "baton", "x", {})
    with suppress(ValueError), record.attempt(session):
        record.note(session, org, now, "second", "baton", "x", {})
        raise ValueError("in vain")
    with record.attempt(session):
        record.note(session, org, now, "third", "baton", "x", {})
    assert record.head(session, org)[0] == before
    session.commit()
    assert [each.kind for each in record.events(session, org, before, 9)] == ["first", "third"]
