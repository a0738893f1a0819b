"""A push service for tests: checks what a real one checks, decrypts, and remembers everything."""

from tests.push_service.devices import Subscription
from tests.push_service.ledger import Ledger, Message, collapsed
from tests.push_service.remote import RemotePushService
from tests.push_service.service import PushService

__all__ = [
    "Ledger",
    "Message",
    "PushService",
    "RemotePushService",
    "Subscription",
    "collapsed",
]
