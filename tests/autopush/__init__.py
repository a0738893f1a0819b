"""A push service for a real Firefox: Mozilla's WebSocket protocol, and the endpoint of RFC 8030."""

from tests.autopush.mailbox import Mailbox, Notice
from tests.autopush.service import Autopush

__all__ = ["Autopush", "Mailbox", "Notice"]
