"""The phones: what came to them, what they show, and the receipts that they give."""

from dataclasses import dataclass

from tests.crash.faults.hands import Line, Promises
from tests.crash.faults.plan import Phone
from tests.crash.faults.world import World
from tests.push_service import Message, RemotePushService


@dataclass(frozen=True)
class Arrival:
    """One push as the push service of a phone saw it."""

    who: str
    phone: Phone
    message: Message

    @property
    def is_taken(self) -> bool:
        """Whether the sender was told so, or heard it from the device itself."""
        return self.message.accepted or (self.is_shown and self.phone.nature == "good")

    @property
    def is_shown(self) -> bool:
        """Whether the device got it; a cut connection may have been cut after that."""
        taken = self.message.accepted or self.message.status == 0
        return taken and not self.message.dropped and self.phone.can_show


class Pockets:
    """All phones of one run. `arrivals` are in order."""

    def __init__(
        self, world: World, pushes: RemotePushService, port: int, promises: Promises, place: int
    ) -> None:
        self._owners = {
            taken.token: (who, phone)
            for who, member in world.members.items()
            for phone, taken in member.phones.values()
        }
        self._lines = {who: Line(port, member.token) for who, member in world.members.items()}
        self._pushes = pushes
        self._promises = promises
        self._waiting: list[Arrival] = []
        self.place = place
        self.arrivals: list[Arrival] = []

    def look(self) -> None:
        """Takes in what came, and gives the receipts that a service worker gives."""
        came, self.place = self._pushes.ledger.since(self.place)
        for message in came:
            if message.subscription not in self._owners:
                continue
            arrival = Arrival(*self._owners[message.subscription], message)
            self.arrivals.append(arrival)
            if arrival.is_shown and arrival.phone.nature == "good":
                self._waiting.append(arrival)
        self._waiting = [each for each in self._waiting if not self._acknowledge(each)]

    def _acknowledge(self, arrival: Arrival) -> bool:
        said = {
            "message": arrival.message.payload["id"],
            "device": arrival.phone.name,
            "event": "reached",
        }
        answer = self._lines[arrival.who].ask("POST", "/receipts", said)
        if answer and answer[0] == 204:
            self._promises.receipts.add((said["message"], said["device"]))
        return answer is not None
