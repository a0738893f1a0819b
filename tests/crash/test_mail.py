"""E-mail by real processes: a worker killed while sending loses none, and repeats the same one."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.crash.morning import KILLED, Morning
from tests.mail_server import RemoteMailServer
from tests.push_service import RemotePushService
from tests.stack import Stack, until
from webapp.models import OutboxMessage
from worker.outbox import LEASE


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[RemoteMailServer]:
    """The mail server, in a process of its own."""
    with RemoteMailServer(tmp_path / "letters.jsonl") as server:
        yield server


@pytest.fixture
def stack(tmp_path: Path, mail: RemoteMailServer) -> Iterator[Stack]:
    """An installation that can send e-mail."""
    environ = {"SMTP_URL": mail.url, "BATON_MAIL_FROM": "Baton <baton@baton.example>"}
    with Stack(tmp_path, environ=environ) as installed:
        yield installed


class MailedMorning(Morning):
    """A morning of people who have no phone."""

    mail: RemoteMailServer

    def _phone(self, *_: Any) -> Any:
        return None

    def mails(self, who: str, times: int = 1) -> None:
        """Waits until this person was mailed so often, and the outbox knows."""
        until(lambda: self.letters()[who] >= times, f"{who} is mailed {times} times")
        waiting = select(OutboxMessage.id).where(OutboxMessage.next_attempt_at.is_not(None))
        until(lambda: self._one(waiting) is None, "every message is settled")

    def letters(self) -> Counter[str]:
        """How many e-mails came for each person."""
        return Counter(to.partition("@")[0] for each in self.mail.letters for to in each.to)


@pytest.fixture
def morning(
    stack: Stack, mail: RemoteMailServer, remote_push_service: RemotePushService
) -> MailedMorning:
    """The daycare, before anything runs."""
    made = MailedMorning(stack, remote_push_service)
    made.mail = mail
    return made


@pytest.mark.parametrize("point", ["after_lease", "after_send"])
def test_a_worker_killed_while_mailing_leaves_the_e_mail_to_the_next(
    morning: MailedMorning, point: str
):
    stack = morning.stack
    stack.start("redis", "clock")
    morning.opens()
    morning.comes_due_for("ben")
    morning.reaches_level(1)
    stack.start("worker", BATON_FAILPOINT=point)
    assert stack.wait_for_end("worker") == KILLED
    sent = 1 if point == "after_send" else 0
    assert morning.letters() == Counter({"ben": sent} if sent else {})
    stack.start("worker")
    morning.advance(seconds=LEASE.total_seconds())
    morning.mails("ben", times=sent + 1)
    for who in ("fay", "olivia"):
        morning.comes_due_for(who)
        morning.mails(who)
    assert morning.letters() == Counter(ben=sent + 1, fay=1, olivia=1)
    ids = Counter(letter.id for letter in morning.mail.letters)
    assert sorted(ids.values()) == [1, 1, sent + 1]
    with stack.database() as session:
        rows = session.execute(select(OutboxMessage.channel, OutboxMessage.outcome)).all()
    assert Counter(map(tuple, rows)) == Counter(
        {("push", "no_device"): 3, ("email", "accepted"): 3}
    )
