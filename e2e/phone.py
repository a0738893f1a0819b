"""One person's browser: its pages, the messages that reach it, and what is pressed on them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Page, Worker, expect

from tests.push_service import Message, RemotePushService, Subscription
from tests.stack import until

PATIENCE_MS = 30_000
SIZE: Any = {"width": 390, "height": 844}
PERMISSIONS = ["camera", "notifications"]

# A real subscription needs the browser maker's push service; this one leads to ours.
SUBSCRIBE_HERE = """(() => {
  if (!self.PushManager) return;
  const given = %s;
  const subscription = { endpoint: given.endpoint, options: {}, toJSON: () => given };
  PushManager.prototype.subscribe = async () => {
    localStorage.setItem("subscribed", "yes");
    return subscription;
  };
  PushManager.prototype.getSubscription = async () =>
    localStorage.getItem("subscribed") ? subscription : null;
})();"""
# Chromium forgets a notification that it is about to show when the list is asked for just then:
# what it keeps and does not see on the screen yet, it takes for gone. So the two take turns.
TAKE_TURNS = """() => {
  if (self.turn) return;
  self.turn = Promise.resolve();
  for (const name of ["showNotification", "getNotifications"]) {
    const real = self.registration[name].bind(self.registration);
    self.registration[name] = (...given) => {
      const done = self.turn.then(() => real(...given));
      self.turn = done.catch(() => undefined);
      return done;
    };
  }
}"""
SHOWN = """async () => {
  const shown = await self.registration.getNotifications();
  return shown.map(({ title, body, tag, actions, data }) =>
    ({ title, body, tag, data, actions: actions.map((a) => a.title) }));
}"""
CONTROLLED = """async () => {
  await navigator.serviceWorker.ready;
  if (navigator.serviceWorker.controller) return;
  await new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done));
}"""
# A page opens only from a real press: what would open is written down instead.
REMEMBER_OPENED = """() => {
  self.opened = self.opened || [];
  self.clients.openWindow = async (url) => { self.opened.push(url); return null; };
}"""
PRESS = """async ([tag, action]) => {
  const shown = await self.registration.getNotifications();
  const notification = shown.find((each) => each.tag === tag);
  const event = new NotificationEvent("notificationclick", { notification, action });
  self.dispatchEvent(event); // its waitUntil refuses an event that no browser sent
}"""


@dataclass(frozen=True)
class Notification:
    """A message as the browser shows it."""

    title: str
    body: str
    tag: str
    actions: list[str]
    data: Any


@dataclass
class Phone:
    """A browser in which one person is signed in. `answered` counts the pushes taken so far."""

    name: str
    context: BrowserContext
    page: Page
    pushes: RemotePushService
    origin: str
    subscription: Subscription | None = None
    answered: int = 0
    _registrations: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """The page, at this path."""
        self.page.goto(path)
        return self.page

    def api(self, path: str) -> Any:
        """What the API answers this person."""
        answer = self.context.request.get(f"/api/v1/{path}")
        assert answer.ok, (path, answer.status, answer.text())
        return answer.json()

    def is_ready(self) -> None:
        """Waits until the service worker is in charge of the page."""
        self.page.evaluate(CONTROLLED)

    def take_messages(self) -> None:
        """Presses the button that lets this browser be told things, and takes the test message."""
        self.subscription = self.pushes.subscribe()
        keys = {"p256dh": self.subscription.p256dh, "auth": self.subscription.auth}
        given = {"endpoint": self.subscription.endpoint, "keys": keys}
        self.context.add_init_script(SUBSCRIBE_HERE % json.dumps(given))
        page = self.open("/today")
        page.get_by_role("button", name="Tell me when something becomes mine").click()
        expect(page.locator("#app")).to_contain_text("This device is told")
        push = self.next_push()
        assert push["kind"] == "test"

    def messages(self) -> list[Message]:
        """Every push that was accepted for this browser."""
        token = self.subscription.token if self.subscription else None
        return [m for m in self.pushes.ledger.messages() if m.accepted and m.subscription == token]

    def next_push(self) -> dict[str, Any]:
        """The content of the next push, as soon as the worker has sent it."""
        until(lambda: len(self.messages()) > self.answered, f"{self.name} gets a push")
        self.answered += 1
        content: dict[str, Any] = self.messages()[self.answered - 1].payload
        return content

    def notified(self) -> tuple[dict[str, Any], Notification]:
        """Takes the next push into the service worker: what came, and what is shown."""
        push = self.next_push()
        return push, self.deliver(push)

    def deliver(self, push: dict[str, Any]) -> Notification:
        """Hands a push to the service worker, as the browser would: what it shows."""
        self._worker().evaluate(TAKE_TURNS)
        cdp = self.context.new_cdp_session(self.page)
        cdp.on("ServiceWorker.workerRegistrationUpdated", self._note_registrations)
        cdp.send("ServiceWorker.enable")
        until(lambda: self._looks_around() and self._registrations, "a service worker is there")
        to = {"origin": self.origin, "registrationId": self._registrations[-1]}
        cdp.send("ServiceWorker.deliverPushMessage", to | {"data": json.dumps(push)})
        cdp.detach()
        return self._shows(lambda each: bool(each.data.get("id") == push["id"]), push["title"])

    def shows(self, title: str) -> Notification:
        """The notification with this title, as soon as it is shown."""
        return self._shows(lambda each: each.title == title, title)

    def _shows(self, wanted: Callable[[Notification], bool], what: str) -> Notification:
        found: list[Notification] = []

        def look() -> list[Notification]:
            found.extend(each for each in self.shown() if wanted(each))
            return found

        until(look, f"{what!r} is shown")
        return found[0]

    def shown(self) -> list[Notification]:
        """All notifications of this browser."""
        return [Notification(**each) for each in self._worker().evaluate(SHOWN)]

    def press(self, notification: Notification, action: str = "") -> None:
        """Presses the notification, or one of its buttons."""
        self._worker().evaluate(REMEMBER_OPENED)
        self._worker().evaluate(PRESS, [notification.tag, action])

    def opened(self) -> str:
        """The address that the last press leads to."""
        until(lambda: self._worker().evaluate("() => self.opened?.length"), "a page is opened")
        return str(self._worker().evaluate("() => self.opened.pop()"))

    def _worker(self) -> Worker:
        return self.context.service_workers[-1]

    def _note_registrations(self, event: dict[str, Any]) -> None:
        gone = {each["registrationId"] for each in event["registrations"] if each["isDeleted"]}
        here = {each["registrationId"] for each in event["registrations"]} - gone
        self._registrations = [each for each in self._registrations if each not in gone]
        self._registrations += sorted(here - set(self._registrations))

    def _looks_around(self) -> bool:
        """Lets the events of the browser come in."""
        self.page.evaluate("() => 0")
        return True
