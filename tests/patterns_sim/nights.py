"""The look of each night: what appears, stays and goes, as the service keeps it."""

from collections import Counter
from collections.abc import Iterator

from tests.patterns_sim.world import PLACES, Fault, World
from webapp.rules.patterns import KEEP, LEVEL, Found, of_devices, of_process

# A step that fails may be told as what it is: that a fix did not hold, or who then does it.
TOLD_AS = {"repeated": ("repeated", "fix_failed", "by_another")}


class Nights:
    """What stands in an organisation, night after night."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.standing: dict[str, Found] = {}
        self.appeared: Counter[str] = Counter()
        self.last: dict[str, list[Found]] = {}

    def pass_one(self) -> list[Found]:
        """Let a day pass and look; return what is new."""
        self.world.live()
        found = {each.subject: each for each in self._looked()}
        kept = {k: v for k, v in found.items() if not v.is_over and v.chance <= self._least(k)}
        new = [each for key, each in kept.items() if key not in self.standing]
        self.standing = kept
        self.appeared.update(each.kind for each in new)
        return new

    def _least(self, key: str) -> float:
        return KEEP if key in self.standing else LEVEL

    def _looked(self) -> Iterator[Found]:
        """A process is looked at again after a day on which it ran."""
        world = self.world
        for each in world.processes:
            if (world.day.weekday() - 1) % 7 in each.days:
                self.last[each.key] = of_process(
                    each.key, each.window(), each.notes, world.scope, leaves_proof=True
                )
            yield from self.last.get(each.key, [])
        yield from of_devices(world.dark, world.scope)


def months(seed: int, count: int) -> Counter[str]:
    """Return what appears in so many months of a healthy organisation."""
    nights = Nights(World(seed))
    for _ in range(count * 30):
        nights.pass_one()
    return nights.appeared


def until_found(seed: int, kind: str, fault: Fault, *, clean: int, most: int) -> int | None:
    """Return after how many runs with the fault it shows, begun after so many clean days."""
    world = World(seed)
    nights = Nights(world)
    for _ in range(clean):
        nights.pass_one()
    world.fault, world.runs_since = fault, -1
    while world.runs_since < most:
        for each in nights.pass_one():
            if each.kind in TOLD_AS.get(kind, (kind,)) and each.place in ("", PLACES[0]):
                return world.runs_since + 1
    return None


def until_dark(seed: int, share: float, *, clean: int, most: int) -> int | None:
    """Return after how many days it shows that one person's phone is dark on such a share."""
    world = World(seed)
    nights = Nights(world)
    for _ in range(clean):
        nights.pass_one()
    world.dark_share = share
    for day in range(1, most + 1):
        if any(each.person == world.people[0] for each in nights.pass_one()):
            return day
    return None
