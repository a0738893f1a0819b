"""A day at the daycare with phones that take push, and the job that sends to them."""

from collections.abc import Callable, Iterator

import pytest
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.day import Day
from tests.factories import Crew, crew_of_a_daycare
from tests.push_service import PushService, Subscription
from webapp.models import OutboxMessage
from webapp.services import subscriptions
from worker import deliver
from worker.channels import close_channels

# An hour after MONDAY the run has opened; deadline and grace end another 50 minutes later.
UNTIL_MISSED = {"minutes": 50}


class Post(Day):
    """A day whose people can be reached; `delivers` is what the RQ job does."""

    def __init__(
        self, session: Session, clock: FixedClock, crew: Crew, service: PushService, **process
    ) -> None:
        super().__init__(session, clock, crew, **process)
        self.service = service

    def has_phone(
        self, who: str, device: str | None = None, service: PushService | None = None
    ) -> Subscription:
        """Subscribes a phone of this person's."""
        taken = (service or self.service).subscribe()
        subscriptions.subscribe(
            self.session,
            self.crew.people[who],
            device or f"push-phone-of-{who}",
            taken.endpoint,
            taken.p256dh,
            taken.auth,
            self.clock.now(),
            insecure=True,
        )
        self.session.commit()
        return taken

    def delivers(self) -> int:
        """Runs the job as a worker would, in a context of its own."""
        self.session.commit()
        with current_app._get_current_object().app_context():
            handled = deliver.drain()
        self.session.expire_all()
        return handled

    def rows(self) -> list[OutboxMessage]:
        """The outbox, oldest first."""
        self.session.rollback()
        query = select(OutboxMessage).order_by(OutboxMessage.created_at, OutboxMessage.id)
        return list(self.session.scalars(query))

    def outcomes(self) -> list[str | None]:
        """What became of each message; None while it waits."""
        found = [row.outcome for row in self.rows()]
        self.session.rollback()
        return found


@pytest.fixture
def post(
    stored: Session, clock: FixedClock, push_service: PushService
) -> Iterator[Callable[..., Post]]:
    """Opens a day; afterwards the test fails on a push that it did not look at."""
    crew = crew_of_a_daycare(stored, clock.now())
    yield lambda **process: Post(stored, clock, crew, push_service, **process)
    close_channels()
