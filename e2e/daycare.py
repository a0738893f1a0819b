"""An organisation of one test, set up through the product itself, on a morning of its own."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, BrowserType, StorageState
from sqlalchemy import select

from e2e.phone import PATIENCE_MS, PERMISSIONS, SIZE, Phone
from tests.chromium import ARGS, CHROMIUM
from tests.push_service import RemotePushService
from tests.stack import Stack, until
from webapp.models import Organisation, OutboxMessage, Process, Run, StepRun

PASSWORD = "correct horse battery"
HEADERS = {"Baton-Client": "1"}
# A quarter to seven in Chicago, in winter: the opening check is open and due at 07:15.
FIRST_MORNING = datetime(2026, 11, 24, 12, 45, tzinfo=UTC)
_numbers = count(0)

CHAIN = "[{assignee: Ana}, {backup: Ben}, {fallback: Fay, after: 20m}, {owner: true, after: 30m}]"
PHOTO = "{title: Front room ready, proof: photo}"
NUMBER = (
    '{title: Fridge temperature, proof: number, unit: "°F", min: 33, max: 41, '
    "if_outside: Move the food and call the repair line}"
)
NOTE = "{title: Gate checked, proof: note}"
TIMED = "{title: Doors walked, proof: timed}"


@dataclass
class Daycare:
    """Olivia owns it; Ana, Ben and Fay work at Downtown. People join when they are first asked for.

    Its process runs only on the test's own morning, so that it is quiet when others move the clock.
    """

    stack: Stack
    browser: Browser
    pushes: RemotePushService
    number: int = field(default_factory=lambda: next(_numbers))
    people: dict[str, Phone] = field(default_factory=dict)
    owner_link: str = ""

    def __post_init__(self) -> None:
        self.name = f"Sunflower {self.number}"
        self.mail = f"sunflower{self.number}.example"
        self.morning = FIRST_MORNING + timedelta(days=self.number)

    def begin(self) -> str:
        """Makes the organisation; the owner's invitation link."""
        self.stack.clock.set(self.morning)
        place = ("--location", "Downtown", "--time-zone", "America/Chicago")
        owner = ("--owner", self.mail_of("Olivia"), "--name", "Olivia")
        made = self.stack.cli("init", "--organisation", self.name, *owner, *place)
        self.owner_link = made.strip()
        return self.owner_link

    def define(self, *steps: str, review: str = "photos") -> str:
        """Defines the opening check with `baton apply`; what the command said."""
        lines = "\n".join(f"      - {step}" for step in steps)
        staff = "\n".join(
            f"  - {{name: {who}, email: {self.mail_of(who)}, locations: [Downtown]}}"
            for who in ("Ana", "Ben", "Fay")
        )
        text = f"""
people:
{staff}
processes:
  - name: Opening check
    locations: [Downtown]
    cadence: FREQ=YEARLY;BYMONTH={self.morning.month};BYMONTHDAY={self.morning.day}
    opens: "06:30"
    deadline: "07:15"
    grace: 5m
    chain: {CHAIN}
    review: {review}
    steps:
{lines}
"""
        said = self.stack.cli("apply", "-", "--organisation", self.name, stdin=text)
        until(lambda: self.run().state == "open", "the opening check opens")
        return said

    def phone(self, name: str) -> Phone:
        """This person's browser, signed in; opened when it is first asked for."""
        if name not in self.people:
            self.people[name] = self._phone(name, self._context())
            self._join(self.people[name], self._invitation(name))
        return self.people[name]

    def stranger(self, name: str) -> Phone:
        """A browser in which nobody is signed in yet."""
        self.people[name] = self._phone(name, self._context())
        return self.people[name]

    def own_phone(self, name: str, engine: BrowserType, directory: Path, **more: Any) -> Phone:
        """A browser that keeps its storage when it is closed; nobody is signed in at first."""
        context = engine.launch_persistent_context(
            directory,
            executable_path=CHROMIUM,
            args=ARGS,
            headless=True,
            viewport=SIZE,
            base_url=self.stack.url,
            permissions=PERMISSIONS,
            **more,
        )
        return self._phone(name, context)

    def mail_of(self, name: str) -> str:
        """The address that this person signs in with."""
        return f"{name.lower()}@{self.mail}"

    def lets_in(self, phone: Phone) -> None:
        """Signs the person of this browser in by a new invitation."""
        self._join(phone, self._invitation(phone.name))

    def run(self) -> Run:
        """The morning's run, as the database has it."""
        with self.stack.database() as session:
            query = select(Run).join(Run.process).join(Organisation, Organisation.id == Run.org_id)
            here = query.where(Organisation.name == self.name, Process.name == "Opening check")
            return session.scalars(here.order_by(Run.deadline_at)).unique().first() or Run(state="")

    def step(self, title: str) -> StepRun:
        """A step of the morning's run, as the database has it."""
        with self.stack.database() as session:
            query = select(StepRun).where(StepRun.run_id == self.run().id, StepRun.title == title)
            return session.scalars(query).unique().one()

    def until_step(self, title: str, state: str) -> StepRun:
        """The step as soon as it is in this state."""
        until(lambda: self.step(title).state == state, f"{title!r} is {state}")
        return self.step(title)

    def advance(self, **by: float) -> None:
        """Moves the clock and waits until the engine has done what is due, and the worker too."""
        self.stack.clock.advance(timedelta(**by))
        self.stack.wait_until_ready("clock")
        self.until_all_is_sent()

    def until_all_is_sent(self) -> None:
        """Waits until nothing is left in this organisation's outbox."""
        until(lambda: not self._unsent(), "every message is sent")

    def nobody_else_was_told(self) -> None:
        """Fails on a push to anybody here that the test did not expect."""
        self.until_all_is_sent()
        unexpected = {
            phone.name: [message.payload for message in phone.messages()[phone.answered :]]
            for phone in self.people.values()
            if len(phone.messages()) > phone.answered
        }
        assert not unexpected, unexpected
        assert not self.pushes.ledger.violations()

    def close(self) -> None:
        """Closes every browser."""
        for phone in self.people.values():
            phone.context.close()

    def _unsent(self) -> int:
        with self.stack.database() as session:
            query = (
                select(OutboxMessage.id)
                .join(Organisation, Organisation.id == OutboxMessage.org_id)
                .where(Organisation.name == self.name, OutboxMessage.settled_at.is_(None))
            )
            return len(session.scalars(query).all())

    def another_phone(self, name: str) -> Phone:
        """A second browser of this person, signed in too; who asked for it closes it."""
        return self._phone(name, self._context(self.phone(name).context.storage_state()))

    def _context(self, storage: StorageState | None = None) -> BrowserContext:
        return self.browser.new_context(
            base_url=self.stack.url,
            viewport=SIZE,
            permissions=PERMISSIONS,
            storage_state=storage,
        )

    def _phone(self, name: str, context: BrowserContext) -> Phone:
        context.set_default_timeout(PATIENCE_MS)
        page = context.pages[0] if context.pages else context.new_page()
        return Phone(name, context, page, self.pushes, self.stack.url)

    def _join(self, phone: Phone, link: str) -> None:
        secret = link.partition("#")[2]
        form: dict[str, str | float | bool] = {"secret": secret, "password": PASSWORD}
        answer = phone.context.request.post("/join", form=form, max_redirects=0)
        assert answer.status == 303, (answer.status, answer.text())

    def _invitation(self, name: str) -> str:
        """A link for this person, made by the owner as the page of people makes it."""
        if name == "Olivia":
            return self.owner_link
        asking = self.phone("Olivia").context.request
        people = self.phone("Olivia").api("people")["people"]
        [person] = [each["id"] for each in people if each["name"] == name]
        answer = asking.post(f"/api/v1/people/{person}/invitations", headers=HEADERS)
        return str(answer.json()["link"])
