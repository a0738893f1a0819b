"""A server in memory that speaks just enough of /api/v1 to test the browser's side of it."""

import threading
from http.server import ThreadingHTTPServer
from typing import Any, Self

from tests.browser.facts import FAY, iso, opening_check
from tests.browser.fake_answers import Answers


class FakeServer:
    """`way` is how it behaves now: ok, down, captive (200 with a page), signed_out, stalled.

    Stalled, it sends the headers and the first byte of a reply, and never the rest. `sync_way` can
    also be cut (half a reply) or fails_after (500, when all is done).
    """

    def __init__(self) -> None:
        self.answers: type[Answers] = Answers
        self.way = "ok"
        self.sync_way = "ok"
        self.today_way = "ok"
        self.person: dict[str, Any] = {"id": "P2", "name": "Ben", "role": "staff"}
        self.words: dict[str, dict[str, Any]] = {}
        self.away: dict[str, Any] | None = None
        self.runs: list[dict[str, Any]] = [opening_check()]
        self.other_runs: list[dict[str, Any]] = []
        self.received: list[dict[str, Any]] = []
        self.batches: list[list[str]] = []
        self.blobs: dict[str, bytes] = {}
        self.lengths: dict[str, int] = {}
        self.wanted: dict[str, str] = {}
        self.puts: list[tuple[int, int]] = []
        self.break_puts_after: int | None = None
        self.bad_blobs: dict[str, tuple[int, dict[str, Any]]] = {}
        self.poison: set[str] = set()
        self.reject: dict[str, str] = {}
        self.posts: list[tuple[str, Any]] = []
        self.review: dict[str, Any] | None = None
        self.review_problem: dict[str, Any] | None = None
        self.undo_until: str | None = iso(1)
        self.subscriptions: list[dict[str, Any]] = []
        self.test_message: dict[str, Any] = {"state": "queued", "reached_on": []}
        self.version = "1.0.0+one"
        self.lost_files: set[str] = set()
        self.log: list[str] = []
        self.signed_off = False
        self.hold: set[str] = set()
        self.closing = threading.Event()

    def step_of(self, sid: str) -> dict[str, Any]:
        return next(s for r in self.runs for s in r["steps"] if s["id"] == sid)

    def apply(self, command: dict[str, Any]) -> dict[str, Any]:
        if words := self.reject.get(command["step_run"]):
            return {"id": command["id"], "status": "rejected", "code": "refused", "detail": words}
        if command["step_run"] in self.hold:
            words = "The owner decides; your proof is kept."
            return {"id": command["id"], "status": "held", "code": "not_on_chain", "detail": words}
        again = command["id"] in {c["id"] for c in self.received}
        if not again:
            self.received.append(command)
        found, proof = self.step_of(command["step_run"]), command.get("proof") or {}
        if command["kind"] == "complete_step":
            found["state"] = "claimed" if "sha256" in proof else "done"
            if "sha256" in proof:
                self.wanted.setdefault(proof["sha256"], found["id"])
        elif command["kind"] == "not_applicable":
            found["state"] = "skipped"
        elif command["kind"] == "cannot_do":
            found.update(mine=False, level=1, holder=FAY)
        now = {key: found[key] for key in ("id", "state", "attempt")}
        return {"id": command["id"], "status": "applied", "code": None, "detail": None} | {
            "step_run": now
        }

    def __enter__(self) -> Self:
        handler = type("Handler", (self.answers,), {"fake": self})
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.http.daemon_threads = True
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.http.shutdown()
        self.http.server_close()
        self.thread.join(5)
