"""The SMTP server in this process, on a thread of its own: aiosmtpd with faults."""

import asyncio
import ssl
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from threading import Condition
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.mail_server.letters import Ledger, Letter
from tests.mail_server.loop import LoopThread


@dataclass(frozen=True)
class Faults:
    """What goes wrong with the next transaction; each is an answer ("450 Later") or a mishap.

    `cut` ends the connection: "at_data" before the letter came, "after_data" when it had come
    and was kept, "before_answer" at once when the client greets. `wait` are real seconds before
    the letter is answered.
    """

    mail: str | None = None
    rcpt: str | None = None
    data: str | None = None
    cut: str | None = None
    wait: float = 0.0


class _Smtp(SMTP):
    """aiosmtpd that can hang up."""

    desk: "MailServerOfTests"
    number: int

    async def smtp_DATA(self, arg: str) -> None:
        if self.desk.fault.cut == "at_data":
            self.desk.next_fault()
            assert self.transport is not None
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class MailServerOfTests:
    """`with MailServerOfTests() as server:` fails at the end on an e-mail that no test took."""

    def __init__(
        self,
        ledger: Path | None = None,
        *,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        encrypted: bool = False,
        users: dict[str, str] | None = None,
        refuses_starttls: bool = False,
    ) -> None:
        self.letters: list[Letter] = []
        self.connections = 0
        self.fault = Faults()
        self._faults: deque[Faults] = deque()
        self._ledger = Ledger(ledger) if ledger else None
        self._users = users or {}
        self._refuses_starttls = refuses_starttls
        self._changed = Condition()
        self._taken = 0
        self._protocols: list[_Smtp] = []
        self._loop = LoopThread()
        self._tls, self._encrypted = tls, encrypted
        self.port = port
        self._is_open = False

    def __enter__(self) -> Self:
        self._loop.start()
        self._server = self._loop.run(self._started())
        self.port = int(self._server.sockets[0].getsockname()[1])
        self._is_open = True
        return self

    async def _started(self) -> asyncio.Server:
        return await self._loop.loop.create_server(
            self._protocol,
            "127.0.0.1",
            self.port,
            ssl=self._tls if self._encrypted else None,
        )

    def _protocol(self) -> SMTP:
        self.connections += 1
        options: dict[str, Any] = {"hostname": "tests.example", "loop": self._loop.loop}
        if self._tls and not self._encrypted:
            options["tls_context"] = self._tls
        if self._users:
            needs_starttls = self._tls is not None and not self._encrypted
            options |= {"authenticator": self._sign_in, "auth_require_tls": needs_starttls}
        made = _Smtp(self, **options)
        made.desk, made.number = self, self.connections
        self._protocols.append(made)
        return made

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        if problem is None:
            self.assert_nothing_more()

    @property
    def url(self) -> str:
        """What SMTP_URL would be."""
        return f"smtp://127.0.0.1:{self.port}"

    def goes_wrong(self, *, times: int = 1, **fault: Any) -> None:
        """Programs the next transactions: see Faults."""
        self._faults.extend([Faults(**fault)] * times)
        if self.fault == Faults():
            self.next_fault()

    def next_fault(self) -> None:
        """The mishap of the transaction that comes next."""
        self.fault = self._faults.popleft() if self._faults else Faults()

    def expect(self, to: str, *, within: float = 5.0, **headers: str) -> Letter:
        """The next e-mail, waited for: it must be to this address, with these headers."""
        letter = self.next(within)
        assert letter.to == (to,), f"an e-mail came for {letter.to}"
        found = {name: str(letter.message[name]) for name in headers}
        assert found == headers, f"the e-mail says {found}"
        return letter

    def next(self, within: float = 5.0) -> Letter:
        """The next accepted e-mail, waited for."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._accepted()) > self._taken, within)
            assert len(self._accepted()) > self._taken, "no e-mail came"
            self._taken += 1
            return self._accepted()[self._taken - 1]

    def assert_nothing_more(self) -> None:
        """Fails on an accepted e-mail that no test took."""
        left = [(letter.to, letter.subject) for letter in self._accepted()[self._taken :]]
        assert not left, f"unexpected e-mails: {left}"

    def close(self) -> None:
        """Stops the server; a second time does nothing."""
        if not self._is_open:
            return
        self._is_open = False
        self._loop.run(self._closed())
        self._loop.stop()

    async def _closed(self) -> None:
        self._server.close()
        for protocol in self._protocols:
            if protocol.transport is not None:
                protocol.transport.abort()
        await asyncio.sleep(0)
        await self._server.wait_closed()

    def _accepted(self) -> list[Letter]:
        return [letter for letter in self.letters if letter.accepted]

    def _sign_in(self, *asked: Any) -> AuthResult:
        given = asked[-1]
        assert isinstance(given, LoginPassword)
        name = given.login.decode()
        is_right = self._users.get(name) == given.password.decode()
        return AuthResult(success=is_right, handled=is_right, auth_data=name)

    # What aiosmtpd asks its handler.

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, lines: list[str]
    ) -> list[str]:
        session.host_name = name
        if self._refuses_starttls and "250-STARTTLS" not in lines:
            lines.insert(1, "250-STARTTLS")
        return lines

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.fault.mail:
            return self._answered(self.fault.mail)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.fault.rcpt:
            return self._answered(self.fault.rcpt)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        fault = self.fault
        self.next_fault()
        await asyncio.sleep(fault.wait)
        answer = fault.data or "250 Taken"
        self._keep(_letter(server, session, envelope, answer))
        if fault.cut == "after_data":
            assert server.transport is not None
            server.transport.abort()
        return answer

    def _answered(self, answer: str) -> str:
        self.next_fault()
        return answer

    def _keep(self, letter: Letter) -> None:
        with self._changed:
            if self._ledger:
                self._ledger.write(letter)
            self.letters.append(letter)
            self._changed.notify_all()


def _letter(server: SMTP, session: Session, envelope: Envelope, answer: str) -> Letter:
    source = envelope.content
    assert isinstance(source, bytes)
    assert isinstance(server, _Smtp)
    return Letter(
        sender=str(envelope.mail_from),
        to=tuple(envelope.rcpt_tos),
        source=source.decode("ascii"),
        answer=answer,
        connection=server.number,
        private=session.ssl is not None,
        user=session.auth_data if session.authenticated else None,
        at=time.time(),
    )
