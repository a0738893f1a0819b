"""A real SMTP server for tests, with faults, and a ledger that outlives a kill."""

from tests.mail_server.letters import Letter
from tests.mail_server.remote import RemoteMailServer
from tests.mail_server.service import MailServerOfTests

__all__ = ["Letter", "MailServerOfTests", "RemoteMailServer"]
