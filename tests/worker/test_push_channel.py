"""Of one push service only so much is under way; one that is stuck holds up no other."""

from datetime import UTC, datetime

import pytest

from worker.message import Push
from worker.outbox import Row, Target
from worker.parcels import PushParcel
from worker.push import channel
from worker.push.outcome import Outcome

SLOW, GOOD = "https://slow.example/x", "https://good.example/x"
OK = Outcome("accepted", 201)
NOW = datetime(2026, 11, 23, tzinfo=UTC)


class Senders:
    """Keeps what it is given; the test says what becomes of it."""

    def __init__(self, halves, told, processes) -> None:
        self.told, self.jobs = told, []

    def submit(self, jobs) -> None:
        self.jobs += jobs

    def addresses(self) -> list[str]:
        return [job.letter.subscription.endpoint for job in self.jobs]

    def answers(self, outcome: Outcome = OK) -> None:
        """The oldest letter comes to its end."""
        self.told(self.jobs.pop(0).number, outcome)


@pytest.fixture
def desk(monkeypatch):
    monkeypatch.setattr(channel, "Senders", Senders)
    monkeypatch.setattr(channel, "OF_ONE_ORIGIN", 2)
    monkeypatch.setattr(channel, "STUCK_AFTER", 1000.0)
    ended = []
    made = channel.PushChannel(lambda: None, lambda parcel, sent: ended.append((parcel, sent)))
    made.ended = ended
    return made


def parcel(*addresses: str) -> PushParcel:
    row = Row("m", "o", "p", "handoff", None, None, 1, {}, NOW, None, 1, "lease")
    targets = tuple(Target(address, f"device-{n}") for n, address in enumerate(addresses))
    push = Push(b"{}", "high", "topic")
    return PushParcel((row,), targets, push, 60, "mailto:a@b.example")


def ours(lease: str) -> float:
    return 100.0


def outcomes(desk) -> list[list[str]]:
    return [[outcome.kind for _, outcome in sent] for _, sent in desk.ended]


def test_of_one_origin_only_so_many_are_under_way_and_another_is_not_kept_waiting(desk):
    desk.send([parcel(SLOW) for _ in range(4)] + [parcel(GOOD)], ours)
    assert sorted(desk._senders.addresses()) == [GOOD, SLOW, SLOW]


def test_what_waits_goes_out_as_soon_as_there_is_room(desk):
    desk.send([parcel(SLOW) for _ in range(3)], ours)
    desk._senders.answers()
    desk.move(ours)
    assert outcomes(desk) == [["accepted"]]
    assert len(desk._senders.jobs) == 2


def test_what_waits_for_an_origin_that_is_stuck_is_put_off(desk, monkeypatch):
    desk.send([parcel(SLOW) for _ in range(4)] + [parcel(GOOD)], ours)
    monkeypatch.setattr(channel, "STUCK_AFTER", -1.0)
    desk.move(ours)
    assert outcomes(desk) == [["put_off"], ["put_off"]]
    assert len(desk._senders.jobs) == 3


def test_a_parcel_ends_when_each_of_its_devices_has_an_outcome(desk):
    desk.send([parcel(SLOW, GOOD)], ours)
    desk._senders.answers()
    assert desk.ended == []
    desk._senders.answers(Outcome("gone", 410, reason="gone"))
    assert outcomes(desk) == [["accepted", "gone"]]


def test_nothing_is_begun_so_late_that_the_lease_may_be_over(desk):
    desk.send([parcel(GOOD)], ours)
    assert desk._senders.jobs[0].start_by == 100.0 - channel.MARGIN


def test_whom_something_was_sent_to_is_not_forgotten_while_another_thread_takes_note(
    desk, monkeypatch
):
    monkeypatch.setattr(channel, "REMEMBERED", 0)
    held = []

    class Watched(dict):
        def items(self):
            held.append(desk._lock.locked())
            return super().items()

    desk._told = Watched(p=NOW)
    desk._remember(["q"], NOW)
    assert held == [True]
    assert desk._told == {"p": NOW, "q": NOW}
    assert not desk._lock.locked()
