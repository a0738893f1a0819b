"""Handing letters in at the operator's mail server, over one connection while they keep coming."""

import smtplib
import ssl
import threading
import time
from collections.abc import Callable
from email.message import EmailMessage

from webapp.mail_server import MailServer
from worker.push.outcome import Outcome

# Seconds for each wait on the server; a letter takes ten such waits at the very most.
PATIENCE = 10.0
# A server that could not be spoken to is left alone for so long: the letters that wait behind
# the first need not each find out, and a wrong password is not tried until the account locks.
REST = {"mail_unreachable": 5.0, "mail_tls": 60.0, "mail_no_tls": 60.0, "mail_sign_in": 60.0}


class MailTrouble(Exception):
    """The server itself cannot be used; `reason` is one short code of `REST`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MailSender:
    """Safe to share between threads: letters are handed in one after the other.

    All exceptions of smtplib and ssl are OSErrors.
    """

    def __init__(
        self,
        server: MailServer,
        *,
        tls: ssl.SSLContext | None = None,
        patience: float = PATIENCE,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._server, self._patience, self._timer = server, patience, timer
        self._tls = tls or ssl.create_default_context()
        self._lock = threading.Lock()
        self._open: smtplib.SMTP | None = None
        self._trouble: tuple[str, float] | None = None

    def send(self, letter: EmailMessage, to: str) -> Outcome:
        """What the mail server said of a letter to this ASCII address; a failure is an outcome too.

        accepted: it answers for the letter now. retry: not now, or it can't be spoken to.
        refused: the same letter would fail again (RFC 5321 section 4.2.1).
        """
        with self._lock:
            try:
                return self._hand_in(_as_lines(letter), to)
            except MailTrouble as trouble:
                return Outcome("retry", reason=trouble.reason)

    def greet(self) -> None:
        """Connect, agree on TLS and sign in, but send nothing; MailTrouble when that fails."""
        with self._lock:
            self._leave()
            self._connection()
            self._leave()

    def close(self) -> None:
        """Say good-bye to the server, if it is still there."""
        with self._lock:
            self._leave()

    def _hand_in(self, letter: bytes, to: str) -> Outcome:
        try:
            outcome = self._transaction(self._connection(), letter, to)
        except OSError:
            self._forget()
            return Outcome("retry", reason="mail_cut_off")
        if outcome.kind != "accepted":
            self._leave()  # simplest begun anew, whatever is left of the transaction
        return outcome

    def _transaction(self, server: smtplib.SMTP, letter: bytes, to: str) -> Outcome:
        code, _ = server.mail(self._server.sender)
        if not _is_fine(code):
            return Outcome("retry", code, reason="mail_sender")
        code, _ = server.rcpt(to)
        if not _is_fine(code):
            return _denied(code, "mailbox")
        try:
            code, _ = server.data(letter)
        except smtplib.SMTPDataError as error:
            code = error.smtp_code
        return Outcome("accepted", code) if _is_fine(code) else _denied(code, "mail")

    def _connection(self) -> smtplib.SMTP:
        """The open connection, or a new one; MailTrouble when there is none to be had."""
        if self._open is not None and not _is_there(self._open):
            self._forget()
        if self._open is None:
            self._rest()
            try:
                self._open = self._connected()
            except MailTrouble as trouble:
                self._trouble = trouble.reason, self._timer() + REST[trouble.reason]
                raise
            self._trouble = None
        return self._open

    def _rest(self) -> None:
        if self._trouble and self._timer() < self._trouble[1]:
            raise MailTrouble(self._trouble[0])

    def _connected(self) -> smtplib.SMTP:
        try:
            server = self._greeted()
        except ssl.SSLError as error:
            raise MailTrouble("mail_tls") from error
        except OSError as error:
            raise MailTrouble("mail_unreachable") from error
        try:
            self._prepare(server)
        except BaseException:
            server.close()
            raise
        return server

    def _greeted(self) -> smtplib.SMTP:
        host, port = self._server.host, self._server.port
        if self._server.encrypted:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=self._patience, context=self._tls
            )
        else:
            server = smtplib.SMTP(host, port, timeout=self._patience)
        server.ehlo_or_helo_if_needed()
        return server

    def _prepare(self, server: smtplib.SMTP) -> None:
        try:
            self._begin_tls(server)
        except (ssl.SSLError, smtplib.SMTPResponseException) as error:
            raise MailTrouble("mail_tls") from error
        except OSError as error:
            raise MailTrouble("mail_unreachable") from error
        try:
            if self._server.user is not None:
                server.login(self._server.user, self._server.password or "")
        except smtplib.SMTPServerDisconnected as error:
            raise MailTrouble("mail_unreachable") from error
        except (smtplib.SMTPException, UnicodeError) as error:
            raise MailTrouble("mail_sign_in") from error
        except OSError as error:
            raise MailTrouble("mail_unreachable") from error

    def _begin_tls(self, server: smtplib.SMTP) -> None:
        """STARTTLS where it is offered; a password is never sent without (RFC 8314 section 4)."""
        if self._server.encrypted or not self._server.may_start_tls:
            return
        if server.has_extn("starttls"):
            server.starttls(context=self._tls)
            server.ehlo()
        elif self._server.must_start_tls:
            raise MailTrouble("mail_no_tls")

    def _leave(self) -> None:
        if self._open is not None:
            try:
                self._open.quit()
            except OSError:
                self._open.close()
            self._open = None

    def _forget(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


def _as_lines(letter: EmailMessage) -> bytes:
    return letter.as_bytes(policy=letter.policy.clone(linesep="\r\n"))


def _is_fine(code: int) -> bool:
    return 200 <= code < 300


def _is_there(server: smtplib.SMTP) -> bool:
    """Whether a connection that was kept is still open: servers end idle ones."""
    try:
        return _is_fine(server.noop()[0])
    except OSError:
        return False


def _denied(code: int, what: str) -> Outcome:
    """5xx is for good, anything else may pass (RFC 5321 section 4.2.1)."""
    if code >= 500:
        return Outcome("refused", code, reason=f"{what}_refused")
    return Outcome("retry", code, reason=f"{what}_busy")
