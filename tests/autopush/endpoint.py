"""The application's side: POST /wpush/<token> of RFC 8030, checked as a real service checks it."""

from http.server import BaseHTTPRequestHandler

from tests.autopush.mailbox import Channel, Mailbox, Notice
from tests.push_service.checks import MAX_BODY, header_violations, vapid_violations


class EndpointHandler(BaseHTTPRequestHandler):
    """One connection, kept alive. `mailbox` and `origin` are set by the service."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave in one piece
    mailbox: Mailbox
    origin: str

    def do_POST(self) -> None:
        """Takes a push."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        kind, _, token = self.path.strip("/").partition("/")
        channel = self.mailbox.channel(token) if kind == "wpush" else None
        if channel is None:
            return self._reply(410 if self.mailbox.is_gone(token) else 404)
        headers = {name.lower(): value for name, value in self.headers.items()}
        if status := self._refusal(channel, headers, body):
            return self._reply(status)
        notice = Notice(
            channel=channel,
            body=body,
            encoding=headers["content-encoding"],
            topic=headers.get("topic"),
            expires_at=self.mailbox.now() + int(headers["ttl"]),
        )
        self.mailbox.post(notice)
        location = f"{self.origin}/message/{notice.version}"
        return self._reply(201, Location=location, TTL=headers["ttl"])

    def _refusal(self, channel: Channel, headers: dict[str, str], body: bytes) -> int:
        authorization = headers.get("authorization", "")
        if vapid_violations(authorization, self.origin):
            return 401
        if channel.key not in (None, authorization.rpartition("k=")[2]):
            return 401
        if header_violations(headers):
            return 400
        return 413 if len(body) > MAX_BODY else 0

    def _reply(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Silent: the mailbox tells."""
