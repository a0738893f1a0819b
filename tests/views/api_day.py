"""A day whose people use the API, each from a browser of their own."""

import hashlib
from itertools import count
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.conftest import FixedClock
from tests.day import Day, photo_proof
from tests.factories import Crew, proof, signed_in

ids = (f"api-command-{number}" for number in count(1))
NOTES = tuple((f"Step {number}", proof("note")) for number in (1, 2, 3))


class ApiDay(Day):
    """Monday at the daycare, seen through the API."""

    def __init__(
        self, app: APIFlask, session: Session, clock: FixedClock, crew: Crew, **process: Any
    ) -> None:
        super().__init__(session, clock, crew, **process)
        self._app = app
        self._browsers: dict[str, FlaskClient] = {}

    def browser(self, who: str) -> FlaskClient:
        """The signed-in browser of this person."""
        if who not in self._browsers:
            person = self.crew.people[who]
            self._browsers[who] = signed_in(self._app, self.session, person, self.clock.now())
        return self._browsers[who]

    def signs_in_again(self, who: str) -> None:
        """From now on this person uses another browser."""
        self._browsers.pop(who, None)

    def command(self, position: int = 1, text: str = "Done.", **more: Any) -> dict[str, Any]:
        """A command that closes the step at this position with a note, unless told otherwise."""
        step = self.step.run.step_runs[position - 1]
        return {
            "id": next(ids),
            "seq": 1,
            "kind": "complete_step",
            "step_run": step.id,
            "attempt": step.attempt,
            "captured_at": self.clock.now().isoformat(),
            "skew_ms": 0,
            "proof": {"kind": "note", "text": text},
        } | more

    def sync(
        self, who: str, *commands: Any, user_agent: str | None = None, **more: Any
    ) -> TestResponse:
        """Brings a batch, by a browser that says no more of itself than it is told to."""
        batch = {
            "batch": "batch-1",
            "device": f"phone-of-{who}",
            "sent_at": self.clock.now().isoformat(),
            "commands": list(commands),
        }
        said = {"User-Agent": user_agent} if user_agent else {}
        return self.browser(who).post("/api/v1/sync", json=batch | more, headers=said)

    def announces(self, who: str, content: bytes, **more: Any) -> dict[str, Any]:
        """Brings a photo's command, whose bytes are still to come; its receipt."""
        sent = self.sync(who, self.command(proof=photo_proof(content), **more))
        return sent.json["results"][0]

    def put(
        self,
        who: str,
        content: bytes,
        *,
        part: slice = slice(None),
        sha256: str | None = None,
        **headers: str,
    ) -> TestResponse:
        """Uploads a part of the content."""
        address = f"/api/v1/blobs/{sha256 or hashlib.sha256(content).hexdigest()}"
        told = {"Upload-Offset": str(part.start or 0), "Upload-Length": str(len(content))}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.browser(who).put(address, data=content[part], headers=told)


@pytest.fixture
def api_day(app: APIFlask, session: Session, clock: FixedClock, crew: Crew):
    return lambda **process: ApiDay(app, session, clock, crew, **process)
