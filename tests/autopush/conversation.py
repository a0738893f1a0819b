"""The browser's side: Mozilla's push protocol, JSON messages on one WebSocket a browser.

What each message holds: mozilla-services.github.io/autopush-rs/architecture.html and the client
in Firefox, dom/push/PushServiceWebSocket.sys.mjs.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection
from websockets.typing import Subprotocol

from tests.autopush.mailbox import Channel, Mailbox, Notice

SUBPROTOCOL = Subprotocol("push-notification")


class Conversation:
    """One connection of one browser, until it hangs up. `endpoint` makes an address of a token."""

    def __init__(
        self, socket: ServerConnection, mailbox: Mailbox, endpoint: Callable[[str], str]
    ) -> None:
        self._socket = socket
        self._mailbox = mailbox
        self._endpoint = endpoint
        self._browser = ""

    def hold(self) -> None:
        """Answers until the browser hangs up."""
        with suppress(ConnectionClosed):
            for text in self._socket:
                self._answer(json.loads(text))
        self._mailbox.disconnect(self._browser, self._deliver)

    def _answer(self, said: dict[str, Any]) -> None:
        kind = said.get("messageType", "ping")
        if kind == "hello":
            self._hello(said)
        elif kind == "register":
            self._register(said["channelID"], said.get("key"))
        elif kind == "unregister":
            self._unregister(said["channelID"])
        elif kind == "ack":
            for update in said["updates"]:
                self._mailbox.acknowledge(update["version"], update["code"])
        elif kind == "nack":
            self._mailbox.acknowledge(said["version"], said["code"])
        elif kind == "ping":
            self._socket.send("{}")

    def _hello(self, said: dict[str, Any]) -> None:
        assert said["use_webpush"], "only the protocol with content is spoken here"
        self._browser = self._mailbox.greet(said.get("uaid"))
        self._say("hello", uaid=self._browser, use_webpush=True, broadcasts={})
        self._mailbox.connect(self._browser, self._deliver)

    def _register(self, channel_id: str, key: str | None) -> None:
        channel = Channel(channel_id, self._browser, key.rstrip("=") if key else None)
        self._mailbox.register(channel)
        endpoint = self._endpoint(channel.token)
        self._say("register", channelID=channel_id, pushEndpoint=endpoint)

    def _unregister(self, channel_id: str) -> None:
        self._mailbox.unregister(self._browser, channel_id)
        self._say("unregister", channelID=channel_id)

    def _deliver(self, notice: Notice) -> None:
        content: dict[str, object] = {
            "messageType": "notification",
            "channelID": notice.channel.id,
            "version": notice.version,
        }
        if notice.body:
            content |= {"data": _text(notice.body), "headers": {"encoding": notice.encoding}}
        with suppress(ConnectionClosed):  # it stays in the mailbox
            self._socket.send(json.dumps(content))

    def _say(self, kind: str, **content: object) -> None:
        self._socket.send(json.dumps({"messageType": kind, "status": 200, **content}))


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
