"""A day at the daycare with a paired tablet on its wall."""

from itertools import count
from typing import Any

import pytest
from apiflask import APIFlask
from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.conftest import FixedClock
from tests.factories import Crew, crew_of_a_daycare
from tests.kiosks import PIN, paired, sealed, turn_ids, with_pin  # noqa: F401
from tests.views.api_day import NOTES, ApiDay
from webapp.models import Kiosk, Location

batches = (f"kiosk-batch-{number}" for number in count(1))


class Tablet:
    """The browser of one paired tablet."""

    def __init__(self, day: "KioskDay", kiosk: Kiosk, token: str) -> None:
        self.day, self.kiosk_id, self.device, self.token = day, kiosk.id, kiosk.device_id, token
        self.client: FlaskClient = day.app.test_client()
        self.client.set_cookie("baton-kiosk", token)
        self.client.environ_base["HTTP_BATON_KIOSK"] = "1"
        self.client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"

    def board(self) -> TestResponse:
        return self.client.get("/api/v1/kiosk")

    def turn(self, who: str, pin: str = PIN, **more: Any) -> dict[str, Any]:
        """A turn as the tablet tells of it."""
        person, turn = self.day.crew.people[who], more.pop("turn", None) or next(turn_ids)
        told = {
            "turn": turn,
            "person": person.id,
            "started_at": self.day.clock.now().isoformat(),
            "sealed": self.day.sealed(person, turn, pin),
        }
        return told | more

    def begins(self, who: str, pin: str = PIN, **more: Any) -> TestResponse:
        """Somebody types a PIN while there is a connection."""
        return self.client.post("/api/v1/kiosk/turns", json=self.turn(who, pin, **more))

    def verified(self, who: str) -> str:
        """The id of a turn whose PIN was right."""
        answer = self.begins(who)
        assert answer.status_code == 200, answer.json
        return answer.json["turn"]

    def command(self, turn: str, position: int = 1, **more: Any) -> dict[str, Any]:
        return self.day.command(position, **({"turn": turn} | more))

    def sync(self, *commands: Any, turns: Any = (), **more: Any) -> TestResponse:
        batch = {
            "batch": next(batches),
            "device": self.device,
            "sent_at": self.day.clock.now().isoformat(),
            "turns": list(turns),
            "commands": list(commands),
        }
        return self.client.post("/api/v1/kiosk/sync", json=batch | more)


class KioskDay(ApiDay):
    """Monday at the daycare, where Ana and Ben have PINs and a tablet hangs in the kitchen."""

    def __init__(
        self,
        app: APIFlask,
        session: Session,
        clock: FixedClock,
        crew: Crew,
        sealed: Any,  # noqa: F811
        **process: Any,
    ) -> None:
        super().__init__(app, session, clock, crew, **process)
        self.app, self.sealed = app, sealed
        with_pin(session, crew.ana, crew.ben)
        self.tablet = self.another_tablet(name="Kitchen tablet")

    def another_tablet(self, *, location: Location | None = None, **more: Any) -> Tablet:
        now = self.clock.now()
        return Tablet(self, *paired(self.session, self.crew, now, location=location, **more))


@pytest.fixture
def monday(stored, clock, sealed):  # noqa: F811
    """A day on each kind of database in turn."""
    app: APIFlask = current_app._get_current_object()
    crew = crew_of_a_daycare(stored, clock.now())
    return KioskDay(app, stored, clock, crew, sealed, steps=NOTES)


@pytest.fixture
def kiosk_day(app, session, clock, crew, sealed):  # noqa: F811
    """A day whose process is as the test wishes."""
    return lambda **process: KioskDay(app, session, clock, crew, sealed, **process)
