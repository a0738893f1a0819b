"""What the server in memory answers to each request."""

import contextlib
import hashlib
import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser.facts import MARA, iso
from tests.browser.pages import CSP, JOIN, SHELLS, STATIC, WORKER, precache, shell
from webapp.joined import served

if TYPE_CHECKING:
    from tests.browser.fake_server import FakeServer

TYPES = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}


class Answers(BaseHTTPRequestHandler):
    """One request, answered as `fake` behaves now."""

    fake: "FakeServer"
    # Connections are kept, as real servers do; nothing waits for an acknowledgement.
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None: ...

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # the browser left the page meanwhile
            super().handle()

    def reply(self, status: int, body: Any = None, headers: dict[str, str] | None = None) -> None:
        kind = "application/json" if status < 400 else "application/problem+json"
        self.raw(status, json.dumps(body).encode(), kind, headers)

    def raw(
        self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.fake.way == "stalled":
            self.wfile.write(body[:1])
            self.fake.closing.wait()
        elif self.fake.sync_way == "cut" and self.path.endswith("/sync"):
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif self.command != "HEAD":
            self.wfile.write(body)

    def handle_one(self) -> None:
        path = self.path.split("?")[0]
        length = int(self.headers.get("Content-Length") or 0)
        self.fake.log.append(f"{self.command} {path}")
        way = self.fake.way
        if way == "down" or (path.endswith("/sync") and self.fake.sync_way == "down"):
            self.close_connection = True
            return
        body = self.rfile.read(length)
        captive = way == "captive" or (path.endswith("/sync") and self.fake.sync_way == "captive")
        if captive:
            self.raw(200, b"<html>Free Wi-Fi: accept the terms</html>", "text/html")
        elif path.startswith("/api/v1/"):
            self.api(path.removeprefix("/api/v1/"), body)
        else:
            self.page(path)

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = do_PATCH = handle_one  # noqa: N815

    def page(self, path: str) -> None:
        first = path.split("/")[1]
        if first in SHELLS:
            return self.raw(200, shell(first), "text/html")
        if path == "/sign-out" and self.command == "POST":
            self.fake.way = "signed_out"
            return self.raw(303, b"", "text/plain", {"Location": "/sign-in"})
        if path == "/sign-in":
            return self.raw(200, b"<title>Sign in</title><h1>Sign in</h1>", "text/html")
        if path == "/offline":
            return self.raw(200, b"<title>No connection</title><h1>No connection</h1>", "text/html")
        if path == "/join":
            return self.raw(200, JOIN.encode(), "text/html")
        if path == "/sw.js":
            source = (WORKER / "main.js").read_text() + f"self.version = '{self.fake.version}';"
            return self.raw(200, source.encode(), "text/javascript")
        if path == "/sw/precache.js":
            return self.raw(200, precache(self.fake.version).encode(), "text/javascript")
        if path.startswith("/sw/"):
            return self.file(WORKER / path.removeprefix("/sw/"))
        if path.startswith("/static/words/"):
            return self.reply(200, self.fake.words.get(Path(path).stem, {}))
        if path.startswith("/static/"):
            return self.static(path.removeprefix("/static/"))
        return self.raw(404, b"nothing", "text/plain")

    def static(self, name: str) -> None:
        """Scripts and styles as the real server makes them."""
        text = None if f"/static/{name}" in self.fake.lost_files else served(STATIC, name)
        if text is None:
            return self.file(STATIC / name)
        return self.raw(200, text.encode(), TYPES[Path(name).suffix])

    def file(self, path: Path) -> None:
        if not path.is_file() or self.path.split("?")[0] in self.fake.lost_files:
            return self.raw(404, b"nothing", "text/plain")
        return self.raw(200, path.read_bytes(), TYPES.get(path.suffix, "text/plain"))

    def api(self, path: str, body: bytes) -> None:
        fake = self.fake
        if fake.way == "signed_out":
            return self.reply(401, {"code": "sign_in_required", "detail": "Sign in first."})
        if self.command != "GET" and self.command != "HEAD" and not self.headers["Baton-Client"]:
            return self.reply(403, {"code": "no_client_header", "detail": "Refused."})
        if self.headers.get("Baton-Person", fake.person["id"]) != fake.person["id"]:
            return self.reply(409, {"code": "other_person", "detail": "Sign in as them."})
        if path.startswith("blobs/"):
            return self.blob(path.removeprefix("blobs/"), body)
        data: Any = json.loads(body) if body else None
        if self.command == "POST":
            fake.posts.append((path, data))
        if path == "today" and fake.today_way == "fails":
            return self.reply(500, {"code": "unexpected", "detail": "Something failed."})
        if path == "today":
            organisation = {"id": "O1", "name": "Little Oaks"}
            now = {"server_time": iso(), "person": fake.person, "organisation": organisation}
            return self.reply(200, now | {"runs": fake.runs, "away": fake.away})
        if path.startswith("absences/") and fake.away:
            fake.away["absences"].remove(path.removeprefix("absences/"))
            fake.away = fake.away if fake.away["absences"] else None
            return self.reply(200, {"came_back": 1})
        if path == f"people/{fake.person['id']}" and self.command == "PATCH":
            fake.person |= data
            return self.reply(200, fake.person)
        if path == "sync":
            return self.sync(data)
        found = [r for r in fake.runs + fake.other_runs if path == f"runs/{r['id']}"]
        if found:
            return self.reply(200, found[0])
        if path.startswith("reviews/") and (data or fake.review):
            return self.reviews(data)
        if path == "push-key":
            return self.reply(200, {"key": "BA" + "A" * 85})
        if path == "push-subscriptions" and fake.subscriptions:
            return self.reply(201, fake.subscriptions.pop(0))
        if path.startswith("test-messages"):
            return self.reply(200, {"id": "M1"} | fake.test_message)
        if path == "invitations/peek":
            who = {"person": "Ana", "organisation": "Little Oaks", "role": "staff"}
            good = data["secret"] == "good"
            return self.reply(200, who) if good else self.reply(404, {"code": "not_found"})
        if path == "receipts":
            return self.raw(204, b"", "text/plain")
        return self.reply(404, {"code": "not_found", "detail": "There is nothing here."})

    def sync(self, data: dict[str, Any]) -> None:
        fake, commands = self.fake, data["commands"]
        fake.batches.append([c["step_run"] for c in commands])
        if any(c["step_run"] in fake.poison for c in commands):
            return self.reply(422, {"code": "invalid", "detail": "A field is wrong."})
        results = [fake.apply(c) for c in commands]
        if commands and fake.sync_way == "fails_after":
            return self.reply(500, {"code": "unexpected", "detail": "Something failed."})
        missing = [h for h in fake.wanted if len(fake.blobs.get(h, b"")) != fake.lengths.get(h)]
        answer = {"batch": data["batch"], "server_time": iso(), "results": results}
        return self.reply(
            200, answer | {"missing_blobs": missing, "signed_off": fake.signed_off, "cursor": "1"}
        )

    def reviews(self, decision: dict[str, Any] | None) -> None:
        fake = self.fake
        if self.command == "DELETE" and fake.review:
            fake.review |= {"decided": None, "undo_until": None, "position": 1}
        if decision is None or self.command == "DELETE":
            return self.reply(200, fake.review)
        if fake.review_problem:
            return self.reply(409, fake.review_problem)
        assert fake.review
        by = {"by": MARA, "at": iso(), "reason": decision["reason"]}
        told = {"decision": decision["decision"]} | by
        fake.review |= {"decided": told, "undo_until": fake.undo_until, "position": 0}
        return self.reply(200, fake.review)

    def blob(self, name: str, body: bytes) -> None:
        fake = self.fake
        have = fake.blobs.get(name, b"")
        if self.command == "GET":
            return self.raw(200, have, "image/jpeg")
        if self.command == "HEAD":
            if name not in fake.blobs:
                return self.reply(404)
            whole = "?1" if len(have) == fake.lengths[name] else "?0"
            told = {"Upload-Offset": str(len(have)), "Upload-Length": str(fake.lengths[name])}
            return self.reply(200, None, told | {"Upload-Complete": whole})
        if name in fake.bad_blobs:
            return self.reply(*fake.bad_blobs[name])
        offset, total = (int(self.headers[h]) for h in ("Upload-Offset", "Upload-Length"))
        if fake.break_puts_after is not None and len(fake.puts) >= fake.break_puts_after:
            self.close_connection = True
            return None
        if offset == 0 and fake.lengths.get(name) != total:
            have = b""
        if offset != len(have):
            return self.reply(409, {"code": "offset_conflict", "offset": len(have)})
        fake.puts.append((offset, len(body)))
        fake.blobs[name], fake.lengths[name] = have + body, total
        return self.stored(name, total)

    def stored(self, name: str, total: int) -> None:
        fake, have = self.fake, self.fake.blobs[name]
        complete = len(have) == total
        steps = []
        if complete:
            if hashlib.sha256(have).hexdigest() != name:
                return self.reply(422, {"code": "hash_mismatch", "detail": "Not the same."})
            found = fake.step_of(fake.wanted[name])
            found["state"] = "in_review"
            steps = [{"id": found["id"], "state": "in_review"}]
        place = {"sha256": name, "offset": len(have), "length": total}
        return self.reply(200, place | {"complete": complete, "step_runs": steps})
